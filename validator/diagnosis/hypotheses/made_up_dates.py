"""Columns of birth dates that do not hold birth dates: one date for all, ages, another date."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from validator import frame
from validator.diagnosis.hypotheses.birth_dates import (
    LEAST,
    MANY,
    NEARLY_ALL,
    PEOPLE_RULES,
    SHARE,
    BirthDates,
    read,
    split_day,
    suspect,
    suspect_blank,
)
from validator.diagnosis.hypothesis import PART, Suspicion
from validator.diagnosis.scene import Scene
from validator.frame.arrays import count_numbers
from validator.frame.values import number_day

HALF = 0.5

MUCH_MORE = 8
"""How many times as frequent as any other date one must be that only a part of the people have."""
NEW_YEAR = 101
"""January 1 as month and day."""
ONE_YEAR = 0.8
"""Share of dates of one year from which a part of all is one date rather than ages."""

WINDOW = 60
"""Days within which nearly all dates are around one event, such as the first day of school."""

YOUNGEST = 3
FAR = 3.5
"""Years from the usual age of a grade, as in the rule student-age-unlikely."""

DATE_COLUMNS = {
    "enrollments": ("Begin", "End"),
    "sections": ("Term_start", "Term_end"),
}


def suspect_one_date(scene: Scene) -> Iterable[Suspicion]:
    """Suspect one date for everybody.

    All of at least 8 students, or 95 % of 20. By chance 8 students share a birth date once in
    365 ** 7 files. Or a quarter of all, of at least 8, and eight times as many as have any other
    date: of students of 13 years one in 4,700 is born on a given day.
    """
    dates = read(scene)
    if dates is None:
        return
    days, times = np.unique(dates.days[dates.counts], return_counts=True)
    rows = dates.days == days[times.argmax()]
    if not _is_nearly_all(int(times.max()), dates.count):
        narrowed = dates.narrow(rows)
        if narrowed is None and not _is_part(times, dates.count):
            return
        if narrowed is not None:
            dates, rows = narrowed, rows & narrowed.dated
    same = int((rows & dates.counts).sum())
    others = _mark_other_rows(dates, rows)
    also = (
        f"; {int(others.sum()):,} further rows of theirs have one other date"
        if others.any()
        else ""
    )
    rows |= others
    yield suspect_blank(
        dates,
        "one-date-for-all",
        rows,
        evidence=f"{same:,} of {dates.count:,} {dates.whose} have the same birth date{also}",
    )


def _mark_other_rows(dates: BirthDates, rows: np.ndarray) -> np.ndarray:
    """Return a bool mask of people's further rows with another suspected birth date."""
    others = dates.dated & ~dates.counts & ~rows
    if not others.any():
        return np.asarray(others)
    days, times = np.unique(dates.days[others], return_counts=True)
    is_same = _is_nearly_all(int(times.max()), int(others.sum()))
    return np.asarray(others & (dates.days == days[times.argmax()]) & is_same)


def _is_nearly_all(count: int, of: int) -> bool:
    """Return whether a suspicion of dates has nearly all rows: all of at least LEAST, or most of
    MANY."""
    return count == of if of < MANY else count >= SHARE * of


def _is_part(times: np.ndarray, of: int) -> bool:
    """Return whether a suspicion of dates has a part of the people: a date that many have, and
    that is far more frequent than any other.

    `times`: the people of each date.
    """
    ordered = np.sort(times)[::-1]
    second = int(ordered[1]) if len(ordered) > 1 else 0
    return bool(ordered[0] >= max(LEAST, PART * of, MUCH_MORE * second))


def suspect_ages(scene: Scene) -> Iterable[Suspicion]:
    """Suspect dates that were counted back from ages, or made of years of birth.

    Two signs: all of at least 8 students have their birthday on one day of the year (once in
    365 ** 7 files by chance), and the dates are of several years. Each date may be a year off, so
    there is nothing to undo. Or a quarter of all have it, eight times as many as have any other
    birthday. A part on January 1 proves nothing: many refugees have it in their papers.
    """
    dates = read(scene)
    if dates is None:
        return
    _, birthdays = split_day(np.where(dates.dated, dates.days, 0))
    times = count_numbers(birthdays[dates.counts])
    rows = dates.dated & (birthdays == times.argmax())
    if not _is_nearly_all(int(times.max()), dates.count):
        narrowed = dates.narrow(rows)
        if narrowed is not None:
            dates, rows = narrowed, rows & narrowed.dated
        elif not _is_part(times, dates.count) or not _are_of_ages(dates.days[rows & dates.counts]):
            return
    same = rows & dates.counts
    years = len(np.unique(split_day(dates.days[same])[0]))
    if years < 2:
        return
    covered = dates.place_with_header(rows)
    yield suspect(
        dates,
        "dates-from-ages",
        rows,
        evidence=(
            f"{int(same.sum()):,} of {dates.count:,} {dates.whose} have their birthday on one day "
            f"of the year, in {years:,} years"
        ),
        covers=dict.fromkeys((*PEOPLE_RULES[:2], "student-dob-ambiguous"), covered),
    )


def _are_of_ages(days: np.ndarray) -> bool:
    """Return whether dates on one day of the year may be of ages, as a suspicion of a part has it.

    Dates of one year are one date for many.
    """
    years, birthdays = split_day(days)
    of_year = np.unique(years, return_counts=True)[1]
    return bool(birthdays[0] != NEW_YEAR and of_year.max() <= ONE_YEAR * len(days))


def suspect_another_date(scene: Scene) -> Iterable[Suspicion]:
    """Suspect another date, such as the first day at school, in place of the birth date.

    Two signs: nearly all of at least 8 ages do not fit (younger than 3, not yet born, or over
    three years from the usual age of the grade), and nearly all dates are within 60 days or are
    dates that other columns hold. Or most ages do not fit, and none of at least 20 dates is on a
    weekend (once in 800 files by chance). Or a quarter of all ages do not fit, and nearly all of
    these dates are within 60 days or in other columns: mistyped dates are of many months.
    """
    dates = read(scene)
    if dates is None:
        return
    age = (number_day(dates.today) - dates.days) / 365.2425
    wrong = dates.dated & ((age < YOUNGEST) | (np.abs(np.nan_to_num(dates.offset)) > FAR))
    most = dates if (wrong & dates.counts).sum() >= HALF * dates.count else None
    for part, is_whole in (
        (most or dates.narrow(wrong), True),
        (dates.select(wrong), False),
    ):
        sign = "" if part is None else _find_sign(scene, part, wrong, is_whole=is_whole)
        if part is not None and sign:
            of = part if is_whole else dates
            where = " of some schools" if is_whole and part.here is not None else ""
            yield suspect_blank(
                part,
                "another-date-as-birth-date",
                part.dated,
                evidence=f"{int((wrong & part.counts).sum()):,} of {of.count:,} birth "
                f"dates{where} do not fit the age of a student, and {sign}",
            )
            return


def _find_sign(scene: Scene, dates: BirthDates, wrong: np.ndarray, *, is_whole: bool) -> str:
    """Return the evidence that birth dates are days of another kind, "" for nothing.

    `wrong`: bool mask of the ages that do not fit. `is_whole`: whether the dates are all of the
    district or of its schools, and not only those that do not fit.
    """
    days = dates.days[dates.counts]
    count = int((wrong & dates.counts).sum())
    if count < LEAST or len(np.unique(days)) == 1:
        return ""
    is_sure = count >= NEARLY_ALL * len(days)
    low, high = np.quantile(days, [0.025, 0.975], method="nearest")
    if high - low <= WINDOW and is_sure:
        weeks = max(1, int(-(-(high - low + 1) // 7)))
        return f"nearly all are within {weeks} weeks"
    if is_sure and _share_elsewhere(scene, days) >= NEARLY_ALL:
        return "nearly all are dates that another column of the export holds"
    # 1970-01-01 was a Thursday
    weekend = (days + 3) % 7 >= 5
    is_many = is_whole and len(days) >= MANY and len(np.unique(days)) > 2
    return "none is on a weekend" if is_many and not weekend.any() else ""


def _share_elsewhere(scene: Scene, days: np.ndarray) -> float:
    """Return the share of days that other columns hold, as evidence of made-up birth dates."""
    known = [np.zeros(0, np.int32)]
    for name, columns in DATE_COLUMNS.items():
        table = scene.table(name)
        if table is not None:
            known += [frame.parse_dates(table, column).days for column in columns]
    return float(np.isin(days, np.unique(np.concatenate(known))).mean())
