"""Whole numbers in arrays: which occur once, again, among others."""

from __future__ import annotations

import numpy as np

FILTER_BITS = 20
"""A table of so many bits tells most numbers that are not among a few; it fits into a processor's cache."""

CACHED = 1 << 15
"""Numbers looked at in one go, for the same reason."""


def sort_unique(keys: np.ndarray) -> np.ndarray:
    """The keys once each, ascending; for whole numbers far faster than `numpy.unique`, which hashes."""
    ordered = np.sort(keys)
    return ordered[np.append(True, ordered[1:] != ordered[:-1])] if len(ordered) else ordered


def mask_among(keys: np.ndarray, few: np.ndarray) -> np.ndarray:
    """Bool mask of the keys (int64) that occur in `few` (ascending), much faster than `numpy.isin` where few do."""
    out = np.zeros(len(keys), bool)
    if len(few):
        seen = np.zeros(1 << FILTER_BITS, bool)
        seen[_slot(few)] = True
        for start in range(0, len(keys), CACHED):
            out[start : start + CACHED] = seen[_slot(keys[start : start + CACHED])]
        maybe = np.flatnonzero(out)
        at = np.minimum(np.searchsorted(few, keys[maybe]), len(few) - 1)
        out[maybe] = few[at] == keys[maybe]
    return out


def _slot(keys: np.ndarray) -> np.ndarray:
    """Numbers of FILTER_BITS bits, spread evenly (multiplicative hashing by the golden ratio)."""
    spread = keys.astype(np.int64).view(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    return (spread >> np.uint64(64 - FILTER_BITS)).astype(np.int64)


def find_repeated(keys: np.ndarray) -> np.ndarray:
    """The positions (int64, ascending) of the keys that occur more than once."""
    ordered = np.sort(keys)
    return np.flatnonzero(mask_among(keys, sort_unique(ordered[1:][ordered[1:] == ordered[:-1]])))


def find_frequent(keys: np.ndarray, least: int) -> np.ndarray:
    """The keys that occur at least `least` times, once each, ascending."""
    ordered = np.sort(keys)
    edges = (
        np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1])) if len(ordered) else ordered
    )
    return ordered[edges][np.diff(np.append(edges, len(ordered))) >= least]


def number_keys(keys: np.ndarray) -> tuple[np.ndarray, int]:
    """The keys as numbers 0 to n-1 (int32, in order of value), and n."""
    values, number = np.unique(keys, return_inverse=True)
    return number.astype(np.int32), len(values)


def mark_firsts(numbers: np.ndarray) -> np.ndarray:
    """Bool mask of the first occurrence of each number."""
    out = np.ones(len(numbers), bool)
    again = find_repeated(numbers)
    out[again] = False
    out[again[np.unique(numbers[again], return_index=True)[1]]] = True
    return out
