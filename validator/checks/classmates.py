"""Students whose grade does not fit the class that they are in."""

from __future__ import annotations

import datetime as dt

import numpy as np

from validator import frame
from validator.checks.declaration import check
from validator.frame.arrays import count_numbers, sort_unique
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
    """Find a student who is `apart` grades or more from all others of a class in a core subject.

    Only in classes of at least `least` students whose others are within one grade of each other.
    """
    who = frame.group_people(students)
    rank = _rank(students, grades)
    subject = frame.encode_lower(sections, "Subject")
    core = subject.broadcast(match_pattern(subject.values, subjects))
    section = frame.locate_rows(enrollments, "Section_id", sections)
    student = frame.locate_rows(enrollments, "Student_id", students)
    known = (section >= 0) & (student >= 0) & frame.mark_open(enrollments, sections, today)
    section, student = section[known], student[known]
    of_person = np.full(who.count, -1, np.int64)
    of_person[who.number[::-1]] = rank[::-1]
    kept = core[section] & (rank[student] >= 0)
    section, number = section[kept], who.number[student[kept]]
    wide = _find_wide(section, of_person[number], count=len(sections), apart=apart)[section]
    pairs = sort_unique(section[wide].astype(np.int64) * max(who.count, 1) + number[wide])
    at, person = pairs // max(who.count, 1), pairs % max(who.count, 1)
    far = _find_far_off(at, of_person[person], least=least, apart=apart)
    people = np.unique(person[far])
    rows = np.flatnonzero(who.first & np.isin(who.number, people))
    return frame.report_people(students, rows, "Grade")


def _find_wide(section: np.ndarray, rank: np.ndarray, *, count: int, apart: int) -> np.ndarray:
    """Mark sections whose students' grades are `apart` or more, for the check of classmates.

    `count`: of all sections. Most classes are of one grade, so few are left to be sorted.
    """
    ranks = int(rank.max(initial=0)) + 1
    cells = count_numbers(section.astype(np.int64) * ranks + rank, minlength=count * ranks)
    present = cells.reshape(count, ranks) > 0
    lowest = present.argmax(axis=1)
    highest = ranks - 1 - present[:, ::-1].argmax(axis=1)
    return np.asarray(present.any(axis=1) & (highest - lowest >= apart))


def _rank(students: Table, grades: Grades) -> np.ndarray:
    """Per row, the position of its grade from youngest to oldest, -1 where it has none."""
    values = frame.encode(students, "Grade")
    order = {grade: at for at, grade in enumerate(grades.order) if grade not in UNORDERED}
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
