"""Some operations of documents: which ones are meant, what they lead to, and a document that has nothing else.

The document is cut before it is built: what the rest of it needs may well be something that is not supported. Names
and types are those of the whole document all the same, so that a larger selection later changes none of them.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from .build_context import Entry
from .load import Document, Value, join, unescape
from .names import Pins, snake
from .paths import METHODS, items, places, reached

SCHEMAS = "#/components/schemas/"


@dataclass(frozen=True)
class Selection:
    operations: tuple[str, ...] = ()  # ("app-version-get", "edgegap_app_version_list"): operationIds or C names
    tags: tuple[str, ...] = ()        # ("versions",)


@dataclass(frozen=True)
class Source:
    document: Document
    entry: Entry
    pins: Pins


def operations_of(document: Document) -> dict[str, tuple[str, dict[str, Any]]]:
    """Pointer and value of each operation by its operationId; of two that share one, the first."""
    made: dict[str, tuple[str, dict[str, Any]]] = {}
    for place in places(document):
        made.setdefault(place.id, (place.pointer, place.value))
    return made


def chosen(selection: Selection, sources: Iterable[Source]) -> tuple[dict[str, set[str]], list[str]]:
    """The operationIds to keep of each document, and a line for each name that is none."""
    kept: dict[str, set[str]] = {}
    by_document = {source.entry.document: source for source in sources}
    unknown: list[str] = []
    known: dict[str, list[tuple[str, str]]] = {}
    tags: dict[str, list[tuple[str, str]]] = {}
    for name, source in by_document.items():
        for op_id, (pointer, op) in operations_of(source.document).items():
            prefix = source.entry.prefix
            c_name = source.pins.names.get("operations", {}).get(pointer, f"{prefix}_{snake(op_id)}")
            for word in {op_id, c_name}:
                known.setdefault(word, []).append((name, op_id))
            listed = op.get("tags")
            for tag in listed if isinstance(listed, list) else ():
                tags.setdefault(str(tag), []).append((name, op_id))
    waiting: list[tuple[str, str]] = []
    for what, words, there in (("operation", selection.operations, known), ("tag", selection.tags, tags)):
        for word in words:
            if word in there:
                waiting += there[word]
            else:
                near = difflib.get_close_matches(word, there, 1)
                unknown.append(f"there is no {what} {word}" + (f"; did you mean {near[0]}?" if near else ""))
    while waiting:
        name, op_id = waiting.pop()
        if op_id in kept.setdefault(name, set()):
            continue
        kept[name].add(op_id)
        waiting += _led_to(name, by_document, op_id)
    return kept, unknown


def _led_to(name: str, sources: Mapping[str, Source], op_id: str) -> Iterable[tuple[str, str]]:
    """The operations that one needs: the one that tells whether it arrived, the upload that follows."""
    _, op = operations_of(sources[name].document)[op_id]
    verify, link = op.get("x-eb-verify"), op.get("x-eb-link")
    wanted = []
    if isinstance(verify, dict):
        wanted.append((name, str(verify.get("operation"))))
    if isinstance(link, dict):
        document, _, target = str(link.get("target")).partition("#")
        wanted.append((document, target))
    return [(d, o) for d, o in wanted if d in sources and o in operations_of(sources[d].document)]


def cut(document: Document, kept: Collection[str]) -> Document:
    """The document with the operations at these places and the schemas they reach. References still find everything."""
    root = dict(document.value)
    root.pop("webhooks", None)
    paths: dict[str, Value] = {}
    for path, item, at in items(document.value):
        if any(join(at, method) in kept for method in item):
            paths[path] = {key: inner for key, inner in item.items() if key not in METHODS or join(at, key) in kept}
    root["paths"] = paths
    components = root.get("components")
    schemas = components.get("schemas") if isinstance(components, dict) else None
    if isinstance(components, dict) and isinstance(schemas, dict):
        refs = [ref for ref in reached(document, paths) if ref.startswith(SCHEMAS) and ref.count("/") == 3]
        names = {unescape(ref.removeprefix(SCHEMAS)) for ref in refs}  # what is referred into is found in the whole
        root["components"] = {**components, "schemas": {k: v for k, v in schemas.items() if k in names}}
    return replace(document, value=root, whole=document.value if document.whole is None else document.whole)
