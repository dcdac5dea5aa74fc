"""Puts the OpenAPI documents of the repository into the package, so that an installed mock has them."""

from __future__ import annotations

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

DOCUMENTS = Path(__file__).resolve().parents[2] / "spec"


class BuildWithDocuments(build_py):
    def run(self) -> None:
        super().run()
        target = Path(self.build_lib) / "edgebind_mock" / "spec"
        target.mkdir(parents=True, exist_ok=True)
        for path in DOCUMENTS.glob("*.yaml"):
            shutil.copy(path, target)


setup(cmdclass={"build_py": BuildWithDocuments})
