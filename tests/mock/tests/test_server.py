"""Starting, stopping, the journal, the control paths, and many connections at once."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import ssl
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from client import APP, JSON, TOKEN, VERSION, Client

MOCK = [sys.executable, "-m", "edgebind_mock"]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[1])}


def run(*arguments: str, **more: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*MOCK, *arguments],
        env=ENVIRONMENT,
        text=True,
        timeout=20,
        check=False,
        capture_output=True,
        **more,
    )


def test_one_line_of_json_says_where_it_is() -> None:
    done = run("--until-eof", stdin=subprocess.DEVNULL)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("\n") == 1
    line = json.loads(done.stdout)
    assert list(line) == [
        "url",
        "journal",
        "edgegap_token",
        "access_key_id",
        "access_key_secret",
        "security_token",
    ]
    assert line["journal"] == line["url"] + "/_mock/journal"
    assert line["security_token"] is None


def test_it_starts_within_two_seconds() -> None:
    before = time.monotonic()
    run("--until-eof", stdin=subprocess.DEVNULL)
    assert time.monotonic() - before < 2  # less than one on a quiet machine


def test_words_and_shell_lines() -> None:
    assert "listens at http://127.0.0.1:" in run("--human", "--until-eof", stdin=subprocess.DEVNULL).stdout
    lines = run("--env", "--sts", "--until-eof", stdin=subprocess.DEVNULL).stdout.splitlines()
    assert [line.split("=")[0] for line in lines] == [
        "export EDGEBIND_MOCK_URL",
        "export EDGEGAP_TOKEN",
        "export ALIBABA_CLOUD_ACCESS_KEY_ID",
        "export ALIBABA_CLOUD_ACCESS_KEY_SECRET",
        "export ALIBABA_CLOUD_SECURITY_TOKEN",
    ]


def test_exec_hands_over_the_environment_and_the_status() -> None:
    script = 'test -n "$EDGEGAP_TOKEN$ALIBABA_CLOUD_ACCESS_KEY_ID" && echo "$EDGEBIND_MOCK_URL" && exit 7'
    done = run("--exec", "sh", "-c", script)
    assert done.returncode == 7
    assert done.stdout.startswith("http://127.0.0.1:") and done.stdout.count("\n") == 1
    assert run("--exec", "--", "true").returncode == 0
    assert run("--exec", "sh", "-c", "kill -9 $$").returncode == 128 + 9
    assert run("--exec", "/nowhere/at-all").returncode == 127


def start(*arguments: str, **more: Any) -> subprocess.Popen[str]:
    command = [*MOCK, *arguments]
    return subprocess.Popen(command, env=ENVIRONMENT, text=True, stdout=subprocess.PIPE, **more)


def test_it_stops_by_signal_by_parent_and_by_end_of_input() -> None:
    process = start()
    assert process.stdout is not None and process.stdout.readline()
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0
    parent = subprocess.Popen(["sleep", "60"])
    process = start("--parent-pid", str(parent.pid))
    assert process.stdout is not None and process.stdout.readline()
    parent.kill()
    parent.wait()
    assert process.wait(10) == 0
    process = start("--until-eof", stdin=subprocess.PIPE)
    assert process.stdout is not None and process.stdout.readline()
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(10) == 0


def test_a_signal_ends_the_command_too() -> None:
    process = start("--exec", "sh", "-c", "echo $$; exec sleep 60")
    assert process.stdout is not None
    child = int(process.stdout.readline())
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0
    time.sleep(0.1)
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


def test_what_cannot_start_says_why(tmp_path: Path) -> None:
    done = run("--spec", str(tmp_path))
    assert done.returncode == 2 and "no OpenAPI documents" in done.stderr
    done = run("--scenario", str(tmp_path / "none.json"))
    assert done.returncode == 2 and "none.json" in done.stderr
    done = run("--tls", "/none.pem", "/none.key")
    assert done.returncode == 2


def test_a_scenario_from_the_command_line(tmp_path: Path) -> None:
    path = tmp_path / "application-list" / "down.json"
    path.parent.mkdir()
    path.write_text('[{"fault": {"status": 503}}]')
    script = (
        'curl -s -o /dev/null -w "%{http_code}" -H "authorization: token $EDGEGAP_TOKEN" $EDGEBIND_MOCK_URL/v1/apps'
    )
    assert run("--scenario", str(path), "--exec", "sh", "-c", script).stdout == "503"


def test_tls(tmp_path: Path) -> None:
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    command = (
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
        f" -keyout {key} -out {certificate} -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1"
    )
    subprocess.run(command.split(), check=True, capture_output=True)
    process = start("--tls", str(certificate), str(key), "--until-eof", stdin=subprocess.PIPE)
    assert process.stdout is not None and process.stdin is not None
    url = json.loads(process.stdout.readline())["url"]
    assert url.startswith("https://127.0.0.1:")

    async def ask() -> list[int]:
        context = ssl.create_default_context(cafile=str(certificate))
        async with aiohttp.ClientSession(headers=[TOKEN]) as session:
            fault = {"operation": "application-list", "fault": {"reset": "before"}, "times": None}
            async with session.post(f"{url}/_mock/faults", json=fault, ssl=context):
                pass
            with pytest.raises(aiohttp.ClientError):
                await session.get(f"{url}/v1/apps", ssl=context)
            async with session.post(f"{url}/_mock/reset", ssl=context):
                pass
            async with session.get(f"{url}/v1/apps", ssl=context) as reply:
                return [reply.status]

    assert asyncio.run(ask()) == [200]
    process.stdin.close()
    assert process.wait(10) == 0


def test_the_journal_shows_requests_as_they_came(mock: Client) -> None:
    mock.send("GET", "/v1/app/a%20b", ("AUTHORIZATION", TOKEN[1]), ("uSer-aGent", "x"))
    entry = mock.journal()[0]
    assert entry["n"] == 1
    assert entry["target"] == "/v1/app/a%20b"
    assert entry["headers"] == [["Host", mock.host], ["AUTHORIZATION", TOKEN[1]], ["uSer-aGent", "x"]]
    assert (entry["operationId"], entry["status"]) == ("application-get", 404)
    assert entry["verdict"] == {"ok": True, "problems": []}
    assert entry["fault"] is None and entry["signature"] is None
    mock.send("POST", "/v1/app", TOKEN, JSON, body=b"\xff")
    assert mock.journal()[1]["body_base64"] == "/w=="
    assert [entry["n"] for entry in mock.control("GET", "journal?after=1")] == [2]
    assert len(mock.control("GET", "journal?operation=application-get")) == 1
    mock.control("DELETE", "journal")
    assert mock.journal() == []


def test_connections_are_numbered(mock: Client) -> None:
    mock.edgegap("GET", "/v1/apps")
    mock.edgegap("GET", "/v1/apps")
    mock.hang_up()
    mock.edgegap("GET", "/v1/apps")
    first, second, third = (entry["connection"] for entry in mock.journal())
    assert first == second != third


def test_a_client_may_ask_to_close(mock: Client) -> None:
    reply = mock.edgegap("GET", "/v1/apps", None, ("Connection", "close"))
    assert reply.headers["connection"] == "close"
    assert mock.sock is None


def test_reset_brings_everything_back(mock: Client) -> None:
    mock.edgegap("POST", "/v1/app", APP)
    mock.fault("*", {"status": 500})
    mock.control("POST", "settings", {"clock_skew_s": 5, "upload_status": 204})
    mock.control("POST", "reset")
    assert mock.control("GET", "settings")["clock_skew_s"] == 0
    assert mock.control("GET", "faults") == [] and mock.journal() == []
    assert mock.edgegap("GET", "/v1/apps").json["total_count"] == 0
    assert mock.edgegap("POST", "/v1/app", APP).status == 200


def test_control_paths_that_are_not_there_are_named(mock: Client) -> None:
    reply = mock.send("GET", "/_mock/nothing")
    assert reply.status == 404 and "GET /_mock/journal" in reply.json["message"]
    assert mock.send("GET", "/_mock/examples/nothing").status == 404
    assert set(mock.control("GET", "seeds")) == {"registry_images", "esa_app_ids", "sae_app_ids"}


def test_a_large_body_is_refused(mock: Client) -> None:
    size = 65 * 1024 * 1024
    sock = mock.connect()
    sock.sendall(f"POST /v1/app HTTP/1.1\r\nHost: x\r\nContent-Length: {size}\r\n\r\n".encode())
    piece = b"x" * 1024 * 1024
    with pytest.raises(ConnectionError):
        for _ in range(65):
            sock.sendall(piece)
        assert mock.read().status == 413
        raise ConnectionError
    mock.hang_up()
    assert mock.edgegap("GET", "/v1/apps").status == 200
    assert "longer than" in mock.journal()[0]["verdict"]["problems"][0]


def test_pipelined_requests_are_answered_in_order(mock: Client) -> None:
    one = f"GET /v1/app/none HTTP/1.1\r\nHost: x\r\n{TOKEN[0]}: {TOKEN[1]}\r\n\r\n".encode()
    two = one.replace(b"/v1/app/none", b"/v1/apps")
    mock.connect().sendall(one + two)
    data = b""
    while data.count(b"HTTP/1.1") < 2 or not data.endswith(b"}"):
        data += mock.connect().recv(10_000)
    assert data.index(b"404 Not Found") < data.index(b"200 OK")


def test_many_clients_at_once(mock: Client) -> None:
    mock.edgegap("POST", "/v1/app", APP)

    async def create(session: aiohttp.ClientSession, n: int) -> int:
        body = VERSION | {"name": f"v{n % 50}"}
        async with session.post(f"{mock.url}/v1/app/shooter/version", json=body) as reply:
            return reply.status

    async def storm() -> list[int]:
        headers = [TOKEN, ("Accept", "application/json")]
        async with aiohttp.ClientSession(headers=headers) as session:
            return list(await asyncio.gather(*(create(session, n) for n in range(100))))

    statuses = asyncio.run(storm())
    assert sorted(statuses) == [200] * 50 + [409] * 50
    assert mock.edgegap("GET", "/v1/app/shooter/versions").json["total_count"] == 50
