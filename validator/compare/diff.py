"""What became of every record between two exports: added, removed, changed, or gone on under another id."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from validator import frame
from validator.compare import match
from validator.compare.match import Several
from validator.frame import Encoded
from validator.frame.values import NO_DAY, parse_dates
from validator.model import Export, Table, Unread
from validator.vocabulary.grades import Grades

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

    @cached_property
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

    def incomparable(self) -> dict[str, str]:
        """Kinds of records that the new export has and that cannot be held against the old one, and why."""
        return {
            name: _why_not(self, name)
            for name in KINDS
            if name in self.new.tables and self.kind(name) is None
        }


def _kind(changes: Changes, name: str) -> Kind | None:
    new = changes.new.tables.get(name)
    old = _before(changes.old, name, new) if new is not None else None
    if old is None or new is None:
        return None
    keys = _keys(old)
    if not all(old.has(key) and new.has(key) for key in keys):
        return None
    per_school = any(
        frame.is_unique_within_school(table)
        for export in (changes.old, changes.new)
        for table in export.tables.values()
        if table.name == name or not old.key
    )
    columns = (*keys, "School_id") if per_school else keys
    found = match.matched(
        *joint([(frame.encode(old, column), frame.encode(new, column)) for column in columns]),
        filled(old, keys),
        filled(new, keys),
    )
    added = found.added[~_unread(new, old, keys)[found.added]]
    removed = found.removed[~_unread(old, new, keys)[found.removed]]
    kind = Kind(name, old, new, added, removed, found.was, found.now, {})
    differs = {}
    for column in dict.fromkeys([*new.rows.columns, *old.rows.columns]):
        if column not in columns:
            mask = _differs(changes, kind, str(column), found.several)
            if mask.any():
                differs[str(column)] = mask
    return replace(kind, differs=differs)


def _before(old: Export, name: str, new: Table) -> Table | None:
    """The old table; one without rows where its file held none, or need not be there and was not."""
    held = old.tables.get(name)
    if held is not None or (
        name not in old.header_only and (name in old.absent or name in old.unsupported)
    ):
        return held
    return replace(
        new,
        rows=new.rows.iloc[:0],
        unread=Unread(),
        end_lines={},
        schema_violations={},
        origins={},
        extra_values={},
        cache={},
    )


def _keys(table: Table) -> tuple[str, ...]:
    return (table.key,) if table.key else PAIR


def _why_not(changes: Changes, name: str) -> str:
    """Why one kind of record cannot be compared, in the words of the export that is to blame."""
    for which, export in (("previous", changes.old), ("new", changes.new)):
        table = export.tables.get(name)
        why = (
            export.absent.get(name, f"there are no {name}")
            if table is None
            else next(
                (f"{table.file} has no column {key}" for key in _keys(table) if not table.has(key)),
                "",
            )
        )
        if why:
            return f"in the {which} export, {why}"
    raise AssertionError(f"{name} can be compared")


def _unread(table: Table, other: Table, keys: Sequence[str]) -> np.ndarray:
    """Bool mask of the rows whose record may be among the rows of `other` that could not be read whole."""
    out = np.ones(len(table), bool)
    for key in keys:
        out &= frame.mark_named_in_unread(table, key, other)
    return out


def common(first: Encoded, second: Encoded) -> tuple[np.ndarray, np.ndarray, int]:
    """Both columns in one numbering of values (int64 per row), and how many numbers there are."""
    at = frame.find_positions(first.values, second.values)
    alone = np.flatnonzero(at < 0)
    at[alone] = len(second.values) + np.arange(len(alone))
    return at[first.codes], second.codes.astype(np.int64), len(second.values) + len(alone)


def joint(pairs: Sequence[tuple[Encoded, Encoded]]) -> tuple[np.ndarray, np.ndarray]:
    """One int64 per row of each table, equal where all columns are; the width of the numbers never overflows."""
    first, second = np.zeros(0, np.int64), np.zeros(0, np.int64)
    wide = 1
    for place, (left, right) in enumerate(pairs):
        old, new, width = common(left, right)
        if place == 0:
            first, second, wide = old, new, width
            continue
        if wide > np.iinfo(np.int64).max // max(width, 1):
            whole, wide = frame.number_keys(np.concatenate([first, second]))
            first, second = (
                whole[: len(first)].astype(np.int64),
                whole[len(first) :].astype(np.int64),
            )
        first, second, wide = first * width + old, second * width + new, wide * width
    return first, second


def filled(table: Table, columns: Sequence[str]) -> np.ndarray:
    """Bool mask of the rows with a value in each of the columns."""
    out = np.ones(len(table), bool)
    for column in columns:
        out &= ~frame.encode(table, column).blank
    return out


def comparable(changes: Changes, table: Table, column: str, rows: np.ndarray) -> Encoded:
    """The values of some rows, equal when they mean the same: days, grades, else the text itself."""
    values = frame.encode_rows(table, column, rows)
    if column in DATES:
        return frame.map_values(values, _as_days)
    if column in GRADES:
        return frame.map_values(values, lambda found: _as_grades(changes.grades, found))
    return values


def _as_days(values: pa.Array) -> pa.Array:
    days = parse_dates(values).days
    return pa.array(
        [
            text if day == NO_DAY else f"day {day}"
            for text, day in zip(values.to_pylist(), days.tolist(), strict=True)
        ],
        pa.string(),
    )


def _as_grades(grades: Grades, values: pa.Array) -> pa.Array:
    texts = values.to_pylist()
    return pa.array(
        [
            text if grade == "?" else grade
            for text, grade in zip(texts, grades.canonical(texts), strict=True)
        ],
        pa.string(),
    )


def _differs(changes: Changes, kind: Kind, column: str, several: Several) -> np.ndarray:
    """Bool mask over the records that both have: the column's value, or its set of values over rows, differs."""
    out = np.ones(len(kind.was), bool)
    if all(
        column in table.rows.columns
        and not pa.types.is_dictionary(frame.get_array(table, column).type)
        for table in (kind.old, kind.new)
    ):  # most values stayed as they were: only the others need be understood
        was, now = (
            frame.take_values(kind.old, column, kind.was),
            frame.take_values(kind.new, column, kind.now),
        )
        out = pc.not_equal(was, now).to_numpy(False)
    rows = np.flatnonzero(out)
    codes = _codes(changes, kind, column, (kind.was[rows], kind.now[rows]))
    out[rows] = codes[0] != codes[1]
    if len(several.records):
        marks = [
            _marks(code, numbers, len(several.records))
            for code, numbers in zip(
                _codes(changes, kind, column, several.rows), several.numbers, strict=True
            )
        ]
        out[several.records] = marks[0] != marks[1]
    return out


def _codes(
    changes: Changes, kind: Kind, column: str, rows: tuple[np.ndarray, np.ndarray]
) -> tuple[np.ndarray, ...]:
    """The values of some rows of the old and of the new table in one numbering."""
    return common(
        comparable(changes, kind.old, column, rows[0]),
        comparable(changes, kind.new, column, rows[1]),
    )[:2]


def _marks(codes: np.ndarray, numbers: np.ndarray, count: int) -> np.ndarray:
    """One uint64 per record that stands for the set of its values, whatever their order."""
    width = int(codes.max(initial=0)) + 1
    pairs = np.unique(numbers.astype(np.int64) * width + codes)
    mixed = (pairs % width).astype(np.uint64) + np.uint64(
        0x9E3779B97F4A7C15
    )  # splitmix64, so that sums do not collide
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    out = np.zeros(count, np.uint64)
    starts = np.flatnonzero(np.diff(pairs // width, prepend=-1))
    if len(starts):
        out[pairs[starts] // width] = np.add.reduceat(mixed, starts)
    return out
