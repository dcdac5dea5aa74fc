"""OpenAPI Overlay 1.0: changes to a document that is somebody else's, in files of their own.

The actions are done one after the other on the document as the earlier ones left it. What they put there stands, for
problems and `explain`, in the overlay.
"""

from __future__ import annotations

import copy
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from .load import Document, Value, join, load
from .problem import Problems

BEFORE = "before the overlays"  # what the document was called in `sources`; no file can be called so


def apply(document: Document, paths: Sequence[str], problems: Problems) -> bool:
    """Lays overlays over a document, in this order. False when one is not as it should be; the problems say why."""
    for path in paths:
        overlay = load(path, problems)
        if overlay is None or not _is_overlay(overlay, document):
            return False
        if BEFORE not in document.sources:
            document.sources[BEFORE] = replace(document, sources={}, moved={})
        name = f"overlay {len(document.sources)}"
        document.sources[name] = overlay
        document.sha256 = hashlib.sha256(f"{document.sha256} {overlay.sha256}".encode()).hexdigest()
        actions = overlay.value.get("actions")
        for i, action in enumerate(actions if isinstance(actions, list) else ()):
            _Action(document, overlay, name, f"#/actions/{i}").do(action)
        if overlay.flawed:
            return False
    return True


def _is_overlay(overlay: Document, document: Document) -> bool:
    root = overlay.value
    version = root.get("overlay")
    if not isinstance(version, str):
        overlay.problem("#", "overlay is missing; say overlay: 1.0.0")
    elif not re.fullmatch(r"1\.0\.[0-9]+", version):
        overlay.problem("#/overlay", f"Overlay {version} is not supported; 1.0 is")
    info = root.get("info")
    if not isinstance(info, dict) or not all(isinstance(info.get(key), str) for key in ("title", "version")):
        overlay.problem("#/info" if info else "#", "info with title and version is expected")
    actions = root.get("actions")
    if not isinstance(actions, list) or not actions:
        overlay.problem("#/actions" if actions else "#", "actions is expected, a list that is not empty")
    for key in root:
        if key not in ("overlay", "info", "extends", "actions") and not key.startswith("x-"):
            overlay.problem(join("#", key), f"{key} means nothing in an overlay")
    extends = root.get("extends")
    if isinstance(extends, str) and not re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", extends):
        there = Path(overlay.file).parent / extends
        if there.resolve() != Path(document.file).resolve():
            overlay.problem("#/extends", f"this overlay is for {there}, and not for {document.file}")
    return not overlay.flawed


@dataclass
class _Action:
    document: Document
    overlay: Document
    name: str  # of the overlay among document.sources
    at: str  # "#/actions/0"

    def do(self, action: Value) -> None:
        from jsonpath import JSONPathEnvironment, JSONPathError  # only documents with overlays need it

        action = action if isinstance(action, dict) else {}
        target = action.get("target")
        for key in action:
            if key not in ("target", "description", "update", "remove") and not key.startswith("x-"):
                self.overlay.problem(join(self.at, key), f"{key} means nothing in an action")
        if not isinstance(target, str):
            self.overlay.problem(self.at, "target is expected, a JSONPath")
            return
        if not isinstance(action.get("remove", False), bool):
            self.overlay.problem(join(self.at, "remove"), "true or false is expected")
            return
        try:
            matches = JSONPathEnvironment(strict=True).finditer(target, self.document.value)
            found = [list(match.parts) for match in matches]
        except JSONPathError as error:
            self.overlay.problem(join(self.at, "target"), f"not a JSONPath: {str(error).splitlines()[0]}")
            return
        if not found:
            self.overlay.notes = self.document.notes
            self.overlay.note(join(self.at, "target"), "it matches nothing in the document")
        if action.get("remove") is True:
            for parts in sorted(found, key=lambda parts: [(str(type(p)), p) for p in parts], reverse=True):
                self._remove(parts)
        elif "update" in action:
            for parts in found:
                self._update(parts, action["update"])
        elif found:
            self.overlay.problem(self.at, "update, or remove: true, is expected")

    def _node(self, parts: list[Any]) -> Value:
        value = self.document.value
        for part in parts:
            value = value[part]
        return value

    def _remove(self, parts: list[Any]) -> None:
        if not parts:
            self.overlay.problem(join(self.at, "target"), "the whole document cannot be removed")
            return
        holder, last = self._node(parts[:-1]), parts[-1]
        del holder[last]
        if isinstance(holder, list):  # what comes behind moves up, and stands where it stood
            above = join("#", *parts[:-1])
            places = [self._source(f"{above}/{i}") for i in range(last + 1, len(holder) + 1)]
            for i, place in enumerate(places, last):
                self._forget(f"{above}/{i}")
                self.document.moved[f"{above}/{i}"] = place

    def _update(self, parts: list[Any], update: Value) -> None:
        node, pointer = self._node(parts), join("#", *parts)
        at = join(self.at, "update")
        if isinstance(node, list):
            self._append(node, pointer, [update], [at])
        elif isinstance(node, dict) and isinstance(update, dict):
            self._merge(node, update, pointer, at)
        elif isinstance(node, dict):
            self.overlay.problem(at, f"an object is expected, as {pointer} is one")
        else:
            self.overlay.problem(
                join(self.at, "target"), f"{pointer} is neither object nor list; choose the object it stands in"
            )

    def _append(self, node: list[Any], pointer: str, items: list[Any], places: list[str]) -> None:
        for item, place in zip(items, places, strict=True):
            self._put(f"{pointer}/{len(node)}", place)
            node.append(copy.deepcopy(item))

    def _merge(self, node: dict[str, Any], update: dict[str, Any], pointer: str, at: str) -> None:
        for key, value in update.items():
            here, there = join(pointer, key), join(at, key)
            if isinstance(value, dict) and isinstance(node.get(key), dict):
                self._merge(node[key], value, here, there)
            elif isinstance(value, list) and isinstance(node.get(key), list):
                self._append(node[key], here, value, [f"{there}/{i}" for i in range(len(value))])
            else:
                self._put(here, there)
                node[key] = copy.deepcopy(value)

    def _put(self, pointer: str, place: str) -> None:
        self._forget(pointer)
        self.document.moved[pointer] = self.name + place

    def _forget(self, pointer: str) -> None:
        for known in [known for known in self.document.moved if known.startswith(pointer + "/")]:
            del self.document.moved[known]

    def _source(self, pointer: str) -> str:
        """Where a node was written, in words that later changes leave alone."""
        above, below = pointer, ""
        while above not in self.document.moved:
            if "/" not in above:
                return BEFORE + pointer
            above, _, token = above.rpartition("/")
            below = f"/{token}{below}"
        return self.document.moved[above] + below
