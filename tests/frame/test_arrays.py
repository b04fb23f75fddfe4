"""Integer arrays: unique, repeated and frequent values, compared with plain Python."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from validator import frame
from validator.frame import arrays

ARRAYS = {
    "empty": [],
    "one": [7],
    "all equal": [3, 3, 3],
    "all distinct": [5, 1, 4, 2],
    "negative and large": [-1, 2**40, -1, 2**40 + 1, 0],
    "random": np.random.default_rng(1).integers(0, 500, 40_000).tolist(),
}


@pytest.mark.parametrize("numbers", ARRAYS.values(), ids=ARRAYS.keys())
def test_arrays_agree_with_plain_python(numbers: list[int]) -> None:
    keys, times = np.asarray(numbers, np.int64), Counter(numbers)
    assert frame.sort_unique(keys).tolist() == sorted(times)
    repeated = [at for at, number in enumerate(numbers) if times[number] > 1]
    assert frame.find_repeated(keys).tolist() == repeated
    frequent = sorted(number for number, count in times.items() if count >= 3)
    assert frame.find_frequent(keys, 3).tolist() == frequent
    firsts = [at == numbers.index(number) for at, number in enumerate(numbers[:500])]
    assert frame.mark_firsts(keys[:500]).tolist() == firsts


@pytest.mark.parametrize("numbers", ARRAYS.values(), ids=ARRAYS.keys())
def test_membership_agrees_with_plain_python(numbers: list[int]) -> None:
    few = np.asarray(sorted(set(numbers[::3])), np.int64)
    keys = np.asarray(numbers, np.int64)
    expected = [number in set(few.tolist()) for number in numbers]
    assert frame.mark_among(keys, few).tolist() == expected


def test_keys_are_numbered_in_ascending_order() -> None:
    number, count = frame.number_keys(np.asarray([30, 10, 30, 20]))
    assert (number.tolist(), count, number.dtype) == ([2, 0, 2, 1], 3, np.int32)


@pytest.mark.parametrize("size", [0, 1, 10, 5_000])
def test_repeated_pairs_are_those_of_a_sort(size: int) -> None:
    rng = np.random.default_rng(size)
    groups = rng.integers(0, max(size // 8, 1), size).astype(np.int32)
    values = rng.integers(0, 50, size).astype(np.int32)
    expected = arrays.find_repeated(groups.astype(np.int64) * 50 + values)
    assert arrays.find_repeated_pairs(groups, values).tolist() == expected.tolist()


def test_repeated_keys_are_found_among_many() -> None:
    keys = np.random.default_rng(1).integers(0, 1 << 40, 2 * arrays.MANY)
    keys[[5, 70_000]] = keys[9]
    assert arrays.find_repeated(keys).tolist() == [5, 9, 70_000]


@pytest.mark.parametrize("most", [10, 1 << 50])
def test_distinct_keys_are_indexed_in_ascending_order(most: int) -> None:
    keys = np.random.default_rng(1).integers(-most, most, 200)
    distinct, numbers = arrays.index_keys(keys)
    expected, inverse = np.unique(keys, return_inverse=True)
    assert distinct.tolist() == expected.tolist()
    assert numbers.tolist() == inverse.tolist()


@pytest.mark.parametrize("width", [3, 1 << 30])
def test_pairs_are_counted(width: int) -> None:
    left, right, times = arrays.count_pairs(np.asarray([1, 0, 1]), np.asarray([width, 2, width]))
    assert list(zip(left.tolist(), right.tolist(), times.tolist(), strict=True)) == [
        (0, 2, 1),
        (1, width, 2),
    ]


@pytest.mark.parametrize("least", [-(2**62), -5, 0])
def test_keys_are_sorted_and_numbered_as_by_numpy(least: int) -> None:
    rng = np.random.default_rng(1)
    for most in (least + 40, least + 300_000, 2**62):
        keys = rng.integers(least, most, arrays.MANY + 1)
        order = np.argsort(keys, kind="stable")
        assert np.array_equal(arrays.sort_positions(keys), order)
        distinct, numbers = np.unique(keys, return_inverse=True)
        assert np.array_equal(arrays.index_keys(keys)[0], distinct)
        assert np.array_equal(arrays.index_keys(keys)[1], numbers)
        times = np.bincount(numbers)[numbers]
        assert np.array_equal(arrays.find_repeated(keys), np.flatnonzero(times > 1))


def test_numbers_are_marked_unless_negative() -> None:
    numbers = np.array([2, -1, 0, -3, 2], np.int32)
    assert arrays.mark_numbers(numbers, 4).tolist() == [True, False, True, False]
    among = np.array([True, True, False, True, False])
    assert arrays.mark_numbers(numbers, 4, among).tolist() == [False, False, True, False]


@pytest.mark.parametrize("count", [0, 3, arrays.MANY, arrays.MANY + 1])
@pytest.mark.parametrize("kind", [bool, np.int16, np.int64])
def test_entries_are_looked_up_in_blocks_as_in_one_go(count: int, kind: type) -> None:
    numbers = (np.arange(count) % 7).astype(np.int32)
    entries = np.asarray([0, 1, 0, 1, 1, 0, 0]).astype(kind)
    looked_up = arrays.look_up(entries, numbers)
    assert np.array_equal(looked_up, entries[numbers])
    assert looked_up.dtype == entries.dtype
