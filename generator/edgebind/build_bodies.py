"""Request bodies: a member for each way to send one, and how its parts are written."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from . import media as media_types
from . import names as naming
from .build_parameters import SCALARS, Parameters
from .ir import USUAL_TYPES, Content, Field, Kind, Parameter, Part, Struct, Union
from .load import Value, join
from .schema import Schema, text_of


@dataclass(frozen=True)
class _Way:
    """A media type of the document, or several that share a member."""

    types: tuple[str, ...]  # ("image/png", "image/jpeg")
    send: str  # "EB_SEND_BYTES"
    schema: Schema
    raw: Value
    content: dict[str, Any]
    at: str  # where the content is


@dataclass(frozen=True)
class Sent:
    """What an operation sends."""

    send: str = "EB_SEND_NOTHING"
    parameters: tuple[Parameter, ...] = ()
    contents: tuple[Content, ...] = ()  # (): one, of the usual type
    one_of: bool = False


class Bodies(Parameters):
    def _bodies(self, pointer: str, op: dict[str, Any], short: str, before: int, members: naming.Members) -> Sent:
        """before: how many parameters there are."""
        if "requestBody" not in op:
            return Sent()
        body, at = self.schemas.follow(op["requestBody"], join(pointer, "requestBody"))
        if not isinstance(body, dict):
            return Sent()
        self.schemas.keys(body, at, ("description", "content", "required"))
        ways = self._ways(body, at)
        required = body.get("required") is True
        several = len(ways) > 1
        names = [self._member_name(i, way) for i, way in enumerate(ways)]
        made: list[Parameter] = []
        headers: list[Parameter] = []
        contents: list[Content] = []
        first_header = before + len(ways)
        for name, way in zip(names, ways, strict=True):
            own = naming.Members({}, {}) if name == "body" else members  # that name is reserved for it
            field = self._body_field(way, name, own, short, required and not several)
            if field is None:
                continue  # there is a problem
            facts: tuple[str, ...] = ()
            if several:
                others = [f".{other}" for other in names if other != name]
                facts = (f"{'One' if required else 'At most one'} of this and {', '.join(others)} is given.",)
            doc = text_of(body.get("description")) or field.doc or "The request's body."
            example = self._shown(way.content, way.at)
            made.append(
                Parameter(
                    replace(
                        field,
                        doc=doc if doc[-1] in ".!?" or not several else doc + ".",
                        facts=(*field.facts, *self._type_fact(way, several), *facts),
                        where=at,
                        example=field.example if example is None else example,
                    ),
                    "EB_IN_BODY",
                )
            )
            parts = self._parts(
                way, field, members, short, first_header + len(headers), headers, required and not several
            )
            type_ = ", ".join(media_types.sent(media, way.send) for media in way.types)
            contents.append(Content(type_, way.send, parts))
        plain = len(contents) == 1 and contents[0].type == USUAL_TYPES[contents[0].send] and not contents[0].parts
        if len(made) + len(headers) + before > 255 and headers:
            self.problem(at, "more than 255 parameters and headers of parts are not supported")
        return Sent(
            contents[0].send if contents else "EB_SEND_NOTHING",
            (*made, *headers),
            () if plain else tuple(contents),
            required and several,
        )

    def _ways(self, body: dict[str, Any], at: str) -> list[_Way]:
        """The media types, those that share a member together, the preferred one first."""
        ways: list[_Way] = []
        contents = self._content(body, at)
        if not contents:
            self.problem(join(at, "content") if "content" in body else at, "a body needs a media type; name one")
        for media, content in contents:
            where = join(at, "content", media)
            if not media_types.is_type(media):
                text = f"{media!r} is no media type"
                if len(contents) > 1:
                    self.document.note(where, f"{text}, and is left out")
                else:
                    self.problem(where, f"{text}; write one like application/json")
                continue
            self.schemas.keys(content, where, ("schema", "encoding", "example", "examples"))
            raw = content.get("schema", True)
            schema = self.schemas.read(raw, join(where, "schema"))
            if schema is None:
                continue
            send = media_types.send(media, schema.sort)
            same = next(
                (
                    i
                    for i, way in enumerate(ways)
                    if way.send == send
                    and (send == "EB_SEND_BYTES" or (send == "EB_SEND_JSON" and way.schema.at == schema.at))
                ),
                None,
            )
            if same is None:
                ways.append(_Way((media,), send, schema, raw, content, where))
            elif send == "EB_SEND_BYTES":
                ways[same] = replace(ways[same], types=(*ways[same].types, media))
            elif media_types.base(media) == "application/json":
                ways[same] = replace(ways[same], types=(media,), content=content, at=where)
        first = next((w for w in ways if media_types.base(w.types[0]) == "application/json"), None)
        first = first or next((w for w in ways if w.send == "EB_SEND_JSON"), None)
        return ([first] if first else []) + [w for w in ways if w is not first]

    def _member_name(self, i: int, way: _Way) -> str:
        return "body" if i == 0 else media_types.member(way.types[0], way.send)

    def _type_fact(self, way: _Way, several: bool) -> tuple[str, ...]:
        """What is said about the type that is sent."""
        sent = [media_types.sent(media, way.send) for media in way.types]
        if way.send == "EB_SEND_BYTES" and (len(sent) > 1 or "*" in sent[0]):
            free = sent == ["*/*"]
            return (
                f"Its content_type says what it is{'' if free else ': ' + ', '.join(sent)}"
                + ("; application/octet-stream otherwise." if free else "."),
            )
        return (f"Sent as {sent[0]}.",) if several else ()

    def _body_field(self, way: _Way, name: str, members: naming.Members, short: str, required: bool) -> Field | None:
        at = join(way.at, "schema")
        schema = way.schema
        facts = ("Required.",) if required else ()
        if way.send == "EB_SEND_BYTES":
            if schema.sort not in ("body", "json", "string"):
                self.problem(
                    at,
                    f"bytes have no schema of type {schema.sort}; leave it out, or name a JSON type",
                )
                return None
            return Field(
                name, members.claim(name, wanted=name), Kind.BODY, required, doc=schema.doc, facts=facts, where=at
            )
        if way.send == "EB_SEND_TEXT" and schema.sort not in SCALARS:
            doc = schema.doc or "The text as it is sent."
            return Field(name, members.claim(name, wanted=name), Kind.STR, required, doc=doc, facts=facts, where=at)
        if way.send in ("EB_SEND_FORM", "EB_SEND_MULTIPART") and schema.sort in (*SCALARS, "list"):
            self.problem(
                at, f"a form is an object with properties, and this is a {schema.sort}; name a JSON type for it"
            )
            return None
        hint = self._hint(schema.at, f"{short}_{name}")
        field = self._field(way.raw, at, name, members, hint, required=required, request=True, wanted=name)
        if field is None:
            return None
        if way.send == "EB_SEND_MULTIPART" and field.target:
            self.uploads.add(field.target)
        return replace(field, nullable=False) if way.send != "EB_SEND_JSON" else field

    # ---- Forms ------------------------------------------------------------------------------------------------

    def _parts(
        self,
        way: _Way,
        field: Field,
        members: naming.Members,
        short: str,
        first_header: int,
        headers: list[Parameter],
        required: bool,
    ) -> tuple[Part, ...]:
        """How the members of a form are written, in the order of its rows; () when all are as usual."""
        if way.send not in ("EB_SEND_FORM", "EB_SEND_MULTIPART"):
            return ()
        struct = self.by_name.get(field.target or "")
        if isinstance(struct, Union):
            return ()  # whose members are not known: as usual
        encoding = self._map(way.content.get("encoding"), join(way.at, "encoding"))
        properties = way.schema.value.get("properties") if way.schema.sort == "object" else None
        for name in encoding:
            if not isinstance(properties, dict) or name not in properties:
                self.problem(join(way.at, "encoding", name), f"the form has no member {name}")
        if not isinstance(struct, Struct):
            return ()
        parts = []
        for member in struct.fields:
            at = join(way.at, "encoding", member.json)
            how = self._map(encoding.get(member.json), at)
            self.schemas.keys(how, at, ("contentType", "headers", "style", "explode", "allowReserved"))
            part = self._form_part(how, at, member) if way.send == "EB_SEND_FORM" else self._multi_part(how, at, member)
            own = (
                self._part_headers(how, at, member, members, short, required) if way.send == "EB_SEND_MULTIPART" else []
            )
            if own:
                part = replace(part, first_header=first_header, header_count=len(own))
                first_header += len(own)
                headers += own
            parts.append(part)
        usual = all(not p.type and not p.header_count and p.usual for p in parts)
        return () if usual else tuple(parts)

    def _styled(self, how: dict[str, Any], at: str) -> Part | None:
        """By a style, when the document names one."""
        if not {"style", "explode", "allowReserved"} & set(how):
            return None
        styles = {"form": "", "spaceDelimited": "EB_STYLE_SPACE", "pipeDelimited": "EB_STYLE_PIPE"}
        styles["deepObject"] = "EB_STYLE_DEEP"
        style = how.get("style", "form")
        if not isinstance(style, str) or style not in styles:
            self.problem(join(at, "style"), f"style {style} cannot stand in a form; {', '.join(styles)} can")
            return Part()
        explode = how.get("explode", style == "form") is True and style != "deepObject"
        reserved = ["EB_ALLOW_RESERVED"] if how.get("allowReserved") is True else []
        return Part(
            place="EB_EXPLODE" if explode else "0",
            style=" | ".join([*([styles[style]] if styles[style] else []), *reserved]) or "EB_STYLE_USUAL",
            usual=False,
        )

    def _type_of(self, how: dict[str, Any], at: str) -> str | None:
        media = self._text(how, "contentType", at)
        for one in (media or "a/b").split(","):
            if not media_types.is_type(one.strip()):
                self.problem(join(at, "contentType"), f"{one.strip()!r} is no media type")
                return None
        return ", ".join(one.strip() for one in media.split(",")) if media else None

    def _form_part(self, how: dict[str, Any], at: str, member: Field) -> Part:
        scalar = member.kind.value in _SCALAR_KINDS
        styled = self._styled(how, at)
        media = self._type_of(how, at)
        if scalar:
            reserved = styled is not None and "EB_ALLOW_RESERVED" in styled.style
            return Part(style="EB_ALLOW_RESERVED", usual=False) if reserved else Part()
        if styled is not None:
            return styled
        if media is None and member.kind is Kind.LIST:
            return Part(place="EB_EXPLODE", usual=False)
        if media is not None and not media_types.is_json(media):
            self.problem(
                join(at, "contentType"),
                f"{media} of what is no text or number is not supported; name application/json, a style, or a text",
            )
        return Part(place="EB_AS_JSON")

    def _multi_part(self, how: dict[str, Any], at: str, member: Field) -> Part:
        media = self._type_of(how, at)
        styled = None if self.schemas.is_3_0 else self._styled(how, at)
        if member.kind is Kind.BODY or member.target == "eb_body_list":
            usual = media in (None, "application/octet-stream")
            return Part(None if usual else media, "EB_EXPLODE" if member.kind is Kind.LIST else "0", usual=usual)
        if member.kind.value in _SCALAR_KINDS:
            return Part(None if media == "text/plain" else media)
        if styled is not None:
            return styled
        if member.kind is Kind.LIST and (media is None or not media_types.is_json(media)):
            return Part(media, "EB_EXPLODE", usual=False)
        if media is not None and not media_types.is_json(media):
            self.problem(
                join(at, "contentType"),
                f"{media} of what is no text, number or upload is not supported; name application/json, or a text",
            )
        return Part(None if media in (None, "application/json") else media, "EB_AS_JSON")

    def _part_headers(
        self, how: dict[str, Any], at: str, member: Field, members: naming.Members, short: str, required: bool
    ) -> list[Parameter]:
        made = []
        for name, value in self._map(how.get("headers"), join(at, "headers")).items():
            if name.lower() in ("content-type", "content-disposition"):
                continue  # said by contentType, and by the part itself
            value, where = self.schemas.follow(value, join(at, "headers", name))
            if isinstance(value, dict):
                wire = f"{member.json}.{name}"
                header = self._part_header(value, where, wire, members, short, required and member.required)
                made += [header] if header else []
        return made


_SCALAR_KINDS = {"BOOL", "INT", "NUM", "OPT_BOOL", "OPT_INT", "OPT_NUM", "STR", "TEXT", "DECIMAL", "ENUM", "INT_ENUM"}
