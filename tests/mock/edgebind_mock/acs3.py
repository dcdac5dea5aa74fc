"""Signature version 3 (ACS3-HMAC-SHA256), computed from a request as it was received.

Everything here is a function of its arguments. `Signature` keeps the steps, so that a refusal can
show the caller which one differs."""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from edgebind_mock.received import Received

ALGORITHM = "ACS3-HMAC-SHA256"
UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
AUTHORIZATION = re.compile(ALGORITHM + r" Credential=([^,\s]+),SignedHeaders=([a-z0-9;-]+),Signature=([0-9a-f]{64})")


@dataclass(frozen=True)
class Authorization:
    credential: str
    signed_headers: str
    signature: str


@dataclass(frozen=True)
class Signature:
    canonical_request: str
    string_to_sign: str
    signed_headers: str
    signature: str

    def authorization(self, key_id: str) -> str:
        return f"{ALGORITHM} Credential={key_id},SignedHeaders={self.signed_headers},Signature={self.signature}"


def parse_authorization(value: str) -> Authorization | None:
    found = AUTHORIZATION.fullmatch(value)
    return Authorization(*found.groups()) if found else None


def encode(data: bytes) -> str:
    """RFC 3986: unreserved bytes as they are, all others as %XX."""
    return "".join(chr(byte) if byte in UNRESERVED else f"%{byte:02X}" for byte in data)


def canonical_path(path: str) -> str:
    return "/".join(encode(unquote_to_bytes(part)) for part in path.split("/")) or "/"


def canonical_query(query: str) -> str:
    """Sorted by decoded name, then value; every pair keeps its `=`."""
    pairs = []
    for piece in query.split("&"):
        if piece:
            name, _, value = piece.partition("=")
            pairs.append((_decode(name), _decode(value)))
    return "&".join(f"{encode(name)}={encode(value)}" for name, value in sorted(pairs))


def _decode(text: str) -> bytes:
    return unquote_to_bytes(text.replace("+", " "))


def signed_headers(headers: list[tuple[str, str]]) -> dict[str, str]:
    """host, content-type and x-acs-*, lower case and sorted; repeated ones joined by `,`."""
    found: dict[str, list[str]] = {}
    for name, value in headers:
        lower = name.lower()
        if lower in ("host", "content-type") or lower.startswith("x-acs-"):
            found.setdefault(lower, []).append(value.strip())
    return {name: ",".join(sorted(found[name])) for name in sorted(found)}


def sign(received: Received, secret: str) -> Signature:
    """The signature this request ought to carry."""
    headers = signed_headers(received.headers)
    names = ";".join(headers)
    canonical = "\n".join(
        [
            received.method.upper(),
            canonical_path(received.path),
            canonical_query(received.query or ""),
            "".join(f"{name}:{value}\n" for name, value in headers.items()),
            names,
            headers.get("x-acs-content-sha256", ""),
        ]
    )
    digest = hashlib.sha256(canonical.encode("utf-8", "surrogateescape")).hexdigest()
    text = f"{ALGORITHM}\n{digest}"
    mac = hmac.new(secret.encode("utf-8"), text.encode("ascii"), hashlib.sha256).hexdigest()
    return Signature(canonical, text, names, mac)


def same(left: str, right: str) -> bool:
    return hmac.compare_digest(left.encode("utf-8"), right.encode("utf-8"))
