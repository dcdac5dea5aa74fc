"""Documents that are not supported: the first comment of each file in tests/bad/ holds every problem it has."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from edgebind import build, cli, emit_docs, emit_header, emit_source, load
from edgebind.build_context import Entry
from edgebind.names import Pins
from edgebind.problem import Problems

TESTS = Path(__file__).resolve().parents[1]
CASES = sorted(p.stem for p in (TESTS / "bad").glob("*.yaml"))


def expected(path: Path) -> list[str]:
    lines = []
    for line in path.read_text().splitlines():
        if not line.startswith("# "):
            break
        lines.append(line.removeprefix("# "))
    return lines


@pytest.mark.parametrize("case", CASES)
def test_problem_is_reported_in_its_place_and_nothing_is_written(
    case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = tmp_path / "bad.yaml"
    shutil.copy(TESTS / "bad" / f"{case}.yaml", document)
    catalog = tmp_path / "catalog.yaml"
    catalog.write_text("documents: [{document: bad.yaml, prefix: bad, header: bad}]\n")

    assert cli.main(["generate", "--catalog", str(catalog), "--out", str(tmp_path / "out")]) == 1
    assert capsys.readouterr().err.splitlines() == [f"{document}:{line}" for line in expected(document)] != []
    assert sorted(p.name for p in tmp_path.iterdir()) == ["bad.yaml", "catalog.yaml"]


def test_there_are_cases() -> None:
    assert len(CASES) >= 25


VALUES: list[object] = [None, True, 7, -1.5, "", "#/components", "text", [], ["a"], [[]], {}, {"a": {}}, {"$ref": 3}]


def broken(value: object, rnd: random.Random) -> object:
    """The value with one node replaced by something else, or removed."""
    if isinstance(value, dict) and value and rnd.random() < 0.95:
        key = rnd.choice(list(value))
        if rnd.random() < 0.05:
            return {k: v for k, v in value.items() if k != key}
        return {**value, key: broken(value[key], rnd)}
    if isinstance(value, list) and value and rnd.random() < 0.95:
        i = rnd.randrange(len(value))
        return [*value[:i], broken(value[i], rnd), *value[i + 1 :]]
    return rnd.choice(VALUES)


@pytest.mark.parametrize("path", sorted(TESTS.glob("golden/*/spec.yaml")), ids=lambda p: p.parent.name)
def test_any_damage_is_a_problem_or_generates(path: Path) -> None:
    rnd = random.Random(path.parent.name)
    whole = load.load(str(path), Problems())
    assert whole is not None
    for _ in range(100):
        damaged = broken(whole.value, rnd)
        if not isinstance(damaged, dict):
            continue
        document = load.Document(path.name, damaged, whole.sha256, Problems(), whole.places)
        built = build.build(document, Entry(path.name, "x", "x"), Pins(), lambda name: None)
        assert (built is None) == document.flawed
        if built is not None:
            emit_header.header(built.api)
            emit_source.source(built.api)
            emit_docs.docs(built.api)
