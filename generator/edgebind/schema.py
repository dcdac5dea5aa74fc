"""Schemas as the generator understands them: one sort each, or a problem that says what to do instead."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from .load import Document, Value, join
from .one_of import CHOICES, has_choices, is_null
from .schema_plain import TYPES, plain

_ANNOTATIONS = {
    "description",
    "title",
    "default",
    "example",
    "examples",
    "deprecated",
    "readOnly",
    "writeOnly",
    "externalDocs",
    "$comment",
}
_RANGES = {
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "pattern",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minProperties",
    "maxProperties",
    "format",
}
_SHAPES = {
    "type",
    "enum",
    "properties",
    "required",
    "additionalProperties",
    "items",
    "$ref",
    "contentEncoding",
    "contentMediaType",
    "const",
    "oneOf",
    "anyOf",
    "discriminator",
}
_EXTENSIONS = {"x-eb-json", "x-eb-name", "x-eb-values"}
_HINTS = {
    "allOf": "a list of schemas is expected",
}
INT64 = (-(2**63), 2**63 - 1)


@dataclass(frozen=True)
class Alternative:
    """One of the schemas that a union chooses from."""

    schema: Schema
    at: str  # "#/components/schemas/Pet/oneOf/0": where the alternative stands
    ref: str = ""  # "#/components/schemas/Cat": what it is, when it is not written there
    title: str = ""


@dataclass(frozen=True)
class Schema:
    """A schema with its references followed."""

    sort: str  # object map list enum int_enum string text decimal int num bool json body union
    value: dict[str, Any]  # the schema itself, with what stood beside the reference laid over it
    at: str  # "#/components/schemas/Port": where it is written, which is what it is called after
    nullable: bool = False
    alternatives: tuple[Alternative, ...] = ()  # of a union

    @property
    def doc(self) -> str:
        return text_of(self.value.get("description"))

    @property
    def secret(self) -> bool:
        return self.value.get("format") == "password"


def is_decimal(value: dict[str, Any], name: str) -> bool:
    """A number that neither int64_t nor double can hold exactly."""
    if name == "integer":
        largest = value.get("maximum")
        return value.get("format") == "uint64" or (type(largest) is int and largest > INT64[1])
    return name == "number" and value.get("format") in ("decimal", "decimal128")


class Beside(dict[str, Any]):
    """A reference that allOf held alone, with what stood beside allOf: in OpenAPI 3.0 this way has a meaning."""


def text_of(value: Value) -> str:
    return value if isinstance(value, str) else ""


def from_3_0(value: dict[str, Any]) -> dict[str, Any]:
    """A schema of OpenAPI 3.0 as 3.1 writes it: nullable, bounds that are flags, nothing beside a reference."""
    if "$ref" in value:
        return value if isinstance(value, Beside) else {"$ref": value["$ref"]}
    made = {k: v for k, v in value.items() if k != "nullable" or not isinstance(v, bool)}
    if value.get("nullable") is True and isinstance(value.get("type"), str):
        made["type"] = [value["type"], "null"]
    for flag, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if isinstance(value.get(flag), bool):
            del made[flag]
            if value[flag] and bound in made:
                made[flag] = made.pop(bound)
    return made


class Schemas:
    """Reads the schemas of one document; each is looked at once."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.is_3_0 = str(document.value.get("openapi")).startswith("3.0")
        self._known: dict[str, Schema | None] = {}
        self._open: set[str] = set()

    # ---- References -------------------------------------------------------------------------------------------

    def follow(self, value: Value, pointer: str) -> tuple[Value, str]:
        """Follows $ref, to its end: the value it leads to and where that is. (None, pointer) after a problem."""
        beside: dict[str, Value] = {}
        seen: set[str] = set()
        while isinstance(value, dict) and "$ref" in value:
            ref = value["$ref"]
            at = join(pointer, "$ref")
            if not isinstance(ref, str):
                self.document.problem(at, "a reference must be text")
                return None, pointer
            if re.match(r"([A-Za-z][A-Za-z0-9+.-]*:)?//", ref):
                self.document.problem(
                    at,
                    f"{ref} is a URL, which is not fetched, so that the same files give the same code everywhere; "
                    "put what it names under components",
                )
                return None, pointer
            if ref in self.document.broken:
                self.document.problem(at, f"{ref} cannot be followed: {self.document.broken[ref]}")
                return None, pointer
            found, target = self.document.find(ref)
            if not found:
                self.document.problem(at, f"{ref} is not there{self.document.near(ref)}")
                return None, pointer
            if ref in seen:
                self.document.problem(at, f"{ref} leads back to itself")
                return None, pointer
            seen.add(ref)
            if not self.is_3_0 or isinstance(value, Beside):  # where what stands beside a reference has no meaning
                beside = {**{k: v for k, v in value.items() if k != "$ref"}, **beside}
            value, pointer = target, ref
        if beside and isinstance(value, dict):
            value = {**value, **beside}
        return value, pointer

    # ---- Schemas ----------------------------------------------------------------------------------------------

    def read(self, value: Value, pointer: str) -> Schema | None:
        """The schema at a place, None after a problem."""
        if pointer in self._open:
            what = "a choice of itself" if has_choices(value) else "a map of itself"
            self.document.problem(
                pointer, f"{what}; put an object with properties between, or mark it x-eb-json"
            )
            return None
        if pointer not in self._known:
            self._open.add(pointer)
            self._known[pointer] = self._read(value, pointer)
            self._open.discard(pointer)
        return self._known[pointer]

    def _read(self, value: Value, pointer: str) -> Schema | None:
        if value is True or value is False:
            if value is False:
                self.document.note(pointer, "a schema that no value fits; taken for any")
            return Schema("json", {}, pointer)
        if not isinstance(value, dict):
            self.document.problem(pointer, "a schema must be an object")
            return None
        if self.is_3_0:
            value = from_3_0(value)
        if "$ref" in value:
            beside = [k for k in value if k not in _ANNOTATIONS | _RANGES and k != "$ref" and not k.startswith("x-")]
            for key in beside:
                if key == "nullable" and isinstance(value[key], bool):
                    self.document.note(pointer, "nullable beside $ref, taken for a type that may be null", key)
                    continue
                self.document.problem(
                    join(pointer, key),
                    f"{key} beside $ref is not supported; write it into the schema "
                    "that is referred to, or make a schema of its own",
                )
            merged, at = self.follow(value, pointer)
            if merged is None:
                return None
            if not isinstance(merged, dict):
                return self._read(merged, at)
            inner = self.read(self.document.find(at)[1], at)
            if inner is None:
                return None
            self._check_beside(value, pointer, inner)
            return Schema(
                inner.sort,
                {**inner.value, **{k: v for k, v in merged.items() if k != "$ref"}},
                inner.at,
                inner.nullable or value.get("nullable") is True,
                inner.alternatives,
            )
        value = plain(value, lambda key, text: self.document.note(pointer, text, key))
        known = _ANNOTATIONS | _RANGES | _SHAPES
        for key in value:
            if not key.startswith("x-") and key not in known and key not in _HINTS:
                self.document.note(pointer, f"{key} means nothing in a schema", key)
                known = known | {key}
        if not self.keys(value, pointer, known, _EXTENSIONS):
            return None
        if has_choices(value) and value.get("x-eb-json") is not True:
            return self._one_of(value, pointer)
        sort, nullable = self._sort(value, pointer)
        return Schema(sort, value, pointer, nullable) if sort else None

    def _one_of(self, value: dict[str, Any], pointer: str) -> Schema | None:
        from .schema_unions import reference, union

        key = next(key for key in CHOICES if isinstance(value.get(key), list))
        found: list[Alternative] = []
        null, good = False, True
        for i, inner in enumerate(value[key]):
            at = join(pointer, key, i)
            if is_null(self.document, inner):
                null = True
                continue
            schema = self.read(inner, at)
            if schema is None:
                good = False
            elif schema.sort == "body":
                self.document.problem(at, "an upload among alternatives is not supported; name one schema")
                good = False
            else:
                title = text_of(inner.get("title")) if isinstance(inner, dict) else ""
                found.append(Alternative(schema, at, reference(inner), title))
        if not good:
            return None
        if not found:
            return Schema("json", {k: v for k, v in value.items() if k in _ANNOTATIONS}, pointer)

        def keep(schema: Schema) -> None:
            self._known[schema.at] = schema

        return union(value, pointer, found, null, keep)

    def _check_beside(self, value: dict[str, Any], pointer: str, inner: Schema) -> None:
        for key in value:
            if key in _RANGES and inner.sort not in ("string", "int", "num", "list"):
                self.document.note(join(pointer, key), f"{key} beside a reference to a schema of type {inner.sort}")

    def keys(self, value: dict[str, Any], pointer: str, allowed: Iterable[str], extensions: Iterable[str] = ()) -> bool:
        """Reports every member that is not understood; foreign x- names are none of our business."""
        good = True
        for key in value:
            if key.startswith("x-eb-"):
                if key not in extensions:
                    self.document.problem(pointer, f"{key} has no meaning here; see EXTENSIONS.md", key)
                    good = False
            elif not key.startswith("x-") and key not in allowed:
                hint = _HINTS.get(key, "take it out")
                self.document.problem(pointer, f"{key} is not supported here; {hint}", key)
                good = False
        return good

    def _sort(self, value: dict[str, Any], pointer: str) -> tuple[str, bool]:
        types = value.get("type")
        if value.get("x-eb-json") is True:
            return "json", False
        if types is None:
            if value.get("contentMediaType") == "application/octet-stream" or value.get("format") == "binary":
                return "body", False
            return "json", False
        names = [types] if isinstance(types, str) else types
        if not isinstance(names, list) or not all(isinstance(n, str) for n in names):
            self.document.problem(join(pointer, "type"), "type must be a name or a list of names")
            return "", False
        nullable = "null" in names
        names = [n for n in names if n != "null"]
        if sorted(names) == ["integer", "string"]:
            return "text", nullable
        if len(names) != 1:
            odd = [name for name in names if name not in TYPES]
            self.document.problem(join(pointer, "type"), f"there is no type {', '.join(odd)}" if odd else "no type")
            return "", False
        name = names[0]
        if "enum" in value:
            return self._enum(value, pointer, name, nullable)
        if name == "string":
            binary = value.get("format") == "binary" or (
                value.get("contentMediaType") == "application/octet-stream" and "contentEncoding" not in value
            )
            return ("body" if binary else "string"), nullable
        if is_decimal(value, name):
            return "decimal", nullable
        if name in ("integer", "number", "boolean"):
            return {"integer": "int", "number": "num", "boolean": "bool"}[name], nullable
        if name == "array":
            return "list", nullable
        if name == "object":
            return self._object(value, pointer), nullable
        self.document.problem(join(pointer, "type"), f"there is no type {name}")
        return "", False

    def _enum(self, value: dict[str, Any], pointer: str, name: str, nullable: bool) -> tuple[str, bool]:
        at = join(pointer, "enum")
        items = value["enum"]
        if not isinstance(items, list):
            self.document.problem(at, "enum must be a list")
            return "", False
        values = [v for v in items if v is not None]
        expected = {"string": str, "integer": int}.get(name)
        if name in ("boolean", "number"):
            return {"boolean": "bool", "number": "num"}[name], nullable
        if expected is None:
            self.document.problem(at, f"an enum of type {name} is not supported; those of scalars are")
        elif any(type(v) is not expected for v in values):
            self.document.problem(at, f"every value must be of type {name}; put texts in quotes")
        elif name == "integer" and any(not INT64[0] <= v <= INT64[1] for v in values):
            self.document.problem(at, "a value does not fit 64 bits")
        else:
            return ("enum" if name == "string" else "int_enum"), nullable
        return "", False

    def _is_open_choice(self, value: Value, pointer: str) -> bool:
        """Is it a choice that is being read, so that what stands here stands inside of it?"""
        target, at = self.follow(value, pointer)
        return at in self._open and has_choices(target)

    def _object(self, value: dict[str, Any], pointer: str) -> str:
        properties = value.get("properties")
        rest = value.get("additionalProperties", True)
        if properties:
            if not isinstance(properties, dict):
                self.document.problem(join(pointer, "properties"), "properties must be an object")
                return ""
            required = value.get("required", [])
            for i, name in enumerate(required if isinstance(required, list) else []):
                if not isinstance(name, str) or name not in properties:
                    self.document.problem(join(pointer, "required", i), f"there is no member {name}")
            return "object"
        if isinstance(rest, dict) and rest:
            if self._is_open_choice(rest, join(pointer, "additionalProperties")):
                return "map"
            inner = self.read(rest, join(pointer, "additionalProperties"))
            if inner is None:
                return ""
            return "json" if inner.sort == "json" else "map"
        return "json"
