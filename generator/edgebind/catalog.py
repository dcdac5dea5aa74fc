"""The catalog: which documents there are and what their code is called. Builds them, each once."""

from __future__ import annotations

import functools
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from . import names
from .build import build
from .build_context import Entry
from .build_relations import Built
from .emit_docs import docs
from .emit_header import header
from .emit_help import api_list, help_tables
from .emit_source import source
from .files import load_all
from .keep_going import LeftOut, keep_going
from .load import Document, load
from .paths import places
from .problem import Problem, Problems
from .selection import Selection, Source, chosen, cut

P = ParamSpec("P")
T = TypeVar("T")
DEPTH = 200_000  # schemas may refer to one another in long chains, and each takes a few calls
LOCK = "names.lock"
TAKEN = ("eb", "error", "failure", "op", "rate", "variable")  # the runtime's, and what static objects begin with


def deep(function: Callable[P, T]) -> Callable[P, T]:
    """Lets a function go deeper than Python does otherwise: its calls of itself need no more of the machine's stack."""

    @functools.wraps(function)
    def called(*args: P.args, **kwargs: P.kwargs) -> T:
        before = sys.getrecursionlimit()
        sys.setrecursionlimit(max(before, DEPTH))
        try:
            return function(*args, **kwargs)
        finally:
            sys.setrecursionlimit(before)

    return called


@dataclass
class Catalog:
    path: Path  # spec/catalog.yaml; documents stand beside it
    entries: tuple[Entry, ...]
    lock: dict[str, Any]
    problems: Problems
    lock_path: Path
    help_tables: bool = False  # for a command-line tool
    documents: dict[str, Document] = field(default_factory=dict)
    say: Callable[[str], None] = lambda text: None  # what is being done, for somebody who waits
    keep_going: bool = False  # do without the operations that problems concern
    left_out: dict[str, list[LeftOut]] = field(default_factory=dict)  # by document, and the problems that are why
    refused: dict[str, Problems] = field(default_factory=dict)
    _kept: dict[str, set[str]] | None = None  # the operations that are meant, all when it is None
    _loaded: dict[str, Document | None] = field(default_factory=dict)
    _built: dict[str, Built | None] = field(default_factory=dict)

    def document_path(self, entry: Entry) -> Path:
        return (self.path.parent / entry.document).resolve()

    @deep
    def build(self, document: str) -> Built | None:
        """One document's IR; None when it has problems, is not in the catalog, or links back to the one that asks."""
        if document not in self._built:
            self._built[document] = None
            left_out = self._kept is not None and document not in self._kept
            entry = None if left_out else next((e for e in self.entries if e.document == document), None)
            loaded = self._load(document) if entry else None
            if entry and loaded:
                self.documents[document] = loaded
                self.say(f"understanding {document}")
                pins = names.pins_of(self.lock, entry.prefix)
                if self._kept is not None:
                    kept = self._kept.get(document, set())
                    loaded = cut(loaded, [place.pointer for place in places(loaded) if place.id in kept])
                if self.keep_going:
                    built, self.left_out[document], self.refused[document] = keep_going(loaded, entry, pins, self.build)
                    self._built[document] = built
                else:
                    self._built[document] = build(loaded, entry, pins, self.build)
        return self._built[document]

    def _load(self, document: str) -> Document | None:
        if document not in self._loaded:
            entry = next((e for e in self.entries if e.document == document), None)
            overlays = entry.overlays if entry else ()
            self.say(f"reading {document}")
            self._loaded[document] = load_all(str(self.path.parent / document), self.problems, overlays)
        return self._loaded[document]

    def select(self, selection: Selection) -> list[str]:
        """Keeps some operations, before anything is built. A line for each name that is none."""
        self._kept, unknown = chosen(selection, self._sources())
        return unknown

    def operations(self, document: str, wanted: Selection) -> tuple[tuple[str, ...], list[str]]:
        """The operationIds of operations of one document, with those they lead to there, and a line for each name that
        is none."""
        kept, unknown = chosen(wanted, [s for s in self._sources() if s.entry.document == document])
        return tuple(sorted(kept.get(document, ()))), unknown

    def _sources(self) -> list[Source]:
        loaded = [(entry, self._load(entry.document)) for entry in self.entries]
        return [Source(d, entry, names.pins_of(self.lock, entry.prefix)) for entry, d in loaded if d is not None]

    @deep
    def generate(self) -> tuple[dict[str, str], dict[str, Any]]:
        """Every generated file by its path below the output directory, and the new names.lock."""
        texts: dict[str, str] = {}
        apis = []
        for entry in self.entries:
            built = self.build(entry.document)
            if built is None:
                continue
            self.say(f"spelling {entry.header}")
            texts[f"include/edgebind/{entry.header}.h"] = header(built.api)
            texts[f"src/{entry.header}.c"] = source(built.api)
            texts |= {f"docs/{path}": text for path, text in docs(built.api).items()}
            if self.help_tables:
                texts[f"cli/{entry.header}_help.c"] = help_tables(built.api)
                apis.append(built.api)
        if apis:
            texts["cli/apis.c"] = api_list(apis)
        return texts, self.locked()

    def locked(self) -> dict[str, Any]:
        """The new names.lock."""
        lock = dict(self.lock)
        for entry in self.entries:
            built = self.build(entry.document)
            if built is None:
                continue
            used = built.used
            if self._kept is not None or self.left_out.get(entry.document):  # what is left out now is not gone
                used = names.merged(names.pins_of(self.lock, entry.prefix, retired=False), used)
            lock[entry.prefix] = names.lock_part(names.pins_of(self.lock, entry.prefix), used)
        return lock

    def hashes(self) -> dict[str, str]:
        return {name: document.sha256 for name, document in self.documents.items()}


def alone(path: str, problems: Problems) -> Catalog:
    """A document that is in no catalog, by itself; what it links to cannot be found."""
    file = Path(path)
    prefix = names.member(file.stem).rstrip("_")
    return _single(file, prefix, prefix, {}, file.parent / LOCK, problems)


def single(
    path: str, prefix: str, header: str, lock_path: Path, problems: Problems, overlays: Sequence[str] = ()
) -> Catalog | None:
    """A document without a catalog, its overlays, and its names.lock."""
    lock = read_lock(lock_path, problems)
    if lock is None:
        return None
    made = _single(Path(path), prefix, header, lock, lock_path, problems)
    return replace(made, entries=tuple(replace(entry, overlays=tuple(overlays)) for entry in made.entries))


def _single(
    file: Path, prefix: str, header: str, lock: dict[str, Any], lock_path: Path, problems: Problems
) -> Catalog:
    return Catalog(file.parent / "catalog.yaml", (Entry(file.name, prefix, header),), lock, problems, lock_path)


def bad_prefix(prefix: str) -> str | None:
    """What is wrong with a prefix of C names, None when it is good."""
    if re.fullmatch(r"[a-z][a-z0-9_]*[a-z0-9]|[a-z]", prefix) and prefix not in TAKEN:
        return None
    return f"a prefix is lower case letters, digits and _, and none of {', '.join(TAKEN)}"


def bad_header(name: str) -> str | None:
    if re.fullmatch(r"[a-z][a-z0-9_-]*", name):
        return None
    return "a header's name is lower case letters, digits, _ and -"


def read_lock(path: Path, problems: Problems) -> dict[str, Any] | None:
    """What names.lock says, {} when there is none, None after a problem."""
    if not path.exists():
        return {}
    try:
        return names.read_lock(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        problems.add(Problem(str(path), 1, 1, "#", f"cannot be read ({error}); restore it from version control"))
        return None


def read(path: str, problems: Problems) -> Catalog | None:
    document = load(path, problems)
    if document is None:
        return None
    entries: list[Entry] = []
    rows = document.value.get("documents")
    if not isinstance(rows, list) or not rows:
        document.problem("#", "documents is missing: a list of document, prefix and header")
        return None
    for i, row in enumerate(rows):
        at = f"#/documents/{i}"
        values = [row.get(key) if isinstance(row, dict) else None for key in ("document", "prefix", "header")]
        if not all(isinstance(v, str) and v for v in values):
            document.problem(at, "document, prefix and header are expected")
            continue
        name, prefix, header_name = map(str, values)
        for key, wrong in (("prefix", bad_prefix(prefix)), ("header", bad_header(header_name))):
            if wrong:
                document.problem(f"{at}/{key}", wrong)
        for entry in entries:
            if name == entry.document or prefix == entry.prefix or header_name == entry.header:
                document.problem(
                    at, f"document, prefix and header are each for one document; {entry.document} has one of them"
                )
        overlays = row.get("overlays", [])
        if not isinstance(overlays, list) or not all(isinstance(o, str) for o in overlays):
            document.problem(f"{at}/overlays", "a list of files is expected")
            overlays = []
        entries.append(Entry(name, prefix, header_name, tuple(str(Path(path).parent / o) for o in overlays)))
    tables = document.value.get("help-tables", False)
    if not isinstance(tables, bool):
        document.problem("#/help-tables", "true or false is expected")
    lock_path = Path(path).parent / LOCK
    lock = read_lock(lock_path, problems)
    return None if lock is None else Catalog(Path(path), tuple(entries), lock, problems, lock_path, tables is True)
