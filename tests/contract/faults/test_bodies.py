"""A success whose body is not what the document says: refused with its place, never repaired, never repeated. What
the document leaves open is let through. The same holds for a creation: a status line came, so it is no riddle."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from harness import Answer
from raw_server import RawServer, answer
from scenario import Ends, Scenario, scenarios

NUL, LONE = "\\u0000", "\\ud800"  # as JSON escapes


def arrives(value: Any) -> Callable[[Answer, RawServer], None]:
    def check(got: Answer, server: RawServer) -> None:
        assert got.value == value, got

    return check


def message_is_one_line(got: Answer, server: RawServer) -> None:
    assert got.message.isprintable(), got


def refused(name: str, body: bytes | str, says: str, field: str = "", call: str = "GET version") -> Scenario:
    how = Ends("EB_DECODE", 200, tried="server_said_no", field=field, says=says)
    return Scenario(name, [answer(200, body.encode() if isinstance(body, str) else body)], how, call)


def limited(name: str, body: bytes, says: str, field: str = "", **options: Any) -> Scenario:
    how = Ends("EB_LIMIT", 200, tried="local", says=says, field=field)
    return Scenario(name, [answer(200, body)], how, "GET version", {"options": options})


def served(name: str, body: bytes | str, value: Any, call: str = "GET version") -> Scenario:
    data = body.encode() if isinstance(body, str) else body
    return Scenario(name, [answer(200, data)], Ends("EB_OK", 200), call, also=arrives(value))


HTML = b"<!DOCTYPE html><html><body><h1>It works!</h1></body></html>"

NOT_JSON = [
    refused("an HTML page", HTML, "expected a value"),
    refused("an HTML page after a creation", HTML, "expected a value", call="POST"),
    refused("XML", '<?xml version="1.0"?><Error/>', "expected a value"),
    refused("a byte order mark", b"\xef\xbb\xbf{}", "byte order mark"),
    refused("UTF-16", "{}".encode("utf-16-le"), "byte 1"),
    refused("a body that is cut at a place where HTTP does not see it", '{"name":"1.4.0","req_c', "ends"),
    refused("two values", "{} {}", "something follows"),
    refused("a NUL behind the value", b"{}\0", "something follows"),
    refused("single quotes", "{'name':'a'}", "byte 1"),
    refused("a comment", '{"name":"a"/* */}', "byte 11"),
    refused("a comma too many", '{"name":"a",}', "byte 12"),
    refused("JSON behind a guard against scripts", ")]}',\n{}", "expected a value"),
    refused("NaN", '{"caching_percent":NaN}', "expected a value", field="caching_percent"),
    refused("Infinity", '{"caching_percent":-Infinity}', "byte", field="caching_percent"),
]

WRONG_TYPES = [
    refused("an array instead of the object", "[]", "expected an object, got array"),
    refused("null instead of the object", "null", "expected an object, got null"),
    refused("a text instead of the object", '"ok"', "expected an object, got string"),
    refused("a number for a string", '{"name":5}', "name: expected a string, got number", field="name"),
    refused("an object for a string", '{"name":{}}', "expected a string, got object", field="name"),
    refused("a string for an integer", '{"req_cpu":"512"}', "expected an integer, got string", field="req_cpu"),
    refused("a boolean for an integer", '{"req_cpu":true}', "expected an integer, got boolean", field="req_cpu"),
    refused("a string for a number", '{"caching_percent":"1"}', "expected a number, got string", "caching_percent"),
    refused("a number for a boolean", '{"is_active":1}', "expected a boolean, got number", field="is_active"),
    refused("a string for a boolean", '{"is_active":"true"}', "expected a boolean, got string", field="is_active"),
    refused("a number for an enum", '{"restart_policy":7}', "expected a string, got number", field="restart_policy"),
    refused("an object for an array", '{"ports":{}}', "expected an array, got object", field="ports"),
    refused("an array for an object", '{"session_config":[]}', "expected an object, got array", "session_config"),
    refused("a number in a list of objects", '{"ports":[{},5]}', "expected an object, got number", field="ports[1]"),
    refused("a string deep inside", '{"ports":[{},{"port":"x"}]}', "expected an integer", field="ports[1].port"),
    refused("an object for a string or number", '{"Code":{}}', "expected a string or an integer", "Code", "GET SAE"),
    refused("null in a list", '{"ports":[null]}', "expected an object, got null", field="ports[0]"),
]

NUMBERS = [
    refused("an integer beyond 64 bits", '{"req_cpu":9223372036854775808}', "64 bits", field="req_cpu"),
    refused("an integer of 400 digits", '{"req_cpu":1' + "0" * 400 + "}", "64 bits", field="req_cpu"),
    refused("a fraction for an integer", '{"req_cpu":1.5}', "expected an integer, got 1.5", field="req_cpu"),
    refused("an exponent for an integer", '{"req_cpu":1e2}', "expected an integer, got 1e2", field="req_cpu"),
    refused("1e400 for a number", '{"caching_percent":1e400}', "does not fit", field="caching_percent"),
    refused("1e400 for an integer", '{"req_cpu":1e400}', "expected an integer, got 1e400", field="req_cpu"),
    refused("a leading zero", '{"req_cpu":0512}', "leading zero", field="req_cpu"),
    refused("a plus sign", '{"req_cpu":+1}', "expected a value", field="req_cpu"),
    refused("hexadecimal", '{"req_cpu":0x10}', "byte 12"),
    refused("a number that ends too soon", '{"req_cpu":-}', "byte", field="req_cpu"),
    served("the largest integer", '{"req_cpu":9223372036854775807}', {"req_cpu": 2**63 - 1}),
    served("the smallest integer", '{"req_cpu":-9223372036854775808}', {"req_cpu": -(2**63)}),
    served("a number too small for a double is zero", '{"caching_percent":1e-400}', {"caching_percent": 0}),
    served("an integer for a number", '{"caching_percent":1}', {"caching_percent": 1}),
]

TEXTS = [
    refused("U+0000 in a text", f'{{"name":"a{NUL}b"}}', "U+0000", field="name"),
    refused("half of a surrogate pair", f'{{"name":"{LONE}"}}', "surrogate", field="name"),
    refused("the halves the wrong way round", '{"name":"\\udc00\\ud800"}', "surrogate", field="name"),
    refused("a byte that is no UTF-8", b'{"name":"\xff"}', "UTF-8", field="name"),
    refused("an overlong form", b'{"name":"\xc0\x80"}', "UTF-8", field="name"),
    refused("a surrogate in UTF-8", b'{"name":"\xed\xa0\x80"}', "UTF-8", field="name"),
    refused("a character that is cut", b'{"name":"\xe2\x82"}', "UTF-8", field="name"),
    refused("no UTF-8 in a member that nobody reads", b'{"x":"\xff"}', "UTF-8"),
    refused("a line break in a text", b'{"name":"a\nb"}', "control character", field="name"),
    refused("an escape that is none", '{"name":"\\x41"}', "escape", field="name"),
    served("a pair of surrogates", '{"name":"\\ud83d\\ude00"}', {"name": "\U0001f600"}),
    served("a text of a megabyte", json.dumps({"name": "x" * 2**20}), {"name": "x" * 2**20}),
]

LET_THROUGH = [
    served("unknown members", '{"new":{"a":[1,null]},"name":"a"}', {"name": "a"}),
    served("an unknown value of an enum", '{"restart_policy":"of tomorrow"}', {"restart_policy": "of tomorrow"}),
    served("null where it may be", '{"req_cpu":null,"ports":null}', {"req_cpu": None, "ports": None}),
    served("null where it may not be counts as absent", '{"name":null}', {}),
    served("nothing at all: no answer requires a member", "{}", {}),
    served("a member twice: the last one wins", '{"name":"a","name":"b"}', {"name": "b"}),
    served("a list twice: the last one wins", '{"ports":[{"port":1},{"port":2}],"ports":[]}', {"ports": []}),
    refused("a member twice: every one is looked at", '{"name":5,"name":"a"}', "expected a string", field="name"),
    served("white space everywhere", b' \r\n\t{ "name"\n:\t"a" } \r\n', {"name": "a"}),
    served("a name that is escaped", '{"n\\u0061me":"a"}', {"name": "a"}),
    served("a number for a code that is mostly text", '{"Code":200}', {"Code": "200"}, "GET SAE"),
]

DEEP = 64  # levels allowed when nothing else is said
LIMITS = [
    served("as deep as allowed", b'{"x":' + b"[" * (DEEP - 1) + b"]" * (DEEP - 1) + b"}", {}),
    limited("one level deeper", b'{"x":' + b"[" * DEEP + b"]" * DEEP + b"}", "64 levels"),
    limited("a hundred thousand levels", b"[" * 100_000, "64 levels"),
    limited("a hundred thousand levels of objects", b'{"x":' * 100_000, "64 levels"),
    limited("more values than allowed", b'{"x":[' + b"0," * 999 + b"0]}", "values", max_items=500),
    limited("duplicates count as well", b'{"name":"a"' + b',"name":"a"' * 999 + b"}", "values", "name", max_items=500),
    limited("a list beyond the limit", b'{"ports":[' + b"{}," * 999 + b"{}]}", "values", "ports[498]", max_items=500),
]

INSIDE = [
    *scenarios(
        "a failure inside a 200",
        [answer(200, {"Success": False, "Code": "400", "ErrorCode": "Application.InvalidStatus", "Message": "busy"})],
        GET_SAE=Ends("EB_API", 200, tried="server_said_no", code="Application.InvalidStatus", says="busy"),
    ),
    *scenarios(
        "a failure inside a 200, by its code alone",
        [answer(200, {"Code": "500", "Message": "broken"})],
        GET_SAE=Ends("EB_API", 200, tried="server_said_no", code="500", says="broken"),
    ),
    *scenarios(
        "throttling inside a 200",
        [answer(200, {"Success": False, "Code": "400", "ErrorCode": "Throttling.User", "Message": "slow"}), answer()],
        GET_SAE=Ends("EB_OK", 200, tried="throttled done", connections=1),
    ),
    *scenarios(
        "an error whose body is HTML",
        [answer(404, HTML, "Content-Type: text/html")],
        GET=Ends("EB_API", 404, tried="server_said_no", says="HTTP 404"),
        POST=Ends("EB_API", 404, tried="server_said_no", says="HTTP 404"),
    ),
    *scenarios(
        "an error whose members have the wrong types",
        [answer(422, b'{"message":{"a":1},"errors":[1]}')],
        GET=Ends("EB_API", 422, tried="server_said_no"),
        POST=Ends("EB_API", 422, tried="server_said_no"),
    ),
    *scenarios(
        "an error nested without an end",
        [answer(400, b'{"message":' + b"[" * 100_000)],
        GET=Ends("EB_API", 400, tried="server_said_no", says="HTTP 400"),
    ),
    *scenarios(
        "an error whose text would leave its line",
        [answer(400, b'{"message":"a\\r\\nb\\u0000c\\u001b[31m"}')],
        GET=Ends("EB_API", 400, tried="server_said_no"),
        also=message_is_one_line,
    ),
]

TABLE = [*NOT_JSON, *WRONG_TYPES, *NUMBERS, *TEXTS, *LET_THROUGH, *LIMITS, *INSIDE]


@pytest.mark.parametrize("scenario", TABLE, ids=str)
def test_body(play: Callable[[Scenario], None], scenario: Scenario) -> None:
    play(scenario)
