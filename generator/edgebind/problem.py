"""Problems of documents as values. Every pass appends to one list, and they are reported together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong with a document, and what to do about it."""

    file: str     # "spec/edgegap.yaml", as it was named by the caller
    line: int     # 120, from 1
    column: int   # 7, from 1
    pointer: str  # "#/components/schemas/Code"; of another file than the document, with its name before #
    text: str     # "oneOf is not supported here; name one schema, or mark it x-eb-json"

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: #{self.pointer.partition('#')[2]}: {self.text}"


class Problems:
    """Collects problems; the same one twice (a shared schema, reached from two places) counts once."""

    def __init__(self) -> None:
        self._seen: dict[Problem, None] = {}

    def add(self, problem: Problem) -> None:
        self._seen[problem] = None

    def __iter__(self) -> Iterator[Problem]:
        return iter(sorted(self._seen))

    def __len__(self) -> int:
        return len(self._seen)
