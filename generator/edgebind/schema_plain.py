"""Schemas as documents have them, as plain schemas of OpenAPI 3.1 that say a type.

What only restricts values (not, if, contains, ...) is advice: a note says that it is not checked, and the C type is
that of the value without it. What has no type is given the one that its other words are about. Where no C type is
right, the value is free-form JSON: nothing that is on the wire is lost.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from .load import Value

Note = Callable[[str, str], None]  # a member, and what is said about it

# Keywords of JSON Schema that restrict values further than a C type can
ADVICE = {
    "not", "if", "then", "else", "contains", "minContains", "maxContains", "dependentRequired", "dependentSchemas",
    "dependencies", "propertyNames", "unevaluatedProperties", "unevaluatedItems", "additionalItems",
}  # fmt: skip
# Keywords that say nothing about values
SILENT = {
    "$schema", "$comment", "$id", "id", "$anchor", "$vocabulary", "$defs", "definitions", "externalDocs", "xml",
    "contentSchema",
}  # fmt: skip
_NUMBER = {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"}
# Formats that belong to one type; the others say nothing of it.
_TYPES_OF_FORMATS = {
    **dict.fromkeys(("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32"), "integer"),
    **dict.fromkeys(("float", "double"), "number"),
    **dict.fromkeys(("byte", "date", "date-time", "time", "email", "hostname", "ipv4", "ipv6", "password"), "string"),
    **dict.fromkeys(("uri", "uri-reference", "uuid"), "string"),
}
TYPES = {"string": str, "integer": int, "number": (int, float), "boolean": bool, "array": list, "object": dict}
_WORDS = (
    "title",
    "description",
    "default",
    "example",
    "examples",
    "deprecated",
    "readOnly",
    "writeOnly",
    "externalDocs",
)
_COMBINED = ("oneOf", "anyOf", "allOf")


def plain(value: dict[str, Any], note: Note) -> dict[str, Any]:
    """The schema in plainer words; itself when there is nothing to do."""
    if value.get("x-eb-json") is True or any(key in value for key in _COMBINED):
        return _without(value, note)
    value = _without(value, note)
    value = _nullable(value, note)
    if "const" in value:
        value = _const(value)
    if "type" not in value:
        implied = implied_type(value)
        value = {**value, "type": implied} if implied else value
    if not all(isinstance(name, str) for name in _types(value)):
        return value  # no type at all, or a problem that is reported
    if "patternProperties" in value:
        value = _patterns(value, note)
    if "enum" in value:
        value = _enum(value, note)
    return _shape(value, note)


def free(value: dict[str, Any]) -> dict[str, Any]:
    """Any JSON, under the same description."""
    return {**{key: value[key] for key in (*_WORDS, "type") if key in value}, "x-eb-json": True}


def _types(value: dict[str, Any]) -> list[Value]:
    given = value.get("type")
    return list(given) if isinstance(given, list) else [given]


def _without(value: dict[str, Any], note: Note) -> dict[str, Any]:
    for key in value:
        if key in ADVICE:
            note(key, f"{key} is not checked")
    return {key: inner for key, inner in value.items() if key not in ADVICE and key not in SILENT}


def _nullable(value: dict[str, Any], note: Note) -> dict[str, Any]:
    """nullable is OpenAPI 3.0's; in a 3.1 document it can only mean the same."""
    if not isinstance(value.get("nullable"), bool):
        return value
    made = {key: inner for key, inner in value.items() if key != "nullable"}
    if value["nullable"]:
        note("nullable", "nullable means nothing in OpenAPI 3.1; taken for type: [..., 'null']")
        if "type" in made and "null" not in _types(made):
            made["type"] = [*_types(made), "null"]
    return made


def _const(value: dict[str, Any]) -> dict[str, Any]:
    """One value: an enum of one, where there can be one; a boolean or number is looked at when it is sent."""
    const = value["const"]
    keep = isinstance(const, bool | float)
    made = {key: inner for key, inner in value.items() if key != "const" or keep}
    if const is None:
        return {**made, "type": "null"}
    if "enum" not in made and isinstance(const, str | int) and not isinstance(const, bool):
        made["enum"] = [const]
    if "type" not in made:
        made["type"] = next(name for name, kind in TYPES.items() if type(const) is kind or name == "object")
        if isinstance(const, float):
            made["type"] = "number"
    return made


def implied_type(value: dict[str, Any]) -> str | list[str] | None:
    """The type of a schema that names none, by what it says of its values; None when that is nothing."""
    if value.keys() & {"properties", "additionalProperties", "patternProperties"}:
        return "object"
    if value.keys() & {"items", "prefixItems"}:
        return "array"
    values = value.get("enum")
    if isinstance(values, list) and values:
        kinds = {type(v) for v in values} - {type(None)}
        names = {str: "string", int: "integer", float: "number", bool: "boolean"}
        name = names.get(kinds.pop()) if len(kinds) == 1 else None
        return [name, "null"] if name and None in values else name
    if value.keys() & {"pattern", "minLength", "maxLength", "contentEncoding"}:
        return "string"
    if value.keys() & {"minItems", "maxItems", "uniqueItems"}:
        return None
    if value.keys() & {"multipleOf", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"}:
        return "number"
    return _TYPES_OF_FORMATS.get(str(value.get("format")))


def _patterns(value: dict[str, Any], note: Note) -> dict[str, Any]:
    """Members by pattern: a map, where all of them are of one schema and none has a name of its own."""
    patterns = value["patternProperties"]
    made = {key: inner for key, inner in value.items() if key != "patternProperties"}
    schemas = list(patterns.values()) if isinstance(patterns, dict) else []
    rest = made.get("additionalProperties", False)
    if made.get("properties") or any(schema != schemas[0] for schema in schemas) or rest not in (False, True):
        note("patternProperties", "patternProperties is not checked; members that match are as others without a name")
        return made
    return {**made, "additionalProperties": schemas[0] if schemas else True}


def _enum(value: dict[str, Any], note: Note) -> dict[str, Any]:
    """An enum that C can have, or none: what is no text and no integer is advice."""
    items = value["enum"]
    types = [name for name in _types(value) if name != "null"]
    if not isinstance(items, list) or len(types) != 1 or types[0] not in TYPES:
        return value
    made = {key: inner for key, inner in value.items() if key != "enum"}
    values = [v for v in items if v is not None]
    if None in items and "null" not in _types(value):
        note("enum", "null is a value but not a type; taken for type: [..., 'null']")
        made["type"] = [*_types(value), "null"]
    if types[0] == "string" and any(not isinstance(v, str) for v in values):
        if any(isinstance(v, dict | list | float) for v in values):
            note("enum", "enum is not checked: it holds what is no text")
            return made
        note("enum", "values that are no texts are taken as they are written in JSON")
        values = [v if isinstance(v, str) else json.dumps(v) for v in values]
    if types[0] == "integer":
        values = [int(v) if isinstance(v, str) and re.fullmatch(r"-?[0-9]{1,18}", v) else v for v in values]
        values = [int(v) if isinstance(v, float) and v.is_integer() else v for v in values]
    if types[0] not in ("string", "integer"):
        if len(values) == 1 and isinstance(values[0], bool | int | float):
            made.setdefault("const", values[0])
        elif types[0] != "boolean":
            note("enum", f"enum of type {types[0]} is not checked; string and integer are")
        return made
    if not values:
        note("enum", "enum without values says nothing")
        return made
    if types[0] == "integer" and any(type(v) is not int for v in values):
        return value  # its problem is reported
    once = list(dict.fromkeys(values))
    if len(once) != len(values):
        note("enum", "a value is here twice")
    return {**made, "enum": once}


def _shape(value: dict[str, Any], note: Note) -> dict[str, Any]:
    types = _types(value)
    names = [name for name in types if name != "null"]
    if sorted(map(str, names)) == ["integer", "string"]:
        for key in _NUMBER & set(value) | {"enum"} & set(value):
            note(key, f"{key} of a text or number is not checked")
        return {key: inner for key, inner in value.items() if key not in _NUMBER | {"enum"}}
    if len(names) > 1 and all(n in TYPES for n in names):
        if sorted(names) == ["integer", "number"]:
            return {**value, "type": ["number", *(["null"] if "null" in types else [])]}
        return free(value)
    if types == ["null"]:
        return free(value)
    if names == ["array"]:
        if "prefixItems" in value:
            note("prefixItems", "a list whose items are of different types; free-form JSON")
            return free(value)
        if "items" not in value or value["items"] is False:
            return free(value)
    if names == ["object"]:
        if value.get("additionalProperties") is False and not value.get("properties"):
            return free(value)
        required, properties = value.get("required"), value.get("properties")
        if isinstance(required, list) and isinstance(properties, dict):
            unknown = [name for name in required if isinstance(name, str) and name not in properties]
            for name in unknown:
                note("required", f"{name} is required and has no schema; it is not checked")
            return {**value, "required": [name for name in required if name not in unknown]}
    return value
