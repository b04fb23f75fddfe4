"""The guard killed in the middle: state and release folder stay whole."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from tests.support import forks
from tests.support.nights import District
from validator.compare.guard.release import NOT_READY, Release
from validator.compare.guard.state import Folder, read_history

pytestmark = pytest.mark.skipif(os.name != "posix", reason="kills need POSIX signals")

POINTS = {"exchange": 20, "one-by-one": 8}
"""Points at which the guard is killed, spread over everything that it writes."""
DRIVER = "from tests.support import guard_driver\nguard_driver.main()"


def drive(place: Path, export: Path, *, point: int = 0, mode: str = "exchange") -> tuple[int, int]:
    """Run the guard on an export; return the exit status and the number of writes."""
    folders = ("--state", place / "state", "--release", place / "release")
    words = ("guard", export, *folders, "--as-of", "2026-10-05", "--quiet")
    run = forks.run_code(place, point, mode, *words, code=DRIVER)
    lines = run.stdout.split()
    return run.returncode, int(lines[-1]) if lines else -1


def hash_folder(folder: Path) -> dict[str, str]:
    """The digest of each file in a folder; nothing where there is none."""
    if not folder.exists():
        return {}
    return {it.name: hashlib.sha256(it.read_bytes()).hexdigest() for it in folder.iterdir()}


def build(place: Path) -> tuple[Path, Path]:
    """Two exports of a small district, one after the other."""
    district = District.load()
    students = district.tables["students"]
    district.drop_students({row["Student_id"] for at, row in enumerate(students) if at % 8})
    first = district.write(place / "first")
    district.tables["students"][0]["Contact_name"] = "Somebody Madeup"
    district.tables["students"][0]["Contact_type"] = "Primary"
    return first, district.write(place / "second")


@pytest.mark.slow
@pytest.mark.parametrize("mode", POINTS)
@pytest.mark.promise("Whenever the guard is killed, the release folder holds one export whole")
def test_a_kill_leaves_the_release_folder_whole(tmp_path: Path, mode: str) -> None:
    first, second = build(tmp_path)
    old, new = hash_folder(first), hash_folder(second)
    status, _ = drive(tmp_path, first, mode=mode)
    assert status == 0
    _, writes = drive(tmp_path, first, mode=mode)
    points = POINTS[mode]
    assert writes > points
    for at in range(points):
        point = 1 + at * (writes - 1) // (points - 1)
        status, _ = drive(tmp_path, second if at % 2 == 0 else first, point=point, mode=mode)
        assert status == -9, f"point {point} of {writes}"
        check_release(tmp_path / "release", old, new, mode=mode)
        if at % 10 == 9 or at == points - 1:
            check_next_night(tmp_path, second, new, mode=mode)
            check_next_night(tmp_path, first, old, mode=mode)


def check_release(folder: Path, old: dict[str, str], new: dict[str, str], *, mode: str) -> None:
    """The folder holds one export whole, or says that it is not ready."""
    hashes = hash_folder(folder)
    is_whole = hashes in (old, new)
    assert is_whole or (mode == "one-by-one" and NOT_READY in hashes)


def check_next_night(place: Path, export: Path, wanted: dict[str, str], *, mode: str) -> None:
    """The next night decides as if nothing had happened, and its export is released."""
    status, _ = drive(place, export, mode=mode)
    assert status == 0
    assert hash_folder(place / "release") == wanted
    assert not Release(place / "release").staged.exists()
    state = Folder(place / "state").load()
    numbers = [line["night"] for line in read_history(place / "state")]
    assert numbers == sorted(set(numbers))
    assert state.number == numbers[-1]
    assert len(list((place / "state").glob("digests-*.npz"))) == 1
    assert not (place / "state" / "pending.json").exists()


AT_ONCE = """
import os, sys
from validator.cli import app
exports = sys.argv.pop(1).split(os.pathsep)
guards = []
for export in exports:
    guards.append(os.fork())
    if not guards[-1]:
        sys.argv.append(export)
        app.start()
print([os.waitstatus_to_exitcode(os.waitpid(guard, 0)[1]) for guard in guards])
"""
"""Runs a guard for each export, all at the same time, and prints their exit codes."""


@pytest.mark.slow
def test_two_guards_at_once_take_turns(tmp_path: Path) -> None:
    first, second = build(tmp_path)
    folders = ("--state", tmp_path / "state", "--release", tmp_path / "release")
    words = ("guard", "--as-of", "2026-10-05", "--quiet", *folders)
    exports = os.pathsep.join(map(str, (first, second, first)))
    done = forks.run_code(tmp_path, exports, *words, code=AT_ONCE)
    assert done.stdout.strip() == "[0, 0, 0]", done.stderr
    assert hash_folder(tmp_path / "release") in (hash_folder(first), hash_folder(second))
    assert [line["night"] for line in read_history(tmp_path / "state")] == [1, 2, 3]
