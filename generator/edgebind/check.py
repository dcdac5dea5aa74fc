"""`edgebind check`: what a document must be beyond what the generator itself refuses.

Three readings of the same document: OpenAPI's own JSON Schema (openapi-spec-validator), the schemas of our extensions
(extensions.schema.json), and the build.
"""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

from .load import Document, join, walk

EXTENSIONS = "extensions.schema.json"


def check_openapi(document: Document) -> None:
    """Reports where a document is not the OpenAPI it says it is."""
    from openapi_spec_validator import OpenAPIV30SpecValidator, OpenAPIV31SpecValidator  # slow; only check needs it

    old = str(document.value.get("openapi")).startswith("3.0")
    name, validator = ("3.0", OpenAPIV30SpecValidator) if old else ("3.1", OpenAPIV31SpecValidator)
    try:
        plain = {key: inner for key, inner in document.value.items() if key != "jsonSchemaDialect"}  # noted already
        for error in validator(plain).iter_errors():
            pointer = join("#", *error.absolute_path)
            # Errors inside schemas are said to be where they stand in their schema; the build has reported those.
            if document.find(pointer)[0] or not document.flawed:
                document.problem(pointer, f"not OpenAPI {name}: {_short(str(error.message))}")
    except Exception as error:  # the validator gives up on references that lead nowhere; the build reports those
        if not document.flawed:
            document.problem("#", f"not OpenAPI {name}: {_short(str(error))}")


def check_extensions(document: Document) -> None:
    """Reports x-eb- values that are not as extensions.schema.json says; where each may stand is the build's to say."""
    from jsonschema import Draft202012Validator

    schemas: dict[str, Any] = json.loads(files(__package__).joinpath(EXTENSIONS).read_text(encoding="utf-8"))["$defs"]
    for pointer, key, value in walk(document.value):
        if key in schemas and key.startswith("x-eb-"):
            for error in Draft202012Validator(schemas[key]).iter_errors(value):
                document.problem(join(pointer, *error.absolute_path), f"{key}: {_short(error.message)}")


def _short(message: str) -> str:
    message = " ".join(message.split())
    return message if len(message) <= 200 else message[:197] + "..."
