"""Tokens and signatures: who is let in, and what the others are told."""

from __future__ import annotations

import time

import pytest

from client import CONTAINER, ESA_APP, TOKEN, Client, message, signed
from edgebind_mock import access

LIST = "ListEdgeContainerApps"
STS = (access.STS_ACCESS_KEY_ID, access.STS_ACCESS_KEY_SECRET, access.STS_SECURITY_TOKEN)


def utc(offset_s: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + offset_s))


@pytest.mark.parametrize(
    ("value", "status"),
    [
        (None, 401),
        ("", 401),
        ("token", 401),
        (f"token token {access.EDGEGAP_TOKEN}", 401),
        (f"Bearer {access.EDGEGAP_TOKEN}", 401),
        (f"Token {access.EDGEGAP_TOKEN}", 401),
        (f"token  {access.EDGEGAP_TOKEN}", 401),
        (access.EDGEGAP_TOKEN, 401),
        ("token 11111111-mock-mock-mock-111111111111", 403),
        (f"token {access.EDGEGAP_TOKEN}", 200),
    ],
)
def test_tokens(mock: Client, value: str | None, status: int) -> None:
    headers = [] if value is None else [("authorization", value)]
    reply = mock.send("GET", "/v1/apps", *headers)
    assert reply.status == status
    if status != 200:
        assert list(reply.json) == ["message"]
    verdict = mock.journal()[0]["verdict"]
    assert verdict["ok"] is (value is not None), verdict


def test_a_good_signature_is_let_in(mock: Client) -> None:
    assert mock.alibaba(LIST).status == 200
    signature = mock.journal()[0]["signature"]
    assert signature["ok"]
    assert signature["canonical_request"].startswith("POST\n/\n\nhost:127.0.0.1:")


def test_temporary_credentials_are_let_in(mock: Client) -> None:
    assert mock.raw(signed(mock.host, LIST, key=STS)).status == 200
    change: dict[str, str | None] = {"x-acs-accesskey-id": STS[0], "x-acs-credentials-provider": "static_sts"}
    assert mock.raw(signed(mock.host, LIST, key=STS, change=change)).status == 200


def test_retry_headers_are_signed(mock: Client) -> None:
    change: dict[str, str | None] = {"x-acs-retry-attempts": "1", "x-acs-retry-delay": "100"}
    assert mock.raw(signed(mock.host, LIST, change=change)).status == 200
    late = mock.raw(signed(mock.host, LIST, afterwards={"x-acs-retry-attempts": "1"}))
    assert late.json["Code"] == "SignatureDoesNotMatch"
    odd = mock.raw(signed(mock.host, LIST, change={"x-acs-retry-attempts": "one"}))
    assert "'one' is not a number" in odd.text


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"key": ("NOBODY", "x", None)}, "InvalidAccessKeyId.NotFound"),
        ({"key": (STS[0], STS[1], None)}, "MissingSecurityToken"),
        ({"key": (STS[0], STS[1], "other")}, "InvalidSecurityToken.Malformed"),
        ({"key": (STS[0], STS[1], access.STS_EXPIRED_TOKEN)}, "InvalidSecurityToken.Expired"),
        (
            {"key": (access.ACCESS_KEY_ID, access.ACCESS_KEY_SECRET, STS[2])},
            "InvalidSecurityToken.MismatchWithAccessKey",
        ),
        ({"change": {"x-acs-accesskey-id": "other"}}, "InvalidAccessKeyId.NotFound"),
        ({"key": (access.ACCESS_KEY_ID, "wrong", None)}, "SignatureDoesNotMatch"),
        ({"afterwards": {"host": "other"}}, "SignatureDoesNotMatch"),
        ({"afterwards": {"x-acs-signature-nonce": "other"}}, "SignatureDoesNotMatch"),
        ({"change": {"x-acs-date": "2026-01-01 00:00:00"}}, "InvalidTimeStamp.Format"),
        ({"change": {"x-acs-date": "2026-02-31T00:00:00Z"}}, "InvalidTimeStamp.Format"),
        ({"change": {"x-acs-date": utc(-16 * 60)}}, "InvalidTimeStamp.Expired"),
        ({"change": {"x-acs-date": utc(16 * 60)}}, "InvalidTimeStamp.Expired"),
        ({"change": {"x-acs-date": None}}, "MissingTimeStamp"),
        ({"change": {"x-acs-content-sha256": "0" * 64}}, "InvalidContentSha256"),
        ({"change": {"x-acs-content-sha256": None}}, "MissingContentSha256"),
        ({"change": {"x-acs-signature-nonce": None}}, "MissingSignatureNonce"),
        ({"afterwards": {"Authorization": None}}, "MissingAuthorization"),
    ],
)
def test_what_is_refused_at_the_gateway(mock: Client, changes: dict, code: str) -> None:  # type: ignore[type-arg]
    reply = mock.raw(signed(mock.host, LIST, **changes))
    assert (reply.status, reply.json["Code"]) == (400, code)
    assert set(reply.json) == {"Code", "Message", "RequestId", "HostId"}
    signature = mock.journal()[0]["signature"]
    assert not signature["ok"]
    assert signature["code"] == code


def test_a_wrong_signature_is_told_the_servers_canonical_request(mock: Client) -> None:
    reply = mock.raw(signed(mock.host, LIST, key=(access.ACCESS_KEY_ID, "wrong", None)))
    assert "Server CanonicalRequest is:[POST\n/\n" in reply.json["Message"]
    assert "server StringToSign is:[ACS3-HMAC-SHA256\n" in reply.json["Message"]


def test_a_date_within_a_quarter_of_an_hour_is_let_in(mock: Client) -> None:
    for offset_s in (-14 * 60, 14 * 60):
        change: dict[str, str | None] = {"x-acs-date": utc(offset_s)}
        assert mock.raw(signed(mock.host, LIST, change=change)).status == 200


def test_a_nonce_serves_once(mock: Client) -> None:
    request = signed(mock.host, LIST)
    assert mock.raw(request).status == 200
    assert mock.raw(request).json["Code"] == "SignatureNonceUsed"


def test_a_refused_request_does_not_use_up_its_nonce(mock: Client) -> None:
    nonce: dict[str, str | None] = {"x-acs-signature-nonce": "n-1"}
    wrong = (access.ACCESS_KEY_ID, "wrong", None)
    assert mock.raw(signed(mock.host, LIST, change=nonce, key=wrong)).status == 400
    assert mock.raw(signed(mock.host, LIST, change=nonce)).status == 200


def test_the_servers_clock_can_be_skewed(mock: Client) -> None:
    mock.control("POST", "settings", {"clock_skew_s": 3600})
    reply = mock.alibaba(LIST)
    assert reply.json["Code"] == "InvalidTimeStamp.Expired"
    then = time.mktime(time.strptime(reply.headers["date"], "%a, %d %b %Y %H:%M:%S GMT"))
    assert abs(then - time.mktime(time.gmtime()) - 3600) < 10
    change: dict[str, str | None] = {"x-acs-date": utc(3600)}
    assert mock.raw(signed(mock.host, LIST, change=change)).status == 200


def test_one_secret_does_not_open_the_other_provider(mock: Client) -> None:
    reply = mock.raw(message(mock.host, "POST", "/", (TOKEN, ("x-acs-action", LIST))))
    assert reply.status == 400
    form = {"AppId": ESA_APP, "Name": "version-1", "Containers": str(CONTAINER)}
    assert mock.send("POST", "/v1/app", ("x-acs-action", "x"), body=str(form).encode()).status == 404
