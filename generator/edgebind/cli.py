"""The commands. Exit status: 0 fine, 1 problems in documents or differences found, 2 used wrongly."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from . import __version__, catalog, names
from .check import check_extensions, check_openapi
from .problem import Problems
from .write import MANIFEST, differences, generated_before, manifest, write

OK, PROBLEMS, USAGE = 0, 1, 2


def main(argv: Sequence[str] | None = None) -> int:
    args = _parser().parse_args(argv)
    status: int = args.run(args)
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="edgebind", description="C rows, structs and stubs from OpenAPI 3.0 and 3.1 documents."
    )
    parser.add_argument("--version", action="version", version=f"edgebind {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    generate = commands.add_parser(
        "generate", help="write the C code of a catalog's documents, and names.lock beside it"
    )
    generate.add_argument("--catalog", default="spec/catalog.yaml", help="which documents (default: %(default)s)")
    generate.add_argument("--out", default="generated", help="directory to write to (default: %(default)s)")
    generate.add_argument(
        "--check", action="store_true", help="write nothing; say what would change, exit 1 if anything would"
    )
    generate.set_defaults(run=_generate)
    check = commands.add_parser("check", help="report every problem of documents")
    check.add_argument("--catalog", default="spec/catalog.yaml", help="which documents (default: %(default)s)")
    check.add_argument("files", nargs="*", metavar="FILE", help="documents; those of the catalog when none is named")
    check.set_defaults(run=_check)
    return parser


def _usage(text: str) -> int:
    print(f"edgebind: {text}", file=sys.stderr)
    return USAGE


def _report(problems: Problems) -> int:
    for problem in problems:
        print(problem, file=sys.stderr)
    return PROBLEMS if len(problems) else OK


def _generate(args: argparse.Namespace) -> int:
    if not Path(args.catalog).is_file():
        return _usage(f"{args.catalog}: no such catalog")
    out = Path(args.out)
    if out.exists() and not out.is_dir():
        return _usage(f"{out}: not a directory")
    problems = Problems()
    listed = catalog.read(args.catalog, problems)
    if listed is None or len(problems):
        return _report(problems)
    texts, lock = listed.generate()
    if len(problems):
        return _report(problems)
    texts[MANIFEST] = manifest(texts, listed.hashes())
    lock_text = names.write_lock(lock)
    if args.check:
        found = differences(out, texts) + differences(listed.lock_path.parent, {listed.lock_path.name: lock_text})
        for line in found:
            print(line, file=sys.stderr)
        return PROBLEMS if found else OK
    stale = {out / path for path in generated_before(out) - set(texts)}
    files = {out / path: text for path, text in texts.items() if path != MANIFEST}
    try:
        write({**files, listed.lock_path: lock_text, out / MANIFEST: texts[MANIFEST]}, stale)
    except OSError as error:
        return _usage(f"{error.filename}: {error.strerror}")
    return OK


def _check(args: argparse.Namespace) -> int:
    problems = Problems()
    listed = None
    if Path(args.catalog).is_file():
        listed = catalog.read(args.catalog, problems)
        if listed is None:
            return _report(problems)
    elif not args.files:
        return _usage(f"{args.catalog}: no such catalog")
    for name in args.files:
        if not Path(name).is_file():
            return _usage(f"{name}: no such file")
    if listed is not None and not args.files:
        for entry in listed.entries:
            _check_document(listed, entry.document)
    for name in args.files:
        known = listed is not None and any(Path(name).resolve() == listed.document_path(e) for e in listed.entries)
        _check_document(listed if known and listed else catalog.alone(name, problems), Path(name).name)
    return _report(problems)


def _check_document(listed: catalog.Catalog, name: str) -> None:
    listed.build(name)
    document = listed.documents.get(name)
    if document is not None:
        check_openapi(document)
        check_extensions(document)
