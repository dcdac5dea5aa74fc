"""Every operation of every document can be called by its options, and is shown, helped and completed."""

from __future__ import annotations

import json
import re
import shlex
from typing import Any

import pytest

import spec
from edgebind.names import words
from harness import header, same
from tool import ROOT, Tool, option

WITHOUT_FILE = [name for name in spec.ALL if name != "PostObject"]


def text_of(value: Any) -> str:
    if isinstance(value, str):
        return "@" + value if value.startswith("@") else value
    return json.dumps(value)


def is_secret(shown: str, name: str) -> bool:
    """As the help says: in a member, or somewhere in it."""
    lines = [line for line in shown.splitlines() if line.startswith((f"  {name} ", f"  {name}."))]
    return any("secret, as @FILE alone" in line for line in lines)


def word_of(operation: str) -> str:
    return "-".join(words(operation))


def texts_of(operation: str) -> list[tuple[str, str]]:
    """The example of the document: an option for each member, and its text."""
    pairs = [(option(name, operation), value) for name, value in spec.path_and_query(operation).items()]
    pairs += [(option(name), value) for name, value in (spec.body_example(operation) or {}).items()]
    return [(name, text_of(value)) for name, value in pairs]


def options_of(eb: Tool, operation: str) -> list[str]:
    """The same as words; secrets as files."""
    shown = eb.ok(spec.api_of(operation), word_of(operation), "--help", mocked=False).out
    made = []
    for name, text in texts_of(operation):
        made += [name, f"@{eb.secret_file(text)}" if is_secret(shown, name) else text]
    return made


@pytest.mark.parametrize("operation", WITHOUT_FILE)
def test_an_operation_is_called_with_its_example(eb: Tool, operation: str) -> None:
    api = spec.api_of(operation)
    given = options_of(eb, operation)
    eb.mock.example(operation)
    ran = eb.ok(api, word_of(operation), *given)
    sent = eb.mock.journal(operation)
    assert len(sent) == 1
    example = spec.body_example(operation)
    if example is not None and (header(sent[0], "content-type") or "").startswith("application/json"):
        assert same(json.loads(sent[0]["body"]), example)
    if spec.result(operation) is not None:
        assert ran.out.strip() != ""


@pytest.mark.parametrize("operation", spec.ALL)
def test_an_operation_has_help(eb: Tool, operation: str) -> None:
    shown = eb.ok(spec.api_of(operation), word_of(operation), "--help", mocked=False).out
    for name in [*spec.path_and_query(operation), *(spec.body_example(operation) or {})]:
        assert f"  {option(name, operation)} " in shown, name
    assert "\nFailures:\n" in shown
    prose = [line for line in shown.splitlines() if not line.startswith(("  -", "    --", "Request:"))]
    assert all(len(line) <= 100 for line in prose)


@pytest.mark.parametrize(
    ("operation", "word"),
    [*((name, word_of(name)) for name in spec.ALL), ("UploadRoutineCode", "upload-routine-code-file")],
)
def test_the_example_that_help_shows_can_be_pasted(eb: Tool, operation: str, word: str) -> None:
    """As it is, to where the document says: only what is in the files is ours."""
    shown = eb.ok(spec.api_of(operation), word, "--help", mocked=False).out
    line = shlex.split(shown.split("\nExample:\n")[1].split("\n\n")[0].replace("\\\n", " "))
    texts = dict(texts_of(operation))
    given = [
        f"@{eb.secret_file(texts.get(before, 'export default {}'))}" if text == "@FILE" else text
        for before, text in zip(["", *line], line, strict=False)
    ]
    assert given[0] == "eb"
    sent = eb.ok(*given[1:], "--dry-run", mocked=False).out
    assert re.match(r"[A-Z]+ https://[a-z0-9.-]+/", sent), sent


def test_help_says_what_the_address_of_the_server_needs(eb: Tool) -> None:
    for document in {spec.OPERATIONS[name].document for name in spec.ALL}:
        api = spec.APIS[document.name]
        operation = next(name for name in spec.ALL if spec.api_of(name) == api)
        of_api = eb.ok(api, mocked=False).out
        of_operation = eb.ok(api, word_of(operation), "--help", mocked=False).out
        (server,) = document.raw["servers"]
        assert f"\nServer: {server['url']}\n" in of_api
        for name, variable in server.get("variables", {}).items():
            assert variable["x-eb-required"]
            given = "  --region   text" if name == "region" else f"  --variable {name}=VALUE   text"
            values = f", one of {', '.join(variable['enum'])}" if "enum" in variable else ""
            for shown in (of_api, of_operation):
                assert f"\n{given}{values}; required\n" in shown
                assert variable["description"].split()[0] in shown
            assert f"{given.split('   ')[0].replace('VALUE', '')}" in of_operation.split("\nExample:\n")[1]


def test_apis_and_operations_are_listed(eb: Tool) -> None:
    top = eb.ok(mocked=False).out
    for api in spec.APIS.values():
        assert f"\n  {api} " in top
    for api in spec.APIS.values():
        listed = eb.ok(api, mocked=False).out
        for operation in spec.ALL:
            assert (f"\n  {word_of(operation)}\n" in listed) == (spec.api_of(operation) == api)
    assert "\n  upload-routine-code-file\n" in eb.ok("dcdn", mocked=False).out
    assert eb.ok("--help", mocked=False).out == top


def test_operations_go_by_their_own_names_too(eb: Tool) -> None:
    for name in ("ListAppVersions", "sae_list_app_versions", "list-app-versions"):
        assert "eb sae list-app-versions" in eb.ok("sae", name, "--help", mocked=False).out


def test_the_help_of_an_operation_is_as_expected(eb: Tool) -> None:
    """tests/cli/help.txt: change it on purpose."""
    assert eb.ok("edgegap", "app-version-list", "--help", mocked=False).out == (ROOT / "tests/cli/help.txt").read_text()


def test_a_file_is_uploaded_by_the_ticket(eb: Tool) -> None:
    code = eb.home / "code.js"
    code.write_bytes(b"export default {}\0\xff" * 5000)
    ran = eb.ok(*("dcdn", "upload-routine-code-file", "--name", "r", "--code-description", "d", "--file", f"@{code}"))
    revision = ran.json["Content"]["CodeRevision"]
    assert ran.json["Content"]["OssPostConfig"]["policy"] == "***"
    (sent,) = eb.mock.journal("PostObject")
    parts = {part["name"]: part for part in sent["form"]}
    assert parts["file"]["size"] == 95000
    assert parts["file"]["filename"] == "code.js"
    published = eb.ok(
        *("dcdn", "publish-routine-code-revision", "--name", "r", "--select-code-revision", revision),
        *("--envs", '["production"]'),
    )
    assert published.json["Content"] is not None


def test_a_form_with_a_file_is_dry_run(eb: Tool) -> None:
    code = eb.home / "code.js"
    code.write_text("x")
    shown = eb.ok(
        *("oss", "post-object", "--key", f"@{eb.secret_file('k')}", "--oss-access-key-id", f"@{eb.secret_file('i')}"),
        *("--policy", f"@{eb.secret_file('p')}", "--signature", f"@{eb.secret_file('s')}", "--file", f"@{code}", "-n"),
    ).out
    assert "file=(1 bytes of code.js)" in shown and "policy=***" in shown
