"""Pages as other houses tell of them: in one extension, in marks here and there, or in a link of OpenAPI's own.

What says it all in one place is a row of aliases.TABLE. The rest is put together here, operation by operation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from .foreign import Foreign, LeftAloneError, Ours, RootRow, Row, text
from .load import Document, Value, escape, join, unescape

MARK = "x-stainless-pagination-property"
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
JSON = re.compile(r"[^/;]+/([^/;]+\+)?json\b(?!-)(;.*)?", re.IGNORECASE)
DEPTH = 6  # how far down an answer marks are looked for
BACK = re.compile(r"(prev|first|last|self)", re.IGNORECASE)


def pointer(path: Value) -> str:
    """$.data.items, $response.data.items or $response.body#/data/items as /data/items; $ and $response as the whole."""
    found = re.fullmatch(r"\$(?:response)?((?:\.[\w-]+)*)", text(path))
    if found:
        return found[1].replace(".", "/")
    found = re.fullmatch(r"\$response\.body(?:#(/.+))?", text(path))
    if not found:
        raise ValueError
    return found[1] or ""


def query(path: Value) -> str:
    """$request.cursor or $request.query.cursor as cursor."""
    found = re.fullmatch(r"\$request\.(?:query\.)?([\w-]+)", text(path))
    if not found:
        raise ValueError
    return found[1]


# ---- In one extension ----------------------------------------------------------------------------------------


def speakeasy(value: Value, holder: dict[str, Any]) -> Ours:
    given = value.get("inputs", [])
    inputs = {row["type"]: text(row["name"]) for row in given if row["in"] == "parameters"}
    outputs = value["outputs"]
    made = {"items": pointer(outputs["results"])}
    if "limit" in inputs:
        made["size"] = inputs["limit"]
    if value["type"] == "cursor":
        made |= {"type": "token", "page": inputs["cursor"], "next": pointer(outputs["nextCursor"])}
    elif value["type"] == "offsetLimit":
        kind = "page" if "page" in inputs else "offset"
        made |= {"type": "number" if kind == "page" else "offset", "page": inputs[kind]}
    elif value["type"] == "url":
        made |= {"type": "url", "next": pointer(outputs["nextUrl"])}
    else:
        raise ValueError
    return {"x-eb-pages": Foreign("x-speakeasy-pagination", made)}


def fern(value: Value, holder: dict[str, Any], root: dict[str, Any]) -> Ours:
    if "openapi" in holder:
        return {}  # of the document: what `true` at an operation means
    if value is True:
        value = root["x-fern-pagination"]
    made = {"items": pointer(value["results"])}
    if "cursor" in value:
        made |= {"type": "token", "page": query(value["cursor"]), "next": pointer(value["next_cursor"])}
    elif "next_uri" in value or "next_path" in value:
        made |= {"type": "url", "next": pointer(value.get("next_uri", value.get("next_path")))}
    else:  # a step is as many items; without one pages are counted
        made |= {"type": "offset" if "step" in value else "number", "page": query(value["offset"])}
    if "step" in value:
        made["size"] = query(value["step"])
    if "has-next-page" in value:
        made["more"] = pointer(value["has-next-page"])
    return {"x-eb-pages": Foreign("x-fern-pagination", made)}


def ms(value: Value, holder: dict[str, Any]) -> Ours:
    """operationName would get the further pages; only what has no body of its own is sure to be got alike."""
    if value["nextLinkName"] is None:
        raise LeftAloneError("there is one page alone")
    if value.get("operationName") and "requestBody" in holder:
        raise LeftAloneError("further pages are got by another operation, perhaps without this one's body")
    items, following = text(value.get("itemName", "value")), text(value["nextLinkName"])
    made = {"type": "url", "items": f"/{escape(items)}", "next": f"/{escape(following)}"}
    return {"x-eb-pages": Foreign("x-ms-pageable", made)}


ROWS: dict[str, Row] = {"x-speakeasy-pagination": speakeasy, "x-ms-pageable": ms}
ROOT_ROWS: dict[str, RootRow] = {"x-fern-pagination": fern}


# ---- Here and there ------------------------------------------------------------------------------------------


def read_pages(document: Document) -> None:
    """Adds what is not said in one place, where an operation says nothing else about pages."""
    for at, op, parameters in _operations(document):
        if "x-eb-pages" in op:
            continue
        found = _marked(document, op, parameters) or _linked(document, at, op, parameters)
        if found is not None:
            op["x-eb-pages"] = found


def _operations(document: Document) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Operations that answer something, and their query parameters by name."""
    paths = document.value.get("paths") if isinstance(document.value, dict) else None
    for path, item in paths.items() if isinstance(paths, dict) else ():
        for method in METHODS if isinstance(item, dict) else ():
            op = item.get(method)
            if not isinstance(op, dict) or not isinstance(op.get("responses"), dict):
                continue
            parameters = {}
            for holder in (item, op):
                given = holder.get("parameters")
                for each in given if isinstance(given, list) else ():
                    parameter = _follow(document, each)
                    if parameter.get("in") == "query":
                        parameters[str(parameter.get("name"))] = parameter
            yield join("#/paths", path, method), op, parameters


def _follow(document: Document, value: Value) -> dict[str, Any]:
    """The object that references lead to; {} where they lead to none."""
    for _ in range(16):
        if not isinstance(value, dict) or not isinstance(value.get("$ref"), str):
            break
        value = document.find(value["$ref"])[1]
    return value if isinstance(value, dict) else {}


def _success(document: Document, op: dict[str, Any]) -> dict[str, Any]:
    """The first success of an operation."""
    good = sorted(status for status in op["responses"] if str(status).startswith("2"))
    return _follow(document, op["responses"][good[0]]) if good else {}


def _map(value: Value) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


# ---- Marks ---------------------------------------------------------------------------------------------------

PARAMETERS = {  # what a marked parameter asks by
    "next_cursor_param": "token",
    "page_number_param": "number",
    "offset_count_param": "offset",
}
MEMBERS = {  # what a marked member is to each of them
    "items": ("items", ("token", "number", "offset", "url")),
    "next_cursor_field": ("next", ("token",)),
    "cursor_url_field": ("next", ("url",)),
    "has_next_page": ("more", ("token", "number", "offset", "url")),
    "current_page_number_field": ("number", ("number",)),
    "offset_total_count_field": ("total", ("offset",)),
}


def _marked(document: Document, op: dict[str, Any], parameters: dict[str, Any]) -> Foreign | None:
    success = _success(document, op)
    marks = dict(_marks(document, success))
    made: Ours = {}
    for name, parameter in parameters.items():
        kind = PARAMETERS.get(_purpose(document, parameter)[0])
        if kind is not None:
            made = {"type": kind, "page": name}
    if not made and "cursor_url_field" in marks:
        made = {"type": "url"}
    if not made:
        return None
    for purpose, (place, header) in marks.items():
        key, kinds = MEMBERS.get(purpose, ("", ()))
        if made["type"] not in kinds:
            continue
        if header is None:
            made[key] = place
        elif key == "next":
            made["header"] = header
    return Foreign(MARK, made)


def _purpose(document: Document, value: dict[str, Any]) -> tuple[str, Value]:
    """What a parameter or member is marked as, and the mark."""
    for holder in (value, _follow(document, value.get("schema"))):
        mark = holder.get(MARK)
        if isinstance(mark, dict):
            return str(mark.get("purpose")), mark
    return "", {}


def _marks(document: Document, response: dict[str, Any]) -> Iterator[tuple[str, tuple[str, str | None]]]:
    """What each mark of an answer stands for: where the member is, or the header that has it."""
    for name, header in _map(response.get("headers")).items():
        purpose, _ = _purpose(document, _follow(document, header))
        if purpose:
            yield purpose, ("", str(name))
    for media, body in _map(response.get("content")).items():
        if JSON.fullmatch(str(media)):
            yield from _schema_marks(document, _map(body).get("schema"), "", 0)


def _schema_marks(
    document: Document, schema: Value, place: str, depth: int
) -> Iterator[tuple[str, tuple[str, str | None]]]:
    beside = _map(schema)
    schema = _follow(document, schema)
    if depth > DEPTH:
        return
    for holder in (schema, beside):
        mark = _map(holder.get(MARK))
        header = mark.get("from_header")
        if mark.get("is_top_level_array") is True or (mark.get("purpose") == "items" and not place):
            yield "items", ("", None)
        elif mark:
            yield str(mark.get("purpose")), (place, header if isinstance(header, str) else None)
    for part in schema["allOf"] if isinstance(schema.get("allOf"), list) else ():
        yield from _schema_marks(document, part, place, depth + 1)
    for name, inner in _map(schema.get("properties")).items():
        yield from _schema_marks(document, inner, f"{place}/{escape(str(name))}", depth + 1)


# ---- Links ---------------------------------------------------------------------------------------------------


def _linked(document: Document, at: str, op: dict[str, Any], parameters: dict[str, Any]) -> Foreign | None:
    """A link from an answer back to its own operation, with one parameter out of the answer: the next page."""
    found = []
    for name, value in _map(_success(document, op).get("links")).items():
        link = _follow(document, value)
        made = _link_pages(link, parameters) if _leads_to(link, at, op) and not BACK.search(str(name)) else None
        if made:
            found.append((str(name), made))
    named = [one for one in found if "next" in one[0].lower()] or found
    if len(named) > 1:
        document.note(at, f"{', '.join(name for name, _ in named)}: links to one page too many; name the one next")
        return None
    return Foreign(f"the link {named[0][0]}", named[0][1]) if named else None


def _leads_to(link: dict[str, Any], at: str, op: dict[str, Any]) -> bool:
    ref = link.get("operationRef")
    if isinstance(ref, str):
        return [unescape(part) for part in ref.split("/")] == [unescape(part) for part in at.split("/")]
    return "operationId" in link and link["operationId"] == op.get("operationId")


def _link_pages(link: dict[str, Any], parameters: dict[str, Any]) -> Ours | None:
    """None: the link is about something else. Parameters that stay as they were given say nothing."""
    made: Ours = {}
    for key, value in _map(link.get("parameters")).items():
        place, name = "", str(key)
        if name.startswith(("query.", "path.", "header.")):
            place, _, name = name.partition(".")
        if re.fullmatch(r"\$request\.(query|path|header)\." + re.escape(name), str(value)):
            continue
        body = re.fullmatch(r"\$response\.body#(/.+)", str(value))
        header = re.fullmatch(r"\$response\.header\.(.+)", str(value))
        if made or place not in ("", "query") or name not in parameters or not (body or header):
            return None
        schema = _map(parameters[name].get("schema"))
        kinds = schema.get("type")
        whole = "integer" in (kinds if isinstance(kinds, list) else [kinds])
        made = {"type": "number" if whole else "token", "page": name}
        if body:
            made["next"] = body[1]
        elif header:
            made["header"] = header[1]
    return made or None
