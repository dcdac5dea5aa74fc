"""Paths become operations, with what stands on each."""

from __future__ import annotations

from typing import Any

from .build_bodies import Bodies
from .build_responses import ResponseTypes
from .build_waits import Waits
from .ir import Errors, Operation, Parameter, RateLimit, Retries
from .load import Value, join
from .schema import text_of

SAFE_METHODS = ("get", "put", "delete", "options", "head")
MAX_MS = 2**31 - 1
MAX_ATTEMPTS = 11


class Operations(Bodies, ResponseTypes, Waits):
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
                "servers",
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
                "x-eb-wait",
                "x-eb-rate-limit",
                "x-eb-timeout",
                "x-eb-retries",
                "x-eb-name",
                "x-eb-ignore",
                "x-eb-events",
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
        parameters, notes = self._parameters(pointer, op, path, sent_path, members, short)
        bodies = self._bodies(pointer, op, short, len(parameters), members)
        responses = self._responses(pointer, op, name, errors)
        safe = self._safe(op, pointer, method, parameters)
        made = Operation(
            id=op_id,
            name=name,
            method=method.upper(),
            path=sent_path,
            parameters=(*parameters, *bodies.parameters),
            result=responses.result,
            result_name=responses.result_name,
            body=responses.body,
            rows=responses.rows,
            headers=responses.headers,
            events=responses.events,
            action=self._text(op, "x-eb-acs-action", pointer),
            ram_action=self._text(op, "x-eb-ram-action", pointer),
            accept=responses.accept,
            send=bodies.send,
            contents=bodies.contents,
            one_body=bodies.one_of,
            notes=tuple(notes),
            safe=safe,
            security=self._operation_security(pointer, op),
            server=self._operation_server(pointer, op, join("#/paths", path)),
            deprecated=op.get("deprecated") is True,
            summary=text_of(op.get("summary")),
            doc=text_of(op.get("description")),
            answers=responses.answers,
            where=pointer,
            rate_limit=self._rate_limit(op.get("x-eb-rate-limit"), join(pointer, "x-eb-rate-limit"))
            or self._rate_limit(self.root.get("x-eb-rate-limit"), "#/x-eb-rate-limit"),
            own_rate_limit="x-eb-rate-limit" in op,
            retries=self._retries(op.get("x-eb-retries"), join(pointer, "x-eb-retries"))
            or self._retries(self.root.get("x-eb-retries"), "#/x-eb-retries"),
            own_retries="x-eb-retries" in op,
            timeout_ms=self._timeout(op.get("x-eb-timeout"), join(pointer, "x-eb-timeout"))
            or self._timeout(self.root.get("x-eb-timeout"), "#/x-eb-timeout"),
        )
        if "x-eb-verify" in op:
            made = self._verify(made, op["x-eb-verify"], join(pointer, "x-eb-verify"))
        if "x-eb-pages" in op and made.key:
            self.problem(made.key.field.where, "a list of several pages has no idempotency key: each page is a request")
        if "x-eb-pages" in op:
            made = self._pages(made, op["x-eb-pages"], join(pointer, "x-eb-pages"))
        if "x-eb-link" in op:
            made = self._link(made, op["x-eb-link"], join(pointer, "x-eb-link"))
        if "x-eb-wait" in op:
            made = self._waits(made, op, join(pointer, "x-eb-wait"))
        return made

    def _safe(self, op: dict[str, Any], pointer: str, method: str, parameters: list[Parameter]) -> bool:
        """May it be sent again when it is not known whether it arrived? With an idempotency key it may."""
        keys = [p for p in parameters if p.key]
        for twice in keys[1:]:
            self.problem(twice.field.where, f"{keys[0].field.json} is the idempotency key already; there is one")
        safe = op.get("x-eb-safe", method in SAFE_METHODS or bool(keys))
        rpc = self._map(self.root.get("x-eb-acs"), "#/x-eb-acs").get("style") == "rpc"
        if rpc and "x-eb-safe" not in op and not keys:
            self.problem(pointer, "every operation of style rpc is a POST; say x-eb-safe: true or false")
        if not isinstance(safe, bool):
            self.problem(join(pointer, "x-eb-safe"), "true or false is expected")
        elif keys and not safe:
            self.problem(join(pointer, "x-eb-safe"), "with an idempotency key it may be sent again; take this out")
        return bool(safe)

    def _timeout(self, value: Value, at: str) -> int | None:
        if value is None or (type(value) is int and 1 <= value <= MAX_MS):
            return value
        self.problem(at, f"milliseconds, 1 to {MAX_MS}, are expected")
        return None

    def _retries(self, value: Value, at: str) -> Retries | None:
        if value is None or value == "never":
            return Retries(attempts=1) if value else None
        if not isinstance(value, dict) or not value:
            self.problem(at, "never, or an object with attempts, base and cap, is expected")
            return None
        highest = {"attempts": MAX_ATTEMPTS, "base": MAX_MS, "cap": MAX_MS}
        good = {}
        for key, number in value.items():
            if key not in highest:
                self.problem(join(at, key), f"{key} is not known; see EXTENSIONS.md")
            elif type(number) is not int or not 1 <= number <= highest[key]:
                unit, verb = ("a number", "is") if key == "attempts" else ("milliseconds", "are")
                self.problem(join(at, key), f"{unit}, 1 to {highest[key]}, {verb} expected")
            else:
                good[key] = number
        if good.get("base", 1) > good.get("cap", MAX_MS):
            self.problem(at, "base is more than cap")
        return Retries(good.get("attempts"), good.get("base"), good.get("cap"))

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
