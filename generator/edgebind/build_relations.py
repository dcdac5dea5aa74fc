"""Operations that lead to other operations: the one that tells whether a call arrived, an upload."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from . import names as naming
from .build_context import Entry
from .build_pages import Paging
from .ir import Api, Asked, Kind, Link, Operation, Server, Struct, Way
from .load import Document, Value, escape, join
from .names import Pins


@dataclass(frozen=True)
class Built:
    api: Api
    used: Pins  # what goes into names.lock


Lookup = Callable[[str], "Built | None"]


class Relations(Paging):
    def __init__(self, document: Document, entry: Entry, pins: Pins, others: Lookup) -> None:
        super().__init__(document, entry, pins)
        self.others = others
        self.operation_ids: dict[str, tuple[str, dict[str, Any], str, str]] = {}  # pointer, operation, method, path
        self.ids: dict[str, str] = {}  # place of an operation -> operationId, or what it is called without one
        self.operation_names: dict[str, str] = {}  # operationId -> C name
        self.demands: dict[str, tuple[Way, ...]] = {}  # place of a list of security requirements -> what it says
        self.server_lists: dict[str, tuple[Server, ...]] = {}  # place of a list of servers -> what it says

    def _parameter_values(self, pointer: str, op: dict[str, Any], path: str) -> list[tuple[dict[str, Any], str]]:
        """Parameters of the path item, then the operation's own, which replace those of the same name and place."""
        item_at = join("#/paths", path)
        item = self.root["paths"][path]
        made: dict[tuple[str, str], tuple[dict[str, Any], str]] = {}
        for holder, at in ((item, item_at), (op, pointer)):
            for i, value in enumerate(self._list(holder.get("parameters"), join(at, "parameters"))):
                value, where = self.schemas.follow(value, join(at, "parameters", i))
                if isinstance(value, dict):
                    name, place = str(value.get("name")), str(value.get("in"))
                    made[name.lower() if place == "header" else name, place] = (value, where)
                elif value is not None:
                    self.problem(where, "a parameter must be an object")
        return list(made.values())

    def _verify(self, made: Operation, value: Value, at: str) -> Operation:
        value = self._map(value, at)
        target = str(value.get("operation"))
        if target not in self.operation_ids:
            self.problem(join(at, "operation"), f"there is no operation {target}")
            return made
        pointer, op, method, path = self.operation_ids[target]
        if not self._only_reads(method, op):
            self.problem(join(at, "operation"), f"{target} changes something; name an operation that reads")
        theirs = {str(v.get("name")): v for v, _ in self._parameter_values(pointer, op, path)}
        given = self._map(value.get("parameters"), join(at, "parameters"))
        with_: list[Asked] = []
        for name, expression in given.items():
            here = join(at, "parameters", name)
            if name not in theirs:
                self.problem(here, f"{target} has no parameter {name}")
            member = self._request_member(made, expression)
            if member is None:
                self.problem(here, f"{expression} does not lead to a member of this operation's request")
            else:
                with_.append(Asked(str(name), naming.member(name), *member))
        for name, their in theirs.items():
            if their.get("required") is True and name not in given:
                self.problem(join(at, "parameters"), f"{name}, which {target} requires, is missing")
        return replace(made, verify=self.operation_names[target], verify_id=target, verify_with=tuple(with_))

    def _only_reads(self, method: str, op: dict[str, Any]) -> bool:
        return method in ("get", "head") or op.get("x-eb-safe") is True

    def _request_member(self, made: Operation, expression: Value) -> tuple[str, str] | None:
        """For "$request.body#/name" the pointer into the parameters, "/body/name", and "body->name" for people."""
        match = re.fullmatch(r"\$request\.(?:(path|query|header)\.(.+)|body#(/.+))", str(expression))
        if match is None:
            return None
        if match[1]:
            place = f"EB_IN_{match[1].upper()}"
            named = [p.field for p in made.parameters if p.wire == match[2] and p.place.startswith(place)]
            return (f"/{escape(named[0].json)}", named[0].name) if named else None
        body = next((p.field for p in made.parameters if p.place == "EB_IN_BODY"), None)
        if body is None or body.target not in self.by_name:
            return None
        found = self._follow_members(self.by_name[body.target], match[3])
        return (f"/{escape(body.json)}{match[3]}", f"body->{'->'.join(f.name for f in found)}") if found else None

    def _link(self, made: Operation, value: Value, at: str) -> Operation:
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
        for wire in ("server", "form"):
            if wire not in value:
                self.problem(at, f"{wire} is missing")
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
        for wire, field in theirs.items():
            if field.required and field.kind is not Kind.BODY and wire not in self._map(value.get("form"), at):
                self.problem(
                    join(at, "form") if "form" in value else at, f"{wire}, which {target_id} requires, is missing"
                )
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
            self.problem(at, "hosts is missing; an answer may not send a file wherever it likes")
        function = self.names.link(at, made.name, name)
        member = naming.upload(p.field.name for p in made.parameters)
        return replace(
            made,
            link=Link(
                function=function,
                api=other.api.name,
                header=other.api.header,
                operation=target_id,
                operation_name=target.name,
                server=server or "",
                fields=tuple(fields),
                rest=rest,
                file=file,
                member=member,
                hosts=hosts,
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
