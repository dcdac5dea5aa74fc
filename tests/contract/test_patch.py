"""Changing a version: what is absent, null and set in the request's body, byte for byte."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

import spec
from harness import Bench, compact

PATH = {"app_name": "shooter", "version_name": "1.4.0"}
ABSENT = object()
FIELDS = {
    "max_duration": [ABSENT, None, 0, -1, 60],
    "command": [ABSENT, None, "", "/srv/shooter"],
    "arguments": [ABSENT, None, "", '--map "harbour" --tick 60'],
}


def sent(bench: Bench, operation: str, params: dict[str, Any], **more: Any) -> str:
    bench.mock.fault(operation, {"body": {}})
    answer = bench.call(operation, params, client="patch", **more)
    assert answer.status == "EB_OK", answer
    text: str = bench.mock.journal()[-1]["body"]
    return text


def test_absent_null_and_set_are_three_different_things(bench: Bench) -> None:
    for values in itertools.product(*FIELDS.values()):
        body = {name: value for name, value in zip(FIELDS, values, strict=True) if value is not ABSENT}
        assert sent(bench, "app-version-update", PATH | {"body": body}) == compact(body)


def test_nullable_members_of_a_creation(bench: Bench) -> None:
    whole = {
        "name": "1.4.0",
        "docker_repository": "docker.io",
        "docker_image": "studio/shooter",
        "docker_tag": "1.4.0",
        "req_cpu": 512,
        "req_memory": 1024,
    }
    for command, arguments in itertools.product([ABSENT, None, "", "x"], repeat=2):
        nulls = {k: v for k, v in (("command", command), ("arguments", arguments)) if v is not ABSENT}
        body = whole | nulls
        text = sent(bench, "app-version-create", {"app_name": "shooter", "body": body})
        assert text == compact(body)


def test_false_zero_and_empty_are_sent(bench: Bench) -> None:
    body = {
        "is_active": False,
        "docker_image": "",
        "max_duration": 0,
        "force_cache": False,
        "ports": [],
        "envs": [],
    }
    assert sent(bench, "app-version-update", PATH | {"body": body}) == compact(body)
    assert sent(bench, "app-version-update", PATH | {"body": {}}) == "{}"


def test_members_are_sent_in_the_order_of_the_document(bench: Bench) -> None:
    example = spec.body_example("app-version-update")
    backwards = dict(reversed(example.items()))
    assert sent(bench, "app-version-update", PATH | {"body": backwards}) == compact(example)


@pytest.mark.parametrize(
    "text", ["\u00fc\u20ac\U0001f600", 'a"b\\c/d', "line\nline\ttab\r", "\u0001\u001f\u007f", "</script>", "%41+ &=?#"]
)
def test_texts_are_written_once_and_exactly(bench: Bench, text: str) -> None:
    assert sent(bench, "app-version-update", PATH | {"body": {"command": text}}) == compact({"command": text})


def test_nested_objects_keep_what_is_absent_absent(bench: Bench) -> None:
    body = {
        "ports": [
            {"port": 0, "protocol": "UDP", "to_check": False, "name": "game"},
            {"port": 1, "protocol": "TCP/UDP"},
        ],
        "envs": [{"key": "", "value": ""}, {"key": "k", "value": "v", "is_hidden": False}],
    }
    assert sent(bench, "app-version-update", PATH | {"body": body}) == compact(body)


NEVER_NULL = ["name", "is_active", "docker_tag", "private_token", "time_to_deploy", "ports", "envs"]


@pytest.mark.parametrize("name", NEVER_NULL)
def test_null_where_it_may_not_be_is_refused_here(bench: Bench, name: str) -> None:
    answer = bench.call("app-version-update", PATH | {"body": {name: None}})
    assert answer.status == "EB_INVALID" and answer.field == f"body.{name}", answer
    assert bench.mock.journal() == []


@pytest.mark.parametrize("operation", [op for op in spec.ALL if spec.operation(op).method == "PATCH"])
def test_every_member_of_a_change_can_be_sent_alone(bench: Bench, operation: str) -> None:
    path = spec.path_and_query(operation)
    for name, value in spec.body_example(operation).items():
        assert sent(bench, operation, path | {"body": {name: value}}) == compact({name: value})
