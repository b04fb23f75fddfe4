"""The same export gives the same bytes, whatever the day's hash seed, locale, time zone or folder."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from running import BROKEN, command, surroundings

KINDS = "html,xlsx,json,junit,sarif,markdown"


def digests(folder: Path, **env: str) -> dict[str, str]:
    """The digest of each report of a run with such surroundings."""
    out = folder / "reports"
    if out.exists():
        shutil.rmtree(out)
    done = subprocess.run(
        command("check", "export", "-p", "khan-academy", "-q", "--out", "reports", "--report", KINDS),
        cwd=folder,
        env=surroundings(**env),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 1, done.stderr
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(out.iterdir())}


@pytest.mark.slow
@pytest.mark.promise(
    "With SOURCE_DATE_EPOCH set, the same export gives the same bytes: in any locale, time zone and run"
)
def test_the_same_export_gives_the_same_bytes(tmp_path: Path) -> None:
    folder = tmp_path / "one"
    shutil.copytree(BROKEN, folder / "export")
    first = digests(folder, PYTHONHASHSEED="0", TZ="UTC", LC_ALL="C.UTF-8")
    assert len(first) == 6
    for env in (
        {"PYTHONHASHSEED": "1", "TZ": "Pacific/Kiritimati"},
        {"PYTHONHASHSEED": "4242", "TZ": "Pacific/Pago_Pago"},
        {"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0"},
        {"LC_ALL": "tr_TR.UTF-8", "LANG": "de_DE.UTF-8"},
        {"OMP_NUM_THREADS": "1", "COLUMNS": "40", "TERM": "dumb"},
    ):
        assert digests(folder, **env) == first, env


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
