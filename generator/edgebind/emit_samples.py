"""A small C program for each operation, made from the examples of the document. The reference shows it; the tests
compile and run it."""

from __future__ import annotations

from collections.abc import Iterator

from .emit_common import call_parameters, result_type, summary
from .ir import Api, Field, Kind, Operation, Struct, Union, Wait
from .sample_values import Values, lines
from .text import c_string, comment

LOCALS = {"problem", "options", "client", "st", "params", "response", "variables", "main"}
LOCALS |= {"pager", "item", "stream", "event"}
DULL = ("request_id", "message", "code")  # members that say little about a result
DEPTH = 3  # how deep what is printed may lie


def sample(api: Api, operation: Operation, wait: Wait | None = None) -> str | None:
    """The program, or None when a call of this kind cannot be shown. wait: one that waits."""
    linked = operation.link if wait is None else None
    named = linked.function if linked else operation.name
    called = wait.function if wait else named
    parameters = call_parameters(operation, f"{named}_params")
    known = 3 + (operation.result is not None)
    if len(parameters) != known:
        return None
    result = operation.result_name + ("_" if operation.result_name in LOCALS else "")
    values = Values(api, LOCALS | {result})
    params = values.params(operation)
    if linked:
        params = type(params)("", (*params.members, (f".{linked.member} = ", 'eb_body_file("example.bin")')))
    made = [
        *comment(summary(operation)),
        "#include <stdio.h>",
        "#include <stdlib.h>",
        "",
        f'#include "edgebind/{api.header}.h"',
        "",
        "int main(void)",
        "{",
        *_client(api),
        *values.arrays,
    ]
    has_params = bool(params.members)
    if has_params:
        made += lines(params, f"const {named}_params params = ", ";")
    if wait:
        made += _call(api, operation, called, result, has_params)
    elif operation.pages:
        made += _walk(api, operation, has_params)
    elif operation.events:
        made += _stream(api, operation, has_params)
    else:
        made += _call(api, operation, called, result, has_params)
    return "\n".join([*made, "}"]) + "\n"


def _client(api: Api) -> list[str]:
    rows = [("api", f"&{api.name}_api")]
    before: list[str] = []
    asked = [v for v in api.server.variables if v.fallback is None]
    entries = []
    for variable in asked:
        value = c_string(variable.example)
        if variable.name == "region":
            rows.append(("region", value))
        else:
            entries.append(f"{{ {c_string(variable.name)}, {value} }}")
    if entries:
        before.append(f"    const eb_str_entry variables[] = {{ {', '.join(entries)} }};")
        rows.append(("variables", "EB_LIST(variables)"))
    rows += [
        ("base_url", 'getenv("EDGEBIND_MOCK_URL"), /* NULL: the real service */'),
        ("problem", "problem"),
        ("problem_size", "sizeof problem"),
    ]
    width = max(len(name) for name, _ in rows)
    fields = [f"        .{name.ljust(width)} = {value}" + ("" if "/*" in value else ",") for name, value in rows]
    return [
        "    char problem[256];",
        *before,
        "    const eb_client_options options = {",
        *fields,
        "    };",
        "    eb_client *client = NULL;",
        "    eb_status st = eb_client_new(&options, &client);",
        "",
        "    if (st != EB_OK) {",
        '        fprintf(stderr, "%s: %s\\n", eb_status_text(st), problem);',
        "        return 1;",
        "    }",
        "",
    ]


def _failure(response: str) -> list[str]:
    return [
        '        fprintf(stderr, "%s (HTTP %d, request %s): %s\\n", eb_status_text(st),',
        f"                {response}.http_status, {response}.request_id, {response}.message);",
    ]


def _call(api: Api, operation: Operation, called: str, result: str, has_params: bool) -> list[str]:
    made = []
    if result_type(operation):
        made.append(f"    const {operation.result} *{result} = NULL; /* lives in the response */")
    made += ["    eb_response response = { 0 };", ""]
    named = operation.link.function if operation.link and called == operation.link.function else operation.name
    given = ["client", "&params" if has_params else f"&({named}_params){{ 0 }}"]
    given += [f"&{result}"] if operation.result else []
    call = f"    st = {called}({', '.join([*given, '&response'])});"
    made += [call, "    if (st != EB_OK)", *_failure("response")]
    made += _printed(api, operation, result)
    return [
        *made,
        "",
        "    eb_response_free(&response);",
        "    eb_client_free(client);",
        "    return st == EB_OK ? 0 : 1;",
    ]


def _walk(api: Api, operation: Operation, has_params: bool) -> list[str]:
    """Every item of a list, over all its pages."""
    name, pages = operation.name, operation.pages
    assert pages is not None
    params = "&params" if has_params else f"&({name}_params){{ 0 }}"
    return [
        f"    {name}_pager pager = {{ 0 }};",
        f"    {pages.shown}item = {_nothing(pages.shown)}; /* lives until the next one is asked for */",
        "",
        f"    st = {name}_all(client, {params}, &pager);",
        f"    while (st == EB_OK && (st = {name}_next(&pager, &item)) == EB_OK)",
        *(_plain_item(pages.item) if pages.by_value else _item(api, pages.item)),
        "    if (st != EB_DONE) /* it comes after the last item */",
        *_failure("pager.response"),
        "",
        f"    {name}_pager_free(&pager);",
        "    eb_client_free(client);",
        "    return st == EB_DONE ? 0 : 1;",
    ]


def _nothing(shown: str) -> str:
    """What an item is before there is one."""
    return "NULL" if shown.endswith("*") else "{ 0 }" if shown.startswith("eb_opt_") else "0"


def _plain_item(item: str) -> list[str]:
    """A text or a number."""
    formats = {"int64_t": ("%lld", "(long long)item"), "double": ("%g", "item"), "bool": ("%d", "item")}
    if item == "const char *":
        return ['        puts(item != NULL ? item : "(absent)");']
    if item in formats:
        return [f'        printf("{formats[item][0]}\\n", {formats[item][1]});']
    return ['        puts("one item");']


def _stream(api: Api, operation: Operation, has_params: bool) -> list[str]:
    """Every event of a stream, as it arrives."""
    name, events = operation.name, operation.events
    assert events is not None
    params = "&params" if has_params else f"&({name}_params){{ 0 }}"
    return [
        f"    {name}_stream stream = {{ 0 }};",
        f"    {name}_event event; /* lives until the next one is asked for */",
        "",
        f"    st = {name}_events(client, {params}, &stream);",
        f"    while (st == EB_OK && (st = {name}_next(&stream, &event)) == EB_OK)",
        "        puts(event.data);",
        "    if (st != EB_DONE) /* it comes after the last event */",
        *_failure("stream.response"),
        "",
        f"    {name}_stream_free(&stream);",
        "    eb_client_free(client);",
        "    return st == EB_DONE ? 0 : 1;",
    ]


def _item(api: Api, name: str) -> list[str]:
    structs = {name: t for name, t in api.structs.items() if not isinstance(t, Union)}
    found = _best(structs, name, "item") if name in structs else None
    if found is None:
        return ['        puts("one item");']
    checks, shown = found
    if len(checks) == 1 and '"%s' in shown:
        return [f'        puts({checks[0]} != NULL ? {checks[0]} : "(absent)");']
    if not checks:
        return [f"        {shown}"]
    return [f"        if ({' && '.join(_check(c) for c in checks)})", f"            {shown}"]


def _printed(api: Api, operation: Operation, result: str) -> list[str]:
    if operation.result is None:
        if operation.body in ("json", "text"):
            return ["    else if (response.body.len != 0)", "        puts(response.body.data);"]
        return ["    else", '        printf("HTTP %d\\n", response.http_status);']
    if operation.result in api.lists or operation.result.startswith("eb_"):
        return [f"    else if ({result} != NULL)", f'        printf("%zu items\\n", {result}->count);']
    structs = {name: t for name, t in api.structs.items() if not isinstance(t, Union)}
    found = _best(structs, operation.result, result) if operation.result in structs else None
    if found is None:
        return ["    else", '        printf("HTTP %d\\n", response.http_status);']
    checks, shown = found
    conditions = " && ".join(_check(c) for c in (result, *checks))
    return [f"    else if ({conditions})", f"        {shown}"]


def _check(expression: str) -> str:
    return expression if expression.endswith(")") or " " in expression else f"{expression} != NULL"


def _best(structs: dict[str, Struct], name: str, expression: str) -> tuple[list[str], str] | None:
    """The member of a result that says most, what must hold to read it, and the statement that prints it."""
    found = sorted(_candidates(structs, name, expression, (), 0), key=lambda one: one[0])
    return (list(found[0][1]), found[0][2]) if found else None


def _candidates(
    structs: dict[str, Struct], name: str, expression: str, checks: tuple[str, ...], depth: int
) -> Iterator[tuple[float, tuple[str, ...], str]]:
    for field in structs[name].fields:
        if field.secret or field.rest:
            continue
        at = f"{expression}->{field.name}"
        rank = _rank(field) + 1.5 * depth
        label = f"{field.name.replace('_', ' ')}: " if depth or expression != "item" else ""
        if field.kind in (Kind.STR, Kind.TEXT, Kind.DECIMAL):
            yield rank, (*checks, at), f'printf("{label}%s\\n", {at});'
        elif field.kind is Kind.ENUM:
            yield rank, (*checks, f"{at}_text"), f'printf("{label}%s\\n", {at}_text);'
        elif field.kind in (Kind.OPT_INT, Kind.INT):
            value = f"{at}.v" if field.kind is Kind.OPT_INT else at
            held = (*checks, f"{at}.is == EB_SET") if field.kind is Kind.OPT_INT else checks
            yield rank, held, f'printf("{label}%lld\\n", (long long){value});'
        elif field.kind is Kind.OPT_BOOL:
            yield rank, (*checks, f"{at}.is == EB_SET"), f'printf("{label}%s\\n", {at}.v ? "true" : "false");'
        elif field.kind is Kind.LIST:
            yield rank, checks, f'printf("{label}%zu\\n", {at}.count);'
        elif field.kind is Kind.OBJECT and field.target in structs and depth < DEPTH:
            yield from _candidates(structs, field.target, at, (*checks, at), depth + 1)


def _rank(field: Field) -> float:
    if field.name in DULL:
        return 9
    if field.kind in (Kind.STR, Kind.TEXT, Kind.DECIMAL):
        return 0 if field.name.split("_")[-1] in ("name", "id", "revision") else 2
    return 1 if field.kind is Kind.LIST else 3
