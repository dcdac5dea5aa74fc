"""Unions in the header, in the source and in the reference. IR in, text out."""

from __future__ import annotations

from .emit_common import c_type
from .ir import Choice, Field, Kind, Union
from .text import c_string, columns, comment

_JSON_TYPES = {
    "object": "EB_JSON_OBJECT",
    "array": "EB_JSON_ARRAY",
    "string": "EB_JSON_STRING",
    "number": "EB_JSON_NUMBER",
    "integer": "EB_JSON_NUMBER",
    "boolean": "EB_JSON_BOOLEAN",
}


def choice_type(field: Field) -> str:
    """The C type of a member of `u`: an enum has its text or number with it there."""
    return f"{field.target}_item " if field.kind in (Kind.ENUM, Kind.INT_ENUM) else c_type(field)


def told_by(made: Union) -> str:
    """How the alternatives are told apart, in a sentence."""
    if made.member is not None:
        return f"Which one it is, {made.member} says."
    return "Which one it is, the value says by what it holds."


def meaning(made: Union, choice: Choice) -> str:
    """What stands behind the description of an alternative."""
    said = " or ".join(f'"{tag}"' for tag in choice.tags)
    return f"{choice.constant}: {made.member} is {said}." if said else f"{choice.constant}."


def declared(made: Union, announced: bool) -> str:
    name, upper = made.name, made.name.upper()
    values = [(f"    {upper}_UNSET", " = 0,"), (f"    {upper}_OTHER", " = -1,"), (f"    {upper}_NULL", " = -2,")]
    values += [(f"    {c.constant}", f" = {c.number},") for c in sorted(made.choices, key=lambda c: c.number)]
    values[-1] = (values[-1][0], values[-1][1].rstrip(","))
    lines = comment("\n\n".join(text for text in (made.doc, told_by(made)) if text))
    lines += [f"typedef enum {name}_kind {{", *columns(values), f"}} {name}_kind;", ""]
    lines.append(f"struct {name} {{" if announced else f"typedef struct {name} {{")
    lines += [f"    {name}_kind kind;", "    union {"]
    for field in made.fields:
        means = [meaning(made, choice) for choice in made.choices if choice.field.name == field.name]
        lines += comment(" ".join([*means, field.doc, *field.facts]).strip(), indent=8)
        lines.append(f"        {choice_type(field)}{field.name};")
    lines += comment(f"{upper}_OTHER: JSON that is none of these, as it came.", indent=8)
    lines += ["        eb_json other;", "    } u;", "};" if announced else f"}} {name};"]
    if made.nullable:
        lines.append(f"extern const {name} {name}_null; /* its address means null */")
    return "\n".join([*lines, f"EB_DECLARE_TYPE({name})"])


def type_lines(made: Union, limited: bool) -> list[str]:
    """What stands behind the rows of a union."""
    name = made.name
    lines: list[str] = []
    rows = []
    for choice in made.choices:
        tags = "NULL"
        if choice.tags:
            tags = f"{name}_tags_{choice.number}"
            texts = ", ".join(c_string(tag) for tag in choice.tags)
            one = f"static const char *const {tags}[] = {{ {texts}, NULL }};"
            lines += [one] if len(one) <= 100 else [
                f"static const char *const {tags}[] = {{",
                *(f"    {c_string(tag)}," for tag in choice.tags),
                "    NULL,",
                "};",
            ]
        types = " | ".join(dict.fromkeys(_JSON_TYPES[t] for t in choice.types if t in _JSON_TYPES)) or "0"
        rows.append((f"    {{ {choice.constant}, ", f"{types}, ", f"{tags} }},"))
    lines += [f"static const eb_choice {name}_choices[] = {{", *columns(rows), "};"]
    member = c_string(made.member) if made.member is not None else "NULL"
    lines.append(f"static const eb_union {name}_one_of = {{ {member}, {name}_choices }};")
    if made.nullable:
        lines.append(f"const {name} {name}_null = {{ 0 }};")
    macro = (
        f"EB_UNION_TYPE({name}, {name}_rows, {name + '_limits' if limited else 'NULL'}, "
        f"{'&' + name + '_null' if made.nullable else 'NULL'}, &{name}_one_of)"
    )
    one = f"const eb_type {name}_type = {macro};"
    return [*lines, *([one] if len(one) <= 100 else [f"const eb_type {name}_type =", f"    {macro};"])]
