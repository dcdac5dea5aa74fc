"""`edgebind verify`: does a directory still hold what was written to it? Its MANIFEST.json says, without documents."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from .write import MANIFEST


def verify(out: Path) -> list[str]:
    """What is not as the manifest says, a line per file. ValueError when there is no manifest to go by.

    Strangers are looked for where generated files are, and nowhere else: the rest of a project is its own business."""
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
                made.append(f"{out / path}: edited by hand")
    known = {(out / path).resolve() for path in files} | {(out / MANIFEST).resolve()}
    for folder in sorted({(out / path).parent for path in files}):
        files_there = sorted(path for path in folder.iterdir() if path.is_file()) if folder.is_dir() else []
        made += [f"{path}: not generated" for path in files_there if path.resolve() not in known]
    return made


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
