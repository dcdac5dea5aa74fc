"""`edgebind check`: what a document must be beyond what the generator itself refuses.

Three readings of the same document: OpenAPI's own JSON Schema (openapi-spec-validator), the schemas of our extensions
(extensions.schema.json), and the build.
"""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

from .foreign import Foreign
from .load import Document, Value, join, walk

FILES = "x-edgebind-files"
EXTENSIONS = "extensions.schema.json"


def check_openapi(document: Document) -> None:
    """Reports where a document is not the OpenAPI it says it is."""
    from openapi_spec_validator import OpenAPIV30SpecValidator, OpenAPIV31SpecValidator  # slow; only check needs it

    old = str(document.value.get("openapi")).startswith("3.0")
    name, validator = ("3.0", OpenAPIV30SpecValidator) if old else ("3.1", OpenAPIV31SpecValidator)
    try:
        plain = {key: inner for key, inner in _one_file(document).items() if key != "jsonSchemaDialect"}
        for error in validator(plain).iter_errors():
            pointer = join("#", *error.absolute_path)
            # Errors inside schemas are said to be where they stand in their schema; the build has reported those.
            if document.find(pointer)[0] or not document.flawed:
                document.problem(pointer, f"not OpenAPI {name}: {_short(str(error.message))}")
    except Exception as error:  # the validator gives up on references that lead nowhere; the build reports those
        if not document.flawed:
            document.problem("#", f"not OpenAPI {name}: {_short(str(error))}")


def _one_file(document: Document) -> dict[str, Any]:
    """The document with the files it refers to inside it, as the validator follows no references to files."""
    if not document.files:
        return dict(document.value)

    def inside(value: Value) -> Value:
        if isinstance(value, list):
            return [inside(inner) for inner in value]
        if not isinstance(value, dict):
            return value
        made = {key: inside(inner) for key, inner in value.items()}
        file, sign, rest = made["$ref"].partition("#") if isinstance(made.get("$ref"), str) else ("", "", "")
        return {**made, "$ref": f"{join('#', FILES, file)}{rest}"} if sign and file in document.files else made

    files = {name: inside(file.value) for name, file in document.files.items()}
    return {**inside(document.value), FILES: files}


def check_extensions(document: Document) -> None:
    """Reports x-eb- values that are not as extensions.schema.json says; where each may stand is the build's to say."""
    from jsonschema import Draft202012Validator

    schemas: dict[str, Any] = json.loads(files(__package__).joinpath(EXTENSIONS).read_text(encoding="utf-8"))["$defs"]
    roots = [("#", document.value), *((f"{name}#", file.value) for name, file in document.files.items())]
    for pointer, key, value in (row for at, root in roots for row in walk(root, at)):
        if key in schemas and key.startswith("x-eb-") and not isinstance(value, Foreign):
            for error in Draft202012Validator(schemas[key]).iter_errors(value):
                document.problem(join(pointer, *error.absolute_path), f"{key}: {_short(error.message)}")


def _short(message: str) -> str:
    message = " ".join(message.split())
    return message if len(message) <= 200 else message[:197] + "..."
