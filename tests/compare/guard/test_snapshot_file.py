"""The file of the guard's snapshot: read whole, or said to be damaged."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from validator.compare.guard.snapshot import Records, Snapshot
from validator.compare.guard.snapshot_file import decode_snapshot, encode_snapshot

IDS = np.array([3, 7], dtype=np.uint64)
NONE = np.zeros(0, dtype=np.uint64)
STUDENTS = Records(IDS, IDS, IDS, IDS, np.stack([IDS, IDS, IDS]), IDS)
SNAPSHOT = Snapshot({"students": STUDENTS}, {"students": (IDS[:1], np.array([739_000]))})


def test_a_snapshot_is_read_as_it_was_written() -> None:
    read = decode_snapshot(encode_snapshot(SNAPSHOT))
    for part in dataclasses.fields(Records):
        was, now = (getattr(it, part.name) for it in (STUDENTS, read.kinds["students"]))
        assert np.array_equal(was, now)
    assert [array.tolist() for array in read.seen["students"]] == [[3], [739_000]]


def test_any_changed_byte_gives_a_snapshot_or_says_that_it_is_damaged() -> None:
    whole = encode_snapshot(SNAPSHOT)
    refused = 0
    for at in range(len(whole)):
        changed = whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :]
        try:
            decode_snapshot(changed)
        except ValueError as damage:
            assert str(damage) == "the digests of the last export are damaged"
            refused += 1
    assert refused > len(whole) / 2


def test_arrays_of_different_lengths_are_damage() -> None:
    short = dataclasses.replace(STUDENTS, school=IDS[:1])
    with pytest.raises(ValueError, match="damaged"):
        decode_snapshot(encode_snapshot(Snapshot({"students": short})))


def test_kinds_without_people_have_no_such_arrays() -> None:
    sections = dataclasses.replace(STUDENTS, person=NONE, mail=NONE)
    read = decode_snapshot(encode_snapshot(Snapshot({"sections": sections})))
    assert len(read.kinds["sections"]) == 2
