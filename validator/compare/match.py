"""Records of two tables, matched by key: in both, only in the new one, only in the old one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from validator.frame.arrays import repeat_each
from validator.model import dataclass


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
    """Match the records of two exports by the key (an integer from 0) of every row.

    `in_old`, `in_new`: bool masks of the rows that have a key.
    """
    keys = np.concatenate([old, new], dtype=np.int64)
    key, row = sort_keys(keys, np.concatenate([in_old, in_new]))
    leads = _mark_pairs(key, row < len(old))
    is_other = ~leads
    is_other[1:] &= ~leads[:-1]
    others = _match_groups(key[is_other], row[is_other], len(old))
    row_before = np.full(len(new), -1, np.int32)
    row_before[row[1:][leads[:-1]] - len(old)] = row[leads]
    row_before[others.now] = others.was
    now = np.flatnonzero(row_before >= 0).astype(np.int32)
    records = np.searchsorted(now, others.now[others.several.records])
    several = replace(others.several, records=records)
    return replace(others, was=row_before[now], now=now, several=several)


def _mark_pairs(key: np.ndarray, is_old: np.ndarray) -> np.ndarray:
    """Mark, of compared rows sorted by key, each old one whose record has just one new row, too.

    Most records are such pairs, and masks of rows take an eighth of the memory of row numbers.
    """
    is_same = np.append(key[1:] == key[:-1], False)[: len(key)]
    leads: np.ndarray = is_same & is_old
    leads[:-1] &= ~is_old[1:] & ~is_same[1:]
    leads[1:] &= ~is_same[:-1]
    return leads


def _match_groups(key: np.ndarray, row: np.ndarray, old: int) -> Matched:
    """Match the records of some compared rows sorted by key; `old`: rows of the old table."""
    start = np.flatnonzero(np.append(True, key[1:] != key[:-1])[: len(key)])
    rows = np.diff(start, append=len(key))
    before = np.add.reduceat(row < old, start, dtype=np.int32)
    both = np.flatnonzero((before > 0) & (before < rows))
    now = row[start[both] + before[both]] - old
    order = np.argsort(now)
    both, now = both[order], now[order]
    return Matched(
        added=np.sort(row[start[before == 0]] - old),
        removed=np.sort(row[start[before == rows]]),
        was=row[start[both]],
        now=now,
        several=_list_several(row, old, start=start[both], rows=rows[both]),
    )


def sort_keys(keys: np.ndarray, among: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the keys by which rows of two exports are matched, ascending, with row numbers.

    Equal keys are in the order of their rows. Key and row are sorted as one number if they fit
    into one, which is three times faster; then `keys` (int64) is overwritten.
    """
    bits = len(keys).bit_length()
    if int(keys.max(initial=0)) >> (63 - bits):
        order = np.argsort(keys, kind="stable").astype(np.int32)
        order = order[among[order]]
        return keys[order], order
    keys <<= bits
    keys |= np.arange(len(keys), dtype=np.int32)
    keys = keys if among.all() else keys[among]
    keys.sort(kind="stable")  # twice as fast on rows that are partly sorted, as exports are
    row = np.empty(len(keys), np.int32)
    np.bitwise_and(keys, (1 << bits) - 1, out=row, casting="unsafe")
    keys >>= bits
    return keys, row


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
