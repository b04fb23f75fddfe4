"""Enrollments: repeated, in two sections of one course at the same time, with unlikely dates."""

from __future__ import annotations

import datetime as dt

import numpy as np

from validator import frame
from validator.checks.declaration import check
from validator.frame import similarity
from validator.frame.arrays import count_numbers, look_up, narrow, repeat_each
from validator.frame.values import NO_DAY, match_pattern, split_lists
from validator.model import Finding, Places, Table, dataclass


@check()
def repeated(
    enrollments: Table,
    sections: Table | None,
    students: Table | None,
    classes: Table | None = None,
) -> Finding:
    """Find enrollment rows after the first with the same student and section.

    Where enrollments have dates, only those that overlap. Without dates, a section that lists
    several terms may have a row for each.
    """
    by_school = any(
        table is not None and frame.is_unique_within_school(table) for table in (sections, students)
    )
    rows, group = frame.find_enrolled_twice(enrollments, by_school)
    later = _mark_overlaps(enrollments, rows, group)
    if classes is not None and len(rows):
        later &= ~_mark_terms(enrollments, classes, rows, group=group)
    places = frame.place_rows(enrollments, rows[later], None, groups=group[later])
    return Finding([places], of=len(enrollments), groups=0)


def _mark_overlaps(enrollments: Table, rows: np.ndarray, group: np.ndarray) -> np.ndarray:
    """Mark rows that begin before an earlier one ends, for the check of repeated enrollments.

    A blank date is no limit. A row that ends on the day on which the next one begins is over.
    """
    if not enrollments.has("Begin") and not enrollments.has("End"):
        return ~frame.mark_firsts(group)
    span = frame.parse_span(enrollments)
    first, last = (days[rows].astype(np.int64) for days in (span.first, span.last))
    last = np.where(last == NO_DAY, np.iinfo(np.int32).max, last)
    order = np.lexsort((np.arange(len(rows)), first, group))
    offset = group[order].astype(np.int64) << 33  # wider than any two days: groups do not mix
    latest = np.maximum.accumulate(offset + last[order] - NO_DAY)
    overlaps = np.zeros(len(rows), bool)
    overlaps[order[1:]] = offset[1:] + first[order[1:]] - NO_DAY < latest[:-1]
    return overlaps


def _mark_terms(
    enrollments: Table, classes: Table, rows: np.ndarray, *, group: np.ndarray
) -> np.ndarray:
    """Bool mask for the check of enrollments: undated rows, as many as their section has terms."""
    span = frame.parse_span(enrollments)
    undated = (span.first[rows] == NO_DAY) & (span.last[rows] == NO_DAY)
    lists = frame.encode(classes, "termSourcedIds")
    cell, _ = split_lists(lists.values)
    terms = np.append(count_numbers(cell, minlength=len(lists.values))[lists.codes], 1)
    section = frame.locate_rows(enrollments, "Section_id", classes)[rows]
    order = np.argsort(group, kind="stable")
    starts = np.flatnonzero(np.diff(group[order], prepend=-1))
    sizes = np.diff(np.append(starts, len(order)))
    rank = np.empty(len(rows), np.int64)
    rank[order] = np.arange(len(order)) - repeat_each(starts, sizes)
    return np.asarray(undated & (rank < terms[np.maximum(section, -1)]))


@check(wants=("today",))
def course_repeated(
    enrollments: Table,
    sections: Table,
    students: Table,
    *,
    columns: list[str],
    start: str,
    end: str,
    today: dt.date,
) -> Finding:
    """Find students in two sections of one course whose terms overlap, on the same days.

    Places are enrollments, people are counted. Sections of one course are equal in all `columns`.
    Enrollments that have ended do not count.
    """
    who = frame.group_people(students)
    attendance = frame.list_attendance(students, sections, enrollments, today=today)
    course = _number_courses(sections, columns)
    entries, key = _find_in_one_course(who, course, attendance)
    rows = attendance.find_rows(entries)
    section = frame.locate_rows(enrollments, "Section_id", sections)
    student = frame.locate_rows(enrollments, "Student_id", students)
    term = _Term(
        frame.parse_days(sections, start),
        frame.parse_days(sections, end),
        frame.encode(sections, "Term_name").codes,
    )
    at = section[rows]
    order = np.lexsort((at, term.name[at], term.last[at], term.first[at], key))
    rows = _find_meeting(enrollments, rows[order], key[order], section=section, term=term)
    person = who.number[student[rows]]
    places = frame.place_rows(
        enrollments, rows, "Section_id", groups=person, counts=frame.mark_firsts(person)
    )
    return Finding([places], of=who.count)


@dataclass(frozen=True, eq=False)
class _Term:
    """Per section, the days on which its term begins and ends, and the code of its name."""

    first: np.ndarray
    last: np.ndarray
    name: np.ndarray


def _find_meeting(
    enrollments: Table, rows: np.ndarray, key: np.ndarray, *, section: np.ndarray, term: _Term
) -> np.ndarray:
    """Rows of neighbors with one key, in two sections that meet on the same days, in file order.

    `rows`: sorted by key and term. `key`: per row, that of person and course. `section`: of every
    enrollment.
    """
    at = section[rows]
    same_course = (key[1:] == key[:-1]) & (at[1:] != at[:-1])
    meet = _overlap(term, at[:-1], at[1:])
    if enrollments.has("Begin") or enrollments.has("End"):
        meet &= _share_days(frame.parse_span(enrollments), rows[:-1], rows[1:])
    hit = np.flatnonzero(same_course & meet)
    return frame.sort_unique(np.concatenate([rows[hit], rows[hit + 1]]))


def _overlap(term: _Term, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Bool mask of the pairs of sections whose terms overlap; by name if a date is unknown."""
    dated = (term.first != NO_DAY) & (term.last != NO_DAY)
    same_days = (term.first[left] <= term.last[right]) & (term.first[right] <= term.last[left])
    same_name = term.name[left] == term.name[right]
    return np.asarray(np.where(dated[left] & dated[right], same_days, same_name))


def _share_days(span: frame.Span, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Mark pairs of enrollments with a day in common, for the check of overlaps.

    A blank date is no limit, and a row that ends before it begins has none.
    """
    last = np.where((span.last == NO_DAY) | span.reversed, np.iinfo(np.int32).max, span.last)
    first = np.where(span.reversed, NO_DAY, span.first)
    return np.asarray((first[left] < last[right]) & (first[right] < last[left]))


def _number_courses(sections: Table, columns: list[str]) -> np.ndarray:
    """Number each section's course for the checks of enrollments; -1 where one cell is blank.

    Columns that are blank in every section do not count. Where that is so of the title, which is
    the last column, the section's name is its title.
    """
    parts = [frame.encode_lower(sections, column) for column in columns]
    if parts[-1].blank.all():
        parts[-1] = frame.encode_lower(sections, "Name")
    filled = [part for part in parts if not part.blank.all()]
    if not filled:
        return np.full(len(sections), -1, np.int32)
    number, _ = frame.number_keys(frame.combine_columns(filled))
    named = np.all([~part.blank for part in filled], axis=0)
    return np.where(named, number, -1).astype(np.int32)


def _find_in_one_course(
    who: frame.People, course: np.ndarray, attendance: frame.Attendance
) -> tuple[np.ndarray, np.ndarray]:
    """Find the enrollments of a person in a course that has several, with a key of both.

    `course`: the number of each section's course, -1 where it has none.
    """
    named = attendance.take(look_up(course >= 0, attendance.section))
    # Where every row is another person, the row is as good a number as the person's.
    person = named.student if who.count == len(who.number) else who.number[named.student]
    repeated = frame.find_repeated_pairs(person, look_up(narrow(course), named.section))
    key = person[repeated].astype(np.int64) * (len(course) + 1) + course[named.section[repeated]]
    return named.find_rows(repeated), key


ZEROS = r"^[0\s/.-]+$"
"""A blank date as PowerSchool and some databases write it: 0/0/0, 0000-00-00."""

OPEN_END = r"(^|[^0-9])(2[1-9][0-9]{2}|[3-9][0-9]{3})([^0-9]|$)"
"""A year in a later century: no end is in sight."""


@check()
def dates_unlikely(enrollments: Table, teaching: Table | None = None) -> Finding:
    """Enrollments with a value that is not a date, a filler date, or an end before the beginning.

    Each row counts once. Zeros as the end mean that there is none. What breaks the format's own
    specification has a separate rule.
    """
    blocks: list[Places] = []
    for table in (enrollments, teaching):
        if table is None or not (table.has("Begin") or table.has("End")):
            continue
        own = []
        for column, blank in (("Begin", None), ("End", ZEROS)):
            values, dates = frame.encode(table, column), frame.parse_dates(table, column)
            unreadable = dates.invalid & ~match_pattern(values.values, OPEN_END)
            if blank:
                unreadable &= ~match_pattern(values.values, blank)
            wrong = values.broadcast(unreadable)
            if table.exclusive_ends:  # OneRoster has a rule for values that break its format
                wrong = wrong & ~table.schema_violations.get(column, np.zeros(len(table), bool))
            own.append(frame.place_rows(table, wrong, column, notes="not a date"))
            fillers = frame.mark_fillers(table, column)
            own.append(frame.place_rows(table, fillers, column, notes="a filler, not a real day"))
        turned = frame.parse_span(table).reversed
        own.append(frame.place_rows(table, turned, "End", notes="ends before it begins"))
        blocks += frame.count_once(own)
    return Finding(blocks, of=len(enrollments) + (0 if teaching is None else len(teaching)))


@check(wants=("today",))
def same_students(
    sections: Table, enrollments: Table, *, share: float, least: int, today: dt.date
) -> Finding:
    """Sets of sections with `share` of their students in common and different primary teachers.

    Sections with fewer than `least` students, or without a teacher, are left out.
    """
    members = frame.list_members(sections, enrollments, today)
    rows, teacher = members.rows, frame.encode(sections, "Teacher_id")
    large = np.flatnonzero(members.sizes >= least)
    if len(large) < 2:
        return Finding([], of=len(sections), groups=0)
    group = similarity.group_similar(members, among=large, share=share)
    taught = large[~teacher.blank[rows[large]]]
    mixed = taught[frame.mark_mixed(group[taught], teacher.codes[rows[taught]])]
    places = frame.place_rows(sections, rows[mixed], "Section_id", groups=group[mixed])
    return Finding([places], of=len(sections), groups=0)
