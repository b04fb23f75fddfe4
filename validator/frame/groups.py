"""Groups of rows that share a value."""

from __future__ import annotations

import numpy as np

from validator.frame.arrays import count_numbers, number_keys
from validator.frame.cache import remember
from validator.frame.columns import encode, encode_rows
from validator.model import Table


def find_groups(table: Table, column: str, among: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Group the rows of an encoded column that share a value: their rows, and group numbers.

    Blank values form no group.
    """
    values = encode(table, column)
    usable = among & ~values.blank
    times = count_numbers(values.codes[usable], minlength=len(values.values))
    rows = np.flatnonzero(usable & (times[values.codes] > 1))
    return rows, values.codes[rows]


def mark_mixed(groups: np.ndarray, records: np.ndarray) -> np.ndarray:
    """Bool mask of a frame's entries whose group has more than one distinct record."""
    number, count = number_keys(groups)
    last = np.zeros(count, records.dtype)
    last[number] = records
    is_mixed = np.zeros(count, bool)
    is_mixed[number[records != last[number]]] = True
    return np.asarray(is_mixed[number])


def mark_equal_rows(table: Table) -> np.ndarray:
    """Bool mask of the rows that equal an earlier row in every column."""
    return remember(table, "equal_rows", lambda: _mark_equal_rows(table))


def _mark_equal_rows(table: Table) -> np.ndarray:
    """Bool mask over a frame's rows: equal to an earlier one in every encoded column."""
    equal = np.zeros(len(table), bool)
    # Equal rows have equal keys, so only rows that share their key are compared.
    rows, _ = find_groups(table, table.key, np.ones(len(table), bool))
    if len(rows):
        codes = [encode_rows(table, column, rows).codes for column in table.records.columns]
        _, first = np.unique(np.stack(codes, axis=1), axis=0, return_index=True)
        equal[np.delete(rows, first)] = True
    return equal
