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

    moved: bool mask of those at another school, or at one and none on the two nights. left: bool
    mask of those that left one school and stay at another. school: the digest of a school that the
    record left, 0 for none.
    """

    moved: np.ndarray
    left: np.ndarray
    school: np.ndarray


@dataclass(frozen=True, eq=False)
class Schools:
    """Digests of the schools of a night's records.

    first: of the school on the first row of each record. records, schools: all of those at several
    schools; `schools[i]` is one of record `records[i]`.
    """

    first: np.ndarray
    records: np.ndarray
    schools: np.ndarray

    def take(self, number: np.ndarray) -> Schools:
        """Return only the records with a new number in `number`; others have -1."""
        chosen = np.flatnonzero(number >= 0)
        return Schools(self.first[chosen], number[self.records], self.schools)

    def list_pairs(self) -> tuple[np.ndarray, np.ndarray]:
        """List records and schools, one pair for each; a pair may repeat."""
        records = np.concatenate([np.arange(len(self.first)), self.records])
        return records, np.concatenate([self.first, self.schools])


def list_schools(snapshot: Snapshot, name: str, records: Records, *, at: np.ndarray) -> Schools:
    """List all schools of some records of a night's snapshot, whose keys ascend."""
    keys = records.key[at]
    others, schools = snapshot.schools.get(name, NO_SCHOOLS)
    place = np.minimum(np.searchsorted(keys, others), max(len(keys) - 1, 0))
    known = keys[place] == others if len(keys) else np.zeros(len(others), bool)
    return Schools(records.school[at], place[known], schools[known])


def compare_schools(old: Schools, new: Schools) -> SchoolChanges:
    """Compare the schools of the records that both nights have."""
    count = len(old.first)
    may_differ = old.first != new.first
    may_differ[old.records] = may_differ[new.records] = True
    rows = np.flatnonzero(may_differ)
    number = np.full(count, -1, np.int64)
    number[rows] = np.arange(len(rows))
    changes = _compare(old.take(number), new.take(number))
    moved, left, school = np.zeros(count, bool), np.zeros(count, bool), np.zeros(count, np.uint64)
    moved[rows], left[rows], school[rows] = changes.moved, changes.left, changes.school
    return SchoolChanges(moved, left, school)


def _compare(old: Schools, new: Schools) -> SchoolChanges:
    """Compare the schools of the records of two nights whose schools may differ."""
    count = len(old.first)
    (old_records, old_schools), (new_records, new_schools) = old.list_pairs(), new.list_pairs()
    values, codes = np.unique(np.concatenate([old_schools, new_schools]), return_inverse=True)
    width = max(len(values), 1)
    pairs = np.concatenate([old_records, new_records]) * width + codes
    is_old, filled = np.arange(len(pairs)) < len(old_records), values[codes] != 0
    before, after = pairs[is_old & filled], pairs[~is_old & filled]
    sets, lost = compare_pairs(before, after, width, count=count)
    school = np.zeros(count, np.uint64)
    school[lost // width] = values[lost % width]
    return SchoolChanges(
        moved=(sets.lost & sets.gained) | (sets.had != sets.has),
        left=sets.lost & ~sets.gained & sets.has,
        school=school,
    )
