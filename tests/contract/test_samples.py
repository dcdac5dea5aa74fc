"""The sample of every operation's page in generated/docs/, compiled as a user would and run against the mock."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import spec
from edgebind_mock import access
from harness import PROGRAM, ROOT, Mock, environment

PAGES = sorted(page for page in (ROOT / "generated/docs").glob("*/*.md") if "\n## Sample\n" in page.read_text())
COMPILE = [
    *"gcc -std=c99 -O0 -fsanitize=address,undefined -fno-sanitize-recover=all -Werror -Wall -Wextra".split(),
    *"-Wpedantic -Wconversion -Wshadow -Wstrict-prototypes -Wcast-qual -Wwrite-strings".split(),
    *"-Iruntime/include -Igenerated/include -x c - -x none -o".split(),
]
LIBRARIES = [str(PROGRAM.parents[1] / "lib/libedgebind.a"), *"-lcurl -lcrypto -lcjson -lm -pthread".split()]


def program_of(page: Path) -> str:
    found = re.search(r"\n## Sample\n\n```c\n(.*?)\n```\n", page.read_text(), re.S)
    assert found, f"{page} has no sample"
    return found[1] + "\n"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("samples")

    def build(page: Path) -> str:
        done = subprocess.run(
            [*COMPILE, str(folder / page.stem), *LIBRARIES],
            input=program_of(page), cwd=ROOT, text=True, capture_output=True,
        )
        return done.stderr

    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        said = dict(zip(PAGES, pool.map(build, PAGES), strict=True))
    wrong = {page.name: text for page, text in said.items() if text}
    assert not wrong, "\n".join(f"{name}:\n{text}" for name, text in wrong.items())
    (folder / "example.bin").write_text("addEventListener('fetch', (event) => {});\n")
    yield folder


def run(program: Path, url: str) -> subprocess.CompletedProcess[str]:
    variables = {
        "EDGEBIND_MOCK_URL": url,
        "EDGEGAP_TOKEN": access.EDGEGAP_TOKEN,
        "ALIBABA_CLOUD_ACCESS_KEY_ID": access.ACCESS_KEY_ID,
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET": access.ACCESS_KEY_SECRET,
    }
    return subprocess.run(
        [program], cwd=program.parent, env=environment() | variables, text=True, capture_output=True, timeout=60
    )


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_sample_does_what_its_page_says(mock: Mock, built: Path, page: Path) -> None:
    uploads = "_file(client" in program_of(page)  # the ticket must be one that the mock serves
    if not uploads:
        mock.fault("*", {"example": True}, times=None)
    done = run(built / page.stem, mock.url)
    assert (done.returncode, done.stderr) == (0, ""), done
    journal = mock.journal()
    assert all(entry["verdict"]["ok"] for entry in journal), journal
    operation = journal[0]["operationId"]
    if uploads:
        assert [entry["operationId"] for entry in journal] == ["UploadRoutineCode", "PostObject"]
    elif spec.result(operation):
        shown = done.stdout.splitlines()[0].rpartition(": ")[2]
        assert shown in json.dumps(spec.result_example(operation))
    else:
        assert done.stdout == f"HTTP {journal[-1]['status']}\n"
    assert page.stem.replace("_", "").endswith(re.sub("[^a-z]", "", operation.lower()))


def test_every_operation_has_a_sample() -> None:
    assert len(PAGES) == len(spec.ALL)
