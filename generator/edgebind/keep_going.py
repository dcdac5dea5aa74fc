"""`--keep-going`: the operations that problems concern, so that the others can do without them.

A problem concerns an operation that it stands in, that is of the path or under the security scheme it stands in, or
that reaches by references what it stands in. What no operation reaches concerns none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from .build import Known, attempt
from .build_context import Entry
from .build_relations import Built, Lookup
from .load import Document, Value, escape
from .names import Pins
from .paths import METHODS, Place, places, references
from .problem import Problem, Problems
from .selection import cut

SCHEMES = "#/components/securitySchemes/"


@dataclass(frozen=True)
class LeftOut:
    """An operation that is not generated, and the first problem that is why."""

    operation: str  # "listPets"
    pointer: str  # "#/paths/~1pets/get"
    why: Problem
    others: int  # problems beside that one

    def __str__(self) -> str:
        more = f", and {self.others} more" if self.others else ""
        return f"{self.operation} is left out because of {self.why.file}:{self.why.line}:{self.why.column}{more}"


def keep_going(
    document: Document, entry: Entry, pins: Pins, others: Lookup
) -> tuple[Built | None, list[LeftOut], Problems]:
    """What can be built of a document, what is left out for it, and the problems that are why. None when a problem
    concerns no operation, or every one."""
    gone: dict[str, LeftOut] = {}
    refused = Problems()
    known: Known | None = None
    first: Document | None = None
    part = document
    while True:
        problems = Problems()
        part = replace(part, problems=problems, flawed=False)
        first = first or part
        built, known = attempt(part, entry, pins, others, known)
        kept = {place.pointer for place in places(part)}
        new = _concerned(part, problems)
        gone.update({found.pointer: found for found in new})
        kept -= gone.keys()
        stuck = not new and part is not first  # what nothing reaches goes with the first cut
        if built is not None or stuck or not kept:
            for problem in problems if built is None else ():
                document.problems.add(problem)
            document.flawed = built is None
            return built, [gone[place.pointer] for place in places(document) if place.pointer in gone], refused
        for problem in problems:
            refused.add(problem)
        part = cut(document, kept)


def _concerned(document: Document, problems: Problems) -> list[LeftOut]:
    """The operations of a document that problems concern."""
    graph = _Graph(document)
    concerned: dict[str, list[Problem]] = {}
    for problem in problems:
        for pointer in graph.operations_of(problem.pointer):
            concerned.setdefault(pointer, []).append(problem)
    return [
        LeftOut(place.id, place.pointer, why[0], len(why) - 1)
        for place in graph.places
        if (why := concerned.get(place.pointer))
    ]


def _above(pointer: str) -> Iterator[str]:
    """The pointer, and those of all nodes it stands in."""
    while "/" in pointer:
        yield pointer
        pointer = pointer.rpartition("/")[0]
    yield pointer


class _Graph:
    """Who reaches what."""

    def __init__(self, document: Document) -> None:
        self.places = places(document)
        self.root: Mapping[str, Any] = document.value
        self._by_pointer = {place.pointer: place for place in self.places}
        self._by_item: dict[str, list[Place]] = {}
        self._users: dict[str, set[str]] = {}  # what is referred to -> operations, and what else is referred to
        self._reached: dict[str, set[str]] = {}
        for place in self.places:
            self._by_item.setdefault(place.item, []).append(place)
        self._walk(document)

    def _walk(self, document: Document) -> None:
        waiting: list[str] = []
        for place in self.places:
            _, item = document.find(place.item)
            shared = {key: value for key, value in item.items() if key not in METHODS} if isinstance(item, dict) else {}
            waiting += self._add(place.pointer, [place.value, shared])
        while waiting:
            target = waiting.pop()
            waiting += self._add(target, document.find(target)[1])

    def _add(self, user: str, value: Value) -> list[str]:
        """Notes what a node refers to; gives what was not known before."""
        new = []
        for ref in references(value):
            if ref not in self._users:
                self._users[ref] = set()
                new.append(ref)
            self._users[ref].add(user)
        return new

    def operations_of(self, pointer: str) -> set[str]:
        made: set[str] = set()
        for node in _above(pointer):
            if node in self._by_pointer:
                return made | {node}
            if node in self._by_item:
                made |= {place.pointer for place in self._by_item[node]}
            made |= self._reaching(node)
        if pointer.startswith(SCHEMES):
            name = pointer.removeprefix(SCHEMES).partition("/")[0]
            made |= {place.pointer for place in self.places if name in self._schemes(place)}
        elif pointer.startswith(("#/security", "#/servers")):
            key = pointer.split("/")[1]
            made |= {place.pointer for place in self.places if key not in place.value}
        return made

    def _schemes(self, place: Place) -> set[str]:
        security = place.value.get("security", self.root.get("security"))
        rows = security if isinstance(security, list) else []
        return {escape(name) for row in rows if isinstance(row, dict) for name in row}

    def _reaching(self, node: str) -> set[str]:
        """The operations from which references lead to a node."""
        if node not in self._users:
            return set()
        if node not in self._reached:
            seen = {node}
            waiting = [node]
            while waiting:
                new = self._users.get(waiting.pop(), set()) - seen
                seen |= new
                waiting += new
            self._reached[node] = {pointer for pointer in seen if pointer in self._by_pointer}
        return self._reached[node]
