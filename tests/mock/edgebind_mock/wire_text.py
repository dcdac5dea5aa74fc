"""Small readers for text on the wire. Each returns what it read and adds what is wrong with it to a
list of problems; none of them raises."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import unquote_to_bytes

from edgebind_mock.acs3 import UNRESERVED

_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_LOWER = re.compile(r"%(?=[0-9A-Fa-f]{2})(?:[a-f][0-9A-Fa-f]|[0-9A-F][a-f])")
_INTEGER = re.compile(r"0|-?[1-9][0-9]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")


def decode(raw: str, what: str, problems: list[str]) -> str:
    """Percent-decoding of one value, with every departure from the canonical form named."""
    if _ESCAPE.search(raw):
        problems.append(f"{what}: a `%` that two hexadecimal digits do not follow")
    if _LOWER.search(raw):
        problems.append(f"{what}: lower-case hexadecimal digits in percent-encoding")
    for found in sorted(set(re.findall(r"%([0-9A-Fa-f]{2})", raw))):
        if int(found, 16) in UNRESERVED:
            problems.append(f"{what}: %{found} encodes a character that needs none")
    plain = re.sub(r"%[0-9A-Fa-f]{2}", "", raw).encode("utf-8", "surrogateescape")
    for byte in sorted(set(plain) - UNRESERVED - {0x25}):
        shown = "a space" if byte == 0x20 else repr(chr(byte)) if byte < 0x80 else f"byte {byte:#x}"
        hint = " (a space is %20)" if byte == 0x2B else ""
        problems.append(f"{what}: {shown} is not percent-encoded{hint}")
    try:
        text = unquote_to_bytes(raw.encode("utf-8", "surrogateescape")).decode("utf-8")
    except UnicodeDecodeError:
        problems.append(f"{what}: not UTF-8 after percent-decoding")
        return unquote_to_bytes(raw.encode("utf-8", "surrogateescape")).decode("latin-1")
    if "\0" in text:
        problems.append(f"{what}: holds a NUL")
    return text


def pairs(raw: str, what: str, problems: list[str]) -> list[tuple[str, str]]:
    """`a=1&b=2`, decoded; duplicate names are for the caller to judge."""
    found = []
    for piece in raw.split("&"):
        name, mark, value = piece.partition("=")
        if not piece:
            problems.append(f"{what}: an empty pair (`&` without a parameter)")
            continue
        if not mark:
            problems.append(f"{what}: {name} has no `=`")
        decoded = decode(name, f"{what} name {name!r}", problems)
        found.append((decoded, decode(value, f"{what} {decoded}", problems)))
    return found


def scalar(text: str, schema: dict[str, Any], what: str, problems: list[str]) -> Any:
    """The value a text stands for under its schema; other types stay text."""
    kinds = types(schema)
    if "string" in kinds or not kinds:
        return text
    if "boolean" in kinds:
        if text in ("true", "false"):
            return text == "true"
        problems.append(f"{what}: a boolean is written true or false, not {text!r}")
    elif "integer" in kinds:
        if _INTEGER.fullmatch(text):
            return int(text) if len(text) < 40 else text
        problems.append(f"{what}: {text!r} is not an integer in canonical form")
    elif "number" in kinds:
        if _NUMBER.fullmatch(text):
            return float(text)
        problems.append(f"{what}: {text!r} is not a number")
    return text


def types(schema: dict[str, Any]) -> list[str]:
    kind = schema.get("type")
    if isinstance(kind, str):
        return [kind]
    return [str(k) for k in kind] if isinstance(kind, list) else []


def strict_json(data: bytes, what: str, problems: list[str]) -> tuple[bool, Any]:
    """(well-formed?, value). Strict: UTF-8, no duplicate members, no NaN, nothing after the value."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        problems.append(f"{what}: not UTF-8 at byte {error.start}")
        return False, None
    if text.startswith("\ufeff"):
        problems.append(f"{what}: begins with a byte order mark")
        return False, None

    def members(found: list[tuple[str, Any]]) -> dict[str, Any]:
        seen: dict[str, Any] = {}
        for name, value in found:
            if name in seen:
                problems.append(f"{what}: member {name!r} occurs twice")
            seen[name] = value
        return seen

    def constant(name: str) -> Any:
        raise ValueError(f"{name} is not JSON")

    def integer(digits: str) -> int:
        if digits == "-0":
            problems.append(f"{what}: -0 is not an integer in canonical form")
        return int(digits)

    try:
        value = json.loads(text, object_pairs_hook=members, parse_constant=constant, parse_int=integer)
    except RecursionError:
        problems.append(f"{what}: nested too deeply")
        return False, None
    except ValueError as error:
        problems.append(f"{what}: not JSON: {error}")
        return False, None
    if _lone_surrogate(text):
        problems.append(f"{what}: an escaped half of a surrogate pair stands alone")
    return True, value


def _lone_surrogate(text: str) -> bool:
    if "\\u" not in text:
        return False
    try:
        json.dumps(json.loads(text), ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False
