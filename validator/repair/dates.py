"""Dates of a column written in the format's form, where they can be read in one way only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from validator.frame import values as frame_values
from validator.frame.values import NO_DAY, match_pattern
from validator.model import Column, dataclass
from validator.repair.months import number_months

BIRTH = frozenset({"DOB", "birthDate", "Birthdate"})
"""Columns of birth dates in all formats."""

STRICT = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
LOOSE = "^([0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,2}/[0-9]{1,2}/[0-9]{4})$"
"""The forms that a format accepts for a day and for a date."""

SLASHED = r"^[0-9]{1,2}[-/.][0-9]{1,2}[-/.]([0-9]{4}|[0-9]{2})([T ].*)?$"
MIDNIGHT = r"[T ](0?0:00(:00(\.0+)?)?|12:00(:00)? ?[Aa][Mm])( ?(Z|[+-][0-9]{2}:?[0-9]{2}))?$"
"""The time of day that programs add to a date, with the zone in which the day begins then."""
TIME = r"[T ][0-9]{1,2}:[0-9]{2}"

MIXED = "some dates in the column have the day first, others the month"

YOUNGEST, OLDEST = 2, 22
"""Ages of students, in years: day numbers are birth dates where nearly all give such an age."""
NEARLY_ALL = 0.98
NEAR = 800
"""Most days between today and the date of a term that is written as a day number."""


@dataclass(frozen=True, eq=False)
class Reading:
    """The new texts of some distinct values, and why others are left; see `cells.Proposal`."""

    wanted: np.ndarray
    values: pa.Array
    left: Mapping[str, np.ndarray]


def read_column(column: Column, values: pa.Array, today: dt.date) -> Reading | None:
    """Return the dates to repair, which are in another form, written as YYYY-MM-DD."""
    taken = match_pattern(values, STRICT if column.kind == "day" else LOOSE)
    filled = ~frame_values.is_blank(values)
    if (taken | ~filled).all() and not match_pattern(values, SLASHED).any():
        return None
    is_birth = column.name in BIRTH
    century = today.year % 100 if is_birth else frame_values.CENTURY_BEFORE
    values = number_months(values, century)
    parsed = frame_values.parse_dates(values, century_before=century)
    slashed = match_pattern(values, SLASHED) & ~parsed.serial
    day_first = parsed.day_first > 0 and not parsed.month_first
    if day_first:
        taken &= ~slashed
    candidates = filled & ~taken & (parsed.days != NO_DAY)
    if not candidates.any():
        return None
    left = _leave(values, parsed, candidates & slashed, candidates=candidates)
    if not _has_likely_numbers(parsed, is_birth, today):
        words = "a day number of a spreadsheet that is not a likely date"
        left[words] = candidates & parsed.serial
    wanted = candidates.copy()
    for mask in left.values():
        wanted &= ~mask
    new = [_write(day) if mark else "" for day, mark in zip(parsed.days, wanted, strict=True)]
    return Reading(wanted, pa.array(new, pa.string()), {k: m for k, m in left.items() if m.any()})


def _leave(
    values: pa.Array, parsed: frame_values.Dates, slashed: np.ndarray, *, candidates: np.ndarray
) -> dict[str, np.ndarray]:
    """Return the dates that a repair leaves, as they have no single reading, by reason."""
    timed = candidates & match_pattern(values, TIME) & ~match_pattern(values, MIDNIGHT)
    left = {"the time of day may have moved the date by a day": timed}
    if parsed.day_first and parsed.month_first:
        left[MIXED] = slashed
    elif not (parsed.day_first or parsed.month_first):
        left["no date in the column shows whether the day or the month comes first"] = slashed
    return left


def _has_likely_numbers(parsed: frame_values.Dates, is_birth: bool, today: dt.date) -> bool:
    """Return whether `mend` may repair day numbers of a column: most are likely dates."""
    days = parsed.days[parsed.serial]
    if not len(days):
        return True
    number = frame_values.number_day(today)
    if is_birth:
        likely = (days < number - 365 * YOUNGEST) & (days > number - 366 * OLDEST)
    else:
        likely = np.abs(days - number) < NEAR
    return bool(likely.mean() >= NEARLY_ALL)


def _write(day: int) -> str:
    """Write the date of a repaired cell in ISO form."""
    return frame_values.convert_to_date(int(day)).isoformat()
