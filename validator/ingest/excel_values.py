"""Cell values as the texts that Excel shows."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

DIGITS = 10**15
"""Excel has lost the last digits of numbers from here on, and shows them as 1.23457E+17."""

_ZEROS = re.compile(r"0[0 -]*")
_BREAK = re.compile(r"\r\n|\r|\n")


def format_cell(cell: Any, formatters: dict[int, Callable[[Any], str]]) -> str:
    """Return the text that a filled cell shows; `formatters` caches one function per cell style."""
    value = cell.value
    if isinstance(value, str):
        return _BREAK.sub("\n", value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        style = cell._style_id
        if style not in formatters:
            formatters[style] = make_number_formatter(cell.number_format)
        return formatters[style](value)
    return format_moment(value)


def format_moment(value: Any) -> str:
    """Format a date in a workbook that is read as YYYY-MM-DD, with the time unless midnight."""
    if isinstance(value, dt.datetime):
        if value.time() == dt.time(0):
            return value.date().isoformat()
        return value.isoformat(" ", "seconds")
    return value.isoformat() if isinstance(value, dt.date | dt.time) else str(value)


def make_number_formatter(number_format: str | None) -> Callable[[Any], str]:
    """Return a function that formats a workbook's numbers as its number format does.

    Leading zeros are kept, and whole numbers have no decimal point.
    """
    pattern = (number_format or "").split(";")[0].replace("\\", "").replace('"', "")
    zeros = pattern.count("0") if _ZEROS.fullmatch(pattern) else 0

    def format_number(value: float) -> str:
        if abs(value) >= DIGITS:
            return f"{value:.5E}"
        if value != int(value):
            return repr(value)
        text = f"{int(value):0{zeros + (value < 0)}d}"
        has_separators = 0 < zeros < len(pattern)
        if has_separators and value >= 0 and len(text) <= zeros:
            return _fill_pattern(text, pattern)
        return text

    return format_number


def _fill_pattern(digits: str, pattern: str) -> str:
    """Format a cell that is read from a workbook as Excel shows it in a pattern such as 000-00."""
    rest = iter(digits)
    return "".join(next(rest) if mark == "0" else mark for mark in pattern)
