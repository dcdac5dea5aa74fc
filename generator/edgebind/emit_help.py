"""What a document says to people, as tables for the command-line tool. IR in, text out."""

from __future__ import annotations

from collections.abc import Iterable

from .emit_common import constants, generator, in_order, template
from .examples import example_call
from .ir import Api, Field, Operation, ServerVariable, Struct, Union
from .text import c_string, columns

_SHOWN_BY_ROWS = ("Required.", "Secret: printed as ***.")


def help_tables(api: Api) -> str:
    types = [made for made in in_order(api.types)[0] if isinstance(made, Struct) and made.fields]
    rows_of = {made.name: _rows(made) for made in types}
    blocks = [_members(name, fields) for name, fields in rows_of.items()]
    listed = [(name, len(fields)) for name, fields in rows_of.items()]
    for operation in api.operations:
        if operation.parameters:
            name = f"{operation.name}_params"
            blocks.append(_members(name, (p.field for p in operation.parameters)))
            listed.append((name, len(operation.parameters)))
        blocks += _answers(api, operation)
    cells = [("api", f"&{api.name}_api"), ("text", c_string(_plain(api.doc)))]
    if api.operations:
        blocks.append(
            "\n".join(
                ["static const eb_help_operation operations[] = {", *(_operation(o) for o in api.operations), "};"]
            )
        )
        cells += [("operations", "operations"), ("operation_count", "EB_COUNT_(operations)")]
    variables: dict[str, ServerVariable] = {}
    for server in (api.server, *api.own_servers):
        for variable in server.variables:
            variables.setdefault(variable.name, variable)
    if variables:
        rows = [
            f"    {{ {c_string(v.name)}, {c_string(_plain(v.doc))}, {c_string(v.example)} }},"
            for v in variables.values()
        ]
        blocks.append("\n".join(["static const eb_help_variable variables[] = {", *rows, "};"]))
        cells += [("variables", "variables"), ("variable_count", "EB_COUNT_(variables)")]
    if listed:
        rows = columns([(f"    {{ {c_string(name)}, ", f"{name}_members, ", f"{count} }},") for name, count in listed])
        blocks.append("\n".join(["static const eb_help_type types[] = {", *rows, "};"]))
        cells += [("types", "types"), ("type_count", "EB_COUNT_(types)")]
    lines = columns([(f"    .{key}", f" = {value},") for key, value in cells])
    blocks.append(
        "\n".join(
            [f"extern const eb_help {api.name}_help;", f"const eb_help {api.name}_help = {{", *lines, "};"],
        )
    )
    return template("help.c.tmpl").substitute(
        title=api.title,
        header=api.header,
        generator=generator(),
        document=api.document,
        sha256=api.sha256,
        body="\n\n".join(blocks),
    )


def _rows(made: Struct) -> tuple[Field, ...]:
    """What the rows of a type are about; those of a union are its kinds."""
    return tuple(choice.field for choice in made.choices) if isinstance(made, Union) else made.fields


def api_list(apis: Iterable[Api]) -> str:
    """cli/apis.c: the APIs that a tool built from this directory knows."""
    names = [f"{api.name}_help" for api in apis]
    return template("apis.c.tmpl").substitute(
        generator=generator(),
        declared="\n".join(f"extern const eb_help {name};" for name in names),
        listed=" ".join(f"&{name}," for name in names),
    )


def _plain(text: str) -> str:
    """Paragraphs, each on one line; what is indented or a list stays as it is."""
    made = []
    for block in text.strip().split("\n\n"):
        rows = block.split("\n")
        fixed = any(row[:1] in (" ", "\t", "-", "*", "|") for row in rows)
        made.append(block.rstrip() if fixed else " ".join(block.split()))
    return "\n\n".join(made)


def _members(name: str, fields: Iterable[Field]) -> str:
    rows = [
        f"    {{ {c_string(_plain(f.doc))}, {c_string(' '.join(t for t in f.facts if t not in _SHOWN_BY_ROWS))} }},"
        for f in fields
    ]
    return "\n".join([f"static const eb_help_member {name}_members[] = {{", *rows, "};"])


def _answers(api: Api, operation: Operation) -> list[str]:
    known = [a for a in operation.answers if not a.success]
    if not known:
        return []
    rows = [
        f"    {{ {c_string(a.status)}, {c_string(_plain(a.doc))}, {c_string(' '.join(_codes(api, a.codes)))} }},"
        for a in known
    ]
    return ["\n".join([f"static const eb_help_answer {operation.name}_answers[] = {{", *rows, "};"])]


def _codes(api: Api, codes: tuple[str, ...]) -> list[str]:
    return [code for code in codes if constants(api, (code,))]


def _operation(operation: Operation) -> str:
    facts = [f"RAM action: {operation.ram_action}."] if operation.ram_action else []
    facts += ["Deprecated by the provider."] if operation.deprecated else []
    failures = [a for a in operation.answers if not a.success]
    cells = [
        c_string(operation.name),
        c_string(_plain(operation.summary or operation.id)),
        c_string(_plain(operation.doc)),
        c_string(" ".join(facts)),
        c_string(example_call(operation.parameters)),
        f"{operation.name}_answers" if failures else "NULL",
        str(len(failures)),
    ]
    return "    { " + ",\n      ".join(cells) + " },"
