"""Who owns the bytes of a generated object file: its operations or its models.

Symbols go by their name. Text that rows point to (names on the wire, paths) goes to the first symbol that points at
it, which the relocations tell. What belongs to neither (the eb_api, the error table) is shared out over the
operations, since an API without operations would need none of it.
"""

from __future__ import annotations

import re
import subprocess
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

SECTION = re.compile(r"^\s*\[\s*(\d+)\] (\S+)\s+\S+\s+[0-9a-f]+ ([0-9a-f]+) ([0-9a-f]+) [0-9a-f]+\s+([A-Zxop]*)\s")
SYMBOL = re.compile(r"^\s*\d+: ([0-9a-f]+)\s+(\d+)\s+(FUNC|OBJECT)\s+\w+\s+\w+\s+(\d+) (\S+)")
RELOCATIONS = re.compile(r"^Relocation section '\.rela(\S+)'")
RELOCATION = re.compile(r"^([0-9a-f]+)\s+[0-9a-f]+ R_\S+\s+[0-9a-f]+ (\.rodata\.str\S*) \+ ([0-9a-f]+)")


@dataclass(frozen=True)
class Section:
    number: int
    name: str
    offset: int
    size: int
    flags: str


@dataclass(frozen=True)
class Symbol:
    section: int
    start: int
    size: int
    name: str


@dataclass(frozen=True)
class Owners:
    operations: int
    models: int
    per_operation: float
    per_model: float


def readelf(flag: str, file: Path) -> list[str]:
    done = subprocess.run(["readelf", flag, str(file)], stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout.splitlines()


def sections_of(file: Path) -> dict[int, Section]:
    found = (SECTION.match(line) for line in readelf("-SW", file))
    rows = (match.groups() for match in found if match)
    return {int(n): Section(int(n), name, int(at, 16), int(size, 16), flags) for n, name, at, size, flags in rows}


def symbols_of(file: Path) -> list[Symbol]:
    found = (SYMBOL.match(line) for line in readelf("-sW", file))
    rows = (match.groups() for match in found if match)
    return sorted(
        (Symbol(int(section), int(at, 16), int(size), name) for at, size, _, section, name in rows),
        key=lambda symbol: (symbol.section, symbol.start),
    )


def bytes_by_symbol(file: Path) -> dict[str, int]:
    """Bytes of each symbol with the text it points to; under "" what no symbol covers."""
    sections = sections_of(file)
    by_name = {section.name: section for section in sections.values()}
    symbols = symbols_of(file)
    content = file.read_bytes()
    size: dict[str, int] = defaultdict(int)
    for symbol in symbols:
        if "A" in sections[symbol.section].flags:
            size[symbol.name] += symbol.size
    total = sum(section.size for section in sections.values() if "A" in section.flags)

    places = [(symbol.section, symbol.start) for symbol in symbols]
    counted: set[tuple[str, int]] = set()
    section: Section | None = None
    for line in readelf("-rW", file):
        if found := RELOCATIONS.match(line):
            section = by_name.get(found[1])
        elif section and (found := RELOCATION.match(line)):
            text_at = (found[2], int(found[3], 16))
            at = bisect_right(places, (section.number, int(found[1], 16))) - 1
            if text_at in counted or at < 0 or symbols[at].section != section.number:
                continue
            counted.add(text_at)
            begin = by_name[text_at[0]].offset + text_at[1]
            size[symbols[at].name] += content.index(b"\0", begin) + 1 - begin
    size[""] = total - sum(size.values())
    return dict(size)


def sizes_by_owner(objects: list[Path]) -> Owners:
    operations: set[str] = set()
    models: set[str] = set()
    operation_bytes = model_bytes = 0
    for file in objects:
        size = bytes_by_symbol(file)
        own_operations = {name.removesuffix("_op") for name in size if name.endswith("_op")}
        calls = tuple(
            call + suffix
            for call in own_operations
            for suffix in ("_op", "_params", "_places", "_pages", "_link", "_pager", "_all", "_next")
        )
        own_models = {name.removesuffix("_type") for name in size if name.endswith("_type")}
        own_models = {name for name in own_models if not (name + "_").startswith(calls) and not name.endswith("_list")}
        for name, count in size.items():
            bare = re.sub(r"^[a-z]+_", "", name)
            if name.startswith(calls) or bare.startswith(calls) or name in own_operations or not name:
                operation_bytes += count
            elif any(name.startswith(model) for model in own_models):
                model_bytes += count
            else:
                operation_bytes += count
        operations |= own_operations
        models |= own_models
    return Owners(
        len(operations),
        len(models),
        operation_bytes / max(len(operations), 1),
        model_bytes / max(len(models), 1),
    )
