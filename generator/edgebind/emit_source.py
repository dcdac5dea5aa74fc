"""The source of an API: rows in the document's order, stubs of a few lines. IR in, text out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from .emit_access import auth_rows, choice_rows, security_rows, server_rows, variable_rows
from .emit_common import (
    LateEntry,
    asked_operation,
    call_parameters,
    events_signatures,
    generator,
    in_order,
    place,
    template,
    texts,
    verify_parameters,
)
from .emit_unions import type_lines
from .ir import (
    AnswerRow,
    Api,
    EnumType,
    Errors,
    Events,
    Field,
    Kind,
    Limits,
    ListType,
    MapType,
    Operation,
    RateLimit,
    Struct,
    Union,
)
from .text import c_int, c_string, columns, signature

DEPRECATED_ROWS = (
    "#if defined(__GNUC__) /* rows name deprecated members too */",
    '#pragma GCC diagnostic ignored "-Wdeprecated-declarations"',
    "#endif",
)


def source(api: Api) -> str:
    types = [made for made in in_order(api.types)[0] if not isinstance(made, LateEntry)]
    blocks: list[str] = []
    for enum in [*([api.errors.codes] if api.errors.codes else []), *api.enums]:
        blocks.append(_enum(enum, static=enum is api.errors.codes))
    listed: set[str] = set()
    by_name = {t.name: t for t in types}

    def emit(name: str) -> None:
        """Structs are announced by the header, lists and maps only by standing before what uses them."""
        made = by_name.get(name)
        if made is None or name in listed:
            return
        listed.add(name)
        if isinstance(made, ListType):
            if made.kind in (Kind.LIST, Kind.MAP):
                emit(made.item)
            blocks.append(_list(made))
        elif isinstance(made, MapType):
            if made.value.kind in (Kind.LIST, Kind.MAP) and made.value.target:
                emit(made.value.target)
            blocks.append(_map(made))
        else:
            for field in made.fields:
                if field.target and field.kind in (Kind.LIST, Kind.MAP):
                    emit(field.target)
            blocks.append(_struct(made))

    for made in types:
        if isinstance(made, Struct):
            emit(made.name)
    for operation in api.operations:
        for field in [p.field for p in operation.parameters]:
            if field.kind in (Kind.LIST, Kind.MAP) and field.target:
                emit(field.target)
        streamed = operation.events.type if operation.events else None
        for name in [operation.result, *(row.type for row in operation.rows), streamed]:
            if name:
                emit(name)
    blocks.append(_errors(api.name, api.errors))
    whole = api.rate_limit
    if whole:
        blocks.append(f"/* #/x-eb-rate-limit */\n{_rate_limit('rate_limit', whole)}")
    answers: dict[tuple[AnswerRow, ...], str] = {}
    if api.securities:
        blocks.append(auth_rows(api))
    blocks += security_rows(api) + server_rows(api)
    for operation in api.operations:
        blocks += _operation(api, operation, answers)
    blocks += _api(api, [t.name for t in types if isinstance(t, Struct) and t.plain])
    body = "\n\n".join(blocks)
    includes = [f'#include "edgebind/{api.header}.h"']
    links = sorted({o.link.header for o in api.operations if o.link and o.link.header != api.header})
    includes += ["", *(f'#include "edgebind/{link}.h"' for link in links)] if links else []
    if "DBL_MAX" in body:
        includes += ["", "#include <float.h>"]
    if any(f.deprecated for f in _all_fields(api)):
        includes += ["", *DEPRECATED_ROWS]
    return template("source.c.tmpl").substitute(
        title=api.title,
        generator=generator(),
        document=api.document,
        sha256=api.sha256,
        includes="\n".join(includes),
        body=body,
    )


def _all_fields(api: Api) -> Iterator[Field]:
    for made in api.types:
        if isinstance(made, Struct):
            yield from made.fields
    for operation in api.operations:
        yield from (parameter.field for parameter in operation.parameters)


# ---- Types ----------------------------------------------------------------------------------------------------


def _enum(made: EnumType, static: bool) -> str:
    by_number = {v.number: v for v in made.values}
    last = max(by_number, default=0)
    lines = [place(made.where)]
    if made.integer:
        lines.append(f"static const int64_t {made.name}_numbers[] = {{")
        lines += [f"    {c_int(int(v.text))}," for v in made.values]
        macro = f"EB_INT_ENUM({made.name}, {made.name}_numbers)"
    else:
        lines.append(f"static const char *const {made.name}_texts[] = {{")
        lines += [f"    {c_string(by_number[n].text) if n in by_number else 'NULL'}," for n in range(1, last + 1)]
        macro = f"EB_ENUM({made.name}, {made.name}_texts)"
    lines += ["};", f"{'static ' if static else ''}const eb_enum {made.name}_enum = {macro};"]
    return "\n".join(lines)


def _flags(field: Field, ranges: list[Limits]) -> str:
    flags = ["EB_REQUIRED"] if field.required else []
    flags += ["EB_NULLABLE"] if field.nullable else []
    flags += ["EB_SECRET"] if field.secret else []
    flags += ["EB_READ_ONLY"] if field.read_only else []
    flags += ["EB_WRITE_ONLY"] if field.write_only else []
    flags += ["EB_REST"] if field.rest else []
    flags += ["EB_FIXED"] if field.fixed else []
    flags += [f"EB_LIMITS({ranges.index(field.limits) + 1})"] if field.limits else []
    return " | ".join(flags) or "EB_OPTIONAL"


def row_macro(field: Field, by_value: bool = False) -> str:
    if field.null_items:
        return "EB_ROW_NULLABLE_STR_LIST"
    in_place = field.kind is Kind.OBJECT and by_value and (field.in_place or not field.nullable)
    return "EB_ROW_STRUCT" if in_place else f"EB_ROW_{field.kind.value}"


def row(struct: str, field: Field, ranges: list[Limits], by_value: bool = False) -> list[str]:
    """One table row as cells, not yet aligned."""
    flags = _flags(field, ranges)
    target = None if field.null_items else field.target
    return [
        f"    {row_macro(field, by_value)}",
        f"({struct}, ",
        f"{field.name}, ",
        f"{c_string(field.json)}, ",
        *([f"{flags}, ", f"{target}),"] if target else [f"{flags}),"]),
    ]


def _ranges(name: str, fields: list[Field]) -> tuple[list[Limits], list[str]]:
    """The different ranges of a struct's members, and their table."""
    ranges = list(dict.fromkeys(f.limits for f in fields if f.limits))
    if not ranges:
        return [], []
    lines = [f"static const eb_limits {name}_limits[] = {{"]
    for limits in ranges:
        if limits.number:
            low = "-DBL_MAX" if limits.low is None else repr(float(limits.low))
            high = "DBL_MAX" if limits.high is None else repr(float(limits.high))
            lines.append(f"    EB_NUM_RANGE({low}, {high}),")
        else:
            low = "INT64_MIN" if limits.low is None else c_int(limits.low)
            high = "INT64_MAX" if limits.high is None else c_int(limits.high)
            lines.append(f"    EB_RANGE({low}, {high}),")
    return ranges, [*lines, "};"]


def _rows(name: str, struct: str, fields: list[Field]) -> tuple[list[str], bool]:
    ranges, lines = _ranges(name, fields)
    lines += [f"static const eb_field {name}_rows[] = {{", *columns([row(struct, f, ranges) for f in fields]), "};"]
    return lines, bool(ranges)


def _union(made: Union) -> str:
    fields = [replace(choice.field, name=f"u.{choice.field.name}") for choice in made.choices]
    ranges, lines = _ranges(made.name, fields)
    rows = [row(made.name, field, ranges) for field in fields]
    for cells, field in zip(rows, fields, strict=True):
        if field.kind in (Kind.ENUM, Kind.INT_ENUM):
            cells[0] += "_ITEM"
    lines += [f"static const eb_field {made.name}_rows[] = {{", *columns(rows), "};"]
    return "\n".join([place(made.where), *lines, *type_lines(made, bool(ranges))])


def _struct(made: Struct) -> str:
    if isinstance(made, Union):
        return _union(made)
    lines, limited = _rows(made.name, made.name, list(made.fields))
    null = [f"const {made.name} {made.name}_null = {{ 0 }};"] if made.nullable else []
    static = "" if made.plain else "static "
    if limited or made.nullable:
        macro = (
            f"EB_TYPE_WITH({made.name}, {made.name}_rows, {made.name + '_limits' if limited else 'NULL'}, "
            f"{'&' + made.name + '_null' if made.nullable else 'NULL'})"
        )
    else:
        macro = f"EB_TYPE({made.name}, {made.name}_rows)"
    head = f"{static}const eb_type {made.name}_type ="
    one = f"{head} {macro};"
    return "\n".join([place(made.where), *lines, *null, *([one] if len(one) <= 100 else [head, f"    {macro};"])])


def _list(made: ListType) -> str:
    macro = {
        Kind.STR: "EB_ITEM_STR",
        Kind.TEXT: "EB_ITEM_TEXT",
        Kind.DECIMAL: "EB_ITEM_DECIMAL",
        Kind.OBJECT: "EB_ITEM_OBJECT" if made.nullable and not made.in_place else "EB_ITEM_STRUCT",
        Kind.ENUM: "EB_ITEM_ENUM",
        Kind.INT_ENUM: "EB_ITEM_INT_ENUM",
        Kind.LIST: "EB_ITEM_LIST",
        Kind.MAP: "EB_ITEM_MAP",
    }[made.kind]
    flags = "EB_REQUIRED | EB_NULLABLE" if made.nullable else "EB_REQUIRED"
    target = "" if made.kind in (Kind.STR, Kind.TEXT, Kind.DECIMAL) else f", {made.item}"
    return "\n".join(
        [
            f"static const eb_field {made.name}_item[] = {{ {macro}({made.name}, {flags}{target}) }};",
            f"static const eb_type  {made.name}_type   = EB_LIST_TYPE({made.name}, {made.name}_item);",
        ]
    )


def _map(made: MapType) -> str:
    cells = "".join(row(made.entry, made.value, [], by_value=True)).strip().removesuffix(",")
    return "\n".join(
        [
            f"static const eb_field {made.name}_value[] = {{ {cells} }};",
            f"static const eb_type  {made.name}_type    = EB_MAP_TYPE({made.name}, {made.name}_value);",
        ]
    )


# ---- Operations -----------------------------------------------------------------------------------------------


def _short(api: Api, operation: Operation) -> str:
    """What the static objects of an operation are called: its name without the API's prefix."""
    short = operation.name.removeprefix(f"{api.name}_")
    return short if short[0].isalpha() and not short.startswith(f"{api.name}_") else f"op_{short}"


def _operation(api: Api, operation: Operation, answers: dict[tuple[AnswerRow, ...], str]) -> list[str]:
    """answers are those that stand in the file already, so that operations with the same ones share them."""
    short = _short(api, operation)
    params = f"{operation.name}_params"
    fields = [p.field for p in operation.parameters]
    lines = [place(f"{operation.id}: {operation.where}")]
    if fields:
        made, limited = _rows(short, params, fields)
        lines += made
        lines.append(f"static const uint8_t {short}_places[] = {{")
        lines += [f"    {p.place}," for p in operation.parameters]
        lines.append("};")
        if any(p.style for p in operation.parameters):
            lines.append(f"static const uint8_t {short}_styles[] = {{")
            lines += [f"    {p.style or 'EB_STYLE_USUAL'}," for p in operation.parameters]
            lines.append("};")
        macro = (
            f"EB_TYPE_WITH({params}, {short}_rows, {short}_limits, NULL)"
            if limited
            else f"EB_TYPE({params}, {short}_rows)"
        )
    else:
        macro = f"EB_TYPE_WITHOUT_ROWS({params})"
    head = f"static const eb_type {short}_params_type ="
    one = f"{head} {macro};"
    lines += [one] if len(one) <= 100 else [head, f"    {macro};"]
    lines += _contents(operation, short)
    lines += _pages(operation, short)
    lines += _verify_rows(operation, short)
    lines += _link_rows(api, operation)
    if operation.events:
        lines += _events_row(operation.events, short)
    if operation.rows and operation.rows not in answers:
        answers[operation.rows] = f"{short}_answers"
        lines += _answers(answers[operation.rows], operation.rows)
    if operation.rate_limit and operation.own_rate_limit:
        lines.append(_rate_limit(f"{short}_rate_limit", operation.rate_limit))
    cells = [
        ("id", c_string(operation.id)),
        ("name", c_string(operation.name)),
        ("method", c_string(operation.method)),
        ("path", c_string(operation.path)),
    ]
    cells += [("action", c_string(operation.action))] if operation.action else []
    cells += [("params", f"&{short}_params_type")]
    cells += [("places", f"{short}_places")] if fields else []
    cells += [("result", f"&{operation.result}_type")] if operation.result else []
    cells += [("pages", f"&{short}_pages")] if operation.pages else []
    cells += (
        [("rate_limit", f"&{short}_rate_limit" if operation.own_rate_limit else "&rate_limit")]
        if operation.rate_limit
        else []
    )
    cells += [("verify", f"&{short}_verify")] if operation.verify else []
    cells += [("accept", c_string(operation.accept))] if operation.accept else []
    cells += [("send", operation.send)] if operation.send != "EB_SEND_NOTHING" else []
    cells += [("styles", f"{short}_styles")] if any(p.style for p in operation.parameters) else []
    cells += [("contents", f"{short}_contents")] if operation.contents else []
    cells += [("one_body", "1")] if operation.one_body else []
    flags = ["EB_SAFE"] if operation.safe else []
    flags += [] if api.demands(operation) else ["EB_NO_AUTH"]
    cells += [("flags", " | ".join(flags))] if flags else []
    cells += [("link", f"&{_link_base(api, operation)}_link")] if operation.link else []
    if operation.rows:
        name = answers[operation.rows]
        cells += [("answer_count", str(len(operation.rows))), ("answers", name)]
    cells += [("headers", f"&{operation.headers}_type")] if operation.headers else []
    cells += [("events", f"&{short}_events")] if operation.events else []
    own = api.securities.get(api.ways(operation.security)) if operation.security else None
    cells += [("security", f"&{own}")] if own not in (None, "security") else []
    cells += [("server", f"&{api.own_servers[operation.server]}")] if operation.server else []
    lines += [
        f"static const eb_operation {short}_op = {{",
        *columns([(f"    .{k}", f" = {v},") for k, v in cells]),
        "};",
    ]
    blocks = ["\n".join(lines), _stub(operation, f"&{short}_op")]
    if operation.pages:
        blocks.append(_pager(operation, f"&{short}_op"))
    if operation.events:
        blocks.append(_events(operation, operation.events, f"&{short}_op"))
    if operation.verify:
        blocks.append(_verify_stub(api, operation, f"&{short}_op"))
    if operation.link:
        blocks.append(_link_stub(api, operation, short))
    return blocks


def _answers(name: str, rows: tuple[AnswerRow, ...]) -> list[str]:
    types = [f"&{row.type}_type" if row.type else "NULL" for row in rows]
    cells = [(f"    {{ {made}, ", f"{row.status}, ", f"{row.kind} }},") for made, row in zip(types, rows, strict=True)]
    return [f"static const eb_answer {name}[] = {{", *columns(cells), "};"]


def _contents(operation: Operation, short: str) -> list[str]:
    """The ways to send the body, and how the members of its forms are written."""
    lines: list[str] = []
    rows = []
    for i, content in enumerate(operation.contents):
        parts = f"{short}_parts" + (f"_{i + 1}" if i else "")
        if content.parts:
            cells = [
                (
                    f"    {{ {c_string(p.type)}, ",
                    f"{p.place}, ",
                    f"{p.style}, ",
                    f"{p.first_header}, ",
                    f"{p.header_count} }},",
                )
                for p in content.parts
            ]
            lines += [f"static const eb_part {parts}[] = {{", *columns(cells), "};"]
        rows.append(
            (f"    {{ {c_string(content.type)}, ", f"{parts if content.parts else 'NULL'}, ", f"{content.send} }},")
        )
    return [*lines, f"static const eb_content {short}_contents[] = {{", *columns(rows), "};"] if rows else []


def _events_row(events: Events, short: str) -> list[str]:
    cells = [("type", f"&{events.type}_type")] if events.type else []
    cells += [("accept", c_string(events.accept))]
    cells += [("done", c_string(events.done))] if events.done is not None else []
    cells += [("format", "EB_EVENTS_LINES")] if events.lines else []
    rows = columns([(f"    .{k}", f" = {v},") for k, v in cells])
    return [f"static const eb_events {short}_events = {{", *rows, "};"]


def _events(operation: Operation, events: Events, op: str) -> str:
    name = operation.name
    start, next_, free = events_signatures(operation)
    event = "event != NULL ? &found : NULL" if events.type else "event"
    call = f"eb_stream_next(stream, {op}, {event});"
    body = [f"    return {call}"]
    if events.type:
        body = [
            "    eb_stream_event found = { 0 };",
            f"    const eb_status st = {call}",
            "",
            "    if (st == EB_OK)",
            f"        *event = ({name}_event){{ found.type, found.id, found.data, found.len, found.value }};",
            "    return st;",
        ]
    blocks = [
        [*start, "{", f"    return eb_stream_start(client, {op}, params, stream);", "}"],
        [*next_, "{", *body, "}"],
        [*free, "{", "    eb_stream_free(stream);", "}"],
    ]
    return "\n\n".join("\n".join(block) for block in blocks)


def _pages(operation: Operation, short: str) -> list[str]:
    pages = operation.pages
    if pages is None:
        return []
    cells = [
        (key, value)
        for key, value in (
            ("page", pages.page),
            ("size", pages.size),
            ("items", pages.items),
            ("next", pages.next),
            ("more", pages.more),
            ("number", pages.number),
            ("total", pages.total),
        )
        if value is not None
    ]
    return [
        f"static const eb_pages {short}_pages = {{",
        *columns([(f"    .{k}", f" = {c_string(v)},") for k, v in cells]),
        "};",
    ]


def _verify_rows(operation: Operation, short: str) -> list[str]:
    """How to ask whether the operation arrived."""
    if not operation.verify_id:
        return []
    lines, params = [], "NULL, 0"
    if operation.verify_with:
        lines += [f"static const eb_verify_param {short}_verify_params[] = {{"]
        lines += columns(
            [(f"    {{ {c_string(a.json)}, ", f"{c_string(a.pointer)} }},") for a in operation.verify_with]
        )
        lines += ["};"]
        params = f"{short}_verify_params, EB_COUNT_({short}_verify_params)"
    return [*lines, f"static const eb_verify {short}_verify = {{ {c_string(operation.verify_id)}, {params} }};"]


def _verify_stub(api: Api, operation: Operation, op: str) -> str:
    asked = asked_operation(api, operation)
    assert asked is not None
    head = signature("eb_status", f"{operation.name}_verify", verify_parameters(operation, asked))
    if asked.result is None:
        return _body_of(asked, [f"    return eb_call_verify(client, {op}, params, NULL, response);"], head)
    call = signature(
        "    const eb_status st =",
        "eb_call_verify",
        ["client", op, "params", f"{asked.result_name} != NULL ? &value : NULL", "response"],
    )
    call[-1] += ";"
    return _body_of(asked, call, head)


def _rate_limit(name: str, limit: RateLimit) -> str:
    return f"static const eb_rate_limit {name} = {{ {limit.requests}, {limit.seconds}, {c_string(limit.scope)} }};"


def _body_of(operation: Operation, call: list[str], head: list[str]) -> str:
    """A stub: the call, and what comes out of it under its own type."""
    out = operation.result_name
    if operation.result is None:
        return "\n".join([*head, "{", *call, "}"])
    return "\n".join(
        [
            *head,
            "{",
            "    const void *value = NULL;",
            *call,
            "",
            f"    if (st == EB_OK && {out} != NULL)",
            f"        *{out} = value;",
            "    return st;",
            "}",
        ]
    )


def _stub(operation: Operation, op: str) -> str:
    head = signature("eb_status", operation.name, call_parameters(operation))
    if operation.result is None:
        return _body_of(operation, [f"    return eb_call_operation(client, {op}, params, NULL, response);"], head)
    call = signature(
        "    const eb_status st =",
        "eb_call_operation",
        ["client", op, "params", f"{operation.result_name} != NULL ? &value : NULL", "response"],
    )
    call[-1] += ";"
    return _body_of(operation, call, head)


def _pager(operation: Operation, op: str) -> str:
    name, pages = operation.name, operation.pages
    assert pages is not None
    all_ = signature(
        "eb_status", f"{name}_all", ["eb_client *client", f"const {name}_params *params", f"{name}_pager *pager"]
    )
    next_ = signature("eb_status", f"{name}_next", [f"{name}_pager *pager", f"const {pages.item} **item"])
    return "\n".join(
        [
            *all_,
            "{",
            f"    return eb_pager_start(client, {op}, params, pager);",
            "}",
            "",
            *next_,
            "{",
            "    const void *value = NULL;",
            f"    const eb_status st = eb_pager_next(pager, {op}, &value);",
            "",
            "    if (st == EB_OK && item != NULL)",
            "        *item = value;",
            "    return st;",
            "}",
            "",
            f"void {name}_pager_free({name}_pager *pager)",
            "{",
            "    eb_pager_free(pager);",
            "}",
        ]
    )


def _link_base(api: Api, operation: Operation) -> str:
    """What the static objects of a link are called."""
    assert operation.link is not None
    return operation.link.function.removeprefix(f"{api.name}_")


def _link_rows(api: Api, operation: Operation) -> list[str]:
    link = operation.link
    if link is None:
        return []
    base = _link_base(api, operation)
    lines = []
    if link.fields:
        lines += [f"static const eb_link_field {base}_fields[] = {{"]
        lines += columns([(f"    {{ {c_string(name)}, ", f"{c_string(pointer)} }},") for name, pointer in link.fields])
        lines += ["};"]
    lines += [f"static const char *const {base}_hosts[] = {{ {', '.join(c_string(h) for h in link.hosts)}, NULL }};"]
    cells = [("api", f"&{link.api}_api"), ("operation", c_string(link.operation)), ("server", c_string(link.server))]
    if link.fields:
        cells += [("fields", f"{base}_fields"), ("field_count", f"sizeof({base}_fields) / sizeof({base}_fields[0])")]
    cells += [("rest", c_string(link.rest))] if link.rest is not None else []
    cells += [("file", c_string(link.file)), ("hosts", f"{base}_hosts"), ("name", c_string(link.function))]
    return [
        *lines,
        f"static const eb_link {base}_link = {{",
        *columns([(f"    .{k}", f" = {v},") for k, v in cells]),
        "};",
    ]


def _link_stub(api: Api, operation: Operation, short: str) -> str:
    link = operation.link
    assert link is not None
    head = signature("eb_status", link.function, call_parameters(operation, f"{link.function}_params"))
    arguments = [
        "client",
        f"&{short}_op",
        f"&{_link_base(api, operation)}_link",
        "params",
        f"params != NULL ? &params->{link.member} : NULL",
    ]
    if operation.result is None:
        call = signature("    return", "eb_call_link", [*arguments, "NULL", "response"])
    else:
        call = signature(
            "    const eb_status st =",
            "eb_call_link",
            [*arguments, f"{operation.result_name} != NULL ? &value : NULL", "response"],
        )
    call[-1] += ";"
    return _body_of(operation, call, head)


# ---- The API --------------------------------------------------------------------------------------------------


def _errors(api: str, errors: Errors) -> str:
    lines = [place("#/x-eb-errors")] if errors != Errors() else []
    cells: list[tuple[str, str]] = []
    for member, values in (("code", errors.code), ("message", errors.message), ("request_id", errors.request_id)):
        # An empty list rather than NULL, so that nobody needs to ask.
        lines += texts(f"error_{member}", values) or [f"static const char *const error_{member}[] = {{ NULL }};"]
        cells.append((member, f"error_{member}"))
    for member, text in (
        ("request_id_header", errors.request_id_header),
        ("fields", errors.fields),
        ("throttled", errors.throttled),
    ):
        cells += [(member, c_string(text))] if text is not None else []
    if errors.failures:
        rows = []
        for i, failure in enumerate(errors.failures):
            lines += texts(f"failure_{i}_is", failure.is_) + texts(f"failure_{i}_is_not", failure.is_not)
            rows.append(
                (
                    f"    {{ {c_string(failure.pointer)}, ",
                    f"failure_{i}_is, " if failure.is_ else "NULL, ",
                    f"failure_{i}_is_not }}," if failure.is_not else "NULL },",
                )
            )
        lines += ["static const eb_failure failures[] = {", *columns(rows), "};"]
        cells += [("failures", "failures"), ("failure_count", "sizeof(failures) / sizeof(failures[0])")]
    if errors.failure_status:
        lines.append(f"static const int failure_status[] = {{ {', '.join(map(str, errors.failure_status))}, 0 }};")
        cells.append(("failure_status", "failure_status"))
    cells += [("codes", f"&{errors.codes.name}_enum")] if errors.codes else []
    cells += [("format", "EB_ERROR_XML" if errors.xml else "EB_ERROR_JSON")]
    return "\n".join(
        [
            *lines,
            f"static const eb_errors {api}_errors = {{",
            *columns([(f"    .{k}", f" = {v},") for k, v in cells]),
            "};",
        ]
    )


def _api(api: Api, structs: list[str]) -> list[str]:
    lines = [] if api.securities else [auth_rows(api)]
    cells = [
        ("contract", "EB_CONTRACT"),
        ("name", c_string(api.name)),
        ("title", c_string(api.title)),
        ("version", c_string(api.version)),
        ("server", c_string(api.server.url)),
    ]
    if api.server.variables:
        lines += variable_rows("variables", api.server)
        cells += [("variables", "variables"), ("variable_count", "sizeof(variables) / sizeof(variables[0])")]
    lines += choice_rows(api)
    cells += [] if api.securities else [("auth", f"&{api.name}_auth")]
    cells += [("errors", f"&{api.name}_errors")]
    if api.operations:
        lines += [
            "static const eb_operation *const operations[] = {",
            *(f"    &{_short(api, o)}_op," for o in api.operations),
            "};",
        ]
        cells += [("operations", "operations"), ("operation_count", "sizeof(operations) / sizeof(operations[0])")]
    if structs:
        lines += ["static const eb_type *const types[] = {", *(f"    &{name}_type," for name in structs), "};"]
        cells += [("types", "types"), ("type_count", "sizeof(types) / sizeof(types[0])")]
    if api.securities:
        cells += [("schemes", "schemes"), ("scheme_count", "EB_COUNT_(schemes)"), ("security", "&security")]
    if api.choices:
        cells += [("servers", "servers"), ("server_count", "EB_COUNT_(servers)")]
    return [
        "\n".join(lines),
        "\n".join([f"const eb_api {api.name}_api = {{", *columns([(f"    .{k}", f" = {v},") for k, v in cells]), "};"]),
    ]
