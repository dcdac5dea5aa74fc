"""The service says no, not now, or not so. What is sent again, how long is waited before, and what is told.

Throttled means not done: sent again whatever it was, after the time that was asked for. A passing failure is sent
again when the call is safe to repeat. Everything else would be answered the same way and is not."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import formatdate

import pytest

from harness import Answer, Invoke
from raw_server import RESET, RawServer, Reply, answer, ends, lazily
from scenario import CALLS, Ends, Scenario, bench_of, scenarios

ASK = "edgegap_application_create_verify"
BUSY = "server server attempts_used"
SAFE = ("GET", "PUT", "DELETE", "GET SAE", "signed safe POST")
UNSAFE = ("POST", "PATCH", "signed POST")
PASSING = (408, 500, 502, 503, 504)
FINAL = (400, 401, 402, 403, 404, 405, 406, 409, 410, 411, 413, 415, 422, 423, 424, 428, 431, 451, 501, 505, 507, 599)


def served(times: int = 2, reason: str = "throttled") -> Ends:
    return Ends("EB_OK", 200, tried=" ".join([reason] * (times - 1) + ["done"]), connections=1)


# ---- Statuses -------------------------------------------------------------------------------------------------

STATUSES = [
    *(
        Scenario(
            f"{status}", [answer(status)], Ends("EB_API", status, tried=BUSY, says=str(status), connections=1), call
        )
        for status in PASSING
        for call in SAFE
    ),
    *(
        Scenario(
            f"{status}",
            [answer(status), answer()],
            Ends("EB_API", status, tried="not_safe", says=[str(status), "may have been carried out"]),
            call,
        )
        for status in PASSING
        for call in UNSAFE
    ),
    *(
        Scenario(f"{status} once", [answer(status), answer()], served(reason="server"), call)
        for status in PASSING
        for call in SAFE
    ),
    *(
        Scenario(f"{status}", [answer(status), answer()], Ends("EB_API", status, tried="server_said_no"), call)
        for status in FINAL
        for call in ("GET", "POST", "DELETE")
    ),
]


@pytest.mark.parametrize("scenario", STATUSES, ids=str)
def test_status(play: Callable[[Scenario], None], scenario: Scenario) -> None:
    play(scenario)


# ---- Throttling -----------------------------------------------------------------------------------------------


def waited(least_ms: int, most_ms: int) -> Callable[[Answer, RawServer], None]:
    """By the library's account, and by the clock it was given."""

    def check(got: Answer, server: RawServer) -> None:
        delay_ms = got.attempts[0]["delay_ms"]
        assert least_ms <= delay_ms <= most_ms, got
        assert got.waited_ms >= delay_ms, got

    return check


def in_s(seconds: float) -> str:
    return formatdate(time.time() + seconds, usegmt=True)


SLOW_DOWN = "throttled throttled attempts_used"
JITTER_MS = 1000  # of a wait that nobody asked for
THROTTLED = [
    *scenarios(
        "429 for ever",
        [answer(429, {"message": "Too many requests"})],
        GET=Ends("EB_API", 429, tried=SLOW_DOWN, says="Too many", connections=1),
        POST=Ends("EB_API", 429, tried=SLOW_DOWN, says="Too many", connections=1),
        PATCH=Ends("EB_API", 429, tried=SLOW_DOWN, says="Too many", connections=1),
        DELETE=Ends("EB_API", 429, tried=SLOW_DOWN, says="Too many", connections=1),
    ),
    *scenarios("429 once", [answer(429), answer()], GET=served(), POST=served(), also=waited(0, JITTER_MS)),
    *scenarios(
        "Retry-After in seconds",
        [answer(429, b"", "Retry-After: 7"), answer()],
        GET=served(),
        POST=served(),
        also=waited(7000, 7000),
    ),
    *scenarios(
        "retry-after-ms",
        [answer(429, b"", "Retry-After-Ms: 2500"), answer()],
        GET=served(),
        POST=served(),
        also=waited(2500, 2500),
    ),
    *scenarios(
        "x-acs-retry-after, in milliseconds",
        [answer(429, b"", "x-acs-retry-after: 3000"), answer()],
        GET_SAE=served(),
        signed_POST=served(),
        also=waited(3000, 3000),
    ),
    *scenarios(
        "the longest of several hints",
        [answer(429, b"", "Retry-After: 1", "retry-after-ms: 4000", "x-acs-retry-after: 20"), answer()],
        GET=served(),
        POST=served(),
        also=waited(4000, 4000),
    ),
    *scenarios(
        "x-acs-retry-after alone says throttled",
        [answer(400, {"Code": "Busy"}, "x-acs-retry-after: 20"), answer()],
        GET_SAE=served(),
        signed_POST=served(),
    ),
    *scenarios(
        "a throttling code says so at any status",
        [answer(403, {"Code": "Throttling.Api"}), answer(503, {"Code": "Rejected.Throttling"}), answer()],
        GET_SAE=served(3),
        signed_POST=served(3),
    ),
    *scenarios(
        "a hint with a failure that passes",
        [answer(503, b"", "Retry-After: 3"), answer()],
        GET=served(reason="server"),
        also=waited(3000, 3000),
    ),
    *scenarios(
        "Retry-After: 0", [answer(429, b"", "Retry-After: 0"), answer()], GET=served(), also=waited(0, JITTER_MS)
    ),
    *scenarios(
        "hints that are none",
        [answer(429, b"", "Retry-After: soon", "retry-after-ms: -5", "Retry-After: 1e3", "Retry-After: "), answer()],
        GET=served(),
        also=waited(0, JITTER_MS),
    ),
    *scenarios(
        "Retry-After in the past",
        [answer(429, b"", "Retry-After: Wed, 21 Oct 2015 07:28:00 GMT"), answer()],
        GET=served(),
        also=waited(0, JITTER_MS),
    ),
    *scenarios(
        "a hint of 120 s is kept to",
        [answer(429, b"", "Retry-After: 120"), answer()],
        call={"deadline_ms": -1},
        GET=served(),
        also=waited(120_000, 120_000),
    ),
    *scenarios(
        "a hint of 121 s is too long",
        [answer(429, b"", "Retry-After: 121")],
        call={"deadline_ms": -1},
        GET=Ends("EB_API", 429, tried="hint_too_long"),
        POST=Ends("EB_API", 429, tried="hint_too_long"),
    ),
    *scenarios(
        "a hint of a million years",
        [answer(429, b"", f"Retry-After: {'9' * 30}")],
        GET=Ends("EB_API", 429, tried="hint_too_long"),
    ),
    *scenarios(
        "a hint beyond the deadline",
        [answer(429, b"", "Retry-After: 5")],
        deadline_ms=3000,
        most_s=1,
        GET=Ends("EB_API", 429, tried="deadline"),
        POST=Ends("EB_API", 429, tried="deadline"),
    ),
    *scenarios(
        "the deadline leaves no time for another attempt",
        [answer(503, b"", "retry-after-ms: 100")],
        deadline_ms=250,
        retries=10,
        most_s=1,
        GET=Ends("EB_API", 503, tried="server server deadline", connections=1),
    ),
    *scenarios(
        "cancelled while waiting",
        [answer(429, b"", "Retry-After: 20")],
        cancel_ms=100,
        most_s=1,
        GET=Ends("EB_CANCELLED", 429, tried="throttled", reason="cancelled"),
        POST=Ends("EB_CANCELLED", 429, tried="throttled", reason="cancelled"),
    ),
    *scenarios(
        "no retries",
        [answer(429)],
        retries=-1,
        GET=Ends("EB_API", 429, tried="attempts_used"),
        POST=Ends("EB_API", 429, tried="attempts_used"),
    ),
    *scenarios(
        "ten retries",
        [answer(429)],
        call={"retries": 10, "deadline_ms": -1},
        GET=Ends("EB_API", 429, tried="throttled " * 10 + "attempts_used", connections=1),
    ),
]


@pytest.mark.parametrize("scenario", THROTTLED, ids=str)
def test_throttled(play: Callable[[Scenario], None], scenario: Scenario) -> None:
    play(scenario)


REAL_WAITS: dict[str, tuple[Callable[[], list[str]], float]] = {
    "Retry-After in seconds": (lambda: ["Retry-After: 1"], 1.0),
    "Retry-After as a date": (lambda: [f"Retry-After: {in_s(3)}"], 1.9),
    "retry-after-ms": (lambda: ["retry-after-ms: 300"], 0.3),
    "x-acs-retry-after": (lambda: ["x-acs-retry-after: 300"], 0.3),
}


@pytest.mark.parametrize("hint", REAL_WAITS)
def test_server_is_left_alone_for_as_long_as_it_asked(program: Invoke, hint: str) -> None:
    """By the server's clock: from the answer to the next request."""
    lines, least_s = REAL_WAITS[hint]
    server = RawServer([answer(429, b"", *lines()), answer()])
    got = bench_of(server, program).call("ListAppVersions", CALLS["GET SAE"][1], options={"skip_waits": False})
    server.stop()
    served().compare(got)
    first, second = (one.at for one in server.requests)
    assert least_s <= second - first <= least_s + 3, got


def test_quota_ends_a_storm_of_retries(program: Invoke) -> None:
    """Many calls of one client to a service that is down: retries dry up, calls do not."""
    calls = 60
    server = RawServer([answer(503)])
    bench = bench_of(server, program)
    reasons = [bench.call("application-list", client="storm").reason for _ in range(calls)]
    bench.forget()
    server.stop()
    assert reasons[0] == "attempts_used" and set(reasons[-10:]) == {"quota_empty"}
    retried = len(server.requests) - calls
    assert retried == 500 // 14, "tokens in the bucket, and tokens for a retry"


def test_quota_is_earned_back_by_success(program: Invoke) -> None:
    storm: list[Reply] = [answer(503)] * (500 // 14 + 60)
    server = RawServer([*storm, *[answer()] * 30, answer(503)])
    bench = bench_of(server, program)
    for _ in range(60):
        bench.call("application-list", client="storm")
    for _ in range(30):
        bench.ok("application-list", client="storm")
    assert len(bench.call("application-list", client="storm").attempts) > 1
    bench.forget()
    server.stop()


# ---- What an earlier attempt may have done --------------------------------------------------------------------

GONE = answer(404, {"message": "Not found"})
MAYBE_DONE = [
    *scenarios(
        "deleted, the answer lost, and then not found",
        [ends(RESET), GONE],
        DELETE=Ends("EB_API", 404, tried="transport maybe_done", says="Not found"),
    ),
    *scenarios(
        "a gateway gave up, and then not found",
        [answer(504), GONE],
        DELETE=Ends("EB_API", 404, tried="server maybe_done", says="Not found", connections=1),
    ),
    *scenarios(
        "throttled means not deleted",
        [answer(429), GONE],
        DELETE=Ends("EB_API", 404, tried="throttled server_said_no", connections=1),
    ),
    *scenarios("not found at once", [GONE], DELETE=Ends("EB_API", 404, tried="server_said_no")),
    *scenarios(
        "a GET that finds nothing after it was lost has found nothing",
        [ends(RESET), GONE],
        GET=Ends("EB_API", 404, tried="transport server_said_no"),
    ),
]

# ---- Signatures -----------------------------------------------------------------------------------------------


def expired(ahead_s: float) -> Reply:
    """By a clock that is so far ahead of ours."""
    body = {"Code": "InvalidTimeStamp.Expired", "Message": "Expired."}
    return lazily(lambda: answer(400, body, f"Date: {in_s(ahead_s)}"))


def signed_for(*ahead: float) -> Callable[[Answer, RawServer], None]:
    """How far ahead of our clock each request said the time was."""

    def check(got: Answer, server: RawServer) -> None:
        for request, ahead_s in zip(server.requests, ahead, strict=True):
            said = datetime.strptime(request.header("x-acs-date") or "", "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
            assert abs(said.timestamp() - time.time() - ahead_s) < 30, (said, ahead_s)
        for name in ("x-acs-signature-nonce", "authorization"):
            values = [request.header(name) for request in server.requests]
            assert None not in values and len(set(values)) == len(values), f"{name} came twice: {values}"

    return check


USED = answer(400, {"Code": "SignatureNonceUsed", "Message": "The nonce was used before."})
SIGNED = [
    *scenarios(
        "our clock is an hour slow",
        [expired(3600), answer()],
        GET_SAE=served(reason="clock_skew"),
        signed_POST=served(reason="clock_skew"),
        also=signed_for(0, 3600),
    ),
    *scenarios(
        "our clock is a year fast",
        [expired(-86400 * 365), answer()],
        GET_SAE=served(reason="clock_skew"),
        signed_POST=served(reason="clock_skew"),
        also=signed_for(0, -86400 * 365),
    ),
    *scenarios(
        "the service's clock jumps: corrected only once",
        [expired(3600), expired(7200), answer()],
        retries=5,
        GET_SAE=Ends("EB_API", 400, tried="clock_skew server_said_no", code="InvalidTimeStamp.Expired", connections=1),
        also=signed_for(0, 3600),
    ),
    *scenarios(
        "refused although both clocks agree",
        [expired(0), answer()],
        GET_SAE=Ends("EB_API", 400, tried="server_said_no", code="InvalidTimeStamp.Expired"),
        signed_POST=Ends("EB_API", 400, tried="server_said_no", code="InvalidTimeStamp.Expired"),
    ),
    *scenarios(
        "refused without a date to go by",
        [answer(400, {"Code": "InvalidTimeStamp.Expired"}, "Date: yesterday"), answer()],
        GET_SAE=Ends("EB_API", 400, tried="server_said_no", code="InvalidTimeStamp.Expired"),
    ),
    *scenarios(
        "the service has seen the nonce: a copy of the request arrived before",
        [USED, answer()],
        GET_SAE=served(reason="server"),
        also=signed_for(0, 0),
    ),
    *scenarios(
        "the service has seen the nonce of a creation",
        [USED, answer()],
        signed_POST=Ends(
            "EB_API", 400, tried="maybe_done", code="SignatureNonceUsed", says=["a copy", "may have been carried out"]
        ),
    ),
    *scenarios(
        "an answer lost, and then the nonce was used",
        [ends(RESET), USED, answer()],
        GET_SAE=Ends("EB_OK", 200, tried="transport server done", connections=2),
        also=signed_for(0, 0, 0),
    ),
]


@pytest.mark.parametrize("scenario", [*MAYBE_DONE, *SIGNED], ids=str)
def test_second_attempt(play: Callable[[Scenario], None], scenario: Scenario) -> None:
    play(scenario)
