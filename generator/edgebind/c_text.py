"""C as text in tokens, as far as joining files into one needs: which names a file declares for itself, and other names
for them, without touching texts, members or comments that only look like them."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

_TOKEN = re.compile(
    r"""(?P<comment>/\*.*?\*/)
      | (?P<text>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')
      | (?P<number>\.?[0-9](?:[A-Za-z0-9_.]|[eE][+-])*)
      | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
      | (?P<space>[ \t\n]+|\\\n)
      | (?P<sign>->|.)""",
    re.DOTALL | re.VERBOSE,
)
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_DIRECTIVE = re.compile(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*\n", re.MULTILINE)
_DEFINE = re.compile(r"^[ \t]*#[ \t]*define[ \t]+([A-Za-z_][A-Za-z0-9_]*)", re.MULTILINE)
_QUALIFIERS = frozenset("static const extern inline struct union enum typedef volatile unsigned signed".split())


class Token(NamedTuple):
    kind: str  # comment, text, number, name, space, sign
    text: str


@functools.lru_cache(maxsize=256)
def tokens(text: str) -> tuple[Token, ...]:
    return tuple(Token(found.lastgroup or "sign", found.group()) for found in _TOKEN.finditer(text))


def names(text: str) -> set[str]:
    """Every identifier of a file, those in comments and texts aside."""
    return {t.text for t in tokens(text) if t.kind == "name"}


def rename(text: str, new: Callable[[str], str], words_in: Collection[str] = ()) -> str:
    """The file with other names; also words of comments and texts, when these kinds are in words_in."""
    made = []
    for token in tokens(text):
        if token.kind == "name":
            made.append(new(token.text))
        elif token.kind in words_in:
            made.append(_WORD.sub(lambda found: new(found.group()), token.text))
        else:
            made.append(token.text)
    return "".join(made)


def rename_but_members(text: str, new: Mapping[str, str], rows: bool = False) -> str:
    """The file with other names for what stands at file scope: members of structs keep theirs. With rows, so do members
    that are named to a row macro, EB_ROW_INT(T, member, "wire", ...)."""
    all_tokens = list(tokens(text))
    significant = [i for i, t in enumerate(all_tokens) if t.kind not in ("space", "comment")]
    words = [all_tokens[i].text for i in significant]
    made = [t.text for t in all_tokens]
    braces: list[bool] = []  # is it that of a struct
    for at, i in enumerate(significant):
        word, before, after = words[at], words[at - 1] if at else "", words[at + 1] if at + 1 < len(words) else ""
        if word == "{":
            braces.append(any(w in ("struct", "union") for w in words[max(at - 2, 0) : at]))
        elif word == "}" and braces:
            braces.pop()
        elif all_tokens[i].kind == "name" and word in new and before not in (".", "->"):
            in_struct = braces and braces[-1] and after in (";", "[", ",", ":", ")")
            in_row = rows and after == "," and words[at + 2][0] == '"'
            if not (in_struct or in_row):
                made[i] = new[word]
    return "".join(made)


def file_names(text: str) -> tuple[set[str], set[str]]:
    """What a source declares for itself alone, at file scope: types, constants and macros; functions and objects."""
    kinds = set(_DEFINE.findall(text))
    things: set[str] = set()
    for chunk in _declarations(_DIRECTIVE.sub("\n", text)):
        words = [t for t in chunk if t.kind != "space"]
        kinds |= _tags(words) | _enumerators(words)
        first = next((t.text for t in words), "")
        if first == "typedef":
            kinds |= _declared(_flat(words))
        elif first == "static":
            things |= _declared(_flat(words))
    return kinds, things - kinds


def declared(text: str) -> set[str]:
    """What a declaration at file scope declares: types, constants, functions, objects."""
    words = [t for t in tokens(text) if t.kind not in ("space", "comment")]
    made = _tags(words) | _enumerators(words)
    opened = next((i for i, word in enumerate(words[:-2]) if word.text == "("), 0)
    if opened and words[opened + 1].text == "*" and words[opened + 2].kind == "name":
        return made | {words[opened + 2].text}  # a pointer to a function
    flat = _flat(words)
    for i, word in enumerate(flat[1:], 1):
        if word.text in ("=", "(", "[", ",", ";") and flat[i - 1].kind == "name":
            if flat[i - 1].text not in _QUALIFIERS:
                made.add(flat[i - 1].text)
            if word.text in ("=", "("):
                break
    return made


def _declarations(text: str) -> Iterator[list[Token]]:
    """Each declaration at file scope, with its body."""
    chunk: list[Token] = []
    depth = 0
    for token in tokens(text):
        if token.kind == "comment":
            continue
        chunk.append(token)
        if token.text in "({[" and token.kind == "sign":
            depth += 1
        elif token.text in ")}]" and token.kind == "sign":
            depth -= 1
            if depth == 0 and token.text == "}" and _is_function(chunk):
                yield chunk
                chunk = []
        elif token.text == ";" and depth == 0:
            yield chunk
            chunk = []


def _is_function(chunk: list[Token]) -> bool:
    flat = [t.text for t in _flat([t for t in chunk if t.kind != "space"])]
    return "=" not in flat and flat[-3:-2] == [")"] and flat[0] != "typedef"


def _flat(words: Iterable[Token]) -> list[Token]:
    """Without what stands in brackets; the brackets stay."""
    made, depth = [], 0
    for token in words:
        if token.kind == "sign" and token.text in ")}]":
            depth -= 1
        if depth == 0:
            made.append(token)
        if token.kind == "sign" and token.text in "({[":
            depth += 1
    return made


def _declared(flat: list[Token]) -> set[str]:
    """The name that a declaration without its brackets declares: the one before ( = [ , or ;."""
    for i, token in enumerate(flat[1:], 1):
        if token.kind == "sign" and token.text in "(=[,;" and flat[i - 1].kind == "name":
            if flat[i - 1].text not in _QUALIFIERS:
                return {flat[i - 1].text}
    return set()


def _tags(words: list[Token]) -> set[str]:
    """struct X { ... }: X."""
    return {
        words[i + 1].text
        for i, token in enumerate(words[:-2])
        if token.text in ("struct", "union", "enum") and words[i + 1].kind == "name" and words[i + 2].text == "{"
    }


def _enumerators(words: list[Token]) -> set[str]:
    made: set[str] = set()
    for i, token in enumerate(words):
        if token.text != "enum":
            continue
        at = i + 1 + (i + 1 < len(words) and words[i + 1].kind == "name")
        if at >= len(words) or words[at].text != "{":
            continue
        depth, before = 0, ""
        for inner in words[at:]:
            depth += inner.text in "({[" if inner.kind == "sign" else 0
            if inner.kind == "name" and depth == 1 and before in ("{", ","):
                made.add(inner.text)
            before = inner.text
            depth -= inner.text in ")}]" if inner.kind == "sign" else 0
            if depth == 0:
                break
    return made
