"""Dates, addresses and names, parsed from distinct values."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa
import pytest

from validator.frame import values
from validator.frame.emails import has_several_emails, is_bad_email, is_email, split_addresses


def parse(*texts: str) -> list[str | None]:
    days = values.parse_dates(pa.array(texts)).days
    return [
        None if day == values.NO_DAY else values.convert_to_date(day).isoformat() for day in days
    ]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2012-02-29", "2012-02-29"),
        ("20120229", "2012-02-29"),
        ("2/29/2012", "2012-02-29"),
        ("2/9/12 10:00 AM", "2012-02-09"),
        ("1/1/70", "1970-01-01"),
        ("40968", "2012-02-29"),
        ("2013-02-29", None),
        ("1/1/0012", None),
        ("soon", None),
        ("", None),
    ],
)
def test_one_date(text: str, day: str | None) -> None:
    assert parse(text) == [day]


def test_the_day_comes_first_only_if_the_column_says_so() -> None:
    assert parse("3/4/2012") == ["2012-03-04"]
    assert parse("3/4/2012", "25/12/2012") == ["2012-04-03", "2012-12-25"]


def test_a_column_may_mix_all_forms_of_dates() -> None:
    texts = ("", "2012-03-04", "20120305", "3/6/2012", "40975", "3/8/12", "soon")
    assert parse(*texts) == [parse(text)[0] for text in texts]
    assert parse(*texts[1:3], *texts[1:3]) == [parse(text)[0] for text in texts[1:3] * 2]


@pytest.mark.parametrize("texts", [["", "a", "", "é"], ["a", None, "", "b"], ["", "b", "c"]])
def test_blanks_and_letters_outside_ascii_are_seen_in_part_of_a_column(
    texts: list[str | None],
) -> None:
    for start in range(len(texts)):
        left = [text for text in texts[start:] if text is not None]
        cells = pa.array(texts).slice(start)
        blank = [text == "" for text in texts[start:]]
        assert values.is_blank(cells).tolist() == blank
        assert values.is_ascii(cells) == all(map(str.isascii, left))


def test_blanks_are_not_invalid_dates() -> None:
    dates = values.parse_dates(pa.array(["", "soon", "40968"]))
    assert dates.invalid.tolist() == [False, True, False]
    assert dates.serial.tolist() == [False, False, True]


def test_lists_are_split_into_trimmed_parts() -> None:
    cell, parts = values.split_lists(pa.array(["a, b", "", "c,,"]))
    assert (cell.tolist(), parts.to_pylist()) == ([0, 0, 2], ["a", "b", "c"])
    assert cell.dtype == np.intp


def test_several_addresses_are_not_one_invalid_address() -> None:
    cells = pa.array(["a@x.org", "a@x.org; B@x.org", "a@x.org;b", "a@@x.org", ""])
    assert is_email(cells).tolist() == [True, False, False, False, False]
    assert has_several_emails(cells).tolist() == [False, True, False, False, False]
    assert is_bad_email(cells).tolist() == [False, False, True, True, False]
    assert split_addresses(cells)[1:3] == [["a@x.org", "b@x.org"], []]


def test_day_numbers_round_trip() -> None:
    day = dt.date(2026, 11, 16)
    assert values.convert_to_date(values.number_day(day)) == day


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("Søren Øreflower", "soren oreflower"),
        ("Łucja", "lucja"),
        ("Đặng", "dang"),
        ("Þóra Æsir", "thora aesir"),
        ("Kuʻulei", "kuulei"),
        ("O‘Neil", "oneil"),
        ("Müller", "muller"),
        ("İpek Işık", "ipek isik"),
    ],
)
def test_letters_that_unicode_does_not_decompose_are_folded(name: str, folded: str) -> None:
    assert values.fold(pa.array([name])).to_pylist() == [folded]
