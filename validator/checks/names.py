"""Names of people and classes: placeholders, stray characters, cut off."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from validator import reading, roster
from validator.model import Finding, Places, Table

ODD = r"[^\p{L}\p{M}\s.,'’`´ʻ‘()\p{Cc}\x{FFFD}-]"
"""What names do not hold; control characters and U+FFFD (what could not be read) are other rules'."""


def placeholder(people: Table, *, whole: list[str], either: list[str], last: list[str]) -> Finding:
    """People whose name says that it is none: the whole name, one of its parts, or the last name alone is on a list,
    or the name is digits only."""
    who = roster.people(people)
    first_name, last_name = roster.folded(people, "First_name"), roster.folded(people, "Last_name")
    digits = [column.spread(reading.matches(column.values, "^[0-9]+$")) for column in (first_name, last_name)]
    listed = _listed(first_name, either) | _listed(last_name, [*either, *last])
    parts = {tuple(name.casefold().split(" ", 1)) for name in whole if " " in name}
    for first, second in sorted(parts):
        listed |= _listed(first_name, [first]) & _listed(last_name, [second])
    found = who.first & (listed | digits[0] | digits[1])
    return Finding([roster.places(people, found, "Last_name")], of=who.count)


def _listed(names: roster.Coded, words: list[str]) -> np.ndarray:
    """Bool mask of the rows whose folded name is one of the words."""
    return names.spread(roster.found_among(names.values, reading.folded(pa.array(words, pa.string()))))


def odd_characters(people: Table, *, columns: list[str]) -> Finding:
    """People with a digit or symbol in a name; names of digits only are placeholders, not this."""
    who = roster.people(people)
    blocks, counted = [], np.zeros(len(people), bool)
    for column in columns:
        values = roster.coded(people, column)
        odd = reading.matches(values.values, ODD) & ~reading.matches(values.values, "^[0-9]+$") \
            & ~reading.matches(values.values, reading.HIDDEN)
        rows = who.first & values.spread(odd)
        blocks.append(roster.places(people, rows, column, counts=~counted[rows]))
        counted |= rows
    return Finding(blocks, of=who.count)


def truncated(*tables: Table | None, columns: list[str], lengths: list[int], least: int, times: int) -> Finding:
    """Columns whose longest value has exactly the length of a known SIS field, for many values; a row counts once.

    Many is at least `least` distinct values of that length and `times` as many as one character shorter. Every
    row with such a value is a place. An e-mail address that is whole was not cut off, whatever its length.
    """
    blocks: list[Places] = []
    for table in tables:
        for column in columns:
            if table is None or not table.has(column) or not len(table):
                continue
            values = roster.coded(table, column)
            size = np.asarray(pc.utf8_length(values.values).to_numpy(zero_copy_only=False))
            longest = int(size.max(initial=0))
            if longest not in lengths:
                continue
            cut = size == longest
            if column.endswith("_email"):
                cut &= ~reading.email_valid(values.values)
            if cut.sum() >= least and cut.sum() >= times * max(int((size == longest - 1).sum()), 1):
                rows = values.spread(cut)
                blocks.append(roster.places(table, rows, column, notes=f"cut off at {longest} characters"))
    return roster.by_row(blocks, tables)


def too_long(*tables: Table | None, columns: list[str], most: int) -> Finding:
    """Values of the columns with more than `most` characters; a row counts once."""
    blocks = []
    for table in tables:
        for column in columns:
            if table is None or not table.has(column) or not len(table):
                continue
            longest = pc.max(pc.binary_length(roster.texts(table, column))).as_py()  # bytes, at least as many
            if longest <= most:
                continue
            values = roster.coded(table, column)
            size = np.asarray(pc.utf8_length(values.values).to_numpy(zero_copy_only=False))
            rows = np.flatnonzero(values.spread(size > most))
            notes = [f"{length:,} characters" for length in size[values.codes[rows]].tolist()]
            blocks.append(roster.places(table, rows, column, notes=notes))
    return roster.by_row(blocks, tables)


def sections_named_alike(sections: Table, *, shown: list[str]) -> Finding:
    """Sections that show the same name, teacher and period as another one of their school and term.

    What is shown is the first column of `shown`; the second only where that is blank.
    """
    first, second = (roster.lowered(sections, column) for column in shown)
    named = ~first.blank | ~second.blank
    keys = roster.pairs(first, second) - np.where(first.blank, 0, second.codes)
    for column in ("Teacher_id", "Period", "School_id", "Term_name", "Term_start"):
        values = roster.coded(sections, column)
        keys = np.unique(keys, return_inverse=True)[1] * np.int64(len(values.values) + 1) + values.codes
    rows = np.flatnonzero(named & ~roster.coded(sections, "Teacher_id").blank)
    number, count = roster.numbered(keys[rows])
    twice = np.bincount(number, minlength=count)[number] > 1
    column = next((column for column in shown if sections.has(column)), shown[0])
    return Finding([roster.places(sections, rows[twice], column, groups=number[twice])], of=len(sections), groups=0)
