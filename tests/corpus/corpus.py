"""What edgebind makes of documents that people really use: `make corpus`.

    corpus.py LIBRARY [--keep DIR] [NAME ...]

For each document of documents.yaml: fetched through npm, generated with --keep-going, compiled by gcc and clang with
every warning an error, and each of its types taken through JSON and back with random values. Prints a table, and what
was refused and why, grouped. A document that cannot be fetched is said so, and the others go on; the exit status is 1
when one that was fetched did not generate, compile or survive, and 3 when nothing could be fetched."""

from __future__ import annotations

import argparse
import collections
import hashlib
import os
import re
import resource
import subprocess
import sys
import tarfile
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
WARNINGS = (
    "-std=c11 -D_POSIX_C_SOURCE=200809L -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wstrict-prototypes "
    "-Wcast-qual -Wwrite-strings -Werror"
).split()
LIBRARIES = "-lcurl -lcrypto -lcjson -pthread -lm".split()
SECONDS = 900


@dataclass
class Ran:
    """A command that has ended."""

    status: int
    out: str
    err: str
    seconds: float  # of one processor
    megabytes: int  # at most, at a time


def run(command: list[str], cwd: Path = ROOT) -> Ran:
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = subprocess.Popen(command, cwd=cwd, stdout=out, stderr=err)
        deadline = time.monotonic() + SECONDS
        status = 0
        usage: resource.struct_rusage | None = None
        while usage is None:
            pid, status, used = os.wait4(process.pid, os.WNOHANG)
            if pid:
                usage = used
            elif time.monotonic() > deadline:
                process.kill()
                deadline += SECONDS
            else:
                time.sleep(0.02)
        process.returncode = os.waitstatus_to_exitcode(status)
        texts = []
        for file in (out, err):
            file.seek(0)
            texts.append(file.read().decode(errors="replace"))
        return Ran(process.returncode, texts[0], texts[1], usage.ru_utime + usage.ru_stime, usage.ru_maxrss // 1024)


@dataclass
class Row:
    name: str
    openapi: str
    megabytes: float
    operations: int = 0
    generated: int = 0
    models: int = 0
    seconds: float = 0
    memory: int = 0
    compiling: float = 0
    size: int = 0
    trouble: str = ""  # what went wrong, where nothing may
    why: collections.Counter[str] = field(default_factory=collections.Counter)

    def cells(self) -> list[str]:
        share = f"{100 * self.generated / self.operations:.1f}" if self.operations else "0"
        return [
            self.name, self.openapi, f"{self.megabytes:.2f}", str(self.operations), share, str(self.models),
            f"{self.seconds:.1f}", str(self.memory), f"{self.compiling:.1f}", str(self.size // 1024),
            self.trouble.splitlines()[0][:60] if self.trouble else "none",
        ]  # fmt: skip


HEAD = "document|OpenAPI|MB|operations|% made|models|s|peak MB|gcc -Os s|code KB|trouble".split("|")


def fetch(package: str, folder: Path) -> Path | None:
    """The package as npm packs it; None when it is not to be had."""
    kept = folder / (re.sub(r"\W+", "-", package).strip("-") + ".tgz")
    if not kept.is_file():
        with tempfile.TemporaryDirectory(dir=folder) as fresh:
            try:
                ended = run(["npm", "pack", "--silent", "--pack-destination", fresh, package])
            except FileNotFoundError:
                print("corpus: npm is not here; install it, or put the packages into", folder, file=sys.stderr)
                return None
            packed = next(Path(fresh).glob("*.tgz"), None)
            if ended.status != 0 or packed is None:
                print(f"corpus: {package} cannot be fetched: {ended.err.strip()[:200]}", file=sys.stderr)
                return None
            packed.replace(kept)
    return kept


def unpack(package: Path, row: dict[str, Any], folder: Path) -> Path | None:
    document = folder / f"{row['name']}{Path(row['file']).suffix}"
    if not document.is_file():
        with tarfile.open(package) as archive:
            member = archive.extractfile(f"package/{row['file']}")
            data = member.read() if member else b""
        document.write_bytes(data)
    found = hashlib.sha256(document.read_bytes()).hexdigest()
    if found != row["sha256"]:
        print(f"corpus: {row['name']}: another document than documents.yaml says: {found}", file=sys.stderr)
        return None
    return document


def general(text: str) -> str:
    """A problem without what is the document's own."""
    text = re.sub(r"\S*#/\S+", "REF", text)
    text = re.sub(r"[\w.*+-]+/[\w.*+-]+(?:; ?[\w=-]+)?", "TYPE", text)
    text = re.sub(r"(?<=encoding\.)[\w-]+", "NAME", text)
    text = re.sub(r"^\S+(?= is (?:the name|not there|a value|no status))", "NAME", text)
    text = re.sub(r"\{\S+\}|(?<=no member )\S+", "NAME", text)
    return re.sub(r"[0-9]+", "N", text)[:110]


def refused(err: str) -> collections.Counter[str]:
    """Operations left out, by the problem that is why; problems by themselves when there is nothing at all."""
    line = re.compile(r"(\S+?:\d+:\d+): (\S*#\S*): (.*)")
    said = [match.groups() for match in map(line.match, err.splitlines()) if match]
    problems = {place: text for place, _, text in said if " is left out because of " not in text}
    gone = [re.search(r"is left out because of (\S+?:\d+:\d+)", text) for _, _, text in said]
    reasons = [problems.get(match[1], "?") for match in gone if match]
    return collections.Counter(general(text) for text in (reasons or problems.values()) if not text.startswith("note:"))


COUNT = """\
import json, sys
methods = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}
paths = json.load(open(sys.argv[1]))["paths"]
print(sum(len(methods & set(item)) for path, item in paths.items() if not path.startswith("x-")))
"""


def try_document(row: dict[str, Any], document: Path, library: Path, folder: Path) -> Row:
    name = row["name"]
    out = folder / name
    made = Row(name, row["openapi"], document.stat().st_size / 1e6)
    made.operations = int(run([sys.executable, "-c", COUNT, str(document)]).out)  # elsewhere: memory is measured here
    command = [sys.executable, "-m", "edgebind", "generate", str(document), "--prefix", name, "--out", str(out)]
    ended = run([*command, "--lock", str(folder / f"{name}.lock"), "--keep-going"])
    made.seconds, made.memory, made.why = ended.seconds, ended.megabytes, refused(ended.err)
    if ended.status != 0:
        made.trouble = "nothing generated" if ended.status == 1 else ended.err.strip()[-300:]
        return made
    includes = ["-Iruntime/include", f"-I{out}/include"]
    sources = sorted((out / "src").glob(f"{name}*.c"))
    text = "".join(source.read_text() for source in sources)
    made.generated = len(set(re.findall(r"^static const eb_operation (\w+)", text, re.M)))
    made.models = len(re.findall(r"^(?:static )?const eb_type +\w+ *=\s*EB_TYPE", text, re.M))
    for compiler in ("gcc", "clang"):
        objects = []
        for source in sources:
            objects.append(str(folder / f"{name}-{source.stem}-{compiler}.o"))
            built = run([compiler, *WARNINGS, "-Os", *includes, "-c", str(source), "-o", objects[-1]])
            made.compiling += built.seconds if compiler == "gcc" else 0
            if built.status != 0:
                made.trouble = f"{compiler}: {built.err.strip()}"
                return made
        if compiler == "gcc":
            made.size = sum(int(line.split()[3]) for line in run(["size", *objects]).out.splitlines()[1:])
    program = str(folder / f"{name}-round-trip")
    defines = ["-iquote", "runtime/src", f"-DAPI={name}_api", f'-DAPI_HEADER="edgebind/{name}.h"']
    command = ["gcc", "-std=c11", "-D_POSIX_C_SOURCE=200809L", "-O1", *defines, *includes, "tests/golden/calls.c"]
    built = run([*command, *objects, str(library), *LIBRARIES, "-o", program])
    ended = run([program]) if built.status == 0 else built
    if ended.status != 0:
        made.trouble = f"round trip: {(ended.err or ended.out).strip() or ended.status}"
    return made


def table(rows: list[Row]) -> str:
    cells = [HEAD, *(row.cells() for row in rows)]
    widths = [max(len(line[i]) for line in cells) for i in range(len(HEAD))]
    lines = [" | ".join(cell.ljust(w) if i in (0, len(HEAD) - 1) else cell.rjust(w)
                        for i, (cell, w) in enumerate(zip(line, widths, strict=True))) for line in cells]  # fmt: skip
    lines.insert(1, "-|-".join("-" * w for w in widths))
    total, good = sum(r.operations for r in rows), sum(r.generated for r in rows)
    lines.append(f"\n{good} of {total} operations ({100 * good / total:.1f} %) in {len(rows)} documents")
    return "\n".join(line.rstrip() for line in lines)


def reasons(rows: list[Row]) -> str:
    over_all: collections.Counter[str] = collections.Counter()
    where: dict[str, list[str]] = {}
    for row in rows:
        over_all.update(row.why)
        for text, count in row.why.items():
            where.setdefault(text, []).append(f"{row.name} {count}")
    lines = ["Left out, by the problem that is why (operations; of documents with nothing made, problems):"]
    lines += [f"{count:6d}  {text}  [{', '.join(where[text][:6])}]" for text, count in over_all.most_common(60)]
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description="What edgebind makes of public documents.")
    parser.add_argument("library", type=Path)
    parser.add_argument("names", nargs="*", metavar="NAME", help="of documents; all when none is named")
    parser.add_argument("--keep", type=Path, default=ROOT / "build" / "corpus", help="where packages and results go")
    arguments = parser.parse_args()
    listed = yaml.safe_load((HERE / "documents.yaml").read_text())
    folder: Path = arguments.keep.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    packages = {name: fetch(package, folder) for name, package in listed["packages"].items()}
    rows: list[Row] = []
    missing = 0
    for row in listed["documents"]:
        package = packages[row["package"]]
        if arguments.names and row["name"] not in arguments.names:
            continue
        document = unpack(package, row, folder) if package else None
        if document is None:
            missing += 1
            continue
        rows.append(try_document(row, document, arguments.library.resolve(), folder))
        print(" | ".join(rows[-1].cells()), file=sys.stderr, flush=True)
        if rows[-1].trouble and rows[-1].trouble != "nothing generated":
            print(rows[-1].trouble[:1500], file=sys.stderr)
    if not rows:
        print("corpus: nothing could be fetched", file=sys.stderr)
        return 3
    print(table(rows))
    print()
    print(reasons(rows))
    if missing:
        print(f"\n{missing} documents could not be fetched")
    return int(any(row.trouble for row in rows))


if __name__ == "__main__":
    sys.exit(main())
