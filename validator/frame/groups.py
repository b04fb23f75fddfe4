"""Groups of rows that share a value."""

from __future__ import annotations

import numpy as np

from validator.frame.arrays import count_numbers, sort_unique
from validator.frame.columns import encode, encode_rows, remember
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
    width = int(records.max(initial=0)) + 1
    pairs = sort_unique(groups.astype(np.int64) * width + records) // width
    mixed = pairs[1:][pairs[1:] == pairs[:-1]]
    return np.isin(groups, mixed)


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
