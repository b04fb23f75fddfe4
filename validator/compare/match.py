"""The records of two tables, paired by their keys: who is in both, who came, who went; on sorted numbers alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Several:
    """Records of several rows that both tables have: `records` as places in `was`; for each table the rows of all of
    them, and the number of each row's record among them."""

    records: np.ndarray
    rows: tuple[np.ndarray, np.ndarray]
    numbers: tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True, eq=False)
class Matched:
    """Row numbers (int32) of each record's first row, ascending: `added` in the new table, `removed` in the old one;
    `was` and `now` of those that both have, one beside the other, in the order of the new table."""

    added: np.ndarray
    removed: np.ndarray
    was: np.ndarray
    now: np.ndarray
    several: Several


def matched(old: np.ndarray, new: np.ndarray, of_old: np.ndarray, of_new: np.ndarray) -> Matched:
    """The records of two tables by the key (int64, not negative) of every row; `of_old` and `of_new`: bool masks of the
    rows that have one."""
    key, row = ordered(np.concatenate([old, new]), np.concatenate([of_old, of_new]))
    start = np.flatnonzero(np.diff(key, prepend=-1))
    rows = np.diff(np.append(start, len(key)))
    before = np.add.reduceat(row < len(old), start, dtype=np.int64)
    both = np.flatnonzero((before > 0) & (before < rows))
    now = row[start[both] + before[both]] - len(old)
    order = _ascending(now, len(new))
    both, now = both[order], now[order]
    return Matched(
        np.sort(row[start[before == 0]] - len(old)),
        np.sort(row[start[before == rows]]),
        row[start[both]],
        now,
        _several(row, len(old), start[both], rows[both]),
    )


def ordered(keys: np.ndarray, among: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The keys of the rows in a bool mask, ascending, and the row number (int32) of each; of equal keys the first row
    first. Key and row are sorted as one number where they fit into one, which is three times faster."""
    bits = len(keys).bit_length()
    if int(keys.max(initial=0)) >> (63 - bits):
        order = np.argsort(keys, kind="stable").astype(np.int32)
        order = order[among[order]]
        return keys[order], order
    packed = (keys << bits) | np.arange(len(keys))
    packed = packed if among.all() else packed[among]
    packed.sort()
    return packed >> bits, (packed & ((1 << bits) - 1)).astype(np.int32)


def _ascending(numbers: np.ndarray, most: int) -> np.ndarray:
    """The places of different numbers below `most`, in the order of the numbers."""
    at = np.full(most, -1, np.int32)
    at[numbers] = np.arange(len(numbers), dtype=np.int32)
    return at[at >= 0]


def _several(row: np.ndarray, old: int, start: np.ndarray, rows: np.ndarray) -> Several:
    """The records of more than one row in a table, given where each record starts in `row` and how many rows it has."""
    records = np.flatnonzero(rows > 2)
    length = rows[records]
    offset = np.arange(length.sum()) - np.repeat(np.cumsum(length) - length, length)
    all_rows, number = (
        row[np.repeat(start[records], length) + offset],
        np.repeat(np.arange(len(records)), length),
    )
    before = all_rows < old
    return Several(
        records, (all_rows[before], all_rows[~before] - old), (number[before], number[~before])
    )
