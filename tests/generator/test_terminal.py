"""What is said while and after generating: a line about what was done; on a terminal, emphasis and progress."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from edgebind import cli

TESTS = Path(__file__).resolve().parents[1]
SCHEMAS = TESTS / "golden/schemas/spec.yaml"
BAD = TESTS / "bad/several-at-once.yaml"


def on_terminal(arguments: list[str], environment: dict[str, str]) -> str:
    """What `edgebind` writes to stderr, when that is a terminal."""
    master, slave = pty.openpty()
    known = {key: value for key, value in os.environ.items() if key != "NO_COLOR"}
    process = subprocess.Popen(
        [sys.executable, "-m", "edgebind", *arguments],
        stdout=subprocess.DEVNULL,
        stderr=slave,
        env={**known, "TERM": "xterm", "PYTHONPATH": str(TESTS.parent / "generator"), **environment},
    )
    os.close(slave)
    said = b""
    while True:
        try:
            part = os.read(master, 4096)
        except OSError:  # Linux says so when the other side is closed
            break
        if not part:
            break
        said += part
    process.wait(timeout=60)
    os.close(master)
    return said.decode()


def test_a_line_says_what_was_done(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = [
        "generate",
        str(SCHEMAS),
        "--prefix",
        "s",
        "--lock",
        str(tmp_path / "l"),
        "--out",
        str(tmp_path / "out"),
    ]
    assert cli.main(arguments) == 0
    files = len([path for path in tmp_path.rglob("*") if path.is_file()])
    said = f"edgebind: {tmp_path}/out: 1 operation, 3 structs, {files} files written; edgebind check has 14 notes\n"
    assert capsys.readouterr() == (said, "")
    assert cli.main(arguments) == 0
    assert capsys.readouterr().out == said.replace(f"{files} files written", "nothing has changed")


def test_places_are_bold_on_a_terminal_with_colours_alone(tmp_path: Path) -> None:
    arguments = ["generate", str(BAD), "--prefix", "b", "--out", str(tmp_path / "out")]
    assert f"\x1b[1m{BAD}:" in on_terminal(arguments, {})
    for environment in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
        said = on_terminal(arguments, environment)
        assert "\x1b[1m" not in said and f"{BAD}:" in said


def test_progress_is_shown_on_a_terminal_and_gone_at_the_end(tmp_path: Path) -> None:
    arguments = [
        "generate",
        str(SCHEMAS),
        "--prefix",
        "s",
        "--lock",
        str(tmp_path / "l"),
        "--out",
        str(tmp_path / "out"),
    ]
    said = on_terminal(arguments, {})
    assert "edgebind: reading spec.yaml" in said and said.endswith("\r\x1b[K")
    assert on_terminal(arguments, {"TERM": "dumb"}) == ""
