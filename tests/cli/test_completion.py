"""Completion: what may follow, and the script of bash in a real one."""

from __future__ import annotations

import subprocess

import spec
from edgebind.names import words
from tool import Tool, option


def offered(eb: Tool, *line: str) -> list[str]:
    return [shown.split("\t")[0] for shown in eb.ok("complete", "--", *line, mocked=False).out.splitlines()]


def test_words_are_offered_by_where_they_stand(eb: Tool) -> None:
    assert offered(eb, "") == [*("edgegap", "esa", "dcdn", "sae", "oss"), "completion"]
    assert offered(eb, "e") == ["edgegap", "esa"]
    assert offered(eb, "completion", "") == ["bash", "zsh", "fish"]
    assert offered(eb, "edgegap", "app-version-l") == ["app-version-list"]
    assert offered(eb, "--region", "x", "esa", "list") == ["list-edge-container-apps"]
    assert offered(eb, "dcdn", "upload") == ["upload-routine-code", "upload-routine-code-file"]
    assert offered(eb, "nothing", "") == []


def test_commands_are_known_behind_options(eb: Tool) -> None:
    before = ("--base-url", "http://127.0.0.1:1", "-v")
    assert eb.ok(*before, "completion", "bash", mocked=False).out == eb.ok("completion", "bash", mocked=False).out
    assert eb.ok(*before, "complete", "--", "e", mocked=False).out.startswith("edgegap\t")
    expected = "completion: expected bash, zsh or fish, got "
    assert eb.refused(*before, "completion", "tcsh", mocked=False) == expected + '"tcsh"'
    assert eb.refused("completion", mocked=False) == expected + "none"
    assert '"zsh" too' in eb.refused("completion", "bash", "zsh", mocked=False)
    assert "did you mean completion?" in eb.refused("complition", "bash", mocked=False)
    assert eb.ok("completion", "--help", mocked=False).out == eb.ok("--help", mocked=False).out


def test_options_are_offered_with_their_values(eb: Tool) -> None:
    create = ("edgegap", "app-version-create")
    assert offered(eb, *create, "--docker-") == ["--docker-repository", "--docker-image", "--docker-tag"]
    assert offered(eb, *create, "--ports.0.pr") == ["--ports.0.protocol"]
    assert offered(eb, *create, "--force-cache", "") == ["true", "false"]
    assert offered(eb, *create, "--ports.0.protocol", "U") == ["UDP"]
    assert offered(eb, *create, "--ports.0.protocol=U") == ["--ports.0.protocol=UDP"]
    assert offered(eb, "--output", "") == ["json", "table", "raw"]
    assert offered(eb, *create, "-o", "t") == ["table"]
    assert offered(eb, *create, "--name", "") == []
    assert "--dry-run" in offered(eb, *create, "--")
    assert "--file" in offered(eb, "dcdn", "upload-routine-code-file", "--")
    assert "--limit" in offered(eb, "edgegap", "app-version-list", "--l")


def test_every_name_of_the_documents_is_offered_as_the_generator_spells_it(eb: Tool) -> None:
    """The tool makes words of names on the wire; names.py makes C names of them."""
    for operation in spec.ALL:
        found = offered(eb, spec.api_of(operation), "-".join(words(operation)), "--")
        for name in [*spec.path_and_query(operation), *(spec.body_example(operation) or {})]:
            assert option(name, operation) in found, (operation, name)


def complete_in_bash(eb: Tool, line: str) -> list[str]:
    """Calls the function that bash would call when a tab is typed at the end of the line."""
    script = f"""
        source <("{eb.program}" completion bash)
        COMP_WORDS=({line.replace("eb ", f'"{eb.program}" ', 1)}{" ''" if line.endswith(" ") else ""})
        COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
        _eb
        printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    done = subprocess.run(["bash", "-c", script], env=eb.environment(), capture_output=True, text=True, timeout=60)
    assert done.stderr == ""
    return done.stdout.split()


def test_bash_completes(eb: Tool) -> None:
    assert complete_in_bash(eb, "eb edgegap app-version-l") == ["app-version-list"]
    assert complete_in_bash(eb, "eb edgegap app-version-create --ports.0.protocol ")[:2] == ["TCP", "UDP"]
    assert complete_in_bash(eb, "eb ")[0] == "edgegap"
    assert complete_in_bash(eb, "eb edgegap app-version-create --name ") == []
