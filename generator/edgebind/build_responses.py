"""Answers become types: the result, what other statuses say, headers, and what is no JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from . import names as naming
from .build_relations import Relations
from .emit_common import status_number
from .ir import Answer, AnswerRow, Errors, Events, Field, Kind, Struct
from .load import Value, join
from .schema import Schema, text_of

JSON = re.compile(r"[^/;]+/([^/;]+\+)?json\b(?!-)(;.*)?", re.IGNORECASE)
TEXT = re.compile(r"(text/|[^/;]+/([^/;]+\+)?(xml|yaml|x-yaml|csv|graphql|javascript|toml)\b).*", re.IGNORECASE)
SERVER_SENT = "text/event-stream"
LINES = re.compile(
    r"application/((x-)?ndjson|(x-)?jsonl|(x-)?jsonlines|json-seq|stream\+json)(;.*)?", re.IGNORECASE
)
ANYTHING = ("*/*", "application/*")
HEADER_ITEMS = ("string", "int", "num", "bool", "enum", "int_enum")


@dataclass(frozen=True)
class Responses:
    """All answers of an operation."""

    answers: tuple[Answer, ...]
    rows: tuple[AnswerRow, ...]      # (): every success is the result, no failure has a type
    result: str | None = None        # "edgegap_app_version"
    result_name: str = "result"
    body: str = ""                   # "json", "text", "bytes": what response->body holds where there is no result
    accept: str | None = None
    headers: str | None = None       # "acme_pet_list_headers"
    events: Events | None = None


@dataclass(frozen=True)
class _Body:
    """One media type of one answer."""

    media: str
    at: str
    schema: Schema | None  # None: none is documented
    schema_at: str = ""

    @property
    def events(self) -> bool:
        return self.media.partition(";")[0].strip().lower() == SERVER_SENT or LINES.fullmatch(self.media) is not None

    @property
    def json(self) -> bool:
        if self.events:
            return False
        if self.media in ANYTHING:
            return self.schema is not None and self.schema.sort not in ("string", "body", "json")
        return JSON.fullmatch(self.media) is not None

    def is_same(self, other: _Body | None) -> bool:
        return bool(self.schema and other and other.schema and self.schema.at == other.schema.at)

    @property
    def text(self) -> bool:
        return TEXT.fullmatch(self.media) is not None and (self.schema is None or self.schema.sort != "body")


@dataclass(frozen=True)
class _Found:
    answer: Answer
    bodies: tuple[_Body, ...]
    type: str | None = None

    @property
    def number(self) -> int:
        return status_number(self.answer.status)

    @property
    def order(self) -> tuple[int, int]:
        """Exact before ranges, the default last."""
        return 2 if self.number == 0 else 1 if self.number < 10 else 0, self.number

    @property
    def json(self) -> _Body | None:
        """The JSON it is read as, typed before free-form."""
        made = [body for body in self.bodies if body.json]
        return next((body for body in made if body.schema and body.schema.sort != "json"), made[0] if made else None)

    @property
    def others(self) -> list[_Body]:
        return [body for body in self.bodies if not body.json and not body.events]


class ResponseTypes(Relations):
    def _responses(self, pointer: str, op: dict[str, Any], name: str, errors: Errors) -> Responses:
        found = self._found(pointer, op, errors)
        short = name.removeprefix(f"{self.entry.prefix}_")
        successes = sorted((f for f in found if f.answer.success), key=lambda f: f.order)
        primary = next((f for f in successes if f.json), None)
        result: str | None = None
        out = "result"
        if primary and primary.json:
            made = self._answer_type(primary.json, f"{short}_result")
            if made:
                result, out = made
        typed = [self._typed(each, short, primary, result) for each in found]
        usual = self._usual(typed)
        answers = tuple(self._answer(each, name, result, usual) for each in typed)
        rows = [self._row(each, usual) for each in typed]
        return Responses(
            answers=answers,
            rows=self._needed(rows, result),
            result=result,
            result_name=out,
            body="" if result else self._body_kind(successes),
            accept=self._accept(successes, found),
            headers=self._headers(pointer, found, short),
            events=self._events(pointer, op, successes, short),
        )

    def _found(self, pointer: str, op: dict[str, Any], errors: Errors) -> list[_Found]:
        """All documented answers, and their bodies."""
        found: list[_Found] = []
        responses = self._map(op.get("responses"), join(pointer, "responses"))
        if not responses:
            self.problem(pointer, "responses is missing; say at least what success is")
        told = any(str(s).startswith("2") for s in responses)
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
            self.schemas.keys(value, where, ("description", "content", "headers", "links"), ("x-eb-codes",))
            codes = tuple(str(c) for c in self._list(value.get("x-eb-codes"), join(where, "x-eb-codes")))
            known = {v.text for v in errors.codes.values} if errors.codes else set()
            for i, code in enumerate(codes):
                if code not in known:
                    self.problem(
                        join(where, "x-eb-codes", i), f"{code} is not among the codes of x-eb-errors; add it there"
                    )
            good = status.startswith("2") and not (status.isdigit() and int(status) in errors.failure_status)
            good = good or (status == "default" and not told)
            answer = Answer(status, text_of(value.get("description")), codes, good, where=where)
            found.append(_Found(answer, self._bodies_of(value, where)))
        # what only leads elsewhere is a documented outcome too
        if responses and not any(f.answer.success or f.answer.status[0] in "13" for f in found):
            self.document.note(join(pointer, "responses"), "no success is documented; any 2xx answer is one")
        return found

    def _bodies_of(self, value: dict[str, Any], where: str) -> tuple[_Body, ...]:
        made = []
        for media, content in self._content(value, where):
            at = join(where, "content", media)
            self.schemas.keys(content, at, ("schema", "example", "examples"))
            schema_at = join(at, "schema")
            schema = self.schemas.read(content["schema"], schema_at) if "schema" in content else None
            if schema is None and "schema" in content:
                continue  # the problem has been said
            made.append(_Body(media, at, schema, schema_at))
        return tuple(made)

    def _answer_type(self, body: _Body, otherwise: str) -> tuple[str, str] | None:
        """C type of a JSON body and what a parameter for it is called, None for one that is left as JSON."""
        schema = body.schema
        if schema is None:
            return None
        hint = self._hint(schema.at, otherwise)
        if schema.sort in ("object", "union"):
            return self._declare(schema, hint), naming.out(hint)
        if schema.sort == "list":
            made = self._list_type(schema, hint)
            return (made[0], "list") if made and not made[2] else None
        if schema.sort == "map":
            made = self._map_type(schema, hint)
            return (made[0], "map") if made else None
        return None

    def _typed(self, found: _Found, short: str, primary: _Found | None, result: str | None) -> _Found:
        """The answer with the C type of its JSON."""
        body, answer = found.json, found.answer
        if body is None:
            return found
        if found is primary or (answer.success and primary and body.is_same(primary.json)):
            return replace(found, type=result)
        what = "result" if answer.success else "error"
        made = self._answer_type(body, f"{short}_{naming.status(answer.status)}_{what}")
        return replace(found, type=made[0]) if made else found

    @staticmethod
    def _usual(typed: Sequence[_Found]) -> str | None:
        """The type of most failures: that of the default, or else the one that most statuses have."""
        failures = [each for each in typed if each.type and not each.answer.success]
        failures.sort(key=lambda each: each.order)
        for each in failures:
            if each.number == 0:
                return each.type
        types = [each.type for each in failures]
        return max(types, key=types.count, default=None)

    @staticmethod
    def _answer(found: _Found, name: str, result: str | None, usual: str | None) -> Answer:
        answer = replace(found.answer, media=tuple(body.media for body in found.bodies))
        if found.type is None or (answer.success and found.type == result):
            return answer
        is_usual = not answer.success and found.type == usual
        function = naming.answer_names(name, [] if is_usual else [answer.status])[-1]
        return replace(answer, type=found.type, function=function)

    @staticmethod
    def _row(found: _Found, usual: str | None) -> AnswerRow:
        kind = "EB_ANSWER_JSON" if not found.others else "EB_ANSWER_MIXED" if found.type else "EB_ANSWER_PLAIN"
        if found.type and found.json and found.json.schema and found.json.schema.nullable:
            kind += " | EB_ANSWER_NULL"
        success = found.answer.success
        if found.type and found.type == usual and not success:
            kind += " | EB_ANSWER_USUAL"
        return AnswerRow(found.type, 2 if success and found.number == 0 else found.number, kind)

    @staticmethod
    def _needed(rows: list[AnswerRow], result: str | None) -> tuple[AnswerRow, ...]:
        """Rows in the order they are tried, without those that say what goes without saying."""
        rows = sorted(rows, key=lambda row: (0 if row.status > 9 else 1 if row.status else 2, row.status))
        made: list[AnswerRow] = []
        for i, row in enumerate(rows):
            success = row.status == 2 or row.status // 100 == 2
            wider = [later for later in rows[i + 1 :] if later.status in ((2,) if success else (row.status // 100, 0))]
            if row.status < 10:
                wider = [later for later in wider if later.status == 0 and not success]
            otherwise = wider[0] if wider else AnswerRow(result if success else None, 0, "EB_ANSWER_JSON")
            same = (row.type, row.kind) == (otherwise.type, otherwise.kind)
            usual = row.type is None or success or "USUAL" in row.kind
            if not (same and usual) and not (row.type is None and otherwise.type is None):
                made.append(row)
        return tuple(made)

    @staticmethod
    def _body_kind(successes: list[_Found]) -> str:
        all_ = [body for found in successes for body in found.bodies]
        bodies = [body for body in all_ if not body.events]
        if not bodies:
            return "events" if all_ else ""
        if any(body.json for body in bodies):
            return "json"
        return "text" if all(body.text for body in bodies) else "bytes"

    def _accept(self, successes: Sequence[_Found], found: Sequence[_Found]) -> str | None:
        """Media types by preference: JSON, then as documented; last, for failures, JSON where only they have it."""
        bodies = [body for each in successes for body in each.bodies]
        bodies = [body for body in bodies if not body.events] or bodies
        medias = [b.media for b in bodies if b.json and b.media not in ANYTHING]
        if any(b.json and b.media in ANYTHING for b in bodies) and not medias:
            medias = ["application/json"]
        medias += [b.media for b in bodies if not b.json and b.media not in ANYTHING]
        medias += ["*/*"] if any(b.media in ANYTHING for b in bodies) else []
        medias = list(dict.fromkeys(medias))
        if not medias:
            return None
        if not any(b.json for b in bodies) and "*/*" not in medias:
            failures = [b.media for each in found if not each.answer.success for b in each.bodies if b.json]
            medias += list(dict.fromkeys(m for m in failures if m not in medias))[:1]
        if medias == ["application/json"] or medias == ["application/json", "*/*"]:
            return None
        return ", ".join(m if i == 0 else f"{m};q=0.{max(10 - i, 1)}" for i, m in enumerate(medias))

    # ---- Events ---------------------------------------------------------------------------------------------------

    def _has_events(self, pointer: str, op: dict[str, Any]) -> bool:
        """Can a success be a stream? Asked before anything else is known, because names depend on it."""
        responses = op.get("responses")
        for status, value in responses.items() if isinstance(responses, dict) else ():
            answer, at = self.schemas.follow(value, join(pointer, "responses", status))
            if str(status)[0] in "2d" and any(_Body(m, at, None).events for m, _ in self._content(answer, at)):
                return True
        return False

    def _events(self, pointer: str, op: dict[str, Any], successes: Sequence[_Found], short: str) -> Events | None:
        at = join(pointer, "x-eb-events")
        given = self._map(op.get("x-eb-events"), at)
        for key in given:
            if key != "done":
                self.problem(join(at, key), f"{key} is not known; see EXTENSIONS.md")
        body = next((body for each in successes for body in each.bodies if body.events), None)
        if body is None:
            if "x-eb-events" in op:
                self.problem(at, f"no success is a stream; give one content of {SERVER_SENT}")
            return None
        if "x-eb-pages" in op:
            self.problem(join(pointer, "x-eb-pages"), "a stream of events has no pages; leave out one of the two")
        schema, schema_at = body.schema, body.schema_at
        if schema is not None and schema.sort == "list":
            items_at = join(schema.at, "items")
            schema, schema_at = self.schemas.read(schema.value["items"], items_at), items_at
        made = self._answer_type(replace(body, schema=schema, schema_at=schema_at), f"{short}_data")
        return Events(
            accept=body.media,
            lines=LINES.fullmatch(body.media) is not None,
            type=made[0] if made else None,
            done=self._text(given, "done", at),
        )

    # ---- Headers --------------------------------------------------------------------------------------------------

    def _headers(self, pointer: str, found: Sequence[_Found], short: str) -> str | None:
        """The struct of all headers that the answers document."""
        at = join(pointer, "responses")
        fields: dict[str, Field] = {}
        members = self.names.members(at)
        struct = ""
        for each in found:
            where = each.answer.where
            value = self._map(self.document.find(where)[1], where)
            for name, header in self._map(value.get("headers"), join(where, "headers")).items():
                if name.lower() in fields or name.lower() == "content-type":
                    continue
                if not re.fullmatch(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+", name):
                    self.problem(join(where, "headers", name), f"{name} is no name of a header")
                    continue
                struct = struct or self.names.type("structs", at, f"{short}_headers", only_body=False)
                hint = struct.removeprefix(f"{self.entry.prefix}_")
                field = self._header(name, header, join(where, "headers", name), members, hint)
                if field is not None:
                    fields[name.lower()] = field
        if not fields:
            return None
        self.structs[at] = Struct(
            struct, tuple(fields.values()), doc=f"Headers of the answers to {self.entry.prefix}_{short}.", where=at
        )
        self.by_name[struct] = self.structs[at]
        self.names.reserve(at, (f"{struct}_of",))
        return struct

    def _header_schema(self, header: dict[str, Any], at: str) -> tuple[Value, str, str | None]:
        """Schema and place, and the media type where it is content."""
        for media, content in self._content(header, at):
            return content.get("schema", True), join(at, "content", media, "schema"), media
        return header.get("schema", True), join(at, "schema"), None

    def _header_schemas(self, answer: Value, at: str) -> Iterator[tuple[Value, str]]:
        """The schemas of the headers that an answer documents."""
        headers = answer.get("headers") if isinstance(answer, dict) else None
        for name, value in headers.items() if isinstance(headers, dict) else ():
            header, where = self.schemas.follow(value, join(at, "headers", name))
            if isinstance(header, dict):
                yield self._header_schema(header, where)[:2]

    def _header(self, name: str, header: Value, at: str, members: naming.Members, hint: str) -> Field | None:
        header, at = self.schemas.follow(header, at)
        if not isinstance(header, dict):
            return None
        self.schemas.keys(
            header,
            at,
            (
                "description",
                "required",
                "deprecated",
                "schema",
                "content",
                "style",
                "explode",
                "example",
                "examples",
                "allowEmptyValue",
            ),
        )
        raw, schema_at, media = self._header_schema(header, at)
        schema = self.schemas.read(raw, schema_at)
        if schema is None:
            return None
        doc = text_of(header.get("description")) or schema.doc
        item = self.schemas.read(schema.value["items"], join(schema.at, "items")) if schema.sort == "list" else None
        kind = None
        if media is not None:
            kind = Kind.JSON if JSON.fullmatch(media) else Kind.STR
        elif schema.sort in ("string", "json") or (item or schema).sort not in HEADER_ITEMS:
            kind = Kind.STR  # what is not a value or a list of some is left as text
        if kind is not None:
            secret = schema.secret
            return Field(name, members.claim(name), kind, secret=secret, doc=doc, where=at)
        field = self._field(
            raw, schema_at, name, members, f"{hint}_{naming.snake(name)}", required=False, request=False, doc=doc
        )
        return replace(field, nullable=False, where=at) if field else None
