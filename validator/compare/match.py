"""Records of two tables, matched by key: in both, only in the new one, only in the old one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from validator.frame.arrays import repeat_each


@dataclass(frozen=True, eq=False)
class Several:
    """Records in both tables that have several rows in one.

    `records`: their places in `was`. `rows`: for the old and the new table, the rows of all of
    them; `numbers`: for each of these rows, the number of its record in `records`.
    """

    records: np.ndarray
    rows: tuple[np.ndarray, np.ndarray]
    numbers: tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True, eq=False)
class Matched:
    """Row numbers (int32) of each record's first row, ascending.

    `added`: in the new table; `removed`: in the old one; `was` and `now`: of the records in both,
    in the order of the new table.
    """

    added: np.ndarray
    removed: np.ndarray
    was: np.ndarray
    now: np.ndarray
    several: Several


def match(old: np.ndarray, new: np.ndarray, *, in_old: np.ndarray, in_new: np.ndarray) -> Matched:
    """Match the records of two exports by the key (int64, not negative) of every row.

    `in_old`, `in_new`: bool masks of the rows that have a key.
    """
    key, row = sort_keys(np.concatenate([old, new]), np.concatenate([in_old, in_new]))
    start = np.flatnonzero(np.diff(key, prepend=-1))
    rows = np.diff(np.append(start, len(key)))
    before = np.add.reduceat(row < len(old), start, dtype=np.int64)
    both = np.flatnonzero((before > 0) & (before < rows))
    now = row[start[both] + before[both]] - len(old)
    order = _sort_places(now, len(new))
    both, now = both[order], now[order]
    return Matched(
        added=np.sort(row[start[before == 0]] - len(old)),
        removed=np.sort(row[start[before == rows]]),
        was=row[start[both]],
        now=now,
        several=_list_several(row, len(old), start=start[both], rows=rows[both]),
    )


def sort_keys(keys: np.ndarray, among: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the keys by which rows of two exports are matched, ascending, with row numbers.

    Equal keys are in the order of their rows. Key and row are sorted as one number if they fit
    into one, which is three times faster.
    """
    bits = len(keys).bit_length()
    if int(keys.max(initial=0)) >> (63 - bits):
        order = np.argsort(keys, kind="stable").astype(np.int32)
        order = order[among[order]]
        return keys[order], order
    packed = (keys << bits) | np.arange(len(keys))
    packed = packed if among.all() else packed[among]
    packed.sort(kind="stable")  # twice as fast where rows come in an order, as in exports
    return packed >> bits, (packed & ((1 << bits) - 1)).astype(np.int32)


def _sort_places(numbers: np.ndarray, most: int) -> np.ndarray:
    """Sort matched records of two exports: return the places of numbers below `most`, in order."""
    places = np.full(most, -1, np.int32)
    places[numbers] = np.arange(len(numbers), dtype=np.int32)
    return places[places >= 0]


def _list_several(row: np.ndarray, old: int, *, start: np.ndarray, rows: np.ndarray) -> Several:
    """List the records with several rows in one of two compared tables.

    `start`: where each record starts in `row`; `rows`: how many rows it has.
    """
    records = np.flatnonzero(rows > 2)
    length = rows[records]
    offset = np.arange(length.sum()) - repeat_each(np.cumsum(length) - length, length)
    all_rows = row[repeat_each(start[records], length) + offset]
    number = repeat_each(np.arange(len(records)), length)
    is_old = all_rows < old
    return Several(
        records,
        rows=(all_rows[is_old], all_rows[~is_old] - old),
        numbers=(number[is_old], number[~is_old]),
    )
