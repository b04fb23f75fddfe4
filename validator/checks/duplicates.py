"""Students who are probably one child under two ids, spelled differently."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from rapidfuzz.distance import DamerauLevenshtein

from validator import frame
from validator.frame import values
from validator.model import Finding, Table

MOST_ALIKE = 12
"""Groups of one birth date and one name part larger than this are left alone: such a date is a filler."""


def spelled_differently(people: Table, *, date_column: str, edits: int) -> Finding:
    """Students with one birth date whose names differ only in spelling, under different ids; both count.

    Differing only in spelling: first and last name swapped; the same first name and last names within `edits` typing
    errors, or one of them part of the other (Garcia, Garcia Lopez); the same last name and one first name the beginning
    of the other (Jon, Jonathan). Twins bear different first names, so they are not found.
    """
    who = frame.group_people(people)
    first, last = (
        frame.encode_folded(people, "First_name"),
        frame.encode_folded(people, "Last_name"),
    )
    days = frame.parse_days(people, date_column)
    rows = np.flatnonzero(who.first & (days != values.NO_DAY) & ~first.blank & ~last.blank)
    day = days[rows].astype(np.int64) - days[rows].min(initial=0)
    names = (first.values.to_pylist(), last.values.to_pylist())
    found: set[tuple[int, int]] = set()
    found |= _alike(
        rows,
        day * len(first.values) + first.codes[rows],
        (last.codes[rows], names[1]),
        lambda one, two: _one_family(one, two, edits),
    )
    found |= _alike(
        rows, day * len(last.values) + last.codes[rows], (first.codes[rows], names[0]), _short_form
    )
    found |= _swapped(rows, day, (first, last), names)
    ids = frame.encode(people, people.key).codes
    pairs = sorted(pair for pair in found if ids[pair[0]] != ids[pair[1]])
    group = {row: number for number, pair in enumerate(pairs) for row in pair}
    placed = np.asarray(sorted(group), np.int64)
    numbers = np.asarray([group[int(row)] for row in placed], np.int32)
    return Finding(
        [frame.place_rows(people, placed, people.key, groups=numbers)], of=who.count, groups=0
    )


def _alike(
    rows: np.ndarray,
    keys: np.ndarray,
    texts: tuple[np.ndarray, list[str]],
    alike: Callable[[str, str], bool],
) -> set[tuple[int, int]]:
    """Pairs of rows with one key whose texts (code per row, text per code) are alike; equal texts are not asked.

    Every pair of different texts is judged once, however many rows have it.
    """
    order = frame.find_repeated(keys)
    order = order[np.argsort(keys[order], kind="stable")]
    ordered, codes = keys[order], texts[0][order].astype(np.int64)
    edges = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1]))[: len(ordered)]
    sizes = np.diff(np.append(edges, len(ordered)))
    few = np.repeat(sizes <= MOST_ALIKE, sizes)
    firsts, seconds = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for apart in range(1, MOST_ALIKE):
        one = np.flatnonzero(
            (ordered[apart:] == ordered[:-apart]) & (codes[apart:] != codes[:-apart]) & few[apart:]
        )
        firsts.append(one)
        seconds.append(one + apart)
    first, second = np.concatenate(firsts), np.concatenate(seconds)
    kinds, which = np.unique(codes[first] * len(texts[1]) + codes[second], return_inverse=True)
    judged = np.fromiter(
        (
            alike(texts[1][kind // len(texts[1])], texts[1][kind % len(texts[1])])
            for kind in kinds.tolist()
        ),
        bool,
        len(kinds),
    )
    found = np.flatnonzero(judged[which])
    return {
        (min(pair), max(pair))
        for pair in zip(
            rows[order[first[found]]].tolist(), rows[order[second[found]]].tolist(), strict=True
        )
    }


def _one_family(one: str, two: str, edits: int) -> bool:
    """Whether two last names are one with a typing error or one that lacks a part of the other."""
    if one == two:
        return False
    if set(one.split()) < set(two.split()) or set(two.split()) < set(one.split()):
        return True
    return min(len(one), len(two)) > 3 and DamerauLevenshtein.distance(one, two) <= edits


def _short_form(one: str, two: str) -> bool:
    """Whether one first name is the beginning of the other."""
    short, long = sorted((one, two), key=len)
    return len(short) >= 3 and short != long and long.startswith(short)


def _swapped(
    rows: np.ndarray,
    day: np.ndarray,
    parts: tuple[frame.Encoded, frame.Encoded],
    names: tuple[list[str], list[str]],
) -> set[tuple[int, int]]:
    """Pairs of rows with one date in which first and last name are swapped."""
    turned = frame.find_positions(parts[0].values, parts[1].values)
    back = frame.find_positions(parts[1].values, parts[0].values)
    candidates = np.flatnonzero(
        (turned[parts[0].codes[rows]] >= 0) & (back[parts[1].codes[rows]] >= 0)
    )
    by_name: dict[tuple[int, str, str], list[int]] = {}
    for at in candidates.tolist():
        row = int(rows[at])
        name = (names[0][parts[0].codes[row]], names[1][parts[1].codes[row]])
        by_name.setdefault((int(day[at]), *name), []).append(row)
    return {
        (min(one, two), max(one, two))
        for (date, given, family), members in by_name.items()
        if given != family
        for one in members
        for two in by_name.get((date, family, given), [])
    }
