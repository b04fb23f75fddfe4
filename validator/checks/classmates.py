"""Students whose grade does not fit the section that they are in."""

from __future__ import annotations

import datetime as dt

import numpy as np

from validator import frame
from validator.checks.declaration import check
from validator.frame.arrays import look_up, sort_unique
from validator.frame.grade_counts import count_grades
from validator.frame.values import match_pattern
from validator.model import Finding, Pattern, Table
from validator.vocabulary.grades import Grades

UNORDERED = ("Ungraded", "Other")
"""Grades that are neither above nor below others."""


@check(wants=("grades", "today"))
def grade_far_off(
    students: Table,
    sections: Table,
    enrollments: Table,
    *,
    least: int,
    apart: int,
    subjects: Pattern,
    grades: Grades,
    today: dt.date,
) -> Finding:
    """Find a student who is `apart` grades or more from all others of a section in a core subject.

    Only in sections of at least `least` students whose others are within one grade of each other.
    """
    who = frame.group_people(students)
    subject = frame.encode_lower(sections, "Subject")
    core = subject.broadcast(match_pattern(subject.values, subjects))
    named = grades.to_comparable(frame.encode(students, "Grade").values.to_pylist())
    attended = count_grades(students, sections, enrollments, named=named, today=today)
    lowest, highest = attended.find_ends(_order(grades))
    # Most sections are of one grade, so few are left to be compared student by student.
    wide = core & (lowest >= 0) & (highest - lowest >= apart)
    attendance = frame.list_attendance(students, sections, enrollments, today=today)
    chosen = np.flatnonzero(look_up(wide, attendance.section))
    section, student = attendance.section[chosen], attendance.student[chosen]
    rank = _rank(students, grades)
    of_person = np.full(who.count, -1, np.int64)
    of_person[who.number[::-1]] = rank[::-1]
    ranked = rank[student] >= 0
    section, number = section[ranked], who.number[student[ranked]]
    pairs = sort_unique(section.astype(np.int64) * max(who.count, 1) + number)
    at, person = pairs // max(who.count, 1), pairs % max(who.count, 1)
    far = _find_far_off(at, of_person[person], least=least, apart=apart)
    people = np.unique(person[far])
    rows = np.flatnonzero(who.first & np.isin(who.number, people))
    return frame.report_people(students, rows, "Grade")


def _order(grades: Grades) -> dict[str, int]:
    """Rank grades for the check of classmates, from youngest to oldest; those without an order:
    none."""
    return {grade: at for at, grade in enumerate(grades.order) if grade not in UNORDERED}


def _rank(students: Table, grades: Grades) -> np.ndarray:
    """Per row, the position of its grade from youngest to oldest, -1 where it has none."""
    values = frame.encode(students, "Grade")
    order = _order(grades)
    ranks = [order.get(grade, -1) for grade in grades.to_comparable(values.values.to_pylist())]
    return values.broadcast(np.asarray([*ranks, -1], np.int64))


def _find_far_off(section: np.ndarray, rank: np.ndarray, *, least: int, apart: int) -> np.ndarray:
    """Positions of the single students who are far from the others of their section.

    `section` is in ascending order.
    """
    order = np.lexsort((rank, section))
    rank = rank[order]
    starts = np.flatnonzero(np.diff(section, prepend=-1))
    sizes = np.diff(np.append(starts, len(section)))
    starts, sizes = starts[sizes >= least], sizes[sizes >= least]
    if not len(starts):
        return np.zeros(0, np.intp)
    last = starts + sizes - 1
    older = (rank[last] - rank[last - 1] >= apart) & (rank[last - 1] - rank[starts] <= 1)
    younger = (rank[starts + 1] - rank[starts] >= apart) & (rank[last] - rank[starts + 1] <= 1)
    return np.asarray(np.concatenate([order[last[older]], order[starts[younger]]]), np.intp)
