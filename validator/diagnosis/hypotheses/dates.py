"""Birth dates that a program moved, guessed or cut: undone by moving them back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np
import pyarrow as pa

from validator import frame
from validator.diagnosis.hypotheses.birth_dates import (
    CLOCK,
    COLUMN,
    LEAST,
    NEARLY_ALL,
    BirthDates,
    is_current,
    move,
    read,
    split_day,
    suspect,
)
from validator.diagnosis.hypothesis import Suspicion
from validator.diagnosis.scene import Scene
from validator.frame.arrays import count_numbers

DAYS_BETWEEN_SYSTEMS = 1462
"""Days from 1900-01-00 to 1904-01-01, the two starting points of spreadsheet dates (Microsoft)."""

FAR = 2.5
NEAR = 1.5
CLOSE = 0.6
"""Years from the usual age of a grade: too far for nearly all of a district, near for a student,
close for the middle student of a district."""

BEHIND = 1
"""Years by which everybody is older as well if the grades are still last year's."""

NOON = 12


def suspect_1904(scene: Scene) -> Iterable[Suspicion]:
    """Suspect dates that went through a workbook that counts from 1904, either way.

    By chance: nearly all of at least 8 students, of the district or of a school, would have to be
    four years off their grades, all in one direction, in a file whose sections are current. An old
    export shows nearly the same: where no section has a last day, the suspicion is only a possible
    one.
    """
    dates = read(scene)
    if dates is None or len(dates.fit()) < max(LEAST, NEARLY_ALL * dates.count):
        return
    current = is_current(scene)
    if current is False:
        return
    for by in (DAYS_BETWEEN_SYSTEMS, -DAYS_BETWEEN_SYSTEMS):
        moved = dates.offset - by / 365.2425
        fits = (np.abs(dates.offset) >= FAR) & (moved >= -NEAR) & (moved <= NEAR + BEHIND)
        part = dates if _are_moved(dates, fits, moved) else dates.narrow(fits)
        if part is not None and _are_moved(part, fits, moved):
            yield _suspect_1904(part, fits, by, sure=bool(current))
        else:
            gone = scene.mark(dates.table, None, WITHOUT)
            yield from _suspect_some_of_1904(dates, moved, by, gone=gone, sure=bool(current))


def _are_moved(dates: BirthDates, fits: np.ndarray, moved: np.ndarray) -> bool:
    """Return whether nearly all birth dates were moved: back in place, they fit the grades."""
    known = dates.counts & ~np.isnan(dates.offset)
    if fits[known].mean() < NEARLY_ALL or _is_seasonal(dates):
        return False
    middle = float(np.median(moved[known]))
    return -CLOSE <= middle <= CLOSE + BEHIND


def _suspect_1904(dates: BirthDates, fits: np.ndarray, by: int, *, sure: bool) -> Suspicion:
    """Return the suspicion that these dates went through a workbook that counts from 1904."""
    offset = dates.fit()
    far = int((np.abs(offset) >= FAR).sum())
    near = int(fits[dates.counts].sum())
    too = "old" if by > 0 else "young"
    return suspect(
        dates,
        "dates-of-1904",
        dates.dated,
        evidence=(
            f"{far:,} of {len(offset):,} {dates.whose} are four years and a day too {too} for "
            f"their grades; moved by 1,462 days, {near:,} of the dates fit"
        ),
        inverse=move(by, rows=None if dates.here is None else dates.dated),
        sure=sure,
    )


def _suspect_some_of_1904(
    dates: BirthDates, moved: np.ndarray, by: int, *, gone: np.ndarray, sure: bool
) -> Iterator[Suspicion]:
    """Yield the suspicion that some of the dates, anywhere in the file, went through it.

    `gone`: bool mask of the rows of students in no section.
    """
    off = dates.offset * np.sign(by)
    known = dates.counts & ~np.isnan(off)
    far = known & (off >= FAR)
    fits = np.abs(moved) <= NEAR
    grades = count_numbers(frame.encode(dates.table, "Grade").codes[far])
    if not _are_apart(off[known], moved[far]) or gone[far].mean() > 1 - NEARLY_ALL:
        return
    if (grades > 0).sum() < LEAST_GRADES or grades.max() > MOST_IN_GRADE * grades.sum():
        return
    if _is_seasonal(replace(dates, counts=far)):
        return
    rows = dates.dated & (off >= FAR) & fits
    yield suspect(
        dates,
        "dates-of-1904",
        rows,
        evidence=(
            f"{int(far.sum()):,} of {int(known.sum()):,} students in {int((grades > 0).sum())} "
            f"grades are four years and a day too {'old' if by > 0 else 'young'} for their grades, "
            f"and nearly nobody is two years off; moved by 1,462 days, "
            f"{int((fits & far).sum()):,} of the dates fit"
        ),
        inverse=move(by, rows=rows),
        sure=sure,
    )


def _are_apart(off: np.ndarray, moved: np.ndarray) -> bool:
    """Return whether some birth dates are four years off, and nearly none two: two groups.

    At least 8 students and a tenth of all are. Students who are too old for other reasons are so
    by any number of years. `off`: years of all students, `moved`: those of the group, once moved.
    """
    count = len(moved)
    between = int(((off > NEAR) & (off < FAR)).sum())
    if count < max(LEAST, SOME * len(off)) or len(off) - count < LEAST:
        return False
    if between > (1 - NEARLY_FIT) * count or (np.abs(moved) <= NEAR).mean() < NEARLY_FIT:
        return False
    return bool(np.abs(np.median(moved)) <= CLOSE)


WITHOUT = "student-without-section"
SOME, NEARLY_FIT = 0.1, 0.95
LEAST_GRADES, MOST_IN_GRADE = 3, 0.6
"""Where only a part of the dates is off: the share of the students, the share of these that must
fit once moved, in how many grades they are, and the share that may be in one of them."""


def _is_seasonal(dates: BirthDates) -> bool:
    """Return whether most dates are in two months of the year, as first days of school are."""
    _, day = split_day(dates.days[dates.counts])
    times = count_numbers(day // 100, minlength=13)[1:]
    return bool((times + np.roll(times, 1)).max() > 0.6 * times.sum())


def suspect_time_zone(scene: Scene) -> Iterable[Suspicion]:
    """Suspect dates that were midnights elsewhere: they have one evening hour, the day before.

    Two signs: a birth date has no time of day, and at least 8 have the same one (or two, an hour
    apart, where clocks change); the others have none. A time in the morning leaves the date as it
    was.
    """
    dates = read(scene)
    if dates is None:
        return
    encoded = frame.encode(dates.table, COLUMN)
    sample = encoded.values.take(pa.array(frame.sample_positions(len(encoded.values), SAMPLE)))
    if not any(CLOCK.search(text) for text in sample.to_pylist()):
        return
    clock = np.asarray([_read_clock(text) for text in encoded.values.to_pylist()], np.int64)
    clocks = encoded.broadcast(clock)
    shown = np.unique(clocks[dates.dated & (clocks > 0)])
    is_one = 0 < len(shown) <= 2 and shown[-1] - shown[0] in (0, 60)
    rows = dates.dated & (clocks > 0)
    count = int((rows & dates.counts).sum())
    if not is_one or shown[0] < NOON * 60 or count < LEAST:
        return
    words = " or ".join(f"{clock // 60}:{clock % 60:02}" for clock in shown.tolist())
    every = rows[dates.dated].all()
    yield suspect(
        dates,
        "dates-moved-by-time-zone",
        rows,
        evidence=(
            f"{count:,} of {dates.count:,} birth dates have the time of day {words}: a midnight of "
            f"another time zone, one day early"
        ),
        inverse=move(1, midnight=True, rows=None if every else rows),
        distributed=True,
    )


SAMPLE = 50
NO_CLOCK = -1


def _read_clock(text: str) -> int:
    """Return a damaged date's minutes since midnight, NO_CLOCK for no time of day."""
    clock = CLOCK.search(text)
    if clock is None:
        return NO_CLOCK
    hour = int(clock[1])
    if clock[3]:
        hour = hour % 12 + (12 if clock[3].lower() == "pm" else 0)
    return hour * 60 + int(clock[2])
