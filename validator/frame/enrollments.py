"""Who is enrolled in which section, as whole numbers."""

from __future__ import annotations

import numpy as np

from validator.frame.columns import Encoded, encode, join_columns, remember
from validator.frame.keys import UNKNOWN, locate_rows
from validator.frame.people import is_unique_within_school
from validator.model import Table


def list_members(sections: Table, enrollments: Table) -> tuple[np.ndarray, np.ndarray]:
    """Section row and student number of every enrollment in a section that exists, once each, by section."""

    def make() -> tuple[np.ndarray, np.ndarray]:
        by_school = is_unique_within_school(sections)
        keys, bits = mark_enrolled(enrollments, by_school)
        keys = keys[np.append(True, keys[1:] != keys[:-1])] if len(keys) else keys
        section = _enrollment_column(enrollments, "Section_id", by_school)
        by_code = np.full(max(len(section.values), 1), UNKNOWN, np.int32)
        by_code[section.codes] = locate_rows(enrollments, "Section_id", sections)
        row = by_code[keys >> bits]
        student = keys.astype(np.int32) & np.int32((1 << bits) - 1)
        there = row >= 0
        return row[there], student[there]

    return remember(enrollments, "members", make)


def mark_enrolled(enrollments: Table, by_school: bool) -> tuple[np.ndarray, int]:
    """Every enrollment as one number, ascending, and the bits: see `enrollment_keys`; equal numbers are repeats."""

    def make() -> tuple[np.ndarray, int]:
        keys, bits = build_enrollment_keys(enrollments, by_school)
        keys.sort()
        return keys[np.searchsorted(keys, 0) :], bits

    return remember(enrollments, ("enrolled", by_school), make)


def build_enrollment_keys(enrollments: Table, by_school: bool) -> tuple[np.ndarray, int]:
    """Per row one number, the section above and the student in the low bits, -1 where one is blank; and those bits.

    `by_school`: ids are unique only within a school, so that the row's school is part of both.
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
