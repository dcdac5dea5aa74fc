"""The man pages: one for each family of functions and for each type, from the comments of the public headers;
edgebind(3), which leads to them; edgebind(1), from what the generator's own parser knows. They are committed, so that
installing needs no Python.

    man.py [--check]    writes runtime/man/, or says what would change
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import headers
from headers import Declaration, Group, Header

from edgebind import cli_parser

MAN = headers.ROOT / "runtime/man"
DATE = "November 21, 2026"
SHARED = {"eb_pager_free", "eb_stream_free"}  # of the contract with generated code, what programs meet too
LINK = "-> "  # before the page that a name leads to: a link, not a page


# ---- Text ------------------------------------------------------------------------------------------------


def escaped(text: str) -> str:
    """A line of text that no reader of mdoc takes for something else."""
    text = text.replace("\\", "\\e").replace("--", "\\-\\-")
    return "\\&" + text if text[:1] in (".", "'") else text


def sentences(text: str) -> Iterator[str]:
    """A paragraph with each sentence on a line of its own, as mdoc wants it."""
    words = " ".join(text.split())
    for sentence in re.split(r"(?<=[.!?:;])(?<!e\.g\.)(?<!i\.e\.) (?=\S)", words):
        line = ""
        for word in sentence.split():
            function = re.fullmatch(r"(\w+)\(\)([.,;:]?)", word)
            if function:  # free(): marked as a function
                if line:
                    yield escaped(line)
                yield f".Fn {function[1]} {function[2]}".rstrip()
                line = ""
                continue
            if line and len(line) + len(word) > 76:
                yield escaped(line)
                line = ""
            line = f"{line} {word}".strip()
        if line:
            yield escaped(line)


def paragraphs(text: str) -> Iterator[str]:
    """Prose, and what is indented by four as it stands."""
    first = True
    for part in re.split(r"\n\s*\n", text.strip("\n")):
        for is_code, lines in _runs(part.split("\n")):
            if is_code:
                yield ".Bd -literal -offset indent"
                yield from (escaped(line[4:]) if line[4:].strip() else "" for line in lines)
                yield ".Ed"
            else:
                if not first:
                    yield ".Pp"
                yield from sentences(" ".join(lines))
            first = False


def _runs(lines: list[str]) -> Iterator[tuple[bool, list[str]]]:
    gathered: list[str] = []
    for line in lines:
        if gathered and line.startswith("    ") != gathered[0].startswith("    "):
            yield gathered[0].startswith("    "), gathered
            gathered = []
        gathered.append(line)
    if gathered:
        yield gathered[0].startswith("    "), gathered


def literal(lines: Iterable[str]) -> list[str]:
    return [".Bd -literal", *(escaped(line) for line in lines), ".Ed"]


def head(title: str, section: int) -> list[str]:
    return [
        '.\\" Made by runtime/docs/tool/man.py. Do not edit.',
        f".Dd {DATE}",
        f".Dt {title.upper()} {section}",
        ".Os",
    ]


def names(given: list[str], about: str) -> list[str]:
    about = re.split(r"(?<=\w)[.:;?] |[.:;?]$", " ".join(about.split()))[0]
    about = about[:1].lower() + about[1:] if not re.match(r"[A-Z]{2}|(?!A\b)[A-Z]\b", about) else about
    while len(about) > 72:
        about = about.rpartition(", ")[0] or about.rpartition(" ")[0]
    lines = [f".Nm {name} ," for name in given[:-1]] + [f".Nm {given[-1]}"]
    return [".Sh NAME", *lines, f".Nd {escaped(about)}"]


# ---- Pages of the library --------------------------------------------------------------------------------


def named(group: Group) -> list[str]:
    """The names that a family has a page under: functions, or else its types."""
    functions = [d.name for d in group.of("function")]
    types = [d.name for d in group.of("type") if d.name != "enum" and ("{" in d.text or "(*" in d.text)]
    return functions or types


def page(header: Header, group: Group, beside: list[str]) -> str:
    given = named(group)
    lines = [*head(given[0], 3), *names(given, group.comment or header.title)]
    lines += [".Sh SYNOPSIS", f".In edgebind/{header.name}"]
    for made in group.declarations:
        lines += _synopsis(made)
    lines.append(".Sh DESCRIPTION")
    text = list(paragraphs(group.comment)) if group.comment else []
    remarks = [d for d in group.declarations if d.remark]
    lines += text or ([] if remarks else list(sentences(header.title[:1].upper() + header.title[1:] + ".")))
    for made in remarks:
        lines += [".Pp"] if text or made is not remarks[0] else []
        lines += [f".Fn {made.name} :" if made.kind == "function" else f".Vt {made.name} :"]
        lines += sentences(made.remark + ("" if made.remark.endswith(".") else "."))
    if any(d.text.startswith("eb_status ") for d in group.of("function")):
        lines += [".Sh RETURN VALUES", "An", ".Vt eb_status ,", "whose values are listed in", ".Xr edgebind 3 ."]
    others = [name for name in beside if name not in given]
    see = [f".Xr {name} 3" for name in sorted([*others, "edgebind"])]
    return "\n".join([*lines, ".Sh SEE ALSO", *(f"{s} ," for s in see[:-1]), see[-1]]) + "\n"


def _synopsis(made: Declaration) -> list[str]:
    if made.kind != "function":
        return literal(made.text.split("\n"))
    bare = " ".join(re.sub(r"/\*.*?\*/", "", made.text, flags=re.S).split())
    found = re.match(r"(?P<result>.*?[ *])(?P<name>\w+)\s*\((?P<arguments>.*)\);$", bare)
    assert found, made.text
    lines = [f".Ft {_quoted(found['result'].strip())}", f".Fo {found['name']}"]
    depth, argument = 0, ""
    for letter in found["arguments"] + ",":
        depth += (letter == "(") - (letter == ")")
        if letter == "," and depth == 0:
            lines.append(f".Fa {_quoted(argument.strip())}")
            argument = ""
        else:
            argument += letter
    return [*lines, ".Fc"]


def _quoted(text: str) -> str:
    return f'"{text}"' if " " in text else text


def overview(all_headers: list[Header]) -> str:
    lines = [*head("edgebind", 3), *names(["edgebind"], "C bindings generated from OpenAPI documents")]
    lines += [".Sh SYNOPSIS", ".In edgebind/edgegap.h"]
    lines += literal(["cc main.c $(pkg-config --cflags --libs edgebind-edgegap)"])
    lines += [
        ".Sh DESCRIPTION",
        *paragraphs(
            "A program includes the generated header of an API and makes a client for it with eb_client_new. Each "
            "operation is a function that takes the client, parameters, a place for its result, and an eb_response. "
            "What it hands out lives in the response until that is freed or passed to another call.\n\n"
            "{ 0 } means nothing set, for every struct. Numbers and booleans in requests are EB_INT(3), EB_BOOL(true). "
            "A client serves any number of threads; a response and a pager belong to one at a time.\n\n"
            "Nothing is sent twice unseen. A call that is safe to repeat is repeated after a passing failure, any call "
            "after a throttled answer; one that is not, and that left without an answer, is EB_MAYBE_SENT."
        ),
    ]
    for header in all_headers:
        found = [name for group in headers.families(header) for name in named(group)]
        if not found:
            continue
        lines += [f".Ss edgebind/{header.name}", *sentences(header.title[:1].upper() + header.title[1:] + ".")]
        lines += [".Pp", *(f".Xr {name} 3 ," for name in found[:-1]), f".Xr {found[-1]} 3"]
    status = next(h for h in all_headers if h.name == "status.h")
    rows = [row for group in status.groups for d in group.declarations for row in headers.constants(d, status)]
    lines += [".Sh RETURN VALUES", ".Bl -tag -width EB_MAYBE_SENT"]
    for name, text in rows:
        lines += [f".It Dv {name}", escaped(text)]
    lines += [".El", ".Sh ENVIRONMENT", ".Bl -tag -width Ds", ".It Ev EDGEGAP_TOKEN", "The token of Edgegap."]
    lines += [
        ".It Ev ALIBABA_CLOUD_ACCESS_KEY_ID , ALIBABA_CLOUD_ACCESS_KEY_SECRET , ALIBABA_CLOUD_SECURITY_TOKEN",
        "The access key of Alibaba Cloud; the security token of a temporary one.",
        ".El",
        "Read once, by a client that is given no other credentials.",
        ".Sh EXAMPLES",
    ]
    example = (headers.ROOT / "tests/guides/first_call.c").read_text(encoding="utf-8")
    shown = [line for line in example.split("\n")[1:] if not re.fullmatch(r"\s*/\* \[/?\w+\] \*/", line)]
    lines += literal("\n".join(shown).strip("\n").split("\n"))
    return "\n".join([*lines, ".Sh SEE ALSO", ".Xr edgebind 1 ,", ".Xr eb_client_new 3"]) + "\n"


def library() -> dict[str, str]:
    """Every page of section 3, by its path; names beside the first of a family lead to it."""
    pages = {"man3/edgebind.3": overview(headers.public())}
    for header in [*headers.public(), *headers.contract()]:
        made = [group for group in headers.families(header) if named(group)]
        if header.name in headers.PRIVATE:
            made = [group for group in made if not SHARED.isdisjoint(named(group))]
        beside = [named(group)[0] for group in made]
        for group in made:
            first, *others = named(group)
            pages[f"man3/{first}.3"] = page(header, group, beside)
            pages |= {f"man3/{name}.3": f"{LINK}{first}.3" for name in others}
    return pages


# ---- The generator ---------------------------------------------------------------------------------------


def _options(parser: argparse.ArgumentParser) -> list[str]:
    lines: list[str] = []
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction | argparse._HelpAction):
            continue
        said = (action.help or "") % {"default": action.default} if action.help else ""
        value = action.metavar or (action.dest.upper() if action.nargs != 0 else "")
        if action.choices:
            value = " | ".join(map(str, action.choices))
        given = " , ".join(f"Fl {option.removeprefix('-')}" for option in action.option_strings)
        shown = f"{given} Ar {value}" if given and value else given or f"Ar {action.metavar or action.dest}"
        lines += [f".It {_hyphens(shown)}", *sentences(said[:1].upper() + said[1:] + ".")]
    return [".Bl -tag -width Ds", *lines, ".El"] if lines else []


def _hyphens(text: str) -> str:
    return text.replace("-", "\\-")


def command() -> str:
    parser = cli_parser.parser()
    (commands,) = (a for a in parser._actions if isinstance(a, argparse._SubParsersAction))
    lines = [*head("edgebind", 1), *names(["edgebind"], "C that people want to use from OpenAPI documents")]
    lines += [".Sh SYNOPSIS", ".Nm", ".Fl \\-version"]
    for name in commands.choices:
        lines += [".Nm", f".Cm {name}", ".Op Ar argument ..."]
    lines += [".Sh DESCRIPTION", *sentences(parser.description or ""), "The commands are:"]
    about = {action.dest: action.help or "" for action in commands._choices_actions}
    for name, one in commands.choices.items():
        lines += [f".Ss {name}", *sentences(about[name][:1].upper() + about[name][1:] + ".")]
        prose, _, examples = (one.epilog or "").partition("examples:\n")
        options = _options(one)
        lines += options
        if prose.strip():
            lines += [".Pp", *sentences(prose)]
        examples = re.sub(r"\n\nexit status:.*", "", examples, flags=re.S)
        if examples.strip():
            lines += [".Pp", "For instance:", *literal(line[2:] for line in examples.rstrip().split("\n"))]
    status = (parser.epilog or "").partition("exit status:\n")[2]
    lines += [".Sh FILES", ".Bl -tag -width Ds", ".It Pa names.lock"]
    lines += sentences(
        "Beside a document or a catalog: every C name, so that a later document cannot rename what programs use."
    )
    lines.append(".It Pa MANIFEST.json")
    lines += sentences("Beside generated code: what was generated, from what, with the hash of each file.")
    lines += [".El", ".Sh EXIT STATUS", ".Bl -tag -width Ds"]
    for number, text in re.findall(r"^  (\d)  (.*)$", status, re.M):
        lines += [f".It {number}", *sentences(text[:1].upper() + text[1:] + ".")]
    return "\n".join([*lines, ".El", ".Sh SEE ALSO", ".Xr edgebind 3"]) + "\n"


def pages() -> dict[str, str]:
    return library() | {"man1/edgebind.1": command()}


def main() -> int:
    made = pages()
    stale = {str(p.relative_to(MAN)) for p in MAN.glob("man*/*.[13]") if _ours(p)} - set(made)
    if "--check" in sys.argv[1:]:
        wrong = {name for name, text in made.items() if _there(MAN / name) != text} | stale
        for name in sorted(wrong):
            print(f"runtime/man/{name}: out of date; run make man", file=sys.stderr)
        return 1 if wrong else 0
    for name, text in made.items():
        path = MAN / name
        if _there(path) == text:
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        if text.startswith(LINK):
            path.symlink_to(text.removeprefix(LINK))
        else:
            path.write_text(text, encoding="utf-8")
    for name in stale:
        (MAN / name).unlink()
    return 0


def _there(path: Path) -> str | None:
    if path.is_symlink():
        return f"{LINK}{path.readlink()}"
    return path.read_text(encoding="utf-8") if path.is_file() else None


def _ours(path: Path) -> bool:
    return path.is_symlink() or "runtime/docs/tool/man.py" in path.read_text(encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
