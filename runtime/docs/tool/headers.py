"""The public headers as people read them: groups of declarations under a comment. The man pages and the pages of the
site are made of these, so that what a function promises is written once, in its header.

A comment belongs to the declarations that follow it up to the next empty line or comment; one behind a declaration, on
its line, belongs to that declaration alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
INCLUDE = ROOT / "runtime/include/edgebind"
PRIVATE = ("generated.h",)  # the contract between generated code and the runtime: not for programs

_FOR_CPP = re.compile(r"#ifdef __cplusplus\n.*?(?:#else\n(?P<c>.*?))?#endif\n", re.S)
_DIRECTIVE = re.compile(r"#(?:[^\n]*\\\n)*[^\n]*\n")
_NAME = re.compile(
    r"\(\*\s*(?P<pointer>\w+)\)\s*\(|(?P<function>\w+)\s*\((?!\*)|(?P<object>\w+)\s*(?:\[[^\]]*\])?\s*;", re.S
)


@dataclass(frozen=True)
class Declaration:
    kind: str     # function, type, macro, object
    name: str     # "eb_client_new"
    text: str     # as it stands in the header, without a trailing comment; of an inline function its head
    remark: str = ""  # the comment behind it


@dataclass(frozen=True)
class Group:
    comment: str  # in paragraphs, an empty line between; "" without one
    declarations: tuple[Declaration, ...]

    def of(self, kind: str) -> tuple[Declaration, ...]:
        return tuple(d for d in self.declarations if d.kind == kind)


@dataclass(frozen=True)
class Header:
    name: str     # "client.h"
    title: str    # "a client, its options, and the options of one call"
    comment: str  # what stands behind the first sentence
    groups: tuple[Group, ...]


def comment_text(raw: str) -> str:
    """What a block comment says, without its stars."""
    lines = [re.sub(r"^[ \t]*\*? ?", "", line).rstrip() for line in raw[2:-2].split("\n")]
    lines[0] = lines[0].strip()
    return "\n".join(lines).strip()


def read(path: Path) -> Header:
    text = path.read_text(encoding="utf-8")
    first, _, rest = text.partition("*/\n")
    head, _, body = comment_text(first + "*/").partition("\n\n")
    title = re.sub(r"\s+", " ", head.partition(" -- ")[2])
    title, _, more = title.partition(". ") if not title.endswith(".") else (title[:-1], "", "")
    comment = "\n\n".join(part for part in (more, body) if part)
    return Header(path.name, title.strip(), comment, tuple(_groups(_FOR_CPP.sub(lambda found: found["c"] or "", rest))))


def public() -> list[Header]:
    return [read(path) for path in sorted(INCLUDE.glob("*.h")) if path.name not in PRIVATE]


def contract() -> list[Header]:
    return [read(INCLUDE / name) for name in PRIVATE]


def families(header: Header) -> Iterator[Group]:
    """What shares a page: a group, and what has no comment with what stands before it."""
    waiting: Group | None = None
    for group in header.groups:
        if waiting and not group.comment and not group.of("object"):
            waiting = Group(waiting.comment, waiting.declarations + group.declarations)
            continue
        if waiting:
            yield waiting
        waiting = group
    if waiting:
        yield waiting


def constants(made: Declaration, header: Header) -> list[tuple[str, str]]:
    """The constants of an enum and what each means; those of an X-macro too."""
    if not made.text.startswith(("typedef enum", "enum")):
        return []
    spelled = re.search(r"\b(\w+)##name.*?(\w+_MAP)\(", made.text, re.S)
    if spelled:
        maps = [d.text for g in header.groups for d in g.declarations if d.name == spelled[2]]
        rows = re.findall(r'X\((\w+),\s*-?\d+,\s*(?:"[^"]*",\s*)?"([^"]*)"', maps[0])
        return [(spelled[1] + name, text) for name, text in rows]
    body = made.text[made.text.index("{") + 1 : made.text.rindex("}")]
    found = re.findall(r"(?<!\w)(EB_\w+[a-zA-Z0-9])(?:\s*=\s*[^,/}]+)?,?[ \t]*(?:/\*(.*?)\*/)?", body, re.S)
    return [(name, comment_text(f"/*{text}*/")) for name, text in found]


def _groups(text: str) -> Iterator[Group]:
    comment = ""
    gathered: list[Declaration] = []
    macros: set[str] = set()  # one may be defined for each compiler
    for kind, raw in _units(text):
        if kind in ("comment", "gap"):
            if gathered:
                yield Group(comment, tuple(gathered))
            comment, gathered = comment_text(raw) if kind == "comment" else "", []
        elif kind == "remark" and gathered:
            last = gathered.pop()
            gathered.append(Declaration(last.kind, last.name, last.text, comment_text(raw)))
        elif kind in ("declaration", "macro"):
            made = _declaration(kind, raw)
            announced = made and made.kind == "type" and f"struct {made.name} {{" in text and "{" not in made.text
            if made and made.name not in macros and not announced:
                macros |= {made.name} if kind == "macro" else set()
                gathered.append(made)
    if gathered:
        yield Group(comment, tuple(gathered))


def _units(text: str) -> Iterator[tuple[str, str]]:
    """Comments, gaps (empty lines), directives and declarations, in their order."""
    at = 0
    while at < len(text):
        if text.startswith("\n", at):
            yield "gap", ""
            at += 1
        elif text.startswith("/*", at):
            end = text.index("*/", at) + 2
            yield "comment", text[at:end]
            at = end + (text[end : end + 1] == "\n")
        elif text.startswith("#", at):
            found = _DIRECTIVE.match(text, at)
            assert found
            if re.match(r"#\s*define\s+(?!EDGEBIND_)", found[0]):
                yield from _macro(found[0])
            at = found.end()
        elif text[at] in " \t":
            at += 1
        elif found := re.compile(r"EB_DECLARE_\w+\([^()]*\)\n").match(text, at):
            at = found.end()
        else:
            end = _end(text, at)
            yield "declaration", text[at:end]
            behind = re.compile(r"[ \t]*(/\*.*?\*/)?[ \t]*\n?", re.S).match(text, end)
            assert behind
            if behind[1]:
                yield "remark", behind[1]
            at = behind.end()


def _macro(text: str) -> Iterator[tuple[str, str]]:
    remark = re.search(r"\s*(/\*.*?\*/)\s*$", text)
    yield "macro", text[: remark.start()] if remark else text.rstrip()
    if remark:
        yield "remark", remark[1]


def _end(text: str, at: int) -> int:
    """Where a declaration that begins at a place ends: its semicolon, or the brace of an inline function."""
    depth, inline = 0, text.startswith("static inline", at)
    while True:
        if text.startswith("/*", at):
            at = text.index("*/", at) + 2
            continue
        depth += (text[at] in "({") - (text[at] in ")}")
        at += 1
        if depth == 0 and (text[at - 1] == ";" or (inline and text[at - 1] == "}")):
            return at


def _declaration(kind: str, raw: str) -> Declaration | None:
    if kind == "macro":
        name = re.match(r"#\s*define\s+(\w+)", raw)
        assert name
        return None if name[1].endswith("_") else Declaration("macro", name[1], raw)
    if raw.startswith("typedef"):
        found = re.match(r"typedef[^;{]*\(\*(\w+)\)", raw) or re.search(r"(\w+)\s*;\s*$", raw)
        assert found, raw
        return Declaration("type", found[1], raw)
    if raw.startswith("static inline"):
        raw = raw[len("static inline") :].lstrip().partition("\n{")[0] + ";"
    bare = re.sub(r"/\*.*?\*/", "", raw, flags=re.S)
    found = _NAME.search(bare)
    if not found or raw.startswith(("struct", "enum", "extern")):
        name = re.search(r"(\w+)(?:\[[^\]]*\])?;\s*$", bare) or re.match(r"(?:struct|enum)\s+(\w*)", bare)
        if name is None or name[1].endswith("_"):
            return None
        return Declaration("object" if raw.startswith("extern") else "type", name[1] or "enum", raw)
    return Declaration("function", found["function"] or found["pointer"] or found["object"], raw)
