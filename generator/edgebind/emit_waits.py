"""The waits of an operation: rows, declarations and stubs in C, and what people are told. IR in, text out."""

from __future__ import annotations

from collections.abc import Iterable

from .emit_common import call_parameters, texts
from .ir import Api, Operation, Wait
from .text import c_string, columns, signature


def _base(api: Api, wait: Wait) -> str:
    """What the static objects of a wait are called."""
    return wait.function.removeprefix(f"{api.name}_")


def wait_signature(operation: Operation, wait: Wait) -> list[str]:
    return signature("eb_status", wait.function, call_parameters(operation))


def wait_rows(api: Api, operation: Operation, short: str) -> list[str]:
    if not operation.waits:
        return []
    lines: list[str] = []
    rows: list[str] = []
    for wait in operation.waits:
        base = _base(api, wait)
        cells = [("id", c_string(wait.id)), ("name", c_string(wait.function))]
        cells += [("state", c_string(wait.state))] if wait.state is not None else []
        for key, values in (("success", wait.success), ("failure", wait.failure)):
            if values:
                lines += texts(f"{base}_{key}", values)
                cells.append((key, f"{base}_{key}"))
        for key, statuses in (("success_status", wait.success_status), ("pending_status", wait.pending_status)):
            if statuses:
                shown = ", ".join(str(status) for status in (*statuses, 0))
                lines.append(f"static const uint16_t {base}_{key}[] = {{ {shown} }};")
                cells.append((key, f"{base}_{key}"))
        cells += [("before_ms", str(wait.before_ms))] if wait.before_ms else []
        cells += [
            ("first_ms", str(wait.first_ms)),
            ("growth_percent", str(wait.growth_percent)),
            ("cap_ms", str(wait.cap_ms)),
            ("maximum_ms", str(wait.maximum_ms)),
        ]
        rows += ["    {", *columns([(f"        .{key}", f" = {value},") for key, value in cells]), "    },"]
    return [*lines, f"static const eb_wait {short}_waits[] = {{", *rows, "};"]


def wait_stubs(operation: Operation, short: str) -> list[str]:
    made = []
    for number, wait in enumerate(operation.waits):
        out = operation.result_name
        given = ["client", f"&{short}_op", f"&{short}_waits[{number}]", "params"]
        head = [*wait_signature(operation, wait), "{"]
        if operation.result is None:
            call = signature("    return", "eb_call_wait", [*given, "NULL", "response"])
            made.append("\n".join([*head, *call[:-1], call[-1] + ";", "}"]))
            continue
        call = signature(
            "    const eb_status st =", "eb_call_wait", [*given, f"{out} != NULL ? &value : NULL", "response"]
        )
        made.append(
            "\n".join(
                [
                    *head,
                    "    const void *value = NULL;",
                    *call[:-1],
                    call[-1] + ";",
                    "",
                    f"    if ({out} != NULL && (st == EB_OK || value != NULL))",
                    f"        *{out} = value;",
                    "    return st;",
                    "}",
                ]
            )
        )
    return made


# ---- Words ------------------------------------------------------------------------------------------------------


def seconds(ms: int) -> str:
    return f"{ms / 1000:g} s"


def _either(values: Iterable[object]) -> str:
    """a, b or c."""
    *first, last = [str(value) for value in values]
    return f"{', '.join(first)} or {last}" if first else last


def _states(wait: Wait, values: tuple[str, ...]) -> str:
    return _either(f'"{value}"' if wait.quoted else value for value in values)


def _statuses(values: tuple[int, ...]) -> str:
    return f"HTTP {_either(values)}"


def member(wait: Wait) -> str:
    """The state as people write it: "status", "job.state"."""
    return (wait.state or "").removeprefix("/").replace("/", ".")


def until(wait: Wait) -> str:
    """status is "ready", or the answer is HTTP 404."""
    made = [f"{member(wait)} is {_states(wait, wait.success)}"] if wait.success else []
    made += [f"the answer is {_statuses(wait.success_status)}"] if wait.success_status else []
    return ", or ".join(made)


def wait_words(operation: Operation, wait: Wait) -> list[str]:
    """What the comment in the header and the reference say of a wait, a sentence or two each."""
    made = [f"Calls {operation.name} until {until(wait)}."]
    if wait.failure:
        made.append(f"EB_API when {member(wait)} is {_states(wait, wait.failure)}; any other state is waited on.")
    if wait.pending_status:
        made.append(f"{_statuses(wait.pending_status)} is waited on too.")
    before = f"{seconds(wait.before_ms)} before the first call, then " if wait.before_ms else ""
    if wait.growth_percent > 100 and wait.cap_ms > wait.first_ms:
        more = f", then {wait.growth_percent / 100:g} times the one before, {seconds(wait.cap_ms)} at most"
    else:
        more = " each"
    made.append(f"Pauses: {before}{seconds(wait.first_ms)}{more}; longer where the service asks for it.")
    made.append(
        f"EB_TIMEOUT after {seconds(wait.maximum_ms)}, or when a deadline that was given is over before that."
    )
    if operation.result:
        made.append(f"*{operation.result_name} is the last answer, after a failure too when there is one.")
    return made
