"""Runs parts of the check, each a target of the Makefile, and adds up.

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
from concurrent.futures import ThreadPoolExecutor, as_completed
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


class Parts:
    """Runs targets within the time that is left, several at once if asked to, and says how each ended."""

    def __init__(self, minutes: float) -> None:
        self.start = time.monotonic()
        self.end = self.start + minutes * 60
        self.total = Count()
        self._children: set[subprocess.Popen[bytes]] = set()

    def run(self, parts: list[str], jobs: int) -> None:
        with ThreadPoolExecutor(jobs) as pool:
            try:
                for done in as_completed([pool.submit(self._part, part) for part in parts]):
                    count, said = done.result()
                    self.total += count
                    print(said, flush=True)
            except BaseException:  # interrupted: leave nothing running
                pool.shutdown(wait=False, cancel_futures=True)
                for child in list(self._children):
                    os.killpg(child.pid, signal.SIGKILL)
                raise

    def _part(self, part: str) -> tuple[Count, str]:
        start = time.monotonic()
        count, tail = self._make(part) if start < self.end else (Count(failed=1), "not run: out of time")
        minutes = (time.monotonic() - start) / 60
        skipped = f", {count.skipped} skipped" if count.skipped else ""
        verdict = "FAILED" if count.failed else "ok"
        said = f"{part:<16} {verdict:<6} {minutes:5.2f} min  {count.passed} passed, {count.failed} failed{skipped}"
        return count, "\n".join([said, *(f"    {line}" for line in tail.splitlines())])

    def _make(self, part: str) -> tuple[Count, str]:
        """Makes one target. Answers what it counted and, when it failed, the end of its output."""
        log = LOGS / f"{part}.log"
        command = ["make", "--no-print-directory", "-j2", "-k", "--output-sync=target", part]
        env = {name: text for name, text in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
        with log.open("wb") as out:
            child = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=env, start_new_session=True
            )
            self._children.add(child)
            try:
                status = child.wait(self.end - time.monotonic())
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
                status = child.wait()
                out.write(b"stopped: out of time\n")
            finally:
                self._children.discard(child)
        text = log.read_text(errors="replace")
        count = count_output(iter(text.splitlines()), status)
        return count, "\n".join(text.splitlines()[-40:]) if count.failed else ""


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options.add_argument("--minutes", type=float, required=True, help="for all parts together")
    options.add_argument("--first", metavar="PART", help="alone, before the others: what several of them would make")
    options.add_argument("--jobs", type=int, default=1, help="parts at once (default: %(default)s)")
    options.add_argument("parts", nargs="+")
    args = options.parse_args()

    LOGS.mkdir(parents=True, exist_ok=True)
    parts = Parts(args.minutes)
    if args.first:
        parts.run([args.first], 1)
    parts.run(args.parts, args.jobs)
    print(f"{'in all':<23} {(time.monotonic() - parts.start) / 60:5.2f} min")
    print(f"{parts.total.passed} passed, {parts.total.failed} failed", flush=True)
    return 1 if parts.total.failed else 0


if __name__ == "__main__":
    sys.exit(main())
