"""Terms of sections: which are over, by their last day or by the school year in their name."""

from __future__ import annotations

import datetime as dt
import re

import numpy as np

from validator.frame.cache import remember
from validator.frame.columns import encode, parse_days
from validator.frame.values import NO_DAY, number_day
from validator.model import Table

LONGEST = 2
"""Most years between the two years of a range: 2024-2026 is a term, 2020-2028 is not."""

_RANGE = re.compile(r"(?<!\d)(20\d\d)\s*(?:[-–—/]|to)?\s*(20\d\d)(?!\d)", re.IGNORECASE)
_SHORT_RANGE = re.compile(r"(?<!\d)(20\d\d)\s*[-–—/]\s*(\d\d)(?![\d/])")
_BARE_RANGE = re.compile(
    r"(?<![\d/-])(?:SY\s*)?([1-9]\d)\s*[-–—/]\s*(\d\d)(?![\d/-])", re.IGNORECASE
)
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_COHORT = re.compile(r"\b(class|cohort|graduat\w*|grads?)\b", re.IGNORECASE)

FIRST_BARE_YEAR = 15
"""Smaller pairs, as in 09-10 or 11-12, may be months or grades."""


def mark_reversed(sections: Table) -> np.ndarray:
    """Bool mask over a frame's sections: the parsed last day of the term is before the first."""
    first, last = parse_days(sections, "Term_start"), parse_days(sections, "Term_end")
    return np.asarray((first != NO_DAY) & (last != NO_DAY) & (last < first))


def mark_undated(sections: Table) -> np.ndarray:
    """Bool mask over a frame's sections: an encoded term name, but no term days to parse."""
    named = ~encode(sections, "Term_name").blank
    return np.asarray(
        named & encode(sections, "Term_start").blank & encode(sections, "Term_end").blank
    )


def mark_over(sections: Table, today: dt.date) -> np.ndarray:
    """Bool mask over a frame's sections: the term, as parsed, is over on a day.

    The last day decides, or the school year in the term's name where there are no days. A term
    that ends before it starts is not over: which of its days is wrong is not known.
    """

    def mark() -> np.ndarray:
        last = parse_days(sections, "Term_end")
        ended = (last != NO_DAY) & (last < number_day(today)) & ~mark_reversed(sections)
        return np.asarray(ended | mark_past_by_name(sections, today))

    return remember(sections, ("over", today), mark)


def mark_past_by_name(sections: Table, today: dt.date) -> np.ndarray:
    """Bool mask over a frame's sections: no parsed term days, a term name of a past school year.

    The last year named was over on the July 1 before `today`, or the term of every other section
    with the same name, which names a year, is over.
    """
    undated = mark_undated(sections)
    if not undated.any():
        return undated
    names = encode(sections, "Term_name")
    turn = today.year if today >= dt.date(today.year, 7, 1) else today.year - 1
    ends = [find_last_year(name) for name in names.values.to_pylist()]
    named = np.asarray([end is not None for end in ends], bool)
    past = np.asarray([end is not None and end <= turn for end in ends], bool)
    past |= named & _mark_past_by_siblings(sections, today)
    return np.asarray(undated & names.broadcast(past))


def _mark_past_by_siblings(sections: Table, today: dt.date) -> np.ndarray:
    """Bool mask over a frame's encoded term names: all parsed last days are before `today`."""
    names = encode(sections, "Term_name")
    last = parse_days(sections, "Term_end")
    latest = np.full(len(names.values), NO_DAY, np.int32)
    np.maximum.at(latest, names.codes, last)
    return np.asarray((latest != NO_DAY) & (latest < number_day(today)))


def mark_unclear(sections: Table) -> np.ndarray:
    """Bool mask over a frame's sections: no parsed term days, no school year in the term name."""
    undated = mark_undated(sections)
    if not undated.any():
        return undated
    names = encode(sections, "Term_name")
    unnamed = [find_last_year(name) is None for name in names.values.to_pylist()]
    return np.asarray(undated & names.broadcast(np.asarray(unnamed, bool)))


def find_last_year(name: str) -> int | None:
    """Parse the year in which the school year in a term's cell ends, or None.

    2024-2025, SY24-25 and 2024-25 S1 end in 2025. A single year, as in Fall 2025, may be that of
    a school year's beginning: it ends in 2026. Class of 2025 is a cohort, and a range of more than
    `LONGEST` years is not a term.
    """
    if _COHORT.search(name):
        return None
    ends = []
    rest = name
    for pattern in (_RANGE, _SHORT_RANGE, _BARE_RANGE):
        for match in pattern.finditer(rest):
            first, last = int(match[1]), int(match[2])
            if pattern is _BARE_RANGE and (first < FIRST_BARE_YEAR or last != first + 1):
                continue
            last += first // 100 * 100 if pattern is _SHORT_RANGE else 0
            last += 2000 if last < 100 else 0
            first += 2000 if first < 100 else 0
            if not 0 <= last - first <= LONGEST:
                return None
            ends.append(last)
        rest = pattern.sub(" ", rest)
    ends += [int(year) + 1 for year in _YEAR.findall(rest)]
    return max(ends, default=None)
