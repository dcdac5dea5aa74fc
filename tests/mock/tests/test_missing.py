"""Without the packages it needs, the mock says so."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

MOCK = Path(__file__).resolve().parents[1]


def test_a_missing_package_is_named_and_how_to_get_it() -> None:
    ended = subprocess.run(
        [sys.executable, "-S", "-m", "edgebind_mock"],
        env={"PYTHONPATH": str(MOCK)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 1
    assert ended.stderr.startswith("edgebind_mock: the Python package ") and "make deps" in ended.stderr
    assert len(ended.stderr.splitlines()) == 1
