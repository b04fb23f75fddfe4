"""Differences between two nights, counted for the district and for each school."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import numpy as np

from validator.compare.explain import MAIL
from validator.compare.guard.school_sets import SchoolChanges, compare_schools, list_schools
from validator.compare.guard.snapshot import Records, Snapshot, list_seen, mix
from validator.frame.arrays import count_numbers
from validator.model import GUARD_WAYS, NightCount, dataclass


@dataclass(frozen=True, eq=False)
class Difference:
    """Changes of the records of one kind, as places in the arrays of both nights.

    gone: places in `old`; new: places in `now`. was, stays: places of the records in both, in the
    same order; schools: what became of their schools. new_ids: the new places of people who had
    another id. reused: of ids that belong to somebody else now; freed: of people with the address
    that another person had. returned: of new people who were there on an earlier night.
    """

    name: str
    old: Records
    now: Records
    gone: np.ndarray
    new: np.ndarray
    was: np.ndarray
    stays: np.ndarray
    schools: SchoolChanges
    new_ids: np.ndarray
    reused: np.ndarray
    freed: np.ndarray
    returned: np.ndarray

    @cached_property
    def changed(self) -> np.ndarray:
        """New places of the records with any changed value."""
        return np.asarray(self.stays[self.old.rest[self.was] != self.now.rest[self.stays]])

    @cached_property
    def moved(self) -> np.ndarray:
        """New places of the records at another school."""
        return np.asarray(self.stays[self.schools.moved])

    @cached_property
    def left_school(self) -> np.ndarray:
        """New places of the records that left one of several schools."""
        return np.asarray(self.stays[self.schools.left])

    @cached_property
    def new_addresses(self) -> np.ndarray:
        """Return people of tonight whose address changed since last night, not from none."""
        if self.name not in MAIL:
            return np.zeros(0, np.intp)
        was, is_now = self.old.mail[self.was], self.now.mail[self.stays]
        return np.asarray(self.stays[(was != is_now) & (was != 0)])

    @cached_property
    def repurposed(self) -> np.ndarray:
        """Return sections of tonight whose id was that of another course or term last night."""
        if self.name != "sections" or not self.old.marks.size or not self.now.marks.size:
            return np.zeros(0, np.intp)
        was, is_now = self.old.marks[:, self.was], self.now.marks[:, self.stays]
        is_other = (was != is_now) & (was != 0) & (is_now != 0)
        return np.asarray(self.stays[is_other.any(axis=0)])

    def count(self) -> NightCount:
        """Count for the guard how many records there are, and how many changed in which way."""
        counts = {way: len(getattr(self, way)) for way in GUARD_WAYS}
        sizes = {"before": len(self.old), "now": len(self.now), "returned": len(self.returned)}
        return NightCount(self.name, **sizes, **counts)

    def count_by_school(self, way: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return digests of the schools of the last night, their records, and those touched.

        A record that moved, or left one of several schools, counts at the school that it left.
        """
        schools, before = self._schools
        if not len(schools):
            return schools, before, before
        touched = self._list_schools(way)
        place = np.minimum(np.searchsorted(schools, touched), len(schools) - 1)
        is_known = schools[place] == touched
        return schools, before, count_numbers(place[is_known], minlength=len(schools))

    @cached_property
    def _schools(self) -> tuple[np.ndarray, np.ndarray]:
        """Digests of the schools of the last night, and how many records each had."""
        return np.unique(self.old.school, return_counts=True)

    @cached_property
    def _was_of_stays(self) -> np.ndarray:
        """Old place of each new place, -1 for new records."""
        places = np.full(len(self.now), -1, np.intp)
        places[self.stays] = self.was
        return places

    def _list_schools(self, way: str) -> np.ndarray:
        """Return the school of each record to which something happened."""
        if way == "gone":
            return np.asarray(self.old.school[self.gone])
        if way in ("new", "new_ids"):
            return np.asarray(self.now.school[getattr(self, way)])
        if way in ("moved", "left_school"):
            changes = self.schools
            return np.asarray(changes.school[changes.moved if way == "moved" else changes.left])
        return np.asarray(self.old.school[self._was_of_stays[getattr(self, way)]])


def compare(old: Snapshot, now: Snapshot) -> Mapping[str, Difference]:
    """Compare each kind of record that both nights have."""
    return {
        name: _compare(name, old.kinds[name], records, last=old, tonight=now)
        for name, records in now.kinds.items()
        if name in old.kinds
    }


def _compare(
    name: str, old: Records, now: Records, *, last: Snapshot, tonight: Snapshot
) -> Difference:
    """Compare the records of a kind in tonight's snapshot with the last one."""
    _, was, stays = np.intersect1d(old.key, now.key, assume_unique=True, return_indices=True)
    gone = np.setdiff1d(np.arange(len(old)), was, assume_unique=True)
    new = np.setdiff1d(np.arange(len(now)), stays, assume_unique=True)
    schools = compare_schools(
        list_schools(last, name, old, at=was), list_schools(tonight, name, now, at=stays)
    )
    none = np.zeros(0, np.intp)
    people = {"new_ids": none, "reused": none, "freed": none, "returned": none}
    if name in MAIL and len(old) and len(now):
        is_reused = _mark_reused(old, now, was=was, stays=stays, is_student=name == "students")
        reused = stays[is_reused]
        new_ids = _find_new_ids(
            old, now, gone=np.append(gone, was[is_reused]), new=np.append(new, reused)
        )
        people["new_ids"], people["reused"] = new_ids, reused
        freed = _find_freed(old, now, new_ids=new_ids)
        people["freed"] = np.union1d(freed, _find_freed_by_others(name, old, now, last=last))
        people["returned"] = new[np.isin(now.key[new], list_seen(last, name)[0])]
    return Difference(
        name, old, now, gone=gone, new=new, was=was, stays=stays, schools=schools, **people
    )


def _mark_reused(
    old: Records, now: Records, *, was: np.ndarray, stays: np.ndarray, is_student: bool
) -> np.ndarray:
    """Return the bool mask over the records in both: the id now belongs to somebody else.

    As in `explain.mark_reused`: a student with another birth date and another first or last name.
    Where a date is unknown, and for adults, both names must differ.
    """
    before, after = old.marks[:, was], now.marks[:, stays]
    differs = (before != after) & (before != 0) & (after != 0)
    first, last, sign = differs
    is_known = (before[2] != 0) & (after[2] != 0)
    names = (first | last) if is_student else (first & last)
    return np.asarray(np.where(is_known, sign & names, first & last))


def _find_new_ids(old: Records, now: Records, *, gone: np.ndarray, new: np.ndarray) -> np.ndarray:
    """Return the new places of people who had another id; only those with no look-alike."""
    left, times = np.unique(old.person[gone], return_counts=True)
    left = left[(times == 1) & (left != 0)]
    people, first, times = np.unique(now.person[new], return_index=True, return_counts=True)
    is_single = (times == 1) & np.isin(people, left)
    return np.sort(new[first[is_single]])


def _find_freed(old: Records, now: Records, *, new_ids: np.ndarray) -> np.ndarray:
    """Return the new places of people with an address that another person had before."""
    is_taken = (now.mail != 0) & np.isin(now.mail, old.mail)
    is_own = np.isin(_pair(now), _pair(old))
    is_own[new_ids] = True
    return np.flatnonzero(is_taken & ~is_own)


def _find_freed_by_others(name: str, old: Records, now: Records, *, last: Snapshot) -> np.ndarray:
    """Return students with an adult's address of last night, or the other way around."""
    others = ("teachers", "staff") if name == "students" else ("students",)
    mails = [last.kinds[other].mail for other in others if other in last.kinds]
    if not mails:
        return np.zeros(0, np.intp)
    is_taken = (now.mail != 0) & np.isin(now.mail, np.concatenate(mails))
    return np.flatnonzero(is_taken & ~np.isin(now.mail, old.mail))


def _pair(records: Records) -> np.ndarray:
    """Return one number per record, id and address together, to compare two exports."""
    return np.asarray(mix(records.key) ^ records.mail)
