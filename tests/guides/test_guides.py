"""The programs of the guides, each run against the mock in its scenario; and the commands that pages show, run as they
stand."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / "tests/contract"))

from edgebind_mock import access  # noqa: E402
from harness import Mock, environment  # noqa: E402

BUILT = ROOT / "build/san/bin"
PROGRAMS = sorted(p.stem for p in HERE.glob("*.c"))
PAGES = [ROOT / "README.md", *sorted((ROOT / "runtime/docs").glob("*.md"))]
COMMANDS = {
    f"{page.stem}-{found[1].rpartition('/')[2]}": (found[1], found[2])
    for page in PAGES
    for found in re.finditer(r"^<!-- run: (\S+) -->\n```sh\n(.*?)^```$", page.read_text(), re.S | re.M)
}


@pytest.fixture(scope="module")
def mock() -> Iterator[Mock]:
    made = Mock()
    yield made
    made.stop()


@pytest.mark.parametrize("name", PROGRAMS)
def test_program_of_a_guide(mock: Mock, name: str, tmp_path: Path) -> None:
    mock.reset()
    scenario = HERE / f"{name}.scenario.json"
    if scenario.exists():
        mock.control("POST", "scenario", json.loads(scenario.read_text()))
    (tmp_path / "hello.js").write_text("addEventListener('fetch', (event) => {});\n")
    variables = {
        "EDGEBIND_MOCK_URL": mock.url,
        "EDGEGAP_TOKEN": access.EDGEGAP_TOKEN,
        "ALIBABA_CLOUD_ACCESS_KEY_ID": access.ACCESS_KEY_ID,
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET": access.ACCESS_KEY_SECRET,
    }
    program = BUILT / f"guide-{name.replace('_', '-')}"
    done = subprocess.run(
        [program], cwd=tmp_path, env=environment() | variables, capture_output=True, text=True, timeout=120
    )
    assert (done.returncode, done.stderr) == (0, ""), done
    assert all(entry["verdict"]["ok"] for entry in mock.journal())


def test_every_guide_shows_a_program_and_every_program_is_shown() -> None:
    shown = [set(re.findall(r"^<!-- tests/guides/([\w/.]+)", page.read_text(), re.M)) for page in PAGES[1:]]
    guides = [names for page, names in zip(PAGES[1:], shown, strict=True) if page.name != "README.md"]
    assert all(any(name.endswith(".c") for name in names) for names in guides)
    assert {f"{name}.c" for name in PROGRAMS} <= set().union(*shown)


@pytest.mark.parametrize("name", COMMANDS)
def test_commands_of_a_page(name: str) -> None:
    folder, commands = COMMANDS[name]
    shutil.rmtree(ROOT / "build" / Path(folder).name, ignore_errors=True)
    done = subprocess.run(
        ["sh", "-eu", "-c", commands], cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=300
    )
    assert (done.returncode, done.stderr) == (0, ""), done
    page = (ROOT / "README.md").read_text()
    assert done.stdout
    if name.startswith("README"):
        assert "".join(f"    {line}\n" for line in done.stdout.splitlines()) in page


def test_the_outcome_table_is_the_one_that_calls_use() -> None:
    page = (ROOT / "runtime/docs/errors-and-retries.md").read_text()
    printed = subprocess.run([BUILT / "retry-vectors", "--table"], capture_output=True, text=True, check=True).stdout
    assert f"<!-- table: retry-vectors --table -->\n{printed}\n" in page


def test_commands_are_found() -> None:
    assert set(COMMANDS) == {"README-tutorial", "own-document-own", "vendoring-vendoring"}
