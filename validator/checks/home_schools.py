"""The school that Clever shows a student at: the one of most sections."""

from __future__ import annotations

import datetime as dt

import numpy as np

from validator import frame
from validator.checks.declaration import check
from validator.frame.arrays import count_numbers
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
    section = frame.locate_rows(enrollments, "Section_id", sections)
    student = frame.locate_rows(enrollments, "Student_id", students)
    known = (section >= 0) & (student >= 0) & frame.mark_open(enrollments, sections, today)
    rows = np.flatnonzero(known)
    rows = rows[(place[section[rows]] >= 0) & (home[student[rows]] >= 0)]
    number = who.number[student[rows]]
    away_from_home = place[section[rows]] != home[student[rows]]
    rows = rows[_mark_mostly(number, away_from_home, count=who.count)[number]]
    if not len(rows) or (home == home[0]).all():
        return Finding([], of=who.count)
    width = len(schools)
    homes = np.unique(who.number[home >= 0].astype(np.int64) * width + home[home >= 0])
    pair = who.number[student[rows]].astype(np.int64) * width + place[section[rows]]
    away = np.isin(pair, _find_most(pair, homes, width=width, least=least))
    people = np.flatnonzero(who.first & np.isin(who.number, pair[away] // width))
    counts = np.zeros(int(away.sum()), bool)
    blocks = [
        frame.place_rows(students, people, "School_id"),
        frame.place_rows(enrollments, rows[away], "Section_id", counts=counts),
    ]
    return Finding(blocks, of=who.count)


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
