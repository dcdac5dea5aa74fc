"""Parameters of an operation: where each goes, and how it is written there."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from . import names as naming
from .build_relations import Relations
from .ir import Parameter
from .load import Value, join
from .schema import Schema, text_of


class Parameters(Relations):
    def _parameter_schema(self, value: dict[str, Any], pointer: str) -> tuple[Value, str]:
        if "schema" in value:
            return value["schema"], join(pointer, "schema")
        for media, content in self._content(value, pointer):
            return content.get("schema", True), join(pointer, "content", media, "schema")
        self.problem(pointer, "schema is missing")
        return None, pointer

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
        example = self._shown(value, at)
        field = self._field(
            raw,
            schema_at,
            name,
            members,
            self._hint(at, f"{short}_{naming.snake(name)}"),
            required=value.get("required") is True,
            request=True,
            doc=text_of(value.get("description")),
            example=example,
        )
        if field is None:
            return None
        if value.get("deprecated") is True:
            field = replace(field, facts=(*field.facts, "Deprecated."))
        sent = replace(field, nullable=field.nullable and as_json, read_only=False, write_only=False, where=at)
        return Parameter(sent, place)

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
            if item is None or item.sort not in ("string", "decimal", "int", "num", "bool", "enum", "int_enum"):
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
        if value.get("x-eb-mask", False) is not False:
            if value["x-eb-mask"] is not True or where != "header" or schema.sort != "string":
                self.problem(join(at, "x-eb-mask"), "only true is known, for header parameters of type string")
            place += " | EB_FIELD_MASK"
        return place
