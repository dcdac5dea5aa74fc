"""Lists that are walked page by page: what x-eb-pages says, checked against parameters and answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from .build_types import Types
from .foreign import Foreign
from .ir import Field, Kind, ListType, Operation, Pages, Struct
from .load import Value, escape, join, unescape

TYPES = {kind.lower(): f"EB_PAGES_{kind}" for kind in ("NUMBER", "OFFSET", "TOKEN", "URL")}
WORDS = {Kind.INT: "an integer", Kind.BOOL: "a boolean", Kind.STR: "a string"}
KEYS = ("type", "page", "size", "items", "next", "header", "more", "number", "total")
TEXTS, NUMBERS, FLAGS = (Kind.STR, Kind.TEXT), (Kind.INT, Kind.OPT_INT), (Kind.BOOL, Kind.OPT_BOOL)
MEANINGLESS = {
    "EB_PAGES_OFFSET": ("next", "header", "number"),
    "EB_PAGES_TOKEN": ("number", "total"),
    "EB_PAGES_URL": ("page", "number", "total"),
}
BY_TEXT = {"EB_PAGES_TOKEN": "token", "EB_PAGES_URL": "URL"}  # how the next page is named
HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
LISTED = {  # what the lists of value.h hold, as a walk hands it out
    "eb_str_list": "const char *",
    "eb_int_list": "int64_t ",
    "eb_num_list": "double ",
    "eb_bool_list": "bool ",
    "eb_opt_int_list": "eb_opt_int ",
    "eb_opt_num_list": "eb_opt_num ",
    "eb_opt_bool_list": "eb_opt_bool ",
}
DEPTH = 4  # how far down the list of an answer is looked for

Complain = Callable[[str, str], None]


class Paging(Types):
    def _pages(self, made: Operation, value: Value, at: str) -> Operation:
        """What x-eb-pages says; another house's extension in our words is left out where it does not fit."""
        complain = self.problem if not isinstance(value, Foreign) else partial(self._leave_out, value)
        foreign, value = value, self._map(value, at)
        for key in value:
            if key not in KEYS:
                complain(join(at, key), f"{key} is not known; see EXTENSIONS.md")
        kind = TYPES.get(str(value.get("type")))
        if kind is None:
            complain(join(at, "type") if "type" in value else at, f"one of {', '.join(TYPES)} is expected")
            return made
        self._check_next(kind, value, at, complain)
        if made.result is None or not (made.result in self.by_name or self._held(made.result)):
            complain(at, "pages need an operation that answers an object or a list")
            return made
        self._check_parameters(made, kind, value, at, complain)
        self._check_members(made, kind, value, at, complain)
        if isinstance(foreign, Foreign) and "items" not in value:
            items = self._only_list(made.result, at, complain)
            if items is None:
                return made
            value = {**value, "items": items}
        held = self._items(made.result, value, at, complain)
        if held is None or (isinstance(foreign, Foreign) and foreign.refused):
            return made
        item, shown, by_value = held
        return replace(
            made,
            pages=Pages(
                kind=kind,
                page=None if kind == "EB_PAGES_URL" else str(value.get("page")),
                items=value["items"],
                item=item,
                shown=shown,
                by_value=by_value,
                size=value.get("size"),
                next=value.get("next"),
                header=value.get("header"),
                more=value.get("more"),
                number=value.get("number"),
                total=value.get("total"),
            ),
        )

    def _leave_out(self, value: Foreign, pointer: str, text: str) -> None:
        value.refused = True
        self.document.note(pointer.rpartition("/x-eb-")[0], f"{value.name} is left out: {text}")

    @staticmethod
    def _check_next(kind: str, value: Value, at: str, complain: Complain) -> None:
        """Where an answer says which page comes next: in its body or in a header."""
        if kind in BY_TEXT and "next" not in value and "header" not in value:
            complain(at, f"next is missing: where an answer has the {BY_TEXT[kind]} of the next page; or header")
        if "next" in value and "header" in value:
            complain(join(at, "header"), "next and header say the same in two ways; leave out one of the two")
        for key in MEANINGLESS.get(kind, ()):
            if key in value:
                complain(join(at, key), f"{key} has no meaning with type: {value['type']}")
        header = value.get("header")
        if "header" in value and not (isinstance(header, str) and HEADER.fullmatch(header)):
            complain(join(at, "header"), "the name of a response header is expected")
        elif isinstance(header, str) and header.lower() == "link" and kind != "EB_PAGES_URL":
            complain(join(at, "header"), "what Link has is a URL; say type: url")

    @staticmethod
    def _check_parameters(made: Operation, kind: str, value: Value, at: str, complain: Complain) -> None:
        query = {p.wire: p.field for p in made.parameters if p.place.startswith("EB_IN_QUERY")}
        for key in ("page", "size"):
            if key not in value and (key == "size" or kind == "EB_PAGES_URL"):
                continue
            if key in MEANINGLESS.get(kind, ()):
                continue
            kinds = TEXTS if key == "page" and kind == "EB_PAGES_TOKEN" else (Kind.OPT_INT,)
            field = query.get(str(value.get(key)))
            if field is None or field.kind not in kinds:
                word = "string" if kinds is TEXTS else "integer"
                complain(join(at, key) if key in value else at, f"{key} must name a query parameter of type {word}")

    def _check_members(self, made: Operation, kind: str, value: Value, at: str, complain: Complain) -> None:
        result = self.by_name.get(made.result or "")
        wanted = {
            "next": TEXTS if kind in BY_TEXT else NUMBERS,
            "number": NUMBERS,
            "total": NUMBERS,
            "more": FLAGS,
        }
        for key, kinds in wanted.items():
            if key in value:
                path = self._follow_members(result, value[key])
                if not path or path[-1].kind not in kinds:
                    complain(join(at, key), f"{value[key]} does not lead to {WORDS[kinds[0]]} of the answer")

    # ---- Items ---------------------------------------------------------------------------------------------

    def _items(self, result: str, value: Value, at: str, complain: Complain) -> tuple[str, str, bool] | None:
        """What a page holds: the item's type, what a walk hands out, and whether it is the item or a pointer to it."""
        items = value.get("items")
        target: str | None = result if items == "" else None
        if items != "":
            path = self._follow_members(self.by_name.get(result), items)
            target = path[-1].target if path and path[-1].kind is Kind.LIST else None
        held = self._held(target)
        if held is None:
            here = join(at, "items") if "items" in value else at
            if result in self.by_name:
                complain(here, "items must lead to a list in the answer")
            else:
                complain(here, "items: '' is expected, because the answer is the list itself")
        return held

    def _held(self, name: str | None) -> tuple[str, str, bool] | None:
        """What a list holds: the item's type, what a walk hands out, and whether it is the item itself."""
        if name in LISTED:
            return LISTED[name].rstrip(" "), LISTED[name], True
        if name == "eb_json_list":
            return "eb_json", "const eb_json *", False
        made = self.made.get(name or "")
        if not isinstance(made, ListType):
            return None
        if made.kind in (Kind.STR, Kind.TEXT, Kind.DECIMAL):
            return "const char *", "const char *", True
        item = f"{made.item}_item" if made.kind in (Kind.ENUM, Kind.INT_ENUM) else made.item
        by_value = made.kind is Kind.OBJECT and made.nullable and not made.in_place
        return made.item, f"const {item} *", by_value

    def _only_list(self, result: str, at: str, complain: Complain) -> str | None:
        """Where the one list of objects is in an answer, of which nobody says it."""
        if result not in self.by_name:
            return ""
        found = list(self._lists(self.by_name[result], "", ()))
        if len(found) != 1:
            complain(at, f"the answer holds {len(found) or 'no'} lists of objects, expected one")
        return found[0] if len(found) == 1 else None

    def _lists(self, struct: Struct, pointer: str, above: tuple[str, ...]) -> Iterator[str]:
        if struct.name in above or len(above) == DEPTH:
            return
        for field in struct.fields:
            here = f"{pointer}/{escape(field.json)}"
            made = self.made.get(field.target or "")
            if field.kind is Kind.LIST and isinstance(made, ListType) and made.kind is Kind.OBJECT:
                yield here
            elif field.kind is Kind.OBJECT and field.target in self.by_name:
                yield from self._lists(self.by_name[field.target], here, (*above, struct.name))

    def _follow_members(self, struct: Struct | None, pointer: Value) -> list[Field] | None:
        """The members that a JSON pointer goes through, None when it leads nowhere."""
        if not isinstance(pointer, str) or not pointer.startswith("/"):
            return None
        path: list[Field] = []
        for token in pointer.split("/")[1:]:
            field = next((f for f in struct.fields if f.json == unescape(token)), None) if struct else None
            if field is None:
                return None
            path.append(field)
            struct = self.by_name.get(field.target) if field.kind is Kind.OBJECT and field.target else None
        return path
