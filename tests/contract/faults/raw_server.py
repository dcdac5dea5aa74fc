"""A server that does what no proper server does. It plays one reply for each request, the last one for all that
follow, and keeps what reached it: connections, and every request as far as it was read.

The mock judges requests and knows the providers; this one knows bytes. It listens on 127.0.0.1 alone, and stops
with everything it started."""

from __future__ import annotations

import json
import select
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

KEEP, CLOSE, RESET, SILENCE = "keep", "close", "reset", "silence"
DROP = "drop"  # closed without TLS saying so
PLENTY = 100_000_000  # bytes that stand for a number without an end
SETTLE_S = 0.03  # so that what was sent is read before a reset overtakes it


class Gone(Exception):
    """The client has left, or the test is over."""


@dataclass
class Seen:
    """A request as far as it was read."""

    connection: int
    at: float  # monotonic seconds
    head: bytes = b""
    body: bytes = b""

    @property
    def method(self) -> str:
        return self.head.split(b" ", 1)[0].decode("latin-1")

    @property
    def target(self) -> str:
        return self.head.split(b" ", 2)[1].decode("latin-1")

    @property
    def headers(self) -> list[tuple[str, str]]:
        lines = self.head.decode("latin-1").split("\r\n")[1:]
        pairs = (line.partition(":") for line in lines if line)
        return [(name.lower(), value.strip()) for name, _, value in pairs]

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key == name.lower()), None)


class Wire:
    """One connection, as a reply uses it."""

    def __init__(self, server: RawServer, connection: socket.socket, number: int) -> None:
        self.server = server
        self.number = number
        self.open = True
        self.connection = connection
        self._came = b""

    def _more(self) -> None:
        while not self.server.over.is_set():
            if not (isinstance(self.connection, ssl.SSLSocket) and self.connection.pending()):
                if not select.select([self.connection], [], [], 0.05)[0]:
                    continue
            try:
                piece = self.connection.recv(1 << 16)
            except OSError:
                piece = b""
            if not piece:
                raise Gone
            self._came += piece
            return
        raise Gone

    def arrives(self) -> None:
        """Until the first byte of a request is there."""
        while not self._came:
            self._more()

    def read_head(self) -> Seen:
        seen = Seen(self.number, time.monotonic(), self._came)
        self.server.requests.append(seen)
        while b"\r\n\r\n" not in self._came:
            self._more()
            seen.head = self._came
        seen.head, _, self._came = self._came.partition(b"\r\n\r\n")
        return seen

    def read(self) -> Seen:
        """The next request with its body."""
        seen = self.read_head()
        length = int(seen.header("content-length") or 0)
        while len(self._came) < length:
            self._more()
            seen.body = self._came
        seen.body, self._came = self._came[:length], self._came[length:]
        return seen

    def send(self, data: bytes) -> None:
        left = memoryview(data)
        while left and not self.server.over.is_set():
            if not select.select([], [self.connection], [], 0.05)[1]:
                continue
            try:
                left = left[self.connection.send(left) :]
            except OSError:
                raise Gone from None
        if left:
            raise Gone

    def pause(self, milliseconds: float) -> None:
        if self.server.over.wait(milliseconds / 1000):
            raise Gone

    def wait_gone(self) -> None:
        while True:
            self._came = b""
            self._more()

    def end(self, how: str) -> None:
        if how == KEEP:
            return
        if how == SILENCE:
            self.wait_gone()
        self.open = False
        if how == CLOSE and isinstance(self.connection, ssl.SSLSocket):
            self.connection.settimeout(0.5)
            try:
                self.connection.unwrap()
            except OSError:
                pass
        if how == RESET:
            self.pause(SETTLE_S * 1000)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.shut()

    def shut(self) -> None:
        self.open = False
        try:
            self.connection.close()
        except OSError:
            pass


@dataclass(frozen=True)
class Reply:
    play: Callable[[Wire], None]
    at_once: bool = False  # when the connection is there, before any byte of a request


class RawServer:
    def __init__(self, script: Sequence[Reply], tls: ssl.SSLContext | None = None) -> None:
        self.script = script
        self.over = threading.Event()
        self.requests: list[Seen] = []
        self.connections = 0
        self.handshakes = 0  # that were completed
        self._tls = tls
        self._played = 0
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._woken, self._wake = socket.socketpair()
        self.port: int = self._listener.getsockname()[1]
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}"
        self._acceptor = threading.Thread(target=self._accept, daemon=True)
        self._acceptor.start()

    def _next(self, *, at_once: bool) -> Reply | None:
        with self._lock:
            reply = self.script[min(self._played, len(self.script) - 1)]
            if reply.at_once is not at_once:
                return None
            self._played += 1
            return reply

    def _accept(self) -> None:
        while self._listener in select.select([self._listener, self._woken], [], [])[0]:
            # only when nobody is left here it may end: whoever connected has been counted then
            connection, _ = self._listener.accept()
            self.connections += 1
            thread = threading.Thread(target=self._serve, args=(connection, self.connections), daemon=True)
            thread.start()
            self._threads.append(thread)

    def _serve(self, connection: socket.socket, number: int) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        wire = Wire(self, connection, number)
        try:
            if self._tls is not None:
                connection.settimeout(5)
                connection = self._tls.wrap_socket(connection, server_side=True)
                connection.settimeout(None)
                self.handshakes += 1
                wire = Wire(self, connection, number)
            while wire.open:
                reply = self._next(at_once=True)
                if reply is None:
                    wire.arrives()
                    reply = self._next(at_once=False)
                if reply is not None:
                    reply.play(wire)
        except (Gone, OSError):
            pass
        finally:
            wire.shut()

    def stop(self) -> None:
        """What came is complete afterwards, as long as the client has let its connections go."""
        if self.over.is_set():
            return
        for thread in list(self._threads):
            thread.join(0.5)
        self.over.set()
        self._wake.send(b"x")
        self._acceptor.join(5)
        for thread in self._threads:
            thread.join(5)
        for one in (self._listener, self._woken, self._wake):
            one.close()


# ---- Replies --------------------------------------------------------------------------------------------------


def http(status: int = 200, body: Any = b"{}", *lines: str, length: int | None = None) -> bytes:
    """The bytes of a proper answer; a body that is not bytes goes as JSON. `length`: what Content-Length says."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    head = [f"HTTP/1.1 {status} X", *lines]
    if not any(line.lower().startswith("content-type:") for line in lines):
        head.append("Content-Type: application/json")
    if length is None or length >= 0:
        head.append(f"Content-Length: {len(data) if length is None else length}")
    return "\r\n".join([*head, "", ""]).encode("latin-1") + data


def says(data: bytes, then: str = KEEP) -> Reply:
    """Reads the request and sends these bytes."""

    def play(wire: Wire) -> None:
        wire.read()
        wire.send(data)
        wire.end(then)

    return Reply(play)


def answer(status: int = 200, body: Any = b"{}", *lines: str) -> Reply:
    return says(http(status, body, *lines))


def lazily(make: Callable[[], Reply]) -> Reply:
    """One that is made when it is played: its text depends on the time."""
    return Reply(lambda wire: make().play(wire))


def ends(how: str) -> Reply:
    """Reads the request, and closes, resets or says nothing."""
    return says(b"", how)


def unread(how: str) -> Reply:
    """Reads the head of the request and not its body."""

    def play(wire: Wire) -> None:
        wire.read_head()
        wire.end(how)

    return Reply(play)


def early(data: bytes = b"") -> Reply:
    """Answers, or says nothing, when it has the head, and never reads the body."""

    def play(wire: Wire) -> None:
        wire.read_head()
        wire.send(data)
        while True:
            wire.pause(20)

    return Reply(play)


def on_connect(how: str, data: bytes = b"") -> Reply:
    def play(wire: Wire) -> None:
        wire.send(data)
        wire.end(how)

    return Reply(play, at_once=True)


def drips(data: bytes, every_ms: float, size: int = 1, at_once: bytes = b"") -> Reply:
    def play(wire: Wire) -> None:
        wire.read()
        wire.send(at_once)
        for start in range(0, len(data), size):
            wire.pause(every_ms)
            wire.send(data[start : start + size])

    return Reply(play)


def never_ends(start: bytes, piece: bytes) -> Reply:
    """Ends all the same, where a client that takes everything would fill the machine's memory: in silence."""

    def play(wire: Wire) -> None:
        wire.read()
        wire.send(start)
        for _ in range(PLENTY // len(piece)):
            wire.send(piece)
        wire.end(SILENCE)

    return Reply(play)


def first_then(first: bytes, pause_ms: float, second: bytes, then: str = KEEP) -> Reply:
    """Two writes with a pause between them."""

    def play(wire: Wire) -> None:
        wire.read()
        wire.send(first)
        wire.pause(pause_ms)
        wire.send(second)
        wire.end(then)

    return Reply(play)


def tunnels(port: int) -> Reply:
    """A proxy's: lets CONNECT through to that port, whatever was asked for."""

    def play(wire: Wire) -> None:
        wire.read_head()
        with socket.create_connection(("127.0.0.1", port), timeout=5) as far:
            wire.send(b"HTTP/1.1 200 Connection established\r\nX-Proxy: yes\r\n\r\n")
            near = wire.connection
            while not wire.server.over.is_set():
                for side in select.select([near, far], [], [], 0.05)[0]:
                    data = side.recv(1 << 16)
                    if not data:
                        raise Gone
                    (far if side is near else near).sendall(data)

    return Reply(play)
