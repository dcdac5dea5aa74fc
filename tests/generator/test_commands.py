"""The command for documents that are in no catalog: generate, explain, verify, and the words for what goes wrong."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from edgebind import catalog, cli, cli_parser, explain, load, load_json
from edgebind.problem import Problems

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "tests/golden"
PETS = """\
openapi: 3.0.3
info: {title: Pets, version: 1.2.0}
servers: [{url: 'https://pets.example.com'}]
paths:
  /pets/{id}:
    get:
      operationId: getPet
      parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
      responses:
        '200': {description: Found., content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
components:
  schemas:
    Pet:
      type: object
      required: [name]
      properties:
        name: {type: string}
        kind: {type: string, enum: [cat, dog]}
"""


@pytest.fixture
def pets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pets.yaml").write_text(PETS)
    return tmp_path


def said(capsys: pytest.CaptureFixture[str]) -> list[str]:
    captured = capsys.readouterr()
    return (captured.out + captured.err).splitlines()


def tree(root: Path) -> dict[str, bytes]:
    return {str(p.relative_to(root)): p.read_bytes() for p in sorted(root.rglob("*")) if p.is_file()}


GENERATE = ["generate", "pets.yaml", "--prefix", "acme_", "--out", "out"]


def test_a_document_alone_gives_code_that_compiles_and_a_lock_beside_it(pets: Path) -> None:
    assert cli.main(GENERATE) == 0
    assert sorted(tree(pets)) == [
        "names.lock",
        "out/MANIFEST.json",
        "out/docs/acme.md",
        *sorted(f"out/docs/{name.relative_to('out/docs')}" for name in Path("out/docs/acme").iterdir()),
        "out/include/edgebind/acme.h",
        "out/src/acme.c",
        "pets.yaml",
    ]
    assert Path("out/docs/acme/acme_get_pet.md").is_file()
    assert "acme_get_pet(" in (pets / "out/include/edgebind/acme.h").read_text()
    assert set(json.loads((pets / "names.lock").read_text())) == {"acme"}
    include = ["-I", str(ROOT / "runtime/include"), "-I", "out/include"]
    subprocess.run(["gcc", "-std=c11", "-Wall", "-Werror", "-fsyntax-only", *include, "out/src/acme.c"], check=True)
    assert cli.main([*GENERATE, "--check"]) == 0


def test_header_and_lock_go_where_they_are_told(pets: Path) -> None:
    assert cli.main([*GENERATE, "--header", "petstore", "--lock", "locks/pets.lock"]) == 0
    assert (pets / "out/include/edgebind/petstore.h").exists()
    assert (pets / "locks/pets.lock").exists()
    assert not (pets / "names.lock").exists()


def test_two_documents_beside_each_other_share_a_lock_but_no_output(
    pets: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copy("pets.yaml", "more.yaml")
    assert cli.main(GENERATE) == 0
    said(capsys)
    before = tree(pets)
    more = ["generate", "more.yaml", "--prefix", "more"]
    assert cli.main([*more, "--out", "out"]) == 2
    assert said(capsys) == [
        "edgebind: out: holds the code of pets.yaml; give another --out, or list all in a catalog"
    ]
    assert tree(pets) == before
    assert cli.main([*more, "--out", "other"]) == 0
    assert set(json.loads((pets / "names.lock").read_text())) == {"acme", "more"}
    assert cli.main([*GENERATE, "--check"]) == 0


def test_a_name_stays_though_the_document_changes_it(pets: Path) -> None:
    assert cli.main(GENERATE) == 0
    (pets / "pets.yaml").write_text(PETS.replace("operationId: getPet", "operationId: fetchPet"))
    assert cli.main(GENERATE) == 0
    assert "acme_get_pet(" in (pets / "out/include/edgebind/acme.h").read_text()


USED_WRONGLY = {
    ("generate", "pet.yaml", "--prefix", "a"): "pet.yaml: no such file; did you mean pets.yaml?",
    ("generate", "gone/x.yaml", "--prefix", "a"): "gone/x.yaml: no such file",
    ("generate", ".", "--prefix", "a"): ".: a directory; name a document",
    ("generate", "https://example.com/a.yaml", "--prefix", "a"): "https://example.com/a.yaml: a URL is not fetched, "
    "so that the same files give the same code; save it and name the file",
    ("check", "https://example.com/a.yaml"): "https://example.com/a.yaml: a URL is not fetched, so that the same files "
    "give the same code; save it and name the file",
    ("generate", "pets.yaml"): "--prefix is missing: what the C names begin with, --prefix acme_ for instance",
    ("generate", "pets.yaml", "--prefix", "eb_"): "--prefix eb_: a prefix is lower case letters, digits and _, and "
    "none of eb, error, failure, op, rate, variable",
    ("generate", "pets.yaml", "--prefix", "a", "--header", "A"): "--header A: a header's name is lower case letters, "
    "digits, _ and -",
    ("generate", "pets.yaml", "--prefix", "a", "--catalog", "c"): "a DOCUMENT or a --catalog, not both",
    ("generate", "--prefix", "a"): "--prefix is for a DOCUMENT; the catalog says it for its own",
    ("generate",): "spec/catalog.yaml: no such catalog; name a DOCUMENT with --prefix, or a --catalog",
    ("verify",): "generated/MANIFEST.json: no such file; name the directory that edgebind generated",
}


@pytest.mark.parametrize("argv", USED_WRONGLY, ids=" ".join)
def test_used_wrongly_ends_with_2_and_says_what_to_do(
    argv: tuple[str, ...], pets: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(list(argv)) == 2
    assert said(capsys) == [f"edgebind: {USED_WRONGLY[argv]}"]
    assert sorted(tree(pets)) == ["pets.yaml"]


URL = "https://example.com/models.yaml#/Pet"
PROBLEMS = [
    ("schemas/Pet'}", "schemas/Pett'}", "10:76: #/paths/~1pets~1{id}/get/responses/200/content/application~1json/schema"
     "/$ref: #/components/schemas/Pett is not there; did you mean Pet?"),
    ("#/components/schemas/Pet'}", URL + "'}", "10:76: #/paths/~1pets~1{id}/get/responses/200/content/application~1json"
     f"/schema/$ref: {URL} is a URL, which is not fetched, so that the same files give the same code everywhere; put "
     "what it names under components"),
    ("openapi: 3.0.3", "openapi: 3.7.0", "1:1: #/openapi: OpenAPI 3.7.0 is not supported; 3.0 and 3.1 are"),
    ("openapi: 3.0.3", "swagger: '2.0'", "1:1: #/swagger: Swagger 2.0 is not supported; convert the document to "
     "OpenAPI 3, for instance with swagger2openapi"),
    ("openapi: 3.0.3", "openapi: [3", "2:5: #: not YAML: did not find expected ',' or ']'"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "problem"), PROBLEMS)
def test_a_problem_has_its_place_and_a_remedy(
    old: str, new: str, problem: str, pets: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (pets / "pets.yaml").write_text(PETS.replace(old, new))
    assert cli.main(GENERATE) == 1
    assert f"pets.yaml:{problem}" in said(capsys)
    assert sorted(tree(pets)) == ["pets.yaml"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('{"a": 1,\n  "b" 2}', "2:7: #: not JSON: a : is expected behind b"),
        ('{"a": 1,\n}', "2:1: #: not JSON: the name of a member is expected, in double quotes"),
        ('{"a": tru}', "1:7: #: not JSON: a value is expected, here is tru"),
        ('{"a": 01}', "1:7: #: not JSON: a value is expected, here is 01"),
        ('{"a": [1 2]}', "1:10: #: not JSON: a comma or ] is expected"),
        ('{"a": [1', "1:9: #: not JSON: a comma or ] is expected"),
        ('{"a": ', "1:7: #: not JSON: a value is expected, here is the end"),
        ('{"a": "x\n"}', "1:7: #: not JSON: a text that is not closed on its line"),
        ('{"a": "\\x"}', "1:7: #: not JSON: a \\ that stands for nothing; write \\\\ for the sign itself"),
        ('{"a": "\\ud83d"}', "1:7: #: not JSON: half a character: a \\u of the two it takes is missing"),
        ("{} {}", "1:4: #: not JSON: the end is expected"),
        ("[]", "1:1: #: not an OpenAPI document: an object with the member openapi is expected"),
        ('{"a": 1, "a": 2}', "1:10: #/a: this member is here twice; remove one"),
        ('{"a": ' * 100000, "1:1: #: nested too deeply to be an OpenAPI document"),
    ],
)
def test_json_that_is_none_is_a_problem(text: str, problem: str, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(text)
    problems = Problems()
    load.load(str(path), problems)
    assert [str(p) for p in problems] == [f"{path}:{problem}"]


def test_json_is_read_as_json_with_tabs_surrogates_and_places() -> None:
    value = {"a/b": [1, -2.5, 1e3, "😀\t\"", None, True], "c~d": {"": {}}, "e": []}
    for text in (json.dumps(value), json.dumps(value, indent="\t"), json.dumps(value, ensure_ascii=False, indent=1)):
        places: dict[str, tuple[int, int]] = {}
        assert load_json.read_json(text, places, lambda pointer: None) == value
        for pointer in ("#", "#/a~1b", "#/a~1b/3", "#/c~0d", "#/c~0d/", "#/e"):
            assert pointer in places
    assert places["#/a~1b"] == (2, 2)
    assert places["#/a~1b/3"] == (6, 3)


def test_yaml_that_begins_like_json_is_yaml(tmp_path: Path) -> None:
    path = tmp_path / "flow.yaml"
    path.write_text("{openapi: 3.1.0}  # flow\n")
    document = load.load(str(path), Problems())
    assert document is not None
    assert document.value == {"openapi": "3.1.0"}


def test_the_same_document_in_json_gives_the_same_code(tmp_path: Path) -> None:
    yaml = load.load(str(GOLDEN / "values/spec.yaml"), Problems())
    assert yaml is not None
    (tmp_path / "spec.json").write_text(json.dumps(yaml.value))
    shutil.copy(GOLDEN / "values/spec.yaml", tmp_path)
    for name in ("spec.yaml", "spec.json"):
        lock = str(tmp_path / f"{name}.lock")
        where = str(tmp_path / name)
        assert cli.main(["generate", where, "--prefix", "v", "--out", where + ".out", "--lock", lock]) == 0
    made = [(tmp_path / f"{name}.out/include/edgebind/v.h").read_text() for name in ("spec.yaml", "spec.json")]
    made = [re.sub(r"from spec.*\n.*sha256 \w+", "", text) for text in made]
    assert made[0] == made[1]


# ---- explain ------------------------------------------------------------------------------------------------------

EXPLAINED = {
    "acme_get_pet": "6:5: #/paths/~1pets~1{id}/get: acme_get_pet: operation getPet, GET /pets/{id}",
    "acme_get_pet_params": "6:5: #/paths/~1pets~1{id}/get: acme_get_pet_params: operation getPet, GET /pets/{id}, "
    "belongs to acme_get_pet",
    "acme_get_pet_params.id": "8:20: #/paths/~1pets~1{id}/get/parameters/0: acme_get_pet_params.id: "
    "member of acme_get_pet_params, id on the wire",
    "acme_pet": "13:5: #/components/schemas/Pet: acme_pet: struct, schema Pet",
    "acme_pet_to_json": "13:5: #/components/schemas/Pet: acme_pet_to_json: struct, belongs to acme_pet, schema Pet",
    "acme_pet.name": "17:9: #/components/schemas/Pet/properties/name: acme_pet.name: member of acme_pet, "
    "name on the wire",
    "kind_text": "18:9: #/components/schemas/Pet/properties/kind: acme_pet.kind_text: member of acme_pet, "
    "kind on the wire",
    "ACME_PET_KIND_DOG": "18:42: #/components/schemas/Pet/properties/kind/enum/1: ACME_PET_KIND_DOG: "
    "value of acme_pet_kind, dog on the wire, number 2",
    "acme_api": "1:1: #: acme_api: the API as a whole, Pets 1.2.0",
}


@pytest.mark.parametrize("name", EXPLAINED)
def test_explain_says_where_a_name_comes_from(name: str, pets: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["explain", name, "pets.yaml", "--prefix", "acme_"]) == 0
    assert said(capsys) == [f"pets.yaml:{EXPLAINED[name]}"]
    assert sorted(tree(pets)) == ["pets.yaml"]


def test_explain_says_how_an_operation_is_sent(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = str(ROOT / "tests/golden/sending/spec.yaml")
    assert cli.main(["explain", "post_letter_send", document, "--prefix", "post_"]) == 0
    assert capsys.readouterr().out.strip().endswith(
        "operation letter-send, POST /letters; idempotency key Idempotency-Key; "
        "4 attempts, first waits of up to 200 ms, waits of 5 s at most; deadline 90 s"
    )


def test_explain_of_a_name_that_is_none_ends_with_1(pets: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["explain", "acme_got_pet", "pets.yaml", "--prefix", "acme_"]) == 1
    assert said(capsys)[0].startswith("edgebind: acme_got_pet: no such C name; did you mean acme_get_pet or ")


def test_explain_knows_everything_that_our_headers_declare(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    lock = json.loads((ROOT / "spec/names.lock").read_text())
    text = "".join(path.read_text() for path in (ROOT / "generated/include/edgebind").glob("*.h"))
    code = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    functions = set(re.findall(r"^eb_status (\w+)\(", code, re.M))
    types = set(re.findall(r"^\} (\w+);", code, re.M)) | set(re.findall(r"EB_DECLARE_TYPE\((\w+)\)", code))
    constants = set(re.findall(r"^    ([A-Z]\w+) = ", code, re.M))
    assert len(functions) > 30 and len(types) > 80 and len(constants) > 100 and len(lock) == 5
    problems = Problems()
    listed = catalog.read("spec/catalog.yaml", problems)
    assert listed is not None
    known = set()
    for entry in listed.entries:
        built = listed.build(entry.document)
        assert built is not None
        for origin in explain.origins(built.api, listed.documents[entry.document]):
            known.add(origin.name)
            assert listed.documents[entry.document].find(origin.pointer)[0], origin
    assert functions | types | constants <= known


# ---- verify -------------------------------------------------------------------------------------------------------


def test_verify_says_which_files_are_not_as_generated(pets: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(GENERATE) == 0
    said(capsys)
    (pets / "out/README").write_text("mine, in a directory that holds nothing generated but the manifest\n")
    assert cli.main(["verify", "out"]) == 0
    assert said(capsys) == []
    with (pets / "out/src/acme.c").open("a") as file:
        file.write("/* quick fix */\n")
    (pets / "out/docs/acme.md").unlink()
    (pets / "out/include/edgebind/extra.h").write_text("")
    assert cli.main(["verify", "out"]) == 1
    assert said(capsys) == [
        "out/docs/acme.md: missing",
        "out/src/acme.c: edited by hand",
        "out/include/edgebind/extra.h: not generated",
    ]


@pytest.mark.parametrize("text", ["", "[]", '{"files": []}', '{"files": {"../x": "0"}}', '{"files": {"/x": "0"}}'])
def test_verify_goes_by_a_manifest_only(text: str, pets: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (pets / "MANIFEST.json").write_text(text)
    assert cli.main(["verify", "."]) == 2
    assert said(capsys) == ["edgebind: MANIFEST.json: not a manifest of edgebind"]


def test_our_generated_code_is_as_it_was_generated() -> None:
    assert cli.main(["verify", str(ROOT / "generated")]) == 0


# ---- help ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", [[], ["generate"], ["check"], ["explain"], ["verify"]])
def test_help_has_examples_that_can_be_read(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main([*command, "--help"])
    assert ended.value.code == 0
    text = "\n".join(said(capsys))
    assert "examples:\n  edgebind " in text
    for example in re.findall(r"^  edgebind (.*)$", text, re.M):
        cli_parser.parser().parse_args(example.split())
