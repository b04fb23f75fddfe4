"""The three numbers of each date in a column's distinct values, before anything is made of them."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from validator.frame.text_bytes import get_bytes, mark_digits
from validator.model import dataclass

_CLOCK = (
    r"(?:[T ][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?: ?[AaPp][Mm])?(?:Z|[+-][0-9:]+)?)?$"
)
_YEAR_FIRST = r"^(?P<a>[0-9]{4})[-/.](?P<b>[0-9]{1,2})[-/.](?P<c>[0-9]{1,2})" + _CLOCK
_YEAR_LAST = r"^(?P<a>[0-9]{1,2})[-/.](?P<b>[0-9]{1,2})[-/.](?P<c>[0-9]{4}|[0-9]{2})" + _CLOCK

_IS_SEPARATOR = np.isin(np.arange(256), list(b"-/."))
COMPACT = np.array([[0, 4], [4, 6], [6, 8]])
"""Where the numbers of YYYYMMDD begin and end."""
LONGEST = 4
"""Digits of the longest number."""


@dataclass(frozen=True, eq=False)
class DateNumbers:
    """Three numbers for each distinct value of a column that is written like a date.

    `year_first`, `year_last`: bool masks of the values with their year there. `numbers`: an array
    of three rows (int32), in the order of the text. `short`: the values with a year of two digits.
    """

    year_first: np.ndarray
    year_last: np.ndarray
    numbers: np.ndarray
    short: np.ndarray


def read_numbers(values: pa.Array) -> DateNumbers:
    """Return the numbers of each value that is written like a date.

    YYYY-MM-DD, YYYYMMDD, M/D/YYYY and M/D/YY, also with points, and with or without a time of day.
    """
    read = _read_plain(values)
    rows = _find_longer(values)
    if len(rows):
        _add_with_clock(read, rows, values)
    return read


def _find_longer(values: pa.Array) -> np.ndarray:
    """Return which values of a column may be a date with a time of day, by number."""
    offsets, text = get_bytes(values)
    rows = np.flatnonzero(np.diff(offsets) >= len("1/1/99 1:00"))
    return np.asarray(rows[mark_digits(text[offsets[rows]])])


def _read_plain(values: pa.Array) -> DateNumbers:
    """Read the dates without a time of day from the bytes of a column's values."""
    offsets, text = get_bytes(values)
    others = np.flatnonzero(~mark_digits(text))
    before = np.searchsorted(others, offsets)
    starts, ends, count = offsets[:-1], offsets[1:], np.diff(before)
    pairs = np.flatnonzero(count == 2)
    first, second = others[before[pairs]], others[before[pairs] + 1]
    begin = np.array((starts[pairs], first + 1, second + 1))
    end = np.array((first, second, ends[pairs]))
    lengths = end - begin
    is_split = _IS_SEPARATOR[text[first]] & _IS_SEPARATOR[text[second]]
    is_short = (lengths == 1) | (lengths == 2)
    is_split &= is_short[1]
    starts_with_year = is_split & (lengths[0] == 4) & is_short[2]
    ends_with_year = is_split & is_short[0] & ((lengths[2] == 4) | (lengths[2] == 2))

    read = _read_nothing(len(values))
    read.year_first[pairs[starts_with_year]] = True
    read.year_last[pairs[ends_with_year]] = True
    read.short[pairs[ends_with_year & (lengths[2] == 2)]] = True
    dated = starts_with_year | ends_with_year
    read.numbers[:, pairs[dated]] = _parse(text, begin[:, dated], end[:, dated])
    compact = np.flatnonzero((count == 0) & (ends - starts == COMPACT.max()))
    if len(compact):
        read.year_first[compact] = True
        begin, end = (COMPACT[:, side, None] + starts[compact] for side in (0, 1))
        read.numbers[:, compact] = _parse(text, begin, end)
    return read


def _read_nothing(count: int) -> DateNumbers:
    """Return the numbers of as many values of a column of which none is a date."""
    first, last, short = (np.zeros(count, bool) for _ in range(3))
    return DateNumbers(first, last, np.zeros((3, count), np.int32), short)


def _parse(text: np.ndarray, begin: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Parse the numbers between places in the bytes of a column's values, all of them digits."""
    numbers = np.zeros(begin.shape, np.int32)
    for back in range(LONGEST):
        at = end - 1 - back
        digits = text[np.maximum(at, begin)] - np.int32(ord("0"))
        numbers += np.where(at >= begin, digits * 10**back, 0)
    return numbers


def _add_with_clock(read: DateNumbers, rows: np.ndarray, values: pa.Array) -> None:
    """Add the dates with a time of day among some of a column's values."""
    texts = values.take(pa.array(rows))
    for pattern, mask in ((_YEAR_FIRST, read.year_first), (_YEAR_LAST, read.year_last)):
        matches = pc.extract_regex(texts, pattern=pattern)
        hit = np.asarray(pc.is_valid(matches).to_numpy(zero_copy_only=False), dtype=bool)
        if not hit.any():
            continue
        matches = matches.drop_null()
        mask[rows[hit]] = True
        parts = [matches.field(at) for at in range(3)]
        for at, part in enumerate(parts):
            read.numbers[at, rows[hit]] = part.cast(pa.int32()).to_numpy(zero_copy_only=False)
        if mask is read.year_last:
            read.short[rows[hit]] = pc.binary_length(parts[2]).to_numpy(zero_copy_only=False) == 2
