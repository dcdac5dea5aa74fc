"""The OpenAPI documents, as far as judging a request needs them: which operation a request is meant
for, what that operation may receive, and the examples it documents. Read from the YAML alone."""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


class Style(enum.Enum):
    """How a document's provider speaks: what its errors look like and how calls are authorised."""

    TOKEN = "token"  # {"message": ...}, `authorization: token ...`
    ACS = "acs"  # {"Code", "Message", "RequestId", "HostId"}, ACS3-HMAC-SHA256
    FORM_UPLOAD = "form-upload"  # XML errors, authorised by a policy inside the form


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Safe loading, without turning texts that look like dates into dates."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, rule) for tag, rule in rules if tag != "tag:yaml.org,2002:timestamp"]
    for first, rules in _Loader.yaml_implicit_resolvers.items()
}


@dataclass(frozen=True)
class Parameter:
    name: str  # "page"
    place: str  # "query", "header" or "path"
    schema: dict[str, Any]
    required: bool = False
    json_text: bool = False  # the value is a JSON document
    segments: bool = False  # an inner "/" separates parts of the value


@dataclass(frozen=True)
class Operation:
    id: str  # "app-version-create"
    method: str  # "POST"
    template: str  # "/v1/app/{app_name}/version", "/#CreateEdgeContainerAppVersion"
    action: str | None  # "CreateEdgeContainerAppVersion"
    parameters: tuple[Parameter, ...]
    media_type: str | None  # "application/json"; None: no body
    body_schema: dict[str, Any] = field(repr=False)
    body_required: bool = False
    json_fields: frozenset[str] = frozenset()  # form fields that hold JSON text
    raw: dict[str, Any] = field(default_factory=dict, repr=False)
    document: Document = field(default=None, repr=False)  # type: ignore[assignment]
    pattern: re.Pattern[str] = field(default=re.compile(""), repr=False)

    def named(self, place: str) -> dict[str, Parameter]:
        return {p.name: p for p in self.parameters if p.place == place}


class Document:
    """One OpenAPI document and its operations."""

    def __init__(self, name: str, raw: dict[str, Any]) -> None:
        self.name = name
        self.raw = raw
        acs = raw.get("x-eb-acs") or {}
        errors = raw.get("x-eb-errors") or {}
        self.version: str | None = acs.get("version")
        if acs:
            self.style = Style.ACS
        elif errors.get("format") == "xml":
            self.style = Style.FORM_UPLOAD
        else:
            self.style = Style.TOKEN
        self.operations = [
            self._operation(path, method, item)
            for path, item in (raw.get("paths") or {}).items()
            for method in METHODS
            if method in item
        ]

    def resolve(self, node: Any) -> Any:
        """The node itself, or what its $ref points at; members beside the $ref win."""
        for _ in range(32):
            if not (isinstance(node, dict) and isinstance(node.get("$ref"), str)):
                return node
            target: Any = self.raw
            for part in node["$ref"].removeprefix("#/").split("/"):
                target = target[part.replace("~1", "/").replace("~0", "~")]
            node = {**target, **{k: v for k, v in node.items() if k != "$ref"}}
        raise ValueError(f"{self.name}: references go round in a circle")

    def _operation(self, path: str, method: str, item: dict[str, Any]) -> Operation:
        raw = item[method]
        merged: dict[tuple[str, str], Parameter] = {}
        for node in [*(item.get("parameters") or []), *(raw.get("parameters") or [])]:
            parameter = self._parameter(self.resolve(node))
            merged[parameter.place, parameter.name] = parameter
        parameters = tuple(merged.values())
        body = self.resolve(raw.get("requestBody") or {})
        content = body.get("content") or {}
        media_type = next(iter(content), None)
        media = content.get(media_type) or {}
        encoding = media.get("encoding") or {}
        return Operation(
            id=raw["operationId"],
            method=method.upper(),
            template=path,
            action=raw.get("x-eb-acs-action"),
            parameters=parameters,
            media_type=media_type,
            body_schema=self.resolve(media.get("schema") or {}),
            body_required=bool(body.get("required")),
            json_fields=frozenset(
                name
                for name, rule in encoding.items()
                if str(rule.get("contentType", "")).startswith("application/json")
            ),
            raw=raw,
            document=self,
            pattern=_pattern(path, parameters),
        )

    def _parameter(self, raw: dict[str, Any]) -> Parameter:
        content = raw.get("content") or {}
        media = next(iter(content.values()), None)
        schema = media.get("schema") if media is not None else raw.get("schema")
        return Parameter(
            name=raw["name"],
            place=raw["in"],
            schema=self.resolve(schema or {}),
            required=bool(raw.get("required")),
            json_text="application/json" in content,
            segments=raw.get("x-eb-path") == "segments",
        )

    def success(self, operation: Operation) -> tuple[int, Any]:
        """The first documented 2xx status and its example; no example is None."""
        responses = operation.raw.get("responses") or {}
        failures = (self.raw.get("x-eb-errors") or {}).get("failure-status") or []
        statuses = sorted(
            str(status) for status in responses if str(status).startswith("2") and str(status) not in map(str, failures)
        )
        for status in statuses:
            response = self.resolve(responses[status])
            for media in (response.get("content") or {}).values():
                example = self._example(media)
                if example is not None:
                    return int(status), example
        return (int(statuses[0]) if statuses else 200), None

    def _example(self, media: dict[str, Any]) -> Any:
        if "example" in media:
            return media["example"]
        for example in (media.get("examples") or {}).values():
            value = self.resolve(example).get("value")
            if value is not None:
                return value
        schema = self.resolve(media.get("schema") or {})
        if "example" in schema:
            return schema["example"]
        return next(iter(schema.get("examples") or []), None)


def _pattern(path: str, parameters: tuple[Parameter, ...]) -> re.Pattern[str]:
    """A regular expression for the raw path, one group per path parameter, in order."""
    segmented = {p.name for p in parameters if p.segments}
    pieces: list[str] = []
    for piece in re.split(r"(\{[^}]*\})", path.split("#")[0]):
        if piece.startswith("{"):
            pieces.append("(.*)" if piece[1:-1] in segmented else "([^/]*)")
        else:
            pieces.append(re.escape(piece))
    return re.compile("".join(pieces))


@dataclass(frozen=True)
class Match:
    """What the path and the action of a request lead to. Without an operation, `reason` says why."""

    operation: Operation | None
    style: Style
    path: dict[str, str] = field(default_factory=dict)  # raw, still percent-encoded
    reason: str = ""
    code: str = ""  # of Alibaba's gateway, when there is no operation
    status: int = 404


class Documents:
    """All documents together, as one origin serves them."""

    def __init__(self, documents: list[Document]) -> None:
        self.documents = documents
        self.operations = {op.id: op for doc in documents for op in doc.operations}

    @classmethod
    def load(cls, folder: Path) -> Documents:
        found = []
        for path in sorted(folder.glob("*.yaml")):
            raw = yaml.load(path.read_bytes(), Loader=_Loader)
            if isinstance(raw, dict) and "openapi" in raw and raw.get("paths"):
                found.append(Document(path.name, raw))
        return cls(found)

    def find(self, method: str, path: str, action: str | None, media_type: str) -> Match:
        """The operation that a request is meant for. `path` is raw and without its query."""
        if action is None and media_type == "multipart/form-data":
            return self._by_path(method, path, Style.FORM_UPLOAD)
        if action is not None or path == "/" or path.startswith("/pop/"):
            return self._by_action(method, path, action)
        return self._by_path(method, path, Style.TOKEN)

    def _by_action(self, method: str, path: str, action: str | None) -> Match:
        if action is None:
            return Match(None, Style.ACS, reason="x-acs-action is missing", code="MissingAction", status=400)
        named = [op for op in self.operations.values() if op.action == action]
        if not named:
            reason = f"no operation has x-acs-action {action}"
            return Match(None, Style.ACS, reason=reason, code="InvalidAction.NotFound")
        for op in named:
            if op.pattern.fullmatch(path) is None:
                continue
            if op.method == method:
                return Match(op, Style.ACS)
            return Match(
                None,
                Style.ACS,
                reason=f"{action} is called with {op.method}, not {method}",
                code="UnsupportedHTTPMethod",
                status=403,
            )
        where = named[0].template.split("#")[0]
        reason = f"{action} is called at {where}, not at {path}"
        return Match(None, Style.ACS, reason=reason, code="InvalidApi.NotFound")

    def _by_path(self, method: str, path: str, style: Style) -> Match:
        other: list[str] = []
        candidates = [op for d in self.documents if d.style is style for op in d.operations]
        for op in sorted(candidates, key=lambda op: len(op.named("path"))):
            hit = op.pattern.fullmatch(path)
            if hit is None:
                continue
            if op.method != method:
                other.append(op.method)
                continue
            names = re.findall(r"\{([^}]*)\}", op.template)
            return Match(op, style, dict(zip(names, hit.groups(), strict=True)))
        if other:
            reason = f"{path} knows {', '.join(sorted(set(other)))}, not {method}"
            return Match(None, style, reason=reason, status=405)
        return Match(None, style, reason=f"no operation is at {method} {path}")
