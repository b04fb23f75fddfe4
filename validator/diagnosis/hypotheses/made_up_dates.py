"""Columns of birth dates that hold no birth dates: one date for all, ages, another date."""

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
from validator.diagnosis.hypothesis import Suspicion
from validator.diagnosis.scene import Scene
from validator.frame.arrays import count_numbers
from validator.frame.values import to_day_number

HALF = 0.5
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
    365 ** 7 files.
    """
    dates = read(scene)
    if dates is None:
        return
    days, times = np.unique(dates.days[dates.counts], return_counts=True)
    rows = dates.days == days[times.argmax()]
    if not _is_nearly_all(int(times.max()), dates.count):
        narrowed = dates.narrow(rows)
        if narrowed is None:
            return
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


def suspect_ages(scene: Scene) -> Iterable[Suspicion]:
    """Suspect dates that were counted back from ages, or made of years of birth.

    Two signs: all of at least 8 students have their birthday on one day of the year (once in
    365 ** 7 files by chance), and the dates are of several years. Each date may be a year off, so
    there is nothing to undo.
    """
    dates = read(scene)
    if dates is None:
        return
    _, birthdays = split_day(np.where(dates.dated, dates.days, 0))
    times = count_numbers(birthdays[dates.counts])
    rows = dates.dated & (birthdays == times.argmax())
    if not _is_nearly_all(int(times.max()), dates.count):
        narrowed = dates.narrow(rows)
        if narrowed is None:
            return
        dates, rows = narrowed, rows & narrowed.dated
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


def suspect_another_date(scene: Scene) -> Iterable[Suspicion]:
    """Suspect another date, such as the first day at school, in place of the birth date.

    Two signs: nearly all of at least 8 ages do not fit (younger than 3, not yet born, or over
    three years from the usual age of the grade), and nearly all dates are within 60 days or are
    dates that other columns hold. Or most ages do not fit, and none of at least 20 dates is on a
    weekend (once in 800 files by chance).
    """
    dates = read(scene)
    if dates is None:
        return
    age = (to_day_number(dates.today) - dates.days) / 365.2425
    wrong = dates.counts & ((age < YOUNGEST) | (np.abs(np.nan_to_num(dates.offset)) > FAR))
    if wrong.sum() < HALF * dates.count:
        dates = dates.narrow(wrong)
        if dates is None:
            return
    days = dates.days[dates.counts]
    count = int(wrong[dates.counts].sum())
    if count < LEAST or len(np.unique(days)) == 1:
        return
    sign = _find_sign(scene, days, share=count / len(days))
    if sign:
        where = "" if dates.here is None else " of some schools"
        yield suspect_blank(
            dates,
            "another-date-as-birth-date",
            dates.dated,
            evidence=f"{count:,} of {dates.count:,} birth dates{where} do not fit the age of a "
            f"student, and {sign}",
        )


def _find_sign(scene: Scene, days: np.ndarray, *, share: float) -> str:
    """Return the evidence that birth dates are days of another kind, "" for nothing.

    `share`: of the ages that do not fit.
    """
    low, high = np.quantile(days, [0.025, 0.975], method="nearest")
    if high - low <= WINDOW and share >= NEARLY_ALL:
        weeks = max(1, int(-(-(high - low + 1) // 7)))
        return f"nearly all are within {weeks} weeks"
    if share >= NEARLY_ALL and _share_elsewhere(scene, days) >= NEARLY_ALL:
        return "nearly all are dates that another column of the export holds"
    # 1970-01-01 was a Thursday
    weekend = (days + 3) % 7 >= 5
    if len(days) >= MANY and len(np.unique(days)) > 2 and not weekend.any():
        return "none is on a weekend"
    return ""


def _share_elsewhere(scene: Scene, days: np.ndarray) -> float:
    """Return the share of days that other columns hold, as evidence of made-up birth dates."""
    known = [np.zeros(0, np.int32)]
    for name, columns in DATE_COLUMNS.items():
        table = scene.table(name)
        if table is not None:
            known += [frame.parse_dates(table, column).days for column in columns]
    return float(np.isin(days, np.unique(np.concatenate(known))).mean())
