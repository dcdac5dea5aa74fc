"""Every failure that a document describes, with each of its examples and each of its codes."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape

import pytest

import spec
from harness import Answer, Bench

CASES = [(operation, one) for operation in spec.ALL for one in spec.failures(operation)]
IDS = [f"{operation}-{'default' if one.is_default else one.status}" for operation, one in CASES]


# Codes to whose message the library adds what it knows.
EXPLAINED = {
    "SignatureDoesNotMatch": "(the service does not say what it signed)",
    "SignatureNonceUsed": "a copy of the request arrived before and may have been carried out",
}


def shape(operation: str) -> str:
    return str(spec.operation(operation).document.raw["x-eb-errors"]["format"])


def fault_of(operation: str, status: int, body: dict[str, Any]) -> dict[str, Any]:
    """The documented error as the provider writes it."""
    if shape(operation) == "json":
        return {"status": status, "body": body}
    inner = "".join(f"<{name}>{escape(text)}</{name}>" for name, text in body.items())
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<Error>{inner}</Error>'
    return {"status": status, "headers": {"Content-Type": "application/xml"}, "body": text}


def assert_says(answer: Answer, status: int, body: dict[str, Any]) -> None:
    assert answer.status == answer.cause == "EB_API", answer
    assert answer.http_status == status and answer.sent == "answered"
    assert answer.code == body.get("Code", "")
    message = body.get("Message", body.get("message"))
    fields = body.get("errors")
    if fields:
        name, text = next(iter(fields.items()))
        message = f"{message}: {name}: {text}"
        assert answer.field == name
    if answer.code in EXPLAINED and shape(answer.order["operation"]) == "json":
        assert answer.message.startswith(message) and answer.message.endswith(EXPLAINED[answer.code]), answer
    elif answer.reason == "not_safe":  # a passing failure of a call that must not be repeated
        assert answer.message.startswith(f"{message}, HTTP {status}: it may have been carried out"), answer
    else:
        assert answer.message == message, answer
    if "RequestId" in body:
        assert answer.request_id == body["RequestId"]
    assert answer.tried("http_status") == [status] and answer.tried("code") == [answer.code]


@pytest.mark.parametrize(("operation", "response"), CASES, ids=IDS)
def test_documented_failure_is_reported_as_it_stands(bench: Bench, operation: str, response: spec.Response) -> None:
    assert response.examples, "a documented failure without an example"
    statuses = [response.status] if not response.is_default else [429, 418, 501]
    cases = [(status, body) for status in statuses for body in response.examples]
    bench.mock.faults(operation, [fault_of(operation, status, body) for status, body in cases])
    for status, body in cases:
        assert_says(bench.example_call(operation, call={"retries": -1}), status, body)


@pytest.mark.parametrize(
    ("operation", "response"),
    [case for case in CASES if case[1].codes],
    ids=[name for case, name in zip(CASES, IDS, strict=True) if case[1].codes],
)
def test_every_documented_code_is_reported(bench: Bench, operation: str, response: spec.Response) -> None:
    bodies = [
        {"Code": code, "Message": f"About {code}.", "RequestId": f"0000-{n}", "HostId": "mock"}
        for n, code in enumerate(response.codes)
    ]
    bench.mock.faults(operation, [fault_of(operation, response.status, body) for body in bodies])
    for body in bodies:
        answer = bench.example_call(operation, call={"retries": -1})
        assert_says(answer, response.status, body)
        assert answer.reason == expected_reason(operation, response.status, body["Code"]), answer


def expected_reason(operation: str, status: int, code: str) -> str:
    """With one attempt only: what can be retried says that the attempts are used."""
    throttled = spec.operation(operation).document.raw["x-eb-errors"].get("throttled")
    if (throttled and throttled in code) or status == 429:
        return "attempts_used"
    if code == "SignatureNonceUsed":
        return "attempts_used" if spec.is_safe(operation) else "maybe_done"
    if status in (408, 500, 502, 503, 504):
        return "attempts_used" if spec.is_safe(operation) else "not_safe"
    return "server_said_no"


@pytest.mark.parametrize("operation", spec.ALL)
def test_failure_without_a_usable_body_still_has_a_message(bench: Bench, operation: str) -> None:
    html = "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"
    bodies = ["", html, "{", "null", "[]", '"text"', "\x00\x01", '{"message":7,"Code":{},"Message":[]}', "<Error>"]
    bench.mock.faults(operation, [{"status": 404, "body": body} for body in bodies])
    for body in bodies:
        answer = bench.example_call(operation)
        assert (answer.status, answer.http_status) == ("EB_API", 404), (body, answer)
        assert "404" in answer.message or answer.message in ("7", "[]"), (body, answer)


@pytest.mark.parametrize("operation", ["application-get", "CreateEdgeContainerAppVersion"])
def test_old_and_odd_spellings_of_an_error_are_read(bench: Bench, operation: str) -> None:
    if spec.api_of(operation) == "edgegap":
        faults = [{"status": 400, "body": {"message": "Line one\nline two\t!\u0007", "errors": None}}]
        expected = [("", "Line one line two !?")]
    else:
        faults = [
            {"status": 400, "body": {"code": "Lower.Case", "message": "lower case", "requestId": "r-1"}},
            {"status": 400, "headers": {"x-acs-request-id": "from-header"}, "body": "no JSON at all"},
        ]
        expected = [("Lower.Case", "lower case"), ("", "HTTP 400")]
    bench.mock.faults(operation, faults)
    for code, message in expected:
        answer = bench.example_call(operation)
        assert answer.status == "EB_API" and answer.code == code, answer
        assert answer.message.startswith(message.split("!")[0]), answer
    if spec.api_of(operation) == "esa":
        assert answer.request_id == "from-header"


def test_message_is_bounded_and_clean(bench: Bench) -> None:
    long = "ü" * 100_000
    bench.mock.fault("application-get", {"status": 400, "body": {"message": long}})
    answer = bench.call("application-get", {"app_name": "a"})
    assert answer.status == "EB_API" and 0 < len(answer.message.encode()) <= 2200
    assert set(answer.message) <= {"ü", ".", "…", "?"}


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirect_is_not_followed(bench: Bench, status: int) -> None:
    place = f"{bench.mock.url}/v1/app/elsewhere"
    bench.mock.fault("application-get", {"status": status, "headers": {"Location": place}})
    answer = bench.call("application-get", {"app_name": "a"})
    assert (answer.status, answer.http_status) == ("EB_API", status)
    assert place in answer.message
    assert len(bench.mock.journal()) == 1


class TestFailureInsideA200:
    def test_success_false_is_a_failure(self, bench: Bench) -> None:
        bench.mock.fault("ListAppVersions", name="failure_inside_200")
        answer = bench.example_call("ListAppVersions")
        assert (answer.status, answer.http_status) == ("EB_API", 200), answer
        assert answer.code == "Application.InvalidStatus"
        assert answer.message == "The application is being changed."
        assert answer.request_id == answer.raw["request_id"] != ""

    @pytest.mark.parametrize(
        ("changes", "fine"),
        [
            ({}, True),
            ({"Code": 200}, True),
            ({"Code": "204"}, True),
            ({"Code": "OK"}, True),
            ({"Code": "success"}, True),
            ({"Code": None, "Success": None}, None),
            ({"Code": ""}, True),
            ({"Code": "400"}, False),
            ({"Code": 500}, False),
            ({"Code": "Error"}, False),
            ({"Success": False}, False),
            ({"Success": False, "Code": "200"}, False),
            ({"Success": True, "Code": "300"}, False),
        ],
    )
    def test_success_and_code_decide(self, bench: Bench, changes: dict[str, Any], fine: bool | None) -> None:
        bench.mock.fault("ListAppVersions", {"body": spec.result_example("ListAppVersions") | changes})
        answer = bench.example_call("ListAppVersions")
        assert answer.http_status == 200
        assert (answer.status == "EB_OK") is (fine is not False), answer

    def test_throttling_inside_a_200_is_throttling(self, bench: Bench) -> None:
        body = {"Success": False, "Code": "400", "ErrorCode": "Throttling.User", "Message": "slower"}
        bench.mock.fault("ListAppVersions", {"body": body})
        answer = bench.ok("ListAppVersions", spec.required_only("ListAppVersions") | {"AppId": SEEDED})
        assert answer.tried("reason") == ["throttled", "done"]

    def test_other_providers_know_no_such_rule(self, bench: Bench) -> None:
        body = {"success": False, "message": "It did not work."}
        bench.mock.fault("app-version-delete", {"body": body})
        answer = bench.example_call("app-version-delete")
        assert answer.status == "EB_OK" and answer.value == body


SEEDED = "0099b7be-5f5b-4512-a7fc-56049ef1f000"
