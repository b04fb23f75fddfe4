"""Integer arrays: unique, repeated and frequent values, and membership tests."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

FILTER_BITS = 20
"""Size of the hash filter, 2**20 entries: small enough for a processor's cache."""

CACHED = 1 << 15
"""Numbers tested per block, for the same reason."""


def count_numbers(
    numbers: np.ndarray, weights: np.ndarray | None = None, minlength: int = 0
) -> np.ndarray:
    """How often each number from 0 occurs, as `numpy.bincount`, which takes no int64 on 32 bits."""
    return np.bincount(numbers.astype(np.intp, copy=False), weights, minlength)


def repeat_each(values: np.ndarray, times: np.ndarray | Sequence[int] | int) -> np.ndarray:
    """Return each value as often as `times` says; `numpy.repeat` takes no int64 on 32 bits."""
    return np.repeat(values, np.asarray(times).astype(np.intp, copy=False))


def sort_unique(keys: np.ndarray) -> np.ndarray:
    """The distinct keys, ascending; for integers much faster than `numpy.unique`, which hashes."""
    ordered = np.sort(keys)
    if not len(ordered):
        return ordered
    is_first = np.append(True, ordered[1:] != ordered[:-1])
    return np.asarray(ordered[is_first])


def mark_among(keys: np.ndarray, few: np.ndarray) -> np.ndarray:
    """Bool mask of the keys (int64) that occur in `few` (ascending).

    Much faster than `numpy.isin` where few keys do: a hash filter rules most of them out.
    """
    mask = np.zeros(len(keys), bool)
    if not len(few):
        return mask
    seen = np.zeros(1 << FILTER_BITS, bool)
    seen[_hash(few)] = True
    for start in range(0, len(keys), CACHED):
        block = slice(start, start + CACHED)
        mask[block] = seen[_hash(keys[block])]
    candidates = np.flatnonzero(mask)
    at = np.minimum(np.searchsorted(few, keys[candidates]), len(few) - 1)
    mask[candidates] = few[at] == keys[candidates]
    return mask


def _hash(keys: np.ndarray) -> np.ndarray:
    """Evenly distributed numbers of FILTER_BITS bits (multiplicative hashing, golden ratio)."""
    mixed = keys.astype(np.int64).view(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    return (mixed >> np.uint64(64 - FILTER_BITS)).astype(np.intp)


def find_repeated(keys: np.ndarray) -> np.ndarray:
    """The positions (ascending) of the keys that occur more than once."""
    ordered = np.sort(keys)
    repeated = sort_unique(ordered[1:][ordered[1:] == ordered[:-1]])
    return np.flatnonzero(mark_among(keys, repeated))


def find_frequent(keys: np.ndarray, least: int) -> np.ndarray:
    """The distinct keys that occur at least `least` times, ascending."""
    ordered = np.sort(keys)
    if not len(ordered):
        return ordered
    starts = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1]))
    times = np.diff(np.append(starts, len(ordered)))
    return ordered[starts][times >= least]


def number_keys(keys: np.ndarray) -> tuple[np.ndarray, int]:
    """The keys numbered from 0 in ascending order (int32), and how many distinct keys there are."""
    values, number = np.unique(keys, return_inverse=True)
    return number.astype(np.int32), len(values)


def mark_firsts(numbers: np.ndarray) -> np.ndarray:
    """Bool mask of the first occurrence of each number."""
    mask = np.ones(len(numbers), bool)
    repeated = find_repeated(numbers)
    mask[repeated] = False
    firsts = np.unique(numbers[repeated], return_index=True)[1]
    mask[repeated[firsts]] = True
    return mask
