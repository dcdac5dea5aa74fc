"""What header, source and reference say alike about types and operations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib.resources import files
from string import Template

from . import __version__
from .ir import Api, Field, Kind, ListType, MapType, Operation, Struct

CONSTANT_TYPES = {
    Kind.BOOL: "bool ",
    Kind.INT: "int64_t ",
    Kind.NUM: "double ",
    Kind.OPT_BOOL: "eb_opt_bool ",
    Kind.OPT_INT: "eb_opt_int ",
    Kind.OPT_NUM: "eb_opt_num ",
    Kind.STR: "const char *",
    Kind.TEXT: "const char *",
    Kind.JSON: "eb_json ",
    Kind.BODY: "eb_body ",
}


def template(name: str) -> Template:
    return Template(files(__package__).joinpath("templates", name).read_text(encoding="utf-8"))


def generator() -> str:
    return f"edgebind {__version__}"


def c_type(field: Field, by_value: bool = False) -> str:
    """The C type, with what stands between it and the name: "eb_opt_int ", "const char *"."""
    if field.kind in CONSTANT_TYPES:
        return CONSTANT_TYPES[field.kind]
    return f"const {field.target} *" if field.kind is Kind.OBJECT and not by_value else f"{field.target} "


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


def about(operation: Operation) -> list[str]:
    """What an operation's comment and its reference say after the description, one paragraph each."""
    made = []
    if operation.result_raw:
        made.append("The body of a success is free-form JSON: its text is in response->body.")
    elif operation.result is None:
        made.append("Success has no result.")
    made.append(_retries(operation))
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
    if not operation.auth:
        made.append("Sends no credentials.")
    if operation.deprecated:
        made.append("Deprecated by the provider.")
    return made


def _retries(operation: Operation) -> str:
    if operation.safe:
        return "Safe to repeat: it is sent again after a lost connection or a passing failure."
    text = "Not safe to repeat: when it is not known whether it arrived, the answer is EB_MAYBE_SENT"
    if not operation.verify:
        return text + "."
    given = ", ".join(f".{name} = {member}" for name, member in operation.verify_with)
    return f"{text}, and {operation.verify} tells" + (f" ({given})" if given else "") + "."


def constants(api: Api, codes: tuple[str, ...]) -> list[str]:
    known = {v.text: v.name for v in api.errors.codes.values} if api.errors.codes else {}
    return [known[c] for c in codes if c in known]


def in_order(
    types: Iterable[Struct | ListType | MapType], roots: Iterable[str] = ()
) -> tuple[list[Struct | ListType | MapType], set[str]]:
    """Types so that each comes after what it holds by value or points at, as near to the given order as that allows,
    and the names of the structs that must be announced because a cycle leads through them."""
    by_name: Mapping[str, Struct | ListType | MapType] = {t.name: t for t in types}
    done: dict[str, Struct | ListType | MapType] = {}
    opened: set[str] = set()
    forward: set[str] = set()

    def visit(name: str) -> None:
        if name in done or name not in by_name:
            return
        if name in opened:
            forward.add(name)
            return
        opened.add(name)
        made = by_name[name]
        if isinstance(made, Struct):
            needs = [f.target for f in made.fields if f.target]
        elif isinstance(made, ListType):
            needs = [made.item]
        else:
            needs = [made.value.target] if made.value.target else []
        for need in needs:
            visit(need)
        opened.discard(name)
        done[name] = made

    for name in [*roots, *by_name]:
        visit(name)
    return list(done.values()), forward
