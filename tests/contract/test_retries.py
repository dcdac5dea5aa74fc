"""What is sent again, what is not, and what a call says of its attempts. Waits are skipped, and counted."""

from __future__ import annotations

import base64
import socket
import time
from typing import Any

import pytest

import spec
from harness import Bench

APP = {"app_name": "shooter"}
CREATE = spec.request_example("application-create")
SAFE = [op for op in spec.ALL if spec.is_safe(op)]
UNSAFE = [op for op in spec.ALL if not spec.is_safe(op)]
DELETE = "DeleteRoutineCodeRevision"
SLOW = {"delay_ms": 6000}
SOON_S = 4.0  # before a slow answer would be there, on a busy machine too
PASSING = [408, 500, 502, 503, 504]


def seen(bench: Bench, operation: str) -> int:
    return len(bench.mock.journal(operation))


class TestThrottling:
    @pytest.mark.parametrize("operation", [op for op in spec.ALL if op != "PostObject"])
    def test_throttled_then_served(self, bench: Bench, operation: str) -> None:
        """Whatever the operation: throttled means not done."""
        bench.mock.fault(operation, name="throttled")
        bench.mock.fault(operation, {"example": True}, after=1)
        answer = bench.example_call(operation)
        assert answer.status == "EB_OK", answer
        assert answer.tried("reason") == ["throttled", "done"]
        assert answer.tried("status") == ["EB_API", "EB_OK"]
        hint_ms = 1000 if spec.api_of(operation) == "edgegap" else 50
        assert answer.attempts[0]["delay_ms"] >= hint_ms and answer.attempts[1]["delay_ms"] == 0
        assert answer.waited_ms == answer.attempts[0]["delay_ms"]
        assert seen(bench, operation) == 2

    def test_hint_is_never_shortened(self, bench: Bench) -> None:
        date = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() + 30))
        hints: list[tuple[dict[str, str], int]] = [
            ({"Retry-After": "7"}, 7000),
            ({"retry-after-ms": "2500"}, 2500),
            ({"Retry-After": date}, 28000),
            ({"Retry-After": "1", "x-acs-retry-after": "3000"}, 3000),
        ]
        for headers, least in hints:
            bench.mock.fault("application-list", {"status": 429, "headers": headers})
            answer = bench.ok("application-list")
            assert least <= answer.attempts[0]["delay_ms"] <= least + 2500, (headers, answer)

    def test_hint_that_is_too_long_ends_the_call(self, bench: Bench) -> None:
        bench.mock.fault("application-list", {"status": 429, "headers": {"Retry-After": "500"}})
        answer = bench.call("application-list")
        assert (answer.status, answer.reason) == ("EB_API", "hint_too_long")
        assert answer.retry_after_ms == 500_000 and answer.waited_ms == 0

    def test_hint_beyond_the_deadline_ends_the_call_at_once(self, bench: Bench) -> None:
        bench.mock.fault("application-list", {"status": 429, "headers": {"Retry-After": "5"}})
        answer = bench.call("application-list", options={"deadline_ms": 4900, "skip_waits": False})
        assert (answer.status, answer.reason) == ("EB_API", "deadline"), answer
        assert answer.took_s < SOON_S and seen(bench, "application-list") == 1

    def test_attempts_end(self, bench: Bench) -> None:
        bench.mock.fault("application-list", name="throttled", times=None)
        for retries, attempts in ((None, 3), (-1, 1), (1, 2), (5, 6), (10, 11)):
            bench.mock.clear_journal()
            answer = bench.call("application-list", options={"retries": retries, "deadline_ms": -1})
            assert (answer.status, answer.reason) == ("EB_API", "attempts_used"), answer
            assert answer.http_status == 429 and len(answer.attempts) == attempts
            assert answer.tried("reason") == ["throttled"] * (attempts - 1) + ["attempts_used"]
            assert seen(bench, "application-list") == attempts

    def test_retries_of_one_call(self, bench: Bench) -> None:
        bench.mock.fault("application-list", name="throttled", times=None)
        assert len(bench.call("application-list", call={"retries": 4}).attempts) == 5
        assert len(bench.call("application-list", call={"retries": -1}).attempts) == 1

    def test_code_tells_throttling_at_any_status(self, bench: Bench) -> None:
        for status, code in ((400, "Throttling"), (403, "Throttling.Api"), (503, "Rejected.Throttling")):
            bench.mock.fault("UploadRoutineCode", {"status": status, "code": code})
            answer = bench.ok("UploadRoutineCode", spec.request_example("UploadRoutineCode"))
            assert answer.tried("code") == [code, ""] and answer.tried("reason") == ["throttled", "done"]

    def test_acs_hint_alone_tells_throttling(self, bench: Bench) -> None:
        for headers, attempts in (({"x-acs-retry-after": "20"}, 2), ({"x-acs-retry-after": "0"}, 1)):
            bench.mock.fault("UploadRoutineCode", {"status": 400, "code": "Busy", "headers": headers})
            answer = bench.call("UploadRoutineCode", spec.request_example("UploadRoutineCode"))
            assert len(answer.attempts) == attempts, answer


class TestRates:
    """A client keeps below the documented rate by itself."""

    @pytest.mark.parametrize(("operation", "requests", "seconds"), [("ListAppVersions", 60, 60), (DELETE, 100, 1)])
    def test_calls_are_spread_out(self, bench: Bench, operation: str, requests: int, seconds: int) -> None:
        bench.mock.fault(operation, {"example": True}, times=None)
        waits = [bench.example_call(operation, client="rate").waited_ms for _ in range(2 * requests)]
        assert waits[0] == 0
        least_ms = 1000 * seconds * (requests - 1) / requests if seconds > 1 else 0
        assert sum(waits) >= 0.8 * least_ms, waits
        assert max(waits) <= 1.1 * 1000 * seconds

    def test_wait_that_would_pass_the_deadline_ends_the_call(self, bench: Bench) -> None:
        bench.mock.fault("ListAppVersions", {"example": True}, times=None)
        for _ in range(200):
            answer = bench.example_call("ListAppVersions", client="rate", call={"deadline_ms": 400})
            if answer.status != "EB_OK":
                break
        assert (answer.status, answer.sent, answer.reason) == ("EB_TIMEOUT", "nothing", "deadline"), answer
        assert "60 requests in 60 s" in answer.message

    def test_no_documented_rate_no_wait(self, bench: Bench) -> None:
        bench.mock.fault("ListEdgeContainerApps", {"example": True}, times=None)
        assert sum(bench.example_call("ListEdgeContainerApps", client="rate").waited_ms for _ in range(120)) == 0


class TestPassingFailures:
    @pytest.mark.parametrize("operation", SAFE)
    def test_safe_calls_are_sent_again(self, bench: Bench, operation: str) -> None:
        for status in PASSING:
            bench.mock.faults(operation, [{"status": status}, {"example": True}])
            answer = bench.example_call(operation)
            assert answer.status == "EB_OK" and answer.tried("reason") == ["server", "done"], answer
            assert answer.tried("http_status")[0] == status

    @pytest.mark.parametrize("operation", UNSAFE)
    def test_unsafe_calls_are_not(self, bench: Bench, operation: str) -> None:
        for n, status in enumerate(PASSING):
            bench.mock.fault(operation, {"status": status})
            answer = bench.example_call(operation)
            assert (answer.status, answer.http_status, answer.reason) == ("EB_API", status, "not_safe"), answer
            assert len(answer.attempts) == 1 and seen(bench, operation) == n + 1

    @pytest.mark.parametrize("operation", ["application-get", "application-create", "application-delete"])
    @pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 409, 410, 422, 424, 501, 505])
    def test_final_answers_are_final(self, bench: Bench, operation: str, status: int) -> None:
        bench.mock.fault(operation, {"status": status})
        answer = bench.example_call(operation)
        assert (answer.status, answer.reason) == ("EB_API", "server_said_no"), answer
        assert seen(bench, operation) == 1

    def test_html_of_a_gateway(self, bench: Bench) -> None:
        bench.mock.fault("application-get", name="html_502", times=3)
        answer = bench.call("application-get", APP)
        assert answer.status == "EB_API" and answer.message == "HTTP 502", answer
        assert answer.tried("reason") == ["server", "server", "attempts_used"]

    def test_delete_that_finds_nothing_after_it_was_sent(self, bench: Bench) -> None:
        """The first one may have done it."""
        bench.mock.fault("application-delete", {"reset": "before", "execute": False})
        answer = bench.call("application-delete", APP)
        assert (answer.status, answer.http_status, answer.reason) == ("EB_API", 404, "maybe_done"), answer
        assert answer.tried("reason") == ["transport", "maybe_done"]

    def test_delete_that_finds_nothing_at_first(self, bench: Bench) -> None:
        assert bench.call("application-delete", APP).reason == "server_said_no"

    def test_quota_ends_a_storm(self, bench: Bench) -> None:
        bench.mock.fault("application-list", {"status": 503}, times=None)
        reasons: list[str] = []
        for _ in range(40):
            answer = bench.call("application-list", client="storm")
            assert answer.status == "EB_API"
            reasons.append(answer.reason)
        assert reasons[0] == "attempts_used" and reasons[-1] == "quota_empty"
        assert seen(bench, "application-list") < 40 + 500 // 14 + 1
        bench.mock.control("DELETE", "faults")
        bench.ok("application-list", client="storm")


class TestLostConnections:
    LOSSES = pytest.mark.parametrize(
        "fault",
        [
            {"reset": "before", "execute": False},
            {"close": "before", "execute": False},
            {"raw_base64": base64.b64encode(b"SSH-2.0-OpenSSH_9.2\r\n").decode()},
            {"raw_base64": base64.b64encode(b"HTTP/1.1 ").decode()},
        ],
        ids=["reset", "close", "no HTTP", "half a line"],
    )
    CUTS = pytest.mark.parametrize(
        "fault",
        [{"reset": "mid_body"}, {"close": "mid_body"}, {"close": "after_headers"}, {"chunked_cut": True}],
        ids=["reset", "close", "after headers", "chunk"],
    )

    @LOSSES
    def test_get_is_sent_again(self, bench: Bench, fault: dict[str, Any]) -> None:
        bench.mock.fault("application-list", fault)
        answer = bench.ok("application-list")
        assert answer.tried("reason") == ["transport", "done"], answer
        assert answer.tried("status")[0] == "EB_NETWORK"

    @LOSSES
    def test_post_is_not_and_may_have_been_carried_out(self, bench: Bench, fault: dict[str, Any]) -> None:
        bench.mock.fault("application-create", fault)
        answer = bench.call("application-create", CREATE)
        assert answer.status == "EB_MAYBE_SENT" and answer.cause == "EB_NETWORK", answer
        assert answer.reason == "not_safe" and answer.sent == "all" and answer.http_status == 0
        assert "edgegap_application_get" in answer.message
        assert seen(bench, "application-create") == 1

    def test_what_may_have_been_carried_out_can_be_asked_for(self, bench: Bench) -> None:
        bench.mock.fault("application-create", name="lost_answer")
        answer = bench.call("application-create", CREATE)
        assert answer.status == "EB_MAYBE_SENT"
        assert bench.ok("application-get", {"app_name": "shooter"}).value["name"] == "shooter"

    @pytest.mark.parametrize("operation", [op for op in UNSAFE if "x-eb-verify" in spec.operation(op).raw])
    @pytest.mark.parametrize("carried_out", [True, False])
    def test_unclear_creation_can_be_verified(self, bench: Bench, operation: str, carried_out: bool) -> None:
        params = spec.request_example(operation)
        if operation == "app-version-create":
            bench.ok("application-create", CREATE)
        if operation == "pull-profile-create":
            bench.ok("endpoint-create", {"body": spec.body_example("endpoint-create")})
        bench.mock.fault(operation, {"reset": "before", "execute": carried_out})
        assert bench.call(operation, params).status == "EB_MAYBE_SENT"
        told = bench.call(operation, params, verify=True)
        assert (told.status, told.http_status) == (("EB_OK", 200) if carried_out else ("EB_API", 404)), told
        if carried_out:
            assert told.value["name"] == params["body"]["name"]
        assert bench.mock.journal()[-1]["operationId"] == spec.operation(operation).raw["x-eb-verify"]["operation"]

    def test_what_has_no_question_cannot_be_verified(self, bench: Bench) -> None:
        answer = bench.call("app-version-update", spec.request_example("app-version-update"), verify=True)
        assert answer.status == "EB_INVALID" and answer.message and bench.mock.journal() == [], answer

    @pytest.mark.parametrize("operation", UNSAFE)
    def test_verification_is_named_where_there_is_one(self, bench: Bench, operation: str) -> None:
        bench.mock.fault(operation, {"reset": "before", "execute": False})
        answer = bench.example_call(operation)
        assert answer.status == "EB_MAYBE_SENT" and len(answer.attempts) == 1, answer
        verify = spec.operation(operation).raw.get("x-eb-verify", {}).get("operation", "")
        wanted = "edgegap_" + verify.replace("-", "_") if verify else ""
        assert wanted in answer.message and ("_verify tells" in answer.message) is bool(verify)
        assert seen(bench, operation) == 1

    @pytest.mark.unjudged
    def test_reset_while_the_request_is_being_sent(self, bench: Bench) -> None:
        body = CREATE["body"] | {"image": "A" * 20_000_000}
        bench.mock.fault("application-create", {"reset": "headers"})
        answer = bench.call("application-create", {"body": body})
        assert answer.status == "EB_MAYBE_SENT" and answer.cause == "EB_NETWORK", answer
        assert answer.sent in ("part", "all") and seen(bench, "application-create") == 1

    @CUTS
    def test_cut_answer_of_a_get_is_asked_for_again(self, bench: Bench, fault: dict[str, Any]) -> None:
        bench.mock.fault("application-list", fault)
        answer = bench.ok("application-list")
        assert answer.tried("reason") == ["transport", "done"] and answer.tried("status")[0] == "EB_DECODE", answer

    @CUTS
    def test_cut_answer_of_a_post_says_that_it_was_answered(self, bench: Bench, fault: dict[str, Any]) -> None:
        bench.mock.fault("application-create", fault)
        answer = bench.call("application-create", CREATE)
        assert (answer.status, answer.http_status, answer.sent) == ("EB_DECODE", 200, "answered"), answer
        assert answer.cause == "EB_NETWORK" and answer.reason == "not_safe" and "cut off" in answer.message
        assert seen(bench, "application-create") == 1

    def test_cut_error_stays_an_error(self, bench: Bench) -> None:
        bench.mock.fault("application-create", {"status": 409, "close": "mid_body", "body": {"message": "x" * 500}})
        answer = bench.call("application-create", CREATE)
        assert (answer.status, answer.http_status) == ("EB_API", 409), answer

    def test_nobody_listens(self, bench: Bench) -> None:
        """Nothing was sent, so that even a creation is tried again."""
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            port = taken.getsockname()[1]
            for operation, params in (("application-list", {}), ("application-create", CREATE)):
                answer = bench.call(operation, params, options={"base_url": f"http://127.0.0.1:{port}"})
                assert (answer.status, answer.sent, answer.reason) == ("EB_NETWORK", "nothing", "attempts_used"), answer
                assert answer.tried("reason") == ["connect", "connect", "attempts_used"]

    def test_other_server_for_one_call(self, bench: Bench) -> None:
        elsewhere = {"base_url": "http://127.0.0.1:9"}
        answer = bench.call("application-list", options=elsewhere, call={"base_url": bench.mock.url})
        assert answer.status == "EB_OK", answer


@pytest.mark.unjudged
class TestStaleConnections:
    """A kept connection that the server closed in the meantime."""

    @pytest.mark.parametrize("how", [True, "idle"], ids=["dies under the request", "died before"])
    def test_creation_is_never_sent_twice(self, bench: Bench, how: Any) -> None:
        statuses = set()
        for n in range(10):
            bench.mock.reset()
            bench.mock.fault("application-list", {"stale": how})
            bench.ok("application-list", client=f"stale{n % 5}")
            if how == "idle":
                time.sleep(0.05)
            answer = bench.call("application-create", CREATE, client=f"stale{n % 5}")
            posts = [entry for entry in bench.mock.journal() if entry["method"] == "POST"]
            assert len(posts) == 1, (answer, posts)
            if answer.status == "EB_MAYBE_SENT":
                assert posts[0]["status"] is None and answer.reason == "not_safe" and answer.sent in ("part", "all")
            else:
                assert answer.status == "EB_OK" and posts[0]["status"] == 200, answer
            statuses.add(answer.status)
        assert how is not True or statuses == {"EB_MAYBE_SENT"}
        assert how is True or "EB_OK" in statuses, "libcurl sees a connection that is closed already"

    def test_reading_goes_on(self, bench: Bench) -> None:
        bench.mock.fault("application-list", {"stale": True})
        bench.ok("application-list", client="stale")
        answer = bench.ok("application-list", client="stale")
        assert answer.tried("reason") in (["done"], ["transport", "done"])

    def test_creation_after_a_pause_takes_a_new_connection(self, bench: Bench) -> None:
        bench.mock.fault("application-list", {"stale": True})
        bench.ok("application-list", client="idle")
        time.sleep(2.2)
        answer = bench.ok("application-create", CREATE, client="idle")
        assert len(answer.attempts) == 1
        connections = [entry["connection"] for entry in bench.mock.journal()]
        assert len(connections) == len(set(connections)) == 2


def test_connection_is_kept(bench: Bench) -> None:
    for _ in range(5):
        bench.ok("application-list", client="kept")
    assert len({entry["connection"] for entry in bench.mock.journal()}) == 1


class TestTime:
    def test_deadline_is_met_to_the_millisecond(self, bench: Bench) -> None:
        """Whichever clock rings first, the call says that it was the deadline."""
        for n in range(30):
            bench.mock.fault("application-list", SLOW)
            answer = bench.call("application-list", options={"deadline_ms": 20 + n % 3})
            assert (answer.status, answer.reason) == ("EB_TIMEOUT", "deadline"), answer
            bench.mock.control("DELETE", "faults")

    def test_deadline_bounds_a_slow_answer(self, bench: Bench) -> None:
        bench.mock.fault("application-list", SLOW)
        answer = bench.call("application-list", options={"deadline_ms": 300})
        assert (answer.status, answer.cause, answer.reason) == ("EB_TIMEOUT", "EB_TIMEOUT", "deadline"), answer
        assert 0.25 < answer.took_s < SOON_S and len(answer.attempts) == 1

    def test_deadline_of_a_creation(self, bench: Bench) -> None:
        bench.mock.fault("application-create", SLOW)
        answer = bench.call("application-create", CREATE, call={"deadline_ms": 800})
        assert (answer.status, answer.cause, answer.reason) == ("EB_MAYBE_SENT", "EB_TIMEOUT", "deadline"), answer
        assert answer.sent == "all" and answer.took_s < SOON_S

    def test_attempt_that_takes_too_long_is_followed_by_another(self, bench: Bench) -> None:
        bench.mock.fault("application-list", SLOW)
        answer = bench.ok("application-list", options={"attempt_timeout_ms": 800})
        assert answer.tried("status") == ["EB_TIMEOUT", "EB_OK"] and answer.tried("reason") == ["transport", "done"]
        assert answer.took_s < SOON_S

    def test_creation_that_takes_too_long_is_not(self, bench: Bench) -> None:
        bench.mock.fault("application-create", SLOW)
        answer = bench.call("application-create", CREATE, call={"attempt_timeout_ms": 800})
        assert (answer.status, answer.cause, answer.reason) == ("EB_MAYBE_SENT", "EB_TIMEOUT", "not_safe"), answer

    def test_dripping_answer_meets_the_deadline(self, bench: Bench) -> None:
        bench.mock.fault("application-list", {"drip_ms": 50, "bytes": 5})
        answer = bench.call("application-list", options={"deadline_ms": 500})
        assert answer.status == "EB_TIMEOUT" and answer.took_s < SOON_S, answer

    def test_dripping_answer_is_read_to_its_end(self, bench: Bench) -> None:
        bench.mock.fault("application-list", {"drip_ms": 2, "bytes": 7})
        assert bench.ok("application-list").value["total_count"] == 0

    def test_stall_ends_an_attempt(self, bench: Bench) -> None:
        bench.mock.fault("application-list", SLOW)
        answer = bench.call("application-list", options={"stall_timeout_ms": 1000, "retries": -1})
        assert answer.status == "EB_TIMEOUT" and answer.took_s < SOON_S, answer

    def test_waits_are_real_unless_skipped(self, bench: Bench) -> None:
        bench.mock.fault("application-list", {"status": 429, "headers": {"retry-after-ms": "300"}})
        answer = bench.ok("application-list", options={"skip_waits": False})
        assert answer.took_s >= answer.attempts[0]["delay_ms"] / 1000 >= 0.3 and answer.waited_ms == 0

    def test_deadline_holds_over_all_attempts(self, bench: Bench) -> None:
        bench.mock.fault("application-list", {"status": 503}, times=None)
        answer = bench.call("application-list", options={"deadline_ms": 600, "retries": 10, "skip_waits": False})
        # It ends in a wait that would be too long, or within an attempt.
        assert answer.status in ("EB_API", "EB_TIMEOUT") and answer.reason == "deadline", answer
        assert len(answer.attempts) > 1 and answer.took_s < SOON_S

    @pytest.mark.parametrize("fault", [SLOW, {"drip_ms": 100, "bytes": 1}], ids=["silent", "dripping"])
    def test_cancel_from_another_thread(self, bench: Bench, fault: dict[str, Any]) -> None:
        bench.mock.fault("application-list", fault)
        answer = bench.call("application-list", cancel_ms=150)
        assert (answer.status, answer.reason) == ("EB_CANCELLED", "cancelled"), answer
        assert 0.1 < answer.took_s < SOON_S

    def test_cancel_of_a_creation(self, bench: Bench) -> None:
        bench.mock.fault("application-create", SLOW)
        answer = bench.call("application-create", CREATE, cancel_ms=600)
        assert (answer.status, answer.cause, answer.reason) == ("EB_MAYBE_SENT", "EB_CANCELLED", "cancelled"), answer
        assert answer.took_s < SOON_S

    def test_cancel_ends_a_wait(self, bench: Bench) -> None:
        bench.mock.fault("application-list", {"status": 429, "headers": {"Retry-After": "20"}})
        answer = bench.call("application-list", cancel_ms=150, options={"skip_waits": False})
        assert answer.status == "EB_CANCELLED" and answer.took_s < SOON_S, answer
