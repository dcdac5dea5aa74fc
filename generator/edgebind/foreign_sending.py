"""Foreign extensions about how a call is sent: until when, how often, with which key, and how many in a time."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import Any

from .foreign import Ours, RootRow, Row, flag, positive, text
from .load import Value

_TOKEN = r"[A-Za-z0-9!#$%&'*+.^_`|~-]+"
_LISTS = ("pages", "pagination", "pageable")


def _timeout(value: Value, holder: dict[str, Any]) -> Ours:
    return {"x-eb-timeout": positive(value)}


def _speakeasy_retries(value: Value, holder: dict[str, Any]) -> Ours:
    """Intervals are taken over; what is sent again, and how often, stays as it is with us."""
    if value["strategy"] == "none":
        return {"x-eb-retries": "never"}
    if value["strategy"] != "backoff":
        raise ValueError
    intervals = value.get("backoff", {})
    words = {"base": "initialInterval", "cap": "maxInterval"}
    made = {ours: positive(intervals[theirs]) for ours, theirs in words.items() if theirs in intervals}
    if made.get("base", 1) > made.get("cap", 2**31):
        raise ValueError
    return {"x-eb-retries": made} if made else {}


def _fern_retries(value: Value, holder: dict[str, Any]) -> Ours:
    return {"x-eb-retries": "never"} if flag(value["disabled"]) else {}


def _rate_limit(value: Value, holder: dict[str, Any]) -> Ours:
    limit = value["allRequests"]
    word, seconds = ("rps", 1) if "rps" in limit else ("rpm", 60)
    return {"x-eb-rate-limit": {"requests": positive(limit[word]), "seconds": seconds, "scope": "account"}}


def _idempotency_headers(value: Value, holder: dict[str, Any], root: dict[str, Any]) -> Ours:
    """What stands beside it at the operations makes use of it."""
    for row in value:
        _header(row, False)
    return {}


def _idempotent(value: Value, holder: dict[str, Any], root: dict[str, Any]) -> Ours:
    """The document's first header is the key, the others go along; without any, it is safe to repeat as it is."""
    if not flag(value):
        return {}
    rows = root.get("x-fern-idempotency-headers", [])
    if not rows or any(key.endswith(_LISTS) for key in holder):  # a key for each page would be none
        return {"x-eb-safe": True}
    return {"parameters": [_header(row, i == 0) for i, row in enumerate(rows)]}


def _header(row: dict[str, Any], key: bool) -> dict[str, Any]:
    if not re.fullmatch(_TOKEN, text(row["header"])):
        raise ValueError
    made: dict[str, Any] = {"name": row["header"], "in": "header", "schema": {"type": "string"}}
    made |= {"x-eb-name": text(row["name"])} if "name" in row else {}
    return made | ({"x-eb-idempotency-key": True} if key else {})


def with_parameters(given: list[Any], more: list[dict[str, Any]], root: dict[str, Any]) -> list[Any]:
    """A list of parameters with further ones: one that is there already gets what is said of it besides."""
    made = list(given)
    for parameter in more:
        at = next((i for i, value in enumerate(made) if _is_header(_followed(value, root), parameter["name"])), None)
        if at is None:
            made.append(parameter)
            continue
        own = deepcopy(_followed(made[at], root))
        schema = _followed(own.get("schema"), root)
        if not isinstance(schema, dict) or schema.get("type") != "string":
            raise ValueError
        made[at] = {**{key: said for key, said in parameter.items() if key.startswith("x-")}, **own}
    return made


def _is_header(value: Value, name: str) -> bool:
    return isinstance(value, dict) and value.get("in") == "header" and str(value.get("name")).lower() == name.lower()


def _followed(value: Value, root: dict[str, Any]) -> Value:
    """What a reference inside the document leads to."""
    for _ in range(9):
        reference = value.get("$ref") if isinstance(value, dict) else None
        if not isinstance(reference, str) or not reference.startswith("#/components/"):
            return value
        value = root
        for word in reference.split("/")[1:]:
            value = value.get(word) if isinstance(value, dict) else None
    return value


ROWS: dict[str, Row] = {
    "x-speakeasy-timeout": _timeout,
    "x-speakeasy-retries": _speakeasy_retries,
    "x-fern-retries": _fern_retries,
    "x-yc-apigateway-rate-limit": _rate_limit,
}
ROOT_ROWS: dict[str, RootRow] = {
    "x-fern-idempotency-headers": _idempotency_headers,
    "x-fern-idempotent": _idempotent,
}
