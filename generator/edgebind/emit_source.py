"""The source of an API: rows in the document's order, stubs of a few lines. IR in, text out."""

from __future__ import annotations

from collections.abc import Iterator

from .emit_access import auth_rows, choice_rows, security_rows, server_rows, variable_rows
from .emit_calls import operation_rows, rate_limit_row, retries_row, short_name
from .emit_common import LateEntry, generator, in_order, place, template, texts
from .emit_types import enum_rows, list_rows, map_rows, struct_rows
from .ir import AnswerRow, Api, Errors, Field, Kind, ListType, MapType, Struct
from .text import c_string, columns

DEPRECATED_ROWS = (
    "#if defined(__GNUC__) /* rows name deprecated members too */",
    '#pragma GCC diagnostic ignored "-Wdeprecated-declarations"',
    "#endif",
)


def source(api: Api) -> str:
    types = [made for made in in_order(api.types)[0] if not isinstance(made, LateEntry)]
    blocks: list[str] = []
    for enum in [*([api.errors.codes] if api.errors.codes else []), *api.enums]:
        blocks.append(enum_rows(enum, static=enum is api.errors.codes))
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
            blocks.append(list_rows(made))
        elif isinstance(made, MapType):
            if made.value.kind in (Kind.LIST, Kind.MAP) and made.value.target:
                emit(made.value.target)
            blocks.append(map_rows(made))
        else:
            for field in made.fields:
                if field.target and field.kind in (Kind.LIST, Kind.MAP):
                    emit(field.target)
            blocks.append(struct_rows(made))

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
        blocks.append(f"/* #/x-eb-rate-limit */\n{rate_limit_row('rate_limit', whole)}")
    if api.retries:
        blocks.append(f"/* #/x-eb-retries */\n{retries_row('api_retries', api.retries)}")
    answers: dict[tuple[AnswerRow, ...], str] = {}
    if api.securities:
        blocks.append(auth_rows(api))
    blocks += security_rows(api) + server_rows(api)
    for operation in api.operations:
        blocks += operation_rows(api, operation, answers)
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
            *(f"    &{short_name(api, o)}_op," for o in api.operations),
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
