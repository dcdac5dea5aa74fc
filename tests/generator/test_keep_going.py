"""--keep-going: the operations that problems concern are left out and named; the others are as they would be."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from edgebind import catalog, cli
from edgebind.problem import Problems

ZOO = """\
openapi: 3.1.0
info: {title: Zoo, version: '1'}
servers: [{url: 'https://zoo.example.com'}]
paths:
  /animals:
    get:
      operationId: list-animals
      responses:
        '200': {description: All., content: {application/json: {schema: {$ref: '#/components/schemas/Animals'}}}}
    post:
      operationId: make-animal
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Animal'}}}}
      x-eb-verify: {operation: count, parameters: {}}
      responses: {'204': {description: Made.}}
  /count:
    get:
      operationId: count
      responses: {'204': {description: None.}}
  /keepers:
    parameters: [{name: trace, in: header, schema: {type: string}}]
    get:
      responses:
        '200': {description: All., content: {application/json: {schema: {$ref: '#/components/schemas/Keeper'}}}}
    post:
      operationId: make-keeper
      responses: {'204': {description: Made.}}
components:
  schemas:
    Animals: {type: object, properties: {animals: {type: array, items: {$ref: '#/components/schemas/Animal'}}}}
    Animal: {type: object, required: [name], properties: {name: {type: string}, legs: {type: integer}}}
    Keeper: {type: object, properties: {name: {type: string}, boss: {$ref: '#/components/schemas/Keeper'}}}
    Nobody: {type: object, properties: {a: {type: string}}}
"""
ALL = {"zoo_list_animals", "zoo_make_animal", "zoo_count", "zoo_get_keepers", "zoo_make_keeper"}

# What is wrong, in place of what; the operations that are left out for it
DAMAGE = {
    "in an operation": (
        ("x-eb-verify: {operation: count, parameters: {}}", "x-eb-verify: {operation: nothing}"),
        {"zoo_make_animal"},
    ),
    "in a schema": (("legs: {type: integer}", "legs: {type: gone}"), {"zoo_list_animals", "zoo_make_animal"}),
    "in a schema of a circle": (
        (
            "Keeper: {type: object, properties: {name: {type: string}",
            "Keeper: {type: object, properties: {name: {type: x}",
        ),
        {"zoo_get_keepers"},
    ),
    "in what holds for a path": (
        ("schema: {type: string}}]", "schema: {type: x}}]"),
        {"zoo_get_keepers", "zoo_make_keeper"},
    ),
    "in what another operation needs": (
        ("'204': {description: None.}", "'2x4': {description: None.}"),
        {"zoo_count", "zoo_make_animal"},
    ),
    "in a schema that nobody reaches": (("{a: {type: string}}", "{a: {type: x}}"), set()),
}


def generate(root: Path, *options: str) -> int:
    return cli.main(["generate", str(root / "zoo.yaml"), "--prefix", "zoo", "--out", str(root / "out"), *options])


def functions(root: Path) -> set[str]:
    problems = Problems()
    listed = catalog.single(str(root / "zoo.yaml"), "zoo", "zoo", root / "names.lock", problems)
    assert listed is not None
    listed.keep_going = True
    built = listed.build("zoo.yaml")
    assert built is not None
    return {operation.name for operation in built.api.operations}


@pytest.mark.parametrize("case", DAMAGE)
def test_what_a_problem_concerns_is_left_out_and_named(
    case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (sound, damaged), gone = DAMAGE[case]
    assert ZOO.count(sound) == 1
    (tmp_path / "zoo.yaml").write_text(ZOO.replace(sound, damaged))
    assert generate(tmp_path) == 1
    problems = capsys.readouterr().err.splitlines()
    assert generate(tmp_path, "--keep-going") == 0
    said = capsys.readouterr().err.splitlines()
    assert functions(tmp_path) == ALL - gone
    assert set(problems) <= set(said)
    named = {line.split(" is left out")[0].rpartition(" ")[2] for line in said if " is left out because" in line}
    assert {f"zoo_{name.replace('-', '_')}" for name in named} == gone
    count = [line for line in said if line.endswith("are left out")]
    assert count == ([f"edgebind: {tmp_path}/zoo.yaml: {len(gone)} of 5 operations are left out"] if gone else [])
    header = (tmp_path / "out/include/edgebind/zoo.h").read_text()
    assert all((f"{name}(" in header) == (name not in gone) for name in ALL)


def test_nothing_is_left_out_of_a_good_document(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "zoo.yaml").write_text(ZOO)
    assert generate(tmp_path) == 0
    whole = (tmp_path / "out/include/edgebind/zoo.h").read_text()
    assert generate(tmp_path, "-k") == 0
    assert (tmp_path / "out/include/edgebind/zoo.h").read_text() == whole
    assert "left out" not in capsys.readouterr().err


@pytest.mark.parametrize(
    "damage",
    [("openapi: 3.1.0", "openapi: 3.9.0"), ("title: Zoo", "title: Zoo}\nwhat: {"), ("https:", "gopher:")],
    ids=["version", "root", "server"],
)
def test_a_problem_of_the_whole_document_stays_one(
    damage: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "zoo.yaml").write_text(ZOO.replace(*damage))
    assert generate(tmp_path, "--keep-going") == 1
    assert capsys.readouterr().err != ""
    assert sorted(p.name for p in tmp_path.iterdir()) == ["zoo.yaml"]


def test_names_are_those_of_the_whole_document(tmp_path: Path) -> None:
    (tmp_path / "zoo.yaml").write_text(ZOO)
    assert generate(tmp_path) == 0
    lock = json.loads((tmp_path / "names.lock").read_text())["zoo"]
    (tmp_path / "names.lock").unlink()
    (tmp_path / "zoo.yaml").write_text(ZOO.replace("legs: {type: integer}", "legs: {type: gone}"))
    assert generate(tmp_path, "--keep-going") == 0
    part = json.loads((tmp_path / "names.lock").read_text())["zoo"]
    assert part["operations"] == lock["operations"] and part["structs"] == lock["structs"]


def test_a_selection_may_be_of_what_is_left(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "zoo.yaml").write_text(ZOO.replace("legs: {type: integer}", "legs: {type: gone}"))
    assert generate(tmp_path, "--keep-going", "--operations", "list-animals,count") == 0
    assert "1 of 2 operations are left out" in capsys.readouterr().err
    assert generate(tmp_path, "--keep-going", "--operations", "list-animals") == 1


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_operation_without_a_name_is_called_after_method_and_path(method: str, tmp_path: Path) -> None:
    document = f"""\
openapi: 3.1.0
info: {{title: T, version: '1'}}
servers: [{{url: 'https://t.example.com'}}]
paths:
  /v1/users/{{user-id}}/toys:
    {method}:
      parameters: [{{name: user-id, in: path, required: true, schema: {{type: string}}}}]
      responses: {{'204': {{description: D}}}}
  /v1//users/{{user-id}}/toys:
    {method}:
      parameters: [{{name: user-id, in: path, required: true, schema: {{type: string}}}}]
      responses: {{'204': {{description: D}}}}
"""
    (tmp_path / "zoo.yaml").write_text(document)
    name = f"zoo_{method}_v1_users_by_user_id_toys"
    assert functions(tmp_path) == {name, f"{name}_2"}
