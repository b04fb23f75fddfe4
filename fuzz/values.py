"""Targets that read the values of a column: dates, grades, and texts of other kinds."""

from __future__ import annotations

from functools import cache
from typing import Any

import pyarrow as pa

from validator.frame import values as frame_values
from validator.frame.emails import get_domains, is_bad_email
from validator.rulebook import load


def dates(data: bytes) -> None:
    """Every value is a day inside the accepted years, or none; an ISO date reads as itself."""
    values = _values(data)
    parsed = frame_values.parse_dates(values)
    known = parsed.days != frame_values.NO_DAY
    assert not (parsed.invalid & known).any()
    for number in parsed.days[known].tolist():
        year = frame_values.convert_to_date(number).year
        assert frame_values.FIRST_YEAR <= year <= frame_values.LAST_YEAR
    for text, number in zip(values.to_pylist(), parsed.days.tolist(), strict=True):
        if len(text) == 10 and text[4] == text[7] == "-" and number != frame_values.NO_DAY:
            assert str(frame_values.convert_to_date(number)) == text


def cells(data: bytes) -> None:
    """E-mail addresses, domains, lists and folded names can be taken of any text."""
    values = _values(data)
    is_bad_email(values)
    get_domains(values)
    frame_values.split_lists(values)
    assert len(frame_values.fold(values)) == len(values)


def grades(data: bytes) -> None:
    """Every cell is a known grade, a blank or unknown."""
    known = load_grades()
    values = _values(data).to_pylist()
    for source in ("", "clever", "oneroster"):
        read = known.to_canonical(values, source=source)
        assert set(read) <= {*known.order, "", "?"}
    for value in values:
        several = known.parse_several(value)
        assert several in ([], ["?"]) or set(several) <= set(known.order)


def _values(data: bytes) -> pa.Array:
    return frame_values.trim(
        pa.array(data.decode("utf-8", errors="replace").split("\n"), pa.string())
    )


@cache
def load_grades() -> Any:
    """The grades that the program knows."""
    return load.load_vocabulary()[0]
