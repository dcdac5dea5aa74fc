"""The X-Fields mask as Flask-RESTX understands it: `{a,b{c},*}`, through arrays, null for a field
that the object does not have."""

from __future__ import annotations

import re
from typing import Any

Mask = dict[str, "Mask | None"]

_TOKEN = re.compile(r"[{},]|[^{},\s]+")
_NAME = re.compile(r"[\w:-]+")


class MaskError(ValueError):
    pass


def parse(text: str) -> Mask:
    tokens = _TOKEN.findall(text)
    if not tokens:
        raise MaskError("the mask is empty")
    if tokens[0] != "{":
        tokens = ["{", *tokens, "}"]
    mask, rest = _block(tokens)
    if rest:
        raise MaskError(f"unexpected {rest[0]!r} after the mask")
    return mask


def _block(tokens: list[str]) -> tuple[Mask, list[str]]:
    mask: Mask = {}
    rest = tokens[1:]
    name: str | None = None
    while rest:
        token, rest = rest[0], rest[1:]
        if token == "}":
            if name is None and not mask:
                raise MaskError("missing field name")
            return mask, rest
        if token == ",":
            if name is None:
                raise MaskError("missing field name before `,`")
            name = None
        elif token == "{":
            if name is None or mask[name] is not None:
                raise MaskError("unexpected opening bracket")
            mask[name], rest = _block([token, *rest])
        elif name is not None:
            raise MaskError(f"expected `,` before {token!r}")
        elif token != "*" and not _NAME.fullmatch(token):
            raise MaskError(f"{token!r} is not a field name")
        else:
            name, mask[token] = token, None
    raise MaskError("missing closing bracket")


def apply(mask: Mask, value: Any) -> Any:
    if isinstance(value, list):
        return [apply(mask, item) for item in value]
    if not isinstance(value, dict):
        return value
    found: dict[str, Any] = {}
    for name, inner in mask.items():
        if name == "*":
            continue
        member = value.get(name)
        found[name] = member if inner is None else apply(inner, member)
    if "*" in mask:
        found |= {name: member for name, member in value.items() if name not in found}
    return found
