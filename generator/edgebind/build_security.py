"""Security schemes become rows, and what an operation demands becomes the ways in: schemes that go together."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from . import names as naming
from .build_relations import Relations
from .ir import Auth, Way
from .load import Value, join
from .schema import text_of

MAX_SCHEMES = 32  # a bit each
HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
FRAMING = {"host", "content-length", "content-type", "transfer-encoding", "connection", "te", "upgrade"}
KINDS = "apiKey, http basic and bearer, oauth2, openIdConnect, mutualTLS, and http acs3-hmac-sha256"
FLOWS = ("clientCredentials", "implicit", "password", "authorizationCode")
ROLES = ("id", "secret", "token")
# Environment variables of a scheme that names none: what stands behind the API's prefix, for each role.
ENVIRONMENT = {
    "key": {"token": "API_KEY"},
    "bearer": {"token": "TOKEN"},
    "EB_AUTH_BASIC": {"id": "USERNAME", "secret": "PASSWORD"},
    "EB_AUTH_OAUTH2": {"id": "CLIENT_ID", "secret": "CLIENT_SECRET"},
    "EB_AUTH_ACS3": {"id": "ACCESS_KEY_ID", "secret": "ACCESS_KEY_SECRET", "token": "SECURITY_TOKEN"},
}


class Security(Relations):
    def _schemes(self) -> tuple[Auth, ...]:
        """The schemes that something demands, in the order of the document."""
        demands = [(self.root.get("security"), "#/security")]
        demands += [
            (op["security"], join(pointer, "security"))
            for pointer, op, _, _ in self.operation_ids.values()
            if "security" in op
        ]
        scopes: dict[str, list[str]] = {}
        for value, at in demands:
            for way in self._demand(value, at):
                for name, wanted in way.schemes:
                    scopes.setdefault(name, []).extend(wanted)
        known = self._map(self._map(self.root.get("components"), "#/components").get("securitySchemes"), "")
        made = [
            replace(scheme, scope=" ".join(dict.fromkeys(scopes[name])) or None if scheme.token_url else None)
            for name in known
            if name in scopes and (scheme := self._scheme(name)) is not None
        ]
        if len(made) > MAX_SCHEMES:
            self.problem("#/components/securitySchemes", f"more than {MAX_SCHEMES} schemes are used; split it")
        made = self._environment(made)
        by_name: dict[str, Auth] = {scheme.scheme: scheme for scheme in made}
        for value, at in demands:
            for i, way in enumerate(self._demand(value, at)):
                self._check_way(way, by_name, join(at, i))
        return tuple(made)

    def _demand(self, value: Value, at: str) -> tuple[Way, ...]:
        """The ways that a list of security requirements gives; each list is read once."""
        if at not in self.demands:
            self.demands[at] = tuple(
                self._way(self._map(row, join(at, i)), join(at, i)) for i, row in enumerate(self._list(value, at))
            )
        return self.demands[at]

    def _way(self, row: dict[str, Any], at: str) -> Way:
        schemes = []
        for name, scopes in row.items():
            if self.document.find(join("#/components/securitySchemes", name))[0]:
                listed = self._list(scopes, join(at, name))
                schemes.append((name, tuple(str(scope) for scope in listed)))
            else:
                self.problem(join(at, name), f"there is no security scheme {name}")
        return Way(tuple(schemes))

    def _check_way(self, way: Way, schemes: dict[str, Auth], at: str) -> None:
        """Two schemes of one way cannot both fill the same header."""
        used = [schemes[name] for name, _ in way.schemes if name in schemes]
        places = Counter(where for scheme in used if (where := _place(scheme)) is not None)
        for where, count in places.items():
            if count > 1:
                names = " and ".join(s.scheme for s in used if _place(s) == where)
                self.problem(at, f"{names} both want the {where}; write them as alternatives, each with a - of its own")

    def _operation_security(self, pointer: str, op: dict[str, Any]) -> tuple[Way, ...] | None:
        """What an operation demands; None: what the document does."""
        if "security" not in op:
            return None
        own = self._demand(op["security"], join(pointer, "security"))
        return None if own == self._demand(self.root.get("security"), "#/security") else own

    def _scheme(self, name: str) -> Auth | None:
        at = join("#/components/securitySchemes", name)
        _, value = self.document.find(at)
        value, at = self.schemas.follow(value, at)
        value = self._map(value, at)
        self.schemas.keys(
            value,
            at,
            ("type", "in", "name", "scheme", "bearerFormat", "description", "flows", "openIdConnectUrl"),
            ("x-eb-prefix", "x-eb-env", "x-eb-client-auth"),
        )
        env = self._map(value.get("x-eb-env"), join(at, "x-eb-env"))
        for role in env:
            if role not in ROLES:
                self.problem(join(at, "x-eb-env", role), "id, secret and token are known")
        ids = [self._text(env, role, join(at, "x-eb-env")) for role in ROLES]
        base = Auth("", scheme=name, env_id=ids[0], env_secret=ids[1], env_token=ids[2],
                    doc=text_of(value.get("description")), where=at)  # fmt: skip
        kind, http = value.get("type"), str(value.get("scheme", "")).lower()
        bearer = replace(base, kind="EB_AUTH_API_KEY_HEADER", header="authorization", prefix="Bearer ")
        for key in ("x-eb-prefix",) if kind != "apiKey" else ():
            if key in value:
                self.problem(join(at, key), f"{key} is for schemes of type apiKey")
        if "x-eb-client-auth" in value and kind != "oauth2":
            self.problem(join(at, "x-eb-client-auth"), "x-eb-client-auth is for schemes of type oauth2")
        if kind == "apiKey":
            return self._api_key(base, value, at)
        if kind == "http" and http == "basic":
            return replace(base, kind="EB_AUTH_BASIC", header="authorization")
        if (kind == "http" and http == "bearer") or kind == "openIdConnect":
            return bearer
        if kind == "oauth2":
            return self._oauth2(bearer, value, at)
        if kind == "mutualTLS":
            return replace(base, kind="EB_AUTH_CLIENT_CERT")
        if kind == "http" and http == "acs3-hmac-sha256":
            return self._acs3(base)
        said = f"{kind} {http}" if kind == "http" else str(kind)
        self.problem(at, f"{said} is not supported; {KINDS} are")
        return None

    def _api_key(self, base: Auth, value: dict[str, Any], at: str) -> Auth | None:
        name, where = value.get("name"), value.get("in")
        kinds = {"header": "HEADER", "query": "QUERY", "cookie": "COOKIE"}
        if not isinstance(where, str) or where not in kinds:
            self.problem(join(at, "in") if "in" in value else at, "in must be header, query or cookie")
            return None
        if not isinstance(name, str) or not name:
            self.problem(at, f"name is missing; say what the {where} is called")
            return None
        if where != "query" and (not HEADER.fullmatch(name) or (where == "header" and name.lower() in FRAMING)):
            self.problem(join(at, "name"), f"{name} cannot be a {where} with a key")
            return None
        prefix = value.get("x-eb-prefix", "")
        return replace(base, kind=f"EB_AUTH_API_KEY_{kinds[where]}", header=name, prefix=str(prefix))

    def _oauth2(self, bearer: Auth, value: dict[str, Any], at: str) -> Auth | None:
        """With client credentials the client gets tokens by itself; of any other flow the caller brings the token."""
        flows = self._map(value.get("flows"), join(at, "flows"))
        for flow in flows:
            if flow not in FLOWS and not flow.startswith("x-"):
                self.problem(join(at, "flows", flow), f"{flow} is no flow of OAuth 2.0")
        if "clientCredentials" not in flows:
            return bearer
        here = join(at, "flows", "clientCredentials")
        url = self._map(flows["clientCredentials"], here).get("tokenUrl")
        if not isinstance(url, str) or not url:
            self.problem(here, "tokenUrl is missing; say where tokens come from")
            return None
        parts = urlsplit(url)
        local = (parts.hostname or "") in ("localhost", "127.0.0.1", "::1")
        if not url.startswith("/") and not (parts.scheme == "https" or (parts.scheme == "http" and local)):
            self.problem(
                join(here, "tokenUrl"),
                "an https URL is expected, or a path on the API's server: a secret is sent there",
            )
            return None
        way = value.get("x-eb-client-auth", "client_secret_basic")
        if way not in ("client_secret_basic", "client_secret_post"):
            self.problem(join(at, "x-eb-client-auth"), "client_secret_basic or client_secret_post is expected")
        return replace(bearer, kind="EB_AUTH_OAUTH2", token_url=url, in_body=way == "client_secret_post")

    def _acs3(self, base: Auth) -> Auth:
        acs = self._map(self.root.get("x-eb-acs"), "#/x-eb-acs")
        version = acs.get("version")
        if (
            not isinstance(version, str)
            or acs.get("style") not in ("rpc", "roa")
            or acs.get("algorithm") != "ACS3-HMAC-SHA256"
        ):
            self.problem(
                "#/x-eb-acs" if acs else "#",
                "acs3-hmac-sha256 needs x-eb-acs with version, style (rpc or roa) and algorithm ACS3-HMAC-SHA256",
            )
        for pointer, op, _, _ in self.operation_ids.values():
            if "x-eb-acs-action" not in op:
                self.problem(pointer, "acs3-hmac-sha256 needs x-eb-acs-action, the action's name")
        return replace(base, kind="EB_AUTH_ACS3", acs_version=str(version))

    def _environment(self, schemes: list[Auth]) -> list[Auth]:
        """Variables for the schemes that name none: ACME_API_KEY by its kind, ACME_OTHER_KEY by its name where the
        document has several of a kind."""
        prefix = self.entry.prefix.upper()
        own = [s for s in schemes if s.env_id or s.env_secret or s.env_token]
        kinds = Counter(_kind(s) for s in schemes if s not in own)
        made = []
        for scheme in schemes:
            roles = {} if scheme in own else ENVIRONMENT.get(_kind(scheme), {})
            given: dict[str, Any] = {}
            for role, word in roles.items():
                if kinds[_kind(scheme)] > 1:
                    named = naming.snake(scheme.scheme).upper()
                    word = named if len(roles) == 1 else f"{named}_{word}"
                given[f"env_{role}"] = f"{prefix}_{word}"
            made.append(replace(scheme, **given))
        return made


def _kind(scheme: Auth) -> str:
    if scheme.kind.startswith("EB_AUTH_API_KEY"):
        return "bearer" if scheme.prefix == "Bearer " else "key"
    return scheme.kind


def _place(scheme: Auth) -> str | None:
    """What only one scheme of a request can fill."""
    if scheme.kind in ("EB_AUTH_API_KEY_QUERY", "EB_AUTH_API_KEY_COOKIE"):
        return f"{scheme.kind.rpartition('_')[2].lower()} {scheme.header}"
    if scheme.kind == "EB_AUTH_CLIENT_CERT":
        return None
    return f"header {(scheme.header or 'authorization').lower()}"
