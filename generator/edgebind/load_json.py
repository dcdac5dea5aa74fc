"""JSON with the place of every node. YAML readers take most of JSON and stumble over the rest: tabs, \\ud83d\\ude00."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Callable
from typing import Any

_SPACE = re.compile(r"[ \t\r\n]*")
_TEXT = re.compile(r'"(?:[^"\\\x00-\x1f]|\\.)*"')
_WORD = re.compile(r"[-+.\w]+")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?\Z", re.ASCII)
_PLAIN = {"true": True, "false": False, "null": None}

Place = tuple[int, int]


class NotJson(ValueError):
    """What is wrong, and in which line and column."""

    def __init__(self, text: str, place: Place) -> None:
        super().__init__(text)
        self.place = place


class _Reader:
    def __init__(self, text: str, places: dict[str, Place], twice: Callable[[str], None]) -> None:
        self.text = text
        self.at = 0
        self.lines = [0, *(match.end() for match in re.finditer("\n", text))]
        self.places = places
        self.twice = twice

    def place(self, offset: int) -> Place:
        line = bisect_right(self.lines, offset)
        return line, offset - self.lines[line - 1] + 1

    def wrong(self, text: str) -> NotJson:
        return NotJson(text, self.place(self.at))

    def next(self) -> str:
        """The next character that is no space; "" at the end."""
        match = _SPACE.match(self.text, self.at)
        self.at = match.end() if match else self.at
        return self.text[self.at : self.at + 1]

    def string(self) -> str:
        match = _TEXT.match(self.text, self.at)
        if match is None:
            raise self.wrong("a text that is not closed on its line")
        literal = match[0]
        if "\\" in literal:
            try:
                made: str = json.loads(literal)
                made.encode()
            except UnicodeEncodeError:
                raise self.wrong("half a character: a \\u of the two it takes is missing") from None
            except ValueError:
                raise self.wrong("a \\ that stands for nothing; write \\\\ for the sign itself") from None
        else:
            made = literal[1:-1]
        self.at = match.end()
        return made

    def value(self, pointer: str) -> Any:
        char = self.next()
        self.places.setdefault(pointer, self.place(self.at))
        if char == "{":
            return self.object(pointer)
        if char == "[":
            return self.list(pointer)
        if char == '"':
            return self.string()
        match = _WORD.match(self.text, self.at)
        word = match[0] if match else ""
        if word in _PLAIN:
            self.at += len(word)
            return _PLAIN[word]
        number = _NUMBER.match(word)
        if number is None:
            raise self.wrong(f"a value is expected, here is {word or char or 'the end'}")
        self.at += len(word)
        return float(word) if number[1] or number[2] else int(word)

    def object(self, pointer: str) -> dict[str, Any]:
        made: dict[str, Any] = {}
        self.at += 1
        if self.next() == "}":
            self.at += 1
            return made
        while True:
            if self.next() != '"':
                raise self.wrong("the name of a member is expected, in double quotes")
            place = self.place(self.at)
            key = self.string()
            inner = f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}"
            if self.next() != ":":
                raise self.wrong(f"a : is expected behind {key}")
            self.at += 1
            again = key in made
            self.places[inner] = place
            value = self.value(inner)
            if again:
                self.twice(inner)
            else:
                made[key] = value
            if self.more("}"):
                return made

    def list(self, pointer: str) -> list[Any]:
        made: list[Any] = []
        self.at += 1
        if self.next() == "]":
            self.at += 1
            return made
        while True:
            made.append(self.value(f"{pointer}/{len(made)}"))
            if self.more("]"):
                return made

    def more(self, end: str) -> bool:
        """Goes behind a comma or the end; is it the end?"""
        char = self.next()
        if char not in (",", end) or not char:
            raise self.wrong(f"a comma or {end} is expected")
        self.at += 1
        return char == end


def read_json(text: str, places: dict[str, Place], twice: Callable[[str], None]) -> Any:
    """The value, and each node's place by its pointer; twice is told of members that are there again."""
    reader = _Reader(text, places, twice)
    made = reader.value("#")
    if reader.next():
        raise reader.wrong("the end is expected")
    return made


def read_good_json(text: str) -> Any:
    """The value alone, fast. NotJson when there is anything to say about the text, which read_json then does."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) != len(pairs):
            raise NotJson("a member is here twice", (1, 1))
        return made

    def refused(word: str) -> Any:
        raise NotJson(f"{word} is no number", (1, 1))

    if re.search(r"\\u[dD][89a-fA-F]", text):
        raise NotJson("half characters, perhaps", (1, 1))
    try:
        return json.loads(text, object_pairs_hook=once, parse_constant=refused)
    except ValueError as error:
        raise NotJson(str(error), (1, 1)) from None
