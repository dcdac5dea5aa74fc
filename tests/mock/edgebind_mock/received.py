"""One request as it came in: the exact target, the headers in their order and spelling, the body."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from edgebind_mock.multipart import Form


@dataclass
class Received:
    method: str
    target: str  # "/v1/apps?page=2", undecoded
    headers: list[tuple[str, str]]  # original case, duplicates kept
    body: bytes = b""  # of a form upload: the first part of it
    body_size: int = 0
    form: Form | None = None  # of a form upload, read as a stream
    connection: int = 0
    time: float = field(default_factory=time.time)

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def query(self) -> str | None:
        """The raw query; None when the target has no `?` at all."""
        _, mark, query = self.target.partition("?")
        return query if mark else None

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key.lower() == name]

    def header(self, name: str) -> str | None:
        """The first header of that name, in lower case."""
        return next(iter(self.all(name)), None)

    @property
    def media_type(self) -> str:
        return (self.header("content-type") or "").partition(";")[0].strip().lower()
