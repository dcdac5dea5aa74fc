"""What was received, what was thought of it and what was answered, for tests to read back."""

from __future__ import annotations

import base64
import datetime
from dataclasses import dataclass, field
from typing import Any

from edgebind_mock.received import Received


@dataclass
class Entry:
    n: int
    received: Received
    operation: str | None = None
    problems: list[str] = field(default_factory=list)
    signature: dict[str, Any] | None = None
    status: int | None = None  # None while no answer was given
    fault: dict[str, Any] | None = None

    def to_json(self) -> dict[str, Any]:
        got = self.received
        shown: dict[str, Any] = {
            "n": self.n,
            "connection": got.connection,
            "time": datetime.datetime.fromtimestamp(got.time, datetime.UTC).isoformat(),
            "method": got.method,
            "target": got.target,
            "headers": [list(pair) for pair in got.headers],
            "body_size": got.body_size,
        }
        try:
            shown["body"] = got.body.decode("utf-8")
        except UnicodeDecodeError:
            shown["body_base64"] = base64.b64encode(got.body).decode("ascii")
        if got.form is not None:
            shown["form"] = got.form.to_json()
        shown |= {
            "operationId": self.operation,
            "verdict": {"ok": not self.problems, "problems": self.problems},
            "signature": self.signature,
            "status": self.status,
            "fault": self.fault,
        }
        return shown


class Journal:
    """The newest entries, up to a limit."""

    def __init__(self, limit: int = 10_000) -> None:
        self._limit = limit
        self._next = 1
        self.entries: list[Entry] = []

    def open(self, received: Received) -> Entry:
        entry = Entry(self._next, received)
        self._next += 1
        self.entries.append(entry)
        if len(self.entries) > self._limit:
            del self.entries[: self._limit // 10]
        return entry

    def clear(self) -> None:
        self.entries.clear()
        self._next = 1
