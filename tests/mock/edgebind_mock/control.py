"""The paths under /_mock/: reading the journal, ordering faults, changing settings."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote

from edgebind_mock import scenarios
from edgebind_mock.answer import Answer, Refusal, json_answer
from edgebind_mock.documents import Style
from edgebind_mock.faults import Fault, Rule
from edgebind_mock.provider import Provider
from edgebind_mock.received import Received

Action = Callable[[Received], Any]


class Control:
    def __init__(self, provider: Provider) -> None:
        self._provider = provider
        self.styles: dict[str, Style] = {op.id: op.document.style for op in provider.documents.operations.values()}
        self._actions: dict[tuple[str, str], Action] = {
            ("GET", "health"): lambda received: {"ok": True},
            ("GET", "journal"): self._read_journal,
            ("DELETE", "journal"): lambda received: provider.journal.clear(),
            ("POST", "reset"): lambda received: provider.reset(),
            ("GET", "faults"): lambda received: [rule.to_json() for rule in provider.faults.rules],
            ("POST", "faults"): self._add_faults,
            ("DELETE", "faults"): lambda received: provider.faults.clear(),
            ("GET", "scenarios"): lambda received: {name: named.text for name, named in scenarios.BUILT_IN.items()},
            ("POST", "scenario"): self._play_scenario,
            ("POST", "answer"): self._next_answer,
            ("GET", "settings"): lambda received: vars(provider.settings),
            ("POST", "settings"): self._change_settings,
            ("GET", "seeds"): lambda received: provider.seeds(),
            ("GET", "state"): lambda received: provider.state(),
        }

    def answer(self, received: Received) -> Answer:
        path = received.path.removeprefix("/_mock").strip("/")
        try:
            if received.method == "GET" and path.startswith("examples/"):
                return json_answer(self._example(unquote(path.removeprefix("examples/"))))
            action = self._actions.get((received.method, path))
            if action is None:
                known = sorted({f"{method} /_mock/{name}" for method, name in self._actions})
                raise Refusal(404, f"The mock has: {', '.join(known)}")
            return json_answer(action(received))
        except Refusal as refusal:
            return json_answer({"message": refusal.message}, refusal.status)
        except (ValueError, OSError) as error:
            return json_answer({"message": str(error)}, 400)

    def play(self, scenario: scenarios.Scenario) -> dict[str, Any]:
        self._provider.change(scenario.settings)
        for rule in scenario.rules:
            self._provider.faults.add(rule)
        return {"faults": len(scenario.rules)}

    def _read_journal(self, received: Received) -> list[dict[str, Any]]:
        """All entries; ?operation=ID and ?after=N narrow it down."""
        wanted = parse_qs(received.query or "")
        after = int(wanted.get("after", ["0"])[0])
        operations = wanted.get("operation")
        return [
            entry.to_json()
            for entry in self._provider.journal.entries
            if entry.n > after and (operations is None or entry.operation in operations)
        ]

    def _add_faults(self, received: Received) -> dict[str, Any]:
        raw = _json(received)
        return self.play(scenarios.scenario(raw if isinstance(raw, list) else [raw], self.styles))

    def _play_scenario(self, received: Received) -> dict[str, Any]:
        raw = _json(received)
        if isinstance(raw, dict) and "path" in raw:
            return self.play(scenarios.load(Path(str(raw["path"])), self.styles))
        return self.play(scenarios.scenario(raw, self.styles))

    def _next_answer(self, received: Received) -> dict[str, Any]:
        raw = _json(received)
        if not isinstance(raw, dict) or raw.get("example") is not True:
            raise ValueError('expected {"operation": ID, "example": true}')
        operation = str(raw.get("operation"))
        self._example(operation)
        self._provider.faults.add(Rule(operation, Fault.of({"example": True})))
        return {"faults": 1}

    def _change_settings(self, received: Received) -> dict[str, Any]:
        raw = _json(received)
        if not isinstance(raw, dict):
            raise ValueError("settings are an object")
        self._provider.change(raw)
        return vars(self._provider.settings)

    def _example(self, name: str) -> dict[str, Any]:
        operation = self._provider.documents.operations.get(name)
        if operation is None:
            raise Refusal(404, f"No operation {name}.")
        status, value = operation.document.success(operation)
        return {"status": status, "body": value}


def _json(received: Received) -> Any:
    return json.loads(received.body or b"null")
