"""Sections that share students and teachers: block schedules and self-contained classes."""

from __future__ import annotations

import datetime as dt

import numpy as np

from validator import frame
from validator.checks.declaration import check
from validator.frame import similarity
from validator.model import Finding, Table


def _group_by_students(
    sections: Table, enrollments: Table, *, share: float, least: int, today: dt.date
) -> np.ndarray:
    """Per section the number of its group of sections with `share` of common students, -1 for none.

    Sections with fewer than `least` students are left out.
    """
    section, member = frame.list_members(sections, enrollments, today)
    group = np.full(len(sections), -1, np.int64)
    starts = np.flatnonzero(np.diff(section, prepend=-1))
    sizes = np.diff(np.append(starts, len(section)))
    large = np.flatnonzero(sizes >= least)
    if len(large) < 2:
        return group
    numbers = similarity.group_similar(member, starts, among=large, share=share)
    group[section[starts[large]]] = numbers[large]
    times = np.bincount(group[group >= 0])
    group[(group >= 0) & (times[np.maximum(group, 0)] < 2)] = -1
    return group


@check(wants=("today",))
def block_scheduled(
    sections: Table, enrollments: Table, *, share: float, least: int, today: dt.date
) -> Finding:
    """Co-taught sections whose students are together in another section too.

    With one group of students over several sections and several teachers, the co-teachers probably
    each teach a block.
    """
    group = _group_by_students(sections, enrollments, share=share, least=least, today=today)
    columns = frame.list_teacher_columns(sections)
    filled = sum((~frame.encode(sections, name).blank).astype(np.int64) for name in columns)
    rows = np.flatnonzero((group >= 0) & (np.asarray(filled) > 1))
    places = frame.place_rows(sections, rows, "Section_id", groups=group[rows])
    return Finding([places], of=len(sections), groups=0)


@check(wants=("today",))
def self_contained(
    sections: Table,
    enrollments: Table,
    *,
    share: float,
    least: int,
    many: int,
    today: dt.date,
) -> Finding:
    """Sets of at least `many` sections of one teacher with nearly the same students."""
    group = _group_by_students(sections, enrollments, share=share, least=least, today=today)
    teacher = frame.encode(sections, "Teacher_id")
    rows = np.flatnonzero((group >= 0) & ~teacher.blank)
    keys = group[rows] * max(len(teacher.values), 1) + teacher.codes[rows]
    number, count = frame.number_keys(keys)
    kept = np.bincount(number, minlength=count)[number] >= many
    places = frame.place_rows(sections, rows[kept], "Section_id", groups=number[kept])
    return Finding([places], of=len(sections), groups=0)
