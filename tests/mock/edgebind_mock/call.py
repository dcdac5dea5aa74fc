"""A request understood: the operation it is meant for and its decoded values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from edgebind_mock.documents import Operation
from edgebind_mock.received import Received


@dataclass
class Call:
    operation: Operation
    received: Received
    path: dict[str, str] = field(default_factory=dict)
    query: dict[str, Any] = field(default_factory=dict)
    header: dict[str, str] = field(default_factory=dict)
    form: dict[str, Any] = field(default_factory=dict)
    body: Any = None  # parsed JSON

    @property
    def host(self) -> str:
        return self.received.header("host") or ""
