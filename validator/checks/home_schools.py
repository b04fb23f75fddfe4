"""The school that Clever shows a student at: the one of most sections."""

from __future__ import annotations

import datetime as dt

import numpy as np

from validator import frame
from validator.checks.declaration import check
from validator.frame.arrays import count_numbers, look_up
from validator.model import Finding, Table


@check(wants=("today",))
def elsewhere(
    students: Table,
    sections: Table,
    enrollments: Table,
    schools: Table,
    *,
    least: int,
    today: dt.date,
) -> Finding:
    """Find students with at least `least` sections, more than half of them at one other school.

    Their enrollments there are places too, and are not counted.
    """
    who = frame.group_people(students)
    home = frame.locate_rows(students, "School_id", schools)
    place = frame.locate_rows(sections, "School_id", schools)
    attendance = frame.list_attendance(students, sections, enrollments, today=today)
    entries = _list_of_mostly_away(who, attendance, home=home, place=place)
    if not len(entries) or (home == home[0]).all():
        return Finding([], of=who.count)
    rows = attendance.find_rows(entries)
    width = len(schools)
    homes = np.unique(who.number[home >= 0].astype(np.int64) * width + home[home >= 0])
    person = who.number[attendance.student[entries]].astype(np.int64)
    pair = person * width + place[attendance.section[entries]]
    away = np.isin(pair, _find_most(pair, homes, width=width, least=least))
    people = np.flatnonzero(who.first & np.isin(who.number, pair[away] // width))
    counts = np.zeros(int(away.sum()), bool)
    blocks = [
        frame.place_rows(students, people, "School_id"),
        frame.place_rows(enrollments, rows[away], "Section_id", counts=counts),
    ]
    return Finding(blocks, of=who.count)


def _list_of_mostly_away(
    who: frame.People, attendance: frame.Attendance, *, home: np.ndarray, place: np.ndarray
) -> np.ndarray:
    """The entries of the people with more sections away than at their row's school.

    `home`, `place`: the school of each student and section, negative where it is unknown.
    """
    differing = attendance.find_away(home, place)
    if not len(differing):
        return differing
    is_away = who.mark(attendance.student[differing])
    entries = np.flatnonzero(look_up(is_away[who.number], attendance.student))
    student, section = attendance.student[entries], attendance.section[entries]
    known = (home[student] >= 0) & (place[section] >= 0)
    entries, student, section = entries[known], student[known], section[known]
    number = who.number[student]
    mostly = _mark_mostly(number, home[student] != place[section], count=who.count)
    return np.asarray(entries[mostly[number]])


def _mark_mostly(number: np.ndarray, away: np.ndarray, *, count: int) -> np.ndarray:
    """Mark people with more sections away than at their school, for the check of home schools."""
    times = count_numbers(number[away], minlength=count)
    return np.asarray(2 * times > count_numbers(number, minlength=count))


def _find_most(pair: np.ndarray, homes: np.ndarray, *, width: int, least: int) -> np.ndarray:
    """Pairs of a person and the school of most of their sections, where it is not one of `homes`.

    `pair`: one entry per enrollment, the person's number times `width` plus that of the school.
    People with fewer than `least` enrollments are left out.
    """
    keys, times = np.unique(pair, return_counts=True)
    of = keys // width
    total = count_numbers(pair // width)[of]
    most = (2 * times > total) & (total >= least) & ~np.isin(keys, homes)
    return np.asarray(keys[most])
