"""One person under two ids, or in two files."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from validator import frame
from validator.checks.declaration import check
from validator.frame import values
from validator.frame.arrays import count_numbers, index_keys, repeat_each, sort_positions
from validator.model import Finding, Level, Table, dataclass

MOST_SIMILAR = 12
"""Larger groups with one birth date and one name part are skipped: such a date is a placeholder."""

DAYS = 200_000
"""More than the days between the first and the last year that dates are read in."""

Pairs = set[tuple[int, int]]  # row numbers, the smaller one first


@check()
def under_two_ids(people: Table, *, date_column: str, share: float, least: int) -> Finding:
    """Find people with the same folded name and birth date under different ids.

    The whole group counts.

    A date that `share` of all people, and at least `least`, have in common is not evidence.
    """
    who = frame.group_people(people)
    name = frame.encode_names(people)
    if name is None:
        return Finding([], of=who.count)
    days = frame.parse_days(people, date_column)
    first, last = (frame.encode(people, column) for column in ("First_name", "Last_name"))
    rows = np.flatnonzero(who.first & (days != values.NO_DAY) & ~first.blank & ~last.blank)
    date, count = frame.number_keys(days[rows])
    times = count_numbers(date, minlength=count)
    rows = rows[(times < max(least, share * who.count))[date]]
    keys = name.codes[rows].astype(np.int64) * DAYS + days[rows]
    repeated = frame.find_repeated(keys)
    rows, (group, _) = rows[repeated], frame.number_keys(keys[repeated])
    mixed = frame.mark_mixed(group, frame.encode(people, people.key).codes[rows])
    places = frame.place_rows(people, rows[mixed], people.key, groups=group[mixed])
    return Finding([places], of=who.count, groups=0)


@check()
def teachers_under_two_ids(people: Table, *, numbers: list[str], distinct: list[str]) -> Finding:
    """Find teachers with the same folded name under different ids at one school or with one
    number.

    The same school alone is advice. Two different values in a column of `distinct`, such as a
    middle name, are two people.
    """
    who, name = frame.group_people(people), frame.encode_names(people)
    if name is None:
        return Finding([], of=who.count, groups=0)
    first, last = (frame.encode(people, column) for column in ("First_name", "Last_name"))
    rows = np.flatnonzero(who.first & ~first.blank & ~last.blank)
    rows = rows[frame.find_repeated(name.codes[rows])]
    ids = frame.encode(people, people.key).codes
    by_school = _mark_together(people, rows, ["School_id"])
    by_number = _mark_together(people, rows, numbers)
    together = by_school | by_number
    apart = np.zeros(len(rows), bool)
    for column in distinct:
        values = frame.encode_folded(people, column)
        filled = np.flatnonzero(~values.blank[rows])
        codes = values.codes[rows[filled]]
        apart[filled] |= frame.mark_mixed(name.codes[rows[filled]], codes)
    together &= ~apart
    rows, by_number = rows[together], by_number[together]
    mixed = frame.mark_mixed(name.codes[rows], ids[rows])
    rows, by_number = rows[mixed], by_number[mixed]
    blocks = [
        frame.place_rows(people, rows[kept], people.key, groups=name.codes[rows[kept]], level=level)
        for kept, level in ((by_number, None), (~by_number, Level.ADVICE))
    ]
    return Finding([block for block in blocks if len(block)], of=who.count, groups=0)


def _mark_together(people: Table, rows: np.ndarray, columns: list[str]) -> np.ndarray:
    """Bool mask of the rows that share name and a value of some column with another id."""
    name, ids = frame.encode_names(people), frame.encode(people, people.key).codes
    together = np.zeros(len(rows), bool)
    if name is None:
        return together
    for column in columns:
        values = frame.encode(people, column)
        alone = -1 - np.arange(len(rows))
        keys = np.where(values.blank[rows], alone, frame.combine_codes(name, values)[rows])
        together |= frame.mark_mixed(frame.number_keys(keys)[0], ids[rows])
    return together


@check()
def in_both_files(
    people: Table, others: Table | None, *, column: str, other_column: str
) -> Finding:
    """People of the first table who are, by e-mail or by id and name, also in the second one."""
    who = frame.group_people(people)
    if others is None:
        return Finding([], of=who.count)
    emails = frame.encode_lower(people, column)
    known = frame.is_among(emails.values, frame.encode_lower(others, other_column).values)
    same = emails.broadcast(known) & ~emails.blank
    if frame.encode_names(people) is not None and frame.encode_names(others) is not None:
        same |= _mark_same_id_and_name(people, others)
    return Finding([frame.place_rows(people, same & who.first, people.key)], of=who.count)


def _mark_same_id_and_name(people: Table, others: Table) -> np.ndarray:
    """Bool mask of the people with the id and the last name of one of the others."""
    at = frame.locate_rows(people, people.key, others)
    own, other = (frame.encode_folded(table, "Last_name") for table in (people, others))
    position = frame.find_positions(other.values, own.values)
    same = np.zeros(len(people), bool)
    rows = np.flatnonzero(at >= 0)
    same[rows] = position[other.codes[at[rows]]] == own.codes[rows]
    return same


@check()
def spelled_differently(
    people: Table, *, date_column: str, gender_column: str, edits: int
) -> Finding:
    """Find students with one birth date and differently spelled names under different ids.

    Both count.

    Spelled differently: first and last name swapped; the same first name and last names within
    `edits` typing errors, or one of them part of the other (Garcia, Garcia Lopez); the same last
    name and one first name the beginning of the other (Jon, Jonathan). Twins have different first
    names, so they are not reported; nor are people of different genders (Shaun, Shauna).
    """
    who = frame.group_people(people)
    first, last = (
        _Name(column, column.values.to_pylist())
        for column in (
            frame.encode_folded(people, "First_name"),
            frame.encode_folded(people, "Last_name"),
        )
    )
    days = frame.parse_days(people, date_column)
    named = ~first.column.blank & ~last.column.blank
    rows = np.flatnonzero(who.first & (days != values.NO_DAY) & named)
    day = days[rows].astype(np.int64) - days[rows].min(initial=0)

    def are_one_family(left: str, right: str) -> bool:
        return _are_one_family(left, right, edits)

    pairs = _pair_similar(rows, _join(day, first, rows), last, are_similar=are_one_family)
    pairs |= _pair_similar(rows, _join(day, last, rows), first, are_similar=_is_short_form)
    pairs |= _pair_swapped(rows, day, first=first, last=last)
    ordered = _leave_out_others(sorted(pairs), people, gender_column)
    group = {row: number for number, pair in enumerate(ordered) for row in pair}
    reported = np.asarray(sorted(group), np.int64)
    numbers = np.asarray([group[row] for row in reported.tolist()], np.int32)
    places = frame.place_rows(people, reported, people.key, groups=numbers)
    return Finding([places], of=who.count, groups=0)


def _leave_out_others(
    pairs: list[tuple[int, int]], people: Table, gender_column: str
) -> list[tuple[int, int]]:
    """Leave out pairs of rows with one id, and of two people: their genders are known and differ.

    Only first letters are compared (F, Female), and a U is not known (U, Unknown, Unspecified).
    """
    ids = frame.encode(people, people.key).codes
    gender = frame.encode_folded(people, gender_column)
    letters = pc.utf8_slice_codeunits(gender.values, 0, 1)
    known = gender.broadcast(~frame.is_among(letters, pa.array(["", "u"])))
    letter = gender.broadcast(pc.dictionary_encode(letters).indices.to_numpy(zero_copy_only=False))
    return [
        (left, right)
        for left, right in pairs
        if ids[left] != ids[right]
        and not (known[left] and known[right] and letter[left] != letter[right])
    ]


@dataclass(frozen=True, eq=False)
class _Name:
    """A name column, folded, and the text of each of its codes."""

    column: frame.Encoded
    texts: list[str]


def _join(day: np.ndarray, name: _Name, rows: np.ndarray) -> np.ndarray:
    """Number rows by birth date and name, for the check of names spelled differently."""
    return np.asarray(day * len(name.texts) + name.column.codes[rows])


def _pair_similar(
    rows: np.ndarray, keys: np.ndarray, name: _Name, *, are_similar: Callable[[str, str], bool]
) -> Pairs:
    """Pairs of rows with the same key and different but similar names.

    Each pair of different names is compared once, however many rows have it.
    """
    order = sort_positions(keys)
    codes = name.column.codes[rows[order]].astype(np.int64)
    first, second = _pair_neighbors(keys[order], codes)
    width = len(name.texts)
    kinds, kind = index_keys(codes[first] * width + codes[second])
    similar = np.fromiter(
        (are_similar(name.texts[at // width], name.texts[at % width]) for at in kinds.tolist()),
        bool,
        len(kinds),
    )
    hits = np.flatnonzero(similar[kind])
    left, right = rows[order[first[hits]]].tolist(), rows[order[second[hits]]].tolist()
    return {(min(pair), max(pair)) for pair in zip(left, right, strict=True)}


def _pair_neighbors(keys: np.ndarray, codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pair neighbors for the check of duplicates: one key, different codes, except large groups.

    `keys` is in ascending order.
    """
    edges = np.flatnonzero(np.append(True, keys[1:] != keys[:-1]))[: len(keys)]
    sizes = np.diff(np.append(edges, len(keys)))
    small = repeat_each((sizes > 1) & (sizes <= MOST_SIMILAR), sizes)
    firsts, seconds = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    at = np.flatnonzero(small)
    for apart in range(1, MOST_SIMILAR):
        at = at[at < len(keys) - apart]
        at = at[keys[at] == keys[at + apart]]
        different = at[codes[at] != codes[at + apart]]
        firsts.append(different)
        seconds.append(different + apart)
    return np.concatenate(firsts), np.concatenate(seconds)


def _are_one_family(left: str, right: str, edits: int) -> bool:
    """Whether two last names are nearly the same, for the check of duplicates."""
    if set(left.split()) < set(right.split()) or set(right.split()) < set(left.split()):
        return True
    if min(len(left), len(right)) <= 3:
        return False
    from rapidfuzz.distance import DamerauLevenshtein  # slow to import, seldom needed

    return DamerauLevenshtein.distance(left, right) <= edits


def _is_short_form(left: str, right: str) -> bool:
    """Whether one first name is the beginning of the other, for the check of duplicate people."""
    short, long = sorted((left, right), key=len)
    return len(short) >= 3 and short != long and long.startswith(short)


def _pair_swapped(rows: np.ndarray, day: np.ndarray, *, first: _Name, last: _Name) -> Pairs:
    """Pairs of rows with one date in which first and last name are swapped."""
    is_last = frame.is_among(first.column.values, last.column.values)[first.column.codes[rows]]
    is_first = frame.is_among(last.column.values, first.column.values)[last.column.codes[rows]]
    by_name: dict[tuple[int, str, str], list[int]] = {}
    for at in np.flatnonzero(is_last & is_first).tolist():
        row = int(rows[at])
        given = first.texts[first.column.codes[row]]
        family = last.texts[last.column.codes[row]]
        by_name.setdefault((int(day[at]), given, family), []).append(row)
    pairs: Pairs = set()
    for (date, given, family), members in by_name.items():
        if given == family:
            continue
        swapped = by_name.get((date, family, given), [])
        pairs |= {(min(row, other), max(row, other)) for row in members for other in swapped}
    return pairs
