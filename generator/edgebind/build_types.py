"""Schemas become C types.

The walk goes twice over the schemas that operations reach: first to learn how each is used (in requests, as a whole
body), then to make structs of them, because presence and names depend on the use.
"""

from __future__ import annotations

import re
from dataclasses import replace

from . import names as naming
from .build_context import Context, Entry
from .build_unions import union_of
from .ir import EnumType, EnumValue, Field, Kind, ListType, MapType, Struct
from .load import Document, Value, join, unescape
from .names import Pins
from .one_of import DOCS
from .schema import Schema, text_of
from .schema_facts import example_of, facts_of, limits_of

DIRECT_KINDS = {
    "string": Kind.STR,
    "text": Kind.TEXT,
    "decimal": Kind.DECIMAL,
    "json": Kind.JSON,
    "body": Kind.BODY,
    "enum": Kind.ENUM,
    "int_enum": Kind.INT_ENUM,
}
KINDS_OF_NAMES = {"object": "structs", "union": "unions", "enum": "enums", "int_enum": "enums"}
NUMBER_KINDS = {"int": (Kind.INT, Kind.OPT_INT), "num": (Kind.NUM, Kind.OPT_NUM), "bool": (Kind.BOOL, Kind.OPT_BOOL)}
SHARED_LISTS = {
    ("string", False): "eb_str_list",
    ("string", True): "eb_str_list",
    ("int", False): "eb_int_list",
    ("num", False): "eb_num_list",
    ("bool", False): "eb_bool_list",
    ("int", True): "eb_opt_int_list",
    ("num", True): "eb_opt_num_list",
    ("bool", True): "eb_opt_bool_list",
    ("json", False): "eb_json_list",
    ("body", False): "eb_body_list",
}


class Types(Context):
    def __init__(self, document: Document, entry: Entry, pins: Pins) -> None:
        super().__init__(document, entry, pins)
        self.uses: dict[str, set[str]] = {}  # place of a schema -> how it is used: "body", "part"
        self.requests: set[str] = set()  # places that a request reaches
        self.structs: dict[str, Struct] = {}  # by place
        self.enums: dict[str, EnumType] = {}  # by place
        self.made: dict[str, ListType | MapType] = {}  # by C name
        self.by_name: dict[str, Struct] = {}
        self.type_names: dict[str, str] = {}  # place of an object or enum -> its C name
        self.nulled: set[str] = set()  # C names of objects that may be null somewhere
        self.listed: set[str] = set()  # C names of enums that stand in lists
        self.uploads: set[str] = set()  # C names of multipart bodies
        self._walked: set[tuple[str, bool, str]] = set()
        self._opened: set[str] = set()

    def _use(self, value: Value, pointer: str, request: bool, how: str) -> None:
        waiting = [(value, pointer, how)]
        while waiting:
            value, pointer, how = waiting.pop()
            schema = self.schemas.read(value, pointer)
            if schema is None:
                continue
            if how:
                self.uses.setdefault(schema.at, set()).add(how)
            key = (schema.at, request, schema.sort)
            if key in self._walked:
                continue
            self._walked.add(key)
            if request:
                self.requests.add(schema.at)
            waiting += [(inner, at, "part") for inner, at in self._inner(schema)]

    def _inner(self, schema: Schema) -> list[tuple[Value, str]]:
        value = schema.value
        inner: list[tuple[Value, str]] = []
        if schema.sort == "object":
            inner = [(v, join(schema.at, "properties", name)) for name, v in value["properties"].items()]
        if schema.sort in ("object", "map") and isinstance(value.get("additionalProperties"), dict):
            inner.append((value["additionalProperties"], join(schema.at, "additionalProperties")))
        if schema.sort == "list":
            inner.append((value["items"], join(schema.at, "items")))
        inner += [(None, alternative.at) for alternative in schema.alternatives]
        return inner

    def _name_components(self) -> None:
        """Component schemas have their names before anything inside them, in the document's order."""
        for name, value in self._components_of("schemas"):
            at = join("#/components/schemas", name)
            schema = self.schemas.read(value, at)
            if schema is not None and (schema.at == at or not schema.at.startswith("#")):
                self._type_name(schema, naming.snake(self._own_name(value) or name), named=True)

    def _own_name(self, value: Value) -> str:
        """What x-eb-name says of a member or a component; a member of another schema is called as there."""
        if not isinstance(value, dict):
            return ""
        ref = value.get("$ref")
        if "x-eb-name" not in value and isinstance(ref, str) and re.search(r"/properties/[^/]+$", ref):
            return self._own_name(self.document.find(ref)[1])
        return text_of(value.get("x-eb-name"))

    def _hint(self, pointer: str, otherwise: str) -> str:
        """What a type is called that is written at a place: after the component it stands in, if it does in one."""
        tokens = pointer.partition("#")[2].split("/")
        if len(tokens) > 3 and tokens[1] == "components":
            return naming.snake(unescape(tokens[3]))
        return naming.of_place(pointer) or otherwise

    def _own_hint(self, schema: Schema, hint: str) -> str:
        """The items of a list that is a component itself are called after it, not after who uses it first."""
        return naming.of_place(schema.at) or hint

    def _type_name(self, schema: Schema, hint: str, named: bool = False) -> str:
        """The C name of an object, enum or union; hint is what it is called without the API's prefix, where its place
        does not say, or when it is named by a component."""
        kind = KINDS_OF_NAMES.get(schema.sort)
        if kind is None or schema.at in self.type_names:
            return self.type_names.get(schema.at, "")
        if not named:
            hint = naming.of_place(schema.at) or hint
        name = self.names.type(kind, schema.at, hint, only_body=self.uses.get(schema.at) == {"body"})
        self.type_names[schema.at] = name
        return name

    def _components(self) -> None:
        for name, value in self._components_of("schemas"):
            schema = self.schemas.read(value, join("#/components/schemas", name))
            if schema is not None:
                self._declare(schema, naming.snake(name))

    def _declare(self, schema: Schema, hint: str) -> str:
        """Makes the C type of an object or enum, and what it needs. Its C name."""
        name = self._type_name(schema, hint)
        schema = self.schemas.read(self.document.find(schema.at)[1], schema.at) or schema  # without what a use adds
        if schema.at in self.structs or schema.at in self.enums or schema.at in self._opened:
            return name
        if schema.sort in ("object", "union"):
            self._opened.add(schema.at)
            self.structs[schema.at] = (
                self._struct(schema, name) if schema.sort == "object" else union_of(self, schema, name)
            )
            self.by_name[name] = self.structs[schema.at]
            self._opened.discard(schema.at)
        elif schema.sort in ("enum", "int_enum"):
            self.enums[schema.at] = self._enum(schema, name)
        return name

    def _enum(self, schema: Schema, name: str) -> EnumType:
        texts = [str(v) for v in schema.value["enum"] if v is not None]
        if schema.sort == "int_enum":  # a table of numbers cannot have holes: what is gone stays
            gone = self.names.retired(schema.at, texts)
            if any(not re.fullmatch("-?[0-9]+", text) for text in gone):
                self.problem(schema.at, "names.lock knows this enum with texts; take its lines out there")
                gone = []
            texts += gone
        said = self._map(schema.value.get("x-eb-values"), join(schema.at, "x-eb-values"))
        rows = {text: row for text, row in said.items() if isinstance(row, dict)}
        wanted = [naming.constant(text_of(rows.get(t, {}).get("name")) or t) for t in texts]
        pinned = self.names.values(schema.at, name, texts, wanted)
        docs = schema.value.get(DOCS, {})
        values = [
            EnumValue(text, constant, number, text_of(rows.get(text, {}).get("description")) or docs.get(text, ""))
            for text, (constant, number) in zip(texts, pinned, strict=True)
        ]
        return EnumType(
            name,
            tuple(sorted(values, key=lambda v: v.number)),
            schema.sort == "int_enum",
            doc=schema.doc,
            where=schema.at,
        )

    def _struct(self, schema: Schema, name: str) -> Struct:
        value = schema.value
        members = self.names.members(schema.at)
        required = {
            name for name in self._list(value.get("required"), join(schema.at, "required")) if isinstance(name, str)
        }
        request = schema.at in self.requests
        hint = name.removeprefix(f"{self.entry.prefix}_")
        fields = []
        for wire, inner in value["properties"].items():
            at = join(schema.at, "properties", wire)
            field = self._field(
                inner, at, wire, members, f"{hint}_{naming.snake(wire)}", required=wire in required, request=request
            )
            if field is not None:
                fields.append(field)
        rest = value.get("additionalProperties")
        if isinstance(rest, dict) and rest:
            at = join(schema.at, "additionalProperties")
            inner_schema = self.schemas.read(rest, at)
            made = self._map_type(schema, f"{hint}_additional")
            if inner_schema is not None and made is not None:
                fields.append(
                    Field(
                        "",
                        members.claim("", wanted="additional"),
                        Kind.MAP,
                        rest=True,
                        target=made[0],
                        secret=made[1],
                        doc=inner_schema.doc or "Members that have no name of their own.",
                        where=at,
                    )
                )
        plain = not any(f.kind is Kind.BODY or f.target == "eb_body_list" for f in fields)
        return Struct(name, tuple(fields), schema.nullable, plain, schema.doc, schema.at)

    def _field(
        self,
        value: Value,
        pointer: str,
        wire: str,
        members: naming.Members,
        hint: str,
        *,
        required: bool,
        request: bool,
        wanted: str | None = None,
        doc: str = "",
        example: Value = None,
    ) -> Field | None:
        """A member for a schema. hint names the types that are written inside it."""
        schema = self.schemas.read(value, pointer)
        if schema is None:
            return None
        if len(wire.encode()) > 255:
            self.problem(pointer, "a name on the wire of more than 255 bytes is not supported")
        read_only, write_only = (schema.value.get(key) is True for key in ("readOnly", "writeOnly"))
        elsewhere = re.fullmatch(r"#/components/schemas/([^/]+)/properties/([^/]+)", schema.at)
        if elsewhere and schema.at != pointer:  # a member of another schema is called after that one
            hint = "_".join(naming.snake(unescape(part)) for part in elsewhere.groups())
        owner, _, wire_there = schema.at.rpartition("/properties/")
        if not elsewhere and schema.at != pointer and owner in self.type_names and "/" not in wire_there:
            base = self.type_names[owner].removeprefix(f"{self.entry.prefix}_")
            hint = f"{base}_{naming.snake(unescape(wire_there))}"
        beside = {"enum": "_text", "int_enum": "_number"}.get(schema.sort, "")
        if wanted is None and (own := self._own_name(value)):
            wanted = naming.member(own)
        name = members.claim(wire, beside, wanted)
        target: str | None = None
        null_items = False
        secret = schema.secret
        nullable = schema.nullable
        if schema.sort in NUMBER_KINDS:
            kind = NUMBER_KINDS[schema.sort][int(request or not required or nullable or write_only)]
        elif schema.sort in DIRECT_KINDS:
            kind = DIRECT_KINDS[schema.sort]
            target = self._declare(schema, hint) or None
            nullable = nullable and schema.sort != "json"
        elif schema.sort in ("object", "union"):
            kind = Kind.OBJECT
            target = self._declare(schema, hint)
            if nullable:
                self.nulled.add(target)
        else:
            kind = Kind.LIST if schema.sort == "list" else Kind.MAP
            made = self._list_type(schema, hint) if schema.sort == "list" else self._map_type(schema, hint)
            if made is None:
                return None
            target, inner_secret, null_items = made
            secret = secret or inner_secret
        fixed = required and request and self._is_fixed(schema)
        return Field(
            json=wire,
            name=name,
            kind=kind,
            required=required,
            nullable=nullable,
            secret=secret,
            read_only=read_only,
            write_only=write_only,
            target=target,
            in_place=schema.sort == "union",
            null_items=null_items,
            fixed=fixed,
            limits=limits_of(schema) if request else None,  # what only answers hold is never checked
            doc=doc or schema.doc,
            facts=(
                *((f"Always {schema.value['enum'][0]}; sent when it is not set.",) if fixed else ()),
                *facts_of(schema, required and not fixed, doc or schema.doc, example),
            ),
            example=example_of(schema) if example is None else example,
            where=pointer,
        )

    def _is_fixed(self, schema: Schema) -> bool:
        """Has an enum one value only, so that nobody need set it?"""
        if schema.sort not in ("enum", "int_enum"):
            return False
        texts = [str(v) for v in schema.value["enum"] if v is not None]
        return len(texts) == 1 and (schema.sort == "enum" or not self.names.retired(schema.at, texts))

    def _list_type(self, schema: Schema, hint: str) -> tuple[str, bool, bool] | None:
        """C name of the list type, are the items secret, may they be null (where only the row tells)."""
        hint = self._own_hint(schema, hint)
        at = join(schema.at, "items")
        item = self.schemas.read(schema.value["items"], at)
        if item is None:
            return None
        if self._is_endless(schema):
            self.problem(schema.at, "a list of itself; put an object between, or mark it x-eb-json")
            return None
        shared = SHARED_LISTS.get((item.sort, item.nullable))
        if shared:
            return shared, item.secret, item.sort == "string" and item.nullable
        if item.sort == "body":
            self.problem(at, "a list whose uploads may be null is not supported; leave null out")
            return None
        if item.sort in ("text", "decimal"):
            return self._made_list(item.sort, DIRECT_KINDS[item.sort], item), item.secret, False
        if item.sort in ("list", "map"):
            made = self._list_type(item, f"{hint}_item") if item.sort == "list" else self._map_type(item, hint)
            if made is None:
                return None
            inner = self._made_list("string", Kind.STR, replace(item, nullable=True)) if made[2] else made[0]
            return self._made_list(inner, Kind.LIST if item.sort == "list" else Kind.MAP, item), made[1], False
        name = self._declare(item, hint)
        kind = {"enum": Kind.ENUM, "int_enum": Kind.INT_ENUM}.get(item.sort, Kind.OBJECT)
        if kind is not Kind.OBJECT:
            self.listed.add(name)
        elif item.nullable:
            self.nulled.add(name)
        return self._made_list(name, kind, item), False, False

    def _is_endless(self, schema: Schema | None) -> bool:
        """Does the list hold lists, and those lists, and so on, for ever?"""
        seen: set[str] = set()
        while schema is not None and schema.sort == "list":
            if schema.at in seen:
                return True
            seen.add(schema.at)
            schema = self.schemas.read(schema.value["items"], join(schema.at, "items"))
        return False

    def _made_list(self, item: str, kind: Kind, schema: Schema) -> str:
        name = self.names.list_of(self._nullable(item) if schema.nullable else item)
        self.made.setdefault(name, ListType(name, item, kind, schema.nullable, schema.at, schema.sort == "union"))
        return name

    def _nullable(self, item: str) -> str:
        """What a list or map is called after whose items may be null."""
        return f"{self.entry.prefix}_nullable_{item.removeprefix('eb_').removeprefix(self.entry.prefix + '_')}"

    def _map_type(self, schema: Schema, hint: str) -> tuple[str, bool, bool] | None:
        hint = self._own_hint(schema, hint)
        at = join(schema.at, "additionalProperties")
        value = self.schemas.read(schema.value["additionalProperties"], at)
        if value is None:
            return None
        if value.sort == "string" and not value.nullable:
            return "eb_str_map", value.secret, False
        if value.sort == "json":
            return "eb_json_map", value.secret, False
        if value.sort == "body":
            self.problem(at, "a map of uploads is not supported; name each file")
            return None
        holder = naming.Members({}, {})
        inner = self._field(
            schema.value["additionalProperties"], at, "", holder, hint, required=True, request=False, wanted="value"
        )
        if inner is None:
            return None
        if value.nullable and value.sort in NUMBER_KINDS:
            inner = replace(inner, kind=NUMBER_KINDS[value.sort][1])
        called = inner.target or value.sort
        if inner.null_items:  # where only the row tells
            called = self._nullable("str_list")
        name, entry = self.names.map_of(self._nullable(called) if value.nullable else called)
        self.made.setdefault(name, MapType(name, entry, replace(inner, limits=None, doc="", facts=()), at))
        return name, inner.secret, False
