"""Enrollments as integers: section and student of every row in one number."""

from __future__ import annotations

import numpy as np

from validator.frame.columns import Encoded, encode, join_columns, remember
from validator.frame.keys import (
    UNKNOWN,
    UNREAD,
    expand_to_key,
    list_teacher_columns,
    locate_rows,
    mark_named_in_unread,
)
from validator.frame.people import is_unique_within_school
from validator.model import Table


def list_members(sections: Table, enrollments: Table) -> tuple[np.ndarray, np.ndarray]:
    """Section row and student number of every distinct enrollment in an existing section.

    Two arrays of one length (int32); the enrollments of a section are next to each other.
    """

    def build() -> tuple[np.ndarray, np.ndarray]:
        by_school = is_unique_within_school(sections)
        keys, bits = sort_enrollment_keys(enrollments, by_school)
        if len(keys):
            keys = keys[np.append(True, keys[1:] != keys[:-1])]
        section = _enrollment_column(enrollments, "Section_id", by_school)
        by_code = np.full(max(len(section.values), 1), UNKNOWN, np.int32)
        by_code[section.codes] = locate_rows(enrollments, "Section_id", sections)
        row = by_code[keys >> bits]
        student = keys.astype(np.int32) & np.int32((1 << bits) - 1)
        exists = row >= 0
        return row[exists], student[exists]

    return remember(enrollments, "members", build)


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
    if not by_school:
        return encode(enrollments, column)
    return remember(
        enrollments,
        ("with school", column),
        lambda: join_columns(encode(enrollments, column), encode(enrollments, "School_id")),
    )


def mark_placed(students: Table, enrollments: Table, sections: Table) -> np.ndarray:
    """Bool mask of the student rows that have an enrollment in an existing section."""
    student = locate_rows(enrollments, "Student_id", students)
    section = locate_rows(enrollments, "Section_id", sections)
    known = (student >= 0) & ((section >= 0) | (section == UNREAD))
    unread = mark_named_in_unread(students, "Student_id", enrollments)
    return np.asarray(expand_to_key(students, student[known]) | unread)


def list_teachers(sections: Table, teachers: Table) -> tuple[np.ndarray, np.ndarray]:
    """Section row and teacher row of every known teacher, one teacher column after the other."""
    section, teacher = [np.zeros(0, np.intp)], [np.zeros(0, np.intp)]
    for column in list_teacher_columns(sections):
        at = locate_rows(sections, column, teachers)
        rows = np.flatnonzero(at >= 0)
        section.append(rows)
        teacher.append(at[rows].astype(np.intp))
    return np.concatenate(section), np.concatenate(teacher)
