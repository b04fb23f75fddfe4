"""Dates with the English name of a month, to repair and to convert."""

from __future__ import annotations

import re

import pyarrow as pa

from validator.frame.values import match_pattern
from validator.vocabulary.months import MONTHS, NAME

_MONTH = rf"(?P<month>{NAME})\.?"
NAMED = (
    re.compile(rf"(?P<day>\d{{1,2}})[- ]{_MONTH}[- ,]+(?P<year>\d{{4}}|\d{{2}})", re.IGNORECASE),
    re.compile(rf"{_MONTH} (?P<day>\d{{1,2}}),? (?P<year>\d{{4}})", re.IGNORECASE),
)
"""Dates with the English name of a month: 9-Mar-21, 9 March 2021, March 9, 2021."""


def number_months(values: pa.Array, century: int) -> pa.Array:
    """Return dates to repair in numbers where they have the name of a month, others as they are.

    Two-digit years up to `century` are 20YY, later ones 19YY.
    """
    if not match_pattern(values, "[A-Za-z]{3}").any():
        return values
    return pa.array([_number_month(text, century) for text in values.to_pylist()], pa.string())


def _number_month(text: str, century: int) -> str:
    """Return a date to repair as YYYY-MM-DD where it has the name of a month."""
    for pattern in NAMED:
        parts = pattern.fullmatch(text)
        if parts is not None:
            month = MONTHS.index(parts["month"][:3].lower()) + 1
            year = int(parts["year"])
            if len(parts["year"]) == 2:
                year += 2000 if year <= century else 1900
            return f"{year}-{month:02}-{int(parts['day']):02}"
    return text
