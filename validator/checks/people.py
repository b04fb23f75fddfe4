"""Questions about who somebody is: age, grade, what they teach."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable

import numpy as np

from validator import frame
from validator.frame.values import NO_DAY, to_day_number
from validator.model import Finding, Table, Tally
from validator.vocabulary.grades import Grades

YEAR = 365.2425
"""Days in a year of the Gregorian calendar, on average."""


def under_age(people: Table, *, column: str, age: int, soon: int, today: dt.date) -> Finding:
    """People younger than `age` today; figures: how many are under, over, unknown, and reach it within `soon` days."""
    who = frame.group_people(people)
    days = frame.parse_days(people, column, century_before=today.year % 100)
    known = who.first & (days != NO_DAY) & (days <= to_day_number(today))
    limit, later = (
        to_day_number(_years_before(day, age)) for day in (today, today + dt.timedelta(days=soon))
    )
    under = known & (days > limit)
    figures = {
        "under": int(under.sum()),
        "over": int((known & ~under).sum()),
        "unknown": who.count - int(known.sum()),
        "turning": int((under & (days <= later)).sum()),
        "age": age,
        "soon": soon,
    }
    return Finding([frame.place_rows(people, under, column)], of=who.count, figures=figures)


def _years_before(day: dt.date, years: int) -> dt.date:
    """The same day that many years earlier; 29 February becomes 28 February in common years."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def grade_unknown(people: Table, *, column: str, grades: Grades) -> Finding:
    """People whose grade is not in the vocabulary; the tally holds the values as written."""
    return _grades(people, column, grades, lambda canonical: canonical == "?")


def grade_outside_k12(people: Table, *, column: str, grades: Grades) -> Finding:
    """People whose grade is understood and lies outside K-12; the tally holds the values as written."""
    return _grades(
        people, column, grades, lambda grade: grade not in ("", "?") and not grades.in_k12(grade)
    )


def grade_not_among(people: Table, *, column: str, accepted: list[str], grades: Grades) -> Finding:
    """People whose grade is understood and is none of the accepted ones; the tally holds the values as written."""
    return _grades(
        people, column, grades, lambda grade: grade not in ("", "?") and grade not in accepted
    )


def grades_shown(people: Table, *, column: str, grades: Grades) -> Finding:
    """Everybody, with the grades in their canonical names as tally; figure: how many show as Other."""
    who = frame.group_people(people)
    values = frame.encode(people, column)
    names = [
        grade if grade and grade != "?" else "Other"
        for grade in grades.canonical(values.values.to_pylist())
    ]
    times = np.bincount(values.codes[who.first], minlength=len(names))
    counts: Counter[str] = Counter()
    for name, count in zip(names, times.tolist(), strict=True):
        counts[name] += count
    order = {name: at for at, name in enumerate((*grades.order, "Other"))}
    ordered = sorted(
        ((name, count) for name, count in counts.items() if count),
        key=lambda one: order.get(one[0], 99),
    )
    other = sum(count for name, count in ordered if not grades.in_k12(name))
    return Finding(
        [frame.place_rows(people, who.first, column, listed=False)],
        of=who.count,
        figures={"other": other},
        tally=Tally(people.name, column, ordered),
    )


def _grades(people: Table, column: str, grades: Grades, asked: Callable[[str], bool]) -> Finding:
    who = frame.group_people(people)
    values = frame.encode(people, column)
    canonical = grades.canonical(values.values.to_pylist())
    wanted = np.asarray([asked(grade) for grade in canonical] + [False], bool)[:-1]
    rows = np.flatnonzero(values.broadcast(wanted)) if len(wanted) else np.zeros(0, np.int64)
    counts = frame.mark_firsts(who.number[rows])
    return Finding(
        [frame.place_rows(people, rows, column, counts=counts)],
        of=who.count,
        tally=frame.count_values(people, column, rows[counts]),
    )


def one_year_for_grades(
    people: Table, *, column: str, grade_column: str, most: int, least: int, grades: Grades
) -> Finding:
    """People with a year that over `most` grades have in common, at least `least` people in each: nobody's own year."""
    who = frame.group_people(people)
    years, held = frame.encode(people, column), frame.encode(people, grade_column)
    order = {grade: at for at, grade in enumerate(grades.order)}
    known = [order.get(one, -1) for one in grades.canonical(held.values.to_pylist())]
    number = held.broadcast(np.asarray(known, np.int64))
    rows = np.flatnonzero(who.first & (number >= 0) & ~years.blank)
    both = years.codes[rows] * np.int64(len(order)) + number[rows]
    times = np.bincount(both, minlength=len(years.values) * len(order)).reshape(-1, len(order))
    shared = (times >= least).sum(axis=1) > most
    rows = np.flatnonzero(who.first & ~years.blank & years.broadcast(shared))
    return Finding([frame.place_rows(people, rows, column)], of=who.count)


def age_unlikely(
    people: Table,
    *,
    column: str,
    grade_column: str,
    youngest: int,
    oldest: int,
    years: int,
    grades: Grades,
    today: dt.date,
) -> Finding:
    """People younger than `youngest`, older than `oldest`, or over `years` years from their grade's usual age on the
    last first of September; dates that are none or lie in the future are another rule's."""
    who = frame.group_people(people)
    days = frame.parse_days(people, column, century_before=today.year % 100)
    known = (days != NO_DAY) & (days <= to_day_number(today))
    age = (to_day_number(today) - days) / YEAR
    wrong = (age < youngest) | (age >= oldest + 1)
    september = dt.date(today.year if today.month >= 9 else today.year - 1, 9, 1)
    grade = frame.encode(people, grade_column)
    usual = [grades.usual_age(one) for one in grades.canonical(grade.values.to_pylist())]
    expected = grade.broadcast(
        np.asarray([np.nan if one is None else one for one in [*usual, None]], float)
    )
    # the usual age is that of a whole year of birthdays: from the age itself to just under a year more
    then = (to_day_number(september) - days) / YEAR
    wrong |= (then < expected - years) | (then >= expected + years + 1)
    rows = np.flatnonzero(known & wrong)
    return Finding(
        [frame.place_rows(people, rows, column, counts=frame.mark_firsts(who.number[rows]))],
        of=who.count,
    )
