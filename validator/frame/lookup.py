"""Positions of values in other values; ids that are numbers are compared as such, much faster."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from validator.frame.arrays import DENSE, GOLDEN_RATIO
from validator.frame.text_bytes import get_bytes, has_other, is_plain, mark_digits

LEAST = 1 << 12
"""Number of values below which the test is not worth its time."""
FEW = 8
"""Values are few if they are searched for in a set at least this many times as large."""
MOST_DIGITS = 18
"""Digits that surely fit an int64."""


def find_positions(values: pa.Array, among: pa.Array) -> np.ndarray:
    """Position of each value in `among` (intp), -1 where it does not occur."""
    if not len(among):
        return np.full(len(values), -1, np.intp)
    numbers = parse_numbers(values)
    among_numbers = None if numbers is None else parse_numbers(among)
    if numbers is not None and among_numbers is not None:
        at = _find_numbers(numbers, among_numbers)
        if at is not None:
            return at
    if len(values) * FEW < len(among) and not values.null_count:
        return _find_few(values, among)
    return _index_in(values, among)


def _find_few(values: pa.Array, among: pa.Array) -> np.ndarray:
    """Position of each of few values in `among`: a table of them is built faster than of all."""
    few = values.dictionary_encode()
    at = _index_in(among, few.dictionary)
    rows = np.flatnonzero(at >= 0)[::-1]
    position = np.full(len(few.dictionary), -1, np.intp)
    position[at[rows]] = rows
    return np.asarray(position[few.indices.to_numpy(zero_copy_only=False)])


def _index_in(values: pa.Array, among: pa.Array) -> np.ndarray:
    """Position of each value in `among` (intp), -1 where it does not occur, by a table of all."""
    position = pc.index_in(values, value_set=among)
    if position.null_count:
        position = position.fill_null(-1)
    return np.asarray(position.to_numpy(zero_copy_only=False), dtype=np.intp)


def is_among(values: pa.Array, among: pa.Array) -> np.ndarray:
    """Bool mask of the values that occur in `among`."""
    if max(len(values), len(among)) < LEAST:
        is_in = pc.is_in(values, value_set=among)
        return np.asarray(is_in.to_numpy(zero_copy_only=False), dtype=bool)
    return find_positions(values, among) >= 0


def parse_numbers(values: pa.Array) -> np.ndarray | None:
    """The values as int64 if all are numbers without leading zeros, else None.

    Equal numbers are then equal texts.
    """
    if len(values) < LEAST or not is_plain(values):
        return None
    offsets, text = get_bytes(values)
    digits = np.diff(offsets)
    if digits.min() < 1 or digits.max() > MOST_DIGITS or has_other(text, mark_digits):
        return None
    if (text[offsets[:-1]] == ord("0")).any():
        return None
    return np.asarray(pc.cast(values, pa.int64()).to_numpy(zero_copy_only=False))


def are_surely_distinct(values: pa.Array) -> bool:
    """Whether no value of a frame's column occurs twice; a quick test, for texts of one length."""
    numbers = parse_numbers(values)
    offsets = None if numbers is None else _measure_offset(numbers)
    if offsets is not None:
        is_present = np.zeros(int(offsets.max()) + 1, bool)
        is_present[offsets] = True
        return int(np.count_nonzero(is_present)) == len(values)
    texts = _get_rows(values)
    if texts is None:
        return False
    ordered = np.sort(_hash_texts(texts))
    return bool((ordered[1:] != ordered[:-1]).all())


def _get_rows(values: pa.Array) -> np.ndarray | None:
    """Return a frame's values as rows of bytes if they are many and of one length, else None."""
    if len(values) < LEAST or not is_plain(values):
        return None
    offsets, text = get_bytes(values)
    length = int(offsets[1])
    if not length or (np.diff(offsets) != length).any():
        return None
    return text.reshape(-1, length)


def _hash_texts(texts: np.ndarray) -> np.ndarray:
    """Hash a frame's values, given as rows of bytes: int64, equal for equal texts."""
    words = -(-texts.shape[1] // 8)
    padded = np.zeros((len(texts), 8 * words), np.uint8)
    padded[:, : texts.shape[1]] = texts
    hashes = np.zeros(len(texts), np.uint64)
    for word in padded.view(np.uint64).T:
        hashes = (hashes ^ word) * np.uint64(GOLDEN_RATIO)
        hashes ^= hashes >> np.uint64(29)
    return hashes.view(np.int64)


def _find_numbers(numbers: np.ndarray, among: np.ndarray) -> np.ndarray | None:
    """Position of each number in `among` (intp), -1 where it does not occur.

    Of equal ones the first. None where those between the least and the most that both have are too
    far apart for a table of them.
    """
    least = max(int(numbers.min()), int(among.min()))
    most = min(int(numbers.max()), int(among.max()))
    result = np.full(len(numbers), -1, np.intp)
    if most - least > DENSE * max(len(numbers), len(among)):
        return None
    position = np.full(max(most - least + 1, 0), -1, np.intp)
    known = np.flatnonzero((among >= least) & (among <= most))[::-1]
    position[among[known] - least] = known
    is_within = (numbers >= least) & (numbers <= most)
    result[is_within] = position[numbers[is_within] - least]
    return result


def _measure_offset(numbers: np.ndarray) -> np.ndarray | None:
    """The distance of each key from the least in a frame's lookup, None where the range is much
    larger."""
    least, most = int(numbers.min()), int(numbers.max())
    if most - least > DENSE * len(numbers):
        return None
    return numbers - least
