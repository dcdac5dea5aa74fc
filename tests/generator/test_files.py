"""Documents of several files: however a schema is referred to it is one type, and problems stand in their file."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from edgebind import cli

ZOO = {
    "zoo.yaml": """\
openapi: 3.1.0
info: {title: Zoo, version: '1'}
servers: [{url: 'https://zoo.example.com'}]
paths:
  /animals:
    $ref: paths/animals.yaml
  /keepers:
    get:
      operationId: list-keepers
      parameters: [{$ref: 'common.json#/parameters/limit'}]
      responses:
        '200': {$ref: 'common.json#/responses/Keepers'}
components:
  schemas:
    Beast: {$ref: ./models/animal.yaml}
    Anchored: {type: object, properties: {here: {$ref: '#tag'}, there: {$ref: 'models/people.yaml#boss'}}}
    Tag: {$anchor: tag, type: object, properties: {text: {type: string}}}
    Local: {type: object, properties: {a: {$ref: '#/components/schemas/Local/$defs/Inner'}},
            $defs: {Inner: {type: object, properties: {b: {type: string}}}}}
""",
    "paths/animals.yaml": """\
get:
  operationId: list-animals
  responses:
    '200':
      description: All.
      content: {application/json: {schema: {type: array, items: {$ref: ../models/animal.yaml}}}}
post:
  operationId: make-animal
  requestBody: {content: {application/json: {schema: {$ref: '../zoo.yaml#/components/schemas/Beast'}}}}
  responses: {'204': {description: Made.}}
""",
    "models/animal.yaml": """\
type: object
required: [name]
properties:
  name: {type: string}
  keeper: {$ref: 'people.yaml#/definitions/Keeper'}
  young: {type: array, items: {$ref: '#'}}
  toy: {$ref: './../models/people.yaml#/Toy'}
  again: {$ref: './people.yaml#/T%6Fy'}
""",
    "models/people.yaml": """\
definitions:
  Keeper:
    type: object
    properties:
      name: {type: string}
      favourite: {$ref: animal.yaml}
  Boss: {$anchor: boss, allOf: [{$ref: '#/definitions/Keeper'}, {type: object, properties: {bonus: {type: integer}}}]}
Toy: {type: object, properties: {colour: {type: string, enum: [red, blue]}}}
""",
    "common.json": json.dumps(
        {
            "parameters": {"limit": {"name": "limit", "in": "query", "schema": {"type": "integer", "maximum": 50}}},
            "responses": {
                "Keepers": {
                    "description": "All.",
                    "content": {
                        "application/json": {
                            "schema": {
                                "type": "object",
                                "properties": {
                                    "keepers": {
                                        "type": "array",
                                        "items": {"$ref": "models/people.yaml#/definitions/Keeper"},
                                    }
                                },
                            }
                        }
                    },
                }
            },
        },
        indent=2,
    ),
}


@pytest.fixture
def zoo(tmp_path: Path) -> Path:
    for name, text in ZOO.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def run(zoo: Path, command: str, *arguments: str) -> int:
    out = ["--out", str(zoo / "out")] if command == "generate" else []
    return cli.main([command, *arguments, str(zoo / "zoo.yaml"), "--prefix", "zoo", *out])


def header(zoo: Path) -> str:
    return (zoo / "out/include/edgebind/zoo.h").read_text()


def test_one_schema_is_one_type_however_it_is_spelled(zoo: Path) -> None:
    assert run(zoo, "generate") == 0
    structs = set(re.findall(r"^(?:typedef )?struct (zoo_\w+) \{", header(zoo), re.M))
    assert structs == {
        "zoo_beast", "zoo_keeper", "zoo_toy", "zoo_boss", "zoo_anchored", "zoo_tag", "zoo_local", "zoo_inner",
        "zoo_list_keepers_result", "zoo_list_animals_params", "zoo_make_animal_params", "zoo_list_keepers_params",
    } | {name for name in structs if name.endswith("_list")}  # fmt: skip
    beast = re.search(r"struct zoo_beast \{(.*?)^\}", header(zoo), re.S | re.M)
    assert beast is not None and len(re.findall(r"const zoo_toy \*", beast[1])) == 2
    assert "zoo_beast_list young;" in beast[1]


def test_check_and_explain_know_the_files(zoo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check", "--catalog", "none", str(zoo / "zoo.yaml")]) == 0
    assert capsys.readouterr().err == ""
    assert run(zoo, "explain", "zoo_keeper") == 0
    place = "#/definitions/Keeper: zoo_keeper: struct"
    assert capsys.readouterr().out == f"{zoo}/models/people.yaml:2:3: {place}\n"
    assert run(zoo, "explain", "zoo_make_animal") == 0
    assert capsys.readouterr().out.startswith(f"{zoo}/paths/animals.yaml:7:1: ")


def test_a_problem_stands_in_its_file(zoo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    people = zoo / "models/people.yaml"
    people.write_text(people.read_text().replace("bonus: {type: integer}", "bonus: {type: gone}"))
    animals = zoo / "paths/animals.yaml"
    animals.write_text(animals.read_text().replace("operationId: list-animals", "operationId: [1]"))
    assert run(zoo, "generate") == 1
    assert capsys.readouterr().err.splitlines() == [
        f"{people}:7:101: #/definitions/Boss/properties/bonus/type: there is no type gone",
        f"{animals}:2:3: #/paths/~1animals/get/operationId: a name is expected; or leave operationId out",
    ]


def test_a_change_in_any_file_changes_the_hash(zoo: Path) -> None:
    seen = set()
    for name in ("", *ZOO):
        if name:
            (zoo / name).write_text(ZOO[name] + "\n")
        assert run(zoo, "generate") == 0
        seen.add(json.loads((zoo / "out/MANIFEST.json").read_text())["documents"]["zoo.yaml"])
    assert len(seen) == 1 + len(ZOO)


def test_names_do_not_depend_on_who_refers_first(zoo: Path) -> None:
    assert run(zoo, "generate") == 0
    first = header(zoo)
    lock = json.loads((zoo / "names.lock").read_text())["zoo"]["structs"]
    assert lock["models/animal.yaml#"] == "zoo_beast" and lock["models/people.yaml#/Toy"] == "zoo_toy"
    assert run(zoo, "generate", "--operations", "list-keepers") == 0
    for name in ("zoo_beast", "zoo_keeper", "zoo_toy"):
        pattern = rf"struct {name} \{{.*?^\}}"
        whole, part = (re.search(pattern, text, re.S | re.M) for text in (first, header(zoo)))
        assert whole and part and whole[0] == part[0]


BROKEN = {
    "gone.yaml": "gone.yaml cannot be followed: gone.yaml: no such file",
    "Models/animal.yaml": "Models/animal.yaml cannot be followed: Models/animal.yaml: no such file",
    "models/animal.yaml#/properties/nme": "models/animal.yaml#/properties/nme is not there; did you mean name?",
    "models/people.yaml#chief": "models/people.yaml#chief cannot be followed: there is no $anchor chief in "
    "models/people.yaml",
    "/etc/passwd": "/etc/passwd cannot be followed: /etc/passwd: only a relative path with / leads to the same file "
    "everywhere",
    "bad.yaml": "bad.yaml cannot be followed: bad.yaml:2:3: not YAML: mapping values are not allowed in this context",
    "circle.yaml": "circle.yaml# leads back to itself",
    "https://example.com/a.yaml": "https://example.com/a.yaml is a URL, which is not fetched, so that the same files "
    "give the same code everywhere; put what it names under components",
}


@pytest.mark.parametrize("ref", BROKEN)
def test_a_reference_that_leads_nowhere_says_why(ref: str, zoo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (zoo / "bad.yaml").write_text("a: b\n c: d: e\n")
    (zoo / "circle.yaml").write_text("$ref: circle2.yaml\n")
    (zoo / "circle2.yaml").write_text("$ref: ./circle.yaml#\n")
    (zoo / "zoo.yaml").write_text(ZOO["zoo.yaml"] + f"    Broken: {{$ref: '{ref}'}}\n")
    assert run(zoo, "generate") == 1
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 1 and said[0].endswith(f"/$ref: {BROKEN[ref]}")
    assert run(zoo, "generate", "--keep-going") == 0


def test_paths_and_components_may_be_files(tmp_path: Path) -> None:
    (tmp_path / "zoo.yaml").write_text(
        "openapi: 3.0.3\ninfo: {title: Zoo, version: '1'}\nservers: [{url: 'https://zoo.example.com'}]\n"
        "paths: {$ref: paths.yaml}\ncomponents: {schemas: {$ref: schemas.yaml}}\n"
    )
    (tmp_path / "paths.yaml").write_text(
        "/a:\n  get:\n    operationId: get\n    responses:\n      '200':\n        description: D\n        content: "
        "{application/json: {schema: {$ref: 'zoo.yaml#/components/schemas/A'}}}\n"
    )
    (tmp_path / "schemas.yaml").write_text(
        "A: {type: object, properties: {b: {$ref: '#/B'}}}\nB: {type: object, properties: {c: {type: string}}}\n"
    )
    assert run(tmp_path, "generate") == 0
    assert re.findall(r"struct (zoo_[ab]) \{", header(tmp_path)) == ["zoo_b", "zoo_a"]
    assert "const zoo_a **" in header(tmp_path)
