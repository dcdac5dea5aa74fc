"""Hand edits, shown. A manifest keeps three bytes per line of the files it describes: enough to say which lines were
changed, whatever version wrote them, without a second copy of the files."""

from __future__ import annotations

import base64
import difflib
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

LINES_SHOWN = 200  # of the diff of one file
UNKNOWN = "(a line that is no longer known)"


def line_hashes(text: str) -> str:
    """Three bytes per line, four characters of Base64."""
    return "".join(_hash(line) for line in text.splitlines())


def diff(name: str, hashes: str, edited: str, known: str = "") -> list[str]:
    """What was done to a file whose lines had these hashes, as a unified diff. Lines that were removed are looked up in
    `known`, what would be written now."""
    before = [hashes[i : i + 4] for i in range(0, len(hashes), 4)]
    lines = edited.splitlines()
    after = [_hash(line) for line in lines]
    texts = {_hash(line): line for line in known.splitlines()}
    made = list(_unified(before, after, lines, texts))
    if made:
        made[:0] = [f"--- {name}", f"+++ {name} (edited)"]
    if len(made) > LINES_SHOWN:
        made[LINES_SHOWN:] = [f"... {len(made) - LINES_SHOWN} lines more"]
    return made


def _unified(
    before: Sequence[str], after: Sequence[str], lines: Sequence[str], texts: Mapping[str, str]
) -> Iterator[str]:
    """Hunks with three lines around. What both have at the beginning and at the end is left out of the comparison."""
    start, end = _common(before, after)
    head, tail = max(start - 3, 0), max(end - 3, 0)
    matcher = difflib.SequenceMatcher(
        None, before[head : len(before) - tail], after[head : len(after) - tail], autojunk=False
    )
    for group in matcher.get_grouped_opcodes(3):
        first, last = group[0], group[-1]
        yield f"@@ -{_range(first[1] + head, last[2] + head)} +{_range(first[3] + head, last[4] + head)} @@"
        for what, i1, i2, j1, j2 in group:
            new = lines[head + j1 : head + j2]
            if what == "equal":
                yield from (f" {line}" for line in new)
            else:
                yield from (f"-{texts.get(h, UNKNOWN)}" for h in before[head + i1 : head + i2])
                yield from (f"+{line}" for line in new)


def _range(start: int, stop: int) -> str:
    return f"{start + (stop > start)},{stop - start}"


def shown(out: Path, lines: Mapping[str, str], edited: list[str], now: Mapping[str, str]) -> list[str]:
    """The diffs of edited files of a directory whose manifest knows lines. Changed line ends are said in a line."""
    made = []
    for path in edited:
        data = (out / path).read_bytes()
        text = data.decode(errors="replace")
        found = diff(path, lines[path], text, now.get(path, "")) if path in lines else []
        if not found and b"\r\n" in data:
            found = [f"{path}: only its line ends differ; git leaves them alone with `* -text` in .gitattributes"]
        made += found
    return made


def _hash(line: str) -> str:
    return base64.b64encode(hashlib.sha256(line.encode(errors="replace")).digest()[:3]).decode()


def _common(before: Sequence[str], after: Sequence[str]) -> tuple[int, int]:
    """How many lines are the same at the beginning, and at the end behind them."""
    most = min(len(before), len(after))
    start = next((i for i in range(most) if before[i] != after[i]), most)
    end = next((i for i in range(most - start) if before[-1 - i] != after[-1 - i]), most - start)
    return start, end

