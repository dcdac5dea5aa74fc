"""Where credentials come from, and that they are never shown nor taken from the command line."""

from __future__ import annotations

import subprocess
import sys

import pytest

from edgebind_mock import access
from harness import environment
from tool import CREDENTIALS, Tool, version

LIST = ("edgegap", "endpoints-list")
LIST_ESA = "list-edge-container-apps"
CANARY = "canary-7e1f0d"


def test_without_any_the_remedy_is_named(eb: Tool) -> None:
    eb.env.clear()
    ran = eb.run(*LIST)
    assert ran.status == 3
    assert "EDGEGAP_TOKEN" in ran.err and "/.config/edgebind/config" in ran.err and "--token-file" in ran.err
    assert "ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET" in eb.run("esa", LIST_ESA).err


def test_a_profile_gives_credentials_and_settings(eb: Tool) -> None:
    eb.env.clear()
    eb.configure(
        "# two accounts\n[default]\nEDGEGAP_TOKEN = wrong\n\n"
        f"[studio]\nEDGEGAP_TOKEN={access.EDGEGAP_TOKEN}\n"
        f"ALIBABA_CLOUD_ACCESS_KEY_ID = {access.ACCESS_KEY_ID}\n"
        f"ALIBABA_CLOUD_ACCESS_KEY_SECRET = {access.ACCESS_KEY_SECRET}\n"
        f"region = cn-hangzhou\nbase_url = {eb.mock.url}\n"
    )
    assert eb.run(*LIST).status == 1
    eb.ok(*LIST, "--profile", "studio")
    eb.ok(*LIST, "-p", "studio", mocked=False)
    eb.ok("esa", LIST_ESA, "-p", "studio", "--limit", "1")
    eb.env["EB_PROFILE"] = "studio"
    eb.ok(*LIST)


def test_the_mock_in_the_environment_is_the_server_unless_another_is_named(eb: Tool) -> None:
    eb.env["EDGEBIND_MOCK_URL"] = eb.mock.url
    eb.ok(*LIST, mocked=False)
    assert len(eb.mock.journal("endpoints-list")) == 1
    eb.ok("esa", LIST_ESA, "--limit", "1", mocked=False)
    for url in ("ftp://x", "http://127.0.0.1:1"):
        eb.env["EDGEBIND_MOCK_URL"] = url
        eb.ok(*LIST, "--base-url", eb.mock.url, mocked=False)
        eb.configure(f"[studio]\nbase-url = {eb.mock.url}\n")
        eb.ok(*LIST, "-p", "studio", mocked=False)
    eb.env["EDGEBIND_MOCK_URL"] = "ftp://x"
    assert eb.refused(*LIST, mocked=False) == 'EDGEBIND_MOCK_URL: expected an http or https URL, got "ftp://x"'
    eb.env["EDGEBIND_MOCK_URL"] = ""
    assert "GET https://api.edgegap.com/" in eb.ok(*LIST, "-n", mocked=False).out


def test_what_the_mock_starts_talks_to_the_mock(eb: Tool) -> None:
    command = [sys.executable, "-m", "edgebind_mock", "--exec", "sh", "-c", f"'{eb.program}' edgegap endpoints-list -v"]
    ran = subprocess.run(command, env=environment(), capture_output=True, text=True, timeout=60)
    assert (ran.returncode, ran.stderr.count("> GET http://127.0.0.1:")) == (0, 1), ran.stderr


def test_the_environment_comes_before_the_default_profile_and_after_a_named_one(eb: Tool) -> None:
    eb.configure("[default]\nEDGEGAP_TOKEN = wrong\n[other]\nEDGEGAP_TOKEN = wrong\n[empty]\n")
    eb.ok(*LIST)
    assert eb.run(*LIST, "-p", "other").status == 1
    eb.ok(*LIST, "-p", "empty")


def test_xdg_config_home_is_looked_at(eb: Tool) -> None:
    eb.env.clear()
    path = eb.home / "xdg/edgebind"
    path.mkdir(parents=True)
    (path / "config").write_text(f"[default]\nEDGEGAP_TOKEN = {access.EDGEGAP_TOKEN}\n")
    (path / "config").chmod(0o600)
    environment = eb.environment() | {"XDG_CONFIG_HOME": str(eb.home / "xdg")}
    ran = subprocess.run([str(eb.program), "--base-url", eb.mock.url, *LIST], env=environment, timeout=60)
    assert ran.returncode == 0


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o620])
def test_a_file_that_others_can_read_is_refused(eb: Tool, mode: int) -> None:
    eb.configure(f"[default]\nEDGEGAP_TOKEN = {access.EDGEGAP_TOKEN}\n", mode)
    ran = eb.run(*LIST)
    assert ran.status == 3 and "run chmod 600 on it" in ran.err
    eb.configure("[default]\n")
    ran = eb.run(*LIST, "--token-file", str(eb.secret_file(access.EDGEGAP_TOKEN, mode)))
    assert ran.status == 3 and "run chmod 600 on it" in ran.err


def test_a_token_file_gives_a_token_or_a_key_pair(eb: Tool) -> None:
    eb.env.clear()
    eb.ok(*LIST, "--token-file", str(eb.secret_file(f"token {access.EDGEGAP_TOKEN}\n")))
    pair = f"{access.ACCESS_KEY_ID}\n{access.ACCESS_KEY_SECRET}\n"
    eb.ok("esa", LIST_ESA, "--limit", "1", "--token-file", str(eb.secret_file(pair)))
    eb.ok(*LIST, "--token-file", "-", given=access.EDGEGAP_TOKEN)
    for text in ("", "a\nb\nc\nd\n"):
        assert eb.run(*LIST, "--token-file", str(eb.secret_file(text))).status == 3
        assert eb.run("esa", LIST_ESA, "--token-file", str(eb.secret_file(text))).status == 3


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[default\n", "config:1: expected [NAME]"),
        ("[default]\nEDGEGAP_TOKEN\n", "config:2: expected NAME = VALUE or [NAME]"),
        ("[default]\nEDGEGAP_TOKN = x\n", "config:2: EDGEGAP_TOKN: expected the name of a credential's variable"),
        ("[default]\nretries = many\n", "config:2: retries: expected a number"),
    ],
)
def test_a_mistake_in_the_file_has_its_line(eb: Tool, text: str, said: str) -> None:
    path = eb.configure(text)
    ran = eb.run(*LIST)
    assert ran.status == 2 and said in ran.err, ran.err
    assert str(path) in ran.err


def test_a_profile_that_is_not_there_is_said(eb: Tool) -> None:
    assert eb.run(*LIST, "-p", "studio").status == 3
    eb.configure("[default]\n")
    ran = eb.run(*LIST, "-p", "studio")
    assert ran.status == 3 and "there is no profile [studio]" in ran.err


@pytest.mark.parametrize(
    "given",
    [
        ["--token", CANARY],
        [f"--token={CANARY}"],
        ["--edgegap-token", CANARY],
        ["--api-key", CANARY],
        ["--password", CANARY],
        ["--access-key-secret", CANARY],
    ],
)
def test_a_credential_on_the_command_line_is_refused(eb: Tool, given: list[str]) -> None:
    message = eb.refused(*LIST, *given)
    assert "--token-file" in message and CANARY not in message
    assert CANARY not in eb.refused(*given, *LIST)


@pytest.mark.parametrize(
    "given",
    [
        ["--private-token", CANARY],
        [f"--private-token={CANARY}"],
        ["--body.private-token", CANARY],
        ["--envs", f'[{{"key":"k","value":"{CANARY}"}}]'],
        ["--envs.0.value", CANARY],
        ["--body", f'{{"private_token":"{CANARY}"}}'],
        ["--body", f'{{"private_token":"{CANARY}"'],
        ["--envs", f'[{{"value":"{CANARY}"'],
    ],
)
def test_a_secret_member_on_the_command_line_is_refused(eb: Tool, given: list[str]) -> None:
    message = eb.refused("edgegap", "app-version-create", "--app-name", "a", *given)
    assert CANARY not in message


def test_no_secret_is_in_any_output(eb: Tool) -> None:
    """A canary in every credential and every secret member; every way to show a call and its failure."""
    envs = eb.secret_file(f'[{{"key":"k","value":"{CANARY}","is_secret":true}}]')
    token = eb.secret_file(CANARY + "\n")
    line = ("edgegap", "app-version-create", *version("1"), "--private-username", "u", "--private-token", f"@{token}")
    line = (*line, "--envs", f"@{envs}")
    eb.app()
    for more in (["-n"], ["--curl"], ["-o", "table"], ["--req-cpu", "1"], ["--private-token.x", "1"]):
        ran = eb.run(*line, *more)
        assert CANARY not in ran.out + ran.err, more
    for more in ([], ["-v"]):
        eb.mock.fault("app-version-create", {"status": 400, "body": {"message": f"not {CANARY}"}})
        ran = eb.run(*line, *more)
        assert CANARY not in ran.out + ran.err, more
    shown = eb.ok("edgegap", "app-version-get", "--app-name", "shooter", "--version-name", "1")
    assert shown.json["envs"][0]["value"] == "***"
    for name in CREDENTIALS:
        eb.env[name] = CANARY
    for api, operation in (("edgegap", "endpoints-list"), ("esa", LIST_ESA)):
        for more in (["-n"], ["--curl"], ["-v"]):
            ran = eb.run(api, operation, *more)
            assert CANARY not in ran.out + ran.err, (api, more)
    broken = eb.secret_file(f"{CANARY}\n{CANARY}\n")
    ran = eb.run(*LIST, "--token-file", str(broken))
    assert ran.status == 3 and CANARY not in ran.err
    eb.configure(f"[default]\n{CANARY}\n")
    ran = eb.run(*LIST)
    assert CANARY not in ran.out + ran.err


def test_secrets_are_shown_on_request_alone(eb: Tool) -> None:
    line = ("dcdn", "upload-routine-code", "--name", "r", "--code-description", "d")
    assert eb.ok(*line, "-q", "Content.OssPostConfig.policy").out == '"***"\n'
    assert eb.ok(*line, "-q", "Content.OssPostConfig.policy", "--show-secrets").out != '"***"\n'
    assert "--show-secrets" in eb.refused(*line, "-o", "raw")
