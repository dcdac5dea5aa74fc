"""The samples in the reference of small documents compile as C99 without a warning. That those of our own documents run
is tests/contract/test_samples.py."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "tests/golden"
CASES = sorted(p.parent.name for p in GOLDEN.glob("*/catalog.yaml"))
WARNINGS = "-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wcast-qual -Wwrite-strings -Werror -fsyntax-only".split()
WARNINGS.append("-Wno-deprecated-declarations")  # the sample of an operation that is deprecated uses it


@pytest.mark.parametrize("case", CASES)
def test_samples_compile(case: str, tmp_path: Path) -> None:
    expected = GOLDEN / case / "expected"
    programs: list[Path] = []
    for page in sorted(expected.glob("docs/*/*.md")):
        for text in re.findall(r"\n## (?:Sample|Waiting\n(?:\n- .*)+)\n\n```c\n(.*?)```\n", page.read_text(), re.S):
            programs.append(tmp_path / f"{page.stem}{len(programs)}.c")
            programs[-1].write_text(text)
    assert programs
    includes = ["-I", str(ROOT / "runtime/include"), "-I", str(expected / "include")]
    subprocess.run(["gcc", "-std=c99", *WARNINGS, *includes, *map(str, programs)], check=True)
