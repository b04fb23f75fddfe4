"""Numbers, dates, counts and lists as they are written in a sentence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from validator.wording.labels import SINGULAR


def format_number(count: int) -> str:
    """Return the wording of a whole number with thousands separators: `14,314`."""
    return f"{count:,}"


def format_date(date: dt.date) -> str:
    """Return the wording of a date: `November 21, 2026`."""
    return f"{date:%B} {date.day}, {date.year}"


def format_count(count: int, plural: str) -> str:
    """Return a number and its noun: `1 student`, `12 students`."""
    if count == 1:
        return f"1 {SINGULAR.get(plural, plural)}"
    noun = "staff members" if plural == "staff" else plural
    return f"{format_number(count)} {noun}"


def format_more(count: int, singular: str) -> str:
    """Return the wording of a number of additional things: `1 more thing`, `12 more things`."""
    noun = singular if count == 1 else f"{singular}s"
    return f"{format_number(count)} more {noun}"


def join_words(words: Sequence[str], conjunction: str = "and") -> str:
    """Return a list as it is written in a sentence: `a, b and c`."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {conjunction} {words[-1]}"


def format_percent(part: int, whole: int) -> str:
    """Return a percentage, never rounded to none or all: `under 0.1%`, `1.2%`, `over 99.9%`."""
    value = 100 * part / whole if whole else 0.0
    if 0 < value < 0.1:
        return "under 0.1%"
    if 99.9 < value < 100:
        return "over 99.9%"
    if value in (0, 100) or 10 <= value <= 90:
        return f"{value:.0f}%"
    return f"{value:.1f}%"
