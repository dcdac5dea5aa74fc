"""Some operations of an API with the types they need, and nothing else. IR in, IR out."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import replace

from .ir import Api, ListType, Operation, Struct
from .names import snake


def find(api: Api, names: Iterable[str]) -> tuple[list[Operation], list[str]]:
    """The operations of these operationIds or C names, and a line for each name that is none."""
    known = {key: o for o in api.operations for key in (snake(o.id), o.name, o.id)}
    found, unknown = [], []
    for name in names:
        operation = known.get(name) or known.get(snake(name))
        if operation is not None:
            found.append(operation)
            continue
        near = difflib.get_close_matches(name, [o.id for o in api.operations], 1)
        unknown.append(f"{name}: no such operation" + (f"; did you mean {near[0]}?" if near else ""))
    return found, unknown


def select(api: Api, wanted: Sequence[Operation]) -> Api:
    """The API with these operations, those that tell what became of them, and the types that are reached."""
    names = {o.name for o in wanted} | {o.verify for o in wanted}
    operations = tuple(o for o in api.operations if o.name in names)
    by_name = {made.name: made for made in api.types}
    waiting = [f.target for o in operations for f in (p.field for p in o.parameters)]
    waiting += [o.result for o in operations] + [o.pages.item for o in operations if o.pages]
    reached: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name is None or name in reached:
            continue
        reached.add(name)
        made = by_name.get(name)
        if isinstance(made, Struct):
            waiting += [f.target for f in made.fields]
        elif isinstance(made, ListType):
            waiting.append(made.item)
        elif made is not None:
            waiting.append(made.value.target)
    return replace(
        api,
        operations=operations,
        enums=tuple(e for e in api.enums if e.name in reached),
        types=tuple(made for made in api.types if made.name in reached),
    )


def linked(operations: Iterable[Operation]) -> dict[str, list[str]]:
    """The operations of other APIs that these lead to, by the other API's header."""
    made: dict[str, list[str]] = {}
    for operation in operations:
        if operation.link:
            made.setdefault(operation.link.header, []).append(operation.link.operation_name)
    return made
