"""What `edgebind diff` can find, as a table: each rule, how bad it is, and how it is said.

A user of the headers is who counts. Breaking source: a program that uses it does not compile any more. Breaking ABI: it
compiles, and what is compiled already has to be compiled again. Behaviour: the same program does something else, or is
told something else. Additive: there is more than before. Documentation: words.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Level(Enum):
    """From the worst to the least."""

    SOURCE = "breaking source"
    ABI = "breaking ABI"
    BEHAVIOUR = "behaviour"
    ADDITIVE = "additive"
    DOCUMENTATION = "documentation"

    @property
    def rank(self) -> int:
        return list(Level).index(self)


@dataclass(frozen=True)
class Change:
    """One thing that a user of the headers will notice."""

    rule: str         # "member-type", a key of RULES
    name: str         # "edgegap_port.protocol", in C, the old name where it changed
    text: str         # "int64_t became const char *"
    pointer: str      # "#/components/schemas/Port/properties/protocol"
    gone: bool = False  # the pointer is one into the old document

    @property
    def level(self) -> Level:
        return RULES[self.rule][0]


_SOURCE, _ABI, _BEHAVIOUR, _MORE, _WORDS = Level

RULES: dict[str, tuple[Level, str]] = {
    # The API as a whole
    "api-added": (_MORE, "a new API, edgebind/{new}.h"),
    "api-removed": (_SOURCE, "the API is gone, and edgebind/{old}.h with it"),
    "header-renamed": (_SOURCE, "include edgebind/{new}.h instead of edgebind/{old}.h"),
    "api-text": (_WORDS, "{what} changed"),
    "server-changed": (_BEHAVIOUR, "calls go to {new} instead of {old}"),
    "server-added": (_MORE, "a new server to choose, {new}"),
    "server-removed": (_SOURCE, "the server {old} is gone"),
    "server-renamed": (_SOURCE, "is called {new} now"),
    "server-renumbered": (_ABI, "is number {new} instead of {old}"),
    "server-moved": (_BEHAVIOUR, "stands for {new} instead of {old}"),
    "server-text": (_WORDS, "what is said about it changed"),
    "variable-added": (_BEHAVIOUR, "the server variable {new} must be given"),
    "variable-added-optional": (_MORE, "the server variable {new} may be given"),
    "variable-removed": (_BEHAVIOUR, "the server variable {old} is gone"),
    "variable-default": (_BEHAVIOUR, "the server variable {what} is {new} unless given, it was {old}"),
    "variable-values-fewer": (_BEHAVIOUR, "the server variable {what} may not be {old} any more"),
    "variable-values-more": (_MORE, "the server variable {what} may also be {new}"),
    "auth-changed": (_BEHAVIOUR, "credentials are sent another way: {new} instead of {old}"),
    "auth-environment": (_BEHAVIOUR, "credentials come from {new} instead of {old}"),
    "auth-added": (_MORE, "a new security scheme, {new}"),
    "auth-withdrawn": (_BEHAVIOUR, "the security scheme {old} is gone"),
    "auth-scope": (_BEHAVIOUR, "access tokens are asked for with the scope {new} instead of {old}"),
    "auth-text": (_WORDS, "what is said about the security scheme {what} changed"),
    "security-changed": (_BEHAVIOUR, "operations that say nothing else want {new} instead of {old}"),
    "errors-read": (_BEHAVIOUR, "failures are read from answers another way ({what})"),
    # Error codes
    "code-added": (_MORE, "a new error code, {new}"),
    "code-removed": (_SOURCE, "the error code {old} is gone"),
    "code-renamed": (_SOURCE, "is called {new} now"),
    "code-renumbered": (_ABI, "is number {new} instead of {old}"),
    "code-wire": (_BEHAVIOUR, "stands for the code {new} instead of {old}"),
    "code-text": (_WORDS, "what is said about it changed"),
    # Operations
    "operation-added": (_MORE, "a new operation, {new}"),
    "operation-removed": (_SOURCE, "the operation {old} is gone"),
    "operation-renamed": (_SOURCE, "is called {new} now"),
    "operation-request": (_BEHAVIOUR, "sends {new} instead of {old}"),
    "operation-id": (_BEHAVIOUR, "eb_invoke knows it as {new} instead of {old}"),
    "operation-body": (_BEHAVIOUR, "the body is {new} instead of {old}"),
    "body-type": (_BEHAVIOUR, "{what} is sent as {new} instead of {old}"),
    "body-parts": (_BEHAVIOUR, "members of the form in {what} are written another way"),
    "body-one": (_BEHAVIOUR, "one of the bodies must be given now, or the call is refused"),
    "operation-result": (_SOURCE, "the result is {new} instead of {old}"),
    "operation-result-raw": (_BEHAVIOUR, "the body of a success is {new} instead of {old}"),
    "operation-accept": (_BEHAVIOUR, "asks for {new} instead of {old}"),
    "operation-safe": (_BEHAVIOUR, "is sent again after an unclear failure, which it was not"),
    "operation-unsafe": (_BEHAVIOUR, "is not sent again after an unclear failure, which it was"),
    "operation-key-new": (_BEHAVIOUR, "is sent with the idempotency key {new}, which it was not"),
    "operation-key-gone": (_BEHAVIOUR, "is sent without the idempotency key {old}"),
    "operation-key-changed": (_BEHAVIOUR, "the idempotency key is {new} instead of {old}"),
    "operation-retries": (_BEHAVIOUR, "unless a caller says otherwise, {new} instead of {old}"),
    "operation-timeout": (_BEHAVIOUR, "unless a caller gives a deadline, it is {new} instead of {old}"),
    "operation-credentials": (_BEHAVIOUR, "{new} credentials"),
    "operation-security": (_BEHAVIOUR, "wants {new} instead of {old}"),
    "operation-server": (_BEHAVIOUR, "goes to {new} instead of {old}"),
    "operation-deprecated": (_WORDS, "is deprecated"),
    "operation-text": (_WORDS, "what is said about it changed"),
    "rate-limit": (_BEHAVIOUR, "the rate limit is {new} instead of {old}"),
    "pages-added": (_MORE, "has a pager now, {new}"),
    "pages-removed": (_SOURCE, "has no pager any more"),
    "pages-item": (_SOURCE, "the pager hands out {new} instead of {old}"),
    "pages-changed": (_BEHAVIOUR, "pages are asked for another way ({what})"),
    "verify-added": (_MORE, "has {new} now"),
    "verify-removed": (_SOURCE, "{old} is gone"),
    "verify-result": (_SOURCE, "{what} hands out {new} instead of {old}"),
    "verify-changed": (_BEHAVIOUR, "{what} asks another way"),
    "link-added": (_MORE, "has {new} now"),
    "link-removed": (_SOURCE, "{old} is gone"),
    "link-renamed": (_SOURCE, "{old} is called {new} now"),
    "link-changed": (_BEHAVIOUR, "{what} uploads another way"),
    "wait-added": (_MORE, "has {new} now"),
    "wait-removed": (_SOURCE, "{old} is gone"),
    "wait-renamed": (_SOURCE, "{old} is called {new} now"),
    "wait-changed": (_BEHAVIOUR, "{what} waits another way ({new})"),
    # Answers
    "status-added": (_WORDS, "the status {new} is documented"),
    "status-removed": (_WORDS, "the status {old} is not documented any more"),
    "status-success": (_BEHAVIOUR, "the status {what} is {new} now"),
    "status-codes": (_WORDS, "the status {what} is documented with other codes"),
    "answer-added": (_MORE, "{new} gives {what}"),
    "answer-removed": (_SOURCE, "{old} is gone"),
    "answer-type": (_SOURCE, "{what} gives {new} instead of {old}"),
    "events-added": (_MORE, "{new} walks the answer as a stream"),
    "events-removed": (_SOURCE, "{old} is gone"),
    "events-type": (_SOURCE, "the events of the stream hold {new} instead of {old}"),
    "events-changed": (_BEHAVIOUR, "the stream is asked for, or ends, another way"),
    "headers-added": (_MORE, "{new}_of gives the answer's headers"),
    "headers-removed": (_SOURCE, "{old}_of is gone"),
    "status-text": (_WORDS, "what is said about the status {what} changed"),
    # Members of structs; the parameters of an operation are the members of its _params
    "member-added": (_ABI, "a new member, {new}"),
    "member-added-required": (_BEHAVIOUR, "a new member that must be set, or the call is refused"),
    "member-removed": (_SOURCE, "the member is gone"),
    "member-renamed": (_SOURCE, "is called {new} now"),
    "member-type": (_SOURCE, "is {new} instead of {old}"),
    "member-moved": (_ABI, "members stand in another order: {what}"),
    "member-wire": (_BEHAVIOUR, "is {new} on the wire instead of {old}"),
    "member-place": (_BEHAVIOUR, "is sent as {new} instead of {old}"),
    "member-required": (_BEHAVIOUR, "must be set now, or the call is refused"),
    "member-promised": (_BEHAVIOUR, "an answer without it is an error now"),
    "member-optional": (_MORE, "need not be set any more"),
    "member-may-be-absent": (_BEHAVIOUR, "may be absent from an answer now"),
    "member-may-be-null": (_BEHAVIOUR, "may be null in an answer now"),
    "member-takes-null": (_MORE, "may be set to null now"),
    "member-not-null": (_BEHAVIOUR, "cannot be null any more"),
    "member-range-narrower": (_BEHAVIOUR, "the range is {new}, it was {old}"),
    "member-range-wider": (_MORE, "the range is {new}, it was {old}"),
    "member-default": (_BEHAVIOUR, "the service's default: {new} instead of {old}"),
    "member-direction": (_BEHAVIOUR, "is {new} now, it was {old}"),
    "member-secret": (_BEHAVIOUR, "is {new} in prints and logs"),
    "member-deprecated": (_WORDS, "is deprecated"),
    "member-text": (_WORDS, "what is said about it changed"),
    # Types
    "struct-added": (_MORE, "a new struct"),
    "struct-removed": (_SOURCE, "the struct is gone"),
    "struct-renamed": (_SOURCE, "is called {new} now"),
    "struct-null-added": (_MORE, "may be null: {new}"),
    "struct-null-removed": (_SOURCE, "{old} is gone"),
    "struct-json-added": (_MORE, "has functions for JSON, print, equal and dup now"),
    "struct-json-removed": (_SOURCE, "has no functions for JSON, print, equal and dup any more"),
    "struct-text": (_WORDS, "what is said about it changed"),
    "union-added": (_MORE, "a new union"),
    "union-removed": (_SOURCE, "the union is gone"),
    "union-renamed": (_SOURCE, "is called {new} now"),
    "union-null-added": (_MORE, "may be null: {new}"),
    "union-null-removed": (_SOURCE, "{old} is gone"),
    "union-text": (_WORDS, "what is said about it changed"),
    "union-told": (_BEHAVIOUR, "alternatives are told apart by {new} instead of {old}"),
    "alternative-added": (_MORE, "a new alternative, {new}; what it is was OTHER before, or another one"),
    "alternative-removed": (_SOURCE, "the alternative is gone; what it was is OTHER now, or another one"),
    "alternative-renamed": (_SOURCE, "is called {new} now"),
    "alternative-renumbered": (_ABI, "is number {new} instead of {old}"),
    "alternative-type": (_SOURCE, "is {new} instead of {old}"),
    "alternative-member": (_SOURCE, "stands in u.{new} instead of u.{old}"),
    "alternative-tags": (_BEHAVIOUR, "is told by {new} instead of {old}"),
    "list-added": (_MORE, "a new list"),
    "list-removed": (_SOURCE, "the list is gone"),
    "list-renamed": (_SOURCE, "is called {new} now"),
    "list-item": (_SOURCE, "holds {new} instead of {old}"),
    "map-added": (_MORE, "a new map"),
    "map-removed": (_SOURCE, "the map is gone"),
    "map-renamed": (_SOURCE, "is called {new} now"),
    "map-value": (_SOURCE, "holds {new} instead of {old}"),
    "enum-added": (_MORE, "a new enum"),
    "enum-removed": (_SOURCE, "the enum is gone"),
    "enum-renamed": (_SOURCE, "is called {new} now"),
    "enum-kind": (_SOURCE, "is {new} on the wire instead of {old}"),
    "enum-item-added": (_MORE, "stands in lists: {new}"),
    "enum-item-removed": (_SOURCE, "{old} is gone"),
    "enum-text": (_WORDS, "what is said about it changed"),
    "value-added": (_MORE, "a new value, {new}"),
    "value-removed": (_SOURCE, "the value {old} is gone"),
    "value-renamed": (_SOURCE, "is called {new} now"),
    "value-renumbered": (_ABI, "is number {new} instead of {old}"),
    "value-wire": (_BEHAVIOUR, "is {new} on the wire instead of {old}"),
}


class Found:
    """Collects changes, and which C names took the place of which."""

    def __init__(self) -> None:
        self.changes: list[Change] = []
        self.renamed: dict[str, str] = {}  # old type -> new type

    def add(
        self,
        rule: str,
        name: str,
        pointer: str,
        *,
        old: object = "",
        new: object = "",
        what: str = "",
        gone: bool = False,
    ) -> None:
        text = RULES[rule][1].format(old=_said(old), new=_said(new), what=what)
        self.changes.append(Change(rule, name, text, pointer, gone))

    def same(self, old: str | None, new: str | None) -> bool:
        """Are two types the same one, though it may be called otherwise now? That is said once, at the type."""
        return old == new or (old is not None and self.renamed.get(old) == new)


def _said(value: object) -> str:
    if isinstance(value, tuple | list):
        return ", ".join(map(_said, value)) or "nothing"
    return "nothing" if value is None or value == "" else str(value)
