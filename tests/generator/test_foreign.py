"""Extensions of other houses: what is not understood, or stands where it is not read, is a note and changes nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest

from edgebind import build, load
from edgebind.aliases import KNOWN, read_aliases
from edgebind.build_context import Entry
from edgebind.names import Pins
from edgebind.problem import Problems


def document() -> dict[str, Any]:
    """One of every place where an extension may stand."""
    answer = {"description": "D", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Box"}}}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "servers": [{"url": "https://t.example.com"}],
        "paths": {
            "/a/{id}": {
                "post": {
                    "operationId": "get",
                    "security": [{"key": []}],
                    "parameters": [
                        {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}},
                        {"name": "q", "in": "query", "schema": {"type": "integer"}},
                        {"name": "H", "in": "header", "schema": {"type": "string"}},
                    ],
                    "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Box"}}}},
                    "responses": {"200": answer},
                }
            }
        },
        "components": {
            "schemas": {
                "Box": {
                    "type": "object",
                    "properties": {
                        "text": {"type": "string"},
                        "colour": {"type": "string", "enum": ["red", "blue"]},
                        "number": {"type": "integer"},
                        "inner": {"$ref": "#/components/schemas/Inner"},
                    },
                },
                "Inner": {"type": "object", "properties": {"a": {"type": "string"}}},
            },
            "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}},
        },
    }


PLACES = (
    "#",
    "#/info",
    "#/servers/0",
    "#/paths/~1a~1{id}",
    "#/paths/~1a~1{id}/post",
    "#/paths/~1a~1{id}/post/parameters/0",
    "#/paths/~1a~1{id}/post/parameters/1",
    "#/paths/~1a~1{id}/post/parameters/2",
    "#/paths/~1a~1{id}/post/parameters/0/schema",
    "#/paths/~1a~1{id}/post/requestBody",
    "#/paths/~1a~1{id}/post/responses/200",
    "#/components/schemas/Box",
    "#/components/schemas/Box/properties/text",
    "#/components/schemas/Box/properties/colour",
    "#/components/schemas/Box/properties/number",
    "#/components/schemas/Box/properties/inner",
    "#/components/securitySchemes/key",
)


def put(root: dict[str, Any], place: str, name: str, value: Any) -> None:
    at: Any = root
    for token in place.split("/")[1:]:
        at = at[int(token)] if isinstance(at, list) else at[token.replace("~1", "/").replace("~0", "~")]
    at[name] = value


def said(root: dict[str, Any]) -> tuple[list[str], list[str]]:
    """The problems of a document, and the notes about foreign extensions."""
    made = load.Document("t.yaml", root, "0", Problems(), {"#": (1, 1)})
    read_aliases(made)
    build.build(made, Entry("t.yaml", "t", "t"), Pins(), lambda name: None)
    lines = [[f"{p.pointer}: {p.text}" for p in found] for found in (made.problems, made.notes)]
    return lines[0], [line.replace("note: ", "", 1) for line in lines[1]]


ODD: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1.5, 2**31, "", "odd", "read"),
    *([], {}, [None], [[]], ["read", 1], {"a": 1}, {"a": {}}),
)


@pytest.mark.parametrize("value", ODD, ids=[json.dumps(value) for value in ODD])
def test_whatever_stands_anywhere_is_no_problem(value: Any) -> None:
    for name in sorted(KNOWN):
        root = document()
        for place in PLACES:
            put(root, place, name, value)
        problems, notes = said(root)
        assert problems == []
        assert [note for note in notes if f": {name} is " not in note] == []


POST = "#/paths/~1a~1{id}/post"
TEXT = "#/components/schemas/Box/properties/text"
NOT_UNDERSTOOD = "is of a shape that is not understood"
ODD_ONES: tuple[tuple[str, str, Any, str], ...] = (
    (POST, "x-speakeasy-timeout", "90 s", NOT_UNDERSTOOD),
    (POST, "x-speakeasy-timeout", 0, NOT_UNDERSTOOD),
    ("#/paths/~1a~1{id}", "x-speakeasy-timeout", 9000, "is left alone: it is read at document or operation"),
    ("#", "x-speakeasy-retries", {"strategy": "often"}, NOT_UNDERSTOOD),
    ("#", "x-speakeasy-retries", {"strategy": "backoff", "backoff": {"initialInterval": 0.5}}, NOT_UNDERSTOOD),
    (
        POST,
        "x-speakeasy-retries",
        {"strategy": "backoff", "backoff": {"initialInterval": 9, "maxInterval": 8}},
        NOT_UNDERSTOOD,
    ),
    (POST, "x-fern-retries", {"disabled": "yes"}, NOT_UNDERSTOOD),
    (POST, "x-fern-idempotent", "yes", NOT_UNDERSTOOD),
    (TEXT, "x-fern-idempotent", True, "is left alone: it is read at operation"),
    ("#", "x-fern-idempotency-headers", [{"name": "key"}], NOT_UNDERSTOOD),
    (POST, "x-yc-apigateway-rate-limit", {"allRequests": {"burst": 5}}, NOT_UNDERSTOOD),
    (POST, "x-yc-apigateway-rate-limit", {"allRequests": {"rps": 0.5}}, NOT_UNDERSTOOD),
    (TEXT, "x-ms-mutability", ["write"], NOT_UNDERSTOOD),
    (
        "#/components/schemas/Box/properties/inner",
        "x-ms-mutability",
        ["read"],
        "is left alone: it stands beside a reference",
    ),
    (
        f"{POST}/parameters/2",
        "x-ms-skip-url-encoding",
        True,
        "is left alone: it is read at parameters in query, and in path with a string",
    ),
    ("#/components/schemas/Box/properties/number", "x-extensible-enum", ["a"], "is left alone: it is read at strings"),
    (TEXT, "x-extensible-enum", "a", NOT_UNDERSTOOD),
    ("#", "x-fern-idempotency-headers", [{"header": "a key"}], NOT_UNDERSTOOD),
    ("#/components/schemas/Box/properties/colour", "x-stainless-const", True, NOT_UNDERSTOOD),
    (
        TEXT,
        "x-stainless-naming",
        {"go": {"property_name": "a"}, "java": {"property_name": "b"}},
        "is left alone: it has no one name for all languages",
    ),
    ("#/components/securitySchemes/key", "x-fern-header", {"env": "lower case"}, NOT_UNDERSTOOD),
    (
        "#/components/securitySchemes/key",
        "x-fern-bearer",
        {"env": "TOKEN"},
        "is left alone: the security scheme is not http bearer",
    ),
    (
        "#",
        "x-speakeasy-globals",
        {"parameters": []},
        "is left alone: a client has no parameters; those that operations have are given with each call",
    ),
    (TEXT, "x-speakeasy-ignore", True, "is left alone: it is read at operation"),
    ("#/info", "x-ms-client-name", "a", "is left alone: it is read at server or operation or schema or parameter"),
)


@pytest.mark.parametrize(
    ("place", "name", "value", "note"), ODD_ONES, ids=[f"{name}-{i}" for i, (_, name, _, _) in enumerate(ODD_ONES)]
)
def test_one_that_is_not_followed_is_named_with_its_place(place: str, name: str, value: Any, note: str) -> None:
    root = document()
    put(root, place, name, value)
    assert said(root) == ([], [f"{place}: {name} {note}"])


def test_what_contradicts_the_schema_is_left_out() -> None:
    for word, value in (("readOnly", ["create", "update"]), ("writeOnly", ["read"])):
        root = document()
        put(root, TEXT, word, True)
        put(root, TEXT, "x-ms-mutability", value)
        assert said(root) == ([], [f"{TEXT}: x-ms-mutability {NOT_UNDERSTOOD}"])


def test_values_that_are_named_twice_are_one() -> None:
    root = document()
    put(root, TEXT, "x-extensible-enum", ["a", "b", "a"])
    assert said(root) == ([], [])


def test_a_key_that_does_not_fit_the_header_there_is_is_left_out() -> None:
    root = document()
    root["x-fern-idempotency-headers"] = [{"header": "h", "name": "key"}]
    put(root, POST, "x-fern-idempotent", True)
    put(root, f"{POST}/parameters/2/schema", "type", "integer")
    assert said(root) == ([], [f"{POST}: x-fern-idempotent {NOT_UNDERSTOOD}"])
