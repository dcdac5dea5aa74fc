"""What a document says that C cannot: the C type is that of the rest, and a note says what is not checked."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from edgebind import cli

SPEC = """\
openapi: {version}
info: {{title: T, version: '1'}}
servers: [{{url: 'https://t.example.com'}}]
paths:
  /a:
    get:
      operationId: get
      responses:
        '200': {{description: D, content: {{application/json: {{schema: {{$ref: '#/components/schemas/Box'}}}}}}}}
components:
  schemas:
    Box: {{type: object, properties: {{a: {schema}}}}}
    Other: {{type: object, properties: {{b: {{type: string}}}}}}
{root}"""

# a schema, its member in C, and what is said about it
SCHEMAS = {
    "{not: {type: string}}": ("eb_json a", ["not is not checked"]),
    "{type: string, if: {minLength: 2}, then: {pattern: a}, else: {pattern: b}}": (
        "const char *a",
        ["if is not checked", "then is not checked", "else is not checked"],
    ),
    "{type: object, properties: {b: {type: string}}, dependentRequired: {b: [c]}}": (
        "const t_box_a *a",
        ["dependentRequired is not checked"],
    ),
    "{type: object, required: [b, c], properties: {b: {type: string}}}": (
        "const t_box_a *a",
        ["c is required and has no schema; it is not checked"],
    ),
    "{type: object, additionalProperties: false}": ("eb_json a", []),
    "{type: object, patternProperties: {'^a': {type: integer}}}": ("t_int_map a", []),
    "{type: object, additionalProperties: {type: integer}, propertyNames: {pattern: a}}": (
        "t_int_map a",
        ["propertyNames is not checked"],
    ),
    "{type: array}": ("eb_json a", []),
    "{type: array, items: {type: string}, contains: {const: a}}": ("eb_str_list a", ["contains is not checked"]),
    "{type: array, prefixItems: [{type: string}, {type: integer}]}": (
        "eb_json a",
        ["a list whose items are of different types; free-form JSON"],
    ),
    "{type: [string, boolean]}": ("const t_box_a *a", []),
    "{type: [integer, number]}": ("eb_opt_num a", []),
    "{type: ['null']}": ("eb_json a", []),
    "{properties: {b: {type: string}}}": ("const t_box_a *a", []),
    "{items: {type: string}}": ("eb_str_list a", []),
    "{enum: [x, y]}": ("t_box_a a", []),
    "{enum: [1, 2]}": ("t_box_a a", []),
    "{maxLength: 3}": ("const char *a", []),
    "{minimum: 3}": ("eb_opt_num a", []),
    "{format: int64}": ("eb_opt_int a", []),
    "{format: date-time}": ("const char *a", []),
    "{maxLength: 3, minimum: 2}": ("const char *a", []),
    "{maxItems: 2, uniqueItems: true}": ("eb_json a", []),
    "{const: x}": ("t_box_a a", []),
    "{const: 7}": ("t_box_a a", []),
    "{const: true}": ("eb_opt_bool a", []),
    "{const: 0.5}": ("eb_opt_num a", []),
    "{type: string, enum: [x, null]}": (
        "t_box_a a",
        ["null is a value but not a type; taken for type: [..., 'null']"],
    ),
    "{type: string, enum: [x, x]}": ("t_box_a a", ["a value is here twice"]),
    "{type: string, enum: [x, 1, true]}": (
        "t_box_a a",
        ["values that are no texts are taken as they are written in JSON"],
    ),
    "{type: integer, enum: [1, '2']}": ("t_box_a a", []),
    "{type: string, enum: []}": ("const char *a", ["enum without values says nothing"]),
    "{type: boolean, enum: [true]}": ("eb_opt_bool a", []),
    "{type: number, enum: [0.5, 1]}": ("eb_opt_num a", ["enum of type number is not checked; string and integer are"]),
    "{type: string, nullable: true}": (
        "const char *a",
        ["nullable means nothing in OpenAPI 3.1; taken for type: [..., 'null']"],
    ),
    "{type: [string, integer], minimum: 3}": ("const char *a", ["minimum of a text or number is not checked"]),
    "{type: string, defualt: x}": ("const char *a", ["defualt means nothing in a schema"]),
    "{type: string, $comment: x, title: y, externalDocs: {url: 'https://x.example'}, xml: {name: z}}": (
        "const char *a",
        [],
    ),
    "{type: string, format: colour, pattern: '^x'}": ("const char *a", []),
}


def generate(root: Path, document: str) -> str:
    (root / "t.yaml").write_text(document)
    assert cli.main(["generate", str(root / "t.yaml"), "--prefix", "t", "--out", str(root / "out")]) == 0
    return (root / "out/include/edgebind/t.h").read_text()


def notes(root: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    capsys.readouterr()
    assert cli.main(["check", "--catalog", "none", str(root / "t.yaml")]) == 0
    said = capsys.readouterr().err.splitlines()
    assert all(re.match(rf"{re.escape(str(root))}/t\.yaml:[0-9]+:[0-9]+: #\S*: note: ", line) for line in said)
    return [line.partition(": note: ")[2] for line in said]


@pytest.mark.parametrize("schema", SCHEMAS)
def test_a_schema_has_the_type_of_what_it_says_plainly(
    schema: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    member, expected = SCHEMAS[schema]
    header = generate(tmp_path, SPEC.format(version="3.1.0", schema=schema, root=""))
    box = re.search(r"typedef struct t_box \{(.*?)\} t_box;|struct t_box \{(.*?)\};", header, re.S)
    assert box is not None
    assert re.search(rf"{re.escape(member).replace(' ', ' +')}\b", re.sub(r" +\*", " *", box[0]))
    assert notes(tmp_path, capsys) == expected


ROOTS = {
    "webhooks: {new: {post: {responses: {'200': {description: D}}}}}": [
        "webhooks are calls that a service makes; nothing is generated for them"
    ],
    "jsonSchemaDialect: https://json-schema.org/draft/2020-12/schema": [],
    "jsonSchemaDialect: https://example.com/ours": ["an unknown dialect; read as JSON Schema 2020-12"],
}


@pytest.mark.parametrize("root", ROOTS)
def test_the_root_may_say_more(root: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plain = generate(tmp_path, SPEC.format(version="3.1.0", schema="{type: string}", root=""))
    made = generate(tmp_path, SPEC.format(version="3.1.0", schema="{type: string}", root=root))
    assert made.splitlines()[6:] == plain.splitlines()[6:]
    assert notes(tmp_path, capsys) == ROOTS[root]
