"""The documents that a command line names, and what is said of those that are made in part."""

from __future__ import annotations

import argparse
import difflib
import re
import sys
from pathlib import Path

from . import catalog
from .cli_parser import CATALOG, report, usage
from .problem import Problems


def listed_by(args: argparse.Namespace, problems: Problems) -> catalog.Catalog | int:
    """The documents that a command is about, or the status to end with."""
    if args.document is None:
        for option in ("prefix", "header", "lock", "overlay"):
            if getattr(args, option, None) is not None:
                return usage(f"--{option} is for a DOCUMENT; the catalog says it for its own")
        path = args.catalog or CATALOG
        if not Path(path).is_file():
            hint = "" if args.catalog else "; name a DOCUMENT with --prefix, or a --catalog"
            return usage(f"{path}: no such catalog{hint}")
        listed = catalog.read(path, problems)
        return report(problems) if listed is None or len(problems) else listed
    if args.catalog is not None:
        return usage("a DOCUMENT or a --catalog, not both")
    if args.prefix is None:
        return usage("--prefix is missing: what the C names begin with, --prefix acme_ for instance")
    return document_by(args, args.prefix, getattr(args, "header", None), problems)


def document_by(
    args: argparse.Namespace, prefix: str, header: str | None, problems: Problems
) -> catalog.Catalog | int:
    """The same for a DOCUMENT; without a header's name it is the prefix."""
    short = prefix.rstrip("_")
    header = header or short
    for name in (args.document, *(args.overlay or [])):
        wrong = no_document(name)
        if wrong:
            return usage(wrong)
    for option, text, wrong in (
        ("prefix", prefix, catalog.bad_prefix(short)),
        ("header", header, catalog.bad_header(header)),
    ):
        if wrong:
            return usage(f"--{option} {text}: {wrong}")
    lock = Path(args.lock) if args.lock else Path(args.document).parent / catalog.LOCK
    return catalog.single(args.document, short, header, lock, problems, args.overlay or ()) or report(problems)


def no_document(name: str) -> str | None:
    """Why a document cannot be read at all, None when it looks as if it could."""
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", name):
        return f"{name}: a URL is not fetched, so that the same files give the same code; save it and name the file"
    if Path(name).is_dir():
        return f"{name}: a directory; name a document"
    if Path(name).is_file():
        return None
    folder = Path(name).parent
    beside = sorted(p.name for p in folder.iterdir() if p.is_file()) if folder.is_dir() else []
    near = difflib.get_close_matches(Path(name).name, beside, 1)
    return f"{name}: no such file" + (f"; did you mean {folder / near[0]}?" if near else "")


def report_left_out(listed: catalog.Catalog) -> None:
    """Says what --keep-going did without."""
    for name, left_out in listed.left_out.items():
        document = listed.documents[name]
        report(listed.refused[name])
        for gone in left_out:
            file, line, column = document.where(gone.pointer)
            print(f"{file}:{line}:{column}: {gone.pointer}: {gone}", file=sys.stderr)
        built = listed.build(name)
        if left_out and built:
            count = f"{len(left_out)} of {len(left_out) + len(built.api.operations)} operations"
            print(f"edgebind: {document.file}: {count} are left out", file=sys.stderr)


def words(text: str | None) -> tuple[str, ...]:
    """"a, b" as ("a", "b")."""
    return tuple(word.strip() for word in (text or "").split(",") if word.strip())
