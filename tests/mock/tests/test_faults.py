"""Every kind of fault, as a client sees it."""

from __future__ import annotations

import base64
import json
import time
from http.client import IncompleteRead, RemoteDisconnected
from pathlib import Path
from typing import Any

import pytest

from client import APP, CONTAINER, ESA_APP, JSON, SAE_APP, TOKEN, Client, message

LIST = "application-list"


def apps(mock: Client) -> Any:
    return mock.edgegap("GET", "/v1/apps")


def control_refuses(mock: Client, path: str, value: Any) -> str:
    with Client(mock.url) as other:
        reply = other.send("POST", f"/_mock/{path}", body=json.dumps(value).encode())
        assert reply.status == 400, reply
        return str(reply.json["message"])


def test_any_answer(mock: Client) -> None:
    mock.fault(LIST, {"status": 429, "headers": {"Retry-After": "7"}, "body": {"message": "slow down"}})
    reply = apps(mock)
    assert (reply.status, reply.json, reply.headers["retry-after"]) == (429, {"message": "slow down"}, "7")
    assert mock.journal()[0]["fault"]["status"] == 429
    assert apps(mock).status == 200


def test_a_status_alone_has_the_providers_shape(mock: Client) -> None:
    mock.fault("*", {"status": 500}, times=3)
    assert list(apps(mock).json) == ["message"]
    assert mock.alibaba("ListEdgeContainerApps").json["Code"] == "InternalError"
    mock.control("DELETE", "faults")
    mock.fault("ListEdgeContainerApps", {"status": 400, "code": "Throttling.User"})
    assert mock.alibaba("ListEdgeContainerApps").json["Code"] == "Throttling.User"


def test_texts_bytes_and_nothing(mock: Client) -> None:
    mock.fault(LIST, {"status": 502, "body": "<html>\u00e9", "headers": {"Content-Type": "text/html"}})
    mock.fault(LIST, {"body_base64": base64.b64encode(b"\xff\0").decode()})
    mock.fault(LIST, {"status": 200})
    mock.fault(LIST, {"status": 204})
    assert apps(mock).body == "<html>\u00e9".encode()
    assert apps(mock).body == b"\xff\0"
    empty = apps(mock)
    assert (empty.status, empty.body, empty.headers["content-length"]) == (200, b"", "0")
    none = apps(mock)
    assert none.status == 204 and "content-length" not in none.headers


def test_times_and_after(mock: Client) -> None:
    mock.fault(LIST, {"status": 503}, times=2, after=1)
    assert [apps(mock).status for _ in range(4)] == [200, 503, 503, 200]
    mock.fault(LIST, {"status": 503}, times=None)
    assert [apps(mock).status for _ in range(3)] == [503] * 3
    mock.control("DELETE", "faults")
    assert apps(mock).status == 200


def test_rules_count_their_requests_separately(mock: Client) -> None:
    mock.fault(LIST, {"status": 501}, after=1)
    mock.fault(LIST, {"status": 502})
    mock.fault("application-get", {"status": 500})
    assert [apps(mock).status for _ in range(3)] == [502, 501, 200]
    assert len(mock.control("GET", "faults")) == 1


def test_a_rejected_request_does_not_use_a_fault_up(mock: Client) -> None:
    mock.fault(LIST, {"status": 503})
    mock.rejected("GET", "/v1/apps?x=1", TOKEN)
    assert mock.send("GET", "/v1/apps").status == 401
    assert apps(mock).status == 503


def test_delay(mock: Client) -> None:
    mock.fault(LIST, {"delay_ms": 200})
    before = time.monotonic()
    assert apps(mock).status == 200
    assert time.monotonic() - before >= 0.2


def test_reset_before_the_answer(mock: Client) -> None:
    mock.fault(LIST, {"reset": "before"})
    with pytest.raises(ConnectionResetError):
        apps(mock)
    assert mock.journal()[0]["status"] is None


def test_reset_after_the_headers_and_inside_the_body(mock: Client) -> None:
    for place in ("after_headers", "mid_body"):
        mock.fault(LIST, {"reset": place})
        sock = mock.connect()
        sock.sendall(message(mock.host, "GET", "/v1/apps", (TOKEN,)))
        data = b""
        with pytest.raises(ConnectionResetError):
            while piece := sock.recv(1000):
                data += piece
        head, _, body = data.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200 OK")
        assert bool(body) is (place == "mid_body")
        mock.hang_up()


def test_reset_before_the_body_is_read(mock: Client) -> None:
    mock.fault("application-create", {"reset": "headers"})
    head = message(mock.host, "POST", "/v1/app", (TOKEN, JSON, ("Content-Length", "1000000")))
    with pytest.raises(ConnectionError):
        mock.raw(head)
    assert mock.journal()[0]["verdict"]["problems"] == ["answered before the body was read; not judged"]


def test_an_early_answer(mock: Client) -> None:
    mock.fault("application-create", {"status": 413, "early": True})
    reply = mock.raw(message(mock.host, "POST", "/v1/app", (TOKEN, JSON, ("Content-Length", "1000"))))
    assert reply.status == 413 and reply.headers["connection"] == "close"


def test_close_before_after_and_inside(mock: Client) -> None:
    mock.fault(LIST, {"close": "before"})
    with pytest.raises(RemoteDisconnected):
        apps(mock)
    for place in ("after_headers", "mid_body"):
        mock.hang_up()
        mock.fault(LIST, {"close": place})
        with pytest.raises(IncompleteRead):
            apps(mock)


def test_a_chunked_answer_cut_short(mock: Client) -> None:
    mock.fault(LIST, {"chunked_cut": True})
    with pytest.raises(IncompleteRead):
        apps(mock)


def test_raw_bytes(mock: Client) -> None:
    mock.fault(LIST, {"raw_base64": base64.b64encode(b"SSH-2.0-what\r\n").decode()})
    sock = mock.connect()
    sock.sendall(message(mock.host, "GET", "/v1/apps", (TOKEN,)))
    assert sock.recv(1000) == b"SSH-2.0-what\r\n"
    assert sock.recv(1000) == b""


def test_dripping(mock: Client) -> None:
    mock.fault(LIST, {"drip_ms": 5, "bytes": 20})
    before = time.monotonic()
    assert apps(mock).json["applications"] == []
    assert time.monotonic() - before >= 0.05


def test_a_stale_connection_dies_at_the_next_request(mock: Client) -> None:
    mock.fault(LIST, {"stale": True})
    reply = apps(mock)
    assert reply.status == 200 and "connection" not in reply.headers
    with pytest.raises((ConnectionError, RemoteDisconnected)):
        apps(mock)
    mock.hang_up()
    assert apps(mock).status == 200
    served, lost, again = mock.journal()
    assert (served["connection"], served["status"]) == (lost["connection"], 200)
    assert (lost["target"], lost["status"], lost["fault"]) == ("/v1/apps", None, {"stale": True})
    assert again["connection"] != lost["connection"]


def test_a_connection_that_goes_stale_while_idle(mock: Client) -> None:
    mock.fault(LIST, {"stale": "idle"})
    assert apps(mock).status == 200
    assert mock.connect().recv(10) == b""


def test_patching_the_success_answer(mock: Client) -> None:
    mock.edgegap("POST", "/v1/app", APP)
    patch = {"is_active": "yes", "name": None, "new": {"a": [1]}}
    mock.fault("application-get", {"patch": patch})
    found = mock.edgegap("GET", "/v1/app/shooter").json
    assert (found["is_active"], found["name"], found["new"]) == ("yes", None, {"a": [1]})
    assert found["image"] == "aGk="
    mock.fault("application-get", {"wrong_type": True})
    assert mock.edgegap("GET", "/v1/app/shooter").json["name"] == {"unexpected": True}


def test_execute_changes_the_state_although_the_answer_is_lost(mock: Client) -> None:
    mock.fault("application-create", {"reset": "before", "execute": True})
    with pytest.raises(ConnectionResetError):
        mock.edgegap("POST", "/v1/app", APP)
    mock.hang_up()
    assert mock.edgegap("GET", "/v1/app/shooter").status == 200
    mock.fault("application-delete", {"status": 503})
    assert mock.edgegap("DELETE", "/v1/app/shooter").status == 503
    assert mock.edgegap("GET", "/v1/app/shooter").status == 200
    mock.fault("application-delete", {"status": 503, "execute": True})
    assert mock.edgegap("DELETE", "/v1/app/shooter").status == 503
    assert mock.edgegap("GET", "/v1/app/shooter").status == 404


def call(mock: Client, operation: str) -> Any:
    if operation == LIST:
        return apps(mock)
    if operation == "ListAppVersions":
        return mock.alibaba(operation, None, {"AppId": SAE_APP})
    name = f"version-{time.monotonic_ns()}"
    form = {"AppId": ESA_APP, "Name": name, "Containers": json.dumps([CONTAINER])}
    return mock.alibaba(operation, form)


@pytest.mark.parametrize("operation", [LIST, "ListAppVersions", "CreateEdgeContainerAppVersion"])
def test_named_scenarios_have_the_providers_shape(mock: Client, operation: str) -> None:
    def named(name: str) -> Any:
        mock.control("POST", "faults", {"name": name, "operation": operation})
        return call(mock, operation)

    throttled = named("throttled")
    if operation == LIST:
        assert throttled.status == 429 and "retry-after" in throttled.headers
    else:
        assert throttled.json["Code"] == "Throttling.User"
        assert int(throttled.headers["x-acs-retry-after"]) > 0
    assert named("server_error").status == 500
    assert named("unavailable").status == 503
    assert named("html_502").headers["content-type"] == "text/html"
    assert named("empty_200").body == b""
    assert named("not_json").body == b"{oops"
    assert "member_of_tomorrow" in named("unknown_member").json
    assert named("failure_inside_200").status == 200
    assert '{"unexpected":true}' in named("wrong_type").text
    with pytest.raises(IncompleteRead):
        named("cut_short")
    mock.hang_up()
    for name in ("reset", "lost_answer"):
        with pytest.raises(ConnectionResetError):
            named(name)
        mock.hang_up()
    assert named("stale").status == 200
    assert set(mock.control("GET", "scenarios")) >= {"slow", "throttled", "stale"}


def test_the_documented_example_word_for_word(mock: Client) -> None:
    wanted = mock.control("GET", "examples/app-version-get")
    mock.control("POST", "answer", {"operation": "app-version-get", "example": True})
    reply = mock.edgegap("GET", "/v1/app/a/version/b")
    assert (reply.status, reply.json) == (wanted["status"], wanted["body"])
    mock.control("POST", "answer", {"operation": "ListAppVersions", "example": True})
    reply = mock.alibaba("ListAppVersions", None, {"AppId": "any"})
    assert reply.json == mock.control("GET", "examples/ListAppVersions")["body"]
    assert reply.headers["x-acs-request-id"] == reply.json["RequestId"]


def test_scenario_files(mock: Client, tmp_path: Path) -> None:
    folder = Path(__file__).resolve().parents[1] / "scenarios"
    found = sorted(folder.glob("*/*.json"))
    assert found
    for path in found:
        mock.control("POST", "reset")
        assert mock.control("POST", "scenario", {"path": str(path)})["faults"] >= 0
    mock.control("POST", "reset")
    mock.control("POST", "scenario", {"path": str(folder / LIST / "throttled_twice.json")})
    assert [apps(mock).status for _ in range(3)] == [429, 429, 200]
    mock.control("POST", "scenario", [{"operation": LIST, "name": "server_error"}])
    assert apps(mock).status == 500
    mock.control("POST", "scenario", {"faults": [], "settings": {"clock_skew_s": 5000}})
    assert mock.alibaba("ListEdgeContainerApps").json["Code"] == "InvalidTimeStamp.Expired"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("faults", {"operation": LIST, "fault": {"statsu": 500}}),
        ("faults", {"operation": LIST, "fault": {"status": "500"}}),
        ("faults", {"operation": LIST, "fault": {"reset": "later"}}),
        ("faults", {"operation": LIST, "fault": {"raw_base64": "?"}}),
        ("faults", {"operation": LIST, "fault": {}}),
        ("faults", {"operation": LIST}),
        ("faults", {"operation": "nothing", "fault": {"status": 500}}),
        ("faults", {"operation": LIST, "name": "nothing"}),
        ("faults", {"operation": LIST, "fault": {"status": 500}, "times": 0}),
        ("faults", {"operation": LIST, "fault": {"status": 500}, "after": -1}),
        ("faults", {"operation": LIST, "fault": {"status": 500}, "time": 1}),
        ("faults", "x"),
        ("scenario", {"path": "/nowhere.json"}),
        ("scenario", {"fault": []}),
        ("settings", {"nothing": 1}),
        ("settings", {"upload_status": "200"}),
        ("settings", {"clock_skew_s": 9, "nothing": 1}),
        ("scenario", {"faults": [{"operation": LIST, "name": "slow"}], "settings": {"nothing": 1}}),
        ("answer", {"operation": LIST}),
    ],
)
def test_a_misspelt_order_is_refused(mock: Client, path: str, value: Any) -> None:
    assert control_refuses(mock, path, value)
    assert mock.control("GET", "faults") == []
    assert mock.control("GET", "settings")["clock_skew_s"] == 0
