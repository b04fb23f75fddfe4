"""Records of two exports, compared: added, removed and changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, replace
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from validator import frame
from validator.compare import match, meanings
from validator.compare.match import Several
from validator.compare.value_sets import compare_sets, hash_sets
from validator.frame import Encoded
from validator.model import Export, Table, Unread, dataclass
from validator.vocabulary.grades import Grades

KINDS = ("schools", "students", "teachers", "sections", "enrollments", "staff")
PAIR = ("Section_id", "Student_id")
"""The columns that identify a record of a table without a key column."""


@dataclass(frozen=True, eq=False)
class Kind:
    """One kind of record in both exports, as row numbers of each record's first row.

    `added`: rows of the new table; `removed`: rows of the old one; `was` and `now`: rows of the
    records in both, in the same order. `differs`: per column, bool mask over the records in both
    whose value changed.
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
        """Count the records in the last export, in a comparison with this one."""
        return len(self.removed) + len(self.was)

    @property
    def after(self) -> int:
        """Count the records of the new export when two exports are compared."""
        return len(self.added) + len(self.now)

    @cached_property
    def changed(self) -> np.ndarray:
        """Bool mask over the records in both: any value differs."""
        return self.any_of(tuple(self.differs))

    def any_of(self, columns: Sequence[str]) -> np.ndarray:
        """Return the bool mask over the records in both: a value of these columns differs."""
        changed = np.zeros(len(self.was), bool)
        for column in columns:
            changed |= self.differs.get(column, changed)
        return changed


@dataclass(frozen=True, eq=False)
class Changes:
    """Two exports of one district; differences are computed on demand and cached.

    Enrollments that have ended before `today` do not count in either.
    """

    old: Export
    new: Export
    grades: Grades
    today: dt.date
    cache: dict[Any, Any] = field(default_factory=dict, repr=False)

    def remember(self, key: object, compute: Callable[[], Any]) -> Any:
        """Return the result of `compute` in a comparison of exports, computed once per key."""
        if key not in self.cache:
            self.cache[key] = compute()
        return self.cache[key]

    def kind(self, name: str) -> Kind | None:
        """Compare one kind of record; None if an export has no such table, or no ids in it."""
        kind: Kind | None = self.remember(name, lambda: _compare(self, name))
        return kind

    def kinds(self) -> list[Kind]:
        """Compare all kinds of records that both exports have."""
        return [kind for kind in map(self.kind, KINDS) if kind is not None]

    def incomparable(self) -> dict[str, str]:
        """Return the kinds of records in the new export that cannot be compared, and why."""
        return {
            name: _explain_incomparable(self, name)
            for name in KINDS
            if name in self.new.tables and self.kind(name) is None
        }


def _compare(changes: Changes, name: str) -> Kind | None:
    """Compare one kind of record; None if it cannot be compared."""
    new = changes.new.tables.get(name)
    old = _find_old_table(changes.old, name, new) if new is not None else None
    if old is None or new is None:
        return None
    keys = _choose_keys(old)
    if not all(old.has(key) and new.has(key) for key in keys):
        return None
    columns = (*keys, "School_id") if _is_per_school(changes, old) else keys
    pairs = [(frame.encode(old, column), frame.encode(new, column)) for column in columns]
    old_keys, new_keys = number_jointly(pairs)
    matched = match.match(
        old_keys,
        new_keys,
        in_old=mark_filled(old, keys) & _mark_counting(changes.old, old, changes.today),
        in_new=mark_filled(new, keys) & _mark_counting(changes.new, new, changes.today),
    )
    added = matched.added[~_mark_unreadable(new, old, keys)[matched.added]]
    removed = matched.removed[~_mark_unreadable(old, new, keys)[matched.removed]]
    kind = Kind(name, old, new, added, removed, matched.was, matched.now, {})
    differs = {}
    for column in dict.fromkeys([*new.records.columns, *old.records.columns]):
        if column not in columns:
            mask = _mark_different(changes, kind, str(column), several=matched.several)
            if mask.any():
                differs[str(column)] = mask
    return replace(kind, differs=differs)


def _mark_counting(export: Export, table: Table, today: dt.date) -> np.ndarray:
    """Mark the rows that count in a comparison of exports: all except ended enrollments."""
    sections = export.tables.get("sections")
    if table.name != "enrollments" or sections is None:
        return np.ones(len(table), bool)
    return frame.mark_open(table, sections, today)


def _is_per_school(changes: Changes, old: Table) -> bool:
    """Return whether ids in a comparison of exports are unique only within a school."""
    return any(
        frame.is_unique_within_school(table)
        for export in (changes.old, changes.new)
        for table in export.tables.values()
        if table.name == old.name or not old.key
    )


def _find_old_table(old: Export, name: str, new: Table) -> Table | None:
    """Return the last export's table to compare with, without rows if it had no such file."""
    table = old.tables.get(name)
    is_missing = name in old.absent or name in old.unsupported
    if table is not None or (is_missing and name not in old.header_only):
        return table
    return replace(
        new,
        records=new.records.take(np.zeros(0, np.intp)),
        unread=Unread(),
        end_lines={},
        schema_violations={},
        origins={},
        extra_values={},
        cache={},
    )


def _choose_keys(table: Table) -> tuple[str, ...]:
    """Return the columns by which records of two exports are matched."""
    return (table.key,) if table.key else PAIR


def _explain_incomparable(changes: Changes, name: str) -> str:
    """Explain why a comparison of two exports leaves out a kind of record, and which lacks it."""
    for which, export in (("previous", changes.old), ("new", changes.new)):
        reason = _find_reason(export, name)
        if reason:
            return f"in the {which} export, {reason}"
    raise AssertionError(f"{name} can be compared")


def _find_reason(export: Export, name: str) -> str:
    """Say why one kind of record cannot be compared in an export; "" if it can."""
    table = export.tables.get(name)
    if table is None:
        return export.absent.get(name, f"there are no {name}")
    missing = [key for key in _choose_keys(table) if not table.has(key)]
    return f"{table.file} has no column {missing[0]}" if missing else ""


def _mark_unreadable(table: Table, other: Table, keys: Sequence[str]) -> np.ndarray:
    """Return the bool mask of rows that the export compared with may have in an unreadable row."""
    mask = np.ones(len(table), bool)
    for key in keys:
        mask &= frame.mark_named_in_unread(table, key, other)
    return mask


def number_values(first: Encoded, second: Encoded) -> tuple[np.ndarray, np.ndarray, int]:
    """Return a column of both exports in joint numbers (int32 per row), and how many there are."""
    numbers = frame.find_positions(first.values, second.values).astype(np.int32)
    alone = np.flatnonzero(numbers < 0)
    numbers[alone] = len(second.values) + np.arange(len(alone))
    count = len(second.values) + len(alone)
    return first.broadcast(numbers), second.codes, count


def number_jointly(pairs: Sequence[tuple[Encoded, Encoded]]) -> tuple[np.ndarray, np.ndarray]:
    """Return one integer per row of both exports, equal where all compared columns are."""
    first, second, width = number_values(*pairs[0])
    for left, right in pairs[1:]:
        old, new, count = number_values(left, right)
        if width > np.iinfo(np.int64).max // max(count, 1):
            keys, width = frame.number_keys(np.concatenate([first, second]))
            first, second = keys[: len(first)], keys[len(first) :]
        first, second = _append_number(first, old, count), _append_number(second, new, count)
        width *= count
    return first, second


def _append_number(keys: np.ndarray, numbers: np.ndarray, count: int) -> np.ndarray:
    """Return keys of compared rows (int64) that differ by another column, too: `count` numbers."""
    wider = keys.astype(np.int64)
    wider *= count
    wider += numbers
    return wider


def mark_filled(table: Table, columns: Sequence[str]) -> np.ndarray:
    """Return the bool mask of the rows of an export that can be compared by these columns."""
    mask = np.ones(len(table), bool)
    for column in columns:
        mask &= ~frame.encode(table, column).blank
    return mask


def normalize(changes: Changes, table: Table, column: str, *, rows: np.ndarray) -> Encoded:
    """Return values of both exports, equal if they mean the same: days, grades, else text."""
    return meanings.normalize(table, column, rows=rows, grades=changes.grades)


def _mark_different(changes: Changes, kind: Kind, column: str, *, several: Several) -> np.ndarray:
    """Return the bool mask over the records in both exports: the column's values differ.

    Records of several rows or values are compared by their sets of values.
    """
    if column in kind.old.extra_values or column in kind.new.extra_values:
        sets = compare_sets(kind.old, kind.new, column, was=kind.was, now=kind.now)
        return np.asarray(sets.lost | sets.gained)
    mask = np.ones(len(kind.was), bool)
    if _has_plain_text(kind.old, column) and _has_plain_text(kind.new, column):
        # Most values stay as they were; only the others need to be normalized.
        was = frame.take_values(kind.old, column, kind.was)
        now = frame.take_values(kind.new, column, kind.now)
        mask = pc.not_equal(was, now).to_numpy(False)
    rows = np.flatnonzero(mask)
    old, new = _number_rows(changes, kind, column, rows=(kind.was[rows], kind.now[rows]))
    mask[rows] = old != new
    if len(several.records):
        old, new = _number_rows(changes, kind, column, rows=several.rows)
        count = len(several.records)
        old_sets = hash_sets(old, several.numbers[0], count)
        new_sets = hash_sets(new, several.numbers[1], count)
        mask[several.records] = old_sets != new_sets
    return mask


def _has_plain_text(table: Table, column: str) -> bool:
    """Return whether a column to compare with the last export is stored as text, not encoded."""
    if column not in table.records.columns:
        return False
    return not pa.types.is_dictionary(frame.get_arrow(table, column).type)


def _number_rows(
    changes: Changes, kind: Kind, column: str, *, rows: tuple[np.ndarray, np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    """Return the values of some rows of the old and of the new table in a joint numbering."""
    old = normalize(changes, kind.old, column, rows=rows[0])
    new = normalize(changes, kind.new, column, rows=rows[1])
    first, second, _ = number_values(old, new)
    return first, second
