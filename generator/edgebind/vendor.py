"""`edgebind vendor`: an API, or some of its operations, as two files of a program's own, under its own prefix."""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib import metadata
from pathlib import Path
from typing import Any

from . import amalgamate, bundle, names, parts, spdx
from .amalgamate import Generated
from .asked import document_by, report_left_out, words
from .build_context import Entry
from .bundle import Bundle
from .catalog import Catalog, bad_prefix, read
from .cli_parser import CATALOG, HOME, OK, PROBLEMS, report, usage
from .edits import line_hashes
from .emit_common import generator
from .emit_header import header
from .emit_source import source
from .ir import Api, Kind
from .problem import Problems
from .selection import Selection
from .verify import EDITED, hand_edits, verify
from .write import MANIFEST, generated_before, manifest, write

NOTE = "README"
CJSON = ("system-cjson", "bundle-cjson")
REACHABLE = "reachable"  # in MANIFEST.json: of the runtime there is what can be reached

_VERSION = re.compile(r'^#define EB_VERSION "(.*)"', re.MULTILINE)


class Wrong(Exception):
    """What is wrong with what was asked for."""


class Refused(Exception):
    """Why nothing was written, a line per reason."""


@dataclass(frozen=True)
class Choice:
    """What was asked for; it stands in MANIFEST.json, and --update asks for it again."""

    api: str                        # "edgegap"; of a document that is in no catalog, the prefix: "acme"
    selection: Selection            # all operations when it is empty
    prefix: str                     # "acme_"; "": names stay as they are
    name: str                       # "acme": acme.c and acme.h
    extra: tuple[str, ...] = ()     # ("system-cjson", "testing", "keep-going")
    document: str = ""              # "petstore.yaml" when it is in no catalog
    overlays: tuple[str, ...] = ()  # ("ours.yaml",)


def run(args: argparse.Namespace) -> int:
    """The command: what is said on the command line, or with --update what was said before."""
    out, problems = Path(args.out), Problems()
    try:
        choice = _chosen_again(args, out) if args.update else _chosen(args)
        if out.exists() and not out.is_dir():
            return usage(f"{out}: not a directory")
        if (out / MANIFEST).exists():
            chosen_before(out)  # it is ours, or we keep away
        listed = _listed(args, choice, problems)
        if isinstance(listed, int):
            return listed
        listed.keep_going = "keep-going" in choice.extra
        cjson = bundle.read(Path(args.bundle_cjson)) if args.bundle_cjson else None
        if isinstance(cjson, str):
            return usage(f"--bundle-cjson: {cjson}")
        made = files(listed, Path(args.runtime), choice, cjson)
        if made is None or len(problems):
            return report(problems)
        report_left_out(made.listed)
        put(out, made.texts, describe(made.texts, listed, choice), _lock(made.listed) if choice.document else {})
    except Wrong as error:
        return usage(str(error))
    except Refused as error:
        print(error, file=sys.stderr)
        return PROBLEMS
    except OSError as error:
        return usage(f"{error.filename}: {error.strerror}")
    return OK


def _listed(args: argparse.Namespace, choice: Choice, problems: Problems) -> Catalog | int:
    """The documents, or the status to end with."""
    if choice.document:
        return document_by(args, choice.prefix, None, problems)
    path = args.catalog or str(HOME / CATALOG)
    if not Path(path).is_file():
        return usage(f"{path}: no such catalog")
    listed = read(path, problems)
    return report(problems) if listed is None or len(problems) else listed


def _lock(listed: Catalog) -> dict[Path, str]:
    """What names.lock beside a document says from now on."""
    return {listed.lock_path: names.write_lock(listed.locked())}


def _chosen_again(args: argparse.Namespace, out: Path) -> Choice:
    """What was asked for before. A document that is in no catalog, and cJSON's directory, are named again."""
    given = ("api", "operations", "tags", "prefix", "name", "system_cjson", "with_testing", "with_invoke", "keep_going")
    for option in given:
        if getattr(args, option):
            raise Wrong(f"--{option.replace('_', '-')}: --update asks for what was asked for before")
    choice = chosen_before(out)
    bundled = "bundle-cjson" in choice.extra
    if bundled != bool(args.bundle_cjson):
        why = "cJSON is part of this copy; name its directory again" if bundled else "cJSON is no part of it"
        raise Wrong(f"--bundle-cjson: {why}")
    if choice.document and not args.document:
        again = "name it again: edgebind vendor --update DOCUMENT --out DIR"
        raise Wrong(f"this copy was made of {choice.document}; {again}")
    if args.document and not choice.document:
        raise Wrong(f"{args.document}: this copy was made of {choice.api} in a catalog")
    if len(args.overlay or ()) != len(choice.overlays):
        raise Wrong(f"--overlay: this copy was made with {', '.join(choice.overlays) or 'none'}; name the same again")
    return choice


def _chosen(args: argparse.Namespace) -> Choice:
    if args.document:
        for option in ("api", "catalog"):
            if getattr(args, option) is not None:
                raise Wrong(f"a DOCUMENT or --{option}, not both")
        if not args.prefix:
            raise Wrong("--prefix is missing: what the names of a DOCUMENT begin with, --prefix acme_ for instance")
    elif not args.api:
        raise Wrong("name a DOCUMENT, or with --api an API of the catalog: edgegap, for instance")
    for option in ("lock", "overlay"):
        if getattr(args, option) is not None and not args.document:
            raise Wrong(f"--{option} is for a DOCUMENT; the catalog says it for its own")
    prefix = args.prefix.rstrip("_") + "_" if args.prefix else ""
    wrong = bad_prefix(prefix.rstrip("_")) if prefix else None
    if wrong:
        raise Wrong(f"--prefix {args.prefix}: {wrong}")
    name = args.name or prefix.rstrip("_") or args.api
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", name):
        raise Wrong(f"--name {name}: letters, digits, _ and - are expected")
    for option in ("operations", "tags"):
        if getattr(args, option) is not None and not words(getattr(args, option)):
            raise Wrong(f"--{option}: names separated by commas; all when it is left out")
    if args.bundle_cjson and not prefix:
        raise Wrong("--bundle-cjson: without --prefix its names would be those of any other cJSON in the program")
    asked = {
        "system-cjson": args.system_cjson,
        "bundle-cjson": args.bundle_cjson,
        "testing": args.with_testing,
        "invoke": args.with_invoke,
        "keep-going": args.keep_going,
    }
    return Choice(
        args.api or prefix.rstrip("_"),
        Selection(words(args.operations), words(args.tags)),
        prefix,
        name,
        tuple(name for name, wanted in asked.items() if wanted),
        Path(args.document).name if args.document else "",
        tuple(Path(overlay).name for overlay in args.overlay or ()),
    )


@dataclass(frozen=True)
class Made:
    texts: dict[str, str]  # by file name
    listed: Catalog        # the documents under the names that were asked for


def files(listed: Catalog, runtime: Path, choice: Choice, cjson: Bundle | None = None) -> Made | None:
    """What the choice gives; None after problems of documents. cjson: what is bundled, when that was asked for."""
    entry = next((e for e in listed.entries if e.prefix == choice.api), None)
    if entry is None:
        raise Wrong(f"--api {choice.api}: expected one of {', '.join(e.prefix for e in listed.entries)}")
    renamed = _renamed(listed, entry, choice) if choice.prefix else listed
    if choice.selection != Selection():
        ids, unknown = listed.operations(entry.document, choice.selection)
        if unknown:
            raise Wrong("; ".join(unknown))
        renamed.select(Selection(ids))
    built = renamed.build(entry.document)
    if built is None or len(listed.problems):
        return None
    headers = sorted({o.link.header for o in built.api.operations if o.link} - {built.api.header})
    behind = [renamed.build(e.document) for e in renamed.entries if e.header in headers]
    apis = [*(made.api for made in behind if made), built.api]
    public = {f"edgebind/{p.name}": _read(p) for p in sorted((runtime / "include/edgebind").glob("*.h"))}
    private = {p.name: _read(p) for p in sorted((runtime / "src").glob("*.[ch]"))}
    if not public or not private:
        raise Wrong(f"{runtime}: not the runtime of edgebind")
    for api in apis:
        for name in [t.name for t in api.types] + [o.name for o in api.operations]:
            if choice.prefix and name.startswith(f"{choice.prefix}eb_"):
                raise Wrong(f"{name}: {choice.prefix}eb_ is where the runtime's names begin; take another prefix")
    functions = [o.name for api in apis for o in api.operations]
    chosen = parts.needed(public[parts.HEADER], apis, ["EB_PART_INVOKE"] if "invoke" in choice.extra else [])
    head = "\n".join(
        [
            f"{apis[-1].title.replace('*/', '* /')}: these operations, and the runtime they stand on.",
            " *",
            *(f" *     {name}" for name in functions),
            " *",
            *textwrap.wrap(
                f"Of the parts of the runtime: {', '.join(parts.words(chosen)) or 'none'}.",
                120,
                initial_indent=" * ",
                subsequent_indent=" * ",
            ),
            f" * Made by {generator()} from {entry.document}. Do not edit: edgebind vendor --update makes it again.",
            " * SPDX-License-Identifier: MIT */",
        ]
    )
    trees = any(e in choice.extra for e in CJSON)
    if trees and not any(free_form(api) for api in apis):
        print("edgebind: no operation here has a free-form value: cJSON is left out", file=sys.stderr)
        trees, cjson = False, None
    joined = amalgamate.join(
        public,
        private,
        [Generated(api.name, header(api), source(api)) for api in apis],
        chosen,
        [e for e, wanted in (("cjson", trees), ("testing", "testing" in choice.extra)) if wanted],
        choice.prefix,
        choice.name,
        head,
        cjson,
    )
    made = {
        f"{choice.name}.h": joined.header,
        f"{choice.name}.c": joined.source,
        "LICENSE": _license(runtime),
        NOTE: _note(choice, trees and cjson is None),
    }
    if cjson:
        made["LICENSE"] += f"\n---\n\n{choice.name}.c and .h contain cJSON {cjson.version}:\n\n{cjson.license}\n"
    needed = [spdx.Needed("libcurl", "curl"), spdx.Needed("libcrypto", "Apache-2.0")]
    if trees:
        inside = (cjson.version, cjson.copyright) if cjson else ()
        needed.append(spdx.Needed("cJSON", "MIT", *inside))
    document = f"{choice.name}.spdx.json"
    version = next(iter(_VERSION.findall("".join(private.values()))), "0")
    tool = generator().replace(" ", "-")
    made[document] = spdx.document(choice.name, version, made, [MANIFEST, document], needed, tool)
    return Made(made, renamed)


def free_form(api: Api) -> bool:
    """Can a free-form value be sent or received?"""
    if any(operation.body == "json" for operation in api.operations):
        return True
    return any(field.kind is Kind.JSON or (field.target or "").startswith("eb_json") for field in parts.fields(api))


def describe(texts: Mapping[str, str], listed: Catalog, choice: Choice) -> str:
    """MANIFEST.json: as for generated code, and what was asked for."""
    made: dict[str, Any] = json.loads(manifest(texts, {}))
    document = next(e.document for e in listed.entries if e.prefix == choice.api)
    made["documents"] = {document: hashlib.sha256((listed.path.parent / document).read_bytes()).hexdigest()}
    made["lines"] = {path: line_hashes(text) for path, text in sorted(texts.items()) if path.endswith((".c", ".h"))}
    made["vendor"] = {
        "api": choice.api,
        "operations": list(choice.selection.operations),
        "tags": list(choice.selection.tags),
        "prefix": choice.prefix,
        "name": choice.name,
        "with": list(choice.extra),
        "document": choice.document,
        "overlays": list(choice.overlays),
        "runtime": REACHABLE,
    }
    return json.dumps(made, indent=2, ensure_ascii=False) + "\n"


def chosen_before(out: Path) -> Choice:
    """What was asked for when a directory was written. Wrong when it does not say."""
    path = out / MANIFEST
    try:
        said = json.loads(path.read_text(encoding="utf-8"))["vendor"]
        names_of = (said["api"], said["prefix"], said["name"])
        operations, tags, extra = said["operations"], said.get("tags", []), said["with"]
        document, overlays = said.get("document", ""), said.get("overlays", [])
    except OSError as error:
        raise Wrong(f"{path}: {error.strerror}; name a directory that edgebind vendor wrote") from None
    except (ValueError, KeyError, TypeError):
        raise Wrong(f"{path}: not written by edgebind vendor") from None
    lists = (operations, tags, extra, overlays)
    texts = [*names_of, document, *(word for words_ in lists if isinstance(words_, list) for word in words_)]
    if not all(isinstance(words_, list) for words_ in lists) or not all(isinstance(t, str) for t in texts):
        raise Wrong(f"{path}: not written by edgebind vendor")
    if not all(re.fullmatch(r"[A-Za-z0-9_.-]*", t) for t in names_of):
        raise Wrong(f"{path}: not written by edgebind vendor")
    if said.get("runtime") != REACHABLE:  # of an earlier version: it had all of the runtime, operations by name too
        extra.append("invoke")
    api, prefix, name = names_of
    return Choice(api, Selection(tuple(operations), tuple(tags)), prefix, name, tuple(extra), document, tuple(overlays))


def put(out: Path, texts: Mapping[str, str], manifest_text: str, beside: Mapping[Path, str]) -> None:
    """Writes, unless that would overwrite what somebody edited, or what is not ours. What is missing is written.
    beside: what is written elsewhere along with it."""
    before = generated_before(out)
    edited = [line for line in verify(out) if line.endswith(f": {EDITED}")] if before else []
    shown = hand_edits(out, texts) if edited else []
    edited += [
        f"{out / path}: was there before"
        for path, text in sorted(texts.items())
        if path not in before and (out / path).exists() and (out / path).read_bytes() != text.encode()
    ]
    if edited:
        advice = "nothing was written; move what you need elsewhere and remove these files"
        raise Refused("\n".join([*edited, *shown, advice]))
    stale = {out / path for path in before - set(texts)}
    write({**{out / path: text for path, text in texts.items()}, **beside, out / MANIFEST: manifest_text}, stale)


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _license(runtime: Path) -> str:
    """The text that stands beside the runtime, or among the papers of this package when that is installed."""
    beside = runtime.parent / "LICENSE"
    if beside.exists():
        return _read(beside)
    for file in metadata.files("edgebind") or ():
        if file.name == "LICENSE":
            return file.read_text()
    raise Wrong(f"{beside}: no such file")


def _note(choice: Choice, cjson: bool) -> str:
    name, document = choice.name, f"{choice.document} " * bool(choice.document)
    libraries = "-lcjson " * cjson + "-lcurl -lcrypto -lm -pthread"
    return (
        f"{name}.c is C11, {name}.h C99 and C++; compile with: cc -c {name}.c\n"
        f"Link with: cc main.o {name}.o {libraries}\n"
        f"A newer version of the same choice: edgebind vendor --update {document}--out DIR\n"
    )


def _renamed(listed: Catalog, entry: Entry, choice: Choice) -> Catalog:
    """The catalog with the API under another prefix, others that it leads to under the prefix and their own."""
    entries, lock = [], dict(listed.lock)
    for e in listed.entries:
        new = choice.prefix.rstrip("_") if e is entry else choice.prefix + e.prefix
        entries.append(replace(e, prefix=new))
        lock[new] = _pins(listed.lock.get(e.prefix, {}), e.prefix, new)
    return Catalog(
        listed.path, tuple(entries), lock, listed.problems, listed.lock_path, keep_going=listed.keep_going
    )


def _pins(part: Any, old: str, new: str, kind: str = "") -> Any:
    """What names.lock says about an API, for another prefix: values of enums keep their numbers."""

    def name(text: str) -> str:
        for before, after in ((f"{old}_", f"{new}_"), (f"{old.upper()}_", f"{new.upper()}_")):
            if text.startswith(before):
                return after + text.removeprefix(before)
        return text

    if kind == "members":  # members of structs have no prefix
        return part
    if isinstance(part, dict):
        of = f"list of {old}_"
        return {
            (f"list of {new}_" + key.removeprefix(of) if key.startswith(of) else key): _pins(
                value, old, new, key if kind in ("", "retired") else kind
            )
            for key, value in part.items()
        }
    return name(part) if isinstance(part, str) else part
