"""The command: what it writes, what it leaves alone, and how it ends."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from edgebind import __version__, cli

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "tests/golden"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in ("catalog.yaml", "spec.yaml", "store.yaml"):
        shutil.copy(GOLDEN / "link" / name, tmp_path)
    return tmp_path


def generate(project: Path, *more: str) -> int:
    return cli.main(["generate", "--catalog", str(project / "catalog.yaml"), "--out", str(project / "out"), *more])


def tree(root: Path) -> dict[str, bytes]:
    return {str(p.relative_to(root)): p.read_bytes() for p in sorted(root.rglob("*")) if p.is_file()}


def test_the_manifest_lists_every_file_with_its_hash(project: Path) -> None:
    assert generate(project) == 0
    manifest = json.loads((project / "out/MANIFEST.json").read_text())
    files = tree(project / "out")
    del files["MANIFEST.json"]
    assert manifest["generator"] == __version__
    assert manifest["files"] == {path: hashlib.sha256(data).hexdigest() for path, data in files.items()}
    assert set(manifest["documents"]) == {"spec.yaml", "store.yaml"}


def test_what_is_no_longer_generated_is_removed_and_nothing_else(project: Path) -> None:
    assert generate(project) == 0
    (project / "out/src/mine.c").write_text("/* mine */\n")
    (project / "catalog.yaml").write_text("documents: [{document: store.yaml, prefix: store, header: store}]\n")
    assert generate(project, "--check") == 1
    assert generate(project) == 0
    assert sorted(p.name for p in (project / "out/src").iterdir()) == ["mine.c", "store.c"]
    assert not (project / "out/docs/ticket.md").exists()


def test_a_second_run_touches_nothing(project: Path) -> None:
    assert generate(project) == 0
    before = {p: p.stat().st_mtime_ns for p in project.rglob("*") if p.is_file()}
    assert generate(project) == 0
    assert {p: p.stat().st_mtime_ns for p in project.rglob("*") if p.is_file()} == before


def test_check_says_what_would_change_and_writes_nothing(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert generate(project) == 0
    (project / "out/src/store.c").write_text("changed by hand\n")
    (project / "out/docs/ticket.md").unlink()
    before = tree(project)
    assert generate(project, "--check") == 1
    out = project / "out"
    assert capsys.readouterr().err.splitlines() == [f"{out}/docs/ticket.md: missing", f"{out}/src/store.c: out of date"]
    assert tree(project) == before


def test_a_problem_in_one_document_leaves_everything_as_it_was(project: Path) -> None:
    assert generate(project) == 0
    before = tree(project / "out")
    spec = project / "spec.yaml"
    spec.write_text(spec.read_text().replace("operationId: MakeTicket\n", "operationId: 7\n"))
    store = project / "store.yaml"
    store.write_text(store.read_text().replace("title: Store", "title: Another"))
    assert generate(project) == 1
    assert tree(project / "out") == before


@pytest.mark.parametrize("nth", range(8))
def test_a_failed_write_leaves_everything_as_it_was(project: Path, nth: int, monkeypatch: pytest.MonkeyPatch) -> None:
    assert generate(project) == 0
    before = tree(project)
    (project / "spec.yaml").write_text((project / "spec.yaml").read_text().replace("title: Tickets", "title: T"))
    (project / "store.yaml").write_text((project / "store.yaml").read_text().replace("title: Store", "title: S"))
    synced = iter(range(100))
    real = os.fsync

    def full(fd: int) -> None:
        if next(synced) == nth:
            raise OSError(28, "No space left on device", "out")
        real(fd)

    monkeypatch.setattr(os, "fsync", full)
    status = generate(project)
    if status == 0:  # fewer files than nth
        assert nth >= 7
        return
    assert status == 2
    after = tree(project)
    assert {p: d for p, d in after.items() if not p.endswith(".yaml")} == {
        p: d for p, d in before.items() if not p.endswith(".yaml")
    }


def test_output_depends_on_the_documents_alone(project: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    made = []
    for seed, zone in (("0", "UTC"), ("1", "Asia/Tokyo"), ("4242", "UTC")):
        copy = tmp_path_factory.mktemp("elsewhere") / "deep"
        shutil.copytree(project, copy)
        env = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": "C", "PYTHONPATH": str(ROOT / "generator")}
        command = [sys.executable, "-m", "edgebind", "generate", "--catalog", "catalog.yaml", "--out", "out"]
        subprocess.run(command, cwd=copy, env=env, check=True, timeout=60)
        made.append(tree(copy))
    assert made[0] == made[1] == made[2]
    text = b"".join(made[0].values()).decode()
    assert str(project) not in text
    assert not re.search(
        rf"\b{time.localtime().tm_year}-\d\d-\d\d\b", "".join(made[0][p].decode() for p in made[0] if p[:3] == "out")
    )


def test_all_documents_take_two_seconds_and_100_mb_at_most(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "spec", tmp_path / "spec")
    code = (
        "import re, sys, time; from edgebind import cli; status = cli.main(['generate']); "
        "most = re.search(r'VmHWM:\\s*(\\d+) kB', open('/proc/self/status').read()); "
        "print(time.process_time(), most[1]); sys.exit(status)"
    )
    env = {**os.environ, "PYTHONPATH": str(ROOT / "generator")}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=tmp_path, env=env, check=True, capture_output=True, text=True, timeout=60)
    seconds, kilobytes = done.stdout.splitlines()[-1].split()
    assert float(seconds) <= 2
    assert int(kilobytes) <= 100_000


@pytest.mark.parametrize(
    "argv",
    [
        [],
        ["compile"],
        ["generate", "--nope"],
        ["generate", "--catalog"],
        ["explain"],
        ["verify", "--out"],
        ["check", "--out", "x"],
    ],
)
def test_wrong_usage_ends_with_2(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(argv)
    assert ended.value.code == 2
    assert "usage: edgebind" in capsys.readouterr().err


def test_a_catalog_that_is_not_there_is_wrong_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("generate", "check"):
        assert cli.main([command, "--catalog", str(tmp_path / "catalog.yaml")]) == 2
        assert capsys.readouterr().err == f"edgebind: {tmp_path / 'catalog.yaml'}: no such catalog\n"


def test_check_takes_documents_of_the_catalog_and_others(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    catalog = str(project / "catalog.yaml")
    other = project / "class.yaml"
    shutil.copy(GOLDEN / "values/spec.yaml", other)
    assert cli.main(["check", "--catalog", catalog, str(project / "spec.yaml"), str(other)]) == 0
    assert cli.main(["check", "--catalog", str(project / "gone.yaml"), str(other)]) == 0
    other.write_text(other.read_text().replace("type: number", "type: numeral"))
    assert cli.main(["check", "--catalog", catalog, str(other)]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert [re.sub(r"^.*/class\.yaml:\d+:17: ", "", line) for line in lines] == [
        "#/components/schemas/Thing/properties/ratio/type: there is no type numeral",
        "#/components/schemas/Thing/properties/price/type: there is no type numeral",
        "#/components/schemas/Stored/properties/ratio/type: there is no type numeral",
    ]
    assert cli.main(["check", "--catalog", catalog, "gone.yaml"]) == 2
    assert capsys.readouterr().err == "edgebind: gone.yaml: no such file\n"


def test_check_reports_what_openapi_and_the_extensions_forbid(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = project / "spec.yaml"
    text = spec.read_text().replace("info: {title: Tickets, version: '1'}", "info: {title: Tickets}")
    spec.write_text(text.replace("name: file\n        target", "name: FILE\n        target"))
    assert cli.main(["check", "--catalog", str(project / "catalog.yaml")]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert [line.partition(": ")[2] for line in lines] == [
        "#/info: not OpenAPI 3.1: 'version' is a required property",
        "#/paths/~1ticket/post/x-eb-link/name: x-eb-link: 'FILE' does not match '^[a-z][a-z0-9_]*$'",
    ]


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ("documents: []", "#: documents is missing: a list of document, prefix and header"),
        ("documents: [{document: spec.yaml}]", "#/documents/0: document, prefix and header are expected"),
        (
            "documents: [{document: a.yaml, prefix: eb, header: a}]",
            "#/documents/0/prefix: a prefix is lower case letters",
        ),
        (
            "documents: [{document: a.yaml, prefix: a, header: ../a}]",
            "#/documents/0/header: a header's name is lower case",
        ),
        (
            "documents: [{document: a.yaml, prefix: a, header: a}, {document: b.yaml, prefix: a, header: b}]",
            "#/documents/1: document, prefix and header are each for one document",
        ),
        ("documents: [{document: gone.yaml, prefix: a, header: a}]", "gone.yaml:1:1: #: cannot be read: No such file"),
    ],
)
def test_a_bad_catalog_is_a_problem(project: Path, rows: str, problem: str, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "catalog.yaml").write_text(rows + "\n")
    assert generate(project) == 1
    assert problem in capsys.readouterr().err
    assert not (project / "out").exists()
