"""Everything the two judges must see. `openapi-core:` marks what only the first one says; without
that mark it is the second one, reading the bytes."""

from __future__ import annotations

import json
import socket

import pytest

from client import APP, CONTAINER, ESA_APP, FORM, JSON, SAE_APP, TOKEN, VERSION, Client, encoded, signed

CREATE = "CreateEdgeContainerAppVersion"


def json_body(value: object) -> bytes:
    return json.dumps(value).encode()


@pytest.mark.parametrize(
    ("target", "problem"),
    [
        ("/v1/apps?page=0", "openapi-core: "),
        ("/v1/apps?page=x", "openapi-core: "),
        ("/v1/apps?page=01", "not an integer in canonical form"),
        ("/v1/apps?page=+1", "'+' is not percent-encoded (a space is %20)"),
        ("/v1/apps?page=1&page=1", "query parameter page: occurs twice"),
        ("/v1/apps?page=1&", "an empty pair"),
        ("/v1/apps?page", "page has no `=`"),
        ("/v1/apps?Page=1", "query parameter Page is not declared for application-list"),
        ("/v1/apps?", "ends in `?` without a parameter"),
        ("/v1/apps?page=%31", "%31 encodes a character that needs none"),
        ("/v1/apps?%70age=1", "%70 encodes a character that needs none"),
        ("/v1/app/a%2fb", "lower-case hexadecimal digits"),
        ("/v1/app/a%zz", "a `%` that two hexadecimal digits do not follow"),
        ("/v1/app/a+b", "'+' is not percent-encoded"),
        ("/v1/app/a:b", "':' is not percent-encoded"),
        ("/v1/app/a%C3", "not UTF-8"),
        ("/v1/app/%00", "holds a NUL"),
        ("/v1/app/", "path parameter app_name: has an empty part"),
        ("/v1/app/..", "`.` and `..` change the path"),
        ("/v1/container-registry/images/a//b/tags", "path parameter image_name: has an empty part"),
        ("/v1/container-registry/images/../tags", "`.` and `..` change the path"),
    ],
)
def test_a_wrong_target_is_named(mock: Client, target: str, problem: str) -> None:
    assert problem in mock.rejected("GET", target, TOKEN)


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"", "body: not JSON"),
        (b"{", "body: not JSON"),
        (b"{} x", "body: not JSON"),
        (b"\xef\xbb\xbf{}", "byte order mark"),
        (b'{"name":"\xff"}', "not UTF-8 at byte 9"),
        (b'{"name":"a\\ud800"}', "half of a surrogate pair"),
        (b'{"name":NaN}', "NaN is not JSON"),
        (b'{"name":"a","name":"a"}', "member 'name' occurs twice"),
        (json_body(APP | {"extra": 1}), "body.extra is not declared"),
        (json_body({"name": "a", "is_active": True}), "openapi-core: body: 'image' is a required property"),
        (json_body(APP | {"is_active": "true"}), "openapi-core: body.is_active: 'true' is not of type 'boolean'"),
        (json_body(APP | {"name": ""}), "openapi-core: body.name: "),
        (b"[" * 100_000, "nested too deeply"),
    ],
)
def test_a_wrong_body_is_named(mock: Client, body: bytes, problem: str) -> None:
    assert problem in json.loads(mock.rejected("POST", "/v1/app", TOKEN, JSON, body=body))["message"]


def test_a_missing_body_is_named(mock: Client) -> None:
    assert "needs a body of application/json" in mock.rejected("POST", "/v1/app", TOKEN)


def test_names_are_checked_at_every_depth(mock: Client) -> None:
    mock.edgegap("POST", "/v1/app", APP)
    body = VERSION | {"ports": [{"port": 1, "protocol": "UDP", "tls": True}]}
    text = mock.rejected("POST", "/v1/app/shooter/version", TOKEN, JSON, body=json_body(body))
    assert "body.ports[0].tls is not declared" in text


@pytest.mark.parametrize("number", ["512.0", "5.12e2", "-0"])
def test_integers_are_canonical(mock: Client, number: str) -> None:
    mock.edgegap("POST", "/v1/app", APP)
    body = json.dumps(VERSION).replace("512", number).encode()
    text = mock.rejected("POST", "/v1/app/shooter/version", TOKEN, JSON, body=body)
    assert "an integer is written without fraction" in text or "not an integer in canonical form" in text


def test_all_problems_are_reported_together(mock: Client) -> None:
    text = mock.rejected("GET", "/v1/apps?page=01&x=%61", TOKEN, ("X-Odd", "1"), ("X-Odd", "1"))
    for problem in ("page: '01'", "%61 encodes", "x is not declared", "X-Odd is not", "X-Odd: occurs twice"):
        assert problem in text


@pytest.mark.parametrize(
    ("headers", "problem"),
    [
        ([("X-Odd", "1")], "header X-Odd is not declared"),
        ([("x-acs-date", "1")], "header x-acs-date belongs to another provider"),
        ([("Accept", "text/html")], "does not accept application/json"),
        ([("Accept", "*/*"), ("accept", "*/*")], "header accept: occurs twice"),
        ([("User-Agent", "a"), ("user-agent", "a")], "Duplicate 'User-Agent' header"),
        ([("User-Agent", "\u00e9")], "not printable ASCII"),
        ([("Content-Type", "application/json")], "has no body, yet Content-Type"),
        ([("Content-Length", "0")], "announces a body it does not have"),
        ([("X-Fields", "{a}")], "header X-Fields is not declared for application-list"),
    ],
)
def test_a_wrong_header_is_named(mock: Client, headers: list[tuple[str, str]], problem: str) -> None:
    assert problem in mock.rejected("GET", "/v1/apps", TOKEN, *headers)


def test_a_header_can_be_allowed(mock: Client) -> None:
    mock.control("POST", "settings", {"allow_headers": ["x-odd"]})
    assert mock.edgegap("GET", "/v1/apps", None, ("X-Odd", "1")).status == 200


@pytest.mark.parametrize("kind", ["application/json; charset=utf-8", "text/plain", "application/JSON"])
def test_the_content_type_is_exact(mock: Client, kind: str) -> None:
    text = mock.rejected("POST", "/v1/app", TOKEN, ("Content-Type", kind), body=json_body(APP))
    assert "expected exactly 'application/json'" in json.loads(text)["message"]


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_a_body_on_get_and_delete_is_refused(mock: Client, method: str) -> None:
    text = mock.rejected(method, "/v1/app/a", TOKEN, body=b"{}")
    assert f"a body came with {method}" in text


def test_a_put_without_a_body_says_so(mock: Client) -> None:
    target = "/v1/storage/endpoint/e/pull-profile/p/app/a/version/v"
    request = f"PUT {target} HTTP/1.1\r\nHost: x\r\n{TOKEN[0]}: {TOKEN[1]}\r\n\r\n".encode()
    assert "PUT without Content-Length" in mock.raw(request).text
    assert mock.send("PUT", target, TOKEN).status == 404


def test_chunked_bodies_are_read(mock: Client) -> None:
    body = json_body(APP)
    chunks = b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)
    reply = mock.send("POST", "/v1/app", TOKEN, JSON, ("Transfer-Encoding", "chunked"), body=chunks)
    assert reply.status == 200


def test_expect_100_continue_is_answered(mock: Client) -> None:
    body = json_body(APP)
    sock = mock.connect()
    head = (
        f"POST /v1/app HTTP/1.1\r\nHost: x\r\n{TOKEN[0]}: {TOKEN[1]}\r\n{JSON[0]}: {JSON[1]}\r\n"
        f"Expect: 100-continue\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    sock.sendall(head.encode())
    assert sock.recv(1000).startswith(b"HTTP/1.1 100 Continue\r\n\r\n")
    assert mock.raw(body).status == 200


@pytest.mark.parametrize(
    "data",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /v1/apps HTTP/1.1\r\nHost: x\r\nBad Header\r\n\r\n",
        b"POST /v1/app HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}",
        b"POST /v1/app HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /v1/app HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"\r\n" * 50 + b"\0" * 5000 + b"\r\n\r\n",
    ],
)
def test_garbage_is_refused_and_remembered(mock: Client, data: bytes) -> None:
    reply = mock.raw(data)
    assert reply.status == 400
    assert mock.journal()[-1]["verdict"]["problems"]
    assert mock.edgegap("GET", "/v1/apps").status == 200


def test_bytes_that_are_not_utf8_are_shown_as_escapes(mock: Client) -> None:
    text = mock.rejected("POST", "/", FORM, ("x-acs-action", CREATE), body=b"\x8c")
    assert "\\udc8c has no `=`" in text and "byte 0x8c is not percent-encoded" in text
    reply = mock.raw(b"GET /v1/apps HTTP/1.1\r\nHost: x\r\nX-Odd: \xfe\r\n\r\n")
    assert "X-Odd: holds bytes that are not printable ASCII" in reply.json["message"]
    assert mock.journal()[1]["headers"][-1] == ["X-Odd", "\udcfe"]


def test_a_request_that_ends_early_is_remembered(mock: Client) -> None:
    head = f"POST /v1/app HTTP/1.1\r\nHost: x\r\n{TOKEN[0]}: {TOKEN[1]}\r\nContent-Length: 100\r\n\r\n{{"
    mock.connect().sendall(head.encode())
    mock.connect().shutdown(socket.SHUT_WR)
    mock.hang_up()
    assert mock.edgegap("GET", "/v1/apps").status == 200
    assert "ended early" in mock.journal()[0]["verdict"]["problems"][0]


def test_an_unknown_path_is_404_in_the_providers_shape(mock: Client) -> None:
    reply = mock.edgegap("GET", "/v1/nothing")
    assert reply.status == 404
    assert reply.json == {"message": "no operation is at GET /v1/nothing"}
    assert mock.edgegap("DELETE", "/v1/apps").status == 405


def form() -> dict[str, str]:
    return {"AppId": ESA_APP, "Name": "version-1", "Containers": json.dumps([CONTAINER])}


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"Extra": "1"}, "form field Extra is not declared"),
        ({"Action": CREATE}, "form field Action belongs to an older signature"),
        ({"Containers": "{"}, "form field Containers: not JSON"),
        ({"Containers": '[{"Name":"a","Name":"b"}]'}, "member 'Name' occurs twice"),
        ({"Containers": json.dumps([CONTAINER | {"Extra": 1}])}, "Containers[0].Extra is not declared"),
        ({"Containers": json.dumps([{"Name": "a"}])}, "openapi-core: "),
        ({"Containers": json.dumps([CONTAINER | {"Spec": "9C9G"}])}, "openapi-core: "),
        ({"Containers": json.dumps([CONTAINER | {"ProbeContent": "{}"}])}, "openapi-core: "),
        (
            {"Containers": json.dumps([CONTAINER | {"ProbeContent": {"Port": 80.0}}])},
            "Containers[0].ProbeContent.Port: an integer is written without fraction",
        ),
    ],
)
def test_a_wrong_form_is_named(mock: Client, change: dict[str, str], problem: str) -> None:
    reply = mock.alibaba(CREATE, form() | change)
    assert reply.headers["x-mock-verdict"] == "rejected"
    assert reply.json["Code"] == "Mock.RequestRejected"
    assert reply.json["RequestId"] == reply.headers["x-acs-request-id"]
    assert problem in reply.json["Message"]


def test_a_missing_form_field_is_named(mock: Client) -> None:
    fields = {name: value for name, value in form().items() if name != "Name"}
    assert "'Name' is a required property" in mock.alibaba(CREATE, fields).text
    assert "Missing required request body" in mock.alibaba(CREATE, {}).text


def test_a_form_is_written_canonically(mock: Client) -> None:
    for body, problem in [
        ("Name=a+b", "'+' is not percent-encoded"),
        ("Name=a&Name=b", "form field Name: occurs twice"),
        ("Name=%e4%bd%a0", "lower-case hexadecimal digits"),
    ]:
        text = mock.rejected("POST", "/", FORM, ("x-acs-action", CREATE), body=body.encode())
        assert problem in text


def test_numbers_in_a_query_are_canonical(mock: Client) -> None:
    reply = mock.alibaba("ListEdgeContainerApps", None, {"PageNumber": "1.0"})
    assert "query parameter PageNumber: '1.0' is not an integer in canonical form" in reply.text
    reply = mock.alibaba("ListEdgeContainerApps", None, {"Action": "ListEdgeContainerApps"})
    assert "query parameter Action belongs to an older signature" in reply.text


def test_an_authorization_of_another_form_is_named(mock: Client) -> None:
    for value in ("ACS3-HMAC-SHA256 Credential=a", "acs3-hmac-sha256 x", "token x"):
        request = signed(mock.host, CREATE, form(), afterwards={"Authorization": value})
        reply = mock.raw(request)
        assert reply.headers["x-mock-verdict"] == "rejected"
        assert "header Authorization is not `ACS3-HMAC-SHA256 Credential=" in reply.text


def test_the_gateway_knows_its_actions(mock: Client) -> None:
    cases: list[tuple[str, dict[str, str | None], int, str]] = [
        ("Nothing", {}, 404, "InvalidAction.NotFound"),
        ("ListAppVersions", {"x-acs-action": CREATE}, 404, "InvalidApi.NotFound"),
        (CREATE, {"x-acs-version": "2018-01-15"}, 400, "InvalidVersion"),
    ]
    for action, change, status, code in cases:
        fields, query = (None, {"AppId": SAE_APP}) if action == "ListAppVersions" else (form(), None)
        reply = mock.raw(signed(mock.host, action, fields, query, change=change))
        assert (reply.status, reply.json["Code"]) == (status, code)
    reply = mock.send("POST", "/", FORM, body=encoded(form()).encode())
    assert (reply.status, reply.json["Code"]) == (400, "MissingAction")
    reply = mock.send("GET", "/", ("x-acs-action", CREATE))
    assert (reply.status, reply.json["Code"]) == (403, "UnsupportedHTTPMethod")
