"""Members of sections: distinct enrollments as integers."""

from __future__ import annotations

import datetime as dt
from dataclasses import field
from functools import cached_property
from typing import Any

import numpy as np

from validator.frame.arrays import (
    count_numbers,
    find_repeated_pairs,
    mark_firsts,
    number_keys,
    sort_positions,
)
from validator.frame.cache import remember, remember_for
from validator.frame.columns import Encoded, encode, join_columns
from validator.frame.enrollments import mark_open
from validator.frame.keys import UNKNOWN, locate_rows
from validator.frame.people import is_unique_within_school
from validator.model import Table, dataclass


@dataclass(frozen=True, eq=False)
class Members:
    """Who is in which section: an entry per distinct enrollment that counts, in file order.

    `section`, `student`: numbers from 0 (int32). `rows`: the row of each section (int32); sections
    have numbers in the order in which enrollments first name them, those without students none.
    `cache`: results of `similarity`.
    """

    section: np.ndarray
    student: np.ndarray
    rows: np.ndarray
    cache: dict[Any, Any] = field(default_factory=dict, repr=False)

    @cached_property
    def sizes(self) -> np.ndarray:
        """Count the student numbers in each of a frame's sections (intp)."""
        return count_numbers(self.section, minlength=len(self.rows))

    def take(self, is_chosen: np.ndarray) -> np.ndarray:
        """The entries (positions) of the sections in a bool mask, section after section."""
        at = np.flatnonzero(is_chosen[self.section])
        return np.asarray(at[sort_positions(self.section[at])])


def list_members(sections: Table, enrollments: Table, today: dt.date) -> Members:
    """Number a frame's members of all sections on a day; only enrollments in existing sections."""
    return remember(
        enrollments, ("members", today), lambda: _build_members(sections, enrollments, today)
    )


def _build_members(sections: Table, enrollments: Table, today: dt.date) -> Members:
    """Build a frame's numbers of sections and students from encoded enrollments that count."""
    by_school = is_unique_within_school(sections)
    section = _encode_reference(enrollments, "Section_id", by_school)
    student = _encode_reference(enrollments, "Student_id", by_school)
    row = np.full(max(len(section.values), 1), UNKNOWN, np.int32)
    row[section.codes] = locate_rows(enrollments, "Section_id", sections)
    kept = mark_open(enrollments, sections, today) & ~student.blank
    if (row < 0).any():
        kept &= section.broadcast(row >= 0)
    twice, group = find_enrolled_twice(enrollments, by_school)
    counting = kept[twice]
    kept[twice[counting]] = mark_firsts(group[counting])
    arrays = (section.codes, student.codes, row, kept)

    def number() -> Members:
        return _number_members(section, student, row, kept=kept)

    return remember_for(enrollments, "members", arrays=arrays, compute=number)


def _number_members(
    section: Encoded, student: Encoded, row: np.ndarray, *, kept: np.ndarray
) -> Members:
    """Number the sections and students of the kept rows of a frame's enrollments.

    `row`: the row of each distinct section.
    """
    codes, numbers = section.codes, student.codes
    if not kept.all():
        codes, numbers = codes[kept], numbers[kept]
    is_filled = np.zeros(len(row), bool)
    is_filled[codes] = True
    if not is_filled.all():
        codes = (np.cumsum(is_filled, dtype=np.int32) - 1)[codes]
    return Members(codes, numbers, row[is_filled])


def count_members(sections: Table, enrollments: Table, today: dt.date) -> np.ndarray:
    """Students per row of the sections, each counted once (intp)."""
    members = list_members(sections, enrollments, today)
    sizes = np.zeros(len(sections), np.intp)
    sizes[members.rows] = members.sizes
    return sizes


def find_enrolled_twice(enrollments: Table, by_school: bool) -> tuple[np.ndarray, np.ndarray]:
    """A frame's rows (ascending) with the section and student of another row, and group numbers.

    Blanks repeat nothing. Groups have numbers from 0 (int32), by section and student in the order
    of their first rows. `by_school`: ids are unique only within a school, so the row's school is
    part of both.
    """

    section = _encode_reference(enrollments, "Section_id", by_school)
    student = _encode_reference(enrollments, "Student_id", by_school)

    def find() -> tuple[np.ndarray, np.ndarray]:
        rows = find_repeated_pairs(student.codes, section.codes)
        rows = rows[~(section.blank[rows] | student.blank[rows])]
        keys = section.codes[rows].astype(np.int64) * max(len(student.values), 1)
        return rows, number_keys(keys + student.codes[rows])[0]

    arrays = (section.codes, student.codes, section.blank, student.blank)
    name = ("enrolled twice", by_school)
    return remember_for(enrollments, name, arrays=arrays, compute=find)


def _encode_reference(enrollments: Table, column: str, by_school: bool) -> Encoded:
    """Encode a frame's column of enrollments, with the school where ids repeat across schools."""
    if not by_school:
        return encode(enrollments, column)
    return remember(
        enrollments,
        ("with school", column),
        lambda: join_columns(encode(enrollments, column), encode(enrollments, "School_id")),
    )
