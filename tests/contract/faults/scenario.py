"""A fault scenario: what the server does, what is called, what the caller gets, and what the server saw. A row of a
table in test_*.py; `play` makes the call and compares all of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import spec
from harness import Answer, Bench, Invoke
from raw_server import RawServer, Reply

APP = "0099b7be-5f5b-4512-a7fc-56049ef1f000"
CALLS: dict[str, tuple[str, Any]] = {
    "GET": ("application-list", {}),
    "GET version": ("app-version-get", {"app_name": "shooter", "version_name": "1.4.0"}),
    "GET SAE": ("ListAppVersions", {"AppId": APP}),
    "POST": ("application-create", spec.request_example("application-create")),
    "PUT": ("pull-profile-link-app-version", spec.request_example("pull-profile-link-app-version")),
    "PATCH": ("application-update", spec.request_example("application-update")),
    "DELETE": ("application-delete", {"app_name": "shooter"}),
    "signed safe POST": ("ListEdgeContainerApps", {}),
    "signed POST": ("CreateEdgeContainerAppVersion", spec.request_example("CreateEdgeContainerAppVersion")),
}


@dataclass(frozen=True)
class Ends:
    """How a call ends. Everything is compared, also what a row leaves at its default."""

    status: str
    http: int = 0
    sent: str | None = "answered"  # None: depends on who was faster
    tried: str = "done"  # the reason of every attempt
    reason: str | None = None  # of the call; that of the last attempt
    says: str | Sequence[str] = ()  # words of the message
    cause: str | None = None  # the status itself
    code: str = ""
    field: str = ""
    requests: int | None = None  # that the server saw; one for each attempt
    connections: int | None = None  # one for each request

    @property
    def reasons(self) -> list[str]:
        return self.tried.split()

    @property
    def words(self) -> Sequence[str]:
        return [self.says] if isinstance(self.says, str) else self.says

    def compare(self, got: Answer) -> None:
        assert got.status == self.status, got
        assert got.http_status == self.http, got
        assert self.sent in (None, got.sent), got
        assert got.cause == (self.cause or self.status), got
        assert got.tried("reason") == self.reasons, got
        assert got.reason == (self.reason or self.reasons[-1]), got
        assert got.code == self.code and got.field == self.field, got
        for word in self.words:
            assert word in got.message, f"{word!r} is not in the message: {got!r}"
        if self.status not in ("EB_OK", "EB_DONE"):
            assert "value" not in got, got

    def compare_server(self, server: RawServer, got: Answer) -> None:
        requests = len(self.reasons) if self.requests is None else self.requests
        seen = [(one.connection, one.head.split(b"\r\n")[0]) for one in server.requests]
        assert len(server.requests) == requests, f"the server saw {seen}: {got!r}"
        connections = requests if self.connections is None else self.connections
        assert server.connections == connections, f"{server.connections} connections, {seen}: {got!r}"


Also = Callable[[Answer, RawServer], None]


@dataclass(frozen=True)
class Scenario:
    name: str
    server: Sequence[Reply]  # one reply for each request, the last for all that follow
    ends: Ends
    call: str = "GET"  # of CALLS
    order: dict[str, Any] = field(default_factory=dict)  # "options", "call", "cancel_ms", "params", ...
    most_s: float = 3.0  # it takes no longer, on a busy machine
    least_s: float = 0.0
    also: Also | None = None

    def __str__(self) -> str:
        return f"{self.name}, {self.call}"


def scenarios(name: str, server: Sequence[Reply], *, also: Also | None = None, **more: Any) -> Iterator[Scenario]:
    """One for each of GET=, POST=, DELETE=, ... that says how it ends; options go to the order."""
    limits = {key: more.pop(key) for key in ("most_s", "least_s") if key in more}
    calls = {key.replace("_", " "): more.pop(key) for key in list(more) if isinstance(more[key], Ends)}
    order: dict[str, Any] = {
        key: more.pop(key) for key in ("call", "cancel_ms", "params", "walk", "print") if key in more
    }
    for call, how in calls.items():
        yield Scenario(name, server, how, call, {"options": more, **order}, also=also, **limits)


def bench_of(server: RawServer, program: Invoke) -> Bench:
    return Bench(server, program)  # type: ignore[arg-type]  # nothing but the URL is asked of it


def make_call(bench: Bench, scenario: Scenario) -> Answer:
    operation, params = CALLS[scenario.call]
    order = dict(scenario.order)
    if "base_url" in order.get("options", {}):
        base_url = order["options"]["base_url"].format(port=urlsplit(bench.mock.url).port)
        order["options"] = order["options"] | {"base_url": base_url}
    if "cancel_ms" in order or "deadline_ms" in order.get("options", {}):
        order["options"] = {"skip_waits": False} | order.get("options", {})
    return bench.call(operation, order.pop("params", params), **order)


def play(program: Invoke, scenario: Scenario) -> None:
    server = RawServer(scenario.server)
    try:
        got = make_call(bench_of(server, program), scenario)
    finally:
        server.stop()
    scenario.ends.compare(got)
    scenario.ends.compare_server(server, got)
    assert scenario.least_s <= got.took_s <= scenario.most_s, got
    if scenario.also is not None:
        scenario.also(got, server)
