"""The documentation as a small static site: every page of the repository that is Markdown, a page per public header,
and the programs that pages point to. It needs no server and no network: `make docs`, then open build/docs/index.html.

    site.py OUT
"""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import headers
from jinja2 import Environment, FileSystemLoader, select_autoescape
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name, get_lexer_for_filename
from pygments.util import ClassNotFound

ROOT = headers.ROOT
THEME = Path(__file__).resolve().parent / "theme"
REFERENCE = "generated/docs/"
GUIDES = "runtime/docs/"
PAGES = ["README.md", "CHANGELOG.md", "spec/EXTENSIONS.md", "generator/README.md", "runtime/SECURITY.md"]
FORMATTER = HtmlFormatter(nowrap=True)
KINDS = {"operation": 0, "guide": 1, "function": 1, "type": 2, "page": 2, "error": 3, "macro": 3}


@dataclass
class Page:
    source: str                 # "runtime/docs/paging.md"
    path: str                   # "runtime/docs/paging.html", below the site
    title: str
    kind: str                   # operation, type, error, guide, header, page, source
    summary: str = ""
    body: str = ""
    nav: str = ""               # which part of the navigation it belongs to
    headings: list[tuple[str, str]] = field(default_factory=list)  # (anchor, text) of its sections


@dataclass(frozen=True)
class Symbol:
    name: str                   # "eb_client_new"
    address: str                # "headers/client.html#eb_client_new"
    kind: str
    summary: str


class Site:
    def __init__(self) -> None:
        self.pages: dict[str, Page] = {}      # by source
        self.symbols: dict[str, Symbol] = {}  # by C name
        self.wanted: list[str] = []           # sources that a page points to
        self._markdown = MarkdownIt("commonmark", {"highlight": self._code}).enable("table")

    # ---- What there is -------------------------------------------------------------------------------------

    def gather(self) -> None:
        guides = [str(p.relative_to(ROOT)) for p in sorted((ROOT / GUIDES).glob("*.md"))]
        reference = [str(p.relative_to(ROOT)) for p in sorted((ROOT / REFERENCE).rglob("*.md"))]
        tests = [str(p.relative_to(ROOT)) for p in sorted((ROOT / "tests").glob("*/README.md"))]
        for source in [*PAGES, *guides, *reference, *tests]:
            self._add_page(source)
        for header in headers.public():
            self._add_header(header)

    def _add_page(self, source: str) -> None:
        text = (ROOT / source).read_text(encoding="utf-8")
        found = re.search(r"^# (.+)$", text, re.M)
        title = found[1].strip("`") if found else Path(source).stem
        path = re.sub(r"(^|/)README\.md$", r"\1index.md", source).removesuffix(".md") + ".html"
        page = Page(source, path, title, "page", _summary(text), nav=source)
        if source.startswith(GUIDES):
            page.kind = "guide"
        if source.startswith(REFERENCE):
            page.nav = REFERENCE + source.removeprefix(REFERENCE).partition("/")[0].removesuffix(".md")
            page.kind = "operation" if "\n## Sample\n" in text else "type" if source.count("/") > 2 else "page"
            if source.endswith("/errors.md"):
                page.kind = "page"
                self._add_errors(page, text)
            elif page.kind in ("operation", "type"):
                self.symbols[title] = Symbol(title, path, page.kind, page.summary)
                self._add_constants(page, text)
        self.pages[source] = page

    def _add_errors(self, page: Page, text: str) -> None:
        for name, said in re.findall(r"^### (\w+)\n\n(.+)$", text, re.M):
            self.symbols[name] = Symbol(name, f"{page.path}#{name.lower()}", "error", _plain(said))

    def _add_constants(self, page: Page, text: str) -> None:
        if "\nAn enumeration of" in text:
            for name, wire in re.findall(r"^\| `(\w+)` \| `(.*?)`", text, re.M):
                self.symbols[name] = Symbol(name, page.path, "constant", f"{wire}, {page.title}")
        for name in re.findall(rf"^eb_status ({page.title}_\w+)\(", text, re.M):
            self.symbols[name] = Symbol(name, page.path, "operation", page.summary)

    def _add_header(self, header: headers.Header) -> None:
        source = f"runtime/include/edgebind/{header.name}"
        path = f"headers/{header.name}.html"
        page = Page(source, path, f"edgebind/{header.name}", "header", header.title, nav=source)
        self.pages[source] = page
        for group in header.groups:
            for made in group.declarations:
                said = _plain(made.remark or group.comment or header.title)
                at = f"{page.path}#{made.name}"
                self.symbols[made.name] = Symbol(made.name, at, made.kind, said)
                for name, meaning in headers.constants(made, header):
                    self.symbols[name] = Symbol(name, at, "constant", meaning or made.name)

    # ---- How it is written ---------------------------------------------------------------------------------

    def render(self) -> None:
        for page in list(self.pages.values()):
            if page.kind == "header":
                page.body = self._header_body(page)
            else:
                page.body = self._markdown_body(page)
        for source in self.wanted:
            if source not in self.pages:
                page = Page(source, f"files/{source}.html", source, "source", nav="")
                self.pages[source] = page
                code = (ROOT / source).read_text(encoding="utf-8")
                shown = self._linked(self._highlighted(code, source), page.path)
                page.body = f"<h1>{html.escape(source)}</h1>\n<pre tabindex=\"0\"><code>{shown}</code></pre>\n"

    def _markdown_body(self, page: Page) -> str:
        text = (ROOT / page.source).read_text(encoding="utf-8")
        text = re.sub(r"^<!--.*?-->\n", "", text, flags=re.S | re.M)
        if page.kind == "operation":  # names in what is said of its behaviour are code too
            text = re.sub(
                r"^- .*$", lambda line: re.sub(r"(?<![\w`])\w+_\w+(?![\w`])", self._as_code, line[0]), text, flags=re.M
            )
        tokens = self._markdown.parse(text)
        self._headings(page, tokens)
        for token in tokens:
            for inner in token.children or []:
                if inner.type == "link_open":
                    href = str(inner.attrs["href"])
                    address = self._address(page, href)
                    inner.attrs["href"] = address or "#"
        made = self._markdown.renderer.render(tokens, self._markdown.options, {})
        made = re.sub(r'<a href="#">(.*?)</a>', r"\1", made)
        made = re.sub(r"<table>(.*?)</table>", _scrolling, made, flags=re.S)
        made = made.replace("<pre>", '<pre tabindex="0">')
        return self._linked(made, page.path)

    def _as_code(self, found: re.Match[str]) -> str:
        return f"`{found[0]}`" if found[0] in self.symbols else found[0]

    def guides_for(self, page: Page) -> list[Page]:
        """What to read besides the page of an operation."""
        if page.kind != "operation":
            return []
        wanted = ["errors-and-retries", "cancelling"]
        wanted += ["paging"] if "_pager" in page.body else []
        wanted += ["uploading"] if "eb_body" in page.body else []
        return [self.pages[f"{GUIDES}{name}.md"] for name in ["first-call", *wanted]]

    def _headings(self, page: Page, tokens: list[Token]) -> None:
        for at, token in enumerate(tokens):
            if token.type == "heading_open":
                said = tokens[at + 1]
                anchor = re.sub(r"[^\w\- ]", "", said.content.replace("`", "").lower()).strip().replace(" ", "-")
                token.attrs["id"] = anchor
                if token.tag == "h2":
                    page.headings.append((anchor, said.content.replace("`", "")))

    def _address(self, page: Page, href: str) -> str | None:
        """Where a link of the repository leads in the site; None where nothing is shown of it."""
        if re.match(r"[a-z]+:", href):
            return href
        target, _, fragment = href.partition("#")
        source = os.path.normpath(os.path.join(os.path.dirname(page.source), target)) if target else page.source
        fragment = f"#{fragment}" if fragment else ""
        if source not in self.pages:
            for name in (f"{source}/README.md", source.replace("generated/include/edgebind/", REFERENCE)[:-2] + ".md"):
                if name in self.pages:
                    source = name
        if source not in self.pages and (ROOT / source).is_file():
            self.wanted.append(source)
            return _relative(f"files/{source}.html", page.path)
        return _relative(self.pages[source].path, page.path) + fragment if source in self.pages else None

    def _header_body(self, page: Page) -> str:
        header = headers.read(ROOT / page.source)
        made = [f"<h1>{html.escape(page.title)}</h1>", f"<p>{html.escape(_sentence(header.title))}</p>"]
        made.append(_comment(header.comment))
        for group in header.groups:
            first = group.declarations[0]
            names = ", ".join(d.name for d in group.declarations[:6])
            page.headings.append((first.name, names))
            made.append(f'<section aria-labelledby="{first.name}">')
            titles = "".join(f'<span id="{d.name}">{html.escape(d.name)}</span> ' for d in group.declarations)
            made.append(f"<h2>{titles.strip()}</h2>")
            code = "\n".join(d.text + (f" /* {d.remark} */" if d.remark else "") for d in group.declarations)
            made.append(f'<pre tabindex="0"><code>{self._highlighted(code, "x.c")}</code></pre>')
            made.append(_comment(group.comment))
            made.append("</section>")
        return self._linked("\n".join(part for part in made if part), page.path)

    def _code(self, code: str, language: str, attributes: str) -> str:
        try:
            return highlight(code, get_lexer_by_name(language), FORMATTER) if language else ""
        except ClassNotFound:
            return ""

    def _highlighted(self, code: str, name: str) -> str:
        try:
            return str(highlight(code, get_lexer_for_filename(name), FORMATTER))
        except ClassNotFound:
            return html.escape(code)

    def _linked(self, text: str, path: str) -> str:
        """C names in code lead to where they are explained; not inside links, nor to where they stand."""

        def link(found: re.Match[str]) -> str:
            symbol = self.symbols.get(found["name"])
            if symbol is None or symbol.address.partition("#")[0] == path:
                return found[0]
            address = _relative(symbol.address, path)
            return f'{found["open"]}<a href="{address}">{found["name"]}</a>{found["close"]}'

        pieces = re.split(r"(<a .*?</a>)", text, flags=re.S)
        name = r"(?P<name>[A-Za-z]\w+)"
        for i in range(0, len(pieces), 2):
            pieces[i] = re.sub(rf"(?P<open><code>){name}(?P<close>\(?\)?</code>)", link, pieces[i])
            pieces[i] = re.sub(rf'(?P<open><span class="(?:n|nf|kt)">){name}(?P<close></span>)', link, pieces[i])
        return "".join(pieces)

    # ---- Search and navigation -----------------------------------------------------------------------------

    def index(self) -> list[list[Any]]:
        """What can be searched for: [title, kind, address, summary], the most wanted first."""
        rows: list[list[Any]] = [
            [s.name, s.kind, s.address, s.summary] for s in self.symbols.values() if s.kind != "source"
        ]
        for page in self.pages.values():
            if page.kind in ("guide", "page", "header"):
                rows.append([page.title, "page" if page.kind != "guide" else "guide", page.path, page.summary])
                if page.kind != "header":
                    rows += [[text, "section", f"{page.path}#{at}", page.title] for at, text in page.headings]
        return sorted(rows, key=lambda row: (KINDS.get(row[1], 4), row[0]))

    def navigation(self) -> list[tuple[str, list[Page]]]:
        guides = (ROOT / GUIDES / "README.md").read_text(encoding="utf-8")
        order = [GUIDES + name for name in re.findall(r"^\| \[.*?\]\((.*?\.md)\)", guides, re.M)]
        apis = [p for p in self.pages.values() if re.fullmatch(REFERENCE + r"[\w-]+\.md", p.source)]
        return [
            ("Guides", [self.pages[source] for source in order]),
            ("Reference", apis),
            ("Headers", [p for p in self.pages.values() if p.kind == "header"]),
            ("More", [self.pages[s] for s in self.pages if s in PAGES[1:] or re.fullmatch(r"tests/\w+/README\.md", s)]),
        ]


def _relative(target: str, page: str) -> str:
    target, mark, fragment = target.partition("#")
    return os.path.relpath(target, os.path.dirname(page) or ".") + mark + fragment


def _plain(text: str) -> str:
    """One line without marks, cut at a sentence."""
    text = re.sub(r"\[(.*?)\]\(.*?\)", r"\1", " ".join(text.split())).replace("`", "")
    return text if len(text) <= 140 else text[:140].rpartition(" ")[0] + " …"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")


def _summary(text: str) -> str:
    """The first paragraph behind the title."""
    paragraphs = [p for p in re.sub(r"^<!--.*?-->\n", "", text, flags=re.S | re.M).split("\n\n") if p.strip()]
    plain = [p for p in paragraphs if not re.match(r"\s*(#|\||```|    |- |An? (type|enumeration) of )", p)]
    return _plain(plain[0]) if plain else ""


def _scrolling(found: re.Match[str]) -> str:
    """A table that scrolls by itself; on a phone its rows are cards, whose cells say what their column is called. The
    roles are said because such a layout would take them away."""
    titles = [re.sub("<.*?>", "", title) for title in re.findall(r"<th>(.*?)</th>", found[1], re.S)]

    def row(made: re.Match[str]) -> str:
        cells = iter(titles)
        return re.sub(r"<td>", lambda _: f'<td role="cell" data-title="{html.escape(next(cells, ""))}">', made[0])

    rows = re.sub(r"<tr>.*?</tr>", row, found[1], flags=re.S)
    rows = rows.replace("<tr>", '<tr role="row">').replace("<th>", '<th role="columnheader">')
    return (
        '<div class="table" role="region" aria-label="Table" tabindex="0">'
        f'<table role="table">{rows}</table></div>'
    )


def _comment(text: str) -> str:
    """A header's comment: paragraphs, and what is indented as code."""
    made = []
    for part in re.split(r"\n\n+|\n(?=    )|(?<=\n)(?<!    )(?=\S)(?<=    )", text):
        if not part.strip():
            continue
        if part.startswith("    "):
            made.append(f'<pre tabindex="0"><code>{html.escape(part)}</code></pre>')
        else:
            shown = re.sub(r"`(.*?)`", r"<code>\1</code>", html.escape(part, quote=False))
            shown = re.sub(r"\b(eb_\w+|EB_\w+)\b(?![^<]*</code>)", r"<code>\1</code>", shown)
            made.append(f"<p>{shown}</p>")
    return "\n".join(made)


def styles() -> Iterator[str]:
    """Colours of code, light and dark."""
    yield HtmlFormatter(style="xcode").get_style_defs("pre")  # type: ignore[no-untyped-call]
    dark = HtmlFormatter(style="github-dark").get_style_defs("pre")  # type: ignore[no-untyped-call]
    yield "@media (prefers-color-scheme: dark) {\n" + dark + "\n}"


def write(out: Path) -> int:
    site = Site()
    site.gather()
    site.render()
    environment = Environment(
        loader=FileSystemLoader(THEME), autoescape=select_autoescape(), trim_blocks=True, lstrip_blocks=True
    )
    template = environment.get_template("page.html")
    if out.exists():
        shutil.rmtree(out)
    for page in site.pages.values():
        file = out / page.path
        file.parent.mkdir(parents=True, exist_ok=True)
        text = template.render(
            page=page,
            body=Markup(page.body),
            navigation=site.navigation(),
            to=lambda path, page=page: _relative(path, page.path),
            guides=site.guides_for(page),
            within=[p for p in site.pages.values() if p.nav == page.nav and p.kind == "operation"],
        )
        file.write_text(text, encoding="utf-8")
    for name in ("style.css", "search.js"):
        shutil.copy(THEME / name, out / name)
    (out / "code.css").write_text("\n".join(styles()) + "\n", encoding="utf-8")
    index = json.dumps(site.index(), ensure_ascii=False, separators=(",", ":"))
    (out / "index.js").write_text(f"window.searchIndex = {index};\n", encoding="utf-8")
    return len(site.pages)


if __name__ == "__main__":
    destination = Path(sys.argv[1])
    print(f"{write(destination)} pages: {destination}/index.html")
