"""What the rows of the table of foreign extensions are made with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .load import Value

Ours = dict[str, Any]
Row = Callable[[Value, dict[str, Any]], Ours]  # KeyError, TypeError or ValueError: not understood
# The same with the document's root, where a row is about what stands in two places.
RootRow = Callable[[Value, dict[str, Any], dict[str, Any]], Ours]


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


def is_operation(holder: dict[str, Any]) -> bool:
    return "responses" in holder and "openapi" not in holder


def of_document_or_operation(holder: dict[str, Any]) -> None:
    if "openapi" not in holder and not is_operation(holder):
        raise LeftAloneError("it is read at the document and at operations")
