"""The operations of a document: where they stand, and what each is called when the document does not say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from .load import Document, Value, join
from .names import numbered, snake

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


@dataclass(frozen=True)
class Place:
    """An operation, as far as it can be found without understanding it."""

    id: str  # "listPets": operationId, or "get_pets_by_id" where there is none
    pointer: str  # "#/paths/~1pets/get"
    value: dict[str, Any]
    method: str  # "get"
    path: str  # "/pets"
    item: str  # "#/paths/~1pets": what stands there holds for all operations of the path


def items(root: Value) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Path, path item and its place; what is not as it should be is left out."""
    paths = root.get("paths")
    for path, item in paths.items() if isinstance(paths, dict) else ():
        if isinstance(item, dict) and not path.startswith("x-"):
            yield path, item, join("#/paths", path)


def places(document: Document) -> list[Place]:
    """Every operation in the document's order, the ones that are refused later too. In a part of a document they are
    called what they are called in the whole one."""
    found = [
        Place(str(op.get("operationId") or ""), join(at, method), op, method, path, at)
        for path, item, at in items(document.value if document.whole is None else document.whole)
        for method, op in item.items()
        if method in METHODS and isinstance(op, dict) and op.get("x-eb-ignore") is not True
    ]
    taken = {place.id for place in found}
    for i, place in enumerate(found):
        if not place.id:
            base = derived_id(place.method, place.path)
            found[i] = replace(place, id=next(n for n in chain([base], numbered(base)) if n not in taken))
            taken.add(found[i].id)
    if document.whole is None:
        return found
    here = {join(at, method): op for _, item, at in items(document.value) for method, op in item.items()}
    return [replace(place, value=here[place.pointer]) for place in found if place.pointer in here]


def derived_id(method: str, path: str) -> str:
    """What an operation without operationId is called: GET /pets/{id}/toys is get_pets_by_id_toys."""
    parts = [re.sub(r"\{([^{}]*)\}", r" by \1 ", part) for part in path.split("/")]
    return "_".join([method, *(snake(part) for part in parts if part.strip())])


def references(value: Value) -> Iterator[str]:
    """What a part of a document refers to, each time it does."""
    waiting = [value]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            for key, inner in value.items():
                if isinstance(inner, dict | list):
                    waiting.append(inner)
                elif key == "$ref" and isinstance(inner, str):
                    yield inner
            mapping = value.get("mapping")
            if isinstance(mapping, dict):  # of a discriminator: names of schemas, or references
                yield from (ref for ref in mapping.values() if isinstance(ref, str) and "#/" in ref)
        elif isinstance(value, list):
            waiting += [inner for inner in value if isinstance(inner, dict | list)]


def reached(document: Document, value: Value) -> set[str]:
    """The places that references lead to, from one to the next."""
    made: set[str] = set()
    waiting = [value]
    while waiting:
        for ref in references(waiting.pop()):
            if ref not in made:
                made.add(ref)
                waiting.append(document.find(ref)[1])
    return made
