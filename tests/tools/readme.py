"""Keeps README.md and the guides of runtime/docs/ true: what they show is what tests/ compiles and runs, and links lead
somewhere.

A block that comes right after a line `<!-- tests/examples/quickstart.c -->` shows that file, or, after
`<!-- tests/examples/quickstart.c#retry -->`, the part of it between `/* [retry] */` and `/* [/retry] */`, in YAML
between `# [retry]` and `# [/retry]`. Without arguments this reports what differs; with --write it pastes.
"""

from __future__ import annotations

import re
import sys
import textwrap
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PASTED = [ROOT / "README.md", *sorted((ROOT / "runtime/docs").glob("*.md"))]

BLOCK = re.compile(
    r"(?P<head><!-- (?P<path>[\w./-]+?)(?:#(?P<part>[\w-]+))? -->\n```(?:c|yaml|json)\n).*?(?P<tail>^```$)", re.S | re.M
)
MARK = re.compile(r"^[ \t]*(?:/\*|#) \[/?[\w-]+\](?: \*/)?\n", re.M)
LINK = re.compile(r"\[[^\]]*\]\((?P<target>[^)\s]+)\)")
FENCED = re.compile(r"^```.*?^```$", re.S | re.M)


def shown(path: str, part: str | None) -> str:
    """The text of a file, or of one part of it, as a page shows it."""
    text = (ROOT / path).read_text(encoding="utf-8")
    if part:
        mark = r"^[ \t]*(?:/\*|#) \[{}\](?: \*/)?\n"
        found = re.search(mark.format(part) + "(.*?)" + mark.format("/" + part), text, re.S | re.M)
        if not found:
            raise LookupError(f"{path} has no part {part}")
        text = textwrap.dedent(found[1])
    return MARK.sub("", text)


def pasted(page: str) -> str:
    return BLOCK.sub(lambda found: found["head"] + shown(found["path"], found["part"]) + found["tail"], page)


def anchor(heading: str) -> str:
    """What a forge makes of a heading: `## What it is` is #what-it-is."""
    return re.sub(r"[^\w\- ]", "", heading.replace("`", "").lower()).strip().replace(" ", "-")


def dead_links(page: Path) -> list[str]:
    text = FENCED.sub("", page.read_text(encoding="utf-8"))
    dead = []
    for found in LINK.finditer(text):
        target, _, fragment = found["target"].partition("#")
        if re.match(r"[a-z]+:", target):
            continue
        file = page if not target else page.parent / target
        if not file.exists():
            dead.append(found["target"])
        elif fragment and file.suffix == ".md":
            headings = re.findall(r"^#+ (.+)$", FENCED.sub("", file.read_text(encoding="utf-8")), re.M)
            if fragment not in map(anchor, headings):
                dead.append(found["target"])
    return dead


def main() -> int:
    problems = []
    for page in PASTED:
        name, before = str(page.relative_to(ROOT)), page.read_text(encoding="utf-8")
        try:
            after = pasted(before)
        except (LookupError, OSError) as problem:
            problems.append(f"{name}: {problem}")
            continue
        if after != before:
            if "--write" in sys.argv[1:]:
                page.write_text(after, encoding="utf-8")
            else:
                problems.append(f"{name} differs from what it shows: run make readme")
    for page in {*PASTED, *ROOT.glob("*.md"), *ROOT.glob("*/*.md"), *ROOT.glob("tests/**/README.md")}:
        problems += [f"{page.relative_to(ROOT)}: nothing at {target}" for target in dead_links(page)]
    print("\n".join(sorted(set(problems))))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
