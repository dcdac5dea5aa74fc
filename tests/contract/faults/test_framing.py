"""The answer arrives, but not as HTTP has it: lengths that lie, compression that lies, headers and bodies without an
end, answers before the answer, redirects. Nothing here takes more time or memory than the caller allowed."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from harness import Answer, Invoke
from raw_server import CLOSE, RESET, SILENCE, RawServer, Reply, answer, http, never_ends, says
from scenario import CALLS, Ends, Scenario, bench_of, scenarios
from scenario import play as play_one

LIST = b'{"applications":[],"total_count":0}'
OK = http(200, LIST)
CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n"
ASK = "edgegap_application_create_verify"
AGAIN = "transport transport attempts_used"
SERVED = Ends("EB_OK", 200)
CUT = Ends("EB_DECODE", 200, tried=AGAIN, cause="EB_NETWORK", says="cut off")
CUT_ONCE = Ends("EB_DECODE", 200, tried="not_safe", cause="EB_NETWORK", says="cut off")
UNREADABLE = Ends("EB_DECODE", 200, tried="server_said_no")


def limit(*words: str, http: int = 200) -> Ends:
    return Ends("EB_LIMIT", http, tried="local", says=words)


def has_header(name: str, value: str | None) -> Callable[[Answer, RawServer], None]:
    def check(got: Answer, server: RawServer) -> None:
        assert got.header(name) == value, got

    return check


def body_is(text: bytes) -> Callable[[Answer, RawServer], None]:
    def check(got: Answer, server: RawServer) -> None:
        assert got.body == text.decode(), got

    return check


LENGTHS = [
    *scenarios(
        "Content-Length is longer than the body", [says(http(200, LIST, length=99), CLOSE)], GET=CUT, POST=CUT_ONCE
    ),
    *scenarios(
        "Content-Length is longer, and the connection stays",
        [says(http(200, LIST, length=99), SILENCE)],
        stall_timeout_ms=150,
        retries=-1,
        GET=Ends("EB_DECODE", 200, tried="attempts_used", cause="EB_TIMEOUT", says="cut off"),
    ),
    *scenarios(
        "Content-Length is shorter than the body",
        [says(http(200, LIST, length=20))],
        GET=UNREADABLE,
        POST=UNREADABLE,
    ),
    *scenarios("Content-Length is no number", [says(OK.replace(b"35", b"xx"), CLOSE)], GET=CUT, POST=CUT_ONCE),
    *scenarios("Content-Length is negative", [says(OK.replace(b": 35", b": -1"), CLOSE)], GET=CUT, POST=CUT_ONCE),
    *scenarios(
        "Content-Length has 70 bits, and counts for nothing",
        [says(http(200, LIST, length=2**70), CLOSE)],
        GET=SERVED,
        POST=SERVED,
    ),
    *scenarios("no Content-Length", [says(http(200, LIST, length=-1), CLOSE)], GET=SERVED, POST=SERVED),
    *scenarios(
        "chunks",
        [says(CHUNKED + b"\r\n" + b"".join(b"1\r\n%c\r\n" % c for c in LIST) + b"0\r\n\r\n")],
        GET=SERVED,
        POST=SERVED,
    ),
    *scenarios(
        "chunks with extensions and a trailer",
        [says(CHUNKED + b"\r\n23;x=y\r\n" + LIST + b"\r\n0\r\nX-Late: 1\r\nContent-Length: 5\r\n\r\n")],
        GET=SERVED,
        also=has_header("x-late", None),
    ),
]

BOMB = gzip.compress(b" " * 64_000_000, 9)
GZIP = "Content-Encoding: gzip"
COMPRESSION = [
    *scenarios("gzip", [answer(200, gzip.compress(LIST), GZIP)], GET=SERVED, POST=SERVED, also=body_is(LIST)),
    *scenarios(
        "deflate", [answer(200, zlib.compress(LIST), "Content-Encoding: deflate")], GET=SERVED, also=body_is(LIST)
    ),
    *scenarios("called gzip, but plain", [answer(200, LIST, GZIP)], GET=CUT, POST=CUT_ONCE),
    *scenarios(
        "called gzip, but plain, and saying no",
        [answer(404, {"message": "x"}, GZIP)],
        GET=Ends("EB_API", 404, tried="server_said_no", cause="EB_NETWORK", says="404"),
    ),
    *scenarios("gzip that is cut", [answer(200, gzip.compress(LIST)[:-20], GZIP)], GET=UNREADABLE, POST=UNREADABLE),
    *scenarios(
        "gzip whose checksum is wrong",
        [answer(200, gzip.compress(LIST)[:-8] + b"\0" * 8, GZIP)],
        GET=CUT,
        POST=CUT_ONCE,
    ),
    *scenarios("gzip of nothing", [answer(200, b"", GZIP)], GET=SERVED, POST=SERVED),
    *scenarios("an encoding nobody asked for", [answer(200, LIST, "Content-Encoding: x-own")], GET=CUT, POST=CUT_ONCE),
    *scenarios(
        "a bomb: 64 MB in 62 KB",
        [answer(200, BOMB, GZIP)],
        max_body_bytes=1_000_000,
        GET=limit("max_body_bytes", "1000000"),
        POST=limit("max_body_bytes", "1000000"),
    ),
]


def bounded(name: str, server: list[Reply], **more: Any) -> Iterator[Scenario]:
    """So that a library without the limit fails in seconds."""
    return scenarios(name, server, attempt_timeout_ms=5000, retries=-1, **more)


WITHOUT_END = [
    *bounded(
        "a body without an end",
        [never_ends(http(200, b"[", length=-1), b" " * 65536)],
        max_body_bytes=1_000_000,
        GET=limit("max_body_bytes"),
        POST=limit("max_body_bytes"),
    ),
    *bounded(
        "chunks without an end",
        [never_ends(CHUNKED + b"\r\n", b"10\r\n" + b" " * 16 + b"\r\n")],
        max_body_bytes=100_000,
        GET=limit("max_body_bytes"),
    ),
    *bounded(
        "headers without an end",
        [never_ends(b"HTTP/1.1 200 OK\r\n", b"X-Filler: y\r\n" * 100)],
        GET=limit("headers exceed", "256 KiB"),
        POST=limit("headers exceed", "256 KiB"),
    ),
    *bounded(
        "headers without an end, and a limit of the caller",
        [never_ends(b"HTTP/1.1 200 OK\r\n", b"X-Filler: y\r\n" * 100)],
        max_header_bytes=10_000,
        GET=limit("max_header_bytes", "10000"),
        POST=limit("max_header_bytes", "10000"),
    ),
    *bounded(
        "headers without an end, and more patience than the transport has",
        [never_ends(b"HTTP/1.1 200 OK\r\n", b"X-Filler: y\r\n" * 100)],
        max_header_bytes=1 << 30,
        GET=limit("headers exceed", "256 KiB"),
    ),
    *bounded(
        "a header without an end",
        [never_ends(b"HTTP/1.1 200 OK\r\nX-Filler: ", b"y" * 4096)],
        GET=limit("too long"),
        POST=limit("too long"),
    ),
    *bounded(
        "a status line without an end",
        [never_ends(b"HTTP/1.1 200 ", b"y" * 4096)],
        GET=Ends("EB_LIMIT", 0, sent="all", tried="local", says="too long"),
        POST=Ends("EB_MAYBE_SENT", 0, sent="all", tried="local", cause="EB_LIMIT", says=["too long", ASK]),
    ),
    *bounded(
        "interim answers without an end",
        [never_ends(b"", b"HTTP/1.1 102 Processing\r\n\r\n" * 100)],
        GET=Ends("EB_LIMIT", 0, sent="all", tried="local", says="headers exceed"),
        POST=Ends("EB_MAYBE_SENT", 0, sent="all", tried="local", cause="EB_LIMIT", says=["headers exceed", ASK]),
    ),
    *bounded(
        "an interim answer without an end",
        [never_ends(b"HTTP/1.1 103 Early Hints\r\n", b"Link: </x>\r\n" * 100)],
        GET=Ends("EB_LIMIT", 0, sent="all", tried="local", says="headers exceed"),
    ),
    *bounded(
        "a trailer without an end",
        [never_ends(CHUNKED + b"\r\n2\r\n{}\r\n0\r\n", b"X-Late: y\r\n" * 100)],
        GET=limit("headers exceed"),
        POST=limit("headers exceed"),
    ),
    *bounded(
        "a body beyond its limit by one byte",
        [answer(200, LIST)],
        max_body_bytes=len(LIST) - 1,
        GET=limit("max_body_bytes"),
    ),
    *bounded("a body of exactly its limit", [answer(200, LIST)], max_body_bytes=len(LIST), GET=SERVED),
]

HEADERS = [
    *scenarios(
        "a header of 90 KB",
        [answer(200, LIST, "X-Huge: " + "y" * 90_000)],
        GET=SERVED,
        also=has_header("x-huge", "y" * 90_000),
    ),
    *scenarios(
        "a header of 200 KB",
        [answer(200, LIST, "X-Huge: " + "y" * 200_000)],
        GET=limit("too long"),
        POST=limit("too long"),
    ),
    *scenarios(
        "two thousand headers",
        [answer(200, LIST, *[f"X-{n}: {n}" for n in range(2000)])],
        GET=SERVED,
        also=has_header("x-1999", "1999"),
    ),
    *scenarios("a line that is no header", [answer(200, LIST, "no colon here")], GET=CUT, POST=CUT_ONCE),
    *scenarios(
        "a header without a name",
        [answer(200, LIST, ": value", "X-Next: 1")],
        GET=SERVED,
        also=has_header("x-next", "1"),
    ),
    *scenarios(
        "a header that goes on in the next line",
        [answer(200, LIST, "X-Old: a", "\tb", "X-Next: 1")],
        GET=SERVED,
        also=has_header("x-next", "1"),
    ),
    *scenarios(
        "headers ended by LF alone",
        [says(OK.replace(b"\r\n", b"\n"))],
        GET=SERVED,
        also=has_header("content-length", "35"),
    ),
    *scenarios("another type than JSON", [answer(200, LIST, "Content-Type: text/html")], GET=SERVED, POST=SERVED),
]

EARLY = b"HTTP/1.1 103 Early Hints\r\nX-Hint: 1\r\nLocation: http://127.0.0.1:1/\r\n\r\n"
GO_ON = b"HTTP/1.1 100 Continue\r\n\r\n"
INTERIM = [
    *scenarios("100 before the answer", [says(GO_ON + OK)], GET=SERVED, POST=SERVED),
    *scenarios(
        "103 and its headers before the answer",
        [says(EARLY + OK)],
        GET=SERVED,
        POST=SERVED,
        also=has_header("x-hint", None),
    ),
    *scenarios("twenty of them before the answer", [says((GO_ON + EARLY) * 10 + OK)], GET=SERVED),
    *scenarios(
        "100 and then nothing more",
        [says(GO_ON, RESET)],
        GET=Ends("EB_NETWORK", sent="all", tried=AGAIN),
        POST=Ends("EB_MAYBE_SENT", sent="all", tried="not_safe", cause="EB_NETWORK", says=ASK),
    ),
    *scenarios(
        "100 and then silence",
        [says(GO_ON, SILENCE)],
        attempt_timeout_ms=150,
        retries=-1,
        GET=Ends("EB_TIMEOUT", sent="all", tried="attempts_used"),
        POST=Ends("EB_MAYBE_SENT", sent="all", tried="not_safe", cause="EB_TIMEOUT", says=ASK),
    ),
]

NO_CONTENT = [
    *scenarios("204", [answer(204, b"")], GET=Ends("EB_OK", 204), POST=Ends("EB_OK", 204), DELETE=Ends("EB_OK", 204)),
    *scenarios(
        "204 with a body",
        [says(http(204, LIST), CLOSE)],
        GET=Ends("EB_OK", 204),
        POST=Ends("EB_OK", 204),
        also=body_is(b""),
    ),
    *scenarios("205 with a body", [says(http(205, LIST), CLOSE)], GET=Ends("EB_OK", 205), POST=Ends("EB_OK", 205)),
    *scenarios("200 without a body", [answer(200, b"")], GET=SERVED, POST=SERVED, DELETE=SERVED, also=body_is(b"")),
    *scenarios("200 with white space", [answer(200, b" \r\n\t ")], GET=SERVED, POST=SERVED),
    *scenarios("201 and 202 are successes", [answer(201, LIST)], POST=Ends("EB_OK", 201), GET=Ends("EB_OK", 201)),
    *scenarios("299", [answer(299, LIST)], GET=Ends("EB_OK", 299)),
    *scenarios(
        "an answer after which the connection is closed",
        [says(http(200, LIST, "Connection: close"), CLOSE)],
        GET=SERVED,
        POST=SERVED,
    ),
    *scenarios("HTTP/1.0", [says(OK.replace(b"1.1", b"1.0"), CLOSE)], GET=SERVED, POST=SERVED),
    *scenarios("a status line without words", [says(OK.replace(b"200 X", b"200"))], GET=SERVED),
    *scenarios("a status of no class", [answer(777, b"")], GET=Ends("EB_API", 777, tried="server_said_no", says="777")),
]

PLAIN = [*LENGTHS, *COMPRESSION, *WITHOUT_END, *HEADERS, *INTERIM, *NO_CONTENT]


@pytest.mark.parametrize("scenario", PLAIN, ids=str)
def test_framing(play: Callable[[Scenario], None], scenario: Scenario) -> None:
    play(scenario)


def test_nothing_without_an_end_takes_memory(program: Invoke) -> None:
    """By the peak of a process of its own, after one call that made it ready."""
    endless = [one for one in (*WITHOUT_END, *COMPRESSION) if "end" in one.name or "bomb" in one.name]
    own = Invoke()
    try:
        play_one(own, next(one for one in PLAIN if one.name == "gzip"))
        before = own.ask({"usage": True}).peak_kb
        for one in endless:
            play_one(own, one)
        after = own.ask({"usage": True}).peak_kb
    finally:
        own.stop()
    assert after - before < 24 * 1024, f"the peak grew from {before} to {after} KB"


# ---- Redirects ------------------------------------------------------------------------------------------------

CREDENTIALS = ("authorization", "x-acs-security-token")


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("status", [300, 301, 302, 303, 307, 308])
def test_redirect_is_told_and_not_followed(program: Invoke, status: int, call: str) -> None:
    """Another host would be given credentials, or a creation would become a GET."""
    elsewhere = RawServer([answer()])
    place = f"{elsewhere.url}/elsewhere?a=b"
    server = RawServer([answer(status, b"", f"Location: {place}")])
    operation, params = CALLS[call]
    got = bench_of(server, program).call(operation, params)
    server.stop()
    elsewhere.stop()
    how = Ends("EB_API", status, tried="server_said_no", says=[place, "not followed"])
    how.compare(got)
    how.compare_server(server, got)
    assert server.requests[0].header("authorization")
    assert elsewhere.connections == 0 and elsewhere.requests == []


def message_is_plain(got: Answer, server: RawServer) -> None:
    assert len(got.message) < 1000 and got.message.isprintable(), got


REDIRECTS = [
    *scenarios("304", [answer(304, b"")], GET=Ends("EB_API", 304, tried="server_said_no", says="304")),
    *scenarios("302 to nowhere", [answer(302, b"")], GET=Ends("EB_API", 302, tried="server_said_no", says="302")),
    *scenarios(
        "302 to a place with control characters",
        [answer(302, b"", "Location: http://a/\x1b[31m\x07\xff\xc2\x9b")],
        GET=Ends("EB_API", 302, tried="server_said_no", says="http://a/"),
        also=message_is_plain,
    ),
    *scenarios(
        "302 to a place of 50 KB",
        [answer(302, b"", "Location: http://a/" + "b" * 50_000)],
        GET=Ends("EB_API", 302, tried="server_said_no", says="http://a/bbb"),
        also=message_is_plain,
    ),
    *scenarios(
        "302 to a local file",
        [answer(302, b"", "Location: file:///etc/passwd")],
        GET=Ends("EB_API", 302, tried="server_said_no", says="file:///etc/passwd"),
    ),
]


@pytest.mark.parametrize("scenario", REDIRECTS, ids=str)
def test_redirect_that_leads_nowhere(play: Callable[[Scenario], None], scenario: Scenario) -> None:
    play(scenario)
