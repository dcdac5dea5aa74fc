"""Runtime and generated code joined into one source and one header, under another prefix. Text in, text out.

Nothing here knows what the runtime does. Its files are put in the order in which they include each other; what they
keep to themselves becomes static and gets the file's name in front; eb_ and EB_ get the prefix. A public header that
edgebind.h does not include is optional, and so are the sources that include it. Parts that are not needed go, and then
whatever nothing leads to: the public headers do, but for generated.h, and what was generated."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from . import bundle, c_text, parts, reach
from .bundle import Bundle

_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(<[^>\n]+>|"[^"\n]+")[^\n]*\n', re.MULTILINE)
_GUARD = re.compile(r"^#ifndef (\w+_H)\n#define \1\n", re.MULTILINE)
_OPEN = '#ifdef __cplusplus\nextern "C" {\n#endif\n'
_CLOSE = "#ifdef __cplusplus\n}\n#endif\n"
_PRIVATE = re.compile(r"\beb__\w+")
# A prototype of the runtime's own functions, or of one of its objects, at the start of a line of a private header.
_PROTOTYPE = re.compile(r"^(?!static\b|typedef\b|extern\b|#)[a-z][\w \t*]*?\b(eb__\w+)\([^;{]*?;[^\n]*\n", re.MULTILINE)
_OBJECT = re.compile(r"^extern [^;(]*?\b(eb__\w+)(?:\[[^\]]*\])?;[^\n]*\n", re.MULTILINE)
_UMBRELLA = "edgebind/edgebind.h"
_CONTRACT = "edgebind/generated.h"  # for generated code: of this only what that uses


@dataclass(frozen=True)
class Generated:
    """A generated API: its header and source as they are written, and the names of its own."""

    prefix: str                  # "acme"
    header: str
    source: str


@dataclass(frozen=True)
class Joined:
    header: str
    source: str


def optional(public: Mapping[str, str]) -> list[str]:
    """The public headers that one has to ask for: "cjson", "testing"."""
    always = set(_order([_UMBRELLA], public))
    return sorted(path.rpartition("/")[2].removesuffix(".h") for path in public if path not in always)


def join(
    public: Mapping[str, str],
    private: Mapping[str, str],
    apis: Sequence[Generated],
    needed: Collection[str],
    extra: Iterable[str],
    prefix: str,
    name: str,
    head: str,
    cjson: Bundle | None = None,
) -> Joined:
    """public: runtime/include by "edgebind/value.h"; private: runtime/src by "value.c"; needed: parts of the runtime,
    "EB_PART_ACS3"; extra: optional headers that are wanted, "cjson"; prefix: "acme_", or "" to leave eb_ as it is;
    cjson: to be part of it, under the prefix."""
    if cjson:
        public = bundle.shown(public, cjson)
    left_out = set(parts.listed(public[parts.HEADER])) - set(needed)
    public = {p: text if p == parts.HEADER else parts.resolved(text, left_out) for p, text in public.items()}
    private = {p: parts.resolved(text, left_out) for p, text in private.items()}
    wanted = [_UMBRELLA, *(f"edgebind/{e}.h" for e in extra)]
    shown = [p for p in _order(wanted, public) if p not in (_UMBRELLA, parts.HEADER)]
    sources = {
        p: text
        for p, text in sorted(private.items())
        if p.endswith(".c") and all(i in shown or i not in public for i in _quoted(text))
    }
    headers = [p for p in _order(list(sources), private) if p.endswith(".h")]
    defined = {n for text in sources.values() for n in _defined(text)}
    objects = {n for p in headers for n in _OBJECT.findall(private[p])}
    first = sorted(sources, key=lambda p: not objects & set(_objects_of(sources[p], objects)))
    behind = [cjson.quiet()] if cjson else []
    taken: set[str] = set().union(
        *(c_text.names(text) for text in [*public.values(), *private.values(), *behind]),
        *(c_text.names(p.header) | c_text.names(p.source) for p in apis),
    )
    visible = [_bare(public[p]) for p in shown]
    inner = [_internal(_bare(private[p]), defined, objects) for p in headers]
    inner += [
        _own(_static_objects(_bare(sources[p]), objects), p.removesuffix(".c"), taken, False) for p in first
    ]
    generated = [_own(_bare(p.source), p.prefix, taken, True) for p in apis]
    rows = "edgebind/testing.h" in shown  # values of any type are for who works with rows
    roots = [*(text for p, text in zip(shown, visible, strict=True) if p != _CONTRACT or rows), *generated, *behind]
    start = set().union(*map(c_text.names, [*roots, *(p.header for p in apis)]))
    contract, *inner = reach.reachable([_bare(public[_CONTRACT]), *inner], start)
    visible = [contract if p == _CONTRACT else text for p, text in zip(shown, visible, strict=True)]
    kept = [text for text, left in zip([private[p] for p in [*headers, *first]], inner, strict=True) if left]
    rename = _Prefix(prefix, bundle.NAMES if cjson else ())
    made_header = "\n".join(
        [
            f"/* {name}.h -- {head}",
            f"#ifndef {_guard(name)}",
            f"#define {_guard(name)}",
            "",
            *_system([public[p] for p in shown] + [p.header for p in apis]),
            "",
            _OPEN,
            *(rename.runtime(text) for text in visible),
            *(rename.generated(_bare(p.header)) for p in apis),
            _CLOSE + "#endif\n",
        ]
    )
    made_source = "\n".join(
        [
            f"/* {name}.c -- {head}",
            "#ifndef _POSIX_C_SOURCE",
            "#define _POSIX_C_SOURCE 200809L",
            "#endif",
            f'#include "{name}.h"',
            "",
            *_system([*kept, *(p.source for p in apis), *behind]),
            "",
            *(rename.runtime(text) for text in inner),
            *(rename.generated(text) for text in generated),
            *(rename.runtime(_own(_bare(text), "cjson", taken, False)) for text in behind),
        ]
    )
    return Joined(_tidy(made_header), _tidy(made_source))


def _guard(name: str) -> str:
    return name.upper().replace("-", "_") + "_H"


def _quoted(text: str) -> list[str]:
    return [i[1:-1] for i in _INCLUDE.findall(text) if i.startswith('"')]


def _order(start: Sequence[str], files: Mapping[str, str]) -> list[str]:
    """Files so that each stands after what it includes."""
    made: list[str] = []
    seen: set[str] = set()

    def visit(path: str) -> None:
        if path in seen or path not in files:
            return
        seen.add(path)
        for other in _quoted(files[path]):
            visit(other)
        made.append(path)

    for path in start:
        visit(path)
    return made


def _system(texts: Iterable[str]) -> list[str]:
    return [f"#include {i}" for i in sorted({i for t in texts for i in _INCLUDE.findall(t) if i.startswith("<")})]


def _bare(text: str) -> str:
    """Without includes, guard and extern "C"."""
    text = _INCLUDE.sub("", text)
    text, guarded = _GUARD.subn("", text)
    if guarded:
        text = text.rstrip().removesuffix("#endif")
    return text.replace(_OPEN, "").replace(_CLOSE, "")


def _tidy(text: str) -> str:
    return re.sub(r"\n{3,}", "\n\n", text).rstrip() + "\n"


def _defined(text: str) -> list[str]:
    return re.findall(r"^[a-z][^\n;={}#]*?\b(eb__\w+)\([^;{]*?\)\s*\{", text, re.MULTILINE)


def _internal(text: str, defined: set[str], objects: set[str]) -> str:
    """A private header whose functions are static; those that nobody defines, and objects, are not declared at all."""

    def prototype(found: re.Match[str]) -> str:
        name = found.group(1)
        return f"static {found.group()}" if name in defined else ""

    return _OBJECT.sub("", _PROTOTYPE.sub(prototype, text))


def _objects_of(text: str, objects: set[str]) -> list[str]:
    return [n for n in objects if re.search(rf"^const [^;=]*\b{n}\b[^;=]*=", text, re.MULTILINE)]


def _static_objects(text: str, objects: set[str]) -> str:
    for name in _objects_of(text, objects):
        text = re.sub(rf"^(?=const [^;=]*\b{name}\b[^;=]*=)", "static ", text, flags=re.MULTILINE)
    return text


def _own(text: str, stem: str, taken: set[str], rows: bool) -> str:
    """A source whose own names begin with its file's, so that no two sources share one."""
    kinds, things = c_text.file_names(text)
    new: dict[str, str] = {}
    for name in sorted(kinds | things):
        if name.lower().startswith(("eb_", stem + "_")):
            continue
        made = f"{stem.upper() if name.isupper() else stem}_{name}"
        while made in taken:
            made += "_"
        taken.add(made)
        new[name] = made
    return c_text.rename_but_members(text, new, rows)


class _Prefix:
    """eb_ and EB_ under another prefix. The runtime's texts know its own names only; those of generated code are
    names on the wire, and stay."""

    def __init__(self, prefix: str, others: tuple[str, ...] = ()) -> None:
        self._lower, self._upper, self._others = prefix, prefix.upper(), others

    def name(self, name: str) -> str:
        if name.startswith("eb_"):
            return self._lower + name
        if name.startswith(self._others):
            return (self._upper if name.isupper() else self._lower) + name
        return self._upper + name if name.startswith("EB_") else name

    def runtime(self, text: str) -> str:
        return c_text.rename(text, self.name, ("comment", "text"))

    def generated(self, text: str) -> str:
        return c_text.rename(text, self.name, ("comment",))
