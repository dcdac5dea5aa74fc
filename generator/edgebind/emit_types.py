"""The types of an API in its source: enums, rows of structs, unions, lists and maps. IR in, text out."""

from __future__ import annotations

from dataclasses import replace

from .emit_common import place
from .emit_unions import type_lines
from .ir import EnumType, Field, Kind, Limits, ListType, MapType, Struct, Union
from .text import c_int, c_string, columns


def enum_rows(made: EnumType, static: bool) -> str:
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


def _row_macro(field: Field, by_value: bool = False) -> str:
    if field.null_items:
        return "EB_ROW_NULLABLE_STR_LIST"
    in_place = field.kind is Kind.OBJECT and by_value and (field.in_place or not field.nullable)
    return "EB_ROW_STRUCT" if in_place else f"EB_ROW_{field.kind.value}"


def _row(struct: str, field: Field, ranges: list[Limits], by_value: bool = False) -> list[str]:
    """One table row as cells, not yet aligned."""
    flags = _flags(field, ranges)
    target = None if field.null_items else field.target
    return [
        f"    {_row_macro(field, by_value)}",
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


def rows_of(name: str, struct: str, fields: list[Field]) -> tuple[list[str], bool]:
    ranges, lines = _ranges(name, fields)
    lines += [f"static const eb_field {name}_rows[] = {{", *columns([_row(struct, f, ranges) for f in fields]), "};"]
    return lines, bool(ranges)


def _union(made: Union) -> str:
    fields = [replace(choice.field, name=f"u.{choice.field.name}") for choice in made.choices]
    ranges, lines = _ranges(made.name, fields)
    rows = [_row(made.name, field, ranges) for field in fields]
    for cells, field in zip(rows, fields, strict=True):
        if field.kind in (Kind.ENUM, Kind.INT_ENUM):
            cells[0] += "_ITEM"
    lines += [f"static const eb_field {made.name}_rows[] = {{", *columns(rows), "};"]
    return "\n".join([place(made.where), *lines, *type_lines(made, bool(ranges))])


def struct_rows(made: Struct) -> str:
    if isinstance(made, Union):
        return _union(made)
    lines, limited = rows_of(made.name, made.name, list(made.fields))
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


def list_rows(made: ListType) -> str:
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


def map_rows(made: MapType) -> str:
    cells = "".join(_row(made.entry, made.value, [], by_value=True)).strip().removesuffix(",")
    return "\n".join(
        [
            f"static const eb_field {made.name}_value[] = {{ {cells} }};",
            f"static const eb_type  {made.name}_type    = EB_MAP_TYPE({made.name}, {made.name}_value);",
        ]
    )
