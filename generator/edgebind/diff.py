"""Two versions of an API, compared as programs see them: on the IR, after every name has been decided."""

from __future__ import annotations

import re

from .diff_access import compare_demands, compare_schemes, compare_servers
from .diff_rules import Change, Found
from .diff_sending import compare_sending
from .diff_types import compare_members, compare_types, compare_values, pairs
from .ir import Answer, Api, Errors, Operation, Parameter, ServerVariable
from .load import join


def compare(old: Api | None, new: Api | None) -> list[Change]:
    """Everything that changed, the worst first, and in the order of the documents below that."""
    found = Found()
    if old is None or new is None:
        if new is not None:
            found.add("api-added", f"{new.name}_api", "#", new=new.header)
        if old is not None:
            found.add("api-removed", f"{old.name}_api", "#", old=old.header, gone=True)
        return found.changes
    compare_types(old, new, found)
    _api(old, new, found)
    _operations(old, new, found)
    return sorted(dict.fromkeys(found.changes), key=lambda change: change.level.rank)


def _api(old: Api, new: Api, found: Found) -> None:
    name = f"{new.name}_api"
    if old.header != new.header:
        found.add("header-renamed", name, "#", old=old.header, new=new.header)
    for what, a, b in (
        ("the title", old.title, new.title),
        ("the API's version", old.version, new.version),
        ("the description", old.doc, new.doc),
        ("the server's description", old.server.doc, new.server.doc),
    ):
        if a != b:
            found.add("api-text", name, "#/info", what=f"{what}, {a} to {b}," if what.endswith("version") else what)
    if old.server.url != new.server.url:
        found.add("server-changed", name, "#/servers", old=old.server.url, new=new.server.url)
    _variables(name, old.server.variables, new.server.variables, found)
    compare_servers(old, new, found)
    compare_schemes(old, new, found)
    _errors(name, old.errors, new.errors, found)


def _variables(name: str, old: tuple[ServerVariable, ...], new: tuple[ServerVariable, ...], found: Found) -> None:
    both, gone, come = pairs(old, new)
    at = "#/servers/0/variables"
    for variable in gone:
        found.add("variable-removed", name, join(at, variable.name), old=variable.name, gone=True)
    for variable in come:
        rule = "variable-added" if variable.fallback is None else "variable-added-optional"
        found.add(rule, name, join(at, variable.name), new=variable.name)
    for a, b in both:
        here = join(at, b.name)
        if a.fallback != b.fallback:
            given = [v.fallback if v.fallback is not None else "nothing" for v in (a, b)]
            found.add("variable-default", name, here, what=b.name, old=given[0], new=given[1])
        more = tuple(v for v in b.values if v not in a.values)
        fewer = tuple(v for v in a.values if v not in b.values)
        if (a.values and fewer and b.values) or (b.values and not a.values):
            found.add("variable-values-fewer", name, here, what=b.name, old=fewer or "what is not in its list")
        if a.values and (more or not b.values):
            found.add("variable-values-more", name, here, what=b.name, new=more or "anything")


def _errors(name: str, old: Errors, new: Errors, found: Found) -> None:
    reads = ("xml", "code", "message", "request_id", "request_id_header", "fields", "throttled", "failures")
    changed = [key for key in (*reads, "failure_status") if getattr(old, key) != getattr(new, key)]
    if changed:
        found.add("errors-read", name, "#/x-eb-errors", what=", ".join(key.replace("_", " ") for key in changed))
    a, b = old.codes, new.codes
    if a and b:
        if a.name != b.name:
            found.add("enum-renamed", a.name, b.where, new=b.name)
        compare_values("code", a, b, found)
    elif a:
        found.add("enum-removed", a.name, a.where, gone=True)
    elif b:
        found.add("enum-added", b.name, b.where)


# ---- Operations ---------------------------------------------------------------------------------------------------


def _operations(old: Api, new: Api, found: Found) -> None:
    both, gone, come = pairs(old.operations, new.operations, lambda o: o.id, lambda o: o.where)
    for operation in gone:
        found.add("operation-removed", operation.name, operation.where, old=operation.id, gone=True)
    for operation in come:
        found.add("operation-added", operation.name, operation.where, new=_line(operation))
    results = [{o.name: o.result for o in api.operations} for api in (old, new)]
    for a, b in both:
        if a.name != b.name:
            found.add("operation-renamed", a.name, b.where, new=b.name)
        _operation(a, b, found)
        compare_demands(old, new, a, b, found)
        params = f"{a.name}_params"
        fields_a, fields_b = ([p.field for p in o.parameters] for o in (a, b))
        compare_members(params, fields_a, fields_b, found, request=True, answer=False)
        for x, y in pairs(a.parameters, b.parameters, lambda p: p.field.json, key=lambda p: p.field.name)[0]:
            if (x.place, x.style) != (y.place, y.style):
                places = _place(x), _place(y)
                found.add("member-place", f"{params}.{x.field.name}", y.field.where, old=places[0], new=places[1])
        _relations(a, b, found, results[0].get(a.verify or ""), results[1].get(b.verify or ""))
        _waits(a, b, found)
        _answers(a, b, found)


def _line(operation: Operation) -> str:
    return f"{operation.method} {operation.path}" + (f", action {operation.action}" if operation.action else "")


def _place(parameter: Parameter) -> str:
    """"EB_IN_QUERY | EB_EXPLODE" as a person says it."""
    parts = [*parameter.place.split(" | "), *(parameter.style.split(" | ") if parameter.style else ())]
    words = [re.sub("^EB_(IN_|STYLE_)?", "", part).lower().replace("_", " ") for part in parts]
    return words[0] + (f" ({', '.join(words[1:])})" if words[1:] else "")


def _operation(a: Operation, b: Operation, found: Found) -> None:
    def add(rule: str, old: object = "", new: object = "") -> None:
        found.add(rule, a.name, b.where, old=old, new=new)

    if _line(a) != _line(b):
        add("operation-request", _line(a), _line(b))
    if a.id != b.id:
        add("operation-id", a.id, b.id)
    if a.send != b.send and "EB_SEND_NOTHING" not in (a.send, b.send):
        add("operation-body", *(o.send.removeprefix("EB_SEND_").lower() for o in (a, b)))
    _bodies(a, b, found)
    if not found.same(a.result, b.result):
        add("operation-result", a.result, b.result)
    if a.body != b.body and not a.result and not b.result:
        add("operation-result-raw", *(_BODIES[o.body] for o in (a, b)))
    if a.events and b.events:
        if not found.same(a.events.type, b.events.type):
            add("events-type", a.events.type, b.events.type)
        elif (a.events.accept, a.events.done) != (b.events.accept, b.events.done):
            add("events-changed")
    elif a.events or b.events:
        add("events-removed" if a.events else "events-added", f"{a.name}_events", f"{b.name}_events")
    if bool(a.headers) != bool(b.headers):
        add("headers-removed" if not b.headers else "headers-added", a.headers, b.headers)
    if a.accept != b.accept:
        add("operation-accept", a.accept or "application/json", b.accept or "application/json")
    compare_sending(a, b, found)
    if (a.server and a.server.url) != (b.server and b.server.url):
        add("operation-server", *(o.server.url if o.server else "the API's server" for o in (a, b)))
    if b.deprecated and not a.deprecated:
        add("operation-deprecated")
    if (a.summary, a.doc, a.ram_action) != (b.summary, b.doc, b.ram_action):
        add("operation-text")


_BODIES = {"": "nothing", "json": "free-form JSON", "text": "text", "bytes": "bytes", "events": "a stream"}


def _bodies(a: Operation, b: Operation, found: Found) -> None:
    """How each body that both have is sent."""
    theirs = dict(b.ways())
    for member, old in a.ways():
        new = theirs.get(member)
        if new is None or old.send != new.send:
            continue
        if old.type != new.type:
            found.add("body-type", a.name, b.where, old=old.type, new=new.type, what=f".{member}")
        if old.parts != new.parts:
            found.add("body-parts", a.name, b.where, what=f".{member}")
    if b.one_body and not a.one_body:
        found.add("body-one", a.name, b.where)


def _relations(a: Operation, b: Operation, found: Found, asked_a: str | None, asked_b: str | None) -> None:
    """Pages, the operation that tells whether one arrived, and the upload that follows."""

    def add(rule: str, extension: str, old: object = "", new: object = "", what: str = "") -> None:
        gone = rule.endswith("-removed")
        found.add(rule, a.name, f"{a.where if gone else b.where}/{extension}", old=old, new=new, what=what, gone=gone)

    if a.pages and b.pages:
        if not found.same(a.pages.item, b.pages.item) or a.pages.by_value != b.pages.by_value:
            add("pages-item", "x-eb-pages", a.pages.item, b.pages.item)
        keys = ("kind", "page", "size", "items", "next", "header", "more", "number", "total")
        changed = [key for key in keys if getattr(a.pages, key) != getattr(b.pages, key)]
        if changed:
            add("pages-changed", "x-eb-pages", what=", ".join(changed))
    elif a.pages or b.pages:
        add("pages-removed" if a.pages else "pages-added", "x-eb-pages", new=f"{b.name}_all")
    if a.verify and b.verify:
        if not found.same(asked_a, asked_b):
            add("verify-result", "x-eb-verify", asked_a, asked_b, f"{b.name}_verify")
        elif (a.verify_id, a.verify_with) != (b.verify_id, b.verify_with):
            add("verify-changed", "x-eb-verify", what=f"{b.name}_verify")
    elif a.verify or b.verify:
        names = f"{a.name}_verify", f"{b.name}_verify"
        add("verify-removed" if a.verify else "verify-added", "x-eb-verify", *names)
    x, y = a.link, b.link
    if x and y:
        if x.function != y.function:
            add("link-renamed", "x-eb-link", x.function, y.function)
        if x.member != y.member:
            found.add("member-renamed", f"{x.function}_params.{x.member}", f"{b.where}/x-eb-link", new=y.member)
        how = [(k.operation, k.server, k.fields, k.rest, k.file, k.hosts) for k in (x, y)]
        if how[0] != how[1]:
            add("link-changed", "x-eb-link", what=y.function)
    elif x:
        add("link-removed", "x-eb-link", old=x.function)
    elif y:
        add("link-added", "x-eb-link", new=y.function)


_WAIT = {
    "state": "the state",
    "success": "what has come",
    "failure": "what will not come",
    "success_status": "the statuses that end it",
    "pending_status": "the statuses to wait on",
    "before_ms": "pauses",
    "first_ms": "pauses",
    "growth_percent": "pauses",
    "cap_ms": "pauses",
    "maximum_ms": "the maximum",
}


def _waits(a: Operation, b: Operation, found: Found) -> None:
    both, gone, come = pairs(a.waits, b.waits, key=lambda wait: wait.id)
    for wait in gone:
        found.add("wait-removed", a.name, wait.where, old=wait.function, gone=True)
    for wait in come:
        found.add("wait-added", a.name, wait.where, new=wait.function)
    for x, y in both:
        if x.function != y.function:
            found.add("wait-renamed", a.name, y.where, old=x.function, new=y.function)
        changed = dict.fromkeys(words for key, words in _WAIT.items() if getattr(x, key) != getattr(y, key))
        if changed:
            found.add("wait-changed", a.name, y.where, new=", ".join(changed), what=y.function)


def _answers(a: Operation, b: Operation, found: Found) -> None:
    both, gone, come = pairs(a.answers, b.answers, key=lambda answer: answer.status)
    functions = [{x.function.removeprefix(o.name): x for x in o.answers if x.function} for o in (a, b)]
    for end, answer in functions[0].items():
        other = functions[1].get(end)
        if other is None:
            found.add("answer-removed", a.name, answer.where, old=f"{a.name}{end}", gone=True)
        elif not found.same(answer.type, other.type):
            found.add(
                "answer-type", a.name, other.where, old=answer.type, new=other.type, what=f"{b.name}{end}"
            )
    for end, answer in functions[1].items():
        if end not in functions[0]:
            found.add("answer-added", a.name, answer.where, new=f"{b.name}{end}", what=answer.type or "")

    def add(rule: str, answer: Answer, old: object = "", new: object = "", gone: bool = False) -> None:
        where = f"{(a if gone else b).where}/responses/{answer.status}"
        found.add(rule, a.name, where, old=old, new=new, what=answer.status, gone=gone)

    for answer in gone:
        add("status-removed", answer, old=answer.status, gone=True)
    for answer in come:
        add("status-added", answer, new=answer.status)
    for x, y in both:
        if x.success != y.success:
            add("status-success", y, new="a success" if y.success else "a failure")
        if x.codes != y.codes:
            add("status-codes", y)
        if x.doc != y.doc:
            add("status-text", y)

