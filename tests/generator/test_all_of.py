"""allOf: what a list of schemas becomes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from edgebind import cli, load
from edgebind.all_of import without_all_of
from edgebind.problem import Problems
from edgebind.schema import Beside

Json = dict[str, Any]
BASE = "#/components/schemas/Base"
BASE_VALUE = {
    "type": "object",
    "description": "The base.",
    "required": ["a"],
    "properties": {"a": {"type": "string"}, "b": {"type": "integer"}},
    "discriminator": {"propertyName": "a"},
}


def merged(schema: Json, version: str = "3.1.0", **schemas: Json) -> tuple[Json, list[str]]:
    problems = Problems()
    root = {"openapi": version, "components": {"schemas": {"Base": BASE_VALUE, **schemas, "It": schema}}}
    document = without_all_of(load.Document("it.yaml", root, "", problems))
    made: Json = document.value["components"]["schemas"]["It"]
    return made, [f"{p.pointer}: {p.text}" for p in problems]


MERGED: list[tuple[Json, Json]] = [
    ({"allOf": [{"type": "string", "minLength": 1}, {"minLength": 3, "maxLength": 9}], "maxLength": 5},
     {"type": "string", "minLength": 3, "maxLength": 5}),
    ({"allOf": [{"type": "integer", "minimum": 1}, {"maximum": 9, "exclusiveMinimum": 0}]},
     {"type": "integer", "minimum": 1, "maximum": 9, "exclusiveMinimum": 0}),
    ({"allOf": [{"type": "number"}, {"type": "integer"}]}, {"type": "integer"}),
    ({"allOf": [{"type": ["string", "null"]}, {"type": ["null", "string"]}]}, {"type": ["string", "null"]}),
    ({"allOf": [{"type": ["string", "null"]}, {"type": "string"}]}, {"type": "string"}),
    ({"allOf": [{"type": "string", "enum": ["x", "y", "z"]}, {"enum": ["z", "y"]}]},
     {"type": "string", "enum": ["y", "z"]}),
    ({"allOf": [{"type": "string", "deprecated": True}, {"deprecated": False}, True]},
     {"type": "string", "deprecated": True}),
    ({"allOf": [{"type": "object", "required": ["x"], "properties": {"x": {"type": "string"}}},
                {"required": ["x", "y"], "properties": {"y": {"type": "integer"}}}]},
     {"type": "object", "required": ["x", "y"], "properties": {"x": {"type": "string"}, "y": {"type": "integer"}}}),
    # what comes from another schema stays a reference; what is said about that one is not said about this one
    ({"allOf": [{"$ref": BASE}, {"type": "object", "properties": {"c": {"type": "boolean"}}}]},
     {"type": "object", "required": ["a"], "properties": {
         "a": {"$ref": f"{BASE}/properties/a"}, "b": {"$ref": f"{BASE}/properties/b"}, "c": {"type": "boolean"}}}),
    ({"allOf": [{"$ref": BASE}, {"properties": {"a": {"type": "string"}}}]},
     {"type": "object", "required": ["a"], "properties": {
         "a": {"$ref": f"{BASE}/properties/a"}, "b": {"$ref": f"{BASE}/properties/b"}}}),
    ({"allOf": [{"$ref": BASE}, {"properties": {"a": {"minLength": 2}}}], "description": "It."},
     {"type": "object", "description": "It.", "required": ["a"], "properties": {
         "a": {"type": "string", "minLength": 2}, "b": {"$ref": f"{BASE}/properties/b"}}}),
    ({"allOf": [{"$ref": BASE}]}, {"$ref": BASE}),
    ({"description": "A base.", "allOf": [{"$ref": BASE}]}, {"$ref": BASE, "description": "A base."}),
    ({"allOf": [{"type": "array", "items": {"type": "string"}}, {"items": {"maxLength": 3}, "minItems": 1}]},
     {"type": "array", "items": {"type": "string", "maxLength": 3}, "minItems": 1}),
    ({"allOf": [{"type": "object", "additionalProperties": {"type": "string"}}, {"additionalProperties": True}]},
     {"type": "object", "additionalProperties": {"type": "string"}}),
    ({"allOf": [{"type": "object", "additionalProperties": {"type": "string"}}, {"additionalProperties": False}]},
     {"type": "object", "additionalProperties": False}),
    # a list in a list, and lists inside what is merged
    ({"allOf": [{"allOf": [{"type": "integer"}, {"minimum": 2}]}, {"maximum": 4}]},
     {"type": "integer", "minimum": 2, "maximum": 4}),
    ({"type": "object", "properties": {"allOf": {"type": "string"}, "x": {"allOf": [{"$ref": BASE}]}}},
     {"type": "object", "properties": {"allOf": {"type": "string"}, "x": {"$ref": BASE}}}),
    ({"type": "object", "default": {"allOf": [1]}, "properties": {"x": {"allOf": [{"type": "string"}]}}},
     {"type": "object", "default": {"allOf": [1]}, "properties": {"x": {"type": "string"}}}),
]  # fmt: skip


@pytest.mark.parametrize(("schema", "expected"), MERGED)
def test_a_list_becomes_one_schema(schema: Json, expected: Json) -> None:
    assert merged(schema) == (expected, [])


def test_members_come_through_two_levels_and_may_be_narrowed_there() -> None:
    middle = {"allOf": [{"$ref": BASE}, {"properties": {"m": {"type": "string"}}}]}
    narrow = {"properties": {"m": {"maxLength": 1}, "a": {"minLength": 1}}}
    it = {"allOf": [{"$ref": "#/components/schemas/Middle"}, narrow]}
    assert merged(it, Middle=middle) == (
        {
            "type": "object",
            "required": ["a"],
            "properties": {
                "a": {"type": "string", "minLength": 1},
                "b": {"$ref": f"{BASE}/properties/b"},
                "m": {"type": "string", "maxLength": 1},
            },
        },
        [],
    )


def test_a_schema_may_hold_itself() -> None:
    it = {"allOf": [{"$ref": BASE}], "properties": {"next": {"allOf": [{"$ref": "#/components/schemas/It"}]}}}
    made, problems = merged(it)
    assert problems == []
    assert made["properties"]["next"] == {"$ref": "#/components/schemas/It"}


def test_two_schemas_that_hold_themselves_hold_what_they_become() -> None:
    refs = [{"$ref": "#/components/schemas/A"}, {"$ref": "#/components/schemas/B"}]
    a, b = ({"type": "object", "properties": {"next": ref}} for ref in refs)
    made, problems = merged({"allOf": refs}, A=a, B=b)
    assert problems == []
    assert made == {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/It"}}}


def test_a_base_may_list_the_schemas_that_extend_it() -> None:
    one_of = [{"$ref": "#/components/schemas/It"}, {"allOf": [{"$ref": "#/components/schemas/Circle"}]}]
    circle = {"type": "object", "oneOf": one_of}
    made, problems = merged({"allOf": [{"$ref": "#/components/schemas/Circle"}, {"required": []}]}, Circle=circle)
    assert problems == []
    assert made == {"type": "object", "required": []}  # it is one of them, and not a choice between them


def test_in_3_0_null_and_words_stand_beside_the_list() -> None:
    words, problems = merged({"allOf": [{"$ref": BASE}], "description": "A base."}, "3.0.3")
    assert (type(words), words, problems) == (Beside, {"$ref": BASE, "description": "A base."}, [])
    null, problems = merged({"allOf": [{"$ref": "#/components/schemas/Text"}], "nullable": True}, "3.0.3",
                            Text={"type": "string", "maxLength": 2})  # fmt: skip
    assert (null, problems) == ({"anyOf": [{"$ref": "#/components/schemas/Text"}, {"type": "null"}]}, [])
    flags = {"allOf": [{"type": "integer", "minimum": 1, "exclusiveMinimum": True}, {"minimum": 0}]}
    assert merged(flags, "3.0.3") == ({"type": "integer", "minimum": 0, "exclusiveMinimum": 1}, [])


def test_what_cannot_be_merged_is_a_problem_with_both_places() -> None:
    at = "#/components/schemas/It/allOf"
    date = {"allOf": [{"type": "string", "format": "date"}, {"format": "uuid"}]}
    shape = {"allOf": [{"$ref": BASE}, {"type": "array"}]}
    for schema, text in (
        (date, f"format is date in {at}/0, uuid in {at}/1"),
        (shape, f"type is object in {BASE}, array in {at}/1"),
    ):
        _, problems = merged(schema)
        assert problems == [
            f"#/components/schemas/It: allOf cannot be merged: {text}; change one, or mark it x-eb-json"
        ]


def test_a_document_without_it_is_left_alone() -> None:
    document = load.Document("it.yaml", {"openapi": "3.1.0", "paths": {}}, "", Problems())
    assert without_all_of(document) is document


def test_only_conflicts_that_are_reached_count_in_a_selection(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ref = "{description: One., content: {application/json: {schema: {$ref: '#/components/schemas/"
    Path("zoo.yaml").write_text(
        "openapi: 3.1.0\ninfo: {title: Zoo, version: '1'}\nservers: [{url: 'https://zoo.example.com'}]\npaths:\n"
        f"  /good: {{get: {{operationId: good, responses: {{'200': {ref}Good'}}}}}}}}}}}}}}\n"
        f"  /bad: {{get: {{operationId: bad, responses: {{'200': {ref}Bad'}}}}}}}}}}}}}}\n"
        "components:\n  schemas:\n"
        "    Base: {type: object, properties: {a: {type: string}}}\n"
        "    Good: {allOf: [{$ref: '#/components/schemas/Base'}, {properties: {b: {type: string}}}]}\n"
        "    Bad: {allOf: [{$ref: '#/components/schemas/Base'}, {type: string}]}\n"
    )
    command = ["generate", "zoo.yaml", "--prefix", "zoo", "--out", "out"]
    assert cli.main(command) == 1
    assert "allOf cannot be merged" in capsys.readouterr().err
    assert cli.main([*command, "--operations", "good"]) == 0
    assert "zoo_good" in Path("out/include/edgebind/zoo.h").read_text()


INTO = """\
openapi: 3.0.0
info: {title: T, version: '1'}
servers: [{url: 'https://t.example.com'}]
paths: {}
components:
  schemas:
    Both:
      allOf:
      - type: object
        properties:
          deep: {allOf: [{$ref: '#/components/schemas/Base'}, {type: object, properties: {b: {type: string}}}]}
      - {type: object, properties: {c: {type: integer}}}
    Base: {type: object, properties: {a: {type: string}}}
    Other:
      type: object
      properties:
        x: {$ref: '#/components/schemas/Both/allOf/1/properties/c'}
        y: {$ref: '#/components/schemas/Both/allOf/0/properties/deep'}
"""


def test_a_reference_may_lead_into_the_list(tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text(INTO)
    assert cli.main(["generate", str(tmp_path / "t.yaml"), "--prefix", "t", "--out", str(tmp_path / "out")]) == 0
    header = (tmp_path / "out/include/edgebind/t.h").read_text()
    other = header[header.index("typedef struct t_other {") :]
    assert "eb_opt_int x;" in other and "y;" in other
