"""Waits: an operation that reads is called until its answer says that something has come, or will not."""

from __future__ import annotations

import difflib
import json
import re
from dataclasses import replace
from typing import Any

from .build_relations import Relations
from .foreign import Foreign
from .ir import Field, Kind, Operation, Wait
from .load import Value, join

NAME = re.compile(r"[a-z][a-z0-9_-]*")
KEYS = ("state", "success", "failure", "success-status", "pending-status", "pause", "maximum")
PAUSES = {"before": (0, 3600), "first": (0.1, 3600), "growth": (1, 10), "cap": (0.1, 3600)}
LONGEST = 7 * 24 * 3600
USUAL_FIRST, USUAL_GROWTH, USUAL_CAP = 2, 1.5, 30
KINDS = {
    Kind.STR: (str, "a string"),
    Kind.TEXT: (str, "a string"),
    Kind.ENUM: (str, "a string"),
    Kind.INT: (int, "an integer"),
    Kind.OPT_INT: (int, "an integer"),
    Kind.INT_ENUM: (int, "an integer"),
    Kind.BOOL: (bool, "true or false"),
    Kind.OPT_BOOL: (bool, "true or false"),
}


def _ms(seconds: float) -> int:
    return round(seconds * 1000)


class _Reader:
    """One wait as it is written, and what is wrong with it."""

    def __init__(self, said: dict[str, Any], at: str) -> None:
        self.said, self.at = said, at
        self.wrong: list[tuple[str, str]] = []

    def complain(self, key: str, text: str) -> None:
        self.wrong.append((join(self.at, *key.split("/")) if key else self.at, text))

    def number(self, holder: dict[str, Any], key: str, low: float, high: float, usual: float | None) -> float:
        value = holder.get(key.rpartition("/")[2], usual)
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            self.complain(key, f"a number from {low} to {high} is expected, got {_shown(value)}")
            return low
        return value

    def items(self, key: str) -> list[Any]:
        value = self.said.get(key, [])
        if not isinstance(value, list) or (key in self.said and not value):
            self.complain(key, "a list of values is expected")
            return []
        return value

    def statuses(self, key: str) -> tuple[int, ...]:
        found = []
        for i, status in enumerate(self.items(key)):
            if type(status) is not int or not 200 <= status <= 599:
                self.complain(f"{key}/{i}", f"a status from 200 to 599 is expected, got {_shown(status)}")
            else:
                found.append(status)
        return tuple(found)


class Waits(Relations):
    def _waits(self, made: Operation, op: dict[str, Any], at: str) -> Operation:
        said = self._map(op["x-eb-wait"], at)
        if not said:
            self.problem(at, "a name for each wait is expected, and what it waits for")
        waits = []
        for name, value in said.items():
            here = join(at, name)
            if not isinstance(value, dict):
                self.problem(here, "an object is expected")
                continue
            reader = _Reader(value, here)
            wait = self._wait(made, op, str(name), reader)
            for place, text in reader.wrong:
                if isinstance(value, Foreign):
                    self._leave_out(value, place, text)
                else:
                    self.problem(place, text)
            if wait and not reader.wrong:
                waits.append(replace(wait, function=self.names.wait(here, made.name, str(name))))
        return replace(made, waits=tuple(waits))

    def _wait(self, made: Operation, op: dict[str, Any], name: str, reader: _Reader) -> Wait | None:
        said = reader.said
        if not NAME.fullmatch(name):
            reader.complain("", "the name of a wait begins with a small letter; letters, digits, _ and - follow")
        if not self._only_reads(made.method.lower(), op):
            reader.complain("", f"{made.id} changes something; name what to wait for at an operation that reads")
        if made.key:
            reader.complain("", "with an idempotency key the first answer would come again and again")
        if made.events:
            reader.complain("", "a stream of events is not called again; leave out one of the two")
        if any(content.send in ("EB_SEND_BYTES", "EB_SEND_MULTIPART") for _, content in made.ways()):
            reader.complain("", "an upload cannot be sent again with each call")
        for key in said:
            if key not in KEYS:
                reader.complain(key, f"{key} is not known; see EXTENSIONS.md")
        success, failure, quoted = self._states(made, reader)
        come, pending = reader.statuses("success-status"), reader.statuses("pending-status")
        if not any(key in said for key in ("success", "success-status")):
            reader.complain("", "success or success-status is missing: what ends the wait")
        for status in come:
            if status in pending:
                reader.complain("pending-status", f"{status} ends the wait already")
        times = self._pauses(reader)
        if reader.wrong:
            return None
        return Wait(
            id=name,
            function="",
            state=said.get("state"),
            success=success,
            failure=failure,
            success_status=come,
            pending_status=pending,
            quoted=quoted,
            where=reader.at,
            **times,
        )

    def _pauses(self, reader: _Reader) -> dict[str, int]:
        pause = reader.said.get("pause", {})
        if not isinstance(pause, dict):
            reader.complain("pause", "an object is expected: before, first, growth, cap")
            pause = {}
        for key in pause:
            if key not in PAUSES:
                reader.complain(f"pause/{key}", f"{key} is not known; see EXTENSIONS.md")
        first = reader.number(pause, "pause/first", *PAUSES["first"], USUAL_FIRST)
        before = reader.number(pause, "pause/before", *PAUSES["before"], 0)
        growth = reader.number(pause, "pause/growth", *PAUSES["growth"], USUAL_GROWTH)
        cap = reader.number(pause, "pause/cap", *PAUSES["cap"], max(first, USUAL_CAP))
        if cap < first:
            reader.complain("pause/cap", f"{cap} s is shorter than the first pause, {first} s")
        if "maximum" not in reader.said:
            reader.complain("", "maximum is missing: after how many seconds the wait gives up")
        else:
            maximum = reader.number(reader.said, "maximum", 1, LONGEST, None)
            if maximum <= before + first and not reader.wrong:
                reader.complain("maximum", f"{maximum} s leave no time for a second call, after {before + first} s")
            return {
                "before_ms": _ms(before),
                "first_ms": _ms(first),
                "growth_percent": round(growth * 100),
                "cap_ms": _ms(cap),
                "maximum_ms": _ms(maximum),
            }
        return {}

    # ---- The state ---------------------------------------------------------------------------------------------

    def _states(self, made: Operation, reader: _Reader) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
        """The texts of values that mean success, and of those that mean failure; and whether they are strings."""
        state = reader.said.get("state")
        given = [key for key in ("success", "failure") if key in reader.said]
        if state is None:
            for key in given:
                reader.complain(key, "state is missing: where an answer has the value")
            return (), (), True
        if not given and "success-status" in reader.said:
            reader.complain("state", "success and failure are missing: what its values mean")
        path = self._follow_members(self.by_name.get(made.result or ""), state)
        if not path or path[-1].kind not in KINDS:
            reader.complain("state", f"{state} does not lead to a string, an integer or a boolean of the answer")
            return (), (), True
        if any(field.secret for field in path):
            reader.complain("state", f"{state} is a secret, and messages name the state")
        values = {key: self._values(path[-1], key, reader) for key in ("success", "failure")}
        for text in values["failure"]:
            if text in values["success"]:
                reader.complain("failure", f"{text} is a success already")
        return values["success"], values["failure"], KINDS[path[-1].kind][0] is str

    def _values(self, field: Field, key: str, reader: _Reader) -> tuple[str, ...]:
        """Each value as C compares it: what it is on the wire, without quotes."""
        wanted, words = KINDS[field.kind]
        known = next((e for e in self.enums.values() if e.name == field.target), None)
        texts = [v.text for v in known.values] if known else []
        made: list[str] = []
        for i, value in enumerate(reader.items(key)):
            text = _wire(value)
            if type(value) is not wanted:
                reader.complain(f"{key}/{i}", f"{words} is expected, as the member is, got {_shown(value)}")
            elif known and text not in texts:
                near = difflib.get_close_matches(text, texts, 1)
                hint = f"did you mean {near[0]}?" if near else f"expected one of {', '.join(texts)}"
                reader.complain(f"{key}/{i}", f"{text} is no documented value; {hint}")
            elif text in made:
                reader.complain(f"{key}/{i}", f"{text} is there twice")
            else:
                made.append(text)
        return tuple(made)


def _shown(value: Value) -> str:
    return json.dumps(value, ensure_ascii=False)


def _wire(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
