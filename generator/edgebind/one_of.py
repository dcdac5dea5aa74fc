"""oneOf and anyOf before they are built: whatever a document writes for a choice becomes a plain list of alternatives.

Members beside the list go into each alternative; lists that only say which members must be there together are advice,
and left out; several types are one alternative each; a schema with a discriminator that others are made of by allOf is
the choice between them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .load import Document, Value, join

CHOICES = ("oneOf", "anyOf")
FROM = "x-edgebind-from"  # of a merged alternative: the schema it was a reference to
DOCS = "x-edgebind-docs"  # of an enum made of several: what is said about each value
SCHEMAS = "#/components/schemas"
_OF_TYPES = {
    "string": ("minLength", "maxLength", "pattern", "format", "contentEncoding", "contentMediaType", "enum"),
    "integer": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "format", "enum"),
    "number": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "format"),
    "boolean": (),
    "array": ("items", "minItems", "maxItems", "uniqueItems"),
    "object": ("properties", "required", "additionalProperties", "minProperties", "maxProperties"),
}
_PYTHON = {"string": str, "integer": int}
_ADVICE = {"required", "not", "title", "description", "minProperties", "maxProperties"}


def has_choices(value: Value) -> bool:
    return isinstance(value, dict) and any(isinstance(value.get(key), list) for key in CHOICES)


def needs_settling(value: dict[str, Any]) -> bool:
    """Could this be a schema that has to become a plain choice?"""
    types = value.get("type")
    several = isinstance(types, list) and len(types) > 2 - ("null" not in types)
    return several or has_choices(value) or "discriminator" in value


def with_types(value: dict[str, Any]) -> dict[str, Any]:
    """A schema of several types as a choice between them; itself when it is one of one type, or a text or integer."""
    types = value.get("type")
    if not isinstance(types, list) or has_choices(value) or not all(isinstance(t, str) for t in types):
        return value
    names = [t for t in dict.fromkeys(types) if t != "null"]
    if "number" in names and "integer" in names:
        names.remove("integer")
    if len(names) < 2 or any(t not in _OF_TYPES for t in names):
        return {**value, "type": [*names, "null"] if "null" in types else names[0]} if len(names) == 1 else value
    if sorted(names) == ["integer", "string"]:
        return value
    made: list[Value] = []
    for name in names:
        one = {"type": name, **{key: value[key] for key in _OF_TYPES[name] if key in value}}
        if isinstance(one.get("enum"), list):
            one["enum"] = [v for v in one["enum"] if type(v) is _PYTHON.get(name)]
            if not one["enum"]:
                continue
        if name == "array" and "items" not in one:
            one["items"] = {}
        made.append(one)
    if "null" in types:
        made.append({"type": "null"})
    shapes = {key for keys in _OF_TYPES.values() for key in keys} | {"type"}
    return {**{key: inner for key, inner in value.items() if key not in shapes}, "anyOf": made}


def collapsed(value: dict[str, Any]) -> dict[str, Any]:
    """Values that are written as a choice each, and one schema or null, as the enum and the schema that they are."""
    key = next((key for key in CHOICES if isinstance(value.get(key), list)), None)
    if key is None or any(not isinstance(a, dict) or "$ref" in a or "allOf" in a or has_choices(a) for a in value[key]):
        return value
    null = [a for a in value[key] if _is_null(a)]
    rest = [a for a in value[key] if not _is_null(a)]
    own = {k: inner for k, inner in value.items() if k not in (key, "discriminator")}
    if own.keys() & {"properties", "items", "additionalProperties", "required", "enum"} or not rest:
        return value
    types = {_type(a) for a in rest}
    if len(rest) == 1 and types != {""}:
        made = {**rest[0], **own, "type": rest[0].get("type", types.copy().pop())}
    elif types in ({"string"}, {"integer"}) and any(_values(a) for a in rest):
        if types == {"integer"} and not all(_values(a) for a in rest):
            return value
        values = list(dict.fromkeys(v for a in rest for v in _values(a)))
        said = {str(_values(a)[0]): a.get("description", a.get("title")) for a in rest if len(_values(a)) == 1}
        made = {**own, "type": types.pop(), "enum": values, DOCS: {v: text for v, text in said.items() if text}}
    else:
        return value
    if null:
        given = made["type"]
        made["type"] = [*(given if isinstance(given, list) else [given]), "null"]
    return made


def _is_null(value: dict[str, Any]) -> bool:
    return value.get("type") in ("null", ["null"]) or value.get("enum") == [None] or value.get("const", 0) is None


def _values(value: dict[str, Any]) -> list[Any]:
    given = value.get("enum", [])
    return [value["const"]] if "const" in value else given if isinstance(given, list) else []


def _type(value: dict[str, Any]) -> str:
    """The one type of a schema, "" when it has several or says none."""
    given = value.get("type")
    if isinstance(given, str):
        return given
    kinds = {type(v) for v in _values(value)}
    return {str: "string", int: "integer"}.get(kinds.pop(), "") if given is None and len(kinds) == 1 else ""


def is_advice(alternatives: list[Value], own: Mapping[str, Any]) -> bool:
    """Do the alternatives only say which members must be there together?"""
    if "properties" not in own and "$ref" not in own:
        return False
    return all(isinstance(a, dict) and a.keys() <= _ADVICE for a in alternatives)


def is_null(document: Document, value: Value) -> bool:
    seen: set[str] = set()
    while isinstance(value, dict) and isinstance(value.get("$ref"), str) and value["$ref"] not in seen:
        seen.add(value["$ref"])
        value = document.find(value["$ref"])[1]
    return isinstance(value, dict) and _is_null(value)


def children(root: Value) -> dict[str, list[str]]:
    """Of each component schema, those that are made of it by allOf, or of what is made of it, in document order."""
    components = root.get("components") if isinstance(root, dict) else None
    schemas = components.get("schemas") if isinstance(components, dict) else None
    direct: dict[str, list[str]] = {}
    for name, value in schemas.items() if isinstance(schemas, dict) else ():
        listed = value.get("allOf") if isinstance(value, dict) else None
        for part in listed if isinstance(listed, list) else ():
            if isinstance(part, dict) and isinstance(part.get("$ref"), str):
                direct.setdefault(part["$ref"], []).append(join(SCHEMAS, str(name)))
    made: dict[str, list[str]] = {}
    for parent in direct:
        waiting, found = [parent], {parent}
        while waiting:
            new = [child for child in direct.get(waiting.pop(), []) if child not in found]
            found.update(new)
            waiting += new
        made[parent] = [child for child in dict.fromkeys(c for cs in direct.values() for c in cs) if child in found]
        made[parent] = [child for child in made[parent] if child != parent]
    return made


def with_children(value: dict[str, Any], pointer: str, kin: Mapping[str, list[str]]) -> dict[str, Any]:
    """A schema with a discriminator, and without a list of its own, as the choice between those made of it."""
    told = value.get("discriminator")
    if not isinstance(told, dict) or has_choices(value) or not kin.get(pointer):
        return value
    mapping = told.get("mapping")
    refs = list(mapping.values()) if isinstance(mapping, dict) else []
    alternatives: list[Value] = [{"$ref": child} for child in kin[pointer]]
    name = pointer.rpartition("/")[2]
    if pointer in refs or name in refs:  # it stands for itself as well
        alternatives.append({**{k: v for k, v in value.items() if k != "discriminator"}, FROM: pointer})
    said = {key: inner for key, inner in value.items() if key in ("title", "description", "deprecated")}
    return {**said, "oneOf": alternatives, "discriminator": told, "properties": value.get("properties", {})}
