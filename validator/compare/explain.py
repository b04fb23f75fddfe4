"""Reasons why records of two exports differ: who left, moved, or has another id."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
import pyarrow.compute as pc

from validator import frame
from validator.compare import diff
from validator.compare.diff import Changes, Kind
from validator.frame import Encoded
from validator.frame.arrays import count_numbers
from validator.frame.values import fold
from validator.model import Export, Table

MAIL = {"students": "Student_email", "teachers": "Teacher_email", "staff": "Staff_email"}
NAME = ("First_name", "Last_name")
TERM = ("Term_name", "Term_start", "Term_end")
COURSE = ("Course_name", "Course_number")
LESSON = ("School_id", *COURSE, "Teacher_id", "Period")
"""The columns in which a section of the next term equals one of the last."""

TAIL = 5
"""Fewest records missing at the end of a file that is called cut short; our own measure."""

Rows = np.ndarray  # row numbers of a table


def mark_reused(between: Changes, name: str) -> np.ndarray:
    """Return the bool mask over the records in both exports whose id is now somebody else's.

    A student is somebody else with another birth date and another first or last name. Where a date
    is unknown, and for adults, whose names and addresses change together, both names must differ.
    """
    mask: np.ndarray = between.remember(("reused", name), lambda: _mark_reused(between, name))
    return mask


def _mark_reused(between: Changes, name: str) -> np.ndarray:
    """Mark the ids that belong to another person than in the last export."""
    kind = between.kind(name)
    if kind is None:
        return np.zeros(0, bool)
    mask = np.zeros(len(kind.was), bool)
    if frame.encode_names(kind.old) is None or frame.encode_names(kind.new) is None:
        return mask
    candidates = np.flatnonzero(kind.any_of(NAME))
    was, now = kind.was[candidates], kind.now[candidates]
    first, last = (_has_other_name(kind, column, was=was, now=now) for column in NAME)
    sign = "DOB" if name == "students" else MAIL[name]
    was_blank = frame.encode_rows(kind.old, sign, was).blank
    now_blank = frame.encode_rows(kind.new, sign, now).blank
    has_other_sign = kind.any_of((sign,))[candidates]
    has_other_names = (first | last) if sign == "DOB" else (first & last)
    is_known = ~was_blank & ~now_blank
    mask[candidates] = np.where(is_known, has_other_sign & has_other_names, first & last)
    return mask


def _has_other_name(kind: Kind, column: str, *, was: Rows, now: Rows) -> np.ndarray:
    """Mark records with another name than in the last export, whatever case and accents."""
    old = frame.encode_rows(kind.old, column, was)
    new = frame.encode_rows(kind.new, column, now)
    before, after, _ = diff.number_values(frame.map_values(old, fold), frame.map_values(new, fold))
    return np.asarray(~old.blank & ~new.blank & (before != after))


def match_people(between: Changes, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows, in the old and the new export, of people who have another id now.

    The same name and birth date (or address), with one id that is gone or now belongs to somebody
    else, and one that is new.
    """
    rows: tuple[np.ndarray, np.ndarray] = between.remember(
        ("same", name), lambda: _match_people(between, name)
    )
    return rows


def _match_people(between: Changes, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Match people who have another id than in the last export, by name and a sign."""
    none = (np.zeros(0, np.int64), np.zeros(0, np.int64))
    kind = between.kind(name)
    if kind is None:
        return none
    sign = "DOB" if name == "students" else MAIL[name]
    columns = ("First_name", "Last_name", sign)
    if not all(table.has(column) for table in (kind.old, kind.new) for column in columns):
        return none
    is_reused = mark_reused(between, name)
    old_rows = _select_filled_rows(kind.old, columns, np.append(kind.removed, kind.was[is_reused]))
    new_rows = _select_filled_rows(kind.new, columns, np.append(kind.added, kind.now[is_reused]))
    pairs = [
        (
            _fold_column(between, kind.old, column, rows=old_rows),
            _fold_column(between, kind.new, column, rows=new_rows),
        )
        for column in columns
    ]
    old_keys, new_keys = diff.number_jointly(pairs)
    old_unique, old_first = _select_unique(old_keys)
    new_unique, new_first = _select_unique(new_keys)
    _, left, right = np.intersect1d(old_unique, new_unique, assume_unique=True, return_indices=True)
    return old_rows[old_first[left]], new_rows[new_first[right]]


def _select_unique(keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the keys that occur once, by which people of both exports are matched."""
    values, first, times = np.unique(keys, return_index=True, return_counts=True)
    return values[times == 1], first[times == 1]


def _select_filled_rows(table: Table, columns: Sequence[str], rows: Rows) -> Rows:
    """Return the rows with a value in each column by which people of both exports are matched."""
    is_filled = np.ones(len(rows), bool)
    for column in columns:
        is_filled &= ~frame.encode_rows(table, column, rows).blank
    return rows[is_filled]


def _fold_column(between: Changes, table: Table, column: str, *, rows: Rows) -> Encoded:
    """Return values that stay between exports when an id changes, such as folded names."""
    values = diff.normalize(between, table, column, rows=rows)
    if column == "DOB":
        return values
    return frame.map_values(values, fold if column in NAME else pc.utf8_lower)


def mark_enrolled(export: Export, students: Table, today: dt.date) -> np.ndarray:
    """Mark students in either of two compared exports whose enrollment counts."""
    enrollments, sections = export.tables.get("enrollments"), export.tables.get("sections")
    if enrollments is None or sections is None:
        return np.zeros(len(students), bool)
    return frame.mark_enrolled(students, enrollments, sections, today=today)


def list_links(export: Export) -> np.ndarray:
    """Return every teacher of every section of an export as rows (section, teacher), to compare."""
    sections, teachers = export.tables.get("sections"), export.tables.get("teachers")
    if sections is None or teachers is None:
        return np.zeros((0, 2), np.int64)
    section, teacher = frame.list_teachers(sections, teachers)
    width = len(teachers) + 1
    pairs = frame.sort_unique(section.astype(np.int64) * width + teacher)
    return np.stack([pairs // width, pairs % width], axis=1)


def count_cut_off(kind: Kind) -> int:
    """Count removed records at the end of the last export's file; 0 unless they are most."""
    if len(kind.removed) < TAIL or len(kind.new) >= len(kind.old):
        return 0
    last = int(kind.was.max(initial=-1))
    tail = int((kind.removed > last).sum())
    return tail if tail >= max(TAIL, len(kind.removed) // 2) else 0


def count_lost_by_school(kind: Kind) -> list[tuple[str, int, int]]:
    """Return school id, old records and removed records; largest share of them first."""
    if not kind.old.has("School_id") or kind.name == "schools":
        return []
    school = frame.encode(kind.old, "School_id")
    gone = count_numbers(school.codes[kind.removed], minlength=len(school.values))
    had = gone + count_numbers(school.codes[kind.was], minlength=len(school.values))
    order = np.argsort(-gone / np.maximum(had, 1), kind="stable")
    ids = school.values.to_pylist()
    return [(ids[int(code)], int(had[code]), int(gone[code])) for code in order if gone[code]]


def list_left(between: Changes, name: str) -> Rows:
    """Return the rows of the previous export's table of those who are gone from this one, under
    any id."""
    kind = between.kind(name)
    if kind is None:
        return np.zeros(0, np.int64)
    return np.setdiff1d(kind.removed, match_people(between, name)[0])


def list_joined(between: Changes, name: str) -> Rows:
    """Return the rows of the new export's table of those who were not in the previous one."""
    kind = between.kind(name)
    if kind is None:
        return np.zeros(0, np.int64)
    return np.setdiff1d(kind.added, match_people(between, name)[1])


def mark_changed(between: Changes, name: str, *columns: str) -> np.ndarray:
    """Return the bool mask over the records in both: the same person with another value."""
    kind = between.kind(name)
    if kind is None:
        return np.zeros(0, bool)
    mask = kind.any_of(columns)
    return mask & ~mark_reused(between, name) if name in MAIL else mask


def mark_without_sections(between: Changes) -> np.ndarray:
    """Return the bool mask over the students in both: in a section before, in none now."""
    kind = between.kind("students")
    if kind is None:
        return np.zeros(0, bool)
    before = mark_enrolled(between.old, kind.old, between.today)[kind.was]
    after = mark_enrolled(between.new, kind.new, between.today)[kind.now]
    return np.asarray(before & ~after)


def mark_losing_sections(between: Changes) -> tuple[np.ndarray, np.ndarray]:
    """Mark teachers in both exports who lose all, or some, of their sections."""
    teachers, sections = between.kind("teachers"), between.kind("sections")
    if teachers is None or sections is None:
        none = np.zeros(0 if teachers is None else len(teachers.was), bool)
        return none, none
    count = len(teachers.was)
    old_section, old_teacher = _locate_links(
        list_links(between.old),
        _find_places(len(sections.old), sections.was),
        _find_places(len(teachers.old), teachers.was),
    )
    new_section, new_teacher = _locate_links(
        list_links(between.new),
        _find_places(len(sections.new), sections.now),
        _find_places(len(teachers.new), teachers.now),
    )
    before = old_section * (count + 1) + old_teacher
    after = new_section * (count + 1) + new_teacher
    is_gone = (old_section < 0) | ~np.isin(before, after)
    is_known = old_teacher >= 0
    taught = count_numbers(old_teacher[is_known], minlength=count) > 0
    lost = count_numbers(old_teacher[is_gone & is_known], minlength=count) > 0
    teaches = count_numbers(new_teacher + 1, minlength=count + 1)[1:] > 0
    return taught & ~teaches, lost & teaches


def _locate_links(
    pairs: np.ndarray, sections: np.ndarray, teachers: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the places of section and teacher of each link among the compared records."""
    return sections[pairs[:, 0]], teachers[pairs[:, 1]]


def _find_places(count: int, rows: Rows) -> np.ndarray:
    """Return each old row's place among the records in both exports, or -1."""
    places = np.full(count, -1, np.int64)
    places[rows] = np.arange(len(rows))
    return places


def list_continuing(between: Changes) -> Rows:
    """Return new sections that continue one of the last export under a new id, in another term."""
    kind = between.kind("sections")
    if kind is None or not len(kind.added) or not len(kind.removed):
        return np.zeros(0, np.int64)
    old, new = kind.old, kind.new
    old_lesson, new_lesson = diff.number_jointly(
        [(frame.encode(old, column), frame.encode(new, column)) for column in LESSON]
    )
    old_rows, new_rows = np.arange(len(old)), np.arange(len(new))
    terms = [
        (
            diff.normalize(between, old, column, rows=old_rows),
            diff.normalize(between, new, column, rows=new_rows),
        )
        for column in TERM
    ]
    old_term, new_term = diff.number_jointly(terms)
    named = diff.mark_filled(new, [column for column in COURSE if new.has(column)][:1])
    added = kind.added[named[kind.added]]
    continued = added[np.isin(new_lesson[added], old_lesson[kind.removed])]
    return np.asarray(continued[~np.isin(new_term[continued], old_term[kind.removed])])


def mark_reused_sections(between: Changes) -> np.ndarray:
    """Return the bool mask over the sections in both: another course or term has the id now."""
    kind = between.kind("sections")
    if kind is None:
        return np.zeros(0, bool)
    mask = np.zeros(len(kind.was), bool)
    for column in (*COURSE, *TERM):
        if column in kind.differs:
            was_filled = ~frame.encode(kind.old, column).blank[kind.was]
            now_filled = ~frame.encode(kind.new, column).blank[kind.now]
            mask |= kind.differs[column] & was_filled & now_filled
    return mask
