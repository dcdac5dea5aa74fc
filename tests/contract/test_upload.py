"""The upload that follows a ticket: the form, where it goes, and what its host says."""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import spec
from harness import Answer, Bench, Invoke, Mock, header

TICKET = "UploadRoutineCode"
BODY = {"body": {"Name": "r", "CodeDescription": "first"}}
FORM = ["OSSAccessKeyId", "Signature", "callback", "x:codeDescription", "policy", "key"]


def upload(bench: Bench, data: str = "export default {}", **more: Any) -> Answer:
    wanted = more.pop("upload", {"data": data})
    return bench.call(TICKET, BODY, upload=wanted, **more)


def form(bench: Bench) -> list[dict[str, Any]]:
    (entry,) = bench.mock.journal("PostObject")
    found: list[dict[str, Any]] = entry["form"]
    return found


def change_ticket(bench: Bench, **members: Any) -> None:
    bench.mock.fault(TICKET, {"patch": {"Content": {"OssPostConfig": members}}})


class TestForm:
    def test_every_field_as_in_the_ticket_and_the_file_last(self, bench: Bench) -> None:
        answer = upload(bench, "code \u00fc\n")
        assert answer.status == "EB_OK" and answer.http_status == 200, answer
        parts, ticket = form(bench), answer.value["Content"]["OssPostConfig"]
        assert [part["name"] for part in parts] == [*FORM, "file"]
        assert {part["name"]: part["value"] for part in parts[:-1]} == {name: ticket[name] for name in FORM}
        assert parts[-1]["sha256"] == hashlib.sha256("code \u00fc\n".encode()).hexdigest()
        assert "Url" not in [part["name"] for part in parts]

    def test_members_that_nobody_documented_go_along(self, bench: Bench) -> None:
        members = {"success_action_status": "200", "x-oss-security-token": "t", "x:new": '\u00fc=&"', "n": 5}
        change_ticket(bench, **members)
        answer = upload(bench)
        assert answer.status == "EB_OK", answer
        parts = {part["name"]: part.get("value") for part in form(bench)}
        assert parts["success_action_status"] == "200" and parts["x:new"] == '\u00fc=&"' and parts["n"] == "5"
        assert list(parts) == [
            *FORM[:4],
            "x-oss-security-token",
            *FORM[4:],
            "success_action_status",
            "x:new",
            "n",
            "file",
        ]

    def test_further_fields_keep_their_order(self, bench: Bench) -> None:
        body = spec.body_example("PostObject") | {"z": "1", "a": "2", "x:m": "3", "B": "4"}
        bench.mock.example("PostObject")
        bench.ok("PostObject", {"body": body})
        assert [part["name"] for part in form(bench)][-5:] == ["z", "a", "x:m", "B", "file"]

    def test_absent_and_empty_members_are_left_out(self, bench: Bench) -> None:
        change_ticket(bench, **{"x-oss-security-token": None, "note": "", "callback": None})
        upload(bench)
        names = [part["name"] for part in form(bench)]
        assert "x-oss-security-token" not in names and "note" not in names and "callback" not in names

    def test_name_and_type_of_the_file(self, bench: Bench) -> None:
        wanted = {"data": "x", "filename": 'my "routine".js', "content_type": "text/javascript"}
        assert upload(bench, upload=wanted).status == "EB_OK"
        part = form(bench)[-1]
        assert part["filename"] == "my %22routine%22.js" and part["content_type"] == "text/javascript"

    @pytest.mark.parametrize("data", ["", "\r\n", "--edgebind\r\n--", "\r\n--edgebind--\r\n" * 3])
    def test_awkward_contents(self, bench: Bench, data: str) -> None:
        answer = upload(bench, data)
        assert answer.status == "EB_OK", answer
        assert form(bench)[-1]["sha256"] == hashlib.sha256(data.encode()).hexdigest()

    def test_length_is_known_and_no_credentials_go_along(self, bench: Bench) -> None:
        bench.mock.settings(allow_headers=["x-trace"])
        upload(bench, call={"headers": [["X-Trace", "1"]]})
        first, second = bench.mock.journal()
        assert header(first, "x-trace") == "1" and header(second, "x-trace") is None
        assert header(second, "authorization") is None and header(second, "content-length") is not None
        assert not [name for name, _ in second["headers"] if name.lower().startswith("x-acs-")]
        assert header(second, "transfer-encoding") is None and header(second, "expect") is None

    def test_awkward_ticket_cannot_break_the_form(self, bench: Bench) -> None:
        change_ticket(bench, **{'evil"\r\nX: 1': "v"})
        answer = upload(bench)
        assert answer.status == "EB_INVALID" and "form" in answer.message, answer
        assert bench.mock.journal("PostObject") == []


class TestFile:
    def test_file_of_the_disk(self, bench: Bench, tmp_path: Path) -> None:
        path = tmp_path / "code.js"
        path.write_bytes(bytes(range(256)) * 1000)
        assert upload(bench, upload={"path": str(path)}).status == "EB_OK"
        assert form(bench)[-1]["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()

    @pytest.mark.parametrize("wanted", [{"path": "/nowhere/code.js"}, {"path": "/"}, {}])
    def test_nothing_is_asked_for_without_a_file(self, bench: Bench, wanted: dict[str, str]) -> None:
        answer = upload(bench, upload=wanted)
        assert (answer.status, answer.field) == ("EB_INVALID", "file"), answer
        assert bench.mock.journal() == []

    def test_large_file_is_streamed(self, bench: Bench, tmp_path: Path) -> None:
        """In a process of its own, whose peak of memory has seen nothing else."""
        path = tmp_path / "large.js"
        with path.open("wb") as file:
            file.truncate(1 << 30)
        program = Invoke()
        small = Bench(bench.mock, program)
        assert upload(small).status == "EB_OK"
        bench.mock.clear_journal()
        before = program.ask({"usage": True}).peak_kb
        patient = {"deadline_ms": 300000, "attempt_timeout_ms": 300000}
        answer = upload(small, upload={"path": str(path)}, options=patient)
        after = program.ask({"usage": True}).peak_kb
        program.stop()
        assert answer.status == "EB_OK", answer
        assert form(bench)[-1]["size"] == 1 << 30
        assert after - before < 8 * 1024, f"the peak grew from {before} to {after} KB"


class TestAnswers:
    def test_ids_of_both_calls_are_kept(self, bench: Bench) -> None:
        answer = upload(bench)
        assert answer.ticket_request_id == answer.value["RequestId"]
        assert answer.request_id == answer.header("x-oss-request-id") != answer.ticket_request_id

    @pytest.mark.parametrize("status", [200, 201, 204])
    def test_stored(self, bench: Bench, status: int) -> None:
        bench.mock.settings(upload_status=status)
        answer = upload(bench)
        assert (answer.status, answer.http_status) == ("EB_OK", status), answer
        assert answer.value["Content"]["CodeRevision"]

    def test_failed_callback_is_a_failure(self, bench: Bench) -> None:
        bench.mock.settings(upload_status=203)
        answer = upload(bench)
        assert (answer.status, answer.http_status, answer.code) == ("EB_API", 203, "CallbackFailed"), answer
        assert answer.reason == "server_said_no" and "502" in answer.message
        assert answer.request_id != "" and answer.ticket_request_id != ""
        assert "value" not in answer

    @pytest.mark.parametrize(
        ("members", "status", "code"),
        [
            ({"Signature": "AAAA"}, 403, "SignatureDoesNotMatch"),
            ({"OSSAccessKeyId": "other"}, 403, "InvalidAccessKeyId"),
            ({"key": "elsewhere.js"}, 403, "AccessDenied"),
            ({"policy": "bm90IGpzb24="}, 403, "SignatureDoesNotMatch"),
            ({"policy": None}, 400, "InvalidArgument"),
        ],
    )
    def test_refusals_are_read_from_xml(self, bench: Bench, members: dict[str, Any], status: int, code: str) -> None:
        change_ticket(bench, **members)
        answer = upload(bench)
        assert (answer.status, answer.http_status, answer.code) == ("EB_API", status, code), answer
        assert answer.message and answer.request_id == answer.header("x-oss-request-id")
        assert len(bench.mock.journal("PostObject")) == 1

    def test_expired_ticket(self, bench: Bench) -> None:
        bench.mock.settings(ticket_valid_s=-10.0)
        answer = upload(bench)
        assert (answer.http_status, answer.code) == (403, "AccessDenied") and "expired" in answer.message

    def test_unclear_upload_is_not_repeated(self, bench: Bench) -> None:
        bench.mock.fault("PostObject", name="lost_answer")
        answer = upload(bench)
        assert answer.status == "EB_MAYBE_SENT" and len(bench.mock.journal("PostObject")) == 1, answer
        bench.mock.clear_journal()
        bench.mock.fault("PostObject", {"status": 503})
        answer = upload(bench)
        assert (answer.status, answer.http_status, answer.reason) == ("EB_API", 503, "not_safe"), answer
        assert len(bench.mock.journal("PostObject")) == 1

    def test_refused_ticket_ends_the_call(self, bench: Bench) -> None:
        bench.mock.fault(TICKET, {"status": 403, "code": "NoPermission"})
        answer = upload(bench)
        assert (answer.status, answer.code) == ("EB_API", "NoPermission")
        assert bench.mock.journal("PostObject") == []

    def test_throttled_ticket_is_asked_for_again(self, bench: Bench) -> None:
        bench.mock.fault(TICKET, name="throttled")
        assert upload(bench).status == "EB_OK"
        assert len(bench.mock.journal(TICKET)) == 2 and len(bench.mock.journal("PostObject")) == 1

    def test_deadline_bounds_both_calls(self, bench: Bench) -> None:
        bench.mock.fault(TICKET, {"delay_ms": 300})
        bench.mock.fault("PostObject", {"delay_ms": 6000})
        answer = upload(bench, call={"deadline_ms": 1200})
        assert (answer.status, answer.cause) == ("EB_MAYBE_SENT", "EB_TIMEOUT") and answer.took_s < 4, answer

    @pytest.mark.parametrize(
        "content",
        [None, {}, {"OssPostConfig": None}, {"OssPostConfig": {}}, {"OssPostConfig": {"Url": None}}],
    )
    def test_ticket_without_an_address(self, bench: Bench, content: Any) -> None:
        bench.mock.fault(TICKET, {"body": {"Content": content}})
        answer = upload(bench)
        assert answer.status == "EB_DECODE" and "Url" in answer.message, answer


class TestHosts:
    @pytest.mark.parametrize(
        "url",
        [
            "http://files.example.invalid",
            "https://files.example.invalid",
            "http://aliyuncs.com.example.invalid",
            "http://evilaliyuncs.com",
            "http://bucket.aliyuncs.com@files.example.invalid",
            "http://127.0.0.1.example.invalid",
            "http://0.0.0.0:1",
            "http://10.0.0.1",
        ],
    )
    def test_unknown_hosts_get_nothing(self, bench: Bench, url: str) -> None:
        bench.mock.settings(ticket_url=url)
        answer = upload(bench)
        assert answer.status in ("EB_INVALID", "EB_DECODE"), answer
        assert answer.ticket_request_id or answer.request_id
        assert bench.mock.journal("PostObject") == []
        if "@" not in url:
            assert answer.status == "EB_INVALID" and "upload_hosts" in answer.message, answer

    @pytest.mark.parametrize("url", ["", "nonsense", "ftp://127.0.0.1", "//127.0.0.1", "http://", "http://127.0.0.1:0"])
    def test_addresses_that_are_none(self, bench: Bench, url: str) -> None:
        change_ticket(bench, Url=url)
        answer = upload(bench)
        assert answer.status == "EB_DECODE" and "Url" in answer.message, answer
        assert bench.mock.journal("PostObject") == []

    def test_loopback_stays_http_by_any_name(self, bench: Bench) -> None:
        port = bench.mock.url.rpartition(":")[2]
        for host in ("127.0.0.1", "localhost", "LOCALHOST"):
            bench.mock.settings(ticket_url=f"http://{host}:{port}/")
            assert upload(bench).status == "EB_OK", host


@pytest.fixture(scope="module")
def secure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Mock, str]]:
    """A mock that speaks TLS, and the certificate that vouches for it under two addresses."""
    folder = tmp_path_factory.mktemp("tls")
    certificate, key = str(folder / "cert.pem"), str(folder / "key.pem")
    words = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=mock"
    names = ["-addext", "subjectAltName=IP:127.0.0.1,IP:0.0.0.0"]
    made = subprocess.run([*words.split(), *names, "-keyout", key, "-out", certificate], capture_output=True)
    assert made.returncode == 0, made.stderr.decode()
    mock = Mock("--tls", certificate, key)
    yield mock, certificate
    mock.stop()


class TestTls:
    """0.0.0.0 reaches this machine without being a loopback address, so that the rules for others hold."""

    @pytest.fixture
    def tls(self, bench: Bench, secure: tuple[Mock, str]) -> tuple[Bench, dict[str, Any]]:
        mock, certificate = secure
        mock.reset()
        port = mock.url.rpartition(":")[2]
        mock.settings(ticket_url=f"http://0.0.0.0:{port}")
        return Bench(mock, bench.program), {"ca_file": certificate}

    def test_http_becomes_https(self, tls: tuple[Bench, dict[str, Any]]) -> None:
        bench, options = tls
        answer = upload(bench, options=options | {"upload_hosts": ["0.0.0.0"]})
        assert answer.status == "EB_OK", answer
        assert form(bench)[-1]["name"] == "file"

    def test_host_that_is_not_listed(self, tls: tuple[Bench, dict[str, Any]]) -> None:
        bench, options = tls
        for hosts in ([], ["1.0.0.0", "0.0.0"]):
            answer = upload(bench, options=options | {"upload_hosts": hosts})
            assert answer.status == "EB_INVALID" and "0.0.0.0" in answer.message, answer
        assert bench.mock.journal("PostObject") == []

    def test_unknown_certificate_is_refused_and_nothing_sent(self, tls: tuple[Bench, dict[str, Any]]) -> None:
        bench, _ = tls
        bench.mock.clear_journal()
        answer = upload(bench, options={"retries": -1})
        assert (answer.status, answer.sent) == ("EB_NETWORK", "nothing"), answer
        assert bench.mock.journal() == []

    @pytest.mark.unjudged
    def test_no_way_back_to_http(self, bench: Bench) -> None:
        """The upgraded address answers in plain text: the upload fails rather than going out readable."""
        port = bench.mock.url.rpartition(":")[2]
        bench.mock.settings(ticket_url=f"http://0.0.0.0:{port}")
        answer = upload(bench, options={"upload_hosts": ["0.0.0.0"], "retries": -1})
        assert (answer.status, answer.sent) == ("EB_NETWORK", "nothing"), answer
        assert bench.mock.journal("PostObject") == []
