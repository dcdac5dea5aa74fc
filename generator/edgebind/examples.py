"""The examples of an operation, as the JSON text that eb_invoke takes."""

from __future__ import annotations

import json
from collections.abc import Sequence

from .ir import Parameter


def example_call(parameters: Sequence[Parameter]) -> str:
    """All examples as one object; "" when something that is required has none, or an example is no JSON (a date that
    stands bare in YAML)."""
    shown = {p.field.json: p.field.example for p in parameters if p.field.example is not None}
    if any(p.field.required and p.field.json not in shown for p in parameters):
        return ""
    try:
        return json.dumps(shown, ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError):
        return ""
