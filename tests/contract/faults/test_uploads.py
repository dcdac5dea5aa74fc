"""The second half of an upload: a ticket was given, and the storage it leads to misbehaves. The file is sent once, with
no credentials of the account, and nowhere but where the ticket says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from harness import Invoke
from raw_server import CLOSE, RESET, SILENCE, RawServer, Reply, answer, early, ends, http, never_ends, unread
from scenario import Ends, bench_of

XML = "Content-Type: application/xml"
DENIED = b"<Error><Code>AccessDenied</Code><Message>Policy expired.</Message><RequestId>7</RequestId></Error>"
BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><Error><Code>&b;</Code></Error>'
OUTSIDE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><Error><Message>&a;</Message></Error>'
UNCLEAR = Ends("EB_MAYBE_SENT", sent="all", tried="not_safe", cause="EB_NETWORK", says="may have been carried out")


@dataclass(frozen=True)
class Upload:
    name: str
    storage: Sequence[Reply]
    ends: Ends
    large: bool = False
    options: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.name


UPLOADS = [
    Upload("stored", [answer(200, b"")], Ends("EB_OK", 200)),
    Upload("stored, and said so in JSON", [answer(200, {"Status": "OK"})], Ends("EB_OK", 200)),
    Upload("the answer is lost", [ends(RESET)], UNCLEAR),
    Upload("closed instead of an answer", [ends(CLOSE)], UNCLEAR),
    Upload(
        "reset under the file",
        [unread(RESET)],
        Ends("EB_MAYBE_SENT", sent="part", tried="not_safe", cause="EB_NETWORK", says="part of"),
        large=True,
    ),
    Upload(
        "nobody reads the file",
        [early()],
        Ends("EB_MAYBE_SENT", sent="part", tried="not_safe", cause="EB_TIMEOUT", says="no byte in either"),
        large=True,
        options={"stall_timeout_ms": 200},
    ),
    Upload(
        "refused before the file was read",
        [early(http(403, DENIED, XML, "Connection: close"))],
        Ends("EB_API", 403, tried="server_said_no", code="AccessDenied", says="Policy expired."),
        large=True,
    ),
    Upload(
        "no answer",
        [ends(SILENCE)],
        Ends("EB_MAYBE_SENT", sent="all", tried="not_safe", cause="EB_TIMEOUT"),
        options={"stall_timeout_ms": 200},
    ),
    Upload(
        "refused",
        [answer(403, DENIED, XML)],
        Ends("EB_API", 403, tried="server_said_no", code="AccessDenied", says="Policy expired."),
    ),
    Upload("busy", [answer(503, b"<Error/>", XML)], Ends("EB_API", 503, tried="not_safe")),
    Upload(
        "throttled once",
        [answer(429, b"", XML), answer(200, b"")],
        Ends("EB_OK", 200, tried="throttled done", connections=1),
    ),
    Upload(
        "stored, but the callback failed",
        [answer(203, DENIED.replace(b"AccessDenied", b"CallbackFailed"), XML)],
        Ends("EB_API", 203, tried="server_said_no", code="CallbackFailed"),
    ),
    Upload("entities in entities", [answer(400, BOMB, XML)], Ends("EB_API", 400, tried="server_said_no", says="400")),
    Upload(
        "an entity from a file", [answer(400, OUTSIDE, XML)], Ends("EB_API", 400, tried="server_said_no", says="400")
    ),
    Upload(
        "XML that is cut behind its code",
        [answer(400, DENIED[:40], XML)],
        Ends("EB_API", 400, tried="server_said_no", code="AccessDenied"),
    ),
    Upload(
        "XML without an end",
        [never_ends(http(400, b"<Error>", XML, length=-1), b"<a>" * 1000)],
        Ends("EB_API", 400, tried="server_said_no", cause="EB_LIMIT"),
        options={"max_body_bytes": 100_000},
    ),
]


def upload(program: Invoke, scenario: Upload, url: str, path: Path) -> tuple[Any, RawServer]:
    ticket = {"Url": url, "key": "k", "policy": "p", "Signature": "s", "OSSAccessKeyId": "other"}
    gives = RawServer([answer(200, {"Content": {"OssPostConfig": ticket}, "RequestId": "r-1"})])
    try:
        got = bench_of(gives, program).call(
            "UploadRoutineCode",
            {"body": {"Name": "r", "CodeDescription": ""}},
            upload={"path": str(path)},
            options=scenario.options,
        )
    finally:
        gives.stop()
    assert len(gives.requests) == 1
    return got, gives


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[bool, Path]:
    folder = tmp_path_factory.mktemp("files")
    made = {False: folder / "small.js", True: folder / "large.js"}
    made[False].write_bytes(b"export default {}")
    made[True].write_bytes(b"x" * 30_000_000)
    return made


@pytest.mark.parametrize("scenario", UPLOADS, ids=str)
def test_upload(program: Invoke, files: dict[bool, Path], scenario: Upload) -> None:
    storage = RawServer(scenario.storage)
    try:
        got, _ = upload(program, scenario, storage.url, files[scenario.large])
    finally:
        storage.stop()
    scenario.ends.compare(got)
    scenario.ends.compare_server(storage, got)
    assert got.ticket_request_id == "r-1"
    for seen in storage.requests:
        assert not [name for name, _ in seen.headers if name == "authorization" or name.startswith("x-acs-")]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_storage_that_sends_elsewhere(program: Invoke, files: dict[bool, Path], status: int) -> None:
    elsewhere = RawServer([answer(200, b"")])
    storage = RawServer([answer(status, b"", f"Location: {elsewhere.url}/")])
    try:
        got, _ = upload(program, UPLOADS[0], storage.url, files[False])
    finally:
        storage.stop()
        elsewhere.stop()
    Ends("EB_API", status, tried="server_said_no", says="not followed").compare(got)
    assert len(storage.requests) == 1 and elsewhere.connections == 0


@pytest.mark.parametrize(
    "reply",
    [
        ends(RESET),
        answer(200, b"<html>"),
        answer(200, {"Content": {}}),
        answer(302, b"", "Location: http://127.0.0.1:1"),
    ],
    ids=["lost", "HTML", "no ticket in it", "elsewhere"],
)
def test_ticket_that_does_not_come(program: Invoke, files: dict[bool, Path], reply: Reply) -> None:
    """Then the file stays where it is. Asking for a ticket reserves a revision: it is asked for once."""
    gives = RawServer([reply])
    got = bench_of(gives, program).call(
        "UploadRoutineCode", {"body": {"Name": "r", "CodeDescription": ""}}, upload={"path": str(files[False])}
    )
    gives.stop()
    assert got.status in ("EB_MAYBE_SENT", "EB_DECODE", "EB_API") and "value" not in got, got
    assert len(gives.requests) == 1 and gives.connections == 1
