"""The reference of an API in Markdown: an overview, a page per operation and type, one for the errors. IR in, text
out."""

from __future__ import annotations

from .docs_operation import operation_page
from .docs_text import Links, cell, choices_table, code, members_table, table, users
from .emit_common import generator, in_order, scheme_words, template, ways
from .ir import Api, EnumType, Operation, Struct, Union


def docs(api: Api) -> dict[str, str]:
    """Pages by their path below docs/."""
    types, _ = in_order(api.types)
    structs = [t for t in types if isinstance(t, Struct)]
    used = users(api)
    source = f"{api.document} (sha256 {api.sha256})"
    pages = {f"{api.header}.md": _page(api, api.title, _overview(api, structs), source)}
    inside = Links(api, inside=True)
    for operation in api.operations:
        pages[f"{api.header}/{operation.name}.md"] = _page(api, operation.name, operation_page(api, inside, operation))
    for struct in structs:
        pages[f"{api.header}/{struct.name}.md"] = _page(api, struct.name, _struct(inside, struct, *used[struct.name]))
    for enum in api.enums:
        pages[f"{api.header}/{enum.name}.md"] = _page(api, enum.name, _enum(inside, enum, *used[enum.name]))
    if api.errors.codes:
        pages[f"{api.header}/errors.md"] = _page(
            api, f"Errors of {api.title}", _errors(api, inside, api.errors.codes)
        )
    return pages


def _page(api: Api, title: str, parts: list[str], source: str = "") -> str:
    return template("reference.md.tmpl").substitute(
        title=title,
        generator=generator(),
        source=source or api.document,
        body="\n\n".join(p for p in parts if p.strip()),
    )


def _servers(api: Api) -> list[str]:
    """The servers that can be chosen, and the variables of all of them."""
    parts = []
    if api.server.url.startswith("/"):
        parts.append(
            "The document names no host: the client wants a `base_url`"
            + (f", which ends in `{api.server.url}`." if api.server.url != "/" else ".")
        )
    if api.choices:
        rows = [[f"`{c.name}`", f"`{c.server.url}`", cell(c.server.doc)] for c in api.choices]
        parts.append("Client option `.server` chooses one of:")
        parts.append(table(["constant", "server", "meaning"], rows))
    variables = {v.name: v for c in api.choices for v in c.server.variables} | {v.name: v for v in api.server.variables}
    if variables:
        rows = [
            [f"`{v.name}`", "the caller" if v.fallback is None else f"`{v.fallback}` unless given", cell(v.doc)]
            for v in variables.values()
        ]
        parts.append(table(["variable", "given by", "meaning"], rows))
    return parts


def _credentials(api: Api) -> list[str]:
    """Where credentials come from; for several schemes a table, and what operations demand unless they say."""
    if api.auth:
        env = [e for e in (api.auth.env_id, api.auth.env_secret, api.auth.env_token) if e]
        return [
            "Credentials"
            + (
                f" come from {', '.join(f'`{e}`' for e in env)} unless the client is given others."
                if env
                else " are given to the client."
            )
            + (f" {api.auth.doc}" if api.auth.doc else "")
        ]
    if not api.schemes:
        return []
    rows = []
    for scheme in api.schemes:
        what, made_by = scheme_words(scheme)
        env = [f"`{e}`" for e in (scheme.env_id, scheme.env_secret, scheme.env_token) if e]
        made_by = f"`{made_by}`" if "," not in made_by and " " not in made_by else made_by
        rows.append([f"`{scheme.scheme}`", what, made_by, ", ".join(env), cell(scheme.doc)])
    usual = f"Operations that say nothing else want {ways(api.security)}." if api.security else (
        "Only operations that say so want credentials."
    )  # fmt: skip
    return [
        f"Security schemes; several at once are given with `EB_CREDENTIALS` and `eb_credentials_for`. {usual}",
        table(["scheme", "what it is", "credentials", "environment", "meaning"], rows),
    ]


def _overview(api: Api, structs: list[Struct]) -> list[str]:
    links = Links(api, inside=False)
    parts = [
        f"Header `edgebind/{api.header}.h`. How calls, values and memory work is said in `edgebind/edgebind.h` and the "
        "headers it names.",
        api.doc,
        f"Version {api.version} of the API; client option `.api = &{api.name}_api`. Server: `{api.server.url}`"
        + (f". {api.server.doc}" if api.server.doc else "."),
    ]
    parts += _servers(api) + _credentials(api)
    parts += ["## Operations", _operations(links, api.operations)]
    if structs:
        rows = [[links.page(s.name), cell(_first(s.doc))] for s in structs]
        parts += ["## Types", table(["type", "what it is"], rows)]
    if api.enums:
        rows = [[links.page(e.name), cell(_first(e.doc))] for e in api.enums]
        parts += ["## Enumerations", table(["type", "what it is"], rows)]
    if api.errors.codes:
        many = len(api.errors.codes.values)
        parts += [
            "## Errors",
            f"`{api.errors.codes.name}_of(&response)` gives the constant for `response.code`: "
            f"[{many} of them, each with what to do]({api.header}/errors.md).",
        ]
    return parts


def _operations(links: Links, operations: tuple[Operation, ...]) -> str:
    return table(
        ["operation", "request", "what it does"],
        [[links.page(o.name), f"{o.method} `{o.action or o.path}`", cell(o.summary)] for o in operations],
    )


def _first(text: str) -> str:
    """The first sentence."""
    head, stop, _ = " ".join(text.split()).partition(". ")
    return head + (stop and ".")


def _used(links: Links, operations: list[Operation], structs: list[Struct]) -> str:
    names = [o.name for o in operations] + [s.name for s in structs]
    return "Used by " + ", ".join(links.page(name) for name in names) + "." if names else ""


def _struct(links: Links, made: Struct, operations: list[Operation], structs: list[Struct]) -> list[str]:
    functions = [f"`{made.name}_{does}`" for does in ("print", "equal", "dup")]
    if isinstance(made, Union):
        shown = choices_table(links, made)
    else:
        shown = members_table(links, made.fields) if made.fields else "It has no members."
    if made.plain:
        functions = [f"`{made.name}_{does}`" for does in ("to_json", "from_json")] + functions
    return [
        f"A type of [{links.api.title}]({links.overview}).",
        made.doc,
        shown,
        f"Functions: {', '.join(functions)}." + (f" `&{made.name}_null` is null." if made.nullable else ""),
        _used(links, operations, structs),
    ]


def _enum(links: Links, made: EnumType, operations: list[Operation], structs: list[Struct]) -> list[str]:
    upper = made.name.upper()
    beside = "number" if made.integer else "text"
    documented = any(v.doc for v in made.values)
    rows = [[f"`{v.name}`", f"`{v.text}`", *([cell(v.doc)] if documented else [])] for v in made.values]
    return [
        f"An enumeration of [{links.api.title}]({links.overview}).",
        made.doc,
        table(["constant", "on the wire", *(["meaning"] if documented else [])], rows),
        f"It is open: `{upper}_UNSET` (0) is absent, `{upper}_NULL` is null, and a value that nobody documented is "
        f"`{upper}_OTHER` with the {beside} in the member beside it.",
        _used(links, operations, structs),
    ]


def _errors(api: Api, links: Links, made: EnumType) -> list[str]:
    parts = [
        f"The codes of [{api.title}]({links.overview}). `{made.name}_of(&response)` gives the constant for "
        f"`response.code`; `{made.name.upper()}_OTHER` is a code that is not documented, `{made.name.upper()}_UNSET` "
        "none at all.",
        code(
            [
                f"switch ({made.name}_of(&response)) {{",
                f"case {made.values[0].name}:" if made.values else "default:",
                "    ...",
            ]
        ),
    ]
    given: dict[str, dict[str, list[str]]] = {}
    for operation in api.operations:
        for answer in operation.answers:
            for known in answer.codes:
                given.setdefault(known, {}).setdefault(answer.status, []).append(operation.name)
    for value in made.values:
        places = given.get(value.text, {})
        whole = len(api.operations) > 1
        said = [
            f"HTTP {status} of "
            + (
                "every operation"
                if whole and len(names) == len(api.operations)
                else ", ".join(links.page(n) for n in names)
            )
            for status, names in places.items()
        ]
        parts += [f"### {value.name}", f"`{value.text}`. {value.doc}", "; ".join(said) + "." if said else ""]
    return parts
