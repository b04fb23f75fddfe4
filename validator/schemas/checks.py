"""Vectorized checks of one column's values, one for each kind of column."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from validator import frame
from validator.frame.emails import is_bad_email
from validator.frame.values import is_bad_date, is_blank, match_pattern, parse_dates, split_lists
from validator.model import Column, dataclass

FindBad = Callable[[pa.Array], np.ndarray]
"""Trimmed values -> bool mask of those that break the description; blank values never do."""

NUMBER = r"^-?[0-9]{1,12}(\.[0-9]+)?$"
DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
TIMESTAMP = f"^{DAY}(T[0-9]{{2}}:[0-9]{{2}}(:[0-9]{{2}}(\\.[0-9]+)?)?(Z|[+-][0-9:]+)?)?$"
MOMENT = "^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([T ][0-9]{1,2}:[0-9]{2}.*)?$|^<delete>$"
"""Patterns in RE2 syntax."""


@dataclass(frozen=True)
class ValueCheck:
    """A named check of values.

    `error`: what is wrong with a value that fails, to follow the column's name in a sentence.
    `distinct`: whether each distinct value is checked once. False for columns whose values are
    nearly all distinct.
    """

    name: str
    error: str
    find_bad: FindBad
    distinct: bool = True


def find_check(column: Column) -> ValueCheck | None:
    """Return the check of a column's values in its schema, None where any text is allowed."""
    if column.kind in ("choice", "extensible") and column.allowed:
        return _build_choice(column)
    if column.kind == "codes":
        codes = pa.array(column.allowed, pa.string())
        return ValueCheck(
            "codes",
            "has a code that is not in the format's list",
            lambda values: _find_bad_codes(values, codes),
        )
    return _BY_KIND.get(column.kind)


def _build_choice(column: Column) -> ValueCheck:
    """Return the check for one of the allowed values, in any letter case."""
    allowed = pa.array(sorted({value.casefold() for value in column.allowed}), pa.string())

    def find_bad(values: pa.Array) -> np.ndarray:
        known = frame.is_among(pc.utf8_lower(values), allowed)
        return np.asarray(~known & ~is_blank(values), bool)

    def find_bad_extensible(values: pa.Array) -> np.ndarray:
        return np.asarray(find_bad(values) & ~match_pattern(values, "^ext:."), bool)

    if column.kind == "extensible":
        error = "is not an allowed value and does not begin with ext:"
        return ValueCheck("extensible_choice", error, find_bad_extensible)
    return ValueCheck("choice", "is not an allowed value", find_bad)


def _find_bad_codes(values: pa.Array, codes: pa.Array) -> np.ndarray:
    """Mark lists that break a pandera schema: with a part that is no code in this spelling."""
    cell, parts = split_lists(values)
    bad = np.zeros(len(values), bool)
    bad[cell[~frame.is_among(parts, codes)]] = True
    return bad


def _build_unlike(pattern: str) -> FindBad:
    """Return a check of pandera schemas: the filled values that do not match a pattern."""

    def find_bad(values: pa.Array) -> np.ndarray:
        return np.asarray(~match_pattern(values, pattern) & ~is_blank(values), bool)

    return find_bad


def _find_bad_days(values: pa.Array) -> np.ndarray:
    """Mark filled values that break a pandera schema: no day of the calendar as YYYY-MM-DD."""
    return np.asarray(_build_unlike(f"^{DAY}$")(values) | parse_dates(values).invalid, bool)


_BY_KIND = {
    "email": ValueCheck("email", "is not an email address", is_bad_email, distinct=False),
    "date": ValueCheck("date", "is not a date", is_bad_date),
    "number": ValueCheck("number", "is not a number", _build_unlike(NUMBER)),
    "boolean": ValueCheck("boolean", "is not true or false", _build_unlike("^(true|false)$")),
    "year": ValueCheck("year", "is not a year of four digits", _build_unlike("^[0-9]{4}$")),
    "day": ValueCheck("day", "is not a date in the form YYYY-MM-DD", _find_bad_days),
    "moment": ValueCheck(
        "moment",
        "is not a date, or a date and time, in the form of ISO 8601",
        _build_unlike(MOMENT),
    ),
    "stamp": ValueCheck(
        "timestamp", "is not a date or time in the form of ISO 8601", _build_unlike(TIMESTAMP)
    ),
}

FILLED = ValueCheck("filled", "is blank", is_blank, distinct=False)
"""The check of every required column."""
