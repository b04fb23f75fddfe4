"""Copies of the tree, in which a test may change files."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from tests.support.forks import run_code
from tests.support.running import ROOT

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


RUN_MODULE = """
import os, runpy, sys
sys.path.insert(0, os.getcwd())
del sys.argv[0]
runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
"""
"""Does what `python -m` does."""


def run_module(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a module of a copy, or pytest on its tests, as `python -m` does in its folder."""
    paths = {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": ""}
    return run_code(folder, *words, code=RUN_MODULE, env=paths, imports="libraries")
