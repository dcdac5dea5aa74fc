"""--operations and --tags: what is asked for, what it reaches, and nothing of the rest but its names."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from edgebind import catalog, cli
from edgebind.problem import Problems
from edgebind.selection import Selection, operations_of

ROOT = Path(__file__).resolve().parents[2]
ZOO = """\
openapi: 3.1.0
info: {title: Zoo, version: '1'}
servers: [{url: 'https://zoo.example.com'}]
paths:
  /animals:
    parameters: [{name: trace, in: header, schema: {type: string}}]
    get:
      operationId: list-animals
      tags: [animals, public]
      responses:
        '200': {description: All., content: {application/json: {schema: {$ref: '#/components/schemas/Animals'}}}}
    post:
      operationId: make-animal
      tags: [animals]
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Animal'}}}}
      x-eb-verify: {operation: get-animal, parameters: {name: '$request.body#/name'}}
      responses: {'204': {description: Made.}}
  /animals/{name}:
    get:
      operationId: get-animal
      parameters: [{name: name, in: path, required: true, schema: {type: string}}]
      responses:
        '200': {description: One., content: {application/json: {schema: {$ref: '#/components/schemas/Animal'}}}}
  /keepers:
    get:
      operationId: list-keepers
      tags: [public, staff]
      responses:
        '200': {description: All., content: {application/json: {schema: {$ref: '#/components/schemas/Keepers'}}}}
  /odd:
    get:
      operationId: odd
      responses: {'200': {description: ODD}}
components:
  schemas:
    Animals: {type: object, properties: {animals: {type: array, items: {$ref: '#/components/schemas/Animal'}}}}
    Animal:
      type: object
      required: [name, legs]
      properties:
        name: {type: string}
        legs: {type: integer}
        kind: {type: string, enum: [cat, dog]}
    Keepers: {type: object, properties: {first: {$ref: '#/components/schemas/Keeper'}}}
    Keeper: {type: object, properties: {name: {type: string}}}
    Odd: {type: object, properties: {a: {type: string}}}
"""
REFUSED = ZOO.replace("ODD}", "ODD, content: {application/xml: {schema: {$ref: '#/components/schemas/Odd'}}}}").replace(
    "{a: {type: string}", "{a: {type: text}"
)


@pytest.fixture
def zoo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "zoo.yaml").write_text(ZOO)
    return tmp_path


def generate(*more: str) -> int:
    return cli.main(["generate", "zoo.yaml", "--prefix", "zoo", "--out", "out", *more])


def declared(header: str) -> dict[str, str]:
    """Every type and function of a header by its name, with its text; comments are left out."""
    code = re.sub(r"/\*.*?\*/", "", header, flags=re.S)
    types = re.findall(r"^typedef (?:struct|enum) \w+ (\{.*?^\}) (\w+);", code, re.M | re.S)
    functions = dict(re.findall(r"^eb_status (\w+)(\(.*?\);)", code, re.M | re.S))
    return {**{name: body for body, name in types}, **functions}


def header() -> dict[str, str]:
    return declared(Path("out/include/edgebind/zoo.h").read_text())


def test_what_is_reached_is_there_and_nothing_else(zoo: Path) -> None:
    assert generate("--operations", "list-keepers") == 0
    assert set(header()) == {"zoo_list_keepers", "zoo_list_keepers_params", "zoo_keepers", "zoo_keeper"}
    include = ["-I", str(ROOT / "runtime/include"), "-I", "out/include"]
    subprocess.run(["gcc", "-std=c11", "-Wall", "-Werror", "-fsyntax-only", *include, "out/src/zoo.c"], check=True)
    assert generate("--operations", "list-keepers", "--check") == 0
    assert generate("--check") == 1


def test_names_may_be_operation_ids_c_names_and_tags(zoo: Path) -> None:
    functions = {
        ("--operations", "list-keepers, zoo_get_animal"): {"zoo_list_keepers", "zoo_get_animal"},
        ("--tags", "public"): {"zoo_list_keepers", "zoo_list_animals"},
        ("--tags", "staff", "--operations", "odd"): {"zoo_list_keepers", "zoo_odd"},
    }
    for options, expected in functions.items():
        assert generate(*options) == 0
        assert {name for name, body in header().items() if body.startswith("(")} == expected


def test_the_operation_that_tells_whether_one_arrived_comes_along(zoo: Path) -> None:
    assert generate("--operations", "make-animal") == 0
    functions = {name for name, body in header().items() if body.startswith("(")}
    assert functions == {"zoo_make_animal", "zoo_make_animal_verify", "zoo_get_animal"}


def test_names_and_types_are_those_of_the_whole_document(zoo: Path) -> None:
    assert generate() == 0
    whole, lock = header(), (zoo / "names.lock").read_text()
    assert "eb_opt_int" in whole["zoo_animal"]  # because make-animal sends it
    (zoo / "names.lock").unlink()
    assert generate("--operations", "get-animal") == 0
    assert set(header().items()) < set(whole.items())
    assert (zoo / "names.lock").read_text() == lock
    assert "retired" not in json.loads(lock)["zoo"]


def test_what_is_left_out_may_be_unsupported(zoo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (zoo / "zoo.yaml").write_text(REFUSED)
    assert generate() == 1
    assert generate("--tags", "public,animals") == 0
    part = header()
    capsys.readouterr()
    assert generate("--operations", "odd") == 1
    assert "there is no type text" in capsys.readouterr().err
    (zoo / "zoo.yaml").write_text(ZOO)
    assert generate() == 0
    assert set(part.items()) < set(header().items())


def test_what_is_left_out_keeps_its_pins(zoo: Path) -> None:
    assert generate() == 0
    lock = (zoo / "names.lock").read_text().replace('"zoo_keeper"', '"zoo_warden"')
    (zoo / "names.lock").write_text(lock)
    (zoo / "zoo.yaml").write_text(REFUSED)
    assert generate("--operations", "get-animal") == 0
    assert (zoo / "names.lock").read_text() == lock


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--operations", "list-keeper"), "there is no operation list-keeper; did you mean list-keepers?"),
        (("--tags", "animal"), "there is no tag animal; did you mean animals?"),
        (("--tags", "x", "--operations", "y"), "there is no operation y; there is no tag x"),
        (("--tags", ","), "--operations and --tags name at least one"),
    ],
)
def test_a_name_that_is_none_is_wrong_usage(
    options: tuple[str, ...], words: str, zoo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert generate(*options) == 2
    assert capsys.readouterr().err == f"edgebind: {words}\n"
    assert sorted(p.name for p in zoo.iterdir()) == ["zoo.yaml"]


def test_of_a_catalog_only_the_documents_that_are_needed_are_written(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "spec", tmp_path / "spec")
    lock = (tmp_path / "spec/names.lock").read_text()
    options = ["--catalog", str(tmp_path / "spec/catalog.yaml"), "--out", str(tmp_path / "out")]
    for operations, headers, documents in (
        ("UploadRoutineCode", ["dcdn.h", "oss.h"], ["alibaba-dcdn.yaml", "alibaba-oss.yaml"]),
        ("PublishRoutineCodeRevision", ["dcdn.h"], ["alibaba-dcdn.yaml"]),
    ):
        assert cli.main(["generate", *options, "--operations", operations]) == 0
        assert sorted(p.name for p in (tmp_path / "out/include/edgebind").iterdir()) == headers
        assert list(json.loads((tmp_path / "out/MANIFEST.json").read_text())["documents"]) == documents
        assert (tmp_path / "spec/names.lock").read_text() == lock


def test_our_operations_alone_are_a_part_of_the_whole() -> None:
    problems = Problems()
    whole = catalog.read(str(ROOT / "spec/catalog.yaml"), problems)
    assert whole is not None
    texts, lock = whole.generate()
    for entry in whole.entries:
        for op_id in list(operations_of(whole.documents[entry.document]))[::9]:
            part = catalog.read(str(ROOT / "spec/catalog.yaml"), problems)
            assert part is not None
            assert part.select(Selection((op_id,))) == []
            made, made_lock = part.generate()
            path = f"include/edgebind/{entry.header}.h"
            assert set(declared(made[path]).items()) <= set(declared(texts[path]).items())
            assert len(made[path]) <= len(texts[path])
            assert made_lock == lock
    assert len(problems) == 0
