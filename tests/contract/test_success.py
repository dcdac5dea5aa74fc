"""Every operation with the request and the answer that its document shows."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, parse_qsl, quote, unquote

import pytest

import spec
from harness import Bench, header, same


def test_the_library_has_every_documented_operation_and_no_other(bench: Bench) -> None:
    listed = bench.program.ask({"list": True})
    found = {api: sorted(names) for api, names in listed.raw.items()}
    documented: dict[str, list[str]] = {api: [] for api in spec.APIS.values()}
    for operation in spec.ALL:
        documented[spec.api_of(operation)].append(operation)
    assert found == documented
    assert len(spec.ALL) == 31


@pytest.mark.parametrize("operation", spec.ALL)
def test_documented_request_and_answer_arrive_whole(bench: Bench, operation: str) -> None:
    bench.mock.example(operation)
    answer = bench.example_call(operation)
    documented = spec.result(operation)

    assert answer.status == "EB_OK", answer
    assert answer.sent == "answered" and answer.cause == "EB_OK" and answer.reason == "done"
    assert answer.code == "" and answer.field == "" and answer.message == ""
    assert [a["status"] for a in answer.attempts] == ["EB_OK"]
    if documented is not None:
        assert answer.http_status == documented.status
        assert same(answer.value, documented.examples[0]), answer
    elif "value" in answer:
        assert answer.value is None
    entries = bench.mock.journal()
    assert len(entries) == 1
    assert_says_what_was_asked(operation, entries[0])
    if spec.api_of(operation) in ("esa", "dcdn", "sae"):
        assert entries[0]["signature"]["ok"]
        assert answer.request_id == answer.header("x-acs-request-id") != ""


def assert_says_what_was_asked(operation: str, entry: dict[str, Any]) -> None:
    """Path, query, headers and body of the request hold the example's values."""
    found = spec.operation(operation)
    params = spec.path_and_query(operation)
    path = found.template.partition("#")[0]
    for name in found.named("path"):
        path = path.replace("{" + name + "}", quote(params[name], safe=""))
    target, _, query = entry["target"].partition("?")
    assert entry["operationId"] == operation
    assert (entry["method"], target) == (found.method, path)
    assert dict(parse_qsl(query)) == {name: str(params[name]) for name in found.named("query")}
    for name in found.named("header"):
        assert header(entry, name) == params[name]
    body = spec.body_example(operation)
    if found.media_type == "application/json":
        assert same(json.loads(entry["body"]), body)
    elif found.media_type == "application/x-www-form-urlencoded":
        fields = {k: v[0] for k, v in parse_qs(entry["body"], keep_blank_values=True).items()}
        assert list(fields) == list(body)
        read = {k: json.loads(v) if k in found.json_fields else v for k, v in fields.items()}
        assert same(read, body)
    elif found.media_type == "multipart/form-data":
        assert [part["name"] for part in entry["form"]] == list(body)
        assert entry["form"][-1]["size"] == len(body["file"])
    else:
        assert entry["body"] == "" and header(entry, "content-type") is None
    assert unquote(entry["target"]).isascii()


@pytest.mark.parametrize("operation", spec.ALL)
def test_typed_call_gives_what_a_call_by_name_gives(bench: Bench, operation: str) -> None:
    bench.mock.faults(operation, [{"example": True}, {"example": True}])
    by_name = bench.example_call(operation)
    typed = bench.example_call(operation, call={})
    assert typed.status == by_name.status == "EB_OK", typed
    assert same(typed.get("value"), by_name.get("value"))
    one, other = bench.mock.journal()
    assert one["target"] == other["target"]
    if spec.operation(operation).media_type != "multipart/form-data":  # its boundary is random
        assert one["body"] == other["body"]


@pytest.mark.parametrize("operation", spec.ALL)
def test_every_documented_success_without_a_body_is_one(bench: Bench, operation: str) -> None:
    statuses = [one.status for one in spec.successes(operation)]
    bench.mock.faults(operation, [{"status": status} for status in statuses])
    for status in statuses:
        answer = bench.example_call(operation)
        assert (answer.status, answer.http_status) == ("EB_OK", status), answer
        assert answer.get("value") is None


@pytest.mark.parametrize("operation", spec.ALL)
def test_required_parameters_alone_are_enough(bench: Bench, operation: str) -> None:
    bench.mock.example(operation)
    assert bench.call(operation, spec.required_only(operation)).status == "EB_OK"
    assert "?" not in bench.mock.journal()[0]["target"] or spec.operation(operation).named("query")


def test_the_c_name_of_an_operation_works_too(bench: Bench) -> None:
    bench.mock.example("application-get")
    answer = bench.call("edgegap_application_get", {"app_name": "shooter"}, api="edgegap")
    assert answer.status == "EB_OK", answer


def test_members_keep_the_order_of_the_document(bench: Bench) -> None:
    bench.mock.example("app-version-get")
    answer = bench.example_call("app-version-get")
    documented = spec.result("app-version-get")
    assert documented is not None and documented.schema is not None
    declared = [name for name in documented.schema["properties"] if name in documented.examples[0]]
    assert list(answer.value) == declared
