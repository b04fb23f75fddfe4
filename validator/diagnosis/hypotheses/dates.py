"""Birth dates that a program moved, guessed or cut: undone by moving them back."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

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
from validator.frame.values import NO_DAY

DAYS_BETWEEN_SYSTEMS = 1462
"""Days from 1900-01-00 to 1904-01-01, the two starting points of spreadsheet dates (Microsoft)."""

FAR = 2.5
NEAR = 1.5
CLOSE = 0.6
"""Years from the usual age of a grade: too far for nearly all of a district, near for a student,
close for the middle student of a district."""

BEHIND = 1
"""Years by which everybody is older, too, where the grades are still those of last year."""

NOON = 12


def suspect_1904(scene: Scene) -> Iterable[Suspicion]:
    """Suspect dates that went through a workbook that counts from 1904, either way.

    By chance: nearly all of at least 8 students would have to be four years off their grades, all
    in one direction, in a file whose sections are current. An old export shows nearly the same:
    where no section has a last day, the suspicion is only a possible one.
    """
    dates = read(scene)
    if dates is None or len(dates.fit()) < max(LEAST, NEARLY_ALL * dates.count):
        return
    current = is_current(scene)
    if current is False:
        return
    offset = dates.fit()
    for by in (DAYS_BETWEEN_SYSTEMS, -DAYS_BETWEEN_SYSTEMS):
        years = by / 365.2425
        moved = offset - years
        far = np.abs(offset) >= FAR
        fits = far & (moved >= -NEAR) & (moved <= NEAR + BEHIND)
        middle = float(np.median(moved))
        is_close = -CLOSE <= middle <= CLOSE + BEHIND
        if fits.mean() < NEARLY_ALL or not is_close or _is_seasonal(dates):
            continue
        too = "old" if years > 0 else "young"
        rows = dates.days != NO_DAY
        yield suspect(
            dates,
            "dates-of-1904",
            rows,
            evidence=(
                f"{int(far.sum()):,} of {len(offset):,} students are four years and a day too {too}"
                f" for their grades; moved by 1,462 days, {int(fits.sum()):,} of the dates fit"
            ),
            inverse=move(by),
            sure=bool(current),
        )


def _is_seasonal(dates: BirthDates) -> bool:
    """Return whether most dates are in two months of the year, as first days of school are."""
    _, day = split_day(dates.days[dates.counts])
    times = count_numbers(day // 100, minlength=13)[1:]
    return bool((times + np.roll(times, 1)).max() > 0.6 * times.sum())


def suspect_time_zone(scene: Scene) -> Iterable[Suspicion]:
    """Suspect dates that were midnights elsewhere: all have one evening hour, the day before.

    Two signs: a birth date has no time of day, and all of at least 8 have the same one (or two, an
    hour apart, where clocks change). A time in the morning leaves the date as it was.
    """
    dates = read(scene)
    if dates is None:
        return
    encoded = frame.encode(dates.table, COLUMN)
    if not CLOCK.search(encoded.values[0].as_py() or encoded.values[-1].as_py() or ""):
        return
    is_date = (frame.parse_dates(dates.table, COLUMN).days != NO_DAY).tolist()
    texts = zip(encoded.values.to_pylist(), is_date, strict=True)
    clocks = {_read_clock(text) for text, dated in texts if dated}
    if None in clocks or len(clocks) > 2:
        return
    minutes = sorted(clock for clock in clocks if clock is not None)
    if minutes[0] < NOON * 60 or minutes[-1] - minutes[0] not in (0, 60):
        return
    rows = dates.days != NO_DAY
    words = " or ".join(f"{clock // 60}:{clock % 60:02}" for clock in minutes)
    yield suspect(
        dates,
        "dates-moved-by-time-zone",
        rows,
        evidence=(
            f"All {dates.count:,} birth dates have the time of day {words}: a midnight of another "
            f"time zone, one day early"
        ),
        inverse=move(1, midnight=True),
        distributed=True,
    )


def _read_clock(text: str) -> int | None:
    """Return a damaged date's minutes since midnight, None for no time of day."""
    clock = CLOCK.search(text)
    if clock is None:
        return None
    hour = int(clock[1])
    if clock[3]:
        hour = hour % 12 + (12 if clock[3].lower() == "pm" else 0)
    return hour * 60 + int(clock[2])
