"""Positions of values in other values; ids that are numbers are compared as such, much faster."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from validator.frame.arrays import DENSE

LEAST = 1 << 12
"""Fewer values are not worth the test."""
FEW = 8
"""Values are few where there are at least so many times as many to find them in."""
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
    position = pc.fill_null(pc.index_in(values, value_set=among), -1)
    return np.asarray(position.to_numpy(zero_copy_only=False), dtype=np.intp)


def is_among(values: pa.Array, among: pa.Array) -> np.ndarray:
    """Bool mask of the values that occur in `among`."""
    return find_positions(values, among) >= 0


def parse_numbers(values: pa.Array) -> np.ndarray | None:
    """The values as int64 if all are numbers of one length without leading zeros, else None.

    Equal numbers are then equal texts.
    """
    if len(values) < LEAST or values.null_count or not pa.types.is_string(values.type):
        return None
    length = pc.min_max(pc.binary_length(values)).as_py()
    digits = length["max"]
    if length["min"] != digits or not 0 < digits <= MOST_DIGITS:
        return None
    if not pc.all(pc.ascii_is_decimal(values)).as_py():
        return None
    numbers = np.asarray(pc.cast(values, pa.int64()).to_numpy(zero_copy_only=False))
    return numbers if numbers.min() >= 10 ** (digits - 1) else None


def are_distinct(numbers: np.ndarray) -> bool:
    """Whether no number occurs twice."""
    offsets = _offset(numbers)
    if offsets is None:
        ordered = np.sort(numbers)
        return bool((ordered[1:] != ordered[:-1]).all())
    is_present = np.zeros(int(offsets.max()) + 1, bool)
    is_present[offsets] = True
    return int(np.count_nonzero(is_present)) == len(numbers)


def _find_numbers(numbers: np.ndarray, among: np.ndarray) -> np.ndarray | None:
    """Position of each number in `among` (intp), -1 where it does not occur.

    Of equal ones the first. None where the numbers are too far apart for a table of them.
    """
    offsets = _offset(among)
    if offsets is None:
        return None
    least = int(among.min())
    position = np.full(int(offsets.max()) + 1, -1, np.intp)
    position[offsets[::-1]] = np.arange(len(among), dtype=np.intp)[::-1]
    result = np.full(len(numbers), -1, np.intp)
    is_within = (numbers >= least) & (numbers < least + len(position))
    result[is_within] = position[numbers[is_within] - least]
    return result


def _offset(numbers: np.ndarray) -> np.ndarray | None:
    """The distance of each key from the least in a frame's lookup, None where the range is much
    larger."""
    least, most = int(numbers.min()), int(numbers.max())
    if most - least > DENSE * len(numbers):
        return None
    return numbers - least
