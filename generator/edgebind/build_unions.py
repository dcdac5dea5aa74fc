"""Unions: a schema that chooses from several becomes a struct of a kind and one of them.

What they are called comes from the schema an alternative refers to, from its title, from the value that tells it
apart, or else from its type. How they are told apart is found out here, once: by the discriminator of the document, by
a member that every alternative requires with other values, or by what a value holds.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING, Any

from . import names as naming
from .ir import Choice, Field, Kind, Union
from .load import Value, join, unescape
from .schema import Alternative, Schema
from .schema_facts import limits_of

if TYPE_CHECKING:
    from .build_types import Types

_WORDS_OF_A_TITLE = 4
_CALLED = {
    "string": "text",
    "text": "text",
    "int": "integer",
    "num": "number",
    "decimal": "number",
    "bool": "boolean",
    "enum": "value",
}
_ITEM_KINDS = {Kind.OPT_INT: Kind.INT, Kind.OPT_NUM: Kind.NUM, Kind.OPT_BOOL: Kind.BOOL}


@dataclass(frozen=True)
class _Told:
    """The discriminator, and the values of it that mean each alternative."""

    member: str | None
    tags: tuple[tuple[str, ...], ...]


def union_of(types: Types, schema: Schema, name: str) -> Union:
    told = _Teller(types).told(schema)
    hint = name.removeprefix(f"{types.entry.prefix}_")
    members = types.names.members(schema.at)
    members.reserve("other")
    labels = _labels(types, schema, told)
    request = schema.at in types.requests
    fields: list[Field] = []
    choices: list[tuple[str, Field, tuple[str, ...], tuple[str, ...]]] = []
    called_already: set[str] = set()
    for alternative, label, tags in zip(schema.alternatives, labels, told.tags, strict=True):
        inner = alternative.schema
        field = types._field(
            None, alternative.at, label, members, f"{hint}_{label}", required=True, request=False
        )
        if field is None:
            continue
        kind = _ITEM_KINDS.get(field.kind, field.kind)
        if kind in (Kind.ENUM, Kind.INT_ENUM) and field.target:
            types.listed.add(field.target)
        field = replace(
            field,
            json=field.name,
            kind=kind,
            nullable=False,
            fixed=False,
            limits=limits_of(inner) if request else None,
            facts=tuple(fact for fact in field.facts if fact != "Required."),
        )
        fields.append(field)
        given = inner.value.get("type") if inner.sort == "json" else None
        free = [given] if isinstance(given, str) else given if isinstance(given, list) else []
        # a value that no member keeps is kept by the kind
        apart = len(tags) > 1 and told.member not in inner.value.get("properties", (told.member,))
        for called, some in [(naming.snake(tag), (tag,)) for tag in tags] if apart else [(label, tags)]:
            choices.append((_free(called, called_already), field, some, tuple(t for t in free if t != "null")))
            called_already.add(choices[-1][0])
    words = [choice[0] for choice in choices]
    pinned = types.names.values(schema.at, name, words, [naming.constant(word) for word in words])
    return Union(
        name,
        tuple(fields),
        schema.nullable,
        True,
        schema.doc,
        schema.at,
        choices=tuple(
            Choice(field, constant, number, tags, free)
            for (_, field, tags, free), (constant, number) in zip(choices, pinned, strict=True)
        ),
        member=told.member,
    )


# ---- Names ----------------------------------------------------------------------------------------------------


def _labels(types: Types, schema: Schema, told: _Told) -> list[str]:
    """What each alternative is called, no two alike."""
    made: dict[str, None] = {}
    objects = sum(a.schema.sort == "object" for a in schema.alternatives)
    for i, (alternative, tags) in enumerate(zip(schema.alternatives, told.tags, strict=True)):
        made[_free(_label(types, alternative, tags, i if objects > 1 else None), made)] = None
    return list(made)


def _free(label: str, taken: Collection[str]) -> str:
    return next(name for name in chain((label,), naming.numbered(label)) if name not in taken)


def _label(types: Types, alternative: Alternative, tags: Sequence[str], index: int | None) -> str:
    if alternative.ref:
        return naming.snake(unescape(alternative.ref.rpartition("/")[2]))
    if tags and any(c.isalnum() for c in tags[0]):
        return naming.snake(tags[0])
    if 0 < len(naming.words(alternative.title)) <= _WORDS_OF_A_TITLE:
        return naming.snake(alternative.title)
    return _sort_label(types, alternative.schema, index)


def _sort_label(types: Types, schema: Schema, index: int | None) -> str:
    value = schema.value
    if schema.at.startswith("#/components/schemas/") and schema.at.count("/") == 3:
        return naming.snake(unescape(schema.at.rpartition("/")[2]))
    if schema.sort in ("list", "map"):
        key = "items" if schema.sort == "list" else "additionalProperties"
        inner = types.schemas.read(value[key], join(schema.at, key))
        return f"{_sort_label(types, inner, None) if inner else 'value'}_{schema.sort}"
    if schema.sort == "int_enum":
        return "number"
    if schema.sort == "json":
        given = value.get("type")
        return {"object": "object", "array": "array"}.get(given if isinstance(given, str) else "", "json")
    if schema.sort in ("object", "union"):
        return "object" if index is None else f"option_{index + 1}"
    return _CALLED[schema.sort]


# ---- Telling apart --------------------------------------------------------------------------------------------


class _Teller:
    def __init__(self, types: Types) -> None:
        self.types = types

    def told(self, schema: Schema, above: tuple[str, ...] = ()) -> _Told:
        """above: unions around this one, which would go on for ever."""
        nobody = _Told(None, ((),) * len(schema.alternatives))
        objects = [a for a in schema.alternatives if a.schema.sort in ("object", "map", "json", "union")]
        if not objects or schema.at in above:
            return nobody
        return self._said(schema, objects, (*above, schema.at)) or self._implied(schema, objects) or nobody

    def _said(self, schema: Schema, objects: list[Alternative], above: tuple[str, ...]) -> _Told | None:
        """By the document's discriminator, if it tells every object apart."""
        given = schema.value.get("discriminator")
        member = given.get("propertyName") if isinstance(given, dict) else None
        if not isinstance(given, dict) or not isinstance(member, str):
            return None
        mapping = given.get("mapping")
        mapped = {str(k): str(v) for k, v in mapping.items()} if isinstance(mapping, dict) else {}
        tags: dict[int, tuple[str, ...]] = {}
        for alternative in objects:
            found = self._tags(alternative, member, mapped, above)
            if not found:
                return None
            tags[id(alternative)] = found
        if not self._differ(list(tags.values())):
            return None
        return _Told(member, tuple(tags.get(id(a), ()) for a in schema.alternatives))

    def _tags(
        self, alternative: Alternative, member: str, mapped: dict[str, str], above: tuple[str, ...]
    ) -> tuple[str, ...]:
        name = unescape(alternative.ref.rpartition("/")[2])
        ways = {alternative.ref, name, f"#/components/schemas/{name}", f"{name}.json", f"{name}.yaml"} - {""}
        tags = tuple(tag for tag, target in mapped.items() if name and target.removeprefix("./") in ways)
        if alternative.schema.sort == "union":
            inner = self.told(alternative.schema, above)
            own = tuple(tag for some in inner.tags for tag in some)
            return tuple(dict.fromkeys((*own, *tags))) if inner.member == member else ()
        if alternative.schema.sort != "object":
            return ()
        property_ = self._member(alternative.schema, member)
        if property_ is not None and property_.sort not in ("string", "enum"):
            return ()
        values = self._values(property_)
        return tags or values or ((name,) if name else ())

    def _implied(self, schema: Schema, objects: list[Alternative]) -> _Told | None:
        """By a member that all objects require, an enum with other values in each."""
        if len(objects) < 2 or any(a.schema.sort != "object" for a in objects):
            return None
        for member in objects[0].schema.value["properties"]:
            tags = {id(a): self._values(self._member(a.schema, member, required=True)) for a in objects}
            if all(tags.values()) and self._differ(list(tags.values())):
                return _Told(member, tuple(tags.get(id(a), ()) for a in schema.alternatives))
        return None

    @staticmethod
    def _differ(tags: list[tuple[str, ...]]) -> bool:
        every = [tag for some in tags for tag in some]
        return len(set(every)) == len(every)

    def _member(self, schema: Schema, member: str, required: bool = False) -> Schema | None:
        properties: dict[str, Value] = schema.value["properties"]
        must = schema.value.get("required")
        if member not in properties or (required and member not in (must if isinstance(must, list) else [])):
            return None
        return self.types.schemas.read(properties[member], join(schema.at, "properties", member))

    @staticmethod
    def _values(schema: Schema | None) -> tuple[str, ...]:
        values: list[Any] = schema.value["enum"] if schema is not None and schema.sort == "enum" else []
        return tuple(str(v) for v in values if v is not None)
