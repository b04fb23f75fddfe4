"""The bytes of a column's distinct values: quick tests that need no pattern."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeVar

import numpy as np
import pyarrow as pa

from validator.frame.arrays import iterate_blocks, repeat_each

LEAST = 1 << 10
"""Fewer values are tested as fast by Arrow."""

BLOCK = 1 << 13
"""Values whose bytes are worked on at a time, so that they stay in a processor's cache."""

T = TypeVar("T")


def map_blocks(values: pa.Array, work: Callable[[pa.Array], T]) -> list[T]:
    """Return the results of `work` for a column's distinct values, block by block; at least one."""
    starts = range(0, max(len(values), 1), BLOCK)
    return [work(values.slice(start, BLOCK)) for start in starts]


def get_bytes(values: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """Return where each value starts and the last one ends (int32), and the UTF-8 bytes of all.

    The values must not be null.
    """
    _, places, content = values.buffers()
    if not len(values) or content is None:
        return np.zeros(len(values) + 1, np.int32), np.zeros(0, np.uint8)
    offsets = np.frombuffer(places, np.int32)[values.offset : values.offset + len(values) + 1]
    text = np.frombuffer(content, np.uint8)[offsets[0] : offsets[-1]]
    return offsets if not offsets[0] else offsets - offsets[0], text


def has_bytes(values: object) -> bool:
    """Whether the bytes of a column's values can be read: Arrow text without nulls."""
    return isinstance(values, pa.StringArray) and not values.null_count


def is_plain(values: pa.Array) -> bool:
    """Whether values of a column are many, and their bytes can be read."""
    return len(values) >= LEAST and has_bytes(values)


def has_byte(values: pa.Array, characters: str) -> bool:
    """Whether any of these ASCII characters is in any value; a quick first test."""
    _, text = get_bytes(values)
    return any(_has_any(text, partial(np.equal, code)) for code in characters.encode())


def has_any(values: pa.Array, is_wanted: np.ndarray) -> bool:
    """Whether any byte of a column's values is one of those that `is_wanted` (256) marks."""
    _, text = get_bytes(values)
    return _has_any(text, is_wanted.__getitem__)


def mark_with(values: pa.Array, is_wanted: np.ndarray) -> np.ndarray:
    """Bool mask of a column's values that have any of the bytes that `is_wanted` (256) marks."""
    offsets, text = get_bytes(values)
    places = np.flatnonzero(is_wanted[text])
    mask = np.zeros(len(values), bool)
    mask[np.searchsorted(offsets, places, side="right") - 1] = True
    return mask


def has_capitals(values: pa.Array) -> bool:
    """Whether any of a column's ASCII values has a capital letter."""
    _, text = get_bytes(values)
    return _has_any(text, lambda block: (block - np.uint8(ord("A"))) < 26)


def has_other(text: np.ndarray, mark: Callable[[np.ndarray], np.ndarray]) -> bool:
    """Whether `mark` leaves out any byte of a column's values."""
    return _has_any(text, lambda block: ~mark(block))


def _has_any(text: np.ndarray, mark: Callable[[np.ndarray], np.ndarray]) -> bool:
    """Whether any byte of a column's values is marked, asked block by block to save memory."""
    return any(bool(mark(text[block]).any()) for block in iterate_blocks(len(text)))


def has_blank_ends(values: pa.Array) -> bool:
    """Whether any of a column's values may begin or end with a blank: "" or no plain character."""
    offsets, text = get_bytes(values)
    starts, ends = offsets[:-1], offsets[1:]
    if not _has_any(text, _mark_unusual):
        return False
    is_filled = starts < ends
    if not is_filled.all():
        starts, ends = starts[is_filled], ends[is_filled]
    return bool(_mark_unusual(text[starts]).any() or _mark_unusual(text[ends - 1]).any())


def _mark_unusual(text: np.ndarray) -> np.ndarray:
    """Bool mask of the bytes of a column's values that are no visible ASCII characters."""
    return np.asarray((text - np.uint8(33)) > 93)


def mark_starts(values: pa.Array, pairs: set[str]) -> np.ndarray:
    """Bool mask of a column's values that begin with one of some pairs of ASCII characters."""
    is_wanted = np.zeros(1 << 16, bool)
    is_wanted[[int.from_bytes(pair.encode()) for pair in pairs]] = True

    def mark(block: pa.Array) -> np.ndarray:
        offsets, text = get_bytes(block)
        is_long = np.diff(offsets) > 1
        starts = offsets[:-1][is_long]
        is_long[is_long] = is_wanted[text[starts].astype(np.uint16) << 8 | text[starts + 1]]
        return is_long

    return np.concatenate(map_blocks(values, mark))


def mark_letters(text: np.ndarray) -> np.ndarray:
    """Bool mask of the bytes of a column's values that are ASCII letters."""
    return np.asarray(((text | np.uint8(32)) - np.uint8(ord("a"))) < 26)


def mark_digits(text: np.ndarray) -> np.ndarray:
    """Bool mask of the bytes of a column's values that are digits."""
    return np.asarray((text - np.uint8(ord("0"))) < 10)


def keep_bytes(values: pa.Array, is_kept: np.ndarray) -> pa.Array:
    """Return values of a column with some of their bytes, by a bool mask over all of them."""
    offsets, text = get_bytes(values)
    if is_kept.all():
        return values
    starts = np.append(np.int32(0), np.cumsum(is_kept, dtype=np.int32))[offsets]
    buffers = [None, pa.py_buffer(starts), pa.py_buffer(text[is_kept])]
    return pa.Array.from_buffers(pa.string(), len(values), buffers)


def mark_before(values: pa.Array, ends: np.ndarray) -> np.ndarray:
    """Bool mask over the bytes of a column's values: those before each one's end."""
    offsets, _ = get_bytes(values)
    lengths = np.stack([ends - offsets[:-1], offsets[1:] - ends], axis=1).ravel()
    return repeat_each(np.tile([True, False], len(values)), lengths)


def find_byte(values: pa.Array, character: str) -> tuple[np.ndarray, np.ndarray]:
    """Per value of a column, how often an ASCII character is in it, and the place of the first one.

    Where it is in none, the place is the end of the value.
    """
    offsets, text = get_bytes(values)
    starts, ends = offsets[:-1], offsets[1:]
    places = np.flatnonzero(text == ord(character))
    if len(places) == len(values) and (starts <= places).all() and (places < ends).all():
        return np.ones(len(values), np.intp), places
    before = np.searchsorted(places, offsets)
    count = np.diff(before)
    first = ends.astype(np.intp)
    first[count > 0] = places[before[:-1][count > 0]]
    return count, first
