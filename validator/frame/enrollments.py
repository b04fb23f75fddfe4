"""Who is in which section: enrollments as integers, and which of them count on a day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from validator.frame.columns import (
    Encoded,
    encode,
    encode_folded,
    join_columns,
    parse_dates,
    parse_days,
    remember,
)
from validator.frame.keys import (
    UNKNOWN,
    UNREAD,
    expand_to_key,
    list_teacher_columns,
    locate_rows,
    mark_named_in_unread,
)
from validator.frame.people import is_unique_within_school
from validator.frame.terms import mark_over
from validator.frame.values import NO_DAY, to_day_number
from validator.model import Table

FILLER_BEFORE = dt.date(1971, 1, 1)
"""Earlier days are fillers such as 01/01/1900 or the first day of a computer's calendar."""

LEFT = frozenset(
    "dropped|exited|inactive|left|no show|noshow|transferred|transferred out|withdrawn|withdrew"
    "".split("|")
)
"""Folded words in a column of exit codes that say that the student has left."""


@dataclass(frozen=True, eq=False)
class Span:
    """The first and last day of each row of enrollments (int32), NO_DAY where there is none."""

    first: np.ndarray
    last: np.ndarray

    @property
    def reversed(self) -> np.ndarray:
        """Bool mask of the enrollment rows whose days, as integers, end before they begin."""
        return np.asarray((self.first != NO_DAY) & (self.last != NO_DAY) & (self.last < self.first))


def parse_span(table: Table, *, begin: str = "Begin", end: str = "End") -> Span:
    """The days of each row; fillers such as 01/01/1900 and values that are no date are NO_DAY."""
    return Span(*(_parse_real_days(table, column) for column in (begin, end)))


def _parse_real_days(table: Table, column: str) -> np.ndarray:
    """Parse a date column as day numbers, fillers such as 01/01/1900 as no day."""
    days = parse_days(table, column)
    return np.asarray(np.where(days < to_day_number(FILLER_BEFORE), NO_DAY, days))


def mark_fillers(table: Table, column: str) -> np.ndarray:
    """Bool mask over an encoded column: the rows with a filler day such as 01/01/1900."""
    dates = parse_dates(table, column)
    filler = (dates.days != NO_DAY) & (dates.days < to_day_number(FILLER_BEFORE))
    return encode(table, column).broadcast(filler)


def mark_ended(
    table: Table, today: dt.date, *, begin: str = "Begin", end: str = "End"
) -> np.ndarray:
    """Bool mask of the enrollments, assignments or roles that ended before a day.

    A row that ends on the day it begins covers no day. Of a row that ends before it begins, the
    later day counts, because which of the two is wrong is not known. A row that only begins later
    has not ended.
    """

    def mark() -> np.ndarray:
        if not table.has(end) and not table.has("Exit_code"):
            return np.zeros(len(table), bool)
        span = parse_span(table, begin=begin, end=end)
        # the formats' own columns with another name are OneRoster's, whose ends are exclusive
        is_exclusive = table.exclusive_ends or end != "End"
        limit = to_day_number(today) - (0 if is_exclusive else 1)
        dated = span.last != NO_DAY
        ended = dated & (np.maximum(span.first, span.last) <= limit)
        ended |= dated & (span.first == span.last)
        return np.asarray(ended | _mark_left(table))

    return remember(table, ("ended", today, begin, end), mark)


def _mark_left(table: Table) -> np.ndarray:
    """Bool mask of enrollment rows whose encoded exit code says that the student has left."""
    code = encode_folded(table, "Exit_code")
    return code.broadcast(np.asarray([word in LEFT for word in code.values.to_pylist()], bool))


def mark_open(enrollments: Table, sections: Table, today: dt.date) -> np.ndarray:
    """Bool mask of the enrollments that count on a day: those that have not ended before it.

    Where the section's term is over too, an ended enrollment counts: the term is at fault.
    """

    def mark() -> np.ndarray:
        ended = mark_ended(enrollments, today)
        if not ended.any():
            return ~ended
        section = locate_rows(enrollments, "Section_id", sections)
        over = np.append(mark_over(sections, today), False)[np.maximum(section, -1)]
        return np.asarray(~ended | over)

    return remember(enrollments, ("open", sections.name, today), mark)


def list_members(
    sections: Table, enrollments: Table, today: dt.date
) -> tuple[np.ndarray, np.ndarray]:
    """Arrays of section row and student number: an entry per distinct enrollment that counts.

    Only enrollments in existing sections. Both have one length (int32); the enrollments of a
    section are next to each other.
    """

    def build() -> tuple[np.ndarray, np.ndarray]:
        by_school = is_unique_within_school(sections)
        counting = mark_open(enrollments, sections, today)
        if counting.all():
            keys, bits = sort_enrollment_keys(enrollments, by_school)
        else:
            keys, bits = build_enrollment_keys(enrollments, by_school)
            keys = np.sort(keys[counting & (keys >= 0)])
        if len(keys):
            keys = keys[np.append(True, keys[1:] != keys[:-1])]
        section = _enrollment_column(enrollments, "Section_id", by_school)
        by_code = np.full(max(len(section.values), 1), UNKNOWN, np.int32)
        by_code[section.codes] = locate_rows(enrollments, "Section_id", sections)
        row = by_code[keys >> bits]
        student = keys.astype(np.int32) & np.int32((1 << bits) - 1)
        exists = row >= 0
        return row[exists], student[exists]

    return remember(enrollments, ("members", today), build)


def sort_enrollment_keys(enrollments: Table, by_school: bool) -> tuple[np.ndarray, int]:
    """The keys of `build_enrollment_keys` without blanks, ascending, and the number of low bits.

    Equal keys are repeated enrollments.
    """

    def build() -> tuple[np.ndarray, int]:
        keys, bits = build_enrollment_keys(enrollments, by_school)
        keys.sort()
        return keys[np.searchsorted(keys, 0) :], bits

    return remember(enrollments, ("enrolled", by_school), build)


def build_enrollment_keys(enrollments: Table, by_school: bool) -> tuple[np.ndarray, int]:
    """Per row one int64, and the number of low bits that hold the student; the rest is the section.

    -1 where section or student is blank. `by_school`: ids are unique only within a school, so the
    row's school is part of both.
    """
    section = _enrollment_column(enrollments, "Section_id", by_school)
    student = _enrollment_column(enrollments, "Student_id", by_school)
    bits = len(student.values).bit_length()
    keys = section.codes.astype(np.int64)
    keys <<= bits
    keys |= student.codes
    keys[section.blank | student.blank] = -1
    return keys, bits


def _enrollment_column(enrollments: Table, column: str, by_school: bool) -> Encoded:
    """Encode a column of enrollments, joined with the school where ids repeat across schools."""
    if not by_school:
        return encode(enrollments, column)
    return remember(
        enrollments,
        ("with school", column),
        lambda: join_columns(encode(enrollments, column), encode(enrollments, "School_id")),
    )


def mark_enrolled(
    students: Table, enrollments: Table, sections: Table, *, today: dt.date
) -> np.ndarray:
    """Bool mask over student rows: those whose key has an enrollment that counts on a day.

    Its section exists, but may be over: see `mark_stranded`.
    """
    counting = mark_open(enrollments, sections, today)
    return _mark_students(students, enrollments, sections, counting=counting)


def mark_stranded(
    students: Table, enrollments: Table, sections: Table, *, today: dt.date
) -> np.ndarray:
    """Bool mask over student rows: all enrollments that count are in ended sections."""
    over = mark_over(sections, today)
    if not over.any():
        return np.zeros(len(students), bool)
    current = mark_enrolled_in(students, enrollments, sections, rows=~over, today=today)
    return np.asarray(mark_enrolled(students, enrollments, sections, today=today) & ~current)


def mark_enrolled_in(
    students: Table,
    enrollments: Table,
    sections: Table,
    *,
    rows: np.ndarray,
    today: dt.date,
) -> np.ndarray:
    """Bool mask over student rows: those with an enrollment that counts in some sections.

    rows: bool mask over section rows. An enrollment or a section that could not be read whole may
    be one of them.
    """
    section = locate_rows(enrollments, "Section_id", sections)
    among = np.append(rows, True)[np.maximum(section, -1)]
    counting = mark_open(enrollments, sections, today)
    return _mark_students(students, enrollments, sections, counting=counting & among)


def _mark_students(
    students: Table, enrollments: Table, sections: Table, *, counting: np.ndarray
) -> np.ndarray:
    """Bool mask over student rows: those whose key these enrollments name, in existing sections."""
    student = locate_rows(enrollments, "Student_id", students)
    section = locate_rows(enrollments, "Section_id", sections)
    known = counting & (student >= 0) & ((section >= 0) | (section == UNREAD))
    unread = mark_named_in_unread(students, "Student_id", enrollments)
    return np.asarray(expand_to_key(students, student[known]) | unread)


def list_teachers(sections: Table, teachers: Table) -> tuple[np.ndarray, np.ndarray]:
    """Locate teachers by key: section row and teacher row of every known one, as integers."""
    section, teacher = [np.zeros(0, np.intp)], [np.zeros(0, np.intp)]
    for column in list_teacher_columns(sections):
        at = locate_rows(sections, column, teachers)
        rows = np.flatnonzero(at >= 0)
        section.append(rows)
        teacher.append(at[rows].astype(np.intp))
    return np.concatenate(section), np.concatenate(teacher)
