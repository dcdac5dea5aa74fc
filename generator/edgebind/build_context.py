"""What every part of the build stands on: the document, its schemas, its names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .load import Document, Value, join
from .names import Names, Pins
from .schema import Schemas


@dataclass(frozen=True)
class Entry:
    """A line of the catalog."""

    document: str  # "edgegap.yaml"
    prefix: str  # "edgegap"
    header: str  # "edgegap"
    overlays: tuple[str, ...] = ()  # ("spec/fixes.yaml",): files to lay over the document, in this order


class Context:
    """Reads a document's parts as what they should be, and reports what is not."""

    def __init__(self, document: Document, entry: Entry, pins: Pins) -> None:
        self.document = document
        self.entry = entry
        self.root: dict[str, Any] = document.value
        self.problem = document.problem
        self.schemas = Schemas(document)
        self.names = Names(
            entry.prefix, pins, lambda place: "#" not in place or document.find(place)[0], self.problem
        )

    def _map(self, value: Value, pointer: str) -> dict[str, Any]:
        if value is None:
            return {}
        if not isinstance(value, dict):
            self.problem(pointer, "an object is expected")
            return {}
        return value

    def _list(self, value: Value, pointer: str) -> list[Any]:
        if value is None:
            return []
        if not isinstance(value, list):
            self.problem(pointer, "a list is expected")
            return []
        return value

    def _text(self, value: dict[str, Any], key: str, pointer: str) -> str | None:
        text = value.get(key)
        if text is not None and not isinstance(text, str):
            self.problem(join(pointer, key), "a text is expected")
            return None
        return text

    def _content(self, value: Value, pointer: str) -> list[tuple[str, dict[str, Any]]]:
        content = value.get("content") if isinstance(value, dict) else None
        return (
            [(media, inner) for media, inner in content.items() if isinstance(inner, dict)]
            if isinstance(content, dict)
            else []
        )

    def _shown(self, value: dict[str, Any], at: str) -> Value:
        """The example of a parameter or of a body; the first one of several."""
        if "example" in value:
            return value["example"]
        for name, one in self._map(value.get("examples"), join(at, "examples")).items():
            found, _ = self.schemas.follow(one, join(at, "examples", name))
            return found.get("value") if isinstance(found, dict) else None
        return None

    def _components_of(self, part: str) -> list[tuple[str, Value]]:
        components = self._map(self.root.get("components"), "#/components")
        return list(self._map(components.get(part), f"#/components/{part}").items())
