"""A document becomes an Api: what is not supported is a problem with its place, everything else a decision.

The walk goes twice over the schemas that operations reach: first to learn how each is used (in requests, as a whole
body, inside lists), then to make structs of them, because presence and names depend on the use.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from . import names as naming
from .ir import (
    Answer,
    Api,
    Auth,
    EnumType,
    EnumValue,
    Errors,
    Failure,
    Field,
    Kind,
    Link,
    ListType,
    MapType,
    Operation,
    Pages,
    Parameter,
    RateLimit,
    ServerVariable,
    Struct,
)
from .load import Document, Value, join
from .names import Names, Pins
from .schema import Schema, Schemas, facts_of, limits_of, text_of

METHODS = ("get", "put", "post", "delete", "options", "head", "patch")
SAFE_METHODS = ("get", "put", "delete", "options", "head")
DIRECT_KINDS = {
    "string": Kind.STR,
    "text": Kind.TEXT,
    "json": Kind.JSON,
    "body": Kind.BODY,
    "enum": Kind.ENUM,
    "int_enum": Kind.INT_ENUM,
}
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
    ("json", True): "eb_json_list",
}
SENDS = {
    "application/json": "EB_SEND_JSON",
    "application/x-www-form-urlencoded": "EB_SEND_FORM",
    "multipart/form-data": "EB_SEND_MULTIPART",
    "application/octet-stream": "EB_SEND_BYTES",
}
TAKEN_RESULT_NAMES = {"client", "params", "response", "value", "body", "st", "request"}
MAX_LIMITS = 255


@dataclass(frozen=True)
class Entry:
    """A line of the catalog."""

    document: str  # "edgegap.yaml"
    prefix: str  # "edgegap"
    header: str  # "edgegap"


@dataclass(frozen=True)
class Built:
    api: Api
    used: Pins  # what goes into names.lock


Lookup = Callable[[str], "Built | None"]


def build(document: Document, entry: Entry, pins: Pins, others: Lookup) -> Built | None:
    """The IR of one document, or None when the document has problems, which are then in document.problems.

    `others` gives another document of the catalog, for links."""
    before = len(document.problems)
    builder = _Builder(document, entry, pins, others)
    api = builder.api()
    return Built(api, builder.names.used) if api is not None and len(document.problems) == before else None


class _Builder:
    def __init__(self, document: Document, entry: Entry, pins: Pins, others: Lookup) -> None:
        self.document = document
        self.entry = entry
        self.others = others
        self.problem = document.problem
        self.schemas = Schemas(document)
        self.names = Names(
            entry.prefix, pins, lambda place: not place.startswith("#") or document.find(place)[0], self.problem
        )
        self.uses: dict[str, set[str]] = {}  # place of a schema -> how it is used: "body", "part", "item"
        self.requests: set[str] = set()  # places that a request reaches
        self._walked: set[tuple[str, bool, str]] = set()
        self.structs: dict[str, Struct] = {}  # by place
        self.enums: dict[str, EnumType] = {}
        self.type_names: dict[str, str] = {}  # place of an object or enum -> its C name
        self.made: dict[str, ListType | MapType] = {}  # by C name
        self.listed: set[str] = set()  # C names of enums that stand in lists
        self.by_name: dict[str, Struct] = {}
        self.opened: set[str] = set()
        self.uploads: set[str] = set()  # C names of multipart bodies
        self.root: dict[str, Any] = document.value
        self.operation_ids: dict[str, tuple[str, dict[str, Any], str, str]] = {}
        self.operation_names: dict[str, str] = {}

    # ---- The whole --------------------------------------------------------------------------------------------

    def api(self) -> Api | None:
        root = self.root
        if not self._version():
            return None
        self.schemas.keys(
            root,
            "#",
            (
                "openapi",
                "info",
                "servers",
                "security",
                "tags",
                "paths",
                "components",
                "externalDocs",
                "jsonSchemaDialect",
            ),
            ("x-eb-acs", "x-eb-errors", "x-eb-rate-limit"),
        )
        dialect = root.get("jsonSchemaDialect")
        if dialect not in (None, "https://spec.openapis.org/oas/3.1/dialect/base"):
            self.problem("#/jsonSchemaDialect", "only the dialect of OpenAPI 3.1 is supported; take it out")
        info = self._map(root.get("info"), "#/info")
        found = list(self._operations())
        prefix = self.entry.prefix
        self.names.reserve("#", (f"{prefix}_api", f"{prefix}_errors", f"{prefix}_auth"))
        for op_id, (pointer, op, _, _) in self.operation_ids.items():
            wanted = f"{prefix}_{naming.snake(op_id)}"
            more = naming.pager_names if "x-eb-pages" in op else lambda name: ()
            self.operation_names[op_id] = self.names.claim("operations", pointer, wanted, (f"{wanted}_call",), more)
        errors = self._errors()
        self._walk_uses(found)
        self._name_components()
        operations = [
            made for pointer, op, method, path in found if (made := self._operation(pointer, op, method, path, errors))
        ]
        self._components()
        auth = self._auth()
        server, server_doc, variables = self._server()
        document_order = self.document.place
        limits_used = [s for s in self.structs.values() if len({f.limits for f in s.fields if f.limits}) > MAX_LIMITS]
        for struct in self.structs.values():
            for field in struct.fields:
                if field.kind is Kind.BODY and struct.name not in self.uploads:
                    self.problem(
                        field.where,
                        "an upload stands in a form of multipart/form-data, or is a body of "
                        "application/octet-stream by itself",
                    )
        for struct in limits_used:
            self.problem(struct.where, f"more than {MAX_LIMITS} different ranges in one object; split it")
        enums = [replace(e, in_lists=e.name in self.listed) for e in self.enums.values()]
        enums.sort(key=lambda e: document_order(e.where))
        types: list[Struct | ListType | MapType] = sorted(self.structs.values(), key=lambda s: document_order(s.where))
        return Api(
            name=prefix,
            header=self.entry.header,
            document=self.document.name,
            sha256=self.document.sha256,
            title=text_of(info.get("title")),
            version=str(info.get("version", "")),
            doc=text_of(info.get("description")) or text_of(info.get("summary")),
            server=server,
            server_doc=server_doc,
            variables=variables,
            auth=auth,
            errors=errors,
            operations=tuple(operations),
            enums=tuple(enums),
            types=tuple([*types, *self.made.values()]),
        )

    def _version(self) -> bool:
        version = self.root.get("openapi")
        if "swagger" in self.root:
            self.problem("#/swagger", "Swagger 2.0 is not supported; convert the document to OpenAPI 3.1")
        elif not isinstance(version, str):
            self.problem("#", "openapi is missing; say openapi: 3.1.0")
        elif re.match(r"3\.0(\.|$)", version):
            self.problem(
                "#/openapi", "OpenAPI 3.0 is not supported; say 3.1.0, and write nullable: true as type: [..., 'null']"
            )
        elif not re.match(r"3\.1(\.[0-9]+)?$", version):
            self.problem("#/openapi", f"OpenAPI {version} is not supported; say 3.1.0")
        else:
            return True
        return False

    def _map(self, value: Value, pointer: str) -> dict[str, Any]:
        if value is None:
            return {}
        if not isinstance(value, dict):
            self.problem(pointer, "an object is expected")
            return {}
        return value

    def _list(self, value: Value, pointer: str) -> list[Any]:
        if value is None:
            return []
        if not isinstance(value, list):
            self.problem(pointer, "a list is expected")
            return []
        return value

    def _operations(self) -> Iterable[tuple[str, dict[str, Any], str, str]]:
        """Pointer, operation, method and path key of every operation, in document order."""
        for path, item in self._map(self.root.get("paths"), "#/paths").items():
            at = join("#/paths", path)
            if path.startswith("x-"):
                continue
            if not path.startswith("/"):
                self.problem(at, "a path begins with /")
            if not isinstance(item, dict):
                self.problem(at, "an object is expected")
                continue
            if "$ref" in item:
                self.problem(join(at, "$ref"), "a reference to a path item is not supported; write the operations here")
                continue
            self.schemas.keys(item, at, (*METHODS, "trace", "parameters", "summary", "description", "servers"))
            if "servers" in item:
                self.problem(
                    join(at, "servers"), "servers of one path are not supported; say them for the whole document"
                )
            for method, op in item.items():
                if method == "trace":
                    self.problem(join(at, method), "TRACE is not supported; take it out")
                if method not in METHODS:
                    continue
                pointer = join(at, method)
                op = self._map(op, pointer)
                op_id = op.get("operationId")
                if not isinstance(op_id, str) or not op_id:
                    self.problem(pointer, "operationId is missing; the C function is named after it")
                elif op_id in self.operation_ids:
                    self.problem(
                        join(pointer, "operationId"),
                        f"{op_id} is the operationId of {self.operation_ids[op_id][0]} too; change one",
                    )
                else:
                    self.operation_ids[op_id] = (pointer, op, method, path)
                    yield pointer, op, method, path

    # ---- How schemas are used ---------------------------------------------------------------------------------

    def _walk_uses(self, found: list[tuple[str, dict[str, Any], str, str]]) -> None:
        for pointer, op, _, path in found:
            for value, at in self._parameter_values(pointer, op, path):
                schema, where = self._parameter_schema(value, at)
                if schema is not None:
                    self._use(schema, where, True, "part")
            body, at = self.schemas.follow(op.get("requestBody"), join(pointer, "requestBody"))
            for media, content in self._content(body, at):
                self._use(content.get("schema", True), join(at, "content", media, "schema"), True, "body")
            for status, answer in self._map(op.get("responses"), join(pointer, "responses")).items():
                answer, at = self.schemas.follow(answer, join(pointer, "responses", status))
                for media, content in self._content(answer, at):
                    if "schema" in content:
                        self._use(content["schema"], join(at, "content", media, "schema"), False, "part")
        for name, value in self._components_of("schemas"):
            self._use(value, join("#/components/schemas", name), False, "")

    def _content(self, value: Value, pointer: str) -> list[tuple[str, dict[str, Any]]]:
        content = value.get("content") if isinstance(value, dict) else None
        return (
            [(media, inner) for media, inner in content.items() if isinstance(inner, dict)]
            if isinstance(content, dict)
            else []
        )

    def _components_of(self, part: str) -> list[tuple[str, Value]]:
        components = self._map(self.root.get("components"), "#/components")
        return list(self._map(components.get(part), f"#/components/{part}").items())

    def _use(self, value: Value, pointer: str, request: bool, how: str) -> None:
        schema = self.schemas.read(value, pointer)
        if schema is None:
            return
        if how:
            self.uses.setdefault(schema.at, set()).add(how)
        key = (schema.at, request, schema.sort)
        if key in self._walked:
            return
        self._walked.add(key)
        if request:
            self.requests.add(schema.at)
        for inner, at in self._inner(schema):
            self._use(inner, at, request, "part")

    def _inner(self, schema: Schema) -> list[tuple[Value, str]]:
        value = schema.value
        inner: list[tuple[Value, str]] = []
        if schema.sort == "object":
            inner = [(v, join(schema.at, "properties", name)) for name, v in value["properties"].items()]
        if schema.sort in ("object", "map") and isinstance(value.get("additionalProperties"), dict):
            inner.append((value["additionalProperties"], join(schema.at, "additionalProperties")))
        if schema.sort == "list":
            inner.append((value["items"], join(schema.at, "items")))
        return inner

    # ---- Types ------------------------------------------------------------------------------------------------

    def _name_components(self) -> None:
        """Component schemas have their names before anything inside them, in the document's order."""
        for name, value in self._components_of("schemas"):
            at = join("#/components/schemas", name)
            schema = self.schemas.read(value, at)
            if schema is not None and schema.at == at:
                self._type_name(schema, naming.snake(name))

    def _type_name(self, schema: Schema, hint: str) -> str:
        """The C name of an object or enum; hint is what it is called without the API's prefix."""
        if schema.sort not in ("object", "enum", "int_enum") or schema.at in self.type_names:
            return self.type_names.get(schema.at, "")
        wanted = f"{self.entry.prefix}_{hint}"
        suffix = "body" if self.uses.get(schema.at) == {"body"} else "value"
        kind = "structs" if schema.sort == "object" else "enums"
        name = self.names.claim(kind, schema.at, wanted, (f"{wanted}_{suffix}",))
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
        if schema.at in self.structs or schema.at in self.enums or schema.at in self.opened:
            return name
        if schema.sort == "object":
            self.opened.add(schema.at)
            self.structs[schema.at] = self._struct(schema, name)
            self.by_name[name] = self.structs[schema.at]
            self.opened.discard(schema.at)
        elif schema.sort in ("enum", "int_enum"):
            self.enums[schema.at] = self._enum(schema, name)
        return name

    def _enum(self, schema: Schema, name: str) -> EnumType:
        texts = [str(v) for v in schema.value["enum"] if v is not None]
        pinned = self.names.values(schema.at, name, texts, [naming.constant(t) for t in texts])
        values = [EnumValue(text, constant, number) for text, (constant, number) in zip(texts, pinned, strict=True)]
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
        required = set(self._list(value.get("required"), join(schema.at, "required")))
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
            fields.append(
                Field(
                    "",
                    members.claim("", wanted="additional"),
                    Kind.MAP,
                    rest=True,
                    target="eb_str_map",
                    secret=inner_schema is not None and inner_schema.secret,
                    doc=(inner_schema.doc if inner_schema else "") or "Members that have no name of their own.",
                    where=at,
                )
            )
        plain = all(f.kind is not Kind.BODY for f in fields)
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
        if request and required and schema.value.get("readOnly") is True:
            self.problem(
                pointer,
                "a member that a request must carry cannot be read only; make schemas of their own for "
                "request and answer",
            )
        beside = {"enum": "_text", "int_enum": "_number"}.get(schema.sort, "")
        name = members.claim(wire, beside, wanted)
        target: str | None = None
        null_items = False
        secret = schema.secret
        nullable = schema.nullable
        if schema.sort in NUMBER_KINDS:
            kind = NUMBER_KINDS[schema.sort][int(request or not required or nullable)]
        elif schema.sort in DIRECT_KINDS:
            kind = DIRECT_KINDS[schema.sort]
            target = self._declare(schema, hint) or None
            nullable = nullable and schema.sort != "json"
        elif schema.sort == "object":
            kind = Kind.OBJECT
            target = self._declare(schema, hint)
        else:
            kind = Kind.LIST if schema.sort == "list" else Kind.MAP
            made = self._list_type(schema, hint) if schema.sort == "list" else self._map_type(schema, hint)
            if made is None:
                return None
            target, inner_secret, null_items = made
            secret = secret or inner_secret
        return Field(
            wire,
            name,
            kind,
            required,
            nullable,
            secret,
            False,
            target,
            null_items,
            limits_of(schema),
            doc or schema.doc,
            facts_of(schema, required, doc or schema.doc, example),
            pointer,
        )

    def _list_type(self, schema: Schema, hint: str) -> tuple[str, bool, bool] | None:
        """C name of the list type, are the items secret, may they be null (where only the row tells)."""
        at = join(schema.at, "items")
        item = self.schemas.read(schema.value["items"], at)
        if item is None:
            return None
        shared = SHARED_LISTS.get((item.sort, item.nullable))
        if shared:
            return shared, item.secret, item.sort == "string" and item.nullable
        if item.sort in ("object", "enum", "int_enum"):
            if item.sort == "object" and item.nullable:
                self.problem(
                    at,
                    "a list whose objects may be null is not supported; give the items a schema without "
                    "null, or mark the list x-eb-json",
                )
                return None
            name = self._declare(item, hint)
            kind = {"object": Kind.OBJECT, "enum": Kind.ENUM, "int_enum": Kind.INT_ENUM}[item.sort]
            if item.sort != "object":
                self.listed.add(name)
            return self._made_list(name, kind, item), False, False
        if item.sort in ("list", "map"):
            if item.nullable:
                self.problem(at, f"a list whose {item.sort}s may be null is not supported; mark it x-eb-json")
                return None
            made = self._list_type(item, f"{hint}_item") if item.sort == "list" else self._map_type(item, hint)
            if made is None:
                return None
            if made[2]:
                self.problem(at, "a list of lists of texts that may be null is not supported; mark it x-eb-json")
                return None
            return self._made_list(made[0], Kind.LIST if item.sort == "list" else Kind.MAP, item), made[1], False
        self.problem(
            at,
            {
                "text": "a list of texts or numbers is not supported; name one type, or mark it x-eb-json",
                "body": "a list of uploads is not supported; name each file",
            }[item.sort],
        )
        return None

    def _made_list(self, item: str, kind: Kind, schema: Schema) -> str:
        short = item.removeprefix("eb_") if item.startswith("eb_") else item.removeprefix(f"{self.entry.prefix}_")
        base = f"{self.entry.prefix}_{short}"
        name = self.names.claim("lists", f"list of {item}", f"{base}_list", (f"{base}_items", f"{base}_array"))
        self.made.setdefault(name, ListType(name, item, kind, schema.nullable, schema.at))
        return name

    def _map_type(self, schema: Schema, hint: str) -> tuple[str, bool, bool] | None:
        at = join(schema.at, "additionalProperties")
        value = self.schemas.read(schema.value["additionalProperties"], at)
        if value is None:
            return None
        if value.sort == "string" and not value.nullable:
            return "eb_str_map", value.secret, False
        if value.sort in ("string", "text", "body", "list", "map") or value.nullable:
            what = f"a map of {value.sort}s" + (" that may be null" if value.nullable else "")
            self.problem(at, f"{what} is not supported; mark it x-eb-json")
            return None
        holder = naming.Members({}, {})
        inner = self._field(
            schema.value["additionalProperties"], at, "", holder, hint, required=True, request=False, wanted="value"
        )
        if inner is None:
            return None
        short = inner.target.removeprefix(f"{self.entry.prefix}_") if inner.target else value.sort
        base = f"{self.entry.prefix}_{short}"
        name = self.names.claim("maps", f"map of {short}", f"{base}_map", (f"{base}_table",), lambda n: (_entry(n),))
        self.made.setdefault(name, MapType(name, _entry(name), replace(inner, limits=None, doc="", facts=()), at))
        return name, inner.secret, False

    # ---- Operations -------------------------------------------------------------------------------------------

    def _parameter_values(self, pointer: str, op: dict[str, Any], path: str) -> list[tuple[dict[str, Any], str]]:
        """Parameters of the path item, then the operation's own, which replace those of the same name and place."""
        item_at = join("#/paths", path)
        item = self.root["paths"][path]
        made: dict[tuple[Any, Any], tuple[dict[str, Any], str]] = {}
        for holder, at in ((item, item_at), (op, pointer)):
            for i, value in enumerate(self._list(holder.get("parameters"), join(at, "parameters"))):
                value, where = self.schemas.follow(value, join(at, "parameters", i))
                if isinstance(value, dict):
                    made[value.get("name"), value.get("in")] = (value, where)
                elif value is not None:
                    self.problem(where, "a parameter must be an object")
        return list(made.values())

    def _parameter_schema(self, value: dict[str, Any], pointer: str) -> tuple[Value, str]:
        if "schema" in value:
            return value["schema"], join(pointer, "schema")
        for media, content in self._content(value, pointer):
            return content.get("schema", True), join(pointer, "content", media, "schema")
        self.problem(pointer, "schema is missing")
        return None, pointer

    def _operation(self, pointer: str, op: dict[str, Any], method: str, path: str, errors: Errors) -> Operation | None:
        self.schemas.keys(
            op,
            pointer,
            (
                "operationId",
                "summary",
                "description",
                "tags",
                "parameters",
                "requestBody",
                "responses",
                "security",
                "deprecated",
                "externalDocs",
            ),
            (
                "x-eb-acs-action",
                "x-eb-ram-action",
                "x-eb-safe",
                "x-eb-verify",
                "x-eb-pages",
                "x-eb-link",
                "x-eb-rate-limit",
            ),
        )
        op_id = op["operationId"]
        name = self.operation_names[op_id]
        short = name.removeprefix(f"{self.entry.prefix}_")
        members = self.names.members(pointer)
        members.reserve("options", "body")
        sent_path = path.partition("#")[0]
        parameters = self._parameters(pointer, op, path, sent_path, members, short)
        send, body = self._body(pointer, op, short)
        if body is not None:
            parameters.append(Parameter(body, "EB_IN_BODY"))
        answers, success = self._answers(pointer, op, errors)
        result, result_name, raw, accept = self._result(success, short)
        safe = op.get("x-eb-safe", method in SAFE_METHODS)
        if not isinstance(safe, bool):
            self.problem(join(pointer, "x-eb-safe"), "true or false is expected")
        made = Operation(
            id=op_id,
            name=name,
            method=method.upper(),
            path=sent_path,
            parameters=tuple(parameters),
            result=result,
            result_name=result_name,
            result_raw=raw,
            action=self._text(op, "x-eb-acs-action", pointer),
            ram_action=self._text(op, "x-eb-ram-action", pointer),
            accept=accept,
            send=send,
            safe=bool(safe),
            auth=self._operation_auth(pointer, op),
            deprecated=op.get("deprecated") is True,
            summary=text_of(op.get("summary")),
            doc=text_of(op.get("description")),
            answers=tuple(answers),
            where=pointer,
            rate_limit=self._rate_limit(op.get("x-eb-rate-limit"), join(pointer, "x-eb-rate-limit"))
            or self._rate_limit(self.root.get("x-eb-rate-limit"), "#/x-eb-rate-limit"),
            own_rate_limit="x-eb-rate-limit" in op,
        )
        if "x-eb-verify" in op:
            made = self._verify(made, op["x-eb-verify"], join(pointer, "x-eb-verify"))
        if "x-eb-pages" in op:
            made = self._pages(made, op["x-eb-pages"], join(pointer, "x-eb-pages"), success)
        if "x-eb-link" in op:
            made = self._link(made, op["x-eb-link"], join(pointer, "x-eb-link"), success)
        return made

    def _text(self, value: dict[str, Any], key: str, pointer: str) -> str | None:
        text = value.get(key)
        if text is not None and not isinstance(text, str):
            self.problem(join(pointer, key), "a text is expected")
            return None
        return text

    def _parameters(
        self, pointer: str, op: dict[str, Any], path: str, sent_path: str, members: naming.Members, short: str
    ) -> list[Parameter]:
        made: list[Parameter] = []
        templates = re.findall(r"\{([^{}]*)\}", sent_path)
        seen: dict[str, str] = {}
        for value, at in self._parameter_values(pointer, op, path):
            parameter = self._parameter(value, at, members, short)
            if parameter is None:
                continue
            wire = parameter.field.json
            if wire in seen:
                self.problem(
                    at,
                    f"{wire} is the name of a {seen[wire]} parameter too, and eb_invoke tells parameters "
                    "apart by name alone; rename one",
                )
            seen[wire] = value["in"]
            if value["in"] == "path" and wire not in templates:
                self.problem(at, f"the path has no {{{wire}}}")
            made.append(parameter)
        for template in templates:
            if seen.get(template) != "path":
                self.problem(pointer, f"{{{template}}} of the path has no parameter; add one with in: path")
        return made

    def _parameter(self, value: dict[str, Any], at: str, members: naming.Members, short: str) -> Parameter | None:
        self.schemas.keys(
            value,
            at,
            (
                "name",
                "in",
                "description",
                "required",
                "deprecated",
                "schema",
                "content",
                "style",
                "explode",
                "example",
                "examples",
                "allowReserved",
                "allowEmptyValue",
            ),
            ("x-eb-path", "x-eb-mask"),
        )
        name, where = value.get("name"), value.get("in")
        if not isinstance(name, str) or not name:
            self.problem(at, "name is missing")
            return None
        if where not in ("path", "query", "header"):
            self.problem(
                join(at, "in") if "in" in value else at,
                "cookies are not supported; send them as a header"
                if where == "cookie"
                else "in must be path, query or header",
            )
            return None
        if where == "header" and name.lower() in ("accept", "content-type", "authorization"):
            self.problem(at, f"OpenAPI ignores a header parameter {name}; use security, or content of the body")
            return None
        if where == "path" and value.get("required") is not True:
            self.problem(at, "a path parameter says required: true")
        for key in ("allowReserved", "allowEmptyValue"):
            if value.get(key) is True:
                self.problem(
                    join(at, key), f"{key} is not supported; values are always percent-encoded, and sent when given"
                )
        raw, schema_at = self._parameter_schema(value, at)
        schema = self.schemas.read(raw, schema_at) if raw is not None else None
        if schema is None:
            return None
        place = f"EB_IN_{where.upper()}"
        as_json = "content" in value
        if as_json:
            medias = [media for media, _ in self._content(value, at)]
            if medias != ["application/json"] or where != "query":
                self.problem(
                    join(at, "content"),
                    "content is supported for query parameters with application/json alone; use schema",
                )
                return None
            place += " | EB_AS_JSON"
        elif not self._style(value, at, where, schema):
            return None
        elif schema.sort == "list" and value.get("explode", True) is True:
            place += " | EB_EXPLODE"
        if schema.nullable and schema.sort not in ("enum", "int_enum") and not as_json:
            self.problem(schema_at, "a parameter cannot be null; leave 'null' out of its type")
        place += self._parameter_extensions(value, at, where, schema)
        example = value.get("example")
        field = self._field(
            raw,
            schema_at,
            name,
            members,
            f"{short}_{naming.snake(name)}",
            required=value.get("required") is True,
            request=True,
            doc=text_of(value.get("description")),
            example=example,
        )
        if field is None:
            return None
        if value.get("deprecated") is True:
            field = replace(field, facts=(*field.facts, "Deprecated."))
        return Parameter(replace(field, nullable=field.nullable and as_json, where=at), place)

    def _style(self, value: dict[str, Any], at: str, where: str, schema: Schema) -> bool:
        style = value.get("style")
        usual = "form" if where == "query" else "simple"
        if style not in (None, usual):
            self.problem(
                join(at, "style"),
                f"style {style} is not supported; {usual} is, or content: application/json in a query",
            )
            return False
        if schema.sort in ("object", "map", "json", "body"):
            self.problem(
                at,
                f"a parameter that is {'an upload' if schema.sort == 'body' else 'an object'} is not supported; "
                "use content: application/json in a query, or the body",
            )
            return False
        if schema.sort == "list":
            item = self.schemas.read(schema.value["items"], join(schema.at, "items"))
            if where != "query":
                self.problem(at, f"a list in a {where} parameter is not supported; use a query parameter, or a text")
                return False
            if item is None or item.sort not in ("string", "int", "num", "bool", "enum", "int_enum"):
                self.problem(at, "a list in a query holds texts, numbers or booleans; use content: application/json")
                return False
            if item.nullable and item.sort not in ("enum", "int_enum"):
                self.problem(at, "null cannot stand in a query; leave it out of the items' type")
                return False
        return True

    def _parameter_extensions(self, value: dict[str, Any], at: str, where: str, schema: Schema) -> str:
        place = ""
        if "x-eb-path" in value:
            if value["x-eb-path"] != "segments" or where != "path" or schema.sort != "string":
                self.problem(join(at, "x-eb-path"), "only segments is known, for path parameters of type string")
            place += " | EB_SEGMENTS"
        if "x-eb-mask" in value:
            if value["x-eb-mask"] is not True or where != "header" or schema.sort != "string":
                self.problem(join(at, "x-eb-mask"), "only true is known, for header parameters of type string")
            place += " | EB_FIELD_MASK"
        return place

    def _body(self, pointer: str, op: dict[str, Any], short: str) -> tuple[str, Field | None]:
        if "requestBody" not in op:
            return "EB_SEND_NOTHING", None
        body, at = self.schemas.follow(op["requestBody"], join(pointer, "requestBody"))
        if not isinstance(body, dict):
            return "EB_SEND_NOTHING", None
        self.schemas.keys(body, at, ("description", "content", "required"))
        contents = self._content(body, at)
        if len(contents) != 1:
            self.problem(
                join(at, "content"),
                f"one media type is supported, here are {len(contents)}; keep one of {', '.join(SENDS)}",
            )
            return "EB_SEND_NOTHING", None
        media, content = contents[0]
        where = join(at, "content", media)
        send = SENDS.get(media)
        if send is None:
            self.problem(where, f"{media} is not supported; {', '.join(SENDS)} are")
            return "EB_SEND_NOTHING", None
        self.schemas.keys(content, where, ("schema", "encoding", "example", "examples"))
        schema = self.schemas.read(content.get("schema", True), join(where, "schema"))
        if schema is None:
            return send, None
        if not self._body_fits(send, schema, content, where):
            return send, None
        members = naming.Members({}, {})
        hint = (
            f"{short}_body" if not schema.at.startswith("#/components/") else naming.snake(schema.at.rpartition("/")[2])
        )
        field = self._field(
            content.get("schema", True),
            join(where, "schema"),
            "body",
            members,
            hint,
            required=body.get("required") is True,
            request=True,
            wanted="body",
        )
        if field is None:
            return send, None
        if send == "EB_SEND_MULTIPART" and field.target:
            self.uploads.add(field.target)
        doc = text_of(body.get("description"))
        return send, replace(field, doc=doc or field.doc or "The request's body.", where=at)

    def _body_fits(self, send: str, schema: Schema, content: dict[str, Any], where: str) -> bool:
        at = join(where, "schema")
        if schema.nullable:
            self.problem(at, "a body cannot be null; leave 'null' out of its type")
            return False
        if send == "EB_SEND_BYTES":
            if schema.sort not in ("body", "json"):
                self.problem(
                    at, "bytes have no schema; leave it empty, or say contentMediaType: application/octet-stream"
                )
            return schema.sort in ("body", "json")
        if send == "EB_SEND_JSON":
            if schema.sort not in ("object", "list", "map", "json"):
                self.problem(at, f"a body of type {schema.sort} is not supported; make it an object or a list")
            return schema.sort in ("object", "list", "map", "json")
        if schema.sort != "object":
            self.problem(at, "a form is an object with properties")
            return False
        encoding = self._map(content.get("encoding"), join(where, "encoding"))
        for name, how in encoding.items():
            how_at = join(where, "encoding", name)
            if name not in schema.value["properties"]:
                self.problem(how_at, f"the form has no member {name}")
            self.schemas.keys(self._map(how, how_at), how_at, ("contentType",))
        for name, inner in schema.value["properties"].items():
            member = self.schemas.read(inner, join(schema.at, "properties", name))
            if member is None:
                continue
            how = encoding.get(name)
            media = how.get("contentType") if isinstance(how, dict) else None
            structured = member.sort in ("object", "list", "map", "json")
            if (
                structured
                and media != "application/json"
                and not (send == "EB_SEND_MULTIPART" and media is None and member.sort in ("object", "map"))
            ):
                self.problem(
                    join(schema.at, "properties", name),
                    f"a form member that is a {member.sort} is sent as JSON text; say encoding.{name}.contentType: "
                    "application/json",
                )
            if not structured and media not in (None, "text/plain", "application/octet-stream"):
                self.problem(
                    join(where, "encoding", name), f"{media} of a {member.sort} is not supported; leave it out"
                )
        return True

    # ---- Answers ----------------------------------------------------------------------------------------------

    def _answers(
        self, pointer: str, op: dict[str, Any], errors: Errors
    ) -> tuple[list[Answer], list[tuple[Value, str, str]]]:
        """All documented answers, and (schema, place, media type) of each success that has one."""
        answers: list[Answer] = []
        success: list[tuple[Value, str, str]] = []
        responses = self._map(op.get("responses"), join(pointer, "responses"))
        if not responses:
            self.problem(pointer, "responses is missing; say at least what success is")
        for status, value in responses.items():
            if status.startswith("x-"):
                continue
            at = join(pointer, "responses", status)
            if not re.fullmatch(r"[1-5][0-9][0-9]|[1-5]XX|default", status):
                self.problem(at, f"{status} is no status; write '200', '4XX' or default")
                continue
            value, where = self.schemas.follow(value, at)
            if not isinstance(value, dict):
                continue
            self.schemas.keys(value, where, ("description", "content", "headers"), ("x-eb-codes",))
            codes = tuple(str(c) for c in self._list(value.get("x-eb-codes"), join(where, "x-eb-codes")))
            known = {v.text for v in errors.codes.values} if errors.codes else set()
            for i, code in enumerate(codes):
                if code not in known:
                    self.problem(
                        join(where, "x-eb-codes", i), f"{code} is not among the codes of x-eb-errors; add it there"
                    )
            good = status.startswith("2") and not (status.isdigit() and int(status) in errors.failure_status)
            answers.append(Answer(status, text_of(value.get("description")), codes, good))
            for media, content in self._content(value, where):
                self.schemas.keys(content, join(where, "content", media), ("schema", "example", "examples"))
                if good and "schema" in content:
                    success.append((content["schema"], join(where, "content", media, "schema"), media))
        if not any(a.success for a in answers) and responses:
            self.problem(join(pointer, "responses"), "no success is documented; add a 2xx answer")
        return answers, success

    def _result(self, success: list[tuple[Value, str, str]], short: str) -> tuple[str | None, str, bool, str | None]:
        """C type of the result, name of the out parameter, is it free-form, media type to ask for."""
        found: dict[str, tuple[Schema, str, str]] = {}
        for value, at, media in success:
            schema = self.schemas.read(value, at)
            if schema is None:
                return None, "result", False, None
            if not re.fullmatch(r"application/([a-z.+-]+\+)?json", media):
                self.problem(
                    at.rpartition("/")[0],
                    f"an answer of type {media} is not supported; application/json is, and "
                    "without a schema any body is left in response->body",
                )
                return None, "result", False, None
            found[schema.at] = (schema, at, media)
        if not found:
            return None, "result", False, None
        if len(found) > 1:
            for _, at, _ in list(found.values())[1:]:
                self.problem(at, "several success schemas are not supported; name one, or mark it x-eb-json")
            return None, "result", False, None
        ((schema, at, media),) = found.values()
        accept = None if media == "application/json" else media
        if schema.sort == "json":
            return None, "result", True, accept
        if schema.nullable:
            self.problem(
                at,
                "a result that may be null is not supported; take 'null' out of its type (an empty body is "
                "allowed anyway)",
            )
        if schema.sort not in ("object", "list"):
            self.problem(
                at,
                f"a result of type {schema.sort} is not supported; make it an object or a list, or mark it x-eb-json",
            )
            return None, "result", False, None
        if schema.at.startswith("#/components/schemas/"):
            hint = naming.snake(schema.at.removeprefix("#/components/schemas/"))
        elif schema.at.startswith("#/components/responses/"):
            hint = naming.snake(schema.at.split("/")[3])
        else:
            hint = f"{short}_result"
        if schema.sort == "list":
            made = self._list_type(schema, hint)
            if made is not None and made[2]:
                self.problem(at, "a result that lists texts that may be null is not supported; mark it x-eb-json")
            return (made[0] if made else None), "list", False, accept
        word = hint.rpartition("_")[2]
        out = "result" if word in TAKEN_RESULT_NAMES or not word[0].isalpha() else naming.member(word)
        return self._declare(schema, hint), out, False, accept

    # ---- What runs over operations ----------------------------------------------------------------------------

    def _rate_limit(self, value: Value, at: str) -> RateLimit | None:
        if value is None:
            return None
        value = self._map(value, at)
        requests, seconds, scope = value.get("requests"), value.get("seconds"), value.get("scope")
        if (
            type(requests) is not int
            or type(seconds) is not int
            or requests < 1
            or seconds < 1
            or scope not in ("account", "user")
        ):
            self.problem(at, "requests and seconds (1 or more) and scope (account or user) are expected")
            return None
        return RateLimit(requests, seconds, scope)

    def _verify(self, made: Operation, value: Value, at: str) -> Operation:
        value = self._map(value, at)
        target = value.get("operation")
        if target not in self.operation_ids:
            self.problem(join(at, "operation"), f"there is no operation {target}")
            return made
        pointer, op, method, path = self.operation_ids[target]
        if method not in ("get", "head") and op.get("x-eb-safe") is not True:
            self.problem(join(at, "operation"), f"{target} changes something; name an operation that reads")
        theirs = {v.get("name"): v for v, _ in self._parameter_values(pointer, op, path)}
        given = self._map(value.get("parameters"), join(at, "parameters"))
        with_: list[tuple[str, str]] = []
        for name, expression in given.items():
            here = join(at, "parameters", name)
            if name not in theirs:
                self.problem(here, f"{target} has no parameter {name}")
            member = self._request_member(made, expression)
            if member is None:
                self.problem(here, f"{expression} does not lead to a member of this operation's request")
            else:
                with_.append((naming.member(name), member))
        for name, their in theirs.items():
            if their.get("required") is True and name not in given:
                self.problem(join(at, "parameters"), f"{name}, which {target} requires, is missing")
        return replace(made, verify=self.operation_names[target], verify_with=tuple(with_))

    def _request_member(self, made: Operation, expression: Value) -> str | None:
        """ "$request.body#/name" as a person writes it in C: "body->name"."""
        match = re.fullmatch(r"\$request\.(?:(path|query|header)\.(.+)|body#(/.+))", str(expression))
        if match is None:
            return None
        fields = {p.field.json: p.field for p in made.parameters}
        if match[1]:
            field = fields.get(match[2])
            return field.name if field else None
        body = fields.get("body")
        if body is None or body.target not in self.by_name:
            return None
        found = self._follow_members(self.by_name[body.target], match[3])
        return f"body->{'->'.join(f.name for f in found)}" if found else None

    def _follow_members(self, struct: Struct | None, pointer: Value) -> list[Field] | None:
        """The members that a JSON pointer goes through, None when it leads nowhere."""
        if not isinstance(pointer, str) or not pointer.startswith("/"):
            return None
        path: list[Field] = []
        for token in pointer.split("/")[1:]:
            token = token.replace("~1", "/").replace("~0", "~")
            field = next((f for f in struct.fields if f.json == token), None) if struct else None
            if field is None:
                return None
            path.append(field)
            struct = self.by_name.get(field.target) if field.kind is Kind.OBJECT and field.target else None
        return path

    def _pages(self, made: Operation, value: Value, at: str, success: list[tuple[Value, str, str]]) -> Operation:
        value = self._map(value, at)
        for key in value:
            if key not in ("type", "page", "size", "items", "next", "more", "number", "total"):
                self.problem(join(at, key), f"{key} is not known; see EXTENSIONS.md")
        if value.get("type") != "number":
            self.problem(join(at, "type"), "number is the only type of pages that is supported")
        result = self.by_name.get(made.result or "")
        if result is None:
            self.problem(at, "pages need an operation that answers an object")
            return made
        query = {p.field.json: p.field for p in made.parameters if p.place.startswith("EB_IN_QUERY")}
        for key in ("page", "size"):
            if key == "page" or key in value:
                field = query.get(value.get(key))
                if field is None or field.kind is not Kind.OPT_INT:
                    self.problem(
                        join(at, key) if key in value else at, f"{key} must name a query parameter of type integer"
                    )
        wanted = {
            "next": (Kind.INT, Kind.OPT_INT),
            "number": (Kind.INT, Kind.OPT_INT),
            "total": (Kind.INT, Kind.OPT_INT),
            "more": (Kind.BOOL, Kind.OPT_BOOL),
        }
        for key, kinds in wanted.items():
            if key in value:
                path = self._follow_members(result, value[key])
                if not path or path[-1].kind not in kinds:
                    self.problem(
                        join(at, key),
                        f"{value[key]} does not lead to {'a boolean' if key == 'more' else 'an integer'} of the answer",
                    )
        path = self._follow_members(result, value.get("items"))
        items = self.made.get(path[-1].target or "") if path and path[-1].kind is Kind.LIST else None
        if not isinstance(items, ListType) or items.kind is not Kind.OBJECT:
            self.problem(
                join(at, "items") if "items" in value else at, "items must lead to a list of objects in the answer"
            )
            return made
        return replace(
            made,
            pages=Pages(
                page=str(value.get("page")),
                items=value["items"],
                item=items.item,
                size=value.get("size"),
                next=value.get("next"),
                more=value.get("more"),
                number=value.get("number"),
                total=value.get("total"),
            ),
        )

    def _link(self, made: Operation, value: Value, at: str, success: list[tuple[Value, str, str]]) -> Operation:
        value = self._map(value, at)
        for key in value:
            if key not in ("name", "target", "server", "form", "rest", "file", "hosts"):
                self.problem(join(at, key), f"{key} is not known; see EXTENSIONS.md")
        name = value.get("name")
        document, _, target_id = str(value.get("target")).partition("#")
        other = self.others(document)
        if other is None:
            self.problem(join(at, "target"), f"{document} is not a document of the catalog, or has problems of its own")
            return made
        target = next((o for o in other.api.operations if o.id == target_id), None)
        body = next((p.field for p in target.parameters if p.field.name == "body"), None) if target else None
        form = next((t for t in other.api.types if body and isinstance(t, Struct) and t.name == body.target), None)
        if not isinstance(name, str) or not name or target is None or form is None:
            self.problem(at, f"name, and a target whose operation takes a form, are expected; {target_id} is none")
            return made
        result = self.by_name.get(made.result or "")
        theirs = {f.json: f for f in form.fields}
        server = self._response_pointer(result, value.get("server"), join(at, "server"), (Kind.STR,))
        fields = []
        for wire, expression in self._map(value.get("form"), join(at, "form")).items():
            here = join(at, "form", wire)
            if wire not in theirs:
                self.problem(here, f"the form of {target_id} has no field {wire}")
            found = self._response_pointer(result, expression, here, (Kind.STR, Kind.TEXT, Kind.ENUM))
            if found:
                fields.append((wire, found))
        rest = value.get("rest")
        if rest is not None:
            path = self._follow_members(result, rest)
            if not path or path[-1].kind not in (Kind.OBJECT, Kind.JSON, Kind.MAP):
                self.problem(join(at, "rest"), f"{rest} does not lead to an object of the answer")
        file = value.get("file")
        if not isinstance(file, str) or file not in theirs or theirs[file].kind is not Kind.BODY:
            self.problem(
                join(at, "file") if "file" in value else at, "file must name a field of the form that is an upload"
            )
            return made
        hosts = tuple(str(h) for h in self._list(value.get("hosts"), join(at, "hosts")))
        if not hosts:
            self.problem(at, "hosts is missing; say which hosts the answer may name")
        function = f"{made.name}_{naming.snake(name)}"
        function = self.names.claim("links", at, function, (f"{function}_call",))
        taken = {p.field.name for p in made.parameters} | {"options"}
        member = next(m for m in ("file", "file_", *(f"file_{i}" for i in range(2, 99))) if m not in taken)
        return replace(
            made,
            link=Link(
                function,
                other.api.name,
                other.api.header,
                target_id,
                target.name,
                server or "",
                tuple(fields),
                rest,
                file,
                member,
                hosts,
            ),
        )

    def _response_pointer(
        self, result: Struct | None, expression: Value, at: str, kinds: tuple[Kind, ...]
    ) -> str | None:
        pointer = str(expression).removeprefix("$response.body#")
        path = self._follow_members(result, pointer) if pointer != expression else None
        if not path or path[-1].kind not in kinds:
            self.problem(at, f"{expression} does not lead to a text of the answer; write $response.body#/...")
            return None
        return pointer

    # ---- The API itself ---------------------------------------------------------------------------------------

    def _operation_auth(self, pointer: str, op: dict[str, Any]) -> bool:
        """Does the operation send credentials?"""
        whole = self._list(self.root.get("security"), "#/security")
        own = op.get("security")
        if own is None or own == whole:
            return bool(whole)
        if own == []:
            return False
        self.problem(
            join(pointer, "security"),
            "another security than the document's is not supported; leave it out, or write []",
        )
        return True

    def _auth(self) -> Auth | None:
        security = self._list(self.root.get("security"), "#/security")
        if not security:
            for pointer, op, _, _ in self.operation_ids.values():
                if op.get("security"):
                    self.problem(
                        join(pointer, "security"),
                        "security of one operation is not supported; say it for the "
                        "whole document, and [] where there is none",
                    )
            return None
        if len(security) != 1 or not isinstance(security[0], dict) or len(security[0]) != 1:
            self.problem("#/security", "one security scheme is supported; name one")
            return None
        ((name, scopes),) = security[0].items()
        if scopes:
            self.problem(join("#/security/0", name), "scopes are not supported; write []")
        at = join("#/components/securitySchemes", name)
        found, value = self.document.find(at)
        if not found:
            self.problem(join("#/security/0", name), f"there is no security scheme {name}")
            return None
        value, at = self.schemas.follow(value, at)
        value = self._map(value, at)
        self.schemas.keys(
            value, at, ("type", "in", "name", "scheme", "bearerFormat", "description"), ("x-eb-prefix", "x-eb-env")
        )
        env = self._map(value.get("x-eb-env"), join(at, "x-eb-env"))
        for role in env:
            if role not in ("id", "secret", "token"):
                self.problem(join(at, "x-eb-env", role), "id, secret and token are known")
        kind = value.get("type"), str(value.get("scheme", "")).lower()
        base = Auth(
            "",
            env_id=env.get("id"),
            env_secret=env.get("secret"),
            env_token=env.get("token"),
            doc=text_of(value.get("description")),
        )
        if kind[0] == "apiKey" and value.get("in") == "header":
            return replace(
                base,
                kind="EB_AUTH_API_KEY_HEADER",
                header=str(value.get("name")),
                prefix=str(value.get("x-eb-prefix", "")),
            )
        if kind == ("http", "bearer"):
            return replace(base, kind="EB_AUTH_API_KEY_HEADER", header="authorization", prefix="Bearer ")
        if kind == ("http", "acs3-hmac-sha256"):
            acs = self._map(self.root.get("x-eb-acs"), "#/x-eb-acs")
            version = acs.get("version")
            if (
                not isinstance(version, str)
                or acs.get("style") not in ("rpc", "roa")
                or acs.get("algorithm") != "ACS3-HMAC-SHA256"
            ):
                self.problem(
                    "#/x-eb-acs" if acs else "#",
                    "acs3-hmac-sha256 needs x-eb-acs with version, style (rpc or roa) and algorithm ACS3-HMAC-SHA256",
                )
            for pointer, op, _, _ in self.operation_ids.values():
                if "x-eb-acs-action" not in op:
                    self.problem(pointer, "acs3-hmac-sha256 needs x-eb-acs-action, the action's name")
            return replace(base, kind="EB_AUTH_ACS3", acs_version=str(version))
        self.problem(at, "not supported; apiKey in a header, http bearer and http acs3-hmac-sha256 are")
        return None

    def _server(self) -> tuple[str, str, tuple[ServerVariable, ...]]:
        servers = self._list(self.root.get("servers"), "#/servers")
        if len(servers) != 1:
            self.problem(
                "#/servers" if servers else "#",
                f"one server is expected, here are {len(servers)}; others are reached with the client's base_url",
            )
            return "", "", ()
        server = self._map(servers[0], "#/servers/0")
        self.schemas.keys(server, "#/servers/0", ("url", "description", "variables"))
        url = text_of(server.get("url"))
        if not re.match(r"https?://", url):
            self.problem("#/servers/0/url", "a complete URL with http or https is expected")
        given = self._map(server.get("variables"), "#/servers/0/variables")
        made = []
        for name, value in given.items():
            at = join("#/servers/0/variables", name)
            value = self._map(value, at)
            self.schemas.keys(value, at, ("default", "enum", "description"), ("x-eb-required",))
            if f"{{{name}}}" not in url:
                self.problem(at, f"the URL has no {{{name}}}")
            values = tuple(str(v) for v in self._list(value.get("enum"), join(at, "enum")))
            fallback = None if value.get("x-eb-required") is True else str(value.get("default"))
            made.append(ServerVariable(name, fallback, values, text_of(value.get("description"))))
        for name in re.findall(r"\{([^{}]*)\}", url):
            if name not in given:
                self.problem("#/servers/0/url", f"{{{name}}} is not among the variables")
        return url, text_of(server.get("description")), tuple(made)

    def _errors(self) -> Errors:
        value = self._map(self.root.get("x-eb-errors"), "#/x-eb-errors")
        at = "#/x-eb-errors"
        for key in value:
            if key not in (
                "format",
                "code",
                "message",
                "request-id",
                "request-id-header",
                "fields",
                "throttled",
                "failure",
                "failure-status",
                "codes",
            ):
                self.problem(join(at, key), f"{key} is not known; see EXTENSIONS.md")
        if value.get("format", "json") not in ("json", "xml"):
            self.problem(join(at, "format"), "json or xml is expected")
        failures = []
        for i, failure in enumerate(self._list(value.get("failure"), join(at, "failure"))):
            here = join(at, "failure", i)
            failure = self._map(failure, here)
            pointer = failure.get("pointer")
            if not isinstance(pointer, str) or not pointer.startswith("/") or ("is" in failure) == ("not" in failure):
                self.problem(here, "pointer, and either is or not, are expected")
                continue
            failures.append(
                Failure(
                    pointer,
                    *(tuple(_plain(v) for v in self._list(failure.get(k), join(here, k))) for k in ("is", "not")),
                )
            )
        codes = self._map(value.get("codes"), join(at, "codes"))
        made: EnumType | None = None
        if codes:
            place = join(at, "codes")
            name = self.names.claim("enums", place, f"{self.entry.prefix}_error", (), lambda n: (f"{n}_of",))
            pinned = self.names.values(place, name, list(codes), [naming.constant(c) for c in codes])
            values = [
                EnumValue(code, constant, number, text_of(codes[code]))
                for code, (constant, number) in zip(codes, pinned, strict=True)
            ]
            made = EnumType(name, tuple(sorted(values, key=lambda v: v.number)), where=place)
        status = [s for s in self._list(value.get("failure-status"), join(at, "failure-status"))]
        if not all(type(s) is int and 200 <= s <= 299 for s in status):
            self.problem(join(at, "failure-status"), "numbers from 200 to 299 are expected")
        texts = {
            key: tuple(str(p) for p in self._list(value.get(key), join(at, key)))
            for key in ("code", "message", "request-id")
        }
        return Errors(
            value.get("format") == "xml",
            texts["code"],
            texts["message"],
            texts["request-id"],
            self._text(value, "request-id-header", at),
            self._text(value, "fields", at),
            self._text(value, "throttled", at),
            tuple(failures),
            tuple(s for s in status if type(s) is int),
            made,
        )


def _entry(name: str) -> str:
    return name.removesuffix("_map") + "_entry" if name.endswith("_map") else name + "_entry"


def _plain(value: Value) -> str:
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


def in_order(
    types: Iterable[Struct | ListType | MapType], roots: Iterable[str] = ()
) -> tuple[list[Struct | ListType | MapType], set[str]]:
    """Types so that each comes after what it holds by value or points at, as near to the given order as that allows,
    and the names of the structs that must be announced because a cycle leads through them."""
    by_name: Mapping[str, Struct | ListType | MapType] = {t.name: t for t in types}
    done: dict[str, Struct | ListType | MapType] = {}
    opened: set[str] = set()
    forward: set[str] = set()

    def visit(name: str) -> None:
        if name in done or name not in by_name:
            return
        if name in opened:
            forward.add(name)
            return
        opened.add(name)
        made = by_name[name]
        if isinstance(made, Struct):
            needs = [f.target for f in made.fields if f.target]
        elif isinstance(made, ListType):
            needs = [made.item]
        else:
            needs = [made.value.target] if made.value.target else []
        for need in needs:
            visit(need)
        opened.discard(name)
        done[name] = made

    for name in [*roots, *by_name]:
        visit(name)
    return list(done.values()), forward
