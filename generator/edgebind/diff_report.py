"""Changes as people and programs read them, and the version that follows."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from .diff_rules import Change, Level
from .text import wrap

_HEADS = {
    Level.SOURCE: "Breaking: programs have to be changed",
    Level.ABI: "Breaking: programs have to be compiled again",
    Level.BEHAVIOUR: "Behaviour",
    Level.ADDITIVE: "Added",
    Level.DOCUMENTATION: "Documentation",
}
_PARTS = {Level.SOURCE: "major", Level.ABI: "major", Level.BEHAVIOUR: "minor", Level.ADDITIVE: "minor"}


@dataclass(frozen=True)
class Line:
    """A change and its place in a file."""

    change: Change
    file: str    # "spec/edgegap.yaml"
    line: int
    column: int


def part(changes: Sequence[Change]) -> str | None:
    """Which part of the version counts up: major, minor, patch; None when nothing changed."""
    worst = min((change.level.rank for change in changes), default=None)
    return None if worst is None else _PARTS.get(list(Level)[worst], "patch")


def following(version: str, changes: Sequence[Change]) -> str:
    """The version after one like 1.4.2. Before 1.0.0 the second number says what the first one says later."""
    match = re.fullmatch(r"([0-9]+)\.([0-9]+)\.([0-9]+)", version)
    if match is None:
        raise ValueError(f"{version} is no version; three numbers are expected, 1.4.2 for instance")
    major, minor, patch = map(int, match.groups())
    what = part(changes)
    if what is None:
        return version
    if what == "major" and major:
        return f"{major + 1}.0.0"
    if what == "major" or (what == "minor" and major):
        return f"{major}.{minor + 1}.0"
    return f"{major}.{minor}.{patch + 1}"


def as_text(lines: Sequence[Line], version: str | None) -> str:
    made = []
    for level in Level:
        these = [line for line in lines if line.change.level is level]
        if these:
            made.append(f"{level.value}:")
            made += [
                f"  {line.file}:{line.line}:{line.column}: {line.change.name}: {line.change.text} [{line.change.rule}]"
                for line in these
            ]
    changes = [line.change for line in lines]
    what = part(changes)
    if what is None:
        made.append("no change")
    elif version:
        made.append(f"version: {version} becomes {following(version, changes)} ({what})")
    else:
        made.append(f"version: {what}")
    return "\n".join(made) + "\n"


def as_changelog(lines: Sequence[Line], version: str | None) -> str:
    """A section of a CHANGELOG, Markdown."""
    changes = [line.change for line in lines]
    made = [f"## {following(version, changes) if version else 'Unreleased'}"]
    for level in Level:
        these = [change for change in changes if change.level is level]
        if these:
            made += ["", f"### {_HEADS[level]}", ""]
        for change in these:
            rows = wrap(f"`{change.name}`: {change.text}.", 118)
            made += [f"- {rows[0]}", *(f"  {row}" for row in rows[1:])]
    if not changes:
        made += ["", "Nothing that a program or its author would notice."]
    return "\n".join(made) + "\n"


def as_json(lines: Sequence[Line], version: str | None) -> str:
    changes = [line.change for line in lines]
    made = {
        "version": {"change": part(changes), "old": version, "new": following(version, changes) if version else None},
        "counts": {level.value: sum(change.level is level for change in changes) for level in Level},
        "changes": [
            {
                "level": line.change.level.value,
                "rule": line.change.rule,
                "name": line.change.name,
                "text": line.change.text,
                "in": "old" if line.change.gone else "new",
                "file": line.file,
                "line": line.line,
                "column": line.column,
                "pointer": line.change.pointer,
            }
            for line in lines
        ],
    }
    return json.dumps(made, indent=2, ensure_ascii=False) + "\n"
