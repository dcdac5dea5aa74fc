"""Overlays: what they change is generated, what is wrong with them is said, and places lead to who wrote it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from edgebind import cli

GOLDEN = Path(__file__).resolve().parents[1] / "golden/overlay"
HEAD = "overlay: 1.0.0\ninfo: {title: O, version: '1'}\n"


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    text = (GOLDEN / "spec.yaml").read_text()
    (tmp_path / "spec.yaml").write_text(text.replace("{url: 'https://staging.example.com'}, ", ""))
    return tmp_path / "spec.yaml"


def run(spec: Path, *arguments: str, command: str = "generate") -> int:
    out = ["--out", str(spec.parent / "out")] if command == "generate" else []
    return cli.main([command, *arguments[:-1], str(spec), "--prefix", "o", *out, "--overlay", arguments[-1]])


def test_the_command_line_takes_overlays_in_their_order(spec: Path) -> None:
    overlays = []
    for number in (1, 2):
        overlays.append(str(spec.parent / f"{number}.yaml"))
        target = "$.paths['/internal'].get"
        Path(overlays[-1]).write_text(
            HEAD + f"actions:\n- target: {target}\n  update: {{operationId: name-{number}}}\n"
        )
    assert run(spec, overlays[0]) == 0
    first = json.loads((spec.parent / "out/MANIFEST.json").read_text())["documents"]
    assert "o_name_1(" in (spec.parent / "out/include/edgebind/o.h").read_text()
    out = ["--out", str(spec.parent / "out"), "--overlay", overlays[0], "--overlay", overlays[1]]
    (spec.parent / "names.lock").unlink()
    assert cli.main(["generate", str(spec), "--prefix", "o", *out]) == 0
    assert "o_name_2(" in (spec.parent / "out/include/edgebind/o.h").read_text()
    assert json.loads((spec.parent / "out/MANIFEST.json").read_text())["documents"] != first


def test_places_lead_to_who_wrote_it(capsys: pytest.CaptureFixture[str]) -> None:
    catalog = str(GOLDEN / "catalog.yaml")
    for name, place in {
        "ovl_pet.legs": "fixes.yaml:22:9",
        "ovl_pet.name": "spec.yaml:25:9",
        "OVL_PET_KIND_DOG": "fixes.yaml:23:23",
        "ovl_list_pets_params.limit": "spec.yaml:11:11",  # the second once, the first now
        "ovl_list_pets_params.page": "more.json:5:52",
    }.items():
        assert cli.main(["explain", name, "--catalog", catalog]) == 0
        assert capsys.readouterr().out.split(": ")[0].endswith(f"/{place}")


WRONG = {
    "overlay: 2.0.0\ninfo: {title: O, version: '1'}\nactions: [{target: $, update: {}}]": (
        "1:1: #/overlay: Overlay 2.0.0 is not supported; 1.0 is"
    ),
    "openapi: 3.1.0\ninfo: {title: O, version: '1'}\nactions: [{target: $, update: {}}]": (
        "1:1: #: overlay is missing; say overlay: 1.0.0"
    ),
    HEAD: "1:1: #: actions is expected, a list that is not empty",
    HEAD + "actions: [{update: {}}]": "3:11: #/actions/0: target is expected, a JSONPath",
    HEAD + "actions: [{target: '$.paths[', remove: true}]": "3:12: #/actions/0/target: not a JSONPath: ",
    HEAD + "actions: [{target: $.info.title, update: {a: b}}]": (
        "3:12: #/actions/0/target: #/info/title is neither object nor list; choose the object it stands in"
    ),
    HEAD + "actions: [{target: $.info, update: [a]}]": (
        "3:28: #/actions/0/update: an object is expected, as #/info is one"
    ),
    HEAD + "actions: [{target: $.info}]": "3:11: #/actions/0: update, or remove: true, is expected",
    HEAD + "actions: [{target: $, remove: true}]": "3:12: #/actions/0/target: the whole document cannot be removed",
    HEAD + "actions: [{target: $.info, remove: 1}]": "3:28: #/actions/0/remove: true or false is expected",
    HEAD + "actions: [{target: $.info, updat: {}}]": "3:28: #/actions/0/updat: updat means nothing in an action",
    HEAD + "extends: other.yaml\nactions: [{target: $, update: {}}]": "3:1: #/extends: this overlay is for ",
}


@pytest.mark.parametrize("text", WRONG)
def test_what_is_wrong_with_an_overlay_is_said(text: str, spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    overlay = spec.parent / "o.yaml"
    overlay.write_text(text)
    assert run(spec, str(overlay)) == 1
    said = capsys.readouterr().err.splitlines()
    assert any(line.startswith(f"{overlay}:{WRONG[text]}") for line in said), said
    assert not (spec.parent / "out").exists()


def test_a_problem_of_what_an_overlay_put_there_stands_in_the_overlay(
    spec: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    overlay = spec.parent / "o.yaml"
    target = "$.components.schemas.Pet.properties"
    overlay.write_text(HEAD + f"actions:\n- target: {target}\n  update:\n    legs: {{type: number of legs}}\n")
    assert run(spec, str(overlay)) == 1
    place = f"{overlay}:6:12: #/components/schemas/Pet/properties/legs/type"
    assert capsys.readouterr().err == f"{place}: there is no type number of legs\n"


def test_a_file_that_is_not_there_is_wrong_usage(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(spec, str(spec.parent / "gone.yaml")) == 2
    assert capsys.readouterr().err == f"edgebind: {spec.parent}/gone.yaml: no such file; did you mean {spec}?\n"
