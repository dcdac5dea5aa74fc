"""What a list of alternatives comes to: one schema where they are one in C, a union where they are not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .load import join
from .one_of import CHOICES, DOCS, FROM
from .schema import Alternative, Schema, text_of

WORDS = ("description", "title", "default", "example", "examples", "deprecated", "readOnly", "writeOnly")


def union(
    value: dict[str, Any], pointer: str, found: list[Alternative], nullable: bool, keep: Callable[[Schema], None]
) -> Schema:
    """The schema of a choice between alternatives that are not null, of which there is at least one. keep: takes a
    schema that is written nowhere, and has a place all the same."""
    said = {key: value[key] for key in WORDS if key in value}
    place = join(pointer, next(key for key in CHOICES if key in value))
    nullable = nullable or any(a.schema.nullable for a in found)
    found = _flat(found)
    if any(a.schema.sort == "json" and not _types(a.schema) for a in found):
        return Schema("json", said, pointer)
    found = _numbers(_texts(_distinct(found), place), place)
    if len(found) == 1:
        only = found[0].schema
        return Schema(only.sort, {**only.value, **said}, pointer if only.at == place else only.at, nullable,
                      only.alternatives)
    for one in found:
        if one.at == place:
            keep(one.schema)
    told = {"discriminator": value["discriminator"]} if "discriminator" in value else {}
    return Schema("union", {**said, **told}, pointer, nullable, tuple(found))


def _types(schema: Schema) -> Any:
    return schema.value.get("type")


def _flat(found: list[Alternative]) -> list[Alternative]:
    """Choices that are written inside this one, and not told apart by themselves, are its own alternatives."""
    made: list[Alternative] = []
    for one in found:
        inside = one.schema.sort == "union" and not one.ref and "discriminator" not in one.schema.value
        made += one.schema.alternatives if inside else [one]
    return made


def _distinct(found: list[Alternative]) -> list[Alternative]:
    """Each type once."""
    made: dict[object, Alternative] = {}
    for one in found:
        schema = one.schema
        plain = schema.sort in ("string", "text", "int", "num", "decimal", "bool")
        made.setdefault(schema.sort if plain else schema.at, one)
    return list(made.values())


def _joined(sort: str, found: list[Alternative], place: str) -> Alternative:
    """Several enums as one."""
    if len(found) == 1:
        return found[0]
    values = list(dict.fromkeys(v for one in found for v in one.schema.value["enum"] if v is not None))
    docs = {
        str(one.schema.value["enum"][0]): text_of(one.schema.value.get("description") or one.schema.value.get("title"))
        for one in found
        if len(one.schema.value["enum"]) == 1
    }
    value = {"type": "string" if sort == "enum" else "integer", "enum": values, DOCS: docs}
    return Alternative(Schema(sort, value, place), place)


def _texts(found: list[Alternative], place: str) -> list[Alternative]:
    """At most one alternative that is a text: an enum is open, so that it stands for any text too."""
    enums = [one for one in found if one.schema.sort == "enum"]
    texts = [one for one in found if one.schema.sort in ("string", "enum", "text")]
    if len(texts) < 2:
        return found
    digits = [one for one in texts if one.schema.sort == "text"]
    made = digits[0] if digits else _joined("enum", enums, place)
    return [made if one is texts[0] else one for one in found if one is texts[0] or one not in texts]


def _numbers(found: list[Alternative], place: str) -> list[Alternative]:
    """At most one alternative that is a number."""
    sorts = ("decimal", "num", "int", "int_enum")
    numbers = [one for one in found if one.schema.sort in sorts]
    if any(one.schema.sort == "text" for one in found):  # it takes integers
        found = [one for one in found if one not in numbers or one.schema.sort in ("decimal", "num")]
        return found
    if len(numbers) < 2:
        return found
    widest = [one for sort in sorts for one in numbers if one.schema.sort == sort]
    enums = [one for one in numbers if one.schema.sort == "int_enum"]
    made = _joined("int_enum", enums, place) if len(enums) == len(numbers) else widest[0]
    return [made if one is numbers[0] else one for one in found if one is numbers[0] or one not in numbers]


def reference(value: Any) -> str:
    """What an alternative is a reference to, "" when it is written where it stands."""
    if not isinstance(value, dict):
        return ""
    return text_of(value.get("$ref")) or text_of(value.get(FROM))


