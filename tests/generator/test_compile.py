"""Documents at random, whose schemas, operations, members and values fight over the same few names, give C that
compiles: the source as C11, the header as C++17."""

from __future__ import annotations

import json
import random
import subprocess
from pathlib import Path
from typing import Any

import pytest

from edgebind import build, emit_docs, emit_header, emit_samples, emit_source, load
from edgebind.build_context import Entry
from edgebind.names import Pins
from edgebind.problem import Problems

ROOT = Path(__file__).resolve().parents[2]
WORDS = """
    app list item items type null rows limits pager all next params print dup equal enum error api of map entry value
    body text number count 2 2fa int class to_json free auth errors options op places pages file verify response result
""".split()
WARNINGS = "-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wcast-qual -Wwrite-strings -Werror -fsyntax-only".split()
Json = dict[str, Any]


class Writer:
    """Writes a document; the same seed, the same document."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.objects: list[str] = []
        self.names = self.several(14)

    def name(self) -> str:
        words = [self.random.choice(WORDS) for _ in range(self.random.randint(1, 3))]
        return self.random.choice("_-. ").join(w.capitalize() if self.random.random() < 0.4 else w for w in words)

    def several(self, count: int) -> list[str]:
        return list(dict.fromkeys(self.name() for _ in range(count)))

    def schema(self, depth: int = 0) -> Json:
        makers = [self.reference, self.reference, self.number, self.text, self.values, self.numbers, self.text]
        if depth < 2:
            makers += [lambda: {"type": "array", "items": self.schema(depth + 1)}, lambda: self.object(depth + 1)]
            makers += [lambda: self.choice(depth + 1)]
            makers += [
                lambda: {"type": "object", "additionalProperties": self.random.choice([self.reference, self.number])()}
            ]
        return self.random.choice(makers)()

    def choice(self, depth: int) -> Json:
        alternatives = [self.schema(depth) for _ in range(self.random.randint(2, 4))]
        if self.random.random() < 0.3:
            alternatives.append({"type": "null"})
        return {self.random.choice(["oneOf", "anyOf"]): alternatives}

    def reference(self) -> Json:
        return {"$ref": "#/components/schemas/" + self.random.choice(self.names)}

    def number(self) -> Json:
        return {"type": self.random.choice(["integer", "number"]), "minimum": self.random.randint(0, 9)}

    def text(self) -> Json:
        return {"type": "string"}

    def values(self) -> Json:
        return {"type": "string", "enum": self.several(3)}

    def numbers(self) -> Json:
        return {"type": "integer", "enum": [-1, 2]}

    def object(self, depth: int = 0) -> Json:
        return {"type": "object", "properties": {name: self.schema(depth) for name in self.several(5)}}

    def operation(self, name: str, schemas: Json) -> Json:
        result = self.random.choice(self.objects)
        content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{result}"}}}
        made: Json = {"operationId": name, "responses": {"200": {"description": "Done.", "content": content}}}
        makers = [self.number, self.values, self.text]
        made["parameters"] = [
            {"name": n, "in": "query", "schema": self.random.choice(makers)()} for n in self.several(3)
        ]
        if self.random.random() < 0.6:
            body = {"$ref": f"#/components/schemas/{self.random.choice(self.objects)}"}
            made["requestBody"] = {
                "content": {"application/json": {"schema": self.random.choice([body, self.object()])}}
            }
        lists = [
            n
            for n, s in schemas[result]["properties"].items()
            if s.get("items", {}).get("$ref", "")[21:] in self.objects
        ]
        pages = [
            p["name"] for p in made["parameters"] if p["schema"]["type"] == "integer" and "enum" not in p["schema"]
        ]
        if lists and pages:
            made["x-eb-pages"] = {"type": "number", "page": pages[0], "items": f"/{lists[0]}"}
        return made

    def document(self) -> Json:
        self.objects = self.names[:10]
        schemas = {name: self.object() if name in self.objects else self.values() for name in self.names}
        paths = {f"/{i}": {"post": self.operation(name, schemas)} for i, name in enumerate(self.several(8))}
        return {
            "openapi": "3.1.0",
            "info": {"title": "Random", "version": "1"},
            "servers": [{"url": "https://random.example.com"}],
            "x-eb-errors": {
                "format": "json",
                "message": ["/message"],
                "codes": dict.fromkeys(self.several(4), "A code."),
            },
            "paths": paths,
            "components": {"schemas": schemas},
        }


@pytest.mark.parametrize("seed", range(12))
def test_names_that_collide_compile(seed: int, tmp_path: Path) -> None:
    path = tmp_path / "random.json"
    path.write_text(json.dumps(Writer(seed).document()))
    problems = Problems()
    document = load.load(str(path), problems)
    assert document is not None
    built = build.build(document, Entry(path.name, "t", "t"), Pins(), lambda name: None)
    if built is None:  # a map of texts by reference, a list of itself: what is not supported is said
        assert list(problems) and all("not supported" in str(p) or "itself" in str(p) for p in problems)
        return
    (tmp_path / "edgebind").mkdir()
    (tmp_path / "edgebind/t.h").write_text(emit_header.header(built.api))
    (tmp_path / "t.c").write_text(emit_source.source(built.api))
    (tmp_path / "t.cpp").write_text('#include "edgebind/t.h"\n')
    assert emit_docs.docs(built.api)
    programs = [program for o in built.api.operations if (program := emit_samples.sample(built.api, o))]
    assert len(programs) == len(built.api.operations)
    for number, program in enumerate(programs):
        (tmp_path / f"sample{number}.c").write_text(program)
    samples = ["gcc", "-std=c99", *(f"sample{number}.c" for number in range(len(programs)))]
    for compiler in (["gcc", "-std=c11", "t.c"], ["g++", "-std=c++17", "t.cpp"], samples):
        command = [*compiler, *WARNINGS, "-I", str(ROOT / "runtime/include"), "-I", "."]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
        assert done.stderr == ""
        assert done.returncode == 0
