"""What every table of scenarios needs: the program that makes the calls, from the folder above."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

import scenario as scenarios
from harness import Invoke


@pytest.fixture
def program(programs) -> Invoke:  # type: ignore[no-untyped-def]  # of the conftest above
    found: Invoke = programs.get()
    return found


@pytest.fixture
def play(program: Invoke) -> Callable[[scenarios.Scenario], None]:
    return lambda one: scenarios.play(program, one)
