"""Mistakes of the caller: answered before anything is sent, by the name of what is wrong."""

from __future__ import annotations

from typing import Any

import pytest

import spec
from harness import Bench

PATH = {"app_name": "a", "version_name": "v"}
VERSION = {
    "name": "1.4.0",
    "docker_repository": "docker.io",
    "docker_image": "studio/shooter",
    "docker_tag": "1.4.0",
    "req_cpu": 512,
    "req_memory": 1024,
}


def refused(bench: Bench, operation: str, params: Any, field: str | None, *words: str, **more: Any) -> None:
    answer = bench.call(operation, params, **more)
    assert answer.status == answer.cause == "EB_INVALID", answer
    assert answer.http_status == 0 and answer.sent == "nothing" and answer.reason == "local" and not answer.attempts
    if field is not None:
        assert answer.field == field, answer
    for word in words:
        assert word in answer.message, answer
    assert bench.mock.journal() == []


def test_unknown_operation_is_named(bench: Bench) -> None:
    for name in ("app-version-creat", "", "edgegap_", "UploadRoutineCode"):
        refused(bench, name, {}, None, f'"{name}"', "edgegap", api="edgegap")


@pytest.mark.parametrize("operation", spec.ALL)
def test_unknown_parameter_is_named(bench: Bench, operation: str) -> None:
    params = spec.request_example(operation) | {"parameter_of_tomorrow": 1}
    refused(bench, operation, params, "parameter_of_tomorrow", "unknown")


def test_likely_name_is_proposed(bench: Bench) -> None:
    refused(bench, "app-version-get", {"app_name": "a", "versoin_name": "v"}, "versoin_name", '"version_name"')
    body = VERSION | {"docker_img": "x"}
    refused(bench, "app-version-create", {"app_name": "a", "body": body}, "body.docker_img", '"docker_image"')


def required(operation: str) -> list[str]:
    found = spec.operation(operation)
    names = [p.name for p in found.parameters if p.required]
    return [*names, "body"] if found.body_required else names


@pytest.mark.parametrize("operation", [op for op in spec.ALL if required(op)])
def test_missing_required_parameter_is_named(bench: Bench, operation: str) -> None:
    for name in required(operation):
        params = spec.request_example(operation)
        del params[name]
        refused(bench, operation, params, name, "required")


@pytest.mark.parametrize("operation", [op for op in spec.ALL if spec.operation(op).body_schema.get("required")])
def test_missing_required_member_is_named(bench: Bench, operation: str) -> None:
    for name in spec.operation(operation).body_schema["required"]:
        params = spec.request_example(operation)
        del params["body"][name]
        refused(bench, operation, params, f"body.{name}", "required")


def test_missing_member_of_a_list_element_is_named(bench: Bench) -> None:
    ports = [{"port": 1, "protocol": "UDP"}, {"port": 2}]
    body = VERSION | {"ports": ports}
    refused(bench, "app-version-create", {"app_name": "a", "body": body}, "body.ports[1].protocol", "required")
    params = spec.request_example("CreateEdgeContainerAppVersion")
    del params["body"]["Containers"][1]["Spec"]
    refused(bench, "CreateEdgeContainerAppVersion", params, "body.Containers[1].Spec", "required")


@pytest.mark.parametrize(
    ("operation", "params", "field"),
    [
        ("app-version-get", {"app_name": 5, "version_name": "v"}, "app_name"),
        ("application-list", {"page": "1"}, "page"),
        ("application-list", {"page": 1.5}, "page"),
        ("application-list", {"page": None}, "page"),
        ("app-version-create", {"app_name": "a", "body": []}, "body"),
        ("app-version-create", {"app_name": "a", "body": VERSION | {"req_cpu": "512"}}, "body.req_cpu"),
        ("app-version-create", {"app_name": "a", "body": VERSION | {"is_active": 1}}, "body.is_active"),
        ("app-version-create", {"app_name": "a", "body": VERSION | {"ports": [{"port": True}]}}, "body.ports[0].port"),
        ("app-version-create", {"app_name": "a", "body": VERSION | {"restart_policy": 1}}, "body.restart_policy"),
        ("ListEdgeContainerApps", {"OrderKey": 1}, "OrderKey"),
        ("UploadRoutineCode", {"body": {"Name": {}, "CodeDescription": ""}}, "body.Name"),
    ],
)
def test_wrong_type_is_named(bench: Bench, operation: str, params: Any, field: str) -> None:
    refused(bench, operation, params, field, "expected")


def test_integer_beyond_64_bits_is_named(bench: Bench) -> None:
    for value in (2**63, -(2**63) - 1, 10**40):
        refused(bench, "application-list", {"page": value}, "page", "64 bits")


@pytest.mark.parametrize("params", ["", "{", "[]", "null", '"x"', "{}x", "{'a':1}", "\u00fc"])
def test_parameters_that_are_no_object(bench: Bench, params: str) -> None:
    answer = bench.call("application-list", params)
    assert answer.status == "EB_INVALID" and answer.message and bench.mock.journal() == [], answer


@pytest.mark.parametrize("value", ["", ".", ".."])
def test_path_parameters_that_would_change_the_path(bench: Bench, value: str) -> None:
    refused(bench, "app-version-get", PATH | {"app_name": value}, "app_name")
    refused(bench, "registry-image-tag-list", {"image_name": value}, "image_name")
    refused(bench, "registry-image-tag-list", {"image_name": f"a/{value}/b"}, "image_name")
    refused(bench, "registry-image-tag-list", {"image_name": f"a/{value}"}, "image_name")


def test_documented_ranges_are_checked(bench: Bench) -> None:
    for change, field in (
        ({"req_cpu": 99}, "body.req_cpu"),
        ({"max_duration": 1441}, "body.max_duration"),
        ({"max_duration": -2}, "body.max_duration"),
        ({"name": ""}, "body.name"),
        ({"name": "x" * 65}, "body.name"),
        ({"caching_percent": 1.5}, "body.caching_percent"),
        ({"ports": [{"port": 60000, "protocol": "UDP"}]}, "body.ports[0].port"),
        ({"envs": [{"key": "k", "value": "x" * 4097}]}, "body.envs[0].value"),
    ):
        refused(bench, "app-version-create", {"app_name": "a", "body": VERSION | change}, field)


@pytest.mark.unjudged
def test_documented_ranges_can_be_left_to_the_service(bench: Bench) -> None:
    for more in ({"options": {"skip_limits": True}}, {"call": {"skip_limits": True}}):
        answer = bench.call("application-list", {"page": 0}, **more)
        assert answer.status == "EB_API" and answer.http_status == 400, answer


def test_length_is_counted_in_characters(bench: Bench) -> None:
    bench.mock.fault("app-version-create", {"body": {}})
    bench.ok("app-version-create", {"app_name": "a", "body": VERSION | {"name": "ü" * 64}})


@pytest.mark.parametrize(
    ("headers", "word"),
    [
        ([["authorization", "token other"]], "authorization"),
        ([["Host", "elsewhere"]], "Host"),
        ([["Content-Length", "5"]], "Content-Length"),
        ([["X-A", "b\r\nX-C: d"]], "control"),
        ([["X A", "b"]], "name"),
        ([["", "b"]], "name"),
        ([[f"x-{n}", "y"] for n in range(70)], "too many"),
    ],
)
def test_headers_of_the_caller_are_checked(bench: Bench, headers: list[list[str]], word: str) -> None:
    refused(bench, "application-list", {}, None, word, "options.headers", call={"headers": headers})


def test_header_parameter_cannot_end_its_line(bench: Bench) -> None:
    refused(bench, "endpoints-list", {"X-Fields": "{a}\r\nx-evil: 1"}, "X-Fields", "control")


def test_negative_durations_are_refused(bench: Bench) -> None:
    for name in ("deadline_ms", "attempt_timeout_ms"):
        refused(bench, "application-list", {}, f"options.{name}", "-2", call={name: -2})


def test_allowed_headers_arrive(bench: Bench) -> None:
    bench.mock.settings(allow_headers=["x-trace", "x-empty"])
    bench.ok("application-list", call={"headers": [["X-Trace", "1"]]})
    assert ["X-Trace", "1"] in bench.mock.journal()[0]["headers"]


class TestClient:
    @pytest.mark.parametrize(
        ("api", "options", "status", "words"),
        [
            ("edgegap", {"token": ""}, "EB_AUTH", []),
            ("edgegap", {"token": "  "}, "EB_AUTH", []),
            ("edgegap", {"token": "token "}, "EB_AUTH", []),
            ("edgegap", {}, "EB_AUTH", ["EDGEGAP_TOKEN"]),
            ("esa", {"region": "cn-hangzhou"}, "EB_AUTH", ["ALIBABA_CLOUD_ACCESS_KEY_ID"]),
            ("esa", {"key_id": "a", "key_secret": "b"}, "EB_INVALID", ["region"]),
            ("sae", {"key_id": "a", "key_secret": "b", "region": "moon-1"}, "EB_INVALID", ["region", "moon-1"]),
            ("edgegap", {"token": "x", "base_url": "ftp://x"}, "EB_INVALID", ["base_url"]),
            ("edgegap", {"token": "x", "base_url": "nonsense"}, "EB_INVALID", ["base_url"]),
            ("edgegap", {"token": "x", "retries": 11}, "EB_INVALID", ["retries"]),
            ("edgegap", {"token": "x", "deadline_ms": -5}, "EB_INVALID", ["deadline_ms"]),
            ("edgegap", {"token": "x", "max_depth": 5000}, "EB_INVALID", ["max_depth"]),
            ("edgegap", {"token": "x", "user_agent": "a\nb"}, "EB_INVALID", ["user_agent"]),
            ("edgegap", {"token": "x", "ca_file": "/nowhere/ca.pem"}, "EB_INVALID", ["ca_file", "/nowhere/ca.pem"]),
        ],
    )
    def test_options_are_checked_when_it_is_made(
        self, bench: Bench, api: str, options: dict[str, Any], status: str, words: list[str]
    ) -> None:
        answer = bench.call("x", api=api, options=options, only=True)
        assert answer.status == status and answer.stage == "client" and answer.message, answer
        for word in words:
            assert word in answer.message, answer

    def test_word_in_front_of_a_token_is_dropped(self, bench: Bench) -> None:
        from harness import TOKEN

        for text in (f"token {TOKEN['token']}", f" Token  {TOKEN['token']}\n", f"TOKEN {TOKEN['token']} "):
            assert bench.call("application-list", options={"token": text}).status == "EB_OK"

    def test_user_agent_comes_first(self, bench: Bench) -> None:
        bench.ok("application-list", options={"user_agent": "studio/1.0"})
        agent = next(v for k, v in bench.mock.journal()[0]["headers"] if k.lower() == "user-agent")
        assert agent.startswith("studio/1.0 edgebind/")
