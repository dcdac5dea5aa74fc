"""Who owns the bytes of a generated object file: its operations or its models.

Data whose name begins with the API's prefix belongs to a model (rows, type, enum texts), functions and all other data
to the operations, except what an API has once (its eb_api, its documented errors). Text that rows point to (names on
the wire, paths) goes to the first symbol that points at it, which the relocations tell. Padding goes to the symbol
before it.
"""

from __future__ import annotations

import re
import subprocess
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

SECTION = re.compile(r"^\s*\[\s*(\d+)\] (\S+)\s+\S+\s+[0-9a-f]+ ([0-9a-f]+) ([0-9a-f]+) [0-9a-f]+\s+([A-Zxop]*)\s")
SYMBOL = re.compile(r"^\s*\d+: ([0-9a-f]+)\s+\d+\s+(FUNC|OBJECT)\s+\w+\s+\w+\s+(\d+) (\S+)")
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
    name: str
    code: bool


@dataclass(frozen=True)
class Owners:
    operations: int
    models: int
    per_operation: float
    per_model: float
    per_api: float


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
        (Symbol(int(section), int(at, 16), name, kind == "FUNC") for at, kind, section, name in rows),
        key=lambda symbol: (symbol.section, symbol.start),
    )


def bytes_by_symbol(file: Path) -> dict[Symbol | None, int]:
    """Bytes of each symbol with the text it points to; under None what no symbol covers (unwind tables)."""
    sections = sections_of(file)
    by_name = {section.name: section for section in sections.values()}
    symbols = [symbol for symbol in symbols_of(file) if "A" in sections[symbol.section].flags]
    content = file.read_bytes()
    total = sum(section.size for section in sections.values() if "A" in section.flags)

    size: dict[Symbol | None, int] = defaultdict(int)
    for symbol, after in zip(symbols, [*symbols[1:], None], strict=True):
        same = after is not None and after.section == symbol.section
        end = after.start if after is not None and same else sections[symbol.section].size
        size[symbol] = end - symbol.start

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
            size[symbols[at]] += content.index(b"\0", begin) + 1 - begin
    size[None] = total - sum(size.values())
    return size


def sizes_by_owner(objects: list[Path]) -> Owners:
    operations = models = operation_bytes = model_bytes = api_bytes = 0
    for file in objects:
        prefix = file.stem.split("_")[0] + "_"
        once = {prefix + name for name in ("api", "auth", "errors", "error_enum", "error_texts")}
        once |= {"operations", "types", "variables", "failures", "failure_status"}
        for symbol, count in bytes_by_symbol(file).items():
            name = symbol.name if symbol else ""
            if name in once:
                api_bytes += count
            elif symbol and not symbol.code and name.startswith(prefix):
                model_bytes += count
                models += name.endswith("_type") and not name.endswith(("_list_type", "_map_type"))
            else:
                operation_bytes += count
                operations += name.endswith("_op")
    return Owners(
        operations,
        models,
        operation_bytes / max(operations, 1),
        model_bytes / max(models, 1),
        api_bytes / max(len(objects), 1),
    )
