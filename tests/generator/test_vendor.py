"""`edgebind vendor`: the same bytes every time, only what is reached, numbers and wire names as they are, nothing of
anybody's overwritten. That what it writes compiles and runs is seen in tests/packaging/vendor/."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from pathlib import Path

import pytest
from spdx_tools.spdx.parser.parse_anything import parse_file
from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document

from edgebind import c_text
from edgebind.amalgamate import optional
from edgebind.catalog import Catalog, read
from edgebind.cli import main
from edgebind.ir import Api
from edgebind.problem import Problems

ROOT = Path(__file__).resolve().parents[2]
CATALOG = ROOT / "spec/catalog.yaml"
SHOP = ROOT / "tests/examples/tutorial/shop.yaml"
TWO = "app-version-create,app-version-list"


@pytest.fixture(scope="module")
def listed() -> Catalog:
    made = read(str(CATALOG), Problems())
    assert made is not None
    return made


@pytest.fixture(scope="module")
def edgegap(listed: Catalog) -> Api:
    made = listed.build("edgegap.yaml")
    assert made is not None
    return made.api


def vendor(out: Path, *more: str) -> int:
    return main(["vendor", "--out", str(out), *more])


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("once") / "acme"
    assert vendor(made, "--api", "edgegap", "--operations", TWO, "--prefix", "acme_") == 0
    return made


@pytest.fixture
def acme(once: Path, tmp_path: Path) -> Path:
    shutil.copytree(once, tmp_path / "acme")
    return tmp_path / "acme"


# ---- Selection ------------------------------------------------------------------------------------------------


def test_either_name_of_an_operation_will_do(acme: Path, tmp_path: Path) -> None:
    names = "edgegap_app_version_list,app-version-create"
    assert vendor(tmp_path / "other", "--api", "edgegap", "--operations", names, "--prefix", "acme_") == 0
    assert (tmp_path / "other/acme.c").read_bytes() == (acme / "acme.c").read_bytes()


def test_an_operation_of_another_api_is_unknown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert vendor(tmp_path, "--api", "edgegap", "--operations", "ListAppVersions") == 2
    assert "there is no operation ListAppVersions" in capsys.readouterr().err


def test_what_tells_about_an_unclear_call_comes_along(acme: Path) -> None:
    header = (acme / "acme.h").read_text()
    assert "acme_app_version_create_verify" in header and "acme_app_version_get(" in header
    assert "acme_app_version_delete(" not in header and "pull_profile_create" not in header


# ---- Names ----------------------------------------------------------------------------------------------------


def test_every_name_has_the_prefix(acme: Path) -> None:
    for file in ("acme.h", "acme.c"):
        names = c_text.names((acme / file).read_text())
        assert not [n for n in names if re.match(r"eb_|EB_|edgegap|EDGEGAP", n)]
        assert "acme_eb_client" in names


def test_enums_keep_their_numbers(acme: Path, edgegap: Api) -> None:
    header = (acme / "acme.h").read_text()
    protocol = next(e for e in edgegap.enums if e.name == "edgegap_protocol")
    for value in protocol.values:
        name = value.name.replace("EDGEGAP_", "ACME_", 1)
        assert re.search(rf"\b{name} += {value.number}\b", header)


def test_texts_on_the_wire_stay(acme: Path) -> None:
    def texts(source: str) -> set[str]:
        return {t.text for t in c_text.tokens(source) if t.kind == "text"}

    made = texts((acme / "acme.c").read_text())
    assert {'"EDGEGAP_TOKEN"', '"docker_image"', '"/v1/app/{app_name}/version"', '"https://api.edgegap.com"'} <= made
    assert '"acme_app_version_create"' in made  # eb_invoke finds it by its C name


def test_without_a_prefix_names_are_as_in_the_library(tmp_path: Path) -> None:
    assert vendor(tmp_path, "--api", "edgegap", "--operations", TWO) == 0
    names = c_text.names((tmp_path / "edgegap.h").read_text())
    assert {"edgegap_app_version_create", "eb_client_new", "EB_RETRIES_NONE"} <= names


def test_a_link_brings_the_other_api(tmp_path: Path) -> None:
    assert vendor(tmp_path, "--api", "dcdn", "--operations", "UploadRoutineCode", "--prefix", "up") == 0
    header = (tmp_path / "up.h").read_text()
    assert "up_upload_routine_code_file(" in header and "up_oss_post_object(" in header
    assert "publish_routine" not in header


# ---- What is left out -----------------------------------------------------------------------------------------


def test_optional_parts_are_those_that_the_umbrella_leaves_out(tmp_path: Path) -> None:
    headers = ROOT / "runtime/include"
    public = {f"edgebind/{p.name}": p.read_text() for p in headers.glob("edgebind/*.h")}
    assert optional(public) == ["cjson", "help", "testing"]
    choices: list[tuple[list[str], bool, bool]] = [
        ([], False, False),
        (["--system-cjson"], True, False),
        (["--with-testing"], False, True),
    ]
    for more, cjson, script in choices:
        out = tmp_path / "-".join(["out", *more])
        assert vendor(out, "--api", "dcdn", "--prefix", "a_", *more) == 0
        text = (out / "a.h").read_text() + (out / "a.c").read_text()
        assert ("cJSON" in c_text.names(text)) is cjson
        assert ("a_eb_script_transport" in c_text.names(text)) is script
        assert ("-lcjson" in (out / "README").read_text()) is cjson


def test_cjson_is_left_out_where_nothing_is_free_form(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert vendor(tmp_path, "--api", "sae", "--system-cjson") == 0
    assert "no operation here has a free-form value: cJSON is left out" in capsys.readouterr().err
    assert "cJSON" not in c_text.names((tmp_path / "sae.h").read_text() + (tmp_path / "sae.c").read_text())
    assert "-lcjson" not in (tmp_path / "README").read_text()


@pytest.fixture
def own_cjson(tmp_path: Path) -> Path:
    """A directory like that of cJSON's sources, with a call or two; the real one is compiled in tests/packaging/."""
    folder = tmp_path / "cJSON"
    folder.mkdir()
    licence = "/*\n  Copyright (c) somebody\n\n  Do as you like.\n*/\n"
    versions = "".join(f"#define CJSON_VERSION_{p} {n}\n" for p, n in (("MAJOR", 1), ("MINOR", 7), ("PATCH", 15)))
    guard = "#ifndef cJSON__h\n#define cJSON__h\n"
    declared = "#define CJSON_PUBLIC(type) type\nCJSON_PUBLIC(int) cJSON_Count(void);\n#endif\n"
    (folder / "cJSON.h").write_text(licence + guard + versions + declared)
    body = "static int counter = 0;\nCJSON_PUBLIC(int) cJSON_Count(void)\n{\n    return ++counter;\n}\n"
    (folder / "cJSON.c").write_text(f'{licence}#include "cJSON.h"\n{body}')
    return folder


def test_a_bundled_cjson_has_the_prefix_and_keeps_its_licence(own_cjson: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert vendor(out, "--api", "dcdn", "--prefix", "a_", "--bundle-cjson", str(own_cjson)) == 0
    names = c_text.names((out / "a.h").read_text() + (out / "a.c").read_text())
    assert "a_cJSON_Count" in names and "A_CJSON_PUBLIC" in names
    assert not [n for n in names if n.startswith(("cJSON", "CJSON"))]
    assert "<cjson/cJSON.h>" not in (out / "a.h").read_text() and "-lcjson" not in (out / "README").read_text()
    assert "contain cJSON 1.7.15:\n\nCopyright (c) somebody" in (out / "LICENSE").read_text()
    inside = next(p for p in json.loads((out / "a.spdx.json").read_text())["packages"] if p["name"] == "cJSON")
    assert (inside["versionInfo"], inside["copyrightText"]) == ("1.7.15", "Copyright (c) somebody")
    before = {p.name: p.read_bytes() for p in out.iterdir()}
    assert vendor(out, "--update") == 2  # where it is has to be said again
    assert vendor(out, "--update", "--bundle-cjson", str(own_cjson)) == 0
    assert {p.name: p.read_bytes() for p in out.iterdir()} == before


# ---- Files ----------------------------------------------------------------------------------------------------


def test_the_same_choice_gives_the_same_bytes(acme: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert vendor(Path("again"), "--api", "edgegap", "--operations", TWO, "--prefix", "acme") == 0
    for path in sorted(acme.iterdir()):
        assert path.read_bytes() == (tmp_path / "again" / path.name).read_bytes()
    names = sorted(p.name for p in acme.iterdir())
    assert names == ["LICENSE", "MANIFEST.json", "README", "acme.c", "acme.h", "acme.spdx.json"]
    assert len((acme / "README").read_text().splitlines()) == 3
    assert str(ROOT) not in "".join(p.read_text() for p in acme.iterdir())


def test_update_asks_for_the_same_again(acme: Path) -> None:
    before = {p.name: p.read_bytes() for p in acme.iterdir()}
    (acme / "acme.c").unlink()
    assert vendor(acme, "--update") == 0
    assert {p.name: p.read_bytes() for p in acme.iterdir()} == before
    assert main(["verify", str(acme)]) == 0


def test_update_refuses_what_was_edited_and_names_it(acme: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edited = (acme / "acme.c").read_text() + "/* mine */\n"
    (acme / "acme.c").write_text(edited)
    for arguments in (["--update"], ["--api", "edgegap", "--prefix", "acme_"]):
        assert vendor(acme, *arguments) == 1
        assert f"{acme}/acme.c: edited by hand" in capsys.readouterr().err
        assert (acme / "acme.c").read_text() == edited


def test_edits_are_shown_and_nothing_else(acme: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = (acme / "acme.c").read_text().splitlines(keepends=True)
    at = next(i for i, line in enumerate(lines) if "eb__base64" in line)
    removed, lines[at] = lines[at], "int mine;\n"
    (acme / "acme.c").write_text("".join(lines) + "/* at the end */\n")
    assert main(["verify", str(acme)]) == 1
    assert re.search(r"\n-\(a line .*\)\n\+int mine;\n", capsys.readouterr().err)
    assert vendor(acme, "--update") == 1
    said = capsys.readouterr().err
    assert f"\n@@ -{at - 2},7 +{at - 2},7 @@\n" in said and f"\n-{removed}+int mine;\n" in said
    added = [line for line in said.splitlines() if line.startswith("+")]
    assert added == ["+++ acme.c (edited)", "+int mine;", "+/* at the end */"]


def test_edits_are_told_from_what_a_newer_version_changes(
    acme: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    newer = tmp_path / "newer/runtime"
    shutil.copytree(ROOT / "runtime", newer)
    shutil.copy(ROOT / "LICENSE", tmp_path / "newer")
    url = newer / "src/url.c"
    url.write_text(url.read_text() + "/* of the newer version */\n")
    (acme / "acme.h").write_text((acme / "acme.h").read_text() + "/* mine */\n")
    assert vendor(acme, "--update", "--runtime", str(newer)) == 1
    said = capsys.readouterr().err
    assert "+/* mine */" in said and "newer version" not in said


def test_other_line_ends_are_not_called_edits(acme: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (acme / "acme.h").write_bytes((acme / "acme.h").read_bytes().replace(b"\n", b"\r\n"))
    assert main(["verify", str(acme)]) == 1
    assert "acme.h: only its line ends differ" in capsys.readouterr().err


def test_the_spdx_document_is_valid_and_true(acme: Path) -> None:
    document = parse_file(str(acme / "acme.spdx.json"))
    assert validate_full_spdx_document(document) == []
    hashes = {f.name: {c.algorithm.name: c.value for c in f.checksums} for f in document.files}
    assert sorted(hashes) == ["./LICENSE", "./README", "./acme.c", "./acme.h"]
    for name, said in hashes.items():
        data = (acme / name).read_bytes()
        assert said == {"SHA1": hashlib.sha1(data).hexdigest(), "SHA256": hashlib.sha256(data).hexdigest()}
    code = document.packages[0].verification_code
    sums = sorted(said["SHA1"] for said in hashes.values())
    assert code is not None and code.value == hashlib.sha1("".join(sums).encode()).hexdigest()
    assert {p.name for p in document.packages} == {"acme", "libcurl", "libcrypto"}


def test_another_choice_removes_what_it_no_longer_has(acme: Path) -> None:
    assert vendor(acme, "--api", "oss", "--name", "upload") == 0
    assert not (acme / "acme.c").exists() and (acme / "upload.c").exists()


def test_files_of_others_stay(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "sae.c").write_text("int mine;\n")
    assert vendor(tmp_path, "--api", "sae") == 1
    assert f"{tmp_path}/sae.c: was there before" in capsys.readouterr().err
    (tmp_path / "MANIFEST.json").write_text(json.dumps({"files": {"sae.c": "0"}}))
    assert vendor(tmp_path, "--api", "sae") == 2
    assert (tmp_path / "sae.c").read_text() == "int mine;\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "name a DOCUMENT, or with --api an API of the catalog"),
        ([str(SHOP)], "--prefix is missing: what the names of a DOCUMENT begin with"),
        ([str(SHOP), "--prefix", "a_", "--api", "sae"], "a DOCUMENT or --api, not both"),
        ([str(SHOP), "--prefix", "a_", "--catalog", str(CATALOG)], "a DOCUMENT or --catalog, not both"),
        ([str(SHOP), "--prefix", "a_", "--tags", "pots"], "there is no tag pots"),
        ([str(SHOP), "--prefix", "a_", "--tags", ""], "--tags: names separated by commas"),
        (["shop.yml", "--prefix", "a_"], "shop.yml: no such file"),
        (["https://pets.example.com/shop.yaml", "--prefix", "a_"], "a URL is not fetched"),
        (["--api", "sae", "--overlay", "x.yaml"], "--overlay is for a DOCUMENT"),
        (["--api", "shop"], "--api shop: expected one of edgegap"),
        (["--api", "sae", "--operations", "Nothing"], "there is no operation Nothing"),
        (["--api", "sae", "--operations", ","], "--operations: names separated by commas"),
        (["--api", "sae", "--prefix", "Acme"], "--prefix Acme: a prefix is lower case"),
        (["--api", "sae", "--prefix", "eb_"], "--prefix eb_: a prefix is"),
        (["--api", "sae", "--name", "../x"], "--name ../x: letters"),
        (["--api", "sae", "--catalog", "none.yaml"], "none.yaml: no such catalog"),
        (["--api", "sae", "--runtime", "none"], "none: not the runtime"),
        (["--api", "dcdn", "--bundle-cjson", "."], "--bundle-cjson: without --prefix"),
        (["--api", "dcdn", "--prefix", "a_", "--bundle-cjson", "none"], "none/cJSON.h: No such file"),
        (["--update"], "No such file"),
        (["--update", "--api", "sae"], "--api: --update asks for what was asked for before"),
        (["--update", "--keep-going"], "--keep-going: --update asks for what was asked for before"),
    ],
)
def test_wrong_use_is_said(arguments: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert vendor(tmp_path / "out", *arguments) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


# ---- A document of one's own ------------------------------------------------------------------------------------


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return Path(shutil.copy(SHOP, tmp_path / "shop.yaml"))


def test_a_document_needs_no_catalog_and_pins_its_names(shop: Path, tmp_path: Path) -> None:
    assert vendor(tmp_path / "pets", str(shop), "--prefix", "pet_") == 0
    header = (tmp_path / "pets/pet.h").read_text()
    assert "pet_list_pets(" in header and "pet_eb_client_new(" in header
    lock = json.loads((tmp_path / "names.lock").read_text())
    assert "pet_list_pets" in lock["pet"]["operations"].values()
    assert f"vendor --update {shop.name} --out DIR" in (tmp_path / "pets/README").read_text()


def test_a_document_that_went_on_keeps_its_names(shop: Path, tmp_path: Path) -> None:
    out = tmp_path / "pets"
    assert vendor(out, str(shop), "--prefix", "pet_", "--operations", "listPets") == 0
    shop.write_text(shop.read_text().replace("operationId: listPets", "operationId: allPets"))
    assert vendor(out, "--update", str(shop)) == 2  # the choice names what is gone
    assert vendor(out, str(shop), "--prefix", "pet_", "--operations", "allPets") == 0
    header = (out / "pet.h").read_text()
    assert "pet_list_pets(" in header and "pet_all_pets(" not in header


def test_a_document_is_named_again_for_an_update(
    shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "pets"
    assert vendor(out, str(shop), "--prefix", "pet_") == 0
    before = {p.name: p.read_bytes() for p in out.iterdir()}
    assert vendor(out, "--update") == 2
    assert "this copy was made of shop.yaml; name it again" in capsys.readouterr().err
    assert vendor(out, "--update", str(shop), "--overlay", str(shop)) == 2
    assert "--overlay: this copy was made with none" in capsys.readouterr().err
    assert vendor(out, "--update", str(shop)) == 0
    assert {p.name: p.read_bytes() for p in out.iterdir()} == before


def test_an_update_of_a_catalog_s_api_takes_no_document(
    acme: Path, shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert vendor(acme, "--update", str(shop)) == 2
    assert "this copy was made of edgegap in a catalog" in capsys.readouterr().err


def test_an_overlay_is_laid_over_it(shop: Path, tmp_path: Path) -> None:
    over = tmp_path / "ours.yaml"
    over.write_text(
        "overlay: 1.0.0\ninfo: {title: Ours, version: '1'}\n"
        "actions: [{target: '$.paths[*][?@.operationId == \"listPets\"]', update: {x-eb-name: every pet}}]\n"
    )
    out = tmp_path / "pets"
    assert vendor(out, str(shop), "--prefix", "pet_", "--overlay", str(over)) == 0
    assert "pet_every_pet(" in (out / "pet.h").read_text()
    assert vendor(out, "--update", str(shop)) == 2
    assert vendor(out, "--update", str(shop), "--overlay", str(over)) == 0


def test_keep_going_does_without_what_has_problems(
    shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "pets"
    whole = shop.read_text()
    shop.write_text(whole.replace("operationId: addPet\n", "operationId: addPet\n      x-eb-safe: perhaps\n"))
    assert shop.read_text() != whole
    assert vendor(out, str(shop), "--prefix", "pet_") == 1
    assert not out.exists()
    assert vendor(out, str(shop), "--prefix", "pet_", "--keep-going") == 0
    assert "addPet is left out because of" in capsys.readouterr().err
    header = (out / "pet.h").read_text()
    assert "pet_list_pets(" in header and "pet_add_pet(" not in header
    assert vendor(out, "--update", str(shop)) == 0


# ---- C as text ------------------------------------------------------------------------------------------------

SOURCE = """\
#define TWICE(x) \\
    ((x) * 2)
enum { FIRST, SECOND = FIRST + 1 };
typedef struct pool {
    int  limit; /* limit */
    char (*names)[4];
} pool;
static const char *const texts[] = { "limit", 0 };
static int limit(const pool *p)
{
    return p->limit + TWICE(SECOND);
}
int eb_open(pool *p)
{
    const pool copy = { .limit = limit(p) };
    return copy.limit;
}
static struct node { int x; } only = { 0 };
"""


def test_tokens_are_the_text() -> None:
    for path in (ROOT / "runtime").rglob("*.[ch]"):
        assert "".join(t.text for t in c_text.tokens(path.read_text())) == path.read_text()


def test_a_file_s_own_names_are_found() -> None:
    kinds, things = c_text.file_names(SOURCE)
    assert kinds == {"TWICE", "FIRST", "SECOND", "pool", "node"}
    assert things == {"texts", "limit", "only"}


def test_members_and_texts_keep_their_names() -> None:
    made = c_text.rename_but_members(SOURCE, {"limit": "a_limit", "pool": "a_pool"})
    assert "int  limit; /* limit */" in made and "p->limit" in made and '"limit"' in made
    assert ".limit = a_limit(p)" in made and "static int a_limit(const a_pool *p)" in made
    assert c_text.rename_but_members('ROW(a, limit, "limit"), f(limit, 1)', {"limit": "b"}, rows=True) == (
        'ROW(a, limit, "limit"), f(b, 1)'
    )
