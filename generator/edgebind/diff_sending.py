"""How a call is sent, in two versions: whether, how often and until when again, and below which rate."""

from __future__ import annotations

from .diff_rules import Found
from .emit_common import duration, retry_words
from .ir import Operation, RateLimit


def compare_sending(a: Operation, b: Operation, found: Found) -> None:
    def add(rule: str, old: object = "", new: object = "") -> None:
        found.add(rule, a.name, b.where, old=old, new=new)

    keys = [o.key.wire if o.key else "" for o in (a, b)]
    if keys[0] != keys[1]:
        add(f"operation-key-{'changed' if all(keys) else 'new' if keys[1] else 'gone'}", *keys)
    if a.safe != b.safe:
        add("operation-safe" if b.safe else "operation-unsafe")
    if a.retries != b.retries:
        words = [retry_words(o.retries) if o.retries else "the client's retries" for o in (a, b)]
        add("operation-retries", *words)
    if a.timeout_ms != b.timeout_ms:
        add("operation-timeout", *(duration(o.timeout_ms) if o.timeout_ms else "the client's" for o in (a, b)))
    if a.rate_limit != b.rate_limit:
        add("rate-limit", _rate(a.rate_limit), _rate(b.rate_limit))


def _rate(limit: RateLimit | None) -> str:
    return f"{limit.requests} per {limit.seconds} s and {limit.scope}" if limit else "none"
