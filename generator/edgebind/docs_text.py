"""Pieces of the reference: cells, tables, links, C types as people read them."""

from __future__ import annotations

from collections import Counter

from .emit_common import c_type
from .emit_unions import choice_type, told_by
from .ir import Api, EnumType, Field, Kind, ListType, MapType, Operation, Struct, Union


def cell(text: str) -> str:
    """Text for a table: on one line, no column ends inside."""
    return " ".join(text.split()).replace("|", "\\|")


def table(head: list[str], rows: list[list[str]]) -> str:
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, ["---"] * len(head), *rows])


def code(lines: list[str]) -> str:
    return "```c\n" + "\n".join(lines) + "\n```"


class Links:
    """Where the pages of an API are, as seen from one of them: the overview, or one in the folder beside it."""

    def __init__(self, api: Api, inside: bool) -> None:
        self.api = api
        self._folder = "" if inside else f"{api.header}/"
        self.overview = f"../{api.header}.md" if inside else f"{api.header}.md"
        count = Counter(code for o in api.operations for code in {c for a in o.answers for c in a.codes})
        codes = api.errors.codes.values if api.errors.codes else ()
        self.shared_errors = {v.name for v in codes if count[v.text] == len(api.operations) > 1}  # of every operation
        self._pages = {o.name for o in api.operations} | {e.name for e in api.enums}
        self._pages |= {t.name for t in api.types if isinstance(t, Struct)}
        self._items = {t.name: t for t in api.types if isinstance(t, ListType)}
        self._values = {t.name: t for t in api.types if isinstance(t, MapType)}

    def page(self, name: str, text: str | None = None) -> str:
        """A link to the page of an operation or type; plain when there is none."""
        shown = f"`{text or name}`"
        return f"[{shown}]({self._folder}{name}.md)" if name in self._pages else shown

    def has(self, name: str) -> bool:
        return name in self._pages

    def error(self, constant: str) -> str:
        return f"[`{constant}`]({self._folder}errors.md#{constant.lower()})"

    def type(self, field: Field) -> str:
        """The C type of a member; of a list or map, what it holds too."""
        shown = c_type(field).strip()
        if field.kind in (Kind.OBJECT, Kind.ENUM, Kind.INT_ENUM):
            return self.page(field.target or "", shown)
        held = self.held(field.target) if field.kind in (Kind.LIST, Kind.MAP) else None
        return f"`{shown}` of {self.page(held)}" if held else f"`{shown}`"

    def held(self, name: str | None) -> str | None:
        """The struct or enum that a list or map holds in the end."""
        for _ in range(16):
            if name in self._items:
                name = self._items[name].item
            elif name in self._values:
                name = self._values[name].value.target
            else:
                break
        return name if name in self._pages else None


def member(links: Links, field: Field) -> list[str]:
    """A row: name, C type, meaning with its limits and examples."""
    beside = {Kind.ENUM: "_text", Kind.INT_ENUM: "_number"}.get(field.kind)
    names = f"`{field.name}`" + (f", `{field.name}{beside}`" if beside else "")
    return [names, links.type(field), cell(" ".join([field.doc, *field.facts]))]


def members_table(links: Links, fields: tuple[Field, ...]) -> str:
    rows = []
    for field in fields:
        names, shown, meaning = member(links, field)
        rows.append([names, shown, f"`{field.json}`" if field.json else "the others", meaning])
    return table(["member", "C type", "on the wire", "meaning"], rows)


def choices_table(links: Links, made: Union) -> str:
    rows = []
    for choice in made.choices:
        field = choice.field
        tags = " or ".join(f"`{tag}`" for tag in choice.tags)
        said = [f"`{made.member}` is {tags}." if tags else "", field.doc, *field.facts]
        shown = (
            links.page(field.target or "", choice_type(field).strip())
            if field.kind in (Kind.ENUM, Kind.INT_ENUM)
            else links.type(field)
        )
        rows.append([f"`{choice.constant}`", f"`u.{field.name}`", shown, cell(" ".join(t for t in said if t))])
    upper = made.name.upper()
    rows.append([f"`{upper}_OTHER`", "`u.other`", "`eb_json`", "JSON that is none of these, as it came."])
    return f"{told_by(made)} `{upper}_UNSET` (0) is no value.\n\n" + table(
        ["kind", "member", "C type", "meaning"], rows
    )


def users(api: Api) -> dict[str, tuple[list[Operation], list[Struct]]]:
    """Which operations and structs name a type: what its page leads back to."""
    links = Links(api, inside=True)
    found: dict[str, tuple[list[Operation], list[Struct]]] = {
        made.name: ([], []) for made in (*api.types, *api.enums) if isinstance(made, Struct | EnumType)
    }
    for operation in api.operations:
        named = {p.field.target for p in operation.parameters}
        named |= {links.held(name) for name in named}
        named |= {operation.result, links.held(operation.result), operation.pages.item if operation.pages else None}
        for name in sorted(n for n in named if n in found):
            found[name][0].append(operation)
    for struct in (t for t in api.types if isinstance(t, Struct)):
        inside = {f.target for f in struct.fields}
        for name in sorted(n for n in inside | {links.held(i) for i in inside} if n in found):
            found[name][1].append(struct)
    return found
