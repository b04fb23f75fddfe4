"""Who moved between two nights, and who left one of several schools."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.compare.test_school_moves import CHANGES, Write, write_clever, write_oneroster
from validator.compare.guard.differences import compare
from validator.compare.guard.snapshot import Digester, Snapshot, take_snapshot
from validator.compare.guard.snapshot_file import decode_snapshot, encode_snapshot
from validator.ingest import read
from validator.rulebook import load

DIGESTER = Digester(bytes(range(32)))

WAYS = {
    "students-moved": "moved",
    "students-school-left": "left_school",
    "students-school-given": "moved",
    "students-school-lost": "moved",
}
"""What `changes` calls a change of schools -> the way in which the guard counts it."""


def keep(folder: Path) -> Snapshot:
    """Take the snapshot of an export, write it and read it back."""
    grades, _ = load.load_vocabulary()
    taken = take_snapshot(read.read_export([folder]), DIGESTER, grades)
    return decode_snapshot(encode_snapshot(taken))


@pytest.mark.parametrize("write", [write_clever, write_oneroster])
@pytest.mark.parametrize("name", CHANGES)
def test_the_guard_calls_a_change_of_schools_as_changes_does(
    name: str, write: Write, tmp_path: Path
) -> None:
    before, after, expected = CHANGES[name]
    old, now = keep(write(tmp_path / "old", *before)), keep(write(tmp_path / "new", *after))
    count = compare(old, now)["students"].count()
    way = WAYS.get(expected or "")
    counted = {it: getattr(count, it) for it in ("moved", "left_school")}
    assert counted == {it: int(it == way) for it in counted}


@pytest.mark.parametrize("write", [write_clever, write_oneroster])
def test_a_record_counts_at_the_school_that_it_left(write: Write, tmp_path: Path) -> None:
    old, now = keep(write(tmp_path / "old", "1", "2")), keep(write(tmp_path / "new", "1"))
    students = compare(old, now)["students"]
    left = students.schools.school[students.schools.left]
    assert left.tolist() == [DIGESTER.digest("2", "school")]
    assert not students.schools.moved.any()


def test_a_snapshot_without_schools_of_several_is_compared_by_the_first(tmp_path: Path) -> None:
    old, now = keep(write_clever(tmp_path / "old", "1")), keep(write_clever(tmp_path / "new", "2"))
    students = compare(Snapshot(old.kinds), Snapshot(now.kinds))["students"]
    assert len(students.moved) == 1 and not len(students.left_school)
    assert old.schools["students"].shape == (2, 0)


def test_schools_of_another_shape_are_damage(tmp_path: Path) -> None:
    taken = keep(write_clever(tmp_path / "old", "1", "2"))
    wrong = Snapshot(taken.kinds, schools={"students": np.zeros(3, np.uint64)})
    with pytest.raises(ValueError, match="damaged"):
        decode_snapshot(encode_snapshot(wrong))
