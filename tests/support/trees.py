"""Copies of the tree, in which a test may change files."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from tests.support.running import ROOT, surroundings

FOLDERS = (".github", "docs", "rules", "sample_data", "templates", "tests", "validator")


def copy_tree(folder: Path) -> Path:
    """Copy the tree into a folder and return it; its bytecode is still valid there."""
    ignore = shutil.ignore_patterns(".hypothesis", "_bundled")
    for name in FOLDERS:
        shutil.copytree(ROOT / name, folder / name, ignore=ignore)
    for path in ROOT.iterdir():
        if path.is_file():
            shutil.copy(path, folder / path.name)
    return folder


def run_python(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run Python on the package and the tests of a copy."""
    return subprocess.run(
        [sys.executable, *words],
        cwd=folder,
        env=surroundings(PYTHONPATH=str(folder), PYTHONDONTWRITEBYTECODE=""),
        capture_output=True,
        check=False,
        encoding="utf-8",
        timeout=300,
    )
