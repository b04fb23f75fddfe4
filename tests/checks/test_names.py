"""Odd characters of names, found without the pattern of all letters where that is possible."""

from __future__ import annotations

import pyarrow as pa

from validator.checks import names
from validator.frame.values import match_pattern


def test_odd_characters_are_those_of_the_pattern() -> None:
    letters = [chr(code) for code in (*range(0x260), 0x301, 0x661, 0x2019, 0x6F22, 0x200B, 0xFFFD)]
    cells = ["", "Freya", "Odo 2", "José", *letters, *(f"José{letter}" for letter in letters)]
    for start in (0, 3):
        values = pa.array(cells).slice(start)
        expected = match_pattern(values, names.ODD)
        assert names._mark_odd(values).tolist() == expected.tolist()
