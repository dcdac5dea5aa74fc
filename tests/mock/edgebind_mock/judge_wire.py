"""The second judge: reads the bytes as they came, and names everything that a tolerant parser would
let through. It knows the documents, so it also sees names that nobody declared."""

from __future__ import annotations

import re
from typing import Any

from edgebind_mock import acs3, wire_text
from edgebind_mock.call import Call
from edgebind_mock.documents import Document, Match, Operation, Parameter, Style
from edgebind_mock.received import Received

ORDINARY_HEADERS = frozenset(
    "host user-agent accept accept-encoding authorization connection content-length"
    " content-type expect transfer-encoding".split()
)
ACS_HEADERS = frozenset(
    "x-acs-action x-acs-version x-acs-date x-acs-signature-nonce x-acs-content-sha256"
    " x-acs-security-token x-acs-accesskey-id x-acs-credentials-provider"
    " x-acs-retry-attempts x-acs-retry-delay".split()
)
OLD_SIGNATURE_NAMES = frozenset(
    "Action Version Format Timestamp AccessKeyId Signature SignatureMethod SignatureVersion"
    " SignatureNonce SignatureType RegionId SecurityToken".split()
)
_BOUNDARY = re.compile(r"multipart/form-data; boundary=(?:([0-9A-Za-z'+_.-]{1,70})|\"[^\"]{1,70}\")")


def judge(received: Received, match: Match, allowed_headers: frozenset[str] = frozenset()) -> tuple[Call, list[str]]:
    """The call with its decoded values, and every violation found on the way."""
    problems: list[str] = []
    operation = match.operation
    assert operation is not None
    call = Call(operation, received)
    _target(received, problems)
    _path(call, match, problems)
    _query(call, problems)
    _headers(call, allowed_headers, problems)
    _framing(received, problems)
    _body(call, problems)
    return call, problems


def _target(received: Received, problems: list[str]) -> None:
    target = received.target
    if not target.startswith("/"):
        problems.append(f"request target {target!r} does not begin with `/`")
    if "#" in target:
        problems.append("request target holds a `#`: what follows it is never sent")
    if received.query == "":
        problems.append("request target ends in `?` without a parameter")


def _path(call: Call, match: Match, problems: list[str]) -> None:
    declared = call.operation.named("path")
    for name, raw in match.path.items():
        segments = raw.split("/") if name in declared and declared[name].segments else [raw]
        what = f"path parameter {name}"
        decoded = [wire_text.decode(part, what, problems) for part in segments]
        if any(part == "" for part in decoded):
            problems.append(f"{what}: has an empty part")
        if any(part in (".", "..") for part in decoded):
            problems.append(f"{what}: `.` and `..` change the path")
        call.path[name] = "/".join(decoded)
        if name in declared:
            wire_text.scalar(call.path[name], declared[name].schema, what, problems)


def _query(call: Call, problems: list[str]) -> None:
    raw = call.received.query
    if not raw:
        return
    declared = call.operation.named("query")
    for name, text in wire_text.pairs(raw, "query", problems):
        parameter = declared.get(name)
        what = f"query parameter {name}"
        if parameter is None:
            problems.append(_undeclared(call.operation, "query parameter", name))
        elif name in call.query and "array" not in wire_text.types(parameter.schema):
            problems.append(f"{what}: occurs twice")
        else:
            call.query[name] = _parameter_value(call.operation, parameter, text, what, problems)


def _undeclared(operation: Operation, what: str, name: str) -> str:
    if operation.document.style is Style.ACS and name in OLD_SIGNATURE_NAMES:
        return f"{what} {name} belongs to an older signature: version 3 sends it as a header"
    return f"{what} {name} is not declared for {operation.id}"


def _parameter_value(operation: Operation, parameter: Parameter, text: str, what: str, problems: list[str]) -> Any:
    if parameter.json_text:
        return _json_text(operation.document, parameter.schema, text, what, problems)
    return wire_text.scalar(text, parameter.schema, what, problems)


def _json_text(document: Document, schema: dict[str, Any], text: str, what: str, problems: list[str]) -> Any:
    fine, value = wire_text.strict_json(text.encode("utf-8", "surrogateescape"), what, problems)
    if fine:
        members(document, schema, value, what, problems)
    return value


def _headers(call: Call, allowed: frozenset[str], problems: list[str]) -> None:
    operation, received = call.operation, call.received
    declared = {name.lower(): p for name, p in operation.named("header").items()}
    style = operation.document.style
    seen: set[str] = set()
    for name, value in received.headers:
        lower = name.lower()
        if lower in seen:
            problems.append(f"header {name}: occurs twice")
            continue
        seen.add(lower)
        if lower in declared:
            call.header[lower] = value
        elif lower in ACS_HEADERS:
            if style is not Style.ACS:
                problems.append(f"header {name} belongs to another provider")
        elif lower not in ORDINARY_HEADERS and lower not in allowed:
            problems.append(f"header {name} is not declared for {operation.id}")
        if not value.isascii() or any(ord(c) < 0x20 and c != "\t" for c in value):
            problems.append(f"header {name}: holds bytes that are not printable ASCII")
    if "host" not in seen:
        problems.append("header Host is missing")
    if style is Style.FORM_UPLOAD:
        if "authorization" in seen:
            problems.append("header Authorization: a form upload is authorised by its policy alone")
        return
    accept = received.header("accept")
    if accept is not None and "*/*" not in accept and "application/json" not in accept:
        problems.append(f"header Accept: {accept!r} does not accept application/json")
    if style is Style.ACS:
        _acs_headers(received, problems)


def _acs_headers(received: Received, problems: list[str]) -> None:
    value = received.header("authorization")
    if value is not None and acs3.parse_authorization(value) is None:
        problems.append(
            "header Authorization is not `ACS3-HMAC-SHA256 Credential=...,"
            "SignedHeaders=...,Signature=...` with lower-case names and digits"
        )
    for name in ("x-acs-retry-attempts", "x-acs-retry-delay"):
        number = received.header(name)
        if number is not None and not number.isdecimal():
            problems.append(f"header {name}: {number!r} is not a number")


def _framing(received: Received, problems: list[str]) -> None:
    length = received.header("content-length")
    coding = received.header("transfer-encoding")
    if length is not None and coding is not None:
        problems.append("Content-Length and Transfer-Encoding are both there")
    if coding is not None and coding.lower() != "chunked":
        problems.append(f"Transfer-Encoding is {coding!r}, expected chunked")
    if length is not None:
        if not length.isdecimal() or int(length) != received.body_size:
            problems.append(f"Content-Length is {length}, the body has {received.body_size} bytes")
    if received.method in ("POST", "PUT", "PATCH") and length is None and coding is None:
        problems.append(f"{received.method} without Content-Length: send 0 when there is no body")
    if received.method in ("GET", "HEAD", "DELETE") and (length is not None or coding is not None):
        if received.body_size:
            problems.append(f"a body came with {received.method}")
        else:
            problems.append(f"{received.method} announces a body it does not have")
    if received.header("content-encoding") is not None:
        problems.append("Content-Encoding: bodies are sent as they are")


def _body(call: Call, problems: list[str]) -> None:
    operation, received = call.operation, call.received
    sent = received.header("content-type")
    expected = operation.media_type
    if expected is None:
        if received.body_size:
            problems.append(f"{operation.id} has no body, {received.body_size} bytes came")
        if sent is not None:
            problems.append(f"{operation.id} has no body, yet Content-Type is {sent!r}")
        return
    if expected == "multipart/form-data":
        if sent is None or not _BOUNDARY.fullmatch(sent):
            problems.append(f"Content-Type is {sent!r}, expected multipart/form-data; boundary=...")
        if received.form is not None:
            problems.extend(received.form.problems)
            _multipart(call, problems)
        return
    if received.body_size == 0 and sent is None:
        if operation.body_required:
            problems.append(f"{operation.id} needs a body of {expected}")
        return
    if sent != expected:
        problems.append(f"Content-Type is {sent!r}, expected exactly {expected!r}")
    if expected == "application/json":
        fine, call.body = wire_text.strict_json(received.body, "body", problems)
        if fine:
            members(operation.document, operation.body_schema, call.body, "body", problems)
    elif expected == "application/x-www-form-urlencoded":
        _form(call, problems)


def _form(call: Call, problems: list[str]) -> None:
    operation = call.operation
    raw = call.received.body.decode("utf-8", "surrogateescape")
    declared = operation.body_schema.get("properties") or {}
    for name, text in wire_text.pairs(raw, "form", problems) if raw else []:
        what = f"form field {name}"
        if name not in declared:
            problems.append(_undeclared(operation, "form field", name))
        elif name in call.form:
            problems.append(f"{what}: occurs twice")
        else:
            schema = operation.document.resolve(declared[name])
            if name in operation.json_fields:
                value = _json_text(operation.document, schema, text, what, problems)
            else:
                value = wire_text.scalar(text, schema, what, problems)
            call.form[name] = value


def _multipart(call: Call, problems: list[str]) -> None:
    """Order and names; the values are the upload's own business."""
    form = call.received.form
    assert form is not None
    schema = call.operation.body_schema
    declared = schema.get("properties") or {}
    seen: set[str] = set()
    for index, part in enumerate(form.parts):
        if part.name in seen:
            problems.append(f"form field {part.name}: occurs twice")
        seen.add(part.name)
        if part.name not in declared and not schema.get("additionalProperties"):
            problems.append(_undeclared(call.operation, "form field", part.name))
        if part.name == "file" and index != len(form.parts) - 1:
            problems.append("form field file is not the last one")
        if part.name != "file" and not part.text:
            problems.append(f"form field {part.name} is empty: leave it out")
    if "file" not in seen:
        problems.append("form field file is missing")


def members(document: Document, schema: dict[str, Any], value: Any, where: str, problems: list[str]) -> None:
    """Names that the schema does not know, at any depth, and integers written as fractions."""
    schema = document.resolve(schema)
    if schema.get("x-eb-json"):
        return
    if isinstance(value, dict):
        known = schema.get("properties") or {}
        extra = schema.get("additionalProperties", not known and "object" not in schema)
        for name, inner in value.items():
            if name in known:
                members(document, known[name], inner, f"{where}.{name}", problems)
            elif isinstance(extra, dict):
                members(document, extra, inner, f"{where}.{name}", problems)
            elif not extra:
                problems.append(f"{where}.{name} is not declared")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            members(document, schema.get("items") or {}, inner, f"{where}[{index}]", problems)
    elif isinstance(value, float) and wire_text.types(schema) in (["integer"], ["integer", "null"]):
        problems.append(f"{where}: an integer is written without fraction and exponent")
