"""A document becomes an Api: what is not supported is a problem with its place, everything else a decision."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from . import names as naming
from .all_of import without_all_of
from .build_context import Entry
from .build_operations import Operations
from .build_relations import Built, Lookup
from .ir import Api, EnumType, EnumValue, Errors, Failure, Kind, ListType, MapType, Server, Struct
from .load import Document, Value, join
from .names import Pins
from .paths import METHODS, places
from .problem import Problems
from .schema import text_of

DIALECTS = (
    "https://spec.openapis.org/oas/3.1/dialect/base",
    "https://json-schema.org/draft/2020-12/schema",
    "https://json-schema.org/draft/2020-12/schema#",
)
MAX_LIMITS = 255  # what a row's flags can count


@dataclass(frozen=True)
class Known:
    """What a part of a document takes over from the whole one: names, and how each schema is used."""

    names: Pins
    requests: set[str]
    uses: dict[str, set[str]]


def build(document: Document, entry: Entry, pins: Pins, others: Lookup, known: Known | None = None) -> Built | None:
    """The IR of one document, or None when it has problems, which are then in document.problems.

    `others` gives another document of the catalog, for links. A part of a document gets the names and types that it has
    in the whole one, as far as that can be read; `known` is that, when somebody has read it before."""
    return attempt(document, entry, pins, others, known)[0]


def attempt(
    document: Document, entry: Entry, pins: Pins, others: Lookup, known: Known | None = None
) -> tuple[Built | None, Known]:
    """build, and what is known now for a part of the document."""
    given, document = document, without_all_of(document)
    if document.whole is not None and known is None:
        scout = _Builder(replace(document, value=document.whole, problems=Problems()), entry, pins, others)
        scout.api()
        known = scout.known()
    builder = _Builder(document, entry, naming.merged(pins, known.names) if known else pins, others)
    if known is not None:
        builder.requests, builder.uses = set(known.requests), dict(known.uses)
    api = builder.api()
    given.flawed = document.flawed
    if known is None:
        known = builder.known()
    used = naming.merged(known.names, builder.names.used)
    return (Built(api, used) if api is not None and not document.flawed else None), known


class _Builder(Operations):
    def known(self) -> Known:
        return Known(self.names.used, self.requests, self.uses)

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
                "webhooks",
            ),
            ("x-eb-acs", "x-eb-errors", "x-eb-rate-limit", "x-eb-timeout", "x-eb-retries"),
        )
        dialect = root.get("jsonSchemaDialect")
        if dialect not in (None, *DIALECTS):
            self.document.note("#/jsonSchemaDialect", "an unknown dialect; read as JSON Schema 2020-12")
        if root.get("webhooks"):
            self.document.note("#/webhooks", "webhooks are calls that a service makes; nothing is generated for them")
        info = self._map(root.get("info"), "#/info")
        found = list(self._operations())
        prefix = self.entry.prefix
        self.names.reserve("#", (f"{prefix}_api", f"{prefix}_errors", f"{prefix}_auth", f"{prefix}_server"))
        for op_id, (pointer, op, _, _) in self.operation_ids.items():
            self.operation_names[op_id] = self.names.operation(
                pointer,
                text_of(op.get("x-eb-name")) or op_id,
                pages="x-eb-pages" in op,
                verify="x-eb-verify" in op,
                events=self._has_events(pointer, op),
                statuses=[str(s) for s in op["responses"]] if isinstance(op.get("responses"), dict) else (),
            )
        errors = self._errors()
        self._walk_uses(found)
        self._name_components()
        operations = [
            made for pointer, op, method, path in found if (made := self._operation(pointer, op, method, path, errors))
        ]
        self._components()
        servers = self._servers(self.root.get("servers"), "#/servers") or (Server("/"),)
        document_order = self.document.order
        limits_used = [s for s in self.structs.values() if len({f.limits for f in s.fields if f.limits}) > MAX_LIMITS]
        for struct in self.structs.values():
            for field in struct.fields:
                upload = field.kind is Kind.BODY or field.target == "eb_body_list"
                if upload and struct.name not in self.uploads:
                    self.problem(
                        field.where,
                        "an upload stands in a form of multipart/form-data, or is a body of "
                        "application/octet-stream by itself",
                    )
        for struct in limits_used:
            self.problem(struct.where, f"more than {MAX_LIMITS} different ranges in one object; split it")
        enums = [replace(e, in_lists=e.name in self.listed) for e in self.enums.values()]
        enums.sort(key=lambda e: document_order(e.where))
        structs = [replace(s, nullable=s.nullable or s.name in self.nulled) for s in self.structs.values()]
        types: list[Struct | ListType | MapType] = sorted(structs, key=lambda s: document_order(s.where))
        return Api(
            name=prefix,
            header=self.entry.header,
            document=self.document.name,
            sha256=self.document.sha256,
            title=text_of(info.get("title")),
            version=str(info.get("version", "")),
            doc=text_of(info.get("description")) or text_of(info.get("summary")),
            servers=servers,
            schemes=self._schemes(),
            security=self._demand(root.get("security"), "#/security"),
            errors=errors,
            operations=tuple(operations),
            enums=tuple(enums),
            types=(*types, *self.made.values()),
            choices=self._choices(servers),
        )

    def _version(self) -> bool:
        version = self.root.get("openapi")
        if "swagger" in self.root:
            self.problem(
                "#/swagger",
                "Swagger 2.0 is not supported; convert the document to OpenAPI 3, for instance with swagger2openapi",
            )
        elif not isinstance(version, str):
            self.problem("#", "openapi is missing; say openapi: 3.1.0")
        elif not re.fullmatch(r"3\.[01](\.[0-9]+)?", version):
            self.problem("#/openapi", f"OpenAPI {version} is not supported; 3.0 and 3.1 are")
        else:
            return True
        return False

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
            self.schemas.keys(item, at, (*METHODS, "parameters", "summary", "description", "servers"))
            for method in METHODS:
                op = self._map(item.get(method), join(at, method))
                op_id = op.get("operationId", method)
                if not isinstance(op_id, str) or not op_id:
                    self.problem(join(at, method, "operationId"), "a name is expected; or leave operationId out")
        for place in places(self.document):
            if place.method == "trace":
                self.problem(place.pointer, "TRACE is not supported; take it out")
            elif place.id in self.operation_ids:
                self.problem(
                    join(place.pointer, "operationId"),
                    f"{place.id} is the operationId of {self.operation_ids[place.id][0]} too; change one",
                )
            else:
                self.ids[place.pointer] = place.id
                self.operation_ids[place.id] = (place.pointer, place.value, place.method, place.path)
                yield place.pointer, place.value, place.method, place.path

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
                for header, where in self._header_schemas(answer, at):
                    self._use(header, where, False, "part")
        for name, value in self._components_of("schemas"):
            self._use(value, join("#/components/schemas", name), False, "")

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
            name = self.names.errors(place)
            pinned = self.names.values(place, name, list(codes), [naming.constant(c) for c in codes])
            values = [
                EnumValue(code, constant, number, text_of(codes[code]))
                for code, (constant, number) in zip(codes, pinned, strict=True)
            ]
            made = EnumType(name, tuple(sorted(values, key=lambda v: v.number)), where=place)
        status = self._list(value.get("failure-status"), join(at, "failure-status"))
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


def _plain(value: Value) -> str:
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)
