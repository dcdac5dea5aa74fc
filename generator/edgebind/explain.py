"""`edgebind explain`: where a C name comes from in a document. Everything that headers declare can be asked for."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass

from . import names
from .emit_common import sending
from .emit_waits import until
from .ir import Api, EnumType, Field, Kind, ListType, MapType, Operation, Struct, Union
from .load import Document, escape, join


@dataclass(frozen=True)
class Origin:
    """A C name and its place; a member's name is edgegap_port.protocol."""

    name: str     # "edgegap_port.protocol_text"
    pointer: str  # "#/components/schemas/Port/properties/protocol"
    text: str     # "member of edgegap_port, protocol on the wire"


def origins(api: Api, document: Document) -> Iterator[Origin]:
    """Every name of an API, in no order that means anything."""
    whole = ("api", "errors", "auth", *(("server",) if api.choices else ()))
    for name in (f"{api.name}_{end}" for end in whole):
        yield Origin(name, "#", f"the API as a whole, {api.title} {api.version}")
    for choice in api.choices:
        yield Origin(choice.name, choice.server.where, f"server {choice.server.url}, number {choice.number}")
    for operation in api.operations:
        yield from _operation(operation)
    for made in api.types:
        if isinstance(made, Union):
            yield from _union(made)
        elif isinstance(made, Struct):
            for name in names.struct_names(made.name):
                yield Origin(name, made.where, f"struct{_of(name, made.name)}{_wire(made.where)}")
            yield from _members(made.name, made.fields)
        elif isinstance(made, ListType):
            for name in names.list_names(made.name):
                yield Origin(name, made.where, f"list of {made.item}{_of(name, made.name)}")
        else:
            yield from _map(made)
    for enum in [*api.enums, *([api.errors.codes] if api.errors.codes else [])]:
        yield from _enum(enum, document)


def _union(made: Union) -> Iterator[Origin]:
    for name in names.union_names(made.name):
        yield Origin(name, made.where, f"union{_of(name, made.name)}{_wire(made.where)}")
    for choice in made.choices:
        about = f"kind of {made.name}, in u.{choice.field.name}, number {choice.number}"
        yield Origin(choice.constant, choice.field.where, about)


def _of(name: str, owner: str) -> str:
    return "" if name == owner else f", belongs to {owner}"


def _wire(where: str) -> str:
    parts = where.split("/")
    return f", schema {parts[3]}" if where.startswith("#/components/schemas/") and len(parts) == 4 else ""


def _operation(operation: Operation) -> Iterator[Origin]:
    about = f"operation {operation.id}, {operation.method} {operation.action or operation.path}"
    name, where = operation.name, operation.where
    for made in names.operation_names(name):
        words = [f"idempotency key {operation.key.wire}"] if operation.key else []
        yield Origin(made, where, about + (_of(made, name) or "".join(f"; {w}" for w in [*words, *sending(operation)])))
    yield from _members(f"{name}_params", tuple(p.field for p in operation.parameters))
    yield Origin(f"{name}_params.options", where, f"not in the document: options of one call, belongs to {name}")
    if operation.pages:
        for made in names.pager_names(name):
            yield Origin(made, join(where, "x-eb-pages"), f"pages of {about}")
    for answer in operation.answers:
        if answer.function:
            yield Origin(answer.function, answer.where, f"what {operation.id} is answered with status {answer.status}")
    if operation.events:
        for made in names.events_names(name):
            yield Origin(made, join(where, "responses"), f"the stream that {operation.id} may be answered with")
    if operation.headers:
        yield Origin(f"{operation.headers}_of", join(where, "responses"), f"headers of the answers to {operation.id}")
    if operation.verify:
        text = f"tells with {operation.verify_id} whether {name} arrived"
        yield Origin(f"{name}_verify", join(where, "x-eb-verify"), text)
    if operation.link:
        at = join(where, "x-eb-link")
        for made in names.link_names(operation.link.function):
            yield Origin(made, at, f"{operation.id}, then {operation.link.operation}")
        yield Origin(f"{operation.link.function}_params.{operation.link.member}", join(at, "file"), "the file")
    yield from _waits(operation)


def _waits(operation: Operation) -> Iterator[Origin]:
    for wait in operation.waits:
        for made in names.wait_names(wait.function):
            yield Origin(made, wait.where, f"calls {operation.id} until {until(wait)}")


def _members(struct: str, fields: tuple[Field, ...]) -> Iterator[Origin]:
    for field in fields:
        wire = f"{field.json} on the wire" if field.json else "members without a name of their own"
        beside = {Kind.ENUM: "_text", Kind.INT_ENUM: "_number"}.get(field.kind)
        for end in ("", *([beside] if beside else [])):
            yield Origin(f"{struct}.{field.name}{end}", field.where, f"member of {struct}, {wire}")


def _map(made: MapType) -> Iterator[Origin]:
    for name in (*names.list_names(made.name), made.entry):
        yield Origin(name, made.where, f"map{_of(name, made.name)}")


def _enum(enum: EnumType, document: Document) -> Iterator[Origin]:
    for name in names.enum_names(enum.name):
        yield Origin(name, enum.where, f"enum{_of(name, enum.name)}{_wire(enum.where)}")
    found, value = document.find(enum.where)
    texts = [str(v) for v in value["enum"]] if found and isinstance(value, dict) and "enum" in value else []
    for v in enum.values:
        if v.text in texts:
            at = join(enum.where, "enum", texts.index(v.text))
        else:
            at = f"{enum.where}/{escape(v.text)}"  # an error code; the enum itself when the value is gone
        yield Origin(v.name, at, f"value of {enum.name}, {v.text or 'the empty text'} on the wire, number {v.number}")


def matches(name: str, known: list[tuple[Origin, Document]]) -> list[tuple[Origin, Document]]:
    """The origins of a name; a member may be asked for without its struct."""
    exact = [pair for pair in known if pair[0].name == name]
    return exact or [pair for pair in known if pair[0].name.partition(".")[2] == name]


def similar(name: str, known: list[tuple[Origin, Document]]) -> list[str]:
    return difflib.get_close_matches(name, sorted({origin.name for origin, _ in known}), 3, 0.7)
