"""Every C name is decided here, and pinned in names.lock.

A name is made from the document's own words and belongs to a place in it (a JSON pointer). names.lock remembers which
place has which name, so that a later document, or a later version of these rules, cannot rename what programs use. A
place that is gone keeps its line under "retired", and gets its old name when it comes back.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, count
from typing import Any

KEYWORDS = frozenset(
    """
    auto break case char const continue default do double else enum extern float for goto if inline int long register
    restrict return short signed sizeof static struct switch typedef union unsigned void volatile while
    alignas alignof and and_eq asm bitand bitor bool catch char16_t char32_t char8_t class co_await co_return co_yield
    compl concept consteval constexpr constinit const_cast decltype delete dynamic_cast explicit export false friend
    mutable namespace new noexcept not not_eq nullptr operator or or_eq private protected public reinterpret_cast
    requires static_assert static_cast template this thread_local throw true try typeid typename typeof typeof_unqual
    using virtual wchar_t xor xor_eq
    errno assert stdin stdout stderr offsetof complex imaginary noreturn linux unix i386 near far interface
""".split()
)  # the last line: macros of common headers and platforms

_WORD = re.compile(r"IPv[46]|[A-Z]{2,}s(?![a-z])|[A-Z]+(?![a-z])[0-9]*|[A-Z]?[a-z][a-z0-9]*|[0-9]+[a-z]*")
_LETTERS = {"ß": "ss", "æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "ø": "o", "Ø": "O", "đ": "d", "ł": "l", "Ł": "L"}
_ASCII = re.compile(r"[A-Za-z0-9]")


def words(text: str) -> list[str]:
    """Of "IsACRImage": is, acr, image; of "x:codeDescription": x, code, description; of HTTPServer2: http, server2."""
    plain = []
    for char in text:
        if _ASCII.match(char):
            plain.append(char)
            continue
        char = _LETTERS.get(char, char)
        base = "".join(c for c in unicodedata.normalize("NFKD", char) if not unicodedata.combining(c))
        if base.isascii() and base.isalnum():
            plain.append(base)
        elif char.isascii() or not char.isalnum():
            plain.append(" ")
        else:
            plain.append(f" u{ord(char):x} ")  # 中 is u4e2d
    return [word.lower() for part in "".join(plain).split() for word in _WORD.findall(part)]


LONGEST = 100  # of a name without its prefix and what is put behind it


def fitting(name: str) -> str:
    """A name as it is, or of a very long one its first words and eight digits that stand for all of it."""
    if len(name) <= LONGEST:
        return name
    digits = hashlib.sha256(name.encode()).hexdigest()[:8]
    cut = name[: LONGEST - len(digits)]  # one of these is the last underscore
    return f"{cut.rpartition('_')[0] or cut[:-1]}_{digits.upper() if name.isupper() else digits}"


def snake(text: str) -> str:
    """A name in snake case; a text of nothing but signs gives their numbers, "+" is u2b."""
    return fitting("_".join(words(text)) or "_".join(f"u{ord(c):x}" for c in text) or "empty")


def member(text: str) -> str:
    """A struct member: snake case, no keyword, no digit first."""
    name = snake(text)
    if name[0].isdigit():
        name = "n" + name
    return name + "_" if name in KEYWORDS else name


def constant(text: str) -> str:
    """The last part of an enum constant: "TCP/UDP" is TCP_UDP, "1C2G" is 1C2G, "" is EMPTY, "-1" is MINUS_1."""
    if re.fullmatch(r"-[0-9]+", text):
        return "MINUS_" + text[1:]
    if text.isascii() and text.upper() == text and any(c.isalnum() for c in text):
        return fitting("_".join(re.findall(r"[A-Z0-9]+", text)))  # no lower case says nothing about where words begin
    return snake(text).upper()


def numbered(base: str, first: int = 2) -> Iterator[str]:
    """What is tried when better names are taken: base_2, base_3, ..."""
    return (f"{base}_{i}" for i in count(first))


_FOLDERS = ("$defs", "definitions", "schemas", "types", "models")


def of_place(pointer: str) -> str:
    """What a schema is called that stands where others refer to it: of "#/components/schemas/Pet", "models.yaml#/Pet",
    "pet.yaml#" it is pet. "" where a place is no name: inside another schema."""
    file, _, inner = pointer.partition("#")
    tokens = [token.replace("~1", "/").replace("~0", "~") for token in inner.split("/")[1:]]
    if file and not tokens:
        return snake(re.sub(r"\.(ya?ml|json)\Z", "", file.rpartition("/")[2]))
    if len(tokens) == 3 and tokens[0] == "components":
        return snake(tokens[2])
    if len(tokens) >= 2 and (tokens[-2] in _FOLDERS[:2] or (file and len(tokens) == 2 and tokens[0] in _FOLDERS)):
        return snake(tokens[-1])
    return snake(tokens[0]) if file and len(tokens) == 1 else ""


def struct_names(name: str) -> tuple[str, ...]:
    return (
        name,
        *(
            f"{name}_{end}"
            for end in ("type", "null", "rows", "limits", "from_json", "to_json", "print", "equal", "dup")
        ),
    )


def union_names(name: str) -> tuple[str, ...]:
    upper = name.upper()
    return (
        *struct_names(name),
        *(f"{name}_{end}" for end in ("kind", "choices", "one_of", "tags")),
        *(f"{upper}_{end}" for end in ("UNSET", "OTHER", "NULL")),
    )


def enum_names(name: str) -> tuple[str, ...]:
    return (
        name,
        f"{name}_enum",
        f"{name}_item",
        f"{name}_texts",
        f"{name}_numbers",
        *(f"{name.upper()}_{end}" for end in ("UNSET", "OTHER", "NULL")),
    )


def list_names(name: str) -> tuple[str, ...]:
    return (name, f"{name}_type")


def operation_names(name: str) -> tuple[str, ...]:
    return (name, f"{name}_params", f"{name}_params_type")


def pager_names(name: str) -> tuple[str, ...]:
    return (f"{name}_pager", f"{name}_all", f"{name}_next", f"{name}_pager_free")


def answer_names(name: str, statuses: Iterable[str]) -> tuple[str, ...]:
    """What tells of failures: the usual ones, and those with a type of their own."""
    return (f"{name}_error", *(f"{name}_{status(text)}" for text in statuses))


def events_names(name: str) -> tuple[str, ...]:
    return tuple(f"{name}_{end}" for end in ("stream", "event", "events", "next", "stream_free"))


def link_names(name: str) -> tuple[str, ...]:
    return (name, f"{name}_params")


def wait_names(name: str) -> tuple[str, ...]:
    return (name,)


def entry(map_name: str) -> str:
    return map_name.removesuffix("_map") + "_entry"


def status(text: str) -> str:
    """The end of a name that stands for a documented status: 404, 4xx, default."""
    return text.lower()


TAKEN_OUT = {"client", "params", "response", "value", "body", "st", "request"}


def out(hint: str) -> str:
    """The parameter through which a result goes out, the last word of its type: of app_version it is version."""
    word = hint.rpartition("_")[2]
    return "result" if word in TAKEN_OUT or not word[:1].isalpha() else member(word)


def upload(taken: Iterable[str]) -> str:
    """The member for the file of a link, beside those of its operation."""
    used = {*taken, "options"}
    return next(name for name in chain(("file", "file_"), numbered("file")) if name not in used)


DERIVED: dict[str, Callable[[str], tuple[str, ...]]] = {
    "operations": operation_names,
    "structs": struct_names,
    "unions": union_names,
    "enums": enum_names,
    "lists": list_names,
    "maps": list_names,
    "links": link_names,
    "waits": wait_names,
}
_KINDS = tuple(DERIVED)


@dataclass
class Pins:
    """What names.lock says about one API."""

    names: dict[str, dict[str, str]] = field(default_factory=dict)  # {"structs": {"#/components/schemas/A": "x_a"}}
    members: dict[str, dict[str, str]] = field(default_factory=dict)  # {"#/components/schemas/A": {"B": "b"}}
    values: dict[str, dict[str, tuple[str, int]]] = field(default_factory=dict)  # {place: {"TCP": (name, 1)}}


def merged(pins: Pins, more: Pins) -> Pins:
    """Both; where they differ, the second is right."""
    made = Pins({kind: {**pins.names.get(kind, {}), **more.names.get(kind, {})} for kind in _KINDS})
    for place in {**pins.members, **more.members}:
        made.members[place] = {**pins.members.get(place, {}), **more.members.get(place, {})}
    for place in {**pins.values, **more.values}:
        made.values[place] = {**pins.values.get(place, {}), **more.values.get(place, {})}
    return made


class Names:
    """Hands out the C names of one API."""

    def __init__(
        self, prefix: str, pins: Pins, live: Callable[[str], bool], problem: Callable[[str, str], None]
    ) -> None:
        self.prefix = prefix
        self.used = Pins({kind: {} for kind in _KINDS})
        self._pins = pins
        self._problem = problem
        self._owner: dict[str, str] = {}  # identifier -> the place it belongs to
        for kind in _KINDS:
            for place, name in sorted(pins.names.get(kind, {}).items()):
                if live(place):
                    self._take(place, DERIVED[kind](name))

    def _take(self, place: str, identifiers: Iterable[str]) -> None:
        for identifier in identifiers:
            owner = self._owner.setdefault(identifier, place)
            if owner != place:
                self._problem(
                    place,
                    f"its C name {identifier} belongs to {owner} already; change one of the two lines in names.lock",
                )

    def _free(self, place: str, identifiers: Iterable[str]) -> bool:
        return all(self._owner.get(identifier, place) == place for identifier in identifiers)

    def operation(
        self,
        place: str,
        operation_id: str,
        pages: bool,
        verify: bool,
        statuses: Sequence[str] = (),
        events: bool = False,
    ) -> str:
        """The function of an operation keeps the provider's name. statuses are those that may have a function."""
        wanted = f"{self.prefix}_{snake(operation_id)}"

        def more(name: str) -> tuple[str, ...]:
            return (
                *(pager_names(name) if pages else ()),
                *((f"{name}_verify",) if verify else ()),
                *answer_names(name, statuses),
                *(events_names(name) if events else ()),
            )

        return self._claim("operations", place, (wanted, f"{wanted}_call"), more)

    def type(self, kind: str, place: str, hint: str, only_body: bool) -> str:
        """A struct or enum; one that wants a taken name is a body when it is nothing else, and a value otherwise."""
        wanted = f"{self.prefix}_{fitting(hint)}"
        return self._claim(kind, place, (wanted, f"{wanted}_{'body' if only_body else 'value'}"))

    def errors(self, place: str) -> str:
        return self._claim("enums", place, (f"{self.prefix}_error",), lambda name: (f"{name}_of",))

    def list_of(self, item: str) -> str:
        """The list of edgegap_port is edgegap_port_list; that of eb_num_list is edgegap_num_list_list."""
        base = f"{self.prefix}_{item.removeprefix('eb_').removeprefix(self.prefix + '_')}"
        return self._claim("lists", f"list of {item}", (f"{base}_list", f"{base}_items", f"{base}_array"))

    def map_of(self, value: str) -> tuple[str, str]:
        """A map and its entry: of edgegap_port edgegap_port_map, of int edgegap_int_map."""
        short = value.removeprefix("eb_").removeprefix(f"{self.prefix}_")
        base = f"{self.prefix}_{short}"
        name = self._claim("maps", f"map of {short}", (f"{base}_map", f"{base}_table"), lambda name: (entry(name),))
        return name, entry(name)

    def link(self, place: str, operation: str, name: str) -> str:
        wanted = f"{operation}_{snake(name)}"
        return self._claim("links", place, (wanted, f"{wanted}_call"))

    def wait(self, place: str, operation: str, name: str) -> str:
        wanted = f"{operation}_wait_{snake(name)}"
        return self._claim("waits", place, (wanted, f"{wanted}_call"))

    def _claim(
        self,
        kind: str,
        place: str,
        wanted: Sequence[str],
        more: Callable[[str], tuple[str, ...]] = lambda name: (),
    ) -> str:
        """The name of a place: the pinned one, else the first of those wanted, and of the last one with _2, _3, ...,
        whose identifiers are all free."""
        name = self._pins.names.get(kind, {}).get(place)
        if name is None:
            candidates = chain(wanted, numbered(wanted[-1]))
            name = next(c for c in candidates if self._free(place, (*DERIVED[kind](c), *more(c))))
        self._take(place, (*DERIVED[kind](name), *more(name)))
        self.used.names[kind][place] = name
        return name

    def reserve(self, place: str, identifiers: Iterable[str]) -> None:
        self._take(place, identifiers)

    def belongs_to(self, identifier: str) -> str | None:
        return self._owner.get(identifier)

    def values(self, place: str, enum: str, texts: Sequence[str], wanted: Sequence[str]) -> list[tuple[str, int]]:
        """Constant and number of each value of an enum. New values are numbered behind the largest one ever used."""
        pinned = self._pins.values.get(place, {})
        next_number = max((number for _, number in pinned.values()), default=0) + 1
        upper = enum.upper()
        taken = {name for name, _ in pinned.values()} | {f"{upper}_{end}" for end in ("UNSET", "OTHER", "NULL")}
        made: dict[str, tuple[str, int]] = {}
        for text, want in zip(texts, wanted, strict=True):
            if text in pinned:
                made[text] = pinned[text]
            else:
                base = f"{upper}_{want}"
                candidates = chain((base, f"{base}_VALUE"), numbered(base))
                name = next(c for c in candidates if c not in taken and self._free(place, [c]))
                made[text] = (name, next_number)
                next_number += 1
            taken.add(made[text][0])
        self._take(place, (name for name, _ in made.values()))
        self.used.values[place] = made
        return [made[text] for text in texts]

    def retired(self, place: str, texts: Sequence[str]) -> list[str]:
        """Texts that were values of an enum and are not any more, in the order of their numbers."""
        pinned = self._pins.values.get(place, {})
        return sorted((text for text in pinned if text not in texts), key=lambda text: pinned[text][1])

    def members(self, place: str) -> Members:
        return Members(self._pins.members.get(place, {}), self.used.members.setdefault(place, {}))


class Members:
    """Hands out the member names of one struct."""

    def __init__(self, pinned: dict[str, str], used: dict[str, str]) -> None:
        self._pinned = pinned
        self._used = used
        self._taken = set(pinned.values())
        self._mine: set[str] = set()
        self._reserved: set[str] = set()

    def reserve(self, *names: str) -> None:
        """Names that are ours; a member that wants one gets a trailing _."""
        self._reserved.update(names)
        self._mine.update(names)

    def claim(self, json_name: str, beside: str = "", wanted: str | None = None) -> str:
        """The member for a name on the wire; beside is "_text" when it has a companion."""
        name = self._pinned.get(json_name)
        taken = self._mine | self._taken
        if name is None or name in self._mine or (beside and name + beside in taken):
            base = wanted or member(json_name)
            reserved = [base + "_"] if base in self._reserved else []
            candidates = chain([base, *reserved], numbered(base))
            name = next(c for c in candidates if c not in taken and (not beside or c + beside not in taken))
        self._mine.add(name)
        if beside:
            self._mine.add(name + beside)
        self._used[json_name] = name
        return name


# ---- names.lock ---------------------------------------------------------------------------------------------------


def read_lock(text: str) -> dict[str, Any]:
    """The whole file, {} when it is empty. ValueError when it is something else than we write."""
    lock = _object(json.loads(text) if text.strip() else {})
    for api in lock:
        pins_of(lock, api)
    return lock


def pins_of(lock: dict[str, Any], api: str, retired: bool = True) -> Pins:
    """What names.lock pins for one API, what is retired included unless told otherwise."""
    part = _object(lock.get(api, {}))
    pins = Pins()
    for source in (_object(part.get("retired", {})) if retired else {}, part):
        for kind in _KINDS:
            names = _object(source.get(kind, {}))
            pins.names.setdefault(kind, {}).update({place: _text(name) for place, name in names.items()})
        for place, members in _object(source.get("members", {})).items():
            known = {json_name: _text(name) for json_name, name in _object(members).items()}
            pins.members.setdefault(place, {}).update(known)
        for place, values in _object(source.get("values", {})).items():
            lines = {text: _value(_text(line)) for text, line in _object(values).items()}
            pins.values.setdefault(place, {}).update(lines)
    return pins


def lock_part(pins: Pins, used: Pins) -> dict[str, Any]:
    """One API's part of names.lock: what is in use, and under "retired" what was."""
    live_names = {name for kind in _KINDS for name in used.names.get(kind, {}).values()}
    part: dict[str, Any] = {}
    retired: dict[str, Any] = {}
    for kind in _KINDS:
        part[kind] = used.names.get(kind, {})
        retired[kind] = {
            place: name
            for place, name in pins.names.get(kind, {}).items()
            if place not in part[kind] and name not in live_names
        }
    part["members"] = {place: members for place, members in used.members.items() if members}
    retired["members"] = _left(pins.members, used.members)
    part["values"] = _value_lines(used.values)
    retired["values"] = _value_lines(_left(pins.values, used.values))
    part = {key: value for key, value in part.items() if value}
    retired = {key: value for key, value in retired.items() if value}
    return {**part, "retired": retired} if retired else part


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("an object is expected")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*( = [0-9]+)?", value):
        raise ValueError(f"{value!r} is no C name")
    return value


def _value(line: str) -> tuple[str, int]:
    """Reads "PIN_COLOR_RED = 1"."""
    name, _, number = line.partition(" = ")
    if not number:
        raise ValueError(f"{line!r} has no number")
    return name, int(number)


def _value_lines(values: dict[str, dict[str, tuple[str, int]]]) -> dict[str, dict[str, str]]:
    return {
        place: {text: f"{name} = {number}" for text, (name, number) in inner.items()} for place, inner in values.items()
    }


def _left(pinned: dict[str, dict[str, Any]], used: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    left = {
        place: {key: value for key, value in inner.items() if key not in used.get(place, {})}
        for place, inner in pinned.items()
    }
    return {place: inner for place, inner in left.items() if inner}


def write_lock(lock: dict[str, Any]) -> str:
    return json.dumps(lock, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
