"""Scenarios: faults under a name. Some are built in and fit every operation in its provider's own
shape; others are files, `scenarios/<operation>/<name>.json`."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from edgebind_mock.documents import Style
from edgebind_mock.faults import Fault, Rule

HTML = "<html><head><title>502 Bad Gateway</title></head><body>502 Bad Gateway</body></html>\n"


def _throttled(style: Style) -> dict[str, Any]:
    if style is Style.TOKEN:
        return {"status": 429, "headers": {"Retry-After": "1"}}
    if style is Style.ACS:
        headers = {"x-acs-retry-after": "50"}
        return {"status": 400, "code": "Throttling.User", "headers": headers}
    return {"status": 503, "code": "QpsLimitExceeded"}


def _failure_inside(style: Style) -> dict[str, Any]:
    if style is Style.FORM_UPLOAD:
        return {"status": 203, "headers": {"Content-Type": "application/xml"}, "body": CALLBACK}
    if style is Style.TOKEN:
        return {"status": 200, "body": {"success": False, "message": "It did not work."}}
    failed = {"Success": False, "Code": "400", "ErrorCode": "Application.InvalidStatus"}
    return {"status": 200, "body": {**failed, "Message": "The application is being changed."}}


CALLBACK = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<Error>\n  <Code>CallbackFailed</Code>\n'
    "  <Message>The callback answered with status 502.</Message>\n"
    "  <RequestId>0123456789ABCDEF01234567</RequestId>\n</Error>\n"
)


@dataclass(frozen=True)
class Named:
    text: str
    fault: Callable[[Style], dict[str, Any]]


BUILT_IN: dict[str, Named] = {
    "throttled": Named("the provider's own throttling answer", _throttled),
    "server_error": Named("status 500", lambda style: {"status": 500}),
    "unavailable": Named("status 503", lambda style: {"status": 503}),
    "slow": Named("the answer comes after three seconds", lambda style: {"delay_ms": 3000}),
    "cut_short": Named("the body ends before its Content-Length", lambda s: {"close": "mid_body"}),
    "stale": Named("the connection dies when it is used again", lambda style: {"stale": True}),
    "wrong_type": Named("a member has another type", lambda style: {"wrong_type": True}),
    "failure_inside_200": Named("a failure with a 2xx status", _failure_inside),
    "html_502": Named(
        "a gateway's HTML page",
        lambda s: {"status": 502, "headers": {"Content-Type": "text/html"}, "body": HTML},
    ),
    "empty_200": Named("status 200 and no body", lambda style: {"status": 200}),
    "not_json": Named(
        "status 200 and a body that is no JSON",
        lambda s: {"status": 200, "headers": {"Content-Type": "application/json"}, "body": "{oops"},
    ),
    "reset": Named("the connection is reset before the answer", lambda s: {"reset": "before"}),
    "lost_answer": Named(
        "the call is carried out, its answer is lost",
        lambda style: {"reset": "before", "execute": True},
    ),
    "unknown_member": Named(
        "the answer has a member nobody declared",
        lambda style: {"patch": {"member_of_tomorrow": {"deep": [1, None, "x"]}}},
    ),
}


@dataclass
class Scenario:
    rules: list[Rule] = field(default_factory=list)
    settings: dict[str, Any] = field(default_factory=dict)


def rule(raw: Any, styles: dict[str, Style], operation: str | None = None) -> Rule:
    """One entry of a fault list; `operation` is used when it names none itself."""
    if not isinstance(raw, dict):
        raise ValueError("a fault rule is an object")
    extra = set(raw) - {"operation", "times", "after", "fault", "name", "description"}
    if extra:
        raise ValueError(f"a fault rule has no member {', '.join(sorted(extra))}")
    target = raw.get("operation", operation)
    if target != "*" and target not in styles:
        raise ValueError(f"no operation {target!r}")
    times, after = raw.get("times", 1), raw.get("after", 0)
    if times is not None and (type(times) is not int or times < 1):
        raise ValueError("times is a number from 1, or null for ever")
    if type(after) is not int or after < 0:
        raise ValueError("after is a number from 0")
    if ("name" in raw) == ("fault" in raw):
        raise ValueError("a fault rule has either a fault or the name of one")
    shown = raw.get("fault")
    if "name" in raw:
        named = BUILT_IN.get(raw["name"])
        if named is None:
            raise ValueError(f"no scenario {raw['name']!r}; there are {', '.join(BUILT_IN)}")
        shown = named.fault(styles.get(target, Style.TOKEN))
    return Rule(str(target), Fault.of(shown), times, after)


def scenario(raw: Any, styles: dict[str, Style], operation: str | None = None) -> Scenario:
    """A list of fault rules, or an object with `faults` and `settings`."""
    if isinstance(raw, list):
        raw = {"faults": raw}
    if not isinstance(raw, dict):
        raise ValueError("a scenario is a list of fault rules or an object")
    extra = set(raw) - {"description", "faults", "settings"}
    if extra:
        raise ValueError(f"a scenario has no member {', '.join(sorted(extra))}")
    rules = [rule(one, styles, operation) for one in raw.get("faults", [])]
    return Scenario(rules, raw.get("settings", {}))


def load(path: Path, styles: dict[str, Style]) -> Scenario:
    """A file; the folder it lies in names the operation its rules are about."""
    folder = path.parent.name
    with path.open(encoding="utf-8") as file:
        return scenario(json.load(file), styles, folder if folder in styles else None)
