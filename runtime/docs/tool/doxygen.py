"""A filter for doxygen: gives it a public header as headers.py reads it, so that the headers keep plain comments.

A comment documents the declarations below it up to the next empty line or comment, inside a struct the members
likewise; a comment behind a member documents that member. What is said of a struct is said of its members that have no
comment, because their names say the rest. What has none at all gets none, and doxygen complains.

    doxygen.py HEADER    prints it with /** ... */
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import headers
from headers import Declaration, Header

_MEMBER = re.compile(r"(?P<code>[^/\n][^\n]*?)[ \t]*(?P<remark>/\*.*?\*/)?[ \t]*\n", re.S)


def note(text: str, mark: str = "/**") -> str:
    """A comment for doxygen; what would be a command to it is none."""
    text = re.sub(r"([\\@<>#%&])", r"\\\1", text).replace("*/", "* /")
    text = re.sub(r"\n[ \t]*(?=[.+*-])", " ", text)  # nor a list that nobody meant
    return f"{mark} {text} */" if text.strip() else ""


def members(made: Declaration, header: Header, whole: str) -> str:
    """A declaration whose members have their comments behind them, as doxygen reads them."""
    known = headers.constants(made, header)
    if known:
        rows = ",\n".join(f"    {name} {note(text or made.remark or whole, '/**<')}" for name, text in known)
        name = "" if made.name == "enum" else f" {made.name}"
        return f"{'typedef ' * bool(name)}enum{name} {{\n{rows}\n}}{name};"
    if "{" not in made.text or made.kind == "macro":
        return made.text
    head, _, rest = made.text.partition("{")
    body, _, tail = rest.rpartition("}")
    shown, said, fresh, at = [], "", False, 0
    body = body.lstrip("\n") + "\n"
    while at < len(body):
        block = re.compile(r"[ \t]*(/\*.*?\*/)[ \t]*\n", re.S).match(body, at)
        empty = re.compile(r"[ \t]*\n").match(body, at)
        if block:
            said, fresh, at = headers.comment_text(block[1]), True, block.end()
        elif empty:
            said, at = "", empty.end()
        else:
            line = re.compile(r"[ \t]*" + _MEMBER.pattern, re.S).match(body, at)
            assert line, body[at:]
            remark = headers.comment_text(line["remark"]) if line["remark"] else ""
            own = remark or (said if fresh else _known(line["code"]) or said or whole)
            is_member = line["code"].endswith(";")
            shown.append(f"    {line['code']} {note(own, '/**<') if is_member else ''}".rstrip())
            fresh, at = False, line.end()
    return f"{head}{{\n" + "\n".join(shown) + f"\n}}{tail}"


def _known(code: str) -> str:
    """What is the same in every struct."""
    name = re.search(r"(\w+)(?:\[\d*\])?;$", code)
    return {
        "reserved_": "Zero.",
        "context": "Given to the functions as it is.",
        "items": "The items.",
        "count": "How many there are.",
        "key": "The key.",
        "value": "The value.",
    }.get(name[1] if name else "", "")


def _derived(made: Declaration) -> str:
    """What generated types say by themselves."""
    name, held = made.name, re.search(r"(\w+) \*items;", made.text)
    if held:
        return f"Any number of {held[1]}."
    for end, text in (("_params", "What {} takes."), ("_pager", "A walk over all pages of {}.")):
        if name.endswith(end):
            return text.format(name.removesuffix(end))
    return ""


def filtered(path: Path) -> str:
    header = headers.read(path)
    parts = [f"/** @file\n{note(header.title + '.', '')[:-2]}\n\n{note(header.comment, '')[:-2]} */"]
    for group in headers.families(header) if path.parent == headers.INCLUDE else header.groups:
        for made in group.declarations:
            said = group.comment or _derived(made)
            parts.append(note(f"{said}\n\n{made.remark}") + "\n" + members(made, header, said))
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    print(filtered(Path(sys.argv[1]).resolve()), end="")
