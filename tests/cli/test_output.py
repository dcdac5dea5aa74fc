"""What is shown of answers: JSON, tables, parts, lists of many pages."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import subprocess
import time

import pytest

from tool import Tool, version

LIST = ("edgegap", "app-version-list", "--app-name", "shooter")


def test_a_list_streams_all_pages_a_line_an_item(eb: Tool) -> None:
    eb.app(5)
    ran = eb.ok(*LIST, "--page-size", "2")
    assert [item["name"] for item in ran.lines] == ["1.0", "1.1", "1.2", "1.3", "1.4"]
    assert len(eb.mock.journal("app-version-list")) == 3
    assert eb.ok(*LIST, "-q", "name", "-o", "raw").out == "1.0\n1.1\n1.2\n1.3\n1.4\n"


def test_a_list_can_be_cut_short_and_be_one_page(eb: Tool) -> None:
    eb.app(5)
    assert len(eb.ok(*LIST, "--limit", "3", "--page-size", "2").lines) == 3
    assert len(eb.mock.journal("app-version-list")) == 2
    assert [i["name"] for i in eb.ok(*LIST, "--page", "2", "--page-size", "2").lines] == ["1.2", "1.3"]
    assert [i["name"] for i in eb.ok(*LIST, "--page", "2", "--page-size", "2", "--limit", "1").lines] == ["1.2"]
    whole = eb.ok(*LIST, "--page", "2", "--page-size", "2", "-o", "raw", "--show-secrets")
    assert len(whole.json["versions"]) == 2


def test_pages_have_the_same_options_everywhere(eb: Tool) -> None:
    assert len(eb.ok("esa", "list-edge-container-apps", "--limit", "21").lines) == 21
    assert len(eb.ok("esa", "list-edge-container-apps", "--page", "2", "--page-size", "10").lines) == 10


def test_one_answer_is_indented_json(eb: Tool) -> None:
    eb.app(1)
    out = eb.ok("edgegap", "app-version-get", "--app-name", "shooter", "--version-name", "1.0").out
    assert out.startswith('{\n  "name": "1.0",\n')
    assert json.loads(out)["req_cpu"] == 512


def test_a_query_shows_a_part(eb: Tool) -> None:
    eb.app()
    ports = '[{"port":7,"protocol":"UDP"},{"port":8,"protocol":"TCP"}]'
    create = ("edgegap", "app-version-create", *version("1", "--ports", ports))
    assert eb.ok(*create, "-q", "version.ports[1].protocol").out == '"TCP"\n'
    get = ("edgegap", "app-version-get", "--app-name", "shooter", "--version-name", "1")
    assert eb.ok(*get, "-q", "ports[*].port").json == [7, 8]
    assert eb.ok(*get, "-q", "ports[9].port").out == "null\n"
    assert eb.ok(*get, "-q", "docker_tag", "-o", "raw").out == "1\n"


def test_a_table_has_columns_as_wide_as_what_is_in_them(eb: Tool) -> None:
    eb.app()
    for name in ("a", "日本", "e\u0301\u00df"):
        eb.ok("edgegap", "app-version-create", *version(name, "--command", "x\ty\x1b[31m"))
    out = eb.ok(*LIST, "-o", "table", "--columns", "name,req_cpu,command").out
    assert out.splitlines() == [
        "name  req_cpu  command",
        "a         512  x\\x09y\\x1b[31m",
        "日本      512  x\\x09y\\x1b[31m",
        "e\u0301\u00df        512  x\\x09y\\x1b[31m",
    ]


def test_a_table_has_the_columns_that_fit_the_terminal(eb: Tool) -> None:
    eb.app(2)
    seen = []
    for width in (20, 60, 80, 200, 1000):
        shown = _with_columns(eb, width, *LIST)
        lines = shown.splitlines()
        assert len(lines) == 3 and "…" not in shown
        assert all(len(line) <= width for line in lines), (width, lines)
        seen.append(lines[0].split())
        assert seen[-1][: len(seen[0])] == seen[0]
    assert seen[0][0] == "name" and [len(names) for names in seen] == sorted({len(names) for names in seen})
    assert seen[-1][-4:] == ["ports", "envs", "session_config", "probe"]  # in the document before cache_min_hour
    assert "cache_min_hour" in seen[-1]
    apps = _with_columns(eb, 80, "esa", "list-edge-container-apps", "--limit", "2").splitlines()
    assert apps[0].split()[:3] == ["AppId", "Name", "Status"] and apps[1].startswith("app-880688675783794024  ")


def test_only_long_texts_are_cut_and_never_those_of_the_first_column(eb: Tool) -> None:
    eb.app()
    eb.ok("edgegap", "app-version-create", *version("n" * 60, "--command", "c" * 90))
    narrow = (*LIST, "--columns", "name,docker_image,command,req_cpu")
    heading, row = _with_columns(eb, 20, *narrow).splitlines()
    assert heading.split() == ["name", "docker_image", "command", "req_cpu"]
    assert row.split() == ["n" * 60, "studio/shooter", "c" * 35 + "…", "512"]
    assert row.split() != _with_columns(eb, 200, *narrow).splitlines()[1].split()
    assert _with_columns(eb, 300, *narrow).splitlines()[1].split()[2] == "c" * 90
    assert _with_columns(eb, 20, *LIST).splitlines()[0].strip() == "name"


def test_a_terminal_is_told_of_columns_that_are_left_out(eb: Tool) -> None:
    eb.app(1)
    assert eb.ok(*LIST, "-o", "table").err == ""
    shown = {}
    for more in ("", "name,req_cpu"):
        ours, theirs = pty.openpty()
        child = eb.start(*LIST, "-o", "table", *(["--columns", more] if more else []), stderr=theirs)
        os.write(theirs, b"|")
        os.close(theirs)
        out, _ = child.communicate(timeout=60)
        shown[more] = os.read(ours, 1000).decode()
        os.close(ours)
        assert child.returncode == 0 and out.startswith("name")
    assert re.fullmatch(r"\|eb: \d+ more columns would not fit; --columns chooses which are shown\r\n", shown[""])
    assert shown["name,req_cpu"] == "|"


def _with_columns(eb: Tool, width: int, *line: str) -> str:
    child = subprocess.run(
        [str(eb.program), "--base-url", eb.mock.url, *line, "-o", "table"],
        env=eb.environment() | {"COLUMNS": str(width)},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return child.stdout


def test_a_table_of_one_answer_lists_its_members(eb: Tool) -> None:
    eb.app(1)
    out = eb.ok("edgegap", "app-version-get", "--app-name", "shooter", "--version-name", "1.0", "-o", "table").out
    assert out.splitlines()[0].split() == ["member", "value"]
    assert any(line.split() == ["req_cpu", "512"] for line in out.splitlines())


def test_columns_are_checked_before_anything_is_sent(eb: Tool) -> None:
    assert "did you mean name?" in eb.refused(*LIST, "-o", "table", "--columns", "name,nam")


def test_a_reader_that_goes_away_ends_a_list(eb: Tool) -> None:
    eb.app(6)
    child = eb.start(*LIST, "--page-size", "1")
    assert child.stdout is not None
    child.stdout.readline()
    child.stdout.close()
    assert child.wait(60) in (0, 141)
    eb.mock.fault("app-version-list", {"delay_ms": 300}, times=None)
    child = eb.start(*LIST, "--page-size", "1")
    assert child.stdout is not None
    child.stdout.readline()
    child.stdout.close()
    assert child.wait(60) == 141
    assert child.stderr is not None and child.stderr.read() == ""


def test_output_that_cannot_be_written_is_a_failure(eb: Tool) -> None:
    eb.app()
    with open("/dev/full", "w") as full:
        child = eb.start("edgegap", "application-list", stdout=full)
        _, err = child.communicate(timeout=60)
    assert child.returncode == 9 and "No space left" in err


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.unjudged
def test_a_signal_cancels_the_call(eb: Tool, number: signal.Signals, status: int) -> None:
    eb.mock.fault("endpoints-list", {"delay_ms": 20000})
    child = eb.start("edgegap", "endpoints-list")
    until = time.monotonic() + 20
    while not eb.mock.journal("endpoints-list") and time.monotonic() < until:
        time.sleep(0.05)
    began = time.monotonic()
    child.send_signal(number)
    out, err = child.communicate(timeout=60)
    assert (child.returncode, out, err) == (status, "", "")
    assert time.monotonic() - began < 10


def test_an_upload_draws_a_bar_on_a_terminal_alone(eb: Tool) -> None:
    code = eb.home / "code.js"
    code.write_bytes(b"x" * 300000)
    line = ("dcdn", "upload-routine-code-file", "--name", "r", "--code-description", "d", "--file", f"@{code}")
    assert eb.ok(*line).err == ""
    ours, theirs = pty.openpty()
    child = eb.start(*line, stderr=theirs)
    os.close(theirs)
    out, _ = child.communicate(timeout=60)
    shown = os.read(ours, 100000).decode()
    os.close(ours)
    assert child.returncode == 0 and json.loads(out)
    assert "\r[##############################] 100%" in shown
    assert eb.mock.journal("PostObject")[1]["form"][-1]["size"] == 300000


def test_an_answer_can_be_saved_as_it_came(eb: Tool) -> None:
    eb.app(3)
    file = eb.home / "page.json"
    ran = eb.ok("edgegap", "application-list", "--save", str(file))
    assert ran.out == "" and json.loads(file.read_bytes())["applications"][0]["name"] == "shooter"
    missing = eb.home / "missing.json"
    line = ("edgegap", "application-get", "--app-name", "nobody", "--save", str(missing))
    assert eb.run(*line).status == 8 and not missing.exists()
    message = eb.refused("edgegap", "application-get", "--app-name", "shooter", "--save", "/nonexistent/x")
    assert "/nonexistent/x" in message
    assert "--show-secrets" in eb.refused(*LIST, "--save", str(file))
