"""Schools of the records in two nights: who moved, and who left one of several schools."""

from __future__ import annotations

import numpy as np

from validator.compare.guard.snapshot import Records, Snapshot
from validator.compare.value_sets import compare_pairs
from validator.model import dataclass

NO_SCHOOLS = np.zeros((2, 0), np.uint64)


@dataclass(frozen=True, eq=False)
class SchoolChanges:
    """Changes of the schools of records in both nights, with an entry for each of them.

    moved, left: bool masks; who moved is at another school, and who left one school stays at
    another. school: the digest of a school that the record left, 0 for none.
    """

    moved: np.ndarray
    left: np.ndarray
    school: np.ndarray


@dataclass(frozen=True, eq=False)
class Schools:
    """Digests of the schools of a night's records: `schools[i]` is one of record `records[i]`."""

    records: np.ndarray
    schools: np.ndarray


def list_schools(snapshot: Snapshot, name: str, records: Records, *, at: np.ndarray) -> Schools:
    """List all schools of some records of a night's snapshot, whose keys ascend."""
    keys = records.key[at]
    others, schools = snapshot.schools.get(name, NO_SCHOOLS)
    place = np.minimum(np.searchsorted(keys, others), max(len(keys) - 1, 0))
    known = keys[place] == others if len(keys) else np.zeros(len(others), bool)
    return Schools(
        np.concatenate([np.arange(len(at)), place[known]]),
        np.concatenate([records.school[at], schools[known]]),
    )


def compare_schools(old: Schools, new: Schools, *, count: int) -> SchoolChanges:
    """Compare the schools of the `count` records that both nights have."""
    values, codes = np.unique(np.concatenate([old.schools, new.schools]), return_inverse=True)
    width = max(len(values), 1)
    pairs = np.concatenate([old.records, new.records]) * width + codes
    is_old, filled = np.arange(len(pairs)) < len(old.records), values[codes] != 0
    before, after = pairs[is_old & filled], pairs[~is_old & filled]
    sets = compare_pairs(before, after, width, count=count)
    school = np.zeros(count, np.uint64)
    lost = np.setdiff1d(before, after)
    school[lost // width] = values[lost % width]
    return SchoolChanges(
        moved=(sets.lost & sets.gained) | (sets.had != sets.has),
        left=sets.lost & ~sets.gained & sets.has,
        school=school,
    )
