"""Positions of values in other values, and ids that are numbers."""

from __future__ import annotations

import pyarrow as pa
import pytest

from validator.frame import lookup


def many(first: int, count: int = lookup.LEAST) -> list[str]:
    return [str(first + at) for at in range(count)]


@pytest.mark.parametrize(
    "values",
    [
        many(300_000),
        [*many(300_000), "999999999999", "4"],
        [*many(300_000), "x"],
        ["7", "007", "", "7"],
    ],
)
def test_positions_are_those_of_equal_texts(values: list[str]) -> None:
    among = [*values[1::2], "300001", "9", "0009"]
    expected = [among.index(value) if value in among else -1 for value in values]
    assert lookup.find_positions(pa.array(values), pa.array(among)).tolist() == expected
    is_there = [place >= 0 for place in expected]
    assert lookup.is_among(pa.array(values), pa.array(among)).tolist() == is_there


@pytest.mark.parametrize("among", [[], [""], ["7", "007"]])
def test_few_values_are_among_few(among: list[str]) -> None:
    cells = pa.array(["7", "", None, "07"])
    wanted = pa.array(among, pa.string())
    is_there = lookup.find_positions(cells, wanted) >= 0
    assert lookup.is_among(cells, wanted).tolist() == is_there.tolist()


def test_ids_are_numbers_only_where_equal_numbers_are_equal_texts() -> None:
    assert lookup.parse_numbers(pa.array(many(300_000))) is not None
    for other in (
        "0300000",
        "-30000",
        "+30000",
        "30000x",
        "",
        "\u0663\u0663\u0663\u0663\u0663\u0663",
    ):
        assert lookup.parse_numbers(pa.array([*many(300_000), other])) is None
    assert lookup.parse_numbers(pa.array(["012"] * lookup.LEAST)) is None
    assert lookup.parse_numbers(pa.array(["7"] * (lookup.LEAST - 1))) is None


@pytest.mark.parametrize("form", ["{}", "u{}", "{}-4000-8000-0123456789ab", "José {}"])
def test_distinct_texts_of_one_length_are_recognized(form: str) -> None:
    texts = [form.format(number) for number in many(300_000)]
    assert lookup.are_surely_distinct(pa.array(texts))
    assert lookup.are_surely_distinct(pa.array(["x", *texts]).slice(1))
    assert not lookup.are_surely_distinct(pa.array([*texts, texts[7]]))
    assert not lookup.are_surely_distinct(pa.array([*texts, "another length"]))
    assert not lookup.are_surely_distinct(pa.array([""] * lookup.LEAST))
