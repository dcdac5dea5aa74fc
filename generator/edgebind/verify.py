"""`edgebind verify`: does a directory still hold what was written to it? Its MANIFEST.json says, without documents."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from . import edits
from .write import MANIFEST

EDITED = "edited by hand"


def verify(out: Path) -> list[str]:
    """What is not as the manifest says, a line per file. ValueError when there is no manifest to go by.

    Strangers are files like generated ones where those are, and nowhere else: objects that were compiled there, and the
    rest of a project, are its own business."""
    files = _listed(out)
    made = []
    for path, expected in sorted(files.items()):
        try:
            data = (out / path).read_bytes()
        except FileNotFoundError:
            made.append(f"{out / path}: missing")
        except OSError as error:
            made.append(f"{out / path}: cannot be read: {error.strerror}")
        else:
            if hashlib.sha256(data).hexdigest() != expected:
                made.append(f"{out / path}: {EDITED}")
    known = {(out / path).resolve() for path in files} | {(out / MANIFEST).resolve()}
    kinds = {Path(path).suffix for path in files} - {""}
    for folder in sorted({(out / path).parent for path in files}):
        files_there = sorted(path for path in folder.iterdir() if path.is_file()) if folder.is_dir() else []
        files_there = [path for path in files_there if path.suffix in kinds]
        made += [f"{path}: not generated" for path in files_there if path.resolve() not in known]
    return made


def hand_edits(out: Path, now: Mapping[str, str]) -> list[str]:
    """The edits themselves, as a diff, when the manifest knows the lines; now: what would be written, by file."""
    try:
        lines = json.loads((out / MANIFEST).read_text(encoding="utf-8")).get("lines")
    except (OSError, ValueError, AttributeError):
        return []
    if not isinstance(lines, dict) or not all(isinstance(text, str) for text in lines.values()):
        return []
    edited = [path for path, _ in sorted(_listed(out).items()) if f"{out / path}: {EDITED}" in verify(out)]
    return edits.shown(out, lines, edited, now)


def _listed(out: Path) -> dict[str, str]:
    path = out / MANIFEST
    try:
        files = json.loads(path.read_text(encoding="utf-8"))["files"]
    except FileNotFoundError:
        raise ValueError(f"{path}: no such file; name the directory that edgebind generated") from None
    except OSError as error:
        raise ValueError(f"{path}: {error.strerror}") from None
    except (ValueError, KeyError, TypeError):
        raise ValueError(f"{path}: not a manifest of edgebind") from None
    if not isinstance(files, dict) or not all(isinstance(h, str) and _inside(p) for p, h in files.items()):
        raise ValueError(f"{path}: not a manifest of edgebind")
    return files


def _inside(path: str) -> bool:
    return not Path(path).is_absolute() and ".." not in Path(path).parts
