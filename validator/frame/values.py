"""What one cell says: dates, e-mail addresses and names, read from distinct values."""

from __future__ import annotations

import datetime as dt
import unicodedata
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from validator.limits import FIRST_YEAR, LAST_YEAR

EPOCH = dt.date(1970, 1, 1)
NO_DAY = np.iinfo(np.int32).min
"""Stands for "no date" in arrays of days since 1970-01-01."""

CENTURY_BEFORE = 69
"""Years of two digits up to this are 20YY, later ones 19YY, where nothing else is known of the dates (as in POSIX)."""

BLANKS = (
    " \t\r\n\f\v\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f"
    "\u3000\u0085\u200b\u200c\u200d\u2060\ufeff\u00ad"
)
"""Every character that a reader sees as nothing: blanks of all kinds and zero-width ones."""

HIDDEN = "[\u00a0\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
"""Characters that nobody sees and no keyboard types: no-break blank, zero-width characters, direction marks; RE2."""


def _address(word: str) -> str:
    """One address as mail servers take it, in RE2 syntax; `word`: the letters and digits of it."""
    return (
        rf"^[{word}!#$%&'*+/=?^_`{{|}}~’-]+(\.[{word}!#$%&'*+/=?^_`{{|}}~’-]+)*"
        rf"@[{word}]([{word}-]*[{word}])?(\.[{word}]([{word}-]*[{word}])?)+$"
    )


EMAIL, ASCII_EMAIL = _address(r"\p{L}\p{M}\p{N}"), _address("A-Za-z0-9")
"""Letters of any script are allowed; where all are ASCII, the second pattern says the same, and much faster."""


def match_pattern(values: pa.Array, pattern: str) -> np.ndarray:
    """Bool mask of the values that hold the RE2 pattern."""
    found = pc.match_substring_regex(values, pattern=pattern)
    return np.asarray(found.to_numpy(zero_copy_only=False), dtype=bool)


def is_ascii(values: pa.Array) -> bool:
    """Whether no value holds a character beyond ASCII."""
    return bool(pc.all(pc.string_is_ascii(values), min_count=0).as_py())


def is_blank(values: pa.Array) -> np.ndarray:
    """Bool mask of the values that are "" (values are trimmed already)."""
    return np.asarray(
        pc.equal(pc.binary_length(values), 0).to_numpy(zero_copy_only=False), dtype=bool
    )


def trim(values: pa.Array) -> pa.Array:
    """The values without blanks of any kind at their edges."""
    return pc.utf8_trim(values, characters=BLANKS)


def split_lists(values: pa.Array) -> tuple[np.ndarray, pa.Array]:
    """The parts of cells that may hold lists (`a,b`): the position of each part's cell (int64), and the parts, trimmed.

    Blank parts are left out.
    """
    split = pc.split_pattern(values, ",")
    parts = trim(split.flatten())
    filled = ~is_blank(parts)
    cell = np.asarray(pc.list_parent_indices(split).to_numpy(zero_copy_only=False), np.int64)
    return cell[filled], parts.filter(pa.array(filled))


def is_email(values: pa.Array) -> np.ndarray:
    """Bool mask of values that are exactly one valid address."""
    return match_pattern(values, ASCII_EMAIL if is_ascii(values) else EMAIL)


def is_bad_email(values: pa.Array) -> np.ndarray:
    """Bool mask of values that are filled and hold no valid address; several addresses in a cell are not invalid."""
    bad = ~is_email(values) & ~is_blank(values)
    at = np.flatnonzero(bad)
    bad[at] = ~is_several_emails(values.take(pa.array(at)))
    return np.asarray(bad, dtype=bool)


def is_several_emails(values: pa.Array) -> np.ndarray:
    """Bool mask of values that hold two or more addresses (`a@x.org;b@x.org`, also by comma, blank, slash or bar)."""
    out = match_pattern(values, r"@.*[;,|/\s]+.*@")
    out[out] = [len(found) > 1 for found in split_addresses(values.filter(pa.array(out)))]
    return out


_BETWEEN = str.maketrans(";,|/\t\n\r\xa0", "        ")


def split_addresses(values: pa.Array) -> list[list[str]]:
    """Per cell its valid addresses, case-folded, each once, when every part of the cell is one; else []."""
    cells = [
        [part for part in cell.translate(_BETWEEN).split(" ") if part]
        for cell in values.to_pylist()
    ]
    valid = iter(
        is_email(pa.array([part for parts in cells for part in parts], pa.string())).tolist()
    )
    whole = [[next(valid) for _ in parts] for parts in cells]
    return [
        list(dict.fromkeys(part.casefold() for part in parts)) if all(fits) else []
        for parts, fits in zip(cells, whole, strict=True)
    ]


def get_domains(values: pa.Array) -> pa.Array:
    """What follows the last @ of each value, lower case; "" where there is no @."""
    parts = pc.split_pattern(values, pattern="@", max_splits=1, reverse=True)
    several = pc.greater(pc.list_value_length(parts), 1)
    last = np.asarray(parts.offsets.to_numpy(zero_copy_only=False)[1:] - 1)
    return pc.utf8_lower(pc.if_else(several, parts.values.take(pa.array(last)), ""))


@dataclass(frozen=True, eq=False)
class Dates:
    """One column's distinct values read as dates: `days` since 1970-01-01 (int32, NO_DAY where none).

    `invalid`: filled, but no date. `serial`: a spreadsheet's day number (45123). `two_digit`: the year had two digits.
    `day_first` / `month_first`: how many values can only be read in that order.
    """

    days: np.ndarray
    invalid: np.ndarray
    serial: np.ndarray
    two_digit: np.ndarray
    day_first: int
    month_first: int
    slashed: int


_CLOCK = (
    r"(?:[T ][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?: ?[AaPp][Mm])?(?:Z|[+-][0-9:]+)?)?$"
)
_ISO = r"^(?P<y>[0-9]{4})[-/.](?P<m>[0-9]{1,2})[-/.](?P<d>[0-9]{1,2})" + _CLOCK
_COMPACT = r"^(?P<y>[0-9]{4})(?P<m>[0-9]{2})(?P<d>[0-9]{2})$"
_SLASH = r"^(?P<a>[0-9]{1,2})[-/.](?P<b>[0-9]{1,2})[-/.](?P<y>[0-9]{4}|[0-9]{2})" + _CLOCK
_SHORT_YEAR = r"^[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{2}(?:[T ].*)?$"
_SERIAL = r"^[1-9][0-9]{4}(\.0+)?$"


def _parts(values: pa.Array, pattern: str, names: str) -> tuple[np.ndarray, list[np.ndarray]]:
    """Where the pattern matches, and its numbers there (0 elsewhere)."""
    found = pc.extract_regex(values, pattern=pattern)
    hit = np.asarray(pc.is_valid(found).to_numpy(zero_copy_only=False), dtype=bool)
    texts = [pc.fill_null(pc.struct_field(found, name), "0") for name in names]
    return hit, [np.asarray(text.cast(pa.int32()).to_numpy(zero_copy_only=False)) for text in texts]


def _days(year: np.ndarray, month: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Days since 1970-01-01, NO_DAY where the calendar has no such day or the year is out of range."""
    fits = (
        (month >= 1)
        & (month <= 12)
        & (day >= 1)
        & (day <= 31)
        & (year >= FIRST_YEAR)
        & (year <= LAST_YEAR)
    )
    months = (np.where(fits, year, 1970) - 1970) * 12 + np.where(fits, month, 1) - 1
    start = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    after = (months + 1).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    out = start + np.where(fits, day, 1) - 1
    return np.where(fits & (out < after), out, NO_DAY).astype(np.int32)


def parse_dates(values: pa.Array, *, century_before: int = CENTURY_BEFORE) -> Dates:
    """The distinct values of one column as dates, one declared format at a time.

    Formats: YYYY-MM-DD, YYYYMMDD, M/D/YYYY and M/D/YY (a time of day may follow). Month comes first unless a value of
    the column can only be read day first and none only month first. A two-digit year up to `century_before` is
    20YY, later ones 19YY.
    """
    count = len(values)
    days = np.full(count, NO_DAY, np.int32)
    known = np.zeros(count, bool)
    for pattern in (_ISO, _COMPACT):
        hit, (year, month, day) = _parts(values, pattern, "ymd")
        hit &= ~known
        days[hit] = _days(year, month, day)[hit]
        known |= hit
    hit, (first, second, year) = _parts(values, _SLASH, "aby")
    short = hit & match_pattern(values, _SHORT_YEAR)
    year = np.where(short, np.where(year <= century_before, year + 2000, year + 1900), year)
    day_first = int((hit & (first > 12) & (first <= 31) & (second <= 12)).sum())
    month_first = int((hit & (second > 12) & (first <= 12)).sum())
    month, day = (second, first) if day_first > month_first else (first, second)
    days[hit] = _days(year, month, day)[hit]
    known |= hit
    serial = match_pattern(values, _SERIAL) & ~known
    if serial.any():
        days[serial] = _serial_days(values, serial)
    filled = ~is_blank(values)
    return Dates(
        days,
        filled & (days == NO_DAY),
        serial & (days != NO_DAY),
        short,
        day_first,
        month_first,
        int(hit.sum()),
    )


def _serial_days(values: pa.Array, serial: np.ndarray) -> np.ndarray:
    """Days since 1970-01-01 of spreadsheet day numbers (day 25569 is 1970-01-01 in the 1900 date system)."""
    numbers = (
        np.asarray(
            [int(float(text)) for text in values.filter(pa.array(serial)).to_pylist()], np.int64
        )
        - 25569
    )
    first, last = (dt.date(FIRST_YEAR, 1, 1) - EPOCH).days, (dt.date(LAST_YEAR, 1, 1) - EPOCH).days
    return np.where((numbers >= first) & (numbers < last), numbers, NO_DAY).astype(np.int32)


def is_bad_date(values: pa.Array) -> np.ndarray:
    """Bool mask of values that are filled and are no date; a spreadsheet's day number is a date that was damaged."""
    return parse_dates(values).invalid


def to_day_number(day: dt.date) -> int:
    """Days since 1970-01-01."""
    return (day - EPOCH).days


def from_day_number(number: int) -> dt.date:
    """The date of a number of days since 1970-01-01."""
    return EPOCH + dt.timedelta(days=int(number))


def fold(values: Any) -> pa.Array:
    """Text for comparing: lower case, without accents, hyphens, apostrophes, dots and repeated blanks."""
    array = pc.utf8_lower(values)
    if not is_ascii(array):
        array = pa.array([_plain(text) for text in array.to_pylist()], pa.string())
    array = pc.replace_substring_regex(array, pattern=r"['’.`]", replacement="")
    return pc.utf8_trim(
        pc.replace_substring_regex(array, pattern=r"[\s_-]+", replacement=" "), characters=" "
    )


def _plain(text: str) -> str:
    """The text without accents."""
    return "".join(
        c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)
    ).casefold()
