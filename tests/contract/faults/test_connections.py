"""The connection fails: before the request, under it, and under the answer.

Nothing sent: whatever the call was, it is tried again. Sent without an answer: only what is safe to repeat is tried
again; the rest is EB_MAYBE_SENT and names the call that finds out. Once a status line was seen the outcome is that of
an answer, however little of it came."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator

import pytest

from harness import Invoke
from raw_server import (
    CLOSE,
    RESET,
    SILENCE,
    RawServer,
    answer,
    drips,
    early,
    ends,
    first_then,
    http,
    on_connect,
    says,
    unread,
)
from scenario import CALLS, Ends, Scenario, bench_of, scenarios

LIST = b'{"applications":[],"total_count":0}'
OK = http(200, LIST)
HEAD = http(200, b"", length=len(LIST))
CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
CHUNK = b"%x\r\n%b\r\n" % (len(LIST), LIST)
ASK = "edgegap_application_create_verify"
LARGE = {"body": CALLS["POST"][1]["body"] | {"image": "A" * 8_000_000}}

CONNECT = "connect connect attempts_used"
AGAIN = "transport transport attempts_used"
LOST = Ends("EB_NETWORK", sent="all", tried=AGAIN)
UNCLEAR = Ends("EB_MAYBE_SENT", sent="all", tried="not_safe", cause="EB_NETWORK", says=ASK)
CUT = Ends("EB_DECODE", 200, tried=AGAIN, cause="EB_NETWORK", says="cut off")
CUT_ONCE = Ends("EB_DECODE", 200, tried="not_safe", cause="EB_NETWORK", says="cut off")

BEFORE = [
    *scenarios(
        "the name does not exist",
        [answer()],
        base_url="http://edgebind.invalid",
        most_s=20,
        GET=Ends("EB_NETWORK", sent="nothing", tried=CONNECT, says="edgebind.invalid", requests=0),
        POST=Ends("EB_NETWORK", sent="nothing", tried=CONNECT, says="edgebind.invalid", requests=0),
    ),
    *scenarios(
        "closed as soon as it was accepted",
        [on_connect(CLOSE)],
        GET=Ends("EB_NETWORK", sent=None, tried=AGAIN, requests=0, connections=3),
    ),
    *scenarios(
        "reset as soon as it was accepted",
        [on_connect(RESET)],
        GET=Ends("EB_NETWORK", sent=None, tried=AGAIN, requests=0, connections=3),
    ),
    *scenarios(
        "the TLS handshake is never answered",
        [on_connect(SILENCE)],
        base_url="https://127.0.0.1:{port}",
        connect_timeout_ms=150,
        retries=1,
        GET=Ends("EB_TIMEOUT", sent="nothing", tried="connect attempts_used", requests=0, connections=2),
        POST=Ends("EB_TIMEOUT", sent="nothing", tried="connect attempts_used", requests=0, connections=2),
    ),
    *scenarios(
        "TLS is answered in plain HTTP",
        [on_connect(CLOSE, http(400))],
        base_url="https://127.0.0.1:{port}",
        GET=Ends("EB_NETWORK", sent="nothing", tried=CONNECT, says="SSL", requests=0, connections=3),
        POST=Ends("EB_NETWORK", sent="nothing", tried=CONNECT, says="SSL", requests=0, connections=3),
    ),
]

UNDER_THE_REQUEST = [
    *scenarios(
        "reset under a body of 8 MB",
        [unread(RESET)],
        params=LARGE,
        POST=Ends("EB_MAYBE_SENT", sent="part", tried="not_safe", cause="EB_NETWORK", says=[ASK, "part of"]),
    ),
    *scenarios(
        "nobody reads a body of 8 MB",
        [early()],
        params=LARGE,
        stall_timeout_ms=200,
        POST=Ends("EB_MAYBE_SENT", sent="part", tried="not_safe", cause="EB_TIMEOUT", says=[ASK, "no byte in either"]),
    ),
    *scenarios(
        "refused before the body was read",
        [early(http(413, {"message": "Too large"}, "Connection: close"))],
        params=LARGE,
        POST=Ends("EB_API", 413, tried="server_said_no", says="Too large"),
    ),
]

UNDER_THE_ANSWER = [
    *scenarios("reset instead of an answer", [ends(RESET)], GET=LOST, POST=UNCLEAR, PUT=LOST, DELETE=LOST),
    *scenarios("closed instead of an answer", [ends(CLOSE)], GET=LOST, POST=UNCLEAR, DELETE=LOST),
    *scenarios("lost once", [ends(RESET), answer()], GET=Ends("EB_OK", 200, tried="transport done"), POST=UNCLEAR),
    *scenarios(
        "changing what exists is not safe either",
        [ends(RESET), answer()],
        PATCH=Ends("EB_MAYBE_SENT", sent="all", tried="not_safe", cause="EB_NETWORK"),
    ),
    *scenarios(
        "at Alibaba the document says what is safe",
        [ends(RESET), answer()],
        signed_safe_POST=Ends("EB_OK", 200, tried="transport done"),
        signed_POST=Ends("EB_MAYBE_SENT", sent="all", tried="not_safe", cause="EB_NETWORK", says="may have been"),
    ),
    *scenarios("half a status line", [says(b"HTTP/1.1 ", CLOSE)], GET=LOST, POST=UNCLEAR),
    *scenarios("no HTTP", [says(b"SSH-2.0-OpenSSH_9.2\r\n", CLOSE)], GET=LOST, POST=UNCLEAR),
    *scenarios("HTTP of another time", [says(b"<html>hello</html>\r\n", CLOSE)], GET=LOST, POST=UNCLEAR),
    *scenarios("closed within the headers", [says(HEAD[:40], CLOSE)], GET=CUT, POST=CUT_ONCE),
    *scenarios("closed before the headers' end", [says(HEAD[:-2], CLOSE)], GET=CUT, POST=CUT_ONCE),
    *scenarios("reset within the headers", [says(HEAD[:40], RESET)], GET=CUT, POST=CUT_ONCE),
    *scenarios("closed after the headers", [says(HEAD, CLOSE)], GET=CUT, POST=CUT_ONCE),
    *scenarios("reset after the headers", [says(HEAD, RESET)], GET=CUT, POST=CUT_ONCE),
    *scenarios("closed within the body", [says(OK[:-9], CLOSE)], GET=CUT, POST=CUT_ONCE),
    *scenarios("reset within the body", [says(OK[:-9], RESET)], GET=CUT, POST=CUT_ONCE),
    *scenarios("closed within a chunk", [says(CHUNKED + CHUNK[:20], CLOSE)], GET=CUT, POST=CUT_ONCE),
    *scenarios("closed between chunks", [says(CHUNKED + CHUNK, CLOSE)], GET=CUT, POST=CUT_ONCE),
    *scenarios("reset between chunks", [says(CHUNKED + CHUNK, RESET)], GET=CUT, POST=CUT_ONCE),
    *scenarios("a chunk without a size", [says(CHUNKED + b"zz\r\n{}\r\n0\r\n\r\n", CLOSE)], GET=CUT, POST=CUT_ONCE),
    *scenarios(
        "a cut answer that says no still says no",
        [says(http(409, {"message": "taken"}, length=900), CLOSE)],
        POST=Ends("EB_API", 409, tried="server_said_no", cause="EB_NETWORK", says="taken"),
        GET=Ends("EB_API", 409, tried="server_said_no", cause="EB_NETWORK", says="taken"),
    ),
]

STALLED = Ends("EB_DECODE", 200, tried="transport attempts_used", cause="EB_TIMEOUT", says="no byte in either")
TIMES = [
    *scenarios(
        "no answer within the attempt's time",
        [ends(SILENCE)],
        attempt_timeout_ms=150,
        retries=1,
        GET=Ends("EB_TIMEOUT", sent="all", tried="transport attempts_used"),
        POST=Ends("EB_MAYBE_SENT", sent="all", tried="not_safe", cause="EB_TIMEOUT", says=ASK),
        DELETE=Ends("EB_TIMEOUT", sent="all", tried="transport attempts_used"),
    ),
    *scenarios(
        "slow once",
        [ends(SILENCE), answer()],
        attempt_timeout_ms=150,
        GET=Ends("EB_OK", 200, tried="transport done"),
    ),
    *scenarios(
        "no answer within the call's time",
        [ends(SILENCE)],
        deadline_ms=200,
        GET=Ends("EB_TIMEOUT", sent="all", tried="deadline"),
        POST=Ends("EB_MAYBE_SENT", sent="all", tried="deadline", cause="EB_TIMEOUT", says=ASK),
    ),
    *scenarios(
        "silence before the answer",
        [ends(SILENCE)],
        stall_timeout_ms=150,
        retries=1,
        GET=Ends("EB_TIMEOUT", sent="all", tried="transport attempts_used", says="no byte in either"),
        POST=Ends("EB_MAYBE_SENT", sent="all", tried="not_safe", cause="EB_TIMEOUT", says=[ASK, "no byte in either"]),
    ),
    *scenarios(
        "silence within the answer",
        [says(OK[:-9], SILENCE)],
        stall_timeout_ms=150,
        retries=1,
        GET=STALLED,
        POST=Ends("EB_DECODE", 200, tried="not_safe", cause="EB_TIMEOUT", says=["cut off", "no byte in either"]),
    ),
    *scenarios(
        "a byte now and then, too slow for the attempt",
        [drips(LIST * 9, 40, at_once=http(200, b"", length=9 * len(LIST)))],
        stall_timeout_ms=1000,
        attempt_timeout_ms=250,
        retries=1,
        GET=Ends("EB_DECODE", 200, tried="transport attempts_used", cause="EB_TIMEOUT", says="cut off"),
    ),
    *scenarios(
        "a byte now and then, too slow for the call",
        [drips(OK * 9, 40)],
        deadline_ms=300,
        GET=Ends("EB_TIMEOUT", sent="all", tried="deadline"),
        POST=Ends("EB_MAYBE_SENT", sent="all", tried="deadline", cause="EB_TIMEOUT", says=ASK),
    ),
    *scenarios(
        "slow, but never silent for long",
        [drips(LIST, 20, 6, at_once=HEAD)],
        stall_timeout_ms=1000,
        GET=Ends("EB_OK", 200),
    ),
]

CANCELS = [
    *scenarios(
        "cancelled under the TLS handshake",
        [on_connect(SILENCE)],
        base_url="https://127.0.0.1:{port}",
        cancel_ms=100,
        most_s=1,
        GET=Ends("EB_CANCELLED", sent="nothing", tried="cancelled", requests=0, connections=1),
        POST=Ends("EB_CANCELLED", sent="nothing", tried="cancelled", requests=0, connections=1),
    ),
    *scenarios(
        "cancelled while the request is being sent",
        [early()],
        params=LARGE,
        cancel_ms=1000,
        most_s=5,
        POST=Ends("EB_MAYBE_SENT", sent="part", tried="cancelled", cause="EB_CANCELLED", says=ASK),
    ),
    *scenarios(
        "cancelled before the answer",
        [ends(SILENCE)],
        cancel_ms=100,
        most_s=1,
        GET=Ends("EB_CANCELLED", sent="all", tried="cancelled"),
        POST=Ends("EB_MAYBE_SENT", sent="all", tried="cancelled", cause="EB_CANCELLED", says=ASK),
    ),
    *scenarios(
        "cancelled within the answer",
        [says(OK[:-9], SILENCE)],
        cancel_ms=100,
        most_s=1,
        GET=Ends("EB_CANCELLED", 200, tried="cancelled"),
        POST=Ends("EB_DECODE", 200, tried="cancelled", cause="EB_CANCELLED"),
    ),
]

PLAIN = [*BEFORE, *UNDER_THE_REQUEST, *UNDER_THE_ANSWER, *TIMES, *CANCELS]


@pytest.mark.parametrize("scenario", PLAIN, ids=str)
def test_connection(play: Callable[[Scenario], None], scenario: Scenario) -> None:
    play(scenario)


MOMENTS = {
    "the TLS handshake": on_connect(SILENCE),
    "the answer": ends(SILENCE),
    "the rest of the answer": says(OK[:-9], SILENCE),
    "another attempt": answer(429, b"", "Retry-After: 20"),
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_cancel_is_noticed_at_once(program: Invoke, moment: str) -> None:
    """While waiting for this. Twice of a few: a busy machine may be late, and a timer on time by chance."""
    late_s = []
    for _ in range(6):
        server = RawServer([MOMENTS[moment]])
        options = {"skip_waits": False, "base_url": server.url}
        if MOMENTS[moment].at_once:
            options["base_url"] = server.url.replace("http:", "https:")
        got = bench_of(server, program).call("application-list", cancel_ms=450, options=options)
        server.stop()
        assert got.status == "EB_CANCELLED", got
        late_s.append(got.took_s - 0.45)
        if sum(one < 0.1 for one in late_s) == 2:
            return
    pytest.fail(f"seconds after it: {late_s}")


# ---- Where nobody listens, or nobody accepts ----------------------------------------------------------------


@pytest.mark.parametrize("call", ["GET", "POST"])
def test_refused(program: Invoke, call: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        server = RawServer([answer()])
        server.stop()
        operation, params = CALLS[call]
        got = bench_of(server, program).call(operation, params, options={"base_url": f"http://127.0.0.1:{port}"})
    Ends("EB_NETWORK", sent="nothing", tried=CONNECT, says=["connect to 127.0.0.1", str(port)]).compare(got)


@pytest.fixture
def full() -> Iterator[str]:
    """An address that lets nobody in: its queue is full, so that connecting neither works nor fails."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        waiting = []
        for _ in range(3):
            one = socket.socket()
            one.setblocking(False)
            one.connect_ex(listener.getsockname())
            waiting.append(one)
        time.sleep(0.02)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        for one in waiting:
            one.close()


@pytest.mark.parametrize("call", ["GET", "POST"])
@pytest.mark.parametrize(
    ("order", "how"),
    [
        (
            {"options": {"connect_timeout_ms": 150, "retries": 1}},
            Ends("EB_TIMEOUT", sent="nothing", tried="connect attempts_used"),
        ),
        ({"options": {"deadline_ms": 200}}, Ends("EB_TIMEOUT", sent="nothing", tried="deadline")),
        ({"cancel_ms": 100}, Ends("EB_CANCELLED", sent="nothing", tried="cancelled")),
    ],
    ids=["too slow for connecting", "too slow for the call", "cancelled"],
)
def test_never_connected(program: Invoke, full: str, call: str, order: dict, how: Ends) -> None:  # type: ignore[type-arg]
    server = RawServer([answer()])
    server.stop()
    operation, params = CALLS[call]
    options = order.get("options", {}) | {"base_url": full}
    got = bench_of(server, program).call(operation, params, **(order | {"options": options}))
    how.compare(got)
    assert got.took_s < 1.5, got


# ---- Kept connections that died in the meantime -------------------------------------------------------------


def after_a_first_call(program: Invoke, server: RawServer, call: str, pause_s: float = 0.0):  # type: ignore[no-untyped-def]
    """A call on the connection that a GET before it has left."""
    bench = bench_of(server, program)
    try:
        bench.ok("application-list", client="kept")
        time.sleep(pause_s)
        operation, params = CALLS[call]
        return bench.call(operation, params, client="kept")
    finally:
        bench.forget()
        server.stop()


DEATHS = {
    "closed while it was idle": says(OK, CLOSE),
    "reset while it was idle": says(OK, RESET),
}


@pytest.mark.parametrize("death", DEATHS)
@pytest.mark.parametrize("call", ["GET", "POST"])
def test_connection_that_died_while_idle(program: Invoke, death: str, call: str) -> None:
    """Noticed before anything is sent on it: a fresh one serves, and nothing is sent twice."""
    server = RawServer([DEATHS[death], answer()])
    got = after_a_first_call(program, server, call, pause_s=0.15)
    Ends("EB_OK", 200).compare(got)
    assert [one.method for one in server.requests] == ["GET", call] and server.connections == 2


@pytest.mark.parametrize("death", [RESET, CLOSE])
@pytest.mark.parametrize("part", ["unread", "read"])
def test_creation_on_a_connection_that_dies_under_it(program: Invoke, death: str, part: str) -> None:
    """The one moment in which libcurl itself would send again. The server sees one POST, always."""
    dies = ends(death) if part == "read" else unread(death)
    for _ in range(6):
        server = RawServer([answer(), dies, answer()])
        got = after_a_first_call(program, server, "POST")
        posts = [one for one in server.requests if one.method == "POST"]
        assert len(posts) == 1, (got, server.requests)
        assert (got.status, got.cause, got.reason) == ("EB_MAYBE_SENT", "EB_NETWORK", "not_safe"), got
        assert got.sent == "all" and ASK in got.message, got


@pytest.mark.parametrize("death", [RESET, CLOSE])
def test_reading_on_a_connection_that_dies_under_it(program: Invoke, death: str) -> None:
    server = RawServer([answer(), ends(death), answer()])
    got = after_a_first_call(program, server, "GET")
    Ends("EB_OK", 200, tried="transport done").compare(got)
    assert len(server.requests) == 3


def test_creation_after_a_pause_trusts_no_kept_connection(program: Invoke) -> None:
    """The server is about to drop it: two seconds are enough not to risk a creation."""
    server = RawServer([answer(), answer()])
    got = after_a_first_call(program, server, "POST", pause_s=2.1)
    Ends("EB_OK", 200).compare(got)
    assert [one.connection for one in server.requests] == [1, 2]


def test_reading_after_a_pause_uses_the_kept_connection(program: Invoke) -> None:
    server = RawServer([answer(), answer()])
    got = after_a_first_call(program, server, "GET", pause_s=2.1)
    Ends("EB_OK", 200).compare(got)
    assert server.connections == 1


# ---- What is left on a connection ---------------------------------------------------------------------------

FORGED = http(200, {"applications": [{"name": "forged"}]})
LATER = 30  # milliseconds: the call is over by then
LEFT_OVER = {
    "a second answer behind the first": says(OK + FORGED),
    "a second answer a little later": first_then(OK, LATER, FORGED),
    "more than Content-Length says": says(http(200, LIST + b"\r\n" + FORGED, length=len(LIST))),
    "a body with 204": says(http(204, FORGED)),
    "a body with 204 a little later": first_then(http(204, b""), LATER, FORGED),
    "a body with 304": says(http(304, FORGED)),
    "a body with 304 a little later": first_then(http(304, b"", length=len(FORGED)), LATER, FORGED),
    "more behind the last chunk": says(CHUNKED + CHUNK + b"0\r\n\r\n" + FORGED),
    "more behind the last chunk a little later": first_then(CHUNKED + CHUNK + b"0\r\n\r\n", LATER, FORGED),
}


@pytest.mark.parametrize("call", ["GET", "POST"])
@pytest.mark.parametrize("left", LEFT_OVER)
def test_what_is_left_over_answers_no_other_request(program: Invoke, left: str, call: str) -> None:
    """Whoever can slip bytes behind an answer must not thereby answer the next request."""
    server = RawServer([LEFT_OVER[left], answer(200, {"name": "real"})])
    bench = bench_of(server, program)
    operation, params = CALLS[call]
    try:
        first = bench.call("application-list", client="kept")
        time.sleep(0.1)
        second = bench.ok(operation, params, client="kept")
    finally:
        bench.forget()
        server.stop()
    assert "forged" not in first.body, first
    assert second.body == '{"name": "real"}' and len(second.attempts) == 1, second
    assert len(server.requests) == 2
    if "later" in left:
        assert server.connections == 2
