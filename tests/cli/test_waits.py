"""--wait: a tool for a document with waits, against a mock that is told how things change."""

from __future__ import annotations

import os
import pty
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from edgebind import cli
from harness import Mock
from test_own import build
from tool import ROOT, Tool

PENDING = {"status": 200, "body": {"state": {"phase": "running"}}}
READY = {"status": 200, "body": {"name": "a", "state": {"phase": "ready"}}}
FAILED = {"status": 200, "body": {"state": {"phase": "failed", "text": "no room"}}}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Mock]]:
    home = tmp_path_factory.mktemp("waits")
    shutil.copy(ROOT / "tests/golden/waits/spec.yaml", home / "wai.yaml")
    line = ["generate", str(home / "wai.yaml"), "--prefix", "wai_", "--help-tables", "--out", str(home / "out")]
    assert cli.main(line) == 0
    mock = Mock("--spec", str(home))
    yield build(home / "tool", home / "out"), mock
    mock.stop()


@pytest.fixture
def wai(made: tuple[Path, Mock], tmp_path: Path) -> Tool:
    program, mock = made
    mock.reset()
    return Tool(mock, tmp_path, program, {})


def test_it_calls_until_what_is_waited_for_has_come(wai: Tool) -> None:
    wai.mock.faults("job-get", [{"status": 404}, PENDING, READY])
    ran = wai.ok("--wait", "ready", "wai", "job-get", "--id", "j-1", "-q", "name", "-o", "raw")
    assert (ran.out, ran.err) == ("a\n", "")
    assert len(wai.mock.journal("job-get")) == 3


def test_a_failure_state_is_a_refusal_and_the_last_answer_is_shown(wai: Tool) -> None:
    wai.mock.faults("job-get", [PENDING, FAILED])
    ran = wai.run("--wait=ready", "wai", "job-get", "--id", "j-1", "-q", "state.text", "-o", "raw")
    assert (ran.status, ran.out) == (1, "no room\n")
    assert 'state.phase is "failed": what was waited for will not come' in ran.err


def test_the_time_is_that_of_timeout(wai: Tool) -> None:
    wai.mock.fault("job-get", PENDING, times=None)
    ran = wai.run("-t", "2", "--wait", "ready", "wai", "job-get", "--id", "j-1", "-q", "state.phase", "-o", "raw")
    assert (ran.status, ran.out) == (5, "running\n")
    assert 'the time to wait is over; state.phase was still "running"' in ran.err


def test_what_is_gone_has_no_answer_to_show(wai: Tool) -> None:
    wai.mock.faults("job-get", [{"status": 404}])
    ran = wai.ok("--wait", "gone", "wai", "job-get", "--id", "j-1")
    assert (ran.out, ran.err) == ("", "")


def test_only_on_a_terminal_it_says_how_it_stands(wai: Tool) -> None:
    wai.mock.faults("job-get", [PENDING, READY])
    ours, theirs = pty.openpty()
    child = wai.start("--wait", "ready", "wai", "job-get", "--id", "j-1", stderr=theirs)
    os.close(theirs)
    child.communicate(timeout=60)
    shown = os.read(ours, 100000).decode()
    os.close(ours)
    line = 'state.phase is "running", next call in 1000 ms'
    assert child.returncode == 0
    assert shown == f"\r{line}\r{' ' * len(line)}\r"


def test_verbose_says_it_line_by_line(wai: Tool) -> None:
    wai.mock.faults("job-get", [PENDING, READY])
    err = wai.ok("-v", "--wait", "ready", "wai", "job-get", "--id", "j-1").err
    assert [line[:1] for line in err.splitlines()] == [">", "<", "=", ">", "<"]


def test_the_option_of_an_operation_wins_behind_it(wai: Tool) -> None:
    wai.mock.faults("job-get", [READY])
    wai.ok("--wait", "ready", "wai", "job-get", "--id", "j-1", "--wait", "true")
    assert wai.mock.journal("job-get")[0]["target"] == "/jobs/j-1?wait=true"
    assert "GET " in wai.ok("--wait", "ready", "wai", "job-get", "--id", "j-1", "-n").out


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (["--wait", "redy", "wai", "job-get", "--id", "j"], "--wait: redy is nothing to wait for; did you mean ready?"),
        (["wai", "job-drop", "--id", "j", "--wait", "ready"], "nothing that this operation could be waited on"),
        (["--wait", "ready", "wai", "job-get", "--id", "j", "--save", "x"], "--save: what is waited for"),
        (["--wait", "ready", "wai", "job-get"], "--id"),
    ],
)
def test_what_cannot_be_waited_for_is_said(wai: Tool, line: list[str], said: str) -> None:
    ran = wai.run(*line)
    assert ran.status == 2 and said in ran.err
    assert wai.mock.journal() == []


def test_help_and_completion_know_what_there_is_to_wait_for(wai: Tool) -> None:
    shown = " ".join(wai.ok("wai", "job-get", "--help", mocked=False).out.split())
    assert (
        "--wait ready calls until state.phase is ready; not any more when state.phase is failed or stopped; "
        "for 30 seconds at most." in shown
    )
    assert "--wait gone calls until the answer is HTTP 404 or 410; for 600 seconds at most." in shown
    assert "--wait built-twice calls until builds is 2 or 3; for 5 seconds at most." in shown

    def offered(*words: str) -> list[str]:
        out = wai.ok("complete", "--", *words, mocked=False).out
        return [re.split(r"\t", line)[0] for line in out.splitlines()]

    assert offered("wai", "query", "--wait", "") == ["complete", "first_row"]
    assert offered("wai", "query", "--wait=f") == ["--wait=first_row"]
    assert "--wait" in offered("wai", "query", "--w")
    assert "--wait" not in offered("wai", "job-drop", "--w")
