"""Callers who pass on what somebody typed. Whatever stands in a parameter arrives as that parameter or is refused by
its name before anything is sent; it never becomes another header, another request, another path."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest

import spec
from harness import KEY, TOKEN, Answer, Invoke
from raw_server import RawServer, answer
from scenario import bench_of

JSON_OPERATIONS = [op for op in spec.ALL if op != "PostObject"]
OWN_HEADERS = re.compile("host|accept|accept-encoding|user-agent|content-(type|length)|authorization|x-acs-.*|x-fields")


def sends(program: Invoke, operation: str, params: Any, **more: Any) -> tuple[Answer, RawServer]:
    server = RawServer([answer()])
    try:
        got = bench_of(server, program).call(operation, params, **more)
    finally:
        server.stop()
    return got, server


def assert_refused(got: Answer, server: RawServer, place: str | None = None, status: str = "EB_INVALID") -> None:
    assert got.status == status and got.get("sent", "nothing") == "nothing" and not got.get("attempts"), got
    assert place in (None, got.get("field")), got
    assert server.connections == 0, server.requests


def assert_one_request(server: RawServer, got: Answer) -> None:
    """Nothing broke out of its place: one request, a target of visible ASCII, no header that is not ours."""
    assert len(server.requests) == 1 and server.connections == 1, (got, server.requests)
    (seen,) = server.requests
    method, target, version = seen.head.split(b"\r\n")[0].decode("ascii").split(" ")
    assert method.isalpha() and version == "HTTP/1.1" and re.fullmatch(r"[!-~]+", target), target
    names = [name for name, _ in seen.headers]
    assert len(names) == len(set(names)), names
    for name in names:
        assert OWN_HEADERS.fullmatch(name), seen.head
    assert b"\n" not in seen.head.replace(b"\r\n", b"") and b"\0" not in seen.head


# ---- Every place that takes a string --------------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    operation: str
    where: str  # "path", "query", "header", "body"
    keys: tuple[str | int, ...]

    def __str__(self) -> str:
        return f"{self.operation} {self.where} {self.field}"

    @property
    def field(self) -> str:
        text = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in self.keys)
        return text.removeprefix(".")

    def params(self, value: Any) -> dict[str, Any]:
        params = copy.deepcopy(spec.request_example(self.operation))
        at: Any = params
        for key in self.keys[:-1]:
            at = at[key]
        at[self.keys[-1]] = value
        return params

    def read(self, server: RawServer) -> Any:
        """What arrived there, by a reader that knows nothing of the library."""
        (seen,) = server.requests
        found = spec.operation(self.operation)
        if self.where == "path":
            template = re.escape(found.template.partition("#")[0]).replace(r"\{", "{").replace(r"\}", "}")
            pattern = re.sub(
                r"\{(\w+)\}", lambda m: f"(?P<{m[1]}>.*)" if m[1] == "image_name" else f"(?P<{m[1]}>[^/]*)", template
            )
            match = re.fullmatch(pattern, urlsplit(seen.target).path)
            assert match is not None, seen.target
            return unquote(match[str(self.keys[0])], errors="strict")
        if self.where == "query":
            return dict(parse_qsl(urlsplit(seen.target).query, keep_blank_values=True))[str(self.keys[0])]
        if self.where == "header":
            return seen.header(str(self.keys[0]))
        value: Any = (
            json.loads(seen.body)
            if "json" in (found.media_type or "")
            else dict(parse_qsl(seen.body.decode(), keep_blank_values=True))
        )
        for n, key in enumerate(self.keys[1:]):
            value = value[key]
            if n == 0 and key in found.json_fields:
                value = json.loads(value)
        return value


def strings(
    schema: dict[str, Any], document: Any, value: Any, keys: tuple[str | int, ...]
) -> Iterator[tuple[str | int, ...]]:
    schema = document.resolve(schema)
    if schema.get("x-eb-json"):
        return
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from strings(schema["properties"][name], document, inner, (*keys, name))
    elif isinstance(value, list):
        for n, inner in enumerate(value[:1]):
            yield from strings(schema["items"], document, inner, (*keys, n))
    elif isinstance(value, str):
        yield keys


def places() -> Iterator[Place]:
    for operation in JSON_OPERATIONS:
        found = spec.operation(operation)
        for node in found.raw.get("parameters") or []:
            raw = found.document.resolve(node)
            if found.document.resolve(raw["schema"]).get("type") == "string":
                yield Place(operation, raw["in"], (raw["name"],))
        body = spec.body_example(operation)
        for keys in strings(found.body_schema, found.document, body, ("body",)) if body else ():
            yield Place(operation, "body", keys)


PLACES = list(places())
HOSTILE = {
    "a header": "x\r\nX-Evil: 1",
    "a request": "x HTTP/1.1\r\nHost: evil.example\r\n\r\nGET /evil HTTP/1.1\r\nX-Evil: 1\r\n\r\n",
    "bare LF": "x\nX-Evil: 1",
    "bare CR": "x\rX-Evil: 1",
    "other members": 'x&y=z"},{"is_active":false,"z":"?#;a=b',
}


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_hostile_text_stays_in_its_place(program: Invoke, place: Place) -> None:
    for name, text in HOSTILE.items():
        got, server = sends(program, place.operation, place.params(text), options={"skip_limits": True})
        if place.where == "header" and name != "other members":
            assert_refused(got, server, place.field)
            continue
        assert_one_request(server, got)
        assert place.read(server) == text, (name, server.requests)


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_nul_is_refused_and_cuts_nothing(program: Invoke, place: Place) -> None:
    got, server = sends(program, place.operation, place.params("x\0y"), options={"skip_limits": True})
    assert_refused(got, server, place.field)
    assert "U+0000" in got.message, got


# ---- Paths ----------------------------------------------------------------------------------------------------

PATHS = {
    "one dot": (".", None),
    "two dots": ("..", None),
    "empty": ("", None),
    "a slash": ("a/b", "a%2Fb"),
    "a slash alone": ("/", "%2F"),
    "up and away": ("../../v2/keys", "..%2F..%2Fv2%2Fkeys"),
    "encoded dots": ("%2e%2e", "%252e%252e"),
    "an encoded slash": ("a%2Fb", "a%252Fb"),
    "a percent sign": ("100%", "100%25"),
    "what looks encoded": ("%41", "%2541"),
    "three dots": ("...", "..."),
    "a dot in front": (".a", ".a"),
    "a backslash": ("..\\..", "..%5C.."),
    "a query": ("a?b=c", "a%3Fb%3Dc"),
    "a fragment": ("a#b", "a%23b"),
    "a semicolon": ("a;b=c", "a%3Bb%3Dc"),
    "an authority": ("@evil.example:80", "%40evil.example%3A80"),
    "a space": ("a b", "a%20b"),
    "a plus sign": ("a+b", "a%2Bb"),
    "unreserved characters": ("-._~aZ09", "-._~aZ09"),
    "unicode": ("ü\u20ac\U0001f600", "%C3%BC%E2%82%AC%F0%9F%98%80"),
    "two spellings of one character stay two": ("u\u0308", "u%CC%88"),
    "tab and delete": ("\t\x7f", "%09%7F"),
    "60,000 characters": ("a" * 60_000, "a" * 60_000),
}


@pytest.mark.parametrize("name", PATHS)
def test_path_parameter(program: Invoke, name: str) -> None:
    text, encoded = PATHS[name]
    params = {"app_name": text, "version_name": "v"}
    got, server = sends(program, "app-version-get", params)
    if encoded is None:
        assert_refused(got, server, "app_name")
    else:
        assert_one_request(server, got)
        assert server.requests[0].target == f"/v1/app/{encoded}/version/v"


@pytest.mark.parametrize("text", ["a" * 70_000, "ü" * 20_000], ids=["70,000 characters", "120,000 when encoded"])
def test_path_that_is_too_long(program: Invoke, text: str) -> None:
    got, server = sends(program, "app-version-get", {"app_name": text, "version_name": "v"})
    assert_refused(got, server, status="EB_LIMIT")
    assert "too long" in got.message


SEGMENTS = {
    "two parts": ("studio/shooter", "studio/shooter"),
    "awkward parts": ("a b/%2F/ü", "a%20b/%252F/%C3%BC"),
    "encoded dots": ("a/%2e%2e/b", "a/%252e%252e/b"),
    "dots between": ("a/../b", None),
    "a dot between": ("a/./b", None),
    "dots at the end": ("a/..", None),
    "dots in front": ("../a", None),
    "nothing between": ("a//b", None),
    "nothing in front": ("/a", None),
    "nothing at the end": ("a/", None),
}


@pytest.mark.parametrize("name", SEGMENTS)
def test_path_parameter_of_several_parts(program: Invoke, name: str) -> None:
    text, encoded = SEGMENTS[name]
    got, server = sends(program, "registry-image-tag-list", {"image_name": text})
    if encoded is None:
        assert_refused(got, server, "image_name")
    else:
        assert_one_request(server, got)
        assert server.requests[0].target == f"/v1/container-registry/images/{encoded}/tags"


# ---- Headers, credentials and addresses -----------------------------------------------------------------------


@pytest.mark.parametrize("text", ["a\r\nX-Evil: 1", "a\nb", "a\rb", "a\x00b", "\x1b[31m", "a\x7f"])
@pytest.mark.parametrize("part", ["name", "value"])
def test_header_of_the_caller(program: Invoke, text: str, part: str) -> None:
    header = [text, "1"] if part == "name" else ["X-Own", text]
    if "\0" in text:
        header = [one.replace("\0", "\x01") for one in header]  # a C string ends there
    got, server = sends(program, "application-list", {}, call={"headers": [header]})
    assert_refused(got, server, "options.headers[0]")


@pytest.mark.parametrize(
    ("api", "options", "status"),
    [
        ("edgegap", {"token": "a\r\nX-Evil: 1"}, "EB_AUTH"),
        ("edgegap", {"token": "a\nb"}, "EB_AUTH"),
        ("edgegap", {"token": "ü"}, "EB_AUTH"),
        ("esa", KEY | {"base_url": "http://127.0.0.1:1", "key_id": "a\r\nX-Evil: 1"}, "EB_AUTH"),
        ("esa", KEY | {"base_url": "http://127.0.0.1:1", "security_token": "a\r\nX-Evil: 1"}, "EB_AUTH"),
        ("edgegap", TOKEN | {"user_agent": "a\r\nX-Evil: 1"}, "EB_INVALID"),
        ("edgegap", TOKEN | {"base_url": "http://127.0.0.1:1/\r\nX-Evil: 1"}, "EB_INVALID"),
        ("edgegap", TOKEN | {"base_url": "http://127.0.0.1:1/a b"}, "EB_INVALID"),
        ("edgegap", TOKEN | {"base_url": "http://name:secret@127.0.0.1:1"}, "EB_INVALID"),
        ("edgegap", TOKEN | {"base_url": "http://127.0.0.1:1?a=b"}, "EB_INVALID"),
        ("edgegap", TOKEN | {"base_url": "http://127.0.0.1:99999"}, "EB_INVALID"),
        ("edgegap", TOKEN | {"base_url": "file:///etc/passwd"}, "EB_INVALID"),
        ("edgegap", TOKEN | {"base_url": "//127.0.0.1:1"}, "EB_INVALID"),
        ("edgegap", TOKEN | {"base_url": ""}, "EB_INVALID"),
        ("esa", KEY | {"region": "cn-hangzhou@evil.example/"}, "EB_INVALID"),
        ("esa", KEY | {"region": "evil.example/?"}, "EB_INVALID"),
        ("esa", KEY | {"region": "evil.example#"}, "EB_INVALID"),
        ("esa", KEY | {"region": "evil.example:80"}, "EB_INVALID"),
        ("esa", KEY | {"region": "a\r\nb"}, "EB_INVALID"),
        ("sae", KEY | {"region": "../evil"}, "EB_INVALID"),
    ],
)
def test_client_is_not_made(program: Invoke, api: str, options: dict[str, str], status: str) -> None:
    """Asked for with an operation that does not exist, so that nothing can be sent even if it were made."""
    server = RawServer([answer()])
    got = bench_of(server, program).call("none", {}, api=api, options=options, only=True)
    server.stop()
    assert (got.status, got.get("stage")) == (status, "client"), got
    assert got.message.isprintable() and "secret" not in got.message, got


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1/\r\nX-Evil: 1", "ftp://127.0.0.1", "http://a@127.0.0.1:1", "http://"]
)
def test_address_for_one_call(program: Invoke, url: str) -> None:
    got, server = sends(program, "application-list", {}, call={"base_url": url})
    assert_refused(got, server, "options.base_url")


@pytest.mark.parametrize("member", ["filename", "content_type"])
@pytest.mark.parametrize("text", ['a"; name="key', "a\r\nX-Evil: 1\r\n\r\nevil", "a\nb", "ü\\"])
def test_name_and_type_of_an_uploaded_file(program: Invoke, member: str, text: str) -> None:
    """They stand in the headers of a part of a form, which are lines as well."""
    ticket = {"key": "k", "policy": "p"}
    server = RawServer([answer()])
    server.script = [answer(200, {"Content": {"OssPostConfig": ticket | {"Url": server.url}}}), answer()]
    params = {"body": {"Name": "r", "CodeDescription": ""}}
    got = bench_of(server, program).call("UploadRoutineCode", params, upload={"data": "code", member: text})
    server.stop()
    assert got.status in ("EB_OK", "EB_INVALID"), got
    assert len(server.requests) <= 2
    for form in server.requests[1:]:
        boundary = b"--" + (form.header("content-type") or "").partition("boundary=")[2].strip('"').encode()
        parts = form.body.split(boundary)[1:-1]
        assert len(parts) == 3, form.body
        head, _, content = parts[-1].partition(b"\r\n\r\n")
        assert content == b"code\r\n", form.body
        lines = head.decode().removeprefix("\r\n").split("\r\n")
        assert [line.partition(":")[0].lower() for line in lines] in (
            ["content-disposition"],
            ["content-disposition", "content-type"],
        ), lines
        assert len(re.findall(r'\bname="', lines[0])) == 1 and '; name="file"' in lines[0], lines


# ---- What a call must have, and may have ----------------------------------------------------------------------


def required() -> Iterator[Place]:
    for operation in spec.ALL:
        found = spec.operation(operation)
        for parameter in found.parameters:
            if parameter.required:
                yield Place(operation, parameter.place, (parameter.name,))
        if found.body_required:
            yield Place(operation, "body", ("body",))
        for name in found.body_schema.get("required", []):
            schema = found.document.resolve(found.body_schema["properties"][name])
            if "null" not in schema.get("type", "") and not schema.get("x-eb-json"):
                yield Place(operation, "body", ("body", name))


REQUIRED = list(required())


@pytest.mark.parametrize("place", REQUIRED, ids=str)
def test_null_for_what_is_required(program: Invoke, place: Place) -> None:
    got, server = sends(program, place.operation, place.params(None))
    assert_refused(got, server, place.field)


@pytest.mark.parametrize("place", REQUIRED, ids=str)
def test_nothing_for_what_is_required(program: Invoke, place: Place) -> None:
    params = place.params(None)
    holder: dict[Any, Any] = params if len(place.keys) == 1 else params["body"]
    del holder[place.keys[-1]]
    got, server = sends(program, place.operation, params)
    assert_refused(got, server, place.field)
    assert "required" in got.message, got


@dataclass(frozen=True)
class Limit:
    place: Place
    outside: Any
    edge: Any

    def __str__(self) -> str:
        shown = self.outside if isinstance(self.outside, (int, float)) else f"{len(self.outside)} characters"
        return f"{self.place} = {shown}"


def limits_of(place: Place, schema: dict[str, Any]) -> Iterator[Limit]:
    step = 1 if "integer" in schema.get("type", "") else 0.5
    if "minimum" in schema:
        yield Limit(place, schema["minimum"] - step, schema["minimum"])
    if "maximum" in schema:
        yield Limit(place, schema["maximum"] + step, schema["maximum"])
    if schema.get("minLength"):
        yield Limit(place, "ü" * (schema["minLength"] - 1), "ü" * schema["minLength"])
    if "maxLength" in schema:
        yield Limit(place, "ü" * (schema["maxLength"] + 1), "ü" * schema["maxLength"])


def limits_in(place: Place, schema: dict[str, Any], document: Any) -> Iterator[Limit]:
    schema = document.resolve(schema)
    if schema.get("x-eb-json"):
        return
    yield from limits_of(place, schema)
    for name, inner in schema.get("properties", {}).items():
        yield from limits_in(Place(place.operation, "body", (*place.keys, name)), inner, document)
    if "items" in schema:
        yield from limits_in(Place(place.operation, "body", (*place.keys, 0)), schema["items"], document)


def limits() -> Iterator[Limit]:
    for operation in JSON_OPERATIONS:
        found = spec.operation(operation)
        for node in found.raw.get("parameters") or []:
            raw = found.document.resolve(node)
            yield from limits_of(Place(operation, raw["in"], (raw["name"],)), found.document.resolve(raw["schema"]))
        if found.media_type:
            yield from limits_in(Place(operation, "body", ("body",)), found.body_schema, found.document)


LIMITS = list(limits())


@pytest.mark.parametrize("limit", LIMITS, ids=str)
def test_documented_limit(program: Invoke, limit: Limit) -> None:
    """Advice: refused with its place unless the caller wants the service to decide. What is just inside is sent."""
    operation = limit.place.operation
    got, server = sends(program, operation, limit.place.params(limit.outside))
    assert_refused(got, server, limit.place.field)
    assert "expected" in got.message, got
    for more in ({"options": {"skip_limits": True}}, {"call": {"skip_limits": True}}):
        got, server = sends(program, operation, limit.place.params(limit.outside), **more)
        assert_one_request(server, got)
        assert str(limit.place.read(server)) == str(limit.outside)
    got, server = sends(program, operation, limit.place.params(limit.edge))
    assert_one_request(server, got)
    assert str(limit.place.read(server)) == str(limit.edge)


def test_there_is_something_to_look_at() -> None:
    assert len(PLACES) > 80 and len(LIMITS) > 35
    assert {place.where for place in PLACES} == {"path", "query", "header", "body"}
