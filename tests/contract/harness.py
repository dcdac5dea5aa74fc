"""The two programs a contract test stands between: the mock provider, and the C program that makes the calls
(invoke.c). Both are subprocesses; both end with the pipe that holds them."""

from __future__ import annotations

import http.client
import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import spec
from edgebind_mock import access

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(os.environ.get("EDGEBIND_CONTRACT_INVOKE", ROOT / "build/san/bin/contract-invoke"))
ANSWER_WITHIN_S = 60.0
SECRETS = {
    "Edgegap's token": access.EDGEGAP_TOKEN,
    "the access key secret": access.ACCESS_KEY_SECRET,
    "the temporary access key secret": access.STS_ACCESS_KEY_SECRET,
    "the security token": access.STS_SECURITY_TOKEN,
    "a registry password": "example-registry-password",
    "a storage key": "example-secret-access-key",
    "a variable's value": "example-backend-key",
}
TOKEN = {"token": access.EDGEGAP_TOKEN}
KEY = {"key_id": access.ACCESS_KEY_ID, "key_secret": access.ACCESS_KEY_SECRET}
STS = {
    "key_id": access.STS_ACCESS_KEY_ID,
    "key_secret": access.STS_ACCESS_KEY_SECRET,
    "security_token": access.STS_SECURITY_TOKEN,
}
CREDENTIALS: dict[str, dict[str, Any]] = {
    "edgegap": TOKEN,
    "esa": KEY,
    "dcdn": KEY,
    "sae": KEY,
    "oss": {"no_credentials": True},
}


def environment() -> dict[str, str]:
    """Without credentials or proxies of whoever runs the tests; every sanitizer finding is fatal."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("ALIBABA_", "EDGEGAP_", "EDGEBIND_MOCK_"))}
    kept = {k: v for k, v in kept.items() if not k.lower().endswith("_proxy")}
    return kept | {
        "ASAN_OPTIONS": "detect_leaks=1:detect_stack_use_after_return=1:strict_string_checks=1",
        "UBSAN_OPTIONS": "print_stacktrace=1",
    }


def same(a: Any, b: Any) -> bool:
    """The same JSON: true is not 1, and the order of members counts where it carries meaning (it never does here)."""
    return canonical(a) == canonical(b)


def canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def compact(value: Any) -> str:
    """JSON as the library writes it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


class Answer(Mapping[str, Any]):
    """What a call came to: the members of an eb_response as attributes."""

    def __init__(self, order: dict[str, Any], raw: dict[str, Any], took_s: float) -> None:
        self.order = order
        self.raw = raw
        self.took_s = took_s

    def __getattr__(self, name: str) -> Any:
        try:
            return self.raw[name]
        except KeyError:
            raise AttributeError(f"the answer has no {name}: {self!r}") from None

    def __getitem__(self, name: str) -> Any:
        return self.raw[name]

    def __iter__(self) -> Any:
        return iter(self.raw)

    def __len__(self) -> int:
        return len(self.raw)

    def header(self, name: str) -> str | None:
        return next((v for k, v in self.headers if k.lower() == name.lower()), None)

    def tried(self, name: str) -> list[Any]:
        return [attempt[name] for attempt in self.attempts]

    def __repr__(self) -> str:
        left_out = ("headers", "body", "report", "log")
        shown = {k: v for k, v in self.raw.items() if k not in left_out and v not in ("", None, [])}
        order = {k: v for k, v in self.order.items() if k != "options"}
        body = self.raw.get("body", "")[:600]
        return f"\n  order  {json.dumps(order)}\n  answer {json.dumps(shown)}\n  body   {body!r}"


class Mock:
    """The mock provider, and its control paths."""

    def __init__(self, *arguments: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "edgebind_mock", "--until-eof", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self._process.stdout is not None
        ready, _, _ = select.select([self._process.stdout], [], [], 30)
        line = self._process.stdout.readline() if ready else b""
        if not line:
            self.stop()
            raise RuntimeError("the mock did not start")
        self.url: str = json.loads(line)["url"]
        self._wire: http.client.HTTPConnection | None = None

    def stop(self) -> None:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(10)
        self._process.stdout.close()

    def _connect(self) -> http.client.HTTPConnection:
        host = urlsplit(self.url).netloc
        if self.url.startswith("https:"):
            import ssl

            return http.client.HTTPSConnection(host, timeout=20, context=ssl._create_unverified_context())
        return http.client.HTTPConnection(host, timeout=20)

    def control(self, method: str, path: str, value: Any = None) -> Any:
        body = json.dumps(value).encode() if value is not None else None
        for last in (False, True):
            try:
                self._wire = self._wire or self._connect()
                self._wire.request(method, f"/_mock/{path}", body=body)
                reply = self._wire.getresponse()
                data = reply.read()
                break
            except (http.client.HTTPException, ConnectionError):
                self._wire = None
                if last:
                    raise
        assert reply.status == 200, f"{method} /_mock/{path}: {reply.status} {data.decode()}"
        return json.loads(data)

    def reset(self) -> None:
        self.control("POST", "reset")

    def fault(self, operation: str, fault: dict[str, Any] | None = None, **more: Any) -> None:
        """`times`, `after`, or the `name` of a built-in one."""
        rule = {"operation": operation, **more}
        self.control("POST", "faults", rule if fault is None else rule | {"fault": fault})

    def faults(self, operation: str, faults: list[dict[str, Any]]) -> None:
        """One after the other, each once."""
        self.control("POST", "faults", [{"operation": operation, "fault": fault} for fault in faults])

    def example(self, operation: str) -> None:
        self.fault(operation, {"example": True})

    def settings(self, **changes: Any) -> None:
        self.control("POST", "settings", changes)

    def journal(self, operation: str | None = None) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.control("GET", "journal")
        return [entry for entry in found if operation in (None, entry["operationId"])]

    def clear_journal(self) -> None:
        self.control("DELETE", "journal")


def header(entry: dict[str, Any], name: str) -> str | None:
    """A header of a request in the journal."""
    return next((v for k, v in entry["headers"] if k.lower() == name.lower()), None)


class Invoke:
    """contract-invoke: one order, one answer."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [str(PROGRAM)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()
        )

    def ask(self, order: dict[str, Any]) -> Answer:
        assert self._process.stdin is not None and self._process.stdout is not None
        began = time.monotonic()
        try:
            self._process.stdin.write(json.dumps(order).encode() + b"\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            raise AssertionError(self._died(order)) from None
        line = b""
        while not line.endswith(b"\n"):
            left = began + ANSWER_WITHIN_S - time.monotonic()
            ready, _, _ = select.select([self._process.stdout], [], [], max(left, 0))
            if not ready:
                self._process.kill()
                raise AssertionError(f"no answer within {ANSWER_WITHIN_S} s to {json.dumps(order)}")
            piece = os.read(self._process.stdout.fileno(), 1 << 20)
            if not piece:
                raise AssertionError(self._died(order))
            line += piece
        answer = Answer(order, json.loads(line.decode("utf-8", "surrogateescape")), time.monotonic() - began)
        assert "error" not in answer, answer
        return answer

    @property
    def is_running(self) -> bool:
        return self._process.poll() is None

    def _died(self, order: dict[str, Any]) -> str:
        assert self._process.stderr is not None
        status = self._process.wait(10)
        text = self._process.stderr.read().decode(errors="replace")
        return f"contract-invoke ended with status {status} at {json.dumps(order)}\n{text[-6000:]}"

    def stop(self) -> None:
        """Leaks show here: the process must end well."""
        if not self.is_running:
            return  # the test at whose order it died has said so
        try:
            _, text = self._process.communicate(timeout=30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate(timeout=10)
            raise AssertionError("contract-invoke did not end with its input") from None
        shown = text.decode(errors="replace")[-6000:]
        assert self._process.returncode == 0, f"contract-invoke ended with {self._process.returncode}\n{shown}"


class Bench:
    """Mock and program together, as a test uses them."""

    def __init__(self, mock: Mock, program: Invoke) -> None:
        self.mock = mock
        self.program = program
        self._named: set[str] = set()

    def options(self, api: str, **more: Any) -> dict[str, Any]:
        """Waits between attempts are skipped unless a test wants them."""
        return {"base_url": self.mock.url, "skip_waits": True, **CREDENTIALS[api], **more}

    def call(self, operation: str, params: Any = None, **more: Any) -> Answer:
        """`options` are added to the usual ones, or with `only` used alone; `params` may be JSON text."""
        api = more.pop("api", None) or spec.api_of(operation)
        options = more.pop("options", {})
        order: dict[str, Any] = {"api": api, "operation": operation}
        if not more.pop("only", False):
            options = {k: v for k, v in self.options(api, **options).items() if v is not None}
        order["options"] = options
        order["params"] = params if isinstance(params, str) else json.dumps(params or {})
        if more.get("client"):
            self._named.add(more["client"])
        answer = self.program.ask(order | more)
        assert_discreet(answer)
        return answer

    def ok(self, operation: str, params: Any = None, **more: Any) -> Answer:
        answer = self.call(operation, params, **more)
        assert answer.status == ("EB_DONE" if "walk" in more else "EB_OK"), answer
        return answer

    def example_call(self, operation: str, **more: Any) -> Answer:
        """The call with the parameters and the body that the document shows."""
        return self.call(operation, spec.request_example(operation), **more)

    def forget(self) -> None:
        for name in self._named:
            if self.program.is_running:
                self.program.ask({"forget": name})


def assert_discreet(answer: Answer) -> None:
    """No secret in anything that a program would print of a call."""
    for name in ("message", "code", "field", "request_id", "printed", "report", "log"):
        text = "\n".join(answer.get(name, []) if name == "log" else [answer.get(name, "")])
        assert text != "(NULL)", f"{name} is NULL: {answer!r}"
        for what, secret in SECRETS.items():
            assert secret not in text, f"{what} is in {name}: {answer!r}"
    if answer.get("status", "EB_OK") not in ("EB_OK", "EB_DONE"):
        message = answer.message
        assert message and "\n" not in message and "\r" not in message, answer
