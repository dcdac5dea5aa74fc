"""YAML and JSON documents with the place of every node.

A document is plain Python values (dict, list, str, int, float, bool, None) and, beside them, a table from JSON pointer
to line and column. Values follow YAML 1.2's core schema, as JSON does: only true and false are booleans, and dates are
text. What other YAML readers would take for something else is reported, because they would read another document.
"""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from .load_json import NotJson, read_good_json, read_json
from .problem import Problem, Problems

Value: TypeAlias = Any  # what JSON can say; narrowed where it is used

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TAG = "tag:yaml.org,2002:"
_INT = re.compile(r"[-+]?[0-9]+\Z|0o[0-7]+\Z|0x[0-9a-fA-F]+\Z")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
_AMBIGUOUS = re.compile(
    r"(?i:yes|no|on|off)\Z|[-+]?0[0-9_]+\Z|[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?\Z"
    r"|[-+]?[0-9]+_[0-9_]*\Z|0b[01_]+\Z"
)
_QUOTED = {"'", '"', "|", ">"}
_NULL = {"", "~", "null", "Null", "NULL"}
_BOOL = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}


# Members that hold values, not schemas; and those that hold names of the document's own
DATA = ("example", "examples", "default", "enum", "const")
MAPS = (
    "properties", "patternProperties", "dependentSchemas", "schemas", "$defs", "definitions", "paths", "responses",
    "parameters", "requestBodies", "headers", "securitySchemes", "links", "callbacks", "pathItems", "mapping",
    "content", "encoding", "variables", "webhooks",
)  # fmt: skip


def escape(token: str) -> str:
    """A member name as one token of a JSON pointer: "/v1/app" is "~1v1~1app"."""
    return token.replace("~", "~0").replace("/", "~1")


def unescape(token: str) -> str:
    return token.replace("~1", "/").replace("~0", "~")


def join(pointer: str, *tokens: str | int) -> str:
    """join("#/paths", "/v1/app", "get") is "#/paths/~1v1~1app/get"."""
    return "/".join([pointer, *(escape(str(t)) for t in tokens)])


class Places(dict[str, tuple[int, int]]):
    """Line and column by pointer, read when somebody asks: of a good document nobody does."""

    def __init__(self, read: Callable[[dict[str, tuple[int, int]]], object] | None = None) -> None:
        super().__init__()
        self._read = read

    def known(self) -> dict[str, tuple[int, int]]:
        if self._read is not None:
            read, self._read = self._read, None
            read(self)
        return self


@dataclass
class Document:
    """A document that has been read. `file` is as the caller named it; only its last part goes into output."""

    file: str  # "spec/edgegap.yaml"
    value: Value  # the root
    sha256: str  # of the file's bytes
    problems: Problems
    places: dict[str, tuple[int, int]] = field(default_factory=Places, repr=False)
    flawed: bool = False      # has a problem
    whole: Value = None       # what references are followed in, when value is only a part of it
    files: dict[str, Document] = field(default_factory=dict, repr=False)  # those it refers to: "dir/other.yaml"
    broken: dict[str, str] = field(default_factory=dict)  # reference to another file -> why it cannot be followed
    sources: dict[str, Document] = field(default_factory=dict, repr=False)  # of what was laid over it: overlays
    moved: dict[str, str] = field(default_factory=dict, repr=False)  # place of a node -> where it was written
    written: Document | None = field(default=None, repr=False)  # as it was before schemas were merged
    merge: Callable[[Value, str], Value] = field(default=lambda value, pointer: value, repr=False)
    merged: dict[str, Value] = field(default_factory=dict, repr=False)
    positions: dict[str, dict[str, int]] = field(default_factory=dict, repr=False)  # of members, as order needs them
    notes: Problems = field(default_factory=Problems, repr=False)  # what a person may want to know, and is no problem

    @property
    def name(self) -> str:
        return Path(self.file).name

    def root(self, pointer: str) -> Value:
        """The value of the file that a pointer leads into."""
        file = pointer.partition("#")[0]
        if file:
            return self.files[file].value if file in self.files else None
        return self.value if self.whole is None else self.whole

    def find(self, pointer: str) -> tuple[bool, Value]:
        """Follows "#/a/b", or "other.yaml#/a/b"; (False, None) when nothing is there."""
        value = self.root(pointer)
        if "#" not in pointer or value is None:
            return False, None
        for token in pointer.partition("#")[2].split("/")[1:]:
            token = unescape(token)
            if isinstance(value, dict) and token in value:
                value = value[token]
            elif isinstance(value, list) and token.isdigit() and int(token) < len(value):
                value = value[int(token)]
            else:
                return self._find_written(pointer)
        return True, value

    def _find_written(self, pointer: str) -> tuple[bool, Value]:
        """What stands inside a schema that was merged, for those that refer into it."""
        if self.written is None:
            return False, None
        if pointer not in self.merged:
            found, value = self.written.find(pointer)
            above, _, last = pointer.rpartition("/")
            if found:
                value = self.merge(value, pointer)
            elif above:  # inside a list that stands in a list
                around = self._find_written(above)[1]
                found = isinstance(around, dict) and unescape(last) in around
                value = around[unescape(last)] if found else None
            if not found:
                return False, None
            self.merged[pointer] = value
        return True, self.merged[pointer]

    def near(self, pointer: str) -> str:
        """"; did you mean Pet?" for a pointer that leads nowhere, "" when nothing is like it."""
        above, _, last = pointer.rpartition("/")
        found, value = self.find(above)
        names = [str(key) for key in value] if found and isinstance(value, dict) else []
        matches = difflib.get_close_matches(unescape(last), names, 1)
        return f"; did you mean {matches[0]}?" if matches else ""

    def where(self, pointer: str) -> tuple[str, int, int]:
        """File, line and column of a node, or of the nearest one above it."""
        places = self.places.known() if isinstance(self.places, Places) else self.places
        file, _, inner = pointer.partition("#")
        below = ""
        while True:
            moved = self.moved.get(pointer)
            if moved:
                return self.where(moved + below)
            if not file and pointer in places:
                return self.file, *places[pointer]
            if not inner:
                break
            pointer, _, token = pointer.rpartition("/")
            inner = inner.rpartition("/")[0]
            below = f"/{token}{below}"
        for others in (self.files, self.sources):
            if file in others:
                return others[file].where("#" + below)
        return self.file, *places.get("#", (1, 1))

    def order(self, pointer: str) -> tuple[int, ...]:
        """What nodes are sorted by: the document's own first, as they stand in their file."""
        parts = pointer.split("/")
        for i in range(len(parts), 0, -1):
            moved = self.moved.get("/".join(parts[:i]))
            if moved and moved.partition("#")[0] not in self.sources:
                return self.order("/".join([moved, *parts[i:]]))
        file = parts[0].removesuffix("#")
        value = self.root(pointer)
        made = [list(self.files).index(file) + 1 if file in self.files else 0]
        for i, token in enumerate(parts[1:], 1):
            token = unescape(token)
            if isinstance(value, dict) and token in value:
                above = "/".join(parts[:i])
                if above not in self.positions:
                    self.positions[above] = {str(key): number for number, key in enumerate(value)}
                made.append(self.positions[above][token])
                value = value[token]
            elif isinstance(value, list) and token.isdigit() and int(token) < len(value):
                made.append(int(token))
                value = value[int(token)]
            else:
                break
        return tuple(made)

    def problem(self, pointer: str, text: str, member: str | None = None) -> None:
        """Reports a problem of a node; with a member, at the line of that member."""
        self.flawed = True
        self.problems.add(Problem(*self.where(pointer if member is None else join(pointer, member)), pointer, text))

    def note(self, pointer: str, text: str, member: str | None = None) -> None:
        """Says something about a node that does not keep code from being generated."""
        place = self.where(pointer if member is None else join(pointer, member))
        self.notes.add(Problem(*place, pointer, f"note: {text}"))


class _Reader:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.open: set[int] = set()

    def value(self, node: Any, pointer: str) -> Value:
        places = self.document.places
        if pointer not in places:
            places[pointer] = (node.start_mark.line + 1, node.start_mark.column + 1)
        if isinstance(node, yaml.ScalarNode):
            return self.scalar(node, pointer)
        if id(node) in self.open:
            self.document.problem(pointer, "an anchor that contains itself; write it out, or use $ref")
            return None
        self.open.add(id(node))
        made: Value
        if isinstance(node, yaml.SequenceNode):
            made = [self.value(n, f"{pointer}/{i}") for i, n in enumerate(node.value)]
        else:
            made = self.mapping(node, pointer)
        self.open.discard(id(node))
        return made

    def mapping(self, node: Any, pointer: str) -> dict[str, Value]:
        made: dict[str, Value] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self.document.problem(pointer, "a member name must be text")
                continue
            key = key_node.value
            inner = f"{pointer}/{escape(key)}"
            mark = key_node.start_mark
            if key in made:
                self.document.places[inner] = (mark.line + 1, mark.column + 1)
                self.document.problem(inner, "this member is here twice; remove one")
                continue
            self.document.places[inner] = (mark.line + 1, mark.column + 1)
            if key == "<<" and key_node.style not in _QUOTED:
                self.document.problem(inner, "merge keys are not JSON; write the members out, or use $ref")
                continue
            if key_node.style not in _QUOTED and (_AMBIGUOUS.match(key) or not isinstance(self.plain(key), str)):
                self.document.problem(
                    inner, f"the member name {key} reads as something else than text; put it in quotes"
                )
            made[key] = self.value(value_node, inner)
        return made

    def scalar(self, node: Any, pointer: str) -> Value:
        text: str = node.value
        if node.tag.startswith("!") or not node.tag.startswith(_TAG):
            self.document.problem(pointer, f"the tag {node.tag} is not JSON; remove it")
            return text
        if node.style in _QUOTED:
            return text
        if _AMBIGUOUS.match(text):
            self.document.problem(
                pointer,
                f"{text} is read as text by some and as something else by others; "
                "put it in quotes, or write true or false",
            )
            return text
        return self.plain(text)

    @staticmethod
    def plain(text: str) -> Value:
        if text in _NULL:
            return None
        if text in _BOOL:
            return _BOOL[text]
        if _INT.match(text):
            return int(text, 0) if text[:2] in ("0o", "0x") else int(text)
        if _FLOAT.match(text):
            return float(text)
        return text


def load(path: str, problems: Problems, root: bool = True) -> Document | None:
    """Reads one file, of which a root is an object. None when there is nothing to go on with; the problems say why."""
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        problems.add(Problem(path, 1, 1, "#", f"cannot be read: {error.strerror}"))
        return None
    document = Document(path, None, hashlib.sha256(data).hexdigest(), problems)
    try:
        text = data.decode("utf-8-sig")
        named_json = path.lower().endswith(".json")
        good = _load_json(document, text, named_json) if named_json or text.lstrip()[:1] == "{" else False
        good = good or (not named_json and _load_yaml(document, text))
    except UnicodeDecodeError as error:
        document.problem("#", f"not UTF-8: byte {error.start}")
        return None
    except RecursionError:
        document.problem("#", "nested too deeply to be an OpenAPI document")
        return None
    if good and root and not isinstance(document.value, dict):
        document.problem("#", "not an OpenAPI document: an object with the member openapi is expected")
        return None
    return document if good else None


def _load_json(document: Document, text: str, report: bool) -> bool:
    """Reads JSON; what begins like it and is not may be YAML, and is then nobody's problem."""
    again: list[str] = []
    try:
        document.value = read_good_json(text)
        document.places = Places(lambda places: read_json(text, places, again.append))
        return True
    except NotJson:
        pass  # read again, to say where
    try:
        document.value = read_json(text, document.places, again.append)
    except NotJson as error:
        document.places.clear()
        if report:
            document.problems.add(Problem(document.file, *error.place, "#", f"not JSON: {error}"))
        return False
    for pointer in again:
        document.problem(pointer, "this member is here twice; remove one")
    return True


def _load_yaml(document: Document, text: str) -> bool:
    path, problems = document.file, document.problems
    try:
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        problems.add(Problem(path, line, column, "#", f"not YAML: {error.problem or error.context}"))
        return False
    except yaml.YAMLError as error:
        problems.add(Problem(path, 1, 1, "#", f"not YAML: {' '.join(str(error).split())}"))
        return False
    document.value = _Reader(document).value(node, "#") if node is not None else None
    return True


def walk(value: Value, pointer: str = "#") -> Iterator[tuple[str, str, Value]]:
    """Every member of every object: (pointer of the member, name, value), in document order."""
    if isinstance(value, dict):
        for key, inner in value.items():
            at = f"{pointer}/{escape(key)}"
            yield at, key, inner
            yield from walk(inner, at)
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            yield from walk(inner, f"{pointer}/{i}")


def objects(root: Value) -> Iterator[dict[str, Any]]:
    """Every object in a value, in no order that means anything."""
    waiting = [root]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            yield value
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
