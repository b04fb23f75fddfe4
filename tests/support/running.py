"""The program as its users run it: a process of its own, in a folder of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from validator import resources

ROOT = Path(__file__).resolve().parents[2]
READY, BROKEN = resources.samples() / "ready", resources.samples() / "broken"
DAY = ("--as-of", "2026-11-16")
PINNED = "1794787200"  # 2026-11-16

AGAIN = (
    "check",
    BROKEN,
    "-p",
    "own.yaml",
    "-p",
    "freckle",
    "--sis",
    "powerschool",
    *DAY,
    "--worklist",
    "last.xlsx",
    "--baseline",
    "last.json",
    "--previous",
    READY,
    "--history",
    "history.jsonl",
    "--sharing",
    "sharing.yaml",
)
"""A run whose page has everything, on a desk."""


def surroundings(**more: str) -> dict[str, str]:
    """The environment of such a process: pinned clock, the package of this checkout."""
    kept = {
        key: value
        for key, value in os.environ.items()
        if key not in ("GITHUB_ACTIONS", "PYTHONHASHSEED")
    }
    return {
        **kept,
        "PYTHONPATH": str(resources.rules().parent),
        "SOURCE_DATE_EPOCH": PINNED,
        **more,
    }


def command(*arguments: object) -> list[str]:
    """The command line."""
    return [sys.executable, "-m", "validator", *map(str, arguments)]


def run(
    folder: Path, *arguments: object, program: str = "", **more: Any
) -> subprocess.CompletedProcess[str]:
    """The program, run in a folder; `program` is Python that runs before it, in the same process.

    `env` adds to its surroundings; the rest goes to `subprocess.run`.
    """
    called = command(*arguments)
    if program:
        called = [
            sys.executable,
            "-c",
            f"{program}\nfrom validator.cli import app\napp.main()",
            *map(str, arguments),
        ]
    return subprocess.run(
        called,
        cwd=folder,
        env=surroundings(**more.pop("env", {})),
        capture_output=True,
        check=False,
        text=True,
        encoding="utf-8",
        errors="replace",
        timeout=300,
        **more,
    )


def desk(folder: Path) -> Path:
    """The folder with all that commands are given: an archive, the last reports, rules for sharing, a pack."""
    shutil.make_archive(str(folder / "export"), "zip", BROKEN)
    (folder / "sharing.yaml").write_text(
        "share: rules\nrules:\n  - match: sections\n    where: [{field: Grade, is: [6, 7, 8]}]\n",
        encoding="utf-8",
    )
    (folder / "own.yaml").write_text(
        "pack: own\nversion: '1'\ntitle: Own\ninclude: [khan-academy]\n"
        "waive: {student-email-missing: {reason: they sign in with badges, by: A. Quill}}\n",
        encoding="utf-8",
    )
    run(folder, *AGAIN[:6], *DAY, "-q", "--report", "json,xlsx", "--history", "history.jsonl")
    for kind in ("json", "xlsx"):
        shutil.copy(folder / "readiness-report" / f"report.{kind}", folder / f"last.{kind}")
    (folder / "raw.csv").write_text(
        "Student_Number,Last_Name,Grade_Level\n1,Made-Up,7\n", encoding="utf-8"
    )
    return folder
