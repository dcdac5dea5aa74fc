"""Compiles and runs what the generator makes of the small documents in tests/golden/; its README says what is there.

    golden.py LIBRARY [--update] [CASE ...]
    golden.py --vendored [CASE ...]

LIBRARY is libedgebind.a built with the sanitizers. --vendored: by copies that edgebind vendor makes, which hold no more
of the runtime than the document needs. The last line is "N passed, N failed"."""

from __future__ import annotations

import argparse
import difflib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "tests" / "golden"
WARNINGS = (
    "-std=c11 -D_POSIX_C_SOURCE=200809L -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wstrict-prototypes "
    "-Wcast-qual -Wwrite-strings -Werror"
).split()
SANITIZERS = "-g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer".split()
LIBRARIES = "-lcurl -lcrypto -lcjson -pthread -lm".split()
SECONDS = 60

Failure = tuple[str, str]  # what was tried, what was said


def run(command: list[str], what: str) -> tuple[str, Failure | None]:
    """The output, and what went wrong."""
    environment = {k: v for k, v in os.environ.items() if k != "EDGEGAP_TOKEN" and not k.startswith("ALIBABA_")}
    environment["ASAN_OPTIONS"] = "detect_leaks=1:detect_stack_use_after_return=1"
    try:
        ended = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return "", (what, f"not ended after {SECONDS} s")
    return ended.stdout, None if ended.returncode == 0 else (what, ended.stdout[-2000:] + ended.stderr)


# What the programs include stands in the copy, which they are compiled with as one text.
INCLUDED = ("buf.h", "codec.h", "memory.h", "edgebind/edgebind.h", "edgebind/testing.h")


class Vendored:
    """A case whose programs are compiled together with a copy."""

    def __init__(self, name: str, build: Path) -> None:
        self.name, self.build, self.folder = name, build / name, GOLDEN / name
        documents = yaml.safe_load((self.folder / "catalog.yaml").read_text())["documents"]
        self.prefix, self.header = documents[0]["prefix"], documents[0]["header"]

    def checks(self) -> Iterator[Failure | None]:
        for name in (*INCLUDED, f"edgebind/{self.header}.h"):
            (self.build / name).parent.mkdir(parents=True, exist_ok=True)
            (self.build / name).touch()
        catalog = ["--catalog", str(self.folder / "catalog.yaml"), "--api", self.prefix]
        extra = ["--with-testing", "--with-invoke", "--out", str(self.build / "copy"), "--name", "copy"]
        command = [sys.executable, "-m", "edgebind", "vendor", *catalog, *extra]
        _, failure = run(command, f"{self.name}: vendor")
        yield failure
        if failure is not None:
            return
        copy = self.build / "copy" / "copy.c"
        yield run(["clang", *WARNINGS, "-fsyntax-only", str(copy)], f"{self.name}: clang copy.c")[1]
        calls = self.folder / "calls.json"
        defines = [f"-DAPI={self.prefix}_api", f'-DAPI_HEADER="edgebind/{self.header}.h"', f"-I{self.build}"]
        if "eb_pager_free" not in copy.with_suffix(".h").read_text():
            defines.append("-DWITHOUT_PAGES")
        for source in [GOLDEN / "calls.c", *sorted(self.folder.glob("*.c"))]:
            made, what = str(self.build / source.stem), f"{self.name}: {source.name} with a copy"
            command = ["gcc", *WARNINGS, *defines, "-include", str(copy), str(source), *LIBRARIES, "-o", made]
            _, failure = run(command, what)
            given = [str(calls)] if source.name == "calls.c" and calls.is_file() else []
            output, failure = ("", failure) if failure else run([made, *given], what)
            yield failure or (compared(calls, output, what) if given else None)


def compared(calls: Path, output: str, what: str) -> Failure | None:
    expected = calls.with_suffix(".txt")
    before = expected.read_text() if expected.is_file() else ""
    difference = difflib.unified_diff(before.splitlines(), output.splitlines(), "expected", "played", lineterm="")
    return None if before == output else (what, "\n".join(difference))


class Case:
    def __init__(self, name: str, library: Path, update: bool, build: Path) -> None:
        self.name, self.library, self.update, self.build = name, library, update, build / name
        self.folder = GOLDEN / name
        self.sources = sorted((self.folder / "expected" / "src").glob("*.c"))
        self.includes = ["-Iruntime/include", f"-I{self.folder / 'expected' / 'include'}"]
        documents = yaml.safe_load((self.folder / "catalog.yaml").read_text())["documents"]
        self.apis = [(d["prefix"], d["header"]) for d in documents]

    def checks(self) -> Iterator[Failure | None]:
        """What went wrong, or None, for each thing that is tried."""
        self.build.mkdir()
        for source in self.sources:
            for compiler in ("gcc", "clang"):
                command = [compiler, *WARNINGS, *self.includes, "-fsyntax-only", str(source)]
                yield run(command, f"{self.name}: {compiler} {source.name}")[1]
        objects = []
        for source in self.sources:
            objects.append(str(self.build / f"{source.stem}.o"))
            command = ["gcc", *WARNINGS, *SANITIZERS, *self.includes, "-c", str(source), "-o", objects[-1]]
            if (failure := run(command, f"{self.name}: {source.name}")[1]) is not None:
                yield failure
                return
        for number, (prefix, header) in enumerate(self.apis):
            defines = ["-iquote", "runtime/src", f"-DAPI={prefix}_api", f'-DAPI_HEADER="edgebind/{header}.h"']
            calls = self.folder / "calls.json"
            yield self.play(objects, defines, calls if number == 0 and calls.is_file() else None)
        for source in sorted(self.folder.glob("*.c")):
            yield self.program(source, objects, [], [])[1]

    def program(
        self, source: Path, objects: list[str], defines: list[str], arguments: list[str]
    ) -> tuple[str, Failure | None]:
        made = str(self.build / source.stem)
        what = f"{self.name}: {source.name}"
        command = ["gcc", *WARNINGS, *SANITIZERS, *defines, *self.includes, str(source), *objects]
        _, failure = run([*command, str(self.library), *LIBRARIES, "-o", made], what)
        return ("", failure) if failure else run([made, *arguments], what)

    def play(self, objects: list[str], defines: list[str], calls: Path | None) -> Failure | None:
        output, failure = self.program(GOLDEN / "calls.c", objects, defines, [str(calls)] if calls else [])
        if failure is not None or calls is None:
            return failure
        if self.update:
            calls.with_suffix(".txt").write_text(output)
        return compared(calls, output, f"{self.name}: calls.json")


def main() -> int:
    parser = argparse.ArgumentParser(description="Compiles and runs tests/golden/.")
    parser.add_argument("library", type=Path, nargs="?")
    parser.add_argument("cases", nargs="*", metavar="CASE")
    parser.add_argument("--update", action="store_true", help="write calls.txt instead of comparing")
    parser.add_argument("--vendored", action="store_true", help="with copies instead of the library")
    arguments = parser.parse_args()
    if arguments.vendored and arguments.library:
        arguments.cases.insert(0, str(arguments.library))
    elif not arguments.vendored and not arguments.library:
        parser.error("LIBRARY is missing")
    names = arguments.cases or sorted(p.parent.name for p in GOLDEN.glob("*/catalog.yaml"))
    passed = failed = 0
    with tempfile.TemporaryDirectory() as build, ThreadPoolExecutor(2) as pool:
        cases = [
            Vendored(name, Path(build))
            if arguments.vendored
            else Case(name, arguments.library.resolve(), arguments.update, Path(build))
            for name in names
        ]
        for results in pool.map(lambda case: list(case.checks()), cases):
            for failure in results:
                passed, failed = passed + (failure is None), failed + (failure is not None)
                if failure is not None:
                    print(f"failed: {failure[0]}\n{failure[1]}", file=sys.stderr)
    print(f"{passed} passed, {failed} failed")
    return failed != 0 or passed == 0


if __name__ == "__main__":
    sys.exit(main())
