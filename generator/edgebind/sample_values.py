"""Examples of a document as C initialisers: values in, text out. What no example shows is made up, required members
alone."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from .ir import Api, EnumType, Field, Kind, Operation, Struct, Union
from .text import c_int, c_string

WIDTH = 96
TEXTS = (Kind.STR, Kind.TEXT, Kind.DECIMAL)
DEPTH = 5  # how deep what is made up is nested
SHARED_ITEMS = {  # what the lists of value.h hold, and how an item is written
    "eb_str_list": ("const char *const", Kind.STR),
    "eb_int_list": ("const int64_t", Kind.INT),
    "eb_num_list": ("const double", Kind.NUM),
    "eb_bool_list": ("const bool", Kind.BOOL),
    "eb_opt_int_list": ("const eb_opt_int", Kind.OPT_INT),
    "eb_opt_num_list": ("const eb_opt_num", Kind.OPT_NUM),
    "eb_opt_bool_list": ("const eb_opt_bool", Kind.OPT_BOOL),
    "eb_json_list": ("const eb_json", Kind.JSON),
}
SHARED_ENTRIES = {"eb_str_map": ("const eb_str_entry", Kind.STR), "eb_json_map": ("const eb_json_entry", Kind.JSON)}


@dataclass(frozen=True)
class Braces:
    """{ .a = 1, .b = 2 }, with what stands before it: "&(T)"."""

    head: str
    members: tuple[tuple[str, Init], ...]  # (".a = ", "1")


Init = str | Braces
Member = tuple[str, Init]


def lines(init: Init, before: str, after: str, indent: int = 4) -> list[str]:
    """An initialiser as lines: on one when it fits, or else a member a line."""
    space = " " * indent
    if isinstance(init, str):
        pieces = (init + after).split("\n")
        return [space + before + pieces[0], *(" " * (indent + len(before)) + piece for piece in pieces[1:])]
    flat = _flat(init)
    if flat is not None and indent + len(before) + len(flat) + len(after) <= WIDTH:
        return [space + before + flat + after]
    made = [space + before + init.head + "{"]
    for name, value in init.members:
        made += lines(value, name, ",", indent + 4)
    return [*made, space + "}" + after]


def _flat(init: Init) -> str | None:
    if isinstance(init, str):
        return None if "\n" in init else init
    parts = [_flat(value) for _, value in init.members]
    if any(part is None for part in parts):
        return None
    inner = ", ".join(name + (part or "") for (name, _), part in zip(init.members, parts, strict=True))
    return f"{init.head}{{ {inner} }}"


class Values:
    """The initialisers of one program. Arrays stand before what holds them, in `arrays`."""

    def __init__(self, api: Api, taken: set[str]) -> None:
        self.structs, self.lists, self.maps, self.enums = api.structs, api.lists, api.maps, api.enums_by_name
        self.unions = {name: t for name, t in api.structs.items() if isinstance(t, Union)}
        self.arrays: list[str] = []
        self._taken = set(taken)

    def params(self, operation: Operation) -> Braces:
        members: list[Member] = []
        bodies = 0  # one of several, when a body can be of several types
        for parameter in operation.parameters:
            is_body = parameter.place.startswith("EB_IN_BODY")
            bodies += is_body
            if is_body and bodies > 1:
                continue
            if operation.pages and not parameter.field.required:
                if parameter.field.json == operation.pages.page or "EB_FIELD_MASK" in parameter.place:
                    continue  # a walk begins with the first page, and needs what a mask may hide
            given = self._given(parameter.field, parameter.field.required or is_body, 0)
            members += self._member(parameter.field, given)
        return Braces("", tuple(members))

    # ---- What the value is ---------------------------------------------------------------------------------

    def _given(self, field: Field, wanted: bool, depth: int) -> Any:
        """The value that the document shows for a member, or one that is made up. None: leave it out."""
        if field.example is not None:
            return field.example
        return self._made_up(field, depth) if wanted and depth < DEPTH else None

    def _made_up(self, field: Field, depth: int) -> Any:
        low = field.limits.low if field.limits else None
        kind = field.kind
        if kind in (Kind.STR, Kind.TEXT, Kind.DECIMAL):
            text = "text" if kind is Kind.STR else "1"
            return text if low is None or len(text) >= low else (text * int(low))[: int(low)]
        if kind in (Kind.INT, Kind.OPT_INT, Kind.NUM, Kind.OPT_NUM):
            return low if low is not None else min(1, field.limits.high) if field.limits and field.limits.high else 1
        if kind in (Kind.BOOL, Kind.OPT_BOOL):
            return True
        if kind in (Kind.ENUM, Kind.INT_ENUM):
            values = self.enums[field.target or ""].values
            return values[0].text if values else None
        if kind is Kind.JSON:
            return {}
        if kind is Kind.BODY:
            return ""
        if kind is Kind.OBJECT and field.target in self.unions:
            return self._made_up_choice(self.unions[field.target], depth)
        if kind is Kind.OBJECT and field.target in self.structs:
            return self._made_up_object(self.structs[field.target], depth)
        if kind is Kind.LIST:
            item = self._item(field.target or "")
            one = self._given(item, True, depth + 1) if item else None
            return [] if one is None else [one]
        return {} if kind is Kind.MAP else None

    def _made_up_object(self, struct: Struct, depth: int) -> dict[str, Any]:
        made = {f.json: self._given(f, f.required, depth + 1) for f in struct.fields if not (f.rest or f.read_only)}
        return {name: value for name, value in made.items() if value is not None}

    def _made_up_choice(self, union: Union, depth: int) -> Any:
        choice = union.choices[0]
        value = self._made_up(choice.field, depth)
        if isinstance(value, dict) and choice.tags and union.member:
            value = {union.member: choice.tags[0], **value}
        return value

    def _item(self, name: str) -> Field | None:
        """An item of a list, as a member without a name."""
        if name in SHARED_ITEMS:
            return Field("", "", SHARED_ITEMS[name][1])
        made = self.lists.get(name)
        return Field("", "", made.kind, target=made.item) if made else None

    # ---- How it is written ---------------------------------------------------------------------------------

    def _member(self, field: Field, value: Any) -> list[Member]:
        """`.name = value`, with the text beside an enum that has no such constant."""
        if value is None:
            return []
        if field.kind in (Kind.ENUM, Kind.INT_ENUM):
            rows = self._enum(self.enums[field.target or ""], value)
            return [(f".{field.name}{beside} = ", init) for beside, init in rows]
        init = self._init(field, value)
        return [] if init is None else [(f".{field.name} = ", init)]

    def _enum(self, enum: EnumType, value: Any) -> list[tuple[str, Init]]:
        known = next((v.name for v in enum.values if v.text == str(value)), None)
        if known:
            return [("", known)]
        other = f"{enum.name.upper()}_OTHER"
        if enum.integer:
            return [("", other), ("_number", c_int(value))] if isinstance(value, int) else []
        return [("", other), ("_text", c_string(str(value)))]

    def _init(self, field: Field, value: Any) -> Init | None:
        kind = field.kind
        if kind in (Kind.STR, Kind.TEXT, Kind.DECIMAL):
            return _text(value if isinstance(value, str) else json.dumps(value))
        if kind in (Kind.OPT_INT, Kind.INT) and isinstance(value, int) and not isinstance(value, bool):
            return f"EB_INT({c_int(value)})" if kind is Kind.OPT_INT else c_int(value)
        if kind in (Kind.OPT_NUM, Kind.NUM) and isinstance(value, int | float):
            return f"EB_NUM({float(value)!r})" if kind is Kind.OPT_NUM else repr(float(value))
        if kind in (Kind.OPT_BOOL, Kind.BOOL) and isinstance(value, bool):
            word = "true" if value else "false"
            return f"EB_BOOL({word})" if kind is Kind.OPT_BOOL else word
        if kind is Kind.JSON:
            return f"EB_JSON({_text(json.dumps(value, ensure_ascii=False), 9)})"
        if kind is Kind.BODY:
            return 'eb_body_file("example.bin")'
        if kind is Kind.OBJECT and field.target in self.unions:
            return Braces(f"&({field.target})", self._choice(self.unions[field.target], value))
        if kind is Kind.OBJECT and isinstance(value, dict):
            members = self._object(field.target or "", value)
            return None if members is None else Braces(f"&({field.target})", members or self._nothing(field.target))
        if kind is Kind.LIST and isinstance(value, list):
            return self._list(field, value)
        if kind is Kind.MAP and isinstance(value, dict):
            return self._map(field, value)
        return None

    def _object(self, name: str, value: dict[str, Any]) -> tuple[Member, ...] | None:
        struct = self.structs.get(name)
        if struct is None:
            return None
        made: list[Member] = []
        for field in struct.fields:
            if field.rest:
                known = {f.json for f in struct.fields}
                more = {k: v for k, v in value.items() if k not in known}
                made += self._member(field, more) if more else []
            elif field.json in value and not field.read_only and (field.required or not field.deprecated):
                given = value[field.json]
                null = self._null(field) if given is None else None
                made += [(f".{field.name} = ", null)] if null else self._member(field, given)
        return tuple(made)

    def _nothing(self, name: str | None) -> tuple[Member, ...]:
        """{ 0 }; where that would start within the first member, which compilers warn of, the member by its name."""
        struct = self.structs.get(name or "")
        inner = (Kind.OPT_BOOL, Kind.OPT_INT, Kind.OPT_NUM, Kind.LIST, Kind.MAP, Kind.JSON, Kind.BODY)
        first = struct.fields[0] if struct and struct.fields else None
        return ((f".{first.name} = ", "{ 0 }"),) if first and first.kind in inner else (("", "0"),)

    def _choice(self, union: Union, value: Any) -> tuple[Member, ...]:
        """The kind and the member of `u` for a value; JSON as it is when no alternative shows what it is."""
        upper = union.name.upper()
        for choice in union.choices:
            field = choice.field
            tag = value.get(union.member) if isinstance(value, dict) and union.member else None
            if (tag in choice.tags) != bool(choice.tags) or field.kind in (Kind.ENUM, Kind.INT_ENUM):
                continue
            inner = {k: v for k, v in value.items() if k != union.member} if choice.tags else value
            if isinstance(value, str) != (field.kind in (Kind.STR, Kind.TEXT)):
                continue
            init = self._init(field, inner)
            if init is not None:
                return ((".kind = ", choice.constant), (f".u.{field.name} = ", init))
        text = f"EB_JSON({_text(json.dumps(value, ensure_ascii=False), 9)})"
        return ((".kind = ", f"{upper}_OTHER"), (".u.other = ", text))

    def _null(self, field: Field) -> str | None:
        if field.kind is Kind.OBJECT:
            struct = self.structs.get(field.target or "")
            return f"&{field.target}_null" if struct and struct.nullable else None
        if field.kind is Kind.ENUM or field.kind is Kind.INT_ENUM:
            return f"{(field.target or '').upper()}_NULL"
        nulls = {Kind.OPT_INT: "EB_INT_NULL", Kind.OPT_NUM: "EB_NUM_NULL", Kind.OPT_BOOL: "EB_BOOL_NULL"}
        if field.kind in nulls:
            return nulls[field.kind]
        if not field.nullable:
            return None
        texts = dict.fromkeys((Kind.STR, Kind.TEXT, Kind.DECIMAL), "eb_string_null")
        return {**texts, Kind.LIST: "EB_LIST_NULL"}.get(field.kind)

    def _list(self, field: Field, value: list[Any]) -> Init | None:
        target = field.target or ""
        item = self._item(target)
        if item is None:
            return None
        if not value:
            return "EB_EMPTY"
        rows: list[Member] = []
        for one in value:
            init = self._list_item(item, one, field.name)
            if init is None:
                return None
            rows.append(("", init))
        made = self.lists.get(target)
        if made:
            item_type = f"const {made.item}{'_item' if made.kind in (Kind.ENUM, Kind.INT_ENUM) else ''}"
        else:
            item_type = SHARED_ITEMS[target][0]
        return self._hoisted(field.name, item_type, rows)

    def _list_item(self, item: Field, value: Any, name: str) -> Init | None:
        if value is None:
            nulls = {Kind.STR: "eb_string_null", Kind.OPT_INT: "EB_INT_NULL", Kind.OPT_NUM: "EB_NUM_NULL"}
            return nulls.get(item.kind)
        if item.kind is Kind.OBJECT and item.target in self.unions:
            return Braces("", self._choice(self.unions[item.target], value))
        if item.kind is Kind.OBJECT:
            members = self._object(item.target or "", value) if isinstance(value, dict) else None
            return None if members is None else Braces("", members or self._nothing(item.target))
        if item.kind in (Kind.ENUM, Kind.INT_ENUM):
            rows = self._enum(self.enums[item.target or ""], value)
            return Braces("", tuple((f"{beside.replace('_', '.') or '.value'} = ", init) for beside, init in rows))
        return self._init(Field("", name, item.kind, target=item.target), value)

    def _map(self, field: Field, value: dict[str, Any]) -> Init | None:
        target = field.target or ""
        made = self.maps.get(target)
        if made:
            entry, inner = f"const {made.entry}", made.value
        elif target in SHARED_ENTRIES:
            entry, kind = SHARED_ENTRIES[target]
            inner = Field("", "value", kind)
        else:
            return None
        if not value:
            return "EB_EMPTY"
        rows: list[Member] = []
        for key, one in value.items():
            members = self._member(inner, one)
            if not members:
                return None
            rows.append(("", Braces("", ((".key = ", c_string(str(key))), *members))))
        return self._hoisted(field.name, entry, rows)

    def _hoisted(self, name: str, item_type: str, rows: list[Member]) -> str:
        """An array before the parameters, and EB_LIST of it."""
        wanted, n = name or "items", 1
        while name == "" or name in self._taken:
            n += 1
            name = f"{wanted}_{n}" if wanted in self._taken else wanted
        self._taken.add(name)
        self.arrays += lines(Braces("", tuple(rows)), f"{item_type} {name}[] = ", ";")
        return f"EB_LIST({name})"


def _text(text: str, behind: int = 0) -> str:
    """A literal; a long one in pieces, each on a line of its own."""
    pieces = [text[i : i + 72] for i in range(0, len(text), 72)] or [""]
    return ("\n" + " " * behind if behind else "\n").join(c_string(piece) for piece in pieces)
