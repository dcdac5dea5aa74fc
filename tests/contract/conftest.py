"""One mock and one contract-invoke for the whole run; the mock begins anew before every test, and after it every
request must have passed both judges."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

from harness import PROGRAM, Bench, Invoke, Mock


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "unjudged: the mock cannot judge every request of this test")


class Programs:
    """The process that makes the calls; a new one after a death, so that one failure stays one."""

    def __init__(self) -> None:
        self._latest: Invoke | None = None

    def get(self) -> Invoke:
        if self._latest is None or not self._latest.is_running:
            self._latest = Invoke()
        return self._latest

    def stop(self) -> None:
        if self._latest is not None:
            self._latest.stop()


@pytest.fixture(scope="session")
def mock_process() -> Iterator[Mock]:
    mock = Mock()
    yield mock
    mock.stop()


@pytest.fixture(scope="session")
def programs() -> Iterator[Programs]:
    if not PROGRAM.is_file():
        pytest.exit(f"there is no {PROGRAM}: run `make VARIANT=san contract`", 1)
    made = Programs()
    yield made
    made.stop()


@pytest.fixture
def mock(mock_process: Mock) -> Mock:
    mock_process.reset()
    return mock_process


@pytest.fixture
def bench(mock: Mock, programs: Programs, request: pytest.FixtureRequest) -> Iterator[Bench]:
    made = Bench(mock, programs.get())
    yield made
    made.forget()
    if request.node.get_closest_marker("unjudged") is None:
        for entry in mock.journal():
            assert entry["verdict"]["ok"], f"{entry['method']} {entry['target']}: {entry['verdict']['problems']}"
