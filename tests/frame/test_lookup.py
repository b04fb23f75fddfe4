"""Positions of values in other values, and ids that are numbers."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from validator.frame import lookup


def many(first: int, count: int = lookup.LEAST) -> list[str]:
    return [str(first + at) for at in range(count)]


@pytest.mark.parametrize("values", [many(300_000), [*many(300_000), "x"], ["7", "007", "", "7"]])
def test_positions_are_those_of_equal_texts(values: list[str]) -> None:
    among = [*values[1::2], "300001", "9", "0009"]
    expected = [among.index(value) if value in among else -1 for value in values]
    assert lookup.find_positions(pa.array(values), pa.array(among)).tolist() == expected


def test_ids_are_numbers_only_where_equal_numbers_are_equal_texts() -> None:
    assert lookup.parse_numbers(pa.array(many(300_000))) is not None
    for other in (
        "0300000",
        "30000",
        "-30000",
        "+30000",
        "30000x",
        "",
        "\u0663\u0663\u0663\u0663\u0663\u0663",
    ):
        assert lookup.parse_numbers(pa.array([*many(300_000), other])) is None
    assert lookup.parse_numbers(pa.array(["012"] * lookup.LEAST)) is None
    assert lookup.parse_numbers(pa.array(["7"] * (lookup.LEAST - 1))) is None


@pytest.mark.parametrize("apart", [1, 1 << 40])
def test_distinct_numbers_are_recognized(apart: int) -> None:
    numbers = np.arange(100) * apart
    assert lookup.are_distinct(numbers)
    assert not lookup.are_distinct(np.append(numbers, apart))
