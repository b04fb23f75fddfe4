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


def digests(folder: Path, **env: str) -> dict[str, str]:
    """The digest of each report of a run with such surroundings; without any, in this process."""
    out = folder / "reports"
    if out.exists():
        shutil.rmtree(out)
    words = ("check", "export", "-p", "khan-academy", "-q", "--out", "reports", "--report", KINDS)
    done = run(folder, *words, env=env) if env else run_here(folder, *words)
    assert done.returncode == 1, done.stderr
    return hashes(out)


@pytest.mark.slow
@pytest.mark.promise(
    "With SOURCE_DATE_EPOCH set, the same export gives the same bytes in any locale, time zone and "
    "run"
)
def test_the_same_export_gives_the_same_bytes(tmp_path: Path) -> None:
    folder = tmp_path / "one"
    shutil.copytree(BROKEN, folder / "export")
    first = digests(folder, PYTHONHASHSEED="0", TZ="UTC", LC_ALL="C.UTF-8")
    assert len(first) == len(list_reports())
    east = {"PYTHONHASHSEED": "1", "TZ": "Pacific/Kiritimati"}
    plain = {"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0"}
    assert digests(folder, **east, **plain) == first
    west = {"PYTHONHASHSEED": "4242", "TZ": "Pacific/Pago_Pago"}
    turkish = {"LC_ALL": "tr_TR.UTF-8", "LANG": "de_DE.UTF-8"}
    small = {"OMP_NUM_THREADS": "1", "COLUMNS": "40", "TERM": "dumb"}
    assert digests(folder, **west, **turkish, **small) == first


AGAIN = (
    *("check", "export", "-q", "--report", KINDS, "--history", "history"),
    *("--previous", READY, "--worklist", "last/report.xlsx"),
)
"""A run that is compared with earlier ones in every way."""

SEVERAL = """
import json, sys
from validator.cli import app as cli
for sys.argv[1:] in json.loads(sys.argv[1]):
    try:
        cli.main()
    except SystemExit as ended:
        assert ended.code in (0, 1), sys.argv
sys.argv[1:] = ["--version"]
"""
"""Runs several command lines in one process."""


def several(folder: Path, *lines: tuple[object, ...], **env: str) -> dict[str, str]:
    """The digest of every file that lies in the folder after these command lines."""
    told = run(folder, json.dumps(lines, default=str), program=SEVERAL, env=env)
    assert told.returncode == 0, told.stderr
    return hashes(folder)


@pytest.mark.slow
@pytest.mark.promise(
    "With SOURCE_DATE_EPOCH set, the same export gives the same bytes in any locale, time zone and "
    "run"
)
def test_what_is_compared_with_an_earlier_run_gives_the_same_bytes(tmp_path: Path) -> None:
    desk = tmp_path / "desk"
    shutil.copytree(BROKEN, desk / "export")
    shutil.copytree(READY, desk / "districts" / "maple")
    overview = ("portfolio", "districts", "-q", "--jobs", "1")
    for words in (
        overview,
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
    made = []
    for seed in ("0", "1"):
        shutil.copytree(desk, tmp_path / seed)
        made.append(
            several(
                tmp_path / seed,
                overview,
                ("changes", READY, "export", "--out", "changes.json"),
                ("mend", "export", "-q", "--out", "mended"),
                AGAIN,
                PYTHONHASHSEED=seed,
            )
        )
    assert made[0] == made[1]


@pytest.mark.slow
def test_the_place_of_the_export_and_the_order_of_its_files_do_not_matter(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "somewhere else" / "deep é"
    shutil.copytree(BROKEN, here / "export")
    (there / "export").mkdir(parents=True)
    for path in sorted(BROKEN.iterdir(), reverse=True):
        shutil.copy2(path, there / "export" / path.name)
    if hasattr(os, "sync"):
        os.sync()
    assert digests(here) == digests(there)
