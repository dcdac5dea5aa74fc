"""Small documents, one feature each, give the same bytes as last time. `make golden` updates them; that they compile is
`make check-golden`."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from edgebind import catalog, cli
from edgebind.check import check_extensions, check_openapi
from edgebind.problem import Problems

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
CASES = sorted(p.parent.name for p in GOLDEN.glob("*/catalog.yaml"))


def tree(root: Path) -> dict[str, str]:
    return {str(p.relative_to(root)): p.read_text() for p in sorted(root.rglob("*")) if p.is_file()}


@pytest.mark.parametrize("case", CASES)
def test_output_is_as_expected(case: str, tmp_path: Path, update_golden: bool) -> None:
    for source in (GOLDEN / case).glob("*.*"):
        shutil.copy(source, tmp_path)
    out = tmp_path / "expected"
    assert cli.main(["generate", "--catalog", str(tmp_path / "catalog.yaml"), "--out", str(out)]) == 0
    shutil.copy(tmp_path / "names.lock", out)
    if update_golden:
        shutil.rmtree(GOLDEN / case / "expected", ignore_errors=True)
        shutil.copytree(out, GOLDEN / case / "expected")
    assert tree(out) == tree(GOLDEN / case / "expected")


@pytest.mark.parametrize("case", CASES)
def test_documents_are_good(case: str) -> None:
    problems = Problems()
    read = catalog.read(str(GOLDEN / case / "catalog.yaml"), problems)
    assert read is not None
    for entry in read.entries:
        read.build(entry.document)
        check_openapi(read.documents[entry.document])
        check_extensions(read.documents[entry.document])
    assert [str(p) for p in problems] == []
