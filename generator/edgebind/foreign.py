"""What the rows of the table of foreign extensions are made with."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Any

from .load import Value

Ours = dict[str, Any]
Row = Callable[[Value, dict[str, Any]], Ours]  # KeyError, TypeError or ValueError: not understood
# The same with the document's root, where a row is about what stands in two places.
RootRow = Callable[[Value, dict[str, Any], dict[str, Any]], Ours]


class Foreign(dict[str, Any]):
    """An extension of ours that was made of another house's, and is left out where it does not fit."""

    def __init__(self, name: str, value: dict[str, Any]) -> None:
        super().__init__(value)
        self.name, self.refused = name, False


class LeftAloneError(Exception):
    """An extension that is understood and not followed; its text says why."""


def text(value: Value) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError
    return value


def flag(value: Value) -> bool:
    if not isinstance(value, bool):
        raise ValueError
    return value


def positive(value: Value) -> int:
    if type(value) is not int or not 1 <= value < 2**31:
        raise ValueError
    return value


# ---- Places --------------------------------------------------------------------------------------------------------

_SCHEMAS = (
    "schema", "items", "additionalProperties", "not", "if", "then", "else", "contains", "propertyNames",
    "unevaluatedItems", "unevaluatedProperties", "contentSchema", "prefixItems", "allOf", "oneOf", "anyOf",
    "schemas", "properties", "patternProperties", "dependentSchemas", "$defs", "definitions",
)  # fmt: skip
# What an object is by the member that it, its list or its map is the value of; of the rest nothing is read.
KINDS = {
    **dict.fromkeys(_SCHEMAS, "schema"),
    **dict.fromkeys(("get", "put", "post", "delete", "options", "head", "patch", "trace"), "operation"),
    "parameters": "parameter",
    "responses": "response",
    "securitySchemes": "securityScheme",
    "servers": "server",
    "server": "server",
    "variables": "serverVariable",
}
_STANDARD = {
    **dict.fromkeys(("nullable", "format", "type", "enum", "readOnly", "writeOnly"), ("schema",)),
    "deprecated": ("operation", "parameter", "schema"),
    "allowReserved": ("parameter",),
    "parameters": ("operation",),
}


@cache
def places(ours: str) -> tuple[str, ...]:
    """Where a member of ours, or a standard one, may stand."""
    if ours in _STANDARD:
        return _STANDARD[ours]
    known = json.loads(files(__package__).joinpath("extensions.schema.json").read_text(encoding="utf-8"))["$defs"]
    return tuple(known[ours]["x-places"])
