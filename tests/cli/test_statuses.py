"""Exit statuses by class of error, and what standard error says."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from tool import Tool, version

LIST_ESA = ("esa", "list-edge-container-apps")
REGIONS = "cn-hangzhou, ap-southeast-1"
GET = ("edgegap", "app-version-get", "--app-name", "shooter", "--version-name", "1.0")


def test_a_refusal_names_status_code_message_and_request(eb: Tool) -> None:
    ran = eb.run("sae", "list-app-versions", "--app-id", "x")
    assert (ran.status, ran.out) == (1, "")
    assert ran.err.startswith("eb: the service refused the request (HTTP 400, InvalidApplication.NotFound): ")
    assert "\nrequest id: " in ran.err


def test_what_is_not_there_has_its_own_status(eb: Tool) -> None:
    ran = eb.run(*GET)
    assert ran.status == 8 and "HTTP 404" in ran.err


@pytest.mark.unjudged
@pytest.mark.parametrize(
    ("operation", "line", "fault", "status"),
    [
        ("app-version-get", GET, {"wrong_type": True}, 7),
        ("app-version-get", GET, {"status": 200, "body_base64": "PGh0bWw+"}, 7),
        ("app-version-get", (*GET, "--retries", "0"), {"status": 503}, 1),
        ("app-version-get", (*GET, "--retries", "0"), {"reset": "before"}, 4),
        ("app-version-get", (*GET, "--timeout", "1"), {"delay_ms": 8000}, 5),
        ("app-version-create", ("edgegap", "app-version-create", *version("2")), {"reset": "before"}, 6),
    ],
)
def test_each_class_of_failure_has_a_status(eb: Tool, operation: str, line: Any, fault: Any, status: int) -> None:
    eb.app(1)
    eb.mock.fault(operation, fault)
    ran = eb.run(*line)
    assert ran.status == status, ran.err
    assert ran.err.startswith("eb: ")


def test_a_server_that_is_not_there_is_the_network(eb: Tool) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    ran = eb.run(*GET, "--base-url", f"http://127.0.0.1:{port}", "--retries", "0", "--proxy", "", mocked=False)
    assert ran.status == 4, ran.err


def test_an_option_of_the_client_that_is_wrong_is_said_before_anything_is_sent(eb: Tool) -> None:
    assert "regoin" in eb.refused("esa", "list-edge-container-apps", "--variable", "regoin=x")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (LIST_ESA, f"--region: expected one of {REGIONS}, got none; --base-url can name any server"),
        ((*LIST_ESA, "-r", "moon"), f'--region: expected one of {REGIONS}, got "moon"; --base-url can name any server'),
        ((*LIST_ESA, "--variable", "zone=x"), '--variable: the server of esa has none named "zone"'),
        ((*LIST_ESA, "--base-url", "ftp://x"), '--base-url: expected an http or https URL, got "ftp://x"'),
        ((*LIST_ESA, "--base-url", "base_url"), '--base-url: expected an http or https URL, got "base_url"'),
        ((*GET, "--base-url", "http://a/?b"), '--base-url: a query has no place in "http://a/?b"'),
        ((*GET, "--ca-file", "/no/region"), '--ca-file: cannot read "/no/region"'),
        ((*GET, "--client-cert", "/no/cert"), '--client-cert: cannot read "/no/cert"'),
        ((*GET, "--client-cert", "/dev/null"), "--client-cert: expected a certificate in PEM"),
        ((*GET, "--client-key", "/no/key"), "--client-key: expected --client-cert beside it"),
    ],
)
def test_whatever_is_wrong_names_its_option(eb: Tool, line: tuple[str, ...], said: str) -> None:
    assert eb.refused(*line, mocked=False) == said


def test_a_variable_without_a_value_is_asked_for(eb: Tool) -> None:
    words = [word for name in ("key", "policy", "file") for word in (f"--{name}", f"@{eb.secret_file(name)}")]
    missing = "--variable host: expected a value for {host} of https://{host}, got none"
    assert eb.refused("oss", "post-object", *words, mocked=False) == missing


def test_attempts_are_shown_on_request(eb: Tool) -> None:
    eb.app(1)
    eb.mock.fault("app-version-get", name="throttled")
    ran = eb.ok(*GET, "--verbose")
    lines = ran.err.splitlines()
    assert lines[0].startswith("> GET http://127.0.0.1:")
    assert lines[1].startswith("< attempt 1: HTTP 429") and "retried: the service asked to slow down, in " in lines[1]
    assert lines[3].startswith("< attempt 2: HTTP 200, ")
    eb.mock.fault("app-version-get", name="throttled")
    assert eb.ok(*GET).err == ""


@pytest.mark.unjudged
def test_attempts_are_counted_in_a_failure(eb: Tool) -> None:
    eb.mock.fault("app-version-get", {"status": 503, "headers": {"retry-after": "0"}}, times=None)
    ran = eb.run(*GET)
    assert ran.status == 1 and "\n3 attempts; not retried: no attempts left\n" in ran.err


def test_the_statuses_are_listed(eb: Tool) -> None:
    shown = eb.ok("--help", mocked=False).out
    for status in (*range(11), 130, 141):
        assert f"\n  {status:3}  " in shown


def test_a_dry_run_sends_nothing_and_signs(eb: Tool) -> None:
    line = ("esa", "list-edge-container-apps", "--dry-run")
    shown = eb.ok(*line).out
    assert "x-acs-signature-nonce: " in shown and "\nauthorization: ***\n" in shown
    shown = eb.ok("esa", "list-edge-container-apps", "--curl").out
    assert shown.startswith("curl -X ") and "'authorization: ***'" in shown
    assert eb.mock.journal() == []
