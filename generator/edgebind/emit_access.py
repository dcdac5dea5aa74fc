"""The rows for security schemes, what operations demand of them, and servers. IR in, text out."""

from __future__ import annotations

from .emit_common import place, texts
from .ir import Api, Auth, Server
from .names import snake
from .text import c_string, columns


def _cells(auth: Auth) -> list[tuple[str, str]]:
    cells = [("kind", auth.kind)]
    cells += [
        (k, c_string(v))
        for k, v in (
            ("header", auth.header),
            ("prefix", auth.prefix),
            ("env_id", auth.env_id),
            ("env_secret", auth.env_secret),
            ("env_token", auth.env_token),
            ("acs_version", auth.acs_version),
            ("scheme", auth.scheme),
            ("token_url", auth.token_url),
            ("scope", auth.scope),
        )
        if v is not None
    ]
    return cells + ([("in_body", "true")] if auth.in_body else [])


def auth_rows(api: Api) -> str:
    """The security schemes: one by itself where it is all there is, else a table, and what each operation demands."""
    if api.auth is not None:
        cells = _cells(api.auth)
        rows = columns([(f"    .{k}", f" = {v},") for k, v in cells])
        return "\n".join([f"static const eb_auth {api.name}_auth = {{", *rows, "};"])
    if not api.schemes:
        return f"static const eb_auth {api.name}_auth = {{ .kind = EB_AUTH_NONE }};"
    lines = ["static const eb_auth schemes[] = {"]
    for scheme in api.schemes:
        cells = _cells(scheme)
        lines += ["    {", *columns([(f"        .{k}", f" = {v},") for k, v in cells]), "    },"]
    return "\n".join([*lines, "};"])


def security_rows(api: Api) -> list[str]:
    lines = []
    for ways, name in api.securities.items():
        if not ways:
            lines.append(f"static const eb_security {name} = {{ NULL, 0 }};")
            continue
        texts = [" | ".join(f"1u << {i}" for i in range(way.bit_length()) if way >> i & 1) or "0" for way in ways]
        lines.append(f"static const uint32_t {name}_ways[] = {{ {', '.join(texts)} }};")
        lines.append(f"static const eb_security {name} = {{ {name}_ways, EB_COUNT_({name}_ways) }};")
    return ["\n".join(lines)] if lines else []


def variable_rows(name: str, server: Server) -> list[str]:
    if not server.variables:
        return []
    stem = "variable" if name == "variables" else name.replace("_variables", "_variable")
    lines, rows = [], []
    for variable in server.variables:
        values = f"{stem}_{snake(variable.name)}"
        lines += texts(values, variable.values)
        rows.append(
            f"    {{ {c_string(variable.name)}, {c_string(variable.fallback)}, "
            f"{values if variable.values else 'NULL'} }},"
        )
    return [*lines, f"static const eb_server_variable {name}[] = {{", *rows, "};"]


def server_rows(api: Api) -> list[str]:
    blocks = []
    for server, name in api.own_servers.items():
        rows = variable_rows(f"{name}_variables", server)
        variables = f"{name}_variables, EB_COUNT_({name}_variables)" if server.variables else "NULL, 0"
        line = f"static const eb_server {name} = {{ {c_string(server.url)}, {variables} }};"
        blocks.append("\n".join([place(server.where), *rows, line]))
    return blocks


def choice_rows(api: Api) -> list[str]:
    """The table of several servers, by their numbers."""
    if not api.choices:
        return []
    by_number = {choice.number: choice.server for choice in api.choices}
    lines: list[str] = []
    rows = []
    for number in range(1, max(by_number) + 1):
        server = by_number.get(number)
        if server is None:
            rows.append("    { NULL, NULL, 0 },")
            continue
        name = "variables" if server == api.server else f"choice_{number}_variables"
        lines += [] if server == api.server else variable_rows(name, server)
        variables = f"{name}, EB_COUNT_({name})" if server.variables else "NULL, 0"
        rows.append(f"    {{ {c_string(server.url)}, {variables} }},")
    return [*lines, "static const eb_server servers[] = {", *rows, "};"]
