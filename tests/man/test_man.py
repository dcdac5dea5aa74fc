"""The man pages: made from the headers as they are, one for every public function, without a complaint of mandoc, and
installed."""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from pathlib import Path

from edgebind import cli_parser

ROOT = Path(__file__).resolve().parents[2]
MAN = ROOT / "runtime/man"
PAGES = sorted(MAN.glob("man*/*"))
RAW = [*(page for page in PAGES if not page.is_symlink()), ROOT / "runtime/cli/eb.1"]


def run(*command: str | Path) -> str:
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


def shown(*pages: Path) -> str:
    return re.sub(r".\x08", "", run("mandoc", "-Tutf8", "-Owidth=200", *pages))


def test_pages_are_those_of_the_headers_and_of_the_options() -> None:
    run(sys.executable, "runtime/docs/tool/man.py", "--check")


def test_mandoc_has_no_complaint() -> None:
    done = subprocess.run(["mandoc", "-Tlint", *RAW], cwd=ROOT, capture_output=True, text=True)
    # That a page is there which another one names is the next test: mandoc looks for it on the whole machine.
    said = [line for line in done.stdout.splitlines() if "referenced manual not found" not in line]
    said += [line for line in done.stderr.splitlines() if "mandoc.db" not in line]
    assert said == []


def test_pages_lead_to_pages() -> None:
    for page in RAW:
        for name, section in re.findall(r"^\.Xr (e(?:b_|dgebind)\S*) (\d)", page.read_text(), re.M):
            assert (MAN / f"man{section}/{name}.{section}").is_file(), f"{page.name}: {name}({section})"


def test_every_public_function_has_a_page() -> None:
    lines = run("nm", "--defined-only", "--extern-only", ROOT / "build/lib/libedgebind.a").splitlines()
    functions = {name for _, kind, name in (line.split() for line in lines if line.count(" ") == 2) if kind == "T"}
    contract = (ROOT / "runtime/include/edgebind/generated.h").read_text()  # what generated code calls
    public = {n for n in functions if n.startswith("eb_") and "__" not in n and not re.search(rf"\b{n}\(", contract)}
    for header in (ROOT / "runtime/include/edgebind").glob("*.h"):  # what other headers tell programs to call
        told = set(re.findall(r"\beb_\w+", header.read_text())) if header.name != "generated.h" else set()
        public |= told & functions
    assert len(public) > 30
    missing = {name for name in public if not (MAN / f"man3/{name}.3").is_file()}
    assert missing == set()


def test_a_page_says_what_its_header_says() -> None:
    text = shown(MAN / "man3/eb_cancel_source_free.3")
    assert text.count("eb_cancel_source_free") >= 2
    assert "eb_cancel_source_free(eb_cancel_source *source);" in text
    assert "from any thread, and from a signal handler" in " ".join(text.split())


def test_every_command_and_option_is_in_edgebind_1() -> None:
    text = shown(MAN / "man1/edgebind.1")
    parser = cli_parser.parser()
    (commands,) = (a for a in parser._actions if isinstance(a, argparse._SubParsersAction))
    for name, command in commands.choices.items():
        assert re.search(rf"^   {name}$", text, re.M), name
        for action in command._actions:
            for option in action.option_strings:
                assert option in ("-h", "--help") or option in text, f"{name} {option}"


def test_pages_are_installed(tmp_path: Path) -> None:
    run("make", "--no-print-directory", "install", "SHARED=no", f"DESTDIR={tmp_path}", "PREFIX=/usr")
    installed = {str(p.relative_to(tmp_path / "usr/share/man")) for p in (tmp_path / "usr/share/man").rglob("*.[13]")}
    assert installed == {str(p.relative_to(MAN)) for p in PAGES} | {"man1/eb.1"}
    assert "eb_client_free" in shown(tmp_path / "usr/share/man/man3/eb_client_free.3")


def test_pages_have_what_readers_look_for() -> None:
    pages = re.split(r"^(?=[A-Z_0-9]+\(\d\) .*\(\d\)$)", shown(*RAW), flags=re.M)[1:]
    assert len(pages) == len(RAW)
    for page in pages:
        for part in ("NAME", "SYNOPSIS", "DESCRIPTION"):
            assert f"\n{part}\n" in page, page[:200]
