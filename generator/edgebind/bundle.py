"""cJSON's two files as part of a vendored copy: which directory has them, and what they say about themselves."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

HEADER, SOURCE = "cJSON.h", "cJSON.c"
INCLUDE = "#include <cjson/cJSON.h>"
PATH = "cjson/cJSON.h"  # where the header stands among the public ones
NAMES = ("cJSON", "CJSON")  # what its public names begin with

_VERSION = re.compile(r"^#define CJSON_VERSION_(?:MAJOR|MINOR|PATCH) (\d+)", re.MULTILINE)
_LICENSE = re.compile(r"\A\s*/\*\n(.*?)\n\*/", re.DOTALL)
_COPYRIGHT = re.compile(r"Copyright[^\n]*")

# It is as its authors wrote it; their compilers' warnings are other ones than ours.
_QUIET = """\
#if defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wcast-qual"
#pragma GCC diagnostic ignored "-Wshadow"
#endif
"""
_LOUD = "#if defined(__GNUC__)\n#pragma GCC diagnostic pop\n#endif\n"


@dataclass(frozen=True)
class Bundle:
    header: str
    source: str

    @property
    def version(self) -> str:
        return ".".join(_VERSION.findall(self.header))

    @property
    def license(self) -> str:
        """The licence that the source opens with, without its indentation."""
        found = _LICENSE.match(self.source)
        return "\n".join(line.strip() for line in found.group(1).splitlines()) if found else ""

    @property
    def copyright(self) -> str:
        found = _COPYRIGHT.search(self.license)
        return found.group() if found else "NOASSERTION"

    def quiet(self) -> str:
        return _QUIET + self.source + _LOUD


def read(folder: Path) -> Bundle | str:
    """cJSON as it lies in a directory of its sources, or why there is none."""
    texts = []
    for name in (HEADER, SOURCE):
        try:
            texts.append((folder / name).read_text(encoding="utf-8").replace("\r\n", "\n"))
        except (OSError, ValueError) as error:
            why = error.strerror if isinstance(error, OSError) else "not UTF-8"
            return f"{folder / name}: {why}; name the directory of cJSON's own {HEADER} and {SOURCE}"
    made = Bundle(texts[0], texts[1])
    if made.version.count(".") != 2 or not made.license:
        return f"{folder}: {HEADER} does not say which version of cJSON it is, or {SOURCE} under which licence"
    return made


def shown(public: Mapping[str, str], bundle: Bundle) -> dict[str, str]:
    """The public headers with cJSON's among them, found where they included the system's."""
    made = {path: text.replace(INCLUDE, f'#include "{PATH}"') for path, text in public.items()}
    return {**made, PATH: bundle.header.replace('extern "C"\n{', 'extern "C" {')}
