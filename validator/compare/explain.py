"""Why records came, went and changed: who left, moved or has another id, which classes go on, who loses them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow.compute as pc

from validator import frame
from validator.compare import diff
from validator.compare.diff import Changes, Kind
from validator.frame import Encoded
from validator.frame.values import fold
from validator.model import Export, Table

MAIL = {"students": "Student_email", "teachers": "Teacher_email", "staff": "Staff_email"}
NAME = ("First_name", "Last_name")
TERM = ("Term_name", "Term_start", "Term_end")
COURSE = ("Course_name", "Course_number")
LESSON = ("School_id", *COURSE, "Teacher_id", "Period")
"""What makes a section of the next term the same class as one of the last."""

TAIL = 5
"""Records that must be missing at the end of a file before it is said to be cut short; our own measure."""

Rows = np.ndarray  # row numbers of a table


def reused(between: Changes, name: str) -> np.ndarray:
    """Bool mask over the records that both have: the id now belongs to somebody else.

    A student is somebody else who has another birth date and another first or last name; where a date is not known, and
    for adults, whose names and addresses change together, first and last name must both differ.
    """
    found: np.ndarray = between.remember(("reused", name), lambda: _reused(between, name))
    return found


def _reused(between: Changes, name: str) -> np.ndarray:
    kind = between.kind(name)
    if kind is None or frame.encode_names(kind.old) is None or frame.encode_names(kind.new) is None:
        return np.zeros(0 if kind is None else len(kind.was), bool)
    out = np.zeros(len(kind.was), bool)
    asked = np.flatnonzero(kind.any_of(NAME))
    was, now = kind.was[asked], kind.now[asked]
    names = []
    for column in NAME:
        old, new = (
            frame.encode_rows(kind.old, column, was),
            frame.encode_rows(kind.new, column, now),
        )
        before, after, _ = diff.common(frame.map_values(old, fold), frame.map_values(new, fold))
        names.append(~old.blank & ~new.blank & (before != after))
    mark = "DOB" if name == "students" else MAIL[name]
    known = (
        ~frame.encode_rows(kind.old, mark, was).blank
        & ~frame.encode_rows(kind.new, mark, now).blank
    )
    other = kind.any_of((mark,))[asked]
    both = names[0] & names[1]
    out[asked] = np.where(known, other & ((names[0] | names[1]) if mark == "DOB" else both), both)
    return out


def same_people(between: Changes, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Rows of the old and the new table that are one person under two ids: one name and birth date (or address),
    borne by one id that went, or went to somebody else, and by one that came."""
    found: tuple[np.ndarray, np.ndarray] = between.remember(
        ("same", name), lambda: _same_people(between, name)
    )
    return found


def _same_people(between: Changes, name: str) -> tuple[np.ndarray, np.ndarray]:
    kind, none = between.kind(name), (np.zeros(0, np.int64), np.zeros(0, np.int64))
    if kind is None:
        return none
    mark = "DOB" if name == "students" else MAIL[name]
    columns = ("First_name", "Last_name", mark)
    if not all(table.has(column) for table in (kind.old, kind.new) for column in columns):
        return none
    other = reused(between, name)
    rows = [
        _whole(table, columns, among)
        for table, among in (
            (kind.old, np.append(kind.removed, kind.was[other])),
            (kind.new, np.append(kind.added, kind.now[other])),
        )
    ]
    keys = diff.joint(
        [
            (_alike(between, kind.old, column, rows[0]), _alike(between, kind.new, column, rows[1]))
            for column in columns
        ]
    )
    sides = []
    for key, among in zip(keys, rows, strict=True):
        values, first, times = np.unique(key, return_index=True, return_counts=True)
        sides.append((values[times == 1], among[first[times == 1]]))
    _, left, right = np.intersect1d(
        sides[0][0], sides[1][0], assume_unique=True, return_indices=True
    )
    return sides[0][1][left], sides[1][1][right]


def _whole(table: Table, columns: Sequence[str], rows: Rows) -> Rows:
    """The rows with a value in each of the columns."""
    out = np.ones(len(rows), bool)
    for column in columns:
        out &= ~frame.encode_rows(table, column, rows).blank
    return rows[out]


def _alike(between: Changes, table: Table, column: str, rows: Rows) -> Encoded:
    """What of a person stays under another id, of some rows: names without regard to case and accents, a birth date."""
    values = diff.comparable(between, table, column, rows)
    return (
        values
        if column == "DOB"
        else frame.map_values(values, fold if column in NAME else pc.utf8_lower)
    )


def enrolled(export: Export, students: Table) -> np.ndarray:
    """Bool mask of the student rows with an enrollment in a section that exists."""
    enrollments, sections = export.tables.get("enrollments"), export.tables.get("sections")
    if enrollments is None or sections is None:
        return np.zeros(len(students), bool)
    return frame.mark_placed(students, enrollments, sections)


def links(export: Export) -> np.ndarray:
    """Every teacher of every section as rows (section, teacher), each once, shape (n, 2)."""
    sections, teachers = export.tables.get("sections"), export.tables.get("teachers")
    if sections is None or teachers is None:
        return np.zeros((0, 2), np.int64)
    return np.unique(np.stack(frame.list_teachers(sections, teachers), axis=1), axis=0)


def cut_short(kind: Kind) -> int:
    """How many of the removed records are the last ones of the old file; 0 unless that is most of them."""
    if len(kind.removed) < TAIL:
        return 0
    last = int(kind.was.max(initial=-1))
    tail = int((kind.removed > last).sum())
    return tail if tail >= max(TAIL, len(kind.removed) // 2) else 0


def lost_by_school(kind: Kind) -> list[tuple[str, int, int]]:
    """Per school id, how many records the old export had and how many of them are gone; largest share first."""
    if not kind.old.has("School_id") or kind.name == "schools":
        return []
    school = frame.encode(kind.old, "School_id")
    gone = np.bincount(school.codes[kind.removed], minlength=len(school.values))
    had = gone + np.bincount(school.codes[kind.was], minlength=len(school.values))
    order = np.argsort(-gone / np.maximum(had, 1), kind="stable")
    return [
        (school.values[int(at)].as_py(), int(had[at]), int(gone[at])) for at in order if gone[at]
    ]


def left(between: Changes, name: str) -> Rows:
    """Rows of the old table of those who are gone, under any id."""
    kind = between.kind(name)
    return (
        np.setdiff1d(kind.removed, same_people(between, name)[0]) if kind else np.zeros(0, np.int64)
    )


def joined(between: Changes, name: str) -> Rows:
    """Rows of the new table of those who were not there before, under any id."""
    kind = between.kind(name)
    return (
        np.setdiff1d(kind.added, same_people(between, name)[1]) if kind else np.zeros(0, np.int64)
    )


def changed(between: Changes, name: str, *columns: str) -> np.ndarray:
    """Bool mask over the records that both have: the same person or thing, with another value in one of the columns."""
    kind = between.kind(name)
    if kind is None:
        return np.zeros(0, bool)
    out = kind.any_of(columns)
    return out & ~reused(between, name) if name in MAIL else out


def without_sections(between: Changes) -> np.ndarray:
    """Bool mask over the students that both have: in some section before, in none now."""
    kind = between.kind("students")
    if kind is None:
        return np.zeros(0, bool)
    return np.asarray(
        enrolled(between.old, kind.old)[kind.was] & ~enrolled(between.new, kind.new)[kind.now]
    )


def losing_sections(between: Changes) -> tuple[np.ndarray, np.ndarray]:
    """Two bool masks over the teachers that both have: all their sections are gone, and some of them are."""
    teachers, sections = between.kind("teachers"), between.kind("sections")
    if teachers is None or sections is None:
        none = np.zeros(0 if teachers is None else len(teachers.was), bool)
        return none, none
    had, have, width = links(between.old), links(between.new), len(teachers.was) + 1
    person = [
        _places(len(table), rows)
        for table, rows in ((teachers.old, teachers.was), (teachers.new, teachers.now))
    ]
    course = [
        _places(len(table), rows)
        for table, rows in ((sections.old, sections.was), (sections.new, sections.now))
    ]
    before = person[0][had[:, 1]]
    there = course[0][had[:, 0]] * width + before
    still = course[1][have[:, 0]] * width + person[1][have[:, 1]]
    gone = (course[0][had[:, 0]] < 0) | ~np.isin(there, still)
    taught = np.bincount(before[before >= 0], minlength=len(teachers.was)) > 0
    lost = np.bincount(before[gone & (before >= 0)], minlength=len(teachers.was)) > 0
    teaches = np.bincount(person[1][have[:, 1]] + 1, minlength=len(teachers.was) + 1)[1:] > 0
    return taught & ~teaches, lost & teaches


def _places(count: int, rows: Rows) -> np.ndarray:
    """Per row of a table of `count` rows its place in `rows`, -1 where it is not among them."""
    out = np.full(count, -1, np.int64)
    out[rows] = np.arange(len(rows))
    return out


def going_on(between: Changes) -> Rows:
    """Rows of the new sections that are a class of the old export under a new id, in another term."""
    kind = between.kind("sections")
    if kind is None or not len(kind.added) or not len(kind.removed):
        return np.zeros(0, np.int64)
    old, new = kind.old, kind.new
    lesson, other = diff.joint(
        [(frame.encode(old, column), frame.encode(new, column)) for column in LESSON]
    )
    term, later = diff.joint(
        [
            (
                diff.comparable(between, old, column, np.arange(len(old))),
                diff.comparable(between, new, column, np.arange(len(new))),
            )
            for column in TERM
        ]
    )
    named = diff.filled(kind.new, [column for column in COURSE if kind.new.has(column)][:1])
    rows = kind.added[named[kind.added] & np.isin(other[kind.added], lesson[kind.removed])]
    return np.asarray(rows[~np.isin(later[rows], term[kind.removed])])


def sections_reused(between: Changes) -> np.ndarray:
    """Bool mask over the sections that both have: the id now stands for another course or term."""
    kind = between.kind("sections")
    if kind is None:
        return np.zeros(0, bool)
    out = np.zeros(len(kind.was), bool)
    for column in (*COURSE, *TERM):
        if column in kind.differs:
            both = (
                ~frame.encode(kind.old, column).blank[kind.was]
                & ~frame.encode(kind.new, column).blank[kind.now]
            )
            out |= kind.differs[column] & both
    return out
