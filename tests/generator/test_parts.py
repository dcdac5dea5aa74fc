"""The runtime without what some operations have no use for: which parts they need, conditions on parts, and what can be
reached. That every choice compiles and works is seen in tests/packaging/vendor/ and by tests/tools/golden.py."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from edgebind import c_text
from edgebind.catalog import read
from edgebind.cli import main
from edgebind.ir import Api
from edgebind.parts import listed, needed, resolved, words
from edgebind.problem import Problems
from edgebind.reach import chunks, reachable

ROOT = Path(__file__).resolve().parents[2]
HEADER = (ROOT / "runtime/include/edgebind/parts.h").read_text()
RUNTIME = [*sorted((ROOT / "runtime/src").glob("*.[ch]")), *sorted((ROOT / "runtime/include/edgebind").glob("*.h"))]

# A name that is there only with the part.
TELLING = {
    "EB_PART_INVOKE": "eb_invoke",
    "EB_PART_ACS3": "eb__request_sign",
    "EB_PART_OAUTH2": "credentials_take_take_oauth2",
    "EB_PART_BASIC": "auth_add_basic",
    "EB_PART_KEYS": "auth_add_query_key",
    "EB_PART_SERVERS": "client_take_places",
    "EB_PART_UNIONS": "eb__union_row",
    "EB_PART_NUMBERS": "eb__parse_double",
    "EB_PART_STYLES": "eb__style_json",
    "EB_PART_FORMS": "payload_put_form",
    "EB_PART_UPLOADS": "source_open_file",
    "EB_PART_MULTIPART": "eb__multipart_build",
    "EB_PART_LINKS": "eb_call_link",
    "EB_PART_PAGES": "eb_pager_start",
    "EB_PART_WAITS": "eb_call_wait",
    "EB_PART_ANSWERS": "documented_answered",
    "EB_PART_HEADERS": "eb__headers_decode",
    "EB_PART_EVENTS": "eb_stream_start",
    "EB_PART_XML": "xml_put_text",
}


def apis(catalog: Path) -> list[Api]:
    made = read(str(catalog), Problems())
    assert made is not None
    built = [made.build(entry.document) for entry in made.entries]
    return [b.api for b in built if b is not None]


# ---- Parts ----------------------------------------------------------------------------------------------------


def test_every_part_is_known_and_says_what_it_is() -> None:
    assert set(listed(HEADER)) == set(TELLING)
    assert needed(HEADER, []) == []  # one without a rule would be needed
    said = re.findall(r"/\* [^*]+\*/\n#ifndef (\w+)\n#define \1 \S+\n#endif", HEADER)
    assert said == listed(HEADER)


def test_conditions_are_on_parts_that_there_are() -> None:
    for path in RUNTIME:
        for name in re.findall(r"EB_PART_\w+", path.read_text()):
            assert name in TELLING, f"{path.name}: {name}"


@pytest.mark.parametrize(
    ("case", "some"),
    [
        ("acs", "acs3"),
        ("bodies", "uploads"),
        ("events", "events"),
        ("forms", "forms styles"),
        ("link", "links multipart styles uploads"),
        ("pages", "pages"),
        ("responses", "answers headers"),
        ("security", "basic keys oauth2"),
        ("servers", "servers"),
        ("styles", "styles"),
        ("unions", "unions"),
        ("uploads", "multipart styles uploads"),
        ("values", "numbers"),
        ("waits", "waits"),
    ],
)
def test_documents_need_their_parts(case: str, some: str) -> None:
    found = words(needed(HEADER, apis(ROOT / "tests/golden" / case / "catalog.yaml")))
    assert set(some.split()) <= set(found) and "invoke" not in found


def test_errors_in_xml_are_needed_by_who_has_them() -> None:
    assert [api.name for api in apis(ROOT / "spec/catalog.yaml") if "EB_PART_XML" in needed(HEADER, [api])] == ["oss"]


def test_a_part_nobody_knows_is_needed() -> None:
    assert needed(HEADER + "#define EB_PART_NEW 1\n", []) == ["EB_PART_NEW"]


# ---- Conditions -------------------------------------------------------------------------------------------------


def test_conditions_on_parts_are_decided_and_others_stay() -> None:
    text = (
        "#if EB_PART_A\na\n#ifdef X\nx\n#else\ny\n#endif\n#else\nnot a\n#endif\n"
        "#if EB_PART_B || EB_PART_A\neither\n#endif /* both */\n#if defined(Z)\n#if EB_PART_B\nb\n#endif\n#endif\n"
    )
    assert resolved(text, {"EB_PART_B"}) == "a\n#ifdef X\nx\n#else\ny\n#endif\neither\n#if defined(Z)\n#endif\n"
    assert resolved(text, {"EB_PART_A"}) == "not a\neither\n#if defined(Z)\nb\n#endif\n"


# ---- Reaching -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", RUNTIME, ids=lambda p: p.name)
def test_pieces_are_the_file(path: Path) -> None:
    text = re.sub(r'#ifdef __cplusplus\n(extern "C" \{|\})\n#endif\n', "", path.read_text(), flags=re.MULTILINE)
    pieces = list(chunks(text))
    assert "".join(piece.text for piece in pieces) == text
    for piece in pieces if path.name != "value.h" else []:  # which has some C++
        code = re.sub(r"/\*.*?\*/", "", piece.text, flags=re.DOTALL).strip()
        assert piece.declares or not code or code.startswith("#"), piece.text


SMALL = """\
/* small.c -- a file. */

/* ---- One ---- */

/* What is used. */
static int used(int a);
typedef int (*callback)(void *context);
enum { ONE, TWO };

/* ---- Two ---- */

/* Nobody
 * calls it. */
static int alone(int a)
{
    return used(a) + alone(a - 1);
}

static int used(int a) /* it is */
{
    const char *text = "alone( {";

    return a + TWO + LIMIT(text);
}

#ifdef X
static callback others;
#endif

#define LIMIT(t) \\
    limit_of(t)
static int limit_of(const char *t); /* declared
                                      only */
"""


def test_what_nothing_leads_to_is_left_out_with_its_comment() -> None:
    (made,) = reachable([SMALL], ["used"])
    assert "alone(int" not in made and "Nobody" not in made and "callback" not in made and "#ifdef" not in made
    assert "What is used" in made and "TWO" in made and "limit_of(const" in made and made.startswith("/* small.c")
    (made,) = reachable([SMALL], ["callback"])
    lines = [line for line in made.splitlines() if line]
    assert lines[:3] == ["/* small.c -- a file. */", "/* ---- One ---- */", "typedef int (*callback)(void *context);"]
    assert lines[3:] == []
    assert reachable([SMALL], ["nothing"]) == [""]


def test_one_text_leads_to_another() -> None:
    texts = ["int a(void);\nint b(void);\n", "int c(void)\n{\n    return a();\n}\n"]
    assert reachable(texts, ["c"]) == ["int a(void);\n", texts[1]]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("static st say(const char *format, ...) __attribute__((format(printf, 1, 2)));", "say"),
        ("extern const eb_type a_type, b_type,\n    c_type;", "a_type b_type c_type"),
        ("static const char *const texts[] = { one, [TWO] = two };", "texts"),
        ("typedef struct node {\n    struct node *next;\n} node;", "node"),
        ("typedef enum kind { K_ONE = 1, K_TWO } kind;", "kind K_ONE K_TWO"),
        ("typedef struct eb_client eb_client;", "eb_client"),
        ("struct eb_token;", "eb_token"),
        ("void (*handler)(int signal);", "handler"),
    ],
)
def test_what_a_declaration_declares(text: str, names: str) -> None:
    assert c_text.declared(text) == set(names.split())


# ---- Copies -------------------------------------------------------------------------------------------------------


def vendor(out: Path, *more: str) -> str:
    assert main(["vendor", "--out", str(out), *more]) == 0
    return "".join(path.read_text() for path in sorted(out.glob("*.[ch]")))


def test_a_copy_has_no_text_of_parts_it_does_not_need(tmp_path: Path) -> None:
    text = vendor(tmp_path, "--api", "edgegap", "--operations", "app-version-update")
    there = {part for part, name in TELLING.items() if name in c_text.names(text)}
    assert there == {"EB_PART_NUMBERS", "EB_PART_ANSWERS"}
    assert "EB_PART_" not in text and "Of the parts of the runtime: numbers, answers." in text
    assert not {"eb_value_random", "eb_pager", "EB_DECLARE_HEADERS"} & c_text.names(text)


def test_operations_by_name_come_when_asked_for(tmp_path: Path) -> None:
    text = vendor(tmp_path, "--api", "sae", "--with-invoke", "--prefix", "a_")
    assert {"a_eb_invoke", "a_eb_invoke_with", "a_eb_acs3_explain"} <= c_text.names(text)
    assert json.loads((tmp_path / "MANIFEST.json").read_text())["vendor"]["with"] == ["invoke"]


def test_a_copy_of_before_keeps_operations_by_name(tmp_path: Path) -> None:
    assert "eb_invoke" not in c_text.names(vendor(tmp_path, "--api", "sae"))
    manifest = tmp_path / "MANIFEST.json"
    said = json.loads(manifest.read_text())
    del said["vendor"]["runtime"]
    manifest.write_text(json.dumps(said))
    assert "eb_invoke" in c_text.names(vendor(tmp_path, "--update"))
    assert json.loads(manifest.read_text())["vendor"]["with"] == ["invoke"]
