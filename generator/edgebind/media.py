"""Media types: how a body of one is written, and what its member is called."""

from __future__ import annotations

import re

from . import names as naming

_TEXTS = {
    f"application/{name}"
    for name in "graphql javascript jsonl jwt ndjson sql toml x-ndjson x-yaml xml xml-dtd yaml".split()
}
STRUCTURED = ("object", "map", "list", "json")


def base(media: str) -> str:
    """ "application/json" of "Application/JSON; charset=utf-8"."""
    return media.partition(";")[0].strip().lower()


def is_json(media: str) -> bool:
    name = base(media)
    return name in ("application/json", "text/json") or name.endswith("+json")


def is_text(media: str) -> bool:
    name = base(media)
    return name.startswith("text/") or name in _TEXTS or name.endswith(("+xml", "+yaml"))


def send(media: str, sort: str) -> str:
    """How a body of this type with a schema of this sort is written: one of eb_send."""
    name = base(media)
    if sort == "body":
        return "EB_SEND_BYTES"
    if is_json(media) or (name in ("*/*", "application/*") and sort != "json" and sort != "string"):
        return "EB_SEND_JSON"
    if name == "multipart/form-data":
        return "EB_SEND_MULTIPART"
    if name == "application/x-www-form-urlencoded":
        return "EB_SEND_TEXT" if sort == "string" else "EB_SEND_FORM"
    return "EB_SEND_TEXT" if is_text(media) else "EB_SEND_BYTES"


def sent(media: str, how: str) -> str:
    """The Content-Type as it is sent: what the document says, without a pattern where bytes do not choose."""
    if how == "EB_SEND_MULTIPART":
        return "multipart/form-data"  # the boundary goes behind it
    if "*" not in base(media) or how == "EB_SEND_BYTES":
        return media
    return "application/json" if how == "EB_SEND_JSON" else "text/plain"


def member(media: str, how: str) -> str:
    """What the member of such a body is called where there are several: "body_form"."""
    usual = {"EB_SEND_FORM": "form", "EB_SEND_MULTIPART": "multipart", "EB_SEND_BYTES": "binary"}
    if how in usual:
        return f"body_{usual[how]}"
    subtype = re.sub(r"^x-|\+json$", "", base(media).partition("/")[2])
    return "body_" + ("text" if subtype in ("plain", "*") else naming.snake(subtype))


def is_type(media: str) -> bool:
    """Is it a media type, with parameters perhaps, that can stand in a header?"""
    token = r"[A-Za-z0-9!#$&^_.+*-]+"
    return re.fullmatch(rf"{token}/{token}(\s*;[\x20-\x7e]*)?", media) is not None
