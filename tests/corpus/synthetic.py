"""A large document, for measuring: `synthetic.py FILE [--megabytes 10] [--operations 1000] [--schemas 4000]`.

The same arguments give the same bytes. Schemas hold scalars, enums, lists, maps and one another; every operation takes
and gives some of them. What is missing to the size is description, as in documents that people write."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import yaml

WORDS = "the service keeps what a caller has sent until it is told otherwise and answers with what it knows".split()


def prose(length: int, seed: int) -> str:
    words = [WORDS[(seed * 7 + i * (seed % 5 + 1)) % len(WORDS)] for i in range(length // 5)]
    return " ".join(words).capitalize() + "."


def schema(number: int, schemas: int, words: int) -> dict[str, Any]:
    def other(step: int) -> dict[str, str]:
        return {"$ref": f"#/components/schemas/Thing{(number * 13 + step) % schemas}"}

    return {
        "type": "object",
        "description": prose(words, number),
        "required": ["id", "name"],
        "properties": {
            "id": {"type": "integer", "format": "int64", "minimum": 1},
            "name": {"type": "string", "minLength": 1, "maxLength": 64, "description": prose(words // 2, number + 1)},
            "kind": {"type": "string", "enum": [f"kind-{i}" for i in range(number % 5 + 2)]},
            "ratio": {"type": "number", "minimum": 0, "maximum": 1},
            "is_active": {"type": "boolean", "default": False},
            "created_at": {"type": "string", "format": "date-time", "description": prose(words // 2, number + 2)},
            "labels": {"type": "object", "additionalProperties": {"type": "string"}},
            "parent": other(1),
            "children": {"type": "array", "items": other(2), "maxItems": 100},
            "place": {"type": "object", "properties": {"x": {"type": "number"}, "y": {"type": "number"}}},
        },
    }


def operation(number: int, schemas: int, words: int) -> dict[str, Any]:
    def ref(step: int) -> dict[str, Any]:
        return {"application/json": {"schema": {"$ref": f"#/components/schemas/Thing{(number * 4 + step) % schemas}"}}}

    made: dict[str, Any] = {
        "operationId": f"{('list', 'make', 'change', 'remove')[number % 4]}-thing-{number}",
        "summary": prose(40, number),
        "description": prose(words * 2, number),
        "tags": [f"tag-{number % 20}"],
        "parameters": [
            {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}},
            {"name": "limit", "in": "query", "schema": {"type": "integer", "maximum": 100}},
            {"name": "sort", "in": "query", "schema": {"type": "string", "enum": ["up", "down"]}},
        ],
        "responses": {
            "200": {"description": prose(40, number), "content": ref(0)},
            "404": {"description": "There is none.", "content": ref(1)},
        },
    }
    if number % 4 in (1, 2):
        made["requestBody"] = {"required": True, "content": ref(2)}
    return made


def document(operations: int, schemas: int, words: int) -> dict[str, Any]:
    methods = ("get", "post", "put", "delete")
    paths: dict[str, Any] = {}
    for i in range(operations):
        paths.setdefault(f"/things/{i // 4}/{{id}}", {})[methods[i % 4]] = operation(i, schemas, words)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Synthetic", "version": "1"},
        "servers": [{"url": "https://synthetic.example.com"}],
        "paths": paths,
        "components": {"schemas": {f"Thing{i}": schema(i, schemas, words) for i in range(schemas)}},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Writes a large document.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--megabytes", type=float, default=10)
    parser.add_argument("--operations", type=int, default=1000)
    parser.add_argument("--schemas", type=int, default=4000)
    arguments = parser.parse_args()

    def text(words: int) -> str:
        made = document(arguments.operations, arguments.schemas, words)
        if arguments.file.suffix == ".json":
            return json.dumps(made, indent=2)
        return str(yaml.dump(made, sort_keys=False, Dumper=getattr(yaml, "CSafeDumper", yaml.SafeDumper)))

    wanted = arguments.megabytes * 1e6
    small, large = len(text(100)), len(text(200))
    arguments.file.write_text(text(max(0, round(100 + (wanted - small) / (large - small) * 100))))


if __name__ == "__main__":
    main()
