"""Two versions of an API compared: where calls go, and what lets them in."""

from __future__ import annotations

from .diff_rules import Found
from .diff_types import pairs
from .emit_common import ways
from .ir import Api, Auth, Operation
from .load import join


def compare_servers(old: Api, new: Api, found: Found) -> None:
    """The constants for several servers."""
    both, gone, come = pairs(old.choices, new.choices, lambda c: c.server.url, key=lambda c: c.name)
    for choice in gone:
        found.add("server-removed", choice.name, choice.server.where, old=choice.server.url, gone=True)
    for choice in come:
        found.add("server-added", choice.name, choice.server.where, new=choice.server.url)
    for a, b in both:
        if a.name != b.name:
            found.add("server-renamed", a.name, b.server.where, new=b.name)
        if a.number != b.number:
            found.add("server-renumbered", b.name, b.server.where, old=a.number, new=b.number)
        if a.server.url != b.server.url and b.server != new.server:  # that one has a rule of its own
            found.add("server-moved", b.name, b.server.where, old=a.server.url, new=b.server.url)
        if a.server.doc != b.server.doc:
            found.add("server-text", b.name, b.server.where)


def compare_schemes(old: Api, new: Api, found: Found) -> None:
    name = f"{new.name}_api"
    at = "#/components/securitySchemes"
    alone = len(old.schemes) == len(new.schemes) == 1  # whatever it is called: it is the same to programs
    both, gone, come = pairs(old.schemes, new.schemes, key=lambda s: "" if alone else s.scheme)
    for scheme in gone:
        found.add("auth-withdrawn", name, join(at, scheme.scheme), old=scheme.scheme, gone=True)
    for scheme in come:
        found.add("auth-added", name, join(at, scheme.scheme), new=scheme.scheme)
    for a, b in both:
        here = join(at, b.scheme)
        if _sent(a) != _sent(b):
            found.add("auth-changed", name, here, old=_way(a), new=_way(b))
        names = [tuple(e for e in (s.env_id, s.env_secret, s.env_token) if e) for s in (a, b)]
        if names[0] != names[1]:
            found.add("auth-environment", name, here, old=names[0], new=names[1])
        if a.scope != b.scope:
            found.add("auth-scope", name, here, old=a.scope or "none", new=b.scope or "none")
        if a.doc != b.doc:
            found.add("auth-text", name, here, what=b.scheme)
    if _demanded(old) != _demanded(new):
        demands = [ways(api.security) or "none" for api in (old, new)]
        found.add("security-changed", name, "#/security", old=demands[0], new=demands[1])


def compare_demands(old: Api, new: Api, a: Operation, b: Operation, found: Found) -> None:
    """What one operation demands, where it is not simply what all do."""
    was, now = old.demands(a), new.demands(b)
    if bool(was) != bool(now):
        found.add("operation-credentials", a.name, b.where, new="sends" if now else "does not send")
    elif (a.security is not None or b.security is not None) and ways(was) != ways(now):
        found.add("operation-security", a.name, b.where, old=ways(was), new=ways(now))


def _demanded(api: Api) -> tuple[tuple[str, ...], ...]:
    """What has to be given; an API with one scheme needs no name for it."""
    return tuple(tuple(name if len(api.schemes) > 1 else "" for name, _ in way.schemes) for way in api.security)


def _sent(scheme: Auth) -> tuple[object, ...]:
    return (scheme.kind, scheme.header, scheme.prefix, scheme.acs_version, scheme.token_url, scheme.in_body)


def _way(scheme: Auth) -> str:
    if scheme.acs_version is not None:
        return f"ACS3 signatures for version {scheme.acs_version}"
    if scheme.kind == "EB_AUTH_API_KEY_HEADER":
        return f"{scheme.header}: {scheme.prefix}..."
    if scheme.token_url is not None:
        return f"OAuth 2.0 tokens of {scheme.token_url}" + (", secret in the body" if scheme.in_body else "")
    words = {"QUERY": "query parameter", "COOKIE": "cookie", "BASIC": "HTTP basic", "CERT": "client certificate"}
    word = words[scheme.kind.rpartition("_")[2]]
    return f"{word} {scheme.header}" if word in ("query parameter", "cookie") else word
