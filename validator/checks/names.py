"""Names of people and classes: placeholders, stray characters, cut off."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from validator import frame
from validator.frame.values import HIDDEN, fold, is_email, match_pattern
from validator.model import Finding, Places, Table

ODD = r"[^\p{L}\p{M}\s.,'’`´ʻ‘()\p{Cc}\x{FFFD}-]"
"""What names do not hold; control characters and U+FFFD (what could not be read) are other rules'."""


def placeholder(people: Table, *, whole: list[str], either: list[str], last: list[str]) -> Finding:
    """People whose name says that it is none: the whole name, one of its parts, or the last name alone is on a list,
    or the name is digits only."""
    who = frame.group_people(people)
    first_name, last_name = (
        frame.encode_folded(people, "First_name"),
        frame.encode_folded(people, "Last_name"),
    )
    digits = [
        column.broadcast(match_pattern(column.values, "^[0-9]+$"))
        for column in (first_name, last_name)
    ]
    listed = _listed(first_name, either) | _listed(last_name, [*either, *last])
    parts = {tuple(name.casefold().split(" ", 1)) for name in whole if " " in name}
    for first, second in sorted(parts):
        listed |= _listed(first_name, [first]) & _listed(last_name, [second])
    found = who.first & (listed | digits[0] | digits[1])
    return Finding([frame.place_rows(people, found, "Last_name")], of=who.count)


def _listed(names: frame.Encoded, words: list[str]) -> np.ndarray:
    """Bool mask of the rows whose folded name is one of the words."""
    return names.broadcast(frame.is_among(names.values, fold(pa.array(words, pa.string()))))


def odd_characters(people: Table, *, columns: list[str]) -> Finding:
    """People with a digit or symbol in a name; names of digits only are placeholders, not this."""
    who = frame.group_people(people)
    blocks, counted = [], np.zeros(len(people), bool)
    for column in columns:
        values = frame.encode(people, column)
        odd = (
            match_pattern(values.values, ODD)
            & ~match_pattern(values.values, "^[0-9]+$")
            & ~match_pattern(values.values, HIDDEN)
        )
        rows = who.first & values.broadcast(odd)
        blocks.append(frame.place_rows(people, rows, column, counts=~counted[rows]))
        counted |= rows
    return Finding(blocks, of=who.count)


def truncated(
    *tables: Table | None, columns: list[str], lengths: list[int], least: int, times: int
) -> Finding:
    """Columns whose longest value has exactly the length of a known SIS field, for many values; a row counts once.

    Many is at least `least` distinct values of that length and `times` as many as one character shorter. Every
    row with such a value is a place. An e-mail address that is whole was not cut off, whatever its length.
    """
    blocks: list[Places] = []
    for table in tables:
        for column in columns:
            if table is None or not table.has(column) or not len(table):
                continue
            values = frame.encode(table, column)
            size = np.asarray(pc.utf8_length(values.values).to_numpy(zero_copy_only=False))
            longest = int(size.max(initial=0))
            if longest not in lengths:
                continue
            cut = size == longest
            if column.endswith("_email"):
                cut &= ~is_email(values.values)
            if cut.sum() >= least and cut.sum() >= times * max(int((size == longest - 1).sum()), 1):
                rows = values.broadcast(cut)
                blocks.append(
                    frame.place_rows(table, rows, column, notes=f"cut off at {longest} characters")
                )
    return frame.count_rows_once(blocks, tables)


def too_long(*tables: Table | None, columns: list[str], most: int) -> Finding:
    """Values of the columns with more than `most` characters; a row counts once."""
    blocks = []
    for table in tables:
        for column in columns:
            if table is None or not table.has(column) or not len(table):
                continue
            longest = pc.max(
                pc.binary_length(frame.get_values(table, column))
            ).as_py()  # bytes, at least as many
            if longest <= most:
                continue
            values = frame.encode(table, column)
            size = np.asarray(pc.utf8_length(values.values).to_numpy(zero_copy_only=False))
            rows = np.flatnonzero(values.broadcast(size > most))
            notes = [f"{length:,} characters" for length in size[values.codes[rows]].tolist()]
            blocks.append(frame.place_rows(table, rows, column, notes=notes))
    return frame.count_rows_once(blocks, tables)


def sections_named_alike(sections: Table, *, shown: list[str]) -> Finding:
    """Sections that show the same name, teacher and period as another one of their school and term.

    What is shown is the first column of `shown`; the second only where that is blank.
    """
    first, second = (frame.encode_lower(sections, column) for column in shown)
    named = ~first.blank | ~second.blank
    keys = frame.combine_codes(first, second) - np.where(first.blank, 0, second.codes)
    for column in ("Teacher_id", "Period", "School_id", "Term_name", "Term_start"):
        values = frame.encode(sections, column)
        keys = (
            np.unique(keys, return_inverse=True)[1] * np.int64(len(values.values) + 1)
            + values.codes
        )
    rows = np.flatnonzero(named & ~frame.encode(sections, "Teacher_id").blank)
    number, count = frame.number_keys(keys[rows])
    twice = np.bincount(number, minlength=count)[number] > 1
    column = next((column for column in shown if sections.has(column)), shown[0])
    return Finding(
        [frame.place_rows(sections, rows[twice], column, groups=number[twice])],
        of=len(sections),
        groups=0,
    )
