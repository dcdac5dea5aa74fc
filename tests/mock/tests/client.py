"""A client that sends exactly the bytes it is told to, and signs when asked."""

from __future__ import annotations

import hashlib
import json
import socket
import time
import uuid
from dataclasses import dataclass, field
from http.client import HTTPResponse
from typing import Any
from urllib.parse import quote, urlsplit

from edgebind_mock import access, acs3
from edgebind_mock.received import Received

JSON = ("Content-Type", "application/json")
FORM = ("Content-Type", "application/x-www-form-urlencoded")
TOKEN = ("Authorization", f"token {access.EDGEGAP_TOKEN}")
VERSIONS = {
    "CreateEdgeContainerAppVersion": "2024-09-10",
    "ListEdgeContainerApps": "2024-09-10",
    "UploadRoutineCode": "2018-01-15",
    "PublishRoutineCodeRevision": "2018-01-15",
    "DeleteRoutineCodeRevision": "2018-01-15",
    "ListAppVersions": "2019-05-06",
}


@dataclass
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass
class Client:
    url: str
    sock: socket.socket | None = field(default=None)

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.hang_up()

    @property
    def host(self) -> str:
        return urlsplit(self.url).netloc

    def hang_up(self) -> None:
        if self.sock is not None:
            self.sock.close()
            self.sock = None

    def connect(self) -> socket.socket:
        if self.sock is None:
            name, _, port = self.host.partition(":")
            self.sock = socket.create_connection((name, int(port)), timeout=10)
        return self.sock

    def raw(self, data: bytes) -> Reply:
        """The answer to these bytes, on the connection that is open."""
        sock = self.connect()
        sock.sendall(data)
        return self.read("HEAD" if data.startswith(b"HEAD ") else "GET")

    def read(self, method: str = "GET") -> Reply:
        response = HTTPResponse(self.connect(), method=method)
        response.begin()
        body = response.read()
        headers = {name.lower(): value for name, value in response.getheaders()}
        if response.will_close:
            self.hang_up()
        response.close()
        return Reply(response.status, headers, body)

    def send(self, method: str, target: str, *headers: tuple[str, str], body: bytes | None = None) -> Reply:
        """With Host, and a Content-Length where there ought to be one."""
        return self.raw(message(self.host, method, target, headers, body))

    def edgegap(self, method: str, target: str, value: Any = None, *more: tuple[str, str]) -> Reply:
        if value is None:
            return self.send(method, target, TOKEN, *more)
        return self.send(method, target, TOKEN, JSON, *more, body=json.dumps(value).encode())

    def rejected(self, *args: Any, **kwargs: Any) -> str:
        """What the mock says against a request that it must reject."""
        reply = self.send(*args, **kwargs)
        assert reply.headers.get("x-mock-verdict") == "rejected", reply
        assert reply.status == 400
        return reply.text

    def alibaba(self, action: str, form: dict[str, str] | None = None, query: dict[str, str] | None = None) -> Reply:
        return self.raw(signed(self.host, action, form, query))

    def control(self, method: str, path: str, value: Any = None) -> Any:
        """Over a connection of its own, so that it does not disturb the numbering of a test."""
        with Client(self.url) as other:
            body = json.dumps(value).encode() if value is not None else None
            reply = other.send(method, f"/_mock/{path}", body=body)
            assert reply.status == 200, reply
            return reply.json

    def fault(self, operation: str, fault: dict[str, Any], **more: Any) -> None:
        self.control("POST", "faults", {"operation": operation, "fault": fault, **more})

    def journal(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.control("GET", "journal")
        return found


def message(
    host: str,
    method: str,
    target: str,
    headers: tuple[tuple[str, str], ...] = (),
    body: bytes | None = None,
) -> bytes:
    names = {name.lower() for name, _ in headers}
    lines = [f"{method} {target} HTTP/1.1"]
    if "host" not in names:
        lines.append(f"Host: {host}")
    lines += [f"{name}: {value}" for name, value in headers]
    needs_length = body is not None or method in ("POST", "PUT", "PATCH")
    if needs_length and not names & {"content-length", "transfer-encoding"}:
        lines.append(f"Content-Length: {len(body or b'')}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + (body or b"")


def encoded(pairs: dict[str, str] | None) -> str:
    return "&".join(f"{quote(k, safe='')}={quote(v, safe='')}" for k, v in (pairs or {}).items())


def signed(
    host: str,
    action: str,
    form: dict[str, str] | None = None,
    query: dict[str, str] | None = None,
    *,
    key: tuple[str, str, str | None] = (access.ACCESS_KEY_ID, access.ACCESS_KEY_SECRET, None),
    change: dict[str, str | None] | None = None,
    afterwards: dict[str, str | None] | None = None,
) -> bytes:
    """A signed request. `change` alters headers before signing, `afterwards` after it."""
    roa = action == "ListAppVersions"
    method, path = ("GET", "/pop/v1/sam/app/listAppVersions") if roa else ("POST", "/")
    target = path + (f"?{encoded(query)}" if query else "")
    body = encoded(form).encode() if form is not None else b""
    key_id, secret, token = key
    headers: dict[str, str | None] = {
        "host": host,
        "x-acs-action": action,
        "x-acs-version": VERSIONS.get(action, "2018-01-15"),
        "x-acs-date": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "x-acs-signature-nonce": uuid.uuid4().hex,
        "x-acs-content-sha256": hashlib.sha256(body).hexdigest(),
        "content-type": FORM[1] if form is not None else None,
        "x-acs-security-token": token,
        "accept": "application/json",
    }
    headers |= change or {}
    kept = [(name, value) for name, value in headers.items() if value is not None]
    received = Received(method, target, kept, body, len(body))
    headers["Authorization"] = acs3.sign(received, secret).authorization(key_id)
    headers |= afterwards or {}
    kept = [(name, value) for name, value in headers.items() if value is not None]
    return message(host, method, target, tuple(kept), body if method == "POST" else None)


APP = {"name": "shooter", "is_active": True, "image": "aGk="}
VERSION = {
    "name": "1.0.0",
    "docker_repository": "docker.io",
    "docker_image": "studio/shooter",
    "docker_tag": "1.0.0",
    "req_cpu": 512,
    "req_memory": 1024,
}
CONTAINER = {
    "Name": "web",
    "Image": "nginx:1.25",
    "IsACRImage": False,
    "Spec": "1C2G",
    "Storage": "0.5G",
    "ProbeType": "httpGet",
    "ProbeContent": {"Port": 80, "Path": "/"},
}
ESA_APP = "app-880688675783794000"
SAE_APP = "0099b7be-5f5b-4512-a7fc-56049ef1f000"
