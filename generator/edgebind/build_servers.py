"""Servers: where requests go, for the document as a whole and for operations that go elsewhere."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from . import names as naming
from .build_security import Security
from .ir import Server, ServerChoice, ServerVariable
from .load import Value, join
from .schema import text_of

FILLERS = {"server", "environment", "api", "url", "endpoint", "the", "a", "host"}


class Servers(Security):
    def _servers(self, value: Value, at: str) -> tuple[Server, ...]:
        """All servers of a list. OpenAPI's own default is one at /, which leaves the host to the caller."""
        if at not in self.server_lists:
            found = [self._server(self._map(s, join(at, i)), join(at, i)) for i, s in enumerate(self._list(value, at))]
            made: dict[str, Server] = {}
            for server in found:
                if server is not None:
                    made.setdefault(server.url, server)
            self.server_lists[at] = tuple(made.values())
        return self.server_lists[at]

    def _server(self, server: dict[str, Any], at: str) -> Server | None:
        self.schemas.keys(server, at, ("url", "description", "variables", "name"), ("x-eb-name",))
        url = text_of(server.get("url"))
        here = join(at, "url")
        given = self._map(server.get("variables"), join(at, "variables"))
        if not url:
            self.problem(at, "url is missing")
            return None
        if "?" in url or "#" in url:
            self.problem(here, "a server has no query and no fragment; take it out")
        elif re.match(r"https?://", url):
            if "@" in urlsplit(re.sub(r"\{[^{}]*\}", "x", url)).netloc:
                self.problem(here, "a server has no user name and password; say them as a security scheme")
        elif re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", url):
            self.problem(here, f"{url.partition(':')[0]} is not supported; http and https are")
        elif url.startswith("{"):
            pass  # looked at when the caller has filled it in
        else:
            url = "/" + url.removeprefix("./").lstrip("/")
        variables = tuple(
            self._variable(name, self._map(value, join(at, "variables", name)), url, join(at, "variables", name))
            for name, value in given.items()
        )
        for name in re.findall(r"\{([^{}]*)\}", url):
            if name not in given:
                self.problem(here, f"{{{name}}} is not among the variables")
        name = server.get("x-eb-name") or server.get("name") or ""
        return Server(url, variables, text_of(server.get("description")), text_of(name), at)

    def _variable(self, name: str, value: dict[str, Any], url: str, at: str) -> ServerVariable:
        self.schemas.keys(value, at, ("default", "enum", "description"), ("x-eb-required",))
        if f"{{{name}}}" not in url:
            self.problem(at, f"the URL has no {{{name}}}")
        values = tuple(str(v) for v in self._list(value.get("enum"), join(at, "enum")))
        doc = text_of(value.get("description"))
        fallback = value.get("default")
        if value.get("x-eb-required") is True:
            known = isinstance(fallback, str | int) and (not values or str(fallback) in values)
            example = str(fallback) if known else values[0] if values else ""
            return ServerVariable(name, None, values, doc, example or "example")
        if not isinstance(fallback, str | int) or isinstance(fallback, bool) or str(fallback) == "":
            self.problem(at, "default is missing; OpenAPI wants one, unless x-eb-required: true")
        elif values and str(fallback) not in values:
            self.problem(join(at, "default"), f"{fallback} is not among the values of enum")
        return ServerVariable(name, str(fallback), values, doc, str(fallback))

    def _choices(self, servers: tuple[Server, ...]) -> tuple[ServerChoice, ...]:
        """A constant for each server of a document that has several, pinned with its number."""
        if len(servers) < 2:
            return ()
        enum = f"{self.entry.prefix}_server"
        wanted: list[str] = []
        for i, server in enumerate(servers):
            word = _word(server, i)
            wanted.append(word if word not in wanted else f"{word}_{i + 1}")
        pinned = self.names.values("#/servers", enum, wanted, wanted)
        return tuple(ServerChoice(name, number, s) for (name, number), s in zip(pinned, servers, strict=True))

    def _operation_server(self, pointer: str, op: dict[str, Any], item: str) -> Server | None:
        """The server of an operation, else of its path; None: the document's."""
        _, path = self.document.find(item)
        for holder, at in ((op, pointer), (path, item)):
            if isinstance(holder, dict) and holder.get("servers"):
                servers = self._servers(holder["servers"], join(at, "servers"))
                return servers[0] if servers else None
        return None


def _word(server: Server, index: int) -> str:
    """ACME_SERVER_ and this: its name, else the words that its description has, when they are few, else its place."""
    if server.name:
        return naming.constant(server.name)
    words = [word for word in naming.words(re.split(r"[.;:(\n]", server.doc)[0]) if word not in FILLERS]
    return "_".join(words).upper() if 1 <= len(words) <= 3 else str(index + 1)
