"""Names of people: placeholders, stray characters, and values that are cut off or too long."""

from __future__ import annotations

import re
import string
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from validator import frame
from validator.checks.declaration import check
from validator.frame.emails import is_email
from validator.frame.text_bytes import mark_with
from validator.frame.values import fold, is_blank, match_pattern
from validator.model import Finding, Pattern, Places, Table
from validator.text import UNTYPED

ODD = r"[^\p{L}\p{M}\s.,'’`´ʻ‘()\p{Cc}\x{FFFD}-]"
"""Characters that names do not have; control characters and U+FFFD have separate rules."""

IS_ODD = np.zeros(256, bool)
IS_ODD[[code for code in range(ord(" "), 127) if not re.match(r"[A-Za-z .,'`()-]", chr(code))]] = 1
"""The ASCII characters among them."""

IS_NO_DIGIT = ~np.isin(np.arange(256), list(b"0123456789"))
IS_ALPHANUMERIC = np.isin(np.arange(256), list((string.ascii_letters + string.digits).encode()))

NAMES = ("First_name", "Last_name")

LATIN = r"^[A-Za-zÀ-ÖØ-öø-ɏ\s.,'’`´ʻ‘()-]*$"
"""Names without such characters in the letters of Western and Central Europe."""

NO_LETTER = r"^[.,'’`´ʻ‘()\s-]+$"
"""A dot or a hyphen in place of a name."""


WHOLE_NAME = r"\p{L}.*[, ].*\p{L}"
"""Two words, with a comma or a blank between them."""


@check()
def placeholder(
    people: Table, *, whole: list[str], either: list[str], last: list[str], marks: Pattern
) -> Finding:
    """Find people with a placeholder for a name, whose records are to be left out.

    The whole name, one of its parts, or the last name alone is on a list, a part is digits only, or
    a part as written matches `marks`: `Larkspur_dupe`, `Hale DO NOT USE`.
    """
    who = frame.group_people(people)
    first_name, last_name = (frame.encode_folded(people, column) for column in NAMES)
    matches = _has_word(first_name, either) | _has_word(last_name, [*either, *last])
    for name in (first_name, last_name):
        matches |= name.broadcast(_mark_numbers(name.values))
    for rows in _match_names(people, marks):
        matches |= rows
    matches |= _mark_whole(first_name, last_name, [name for name in whole if " " in name])
    rows = np.flatnonzero(matches)
    counts = frame.mark_firsts(who.number[rows])
    places = frame.place_rows(people, rows, "Last_name", counts=counts)
    return Finding([places], of=who.count, set_aside=True)


def _match_names(people: Table, pattern: str) -> list[np.ndarray]:
    """Bool masks of the rows whose first, and whose last, name as written matches a pattern.

    A pattern takes longer to compile than a few names to match: both columns are matched at once.
    """
    names = [frame.encode(people, column) for column in NAMES]
    matched = match_pattern(pa.concat_arrays([each.values for each in names]), pattern)
    split = np.split(matched, [len(names[0].values)])
    return [each.broadcast(mask) for each, mask in zip(names, split, strict=True)]


def _mark_numbers(names: pa.Array) -> np.ndarray:
    """Bool mask, for the checks of names, of the distinct names that are digits only."""
    return np.asarray(~is_blank(names) & ~mark_with(names, IS_NO_DIGIT))


def _has_word(names: frame.Encoded, words: list[str]) -> np.ndarray:
    """Bool mask, for the checks of names, of the rows whose folded name is one of the words."""
    return names.broadcast(frame.is_among(names.values, _fold_words(tuple(words))))


@cache
def _fold_words(words: tuple[str, ...]) -> pa.Array:
    """Fold the words of a setting, for the checks of names; a run asks for them many times."""
    return fold(pa.array(words, pa.string()))


def _mark_whole(first: frame.Encoded, last: frame.Encoded, names: list[str]) -> np.ndarray:
    """Bool mask, for the checks of names, of the rows with one of these whole names."""
    parts = [name.casefold().split(" ", 1) for name in names]
    given = list(dict.fromkeys(part[0] for part in parts))
    family = list(dict.fromkeys(part[1] for part in parts))
    is_listed = np.zeros((len(given) + 1, len(family) + 1), bool)  # the last is of other names
    for part in parts:
        is_listed[given.index(part[0]), family.index(part[1])] = True
    at_given = _find_words(first, given)
    if not (at_given >= 0).any():
        return np.zeros(len(at_given), bool)
    return np.asarray(is_listed[at_given, _find_words(last, family)])


def _find_words(names: frame.Encoded, words: list[str]) -> np.ndarray:
    """Return the place in the words of each row's folded name, -1 for another name."""
    known = _fold_words(tuple(words))
    return np.asarray(frame.find_positions(names.values, known)[names.codes])


@check()
def odd_characters(people: Table, *, columns: list[str], fillers: list[str]) -> Finding:
    """People with a digit or symbol in a name, with no letter in it, or a filler for a lacking one.

    Names of digits only are placeholders.
    """
    who = frame.group_people(people)
    blocks = []
    for column in columns:
        names = frame.encode(people, column)
        odd = _mark_odd(names.values) | _mark_without_letter(names.values)
        odd &= ~_mark_numbers(names.values)
        if odd.any():
            odd &= ~match_pattern(names.values, UNTYPED)
        rows = names.broadcast(odd) | _has_word(frame.encode_folded(people, column), fillers)
        blocks.append(frame.place_rows(people, who.first & rows, column))
    return Finding(frame.count_once(blocks), of=who.count)


def _mark_without_letter(names: pa.Array) -> np.ndarray:
    """Bool mask, for the checks of names, of the distinct names such as a dot or a hyphen."""
    mask = np.asarray(~is_blank(names) & ~mark_with(names, IS_ALPHANUMERIC))
    if mask.any():
        mask &= match_pattern(names, NO_LETTER)
    return mask


def _mark_odd(names: pa.Array) -> np.ndarray:
    """Bool mask, for the checks of names, of the distinct names with odd characters.

    The pattern of all letters takes a millisecond to compile, so only a few names are matched.
    """
    odd = mark_with(names, IS_ODD)
    others = np.flatnonzero(~odd & mark_with(names, np.arange(256) > 127))
    if len(others):
        others = others[~match_pattern(names.take(pa.array(others)), LATIN)]
    if len(others):
        odd[others] = match_pattern(names.take(pa.array(others)), ODD)
    return odd


@check()
def lost(people: Table, *, markers: Pattern, share: float, least: int) -> Finding:
    """People whose names the export lost: a marker such as NULL, #REF! or ???? is there instead.

    In one of the two names it counts where more than `share` of at least `least` people have one
    there: a child may be called Null.
    """
    who = frame.group_people(people)
    marked = [rows & who.first for rows in _match_names(people, markers)]
    both = np.logical_and(*marked)
    blocks = []
    for column, rows in zip(NAMES, marked, strict=True):
        is_most = who.count >= least and rows.sum() > share * who.count
        blocks.append(frame.place_rows(people, rows if is_most else both, column))
    return Finding(frame.count_once(blocks), of=who.count)


@check()
def whole_in_both(people: Table) -> Finding:
    """Find people with the whole name in both name columns, such as `Copperpot, Freya` twice."""
    who = frame.group_people(people)
    first, last = (frame.encode_folded(people, column) for column in NAMES)
    equal = frame.find_positions(first.values, last.values)[first.codes] == last.codes
    rows = np.flatnonzero(who.first & equal)
    if len(rows):
        written = frame.encode(people, "First_name")
        is_whole = match_pattern(written.values, WHOLE_NAME)
        rows = rows[is_whole[written.codes[rows]]]
    return Finding([frame.place_rows(people, rows, "First_name")], of=who.count)


@check()
def few_values(people: Table, *, columns: list[str], least: int, most: int) -> Finding:
    """Find name columns with at most `most` different names for at least `least` people."""
    blocks = []
    for column in columns:
        names = frame.encode_folded(people, column)
        is_filled = frame.group_people(people).first & ~names.blank
        filled, used = int(is_filled.sum()), np.unique(names.codes[is_filled])
        if filled >= least and len(used) <= most:
            note = f"{len(used)} different for {filled:,} people"
            blocks.append(Places.at_header(people, column, notes=note))
    return Finding(blocks, of=len(columns))


@check()
def truncated(
    *tables: Table | None, columns: list[str], lengths: list[int], least: int, times: int
) -> Finding:
    """Find columns with many values as long as a known SIS field allows, and none longer.

    Many is at least `least` distinct values of that length, and `times` as many as are one
    character shorter. Each row with such a value is a place and counts once. A valid e-mail address
    was not cut off, whatever its length.
    """
    blocks: list[Places] = []
    for table, column in _list_columns(tables, columns):
        values = frame.encode(table, column)
        size = _count_characters(values.values)
        longest = int(size.max(initial=0))
        if longest not in lengths:
            continue
        cut = size == longest
        if column.endswith("_email"):
            cut &= ~is_email(values.values)
        shorter = int((size == longest - 1).sum())
        if cut.sum() >= max(least, times * max(shorter, 1)):
            notes = f"cut off at {longest} characters"
            blocks.append(frame.place_rows(table, values.broadcast(cut), column, notes=notes))
    return frame.count_rows_once(blocks, tables)


@check()
def too_long(*tables: Table | None, columns: list[str], most: int) -> Finding:
    """Find values of the columns with more than `most` characters; a row counts once."""
    blocks = []
    for table, column in _list_columns(tables, columns):
        longest = pc.max(pc.binary_length(frame.get_values(table, column))).as_py()
        if longest <= most:  # in bytes, which are at least as many as characters
            continue
        values = frame.encode(table, column)
        size = _count_characters(values.values)
        rows = np.flatnonzero(values.broadcast(size > most))
        notes = [f"{length:,} characters" for length in size[values.codes[rows]].tolist()]
        blocks.append(frame.place_rows(table, rows, column, notes=notes))
    return frame.count_rows_once(blocks, tables)


def _list_columns(tables: tuple[Table | None, ...], columns: list[str]) -> list[tuple[Table, str]]:
    """List the columns of names that a check reads, of every table that has them, and rows."""
    return [
        (table, column)
        for table in tables
        if table is not None and len(table)
        for column in columns
        if table.has(column)
    ]


def _count_characters(values: pa.Array) -> np.ndarray:
    """Count the characters of names, for the checks of cut-off and too long ones."""
    return np.asarray(pc.utf8_length(values).to_numpy(zero_copy_only=False))
