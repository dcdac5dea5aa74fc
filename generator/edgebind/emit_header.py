"""The public header of an API: enums, structs, lists, and a prototype per operation. IR in, text out."""

from __future__ import annotations

from .emit_common import (
    LateEntry,
    about,
    accessors,
    asked_operation,
    c_type,
    call_parameters,
    constants,
    events_signatures,
    generator,
    in_order,
    status_number,
    summary,
    template,
    verify_parameters,
)
from .emit_unions import declared
from .emit_waits import wait_signature, wait_words
from .ir import Api, EnumType, Events, Field, Kind, ListType, MapType, Operation, Struct, Union
from .text import c_string, columns, comment, signature, wrap

_ITEM_TYPES = {
    Kind.STR: "char *const",
    Kind.TEXT: "char *const",
    Kind.DECIMAL: "char *const",
    Kind.OBJECT: "{}",
    Kind.ENUM: "{}_item",
    Kind.INT_ENUM: "{}_item",
    Kind.LIST: "{}",
    Kind.MAP: "{}",
}


def header(api: Api) -> str:
    blocks: list[str] = []
    types, forward = in_order(api.types)
    if api.errors.codes:
        blocks.append(_section("Errors"))
        blocks.append(_errors(api, api.errors.codes))
    if api.enums or types:
        blocks.append(_section("Types"))
    blocks += [_enum(e) for e in api.enums]
    if forward:
        blocks.append("\n".join(f"typedef struct {name} {name};" for name in sorted(forward)))
    for made in types:
        if isinstance(made, Union):
            blocks.append(declared(made, made.name in forward))
        elif isinstance(made, Struct):
            blocks.append(_struct(made, made.name in forward))
        elif isinstance(made, ListType):
            blocks.append(_list(made))
        elif isinstance(made, LateEntry):
            blocks.append("\n".join(_entry(made.map, True)))
        else:
            blocks.append(_map(made, forward))
    if api.choices:
        blocks.append(_servers(api))
    if api.operations:
        blocks.append(_section("Operations"))
    for operation in api.operations:
        blocks += _operation(api, operation)
    head = "\n".join(f" * {line}".rstrip() for line in wrap(_head(api), 97))
    return template("header.h.tmpl").substitute(
        header=api.header,
        title=api.title,
        head=head.replace("*/", "* /"),
        generator=generator(),
        document=api.document,
        sha256=api.sha256,
        guard=api.header.upper().replace("-", "_"),
        api=api.name,
        body="".join(f"\n{block}\n" for block in blocks),
    )


def _head(api: Api) -> str:
    text = api.doc + f"\n\nVersion {api.version} of the API. Server: {api.server.url}"
    for variable in api.server.variables:
        given = "the caller must give it" if variable.fallback is None else f"{variable.fallback} unless given"
        text += f"; {{{variable.name}}}: {given}"
    return text + "."


def _section(title: str) -> str:
    return f"/* ---- {title} " + "-" * (90 - len(title)) + " */"


def _doc(*lines: str, indent: int = 0) -> list[str]:
    return comment("\n\n".join(line for line in lines if line), indent)


def _enum(made: EnumType) -> str:
    name, upper = made.name, made.name.upper()
    values = [(f"    {upper}_UNSET", " = 0,"), (f"    {upper}_OTHER", " = -1,"), (f"    {upper}_NULL", " = -2,")]
    values += [(f"    {v.name}", f" = {v.number},") for v in made.values]
    values[-1] = (values[-1][0], values[-1][1].rstrip(","))
    lines = [
        *_doc(made.doc),
        f"typedef enum {name} {{",
        *columns(values),
        f"}} {name};",
        f"extern const eb_enum {name}_enum;",
    ]
    if made.in_lists:
        beside = ("int64_t ", "number") if made.integer else ("const char *", "text")
        lines += ["", *_plain_struct(f"{name}_item", [(f"{name} ", "value"), beside])]
    return "\n".join(lines)


def _errors(api: Api, made: EnumType) -> str:
    upper = made.name.upper()
    lines = _doc(
        f"What response->code can be. {upper}_UNSET: there is none; {upper}_OTHER: one that is not documented."
    )
    lines += [f"typedef enum {made.name} {{"]
    lines += columns([(f"    {upper}_UNSET", " = 0,"), (f"    {upper}_OTHER", " = -1,")])
    for i, value in enumerate(made.values):
        lines += _doc(f"{value.text}: {value.doc}" if value.doc else value.text, indent=4)
        lines.append(f"    {value.name} = {value.number}" + ("," if i < len(made.values) - 1 else ""))
    lines += [
        f"}} {made.name};",
        "",
        "/* The constant for response->code. */",
        f"static inline {made.name} {made.name}_of(const eb_response *response)",
        "{",
        f"    return ({made.name})eb_error_of({api.name}_api.errors, response);",
        "}",
    ]
    return "\n".join(lines)


def _servers(api: Api) -> str:
    """A constant for each of several servers."""
    lines = _doc("Where calls go, for .server of the client's options; without it to the first of the document.")
    lines.append(f"typedef enum {api.name}_server {{")
    for i, choice in enumerate(api.choices):
        lines += _doc(f"{choice.server.url}: {choice.server.doc}" if choice.server.doc else choice.server.url, indent=4)
        lines.append(f"    {choice.name} = {choice.number}" + ("," if i < len(api.choices) - 1 else ""))
    return "\n".join([*lines, f"}} {api.name}_server;"])


def _member(field: Field) -> list[str]:
    lines = _doc(" ".join([field.doc, *field.facts]).strip(), indent=4)
    lines.append(f"    {'EB_DEPRECATED ' if field.deprecated else ''}{c_type(field)}{field.name};")
    if field.kind is Kind.ENUM:
        lines.append(f"    const char *{field.name}_text;")
    if field.kind is Kind.INT_ENUM:
        lines.append(f"    int64_t {field.name}_number;")
    return lines


def _struct(made: Struct, announced: bool) -> str:
    lines = _doc(made.doc)
    lines.append(f"struct {made.name} {{" if announced else f"typedef struct {made.name} {{")
    for field in made.fields:
        lines += _member(field)
    lines.append("};" if announced else f"}} {made.name};")
    if made.nullable:
        lines.append(f"extern const {made.name} {made.name}_null; /* its address means null */")
    if made.plain:
        lines.append(f"EB_DECLARE_TYPE({made.name})")
    return "\n".join(lines)


def _plain_struct(name: str, members: list[tuple[str, str]], announced: bool = False) -> list[str]:
    """A struct without comments, its names in a column and the stars before them."""
    width = max(len(kind) for kind, _ in members)
    lines = [f"struct {name} {{" if announced else f"typedef struct {name} {{"]
    for kind, member in members:
        base, star = kind.rstrip("*"), "*" * (len(kind) - len(kind.rstrip("*")))
        lines.append(f"    {base.ljust(width - len(star))}{star}{member};")
    return [*lines, "};" if announced else f"}} {name};"]


def _list(made: ListType) -> str:
    item = _ITEM_TYPES[made.kind].format(made.item)
    if made.kind is Kind.OBJECT and made.nullable and not made.in_place:
        item = f"{item} *const"
    return "\n".join(_plain_struct(made.name, [(f"const {item} *", "items"), ("size_t ", "count")]))


def _entry(made: MapType, announced: bool) -> list[str]:
    members = [("const char *", "key"), (c_type(made.value, by_value=True), "value")]
    members += [("const char *", "value_text")] if made.value.kind is Kind.ENUM else []
    members += [("int64_t ", "value_number")] if made.value.kind is Kind.INT_ENUM else []
    return _plain_struct(made.entry, members, announced)


def _map(made: MapType, forward: set[str]) -> str:
    entry = [] if made.entry in forward else [*_entry(made, False), ""]
    return "\n".join([*entry, *_plain_struct(made.name, [(f"const {made.entry} *", "items"), ("size_t ", "count")])])


# ---- Operations -----------------------------------------------------------------------------------------------


def _params(operation: Operation, name: str, more: list[str]) -> str:
    lines = [f"typedef struct {name} {{", "    const eb_call_options *options;"]
    for parameter in operation.parameters:
        lines += _member(parameter.field)
    return "\n".join([*lines, *more, f"}} {name};"])


def _answers(api: Api, operation: Operation) -> str:
    """The documented answers as a list that is not wrapped again."""
    lines = []
    for answer in operation.answers:
        if answer.success:
            continue
        head = f"    {answer.status:<8}"
        body = wrap(" ".join(answer.doc.split()), 97 - len(head))
        lines += [head + (body[0] if body else "")] + [" " * len(head) + line for line in body[1:]]
        for line in wrap(" ".join(constants(api, answer.codes)), 97 - len(head)):
            lines.append(" " * len(head) + line)
    return "\n".join(lines)


def _operation(api: Api, operation: Operation) -> list[str]:
    blocks = [_params(operation, f"{operation.name}_params", [])]
    target = f"    {operation.method} {operation.path}" + (f", action {operation.action}" if operation.action else "")
    answers = _answers(api, operation)
    doc = _doc(
        summary(operation),
        operation.doc,
        target,
        " ".join(about(api, operation)),
        "Failures:\n" + answers if answers else "",
    )
    returns = "EB_DEPRECATED eb_status" if operation.deprecated else "eb_status"
    blocks.append("\n".join(doc + signature(returns, operation.name, call_parameters(operation))).rstrip() + ";")
    made = _answer_functions(operation)
    if made:
        blocks.append(made)
    if operation.pages:
        blocks.append(_pager(operation))
    if operation.events:
        blocks.append(_events(operation, operation.events))
    asked = asked_operation(api, operation)
    if asked:
        blocks.append(_verify(operation, asked))
    if operation.link:
        blocks += _link(operation)
    for wait in operation.waits:
        blocks.append("\n".join(_doc(" ".join(wait_words(operation, wait))) + wait_signature(operation, wait)) + ";")
    return blocks


def _answer_functions(operation: Operation) -> str:
    """What other answers than the result say, and the headers: a line each, expanded by generated.h."""
    name = operation.name
    lines = []
    answers = accessors(operation)
    if answers:
        lines += _doc(
            "What the service says besides the result. NULL unless the response is of this operation and its body "
            "is what the document says."
        )
        for answer in answers:
            number = "EB_USUAL" if answer.function == f"{name}_error" else status_number(answer.status)
            lines += _declared("EB_DECLARE_ANSWER", f"{answer.function}", f'"{name}"', str(number), f"{answer.type}")
    if operation.headers:
        lines += _doc(
            "Headers of the answer; NULL when there was none. One that did not come or cannot be read is absent."
        )
        lines += _declared("EB_DECLARE_HEADERS", f"{operation.headers}_of", f'"{name}"', operation.headers)
    return "\n".join(lines)


def _declared(macro: str, *arguments: str) -> list[str]:
    made = signature("", macro, arguments)
    return [line.removeprefix(" ") for line in made]


def _pager(operation: Operation) -> str:
    name, pages = operation.name, operation.pages
    assert pages is not None
    lines = _doc(
        f"All items of {name}, page by page. Start with {{ 0 }}; _all copies the parameters and sends nothing; "
        "_next fetches a page when it needs one and answers EB_DONE after the last item; an item lives until "
        "the next _next. End with _pager_free in any case."
    )
    lines.append(f"typedef eb_pager {name}_pager;")
    for made in (
        signature(
            "eb_status", f"{name}_all", ["eb_client *client", f"const {name}_params *params", f"{name}_pager *pager"]
        ),
        signature("eb_status", f"{name}_next", [f"{name}_pager *pager", f"{pages.shown}*item"]),
        signature("void", f"{name}_pager_free", [f"{name}_pager *pager"]),
    ):
        made[-1] += ";"
        lines += made
    return "\n".join(lines)


def _events(operation: Operation, events: Events) -> str:
    name = operation.name
    lines = _doc(
        f"The answer of {name} as a stream, event by event as it arrives. Start with {{ 0 }}; _events makes the call "
        "and answers as soon as a stream has begun; _next waits for an event, which lives until the next one, and "
        "answers EB_DONE after the last. End with _stream_free in any case. The deadline bounds the stream only if "
        "one is given with the call; the stall timeout bounds silence. Nothing is asked for again by itself: "
        "stream.last_id and retry_ms are for a call that goes on."
        + (f" Data that is {c_string(events.done)} ends the stream." if events.done else "")
    )
    lines.append(f"typedef eb_stream {name}_stream;")
    if events.type:
        members = [("const char *", "type"), ("const char *", "id"), ("const char *", "data"), ("size_t ", "len")]
        lines += _plain_struct(f"{name}_event", [*members, (f"const {events.type} *", "value")])
    else:
        lines.append(f"typedef eb_stream_event {name}_event;")
    for made in events_signatures(operation):
        lines += [*made[:-1], made[-1] + ";"]
    return "\n".join(lines)


def _verify(operation: Operation, asked: Operation) -> str:
    lines = _doc(
        f"Asks with {asked.name} whether {operation.name} with these parameters arrived, after EB_MAYBE_SENT: "
        "EB_OK, it did; EB_API with http_status 404, it did not."
    )
    lines += signature("eb_status", f"{operation.name}_verify", verify_parameters(operation, asked))
    return "\n".join(lines) + ";"


def _link(operation: Operation) -> list[str]:
    link = operation.link
    assert link is not None
    more = [*_doc("What is uploaded. Required.", indent=4), f"    eb_body {link.member};"]
    doc = _doc(
        f"{operation.name}, and then {link.operation_name} with what it answered.",
        f"The answer of the first call names the server ({link.server}) and the fields of the form; the file goes "
        f"along as {link.file}. "
        + ("The result is the first call's; the" if operation.result else "The")
        + " response describes the last call made, response->ticket_request_id the first. Allowed hosts: "
        + ", ".join(link.hosts)
        + ", loopback, and upload_hosts of the client.",
    )
    lines = doc + signature("eb_status", link.function, call_parameters(operation, f"{link.function}_params"))
    return [_params(operation, f"{link.function}_params", more), "\n".join(lines) + ";"]
