"""A column of names that was moved apart from the rows: addresses fit the names of others."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pyarrow.compute as pc

from validator import frame
from validator.checks.declaration import check
from validator.frame import name_schemes
from validator.model import Finding, Table, dataclass

SHORTEST = 3
"""Letters of a name by which it is known in an address."""

Cut = Callable[[str, str], str]
"""Return what is left of an address without a name, letters only; "" if it does not have it."""


def _cut_front(local: str, name: str) -> str:
    """Cut a name off the front of an address, for the check of moved names."""
    return local[len(name) :] if name and local.startswith(name) else ""


def _cut_back(local: str, name: str) -> str:
    """Cut a name off the end of an address, for the check of moved names."""
    return local[: -len(name)] if name and local.endswith(name) else ""


def _cut_initial(local: str, name: str) -> str:
    """Cut the first letter of a name off an address, for the check of moved names."""
    return local[1:] if name and local[:1] == name[:1] else ""


CUTS: tuple[Cut, ...] = (_cut_front, _cut_back, _cut_initial)


@dataclass(frozen=True, eq=False)
class _Addresses:
    """The addresses of people, letters only, with the name that fits and the one that may not."""

    local: Sequence[str]
    fitting: Sequence[str]
    moved: Sequence[str]

    def exchange(self) -> _Addresses:
        """The same addresses, for the check of whether the other name was moved."""
        return _Addresses(self.local, self.moved, self.fitting)

    def measure_own(self) -> float:
        """The share of addresses of the person's own two names, or one and the other's initial."""
        people = zip(self.local, self.fitting, self.moved, strict=True)
        own = [
            local in (fitting + moved, moved + fitting, fitting[:1] + moved, moved[:1] + fitting)
            for local, fitting, moved in people
        ]
        return float(np.mean(own))

    def mark(self, cut: Cut, known: set[str] | None = None) -> np.ndarray:
        """Bool mask of the people the rest of whose address is not their own name.

        known: the names of others, one of which it must then be.
        """
        rests = map(cut, self.local, self.fitting)
        pairs = zip(rests, self.moved, strict=True)
        if known is None:
            return np.asarray([rest != "" and rest != own for rest, own in pairs], bool)
        return np.asarray([rest in known and rest != own for rest, own in pairs], bool)


@check()
def apart(people: Table, *, column: str, share: float, least: int) -> Finding:
    """Find people with one name that their address gives to others, if at least `share` are so.

    A column of names was sorted or moved apart from the others. Not below `least` people.
    """
    of = frame.group_people(people).count
    rows = name_schemes.find_named(people, column)
    if len(rows) < least:
        return Finding([], of=of)
    chosen = frame.sample_positions(len(rows), name_schemes.SAMPLE)
    first, last = name_schemes.NAMES
    own = _take(people, column, rows[chosen], names=(last, first))
    if own.measure_own() > 1 - share:
        return Finding([], of=of)
    for names, sample in (((last, first), own), ((first, last), own.exchange())):
        moved = names[1]
        cuts = [cut for cut in CUTS if sample.mark(cut).mean() >= share]
        if not cuts:  # everybody's names are listed only where the sample gives reason to
            continue
        others = pc.unique(name_schemes.spell_names(people, moved, rows)[0]).to_pylist()
        known = {name for name in others if len(name) >= SHORTEST}
        shares = {cut: float(sample.mark(cut, known).mean()) for cut in cuts}
        cut = max(cuts, key=shares.__getitem__)
        if shares[cut] >= share:
            wrong = _take(people, column, rows, names=names).mark(cut, known)
            return Finding([frame.place_rows(people, rows[wrong], moved)], of=of)
    return Finding([], of=of)


def _take(people: Table, column: str, rows: np.ndarray, *, names: tuple[str, str]) -> _Addresses:
    """Take the addresses and both names of some people, for the check of moved names."""
    local = name_schemes.list_local_letters(people, column, rows).to_pylist()
    fitting, moved = (_list_letters(people, name, rows) for name in names)
    return _Addresses(local, fitting, moved)


def _list_letters(people: Table, column: str, rows: np.ndarray) -> list[str]:
    """List the whole names of some people in plain letters, for the check of moved names."""
    names: list[str] = name_schemes.spell_names(people, column, rows)[0].to_pylist()
    return names
