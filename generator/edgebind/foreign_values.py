"""Foreign extensions about schemas, parameters and credentials."""

from __future__ import annotations

import re
from typing import Any

from .foreign import LeftAloneError, Ours, Row, flag, text
from .load import Value
from .names import snake

_NAMES = ("property_name", "method_argument", "type_name", "model_name", "method_name")


def _availability(value: Value, holder: dict[str, Any]) -> Ours:
    if "$ref" in holder:
        raise LeftAloneError("it stands beside a reference")
    return {"deprecated": True} if text(value) == "deprecated" else {}


def _variable(value: Value) -> str:
    if not re.fullmatch("[A-Z][A-Z0-9_]*", text(value)):
        raise ValueError
    return str(value)


def _is_scheme(holder: dict[str, Any], kind: str, scheme: str = "") -> None:
    if holder.get("type") != kind or (scheme and str(holder.get("scheme")).lower() != scheme):
        raise LeftAloneError(f"the security scheme is not {' '.join((kind, scheme)).rstrip()}")


def _bearer(value: Value, holder: dict[str, Any]) -> Ours:
    _is_scheme(holder, "http", "bearer")
    return {"x-eb-env": {"token": _variable(value["env"])}} if "env" in value else {}


def _header(value: Value, holder: dict[str, Any]) -> Ours:
    _is_scheme(holder, "apiKey")
    made: Ours = {"x-eb-env": {"token": _variable(value["env"])}} if "env" in value else {}
    return made | ({"x-eb-prefix": text(value["prefix"])} if value.get("prefix") else {})


def _basic(value: Value, holder: dict[str, Any]) -> Ours:
    _is_scheme(holder, "http", "basic")
    parts = {"id": value["username"], "secret": value["password"]}
    if not any("env" in part for part in parts.values()):
        return {}
    return {"x-eb-env": {role: _variable(part["env"]) for role, part in parts.items()}}


def _const(value: Value, holder: dict[str, Any]) -> Ours:
    """An enum of one value is sent without being set as it is."""
    if flag(value) and "const" not in holder and len([v for v in holder["enum"] if v is not None]) != 1:
        raise ValueError
    return {}


def _naming(value: Value, holder: dict[str, Any]) -> Ours:
    """Names for single languages: when all are the same words, they are ours as well."""
    said = [text(name) for names in value.values() for word, name in names.items() if word in _NAMES]
    words = {snake(name) for name in said}
    if len(words) != 1 or sum(len(names) for names in value.values()) != len(said):
        raise LeftAloneError("it has no one name for all languages")
    return {"x-eb-name": words.pop()}


def _mutability(value: Value, holder: dict[str, Any]) -> Ours:
    if not value or not set(value) <= {"create", "read", "update"}:
        raise ValueError
    if "$ref" in holder:
        raise LeftAloneError("it stands beside a reference")
    made = {"writeOnly": True} if "read" not in value else {"readOnly": True} if set(value) == {"read"} else {}
    if any(holder.get(word) is True for word in ("readOnly", "writeOnly") if word not in made and made):
        raise ValueError
    return made


def _skip_encoding(value: Value, holder: dict[str, Any]) -> Ours:
    """What may stay as it is: the slashes of a path, the signs of a query."""
    if not flag(value):
        return {}
    if holder.get("in") == "query":
        return {"allowReserved": True}
    schema = holder.get("schema")
    if holder.get("in") != "path" or not isinstance(schema, dict) or schema.get("type") != "string":
        raise LeftAloneError("it is read at parameters in query, and in path with a string")
    return {"x-eb-path": "segments"}


def _extensible(value: Value, holder: dict[str, Any]) -> Ours:
    """Every enum is open here."""
    if not isinstance(value, list) or not value or not all(isinstance(v, str) for v in value):
        raise ValueError
    if holder.get("type") not in ("string", None):
        raise LeftAloneError("it is read at strings")
    return {"type": "string", "enum": list(dict.fromkeys(value))}


def _unknown_values(value: Value, holder: dict[str, Any]) -> Ours:
    if value not in ("allow", "disallow"):
        raise ValueError
    return {}


def _globals(value: Value, holder: dict[str, Any]) -> Ours:
    raise LeftAloneError("a client has no parameters; those that operations have are given with each call")


ROWS: dict[str, Row] = {
    "x-fern-availability": _availability,
    "x-fern-bearer": _bearer,
    "x-fern-header": _header,
    "x-fern-basic": _basic,
    "x-stainless-const": _const,
    "x-stainless-naming": _naming,
    "x-ms-mutability": _mutability,
    "x-ms-skip-url-encoding": _skip_encoding,
    "x-extensible-enum": _extensible,
    "x-speakeasy-unknown-values": _unknown_values,
    "x-speakeasy-globals": _globals,
}
