"""The upload ticket, and the form that goes with it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

import pytest

from client import Client, Reply
from edgebind_mock import oss

CODE = b"export default {}\r\n--\r\n"
KIND = ("Content-Type", "multipart/form-data; boundary=bOuNdArY")


def ticket(mock: Client, description: str = "Hello World") -> dict[str, Any]:
    reply = mock.alibaba("UploadRoutineCode", {"Name": "routine", "CodeDescription": description})
    content: dict[str, Any] = reply.json["Content"]
    return content


def form(fields: list[tuple[str, str]], file: bytes | None = CODE, head: str = "") -> bytes:
    parts = [f'--bOuNdArY\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'.encode() for k, v in fields]
    if file is not None:
        start = f'--bOuNdArY\r\nContent-Disposition: form-data; name="file"{head}\r\n\r\n'
        parts.append(start.encode() + file + b"\r\n")
    return b"".join(parts) + b"--bOuNdArY--\r\n"


def fields_of(post: dict[str, str]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in post.items() if name != "Url"]


def upload(mock: Client, body: bytes, *headers: tuple[str, str]) -> Reply:
    return mock.send("POST", "/", KIND, *headers, body=body)


def publish(mock: Client, revision: str, envs: str = '["production"]') -> Reply:
    form = {"Name": "routine", "SelectCodeRevision": revision, "Envs": envs}
    return mock.alibaba("PublishRoutineCodeRevision", form)


def test_a_ticket_says_what_it_allows(mock: Client) -> None:
    content = ticket(mock, 'say "hé"')
    post = content["OssPostConfig"]
    assert list(post) == ["OSSAccessKeyId", "Signature", "callback", "x:codeDescription", "Url", "key", "policy"]
    assert post["Url"] == mock.url
    assert json.loads(base64.b64decode(post["x:codeDescription"])) == 'say "hé"'
    assert "callbackUrl" in json.loads(base64.b64decode(post["callback"]))
    policy = json.loads(base64.b64decode(post["policy"]))
    assert ["eq", "$key", post["key"]] in policy["conditions"]
    mac = hmac.new(oss.SIGNER_SECRET, post["policy"].encode(), hashlib.sha1).digest()
    assert post["Signature"] == base64.b64encode(mac).decode()


def test_uploaded_code_can_be_published(mock: Client) -> None:
    content = ticket(mock)
    early = publish(mock, content["CodeRevision"])
    assert (early.status, early.json["Code"]) == (400, "EdgeRoutine.GeneralError")
    reply = upload(mock, form(fields_of(content["OssPostConfig"])))
    assert (reply.status, reply.json) == (200, {"Status": "OK"})
    assert reply.headers["etag"] == f'"{hashlib.md5(CODE).hexdigest().upper()}"'
    assert reply.headers["x-oss-request-id"]
    part = mock.journal()[-1]["form"][-1]
    assert part["sha256"] == hashlib.sha256(CODE).hexdigest()
    for envs in ('["production","presetCanaryZhejiang"]', '{"staging":{}}'):
        published = publish(mock, content["CodeRevision"], envs)
        assert published.json["Content"] == {"CodeRevision": content["CodeRevision"]}
    stored = mock.control("GET", "state")["routines"]["routine"][content["CodeRevision"]]
    assert stored["envs"] == ["presetCanaryZhejiang", "production", "staging"]
    assert stored["sha256"] == part["sha256"] and stored["description"] == "Hello World"
    for envs in ("[]", "1", "null", "[1]"):
        assert publish(mock, content["CodeRevision"], envs).status == 400
    assert publish(mock, "1").status == 400


@pytest.mark.parametrize(
    "head",
    [
        '; filename="blob"',
        "\r\nContent-Type: application/octet-stream",
        '; filename="code.js"\r\nContent-Type: application/octet-stream',
    ],
)
def test_the_file_may_have_a_name_and_a_type(mock: Client, head: str) -> None:
    content = ticket(mock)
    assert upload(mock, form(fields_of(content["OssPostConfig"]), head=head)).status == 200


def test_fields_may_come_in_any_order(mock: Client) -> None:
    content = ticket(mock)
    assert upload(mock, form(fields_of(content["OssPostConfig"])[::-1])).status == 200


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"OSSAccessKeyId": None, "policy": None, "Signature": None}, 403, "AccessDenied"),
        ({"Signature": None}, 400, "InvalidArgument"),
        ({"OSSAccessKeyId": "other"}, 403, "InvalidAccessKeyId"),
        ({"Signature": "b3RoZXI="}, 403, "SignatureDoesNotMatch"),
        ({"policy": "e30="}, 403, "SignatureDoesNotMatch"),
        ({"key": "other.js"}, 403, "AccessDenied"),
        ({"key": "k" * 9000}, 400, "FieldItemTooLong"),
        ({"callback": None}, 403, "AccessDenied"),
        ({"callback": "e30="}, 403, "AccessDenied"),
        ({"x:codeDescription": None}, 403, "AccessDenied"),
    ],
)
def test_a_changed_ticket_is_refused(mock: Client, change: dict[str, str | None], status: int, code: str) -> None:
    content = ticket(mock)
    post = content["OssPostConfig"] | change
    reply = upload(mock, form([(k, v) for k, v in fields_of(post) if v is not None]))
    assert reply.status == status, reply.text
    assert f"<Code>{code}</Code>" in reply.text
    assert reply.headers["content-type"] == "application/xml"
    assert f"<RequestId>{reply.headers['x-oss-request-id']}</RequestId>" in reply.text
    assert publish(mock, content["CodeRevision"]).status == 400


def test_a_ticket_expires(mock: Client) -> None:
    mock.control("POST", "settings", {"ticket_valid_s": -1})
    reply = upload(mock, form(fields_of(ticket(mock)["OssPostConfig"])))
    assert reply.status == 403 and "Policy expired" in reply.text


def test_unknown_fields_of_a_ticket_go_along(mock: Client) -> None:
    post = ticket(mock)["OssPostConfig"] | {"x-oss-meta-of-tomorrow": "1"}
    assert upload(mock, form(fields_of(post))).status == 200


@pytest.mark.parametrize(("status", "published"), [(200, 200), (201, 200), (203, 400), (204, 200)])
def test_the_ways_an_upload_ends(mock: Client, status: int, published: int) -> None:
    mock.control("POST", "settings", {"upload_status": status})
    content = ticket(mock)
    reply = upload(mock, form(fields_of(content["OssPostConfig"])))
    assert reply.status == status
    if status == 203:
        assert "<Code>CallbackFailed</Code>" in reply.text
    if status == 201:
        assert "<PostResponse>" in reply.text
    assert publish(mock, content["CodeRevision"]).status == published


def rejected(mock: Client, body: bytes, *headers: tuple[str, str], kind: str = KIND[1]) -> str:
    reply = mock.send("POST", "/", ("Content-Type", kind), *headers, body=body)
    assert reply.headers.get("x-mock-verdict") == "rejected", reply
    assert "<Code>Mock.RequestRejected</Code>" in reply.text
    return reply.text


def test_the_form_is_judged_byte_by_byte(mock: Client) -> None:
    fields = fields_of(ticket(mock)["OssPostConfig"])
    good = form(fields)
    after = good.replace(b"--bOuNdArY--\r\n", b'--bOuNdArY\r\nContent-Disposition: form-data; name="z"\r\n\r\nz\r\n')
    closing = b"--bOuNdArY--\r\n"
    for body, problem in [
        (after + closing, "form field file is not the last one"),
        (form(fields, None), "form field file is missing"),
        (form([*fields, fields[0]]), f"form field {fields[0][0]}: occurs twice"),
        (form([*fields, ("empty", "")]), "form field empty is empty: leave it out"),
        (good.removesuffix(closing), "multipart: "),
        (good.replace(b"\r\n", b"\n"), "multipart: "),
        (good.replace(b'name="key"', b"name=key"), "Content-Disposition is 'form-data; name=key'"),
        (good.replace(b'name="key"', b'name="key"; filename="k"'), "field key is written like a file"),
        (b"", "form field file is missing"),
    ]:
        assert problem in rejected(mock, body), problem
    assert "expected multipart/form-data; boundary=" in rejected(
        mock, good, kind="multipart/form-data; charset=x; boundary=bOuNdArY"
    )
    assert "authorised by its policy alone" in rejected(mock, good, ("Authorization", "x"))
    assert "belongs to another provider" in rejected(mock, good, ("x-acs-date", "x"))


def test_a_large_upload_is_streamed(mock: Client) -> None:
    content = ticket(mock)
    size = 80 * 1024 * 1024
    empty = form(fields_of(content["OssPostConfig"]), b"")
    middle = empty.index(b"\r\n--bOuNdArY--")
    sock = mock.connect()
    head = f"POST / HTTP/1.1\r\nHost: x\r\n{KIND[0]}: {KIND[1]}\r\nContent-Length: {len(empty) + size}\r\n\r\n"
    sock.sendall(head.encode() + empty[:middle])
    piece = b"\r\n--bOuNdAr?" * 80_000
    left = size
    digest = hashlib.sha256()
    while left:
        now = piece[:left]
        sock.sendall(now)
        digest.update(now)
        left -= len(now)
    sock.sendall(empty[middle:])
    assert mock.read().status == 200
    entry = mock.journal()[-1]
    assert entry["form"][-1] == {"name": "file", "size": size, "sha256": digest.hexdigest(), "filename": None}
    assert entry["body_size"] == size + len(empty)
    assert len(entry["body"]) <= 64 * 1024
