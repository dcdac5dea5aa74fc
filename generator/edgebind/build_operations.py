"""Paths become operations: parameters, body, answers, and what stands on each."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from . import names as naming
from .build_relations import Relations
from .ir import (
    Answer,
    Errors,
    Field,
    Operation,
    Parameter,
    RateLimit,
)
from .load import Value, join
from .schema import Schema, text_of

SAFE_METHODS = ("get", "put", "delete", "options", "head")
SENDS = {
    "application/json": "EB_SEND_JSON",
    "application/x-www-form-urlencoded": "EB_SEND_FORM",
    "multipart/form-data": "EB_SEND_MULTIPART",
    "application/octet-stream": "EB_SEND_BYTES",
}


class Operations(Relations):
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
        if self._map(self.root.get("x-eb-acs"), "#/x-eb-acs").get("style") == "rpc" and "x-eb-safe" not in op:
            self.problem(pointer, "every operation of style rpc is a POST; say x-eb-safe: true or false")
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
            made = self._pages(made, op["x-eb-pages"], join(pointer, "x-eb-pages"))
        if "x-eb-link" in op:
            made = self._link(made, op["x-eb-link"], join(pointer, "x-eb-link"))
        return made

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
        if value.get("x-eb-mask", False) is not False:
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
        hint = self._hint(schema.at, f"{short}_body")
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
        hint = self._hint(schema.at, f"{short}_result")
        if schema.sort == "list":
            made = self._list_type(schema, hint)
            if made is not None and made[2]:
                self.problem(at, "a result that lists texts that may be null is not supported; mark it x-eb-json")
            return (made[0] if made else None), "list", False, accept
        return self._declare(schema, hint), naming.out(hint), False, accept

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
