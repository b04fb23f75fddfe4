"""Sections that share students and teachers: block schedules and self-contained classes."""

from __future__ import annotations

import datetime as dt

import numpy as np

from validator import frame
from validator.checks.declaration import check
from validator.frame import similarity
from validator.frame.arrays import count_numbers
from validator.model import Finding, Table


def _group_by_students(
    sections: Table, enrollments: Table, *, share: float, least: int, today: dt.date
) -> np.ndarray:
    """Group sections by common students for the checks of co-teaching: per section, -1 for none.

    Sections with fewer than `least` students are left out.
    """
    members = frame.list_members(sections, enrollments, today)
    group = np.full(len(sections), -1, np.int64)
    large = np.flatnonzero(members.sizes >= least)
    if len(large) < 2:
        return group
    numbers = similarity.group_similar(members, among=large, share=share)
    group[members.rows[large]] = numbers[large]
    times = count_numbers(group[group >= 0])
    group[(group >= 0) & (times[np.maximum(group, 0)] < 2)] = -1
    return group


@check(wants=("today",))
def block_scheduled(
    sections: Table, enrollments: Table, *, share: float, least: int, today: dt.date
) -> Finding:
    """Find co-taught sections of a team of teachers whose students are together in several of them.

    A team: the sections of one group of students have different primary teachers, or three or more
    teachers together. One teacher with the same co-teacher in all subjects is no block schedule.
    """
    group = _group_by_students(sections, enrollments, share=share, least=least, today=today)
    columns = [frame.encode(sections, name) for name in frame.list_teacher_columns(sections)]
    times = np.zeros(len(sections), np.int64)
    for column in columns:
        times += ~column.blank
    co_taught = np.flatnonzero((group >= 0) & (times > 1))
    if not len(co_taught):
        return Finding([], of=len(sections), groups=0)
    is_team = frame.mark_mixed(group[co_taught], columns[0].codes[co_taught])
    is_team |= _count_teachers(sections, co_taught, group)[group[co_taught]] > 2
    chosen = co_taught[is_team]
    places = frame.place_rows(sections, chosen, "Section_id", groups=group[chosen])
    return Finding([places], of=len(sections), groups=0)


def _count_teachers(sections: Table, rows: np.ndarray, group: np.ndarray) -> np.ndarray:
    """Per group of sections, how many different teachers its sections in `rows` have."""
    names = [frame.take_text(sections, name, rows) for name in frame.list_teacher_columns(sections)]
    pairs = {
        (int(number), teacher)
        for column in names
        for number, teacher in zip(group[rows].tolist(), column, strict=True)
        if teacher
    }
    numbers = np.asarray([number for number, _ in pairs], np.intp)
    return count_numbers(numbers, minlength=int(group.max(initial=0)) + 1)


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
    """Find sets of at least `many` sections of one teacher with nearly the same students."""
    group = _group_by_students(sections, enrollments, share=share, least=least, today=today)
    teacher = frame.encode(sections, "Teacher_id")
    rows = np.flatnonzero((group >= 0) & ~teacher.blank)
    keys = group[rows] * len(teacher.values) + teacher.codes[rows]
    number, count = frame.number_keys(keys)
    kept = count_numbers(number, minlength=count)[number] >= many
    places = frame.place_rows(sections, rows[kept], "Section_id", groups=number[kept])
    return Finding([places], of=len(sections), groups=0)
