"""What the documents promise of each operation: examples, statuses, codes, members. Read from the YAML, not from
anything generated, so that a misreading in the generator shows."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from edgebind_mock.__main__ import spec_folder
from edgebind_mock.documents import Document, Documents, Operation

DOCUMENTS = Documents.load(spec_folder())
OPERATIONS = DOCUMENTS.operations
APIS = {
    "edgegap.yaml": "edgegap",
    "alibaba-esa.yaml": "esa",
    "alibaba-dcdn.yaml": "dcdn",
    "alibaba-sae.yaml": "sae",
    "alibaba-oss.yaml": "oss",
}
ALL = sorted(OPERATIONS)


def api_of(operation: str) -> str:
    return APIS[OPERATIONS[operation].document.name]


def is_safe(operation: str) -> bool:
    raw = OPERATIONS[operation]
    return bool(raw.raw.get("x-eb-safe", raw.method in ("GET", "HEAD", "PUT", "DELETE", "OPTIONS")))


def _first_example(document: Document, media: dict[str, Any]) -> Any:
    found = examples(document, media)
    return found[0] if found else None


def examples(document: Document, media: dict[str, Any]) -> list[Any]:
    """`example` and every one of `examples`, of the media type or else of its schema."""
    if "example" in media:
        return [media["example"]]
    named = [document.resolve(one).get("value") for one in (media.get("examples") or {}).values()]
    return named or list(document.resolve(media.get("schema") or {}).get("examples") or [])


def path_and_query(operation: str) -> dict[str, Any]:
    """An example of every parameter that the operation has, by its name on the wire."""
    found = OPERATIONS[operation]
    nodes = [found.document.resolve(node) for node in found.raw.get("parameters") or []]
    return {node["name"]: node["example"] for node in nodes}


def required_only(operation: str) -> dict[str, Any]:
    found = OPERATIONS[operation]
    nodes = [found.document.resolve(node) for node in found.raw.get("parameters") or []]
    params: dict[str, Any] = {node["name"]: node["example"] for node in nodes if node.get("required")}
    body = body_example(operation)
    return params if body is None else params | {"body": body}


def body_example(operation: str) -> Any:
    found = OPERATIONS[operation]
    body = found.document.resolve(found.raw.get("requestBody") or {})
    media = (body.get("content") or {}).get(found.media_type or "", {})
    return copy.deepcopy(_first_example(found.document, media))


def request_example(operation: str) -> dict[str, Any]:
    body = body_example(operation)
    params = path_and_query(operation)
    return params if body is None else params | {"body": body}


@dataclass(frozen=True)
class Response:
    status: int  # of a default: one that it stands for
    is_default: bool
    schema: dict[str, Any] | None
    examples: tuple[Any, ...]
    codes: tuple[str, ...]


def responses(operation: str) -> list[Response]:
    found = OPERATIONS[operation]
    out = []
    for status, node in (found.raw.get("responses") or {}).items():
        response = found.document.resolve(node)
        media: dict[str, Any] = next(iter((response.get("content") or {}).values()), {})
        out.append(
            Response(
                status=429 if status == "default" else int(status),
                is_default=status == "default",
                schema=found.document.resolve(media["schema"]) if "schema" in media else None,
                examples=tuple(examples(found.document, media)),
                codes=tuple(response.get("x-eb-codes") or ()),
            )
        )
    return out


def is_failure(operation: str, response: Response) -> bool:
    inside = OPERATIONS[operation].document.raw["x-eb-errors"].get("failure-status") or []
    return response.status >= 300 or response.status in inside


def successes(operation: str) -> list[Response]:
    return [one for one in responses(operation) if not is_failure(operation, one)]


def failures(operation: str) -> list[Response]:
    return [one for one in responses(operation) if is_failure(operation, one)]


def result(operation: str) -> Response | None:
    """The success that has a body."""
    return next((one for one in successes(operation) if one.schema is not None), None)


WITH_RESULT = [operation for operation in ALL if result(operation) is not None]


def result_example(operation: str) -> Any:
    found = result(operation)
    assert found is not None
    return copy.deepcopy(found.examples[0])


@dataclass(frozen=True)
class Member:
    keys: tuple[str | int, ...]  # ("versions", 0, "req_cpu")
    path: str  # "versions[0].req_cpu"
    schema: dict[str, Any]

    @property
    def types(self) -> list[str]:
        given = self.schema.get("type", "object")
        return list(given) if isinstance(given, list) else [given]

    @property
    def nullable(self) -> bool:
        return "null" in self.types or self.is_free

    @property
    def is_free(self) -> bool:
        """Any JSON, kept as text."""
        return bool(self.schema.get("x-eb-json"))

    @property
    def is_enum(self) -> bool:
        return "enum" in self.schema

    def put(self, value: Any, new: Any) -> Any:
        """A copy of the whole in which this member is another."""
        changed = copy.deepcopy(value)
        at = changed
        for key in self.keys[:-1]:
            at = at[key]
        at[self.keys[-1]] = new
        return changed

    def drop(self, value: Any) -> Any:
        changed = copy.deepcopy(value)
        at = changed
        for key in self.keys[:-1]:
            at = at[key]
        del at[self.keys[-1]]
        return changed

    def get(self, value: Any) -> Any:
        for key in self.keys:
            value = value[key]
        return value


def members(operation: str) -> list[Member]:
    """Every member of the success example, at any depth; elements of lists too."""
    found = result(operation)
    assert found is not None and found.schema is not None
    return list(_members(OPERATIONS[operation].document, found.schema, found.examples[0], (), ""))


def _members(
    document: Document, schema: dict[str, Any], value: Any, keys: tuple[str | int, ...], path: str
) -> Iterator[Member]:
    schema = document.resolve(schema)
    if schema.get("x-eb-json"):
        return
    if isinstance(value, dict):
        for name, inner in value.items():
            declared = document.resolve(schema["properties"][name])
            place = f"{path}.{name}" if path else name
            yield Member((*keys, name), place, declared)
            yield from _members(document, declared, inner, (*keys, name), place)
    elif isinstance(value, list):
        for n, inner in enumerate(value):
            declared = document.resolve(schema["items"])
            yield Member((*keys, n), f"{path}[{n}]", declared)
            yield from _members(document, declared, inner, (*keys, n), f"{path}[{n}]")


def operation(name: str) -> Operation:
    return OPERATIONS[name]
