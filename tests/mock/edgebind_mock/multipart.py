"""A form upload read as a stream: fields are kept, the file is only hashed and counted, so that a
large one never sits in memory. Also says what is unusual about the way the form was written."""

from __future__ import annotations

import hashlib
import logging
import re
from dataclasses import dataclass, field
from typing import Any

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser

# What it would log goes into the verdict.
logging.getLogger("python_multipart").setLevel(logging.CRITICAL)

FIELD_LIMIT = 2 * 1024 * 1024
PARTS_LIMIT = 100
_DISPOSITION = re.compile(r'form-data; name="([^"\r\n]*)"(?:; filename="([^"\r\n]*)")?')


@dataclass
class Part:
    name: str = ""
    filename: str | None = None
    content_type: str | None = None
    text: str = ""  # of a field; "" for the file
    size: int = 0
    sha256: str = ""
    md5: str = ""

    def to_json(self) -> dict[str, Any]:
        shown: dict[str, Any] = {"name": self.name, "size": self.size}
        if self.name == "file":
            shown |= {"sha256": self.sha256, "filename": self.filename}
        else:
            shown["value"] = self.text
        if self.content_type is not None:
            shown["content_type"] = self.content_type
        return shown


@dataclass
class Form:
    parts: list[Part] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    complete: bool = False

    def to_json(self) -> list[dict[str, Any]]:
        return [part.to_json() for part in self.parts]

    def fields(self) -> dict[str, str]:
        """Everything before the file; what comes after it does not count."""
        found: dict[str, str] = {}
        for part in self.parts:
            if part.name == "file":
                break
            found[part.name] = part.text
        return found

    def file(self) -> Part | None:
        return next((part for part in self.parts if part.name == "file"), None)


class FormReader:
    """Feed it the body in pieces, then `finish`."""

    def __init__(self, boundary: str) -> None:
        self.form = Form()
        self._part = Part()
        self._name, self._value = b"", b""
        self._headers: list[tuple[str, str]] = []
        self._text = bytearray()
        self._sha256, self._md5 = hashlib.sha256(), hashlib.md5(usedforsecurity=False)
        self._broken = False
        self._parser = MultipartParser(
            boundary.encode("latin-1"),
            {
                "on_part_begin": self._begin,
                "on_header_begin": self._header_begin,
                "on_header_field": self._header_field,
                "on_header_value": self._header_value,
                "on_header_end": self._header_end,
                "on_headers_finished": self._headers_finished,
                "on_part_data": self._data,
                "on_part_end": self._end,
                "on_end": self._finished,
            },
        )

    def feed(self, data: bytes) -> None:
        if self._broken:
            return
        try:
            self._parser.write(data)
        except FormParserError as error:
            self._broken = True
            self.form.problems.append(f"multipart: {error}")

    def finish(self) -> Form:
        if not self.form.complete and not self._broken:
            self.form.problems.append("multipart: the closing boundary is missing")
        return self.form

    def _begin(self) -> None:
        self._part = Part()
        self._headers = []
        self._text = bytearray()
        self._sha256, self._md5 = hashlib.sha256(), hashlib.md5(usedforsecurity=False)

    def _header_begin(self) -> None:
        self._name, self._value = b"", b""

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        name = self._name.decode("latin-1")
        self._headers.append((name, self._value.decode("utf-8", "surrogateescape")))

    def _headers_finished(self) -> None:
        problems, part = self.form.problems, self._part
        if len(self.form.parts) >= PARTS_LIMIT:
            raise FormParserError(f"more than {PARTS_LIMIT} parts")
        for name, value in self._headers:
            if name.lower() == "content-disposition":
                found = _DISPOSITION.fullmatch(value.strip())
                if found is None:
                    problems.append(f"multipart: Content-Disposition is {value.strip()!r}")
                else:
                    part.name, part.filename = found.group(1), found.group(2)
            elif name.lower() == "content-type":
                part.content_type = value.strip()
            else:
                problems.append(f"multipart: header {name} is not expected in a part")
        if not part.name:
            problems.append("multipart: a part has no name")
        if part.name != "file" and (part.filename is not None or part.content_type is not None):
            problems.append(f"multipart: field {part.name} is written like a file")

    def _data(self, data: bytes, start: int, end: int) -> None:
        self._part.size += end - start
        piece = data[start:end]
        if self._part.name == "file":
            self._sha256.update(piece)
            self._md5.update(piece)
        else:
            self._text += piece
            if len(self._text) > FIELD_LIMIT:
                raise FormParserError(f"field {self._part.name} is longer than {FIELD_LIMIT} bytes")

    def _end(self) -> None:
        part = self._part
        if part.name == "file":
            part.sha256, part.md5 = self._sha256.hexdigest(), self._md5.hexdigest()
        else:
            try:
                part.text = self._text.decode("utf-8")
            except UnicodeDecodeError:
                self.form.problems.append(f"multipart: field {part.name} is not UTF-8")
                part.text = self._text.decode("latin-1")
        self.form.parts.append(part)

    def _finished(self) -> None:
        self.form.complete = True


def boundary_of(content_type: str) -> str | None:
    found = re.search(r'boundary=(?:"([^"]+)"|([^\s;]+))', content_type)
    return (found.group(1) or found.group(2)) if found else None
