"""Signing in at Alibaba: what is signed, and what happens when it is refused."""

from __future__ import annotations

import re
from typing import Any

import pytest

import spec
from harness import KEY, STS, Bench, header

SIGNED = [op for op in spec.ALL if spec.api_of(op) in ("esa", "dcdn", "sae")]
SAE = {"AppId": "0099b7be-5f5b-4512-a7fc-56049ef1f000"}


@pytest.mark.parametrize("operation", SIGNED)
def test_wrong_secret_is_the_service_saying_no(bench: Bench, operation: str) -> None:
    answer = bench.example_call(operation, options={"key_secret": "not-the-secret"})
    assert (answer.status, answer.http_status, answer.code) == ("EB_API", 400, "SignatureDoesNotMatch"), answer
    assert answer.reason == "server_said_no" and len(answer.attempts) == 1
    assert "not-the-secret" not in answer.message
    assert "secret" in answer.message.partition("(")[2], answer  # the explanation behind the service's words
    assert answer.request_id == answer.header("x-acs-request-id") != ""


@pytest.mark.parametrize(
    ("credentials", "code"),
    [
        (KEY | {"key_id": "unknown"}, "InvalidAccessKeyId.NotFound"),
        (KEY | {"security_token": "mock/security+token=="}, "InvalidSecurityToken.MismatchWithAccessKey"),
        (STS | {"security_token": None}, "MissingSecurityToken"),
        (STS | {"security_token": "mock/expired+token=="}, "InvalidSecurityToken.Expired"),
        (STS | {"security_token": "other"}, "InvalidSecurityToken.Malformed"),
        (STS | {"key_secret": "wrong"}, "SignatureDoesNotMatch"),
    ],
)
def test_refused_credentials_say_which(bench: Bench, credentials: dict[str, Any], code: str) -> None:
    answer = bench.call("ListAppVersions", SAE, options=credentials)
    assert (answer.status, answer.http_status, answer.code) == ("EB_API", 400, code), answer
    assert len(answer.attempts) == 1


@pytest.mark.parametrize("operation", SIGNED)
def test_temporary_key_sends_its_token_signed(bench: Bench, operation: str) -> None:
    bench.mock.example(operation)
    answer = bench.example_call(operation, options=STS)
    assert answer.status == "EB_OK", answer
    entry = bench.mock.journal()[0]
    assert entry["signature"]["ok"]
    assert header(entry, "x-acs-security-token") == STS["security_token"]
    assert header(entry, "x-acs-accesskey-id") == STS["key_id"]
    signed = re.search("SignedHeaders=([^,]*)", header(entry, "authorization") or "")
    assert signed is not None and {"x-acs-security-token", "x-acs-accesskey-id"} <= set(signed[1].split(";"))


@pytest.mark.parametrize("operation", SIGNED)
def test_all_that_is_alibabas_is_signed(bench: Bench, operation: str) -> None:
    bench.mock.example(operation)
    bench.example_call(operation)
    entry = bench.mock.journal()[0]
    names = [name.lower() for name, _ in entry["headers"]]
    signed = re.search("SignedHeaders=([^,]*)", header(entry, "authorization") or "")
    assert signed is not None
    wanted = {name for name in names if name.startswith("x-acs-")} | {"host"} | ({"content-type"} & set(names))
    assert set(signed[1].split(";")) == wanted and signed[1] == ";".join(sorted(wanted))
    found = spec.operation(operation)
    assert header(entry, "x-acs-action") == found.action
    assert header(entry, "x-acs-version") == found.document.version
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", header(entry, "x-acs-date") or "")
    assert re.fullmatch(r"[0-9a-f]{64}", header(entry, "x-acs-content-sha256") or "")
    assert header(entry, "x-acs-retry-attempts") is None


@pytest.mark.parametrize("skew_s", [3600, -3600, 86400 * 400])
@pytest.mark.parametrize("operation", ["ListAppVersions", "CreateEdgeContainerAppVersion"])
def test_wrong_clock_is_corrected_once(bench: Bench, operation: str, skew_s: int) -> None:
    """Also where a repetition is not safe: a refused date means that nothing was done."""
    bench.mock.settings(clock_skew_s=skew_s)
    params = SAE if operation == "ListAppVersions" else {"body": spec.body_example(operation)}
    answer = bench.ok(operation, params, client="skewed")
    assert answer.tried("code") == ["InvalidTimeStamp.Expired", ""]
    assert answer.tried("reason") == ["clock_skew", "done"]
    assert answer.tried("delay_ms") == [0, 0]
    params = SAE if operation == "ListAppVersions" else {"body": spec.body_example(operation) | {"Name": "another-1"}}
    assert len(bench.ok(operation, params, client="skewed").attempts) == 1, "the client has learned the time"
    dates = [header(entry, "x-acs-date") for entry in bench.mock.journal()]
    assert dates[0] != dates[1]


def test_clock_that_stays_wrong_is_corrected_only_once(bench: Bench) -> None:
    refusal = {"status": 400, "code": "InvalidTimeStamp.Expired", "headers": {"Date": "Wed, 01 Jan 2020 00:00:00 GMT"}}
    bench.mock.fault("ListAppVersions", refusal, times=None)
    answer = bench.call("ListAppVersions", SAE, options={"retries": 5})
    assert answer.status == "EB_API" and answer.code == "InvalidTimeStamp.Expired"
    assert answer.tried("reason") == ["clock_skew", "server_said_no"], answer


def test_refused_date_with_the_right_clock_is_final(bench: Bench) -> None:
    bench.mock.fault("ListAppVersions", {"status": 400, "code": "InvalidTimeStamp.Format"})
    answer = bench.call("ListAppVersions", SAE)
    assert answer.status == "EB_API" and answer.tried("reason") == ["server_said_no"]


def test_every_attempt_has_its_own_nonce_and_counts_itself(bench: Bench) -> None:
    bench.mock.fault("ListAppVersions", name="throttled", times=2)
    answer = bench.ok("ListAppVersions", SAE)
    assert answer.tried("reason") == ["throttled", "throttled", "done"]
    entries = bench.mock.journal()
    assert len({header(entry, "x-acs-signature-nonce") for entry in entries}) == 3
    assert len({header(entry, "authorization") for entry in entries}) == 3
    assert all(entry["signature"]["ok"] for entry in entries)
    assert [header(entry, "x-acs-retry-attempts") for entry in entries] == [None, "1", "2"]
    delays = [header(entry, "x-acs-retry-delay") for entry in entries]
    assert delays == [None, *(str(delay) for delay in answer.tried("delay_ms")[:2])]
    signed = [re.search("SignedHeaders=([^,]*)", header(entry, "authorization") or "") for entry in entries]
    assert signed[1] is not None and "x-acs-retry-attempts" in signed[1][1].split(";")


def test_nonce_that_was_seen_before_means_that_a_copy_arrived(bench: Bench) -> None:
    """Something on the way has sent the request twice: reading goes on, the rest is left to the caller."""
    for operation in SIGNED:
        refusal = {"status": 400, "code": "SignatureNonceUsed"}
        bench.mock.faults(operation, [refusal, {"example": True}])
        answer = bench.example_call(operation)
        if spec.is_safe(operation):
            assert answer.status == "EB_OK" and answer.tried("code") == ["SignatureNonceUsed", ""], answer
        else:
            assert (answer.status, answer.code, answer.reason) == ("EB_API", "SignatureNonceUsed", "maybe_done"), answer
            assert "may have been carried out" in answer.message and len(answer.attempts) == 1
        bench.mock.control("DELETE", "faults")


def test_no_nonce_comes_twice(bench: Bench) -> None:
    for _ in range(50):
        bench.ok("ListAppVersions", SAE, client="many")
    nonces = [header(entry, "x-acs-signature-nonce") for entry in bench.mock.journal()]
    assert len(set(nonces)) == 50


@pytest.mark.parametrize("text", ["a b", "a+b", "%41", "ü/\u20ac", "~-_.", "a&b=c;d", "'()*!", '"<>\\^`{|}', " "])
def test_awkward_values_are_encoded_and_signed(bench: Bench, text: str) -> None:
    bench.mock.example("ListEdgeContainerApps")
    bench.ok("ListEdgeContainerApps", {"SearchKey": text, "SearchType": text, "PageNumber": 2})
    body = {"Name": text, "CodeDescription": text}
    bench.ok("UploadRoutineCode", {"body": body})
    assert all(entry["signature"]["ok"] for entry in bench.mock.journal())
    from urllib.parse import unquote

    got = dict(pair.split("=") for pair in bench.mock.journal("UploadRoutineCode")[0]["body"].split("&"))
    assert {unquote(k): unquote(v) for k, v in got.items()} == body


def test_headers_of_the_caller_leave_the_signature_right(bench: Bench) -> None:
    bench.mock.settings(allow_headers=["x-trace"])
    answer = bench.call("ListAppVersions", SAE, call={"headers": [["X-Trace", " a  b "]]})
    assert answer.status == "EB_OK", answer


class TestToken:
    def test_wrong_token(self, bench: Bench) -> None:
        answer = bench.call("application-list", options={"token": "ffffffff-0000"})
        assert (answer.status, answer.http_status, answer.reason) == ("EB_API", 403, "server_said_no")
        assert "ffffffff-0000" not in answer.message

    def test_token_that_no_header_can_hold(self, bench: Bench) -> None:
        answer = bench.call("application-list", options={"token": "abc\r\nx-evil: 1"})
        assert answer.status == "EB_AUTH" and "abc" not in answer.message, answer
        assert bench.mock.journal() == []

    def test_no_credentials_for_an_api_that_wants_some(self, bench: Bench) -> None:
        options = {"no_credentials": True, "base_url": bench.mock.url}
        for operation, params in (("application-list", {}), ("ListAppVersions", SAE)):
            answer = bench.call(operation, params, only=True, options=options)
            assert answer.status == "EB_AUTH", answer
        assert bench.mock.journal() == []
