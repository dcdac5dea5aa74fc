"""Documents of several files: what a document refers to in other files, read with it.

Every reference is written anew as the place it leads to: "#/..." in the document itself, "dir/other.yaml#/..." in
another file, by its way from the document's directory. So one schema is one place, however it is spelled. URLs are not
fetched. What cannot be read is a problem where it is referred to, for those that need it.
"""

from __future__ import annotations

import hashlib
import os
import posixpath
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from . import overlay
from .aliases import read_aliases
from .load import DATA, MAPS, Document, Value, escape, join, load, objects, unescape
from .problem import Problems

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")
_FILE = re.compile(r"\.(ya?ml|json)\Z")


def load_all(path: str, problems: Problems, overlays: Sequence[str] = ()) -> Document | None:
    """A document with its overlays and the files it refers to; None when there is nothing to go on with."""
    document = load(path, problems)
    if document is None or not overlay.apply(document, overlays, problems):
        return None
    _Files(document).read()
    read_aliases(document)
    return document


class _Files:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.folder = Path(document.file).parent
        self.waiting = [""]
        self.anchors: dict[str, str] = {}  # "other.yaml#name" -> its place
        self.ids: dict[str, str] = {}  # $id -> its place
        self.failed: dict[str, str] = {}  # file -> why it cannot be read

    def read(self) -> None:
        document = self.document
        if _has_names(document.value):
            self._note_names(document.value, "#")
        while self.waiting:
            name = self.waiting.pop(0)
            file = document.files[name] if name else document
            self._rewrite(file.value, name)
        self._spread()
        self._path_items()
        if document.files:
            hashes = "".join(f"{name} {document.files[name].sha256}\n" for name in sorted(document.files))
            document.sha256 = hashlib.sha256(f"{document.sha256}\n{hashes}".encode()).hexdigest()

    def _note_names(self, value: Value, pointer: str, is_map: bool = False) -> None:
        """Notes $anchor and $id of what stands at a place."""
        if isinstance(value, list):
            for i, inner in enumerate(value):
                self._note_names(inner, f"{pointer}/{i}")
        elif isinstance(value, dict):
            if not is_map:
                for key in ("$anchor", "$dynamicAnchor"):
                    if isinstance(value.get(key), str):
                        self.anchors.setdefault(f"{pointer.partition('#')[0]}#{value[key]}", pointer)
                if isinstance(value.get("$id"), str):
                    self.ids.setdefault(value["$id"].rstrip("#"), pointer)
            for key, inner in value.items():
                if isinstance(inner, dict | list) and (is_map or not (key in DATA or key.startswith("x-"))):
                    self._note_names(inner, f"{pointer}/{escape(key)}", not is_map and key in MAPS)

    def _rewrite(self, value: Value, name: str) -> None:
        for holder, key in _references(value):
            holder[key] = self._place(holder[key], name)

    def _place(self, ref: str, name: str) -> str:
        """Where a reference leads that stands in a file; as it is when it leads nowhere."""
        known = self.ids.get(ref.rstrip("#"))
        if known is not None:
            return known
        path, _, fragment = ref.partition("#")
        if _URL.match(ref):
            return ref  # the reader of schemas says what is to be done
        if path:
            path = unquote(path)
            if path.startswith("/") or "\\" in path:
                return self._broken(ref, f"{path}: only a relative path with / leads to the same file everywhere")
            path = posixpath.normpath(posixpath.join(posixpath.dirname(name), path))
            path = "" if path == Path(self.document.file).name else path
            if path and not self._open(path):
                return self._broken(ref, self.failed[path])
        else:
            path = name
        fragment = unquote(fragment)
        if fragment and not fragment.startswith("/"):
            place = self.anchors.get(f"{path}#{fragment}")
            return place or self._broken(ref, f"there is no $anchor {fragment} in {path or 'this document'}")
        return f"{path}#" + "".join(f"/{escape(unescape(token))}" for token in fragment.split("/")[1:])

    def _broken(self, ref: str, why: str) -> str:
        self.document.broken[ref] = why
        return ref

    def _open(self, path: str) -> bool:
        """Reads a file, once."""
        if path in self.document.files:
            return True
        if path not in self.failed:
            problems = Problems()
            at = self.folder / path
            file = load(str(at), problems, root=False) if _is_there(at) else None
            if file is not None and not len(problems):
                self.document.files[path] = file
                self.waiting.append(path)
                if _has_names(file.value):
                    self._note_names(file.value, f"{path}#")
                return True
            why = next(iter(problems), None)
            place = f":{why.line}:{why.column}" if why and why.line > 1 else ""
            self.failed[path] = f"{path}{place}: {why.text if why else 'no such file'}"
        return False

    def _spread(self) -> None:
        """What paths, or a part of the components, refers to as a whole: each of its members, referred to alone."""
        root = self.document.value if isinstance(self.document.value, dict) else {}
        components = root.get("components")
        holders = [(root, "paths", "#")]
        holders += [(components, part, "#/components") for part in components] if isinstance(components, dict) else []
        for holder, part, above in holders:
            value = holder.get(part)
            ref = value.get("$ref") if isinstance(value, dict) and len(value) == 1 else None
            if isinstance(ref, str):
                found, target = self.document.find(ref)
                if found and isinstance(target, dict):
                    holder[part] = {key: {"$ref": join(ref, key)} for key in target}
                    self.document.moved[join(above, part)] = ref

    def _path_items(self) -> None:
        """What a path refers to, in place: everything behind this sees operations below #/paths."""
        paths = self.document.value.get("paths") if isinstance(self.document.value, dict) else None
        for path, item in list(paths.items()) if isinstance(paths, dict) else ():
            seen: set[str] = set()
            while isinstance(item, dict) and isinstance(item.get("$ref"), str) and item["$ref"] not in seen:
                found, target = self.document.find(item["$ref"])
                if not found or not isinstance(target, dict):
                    break
                seen.add(item["$ref"])
                self.document.moved[join("#/paths", path)] = item["$ref"]
                item = {**target, **{key: inner for key, inner in item.items() if key != "$ref"}}
                if isinstance(paths, dict):
                    paths[path] = item


def _has_names(root: Value) -> bool:
    """Is anything called by $anchor or $id?"""
    return any(not value.keys().isdisjoint(("$anchor", "$dynamicAnchor", "$id")) for value in objects(root))


def _references(root: Value) -> Iterator[tuple[dict[str, Any], str]]:
    """Where a file refers to something: the object and its member."""
    waiting: list[tuple[Value, bool]] = [(root, False)]
    while waiting:
        value, is_map = waiting.pop()
        if isinstance(value, list):
            waiting += [(inner, False) for inner in value if isinstance(inner, dict | list)]
            continue
        for key, inner in value.items() if isinstance(value, dict) else ():
            if isinstance(inner, dict | list):
                if not is_map and key == "mapping" and isinstance(inner, dict):
                    for word, ref in inner.items():
                        if isinstance(ref, str) and ("#" in ref or _FILE.search(ref)):
                            yield inner, word
                elif is_map or not (key in DATA or key.startswith("x-")):
                    waiting.append((inner, not is_map and key in MAPS))
            elif key == "$ref" and isinstance(inner, str):
                yield value, key


def _is_there(path: Path) -> bool:
    """Is there a file of exactly this name, upper and lower case told apart on every machine?"""
    return path.is_file() and path.name in os.listdir(path.parent)
