"""What the mock reads from the documents, and whether it keeps to them itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from client import APP, CONTAINER, ESA_APP, SAE_APP, VERSION, encoded
from edgebind_mock import judge_wire
from edgebind_mock.__main__ import spec_folder
from edgebind_mock.call import Call
from edgebind_mock.documents import Documents, Match, Style
from edgebind_mock.provider import Provider
from edgebind_mock.received import Received

DOCUMENTS = Documents.load(spec_folder())


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    made = Provider(DOCUMENTS)
    made.origin = "http://127.0.0.1:1"
    yield made


def found(method: str, path: str, action: str | None = None, media_type: str = "") -> Match:
    return DOCUMENTS.find(method, path, action, media_type)


def test_the_shipped_documents_are_read() -> None:
    styles = {document.name: document.style for document in DOCUMENTS.documents}
    assert styles["edgegap.yaml"] is Style.TOKEN
    assert styles["alibaba-oss.yaml"] is Style.FORM_UPLOAD
    assert {styles[f"alibaba-{name}.yaml"] for name in ("esa", "dcdn", "sae")} == {Style.ACS}


@pytest.mark.parametrize(
    ("method", "path", "action", "kind", "operation"),
    [
        ("GET", "/v1/app/a%20b", None, "", "application-get"),
        ("GET", "/v1/app/a/version/b", None, "", "app-version-get"),
        ("GET", "/v1/container-registry/images/a/b/tags", None, "", "registry-image-tag-list"),
        ("DELETE", "/v1/container-registry/images/a/tags/b", None, "", "registry-image-tag-delete"),
        ("POST", "/", "UploadRoutineCode", "", "UploadRoutineCode"),
        ("GET", "/pop/v1/sam/app/listAppVersions", "ListAppVersions", "", "ListAppVersions"),
        ("POST", "/", None, "multipart/form-data", "PostObject"),
        ("GET", "/v1/app/a/b", None, "", None),
        ("POST", "/", None, "", None),
        ("PUT", "/v1/apps", None, "", None),
    ],
)
def test_requests_find_their_operation(
    method: str, path: str, action: str | None, kind: str, operation: str | None
) -> None:
    match = found(method, path, action, kind)
    assert (match.operation.id if match.operation else None) == operation


def test_an_inner_slash_stays_in_a_segmented_parameter() -> None:
    match = found("DELETE", "/v1/container-registry/images/a%20x/b/tags/c")
    assert match.path == {"image_name": "a%20x/b", "tag_name": "c"}


def test_every_operation_has_a_state() -> None:
    provider = Provider(DOCUMENTS)
    assert set(DOCUMENTS.operations) == set(provider._handlers)


@pytest.mark.parametrize("operation", sorted(DOCUMENTS.operations))
def test_documented_examples_satisfy_their_schemas(provider: Provider, operation: str) -> None:
    call = Call(DOCUMENTS.operations[operation], Received("GET", "/", []))
    answer = provider.example(call)
    kind = answer.header("content-type") or ""
    call = placed(call)
    assert provider.judge.judge_response(call, answer.status, kind, answer.body) == []


def placed(call: Call) -> Call:
    """With a path for every parameter, so that openapi-core finds the operation."""
    call.received.method = call.operation.method
    call.path = dict.fromkeys(call.operation.named("path"), "x")
    return call


PLAY: list[tuple[str, dict[str, str], dict[str, Any], Any]] = [
    ("application-create", {}, {}, APP),
    ("application-create", {}, {}, APP),
    ("application-update", {"app_name": "shooter"}, {}, {"is_active": False}),
    ("application-get", {"app_name": "shooter"}, {}, None),
    ("application-get", {"app_name": "none"}, {}, None),
    ("application-list", {}, {}, None),
    (
        "app-version-create",
        {"app_name": "shooter"},
        {},
        VERSION
        | {
            "ports": [{"port": 1, "protocol": "WS"}],
            "envs": [{"key": "a", "value": "b", "is_hidden": True}],
        },
    ),
    ("app-version-update", {"app_name": "shooter", "version_name": "1.0.0"}, {}, {"command": None}),
    ("app-version-get", {"app_name": "shooter", "version_name": "1.0.0"}, {}, None),
    ("app-version-list", {"app_name": "shooter"}, {"page": 2, "limit": 1}, None),
    (
        "endpoint-create",
        {},
        {},
        {
            "name": "logs",
            "access_key_id": "i",
            "secret_access_key": "s",
            "endpoint": "https://s3.example",
            "bucket": "b",
        },
    ),
    ("endpoint-get", {"endpoint_name": "logs"}, {}, None),
    ("endpoint-update", {"endpoint_name": "logs"}, {}, {"bucket": "c"}),
    ("endpoints-list", {}, {}, None),
    (
        "pull-profile-create",
        {"endpoint_name": "logs"},
        {},
        {"name": "maps", "source": "/m", "source_type": "File", "destination": "/d"},
    ),
    ("pull-profile-get", {"endpoint_name": "logs", "pull_profile_name": "maps"}, {}, None),
    ("pull-profile-update", {"endpoint_name": "logs", "pull_profile_name": "maps"}, {}, {"source": "/n"}),
    ("pull-profile-list", {"endpoint_name": "logs"}, {}, None),
    (
        "pull-profile-link-app-version",
        {"endpoint_name": "logs", "pull_profile_name": "maps", "app_name": "shooter", "version_name": "1.0.0"},
        {},
        None,
    ),
    (
        "pull-profile-unlink-app-version",
        {"endpoint_name": "logs", "pull_profile_name": "maps", "app_name": "shooter", "version_name": "1.0.0"},
        {},
        None,
    ),
    ("pull-profile-delete", {"endpoint_name": "logs", "pull_profile_name": "maps"}, {}, None),
    ("endpoint-delete", {"endpoint_name": "logs"}, {}, None),
    ("registry-image-tag-list", {"image_name": "shooter"}, {}, None),
    ("registry-image-tag-delete", {"image_name": "shooter", "tag_name": "latest"}, {}, None),
    ("app-version-delete", {"app_name": "shooter", "version_name": "1.0.0"}, {}, None),
    ("application-delete", {"app_name": "shooter"}, {}, None),
    ("ListEdgeContainerApps", {}, {"PageNumber": 1}, None),
    (
        "CreateEdgeContainerAppVersion",
        {},
        {},
        {"AppId": ESA_APP, "Name": "version-1", "Containers": [CONTAINER]},
    ),
    ("CreateEdgeContainerAppVersion", {}, {}, {"AppId": "none", "Name": "version-1", "Containers": []}),
    ("UploadRoutineCode", {}, {}, {"Name": "r", "CodeDescription": "d"}),
    ("PublishRoutineCodeRevision", {}, {}, {"Name": "r", "SelectCodeRevision": "1", "Envs": []}),
    ("DeleteRoutineCodeRevision", {}, {}, {"Name": "r", "SelectCodeRevision": "1"}),
    ("ListAppVersions", {}, {"AppId": SAE_APP}, None),
    ("ListAppVersions", {}, {"AppId": "none"}, None),
]


def test_every_answer_of_the_state_satisfies_its_schema(provider: Provider) -> None:
    provider.reset()
    for operation, path, query, body in PLAY:
        call = Call(DOCUMENTS.operations[operation], Received("", "/", []), path, query)
        call.received.method = call.operation.method
        if call.operation.media_type == "application/json":
            call.body = body
        else:
            call.form = body or {}
        answer = provider.answer(call)
        kind = answer.header("content-type") or ""
        problems = provider.judge.judge_response(call, answer.status, kind, answer.body)
        closed = [problem for problem in problems if "is not one of" not in problem]  # enums are open
        assert closed == [], (operation, answer)
    played = {operation for operation, *_ in PLAY}
    assert played | {"PostObject"} == set(DOCUMENTS.operations)


def test_documented_request_examples_pass_both_judges(provider: Provider) -> None:
    """The examples of the documents, written as a client would write them."""

    for operation in DOCUMENTS.operations.values():
        media = (operation.raw.get("requestBody") or {}).get("content", {}).get(operation.media_type or "")
        example = request_example(operation.document, media)
        if example is None or operation.media_type == "multipart/form-data":
            continue
        if operation.media_type == "application/json":
            body = json.dumps(example, ensure_ascii=False).encode()
        else:
            texts = {
                name: json.dumps(value) if name in operation.json_fields else str(value)
                for name, value in example.items()
            }
            body = encoded(texts).encode()
        path = operation.template.split("#")[0]
        for name in operation.named("path"):
            path = path.replace("{" + name + "}", "x")
        headers = [
            ("Host", "x"),
            ("Authorization", "token x"),
            ("Content-Type", str(operation.media_type)),
            ("Content-Length", str(len(body))),
        ]
        if operation.document.style is Style.ACS:
            value = f"ACS3-HMAC-SHA256 Credential=a,SignedHeaders=host,Signature={'0' * 64}"
            headers[1] = ("Authorization", value)
            headers.append(("x-acs-action", str(operation.action)))
        received = Received(operation.method, path, headers, body, len(body))
        match = found(operation.method, path, operation.action)
        call, problems = judge_wire.judge(received, match)
        more, security = provider.judge.judge(call)
        assert problems + more + security == [], operation.id


def request_example(document: Any, media: dict[str, Any] | None) -> Any:
    return document._example(media) if media else None


OWN = """
openapi: 3.1.0
info: {title: own, version: '1'}
security: [{token: []}]
paths:
  /v1/things/{id}:report:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    put:
      operationId: thing-report
      parameters:
        - {name: flag, in: query, schema: {type: boolean}}
        - {name: tag, in: query, schema: {type: array, items: {type: string}}}
        - name: query
          in: query
          content: {application/json: {schema: {$ref: '#/components/schemas/Query'}}}
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Free'}}}}
      responses:
        '200': {description: ok, content: {application/json: {schema: {}, example: {date: 2026-04-22 12:00:46.444265}}}}
components:
  securitySchemes: {token: {type: apiKey, in: header, name: authorization}}
  schemas:
    Query: {type: object, properties: {n: {type: integer}}}
    Free: {type: object, properties: {any: {x-eb-json: true}, map: {$ref: '#/components/schemas/Map'}}}
    Map: {type: object, additionalProperties: {type: integer}}
"""


@pytest.mark.parametrize(
    ("target", "body", "problems"),
    [
        ("/v1/things/7:report?flag=true&tag=a&tag=b&query=%7B%22n%22%3A1%7D", '{"any":{"x":1.0}}', []),
        ("/v1/things/7:report", '{"map":{"a":1}}', []),
        ("/v1/things/7:report", "", []),
        ("/v1/things/x:report", "", ["path parameter id: 'x' is not an integer"]),
        ("/v1/things/7:report?flag=True", "", ["a boolean is written true or false, not 'True'"]),
        ("/v1/things/7:report?flag=1", "", ["a boolean is written true or false, not '1'"]),
        ("/v1/things/7:report?query=%7B%22m%22%3A1%7D", "", ["query parameter query.m is not declared"]),
        ("/v1/things/7:report?query=%7B%22n%22%3A%22a%22%7D", "", ["openapi-core: query parameter query"]),
        ("/v1/things/7:report", '{"map":{"a":1.0}}', ["body.map.a: an integer is written without fraction"]),
        ("/v1/things/7:report", '{"map":{"a":"x"}}', ["openapi-core: body.map.a: 'x' is not of type 'integer'"]),
        ("/v1/things/7:report", '{"none":{}}', ["body.none is not declared"]),
    ],
)
def test_a_document_of_ones_own(tmp_path: Path, target: str, body: str, problems: list[str]) -> None:
    (tmp_path / "own.yaml").write_text(OWN)
    provider = Provider(Documents.load(tmp_path))
    headers = [("Host", "x"), ("Authorization", "token x"), ("Content-Length", str(len(body)))]
    if body:
        headers.append(("Content-Type", "application/json"))
    received = Received("PUT", target, headers, body.encode(), len(body))
    match = provider.documents.find("PUT", received.path, None, "")
    call, found = judge_wire.judge(received, match)
    more, security = provider.judge.judge(call)
    assert security == []
    assert bool(found + more) is bool(problems), found + more
    for problem in problems:
        assert any(problem in text for text in found + more), found + more
    assert provider.answer(call).body == b'{"date":"2026-04-22 12:00:46.444265"}'
