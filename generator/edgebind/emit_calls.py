"""The operations of an API in its source: their rows, and stubs of a few lines. IR in, text out."""

from __future__ import annotations

from .emit_common import asked_operation, call_parameters, events_signatures, place, verify_parameters
from .emit_types import rows_of
from .emit_waits import wait_rows, wait_stubs
from .ir import AnswerRow, Api, Events, Operation, RateLimit, Retries
from .text import c_string, columns, signature


def short_name(api: Api, operation: Operation) -> str:
    """What the static objects of an operation are called: its name without the API's prefix."""
    short = operation.name.removeprefix(f"{api.name}_")
    return short if short[0].isalpha() and not short.startswith(f"{api.name}_") else f"op_{short}"


def operation_rows(api: Api, operation: Operation, answers: dict[tuple[AnswerRow, ...], str]) -> list[str]:
    """answers are those that stand in the file already, so that operations with the same ones share them."""
    short = short_name(api, operation)
    params = f"{operation.name}_params"
    fields = [p.field for p in operation.parameters]
    lines = [place(f"{operation.id}: {operation.where}")]
    if fields:
        made, limited = rows_of(short, params, fields)
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
    lines += wait_rows(api, operation, short)
    if operation.events:
        lines += _events_row(operation.events, short)
    if operation.rows and operation.rows not in answers:
        answers[operation.rows] = f"{short}_answers"
        lines += _answers(answers[operation.rows], operation.rows)
    if operation.rate_limit and operation.own_rate_limit:
        lines.append(rate_limit_row(f"{short}_rate_limit", operation.rate_limit))
    if operation.retries and operation.own_retries:
        lines.append(retries_row(f"{short}_retries", operation.retries))
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
    cells += (
        [("retries", f"&{short}_retries" if operation.own_retries else "&api_retries")] if operation.retries else []
    )
    cells += [("timeout_ms", str(operation.timeout_ms))] if operation.timeout_ms else []
    cells += [("key", str(operation.parameters.index(operation.key) + 1))] if operation.key else []
    cells += [("waits", f"{short}_waits"), ("wait_count", str(len(operation.waits)))] if operation.waits else []
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
    return blocks + wait_stubs(operation, short)


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
    rows = [(f"    .{k}", f" = {c_string(v)},") for k, v in cells]
    rows += [("    .kind", f" = {pages.kind},")] if pages.kind != "EB_PAGES_NUMBER" else []
    rows += [("    .header", f" = {c_string(pages.header)},")] if pages.header else []
    return [
        f"static const eb_pages {short}_pages = {{",
        *columns(rows),
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


def rate_limit_row(name: str, limit: RateLimit) -> str:
    return f"static const eb_rate_limit {name} = {{ {limit.requests}, {limit.seconds}, {c_string(limit.scope)} }};"


def retries_row(name: str, retries: Retries) -> str:
    values = (retries.attempts or 0, retries.base_ms or 0, retries.cap_ms or 0)
    return f"static const eb_retries {name} = {{ {', '.join(map(str, values))} }};"


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
    next_ = signature("eb_status", f"{name}_next", [f"{name}_pager *pager", f"{pages.shown}*item"])
    inside = f"{pages.shown}const *" if pages.shown.endswith("*") else f"const {pages.shown}*"
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
            f"        *item = *({inside})value;" if pages.by_value else "        *item = value;",
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
