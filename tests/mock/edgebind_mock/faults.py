"""Faults: what a test asks for instead of, or on top of, the proper answer. A rule waits in the list
until a request for its operation comes; then its fault is played and counted down."""

from __future__ import annotations

import asyncio
import base64
import json
import socket
import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import web

from edgebind_mock import answer as answers
from edgebind_mock.answer import Answer, json_bytes, request_id
from edgebind_mock.documents import Match, Style
from edgebind_mock.journal import Entry

if TYPE_CHECKING:
    from edgebind_mock.call import Call
    from edgebind_mock.provider import Provider

KINDS: dict[str, str] = {
    "status": "answer with this status, in the provider's error shape unless there is a body",
    "code": "the provider's error code in that shape",
    "headers": "headers of the answer, as an object",
    "body": "body of the answer: a text is sent as it is, anything else as JSON",
    "body_base64": "body of the answer, as Base64",
    "delay_ms": "wait before the answer",
    "reset": "TCP reset: headers (body unread), before (the answer), after_headers, mid_body",
    "close": "orderly close: before (the answer), after_headers, mid_body",
    "chunked_cut": "true: a chunked answer that ends without its last chunk",
    "raw_base64": "these bytes instead of an answer, then an orderly close",
    "drip_ms": "send the answer slowly: a pause after every `bytes` bytes",
    "bytes": "how many bytes drip at once; 1 when absent",
    "stale": "answer, stay open, and die: true when the next request arrives, idle right away",
    "patch": "JSON merge patch for the success answer, where null sets null; absent members stay",
    "wrong_type": "true: the first text or number of the success answer becomes an object",
    "execute": "whether the call changes the state although its answer is replaced",
    "example": "true: the documented success example, word for word",
    "early": "true: answer before the body is read",
}
PLACES = {
    "reset": ("headers", "before", "after_headers", "mid_body"),
    "close": ("before", "after_headers", "mid_body"),
}
_TYPES: dict[str, tuple[type, ...]] = {
    "status": (int,),
    "code": (str,),
    "headers": (dict,),
    "body_base64": (str,),
    "raw_base64": (str,),
    "delay_ms": (int,),
    "drip_ms": (int, float),
    "bytes": (int,),
    "stale": (bool, str),
}


@dataclass(frozen=True)
class Fault:
    shown: dict[str, Any]  # as it was asked for

    @classmethod
    def of(cls, raw: Any) -> Fault:
        """Checked, so that a test's misspelling is an error and not a fault that never plays."""
        if not isinstance(raw, dict) or not raw:
            raise ValueError("a fault is an object with at least one member")
        for name, value in raw.items():
            if name not in KINDS:
                raise ValueError(f"no fault {name!r}; there are {', '.join(KINDS)}")
            if name in PLACES and value not in PLACES[name]:
                raise ValueError(f"{name} is one of {', '.join(PLACES[name])}")
            if name in _TYPES and type(value) not in _TYPES[name]:
                raise ValueError(f"{name} is a {_TYPES[name][0].__name__}")
            if name in ("chunked_cut", "wrong_type", "execute", "example", "early"):
                if not isinstance(value, bool):
                    raise ValueError(f"{name} is true or false")
            if name.endswith("_base64"):
                base64.b64decode(value, validate=True)
        return cls(raw)

    def get(self, name: str) -> Any:
        return self.shown.get(name)

    @property
    def is_early(self) -> bool:
        return bool(self.get("early")) or self.get("reset") == "headers"

    @property
    def replaces(self) -> bool:
        return any(name in self.shown for name in ("status", "body", "body_base64"))

    @property
    def executes(self) -> bool:
        """Without being told, a call runs exactly when its own answer is needed."""
        if self.get("execute") is not None:
            return bool(self.get("execute"))
        silent = "before" in (self.get("reset"), self.get("close")) or "raw_base64" in self.shown
        return not (self.replaces or self.get("example") or silent)


@dataclass
class Rule:
    operation: str  # an operationId or "*"
    fault: Fault
    times: int | None = 1  # None: for ever
    after: int = 0  # requests that pass first

    def to_json(self) -> dict[str, Any]:
        return {
            "operation": self.operation,
            "times": self.times,
            "after": self.after,
            "fault": self.fault.shown,
        }


@dataclass
class Faults:
    rules: list[Rule] = field(default_factory=list)

    def add(self, rule: Rule) -> None:
        self.rules.append(rule)

    def clear(self) -> None:
        self.rules.clear()

    def early(self, operation: str | None) -> Fault | None:
        """A fault that does not wait for the request's body."""
        return self._take(operation, early=True) if operation is not None else None

    def take(self, operation: str) -> Fault | None:
        return self._take(operation, early=False)

    def _take(self, operation: str, *, early: bool) -> Fault | None:
        """The first rule that is due. Every rule counts the requests of its operation by itself."""
        due: Rule | None = None
        for rule in self.rules:
            if rule.operation not in ("*", operation) or rule.fault.is_early is not early:
                continue
            if rule.after > 0:
                rule.after -= 1
            elif due is None:
                due = rule
        if due is None:
            return None
        if due.times is not None:
            due.times -= 1
            if due.times <= 0:
                self.rules.remove(due)
        return due.fault


def play(fault: Fault, call: Call, provider: Provider) -> Answer:
    """The answer that goes with the fault; how it is sent is `send`'s business."""
    real = provider.answer(call) if fault.executes else Answer()
    if fault.replaces:
        return replaced(fault, Match(call.operation, call.operation.document.style), provider.host)
    answer = provider.example(call) if fault.get("example") else real
    if answer.status < 300 and answer.body:
        if "patch" in fault.shown:
            answer.body = json_bytes(merged(json.loads(answer.body), fault.get("patch")))
        if fault.get("wrong_type"):
            value = json.loads(answer.body)
            _spoil(value)
            answer.body = json_bytes(value)
    answer.headers += _headers(fault)
    return answer


def replaced(fault: Fault, match: Match, host: str) -> Answer:
    status = int(fault.get("status") or 200)
    headers = _headers(fault)
    typed = any(name.lower() == "content-type" for name, _ in headers)
    if "body_base64" in fault.shown:
        return Answer(status, base64.b64decode(fault.get("body_base64")), headers)
    if "body" not in fault.shown:
        if status < 400:
            return Answer(status, b"", headers)
        message = f"The mock was asked to answer with status {status}."
        answer = answers.failure(match.style, status, message, fault.get("code") or "", host)
        answer.headers += headers
        return answer
    body = fault.get("body")
    if isinstance(body, str):
        return Answer(status, body.encode("utf-8", "surrogateescape"), headers)
    if not typed:
        headers.insert(0, ("Content-Type", "application/json"))
    if match.style is Style.ACS and isinstance(body, dict) and "RequestId" not in body:
        body = {**body, "RequestId": request_id()}
    return Answer(status, json_bytes(body), headers)


def merged(value: Any, patch: Any) -> Any:
    """Like a JSON merge patch, but null is a value: it has to reach the client."""
    if not (isinstance(patch, dict) and isinstance(value, dict)):
        return patch
    return value | {name: merged(value.get(name), inner) for name, inner in patch.items()}


def _spoil(value: Any) -> bool:
    """Replaces the first text or number, whole depth first, by an object."""
    places = enumerate(value) if isinstance(value, list) else list(value.items())
    for place, inner in places:
        if isinstance(inner, (dict, list)):
            if _spoil(inner):
                return True
        elif isinstance(inner, (str, int, float)) and not isinstance(inner, bool):
            value[place] = {"unexpected": True}
            return True
    return False


def _headers(fault: Fault) -> list[tuple[str, str]]:
    return [(str(name), str(value)) for name, value in (fault.get("headers") or {}).items()]


async def send(fault: Fault, answer: Answer, request: web.BaseRequest, date: str, entry: Entry) -> bool:
    """Writes the answer as the fault wants it. True: the connection serves further requests."""
    if fault.get("delay_ms"):
        await asyncio.sleep(fault.get("delay_ms") / 1000)
    transport = request.transport
    if transport is None or transport.is_closing():
        return False
    cut = fault.get("reset") or fault.get("close")
    if cut in ("headers", "before"):
        entry.status = None
        return _end(transport, fault)
    if "raw_base64" in fault.shown:
        transport.write(base64.b64decode(fault.get("raw_base64")))
        return _end(transport, fault)
    if fault.get("chunked_cut"):
        answer.headers.append(("Transfer-Encoding", "chunked"))
        half = answer.body[: len(answer.body) // 2] or b"{"
        transport.write(answers.head(answer, date, length=-1) + b"%x\r\n%b\r\n" % (len(half), half))
        return _end(transport, fault)
    bodiless = request.method == "HEAD" or answer.status in (204, 304)
    head, body = answers.head(answer, date), b"" if bodiless else answer.body
    if cut is not None:
        transport.write(head + (body[: len(body) // 2] if cut == "mid_body" else b""))
        await asyncio.sleep(0.02)
        return _end(transport, fault)
    await _drip(transport, head + body, fault)
    if fault.get("stale") == "idle":
        await asyncio.sleep(0.02)
        return _end(transport, fault)
    if fault.get("stale"):
        request.protocol.stale = True  # type: ignore[attr-defined]
    return not answer.close


async def _drip(transport: asyncio.WriteTransport, data: bytes, fault: Fault) -> None:
    if not fault.get("drip_ms"):
        transport.write(data)
        return
    size = max(1, fault.get("bytes") or 1)
    for start in range(0, len(data), size):
        if transport.is_closing():
            return
        transport.write(data[start : start + size])
        await asyncio.sleep(fault.get("drip_ms") / 1000)


def _end(transport: asyncio.Transport, fault: Fault) -> bool:
    if fault.get("reset"):
        connection = transport.get_extra_info("socket")
        if connection is not None:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    else:
        transport.close()
    return False
