"""A program that uses every public name of an API as the header declares it today. It is never run: that it compiles
with the headers of another version says that old callers of that version do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .emit_common import accessors, asked_operation, c_type, call_parameters, verify_parameters
from .emit_unions import choice_type
from .ir import Api, EnumType, Field, Kind, ListType, MapType, Operation, Struct, Union

_HEAD = """\
/* Uses every public name of {names}, each with its type. Made by edgebind callers, to be compiled, not run. */
#define EB_ALLOW_DEPRECATED
{includes}
#include <stdlib.h>
"""

Local = tuple[str, str]  # "count", "size_t count = v->count;": the name of a variable and what declares it


def callers(apis: Iterable[Api]) -> str:
    """C for all of them, in one file."""
    apis = list(apis)
    head = _HEAD.format(
        names=", ".join(api.name for api in apis),
        includes="".join(f'#include "edgebind/{api.header}.h"\n' for api in apis),
    )
    blocks = [block for api in apis for block in _api(api)]
    main = ["int main(void)", "{", *(f"    use_{api.name}();" for api in apis), "    return 0;", "}", ""]
    return "\n".join([head, *blocks, *main])


def _api(api: Api) -> Iterator[str]:
    enums = [*([api.errors.codes] if api.errors.codes else []), *api.enums]
    for enum in enums:
        yield _function(enum.name, _enum(enum, errors=enum is api.errors.codes))
    for made in api.types:
        yield _function(made.name, _type(made))
    for operation in api.operations:
        yield _function(operation.name, _operation(api, operation))
    if api.choices:
        values = ", ".join(choice.name for choice in api.choices)
        yield _function(f"{api.name}_servers", [("values", f"const {api.name}_server values[] = {{ {values} }};")])
    made_of = [made.name for made in (*enums, *api.types, *api.operations)]
    made_of += [f"{api.name}_servers"] if api.choices else []
    calls = [("", f"use_{name}();") for name in made_of]
    yield _function(api.name, [("api", f"const eb_api *api = &{api.name}_api;"), *calls])


def _function(name: str, locals_: Iterable[Local]) -> str:
    """Whatever is declared is used as well, so that a compiler complains of nothing but what is wrong."""
    lines = list(locals_)
    used = [f"    (void){variable};" for variable, _ in lines if variable]
    return "\n".join([f"static void use_{name}(void)", "{", *(f"    {line}" for _, line in lines), *used, "}", ""])


def _some(type_name: str, name: str) -> Local:
    """A variable that points at a value of the type."""
    return name, f"const {type_name} *{name} = calloc(1, sizeof *{name});"


def _takes(name: str, returns: str, parameters: list[str], function: str) -> Local:
    """A function, by its whole type."""
    return name, f"{returns} (*{name})({', '.join(parameters)}) = {function};"


def _enum(enum: EnumType, *, errors: bool) -> Iterator[Local]:
    upper = enum.name.upper()
    values = [f"{upper}_UNSET", f"{upper}_OTHER", *([] if errors else [f"{upper}_NULL"])]
    values += [value.name for value in enum.values]
    yield "values", f"const {enum.name} values[] = {{ {', '.join(values)} }};"
    if errors:
        yield _takes("of", enum.name, ["const eb_response *response"], f"{enum.name}_of")
    else:
        yield "rows", f"const eb_enum *rows = &{enum.name}_enum;"
    if enum.in_lists:
        yield _some(f"{enum.name}_item", "item")
        yield "value", f"{enum.name} value = item->value;"
        kind, beside = ("int64_t ", "number") if enum.integer else ("const char *", "text")
        yield beside, f"{kind}{beside} = item->{beside};"


def _type(made: Struct | ListType | MapType) -> Iterator[Local]:
    name = made.name
    yield _some(name, "v")
    if isinstance(made, Struct):
        yield from _choices(made) if isinstance(made, Union) else _members(made.fields, "v")
        if made.nullable:
            yield "null", f"const {name} *null = &{name}_null;"
        if made.plain:
            value, response = f"const {name} *value", "eb_response *response"
            yield "rows", f"const eb_type *rows = &{name}_type;"
            yield _takes(
                "read", "eb_status", ["const char *json", "size_t len", f"const {name} **value", response],
                f"{name}_from_json",
            )  # fmt: skip
            yield _takes("write", "eb_status", [value, "eb_json *json", response], f"{name}_to_json")
            yield _takes("print", "eb_status", [value, "eb_json *text", response], f"{name}_print")
            yield _takes("same", "bool", [value, f"const {name} *other"], f"{name}_equal")
            yield _takes("dup", f"{name} *", [value], f"{name}_dup")
        return
    yield "items", f"const {_item(made) if isinstance(made, ListType) else made.entry} *items = v->items;"
    yield "count", "size_t count = v->count;"
    if isinstance(made, MapType):
        yield "key", "const char *key = items->key;"
        yield from _members((made.value,), "items", by_value=True)


def _choices(made: Union) -> Iterator[Local]:
    upper = made.name.upper()
    kinds = [f"{upper}_UNSET", f"{upper}_OTHER", f"{upper}_NULL", *(choice.constant for choice in made.choices)]
    yield "kinds", f"const {made.name}_kind kinds[] = {{ {', '.join(kinds)} }};"
    yield "kind", f"{made.name}_kind kind = v->kind;"
    for number, field in enumerate(made.fields):
        yield f"v_{number}", f"{choice_type(field)}const *v_{number} = &v->u.{field.name};"
    yield "other", "eb_json other = v->u.other;"


def _item(made: ListType) -> str:
    if made.kind in (Kind.STR, Kind.TEXT, Kind.DECIMAL):
        return "char *const"
    if made.kind in (Kind.ENUM, Kind.INT_ENUM):
        return f"{made.item}_item"
    pointed_at = made.kind is Kind.OBJECT and made.nullable and not made.in_place
    return f"{made.item} *const" if pointed_at else made.item


def _members(fields: Iterable[Field], of: str, by_value: bool = False) -> Iterator[Local]:
    """Where each member is: another type there does not compile, whatever converts into what."""
    for number, field in enumerate(fields):
        name = f"{of}_{number}"
        yield name, f"{c_type(field, by_value)}const *{name} = &{of}->{field.name};"
        if field.kind is Kind.ENUM:
            yield f"{name}_text", f"const char *const *{name}_text = &{of}->{field.name}_text;"
        if field.kind is Kind.INT_ENUM:
            yield f"{name}_number", f"int64_t const *{name}_number = &{of}->{field.name}_number;"


def _operation(api: Api, operation: Operation) -> Iterator[Local]:
    name = operation.name
    yield from _params("p", f"{name}_params", operation)
    yield _takes("call", "eb_status", call_parameters(operation), name)
    if operation.pages:
        pager, status = f"{name}_pager *pager", "eb_status"
        start = ["eb_client *client", f"const {name}_params *params", pager]
        yield _takes("all", status, start, f"{name}_all")
        yield _takes("next", status, [pager, f"{operation.pages.shown}*item"], f"{name}_next")
        yield _takes("end", "void", [pager], f"{name}_pager_free")
    answer = ["const eb_response *response"]
    for number, given in enumerate(accessors(operation)):
        yield _takes(f"answer_{number}", f"const {given.type} *", answer, f"{given.function}")
    if operation.headers:
        yield _takes("headers", f"const {operation.headers} *", answer, f"{operation.headers}_of")
    if operation.events:
        stream = f"{name}_stream *stream"
        begin = ["eb_client *client", f"const {name}_params *params", stream]
        yield _takes("events", "eb_status", begin, f"{name}_events")
        yield _takes("next", "eb_status", [stream, f"{name}_event *event"], f"{name}_next")
        yield _takes("end", "void", [stream], f"{name}_stream_free")
        if operation.events.type:
            yield _some(f"{name}_event", "event")
            yield "value", f"const {operation.events.type} *const *value = &event->value;"
    asked = asked_operation(api, operation)
    if asked:
        yield _takes("verify", "eb_status", verify_parameters(operation, asked), f"{name}_verify")
    if operation.link:
        linked = f"{operation.link.function}_params"
        yield from _params("q", linked, operation)
        yield "file", f"eb_body file = q->{operation.link.member};"
        yield _takes("link", "eb_status", call_parameters(operation, linked), operation.link.function)
    for number, wait in enumerate(operation.waits):
        yield _takes(f"wait_{number}", "eb_status", call_parameters(operation), wait.function)


def _params(short: str, type_name: str, operation: Operation) -> Iterator[Local]:
    yield _some(type_name, short)
    yield f"{short}_options", f"const eb_call_options *{short}_options = {short}->options;"
    yield from _members((parameter.field for parameter in operation.parameters), short)
