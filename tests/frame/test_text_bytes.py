"""Bytes of texts: quick tests give what patterns give, on few and on many values."""

from __future__ import annotations

import random

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from validator.frame import emails, text_bytes, values
from validator.text import BLANKS

PARTS = ["a", "B", "0", ".", "@", "_", "-", "'", " ", "+", "/", "é", "\u00a0", "@oak.example"]


def made_up(seed: int, *, count: int = 3_000) -> pa.Array:
    rng = random.Random(seed)
    parts = PARTS if seed % 2 else [part for part in PARTS if part.isascii()]
    texts = ["".join(rng.choices(parts, k=rng.randrange(8))) for _ in range(count)]
    return pa.array(["x", *texts], pa.string()).slice(1)


@pytest.mark.parametrize("seed", range(4))
def test_texts_are_trimmed_lowered_and_cut_as_by_arrow(seed: int) -> None:
    texts = made_up(seed)
    assert values.trim(texts).equals(pc.utf8_trim(texts, characters=BLANKS))
    assert values.lower(texts).equals(pc.utf8_lower(texts))
    local = [text.partition("@")[0] for text in texts.to_pylist()]
    assert emails.get_local_parts(texts).to_pylist() == local
    letters = ["".join(filter(str.isalpha, text)) for text in local]
    assert emails.get_local_letters(texts).to_pylist() == letters


@pytest.mark.parametrize("seed", range(4))
def test_usual_addresses_are_those_that_the_pattern_matches(seed: int) -> None:
    texts = made_up(seed)
    pattern = emails.ASCII_EMAIL if values.is_ascii(texts) else emails.EMAIL
    few = [emails.is_email(pa.array([text]))[0] for text in texts.to_pylist()[:300]]
    assert emails.is_email(texts).tolist()[:300] == few
    assert not (emails.is_email(texts) & ~values.match_pattern(texts, pattern)).any()


def test_bytes_are_counted_and_located_per_value() -> None:
    texts = pa.array(["", "a@b", "@@", "none", "x@"])
    count, first = text_bytes.find_byte(texts, "@")
    assert count.tolist() == [0, 1, 2, 0, 1]
    assert first.tolist() == [0, 1, 3, 9, 10]
    starts = text_bytes.mark_starts(texts, {"a@", "no"})
    assert starts.tolist() == [False, True, False, True, False]


def test_a_column_of_dates_in_all_forms_is_read_value_by_value() -> None:
    texts = [
        "2012-03-04",
        "20120304",
        "3/4/2012",
        "3-4-12",
        "40972",
        "",
        "none",
        "1/é",
        "4/31/2012",
    ]
    together = values.parse_dates(pa.array(texts))
    alone = [values.parse_dates(pa.array([text])) for text in texts]
    assert together.days.tolist() == [each.days[0] for each in alone]
    assert together.invalid.tolist() == [each.invalid[0] for each in alone]
    assert together.serial.tolist() == [each.serial[0] for each in alone]
    assert together.slashed == sum(each.slashed for each in alone) == 3
