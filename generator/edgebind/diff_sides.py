"""The two sides of `edgebind diff`: documents, or directories with a catalog; and the changes between them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from . import catalog, names
from .diff import compare
from .diff_report import Line
from .problem import Problems


def read_side(
    path: str, prefix: str, problems: Problems, overlays: Sequence[str] = ()
) -> catalog.Catalog | None:
    """A side's documents, not built yet; prefix and overlays are for a document without a catalog."""
    found = catalog_of(path)
    if found is not None:
        return catalog.read(str(found), problems)
    return catalog.single(path, prefix, prefix, Path(path).parent / catalog.LOCK, problems, overlays)


def catalog_of(path: str) -> Path | None:
    """The catalog of a directory: its own, or that of its spec/."""
    return next((p for p in (Path(path) / "catalog.yaml", Path(path) / "spec/catalog.yaml") if p.is_file()), None)


def prefix_of(path: str) -> str:
    """What C names begin with when nobody says: the one prefix of the names.lock beside it, or the file's name."""
    lock = catalog.read_lock(Path(path).parent / catalog.LOCK, Problems()) or {}
    return next(iter(lock)) if len(lock) == 1 else names.member(Path(path).stem).rstrip("_")


def changes_between(old: catalog.Catalog, new: catalog.Catalog) -> list[Line]:
    """What changed, per API and the worst first. Nothing that is meant to be read when there are problems.

    A new side without a names.lock of its own gets the old one's names, as it would when it took its place."""
    _, lock = old.generate()
    new.lock = {**lock, **new.lock}
    sides = [{entry.prefix: side.build(entry.document) for entry in side.entries} for side in (old, new)]
    entries = [{entry.prefix: entry.document for entry in side.entries} for side in (old, new)]
    lines: list[Line] = []
    for prefix in dict.fromkeys([*sides[0], *sides[1]]):
        built = [side.get(prefix) for side in sides]
        if any(prefix in side and made is None for side, made in zip(sides, built, strict=True)):
            continue  # its problems are reported
        for change in compare(*(made.api if made else None for made in built)):
            side = 0 if change.gone else 1
            document = (old, new)[side].documents[entries[side][prefix]]
            lines.append(Line(change, *document.where(change.pointer)))
    return sorted(lines, key=lambda line: line.change.level.rank)
