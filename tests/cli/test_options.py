"""How options become a request, and what is said when they cannot."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tool import Tool, version

PORT = '{"port":1,"protocol":"TCP"}'
CREATE = ("edgegap", "app-version-create")


def body(eb: Tool, *more: str, given: str | None = None) -> Any:
    """What a call would send as its body."""
    shown = eb.ok(*CREATE, "--dry-run", *more, given=given).out
    return json.loads(shown.split("\n\n", 1)[1])


def created(*more: str) -> list[str]:
    return version("1", *more)


@pytest.mark.parametrize(
    ("options", "member", "expected"),
    [
        (["--force-cache", "false"], "force_cache", False),
        (["--force-cache=true"], "force_cache", True),
        (["--arguments", "null"], "arguments", None),
        (["--name=null"], "name", "null"),
        (["--caching-percent", "0.5"], "caching_percent", 0.5),
        (["--max-duration", "-1"], "max_duration", -1),
        (["--ports.0.port", "7777", "--ports.0.protocol", "UDP"], "ports", [{"port": 7777, "protocol": "UDP"}]),
        (["--ports", PORT, "--ports", PORT], "ports", [json.loads(PORT)] * 2),
        (["--ports", f"[{PORT}]", "--ports.0.name", "x"], "ports", [json.loads(PORT) | {"name": "x"}]),
        (["--ports", "[]"], "ports", []),
        (["--docker_tag", "x"], "docker_tag", "x"),
        (["--body.name", "other"], "name", "other"),
        (["--command", "@@home"], "command", "@home"),
        (["--docker-tag", "späße-日本"], "docker_tag", "späße-日本"),
        (["--docker-tag=--tag"], "docker_tag", "--tag"),
        (["--docker-tag="], "docker_tag", ""),
    ],
)
def test_an_option_is_a_path_into_the_request(eb: Tool, options: list[str], member: str, expected: Any) -> None:
    found = body(eb, *created(*options, "--skip-limits"))
    assert found[member] == expected and isinstance(found[member], type(expected))


def test_null_is_a_text_where_it_cannot_be_null(eb: Tool) -> None:
    line = ("edgegap", "app-version-update", "--app-name", "a", "--version-name", "1", "-n")
    sent = json.loads(eb.ok(*line, "--max-duration", "null", "--name", "null").out.split("\n\n")[1])
    assert sent == {"max_duration": None, "name": "null"}


def test_integers_keep_all_their_digits(eb: Tool) -> None:
    assert body(eb, *created("--max-duration", "9007199254740993", "--skip-limits"))["max_duration"] == 9007199254740993


def test_a_body_comes_from_anywhere_and_options_change_it(eb: Tool) -> None:
    whole: dict[str, object] = {"name": "1", "docker_repository": "r", "docker_image": "i", "docker_tag": "t"}
    whole |= {"req_cpu": 512, "req_memory": 1024, "ports": [{"port": 1, "protocol": "TCP"}]}
    text = json.dumps(whole)
    file = eb.home / "body.json"
    file.write_text(text)
    changed = whole | {"docker_tag": "other"}
    for given in (["--body", text], ["--body", f"@{file}"], [f"--body=@{file}"]):
        assert body(eb, "--app-name", "a", *given) == whole
        assert body(eb, "--docker-tag", "other", "--app-name", "a", *given) == changed
    assert body(eb, "--app-name", "a", "--body", "-", given=text) == whole
    assert body(eb, "--app-name", "a", "--body", "@-", given=text) == whole
    assert body(eb, "--app-name", "a", "--body", text, "--ports.0.port", "7")["ports"][0]["port"] == 7


def test_files_give_values(eb: Tool) -> None:
    file = eb.home / "text"
    file.write_text("two\nlines\n")
    assert body(eb, *created("--command", f"@{file}"))["command"] == "two\nlines"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--req-cpu", "x"], '--req-cpu: expected an integer, got "x"'),
        (["--req-cpu", "012"], '--req-cpu: expected an integer, got "012"'),
        (["--req-cpu", "1.5"], '--req-cpu: expected an integer, got "1.5"'),
        (["--req-cpu", "9223372036854775808"], "--req-cpu: "),
        (["--req-cpu", "5"], "--req-cpu: expected at least 100, got 5"),
        (["--force-cache", "yes"], '--force-cache: expected true or false, got "yes"'),
        (["--force-cache", "null"], '--force-cache: expected true or false, got "null"'),
        (["--caching-percent", ".5"], '--caching-percent: expected a number, got ".5"'),
        (["--ports.0.protocol", "UDB"], "did you mean UDP?"),
        (["--ports.0.prot", "1"], "--ports.0.prot: there is no member prot; did you mean port?"),
        (["--ports.1.port", "1"], "--ports.1.port: the next item of the list is 0"),
        (["--ports.x.port", "1"], "--ports.x.port: an item of a list has a number, from 0"),
        (["--ports.0", "1"], '--ports.0: expected an object in JSON, got "1"'),
        (["--ports", "[1"], '--ports: expected a list in JSON, got "[1"'),
        (["--name.x", "1"], "--name.x: what it is part of is no object but text"),
        (["--ports.0..port", "1"], "--ports.0..port: there is no member"),
        (["--dokcer-tag", "1"], "there is no option --dokcer-tag; did you mean --docker-tag?"),
        (["--wather", "1"], "there is no option --wather"),
        (["--docker-tag", "--force-cache"], "--docker-tag: expected a value, got --force-cache"),
        (["--docker-tag"], "--docker-tag: expected a value"),
        (["--docker-tag", "@/nonexistent"], "--docker-tag: /nonexistent: No such file or directory"),
        (["--body", "{"], "--body: this is not what is expected; it is not shown"),
        (["--body", "{}", "--body", "{}"], "--body: given twice"),
        (["extra"], '"extra": expected an option'),
        (["-x"], "there is no option -x"),
        (["--limit", "3"], "--limit: the operation is no list of pages"),
        (["--output", "tabel"], '--output: expected json, table or raw, got "tabel"; did you mean table?'),
        (["--timeout", "soon"], '--timeout: expected a number from 0 to 1000000, got "soon"'),
        (["--retries", "11"], '--retries: expected a number from 0 to 10, got "11"'),
        (["--variable", "x"], '--variable: expected NAME=VALUE, got "x"'),
        (["--dry-run=1"], '--dry-run: takes no value, got "1"'),
        (["--columns", "a"], "--columns: they are for --output table"),
        (["--query", "version.nam"], "--query version.nam: the answer has no nam there; did you mean name?"),
        (["--query", "version[0]"], "--query version[0]: what stands before [ is no list"),
        (["--query", "version.ports.name"], "what stands before name is a list; say [*] or [0]"),
        (["--query", "a["], "--query a["),
        (["--query", "version..name"], "--query version..name: expected a name"),
        (["--query", "version.name.x"], "there is nothing in what stands before x"),
        (["--output", "raw"], "--output raw: the answer can hold secrets"),
        (["--name", "x\x1b[31m", "--req-cpu", "\x1b[0m"], '--req-cpu: expected an integer, got "?[0m"'),
        (["--name", "a" * 65], "--name: expected 1 to 64 characters, got 65"),
        (["--region", ""], "--region: expected a value, got an empty one"),
    ],
)
def test_a_mistake_names_the_option(eb: Tool, options: list[str], said: str) -> None:
    message = eb.refused(*CREATE, *created(*options))
    assert said in message, message


def test_all_that_is_missing_is_named_at_once(eb: Tool) -> None:
    message = eb.refused(*CREATE, "--name", "1")
    assert message.startswith("missing: --app-name, --docker-repository, --docker-image, --docker-tag, --req-cpu, ")
    assert "--file" in eb.refused("dcdn", "upload-routine-code-file", "--name", "r", "--code-description", "d")
    assert "expected a file as @PATH" in eb.refused("dcdn", "upload-routine-code-file", "--file", "code.js")
    assert "it is no regular file" in eb.refused("dcdn", "upload-routine-code-file", "--file", "@/")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (["edgegp"], "there is no API edgegp; did you mean edgegap?"),
        (["edgegap", "app-version-lst"], "edgegap has no operation app-version-lst; did you mean app-version-list?"),
        (["edgegap", "app-version-lst", "--help"], "did you mean app-version-list?"),
        (["edgegap", "xyzzy"], "edgegap has no operation xyzzy"),
        (["--outptu", "json", "edgegap"], "there is no option --outptu; did you mean --output?"),
        (["completion", "tcsh"], 'completion: expected bash, zsh or fish, got "tcsh"'),
    ],
)
def test_a_misspelt_word_gets_the_nearest(eb: Tool, line: list[str], said: str) -> None:
    assert said in eb.refused(*line, mocked=False)


def test_limits_can_be_left_to_the_service(eb: Tool) -> None:
    port = ("--ports.0.port", "1", "--ports.0.protocol", "QUIC")
    assert body(eb, *created("--req-cpu", "5", *port, "--skip-limits"))["req_cpu"] == 5
    assert "expected one of" in eb.refused(*CREATE, *created("--ports.0.protocol", "QUIC", "--dry-run"))


def test_an_option_of_the_tool_stands_anywhere(eb: Tool) -> None:
    for at in range(3):
        line = ["edgegap", "endpoints-list"]
        line.insert(at, "-n")
        assert eb.ok(*line).out.startswith("GET ")
    assert eb.ok("--version", mocked=False).out.startswith("eb 0.")
    assert eb.ok("edgegap", "endpoints-list", "--version", mocked=False).out.startswith("eb 0.")
