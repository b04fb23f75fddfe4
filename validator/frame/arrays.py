"""Integer arrays: unique, repeated and frequent values, and membership tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

import numpy as np

FILTER_BITS = 20
"""Size of the hash filter, 2**20 entries: small enough for a processor's cache."""

GOLDEN_RATIO = 0x9E3779B97F4A7C15
"""A multiplier for hashes: 2**64 divided by the golden ratio."""

MANY = 1 << 16
"""Number of keys from which repeated ones are only looked for among those that share a hash."""

STRIDE = 7919
"""Distance between the positions of a sample: a prime, so that it follows no pattern of rows or
values."""

CACHED = 1 << 15
"""Numbers tested per block, for the same reason."""


def count_numbers(
    numbers: np.ndarray, weights: np.ndarray | None = None, minlength: int = 0
) -> np.ndarray:
    """How often each number from 0 occurs, as `numpy.bincount`, which takes no int64 on 32 bits."""
    if weights is None and len(numbers) > MANY and numbers.dtype != np.intp:
        counts = np.zeros(max(int(numbers.max()) + 1, minlength), np.intp)
        for block in iterate_blocks(len(numbers)):
            np.add.at(counts, numbers[block].astype(np.intp), 1)
        return counts
    return np.bincount(numbers.astype(np.intp, copy=False), weights, minlength)


def repeat_each(values: np.ndarray, times: np.ndarray | Sequence[int] | int) -> np.ndarray:
    """Return each value as often as `times` says; `numpy.repeat` takes no int64 on 32 bits."""
    return np.repeat(values, np.asarray(times).astype(np.intp, copy=False))


def sort_unique(keys: np.ndarray) -> np.ndarray:
    """Sort a frame's distinct keys; for integers much faster than `numpy.unique`, which hashes."""
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
    for block in iterate_blocks(len(keys)):
        mask[block] = seen[_hash(keys[block])]
    candidates = np.flatnonzero(mask)
    at = np.minimum(np.searchsorted(few, keys[candidates]), len(few) - 1)
    mask[candidates] = few[at] == keys[candidates]
    return mask


def _hash(keys: np.ndarray, bits: int = FILTER_BITS) -> np.ndarray:
    """Hash a frame's keys: evenly distributed numbers of `bits` bits (golden ratio)."""
    mixed = keys.astype(np.int64).view(np.uint64) * np.uint64(GOLDEN_RATIO)
    return (mixed >> np.uint64(64 - bits)).astype(np.intp)


def find_repeated(keys: np.ndarray) -> np.ndarray:
    """The positions (ascending) of the keys that occur more than once."""
    if len(keys) < MANY:
        return _find_repeated(keys)
    least = keys.min()
    if int(keys.max()) - int(least) <= DENSE * len(keys):
        offsets = keys - least
        return np.flatnonzero(count_numbers(offsets)[offsets] > 1)
    # Few different keys have one hash: the others need not be sorted.
    hashed = _hash(keys, (4 * len(keys)).bit_length())
    suspects = np.flatnonzero(count_numbers(hashed)[hashed] > 1)
    return np.asarray(suspects[_find_repeated(keys[suspects])])


def _find_repeated(keys: np.ndarray) -> np.ndarray:
    order = sort_positions(keys)
    ordered = keys[order]
    is_same = ordered[1:] == ordered[:-1]
    mask = np.zeros(len(keys), bool)
    mask[order[1:][is_same]] = True
    mask[order[:-1][is_same]] = True
    return np.flatnonzero(mask)


BIT_ROUNDS = 3
"""How often a value gets another bit in `find_repeated_pairs`; three leave few false suspects."""


def find_repeated_pairs(groups: np.ndarray, values: np.ndarray) -> np.ndarray:
    """The positions (ascending) of the pairs of group and value that occur more than once.

    Both are numbers from 0. Much faster than sorting where groups are small and few pairs repeat.
    """
    width = int(values.max(initial=0)) + 1
    rows = _find_suspects(groups, values, _make_bits(width, len(values), 0))
    for at in range(1, BIT_ROUNDS):
        rows = rows[_find_suspects(groups[rows], values[rows], _make_bits(width, len(rows), at))]
    keys = groups[rows].astype(np.int64) * width + values[rows]
    return np.asarray(rows[find_repeated(keys)])


def _make_bits(width: int, count: int, at: int) -> Callable[[np.ndarray], np.ndarray]:
    """A function for the bits of keys below `width`: by a table where it is asked for more."""
    if width > count:
        return lambda values: _choose_bits(values, at)
    return _choose_bits(np.arange(width), at).__getitem__


def _choose_bits(values: np.ndarray, at: int) -> np.ndarray:
    """Per value one of 64 bits (uint64), evenly distributed and different for each `at`."""
    numbers = (values.astype(np.uint64) + np.uint64(1)) * np.uint64(GOLDEN_RATIO)
    mixed = (numbers ^ (numbers >> np.uint64(29 + at))) * np.uint64(GOLDEN_RATIO + 2 * at)
    return np.asarray(np.left_shift(np.uint64(1), mixed >> np.uint64(58)))


def _find_suspects(
    groups: np.ndarray, values: np.ndarray, get_bits: Callable[[np.ndarray], np.ndarray]
) -> np.ndarray:
    """The positions of the entries of groups in which the bit of a value occurs more than once.

    A sum of different bits has as many bits; where one is carried, it has fewer.
    """
    count = int(groups.max(initial=-1)) + 1
    sums, sizes = np.zeros(count, np.uint64), np.zeros(count, np.int32)
    for block in iterate_blocks(len(groups)):
        indices = groups[block].astype(np.intp)
        np.add.at(sums, indices, get_bits(values[block]))
        np.add.at(sizes, indices, np.int32(1))
    is_suspect = np.bitwise_count(sums) < sizes
    return find_in_blocks(len(groups), lambda block: is_suspect[groups[block]])


def narrow(numbers: np.ndarray) -> np.ndarray:
    """The numbers as int16 if they fit: rows are looked up faster in smaller arrays."""
    limits = np.iinfo(np.int16)
    if numbers.min(initial=0) < limits.min or numbers.max(initial=0) > limits.max:
        return numbers
    return numbers.astype(np.int16)


def look_up(entries: np.ndarray, numbers: np.ndarray) -> np.ndarray:
    """The entry of a frame's array at each number, block by block where they are many.

    NumPy would first copy all of them as intp.
    """
    if len(numbers) <= MANY:
        return np.asarray(entries[numbers])
    result = np.empty(len(numbers), entries.dtype)
    for block in iterate_blocks(len(numbers)):
        # Wrapping, as indexing does with negative numbers, needs no buffer.
        entries.take(numbers[block], out=result[block], mode="wrap")
    return result


def iterate_blocks(count: int) -> Iterator[slice]:
    """Yield slices of as many entries as a processor's cache holds."""
    for start in range(0, count, CACHED):
        yield slice(start, start + CACHED)


def find_in_blocks(count: int, mark: Callable[[slice], np.ndarray]) -> np.ndarray:
    """The positions (ascending) of a frame's entries that `mark` marks, block by block to save
    memory."""
    positions = [np.flatnonzero(mark(block)) + block.start for block in iterate_blocks(count)]
    return np.concatenate([np.zeros(0, np.intp), *positions])


def find_frequent(keys: np.ndarray, least: int) -> np.ndarray:
    """The distinct keys of a frame that occur at least `least` times, ascending."""
    ordered = np.sort(keys)
    if not len(ordered):
        return ordered
    starts = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1]))
    times = np.diff(np.append(starts, len(ordered)))
    return ordered[starts][times >= least]


DENSE = 8
"""Most possible keys for each key at which keys are counted instead of sorted."""


def number_keys(keys: np.ndarray) -> tuple[np.ndarray, int]:
    """The keys numbered from 0 in ascending order (int32), and how many distinct keys there are."""
    distinct, numbers = index_keys(keys)
    return numbers, len(distinct)


def index_keys(keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The distinct keys, ascending, and the position of each key in them (int32)."""
    if len(keys) and int(keys.max()) - int(keys.min()) <= DENSE * len(keys):
        least = keys.min()
        offsets = keys - least
        is_present = np.zeros(int(offsets.max()) + 1, bool)
        is_present[offsets] = True
        position = np.cumsum(is_present, dtype=np.int32) - np.int32(1)
        return np.flatnonzero(is_present) + least, position[offsets]
    order = sort_positions(keys)
    ordered = keys[order]
    is_first = np.append(True, ordered[1:] != ordered[:-1])[: len(keys)]
    numbers = np.empty(len(keys), np.int32)
    numbers[order] = np.cumsum(is_first, dtype=np.int32) - np.int32(1)
    return ordered[is_first], numbers


DIGIT = 16
"""Bits that are sorted at a time: numpy has a fast sort for 16-bit numbers."""


def sort_positions(keys: np.ndarray) -> np.ndarray:
    """The positions of integer keys in ascending order of the keys, equal ones in their order.

    As `numpy.argsort` with `kind="stable"`, and three times as fast.
    """
    if len(keys) < MANY:
        return np.argsort(keys, kind="stable")
    least = int(keys.min())
    offsets = (keys.astype(np.int64) - least).view(np.uint64)
    order = np.argsort(offsets.astype(np.uint16), kind="stable")
    for shift in range(DIGIT, (int(keys.max()) - least).bit_length(), DIGIT):
        digits = (offsets >> np.uint64(shift)).astype(np.uint16)
        order = order[np.argsort(digits[order], kind="stable")]
    return order


def mark_numbers(numbers: np.ndarray, count: int, among: np.ndarray | None = None) -> np.ndarray:
    """Bool mask of the numbers below `count` that occur, where `among` is true; -3 to -1 are none.

    Block by block, to save memory.
    """
    mask = np.zeros(count + 3, bool)
    for block in iterate_blocks(len(numbers)):
        chosen = numbers[block].astype(np.intp)
        mask[chosen if among is None else chosen[among[block]]] = True
    return mask[:count]


def count_pairs(left: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The distinct pairs of two numbers from 0, ascending, and how often each of them occurs."""
    width = int(right.max(initial=0)) + 1
    keys = left.astype(np.int64) * width + right
    if len(keys) and int(keys.max()) <= DENSE * len(keys):
        counts = count_numbers(keys)
        pairs = np.flatnonzero(counts)
        return pairs // width, pairs % width, counts[pairs]
    pairs, times = np.unique(keys, return_counts=True)
    return pairs // width, pairs % width, times


def mark_firsts(numbers: np.ndarray) -> np.ndarray:
    """Bool mask of the first occurrence of each number."""
    mask = np.ones(len(numbers), bool)
    repeated = find_repeated(numbers)
    if not len(repeated):
        return mask
    mask[repeated] = False
    firsts = np.unique(numbers[repeated], return_index=True)[1]
    mask[repeated[firsts]] = True
    return mask


@lru_cache(maxsize=64)
def sample_positions(count: int, most: int) -> np.ndarray:
    """The positions of a sample of `count` rows or values: at most `most`, ascending, read-only."""
    sample = np.unique(np.arange(min(count, most)) * STRIDE % max(count, 1))
    sample.flags.writeable = False
    return sample
