"""Extensions of other houses, read as ours: one table, a line per name, of which parts stand in foreign_*.py.

Each line gives the members of ours that stand for a foreign one, from its value and the object it stands in. Ours,
where they are there already, stay. A shape that is not understood is a note and changes nothing.
"""

from __future__ import annotations

import json
import re
from typing import Any

from .foreign import KINDS, Foreign, LeftAloneError, Ours, Row, places
from .foreign import text as _text
from .foreign_pages import ROOT_ROWS as PAGES_OF_ROOT
from .foreign_pages import ROWS as PAGES
from .foreign_pages import read_pages
from .foreign_sending import ROOT_ROWS as SENDING_OF_ROOT
from .foreign_sending import ROWS as SENDING
from .foreign_sending import with_parameters
from .foreign_values import ROWS as VALUES
from .load import DATA, MAPS, Document, Value, escape, objects
from .names import snake


def _name(value: Value, holder: dict[str, Any]) -> Ours:
    return {"x-eb-name": _text(value)}


def _grouped(group: str) -> Row:
    """A name that a group of the same house stands before."""

    def row(value: Value, holder: dict[str, Any]) -> Ours:
        groups = holder.get(group, [])
        words = groups if isinstance(groups, list) else [groups]
        return {"x-eb-name": " ".join([*(_text(word) for word in words), _text(value)])}

    return row


def _skip(value: Value, holder: dict[str, Any]) -> Ours:
    return {"x-eb-ignore": True} if value is True or (isinstance(value, list) and value) else {}


def _nullable(value: Value, holder: dict[str, Any]) -> Ours:
    return {"nullable": True} if value is True else {}  # as OpenAPI 3.0 says it


def _secret(value: Value, holder: dict[str, Any]) -> Ours:
    return {"format": "password"} if value is True and holder.get("type") == "string" else {}


def _each(word: str) -> Row:
    """A list beside the values, or an object by value: names or descriptions."""

    def row(value: Value, holder: dict[str, Any]) -> Ours:
        values = [str(v) for v in holder["enum"] if v is not None]
        if isinstance(value, list):
            if len(value) not in (len(values), len(holder["enum"])):
                raise ValueError
            value = dict(zip(values, value, strict=False))
        made: Ours = {text: {word: _text(said)} for text, said in value.items() if text in values}
        return {"x-eb-values": made}

    return row


def _ms_enum(value: Value, holder: dict[str, Any]) -> Ours:
    rows = value.get("values", [])
    made: Ours = {}
    for row in rows:
        said = {word: _text(row[word]) for word in ("name", "description") if row.get(word)}
        made[str(row["value"])] = said
    return {"x-eb-values": made} if made else {}


def _fern_enum(value: Value, holder: dict[str, Any]) -> Ours:
    made = {
        text: {word: _text(row[word]) for word in ("name", "description") if row.get(word)}
        for text, row in value.items()
    }
    return {"x-eb-values": made}


_CONDITION = re.compile(r"\s*\$(?:(statusCode)|response\.body#(/\S+))\s*==\s*(\S.*?)\s*")


def _criteria(value: Value, successes: list[str]) -> tuple[str | None, Value]:
    """What has to hold together: a status, (None, 404), or a value in a success, ("/status", "ready")."""
    found: dict[str | None, Value] = {}
    for row in value:
        condition = _CONDITION.fullmatch(_text(row["condition"]))
        if condition is None or condition[2] in found:
            raise ValueError
        found[condition[2]] = json.loads(condition[3])
    if len(found) > 1 and successes == [str(found.get(None))]:
        del found[None]  # values are looked for in successes, and there is no other
    ((pointer, wanted),) = found.items()
    return pointer, wanted


def _speakeasy_polling(value: Value, holder: dict[str, Any]) -> Ours:
    successes = [str(status) for status in holder["responses"] if str(status).startswith("2")]
    made: Ours = {}
    for row in value:
        pointer, wanted = _criteria(row["successCriteria"], successes)
        wait: Ours = {"success": [wanted], "state": pointer} if pointer else {"success-status": [wanted]}
        if row.get("failureCriteria"):
            where, unwanted = _criteria(row["failureCriteria"], successes)
            if where is not None:
                wait["failure"] = [unwanted]
            if where != wait.setdefault("state", where) if where is not None else unwanted < 300:
                raise ValueError  # a status that is no success ends a wait in any case
        before, pause, count = row.get("delaySeconds", 1), row.get("intervalSeconds", 1), row.get("limitCount", 60)
        wait["pause"] = {"before": before, "first": pause, "growth": 1, "cap": pause}
        wait["maximum"] = before + pause * count
        name = re.sub(r"^wait_(for|until)_", "", snake(_text(row["name"])))
        made[name] = Foreign(f"x-speakeasy-polling ({row['name']})", wait)
    return {"x-eb-wait": Foreign("x-speakeasy-polling", made)} if made else {}


TABLE: dict[str, Row] = {
    **VALUES,  # x-extensible-enum before what names its values
    **SENDING,
    **PAGES,
    "x-speakeasy-name-override": _grouped("x-speakeasy-group"),
    "x-fern-sdk-method-name": _grouped("x-fern-sdk-group-name"),
    "x-fern-type-name": _name,
    "x-fern-property-name": _name,
    "x-fern-parameter-name": _name,
    "x-ms-client-name": _name,
    "x-enum-varnames": _each("name"),
    "x-enumNames": _each("name"),
    "x-enum-names": _each("name"),
    "x-speakeasy-enums": _each("name"),
    "x-enum-descriptions": _each("description"),
    "x-enumDescriptions": _each("description"),
    "x-speakeasy-enum-descriptions": _each("description"),
    "x-ms-enum": _ms_enum,
    "x-fern-enum": _fern_enum,
    "x-speakeasy-polling": _speakeasy_polling,
    "x-nullable": _nullable,
    "x-ms-secret": _secret,
    "x-speakeasy-ignore": _skip,
    "x-fern-ignore": _skip,
    "x-stainless-skip": _skip,
}
ROOT_ROWS = {**SENDING_OF_ROOT, **PAGES_OF_ROOT}
KNOWN = {*TABLE, *ROOT_ROWS}


def read_aliases(document: Document) -> None:
    """Adds what foreign extensions say, in our words, to a document and its files."""
    roots = [("#", document.value), *((f"{name}#", file.value) for name, file in document.files.items())]
    for pointer, root in roots:
        if any(not KNOWN.isdisjoint(value) for value in objects(root)):
            _walk(document, root, pointer, "document" if pointer == "#" else "")
    read_pages(document)


def _walk(document: Document, value: Value, pointer: str, kind: str, is_map: bool = False) -> None:
    """kind is what the value, or what it is a list or a map of, is to OpenAPI; "" where only a reference tells."""
    if isinstance(value, list):
        for i, inner in enumerate(value):
            _walk(document, inner, f"{pointer}/{i}", kind)
    elif isinstance(value, dict):
        for key, inner in value.items():
            if isinstance(inner, dict | list) and (is_map or not (key in DATA or key.startswith("x-"))):
                at, maps = f"{pointer}/{escape(key)}", not is_map and key in MAPS
                _walk(document, inner, at, kind if is_map else KINDS.get(key, kind and "other"), maps)
        if not is_map:
            _translate(document, value, pointer, kind)


def _translate(document: Document, holder: dict[str, Any], pointer: str, kind: str) -> None:
    given = set(holder)
    root = document.value
    for key in (*TABLE, *ROOT_ROWS):
        if key not in given:
            continue
        try:
            ours = TABLE[key](holder[key], holder) if key in TABLE else ROOT_ROWS[key](holder[key], holder, root)
            wrong = [name for name in ours if kind and kind not in places(name)]
            if wrong:
                raise LeftAloneError(f"it is read at {' or '.join(places(wrong[0]))}")
            if "parameters" in ours:
                holder["parameters"] = with_parameters(holder.get("parameters", []), ours.pop("parameters"), root)
        except (AttributeError, KeyError, TypeError, ValueError):
            document.note(pointer, f"{key} is of a shape that is not understood", key)
            continue
        except LeftAloneError as why:
            document.note(pointer, f"{key} is left alone: {why}", key)
            continue
        for name, value in ours.items():
            if name == "x-eb-values":
                known = holder.setdefault(name, {})
                for text, said in value.items() if isinstance(known, dict) else ():
                    known[text] = {**said, **known.get(text, {})}
            elif name == "nullable" and not str(document.value.get("openapi")).startswith("3.0"):
                if isinstance(holder.get("type"), str):
                    holder["type"] = [holder["type"], "null"]
            else:
                holder.setdefault(name, value)
