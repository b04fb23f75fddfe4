"""Enrollments: which of them count on a day, and the students and teachers of sections."""

from __future__ import annotations

import datetime as dt

import numpy as np

from validator.frame.arrays import find_in_blocks, iterate_blocks, mark_numbers, narrow
from validator.frame.cache import remember
from validator.frame.columns import encode, encode_folded, parse_dates, parse_days
from validator.frame.keys import (
    UNREAD,
    expand_to_key,
    list_teacher_columns,
    locate_rows,
    mark_named_in_unread,
)
from validator.frame.terms import mark_over
from validator.frame.values import NO_DAY, number_day
from validator.model import Table, dataclass

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
        """Bool mask over a frame's enrollments: the parsed last day is before the first."""
        return np.asarray((self.first != NO_DAY) & (self.last != NO_DAY) & (self.last < self.first))


def parse_span(table: Table, *, begin: str = "Begin", end: str = "End") -> Span:
    """The days of each row; fillers such as 01/01/1900 and values that are no date are NO_DAY."""
    return Span(*(_parse_real_days(table, column) for column in (begin, end)))


def _parse_real_days(table: Table, column: str) -> np.ndarray:
    """Parse a frame's date column as day numbers, fillers such as 01/01/1900 as no day."""
    days = parse_days(table, column)
    return np.asarray(np.where(days < number_day(FILLER_BEFORE), NO_DAY, days))


def mark_fillers(table: Table, column: str) -> np.ndarray:
    """Bool mask over an encoded column: the rows with a filler day such as 01/01/1900."""
    dates = parse_dates(table, column)
    filler = (dates.days != NO_DAY) & (dates.days < number_day(FILLER_BEFORE))
    return encode(table, column).broadcast(filler)


def mark_ended(
    table: Table, today: dt.date, *, begin: str = "Begin", end: str = "End"
) -> np.ndarray:
    """Bool mask over a frame's rows (enrollments, assignments, roles): ended before a day.

    A row that ends on the day it begins covers no day. Of a row that ends before it begins, the
    later day counts, because which of the two is wrong is not known. A row that only begins later
    has not ended.
    """

    def mark() -> np.ndarray:
        if not table.has(end) and not table.has("Exit_code"):
            return np.broadcast_to(np.False_, len(table))
        span = parse_span(table, begin=begin, end=end)
        # the formats' own columns with another name are OneRoster's, whose ends are exclusive
        is_exclusive = table.exclusive_ends or end != "End"
        limit = number_day(today) - (0 if is_exclusive else 1)
        dated = span.last != NO_DAY
        ended = dated & (np.maximum(span.first, span.last) <= limit)
        ended |= dated & (span.first == span.last)
        return np.asarray(ended | _mark_left(table))

    return remember(table, ("ended", today, begin, end), mark)


def _mark_left(table: Table) -> np.ndarray:
    """Bool mask over a frame's enrollments: the encoded exit code says the student left."""
    code = encode_folded(table, "Exit_code")
    return code.broadcast(np.asarray([word in LEFT for word in code.values.to_pylist()], bool))


def mark_open(enrollments: Table, sections: Table, today: dt.date) -> np.ndarray:
    """Bool mask over a frame's enrollments that count on a day: not ended before it.

    Where the section's term is over too, an ended enrollment counts: the term is at fault.
    """

    def mark() -> np.ndarray:
        ended = mark_ended(enrollments, today)
        if not ended.any():
            return np.broadcast_to(np.True_, len(enrollments))
        section = locate_rows(enrollments, "Section_id", sections)
        over = np.append(mark_over(sections, today), False)[np.maximum(section, -1)]
        return np.asarray(~ended | over)

    return remember(enrollments, ("open", sections.name, today), mark)


@dataclass(frozen=True, eq=False)
class Attendance:
    """Who attends what: the enrollments that count and whose student and section are known.

    `student`, `section`: their rows in these tables (int32). `others`: the rows of the other
    enrollments (intp, ascending).
    """

    student: np.ndarray
    section: np.ndarray
    others: np.ndarray

    def take(self, is_chosen: np.ndarray) -> Attendance:
        """Some of a frame's enrollments (a bool mask), as if their entries were all the rows."""
        if is_chosen.all():
            return Attendance(self.student, self.section, np.zeros(0, np.intp))
        others = np.flatnonzero(~is_chosen)
        return Attendance(self.student[is_chosen], self.section[is_chosen], others)

    def find_rows(self, entries: np.ndarray) -> np.ndarray:
        """The frame's rows of the enrollments of some entries, given by number."""
        following = self.others - np.arange(len(self.others))
        return np.asarray(entries + np.searchsorted(following, entries, side="right"))

    def find_away(self, home: np.ndarray, place: np.ndarray) -> np.ndarray:
        """A frame's entries whose section is at another school than the student; both are known.

        `home`, `place`: the school of each student and section, negative where it is unknown.
        """
        is_unknown = bool((home < 0).any() or (place < 0).any())
        home, place = narrow(home), narrow(place)

        def mark(block: slice) -> np.ndarray:
            own, other = home[self.student[block]], place[self.section[block]]
            away = np.asarray(own != other)
            if is_unknown:
                away &= (own >= 0) & (other >= 0)
            return away

        return find_in_blocks(len(self.student), mark)


def list_attendance(
    students: Table, sections: Table, enrollments: Table, *, today: dt.date
) -> Attendance:
    """A frame's enrollments that count on a day and whose student and section are known."""

    def build() -> Attendance:
        student = locate_rows(enrollments, "Student_id", students)
        section = locate_rows(enrollments, "Section_id", sections)
        known = mark_open(enrollments, sections, today) & (student >= 0) & (section >= 0)
        return Attendance(student, section, np.zeros(0, np.intp)).take(known)

    return remember(enrollments, ("attendance", today), build)


def mark_enrolled(
    students: Table, enrollments: Table, sections: Table, *, today: dt.date
) -> np.ndarray:
    """Bool mask over student rows: those whose key has an enrollment that counts on a day.

    Its section exists, but may be over: see `mark_stranded`.
    """
    attendance = list_attendance(students, sections, enrollments, today=today)
    rows = [attendance.student]
    if len(sections.unread) or sections.known_elsewhere:
        student = locate_rows(enrollments, "Student_id", students)
        section = locate_rows(enrollments, "Section_id", sections)
        is_unread = mark_open(enrollments, sections, today) & (student >= 0)
        rows.append(student[is_unread & (section == UNREAD)])
    unread = mark_named_in_unread(students, "Student_id", enrollments)
    enrolled = [expand_to_key(students, some) for some in rows]
    return np.asarray(np.any(enrolled, axis=0) | unread)


def mark_stranded(
    students: Table, enrollments: Table, sections: Table, *, today: dt.date
) -> np.ndarray:
    """Bool mask over a frame's students: all enrollments that count are in ended sections."""
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
    """Bool mask over a frame's students: those with an enrollment that counts in some sections.

    rows: bool mask over section rows. An enrollment or a section that could not be read whole may
    be one of them.
    """
    section = locate_rows(enrollments, "Section_id", sections)
    is_chosen = np.append(rows, [True, False, False])  # the last three: UNREAD, UNKNOWN, BLANK
    counting = mark_open(enrollments, sections, today)
    blocks = [is_chosen[section[block]] & counting[block] for block in iterate_blocks(len(section))]
    chosen = np.concatenate([np.zeros(0, bool), *blocks])
    student = locate_rows(enrollments, "Student_id", students)
    unread = mark_named_in_unread(students, "Student_id", enrollments)
    named = expand_to_key(students, mark_numbers(student, len(students), chosen))
    return np.asarray(named | unread)


def list_teachers(sections: Table, teachers: Table) -> tuple[np.ndarray, np.ndarray]:
    """Locate teachers by key: section row and teacher row of every known one, as integers."""
    section, teacher = [np.zeros(0, np.intp)], [np.zeros(0, np.intp)]
    for column in list_teacher_columns(sections):
        at = locate_rows(sections, column, teachers)
        rows = np.flatnonzero(at >= 0)
        section.append(rows)
        teacher.append(at[rows].astype(np.intp))
    return np.concatenate(section), np.concatenate(teacher)
