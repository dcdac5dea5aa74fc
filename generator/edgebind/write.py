"""Files, all or none: everything is on the disk under other names before the first one gets its own."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path

from . import __version__

MANIFEST = "MANIFEST.json"
MANY = 200  # files that are forced to the disk one by one; more go together


def manifest(texts: Mapping[str, str], documents: Mapping[str, str]) -> str:
    """What was generated, from what, by which version; the hashes are of the files as they are written."""
    made = {
        "generator": __version__,
        "documents": dict(sorted(documents.items())),
        "files": {path: hashlib.sha256(text.encode()).hexdigest() for path, text in sorted(texts.items())},
    }
    return json.dumps(made, indent=2, ensure_ascii=False) + "\n"


def generated_before(out: Path) -> set[str]:
    """The files that the manifest of an earlier run lists, those alone may be removed."""
    try:
        files = json.loads((out / MANIFEST).read_text(encoding="utf-8"))["files"]
        return {
            path
            for path in files
            if isinstance(path, str) and not Path(path).is_absolute() and ".." not in Path(path).parts
        }
    except (OSError, ValueError, KeyError, TypeError):
        return set()


def documents_before(out: Path) -> set[str]:
    """The documents whose code an earlier run put there."""
    try:
        return set(json.loads((out / MANIFEST).read_text(encoding="utf-8"))["documents"])
    except (OSError, ValueError, KeyError, TypeError):
        return set()


def differences(out: Path, texts: Mapping[str, str]) -> list[str]:
    """What writing would change: one line per file."""
    made = []
    for path, text in sorted(texts.items()):
        try:
            if (out / path).read_bytes() != text.encode():
                made.append(f"{out / path}: out of date")
        except OSError:
            made.append(f"{out / path}: missing")
    made += [
        f"{out / path}: no longer generated"
        for path in sorted(generated_before(out) - set(texts))
        if (out / path).exists()
    ]
    return made


def write(files: Mapping[Path, str], stale: set[Path]) -> int:
    """Writes files, leaves those that are the same alone, removes the stale ones. The last file given is the last that
    gets its name. How many were written."""
    staged: list[tuple[Path, Path]] = []
    try:
        for path, text in files.items():
            data = text.encode()
            try:
                if path.read_bytes() == data:
                    continue
            except OSError:
                pass
            path.parent.mkdir(parents=True, exist_ok=True)
            beside = path.with_name(f".{path.name}.{os.getpid()}")
            staged.append((beside, path))
            with beside.open("wb") as file:
                file.write(data)
                if len(files) <= MANY:
                    file.flush()
                    os.fsync(file.fileno())
        if len(files) > MANY:
            os.sync()
        for beside, path in staged:
            os.replace(beside, path)
        changed = len(staged)
        staged.clear()
    finally:
        for beside, _ in staged:
            with contextlib.suppress(OSError):
                beside.unlink()
    for path in stale:
        with contextlib.suppress(OSError):
            path.unlink()
    return changed
