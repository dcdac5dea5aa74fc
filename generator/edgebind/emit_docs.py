"""The reference of an API in Markdown. IR in, text out."""

from __future__ import annotations

from .emit_common import about, c_type, call_parameters, constants, generator, in_order, result_type, summary, template
from .ir import Api, EnumType, Field, Kind, Operation, Struct
from .text import signature


def docs(api: Api) -> str:
    types, _ = in_order(api.types)
    structs = [t for t in types if isinstance(t, Struct)]
    parts = [_head(api), "## Operations", *(_operation(api, o) for o in api.operations)]
    if structs:
        parts += ["## Types", *(_struct(s) for s in structs)]
    if api.enums:
        parts += ["## Enumerations", *(_enum(e) for e in api.enums)]
    if api.errors.codes:
        parts += ["## Errors", _errors(api.errors.codes)]
    return template("reference.md.tmpl").substitute(
        title=api.title,
        header=api.header,
        generator=generator(),
        document=api.document,
        sha256=api.sha256,
        body="\n\n".join(p for p in parts if p),
    )


def cell(text: str) -> str:
    """Text for a table: on one line, no column ends inside."""
    return " ".join(text.split()).replace("|", "\\|")


def _table(head: list[str], rows: list[list[str]]) -> str:
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, ["---"] * len(head), *rows])


def _head(api: Api) -> str:
    lines = [
        api.doc,
        f"Version {api.version} of the API; client option `.api = &{api.name}_api`. Server: `{api.server}`"
        + (f". {api.server_doc}" if api.server_doc else "."),
    ]
    if api.variables:
        lines.append(
            _table(
                ["variable", "given by", "meaning"],
                [
                    [f"`{v.name}`", "the caller" if v.fallback is None else f"`{v.fallback}` unless given", cell(v.doc)]
                    for v in api.variables
                ],
            )
        )
    if api.auth:
        env = [e for e in (api.auth.env_id, api.auth.env_secret, api.auth.env_token) if e]
        lines.append(
            "Credentials"
            + (
                f" come from {', '.join(f'`{e}`' for e in env)} unless the client is given others."
                if env
                else " are given to the client."
            )
            + (f" {api.auth.doc}" if api.auth.doc else "")
        )
    lines.append(
        _table(
            ["operation", "request", "what it does"],
            [
                [f"[`{o.name}`](#{o.name})", f"{o.method} `{o.action or o.path}`", cell(o.summary)]
                for o in api.operations
            ],
        )
    )
    return "\n\n".join(line for line in lines if line)


def _member(field: Field) -> list[str]:
    names = f"`{field.name}`" + {Kind.ENUM: f", `{field.name}_text`", Kind.INT_ENUM: f", `{field.name}_number`"}.get(
        field.kind, ""
    )
    return [
        names,
        f"[`{c_type(field).strip()}`](#{field.target})" if field.kind is Kind.OBJECT else f"`{c_type(field).strip()}`",
        f"`{field.json}`" if field.json else "the others",
        cell(" ".join([field.doc, *field.facts])),
    ]


def _operation(api: Api, operation: Operation) -> str:
    parts = [
        f"### {operation.name}",
        summary(operation),
        operation.doc,
    ]
    parts.append(
        "    " + f"{operation.method} {operation.path}" + (f", action {operation.action}" if operation.action else "")
    )
    code = signature("eb_status", operation.name, call_parameters(operation))
    code[-1] += ";"
    if operation.pages:
        pages = operation.pages
        for made in (
            signature(
                "eb_status",
                f"{operation.name}_all",
                ["eb_client *client", f"const {operation.name}_params *params", f"{operation.name}_pager *pager"],
            ),
            signature(
                "eb_status", f"{operation.name}_next", [f"{operation.name}_pager *pager", f"const {pages.item} **item"]
            ),
            signature("void", f"{operation.name}_pager_free", [f"{operation.name}_pager *pager"]),
        ):
            code += [*made[:-1], made[-1] + ";"]
    if operation.link:
        made = signature(
            "eb_status", operation.link.function, call_parameters(operation, f"{operation.link.function}_params")
        )
        code += [*made[:-1], made[-1] + ";"]
    parts.append("```c\n" + "\n".join(code) + "\n```")
    if operation.parameters:
        parts.append(
            _table(
                ["parameter", "C type", "on the wire", "meaning"],
                [
                    [
                        *_member(p.field)[:2],
                        f"{p.place.split(' ')[0].removeprefix('EB_IN_').lower()} `{p.field.json}`"
                        if p.place != "EB_IN_BODY"
                        else "body",
                        _member(p.field)[3],
                    ]
                    for p in operation.parameters
                ],
            )
        )
    else:
        parts.append("No parameters.")
    result = result_type(operation)
    if result:
        parts.append(f"Result: [`{operation.result}`](#{operation.result}).")
    parts.append(" ".join(about(operation)))
    if operation.link:
        parts.append(
            f"`{operation.link.function}` also sends `.{operation.link.member}` with "
            f"`{operation.link.operation_name}`, to the server and with the fields that the answer names."
        )
    rows = [[a.status, cell(a.doc), ", ".join(f"`{c}`" for c in constants(api, a.codes))] for a in operation.answers]
    parts.append(_table(["status", "meaning", "codes"], rows))
    return "\n\n".join(p for p in parts if p.strip())


def _struct(made: Struct) -> str:
    return "\n\n".join(
        p
        for p in (
            f"### {made.name}",
            made.doc,
            _table(["member", "C type", "on the wire", "meaning"], [_member(f) for f in made.fields]),
        )
        if p
    )


def _enum(made: EnumType) -> str:
    return "\n\n".join(
        p
        for p in (
            f"### {made.name}",
            made.doc,
            _table(["constant", "on the wire"], [[f"`{v.name}`", f"`{v.text}`"] for v in made.values]),
        )
        if p
    )


def _errors(made: EnumType) -> str:
    return f"`{made.name}_of(&response)` gives the constant for `response.code`.\n\n" + _table(
        ["constant", "code", "meaning"], [[f"`{v.name}`", f"`{v.text}`", cell(v.doc)] for v in made.values]
    )
