"""Completion in zsh and fish, as these shells run it. Part of the long check: not every machine has them."""

from __future__ import annotations

import subprocess

from tool import Tool


def run(eb: Tool, shell: str, *arguments: str) -> list[str]:
    path = eb.home / "bin"
    path.mkdir(exist_ok=True)
    (path / "eb").unlink(missing_ok=True)
    (path / "eb").symlink_to(eb.program)
    environment = eb.environment()
    environment["PATH"] = f"{path}:{environment['PATH']}"
    done = subprocess.run([shell, *arguments], env=environment, capture_output=True, text=True, timeout=60)
    assert done.stderr == "", done.stderr
    return [line.split("\t")[0] for line in done.stdout.splitlines()]


def in_fish(eb: Tool, line: str) -> list[str]:
    return run(eb, "fish", "--no-config", "-c", f"eb completion fish | source; complete -C '{line}'")


def test_fish_completes(eb: Tool) -> None:
    assert in_fish(eb, "eb edgegap app-version-l") == ["app-version-list"]
    assert in_fish(eb, "eb edgegap app-version-create --docker-t") == ["--docker-tag"]
    assert in_fish(eb, "eb edgegap app-version-create --ports.0.protocol ")[:2] == ["TCP", "UDP"]
    assert in_fish(eb, "eb ")[0] == "edgegap"
    assert in_fish(eb, "eb edgegap app-version-create --body /et") == ["/etc/"]


def in_zsh(eb: Tool, words: str, current: int) -> list[str]:
    """What the function would offer; only what shows it is ours."""
    script = f"""
        compdef() {{ }}
        source <(eb completion zsh)
        compadd() {{ print -l -- "${{names[@]}}" }}
        _files() {{ print FILES }}
        words=({words}); CURRENT={current}
        _eb
    """
    return run(eb, "zsh", "-f", "-c", script)


def test_zsh_completes(eb: Tool) -> None:
    assert in_zsh(eb, "eb edgegap app-version-l", 3) == ["app-version-list"]
    assert in_zsh(eb, "eb edgegap app-version-create --docker-t", 4) == ["--docker-tag"]
    assert in_zsh(eb, "eb edgegap app-version-create --ports.0.protocol ''", 5)[:2] == ["TCP", "UDP"]
    assert in_zsh(eb, "eb edgegap app-version-create --name ''", 5) == ["FILES"]
