"""Values of records that have several, compared as sets: the schools of a person."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from validator import frame
from validator.frame.arrays import mark_numbers
from validator.frame.values import is_blank
from validator.model import Table, dataclass


@dataclass(frozen=True, eq=False)
class SetChanges:
    """Bool masks over the records in both exports: what became of their values of one column.

    had, has: any value in the old and in the new export. lost, gained: a value that only the old,
    or only the new, export has.
    """

    had: np.ndarray
    has: np.ndarray
    lost: np.ndarray
    gained: np.ndarray


def compare_sets(
    old: Table, new: Table, column: str, *, was: np.ndarray, now: np.ndarray
) -> SetChanges:
    """Compare the values of records that are in both exports, in whatever order each lists them.

    `was`, `now`: a row of each record in the old and the new table. All rows with its id count,
    and the further values of a cell.
    """
    before, after = _list_values(old, column, was), _list_values(new, column, now)
    encoded = pa.concat_arrays([before.values, after.values]).dictionary_encode()
    codes = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    width = max(len(encoded.dictionary), 1)
    filled = ~is_blank(encoded.dictionary)[codes]
    pairs = np.concatenate([before.records, after.records]) * width + codes
    is_old = np.arange(len(pairs)) < len(before.records)
    old_pairs, new_pairs = pairs[is_old & filled], pairs[~is_old & filled]
    changes, _ = compare_pairs(old_pairs, new_pairs, width, count=len(was))
    return changes


def compare_pairs(
    old: np.ndarray, new: np.ndarray, width: int, *, count: int
) -> tuple[SetChanges, np.ndarray]:
    """Compare sets of values of `count` records; also return the values that only the old have.

    Each value is its record * `width` + its code.
    """

    def mark(chosen: np.ndarray) -> np.ndarray:
        return mark_numbers(chosen // width, count)

    lost, gained = np.setdiff1d(old, new), np.setdiff1d(new, old)
    return SetChanges(mark(old), mark(new), mark(lost), mark(gained)), lost


@dataclass(frozen=True, eq=False)
class _Values:
    """Each value of some compared records, with the number of its record."""

    records: np.ndarray
    values: pa.Array


def _list_values(table: Table, column: str, rows: np.ndarray) -> _Values:
    """List all values of a column that compared records have, given a row of each."""
    keys = frame.encode(table, table.key)
    numbers = np.full(len(keys.values), -1, np.int64)
    numbers[keys.codes[rows]] = np.arange(len(rows))
    record = numbers[keys.codes]
    mine = np.flatnonzero(record >= 0)
    records, values = [record[mine]], [frame.encode_rows(table, column, mine)]
    more = table.extra_values.get(column)
    if more is not None:
        owner = record[more.rows]
        known = np.flatnonzero(owner >= 0)
        records.append(owner[known])
        values.append(frame.encode_rows(more.table, column, known))
    texts: Sequence[pa.Array] = [each.take(slice(None)) for each in values]
    return _Values(np.concatenate(records), pa.concat_arrays(texts))


def hash_sets(codes: np.ndarray, numbers: np.ndarray, count: int) -> np.ndarray:
    """Hash compared records by their sets of values, in any order: one uint64 each.

    splitmix64, so that sums do not collide.
    """
    width = int(codes.max(initial=0)) + 1
    pairs = np.unique(numbers.astype(np.int64) * width + codes)
    mixed = (pairs % width).astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    hashes = np.zeros(count, np.uint64)
    starts = np.flatnonzero(np.diff(pairs // width, prepend=-1))
    if len(starts):
        hashes[pairs[starts] // width] = np.add.reduceat(mixed, starts)
    return hashes
