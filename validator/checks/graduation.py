"""Graduation years that contradict grades."""

from __future__ import annotations

import datetime as dt

import numpy as np

from validator import frame
from validator.checks.declaration import check
from validator.frame.values import match_pattern
from validator.model import Finding, Table
from validator.vocabulary.grades import Grades

LAST_GRADE = "12"
SUMMER = (6, 7, 8)
"""Months in which a roster may be of the year before or of the year to come."""


@check(wants=("grades", "today"))
def year_differs(
    people: Table,
    *,
    column: str,
    grade_column: str,
    years: int,
    share: float,
    least: int,
    grades: Grades,
    today: dt.date,
) -> Finding:
    """Find people whose graduation year is `years` or more from the one that their grade leads to.

    One year is ordinary for somebody who repeats a grade. It counts where more than `share` of a
    grade, and at least `least` people, have another year. In summer, either school year fits.
    """
    who = frame.group_people(people)
    year = _parse_years(people, column)
    left = _count_years_left(people, grade_column, grades)
    known = who.first & (year > 0) & (left >= 0)
    this_june = today.year + (today.month > max(SUMMER))
    away = np.abs(year - (this_june + left))
    if today.month in SUMMER:
        away = np.minimum(away, np.abs(year - (this_june + 1 + left)))
    differing = known & (away >= years)
    for number in np.unique(left[known & (away > 0)]):
        of_grade = known & (left == number)
        others = of_grade & (away > 0)
        if others.sum() >= least and others.sum() > share * of_grade.sum():
            differing |= others
    return frame.report_people(people, np.flatnonzero(differing), column)


def _parse_years(people: Table, column: str) -> np.ndarray:
    """Parse graduation years for their check, 0 where there is none."""
    values = frame.encode(people, column)
    is_year = match_pattern(values.values, "^20[0-9]{2}$")
    years = [
        int(text) if valid else 0
        for text, valid in zip(values.values.to_pylist(), is_year, strict=True)
    ]
    return values.broadcast(np.asarray(years, np.int64))


def _count_years_left(people: Table, column: str, grades: Grades) -> np.ndarray:
    """Count the school years until the last grade, for the check of graduation; -1 for others."""
    values = frame.encode(people, column)
    order = {grade: at for at, grade in enumerate(grades.order)}
    last = order[LAST_GRADE]
    left = [
        last - order[grade] if grades.is_k12(grade) else -1
        for grade in grades.to_canonical(values.values.to_pylist())
    ]
    return values.broadcast(np.asarray(left, np.int64))
