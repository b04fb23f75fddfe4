"""E-mail addresses built by one scheme from people's names: swapped, and unlike the name."""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from validator import frame
from validator.checks.declaration import check
from validator.frame import name_schemes as schemes
from validator.frame.address_owners import MASS, find_owners, number_exchanges
from validator.frame.arrays import iterate_blocks
from validator.model import Finding, Table, dataclass

SLACK = 0.1
"""How much smaller the share may be among the sample than among everybody."""

SHORTEST = 3
"""Letters of a name that an address must hold to be like it; shorter names are not compared."""

LONG = 5
"""Letters of an address that can be compared with everybody's names."""


@dataclass(frozen=True, eq=False)
class _Misfits:
    """People whose address does not follow the scheme that at least nine in ten follow.

    `people`: those who do not. `wanted`: per person the addresses that the scheme would give.
    `taken`: the addresses, before the @, of those who do, as far as others have them too.
    """

    people: schemes.NamedPeople
    wanted: list[set[str]]
    taken: pa.Array


def _find_misfits(people: Table, column: str, *, share: float, least: int) -> _Misfits | None:
    """Who departs from the scheme of the addresses; None where fewer than `share` follow one."""
    return frame.remember(
        people,
        ("misfits", column, share, least),
        lambda: _compute_misfits(people, column, share=share, least=least),
    )


def _compute_misfits(people: Table, column: str, *, share: float, least: int) -> _Misfits | None:
    """Compare everybody with the scheme of the sample, for the checks of address schemes."""
    rows = schemes.find_named(people, column)
    count = len(rows)
    if count < least:
        return None
    chosen = frame.sample_positions(count, schemes.SAMPLE)
    best = schemes.choose_scheme(schemes.list_named(people, column, rows[chosen]), share - SLACK)
    if best is None:
        return None
    fits = _mark_fitting(people, column, rows, scheme=best)
    # Only those whose whole names do not fit are compared by the variants of their names.
    left = np.flatnonzero(~fits)
    others = schemes.list_named(people, column, rows[left])
    fits[left] = schemes.mark_followers(others, best)
    if fits.mean() < share:
        return None
    others = others.take(np.flatnonzero(~fits[left]))
    taken = schemes.list_local_letters(people, column, rows[fits])
    return _list_misfits(others, best, taken=taken)


def _mark_fitting(
    people: Table, column: str, rows: np.ndarray, *, scheme: schemes.Scheme
) -> np.ndarray:
    """Mark the rows whose whole names give the address, for the checks of address schemes."""
    fits = np.zeros(len(rows), bool)
    for block in iterate_blocks(len(rows)):
        some = rows[block]
        whole = [schemes.spell_names(people, name, some)[0] for name in schemes.NAMES]
        local = schemes.list_local_letters(people, column, some)
        fits[block] = schemes.mark_equal(schemes.build_local(scheme, *whole), local)
    return fits


def _list_misfits(
    others: schemes.NamedPeople, scheme: schemes.Scheme, *, taken: pa.Array
) -> _Misfits:
    """List the people who follow no scheme, for the checks of address schemes.

    Of the addresses `taken` by those who do, only the ones that somebody else has too are kept.
    """
    shared = taken.filter(pa.array(frame.is_among(taken, others.local)))
    return _Misfits(others, _list_wanted(others, scheme), shared)


def _find_moved(people: Table, column: str, *, share: float, least: int) -> _Misfits | None:
    """Who has an address that fits another person's name, where most addresses do.

    None where fewer than `share` of the addresses fit anybody by one scheme of both names.
    """
    rows = schemes.find_named(people, column)
    count = len(rows)
    if count < least:
        return None
    chosen = frame.sample_positions(count, schemes.SAMPLE)
    local = schemes.list_local_letters(people, column, rows[chosen])
    is_long = pc.greater_equal(pc.utf8_length(local), LONG)
    if np.mean(is_long.to_numpy(zero_copy_only=False)) < share - SLACK:
        return None
    whole = [schemes.spell_names(people, name, rows)[0] for name in schemes.NAMES]

    def measure(scheme: schemes.Scheme) -> float:
        built = pc.unique(schemes.build_local(scheme, *whole))
        return float(np.mean(frame.is_among(local, built)))

    best = max(schemes.WHOLE_SCHEMES, key=measure)
    if measure(best) < share - SLACK:
        return None
    everybody = schemes.list_named(people, column, rows)
    fits = schemes.mark_followers(everybody, best)
    others = everybody.take(np.flatnonzero(~fits))
    return _list_misfits(others, best, taken=everybody.local.filter(pa.array(fits)))


def _list_wanted(people: schemes.NamedPeople, scheme: schemes.Scheme) -> list[set[str]]:
    """Per person the parts before the @ that the scheme gives with the variants of the names."""
    wanted: list[set[str]] = [set() for _ in range(len(people.rows))]
    for first in people.firsts:
        for last in people.lasts:
            for at, text in enumerate(schemes.build_local(scheme, first, last).to_pylist()):
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
    if misfits is None or not len(misfits.people.rows):
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
    if misfits is None or not len(misfits.people.rows):
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
    """Whether an address holds the first letters of a name, for the checks of addresses.

    Müller may be `mueller` there, and Søren `soeren`.
    """
    plain = re.sub("([aou])e", r"\1", local)
    starts = [name[:SHORTEST] for name in names if name]
    return any(len(it) < SHORTEST or it in local or it in plain for it in starts)
