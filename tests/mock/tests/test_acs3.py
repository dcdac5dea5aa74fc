"""The signature judge against vectors that the provider's own SDK made."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from edgebind_mock import acs3
from edgebind_mock.received import Received

VECTORS = Path(__file__).resolve().parents[2] / "vectors" / "acs3-vectors.json"


def vectors() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(VECTORS.read_text(encoding="utf-8"))["vectors"]
    return found


def received(vector: dict[str, Any], target: str) -> Received:
    if vector["body"] is None:
        body = base64.b64decode(vector["body_base64"])
    else:
        body = vector["body"].encode()
    return Received(vector["method"], target, list(vector["headers"].items()), body, len(body))


def test_there_are_27_vectors() -> None:
    assert len(vectors()) == 27


@pytest.mark.parametrize("vector", vectors(), ids=lambda v: v["name"])
def test_signs_like_the_sdk(vector: dict[str, Any]) -> None:
    query = "&".join(f"{acs3.encode(name.encode())}={acs3.encode(value.encode())}" for name, value in vector["query"])
    request = received(vector, vector["path"] + (f"?{query}" if query else ""))
    found = acs3.sign(request, vector["access_key_secret"])
    assert found.canonical_request == vector["canonical_request"]
    assert found.string_to_sign == vector["string_to_sign"]
    assert found.authorization(vector["access_key_id"]) == vector["authorization"]


@pytest.mark.parametrize("vector", vectors(), ids=lambda v: v["name"])
def test_signs_what_the_sdk_put_on_the_wire(vector: dict[str, Any]) -> None:
    request = received(vector, vector["sdk_request_target"])
    found = acs3.sign(request, vector["access_key_secret"])
    assert found.authorization(vector["access_key_id"]) == vector["authorization"]


@pytest.mark.parametrize(
    "value",
    [
        "",
        "ACS3-HMAC-SHA256",
        "ACS3-HMAC-SHA256 Credential=a, SignedHeaders=host, Signature=" + "0" * 64,
        "ACS3-HMAC-SHA256 Credential=a,SignedHeaders=Host,Signature=" + "0" * 64,
        "ACS3-HMAC-SHA256 Credential=a,SignedHeaders=host,Signature=" + "A" * 64,
        "acs3-hmac-sha256 Credential=a,SignedHeaders=host,Signature=" + "0" * 64,
    ],
)
def test_a_malformed_authorization_is_none(value: str) -> None:
    assert acs3.parse_authorization(value) is None
