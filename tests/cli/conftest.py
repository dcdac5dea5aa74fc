"""One mock for the whole run; it begins anew before every test, and after it every request must have passed both
judges."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "contract"))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from harness import Mock
from tool import EB, Tool


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "unjudged: the mock cannot judge every request of this test")


@pytest.fixture(scope="session")
def mock_process() -> Iterator[Mock]:
    if not EB.is_file():
        pytest.exit(f"there is no {EB}: run `make VARIANT=san eb`", 1)
    mock = Mock()
    yield mock
    mock.stop()


@pytest.fixture
def eb(mock_process: Mock, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Tool]:
    mock_process.reset()
    yield Tool(mock_process, tmp_path)
    if request.node.get_closest_marker("unjudged") is None:
        for entry in mock_process.journal():
            assert entry["verdict"]["ok"], f"{entry['method']} {entry['target']}: {entry['verdict']['problems']}"
