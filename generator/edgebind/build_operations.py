"""Paths become operations: answers, and what stands on each."""

from __future__ import annotations

import re
from typing import Any

from . import names as naming
from .build_bodies import Bodies
from .ir import (
    Answer,
    Errors,
    Operation,
    Parameter,
    RateLimit,
)
from .load import Value, join
from .schema import Schema, text_of

SAFE_METHODS = ("get", "put", "delete", "options", "head")


class Operations(Bodies):
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
                "callbacks",
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
        if op.get("callbacks"):
            self.document.note(pointer, "callbacks are calls that a service makes; nothing is generated", "callbacks")
        op_id = self.ids[pointer]
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
            self.schemas.keys(value, where, ("description", "content", "headers", "links"), ("x-eb-codes",))
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
