"""What every document in spec/ promises: it is valid OpenAPI, its examples are true and complete, its
extensions stand where they may, and what one part of it names exists in the other."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import validate

ROOT = Path(__file__).resolve().parents[2]
SPEC = ROOT / "spec"
EXTENSIONS = json.loads((ROOT / "generator/edgebind/extensions.schema.json").read_text())["$defs"]
CATALOG = yaml.safe_load((SPEC / "catalog.yaml").read_text())["documents"]
NAMES = [entry["document"] for entry in CATALOG]
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")

OPERATIONS = {
    "edgegap.yaml": """
        application-create application-update application-get application-delete application-list
        app-version-create app-version-delete app-version-get app-version-update app-version-list
        registry-image-tag-list registry-image-tag-delete
        pull-profile-create pull-profile-get pull-profile-update pull-profile-delete pull-profile-list
        pull-profile-link-app-version pull-profile-unlink-app-version
        endpoint-create endpoint-delete endpoints-list endpoint-get endpoint-update
    """,
    "alibaba-esa.yaml": "CreateEdgeContainerAppVersion ListEdgeContainerApps",
    "alibaba-dcdn.yaml": "PublishRoutineCodeRevision UploadRoutineCode DeleteRoutineCodeRevision",
    "alibaba-sae.yaml": "ListAppVersions",
    "alibaba-oss.yaml": "PostObject",
}

# Members that hold a secret wherever they occur.
SECRETS = {
    "private_token",
    "secret_access_key",
    "EnvVariables",
    "OSSAccessKeyId",
    "Signature",
    "callback",
    "policy",
    "x:codeDescription",
    "x-oss-security-token",
}

KEYWORDS = {
    "additionalProperties",
    "default",
    "description",
    "enum",
    "examples",
    "format",
    "items",
    "maxLength",
    "maximum",
    "minLength",
    "minimum",
    "properties",
    "required",
    "type",
    "x-eb-json",
}

Json = Any
Place = tuple[str, str, dict[str, Json]]


class Document:
    def __init__(self, name: str) -> None:
        self.name = name
        self.root: dict[str, Json] = yaml.safe_load((SPEC / name).read_text())

    def at(self, pointer: str) -> Json:
        node = self.root
        for part in pointer.removeprefix("#/").split("/"):
            node = node[part.replace("~1", "/").replace("~0", "~")]
        return node

    def follow(self, node: Json) -> Json:
        """The object itself, or what its $ref leads to with the siblings laid over it."""
        while "$ref" in node:
            node = {**self.at(node["$ref"]), **{k: v for k, v in node.items() if k != "$ref"}}
        return node

    def whole(self, schema: Json) -> Json:
        """A schema with every $ref in it replaced by its target. None of our schemas contains itself."""
        schema = dict(self.follow(schema))
        if "properties" in schema:
            schema["properties"] = {k: self.whole(v) for k, v in schema["properties"].items()}
        for key in ("items", "additionalProperties"):
            if isinstance(schema.get(key), dict):
                schema[key] = self.whole(schema[key])
        return schema

    def operations(self) -> Iterator[tuple[str, str, dict[str, Json]]]:
        for path, item in self.root["paths"].items():
            for method in METHODS:
                if method in item:
                    yield path, method, item[method]

    def operation(self, name: str) -> dict[str, Json]:
        return next(op for _, _, op in self.operations() if op["operationId"] == name)

    def parameters(self, operation: dict[str, Json]) -> dict[str, Json]:
        return {p["name"]: p for p in map(self.follow, operation.get("parameters", []))}

    def body(self, operation: dict[str, Json]) -> Json:
        """The schema of the request body."""
        return self.whole(next(iter(operation["requestBody"]["content"].values()))["schema"])

    def result(self, operation: dict[str, Json]) -> Json:
        """The media type of the first success with a body, or None."""
        for status, response in operation["responses"].items():
            response = self.follow(response)
            if str(status).startswith("2") and status != "203" and "content" in response:
                return next(iter(response["content"].values()))
        return None

    def places(self) -> Iterator[Place]:
        """Every object on which an extension may stand: kind, place, object."""
        yield "document", "#", self.root
        yield from self._servers("#", self.root)
        for path, item in self.root["paths"].items():
            where = "#/paths/" + path.replace("~", "~0").replace("/", "~1")
            yield from self._list(f"{where}/parameters", item.get("parameters", []), self._parameter)
            for method in METHODS:
                if method in item:
                    yield from self._operation(f"{where}/{method}", item[method])
        for section, walk in (
            ("parameters", self._parameter),
            ("responses", self._response),
            ("schemas", self._schema),
        ):
            for name, node in self.root.get("components", {}).get(section, {}).items():
                yield from walk(f"#/components/{section}/{name}", node)
        for name, node in self.root.get("components", {}).get("securitySchemes", {}).items():
            yield "securityScheme", f"#/components/securitySchemes/{name}", node

    def _list(self, where: str, nodes: list[Json], walk: Any) -> Iterator[Place]:
        for i, node in enumerate(nodes):
            yield from walk(f"{where}/{i}", node)

    def _servers(self, where: str, node: Json) -> Iterator[Place]:
        for i, server in enumerate(node.get("servers", [])):
            for name, variable in server.get("variables", {}).items():
                yield "serverVariable", f"{where}/servers/{i}/variables/{name}", variable

    def _operation(self, where: str, node: Json) -> Iterator[Place]:
        yield "operation", where, node
        yield from self._servers(where, node)
        yield from self._list(f"{where}/parameters", node.get("parameters", []), self._parameter)
        yield from self._content(f"{where}/requestBody", node.get("requestBody", {}))
        for status, response in node["responses"].items():
            yield from self._response(f"{where}/responses/{status}", response)

    def _parameter(self, where: str, node: Json) -> Iterator[Place]:
        yield "parameter", where, node
        if "schema" in node:
            yield from self._schema(f"{where}/schema", node["schema"])
        yield from self._content(where, node)

    def _response(self, where: str, node: Json) -> Iterator[Place]:
        yield "response", where, node
        yield from self._content(where, node)

    def _content(self, where: str, node: Json) -> Iterator[Place]:
        for media, value in node.get("content", {}).items():
            yield from self._schema(f"{where}/content/{media.replace('/', '~1')}/schema", value["schema"])

    def _schema(self, where: str, node: Json) -> Iterator[Place]:
        yield "schema", where, node
        for name, member in node.get("properties", {}).items():
            yield from self._schema(f"{where}/properties/{name.replace('/', '~1')}", member)
        for key in ("items", "additionalProperties"):
            if isinstance(node.get(key), dict):
                yield from self._schema(f"{where}/{key}", node[key])

    def examples(self) -> Iterator[tuple[str, Json, Json]]:
        """Every example: place, schema, value."""
        for kind, where, node in self.places():
            if kind == "schema":
                for i, value in enumerate(node.get("examples", [])):
                    yield f"{where}/examples/{i}", node, value
            if kind == "parameter" and "schema" in node:
                yield from named_examples(where, node, node["schema"])
            if kind == "operation":
                for media, value in node.get("requestBody", {}).get("content", {}).items():
                    yield from named_examples(f"{where}/requestBody/{media}", value, value["schema"])
            if kind == "response":
                for media, value in node.get("content", {}).items():
                    yield from named_examples(f"{where}/{media}", value, value["schema"])


def named_examples(where: str, node: Json, schema: Json) -> Iterator[tuple[str, Json, Json]]:
    if "example" in node:
        yield f"{where}/example", schema, node["example"]
    for name, example in node.get("examples", {}).items():
        yield f"{where}/examples/{name}", schema, example["value"]


def types_of(schema: Json) -> list[str]:
    declared = schema.get("type", [])
    return [declared] if isinstance(declared, str) else list(declared)


def undeclared(schema: Json, value: Json, where: str = "") -> Iterator[str]:
    """Members of a value that the (whole) schema does not name."""
    if isinstance(value, dict) and not schema.get("x-eb-json"):
        rest = schema.get("additionalProperties")
        for name, member in value.items():
            known = schema.get("properties", {}).get(name, rest)
            if known is None:
                yield f"{where}/{name}"
            elif isinstance(known, dict):
                yield from undeclared(known, member, f"{where}/{name}")
    if isinstance(value, list) and "items" in schema:
        for i, item in enumerate(value):
            yield from undeclared(schema["items"], item, f"{where}/{i}")


def unmentioned(schema: Json, values: list[Json], where: str = "") -> Iterator[str]:
    """Members of a (whole) schema that none of the values has."""
    found = [v for v in values if isinstance(v, dict)]
    for name, member in schema.get("properties", {}).items():
        members = [v[name] for v in found if name in v]
        if members:
            yield from unmentioned(member, members, f"{where}/{name}")
        else:
            yield f"{where}/{name}"
    if "items" in schema:
        items = [item for v in values if isinstance(v, list) for item in v]
        yield from unmentioned(schema["items"], items, f"{where}/items")


def schema_at(schema: Json, pointer: str) -> Json:
    """The schema of what a pointer into a value of this (whole) schema leads to."""
    for part in pointer.removeprefix("/").split("/"):
        schema = schema["properties"][part]
    return schema


@pytest.fixture(scope="module", params=NAMES)
def document(request: pytest.FixtureRequest) -> Document:
    return Document(request.param)


def test_catalog_lists_every_document() -> None:
    found = {path.name for path in SPEC.glob("*.yaml")} - {"catalog.yaml"}
    assert sorted(NAMES) == sorted(found)
    for key in ("prefix", "header"):
        assert len({entry[key] for entry in CATALOG}) == len(CATALOG)
    for entry in CATALOG:
        assert Document(entry["document"]).root["info"]["title"] == entry["title"]


def test_document_is_valid_openapi(document: Document) -> None:
    assert document.root["openapi"] == "3.1.0"
    validate(document.root)


def test_operations_are_the_expected_ones(document: Document) -> None:
    found = [op["operationId"] for _, _, op in document.operations()]
    assert len(found) == len(set(found))
    assert sorted(found) == sorted(OPERATIONS[document.name].split())


def test_examples_match_their_schemas(document: Document) -> None:
    problems = []
    for where, schema, value in document.examples():
        whole = document.whole(schema)
        errors = OAS31Validator(whole).iter_errors(value)
        problems += [f"{where}: {error.json_path}: {error.message}" for error in errors]
        problems += [f"{where}{member}: not in the schema" for member in undeclared(whole, value)]
    assert problems == []


def test_every_operation_has_examples(document: Document) -> None:
    problems = []
    for path, method, op in document.operations():
        where = f"{method} {path}"
        for media in op.get("requestBody", {}).get("content", {}).values():
            if "example" not in media:
                problems.append(f"{where}: request without example")
        for status, response in op["responses"].items():
            for media in document.follow(response).get("content", {}).values():
                if "example" not in media and "examples" not in media:
                    problems.append(f"{where}: {status} without example")
        problems += [f"{where}: {n} without example" for n, p in document.parameters(op).items() if "example" not in p]
    assert problems == []


def test_success_example_has_every_member(document: Document) -> None:
    problems = []
    for path, method, op in document.operations():
        media = document.result(op)
        if media is not None:
            missing = unmentioned(document.whole(media["schema"]), [media["example"]])
            problems += [f"{method} {path}: {member}" for member in missing]
    assert problems == []


def test_everything_is_described(document: Document) -> None:
    problems = []
    tags = {tag["name"] for tag in document.root["tags"] if tag["description"]}
    for kind, where, node in document.places():
        if kind == "operation":
            problems += [f"{where}: no {key}" for key in ("summary", "description", "tags") if not node.get(key)]
            problems += [f"{where}: unknown tag {tag}" for tag in node.get("tags", []) if tag not in tags]
        if kind in ("parameter", "response", "serverVariable", "securityScheme") and "$ref" not in node:
            if not node.get("description"):
                problems.append(f"{where}: no description")
        if kind == "schema":
            if re.fullmatch("#/components/schemas/[^/]+", where) and not node.get("description"):
                problems.append(f"{where}: no description")
            problems += [
                f"{where}/properties/{name}: no description"
                for name, member in node.get("properties", {}).items()
                if not member.get("description")
            ]
    assert problems == []


def test_schemas_stay_simple(document: Document) -> None:
    """Known keywords only, every object that has members is named, and a $ref adds nothing but a description."""
    problems = []
    for kind, where, node in document.places():
        if kind != "schema":
            continue
        if "$ref" in node:
            problems += [f"{where}: {key} beside $ref" for key in node if key not in ("$ref", "description")]
            continue
        problems += [f"{where}: {key}" for key in node if key not in KEYWORDS]
        named = re.fullmatch("#/components/schemas/[^/]+", where)
        if "properties" in node and not named:
            problems.append(f"{where}: an object without a name")
        if not node.get("x-eb-json") and not types_of(node):
            problems.append(f"{where}: no type")
        if "null" in types_of(node) and "enum" in node and None not in node["enum"]:
            problems.append(f"{where}: null is a type but no value")
        problems += [
            f"{where}: requires unknown {name}"
            for name in node.get("required", [])
            if name not in node.get("properties", {})
        ]
    assert problems == []


def test_answers_require_nothing(document: Document) -> None:
    def required(schema: Json, where: str) -> Iterator[str]:
        yield from (f"{where}/{name}" for name in schema.get("required", []))
        for name, member in schema.get("properties", {}).items():
            yield from required(member, f"{where}/{name}")
        if "items" in schema:
            yield from required(schema["items"], f"{where}/items")

    problems = []
    for path, method, op in document.operations():
        for status, response in op["responses"].items():
            for media in document.follow(response).get("content", {}).values():
                problems += list(required(document.whole(media["schema"]), f"{method} {path} {status}"))
    assert problems == []


def test_secrets_are_marked(document: Document) -> None:
    for kind, where, node in document.places():
        if kind == "schema":
            for name, member in node.get("properties", {}).items():
                if name in SECRETS or (name == "value" and "Env" in where):
                    assert member.get("format") == "password", f"{where}/properties/{name}"


def test_every_failure_has_a_default(document: Document) -> None:
    for path, method, op in document.operations():
        assert "default" in op["responses"], f"{method} {path}"


def test_extensions_have_their_shape_and_place(document: Document) -> None:
    problems = []
    expected = set()
    for kind, where, node in document.places():
        for name in node:
            if not str(name).startswith("x-eb-"):
                continue
            expected.add(f"{where}/{name}")
            if name not in EXTENSIONS:
                problems.append(f"{where}: unknown {name}")
            elif kind not in EXTENSIONS[name]["x-places"]:
                problems.append(f"{where}: {name} may not stand on a {kind}")
            else:
                problems += [f"{where}/{name}: {e.message}" for e in extension_errors(name, node[name])]

    def anywhere(node: Json, where: str) -> Iterator[str]:
        children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
        for key, child in children:
            place = f"{where}/{str(key).replace('~', '~0').replace('/', '~1')}"
            if str(key).startswith("x-eb-"):
                yield place
            elif key not in ("example", "examples"):
                yield from anywhere(child, place)

    problems += [f"{where}: nothing of ours may stand there" for where in set(anywhere(document.root, "#")) - expected]
    assert problems == []


def extension_errors(name: str, value: Json) -> list[Any]:
    return list(Draft202012Validator(EXTENSIONS[name]).iter_errors(value))


def test_extension_schemas_are_valid_and_explained() -> None:
    text = (SPEC / "EXTENSIONS.md").read_text()
    for name, schema in EXTENSIONS.items():
        Draft202012Validator.check_schema(schema)
        assert schema["description"]
        assert schema["x-places"]
        assert text.count(f"\n### {name}\n") == 1
    assert set(re.findall(r"^### (\S+)$", text, re.M)) == set(EXTENSIONS)


def test_extension_examples_match_their_schemas() -> None:
    text = (SPEC / "EXTENSIONS.md").read_text()
    shown = set()
    for block in re.findall(r"```yaml\n(.*?)```", text, re.S):
        for name, value in yaml.safe_load(block).items():
            shown.add(name)
            assert extension_errors(name, value) == [], name
    assert shown == set(EXTENSIONS)


def test_error_codes_are_explained(document: Document) -> None:
    codes = document.root["x-eb-errors"].get("codes", {})
    for kind, where, node in document.places():
        if kind == "response":
            assert set(node.get("x-eb-codes", [])) <= set(codes), where


def test_alibaba_operations_say_what_they_must(document: Document) -> None:
    acs = document.root.get("x-eb-acs")
    for path, method, op in document.operations():
        assert ("x-eb-acs-action" in op) == ("x-eb-ram-action" in op) == (acs is not None)
        if acs is not None:
            assert op["x-eb-acs-action"] == op["operationId"]
            assert acs["version"] == document.root["info"]["version"]
        if acs is not None and acs["style"] == "rpc":
            assert "x-eb-safe" in op
            assert (path, method) == (f"/#{op['operationId']}", "post")


def test_unclear_creations_can_be_verified(document: Document) -> None:
    for _, _, op in document.operations():
        if "x-eb-verify" not in op:
            continue
        verify = op["x-eb-verify"]
        wanted = document.parameters(document.operation(verify["operation"]))
        assert set(verify["parameters"]) == {name for name, p in wanted.items() if p.get("required")}
        for expression in verify["parameters"].values():
            if expression.startswith("$request.path."):
                assert document.parameters(op)[expression.removeprefix("$request.path.")]["in"] == "path"
            else:
                assert schema_at(document.body(op), expression.removeprefix("$request.body#"))


def test_pages_lead_somewhere(document: Document) -> None:
    for _, _, op in document.operations():
        if "x-eb-pages" not in op:
            continue
        pages = op["x-eb-pages"]
        body = document.whole(document.result(op)["schema"])
        for parameter in (pages["page"], pages["size"]):
            assert document.parameters(op)[parameter]["in"] == "query"
        assert "array" in types_of(schema_at(body, pages["items"]))
        for key in ("next", "number", "total"):
            if key in pages:
                assert "integer" in types_of(schema_at(body, pages[key]))
        if "more" in pages:
            assert "boolean" in types_of(schema_at(body, pages["more"]))


def test_links_lead_somewhere(document: Document) -> None:
    for _, _, op in document.operations():
        if "x-eb-link" not in op:
            continue
        link = op["x-eb-link"]
        name, _, target = link["target"].partition("#")
        other = Document(name)
        fields = list(other.body(other.operation(target))["properties"])
        body = document.whole(document.result(op)["schema"])
        for expression in (link["server"], *link["form"].values()):
            assert schema_at(body, expression.removeprefix("$response.body#"))
        assert [field for field in fields if field in link["form"]] == list(link["form"])
        assert fields[-1] == link["file"]
        ticket = schema_at(body, link["rest"])
        used = {expression.rpartition("/")[2] for expression in (link["server"], *link["form"].values())}
        assert used == set(ticket["properties"])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("x-eb-pages", {"type": "cursor", "page": "page", "items": "/items"}),
        ("x-eb-pages", {"type": "number", "page": "page"}),
        ("x-eb-pages", {"type": "number", "page": "page", "items": "items"}),
        ("x-eb-pages", {"type": "number", "items": "/items"}),
        ("x-eb-pages", {"type": "url", "items": "/items"}),
        ("x-eb-pages", {"type": "url", "items": "", "next": "/next", "header": "Link"}),
        ("x-eb-pages", {"type": "url", "items": "", "header": "Link: next"}),
        ("x-eb-safe", "yes"),
        ("x-eb-verify", {"operation": "get", "parameters": {"name": "name"}}),
        ("x-eb-errors", {"format": "text", "message": ["/message"]}),
        ("x-eb-errors", {"format": "json", "message": ["/m"], "failure": [{"pointer": "/Success"}]}),
        ("x-eb-errors", {"format": "json", "message": ["/m"], "failure-status": [404]}),
        ("x-eb-codes", ["A", "A"]),
        ("x-eb-rate-limit", {"requests": 0, "seconds": 1, "scope": "account"}),
        ("x-eb-env", {"password": "EDGEGAP_TOKEN"}),
        ("x-eb-timeout", 0),
        ("x-eb-timeout", "90 s"),
        ("x-eb-retries", "sometimes"),
        ("x-eb-retries", {"attempts": 12}),
        ("x-eb-retries", {"base": 500, "jitter": "none"}),
        ("x-eb-idempotency-key", "yes"),
        ("x-eb-path", "whole"),
    ],
)
def test_extension_schemas_refuse(name: str, value: Json) -> None:
    assert extension_errors(name, value) != []
