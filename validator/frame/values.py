"""Cell values: blanks, lists, dates and folded text, parsed from distinct values."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from validator.frame.date_numbers import DateNumbers, read_numbers
from validator.frame.text_bytes import (
    get_bytes,
    has_any,
    has_blank_ends,
    has_bytes,
    has_capitals,
    is_plain,
    keep_bytes,
    map_blocks,
    mark_digits,
    mark_letters,
)
from validator.model import FIRST_YEAR, LAST_YEAR, dataclass
from validator.text import BLANKS, SPACES

EPOCH = dt.date(1970, 1, 1)
NO_DAY = np.iinfo(np.int32).min
"""Marks "no date" in arrays of days since 1970-01-01."""

CENTURY_BEFORE = 69
"""By default, two-digit years up to this one are 20YY and later ones 19YY (as in POSIX)."""


FEW = 2_000
"""Values that Python goes through in less time than RE2 compiles a class of all letters."""


def match_pattern(values: pa.Array, pattern: str) -> np.ndarray:
    """Bool mask of the values in which the RE2 pattern matches."""
    matches = pc.match_substring_regex(values, pattern=pattern)
    return np.asarray(matches.to_numpy(zero_copy_only=False), dtype=bool)


def is_ascii(values: pa.Array) -> bool:
    """Whether every value is ASCII."""
    if has_bytes(values):
        _, text = get_bytes(values)
        return bool(text.max(initial=0) < 128)
    return bool(pc.all(pc.string_is_ascii(values), min_count=0).as_py())


def keep_letters(values: pa.Array, *, digits: bool = False) -> pa.Array:
    """Return the distinct values of a column with nothing but letters, and digits where asked.

    The class of all letters takes milliseconds to compile, longer than a few values take in Python.
    """
    if is_ascii(values):
        return _keep_ascii(values, digits=digits)
    other = r"[\x00-/:-@\[-`{-\x7f]" if digits else r"[\x00-@\[-`{-\x7f]"
    kept = pc.replace_substring_regex(values, pattern=other, replacement="")
    rest = pc.invert(pc.string_is_ascii(kept))
    count = pc.sum(rest).as_py() or 0
    if count > FEW:
        letters = r"[^\pL\pN]" if digits else r"[^\pL]"
        return pc.replace_substring_regex(kept, pattern=letters, replacement="")
    if not count:
        return kept
    texts = ["".join(filter(_IS_KEPT[digits], text)) for text in kept.filter(rest).to_pylist()]
    return pc.replace_with_mask(kept, rest, pa.array(texts, pa.string()))


_IS_KEPT: dict[bool, Callable[[str], bool]] = {
    False: str.isalpha,
    True: lambda letter: letter.isalpha() or letter.isnumeric(),
}
"""Whether a letter is kept, by whether digits are."""


def _keep_ascii(values: pa.Array, *, digits: bool) -> pa.Array:
    """Return ASCII values with nothing but letters, and digits; much faster than a pattern."""

    def keep(block: pa.Array) -> pa.Array:
        _, text = get_bytes(block)
        is_kept = mark_letters(text)
        return keep_bytes(block, is_kept | mark_digits(text) if digits else is_kept)

    return pa.concat_arrays(map_blocks(values, keep))


def is_blank(values: pa.Array) -> np.ndarray:
    """Bool mask of the values that are "" (of trimmed values)."""
    if has_bytes(values):
        offsets, _ = get_bytes(values)
        return np.asarray(offsets[1:] == offsets[:-1])
    return np.asarray(
        pc.equal(pc.binary_length(values), 0).to_numpy(zero_copy_only=False), dtype=bool
    )


def trim(values: pa.Array) -> pa.Array:
    """The values without leading and trailing BLANKS."""
    if is_plain(values) and not has_blank_ends(values):
        return values
    return pc.utf8_trim(values, characters=BLANKS)


def lower(values: pa.Array) -> pa.Array:
    """The distinct values of a column in lower case."""
    if not is_ascii(values):
        return pc.utf8_lower(values)
    if is_plain(values) and not has_capitals(values):
        return values
    return pc.ascii_lower(values)


def trim_cell(cell: str) -> str:
    """Return one value of a frame's column without blanks of any kind at its ends."""
    return cell.strip(BLANKS)


def trim_ids(values: pa.Array) -> pa.Array:
    """The ids without leading and trailing SPACES; "" for ids of BLANKS only.

    No destination removes zero-width characters, so an id that has one matches no other.
    """
    if is_plain(values) and not has_blank_ends(values):
        return values
    trimmed = pc.utf8_trim(values, characters=SPACES)
    if is_ascii(trimmed):
        return trimmed
    return pc.if_else(pa.array(is_blank(trim(trimmed))), "", trimmed)


def split_lists(values: pa.Array) -> tuple[np.ndarray, pa.Array]:
    """Split cells of an encoded column's values that may hold lists (`a,b`) into trimmed parts.

    Two arrays of one length: the position of each part's cell (intp), and the parts.
    """
    split = pc.split_pattern(values, ",")
    parts = trim(split.flatten())
    filled = ~is_blank(parts)
    cell = np.asarray(pc.list_parent_indices(split).to_numpy(zero_copy_only=False), np.intp)
    return cell[filled], parts.filter(pa.array(filled))


@dataclass(frozen=True, eq=False)
class Dates:
    """One column's distinct values, parsed as dates.

    `days`: days since 1970-01-01 (int32), NO_DAY where there is no date. `invalid`: not blank, and
    not a date. `serial`: a spreadsheet's day number (45123). `day_first`, `month_first`: how many
    values can only be read in that order. `slashed`: how many have either order (`3/4/2012`).
    `short_years`: how many have a year of two digits.
    """

    days: np.ndarray
    invalid: np.ndarray
    serial: np.ndarray
    day_first: int
    month_first: int
    slashed: int
    short_years: int


_SHORT_YEAR = r"^[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{2}(?:[T ].*)?$"
_SERIAL = r"^[1-9][0-9]{4}(\.0+)?$"


def _count_days(year: np.ndarray, month: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Days since 1970-01-01; NO_DAY for days that do not exist or years out of range."""
    fits = (month >= 1) & (month <= 12) & (day >= 1) & (day <= 31)
    fits &= (year >= FIRST_YEAR) & (year <= LAST_YEAR)
    months = (np.where(fits, year, 1970) - 1970) * 12 + np.where(fits, month, 1) - 1
    start = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    next_start = (months + 1).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    days = start + np.where(fits, day, 1) - 1
    return np.where(fits & (days < next_start), days, NO_DAY).astype(np.int32)


def parse_dates(values: pa.Array, *, century_before: int = CENTURY_BEFORE) -> Dates:
    """The distinct values of one column, parsed as dates.

    Formats: YYYY-MM-DD, YYYYMMDD, M/D/YYYY and M/D/YY, with or without a time of day. The month
    comes first, unless more values of the column can only be read day first than month first.
    Two-digit years up to `century_before` are 20YY, later ones 19YY.
    """
    read = read_numbers(values)
    day_first, month_first = _put_year_first(read, century_before)
    is_date = read.year_first | read.year_last
    days = np.full(len(values), NO_DAY, np.int32)
    days[is_date] = _count_days(*read.numbers[:, is_date])
    filled = ~is_blank(values)
    serial = _mark_serial(values, filled & ~is_date)
    if serial.any():
        days[serial] = _count_serial_days(values, serial)
    return Dates(
        days=days,
        invalid=filled & (days == NO_DAY),
        serial=serial & (days != NO_DAY),
        day_first=day_first,
        month_first=month_first,
        slashed=int(read.year_last.sum()),
        short_years=int(read.short.sum()),
    )


def _put_year_first(read: DateNumbers, century_before: int) -> tuple[int, int]:
    """Order the numbers of a column's dates such as 3/4/2012 as year, month and day.

    Returns how many of them can only be read day first and month first.
    """
    rows = np.flatnonzero(read.year_last)
    if not len(rows):
        return 0, 0
    first, second, year = read.numbers[:, rows]
    century = np.where(year <= century_before, 2000, 1900)
    year = np.where(read.short[rows], year + century, year)
    day_first = int(((first > 12) & (first <= 31) & (second <= 12)).sum())
    month_first = int(((second > 12) & (first <= 12)).sum())
    month, day = (second, first) if day_first > month_first else (first, second)
    read.numbers[:, rows] = year, month, day
    return day_first, month_first


_SERIAL_EPOCH = 25569
"""1970-01-01 as a day number in the 1900 date system of spreadsheets."""


def _mark_serial(values: pa.Array, candidates: np.ndarray) -> np.ndarray:
    """Bool mask of a column's values that are spreadsheet day numbers, among filled candidates."""
    offsets, text = get_bytes(values)
    rows = np.flatnonzero(candidates)
    rows = rows[mark_digits(text[offsets[:-1][rows]])]
    serial = np.zeros(len(values), bool)
    if len(rows):
        serial[rows] = match_pattern(values.take(pa.array(rows)), _SERIAL)
    return serial


def _count_serial_days(values: pa.Array, serial: np.ndarray) -> np.ndarray:
    """Days since 1970-01-01 of the values that are spreadsheet day numbers (bool mask `serial`)."""
    texts = values.filter(pa.array(serial)).to_pylist()
    days = np.asarray([int(float(text)) for text in texts], np.int64) - _SERIAL_EPOCH
    first = number_day(dt.date(FIRST_YEAR, 1, 1))
    last = number_day(dt.date(LAST_YEAR, 1, 1))
    return np.where((days >= first) & (days < last), days, NO_DAY).astype(np.int32)


def is_bad_date(values: pa.Array) -> np.ndarray:
    """Bool mask of the values that are neither blank nor a date, in any format of `parse_dates`."""
    return parse_dates(values).invalid


def has_short_year(values: pa.Array) -> np.ndarray:
    """Bool mask over distinct values: dates with a year of two digits, such as `8/15/12`."""
    return match_pattern(values, _SHORT_YEAR)


def number_day(day: dt.date) -> int:
    """The day number of a date in a frame: days since 1970-01-01."""
    return (day - EPOCH).days


def convert_to_date(number: int) -> dt.date:
    """The date of a frame's day number: days since 1970-01-01."""
    return EPOCH + dt.timedelta(days=int(number))


def fold(values: Any) -> pa.Array:
    """Fold a column's distinct values: lower case, without accents and punctuation."""
    array = lower(values)
    if not is_ascii(array):
        array = pa.array([_strip_accents(text) for text in array.to_pylist()], pa.string())
    if has_any(array, _IS_NO_LETTER):
        array = pc.replace_substring_regex(array, pattern=r"['’.`]", replacement="")
        array = pc.replace_substring_regex(array, pattern=r"[\s_-]+", replacement=" ")
        array = pc.utf8_trim(array, characters=" ")
    return array


_IS_NO_LETTER = np.isin(np.arange(256), list("'’.`\t\n\f\r _-".encode()))
"""Bytes of what is folded away or into a blank: apostrophes, points, blanks and hyphens."""


_PLAIN_LETTERS = str.maketrans(
    {"ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
    | dict.fromkeys("ʻʼ‘", "")
)
"""Letters with a stroke and double letters, which Unicode does not decompose, and apostrophes."""


def _strip_accents(text: str) -> str:
    """Fold a distinct value of an encoded column: without accents, in lower case."""
    decomposed = unicodedata.normalize("NFKD", text)
    plain = "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()
    return plain.translate(_PLAIN_LETTERS)
