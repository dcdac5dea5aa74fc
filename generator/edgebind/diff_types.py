"""Structs, members, lists, maps and enums of two versions of an API, compared."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from .diff_rules import Found
from .emit_common import c_type
from .emit_unions import choice_type
from .ir import Api, Choice, EnumType, Field, Limits, ListType, MapType, Struct, Union

T = TypeVar("T")


def by_name(thing: Any) -> str:
    return str(thing.name)


def pairs(
    old: Sequence[T], new: Sequence[T], *others: Callable[[T], object], key: Callable[[T], object] = by_name
) -> tuple[list[tuple[T, T]], list[T], list[T]]:
    """What has the same key (its name), and what of the rest the same of the other keys; what is gone; what is new."""
    partner: dict[int, int] = {}  # index in old -> index in new
    come = set(range(len(new)))
    for way in (key, *others):
        there: dict[object, int] = {}
        for i in sorted(come, reverse=True):
            there[way(new[i])] = i
        for i, thing in enumerate(old):
            found = there.pop(way(thing), None) if i not in partner else None
            if found is not None:
                partner[i] = found
                come.discard(found)
    both = [(thing, new[partner[i]]) for i, thing in enumerate(old) if i in partner]
    return both, [thing for i, thing in enumerate(old) if i not in partner], [new[i] for i in sorted(come)]


class Reach:
    """Which structs requests carry, and which answers hold."""

    def __init__(self, api: Api) -> None:
        self._types = {made.name: made for made in api.types}
        self.requests: set[str] = set()
        self.answers: set[str] = set()
        for operation in api.operations:
            for parameter in operation.parameters:
                self._walk(parameter.field.target, self.requests)
            self._walk(operation.result, self.answers)

    def _walk(self, name: str | None, seen: set[str]) -> None:
        waiting = [name]
        while waiting:
            made = self._types.get(waiting.pop() or "")
            if made is None or made.name in seen:
                continue
            seen.add(made.name)
            if isinstance(made, Struct):
                waiting += [field.target for field in made.fields]
            else:
                waiting.append(made.item if isinstance(made, ListType) else made.value.target)


def compare_types(old: Api, new: Api, found: Found) -> None:
    _names(old, new, found)
    reach = Reach(old), Reach(new)
    both = pairs(_of(old, Struct), _of(new, Struct), lambda s: s.where)[0]
    for union_a, union_b in pairs(_of(old, Union), _of(new, Union), lambda s: s.where)[0]:
        _union(union_a, union_b, found)
    for a, b in both:
        _struct(a, b, found)
        # a struct that only one version sends is not compared as one that is sent
        request = all(name in way.requests for name, way in zip((a.name, b.name), reach, strict=True))
        answer = all(name in way.answers for name, way in zip((a.name, b.name), reach, strict=True))
        compare_members(a.name, a.fields, b.fields, found, request=request, answer=answer)
    for list_a, list_b in pairs(_of(old, ListType), _of(new, ListType), lambda s: s.where)[0]:
        if not found.same(list_a.item, list_b.item) or list_a.kind is not list_b.kind:
            found.add("list-item", list_a.name, list_b.where, old=list_a.item, new=list_b.item)
    for map_a, map_b in pairs(_of(old, MapType), _of(new, MapType), lambda s: s.where)[0]:
        if not _same_type(map_a.value, map_b.value, found):
            types = c_type(map_a.value, True).strip(), c_type(map_b.value, True).strip()
            found.add("map-value", map_a.name, map_b.where, old=types[0], new=types[1])
    for enum_a, enum_b in pairs(old.enums, new.enums, lambda e: e.where)[0]:
        _enum(enum_a, enum_b, found)


C = TypeVar("C", Struct, Union, ListType, MapType)


def _of(api: Api, kind: type[C]) -> list[C]:
    """Types of a kind; a union is none of the structs."""
    return [made for made in api.types if isinstance(made, kind) and (kind is Union or not isinstance(made, Union))]


def _names(old: Api, new: Api, found: Found) -> None:
    """What is called otherwise, is gone or is new; first, because everything else may mention it."""
    _names_of("struct", _of(old, Struct), _of(new, Struct), found)
    _names_of("union", _of(old, Union), _of(new, Union), found)
    _names_of("enum", old.enums, new.enums, found)
    _names_of("list", _of(old, ListType), _of(new, ListType), found)
    _names_of("map", _of(old, MapType), _of(new, MapType), found)


N = TypeVar("N", Struct, Union, ListType, MapType, EnumType)


def _names_of(what: str, old: Sequence[N], new: Sequence[N], found: Found) -> None:
    both, gone, come = pairs(old, new, lambda made: made.where)
    for a, b in both:
        if a.name != b.name:
            found.renamed[a.name] = b.name
            found.add(f"{what}-renamed", a.name, b.where, new=b.name)
    for made in gone:
        found.add(f"{what}-removed", made.name, made.where, gone=True)
    for made in come:
        found.add(f"{what}-added", made.name, made.where)


def _struct(a: Struct, b: Struct, found: Found) -> None:
    if b.nullable and not a.nullable:
        found.add("struct-null-added", a.name, b.where, new=f"{b.name}_null")
    if a.nullable and not b.nullable:
        found.add("struct-null-removed", a.name, b.where, old=f"{a.name}_null")
    if a.plain != b.plain:
        found.add("struct-json-added" if b.plain else "struct-json-removed", a.name, b.where)
    if a.doc != b.doc:
        found.add("struct-text", a.name, b.where)


def _union(a: Union, b: Union, found: Found) -> None:
    if b.nullable and not a.nullable:
        found.add("union-null-added", a.name, b.where, new=f"{b.name}_null")
    if a.nullable and not b.nullable:
        found.add("union-null-removed", a.name, b.where, old=f"{a.name}_null")
    if a.doc != b.doc:
        found.add("union-text", a.name, b.where)
    if a.member != b.member:
        ways = ["what they hold" if made.member is None else made.member for made in (a, b)]
        found.add("union-told", a.name, b.where, old=ways[0], new=ways[1])
    both, gone, come = pairs(
        a.choices, b.choices, lambda c: c.field.name, lambda c: c.field.where, key=lambda c: c.constant
    )
    for choice in gone:
        found.add("alternative-removed", choice.constant, choice.field.where, gone=True)
    for choice in come:
        found.add("alternative-added", choice.constant, choice.field.where, new=choice_type(choice.field).strip())
    for x, y in both:
        _choice(x, y, found)


def _choice(a: Choice, b: Choice, found: Found) -> None:
    at = b.field.where
    if a.constant != b.constant:
        found.add("alternative-renamed", a.constant, at, new=b.constant)
    if a.number != b.number:
        found.add("alternative-renumbered", a.constant, at, old=a.number, new=b.number)
    if a.field.name != b.field.name:
        found.add("alternative-member", a.constant, at, old=a.field.name, new=b.field.name)
    if not _same_type(a.field, b.field, found):
        types = [choice_type(choice.field).strip() for choice in (a, b)]
        found.add("alternative-type", a.constant, at, old=types[0], new=types[1])
    if a.tags != b.tags:
        found.add("alternative-tags", a.constant, at, old=a.tags or "what it holds", new=b.tags or "what it holds")


def compare_members(
    struct: str, old: Sequence[Field], new: Sequence[Field], found: Found, *, request: bool, answer: bool
) -> None:
    """request: a program sets the members; answer: it reads them."""
    both, gone, come = pairs(old, new, lambda field: field.json)
    for field in gone:
        found.add("member-removed", f"{struct}.{field.name}", field.where, gone=True)
    for field in come:
        found.add("member-added", f"{struct}.{field.name}", field.where, new=c_type(field).strip())
        if field.required and request:
            found.add("member-added-required", f"{struct}.{field.name}", field.where)
    place = {id(field): i for i, field in enumerate(new)}
    order = [place[id(b)] for _, b in both]
    if order != sorted(order):
        stands = ", ".join(b.name for _, b in sorted(both, key=lambda pair: place[id(pair[1])]))
        found.add("member-moved", struct, new[0].where.rpartition("/")[0], what=stands)
    for a, b in both:
        _member(f"{struct}.{a.name}", a, b, found, request, answer)


def _same_type(a: Field, b: Field, found: Found) -> bool:
    return a.kind is b.kind and found.same(a.target, b.target) and a.null_items == b.null_items


def _member(name: str, a: Field, b: Field, found: Found, request: bool, answer: bool) -> None:
    at = b.where
    if a.name != b.name:
        found.add("member-renamed", name, at, new=b.name)
    if not _same_type(a, b, found):
        types = [c_type(f).strip() + (" with items that may be null" if f.null_items else "") for f in (a, b)]
        found.add("member-type", name, at, old=types[0], new=types[1])
    if a.json != b.json:
        found.add("member-wire", name, at, old=a.json, new=b.json)
    if b.required and not a.required:
        if request:
            found.add("member-required", name, at)
        if answer:
            found.add("member-promised", name, at)
    if a.required and not b.required:
        if answer:
            found.add("member-may-be-absent", name, at)
        elif request:
            found.add("member-optional", name, at)
    if b.nullable and not a.nullable:
        found.add("member-may-be-null" if answer else "member-takes-null", name, at)
    if a.nullable and not b.nullable:
        found.add("member-not-null", name, at)
    if request:
        _range(name, a.limits, b, found)
    directions = [_direction(field) for field in (a, b)]
    if directions[0] != directions[1]:
        found.add("member-direction", name, at, old=directions[0], new=directions[1])
    if a.secret != b.secret:
        found.add("member-secret", name, at, new="*** now" if b.secret else "shown now")
    _facts(name, a, b, found)


def _range(name: str, old: Limits | None, b: Field, found: Found) -> None:
    if old == b.limits:
        return
    infinity = float("inf")
    (low, high), (new_low, new_high) = (
        (
            -infinity if made is None or made.low is None else made.low,
            infinity if made is None or made.high is None else made.high,
        )
        for made in (old, b.limits)
    )
    if (low, high) != (new_low, new_high):
        rule = "member-range-narrower" if new_low > low or new_high < high else "member-range-wider"
        found.add(rule, name, b.where, old=_span(old), new=_span(b.limits))


def _span(limits: Limits | None) -> str:
    if limits is None or (limits.low is None and limits.high is None):
        return "open"
    if limits.high is None:
        return f"at least {limits.low}"
    return f"at most {limits.high}" if limits.low is None else f"{limits.low} to {limits.high}"


_SAID_ELSEWHERE = ("Required.", "Deprecated.", "Default: ", "Secret: ", "Read only: ", "Write only.")


def _direction(field: Field) -> str:
    return "read only" if field.read_only else "write only" if field.write_only else "sent and received"


def _facts(name: str, a: Field, b: Field, found: Found) -> None:
    defaults = [
        next((fact.removeprefix("Default: ")[:-1] for fact in f.facts if fact.startswith("Default: ")), None)
        for f in (a, b)
    ]
    if defaults[0] != defaults[1]:
        found.add("member-default", name, b.where, old=defaults[0], new=defaults[1])
    if b.deprecated and not a.deprecated:
        found.add("member-deprecated", name, b.where)
    texts = [(f.doc, [fact for fact in f.facts if not fact.startswith(_SAID_ELSEWHERE)]) for f in (a, b)]
    if texts[0] != texts[1] and a.limits == b.limits and a.kind is b.kind:
        found.add("member-text", name, b.where)


def _enum(a: EnumType, b: EnumType, found: Found) -> None:
    if a.integer != b.integer:
        found.add("enum-kind", a.name, b.where, old=_kind(a), new=_kind(b))
    if a.in_lists != b.in_lists:
        if b.in_lists:
            found.add("enum-item-added", a.name, b.where, new=f"{b.name}_item")
        else:
            found.add("enum-item-removed", a.name, b.where, old=f"{a.name}_item")
    if a.doc != b.doc:
        found.add("enum-text", a.name, b.where)
    compare_values("value", a, b, found)


def _kind(enum: EnumType) -> str:
    return "a number" if enum.integer else "a text"


def compare_values(what: str, a: EnumType, b: EnumType, found: Found) -> None:
    """what is "value", or "code" for error codes."""
    both, gone, come = pairs(a.values, b.values, lambda value: value.text)
    for value in gone:
        found.add(f"{what}-removed", value.name, a.where, old=value.text or "of the empty text", gone=True)
    for value in come:
        found.add(f"{what}-added", value.name, b.where, new=value.text or "the empty text")
    for x, y in both:
        if x.name != y.name:
            found.add(f"{what}-renamed", x.name, b.where, new=y.name)
        if x.number != y.number:
            found.add(f"{what}-renumbered", x.name, b.where, old=x.number, new=y.number)
        if x.text != y.text:
            found.add(f"{what}-wire", x.name, b.where, old=x.text, new=y.text)
        if what == "code" and x.doc != y.doc:
            found.add("code-text", x.name, b.where)


