"""Enrollments: repeated, or in two sections of one course at the same time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from validator import frame
from validator.checks.declaration import check
from validator.frame import similarity
from validator.frame.values import NO_DAY
from validator.model import Finding, Table


@check()
def repeated(enrollments: Table, sections: Table | None, students: Table | None) -> Finding:
    """Enrollment rows after the first with the same student and section.

    Where enrollments have dates, only those that overlap.
    """
    by_school = any(
        table is not None and frame.is_unique_within_school(table) for table in (sections, students)
    )
    ordered = frame.sort_enrollment_keys(enrollments, by_school)[0]
    twice = frame.sort_unique(ordered[1:][ordered[1:] == ordered[:-1]])
    keys = frame.build_enrollment_keys(enrollments, by_school)[0] if len(twice) else ordered[:0]
    rows = np.flatnonzero(frame.mark_among(keys, twice))
    group = np.searchsorted(twice, keys[rows]).astype(np.int32)
    later = ~frame.mark_firsts(group)
    if enrollments.has("Begin") or enrollments.has("End"):
        later = _mark_overlaps(enrollments, rows, group)
    places = frame.place_rows(enrollments, rows[later], None, groups=group[later])
    return Finding([places], of=len(enrollments), groups=0)


def _mark_overlaps(enrollments: Table, rows: np.ndarray, group: np.ndarray) -> np.ndarray:
    """Bool mask of the rows that begin before an earlier row of their group ends.

    A blank date is no limit.
    """
    first, last = (
        frame.parse_days(enrollments, column)[rows].astype(np.int64) for column in ("Begin", "End")
    )
    last = np.where(last == NO_DAY, np.iinfo(np.int32).max, last)
    order = np.lexsort((np.arange(len(rows)), first, group))
    offset = group[order].astype(np.int64) << 33  # wider than any two days: groups do not mix
    latest = np.maximum.accumulate(offset + last[order] - NO_DAY)
    overlaps = np.zeros(len(rows), bool)
    overlaps[order[1:]] = offset[1:] + first[order[1:]] - NO_DAY <= latest[:-1]
    return overlaps


@check()
def course_repeated(
    enrollments: Table,
    sections: Table,
    students: Table,
    *,
    columns: list[str],
    start: str,
    end: str,
) -> Finding:
    """Students in two sections of one course whose terms overlap.

    Places are enrollments, people are counted. The course is the first of `columns` with a value.
    """
    who = frame.group_people(students)
    filled = [column for column in columns if not frame.encode(sections, column).blank.all()]
    if not filled:
        return Finding([], of=who.count)
    section = frame.locate_rows(enrollments, "Section_id", sections)
    student = frame.locate_rows(enrollments, "Student_id", students)
    course = frame.encode_lower(sections, filled[0])
    key = _number_person_and_course(who, course, student=student, section=section)
    rows = frame.find_repeated(key)
    rows = rows[key[rows] >= 0]
    first, last = frame.parse_days(sections, start), frame.parse_days(sections, end)
    term = _Term(first, last, frame.encode(sections, "Term_name").codes)
    at = section[rows]
    order = np.lexsort((at, term.name[at], last[at], first[at], key[rows]))
    rows, at = rows[order], at[order]
    same_course = (key[rows][1:] == key[rows][:-1]) & (at[1:] != at[:-1])
    hit = np.flatnonzero(same_course & _overlap(term, at[:-1], at[1:]))
    rows = frame.sort_unique(np.concatenate([rows[hit], rows[hit + 1]]))
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


def _overlap(term: _Term, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Bool mask of the pairs of sections whose terms overlap; by name if a date is unknown."""
    dated = (term.first != NO_DAY) & (term.last != NO_DAY)
    same_days = (term.first[left] <= term.last[right]) & (term.first[right] <= term.last[left])
    same_name = term.name[left] == term.name[right]
    return np.asarray(np.where(dated[left] & dated[right], same_days, same_name))


def _number_person_and_course(
    who: frame.People, course: frame.Encoded, *, student: np.ndarray, section: np.ndarray
) -> np.ndarray:
    """Per enrollment one int64 for its person and course, -1 where one of them is unknown.

    `student`, `section`: row numbers per enrollment, negative where unknown.
    """
    bits = len(course.values).bit_length()
    codes = np.append(np.where(course.blank, -1, course.codes), np.int32(-1))
    course_code = codes[np.maximum(section, -1)]
    # built in place, for millions of enrollments
    key = np.append(who.number, np.int32(-1))[np.maximum(student, -1)].astype(np.int64)
    key <<= bits
    key |= course_code
    key[(course_code < 0) | (student < 0)] = -1
    return np.asarray(key)


@check()
def same_students(sections: Table, enrollments: Table, *, share: float, least: int) -> Finding:
    """Sets of sections with `share` of their students in common and different primary teachers.

    Sections with fewer than `least` students, or without a teacher, are left out.
    """
    section, member = frame.list_members(sections, enrollments)
    starts = np.flatnonzero(np.diff(section, prepend=-1))
    sizes = np.diff(np.append(starts, len(section)))
    rows, teacher = section[starts], frame.encode(sections, "Teacher_id")
    large = np.flatnonzero((sizes >= least) & ~teacher.blank[rows])
    if len(large) < 2:
        return Finding([], of=len(sections), groups=0)
    group = similarity.group_similar(member, starts, among=large, share=share)
    mixed = frame.mark_mixed(group, teacher.codes[rows])
    places = frame.place_rows(sections, rows[mixed], "Section_id", groups=group[mixed])
    return Finding([places], of=len(sections), groups=0)
