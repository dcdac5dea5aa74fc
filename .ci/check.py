"""Runs parts of the check one after the other, each a target of the Makefile, and adds up.

Goes on after a failure; says how long each part took; keeps its output in build/log/<part>.log and shows the
end of it when it failed. The last line is "N passed, N failed". A part counts as many tests as it reports
(Check, pytest, and our own scripts say how many), or as one.
"""

from __future__ import annotations

import argparse
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

LOGS = Path("build/log")

CHECK_LINE = re.compile(r"^\d+%: Checks: (\d+), Failures: (\d+), Errors: (\d+)$")
PYTEST_LINE = re.compile(r"^=* ?((?:\d+ \w+(?:, )?)+) in [\d.]+s(?: \([\d:]+\))? ?=*$")
VECTORS_LINE = re.compile(r"^\S+: (\d+) vectors agree$")
OUR_LINE = re.compile(r"^(\d+) passed, (\d+) failed$")


@dataclass(frozen=True)
class Count:
    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(
            self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped
        )


def count_line(line: str) -> Count | None:
    """What one line of output says about tests, if anything."""
    line = line.strip()
    if found := CHECK_LINE.match(line):
        checks, failures, errors = (int(text) for text in found.groups())
        return Count(checks - failures - errors, failures + errors)
    if found := OUR_LINE.match(line):
        return Count(int(found[1]), int(found[2]))
    if found := VECTORS_LINE.match(line):
        return Count(int(found[1]))
    if found := PYTEST_LINE.match(line):
        number = {word: int(text) for text, word in (part.split() for part in found[1].split(", "))}
        failed = sum(number.get(word, 0) for word in ("failed", "error", "errors", "xpassed"))
        return Count(number.get("passed", 0), failed, number.get("skipped", 0))
    return None


def count_output(lines: Iterator[str], status: int) -> Count:
    """All lines together, held against the exit status: no failure goes uncounted."""
    total = sum((count for line in lines if (count := count_line(line))), Count())
    if status != 0 and total.failed == 0:
        return total + Count(failed=1)
    if status == 0 and total == Count():
        return Count(passed=1)
    return total


def run_part(part: str, seconds: float) -> tuple[Count, str]:
    """Runs one target. Answers what it counted and, when it failed, the end of its output."""
    log = LOGS / f"{part}.log"
    command = ["make", "--no-print-directory", "-j2", "-k", "--output-sync=target", part]
    env = {name: text for name, text in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    with log.open("wb") as out:
        child = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=env, start_new_session=True
        )
        try:
            status = child.wait(seconds)
        except BaseException as stop:  # also when interrupted: leave nothing running
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
            if not isinstance(stop, subprocess.TimeoutExpired):
                raise
            out.write(b"stopped: out of time\n")
            status = -signal.SIGKILL
    text = log.read_text(errors="replace")
    count = count_output(iter(text.splitlines()), status)
    return count, "\n".join(text.splitlines()[-40:]) if count.failed else ""


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options.add_argument("--minutes", type=float, required=True, help="for all parts together")
    options.add_argument("parts", nargs="+")
    args = options.parse_args()

    LOGS.mkdir(parents=True, exist_ok=True)
    end = time.monotonic() + args.minutes * 60
    total = Count()
    for part in args.parts:
        start = time.monotonic()
        if start < end:
            count, tail = run_part(part, end - start)
        else:
            count, tail = Count(failed=1), "not run: out of time"
        total += count
        minutes = (time.monotonic() - start) / 60
        skipped = f", {count.skipped} skipped" if count.skipped else ""
        verdict = "FAILED" if count.failed else "ok"
        print(
            f"{part:<16} {verdict:<6} {minutes:5.2f} min  "
            f"{count.passed} passed, {count.failed} failed{skipped}",
            flush=True,
        )
        if tail:
            print("\n".join(f"    {line}" for line in tail.splitlines()), flush=True)
    minutes = args.minutes - (end - time.monotonic()) / 60
    print(f"{'in all':<23} {minutes:5.2f} min")
    print(f"{total.passed} passed, {total.failed} failed", flush=True)
    return 1 if total.failed else 0


if __name__ == "__main__":
    sys.exit(main())
