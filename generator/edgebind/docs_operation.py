"""The page of one operation: what it does, how to call it, a sample, what comes back, what can go wrong."""

from __future__ import annotations

import re

from .docs_text import Links, cell, code, member, table
from .emit_common import (
    about,
    accessors,
    asked_operation,
    call_parameters,
    constants,
    events_signatures,
    summary,
    verify_parameters,
)
from .emit_samples import sample
from .emit_waits import wait_signature, wait_words
from .ir import Answer, Api, Operation, Pages, Struct
from .load import unescape
from .text import signature


def operation_page(api: Api, links: Links, operation: Operation) -> list[str]:
    parts = [
        summary(operation),
        operation.doc,
        f"`{operation.method} {operation.path}`"
        + (f", action `{operation.action}`" if operation.action else "")
        + f", an operation of [{api.title}]({links.overview}).",
        code(_signatures(api, operation)),
        "## Parameters",
        _parameters(links, operation),
        "## Result",
        _result(api, links, operation),
        "## Sample",
    ]
    program = sample(api, operation)
    parts += [code(program.rstrip().split("\n"))] if program else ["There is none for a call of this kind."]
    parts += _waiting(api, operation)
    parts += ["## Behaviour", "\n".join(f"- {line}" for line in _behaviour(api, links, operation))]
    parts += ["## Answers", _answers(api, links, operation)]
    if operation.headers:
        parts.append(f"Its headers: {links.page(operation.headers)} from `{operation.headers}_of(&response)`.")
    return parts + _errors(api, links, operation)


def _waiting(api: Api, operation: Operation) -> list[str]:
    """Each wait in words, and a program for the first."""
    if not operation.waits:
        return []
    lines = []
    for wait in operation.waits:
        words = " ".join(wait_words(operation, wait)).replace("Calls", "calls", 1)
        words = re.sub(r"(\*\w+(?= is the last)|EB_[A-Z]+)", r"`\1`", words)
        lines.append(f"- `{wait.function}` {words}")
    program = sample(api, operation, operation.waits[0])
    return ["## Waiting", "\n".join(lines), *([code(program.rstrip().split("\n"))] if program else [])]


def _signatures(api: Api, operation: Operation) -> list[str]:
    name, pages, link = operation.name, operation.pages, operation.link
    made = [signature("eb_status", name, call_parameters(operation))]
    if pages:
        walk = f"{name}_pager *pager"
        made += [
            signature("eb_status", f"{name}_all", ["eb_client *client", f"const {name}_params *params", walk]),
            signature("eb_status", f"{name}_next", [walk, f"{pages.shown}*item"]),
            signature("void", f"{name}_pager_free", [walk]),
        ]
    if operation.events:
        made += events_signatures(operation)
    if link:
        made.append(signature("eb_status", link.function, call_parameters(operation, f"{link.function}_params")))
    asked = asked_operation(api, operation)
    if asked:
        made.append(signature("eb_status", f"{name}_verify", verify_parameters(operation, asked)))
    made += [wait_signature(operation, wait) for wait in operation.waits]
    return [line for lines in made for line in (*lines[:-1], lines[-1] + ";")]


def _parameters(links: Links, operation: Operation) -> str:
    if not operation.parameters:
        return "None."
    rows = []
    for p in operation.parameters:
        names, shown, meaning = member(links, p.field)
        place = p.place.split(" ")[0].removeprefix("EB_IN_").lower()
        rows.append([names, shown, "body" if place == "body" else f"{place} `{p.wire}`", meaning])
    given = f"Members of `{operation.name}_params`. "
    required = [f"`.{p.field.name}`" for p in operation.parameters if p.field.required]
    given += f"Required: {', '.join(required)}." if required else "None is required."
    return given + "\n\n" + table(["member", "C type", "on the wire", "meaning"], rows)


def _counted(pages: Pages) -> str:
    """How a walk gets from page to page."""
    if pages.kind == "EB_PAGES_URL":
        where = f"the header `{pages.header}`" if pages.header else f"`{pages.next}`"
        return f"{where} of each has the URL of the next one, which must be of the same scheme, host and port"
    counts = "asks for one" if pages.kind == "EB_PAGES_TOKEN" else "counts them"
    return f"`{pages.page}` {counts}" + (f", the header `{pages.header}` names the next" if pages.header else "")


def _result(api: Api, links: Links, operation: Operation) -> str:
    if operation.result is None:
        text = re.sub(r"(response->body|options->sink)", r"`\1`", about(api, operation)[0])
    else:
        held = links.held(operation.result)
        text = f"`*{operation.result_name}` is a {links.page(operation.result)}"
        text += f" of {links.page(held)}" if held and held != operation.result else ""
        text += ", which lives in the response; NULL when a success has no body."
    if operation.pages:
        pages = operation.pages
        text += (
            f" `{operation.name}_all` and `{operation.name}_next` give each {links.page(pages.item)} of all pages "
            f"({_counted(pages)}"
            + (f", `{pages.size}` says how many a page holds" if pages.size else "")
            + "), and EB_DONE after the last."
        )
    if operation.events:
        events = operation.events
        text += (
            f" `{operation.name}_events` asks for a stream (`{events.accept}`) and `{operation.name}_next` gives each "
            "event as it arrives, "
            + (f"its data as {links.page(events.type)}, " if events.type else "")
            + "and EB_DONE after the last."
        )
    if operation.link:
        link = operation.link
        text += (
            f" `{link.function}` also sends `.{link.member}` with "
            f"[`{link.operation_name}`](../{link.header}/{link.operation_name}.md), to the server and with the fields "
            "that the answer names."
        )
    return text


def _behaviour(api: Api, links: Links, operation: Operation) -> list[str]:
    """Retry safety, rate limit and the like, a line each."""
    lines = []
    for line in about(api, operation)[1:] if operation.result is None else about(api, operation):
        if operation.verify and links.has(operation.verify):
            line = line.replace(f"calls {operation.verify}", f"calls {links.page(operation.verify)}")
        lines.append(line)
    return lines


def _answers(api: Api, links: Links, operation: Operation) -> str:
    rows = [[a.status, cell(a.doc), _does(api, operation, a)] for a in operation.answers]
    head = ["status", "meaning", "the library"]
    if accessors(operation):
        head.append("body")
        for answer, row in zip(operation.answers, rows, strict=True):
            row.append(f"{links.page(answer.type)} from `{answer.function}(&response)`" if answer.type else "")
    return table(head, rows)


def _does(api: Api, operation: Operation, answer: Answer) -> str:
    """What the library makes of a status: the outcome table in a word."""
    if answer.success:
        told = [f"`{f.pointer[1:]}`" for f in api.errors.failures if _has(api, operation.result, f.pointer)]
        return f"`EB_OK`; `EB_API` when {' or '.join(told)} tells of a failure" if told else "`EB_OK`"
    if operation.retries and operation.retries.attempts == 1:
        return "`EB_API`" if operation.safe or answer.status[0] != "5" else "`EB_API`; it may have been carried out"
    if answer.status == "429":
        return "waits and sends it again, then `EB_API`"
    if answer.status == "408" or (answer.status.startswith("5") and answer.status != "501"):
        return "sends it again, then `EB_API`" if operation.safe else "`EB_API`; it may have been carried out"
    return "`EB_API`; a 429 or 5xx as usual" if answer.status == "default" else "`EB_API`"


def _has(api: Api, type_name: str | None, pointer: str) -> bool:
    """Has a type the member that a pointer begins with?"""
    struct = next((t for t in api.types if isinstance(t, Struct) and t.name == type_name), None)
    return struct is not None and any(f.json == unescape(pointer.split("/")[1]) for f in struct.fields)


def _errors(api: Api, links: Links, operation: Operation) -> list[str]:
    """Its own error constants with what to do; those of every operation of the API in a sentence."""
    if not api.errors.codes:
        return []
    statuses: dict[str, list[str]] = {}
    for answer in operation.answers:
        for name in constants(api, answer.codes):
            statuses.setdefault(name, []).append(answer.status)
    if not statuses:
        return []
    values = {v.name: v for v in api.errors.codes.values}
    own = [n for n in statuses if n not in links.shared_errors]
    parts = ["## Errors"]
    if own:
        rows = [[links.error(n), ", ".join(statuses[n]), f"`{values[n].text}`", cell(values[n].doc)] for n in own]
        parts.append(table(["constant", "status", "code", "what to do"], rows))
    common = [n for n in statuses if n in links.shared_errors]
    if common:
        parts.append(
            ("And" if own else "Only")
            + f" what every operation of the API can answer: {', '.join(links.error(n) for n in common)}."
        )
    return parts
