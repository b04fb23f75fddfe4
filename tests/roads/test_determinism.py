"""The same export gives the same bytes in any hash seed, locale, time zone and folder."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from pathlib import Path

import openpyxl
import pytest

from tests.support.running import BROKEN, READY, run, run_here
from validator.outputs.registry import list_reports

KINDS = ",".join(list_reports())


def hashes(folder: Path) -> dict[str, str]:
    """The digest of every file in the folder, by where it lies."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


CHECK = ("check", "export", "-p", "khan-academy", "-q", "--out", "reports", "--report", KINDS)
AGAIN = (
    *("check", "export", "-q", "--report", KINDS, "--history", "history"),
    *("--previous", READY, "--worklist", "last/report.xlsx"),
)
"""A run that is compared with earlier ones in every way."""
OVERVIEW = ("portfolio", "districts", "-q", "--jobs", "1")
LINES: tuple[tuple[int, tuple[object, ...]], ...] = (
    (1, CHECK),
    (1, OVERVIEW),
    (0, ("changes", READY, "export", "--out", "changes.json")),
    (1, ("mend", "export", "-q", "--out", "mended")),
    (1, AGAIN),
)
"""Command lines, with their exit codes."""

SEVERAL = """
import json, sys
from tests.support import portfolios
from validator.cli import app as cli
with portfolios.without_workers():
    for wanted, words in json.loads(sys.argv[1]):
        sys.argv[1:] = words
        try:
            cli.main()
        except SystemExit as ended:
            assert ended.code == wanted, (ended.code, words)
sys.argv[1:] = ["--version"]
"""
"""Runs several command lines in one process."""

SURROUNDINGS = {
    "as usual": {"PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C.UTF-8"},
    "east": {
        "PYTHONHASHSEED": "1",
        "TZ": "Pacific/Kiritimati",
        "LC_ALL": "C",
        "LANG": "C",
        "PYTHONUTF8": "0",
    },
    "west": {
        "PYTHONHASHSEED": "4242",
        "TZ": "Pacific/Pago_Pago",
        "LC_ALL": "tr_TR.UTF-8",
        "LANG": "de_DE.UTF-8",
        "OMP_NUM_THREADS": "1",
        "COLUMNS": "40",
        "TERM": "dumb",
    },
}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an export, a work-list that is filled in, and what earlier runs left."""
    desk = tmp_path_factory.mktemp("desk")
    shutil.copytree(BROKEN, desk / "export")
    shutil.copytree(READY, desk / "districts" / "maple")
    for words in (
        OVERVIEW,
        ("check", READY, "-q", "--report", "json", "--history", "history"),
        ("check", "export", "-q", "--report", "xlsx", "--out", "last"),
    ):
        assert run_here(desk, *words).returncode in (0, 1)
    book = openpyxl.load_workbook(desk / "last" / "report.xlsx")
    for sheet in book.worksheets:
        for cell in [cell for row in sheet for cell in row if cell.value == "to do"]:
            cell.value = "done"
    book.save(desk / "last" / "report.xlsx")
    shutil.copytree(BROKEN, desk / "districts" / "maple", dirs_exist_ok=True)
    return desk


@pytest.fixture(scope="module")
def made(desk: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, str]]:
    """The digest of each file that the command lines leave on a desk, by the surroundings.

    In the west only the first command line is run.
    """
    digests = {}
    for name, env in SURROUNDINGS.items():
        folder = tmp_path_factory.mktemp(name) / "desk"
        shutil.copytree(desk, folder)
        lines = LINES[:1] if name == "west" else LINES
        done = run(folder, json.dumps(lines, default=str), program=SEVERAL, env=env)
        assert done.returncode == 0, done.stderr
        digests[name] = hashes(folder)
    return digests


@pytest.mark.slow
@pytest.mark.promise(
    "With SOURCE_DATE_EPOCH set, the same export gives the same bytes in any locale, time zone and "
    "run"
)
def test_the_same_export_gives_the_same_bytes(made: dict[str, dict[str, str]]) -> None:
    reports = [
        {path: digest for path, digest in files.items() if Path(path).parts[0] == "reports"}
        for files in made.values()
    ]
    assert len(reports[0]) == len(list_reports())
    assert reports[0] == reports[1] == reports[2]


@pytest.mark.slow
@pytest.mark.promise(
    "With SOURCE_DATE_EPOCH set, the same export gives the same bytes in any locale, time zone and "
    "run"
)
def test_what_is_compared_with_an_earlier_run_gives_the_same_bytes(
    made: dict[str, dict[str, str]],
) -> None:
    written = {Path(path).parts[0] for path in made["as usual"]}
    assert {"changes.json", "mended", "readiness-portfolio", "readiness-report"} <= written
    assert made["as usual"] == made["east"]


def check_here(folder: Path) -> dict[str, str]:
    """The digest of each report on the folder's export, made in this process."""
    done = run_here(folder, *CHECK)
    assert done.returncode == 1, done.stderr
    return hashes(folder / "reports")


@pytest.mark.slow
def test_the_place_of_the_export_and_the_order_of_its_files_do_not_matter(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "somewhere else" / "deep é"
    shutil.copytree(BROKEN, here / "export")
    (there / "export").mkdir(parents=True)
    for path in sorted(BROKEN.iterdir(), reverse=True):
        shutil.copy2(path, there / "export" / path.name)
    if hasattr(os, "sync"):
        os.sync()
    assert check_here(here) == check_here(there)
