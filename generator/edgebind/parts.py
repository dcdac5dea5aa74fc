"""Which parts of the runtime some operations need, and the runtime's texts without the others.

The parts stand in edgebind/parts.h, each a macro and what it is; here stands who needs it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from .ir import Api, Field, Kind, ListType, MapType, Struct, Union

HEADER = "edgebind/parts.h"

_DEFINE = re.compile(r"^#define (EB_PART_\w+) ", re.MULTILINE)
_CONDITION = re.compile(r"[ \t]*#[ \t]*(if|ifdef|ifndef|elif|else|endif)\b(.*)")
_PART = re.compile(r"EB_PART_\w+")
_SCALARS = frozenset(Kind) - {Kind.JSON, Kind.OBJECT, Kind.LIST, Kind.MAP, Kind.BODY}


def fields(api: Api) -> Iterator[Field]:
    """Every row of an API, what stands in its lists and maps among them."""
    for operation in api.operations:
        yield from (parameter.field for parameter in operation.parameters)
    for type_ in api.types:
        if isinstance(type_, Struct):
            yield from type_.fields
        elif isinstance(type_, MapType):
            yield type_.value
        elif isinstance(type_, ListType):
            yield Field("", "", type_.kind, target=type_.item)


def _authenticates(*kinds: str) -> Callable[[Api], bool]:
    return lambda api: any(scheme.kind in kinds for scheme in api.schemes)


def _sends(*ways: str) -> Callable[[Api], bool]:
    return lambda api: any(content.send in ways for o in api.operations for _, content in o.ways())


def _styled(api: Api) -> bool:
    parameters = [p for o in api.operations for p in o.parameters if not p.place.startswith("EB_IN_BODY")]
    return any(p.field.kind not in _SCALARS and "EB_AS_JSON" not in p.place for p in parameters)


def _is_number(field: Field) -> bool:
    return field.kind in (Kind.NUM, Kind.OPT_NUM) or (field.target or "").startswith(("eb_num_", "eb_opt_num_"))


_NEEDED: Mapping[str, Callable[[Api], bool]] = {
    "EB_PART_INVOKE": lambda api: False,
    "EB_PART_ACS3": _authenticates("EB_AUTH_ACS3"),
    "EB_PART_OAUTH2": _authenticates("EB_AUTH_OAUTH2"),
    "EB_PART_BASIC": _authenticates("EB_AUTH_BASIC"),
    "EB_PART_KEYS": _authenticates("EB_AUTH_API_KEY_QUERY", "EB_AUTH_API_KEY_COOKIE"),
    "EB_PART_SERVERS": lambda api: any(o.server for o in api.operations),
    "EB_PART_UNIONS": lambda api: any(isinstance(t, Union) for t in api.types),
    "EB_PART_NUMBERS": lambda api: any(map(_is_number, fields(api))),
    "EB_PART_STYLES": lambda api: _styled(api) or _sends("EB_SEND_FORM", "EB_SEND_MULTIPART")(api),
    "EB_PART_FORMS": _sends("EB_SEND_FORM"),
    "EB_PART_UPLOADS": _sends("EB_SEND_BYTES", "EB_SEND_MULTIPART"),
    "EB_PART_MULTIPART": _sends("EB_SEND_MULTIPART"),
    "EB_PART_LINKS": lambda api: any(o.link for o in api.operations),
    "EB_PART_PAGES": lambda api: any(o.pages for o in api.operations),
    "EB_PART_WAITS": lambda api: any(o.waits for o in api.operations),
    "EB_PART_ANSWERS": lambda api: any(o.rows for o in api.operations),
    "EB_PART_HEADERS": lambda api: any(o.headers for o in api.operations),
    "EB_PART_EVENTS": lambda api: any(o.events for o in api.operations),
    "EB_PART_XML": lambda api: api.errors.xml,
}


def listed(header: str) -> list[str]:
    """The parts in the text of parts.h."""
    return _DEFINE.findall(header)


def words(names: Iterable[str]) -> list[str]:
    """Parts as they stand in a sentence: "acs3"."""
    return [name.removeprefix("EB_PART_").lower() for name in names]


def needed(header: str, apis: Iterable[Api], wanted: Collection[str] = ()) -> list[str]:
    """The parts, as they stand in the text of parts.h, that the operations of some APIs need; a part that is not known
    here is needed. wanted: those that somebody asked for."""
    apis = list(apis)
    return [
        part
        for part in listed(header)
        if part in wanted or part not in _NEEDED or any(_NEEDED[part](api) for api in apis)
    ]


def resolved(text: str, left_out: Collection[str]) -> str:
    """A text without what stands under #if EB_PART_NAME for a part that is left out, or under its #else for one that
    is not; the conditions on parts are gone."""
    made: list[str] = []
    shown: list[bool | None] = []  # of the conditions around; None: on something else
    for line in text.splitlines(keepends=True):
        found = _CONDITION.match(line)
        word, condition = found.groups() if found else ("", "")
        if word in ("if", "ifdef", "ifndef"):
            asked = _PART.findall(condition) if word == "if" else []
            shown.append(any(part not in left_out for part in asked) if asked else None)
            if asked:
                continue
        elif word == "else" and shown[-1] is not None:
            shown[-1] = not shown[-1]
            continue
        elif word == "endif" and shown.pop() is not None:
            continue
        if all(it is not False for it in shown):
            made.append(line)
    return "".join(made)
