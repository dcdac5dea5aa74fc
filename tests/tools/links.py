"""Every link leads somewhere: in the Markdown pages of the repository, and in the site that `make docs` made of them,
whose pages also hold no id twice and load nothing from elsewhere.

    links.py build/docs
"""

from __future__ import annotations

import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

from readme import ROOT, dead_links

FOLDERS = ("generator", "generated", "runtime", "spec", "tests")


class Page(HTMLParser):
    """The ids of a page, its links, and what it loads."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.loads: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        self.loads += [given[name] for name in ("src", "href") if name in given and tag != "a"]


def dead_in_site(out: Path) -> list[str]:
    pages = {path: Page(path.read_text(encoding="utf-8")) for path in out.rglob("*.html")}
    problems = [] if pages else [f"{out}: no pages; run make docs"]
    for path, page in pages.items():
        where = path.relative_to(out)
        problems += [f"{where}: id {one} twice" for one in {i for i in page.ids if page.ids.count(i) > 1}]
        problems += [
            f"{where}: loads {one}"
            for one in page.loads
            if not one.startswith("data:,") and (":" in one or not (path.parent / one).is_file())
        ]
        for link in page.links:
            target, _, fragment = link.partition("#")
            if target.startswith(("https:", "http:")):
                continue
            file = (path.parent / unquote(target)).resolve() if target else path.resolve()
            there = pages.get(out / file.relative_to(out.resolve())) if file.is_relative_to(out.resolve()) else None
            if there is None or (fragment and fragment not in there.ids):
                problems.append(f"{where}: nothing at {link}")
    return problems


def main() -> int:
    pages = [*ROOT.glob("*.md"), *(page for folder in FOLDERS for page in (ROOT / folder).rglob("*.md"))]
    problems = [f"{page.relative_to(ROOT)}: nothing at {link}" for page in pages for link in dead_links(page)]
    problems += dead_in_site(Path(sys.argv[1]))
    print("\n".join(sorted(set(problems))) or f"{len(pages)} pages and the site: every link leads somewhere")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
