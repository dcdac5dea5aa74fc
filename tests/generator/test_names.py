"""C names: what the rules make of a document's words, and what names.lock keeps."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from edgebind import cli, names

SNAKE = {
    "IsACRImage": "is_acr_image",
    "ACRImageInfo": "acr_image_info",
    "OSSAccessKeyId": "oss_access_key_id",
    "x:codeDescription": "x_code_description",
    "x-oss-security-token": "x_oss_security_token",
    "HTTPServer2": "http_server2",
    "app-version-create": "app_version_create",
    "CreateEdgeContainerAppVersion": "create_edge_container_app_version",
    "req_cpu": "req_cpu",
    "userIDs": "user_ids",
    "IPv6Address": "ipv6_address",
    "TCP/UDP": "tcp_udp",
    "SHA256Sum": "sha256_sum",
    "  a..b ": "a_b",
    "naïve": "naive",
    "Größe": "grosse",
    "面积": "u9762_u79ef",
    "+": "u2b",
    "": "empty",
}


@pytest.mark.parametrize("text", SNAKE)
def test_words_become_snake_case(text: str) -> None:
    assert names.snake(text) == SNAKE[text]


@pytest.mark.parametrize("text", ["class", "int", "New", "template", "errno", "2fa", "-", "9"])
def test_a_member_is_an_identifier_in_c_and_cpp(text: str) -> None:
    name = names.member(text)
    assert re.fullmatch(r"[a-z][a-z0-9_]*", name)
    assert name not in names.KEYWORDS


@pytest.mark.parametrize(
    ("text", "name"),
    [("TCP/UDP", "TCP_UDP"), ("0.5G", "0_5G"), ("-1", "MINUS_1"), ("", "EMPTY"), ("on_failure", "ON_FAILURE")],
)
def test_a_constant_ends_in_its_text(text: str, name: str) -> None:
    assert names.constant(text) == name


def test_a_very_long_name_is_cut_behind_a_word_and_stays_one_of_its_own() -> None:
    text = "-".join(["word"] * 1000)
    made = [names.snake(text), names.snake(text + "-else"), names.constant(text), names.constant(text.upper())]
    assert len(set(made)) == 4
    for name in made:
        assert len(name) <= names.LONGEST
        assert re.fullmatch(r"(word_)+[0-9a-f]{8}|(WORD_)+[0-9A-F]{8}", name), name
    assert names.snake("w" * names.LONGEST) == "w" * names.LONGEST
    assert len(names.snake("w" * 5000)) == names.LONGEST


SPEC = """\
openapi: 3.1.0
info: {{title: T, version: '1'}}
servers: [{{url: 'https://t.example.com'}}]
x-eb-errors: {{format: json, message: [/m], codes: {codes}}}
paths:
  /a:
    get:
      operationId: {operation}
      responses:
        '200':
          description: A.
          content: {{application/json: {{schema: {{$ref: '#/components/schemas/Thing'}}}}}}
components:
  schemas:
    Thing:
      type: object
      properties: {properties}
    Kind: {{type: string, enum: {kinds}}}
"""
FIRST: dict[str, Any] = {
    "operation": "thing-get",
    "codes": {"A": "One.", "B": "Two."},
    "properties": {"userId": {"type": "string"}},
    "kinds": ["red", "green"],
}


class Project:
    """A catalog of one document, generated again and again."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "catalog.yaml").write_text("documents: [{document: t.yaml, prefix: t, header: t}]\n")

    def generate(self, *more: str, **changes: Any) -> int:
        parts = {k: v if k == "operation" else json.dumps(v) for k, v in {**FIRST, **changes}.items()}
        (self.root / "t.yaml").write_text(SPEC.format(**parts))
        return cli.main(
            ["generate", "--catalog", str(self.root / "catalog.yaml"), "--out", str(self.root / "out"), *more]
        )

    def header(self, **changes: Any) -> str:
        assert self.generate(**changes) == 0
        return (self.root / "out/include/edgebind/t.h").read_text()

    @property
    def lock(self) -> dict[str, Any]:
        made: dict[str, Any] = json.loads((self.root / "names.lock").read_text())["t"]
        return made


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = Project(tmp_path)
    made.header()
    return made


def test_a_new_value_is_numbered_behind_the_others(project: Project) -> None:
    header = project.header(kinds=["blue", "green", "red"], codes={"C": "Three.", "A": "One.", "B": "Two."})
    for line in ("T_KIND_RED   = 1", "T_KIND_GREEN = 2", "T_KIND_BLUE  = 3", "T_ERROR_A = 1", "T_ERROR_C = 3"):
        assert line in header


def test_a_retired_value_leaves_a_hole_and_its_number_is_not_given_again(project: Project) -> None:
    header = project.header(kinds=["green"])
    assert "RED" not in header
    source = (project.root / "out/src/t.c").read_text()
    assert '{\n    NULL,\n    "green",\n}' in source
    assert "T_KIND_BLUE  = 3" in project.header(kinds=["blue", "green"])
    assert "T_KIND_RED   = 1" in project.header(kinds=["blue", "green", "red"])


def test_a_retired_number_stays_because_a_table_of_numbers_has_no_holes(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = SPEC.replace("{{type: string, enum: {kinds}}}", "{{type: integer, enum: {kinds}}}")
    command = ["generate", "--catalog", str(project.root / "catalog.yaml"), "--out", str(project.root)]
    (project.root / "t.yaml").write_text(spec.format(**{**FIRST, "kinds": [7, 9]}))
    assert cli.main(command) == 1
    assert "names.lock knows this enum with texts" in capsys.readouterr().err
    (project.root / "names.lock").unlink()
    assert cli.main(command) == 0
    (project.root / "t.yaml").write_text(spec.format(**{**FIRST, "kinds": [11, 9]}))
    assert cli.main(command) == 0
    header = (project.root / "include/edgebind/t.h").read_text()
    for line in ("T_KIND_7     = 1,", "T_KIND_9     = 2,", "T_KIND_11    = 3\n"):
        assert line in header
    assert "{\n    7,\n    9,\n    11,\n}" in (project.root / "src/t.c").read_text()


def test_a_member_keeps_its_name_when_another_wants_it(project: Project) -> None:
    properties = {"user_id": {"type": "string"}, "userId": {"type": "string"}}
    assert project.generate(properties=properties) == 0
    assert project.lock["members"]["#/components/schemas/Thing"] == {"userId": "user_id", "user_id": "user_id_2"}


def test_a_renamed_operation_keeps_its_function(project: Project) -> None:
    assert "t_thing_get(" in project.header(operation="thing-read")


def test_what_is_gone_is_retired_and_comes_back(project: Project) -> None:
    before = project.lock
    assert project.generate(properties={"b": {"type": "string"}}) == 0
    assert project.lock["retired"] == {"members": {"#/components/schemas/Thing": {"userId": "user_id"}}}
    assert project.generate(properties={"b": {"type": "string"}, "userId": {"type": "string"}}) == 0
    assert "retired" not in project.lock
    assert project.lock["members"]["#/components/schemas/Thing"]["userId"] == "user_id"
    assert before["structs"] == project.lock["structs"]


def test_two_pins_of_one_name_are_a_problem(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    path = project.root / "names.lock"
    path.write_text(path.read_text().replace('"t_kind"', '"t_thing"'))
    assert project.generate() == 1
    assert "its C name t_thing belongs to" in capsys.readouterr().err


@pytest.mark.parametrize(
    "text", ["[", "[]", '{"t": 1}', '{"t": {"values": {"p": {"a": "B"}}}}', '{"t": {"structs": []}}']
)
def test_a_broken_lock_is_a_problem(project: Project, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    (project.root / "names.lock").write_text(text)
    assert project.generate() == 1
    assert "names.lock:1:1: #: cannot be read" in capsys.readouterr().err
    assert (project.root / "names.lock").read_text() == text


def test_check_fails_when_only_the_lock_would_change(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    assert project.generate("--check") == 0
    (project.root / "names.lock").unlink()
    assert project.generate("--check") == 1
    assert capsys.readouterr().err.splitlines() == [f"{project.root / 'names.lock'}: missing"]
    assert not (project.root / "names.lock").exists()


def test_a_thousand_types_of_one_name_have_names_of_their_own() -> None:
    taken = names.Names("t", names.Pins(), lambda place: True, lambda place, text: None)
    made = [taken.type("structs", f"#/{i}", "pet", only_body=False) for i in range(1200)]
    assert len(set(made)) == 1200
    assert made[:3] == ["t_pet", "t_pet_value", "t_pet_value_2"]
