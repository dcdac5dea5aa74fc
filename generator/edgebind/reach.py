"""What of some C can be reached: declarations at file scope that nothing leads to are left out, with their comments.

Text in, text out. A name leads to everything that declares it; members, parameters and local variables of the same name
count as well, so that now and then something is kept that nobody needs, and never the other way round."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from . import c_text

_CONDITION = re.compile(r"^[ \t]*#[ \t]*(if|el|endif)", re.MULTILINE)
_NAME = re.compile(r"\b[A-Za-z_]\w*")
_DEFINE = re.compile(r"#[ \t]*define[ \t]+(\w+)")


@dataclass(frozen=True)
class Chunk:
    """A declaration, a definition or a directive, with the comment before it."""

    text: str
    declares: frozenset[str]  # empty: it is kept
    uses: frozenset[str]
    heading: bool = False     # a comment by itself


def reachable(texts: Sequence[str], start: Iterable[str]) -> list[str]:
    """Of each text what the names lead to, or what declares nothing and is kept therefore; "" when it is nothing."""
    files = [list(chunks(text)) for text in texts]
    declaring: dict[str, list[Chunk]] = {}
    todo = list(start)
    for chunk in (c for file in files for c in file):
        for name in chunk.declares:
            declaring.setdefault(name, []).append(chunk)
        if not chunk.declares:
            todo += chunk.uses
    seen: set[str] = set()
    while todo:
        name = todo.pop()
        if name not in seen:
            seen.add(name)
            todo += [used for chunk in declaring.get(name, ()) for used in chunk.uses]
    return [_kept(file, seen) for file in files]


def _kept(file: Sequence[Chunk], seen: set[str]) -> str:
    """What was seen, under the file's opening words; headings inside stay over something only."""
    opening = file[0].text if file and file[0].heading else ""
    made: list[str] = []
    heading = ""
    for chunk in _filled([c for c in file[bool(opening) :] if not c.declares or c.declares & seen]):
        if chunk.heading:
            heading = chunk.text
        elif chunk.text.strip():
            made += [heading, chunk.text]
            heading = ""
        else:
            made.append(chunk.text)
    text = "".join(made)
    return opening + text if text.strip() else ""


def _filled(file: Iterable[Chunk]) -> list[Chunk]:
    """Without conditions over nothing."""
    made: list[Chunk] = []
    open_: list[tuple[int, bool]] = []  # where one begins, and whether there is something in it
    for chunk in file:
        made.append(chunk)
        found = None if chunk.declares else _CONDITION.search(chunk.text)
        if found and found.group(1) == "if":
            open_.append((len(made) - 1, False))
            continue
        if found and found.group(1) == "endif":
            begins, filled = open_.pop()
            if not filled:
                del made[begins:]
                continue
        if open_ and not chunk.heading and chunk.text.strip() and not (found and found.group(1) == "el"):
            open_[-1] = (open_[-1][0], True)
    return made


def chunks(text: str) -> Iterator[Chunk]:
    """A file in pieces, which together are the file. What stands at file scope begins in a line of its own."""
    comment: list[str] = []  # before what follows
    code: list[str] = []
    bare: list[str] = []
    depth = 0
    for shown, plain in _lines(text):
        words = plain.strip()
        if not code and not words:
            comment.append(shown)
            if not shown.strip():  # a comment with nothing under it, or an empty line
                yield Chunk("".join(comment), frozenset(), frozenset(), heading=len(comment) > 1)
                comment = []
            continue
        code.append(shown)
        bare.append(plain)
        if bare[0].lstrip().startswith("#"):
            done = not words.endswith("\\")
        else:
            depth += sum(plain.count(c) for c in "({[") - sum(plain.count(c) for c in ")}]")
            done = depth == 0 and words.endswith((";", "}"))
        if done:
            yield _chunk("".join([*comment, *code]), "".join(bare))
            comment, code, bare = [], [], []
    if comment or code:
        yield _chunk("".join([*comment, *code]), "".join(bare))


def _chunk(text: str, bare: str) -> Chunk:
    defined = _DEFINE.match(bare.lstrip())
    if defined:
        declares = {defined.group(1)}
    elif bare.lstrip().startswith("#"):
        declares = set()
    else:  # of a function, its head will do
        declares = c_text.declared(bare.partition("{")[0] + "{}" if bare.rstrip().endswith("}") else bare)
    return Chunk(text, frozenset(declares), frozenset(_NAME.findall(bare)))


def _lines(text: str) -> Iterator[tuple[str, str]]:
    """Each line as it is, and without comments and what is in texts. A comment does not end a line."""
    shown: list[str] = []
    plain: list[str] = []
    for token in c_text.tokens(text):
        for part in re.split(r"(?<=\n)", token.text) if token.kind == "space" else [token.text]:
            shown.append(part)
            plain.append({"comment": "", "text": '""'}.get(token.kind, part))
            if token.kind == "space" and part.endswith("\n"):
                yield "".join(shown), "".join(plain)
                shown, plain = [], []
    if shown:
        yield "".join(shown), "".join(plain)
