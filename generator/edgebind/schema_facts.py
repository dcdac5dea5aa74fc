"""What a schema says beside its shape: the range that is checked, and what a person wants to know."""

from __future__ import annotations

import math
import re
from typing import Any

from .ir import Limits
from .load import Value
from .schema import INT64, Schema, text_of

_FORMAT_RANGES = {
    "int32": (-(2**31), 2**31 - 1),
    "uint32": (0, 2**32 - 1),
    "int16": (-(2**15), 2**15 - 1),
    "int8": (-128, 127),
    "uint16": (0, 2**16 - 1),
    "uint8": (0, 255),
}


def _bounds(value: dict[str, Any], low: str, high: str) -> tuple[Any, Any]:
    bounds = []
    for key in (low, high):
        bound = value.get(key)
        bounds.append(bound if isinstance(bound, int | float) and not isinstance(bound, bool) else None)
    return bounds[0], bounds[1]


def only_value(schema: Schema) -> Any:
    """The one value of a boolean or number that is always the same; None: it is not."""
    only = schema.value.get("const")
    kinds: tuple[type, ...] = {"bool": (bool,), "num": (int, float)}.get(schema.sort, ())
    return only if isinstance(only, kinds) else None


def limits_of(schema: Schema) -> Limits | None:
    """The documented range of a value, with exclusive bounds turned into inclusive ones."""
    value = schema.value
    low: Any
    high: Any
    if schema.sort == "int":
        low, high = _bounds(value, "minimum", "maximum")
        above, below = _bounds(value, "exclusiveMinimum", "exclusiveMaximum")
        lows = [math.ceil(b) for b in [low] if b is not None] + [math.floor(b) + 1 for b in [above] if b is not None]
        highs = [math.floor(b) for b in [high] if b is not None] + [math.ceil(b) - 1 for b in [below] if b is not None]
        width = _FORMAT_RANGES.get(text_of(value.get("format")))
        if width:
            lows.append(width[0])
            highs.append(width[1])
        low = max([b for b in lows if b > INT64[0]], default=None)
        high = min([b for b in highs if b < INT64[1]], default=None)
    elif schema.sort == "bool":
        only = only_value(schema)
        low = high = None if only is None else int(only)
    elif schema.sort == "num" and only_value(schema) is not None:
        return Limits(float(only_value(schema)), float(only_value(schema)), number=True)
    elif schema.sort == "num":
        low, high = _bounds(value, "minimum", "maximum")
        above, below = _bounds(value, "exclusiveMinimum", "exclusiveMaximum")
        lows = [float(b) for b in [low] if b is not None]
        lows += [math.nextafter(float(b), math.inf) for b in [above] if b is not None]
        highs = [float(b) for b in [high] if b is not None]
        highs += [math.nextafter(float(b), -math.inf) for b in [below] if b is not None]
        low, high = max(lows, default=None), min(highs, default=None)
        return Limits(low, high, number=True) if low is not None or high is not None else None
    elif schema.sort in ("string", "text"):
        low, high = _bounds(value, "minLength", "maxLength")
    elif schema.sort == "list":
        low, high = _bounds(value, "minItems", "maxItems")
    elif schema.sort == "map":
        low, high = _bounds(value, "minProperties", "maxProperties")
    else:
        return None
    if schema.sort not in ("int", "bool"):
        low = low or (None if high is None else 0)
    return Limits(low, high) if low is not None or high is not None else None


def _number(value: int | float) -> str:
    return str(int(value)) if float(value).is_integer() and abs(value) < 2**53 else repr(value)


def facts_of(schema: Schema, required: bool, doc: str = "", example: Value = None) -> tuple[str, ...]:
    """What a person wants to know beside the description, one sentence each. A range is left out when the description
    has its numbers."""
    facts = ["Required."] if required else []
    value = schema.value
    if only_value(schema) is None and not _says(doc, schema):
        facts += _range(schema)
    if "multipleOf" in value:
        facts.append(f"A multiple of {value['multipleOf']}.")
    if "pattern" in value:
        facts.append(f"Pattern: {value['pattern']}")
    if value.get("uniqueItems") is True:
        facts.append("No item twice.")
    if schema.sort == "decimal":
        facts.append("A number, as its exact text.")
    if only_value(schema) is not None:
        facts.append(f"Always {_scalar(only_value(schema))}.")
    if schema.sort == "text":
        facts.append("A text or an integer on the wire.")
    if schema.sort == "string" and text_of(value.get("format")) in (
        "byte",
        "date",
        "date-time",
        "email",
        "uri",
        "uuid",
    ):
        facts.append(
            {
                "byte": "Base64.",
                "date": "A date.",
                "date-time": "A time, RFC 3339.",
                "email": "An email address.",
                "uri": "A URI.",
                "uuid": "A UUID.",
            }[value["format"]]
        )
    if value.get("default") is not None and isinstance(value["default"], str | int | float):
        facts.append(f"Default: {_scalar(value['default'])}.")
    if example is None:
        example = example_of(schema)
    if isinstance(example, str | int | float) and not schema.secret and len(str(example)) <= 60:
        facts.append(f"Example: {_scalar(example)}")
    if schema.secret:
        facts.append("Secret: printed as ***.")
    if value.get("readOnly") is True:
        facts.append("Read only: calls do not send it.")
    if value.get("writeOnly") is True:
        facts.append("Write only.")
    if value.get("deprecated") is True:
        facts.append("Deprecated.")
    return tuple(facts)


def example_of(schema: Schema) -> Any:
    """The first example that a schema has of its own, None without one."""
    examples = schema.value.get("examples")
    return schema.value.get("example", examples[0] if isinstance(examples, list) and examples else None)


def _says(doc: str, schema: Schema) -> bool:
    limits = limits_of(schema)
    numbers = set(re.findall(r"(?<![\w.])-?[0-9]+(?:\.[0-9]+)?(?![\w])", doc))
    bounds = [b for b in (limits.low, limits.high) if b is not None] if limits else []
    if schema.sort not in ("int", "num"):
        bounds = [b for b in bounds if b != 0]
    return bool(bounds) and all(_number(b) in numbers for b in bounds)


def _range(schema: Schema) -> list[str]:
    """The range in words: "1 to 64 characters.", "At least 100.", "More than 0."."""
    value = schema.value
    unit = {"string": " characters", "text": " characters", "list": " items", "map": " members"}.get(schema.sort, "")
    if schema.sort in ("int", "num", "decimal"):
        low, high = _bounds(value, "minimum", "maximum")
    else:
        limits = limits_of(schema)
        low, high = (limits.low or None, limits.high) if limits else (None, None)
    above, below = (
        _bounds(value, "exclusiveMinimum", "exclusiveMaximum") if schema.sort in ("int", "num") else (None, None)
    )
    made = []
    if low is not None and high is not None:
        made.append(f"{_number(low)} to {_number(high)}{unit}." if low != high else f"Exactly {_number(low)}{unit}.")
    elif low is not None:
        made.append(f"At least {_number(low)}{unit}.")
    elif high is not None:
        made.append(f"At most {_number(high)}{unit}.")
    made += [f"More than {_number(above)}."] if above is not None else []
    made += [f"Less than {_number(below)}."] if below is not None else []
    width = _FORMAT_RANGES.get(text_of(value.get("format"))) if schema.sort == "int" and not made else None
    return made + (
        [f"{(width[1] - width[0]).bit_length()} bits{'' if width[0] else ', not negative'}."] if width else []
    )


def _scalar(value: str | int | float) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else _number(value)
