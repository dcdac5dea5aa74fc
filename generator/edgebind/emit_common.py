"""What header, source and reference say alike about types and operations."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import Template
from typing import TypeAlias

from . import __version__
from .ir import Answer, Api, Auth, Field, Kind, ListType, MapType, Operation, Retries, Struct, Way
from .text import c_string, signature

CONSTANT_TYPES = {
    Kind.BOOL: "bool ",
    Kind.INT: "int64_t ",
    Kind.NUM: "double ",
    Kind.OPT_BOOL: "eb_opt_bool ",
    Kind.OPT_INT: "eb_opt_int ",
    Kind.OPT_NUM: "eb_opt_num ",
    Kind.STR: "const char *",
    Kind.TEXT: "const char *",
    Kind.DECIMAL: "const char *",
    Kind.JSON: "eb_json ",
    Kind.BODY: "eb_body ",
}


@cache
def template(name: str) -> Template:
    return Template(files(__package__).joinpath("templates", name).read_text(encoding="utf-8"))


def generator() -> str:
    return f"edgebind {__version__}"


def c_type(field: Field, by_value: bool = False) -> str:
    """The C type, with what stands between it and the name: "eb_opt_int ", "const char *"."""
    if field.kind in CONSTANT_TYPES:
        return CONSTANT_TYPES[field.kind]
    pointed_at = field.kind is Kind.OBJECT and (not by_value or (field.nullable and not field.in_place))
    return f"const {field.target} *" if pointed_at else f"{field.target} "


def result_type(operation: Operation) -> str | None:
    return f"const {operation.result} **{operation.result_name}" if operation.result else None


def call_parameters(operation: Operation, params: str | None = None) -> list[str]:
    """The C parameters of the operation's function."""
    result = result_type(operation)
    return [
        "eb_client *client",
        f"const {params or operation.name + '_params'} *params",
        *([result] if result else []),
        "eb_response *response",
    ]


def summary(operation: Operation) -> str:
    """The first line about an operation, a sentence; its operationId when nobody wrote one."""
    text = operation.summary or operation.id
    return text if text[-1] in ".!?" else text + "."


_BODIES = {
    "": "Success has no result.",
    "json": "The body of a success is free-form JSON: its text is in response->body.",
    "text": "The body of a success is text: it is in response->body, or goes to options->sink.",
    "events": "A success is a stream of events; this function waits for its end, and leaves it in response->body.",
    "bytes": "The body of a success is bytes: they are in response->body, or go to options->sink.",
}


def about(api: Api, operation: Operation) -> list[str]:
    """What an operation's comment and its reference say after the description, one paragraph each."""
    made = []
    if operation.result is None:
        made.append(_BODIES[operation.body])
    elif any(row.kind.startswith("EB_ANSWER_MIXED") for row in operation.rows):
        made.append("What is not JSON (response->content_type) is in response->body, and the result is NULL then.")
    made.append(_retries(operation))
    if sending(operation):
        made.append(f"Unless a caller says otherwise: {'; '.join(sending(operation))}.")
    limit = operation.rate_limit
    if limit:
        span = "second" if limit.seconds == 1 else f"{limit.seconds} seconds"
        made.append(
            f"Rate limit: {limit.requests} requests per {span} and {limit.scope}"
            + ("" if operation.own_rate_limit else ", stated for the whole API")
            + "."
        )
    if operation.ram_action:
        made.append(f"RAM action: {operation.ram_action}.")
    made += _where_and_who(api, operation)
    if operation.deprecated:
        made.append("Deprecated by the provider.")
    made += operation.notes
    return made


def sending(operation: Operation) -> list[str]:
    """How often, after how long and until when it is sent again, as far as the document says so."""
    made = [retry_words(operation.retries)] if operation.retries else []
    return made + ([f"deadline {duration(operation.timeout_ms)}"] if operation.timeout_ms else [])


def retry_words(retries: Retries) -> str:
    if retries.attempts == 1:
        return "no retries"
    words = [f"{retries.attempts} attempts"] if retries.attempts else []
    words += [f"first waits of up to {duration(retries.base_ms)}"] if retries.base_ms else []
    words += [f"waits of {duration(retries.cap_ms)} at most"] if retries.cap_ms else []
    return ", ".join(words)


def duration(value_ms: int) -> str:
    """500 ms, 2.5 s, 120 s."""
    return f"{value_ms} ms" if value_ms < 1000 else f"{value_ms / 1000:.3f}".rstrip("0").rstrip(".") + " s"


def _where_and_who(api: Api, operation: Operation) -> list[str]:
    """A server of its own, and credentials that are not those of the whole API."""
    made = []
    if operation.server is not None:
        made.append(f"Goes to {operation.server.url}, unless the client has a base_url.")
    if not api.demands(operation):
        made.append("Sends no credentials.")
    elif api.auth is None or operation.security:
        made.append(f"Credentials: {ways(api.demands(operation))}.")
    return made


def ways(security: tuple[Way, ...]) -> str:
    """What lets a caller in, for people: "key and app_key, or oauth (read, write), or none"."""
    made = []
    for way in security:
        names = [name + (f" ({', '.join(scopes)})" if scopes else "") for name, scopes in way.schemes]
        made.append(" and ".join(names) or "none")
    return ", or ".join(made)


def scheme_words(scheme: Auth) -> tuple[str, str]:
    """What a security scheme is, and the function that makes credentials for it."""
    if scheme.kind == "EB_AUTH_OAUTH2":
        return "OAuth 2.0, client credentials", "eb_credentials_oauth2(id, secret), or eb_credentials_token(token)"
    if scheme.kind == "EB_AUTH_BASIC":
        return "HTTP basic", "eb_credentials_basic(user, password)"
    if scheme.kind == "EB_AUTH_ACS3":
        return "ACS3 signatures", "eb_credentials_key(id, secret), or eb_credentials_sts"
    if scheme.kind == "EB_AUTH_CLIENT_CERT":
        return "client certificate (mutual TLS)", "client_cert_file or client_cert_pem of the client's options"
    place = {"HEADER": "header", "QUERY": "query parameter", "COOKIE": "cookie"}[scheme.kind.rpartition("_")[2]]
    what = "bearer token" if scheme.prefix == "Bearer " else f"key in the {place} {scheme.header}"
    return what, "eb_credentials_token(token)"


def _retries(operation: Operation) -> str:
    if operation.key:
        return (
            f"Safe to repeat: it has an idempotency key, .{operation.key.field.name} or one that is made for the call, "
            "and is sent again with the same after a lost connection or a passing failure. The key is in "
            "response->idempotency_key."
        )
    if operation.safe:
        return "Safe to repeat: it is sent again after a lost connection or a passing failure."
    text = "Not safe to repeat: when it is not known whether it arrived, the answer is EB_MAYBE_SENT"
    if not operation.verify:
        return text + "."
    given = ", ".join(f".{asked.name} = {asked.expression}" for asked in operation.verify_with)
    asks = operation.verify + (f" ({given})" if given else "")
    return f"{text}, and {operation.name}_verify tells: it calls {asks}."


def asked_operation(api: Api, operation: Operation) -> Operation | None:
    """The operation that tells whether this one arrived."""
    return api.operations_by_name.get(operation.verify) if operation.verify else None


def verify_parameters(operation: Operation, asked: Operation) -> list[str]:
    return [
        "eb_client *client",
        f"const {operation.name}_params *params",
        *([f"const {asked.result} **{asked.result_name}"] if asked.result else []),
        "eb_response *response",
    ]


def accessors(operation: Operation) -> list[Answer]:
    """An answer for each function that gives the body of some."""
    return list({answer.function: answer for answer in operation.answers if answer.function}.values())


def events_signatures(operation: Operation) -> list[list[str]]:
    name = operation.name
    stream = f"{name}_stream *stream"
    return [
        signature("eb_status", f"{name}_events", ["eb_client *client", f"const {name}_params *params", stream]),
        signature("eb_status", f"{name}_next", [stream, f"{name}_event *event"]),
        signature("void", f"{name}_stream_free", [stream]),
    ]


def status_number(status: str) -> int:
    """404; 4 for 4XX; 0 for default."""
    return 0 if status == "default" else int(status[0]) if status.endswith("XX") else int(status)


def constants(api: Api, codes: tuple[str, ...]) -> list[str]:
    known = {v.text: v.name for v in api.errors.codes.values} if api.errors.codes else {}
    return [known[c] for c in codes if c in known]


@dataclass(frozen=True)
class LateEntry:
    """The entries of a map that could not stand before the map, because their value holds the map."""

    map: MapType


Declared: TypeAlias = Struct | ListType | MapType | LateEntry


def in_order(types: Iterable[Struct | ListType | MapType]) -> tuple[list[Declared], set[str]]:
    """Types so that each comes after what it holds, as near to the given order as that allows, and the names of the
    structs that must be announced, because something before them points at them."""
    by_name = {made.name: made for made in types}
    order: list[Declared] = []
    done: set[str] = set()
    opened: set[str] = set()
    announced: set[str] = set()
    late: dict[str, list[MapType]] = {}

    def close(made: ListType | MapType) -> None:
        """Declares a list or map, whether or not the struct it holds is there yet."""
        if made.name in done:
            return
        done.add(made.name)
        inner = by_name.get((made.item if isinstance(made, ListType) else made.value.target) or "")
        if isinstance(inner, Struct) and inner.name not in done:
            if isinstance(made, ListType):
                announced.add(inner.name)
            else:
                announced.add(made.entry)
                late.setdefault(inner.name, []).append(made)
        elif inner is not None and not isinstance(inner, Struct):
            close(inner)
        order.append(made)

    def visit(name: str | None) -> None:
        made = by_name.get(name or "")
        if made is None or made.name in done:
            return
        if made.name in opened:
            if isinstance(made, Struct):
                announced.add(made.name)
            else:
                close(made)
            return
        opened.add(made.name)
        if isinstance(made, Struct):
            for field in made.fields:
                visit(field.target)
            done.add(made.name)
            order.append(made)
            order.extend(LateEntry(waiting) for waiting in late.pop(made.name, []))
        else:
            visit(made.item if isinstance(made, ListType) else made.value.target)
            close(made)
        opened.discard(made.name)

    for made in sorted(by_name.values(), key=lambda made: not isinstance(made, Struct)):
        visit(made.name)
    return order, announced


def place(where: str) -> str:
    return "/* " + where.replace("*/", "* /").replace("/*", "/ *") + " */"


def texts(name: str, values: tuple[str, ...]) -> list[str]:
    """A list of texts that ends in NULL; an empty one is none."""
    return (
        [f"static const char *const {name}[] = {{ {', '.join(c_string(v) for v in values)}, NULL }};"] if values else []
    )
