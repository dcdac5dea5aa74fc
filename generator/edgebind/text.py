"""C text: comments, literals, columns."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

WIDTH = 100


def c_string(text: str | None) -> str:
    """A C string literal, NULL for None. Octal escapes: hexadecimal ones would take in the letters behind them."""
    if text is None:
        return "NULL"
    made = []
    for byte in text.encode():
        char = chr(byte)
        if char in '"\\':
            made.append("\\" + char)
        elif char == "\n":
            made.append("\\n")
        elif char == "?" and made and made[-1] == "?":
            made.append("\\?")  # no trigraphs
        elif 0x20 <= byte < 0x7F:
            made.append(char)
        else:
            made.append(f"\\{byte:03o}")
    return '"' + "".join(made) + '"'


def c_int(value: int | float) -> str:
    """An integer constant of type int64_t's width."""
    value = int(value)
    if value <= -(2**63):
        return "INT64_MIN"
    return str(value) if abs(value) < 2**31 else f"INT64_C({value})"


def wrap(text: str, width: int) -> list[str]:
    """Paragraphs wrapped; an empty line between them. Indented lines (code, lists) stay as they are."""
    lines: list[str] = []
    for paragraph in _paragraphs(text):
        if lines:
            lines.append("")
        if isinstance(paragraph, list):
            lines += paragraph
        else:
            lines += textwrap.wrap(paragraph, width, break_long_words=False, break_on_hyphens=False)
    return lines


def _paragraphs(text: str) -> list[str | list[str]]:
    made: list[str | list[str]] = []
    for block in text.strip("\n").split("\n\n"):
        rows = block.rstrip().split("\n")
        if any(row[:1] in (" ", "\t", "-", "*", "|") for row in rows):
            made.append([row.rstrip() for row in rows])
        elif block.strip():
            made.append(" ".join(block.split()))
    return made


def comment(text: str, indent: int = 0) -> list[str]:
    """A block comment, wrapped."""
    space = " " * indent
    text = text.replace("*/", "* /").replace("/*", "/ *")
    lines = wrap(text, WIDTH - indent - 3)
    if not lines:
        return []
    if len(lines) == 1 and len(lines[0]) + indent + 6 <= WIDTH:
        return [f"{space}/* {lines[0]} */"]
    if len(lines[-1]) + indent + 6 > WIDTH:  # the end would not fit behind the last word
        head, _, last = lines[-1].rpartition(" ")
        lines[-1:] = [head, last] if head else [last]
    made = [f"{space}/* {lines[0]}"] + [f"{space} * {line}".rstrip() for line in lines[1:]]
    made[-1] += " */"
    return made


def columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """Cells of rows put into columns, each as wide as its widest; the last cell of a row is not padded."""
    widths = [
        max((len(r[i]) for r in rows if i < len(r) - 1), default=0) for i in range(max(map(len, rows), default=0))
    ]
    return ["".join(cell.ljust(widths[i]) if i < len(row) - 1 else cell for i, cell in enumerate(row)) for row in rows]


def signature(result: str, name: str, parameters: Iterable[str]) -> list[str]:
    """A function's head, its parameters aligned behind the parenthesis when they need several lines."""
    head = f"{result} {name}("
    lines: list[str] = []
    current = head
    first = True
    given = list(parameters)
    for i, parameter in enumerate(given):
        piece = parameter + (")" if i == len(given) - 1 else ",")
        joined = current + ("" if first else " ") + piece
        if not first and len(joined) > WIDTH:
            lines.append(current)
            current = " " * len(head) + piece
        else:
            current = joined
        first = False
    return [*lines, current]
