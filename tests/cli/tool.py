"""The command-line tool as a subprocess, with a home of its own."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import spec
from edgebind.names import words
from edgebind_mock import access
from harness import SECRETS, Mock, environment

ROOT = Path(__file__).resolve().parents[2]
EB = ROOT / os.environ.get("EDGEBIND_EB", "build/san/bin/eb")
RUNNER = os.environ.get("RUNNER", "").split()  # valgrind, for one
CREDENTIALS = {
    "EDGEGAP_TOKEN": access.EDGEGAP_TOKEN,
    "ALIBABA_CLOUD_ACCESS_KEY_ID": access.ACCESS_KEY_ID,
    "ALIBABA_CLOUD_ACCESS_KEY_SECRET": access.ACCESS_KEY_SECRET,
}


def option(name: str, operation: str = "") -> str:
    """A name on the wire as an option; what the document calls a page's number and size has one name everywhere."""
    pages = spec.OPERATIONS[operation].raw.get("x-eb-pages", {}) if operation else {}
    if name in (pages.get("page"), pages.get("size")):
        return "--page" if name == pages["page"] else "--page-size"
    return "--" + "-".join(words(name))


@dataclass
class Ran:
    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


@dataclass
class Tool:
    mock: Mock
    home: Path
    program: Path = EB
    env: dict[str, str] = field(default_factory=lambda: dict(CREDENTIALS))

    def environment(self) -> dict[str, str]:
        return environment() | self.env | {"HOME": str(self.home), "XDG_CONFIG_HOME": "", "COLUMNS": "100"}

    def start(self, *arguments: str, mocked: bool = True, **more: Any) -> subprocess.Popen[str]:
        where = ["--base-url", self.mock.url] if mocked else []
        pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        command = [*RUNNER, str(self.program), *where, *arguments]
        return subprocess.Popen(command, env=self.environment(), **(pipes | more))

    def run(self, *arguments: str, mocked: bool = True, given: str | None = None) -> Ran:
        """Nothing that is a secret may be in what it prints; no sanitizer may have found anything."""
        child = self.start(*arguments, mocked=mocked, stdin=subprocess.PIPE)
        out, err = child.communicate(given or "", timeout=60)
        assert "Sanitizer" not in err and "runtime error" not in err, err
        for what, secret in SECRETS.items():
            assert secret not in out + err, f"{what} is shown by {arguments}"
        return Ran(child.returncode, out, err)

    def ok(self, *arguments: str, **more: Any) -> Ran:
        ran = self.run(*arguments, **more)
        assert ran.status == 0, f"{arguments}: {ran.status}\n{ran.err}{ran.out}"
        return ran

    def refused(self, *arguments: str, **more: Any) -> str:
        """A mistake of the caller: nothing was sent."""
        self.mock.clear_journal()
        ran = self.run(*arguments, **more)
        assert ran.status == 2, f"{arguments}: {ran.status}\n{ran.err}{ran.out}"
        assert ran.out == "" and ran.err.startswith("eb: ") and ran.err.count("\n") == 1, ran.err
        assert self.mock.journal() == []
        return ran.err.removeprefix("eb: ").rstrip("\n")

    def secret_file(self, text: str, mode: int = 0o600) -> Path:
        path = self.home / f"secret-{len(list(self.home.iterdir()))}"
        path.write_text(text)
        path.chmod(mode)
        return path

    def configure(self, text: str, mode: int = 0o600) -> Path:
        path = self.home / ".config/edgebind/config"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(mode)
        return path

    def app(self, versions: int = 0) -> None:
        """An application of that many versions."""
        self.ok("edgegap", "application-create", "--name", "shooter", "--is-active", "true", "--image", "AAAA")
        for n in range(versions):
            self.ok("edgegap", "app-version-create", *version(f"1.{n}"))


def version(name: str, *more: str) -> list[str]:
    given = {
        "app-name": "shooter",
        "name": name,
        "docker-repository": "docker.io",
        "docker-image": "studio/shooter",
        "docker-tag": name,
        "req-cpu": "512",
        "req-memory": "1024",
    }
    return [word for key, value in given.items() for word in (f"--{key}", value)] + list(more)
