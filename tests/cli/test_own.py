"""The tool for somebody's own document, built as generator/README.md says; and names that are not ours."""

from __future__ import annotations

import json
import shlex
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from edgebind import cli
from tool import ROOT, Tool


def build(made: Path, out: Path) -> Path:
    sources = [*sorted((ROOT / "runtime/cli").glob("*.c")), *sorted(out.glob("*/*.c"))]
    subprocess.run(
        [
            *("gcc", "-std=c11", "-D_POSIX_C_SOURCE=200809L", "-Wall", "-Wextra", "-Werror", "-o", str(made)),
            *(f"-I{ROOT / 'runtime/include'}", f"-I{out / 'include'}"),
            *map(str, sources),
            *(str(ROOT / "build/lib/libedgebind.a"), "-lcurl", "-lcrypto", "-lcjson", "-lm", "-pthread"),
        ],
        check=True,
        timeout=300,
    )
    return made


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("own") / "zoo"
    document = out.parent / "zoo.yaml"
    document.write_text((ROOT / "tests/golden/help/spec.yaml").read_text())
    assert cli.main(["generate", str(document), "--prefix", "zoo_", "--help-tables", "--out", str(out)]) == 0
    return build(out.parent / "zoo-tool", out)


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A document with every kind of security scheme."""
    home = tmp_path_factory.mktemp("secured")
    for source in (ROOT / "tests/golden/security").glob("*.yaml"):
        (home / source.name).write_text(source.read_text())
    catalog = str(home / "catalog.yaml")
    assert cli.main(["generate", "--catalog", catalog, "--help-tables", "--out", str(home / "out")]) == 0
    return build(home / "tool", home / "out")


PLACED = """
openapi: 3.1.0
info: { title: Places, version: "1" }
servers:
  - url: https://{region}.{zone}.example/{path}
    variables:
      region: { default: eu, enum: [us, eu], x-eb-required: true, description: Where it is. }
      zone: { default: zone one, x-eb-required: true, description: A part of that. }
      path: { default: v1 }
paths:
  /things:
    get:
      operationId: list-things
      parameters: [{ name: region, in: query, example: a b, schema: { type: string } }]
      responses: { '200': { description: Done. } }
  /files:
    servers: [{ url: 'https://{host}.example', variables: { host: { default: files } } }]
    get: { operationId: list-files, responses: { '200': { description: Done. } } }
"""


@pytest.fixture(scope="module")
def placed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A document whose server has variables, one of them named as a parameter is."""
    out = tmp_path_factory.mktemp("placed") / "place"
    document = out.parent / "place.yaml"
    document.write_text(PLACED)
    assert cli.main(["generate", str(document), "--prefix", "place_", "--help-tables", "--out", str(out)]) == 0
    return build(out.parent / "place-tool", out)


def test_variables_of_servers_are_shown_asked_for_and_in_examples(eb: Tool, placed: Path) -> None:
    eb.program, eb.env = placed, {}
    shown = eb.ok("place", "list-things", "--help", mocked=False).out
    assert "\n  --region   text, one of us, eu; required\n      Where it is.\n      Stands before the oper" in shown
    assert "\n  --variable zone=VALUE   text; required\n      A part of that.\n" in shown
    assert "\n  --variable path=VALUE   text\n      Default: v1.\n" in shown and "host" not in shown
    example = shown.split("Example:\n")[1].split("\n\n")[0]
    words = "--region eu place list-things --variable 'zone=zone one' --region 'a b'"
    assert " ".join(example.replace("\\\n", " ").split()) == f"eb {words}"
    line = shlex.split(words.replace("zone one", "one"))
    assert eb.ok(*line, "-n", mocked=False).out.startswith("GET https://eu.one.example/v1/things?region=a%20b")
    files = eb.ok("place", "list-files", "--help", mocked=False).out
    assert "\nServer: https://{host}.example\n" in files and "path=VALUE" not in files and "zone=VALUE" in files
    missing = "--variable zone: expected a value for {zone} of https://{region}.{zone}.example/{path}, got none"
    assert eb.refused("-r", "eu", "place", "list-files", mocked=False) == missing


@pytest.mark.parametrize(
    ("operation", "given", "shown"),
    [
        ("by-bearer", {"SEC_BEARER": "canary-1"}, "authorization: ***"),
        ("by-basic", {"SEC_USERNAME": "u", "SEC_PASSWORD": "canary-2"}, "authorization: ***"),
        ("by-query", {"SECURITY_QUERY_KEY": "canary-3"}, "?k=***"),
        ("by-cookie", {"SEC_COOKIE_KEY": "canary-4"}, "cookie: ***"),
        ("open", {}, "GET https://security.example.com/v1/open"),
    ],
)
def test_every_kind_of_credential_is_taken(
    eb: Tool, secured: Path, operation: str, given: dict[str, str], shown: str
) -> None:
    eb.program = secured
    eb.env = given
    out = eb.ok("sec", operation, "-n", mocked=False).out
    assert shown in out and "canary" not in out
    eb.env = {}
    if given:
        assert eb.run("sec", operation, "-n", mocked=False).status == 3
        eb.configure("[default]\n" + "".join(f"{name} = {value}\n" for name, value in given.items()))
        assert shown in eb.ok("sec", operation, "-n", mocked=False).out


def test_a_document_of_ones_own_gets_its_own_tool(eb: Tool, own: Path) -> None:
    eb.program = own
    eb.env = {"ZOO_KEY": "k"}
    assert "\n  zoo " in eb.ok(mocked=False).out
    shown = eb.ok("zoo", "make-animal", "--help", mocked=False).out
    assert "Deprecated by the provider." in shown and 'What it is called, "in quotes".' in shown
    example = shown.split("Example:\n")[1].split("\n\n")[0]
    assert "--dry true" in example and "--name Ada" in example and "--toys @FILE" not in example
    sent = eb.ok("zoo", "make-animal", "--name", "Ada", "--toys", '{"ball":true}', "--toys.0.ball", "false", "-n").out
    assert '"ball": false' in sent
    assert (
        "GET https://us.zoo.example/animals?page=2&per_page=5"
        in eb.ok(*("zoo", "list-animals", "--page", "2", "--page-size", "5", "-r", "us", "-n"), mocked=False).out
    )
    assert "did you mean seal?" in eb.refused("zoo", "make-animal", "--name", "a", "--kind", "sael")


def test_help_says_how_a_call_is_sent_again_and_a_failure_with_which_key(eb: Tool, own: Path) -> None:
    eb.program = own
    eb.env = {"ZOO_KEY": "k"}
    shown = eb.ok("zoo", "make-animal", "--help", mocked=False).out
    assert "Safe to repeat: it has an idempotency key" in shown and "Made when it is not given" in shown
    shown = eb.ok("zoo", "list-animals", "--help", mocked=False).out
    assert "Attempts: 5, unless --retries is given." in shown and "Time: 1.5 s, unless --timeout is given." in shown
    given = ("zoo", "make-animal", "--name", "Ada", "--idempotency-key", "ada-1")
    assert "Idempotency-Key: ada-1\n" in eb.ok(*given, "-n").out
    nobody = eb.run(*given, "--base-url", "http://127.0.0.1:1", "--retries", "0", mocked=False)
    assert nobody.status != 0 and "\nidempotency key: ada-1\n" in nobody.err


@pytest.mark.parametrize(
    ("options", "member", "expected"),
    [
        (["--home.city", "Rome", "--home.house-number", "3"], "home", {"city": "Rome", "houseNumber": 3}),
        (["--home.houseNumber", "3"], "home", {"houseNumber": 3}),
        (["--home", '{"city":"Rome"}', "--home.house-number", "3"], "home", {"city": "Rome", "houseNumber": 3}),
        (["--labels.A_b", "x", "--labels.c-d", "null"], "labels", {"A_b": "x", "c-d": "null"}),
        (["--labels", '{"a":"x"}', "--labels.a", "y"], "labels", {"a": "y"}),
        (["--notes", "[1.50, null]"], "notes", [1.5, None]),
        (["--notes.a.b", "3", "--notes.a.c", "text"], "notes", {"a": {"b": 3, "c": "text"}}),
        (["--toys", '{"ball":true}', "--toys.1.ball", "false"], "toys", [{"ball": True}, {"ball": False}]),
    ],
)
def test_paths_lead_into_objects_maps_and_free_form_values(
    eb: Tool, own: Path, options: list[str], member: str, expected: object
) -> None:
    eb.program = own
    eb.env = {"ZOO_KEY": "k"}
    shown = eb.ok("zoo", "make-animal", "--name", "Ada", *options, "-n").out
    assert json.loads(shown.split("\n\n")[1])[member] == expected


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--home.town", "x"], "--home.town: there is no member town"),
        (["--home.house-numbr", "x"], "did you mean house-number?"),
        (["--home", "Rome"], '--home: expected an object in JSON, got "Rome"'),
        (["--home.house-number", "x"], '--home.house-number: expected an integer, got "x"'),
        (["--labels", "[]"], '--labels: expected an object in JSON, got "[]"'),
        (["--labels.", "x"], "--labels.: a name is missing in the path"),
        (["--notes", "[1"], '--notes: expected a value in JSON, got "[1"'),
        (["--notes", "1", "--notes.a", "2"], "--notes.a: what it is part of is no object"),
        (["--chip", "1234"], "--chip: a secret on a command line can be read by others"),
    ],
)
def test_paths_that_lead_nowhere_are_named(eb: Tool, own: Path, options: list[str], said: str) -> None:
    eb.program = own
    eb.env = {"ZOO_KEY": "k"}
    assert said in eb.refused("zoo", "make-animal", "--name", "Ada", *options)


def test_a_credential_without_variables_in_the_document_is_named_after_the_api(eb: Tool, own: Path) -> None:
    eb.program = own
    eb.env = {}
    assert "ZOO_KEY" in eb.run("zoo", "get-animal", "--name", "a").err


@pytest.fixture(scope="module")
def paged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A document with every way to get from page to page."""
    home = tmp_path_factory.mktemp("paged")
    document, out = home / "pages.yaml", home / "out"
    document.write_text((ROOT / "tests/golden/pages/spec.yaml").read_text())
    assert cli.main(["generate", str(document), "--prefix", "pag_", "--help-tables", "--out", str(out)]) == 0
    return build(home / "tool", out)


class Pages(ThreadingHTTPServer):
    """Answers by path and query, with a Link header where there is one; what was asked for."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Page)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.answers: dict[str, tuple[object, str]] = {}
        self.asked: list[str] = []


class _Page(BaseHTTPRequestHandler):
    server: Pages

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        body, link = self.server.answers.get(self.path, ({"message": "there is none"}, ""))
        text = json.dumps(body).encode()
        self.send_response(200 if self.path in self.server.answers else 404)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        if link:
            self.send_header("Link", link)
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, format: str, *args: object) -> None:
        """Silence."""


@pytest.fixture
def pages() -> Iterator[Pages]:
    with Pages() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_lists_by_url_are_shown_from_page_to_page(eb: Tool, paged: Path, pages: Pages) -> None:
    eb.program, eb.env = paged, {"PAG_API_KEY": "canary-9"}
    base = ("--base-url", pages.url)
    thing = [{"name": n} for n in "abc"]
    pages.answers = {
        "/repos": (thing[:2], f'<{pages.url}/repos?page=2>; rel="last, but one", <?page=2>; rel="next"'),
        "/repos?page=2": (thing[2:], "</repos>; rel=first"),
        "/links?limit=1&api_key=canary-9": ({"things": thing[:1], "links": {"next": f"{pages.url}/x?api_key=c"}}, ""),
        "/x?api_key=canary-9": ({"things": thing[1:2], "links": {"next": "http://127.0.0.2/y"}}, ""),
        "/names": (["p", "", "q"], ""),
    }
    lines = '{"name":"a"}\n{"name":"b"}\n{"name":"c"}\n'
    assert eb.ok(*base, "pag", "repo-list", mocked=False).out.replace(" ", "") == lines
    assert eb.ok(*base, "pag", "repo-list", "--query", "name", mocked=False).out == '"a"\n"b"\n"c"\n'
    assert eb.ok(*base, "pag", "repo-list", "--limit", "2", mocked=False).out.count("\n") == 2
    assert pages.asked == ["/repos", "/repos?page=2", "/repos", "/repos?page=2", "/repos"]
    pages.asked.clear()
    ran = eb.run(*base, "-v", "pag", "link-list", "--page-size", "1", mocked=False)
    assert ran.status != 0 and ran.out.replace(" ", "") == lines[:26] and "canary" not in ran.out + ran.err
    assert f"links/next: leads to http://127.0.0.2, expected {pages.url}; credentials go nowhere else" in ran.err
    assert pages.asked == ["/links?limit=1&api_key=canary-9", "/x?api_key=canary-9"]
    eb.program = paged
    assert "shows one page" not in eb.ok("pag", "repo-list", "--help", mocked=False).out
    assert "--page TOKEN shows one page" in " ".join(eb.ok("pag", "size-list", "--help", mocked=False).out.split())
    assert eb.ok(*base, "pag", "name-list", mocked=False).out.split() == ['"p"', '""', '"q"']
