"""Words and signs for no value in raw files, which are read as blank: NULL, N/A, a dash."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from validator import frame
from validator.frame import values as frame_values
from validator.frame.arrays import count_numbers
from validator.model import Places, Table

DUMPED = ("\\n", "(null)", "<null>", "[null]", "<na>")
"""What dumps of databases write for no value; nobody has such a name. In lower case."""
WORDS = ("null", "nan", "nil", "undefined", "none", "n/a", "n.a.", "na", "#n/a", "#null!")
SIGNS = ("-", "--", "---", ".", "..", "?", "??")

NAMES = ("First_name", "Last_name", "Preferred_first_name", "Preferred_last_name", "Principal")
"""Names of people, among whom are children called Null and None."""
LEAST = 2
"""Cells with a word, of a column without a blank cell, from which it means blank; our measure."""


def find_placeholders(table: Table, column: str, ours: str) -> list[str]:
    """Return the words for no value in a raw column that is read as one of ours.

    They mean blank where a column has no blank cell, and one of them at least twice: what else
    would its rows without a value have? A column of names is searched only for those of dumps.
    """
    candidates = DUMPED if ours in NAMES else (*DUMPED, *WORDS, *SIGNS)

    def find() -> list[str]:
        if frame.encode(table, column).blank.any():
            return []
        encoded = frame.encode_raw(table, column)
        texts = frame_values.trim(encoded.values)
        wanted = pa.array(candidates, pa.string())
        hits = np.flatnonzero(frame.is_among(pc.utf8_lower(texts), wanted))
        counts = count_numbers(encoded.codes, minlength=len(texts))
        return [texts[at].as_py() for at in hits.tolist() if counts[at] >= LEAST]

    return frame.remember(table, ("placeholders", column, ours in NAMES), find)


def blank_placeholders(coded: frame.Encoded, words: Sequence[str]) -> frame.Encoded:
    """Return the cells of a raw column with the words for no value as blank."""

    def blank(values: pa.Array) -> pa.Array:
        is_word = frame.is_among(frame_values.trim(values), pa.array(words, pa.string()))
        return pc.if_else(pa.array(is_word), "", values)

    return frame.map_values(coded, blank)


def place_placeholders(table: Table, words: Sequence[str], *, name: str, ours: str) -> Places:
    """Return the place of a raw column whose words for no value a column map reads as blank.

    `name`: our table that it is read for; `ours`: our column.
    """
    return replace(Places.at_header(table, ours, notes=" and ".join(words)), table=name)
