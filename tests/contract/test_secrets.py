"""Secrets stay out of whatever a program prints of a call. (Every call of every test is looked at for those of the
mock; here are the places where they would show.)"""

from __future__ import annotations

import re
from typing import Any

import pytest

import spec
from harness import KEY, STS, TOKEN, Bench

OPERATIONS = pytest.mark.parametrize("operation", spec.ALL)


def credentials(operation: str) -> dict[str, Any]:
    api = spec.api_of(operation)
    return {} if api == "oss" else TOKEN if api == "edgegap" else STS


@OPERATIONS
def test_no_failure_shows_them(bench: Bench, operation: str) -> None:
    """Harness.call looks at message, code, field and request id."""
    options = credentials(operation)
    faults: list[dict[str, Any]] = [
        {"status": 400},
        {"status": 401},
        {"status": 503, "body": "<html>busy</html>"},
        {"status": 200, "body": "{"},
        {"status": 302, "headers": {"Location": "http://127.0.0.1:9/elsewhere"}},
        {"reset": "before", "execute": False},
        {"close": "mid_body"},
        {"raw_base64": "bm8gaHR0cA=="},
    ]
    for fault in faults:
        bench.mock.fault(operation, fault)
        answer = bench.example_call(operation, options=options | {"retries": -1})
        assert answer.status != "EB_OK" or operation in ("PostObject",) or spec.result(operation) is None, answer
        bench.mock.control("DELETE", "faults")


@pytest.mark.parametrize("operation", [op for op in spec.ALL if spec.body_example(op) is not None])
def test_mistakes_in_parameters_do_not_show_them(bench: Bench, operation: str) -> None:
    params = spec.request_example(operation)
    properties = spec.operation(operation).body_schema["properties"]
    for name in params["body"]:
        if properties[name].get("x-eb-json"):
            continue  # no secret by its document, whatever it holds
        for value in ({"x": "example-registry-password"}, ["example-secret-access-key"]):
            bench.call(operation, params | {"body": params["body"] | {name: value}})


@pytest.mark.parametrize("operation", spec.WITH_RESULT)
def test_printed_values_mask_passwords(bench: Bench, operation: str) -> None:
    whole = spec.result_example(operation)
    secrets = [m for m in spec.members(operation) if m.schema.get("format") == "password"]
    for n, member in enumerate(secrets):
        whole = member.put(whole, f"hush-{n}")
    whole["member_of_tomorrow"] = "hush-unknown"
    bench.mock.fault(operation, {"body": whole})
    answer = bench.example_call(operation, print=True)
    assert answer.status == "EB_OK" and "hush-" not in answer.printed, answer.printed
    assert answer.printed.count('"***"') == len(secrets)


def test_service_that_repeats_a_secret_is_not_believed(bench: Bench) -> None:
    """As the signature's refusal does, which quotes the request that was signed."""
    said = f"about {TOKEN['token']} and again {TOKEN['token']}."
    bench.mock.fault("application-list", {"status": 400, "body": {"message": said}})
    answer = bench.call("application-list")
    assert re.fullmatch(r"about \*+ and again \*+\.", answer.message), answer
    for options in (STS | {"key_secret": "wrong"}, KEY | {"key_secret": "wrong"}):
        answer = bench.example_call("ListAppVersions", options=options)
        assert answer.code == "SignatureDoesNotMatch", answer


def test_log_and_report_tell_the_rest(bench: Bench) -> None:
    bench.mock.faults("app-version-create", [{"status": 429}, {"body": {}}])
    answer = bench.example_call("app-version-create")
    log = "\n".join(answer.log)
    assert log.count("curl") == 2 and "***" in log and "studio/shooter" in log, log
    assert "HTTP 429" in answer.report and "retried" in answer.report
    answer = bench.example_call("ListAppVersions")
    assert answer.request_id in answer.report


def test_ticket_is_a_secret(bench: Bench) -> None:
    made = bench.ok("UploadRoutineCode", spec.request_example("UploadRoutineCode"), print=True)
    ticket = made.value["Content"]["OssPostConfig"]
    for name in ("Signature", "policy", "callback", "key"):
        assert ticket[name] not in made.printed
