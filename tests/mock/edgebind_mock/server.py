"""The network side: an aiohttp listener whose connections are numbered, the way one request takes
from its bytes to its answer, and the writing of that answer byte by byte."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import traceback
from typing import Any

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from edgebind_mock import answer as answers
from edgebind_mock import faults, judge_wire, multipart
from edgebind_mock.answer import Answer, Refusal, failure
from edgebind_mock.call import Call
from edgebind_mock.control import Control
from edgebind_mock.documents import Match, Style
from edgebind_mock.journal import Entry
from edgebind_mock.provider import Provider
from edgebind_mock.received import Received

BODY_LIMIT = 64 * 1024 * 1024
KEPT_OF_UPLOAD = 64 * 1024
KEPT_IN_JOURNAL = 1024 * 1024


class _Done(web.StreamResponse):
    """Tells aiohttp that the answer was written already, and whether the connection goes on."""

    def __init__(self, keep_alive: bool) -> None:
        super().__init__()
        self._goes_on = keep_alive

    @property
    def keep_alive(self) -> bool:
        return self._goes_on

    async def prepare(self, request: web.BaseRequest) -> Any:
        return None

    async def write_eof(self, data: bytes = b"") -> None:
        return None


class Connection(web.RequestHandler):
    """One TCP connection. `stale` makes it die when the next request arrives on it."""

    __slots__ = ("latest", "mock", "number", "stale")

    def __init__(self, mock: Mock, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mock = mock
        self.number = mock.next_connection()
        self.stale = False
        self.latest = b""  # what came last, for the journal when it cannot be parsed

    def data_received(self, data: bytes) -> None:
        self.latest = data
        if not self.stale:
            super().data_received(data)
            return
        entry = self.mock.journal.open(self.unparsed())
        entry.fault = {"stale": True}
        entry.problems.append("arrived on a connection that was closing; not read")
        if isinstance(self.transport, asyncio.Transport):
            self.transport.abort()

    def unparsed(self) -> Received:
        """As much of a request as its first line tells; the rest is its body."""
        words = self.latest.partition(b"\r\n")[0].decode("latin-1").split(" ")
        kept = self.latest[:KEPT_OF_UPLOAD]
        method, target = words[0], words[1] if len(words) > 1 else ""
        return Received(method, target, [], kept, len(kept), connection=self.number)

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """What aiohttp could not parse as HTTP, and what failed inside the mock."""
        entry = self.mock.journal.open(self.unparsed())
        if isinstance(exc, HttpProcessingError) or status < 500:
            text = " ".join(str(message or exc or "bad request").split())
            entry.problems.append(f"not HTTP: {text}")
            answer = self.mock.rejection(Style.TOKEN, entry.problems)
        else:
            answer = self.mock.failed(Style.TOKEN, entry, exc)
        answer.close = True
        entry.status = answer.status
        if request.transport is not None:
            self.mock.write(request, answer)
        return _Done(False)


class _Listener(web.Server):
    def __init__(self, mock: Mock) -> None:
        super().__init__(mock.serve, access_log=None)
        self._mock = mock

    def __call__(self) -> Connection:
        return Connection(
            self._mock,
            self,
            loop=asyncio.get_running_loop(),
            access_log=None,
            max_line_size=64 * 1024,
            max_field_size=64 * 1024,
            auto_decompress=False,
            lingering_time=1.0,
        )


class Mock:
    """The whole of it: state, judges, journal, faults, and the network they are reached through."""

    def __init__(self, provider: Provider) -> None:
        self.provider = provider
        self.journal = provider.journal
        self.control = Control(provider)
        self._connections = 0
        self._server: asyncio.Server | None = None
        self._listener: _Listener | None = None

    def next_connection(self) -> int:
        self._connections += 1
        return self._connections

    async def start(self, port: int = 0, tls: ssl.SSLContext | None = None) -> str:
        """Listens on the loopback address and returns the origin."""
        self._listener = _Listener(self)
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._listener, "127.0.0.1", port, ssl=tls)
        number = self._server.sockets[0].getsockname()[1]
        self.provider.origin = f"{'https' if tls else 'http'}://127.0.0.1:{number}"
        return self.provider.origin

    async def stop(self) -> None:
        if self._server is not None and self._listener is not None:
            self._server.close()
            await self._listener.shutdown(timeout=0.1)
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._server.wait_closed(), 1.0)

    def rejection(self, style: Style, problems: list[str]) -> Answer:
        text = f"The mock rejects this request: {'; '.join(problems)}"
        answer = failure(style, 400, text, "Mock.RequestRejected", self.provider.host)
        answer.headers.append(("x-mock-verdict", "rejected"))
        return answer

    def failed(self, style: Style, entry: Entry, error: BaseException | None) -> Answer:
        """An error of the mock itself: loud, and remembered as one."""
        if error is not None:
            traceback.print_exception(error)
        entry.problems.append(f"the mock failed: {error!r}")
        answer = failure(style, 500, entry.problems[-1], "", self.provider.host)
        answer.headers.append(("x-mock-verdict", "failed"))
        return answer

    async def serve(self, request: web.BaseRequest) -> web.StreamResponse:
        received = _head(request)
        if received.path.startswith("/_mock/") or received.path == "/_mock":
            return await self._serve_control(request, received)
        entry = self.journal.open(received)
        match = self._find(received)
        entry.operation = match.operation.id if match.operation else None
        fault = self.provider.faults.early(entry.operation)
        if fault is None:
            try:
                await _read(request, received, limit=BODY_LIMIT)
            except Refusal as refusal:
                entry.problems.append(refusal.message)
                answer = failure(match.style, refusal.status, refusal.message, "", self.provider.host)
                answer.close = True
                return await self._finish(request, entry, answer, None)
            except (web.RequestPayloadError, ConnectionError) as error:
                entry.problems.append(f"the body ended early or is malformed: {error}")
                answer = self.rejection(match.style, entry.problems)
                answer.close = True
                return await self._finish(request, entry, answer, None)
            try:
                answer, fault = self._answer(received, match, entry)
            except Exception as error:
                answer = self.failed(match.style, entry, error)
        else:
            entry.problems.append("answered before the body was read; not judged")
            answer = faults.replaced(fault, match, self.provider.host)
            answer.close = True
        return await self._finish(request, entry, answer, fault)

    async def _serve_control(self, request: web.BaseRequest, received: Received) -> web.StreamResponse:
        try:
            await _read(request, received, limit=BODY_LIMIT)
        except (Refusal, web.RequestPayloadError, ConnectionError) as error:
            answer = answers.json_answer({"message": str(error)}, 400)
            answer.close = True
        else:
            answer = self.control.answer(received)
            answer.close = not request.keep_alive
        self.write(request, answer)
        return _Done(not answer.close)

    def _find(self, received: Received) -> Match:
        return self.provider.documents.find(
            received.method, received.path, received.header("x-acs-action"), received.media_type
        )

    def _answer(self, received: Received, match: Match, entry: Entry) -> tuple[Answer, faults.Fault | None]:
        """Judges, then access, then faults and state."""
        host = self.provider.host
        if match.operation is None:
            entry.problems.append(match.reason)
            answer = failure(match.style, match.status, match.reason, match.code, host)
            return answer, None
        call, problems, security = self._judge(received, match)
        entry.problems += problems + security
        if problems:
            return self.rejection(match.style, problems), None
        try:
            self._access(call, entry)
        except Refusal as refusal:
            return failure(match.style, refusal.status, refusal.message, refusal.code, host), None
        fault = self.provider.faults.take(match.operation.id)
        if fault is None:
            return self.provider.answer(call), None
        entry.fault = fault.shown
        return faults.play(fault, call, self.provider), fault

    def _judge(self, received: Received, match: Match) -> tuple[Call, list[str], list[str]]:
        allowed = frozenset(self.provider.settings.allow_headers)
        call, problems = judge_wire.judge(received, match, allowed)
        try:
            more, security = self.provider.judge.judge(call)
        except Exception as error:  # a parser under openapi-core gave up
            more, security = [f"openapi-core failed: {error!r}"], []
        return call, problems + more, security

    def _access(self, call: Call, entry: Entry) -> None:
        found = self.provider.check_access(call)
        if found is None:
            return
        refusal = found.pop("refusal", None)
        entry.signature = found
        if refusal is not None:
            found["code"] = refusal.code
            raise refusal

    async def _finish(
        self, request: web.BaseRequest, entry: Entry, answer: Answer, fault: faults.Fault | None
    ) -> web.StreamResponse:
        if not request.keep_alive:
            answer.close = True
        entry.status = answer.status
        entry.received.body = entry.received.body[:KEPT_IN_JOURNAL]
        if fault is None:
            self.write(request, answer)
            return _Done(not answer.close)
        entry.fault = fault.shown
        date = self.provider.clock.http_date()
        goes_on = await faults.send(fault, answer, request, date, entry)
        return _Done(goes_on)

    def write(self, request: web.BaseRequest, answer: Answer) -> None:
        transport = request.transport
        if transport is None or transport.is_closing():
            return
        data = answers.head(answer, self.provider.clock.http_date())
        if request.method != "HEAD" and answer.status not in (204, 304):
            data += answer.body
        transport.write(data)


def _head(request: web.BaseRequest) -> Received:
    headers = [
        (name.decode("utf-8", "surrogateescape"), value.decode("utf-8", "surrogateescape"))
        for name, value in request.raw_headers
    ]
    number = request.protocol.number if isinstance(request.protocol, Connection) else 0
    return Received(request.method, request.raw_path, headers, connection=number)


async def _read(request: web.BaseRequest, received: Received, limit: int) -> None:
    """The body: an upload form as a stream of any length, everything else up to a limit."""
    expect = received.header("expect")
    if expect is not None and expect.lower() == "100-continue" and request.transport is not None:
        request.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    reader: multipart.FormReader | None = None
    if received.media_type == "multipart/form-data":
        boundary = multipart.boundary_of(received.header("content-type") or "")
        reader = multipart.FormReader(boundary) if boundary and len(boundary) <= 70 else None
    kept = bytearray()
    try:
        async for piece in request.content.iter_any():
            received.body_size += len(piece)
            if reader is not None:
                reader.feed(piece)
                kept += piece[: max(0, KEPT_OF_UPLOAD - len(kept))]
            elif received.body_size > limit:
                raise Refusal(413, f"The body is longer than {limit} bytes.")
            else:
                kept += piece
    finally:
        received.body = bytes(kept if received.body_size <= limit else kept[:KEPT_OF_UPLOAD])
        if reader is not None:
            received.form = reader.finish()


def tls_context(certificate: str, key: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context
