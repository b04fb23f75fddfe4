"""What became of every record between two exports: added, removed, changed, or gone on under another id."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from validator import reading, roster
from validator.model import Export, Table
from validator.roster import Coded
from validator.vocabulary import Grades

KINDS = ("schools", "students", "teachers", "sections", "enrollments", "staff")
PAIR = ("Section_id", "Student_id")
"""What identifies a record of a table without a key of its own."""

DATES = ("DOB", "Term_start", "Term_end")
GRADES = ("Grade", "Low_grade", "High_grade")

@dataclass(frozen=True, eq=False)
class Kind:
    """One kind of record in both exports, as row numbers of each record's first row.

    `added`: rows of the new table; `removed`: rows of the old one; `was` and `now`: the rows of the records that both
    have, one beside the other. `differs`: per column, bool mask over these of the records whose value changed.
    """

    name: str
    old: Table
    new: Table
    added: np.ndarray
    removed: np.ndarray
    was: np.ndarray
    now: np.ndarray
    differs: Mapping[str, np.ndarray]

    @property
    def before(self) -> int:
        """How many records the old export has."""
        return len(self.removed) + len(self.was)

    @property
    def after(self) -> int:
        """How many records the new export has."""
        return len(self.added) + len(self.now)

    @property
    def changed(self) -> np.ndarray:
        """Bool mask over the records that both have: any value differs."""
        return self.any_of(tuple(self.differs))

    def any_of(self, columns: Sequence[str]) -> np.ndarray:
        """Bool mask over the records that both have: a value of one of the columns differs."""
        out = np.zeros(len(self.was), bool)
        for column in columns:
            out |= self.differs.get(column, out)
        return out


@dataclass(frozen=True, eq=False)
class Changes:
    """Two exports of one district; what differs is found when it is asked for, and remembered."""

    old: Export
    new: Export
    grades: Grades
    found: dict[Any, Any] = field(default_factory=dict, repr=False)

    def remember(self, what: object, make: Callable[[], Any]) -> Any:
        """The remembered result of `make`."""
        if what not in self.found:
            self.found[what] = make()
        return self.found[what]

    def kind(self, name: str) -> Kind | None:
        """What became of one kind of record; None where one of the exports has no such table, or no ids in it."""
        found: Kind | None = self.remember(name, lambda: _kind(self, name))
        return found

    def kinds(self) -> list[Kind]:
        """All kinds of records that both exports have."""
        return [kind for kind in map(self.kind, KINDS) if kind is not None]


def _kind(changes: Changes, name: str) -> Kind | None:
    old, new = changes.old.tables.get(name), changes.new.tables.get(name)
    if old is None or new is None:
        return None
    keys = (old.key,) if old.key else PAIR
    if not all(old.has(key) and new.has(key) for key in keys):
        return None
    per_school = any(roster.within_school(table) for export in (changes.old, changes.new)
                     for table in export.tables.values() if table.name == name or not old.key)
    columns = (*keys, "School_id") if per_school else keys
    before, after = _records(old, new, columns)
    there = np.minimum(np.searchsorted(after[0], before[0]), max(len(after[0]) - 1, 0))
    both = after[0][there] == before[0] if len(after[0]) else np.zeros(len(before[0]), bool)
    stayed = np.zeros(len(after[0]), bool)
    stayed[there[both]] = True
    removed, added = before[1][~both], after[1][~stayed]
    removed, added = removed[~_unread(old, new, keys)[removed]], added[~_unread(new, old, keys)[added]]
    was, now = before[1][both], after[1][there[both]]
    order = np.argsort(now, kind="stable")
    kind = Kind(name, old, new, np.sort(added), np.sort(removed), was[order], now[order], {})
    several = _several(kind, columns, (before[2][both] > 1)[order] | (after[2][there[both]] > 1)[order])
    differs = {}
    for column in dict.fromkeys([*new.rows.columns, *old.rows.columns]):
        if column not in columns:
            mask = _differs(changes, kind, str(column), several)
            if mask.any():
                differs[str(column)] = mask
    return Kind(name, old, new, kind.added, kind.removed, kind.was, kind.now, differs)


def _unread(table: Table, other: Table, keys: Sequence[str]) -> np.ndarray:
    """Bool mask of the rows whose record may be among the rows of `other` that could not be read whole."""
    out = np.ones(len(table), bool)
    for key in keys:
        out &= roster.named_in_unread(table, key, other)
    return out


def common(first: Coded, second: Coded) -> tuple[np.ndarray, np.ndarray, int]:
    """Both columns in one numbering of values (int64 per row), and how many numbers there are."""
    at = roster.positions(first.values, second.values)
    at = np.where(at >= 0, at, len(second.values) + np.arange(len(at)))
    return at[first.codes], second.codes.astype(np.int64), len(first.values) + len(second.values)


def joint(pairs: Sequence[tuple[Coded, Coded]]) -> tuple[np.ndarray, np.ndarray]:
    """One int64 per row of each table, equal where all columns are; the width of the numbers never overflows."""
    first, second = np.zeros(0, np.int64), np.zeros(0, np.int64)
    wide = 1
    for place, (left, right) in enumerate(pairs):
        old, new, width = common(left, right)
        if place == 0:
            first, second, wide = old, new, width
            continue
        if wide > np.iinfo(np.int64).max // max(width, 1):
            whole, wide = roster.numbered(np.concatenate([first, second]))
            first, second = whole[:len(first)].astype(np.int64), whole[len(first):].astype(np.int64)
        first, second, wide = first * width + old, second * width + new, wide * width
    return first, second


def filled(table: Table, columns: Sequence[str]) -> np.ndarray:
    """Bool mask of the rows with a value in each of the columns."""
    out = np.ones(len(table), bool)
    for column in columns:
        out &= ~roster.coded(table, column).blank
    return out


def _records(old: Table, new: Table, columns: Sequence[str]) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """For each table its distinct keys, ascending, in one numbering, and the first row and number of rows of each."""
    keys = joint([(roster.coded(old, column), roster.coded(new, column)) for column in columns])
    named = [column for column in columns if column != "School_id" or len(columns) == 1]
    found = []
    for table, key in zip((old, new), keys, strict=True):
        rows = np.flatnonzero(filled(table, named))
        distinct, first, times = np.unique(key[rows], return_index=True, return_counts=True)
        found.append((distinct, rows[first], times))
    return found


@dataclass(frozen=True, eq=False)
class _Several:
    """Records of several rows that both have: `records` as places in `was`; for each table the rows of all of them, and
    the number of each row's record among them."""

    records: np.ndarray
    rows: tuple[np.ndarray, np.ndarray]
    numbers: tuple[np.ndarray, np.ndarray]


def _several(kind: Kind, columns: Sequence[str], many: np.ndarray) -> _Several:
    """The records of several rows (bool mask over those that both have), with their rows."""
    records, rows, numbers = np.flatnonzero(many), [], []
    if not len(records):
        return _Several(records, (records, records), (records, records))
    keys = joint([(roster.coded(kind.old, column), roster.coded(kind.new, column)) for column in columns])
    for key, first in zip(keys, (kind.was[records], kind.now[records]), strict=True):
        order = np.argsort(key[first])
        among = np.flatnonzero(np.isin(key, key[first]))
        rows.append(among)
        numbers.append(order[np.searchsorted(key[first], key[among], sorter=order)])
    return _Several(records, (rows[0], rows[1]), (numbers[0], numbers[1]))


def comparable(changes: Changes, table: Table, column: str) -> Coded:
    """The column as values that are equal when they mean the same: days, grades, else the text itself."""
    values = roster.coded(table, column)
    if column in DATES:
        return roster.remember(table, ("days", column), lambda: roster.changed(values, _as_days))
    if column in GRADES:
        return roster.remember(table, ("canonical", column), lambda: roster.changed(
            values, lambda found: _as_grades(changes.grades, found)))
    return values


def _as_days(values: pa.Array) -> pa.Array:
    days = reading.dates(values).days
    return pa.array([text if day == reading.NO_DAY else f"day {day}"
                     for text, day in zip(values.to_pylist(), days.tolist(), strict=True)], pa.string())


def _as_grades(grades: Grades, values: pa.Array) -> pa.Array:
    texts = values.to_pylist()
    return pa.array([text if grade == "?" else grade
                     for text, grade in zip(texts, grades.canonical(texts), strict=True)], pa.string())


def _differs(changes: Changes, kind: Kind, column: str, several: _Several) -> np.ndarray:
    """Bool mask over the records that both have: the column's value, or its set of values over rows, differs."""
    codes = common(comparable(changes, kind.old, column), comparable(changes, kind.new, column))[:2]
    out = np.asarray(codes[0][kind.was] != codes[1][kind.now])
    if len(several.records):
        marks = [_marks(code[rows], numbers, len(several.records))
                 for code, rows, numbers in zip(codes, several.rows, several.numbers, strict=True)]
        out[several.records] = marks[0] != marks[1]
    return out


def _marks(codes: np.ndarray, numbers: np.ndarray, count: int) -> np.ndarray:
    """One uint64 per record that stands for the set of its values, whatever their order."""
    width = int(codes.max(initial=0)) + 1
    pairs = np.unique(numbers.astype(np.int64) * width + codes)
    mixed = (pairs % width).astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)  # splitmix64, so that sums do not collide
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    out = np.zeros(count, np.uint64)
    starts = np.flatnonzero(np.diff(pairs // width, prepend=-1))
    if len(starts):
        out[pairs[starts] // width] = np.add.reduceat(mixed, starts)
    return out
