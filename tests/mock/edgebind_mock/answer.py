"""Answers: a status, headers and bytes; and what a failure looks like at each provider."""

from __future__ import annotations

import http
import json
import uuid
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape

from edgebind_mock.documents import Style


@dataclass
class Answer:
    status: int = 200
    body: bytes = b""
    headers: list[tuple[str, str]] = field(default_factory=list)
    close: bool = False  # end the connection after it

    def header(self, name: str) -> str | None:
        return next((v for k, v in self.headers if k.lower() == name), None)


def json_bytes(value: Any) -> bytes:
    """UTF-8; bytes of a request that are not (they came as surrogates) become escapes."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "backslashreplace")


def json_answer(value: Any, status: int = 200) -> Answer:
    return Answer(status, json_bytes(value), [("Content-Type", "application/json")])


def empty(status: int = 200) -> Answer:
    return Answer(status)


def request_id() -> str:
    return str(uuid.uuid4()).upper()


class Refusal(Exception):
    """A request that is refused; becomes an answer in the provider's own shape."""

    def __init__(self, status: int, message: str, code: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code


def acs_answer(value: dict[str, Any], status: int = 200) -> Answer:
    """An answer of Alibaba's gateway: the request id is in the body and in a header."""
    value = {**value}
    value.setdefault("RequestId", request_id())
    answer = json_answer(value, status)
    answer.headers.append(("x-acs-request-id", str(value["RequestId"])))
    return answer


def _xml_text(text: str) -> str:
    """Escaped, without the control characters that XML has no way to write."""
    return escape("".join(c if c >= " " or c in "\t\n\r" else "?" for c in text))


def xml_error(status: int, code: str, message: str, host: str, **more: str) -> Answer:
    name = uuid.uuid4().hex[:24].upper()
    children = {"Code": code, "Message": message, "RequestId": name, "HostId": host, **more}
    inner = "".join(f"  <{tag}>{_xml_text(text)}</{tag}>\n" for tag, text in children.items())
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n<Error>\n{inner}</Error>\n'
    headers = [("Content-Type", "application/xml"), ("x-oss-request-id", name)]
    return Answer(status, body.encode("utf-8", "backslashreplace"), headers)


DEFAULT_CODES = {
    400: "InvalidParameter",
    401: "Unauthorized",
    403: "Forbidden",
    404: "InvalidApi.NotFound",
    429: "Throttling",
    500: "InternalError",
    503: "ServiceUnavailable",
}


def failure(style: Style, status: int, message: str, code: str = "", host: str = "") -> Answer:
    """A failure in the shape that the provider gives it."""
    if style is Style.TOKEN:
        return json_answer({"message": message}, status)
    code = code or DEFAULT_CODES.get(status, "InternalError")
    if style is Style.FORM_UPLOAD:
        return xml_error(status, code, message, host)
    return acs_answer({"HostId": host, "Code": code, "Message": message}, status)


def reason(status: int) -> str:
    try:
        return http.HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


def head(answer: Answer, date: str, length: int | None = None) -> bytes:
    """Status line and headers as bytes. `length` replaces the true Content-Length; -1 leaves it out."""
    lines = [f"HTTP/1.1 {answer.status} {reason(answer.status)}"]
    lines += [f"{name}: {value}" for name, value in answer.headers]
    if answer.header("date") is None:
        lines.append(f"Date: {date}")
    if length != -1 and answer.status >= 200 and answer.status != 204:
        if answer.header("content-length") is None:
            lines.append(f"Content-Length: {len(answer.body) if length is None else length}")
    if answer.close:
        lines.append("Connection: close")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8", "surrogateescape")
