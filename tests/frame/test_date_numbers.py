"""The numbers of dates, read from bytes as Python's patterns read them."""

from __future__ import annotations

import random
import re

import pyarrow as pa
import pytest

from validator.frame.date_numbers import read_numbers

CLOCK = r"([T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?( ?[AP]M)?(Z|[+-][0-9:]+)?)?"
YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})" + CLOCK, re.ASCII | re.I)
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})" + CLOCK, re.ASCII | re.I)

NUMBERS = ("1", "12", "99", "2012", "20120304", "")
MARKS = ("-", "/", ".", "", "é")
CLOCKS = ("", "", "", " 1:00", "T12:30:11Z", " 12:30 PM", " Ann")


def make_text(chance: random.Random) -> str:
    """Return three numbers with marks between them, often a date."""
    parts = (NUMBERS, MARKS, NUMBERS, MARKS, NUMBERS, CLOCKS)
    return "".join(chance.choice(part) for part in parts)


@pytest.mark.parametrize("seed", range(4))
def test_numbers_of_dates_are_those_that_a_pattern_finds(seed: int) -> None:
    chance = random.Random(seed)
    texts = [make_text(chance) for _ in range(2_000)]
    values = pa.array(["left out", *texts], pa.string()).slice(1)
    read = read_numbers(values)
    for at, text in enumerate(texts):
        first = YEAR_FIRST.fullmatch(text) or COMPACT.fullmatch(text)
        last = YEAR_LAST.fullmatch(text)
        match = first or last
        assert read.year_first[at] == bool(first), text
        assert read.year_last[at] == bool(last), text
        assert read.numbers[:, at].tolist() == [int(match[n]) if match else 0 for n in (1, 2, 3)]
        assert read.short[at] == bool(last and len(last[3]) == 2), text
    assert read.year_first.sum() > 20 and read.year_last.sum() > 20
