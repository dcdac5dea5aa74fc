"""Parameters of an operation: where each goes, and how it is written there."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from . import names as naming
from .build_servers import Servers
from .ir import Field, Kind, Parameter
from .load import Value, join
from .media import base, is_json
from .schema import Schema, text_of
from .schema_facts import limits_of

PLACES = ("path", "query", "header", "cookie")  # the first that has a name keeps it in eb_invoke
STYLES = {
    "path": {"simple": "", "label": "EB_STYLE_LABEL", "matrix": "EB_STYLE_MATRIX"},
    "query": {
        "form": "",
        "spaceDelimited": "EB_STYLE_SPACE",
        "pipeDelimited": "EB_STYLE_PIPE",
        "deepObject": "EB_STYLE_DEEP",
    },
    "header": {"simple": ""},
    "cookie": {"form": ""},
}
SCALARS = ("string", "text", "decimal", "int", "num", "bool", "enum", "int_enum")
_IGNORED = ("accept", "content-type", "authorization")
_FRAMING = (
    "connection",
    "content-length",
    "expect",
    "host",
    "keep-alive",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
)
UUID_LENGTH = 36
_TOKEN = r"[A-Za-z0-9!#$%&'*+.^_`|~-]+"
_KEYS = (
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
)


class Parameters(Servers):
    def _parameter_schema(self, value: dict[str, Any], pointer: str) -> tuple[Value, str]:
        if "schema" in value:
            return value["schema"], join(pointer, "schema")
        for media, content in self._content(value, pointer):
            return content.get("schema", True), join(pointer, "content", media, "schema")
        self.problem(pointer, "schema is missing")
        return None, pointer

    def _parameters(
        self, pointer: str, op: dict[str, Any], path: str, sent_path: str, members: naming.Members, short: str
    ) -> tuple[list[Parameter], list[str]]:
        """The parameters, and what is to be said about those that are left out."""
        made: list[Parameter] = []
        notes: list[str] = []
        templates = self._templates(path, sent_path)
        given = self._parameter_values(pointer, op, path)
        for value, at in given:
            name, where = value.get("name"), value.get("in")
            if not isinstance(name, str) or not name:
                self.problem(at, "name is missing")
                continue
            if where not in PLACES:
                self.problem(join(at, "in") if "in" in value else at, f"in must be {', '.join(PLACES[:3])} or cookie")
                continue
            note = self._left_out(name, where, op)
            if note:
                notes.append(note)
                self.document.note(at, note)
                continue
            above = PLACES[: PLACES.index(where)]
            taken = any(v.get("name") == name and v.get("in") in above for v, _ in given)
            taken = taken or ("requestBody" in op and re.fullmatch("body(_.*)?", name) is not None)
            wire = f"{where}.{name}" if taken else name
            parameter = self._parameter(value, at, members, short, wire)
            if parameter is None:
                continue
            if where == "path" and name not in templates:
                self.problem(at, f"the path has no {{{name}}}")
            made.append(parameter)
        for template in templates:
            if not any(v.get("name") == template and v.get("in") == "path" for v, _ in given):
                self.problem(pointer, f"{{{template}}} of the path has no parameter; add one with in: path")
        return made, notes

    def _templates(self, path: str, sent_path: str) -> list[str]:
        at = join("#/paths", path)
        if "?" in sent_path:
            self.problem(
                at,
                "a path has no query; take what follows ? out of it, and make each part a query parameter, one that "
                "is always the same with an enum of one value",
            )
        if re.search(r"[{}]", re.sub(r"\{[^{}]+\}", "", sent_path)):
            self.problem(at, "a brace that begins or ends no {name}; write %7B or %7D for one that is meant")
        return re.findall(r"\{([^{}]+)\}", sent_path)

    def _left_out(self, name: str, where: str, op: dict[str, Any]) -> str:
        """Why a parameter is none, "" for one that is."""
        lower = name.lower()
        if where == "header" and lower in _IGNORED:
            return f"The header parameter {name} is left out, as OpenAPI has it: " + (
                "credentials set it." if lower == "authorization" else "the media types of the operation say it."
            )
        if where == "header" and lower in _FRAMING:
            return f"The header parameter {name} is left out: the library sets it."
        schemes = dict(self._components_of("securitySchemes"))
        for need in self._list(op.get("security", self.root.get("security")), "#/security"):
            for key in need if isinstance(need, dict) else ():
                scheme = schemes.get(key)
                if not isinstance(scheme, dict) or scheme.get("type") != "apiKey" or scheme.get("in") != where:
                    continue
                named = str(scheme.get("name"))
                if named == name or (where == "header" and named.lower() == lower):
                    return f"The {where} parameter {name} is left out: credentials set it."
        return ""

    def _parameter(
        self, value: dict[str, Any], at: str, members: naming.Members, short: str, wire: str
    ) -> Parameter | None:
        """wire is what it is called in JSON: its name, with its place where that name has another one too."""
        name, where = str(value["name"]), str(value["in"])
        self.schemas.keys(value, at, _KEYS, ("x-eb-path", "x-eb-mask", "x-eb-name", "x-eb-idempotency-key"))
        if where in ("header", "cookie") and not re.fullmatch(_TOKEN, name):
            self.problem(join(at, "name"), f"{name!r} cannot be the name of a {where}: letters, digits and -_. can")
            return None
        if where == "path" and value.get("required") is not True:
            self.problem(at, "a path parameter says required: true")
        raw, schema_at = self._parameter_schema(value, at)
        schema = self.schemas.read(raw, schema_at) if raw is not None else None
        if schema is None:
            return None
        written = self._written(value, at, where, schema)
        if written is None:
            return None
        place, styles = [f"EB_IN_{where.upper()}", *written[0]], written[1]
        place += self._parameter_extensions(value, at, where, schema)
        key = self._is_key(value, at, where, schema)
        empty = where == "query" and value.get("allowEmptyValue") is True and "EB_AS_JSON" not in place
        styles += ["EB_ALLOW_EMPTY"] if empty else []
        styles += ["EB_QUALIFIED"] if wire != name else []
        field = self._field(
            raw,
            schema_at,
            wire,
            members,
            self._hint(at, f"{short}_{naming.snake(name)}"),
            required=value.get("required") is True and not key,
            request=True,
            wanted=naming.member(own) if (own := self._own_name(value)) else None,
            doc=text_of(value.get("description")),
            example=self._shown(value, at),
        )
        if field is None:
            return None
        facts = field.facts
        facts += ("Deprecated.",) if value.get("deprecated") is True else ()
        facts += ("Null is sent as an empty value.",) if empty and field.kind is not Kind.OBJECT else ()
        facts += ("Made when it is not given, and the same whenever the call is sent again.",) if key else ()
        nullable = field.nullable if "EB_AS_JSON" in place else empty and field.kind is not Kind.OBJECT
        sent = replace(field, nullable=nullable, read_only=False, write_only=False, facts=facts, where=at)
        return Parameter(sent, " | ".join(place), " | ".join(styles), key)

    def _written(
        self, value: dict[str, Any], at: str, where: str, schema: Schema
    ) -> tuple[list[str], list[str]] | None:
        """How it is written in its place: what stands behind the place, and its style. None after a problem."""
        if schema.sort == "body":
            self.problem(at, "a parameter that is an upload is not supported; use the body, or take its format out")
            return None
        if "content" in value and "schema" not in value:
            medias = [media for media, _ in self._content(value, at)]
            if len(medias) == 1 and is_json(medias[0]):
                return ["EB_AS_JSON"], []
            if len(medias) == 1 and base(medias[0]) == "text/plain" and schema.sort in SCALARS:
                return [], []
            self.problem(
                join(at, "content"),
                "content of a parameter is one JSON type, or text/plain for a text or number; use schema and style",
            )
            return None
        known = STYLES[where]
        style = value.get("style", next(iter(known)))
        if not isinstance(style, str) or style not in known:
            self.problem(join(at, "style"), f"style {style} cannot stand in a {where}; {', '.join(known)} can")
            return None
        parts = schema.sort not in SCALARS
        explode = parts and value.get("explode", style == "form") is True and style != "deepObject"
        styles = [known[style]] if known[style] and (parts or where == "path") else []
        styles += ["EB_ALLOW_RESERVED"] if where == "query" and value.get("allowReserved") is True else []
        return ["EB_EXPLODE"] if explode else [], styles

    def _part_header(
        self, value: dict[str, Any], at: str, wire: str, members: naming.Members, short: str, required: bool
    ) -> Parameter | None:
        """A header of a form's part; wire is "picture.X-Camera"."""
        self.schemas.keys(value, at, (*_KEYS[2:], *_KEYS[:2]), ())
        name = wire.partition(".")[2]
        raw, schema_at = self._parameter_schema(value, at)
        schema = self.schemas.read(raw, schema_at) if raw is not None else None
        written = self._written(value, at, "header", schema) if schema else None
        if written is None:
            return None
        field: Field | None = self._field(
            raw,
            schema_at,
            wire,
            members,
            self._hint(at, f"{short}_{naming.snake(name)}"),
            required=required and value.get("required") is True,
            request=True,
            doc=text_of(value.get("description")) or f"{name} of the part {wire.partition('.')[0]}.",
            example=self._shown(value, at),
        )
        return (
            Parameter(
                replace(field, nullable=False, read_only=False, write_only=False, where=at),
                " | ".join(["EB_IN_PART", *written[0]]),
            )
            if field
            else None
        )

    def _is_key(self, value: dict[str, Any], at: str, where: str, schema: Schema) -> bool:
        """Is it an idempotency key?"""
        key = value.get("x-eb-idempotency-key", False)
        if key is False:
            return False
        at = join(at, "x-eb-idempotency-key")
        if key is not True or where != "header" or schema.sort != "string":
            self.problem(at, "only true is known, for header parameters of type string")
            return False
        if schema.value.get("format") == "password":
            self.problem(at, "an idempotency key is no secret, since it is shown after a call")
        limits = limits_of(schema)
        low, high = (limits.low, limits.high) if limits else (None, None)
        if (low or 0) > UUID_LENGTH or (UUID_LENGTH if high is None else high) < UUID_LENGTH:
            self.problem(at, f"a key that is made has {UUID_LENGTH} characters, which the schema does not allow")
        return True

    def _parameter_extensions(self, value: dict[str, Any], at: str, where: str, schema: Schema) -> list[str]:
        place = []
        if "x-eb-path" in value:
            if value["x-eb-path"] != "segments" or where != "path" or schema.sort != "string":
                self.problem(join(at, "x-eb-path"), "only segments is known, for path parameters of type string")
            place.append("EB_SEGMENTS")
        if value.get("x-eb-mask", False) is not False:
            if value["x-eb-mask"] is not True or where != "header" or schema.sort != "string":
                self.problem(join(at, "x-eb-mask"), "only true is known, for header parameters of type string")
            place.append("EB_FIELD_MASK")
        return place
