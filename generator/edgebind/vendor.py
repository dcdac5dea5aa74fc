"""`edgebind vendor`: an API, or some of its operations, as two files of a program's own, under its own prefix."""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from . import amalgamate, bundle, spdx
from .amalgamate import Part
from .build_context import Entry
from .bundle import Bundle
from .catalog import Catalog, bad_prefix, read
from .cli_parser import OK, PROBLEMS, report, usage
from .edits import line_hashes
from .emit_common import generator
from .emit_header import header
from .emit_source import source
from .ir import Api, Field, Kind, ListType, MapType, Struct
from .problem import Problems
from .selection import Selection
from .verify import EDITED, hand_edits, verify
from .write import MANIFEST, generated_before, manifest, write

NOTE = "README"
CJSON = ("system-cjson", "bundle-cjson")

_VERSION = re.compile(r'^#define EB_VERSION "(.*)"', re.MULTILINE)


class Wrong(Exception):
    """What is wrong with what was asked for."""


class Refused(Exception):
    """Why nothing was written, a line per reason."""


@dataclass(frozen=True)
class Choice:
    """What was asked for; it stands in MANIFEST.json, and --update asks for it again."""

    api: str                        # "edgegap"
    operations: tuple[str, ...]     # ("app-version-create",); (): all
    prefix: str                     # "acme_"; "": names stay as they are
    name: str                       # "acme": acme.c and acme.h
    extra: tuple[str, ...] = ()     # ("system-cjson", "testing")


def run(args: argparse.Namespace) -> int:
    """The command: what is said on the command line, or with --update what was said before."""
    out, problems = Path(args.out), Problems()
    try:
        if args.update:
            for option in ("api", "operations", "prefix", "name", "system_cjson", "with_testing"):
                if getattr(args, option):
                    return usage(f"--{option.replace('_', '-')}: --update asks for what was asked for before")
            choice = chosen_before(out)
            bundled = "bundle-cjson" in choice.extra
            if bundled != bool(args.bundle_cjson):
                why = "cJSON is part of this copy; name its directory again" if bundled else "cJSON is no part of it"
                return usage(f"--bundle-cjson: {why}")
        else:
            choice = _chosen(args)
        if not Path(args.catalog).is_file():
            return usage(f"{args.catalog}: no such catalog")
        if out.exists() and not out.is_dir():
            return usage(f"{out}: not a directory")
        if (out / MANIFEST).exists():
            chosen_before(out)  # it is ours, or we keep away
        listed = read(args.catalog, problems)
        if listed is None or len(problems):
            return report(problems)
        cjson = bundle.read(Path(args.bundle_cjson)) if args.bundle_cjson else None
        if isinstance(cjson, str):
            return usage(f"--bundle-cjson: {cjson}")
        texts = files(listed, Path(args.runtime), choice, cjson)
        if len(problems):
            return report(problems)
        put(out, texts, describe(texts, listed, choice))
    except Wrong as error:
        return usage(str(error))
    except Refused as error:
        print(error, file=sys.stderr)
        return PROBLEMS
    except OSError as error:
        return usage(f"{error.filename}: {error.strerror}")
    return OK


def _chosen(args: argparse.Namespace) -> Choice:
    if not args.api:
        raise Wrong("--api is missing: edgegap, or another prefix of the catalog")
    prefix = args.prefix.rstrip("_") + "_" if args.prefix else ""
    wrong = bad_prefix(prefix.rstrip("_")) if prefix else None
    if wrong:
        raise Wrong(f"--prefix {args.prefix}: {wrong}")
    name = args.name or prefix.rstrip("_") or args.api
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", name):
        raise Wrong(f"--name {name}: letters, digits, _ and - are expected")
    operations = tuple(dict.fromkeys(o for o in (args.operations or "").split(",") if o))
    if args.operations is not None and not operations:
        raise Wrong("--operations: names separated by commas; all when it is left out")
    if args.bundle_cjson and not prefix:
        raise Wrong("--bundle-cjson: without --prefix its names would be those of any other cJSON in the program")
    asked = {"system-cjson": args.system_cjson, "bundle-cjson": args.bundle_cjson, "testing": args.with_testing}
    extra = tuple(name for name, wanted in asked.items() if wanted)
    return Choice(args.api, operations, prefix, name, extra)


def files(listed: Catalog, runtime: Path, choice: Choice, cjson: Bundle | None = None) -> dict[str, str]:
    """What the choice gives, by file name; {} after problems of documents. cjson: what is bundled, when that was
    asked for."""
    entry = next((e for e in listed.entries if e.prefix == choice.api), None)
    if entry is None:
        raise Wrong(f"--api {choice.api}: expected one of {', '.join(e.prefix for e in listed.entries)}")
    renamed = _renamed(listed, entry, choice) if choice.prefix else listed
    if choice.operations:
        ids, unknown = listed.operations(entry.document, choice.operations)
        if unknown:
            raise Wrong("; ".join(unknown))
        renamed.select(Selection(ids))
    built = renamed.build(entry.document)
    if built is None or len(listed.problems):
        return {}
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
    names = [o.name for api in apis for o in api.operations]
    head = "\n".join(
        [
            f"{apis[-1].title.replace('*/', '* /')}: these operations, and the runtime they stand on.",
            " *",
            *(f" *     {n}" for n in names),
            " *",
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
        [Part(api.name, header(api), source(api)) for api in apis],
        [e for e, wanted in (("cjson", trees), ("testing", "testing" in choice.extra)) if wanted],
        choice.prefix,
        choice.name,
        head,
        cjson,
    )
    made = {
        f"{choice.name}.h": joined.header,
        f"{choice.name}.c": joined.source,
        "LICENSE": _read(runtime.parent / "LICENSE"),
        NOTE: _note(choice.name, trees and cjson is None),
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
    return made


def free_form(api: Api) -> bool:
    """Can a free-form value be sent or received?"""
    if any(operation.body == "json" for operation in api.operations):
        return True
    return any(field.kind is Kind.JSON or (field.target or "").startswith("eb_json") for field in _fields(api))


def _fields(api: Api) -> Iterator[Field]:
    for operation in api.operations:
        yield from (parameter.field for parameter in operation.parameters)
    for type_ in api.types:
        if isinstance(type_, Struct):
            yield from type_.fields
        elif isinstance(type_, MapType):
            yield type_.value
        elif isinstance(type_, ListType):
            yield Field("", "", type_.kind, target=type_.item)


def describe(texts: Mapping[str, str], listed: Catalog, choice: Choice) -> str:
    """MANIFEST.json: as for generated code, and what was asked for."""
    made: dict[str, Any] = json.loads(manifest(texts, {}))
    document = next(e.document for e in listed.entries if e.prefix == choice.api)
    made["documents"] = {document: hashlib.sha256((listed.path.parent / document).read_bytes()).hexdigest()}
    made["lines"] = {path: line_hashes(text) for path, text in sorted(texts.items()) if path.endswith((".c", ".h"))}
    made["vendor"] = {
        "api": choice.api,
        "operations": list(choice.operations),
        "prefix": choice.prefix,
        "name": choice.name,
        "with": list(choice.extra),
    }
    return json.dumps(made, indent=2, ensure_ascii=False) + "\n"


def chosen_before(out: Path) -> Choice:
    """What was asked for when a directory was written. Wrong when it does not say."""
    path = out / MANIFEST
    try:
        said = json.loads(path.read_text(encoding="utf-8"))["vendor"]
        given = (said["api"], said["operations"], said["prefix"], said["name"], said["with"])
    except OSError as error:
        raise Wrong(f"{path}: {error.strerror}; name a directory that edgebind vendor wrote") from None
    except (ValueError, KeyError, TypeError):
        raise Wrong(f"{path}: not written by edgebind vendor") from None
    texts = [given[0], given[2], given[3], *given[1], *given[4]]
    if not all(isinstance(t, str) and re.fullmatch(r"[A-Za-z0-9_.-]*", t) for t in texts):
        raise Wrong(f"{path}: not written by edgebind vendor")
    return Choice(given[0], tuple(given[1]), given[2], given[3], tuple(given[4]))


def put(out: Path, texts: Mapping[str, str], manifest_text: str) -> None:
    """Writes, unless that would overwrite what somebody edited, or what is not ours. What is missing is written."""
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
    write({**{out / path: text for path, text in texts.items()}, out / MANIFEST: manifest_text}, stale)


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _note(name: str, cjson: bool) -> str:
    libraries = "-lcjson " * cjson + "-lcurl -lcrypto -lm -pthread"
    return (
        f"{name}.c is C11, {name}.h C99 and C++; compile with: cc -c {name}.c\n"
        f"Link with: cc main.o {name}.o {libraries}\n"
        "A newer version of the same choice: edgebind vendor --update --out DIR\n"
    )


def _renamed(listed: Catalog, entry: Entry, choice: Choice) -> Catalog:
    """The catalog with the API under another prefix, others that it leads to under the prefix and their own."""
    entries, lock = [], dict(listed.lock)
    for e in listed.entries:
        new = choice.prefix.rstrip("_") if e is entry else choice.prefix + e.prefix
        entries.append(replace(e, prefix=new))
        lock[new] = _pins(listed.lock.get(e.prefix, {}), e.prefix, new)
    return Catalog(listed.path, tuple(entries), lock, listed.problems, listed.lock_path)


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
