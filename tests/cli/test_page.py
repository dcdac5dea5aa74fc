"""eb(1) says all that --help says, is installed with the tool, and mandoc has no complaint."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from tool import EB, ROOT, Tool

PAGE = ROOT / "runtime/cli/eb.1"


def test_mandoc_has_no_complaint() -> None:
    done = subprocess.run(["mandoc", "-Tlint", str(PAGE)], capture_output=True, text=True, timeout=60)
    complaints = [line for line in done.stdout.splitlines() if "referenced manual not found" not in line]
    assert complaints == []


def test_every_option_and_status_is_in_the_page(eb: Tool) -> None:
    shown, page = eb.ok("--help", mocked=False).out, PAGE.read_text()
    options = re.findall(r"^ {2}(?:-\w, |    )--([a-z-]+)", shown, re.M)
    assert len(options) > 15
    assert [name for name in options if f"Fl \\-{name}" not in page] == []
    statuses = re.findall(r"^ +(\d+)  ", shown.split("Exit status:\n")[1], re.M)
    assert len(statuses) == 13
    assert [number for number in statuses if not re.search(rf"^\.It {number}\b", page, re.M)] == []


def test_it_is_installed_with_page_and_completions(tmp_path: Path) -> None:
    release = ROOT / "build/lib"
    done = subprocess.run(
        [ROOT / "runtime/package/install.sh", release, "0", "0", EB],
        env={"DESTDIR": str(tmp_path), "PREFIX": "/usr", "PATH": "/usr/bin:/bin", "SHARED": "no"},
        timeout=120,
    )
    assert done.returncode == 0
    for name in (
        "bin/eb",
        "share/man/man1/eb.1",
        "share/bash-completion/completions/eb",
        "share/zsh/site-functions/_eb",
        "share/fish/vendor_completions.d/eb.fish",
    ):
        assert (tmp_path / "usr" / name).stat().st_size > 100, name
