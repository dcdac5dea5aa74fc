"""What a vendored copy consists of, as an SPDX 2.3 document. Data in, text out: no date and no place, so that the same
choice gives the same bytes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

LICENSE = "MIT"
_NOTHING = "NOASSERTION"


@dataclass(frozen=True)
class Needed:
    """A library behind the copy."""

    name: str                      # "libcurl"
    license: str                   # "curl"
    version: str | None = None     # of one that is part of the copy: "1.7.15"
    copyright: str = _NOTHING


def document(
    name: str, version: str, texts: Mapping[str, str], excluded: Sequence[str], needed: Sequence[Needed], tool: str
) -> str:
    """texts: the files by name; excluded: files beside them that name this document's hash, and itself."""
    copied = next((line for line in texts.get("LICENSE", "").splitlines() if line.startswith("Copyright")), _NOTHING)
    hashes = sorted(_digest("sha1", text) for text in texts.values())
    package = {
        "SPDXID": "SPDXRef-Package",
        "name": name,
        "versionInfo": version,
        "supplier": _NOTHING,
        "downloadLocation": _NOTHING,
        "filesAnalyzed": True,
        "packageVerificationCode": {
            "packageVerificationCodeValue": _digest("sha1", "".join(hashes)),
            "packageVerificationCodeExcludedFiles": [f"./{path}" for path in sorted(excluded)],
        },
        "primaryPackagePurpose": "SOURCE",
        "licenseConcluded": LICENSE,
        "licenseDeclared": LICENSE,
        "licenseInfoFromFiles": [LICENSE],
        "copyrightText": copied,
    }
    files = [_file(path, text, copied) for path, text in sorted(texts.items())]
    relationships = [_relation("SPDXRef-DOCUMENT", "DESCRIBES", "SPDXRef-Package")]
    relationships += [_relation("SPDXRef-Package", "CONTAINS", file["SPDXID"]) for file in files]
    relationships += [
        _relation("SPDXRef-Package", "CONTAINS" if library.version else "DEPENDS_ON", f"SPDXRef-{library.name}")
        for library in needed
    ]
    all_hashes = "".join(f"{path} {_digest('sha256', text)}\n" for path, text in sorted(texts.items()))
    made = {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": name,
        "documentNamespace": f"https://spdx.org/spdxdocs/{name}-{version}-{_digest('sha256', all_hashes)}",
        "creationInfo": {
            "created": "1970-01-01T00:00:00Z",
            "creators": [f"Tool: {tool}"],
            "comment": "The date is always this one: the same choice gives the same bytes.",
        },
        "packages": [package, *(_library(library) for library in needed)],
        "files": files,
        "relationships": relationships,
    }
    return json.dumps(made, indent=2, ensure_ascii=False) + "\n"


def _file(path: str, text: str, copied: str) -> dict[str, Any]:
    kind = "SOURCE" if path.endswith((".c", ".h")) else "DOCUMENTATION" if path == "README" else "TEXT"
    return {
        "SPDXID": f"SPDXRef-File-{path.replace('_', '-')}",
        "fileName": f"./{path}",
        "fileTypes": [kind],
        "checksums": [
            {"algorithm": "SHA1", "checksumValue": _digest("sha1", text)},
            {"algorithm": "SHA256", "checksumValue": _digest("sha256", text)},
        ],
        "licenseConcluded": LICENSE,
        "licenseInfoInFiles": [LICENSE],
        "copyrightText": copied,
    }


def _library(library: Needed) -> dict[str, Any]:
    made: dict[str, Any] = {
        "SPDXID": f"SPDXRef-{library.name}",
        "name": library.name,
        "downloadLocation": _NOTHING,
        "filesAnalyzed": False,
        "licenseConcluded": _NOTHING,
        "licenseDeclared": library.license,
        "copyrightText": library.copyright,
    }
    if library.version:
        made["versionInfo"] = library.version
    return made


def _relation(one: str, how: str, other: str) -> dict[str, str]:
    return {"spdxElementId": one, "relationshipType": how, "relatedSpdxElement": other}


def _digest(algorithm: str, text: str) -> str:
    return hashlib.new(algorithm, text.encode(), usedforsecurity=False).hexdigest()
