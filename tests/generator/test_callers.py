"""Old callers still compile: a program that uses every public name of the old version of a pair of documents, with the
headers of the new one. It fails where, and only where, `edgebind diff` says "breaking source"."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from diff_pairs import PAIRS, Pair
from edgebind import cli
from edgebind.diff_rules import RULES, Level
from test_diff import sides

ROOT = Path(__file__).resolve().parents[2]
UNSEEN = {"enum-kind"}  # of an enum that no member has, as in its pair
COMPILE = "gcc -std=c11 -Wall -Wextra -Wpedantic -Werror -fsyntax-only".split()


def complaint(program: Path, include: Path) -> str:
    """What the compiler says about the program; "" when it compiles."""
    command = [*COMPILE, f"-I{ROOT / 'runtime/include'}", f"-I{include}", str(program)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stderr


def program_of(catalog: Path, to: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    capsys.readouterr()
    assert cli.main(["callers", "--catalog", str(catalog)]) == 0
    to.write_text(capsys.readouterr().out)
    return to


@pytest.mark.parametrize("pair", PAIRS, ids=lambda p: p.found[0].partition(": ")[0] if p.found else "same")
def test_old_callers_compile_unless_diff_says_breaking_source(
    pair: Pair, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = (Path(side) for side in sides(pair, tmp_path))
    cli.main(["diff", str(old), str(new), "--format", "json"])
    changes = json.loads(capsys.readouterr().out)["changes"]
    rules = {change["rule"] for change in changes} - UNSEEN
    broken = any(RULES[rule][0] is Level.SOURCE for rule in rules)
    program = program_of(old / "catalog.yaml", tmp_path / "callers.c", capsys)
    if not (new / "names.lock").exists():  # as it would when it took the old one's place
        (new / "names.lock").write_text((old / "names.lock").read_text())
    out = tmp_path / "new-out"
    assert cli.main(["generate", "--catalog", str(new / "catalog.yaml"), "--out", str(out)]) == 0
    said = complaint(program, out / "include")
    assert (said != "") == broken, said


def test_a_program_compiles_with_the_headers_it_was_made_of(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    program = program_of(ROOT / "spec/catalog.yaml", tmp_path / "callers.c", capsys)
    assert complaint(program, ROOT / "generated/include") == ""
    text = program.read_text()
    for name in ("edgegap_app_version_list_next", "EDGEGAP_PROTOCOL_UDP", "dcdn_upload_routine_code_file"):
        assert name in text


@pytest.mark.parametrize("case", sorted(p.parent.name for p in (ROOT / "tests/golden").glob("*/catalog.yaml")))
def test_every_feature_has_its_callers(case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = ROOT / "tests/golden" / case
    program = program_of(folder / "catalog.yaml", tmp_path / "callers.c", capsys)
    assert complaint(program, folder / "expected/include") == ""
