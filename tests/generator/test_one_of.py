"""oneOf and anyOf: what a document writes for a choice, and what that is in C."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from edgebind import build, load
from edgebind.build_context import Entry
from edgebind.ir import Api, Field, Kind, Struct, Union
from edgebind.names import Pins
from edgebind.problem import Problems

HEAD = """\
openapi: {version}
info: {{title: T, version: '1'}}
servers: [{{url: 'https://t.example'}}]
paths: {{}}
components:
  schemas:
"""


def api(tmp_path: Path, schemas: str, version: str = "3.1.0", pins: Pins | None = None) -> Api:
    path = tmp_path / "t.yaml"
    path.write_text(HEAD.format(version=version) + textwrap.indent(textwrap.dedent(schemas), "    "))
    problems = Problems()
    document = load.load(str(path), problems)
    assert document is not None
    built = build.build(document, Entry("t.yaml", "t", "t"), pins or Pins(), lambda _: None)
    assert [str(problem) for problem in problems] == []
    assert built is not None
    return built.api


def union(made: Api, name: str) -> Union:
    return next(t for t in made.types if isinstance(t, Union) and t.name == name)


def member(made: Api, struct: str, name: str) -> Field:
    found = next(t for t in made.types if isinstance(t, Struct) and t.name == struct)
    return next(f for f in found.fields if f.name == name)


def kinds(made: Union) -> list[tuple[str, tuple[str, ...]]]:
    return [(choice.constant.removeprefix(made.name.upper() + "_"), choice.tags) for choice in made.choices]


PETS = """\
Cat: {type: object, required: [is], properties: {is: {type: string}, lives: {type: integer}}}
Dog: {type: object, required: [is], properties: {is: {type: string}, bark: {type: string}}}
"""


@pytest.mark.parametrize(
    ("told", "expected"),
    {
        "{propertyName: is}": [("CAT", ("Cat",)), ("DOG", ("Dog",))],
        "{propertyName: is, mapping: {a: '#/components/schemas/Cat', b: Dog}}": [("CAT", ("a",)), ("DOG", ("b",))],
        "{propertyName: is, mapping: {a: Cat, b: Cat}}": [("CAT", ("a", "b")), ("DOG", ("Dog",))],
        "{propertyName: is, mapping: {a: ./Cat.yaml, z: Zebra}}": [("CAT", ("a",)), ("DOG", ("Dog",))],
    }.items(),
)
def test_a_discriminator_tells_by_its_mapping_or_by_the_schema_s_name(
    told: str, expected: list[tuple[str, tuple[str, ...]]], tmp_path: Path
) -> None:
    refs = "[{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]"
    made = union(api(tmp_path, PETS + f"Pet: {{oneOf: {refs}, discriminator: {told}}}\n"), "t_pet")
    assert made.member == "is"
    assert kinds(made) == expected


def test_a_discriminator_that_does_not_tell_everything_apart_tells_nothing(tmp_path: Path) -> None:
    made = union(api(tmp_path, """\
        Pet:
          oneOf: [{type: object, title: Cat, properties: {a: {type: string}}}, {type: object, title: Dog, properties: {b: {type: string}}}]
          discriminator: {propertyName: is}
        """), "t_pet")  # fmt: skip  # noqa: E501
    assert (made.member, kinds(made)) == (None, [("CAT", ()), ("DOG", ())])


def test_values_that_each_object_requires_tell_them_apart(tmp_path: Path) -> None:
    made = union(api(tmp_path, """\
        Event:
          anyOf:
            - {type: object, required: [is], properties: {is: {const: made}, at: {type: string}}}
            - {type: object, required: [is], properties: {is: {enum: [gone, lost]}}}
            - {type: string}
        """), "t_event")  # fmt: skip
    assert made.member == "is"
    assert kinds(made) == [("MADE", ("made",)), ("GONE", ("gone", "lost")), ("TEXT", ())]


def test_a_base_with_a_discriminator_is_the_choice_of_what_is_made_of_it(tmp_path: Path) -> None:
    made = api(tmp_path, """\
        Base:
          type: object
          required: [is]
          properties: {is: {type: string}}
          discriminator: {propertyName: is}
        A: {allOf: [{$ref: '#/components/schemas/Base'}, {type: object, properties: {a: {type: string}}}]}
        B: {allOf: [{$ref: '#/components/schemas/A'}, {type: object, properties: {b: {type: string}}}]}
        """)  # fmt: skip
    assert kinds(union(made, "t_base")) == [("A", ("A",)), ("B", ("B",))]
    assert member(made, "t_b", "a").kind is Kind.STR


def test_members_beside_the_list_go_into_each_alternative(tmp_path: Path) -> None:
    made = api(tmp_path, PETS + """\
Pet:
  type: object
  required: [name]
  properties: {name: {type: string}, home: {type: object, properties: {x: {type: integer}}}}
  oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]
""")  # fmt: skip
    assert [c.field.target for c in union(made, "t_pet").choices] == ["t_pet_cat", "t_pet_dog"]
    assert member(made, "t_pet_cat", "name").required
    homes = {member(made, f"t_pet_{name}", "home").target for name in ("cat", "dog")}
    assert homes == {"t_pet_home"}


def test_members_that_every_alternative_has_change_nothing(tmp_path: Path) -> None:
    made = api(tmp_path, PETS + """\
Pet:
  type: object
  required: [is]
  properties: {is: {type: string}}
  oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]
""")  # fmt: skip
    assert [c.field.target for c in union(made, "t_pet").choices] == ["t_cat", "t_dog"]


def test_all_of_that_holds_a_choice_is_one(tmp_path: Path) -> None:
    made = api(tmp_path, PETS + """\
Pet:
  allOf:
    - {type: object, required: [name], properties: {name: {type: string}}}
    - {oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]}
""")  # fmt: skip
    assert [c.field.target for c in union(made, "t_pet").choices] == ["t_pet_cat", "t_pet_dog"]
    assert member(made, "t_pet_dog", "bark").kind is Kind.STR


def test_advice_is_no_choice(tmp_path: Path) -> None:
    made = api(tmp_path, """\
        It:
          type: object
          properties: {a: {type: string}, b: {type: string}}
          anyOf: [{required: [a]}, {required: [b]}]
        """)  # fmt: skip
    assert not any(isinstance(t, Union) for t in made.types)
    assert member(made, "t_it", "a").kind is Kind.STR


@pytest.mark.parametrize(
    ("schema", "kind", "nullable"),
    [
        ("{oneOf: [{type: string}, {type: 'null'}]}", Kind.STR, True),
        ("{anyOf: [{$ref: '#/components/schemas/Cat'}, {type: 'null'}]}", Kind.OBJECT, True),
        ("{oneOf: [{const: a}, {const: b, description: B.}]}", Kind.ENUM, False),
        ("{anyOf: [{type: string}, {type: string, enum: [a, b]}]}", Kind.ENUM, False),
        ("{oneOf: [{type: string, enum: [a]}, {enum: [null]}]}", Kind.ENUM, True),
        ("{anyOf: [{type: string, format: uri}, {type: string, format: email}]}", Kind.STR, False),
        ("{anyOf: [{type: integer}, {type: number}]}", Kind.OPT_NUM, False),
        ("{anyOf: [{type: integer, enum: [1]}, {type: integer, enum: [2]}]}", Kind.INT_ENUM, False),
        ("{oneOf: [{}, {type: string}]}", Kind.JSON, False),
        ("{type: [string, integer]}", Kind.TEXT, False),
        ("{oneOf: [{type: boolean}]}", Kind.OPT_BOOL, False),
    ],
)
def test_what_is_no_choice_in_c_is_none(schema: str, kind: Kind, nullable: bool, tmp_path: Path) -> None:
    made = api(tmp_path, PETS + f"It: {{type: object, properties: {{it: {schema}}}}}\n")
    found = member(made, "t_it", "it")
    assert (found.kind, found.nullable) == (kind, nullable)


def test_in_3_0_nullable_stands_beside_the_list(tmp_path: Path) -> None:
    made = api(tmp_path, PETS + """\
It:
  type: object
  properties:
    a: {nullable: true, oneOf: [{$ref: '#/components/schemas/Cat'}]}
    b: {nullable: true, allOf: [{$ref: '#/components/schemas/Cat'}]}
    c: {nullable: true, oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]}
""", version="3.0.3")  # fmt: skip
    for name, target in (("a", "t_cat"), ("b", "t_cat"), ("c", "t_it_c")):
        found = member(made, "t_it", name)
        assert (found.target, found.nullable) == (target, True)
    assert next(t for t in made.types if t.name == "t_cat").nullable  # type: ignore[union-attr]


def test_kinds_keep_their_numbers(tmp_path: Path) -> None:
    pins = Pins(values={"#/components/schemas/It": {"text": ("T_IT_WORDS", 7), "boolean": ("T_IT_BOOLEAN", 2)}})
    made = union(api(tmp_path, "It: {oneOf: [{type: integer}, {type: string}]}\n", pins=pins), "t_it")
    assert [(c.constant, c.number) for c in made.choices] == [("T_IT_INTEGER", 8), ("T_IT_WORDS", 7)]


def test_names_do_not_meet(tmp_path: Path) -> None:
    made = union(api(tmp_path, """\
        It:
          oneOf:
            - {type: object, title: other, properties: {a: {type: string}}}
            - {type: object, title: Other, required: [b], properties: {b: {type: string}}}
            - {type: array, items: {type: object, properties: {c: {type: string}}}}
            - {type: array, items: {type: array, items: {type: integer}}}
        """), "t_it")  # fmt: skip
    assert len({c.constant for c in made.choices}) == 4
    assert len({f.name for f in made.fields} | {"other"}) == 5
    assert "T_IT_OTHER" not in {c.constant for c in made.choices}


def test_a_reference_leads_into_what_was_merged(tmp_path: Path) -> None:
    made = api(tmp_path, PETS + """\
Pet: {allOf: [{$ref: '#/components/schemas/Cat'}, {type: object, properties: {tail: {type: object, properties: {x: {type: string}}}}}]}
Tail: {type: object, properties: {it: {$ref: '#/components/schemas/Pet/allOf/1/properties/tail'}}}
Rest: {type: object, additionalProperties: {type: string}, oneOf: [{properties: {a: {type: string}}}, {properties: {b: {type: string}}}]}
""")  # fmt: skip  # noqa: E501
    assert member(made, "t_tail", "it").kind is Kind.OBJECT
    assert [f.name for f in union(made, "t_rest").fields] == ["option_1", "option_2"]
