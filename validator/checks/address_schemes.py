"""E-mail addresses built by one scheme from people's names: swapped, and unlike the name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from validator import frame
from validator.checks.address_owners import MASS, find_owners, number_exchanges
from validator.checks.declaration import check
from validator.frame import values as frame_values
from validator.frame.emails import is_email
from validator.model import Finding, Table

FIRST = ("First_name", "Preferred_first_name")

SAMPLE = 1000
"""People on whom the scheme of the addresses is tried before everybody is compared."""

SLACK = 0.1
"""How much smaller the share may be among the sample than among everybody."""

STRIDE = 7919
"""Distance between the people of the sample: a prime number, to meet no pattern of the file."""

SHORTEST = 3
"""Letters of a name that an address must hold to be like it; shorter names are not compared."""

WHOLE = 1 << 10
"""More letters than a name has."""

LONG = 5
"""Letters of an address that can be compared with everybody's names."""


@dataclass(frozen=True)
class _Scheme:
    """How addresses are made of names, without separators.

    `parts`: first and last name, in the order of the address, each with the number of its letters
    that are used. `length`: the number of letters of the whole that are used.
    """

    parts: tuple[tuple[str, int], ...]
    length: int = WHOLE


def _list_pairs(firsts: Sequence[int], lasts: Sequence[int]) -> Iterator[_Scheme]:
    """Yield the schemes that the checks of addresses try: both names, in both orders."""
    for first, last in product(firsts, lasts):
        yield _Scheme((("first", first), ("last", last)))
        yield _Scheme((("last", last), ("first", first)))


SCHEMES = (
    *_list_pairs((WHOLE, 1), (WHOLE,)),
    *_list_pairs((WHOLE,), (1,)),
    _Scheme((("last", WHOLE),)),
    _Scheme((("first", WHOLE),)),
)
"""The schemes of whole names and first letters."""

WHOLE_SCHEMES = SCHEMES[:6]
"""Those of both names."""

SHORTENED = (
    *(
        _Scheme(scheme.parts, length)
        for scheme in SCHEMES[:6]
        for length in (6, 7, 8, 9, 10, 12, 15, 16, 18, 20)
    ),
    *_list_pairs((WHOLE, 1, 2, 3, 4, 5, 6), (1, 2, 3, 4, 5, 6, 7, 8)),
    *_list_pairs((2, 3, 4, 5, 6), (WHOLE,)),
)
"""Schemes that cut names off, as directories with a limit do; tried where no other fits."""


@dataclass(frozen=True, eq=False)
class _People:
    """People with an address and both names: row, part before the @, and names, letters only.

    `firsts`, `lasts`: variants of the names, each with an entry per row.
    """

    rows: np.ndarray
    local: pa.Array
    firsts: list[pa.Array]
    lasts: list[pa.Array]

    def take(self, at: np.ndarray) -> _People:
        """Take some of the people by position, for the checks of address schemes."""
        chosen = pa.array(at)
        return _People(
            self.rows[at],
            self.local.take(chosen),
            [names.take(chosen) for names in self.firsts],
            [names.take(chosen) for names in self.lasts],
        )


@dataclass(frozen=True, eq=False)
class _Misfits:
    """People whose address does not follow the scheme that at least nine in ten follow.

    `people`: those who do not. `wanted`: per person the addresses that the scheme would give.
    `taken`: the addresses, before the @, of those who do.
    """

    people: _People
    wanted: list[set[str]]
    taken: pa.Array


def _find_named(people: Table, column: str) -> np.ndarray:
    """The first row of each person with a valid address and both names."""
    who = frame.group_people(people)
    emails = frame.encode_lower(people, column)
    valid = emails.broadcast(frame.judge_values(people, column, is_email))
    named = ~frame.encode(people, "First_name").blank & ~frame.encode(people, "Last_name").blank
    return np.flatnonzero(who.first & valid & named)


def _list_people(people: Table, column: str, rows: np.ndarray) -> _People:
    """The people on some rows, each with a valid address and both names."""
    emails = frame.encode_lower(people, column)
    texts = emails.values.take(pa.array(emails.codes[rows]))
    before = pc.replace_substring_regex(texts, pattern="@.*", replacement="")
    local = frame_values.keep_letters(before)
    lasts = [
        _spell(people, "Last_name", rows, removed=pattern)
        for pattern in ("", r"[ -].*$", r"^.*[ -]")
    ]
    firsts = [
        _spell(people, name, rows, removed=pattern)
        for name in FIRST
        if people.has(name)
        for pattern in ("", r"[ -].*$")
    ]
    return _People(rows, local, firsts, lasts)


def _spell(people: Table, column: str, rows: np.ndarray, *, removed: str) -> pa.Array:
    """Spell names in plain letters without what `removed` matches, for the checks of addresses."""
    names = frame.encode_folded(people, column)
    texts = names.values
    if removed:
        texts = pc.replace_substring_regex(texts, pattern=removed, replacement="")
    return frame_values.keep_letters(texts).take(pa.array(names.codes[rows]))


def _build(scheme: _Scheme, first: pa.Array, last: pa.Array) -> pa.Array:
    """Per person the part before the @ that the scheme gives."""
    names = {"first": first, "last": last}
    parts = [_cut(names[name], letters) for name, letters in scheme.parts]
    return _cut(pc.binary_join_element_wise(*parts, ""), scheme.length)


def _cut(texts: pa.Array, length: int) -> pa.Array:
    """Cut names to a length, for the checks of address schemes."""
    return texts if length == WHOLE else pc.utf8_slice_codeunits(texts, 0, length)


def _choose_scheme(sample: _People, share: float) -> _Scheme | None:
    """The scheme that most of the sample follow, None where fewer than `share` follow one."""
    for schemes in (SCHEMES, SHORTENED):
        best = max(schemes, key=lambda scheme: int(_fits(sample, scheme).sum()))
        if _fits(sample, best).mean() >= share:
            return best
    return None


def _fits(people: _People, scheme: _Scheme) -> np.ndarray:
    """Bool mask of the people whose address follows the scheme with some variant of their names."""
    fits = np.zeros(len(people.rows), bool)
    for first in people.firsts:
        for last in people.lasts:
            same = pc.equal(_build(scheme, first, last), people.local)
            fits |= np.asarray(same.to_numpy(zero_copy_only=False), bool)
    return fits


def _find_misfits(people: Table, column: str, *, share: float, least: int) -> _Misfits | None:
    """Who departs from the scheme of the addresses; None where fewer than `share` follow one."""

    def compute() -> _Misfits | None:
        rows = _find_named(people, column)
        count = len(rows)
        if count < least:
            return None
        chosen = np.unique(np.arange(min(count, SAMPLE)) * STRIDE % count)
        sample = _list_people(people, column, rows[chosen])
        best = _choose_scheme(sample, share - SLACK)
        if best is None:
            return None
        everybody = _list_people(people, column, rows)
        fits = _fits(everybody, best)
        if fits.mean() < share:
            return None
        others = everybody.take(np.flatnonzero(~fits))
        return _Misfits(others, _list_wanted(others, best), everybody.local.filter(pa.array(fits)))

    return frame.remember(people, ("misfits", column, share, least), compute)


def _find_moved(people: Table, column: str, *, share: float, least: int) -> _Misfits | None:
    """Who has an address that fits another person's name, where most addresses do.

    None where fewer than `share` of the addresses fit anybody by one scheme of both names.
    """
    rows = _find_named(people, column)
    count = len(rows)
    if count < least:
        return None
    chosen = np.unique(np.arange(min(count, SAMPLE)) * STRIDE % count)
    local = _list_people(people, column, rows[chosen]).local
    is_long = pc.greater_equal(pc.utf8_length(local), LONG)
    if np.mean(is_long.to_numpy(zero_copy_only=False)) < share - SLACK:
        return None
    first = _spell(people, FIRST[0], rows, removed="")
    last = _spell(people, "Last_name", rows, removed="")

    def measure(scheme: _Scheme) -> float:
        return float(np.mean(frame.is_among(local, pc.unique(_build(scheme, first, last)))))

    best = max(WHOLE_SCHEMES, key=measure)
    if measure(best) < share - SLACK:
        return None
    everybody = _list_people(people, column, rows)
    fits = _fits(everybody, best)
    others = everybody.take(np.flatnonzero(~fits))
    return _Misfits(others, _list_wanted(others, best), everybody.local.filter(pa.array(fits)))


def _list_wanted(people: _People, scheme: _Scheme) -> list[set[str]]:
    """Per person the parts before the @ that the scheme gives with the variants of the names."""
    wanted: list[set[str]] = [set() for _ in range(len(people.rows))]
    for first in people.firsts:
        for last in people.lasts:
            for at, text in enumerate(_build(scheme, first, last).to_pylist()):
                wanted[at].add(text)
    return wanted


@check()
def swapped(people: Table, *, column: str, share: float, least: int) -> Finding:
    """Find people whose address fits another person's name, in exchange or as a column has moved.

    Only where `share` of the addresses, of at least `least` people, follow one scheme of names.
    """
    of = frame.group_people(people).count
    misfits = _find_misfits(people, column, share=share, least=least)
    if misfits is None:
        misfits = _find_moved(people, column, share=share, least=least)
    if misfits is None:
        return Finding([], of=of, groups=0)
    owners = find_owners(misfits.people.local, misfits.wanted, misfits.taken)
    number = number_exchanges(owners, least=max(least, of // MASS))
    at = np.flatnonzero(number >= 0)
    rows = misfits.people.rows[at]
    order = np.argsort(rows)
    places = frame.place_rows(
        people, rows[order], column, groups=number[at][order], notes="fits the other person's name"
    )
    return Finding([places], of=of, groups=0)


@check()
def unlike_name(people: Table, *, column: str, share: float, least: int) -> Finding:
    """Find people whose address holds neither their first, preferred nor last name.

    Only where `share` of the addresses, of at least `least` people, follow one scheme of the name.
    The first letters of a name are enough; people with a shorter name are left out.
    """
    of = frame.group_people(people).count
    misfits = _find_misfits(people, column, share=share, least=least)
    if misfits is None:
        return Finding([], of=of)
    owners = find_owners(misfits.people.local, misfits.wanted, misfits.taken)
    swaps = set(np.flatnonzero(number_exchanges(owners, least=len(owners) + 1) >= 0).tolist())
    names = [texts.to_pylist() for texts in (*misfits.people.firsts, *misfits.people.lasts)]
    unlike = [
        at
        for at, local in enumerate(misfits.people.local.to_pylist())
        if at not in swaps and not _holds_name(local, [texts[at] for texts in names])
    ]
    rows = misfits.people.rows[np.asarray(unlike, np.intp)]
    return frame.report_people(people, rows, column)


def _holds_name(local: str, names: list[str]) -> bool:
    """Whether an address holds the first letters of a name, for the checks of addresses."""
    filled = [name for name in names if name]
    return any(len(name) < SHORTEST or name[:SHORTEST] in local for name in filled)
