"""The commands. Exit status: 0 fine, 1 problems in documents or differences found, 2 used wrongly."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from . import catalog, diff_report, explain, names, vendor
from .asked import listed_by, no_document, report_left_out, words
from .check import check_extensions, check_openapi
from .cli_parser import CHANGES, OK, PROBLEMS, parser, report, usage
from .diff_rules import Level
from .diff_sides import catalog_of, changes_between, prefix_of, read_side
from .emit_callers import callers
from .load import Document
from .problem import Problems
from .selection import Selection
from .terminal import Progress
from .verify import hand_edits, verify
from .write import MANIFEST, differences, documents_before, generated_before, manifest, write


def main(argv: Sequence[str] | None = None) -> int:
    commands = {"generate": _generate, "check": _check, "explain": _explain, "verify": _verify, "diff": _diff}
    commands["vendor"] = vendor.run
    commands["callers"] = _callers
    args = parser().parse_args(argv)
    return commands[args.command](args)


def _generate(args: argparse.Namespace) -> int:
    problems = Problems()
    listed = listed_by(args, problems)
    if isinstance(listed, int):
        return listed
    out = Path(args.out)
    if out.exists() and not out.is_dir():
        return usage(f"{out}: not a directory")
    if args.document:
        others = sorted(documents_before(out) - {Path(args.document).name})
        if others:
            return usage(f"{out}: holds the code of {', '.join(others)}; give another --out, or list all in a catalog")
    if args.operations is not None or args.tags is not None:
        chosen = Selection(words(args.operations), words(args.tags))
        unknown = listed.select(chosen)
        if len(problems):
            return report(problems)
        if unknown or chosen == Selection():
            return usage("; ".join(unknown) or "--operations and --tags name at least one")
    listed.keep_going = args.keep_going
    listed.help_tables = listed.help_tables or args.help_tables
    with Progress() as progress:
        listed.say = progress.say
        texts, lock = listed.generate()
    if len(problems):
        return report(problems)
    report_left_out(listed)
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
        with Progress() as progress:
            progress.say(f"writing {len(files)} files")
            changed = write({**files, listed.lock_path: lock_text, out / MANIFEST: texts[MANIFEST]}, stale)
    except OSError as error:
        return usage(f"{error.filename}: {error.strerror}")
    print(_summary(listed, out, changed))
    return OK


def _summary(listed: catalog.Catalog, out: Path, changed: int) -> str:
    """What was done, in a line."""
    made = [built.api for name in listed.documents if (built := listed.build(name)) is not None]
    operations, types = sum(len(api.operations) for api in made), sum(len(api.structs) for api in made)
    notes = sum(len(document.notes) for document in listed.documents.values())
    return (
        f"edgebind: {out}: {_count(operations, 'operation')}, {_count(types, 'struct')}, "
        + (f"{_count(changed, 'file')} written" if changed else "nothing has changed")
        + (f"; edgebind check has {_count(notes, 'note')}" if notes else "")
    )


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _check(args: argparse.Namespace) -> int:
    problems = Problems()
    listed = None
    if Path(args.catalog).is_file():
        listed = catalog.read(args.catalog, problems)
        if listed is None:
            return report(problems)
    elif not args.files:
        return usage(f"{args.catalog}: no such catalog")
    for name in args.files:
        wrong = no_document(name)
        if wrong:
            return usage(wrong)
    if listed is not None and not args.files:
        for entry in listed.entries:
            _check_document(listed, entry.document)
    for name in args.files:
        known = listed is not None and any(Path(name).resolve() == listed.document_path(e) for e in listed.entries)
        _check_document(listed if known and listed else catalog.alone(name, problems), Path(name).name)
    return report(problems)


def _check_document(listed: catalog.Catalog, name: str) -> None:
    listed.build(name)
    document = listed.documents.get(name)
    if document is not None:
        report(document.notes)
        check_openapi(document)
        check_extensions(document)


def _explain(args: argparse.Namespace) -> int:
    problems = Problems()
    listed = listed_by(args, problems)
    if isinstance(listed, int):
        return listed
    listed.keep_going = args.keep_going
    known: list[tuple[explain.Origin, Document]] = []
    for entry in listed.entries:
        built = listed.build(entry.document)
        if built is not None:
            document = listed.documents[entry.document]
            known += [(origin, document) for origin in explain.origins(built.api, document)]
    if len(problems):
        return report(problems)
    found = explain.matches(args.name, known)
    for origin, document in found:
        file, line, column = document.where(origin.pointer)
        pointer = "#" + origin.pointer.partition("#")[2]
        print(f"{file}:{line}:{column}: {pointer}: {origin.name}: {origin.text}")
    if found:
        return OK
    near = explain.similar(args.name, known)
    hint = f"; did you mean {' or '.join(near)}?" if near else ""
    print(f"edgebind: {args.name}: no such C name{hint}", file=sys.stderr)
    return PROBLEMS


def _verify(args: argparse.Namespace) -> int:
    try:
        found = verify(Path(args.out))
    except ValueError as error:
        return usage(str(error))
    for line in [*found, *hand_edits(Path(args.out), {})]:
        print(line, file=sys.stderr)
    return PROBLEMS if found else OK


def _callers(args: argparse.Namespace) -> int:
    problems = Problems()
    listed = listed_by(args, problems)
    if isinstance(listed, int):
        return listed
    listed.keep_going = args.keep_going
    built = [listed.build(entry.document) for entry in listed.entries]
    if len(problems):
        return report(problems)
    print(callers(one.api for one in built if one is not None), end="")
    return OK


def _diff(args: argparse.Namespace) -> int:
    problems = Problems()
    for name in (args.old, args.new):
        if catalog_of(name) is None:
            wrong = f"{name}: no catalog.yaml, nor spec/catalog.yaml" if Path(name).is_dir() else no_document(name)
            if wrong:
                return usage(wrong)
    overlays = args.overlay or []
    over = (overlays if args.old_overlay is None else args.old_overlay, overlays)
    for name, files in zip((args.old, args.new), over, strict=True):
        if files and catalog_of(name) is not None:
            return usage(f"--overlay is for documents; the catalog of {name} says it for its own")
        for file in files:
            wrong = no_document(file)
            if wrong:
                return usage(wrong)
    prefix = (args.prefix or prefix_of(args.old)).rstrip("_")
    wrong = catalog.bad_prefix(prefix)
    if wrong:
        return usage(f"--prefix {prefix}: {wrong}")
    if args.current is not None:
        try:
            diff_report.following(args.current, ())
        except ValueError as error:
            return usage(f"--current {error}")
    old, new = (read_side(name, prefix, problems, o) for name, o in zip((args.old, args.new), over, strict=True))
    if old is None or new is None or len(problems):
        return report(problems)
    old.keep_going = new.keep_going = args.keep_going
    lines = changes_between(old, new)
    if len(problems):
        return report(problems)
    form = {"text": diff_report.as_text, "changelog": diff_report.as_changelog, "json": diff_report.as_json}
    print(form[args.format](lines, args.current), end="")
    limit = -1 if args.fail_on == "never" else Level[args.fail_on.upper()].rank
    return CHANGES if any(line.change.level.rank <= limit for line in lines) else OK
