"""What a terminal gets beside the lines: what is being done, while it takes long, and emphasis. A file gets neither."""

from __future__ import annotations

import os
import sys
from types import TracebackType

_CLEAR = "\r\x1b[K"


def is_terminal() -> bool:
    return sys.stderr.isatty() and os.environ.get("TERM", "dumb") != "dumb"


def emphasised(line: str) -> str:
    """A problem's line with its place in bold, where there are colours: on terminals, unless NO_COLOR is set."""
    place, colon, text = line.partition(": ")
    if not colon or not is_terminal() or os.environ.get("NO_COLOR"):
        return line
    return f"\x1b[1m{place}:\x1b[0m {text}"


class Progress:
    """One line that says what is being done, and is gone when it is done."""

    def __init__(self) -> None:
        self._shown = False

    def say(self, text: str) -> None:
        if is_terminal():
            print(f"{_CLEAR}edgebind: {text}", end="", file=sys.stderr, flush=True)
            self._shown = True

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._shown:
            print(_CLEAR, end="", file=sys.stderr, flush=True)
