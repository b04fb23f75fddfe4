"""Birth dates and other dates of people: unreadable, ambiguous, unlikely."""

from __future__ import annotations

import datetime as dt

import numpy as np

from validator import frame
from validator.checks.declaration import check
from validator.frame import values as frame_values
from validator.frame.arrays import count_numbers
from validator.frame.values import NO_DAY, number_day
from validator.model import Finding, Places, Table
from validator.vocabulary.grades import Grades

YEAR = 365.2425
"""Days in a year of the Gregorian calendar, on average."""


@check(wants=("today",))
def unreadable(people: Table, *, column: str, today: dt.date) -> Finding:
    """People with a value that is not a date, or a date in the future or before living memory."""
    values = frame.encode(people, column)
    dates = frame.parse_dates(people, column, century_before=today.year % 100)
    future = (dates.days > number_day(today)) & ~dates.serial
    wrong = (dates.invalid | future) & ~frame_values.is_blank(values.values)
    return frame.report_people(people, values.broadcast(wrong), column)


@check()
def order_ambiguous(table: Table, *, column: str) -> Finding:
    """The column, when its dates can be read day first or month first, or both orders occur."""
    dates = frame.parse_dates(table, column)
    both = dates.day_first > 0 and dates.month_first > 0
    neither = dates.slashed > 0 and dates.day_first == 0 and dates.month_first == 0
    if not both and not neither:
        return Finding([], of=1)
    reason = "both day/month and month/day occur" if both else "no day is above 12"
    order = "day/month" if dates.day_first > dates.month_first else "month/day"
    return Finding([Places.at_header(table, column, notes=f"{reason}; read as {order}")], of=1)


@check()
def two_digit_years(*tables: Table | None, columns: list[str]) -> Finding:
    """Find the columns with dates whose year has two digits; one place each, at the header."""
    blocks, of = [], 0
    for table in tables:
        for column in columns:
            if table is None or not table.has(column):
                continue
            of += 1
            values = frame.encode(table, column)
            short = values.broadcast(frame_values.has_short_year(values.values))
            if short.any():
                notes = f"{int(short.sum()):,} dates"
                blocks.append(Places.at_header(table, column, notes=notes))
    return Finding(blocks, of=max(of, 1))


@check()
def day_first(table: Table, *, column: str) -> Finding:
    """Find a column some of whose dates can only be day first, and none only month first."""
    dates = frame.parse_dates(table, column)
    if not dates.day_first or dates.month_first:
        return Finding([], of=1)
    return Finding([Places.at_header(table, column, notes="the day comes before the month")], of=1)


@check(wants=("today",))
def shared(
    people: Table, *, column: str, share: float, least: int, fillers: list[str], today: dt.date
) -> Finding:
    """People with a date that an implausible share of all people have, or a known filler date."""
    who = frame.group_people(people)
    days = frame.parse_days(people, column, century_before=today.year % 100)
    number, count = frame.number_keys(days)
    times = count_numbers(number[who.first & (days != NO_DAY)], minlength=count)
    many = (times >= least) & (times >= share * who.count)
    filler_days = [number_day(dt.date.fromisoformat(day)) for day in fillers]
    wrong = (many[number] | np.isin(days, filler_days)) & (days != NO_DAY)
    return frame.report_people(people, wrong, column)


@check(wants=("today",))
def under_age(people: Table, *, column: str, age: int, soon: int, today: dt.date) -> Finding:
    """Find people younger than `age` today.

    Figures: how many are under age, over, of unknown age, and turn `age` within `soon` days.
    """
    who = frame.group_people(people)
    days = frame.parse_days(people, column, century_before=today.year % 100)
    known = who.first & (days != NO_DAY) & (days <= number_day(today))
    limit, later = (
        number_day(_subtract_years(day, age)) for day in (today, today + dt.timedelta(days=soon))
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


def _subtract_years(day: dt.date, years: int) -> dt.date:
    """The same day that many years earlier, for the check of ages; February 28 for February 29."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


@check(wants=("grades", "today"))
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
    """People younger than `youngest`, older than `oldest`, or far from their grade's usual age.

    Far is more than `years` years on the last September 1. Values that are not dates, and dates in
    the future, have a separate rule.
    """
    days = frame.parse_days(people, column, century_before=today.year % 100)
    known = (days != NO_DAY) & (days <= number_day(today))
    age = (number_day(today) - days) / YEAR
    wrong = (age < youngest) | (age >= oldest + 1)
    september = dt.date(today.year if today.month >= 9 else today.year - 1, 9, 1)
    expected = _estimate_ages(people, grade_column, grades)
    # the usual age spans a whole year of birthdays: from the age itself to just under a year more
    then = (number_day(september) - days) / YEAR
    wrong |= (then < expected - years) | (then >= expected + years + 1)
    rows = np.flatnonzero(known & wrong)
    who = frame.group_people(people)
    once = rows[frame.mark_firsts(who.number[rows])]
    return frame.report_people(people, once, column)


def _estimate_ages(people: Table, column: str, grades: Grades) -> np.ndarray:
    """Per row, the usual age in its grade on September 1 in years, NaN where there is none."""
    grade = frame.encode(people, column)
    ages = [grades.get_age(name) for name in grades.to_comparable(grade.values.to_pylist())]
    return grade.broadcast(
        np.asarray([np.nan if age is None else age for age in [*ages, None]], float)
    )
