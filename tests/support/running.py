"""Run the program as its users do, in a separate process, or faster in this one."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any
from unittest import mock

from validator import resources

ROOT = Path(__file__).resolve().parents[2]
READY, BROKEN = resources.find_samples() / "ready", resources.find_samples() / "broken"
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
"""A run whose page has every part; it needs the files of `desk`."""


def surroundings(**more: str) -> dict[str, str]:
    """The environment of a separate process: a pinned clock and the package of this checkout."""
    kept = {
        key: value
        for key, value in os.environ.items()
        if key not in ("GITHUB_ACTIONS", "PYTHONHASHSEED")
    }
    return {
        **kept,
        "PYTHONPATH": str(resources.find_rules().parent),
        "SOURCE_DATE_EPOCH": PINNED,
        **more,
    }


def command(*arguments: object) -> list[str]:
    """The command line."""
    return [sys.executable, "-m", "validator", *map(str, arguments)]


def run(
    folder: Path, *arguments: object, program: str = "", **more: Any
) -> subprocess.CompletedProcess[str]:
    """Run the program in a separate process, in a folder.

    `program` is Python code that runs first in the same process; `env` adds to the environment; the
    rest goes to `subprocess.run`.
    """
    called = command(*arguments)
    if program:
        code = f"{program}\nfrom validator.cli import app\napp.main()"
        called = [sys.executable, "-c", code, *map(str, arguments)]
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


def run_here(folder: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run the program in this process, in a folder: a second faster than `run`.

    A portfolio is assessed in this process, too.
    """
    from tests.support import portfolios
    from validator.cli import app

    words = ["rosterready", *map(str, arguments)]
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    code = 0
    with (
        contextlib.chdir(folder),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        mock.patch.object(sys, "argv", words),
        mock.patch.dict(os.environ, surroundings(), clear=True),
        portfolios.without_workers(),
    ):
        try:
            app.main()
        except SystemExit as ended:
            code = int(ended.code or 0)
    texts = [stream.buffer.getvalue().decode() for stream in (out, err) if not stream.flush()]
    return subprocess.CompletedProcess(words, code, *texts)


def desk(folder: Path) -> Path:
    """Fill a folder with inputs of commands: an archive, last reports, sharing rules, a pack."""
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
    run_here(folder, *AGAIN[:6], *DAY, "-q", "--report", "json,xlsx", "--history", "history.jsonl")
    for kind in ("json", "xlsx"):
        shutil.copy(folder / "readiness-report" / f"report.{kind}", folder / f"last.{kind}")
    (folder / "raw.csv").write_text(
        "Student_Number,Last_Name,Grade_Level\n1,Made-Up,7\n", encoding="utf-8"
    )
    return folder
