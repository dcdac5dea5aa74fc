"""allOf: several schemas that hold at once, written as the one schema they are.

It is done to the document before it is built, so that everything behind it sees plain schemas at real places. A member
that comes from another schema stays a reference to it: its type is the same C type for all that have it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from .load import DATA, MAPS, Document, Value, join, objects
from .one_of import (
    CHOICES,
    FROM,
    children,
    collapsed,
    has_choices,
    is_advice,
    is_null,
    needs_settling,
    with_children,
    with_types,
)
from .paths import reached
from .problem import Problems
from .schema import Beside, from_3_0

_LOWS = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
_HIGHS = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
_FLAGS = ("deprecated", "readOnly", "writeOnly", "uniqueItems", "x-eb-json")
_ALIKE = ("format", "pattern", "multipleOf", "contentEncoding", "contentMediaType")
_WORDS = ("title", "description", "default", "example", "examples", "externalDocs", "$comment", "x-eb-name")
_BESIDE = {"type", "enum", "const", "properties", "required", "additionalProperties", "items"}
_INNER = ("properties", "items", "additionalProperties", *CHOICES)
MOST = 200  # alternatives that a choice within a choice may come to


@dataclass(frozen=True)
class _Part:
    value: dict[str, Any]
    at: str           # where it is written
    referred: bool    # by $ref


def without_all_of(document: Document) -> Document:
    """The document with every allOf merged; itself when there is none. What cannot be merged is a problem."""
    values = [document.value, *([document.whole] if document.whole is not None else [])]
    values += [file.value for file in document.files.values()]
    if not any(_is_merged(value) or needs_settling(value) for whole in values for value in objects(whole)):
        return document
    made = replace(document, moved=dict(document.moved), written=document, merged={})
    aside = replace(made, problems=Problems())
    if document.whole is not None:
        made.whole = _Merger(aside).tree(document.whole, "#")
    made.value = _Merger(made, document).tree(document.value, "#")
    made.merge = _Merger(replace(made, problems=Problems()), document).tree
    part = document.whole is not None  # what it does not reach in other files is not its problem
    made.files = {
        name: replace(file, value=_Merger(aside if part else made, document).tree(file.value, f"{name}#"))
        for name, file in document.files.items()
    }
    refs = reached(document, document.value.get("paths")) if part and document.files else set()
    for problem in aside.problems if refs else ():
        if "#" in problem.pointer[1:] and any(problem.pointer.startswith(ref) for ref in refs):
            made.problem(problem.pointer, problem.text)
    return made


def _is_merged(value: dict[str, Any]) -> bool:
    """Is this a schema that holds others? A reference with more than words beside it is one too, since OpenAPI 3.1."""
    referring = isinstance(value.get("$ref"), str) and not _BESIDE.isdisjoint(value)
    return referring or isinstance(value.get("allOf"), list)


def _union(lists: list[Value]) -> list[Value]:
    made: list[Value] = []
    for names in lists:
        made += [name for name in names if name not in made] if isinstance(names, list) else []
    return made


def _as_all_of(value: dict[str, Any]) -> dict[str, Any]:
    """A reference and what stands beside it, as a list of both."""
    if "$ref" not in value:
        return value
    own = {key: inner for key, inner in value.items() if key not in ("$ref", "allOf")}
    listed = value.get("allOf")
    return {**own, "allOf": [{"$ref": value["$ref"]}, *(listed if isinstance(listed, list) else [])]}


class _Merger:
    def __init__(self, made: Document, original: Document | None = None) -> None:
        self.made = made
        self.original = original or replace(made)
        self.is_3_0 = str(made.value.get("openapi")).startswith("3.0")
        self._open: set[str] = set()
        self._above: dict[str, str] = {}  # the lists around a place, and where they are
        self._members: dict[str, Value] = {}  # what merging put where the document has nothing
        self._kin = children(self.original.value if self.original.whole is None else self.original.whole)

    def _look(self, pointer: str) -> tuple[bool, Value]:
        return (True, self._members[pointer]) if pointer in self._members else self.original.find(pointer)

    def tree(self, value: Value, pointer: str, is_map: bool = False) -> Value:
        if isinstance(value, list):
            return [self.tree(inner, join(pointer, i)) for i, inner in enumerate(value)]
        if not isinstance(value, dict):
            return value
        if is_map:
            return self._children(value, pointer, None, is_map)
        listed = _is_merged(value) and ("allOf" in value or not self.is_3_0)
        if not listed:
            value = collapsed(with_children(with_types(value), pointer, self._kin))
        if not listed and not has_choices(value):
            return self._children(value, pointer, None)
        key = repr(value)
        if key in self._above:  # two schemas that hold themselves, merged, hold what they are merged to
            return {"$ref": self._above[key]}
        self._above[key] = pointer
        value = self.merged(value, pointer) if listed else self._settled(value, pointer)
        made = self._children(value, pointer, _INNER)
        del self._above[key]
        return made

    def _children(
        self, value: dict[str, Any], pointer: str, only: tuple[str, ...] | None, is_map: bool = False
    ) -> dict[str, Any]:
        """only: the members to go into; the rest came from another schema, perhaps from one that holds this one."""
        made = Beside() if isinstance(value, Beside) else {}
        for key, inner in value.items():
            data = key not in only if only else not is_map and (key in DATA or key.startswith("x-"))
            here = join(pointer, key)
            made[key] = inner if data else self.tree(inner, here, is_map=not is_map and key in MAPS)
        return made

    def merged(self, value: dict[str, Any], pointer: str) -> dict[str, Any]:
        """One schema for a list of them; what its members are is merged later, when the tree comes to them."""
        if pointer in self._open:
            self.made.problem(pointer, "allOf leads back to itself; take the schema out of its own list")
            return {}
        self._open.add(pointer)
        try:
            return self._merged(value, pointer)
        finally:
            self._open.discard(pointer)

    def _merged(self, value: dict[str, Any], pointer: str) -> dict[str, Any]:
        value = _as_all_of(value)
        own = {key: inner for key, inner in value.items() if key != "allOf"}
        listed = value["allOf"]
        alone = len(listed) == 1 and isinstance(listed[0], dict) and "$ref" in listed[0]
        if alone and set(own) <= {*_WORDS, *_FLAGS}:
            return Beside({"$ref": listed[0]["$ref"], **own})  # only something to say beside a reference
        if alone and self.is_3_0 and own.get("nullable") is True and set(own) <= {*_WORDS, *_FLAGS, "nullable"}:
            del own["nullable"]
            return {**own, "anyOf": [{"$ref": listed[0]["$ref"]}, {"type": "null"}]}
        parts: list[_Part] = []
        for i, inner in enumerate(listed):
            part = self._part(inner, join(pointer, "allOf", i))
            if part is None:
                return {"x-eb-json": True}  # its problem is reported
            parts.append(part)
        if own:
            parts.append(_Part(self._plain(own), pointer, False))
        chosen = self._choices(parts, pointer)
        if chosen is not None:
            return chosen
        made = self._merge(parts, pointer)
        if own.get("nullable") is True and self.is_3_0 and "type" not in own and isinstance(made.get("type"), str):
            made["type"] = [made["type"], "null"]
        made.pop("nullable", None)
        return made

    def _plain(self, value: dict[str, Any]) -> dict[str, Any]:
        return from_3_0(value) if self.is_3_0 else value

    def _merge(self, parts: list[_Part], pointer: str) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for key in dict.fromkeys(key for part in parts for key in part.value):
            self._key(key, [part for part in parts if key in part.value], made, pointer, alone=len(parts) == 1)
        return made

    # ---- oneOf and anyOf ----------------------------------------------------------------------------------------

    def _settled(self, value: dict[str, Any], pointer: str) -> dict[str, Any]:
        """A choice without allOf: what stands beside it goes into the alternatives, if it says anything about them."""
        parts = [_Part(self._plain(value), pointer, False)]
        return self._choices(parts, pointer, value.get("nullable") is True) or parts[0].value

    def _choices(self, parts: list[_Part], pointer: str, nullable: bool = False) -> dict[str, Any] | None:
        """Parts of which some are choices as one choice. None when none is; what was advice is taken out of them."""
        beside = {key: inner for part in parts for key, inner in part.value.items() if key not in CHOICES}
        lists = [
            (key, [(alternative, join(part.at, key, i)) for i, alternative in enumerate(part.value[key])])
            for part in parts
            for key in CHOICES
            if isinstance(part.value.get(key), list)
            and not self._is_above(part.value[key])
            and not is_advice(part.value[key], beside)
        ]
        alone = len(parts) == 1
        parts[:] = [
            replace(part, value={key: inner for key, inner in part.value.items() if key not in CHOICES})
            for part in parts
        ]
        if not lists:
            return None
        key = lists[0][0]
        sets: list[list[tuple[Value, str]]] = [[]]
        for _, alternatives in lists:
            sets = [[*one, alternative] for one in sets for alternative in alternatives]
            if len(sets) > MOST:
                self.made.problem(pointer, f"more than {MOST} combinations of alternatives; mark it x-eb-json")
                return {"x-eb-json": True}
        shared = parts[0].value if alone else self._merge(parts, pointer)
        said = {k: v for k, v in shared.items() if k in (*_WORDS, *_FLAGS, "properties") or k.startswith("x-")}
        told = [part.value["discriminator"] for part in parts if "discriminator" in part.value]
        into = _Part({k: v for k, v in shared.items() if k not in (*_WORDS, "discriminator")}, pointer, True)
        made = [self._alternative(one, into, join(pointer, key, i)) for i, one in enumerate(sets)]
        return {
            **said,
            key: [*made, *([{"type": "null"}] if nullable and self.is_3_0 else [])],
            **({"discriminator": told[0]} if told else {}),
        }

    def _is_above(self, alternatives: list[Value]) -> bool:
        """Is the schema that is being merged one of the alternatives of what it is made of?"""
        return any(isinstance(a, dict) and a.get("$ref") in self._open for a in alternatives)

    def _alternative(self, chosen: list[tuple[Value, str]], into: _Part, here: str) -> Value:
        """One alternative, with what stands beside the list put into it."""
        if any(is_null(self.original, value) for value, _ in chosen):
            return {"type": "null"}
        if len(chosen) == 1 and not self._adds(into, chosen[0][0]):
            return chosen[0][0]
        if here != chosen[0][1] and here not in self.made.places:
            self.made.moved.setdefault(here, chosen[0][1])
        parts = [into]
        for value, at in chosen:
            part = self._part(value, at)
            if part is None:
                return {"x-eb-json": True}  # its problem is reported
            parts.append(part)
        made = self._choices(parts, here) or self._merge(parts, here)
        refs = [value["$ref"] for value, _ in chosen if isinstance(value, dict) and isinstance(value.get("$ref"), str)]
        return {**made, FROM: refs[0]} if refs else made

    def _adds(self, into: _Part, value: Value) -> bool:
        """Does the part have members that the alternative has not by itself?"""
        members = into.value.get("properties")
        rest = into.value.get("additionalProperties")
        if "items" in into.value or (isinstance(rest, dict) and rest):
            return True
        known, types = self._members_of(value, set())
        if not known and types is not None and "object" not in types:
            return False  # a text, a list: members are nothing to it
        return isinstance(members, dict) and any(name not in known for name in members)

    def _members_of(self, value: Value, seen: set[str]) -> tuple[set[str], list[str] | None]:
        """The members that a schema has, by itself and by what it is made of, and its types."""
        while isinstance(value, dict) and isinstance(value.get("$ref"), str):
            if value["$ref"] in seen:
                return set(), None
            seen.add(value["$ref"])
            value = self._look(value["$ref"])[1]
        if not isinstance(value, dict):
            return set(), None
        members, types, listed = value.get("properties"), value.get("type"), value.get("allOf")
        known = set(members) if isinstance(members, dict) else set()
        for inner in listed if isinstance(listed, list) else ():
            known |= self._members_of(inner, seen)[0]
        return known, [types] if isinstance(types, str) else types if isinstance(types, list) else None

    def _part(self, value: Value, at: str) -> _Part | None:
        """A schema of the list with its reference followed and its own allOf merged."""
        seen: set[str] = set()
        referred = False
        while isinstance(value, dict) and "$ref" in value:
            ref = value["$ref"]
            if not self.is_3_0 and any(key not in ("$ref", *_WORDS, *_FLAGS) and key[:2] != "x-" for key in value):
                value = self.merged(value, at)
                continue
            found, target = self._look(ref) if isinstance(ref, str) else (False, None)
            if not found or ref in seen:
                text = "leads back to itself" if found else f"is not there{self.original.near(str(ref))}"
                self.made.problem(join(at, "$ref"), f"{ref} {text}")
                return None
            seen.add(ref)
            value, at, referred = target, ref, True
        if value is True:
            value = {}
        if not isinstance(value, dict):
            self.made.problem(at, "a schema must be an object")
            return None
        if isinstance(value.get("allOf"), list):
            value = self.merged(value, at)
            if "$ref" in value:
                return self._part(dict(value) if not self.is_3_0 else {"$ref": value["$ref"]}, at)
        return _Part(from_3_0(value) if self.is_3_0 else value, at, referred)

    def _key(self, key: str, parts: list[_Part], made: dict[str, Any], pointer: str, alone: bool) -> None:
        values = [part.value[key] for part in parts]
        combine: dict[str, Callable[[], Any]] = {
            "type": lambda: self._type(parts, pointer),
            "enum": lambda: self._enum(parts, pointer),
            "properties": lambda: self._properties(parts, pointer),
            "required": lambda: _union(values),
            "items": lambda: self._inner(key, parts, pointer),
            "additionalProperties": lambda: self._rest(parts, pointer),
        }
        if key in combine:
            made[key] = combine[key]()
        elif key in _LOWS or key in _HIGHS:
            numbers = [v for v in values if isinstance(v, int | float) and not isinstance(v, bool)]
            made[key] = (max if key in _LOWS else min)(numbers) if numbers else values[-1]
        elif key in _FLAGS:
            made[key] = True if True in values else values[-1]
        elif key in _WORDS:
            said = [part.value[key] for part in parts if alone or not part.referred]
            if said:  # what is said about another schema is not said about this one
                made[key] = said[-1]
        elif key != "discriminator":
            if key in _ALIKE and any(v != values[0] for v in values):
                self._conflict(key, parts, pointer)
            made[key] = values[-1]

    def _conflict(self, key: str, parts: list[_Part], pointer: str) -> None:
        said = ", ".join(f"{part.value[key]} in {part.at}" for part in parts)
        self.made.problem(pointer, f"allOf cannot be merged: {key} is {said}; change one, or mark it x-eb-json")

    def _type(self, parts: list[_Part], pointer: str) -> Value:
        common: list[str] | None = None
        for part in parts:
            given = part.value["type"]
            names = [str(n) for n in given] if isinstance(given, list) else [str(given)]
            if common is None:
                common = names
                continue
            both = [name for name in common if name in names]
            if {"integer", "number"} <= {*names, *common} and "integer" not in both:
                both = [*(name for name in both if name != "number"), "integer"]
            common = both
        if not common:
            self._conflict("type", parts, pointer)
        return parts[-1].value["type"] if not common else common[0] if len(common) == 1 else common

    def _enum(self, parts: list[_Part], pointer: str) -> Value:
        lists = [part.value["enum"] for part in parts if isinstance(part.value["enum"], list)]
        common = [v for v in lists[0] if all(v in other for other in lists)] if lists else parts[-1].value["enum"]
        if lists and not common:
            self._conflict("enum", parts, pointer)
            return lists[-1]
        return common

    def _properties(self, parts: list[_Part], pointer: str) -> Value:
        given: dict[str, list[tuple[Value, str]]] = {}
        for part in parts:
            members = part.value["properties"]
            for name, value in members.items() if isinstance(members, dict) else ():
                given.setdefault(name, []).append(self._from(part, value, join(part.at, "properties", name)))
        return {name: self._one(schemas, join(pointer, "properties", name)) for name, schemas in given.items()}

    @staticmethod
    def _from(part: _Part, value: Value, at: str) -> tuple[Value, str]:
        """A schema inside a part: a reference to where it is, when the part is one."""
        return ({"$ref": at} if part.referred and not (isinstance(value, dict) and "$ref" in value) else value), at

    def _one(self, schemas: list[tuple[Value, str]], here: str) -> Value:
        """One schema for a member, or for items, that several parts have."""
        if here != schemas[-1][1] and here not in self.made.places:
            self.made.moved.setdefault(here, schemas[-1][1])
        found = [self._look(at) for _, at in schemas]
        alike = all(there and value == found[0][1] for there, value in found)
        made = schemas[0][0] if alike or len(schemas) == 1 else {"allOf": [value for value, _ in schemas]}
        if here != schemas[-1][1]:
            self._members[here] = made
        return made

    def _inner(self, key: str, parts: list[_Part], pointer: str) -> Value:
        return self._one([self._from(p, p.value[key], join(p.at, key)) for p in parts], join(pointer, key))

    def _rest(self, parts: list[_Part], pointer: str) -> Value:
        key = "additionalProperties"
        if any(part.value[key] is False for part in parts):
            return False
        shaped = [part for part in parts if isinstance(part.value[key], dict) and part.value[key]]
        return self._inner(key, shaped, pointer) if shaped else parts[-1].value[key]
