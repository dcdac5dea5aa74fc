"""Request bodies: a media type each, and the schema of what is sent."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from . import names as naming
from .build_parameters import Parameters
from .ir import Field
from .load import join
from .schema import Schema, text_of

SENDS = {
    "application/json": "EB_SEND_JSON",
    "application/x-www-form-urlencoded": "EB_SEND_FORM",
    "multipart/form-data": "EB_SEND_MULTIPART",
    "application/octet-stream": "EB_SEND_BYTES",
}


class Bodies(Parameters):
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
        example = self._shown(content, where)
        return send, replace(
            field,
            doc=doc or field.doc or "The request's body.",
            where=at,
            example=field.example if example is None else example,
        )

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
