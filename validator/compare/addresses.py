"""People whose e-mail address changed: to a new one, to another person's, or to none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from validator import frame
from validator.compare import diff, explain
from validator.compare.diff import Changes, Kind
from validator.model import Table, dataclass


@dataclass(frozen=True, eq=False)
class ChangedAddresses:
    """People with another address than before: their rows in the new and the old table.

    ways: per person `changed`, `exchanged` (with another person), `taken` (it was another
    person's) or `removed`.
    """

    rows: np.ndarray
    old_rows: np.ndarray
    ways: Sequence[str]


def list_changed(between: Changes, name: str, column: str) -> ChangedAddresses:
    """Return the people whose address differs between two exports, or is gone; cached."""
    changed: ChangedAddresses = between.remember(
        ("changed addresses", name, column), lambda: _find_changed(between, name, column)
    )
    return changed


def _number_addresses(
    between: Changes, kind: Kind, column: str
) -> tuple[np.ndarray, np.ndarray, int]:
    """Return a column of addresses of two exports in joint numbers, cached."""
    old, new = frame.encode_lower(kind.old, column), frame.encode_lower(kind.new, column)
    numbered: tuple[np.ndarray, np.ndarray, int] = between.remember(
        ("addresses in numbers", kind.name, column), lambda: diff.number_values(old, new)
    )
    return numbered


def _find_changed(between: Changes, name: str, column: str) -> ChangedAddresses:
    """Find the people whose address differs between two exports, or is gone."""
    kind = between.kind(name)
    if kind is None:
        return ChangedAddresses(np.zeros(0, np.int64), np.zeros(0, np.int64), ())
    places = np.flatnonzero(kind.any_of((column,)) & ~explain.mark_reused(between, name))
    old, new = frame.encode_lower(kind.old, column), frame.encode_lower(kind.new, column)
    before, after, _ = _number_addresses(between, kind, column)
    was, now = before[kind.was], after[kind.now]
    had = ~old.blank[kind.was]
    places = places[had[places] & (was[places] != now[places])]
    rows, blank = kind.now[places], new.blank[kind.now[places]]
    is_taken = np.isin(now[places], before) & ~blank
    is_taken |= np.isin(rows, list_of_others(between, kind.new, column))
    ways = _name_ways(was[places], now[places], blank=blank, is_taken=is_taken)
    return ChangedAddresses(rows, kind.was[places], ways)


def _name_ways(
    was: np.ndarray, now: np.ndarray, *, blank: np.ndarray, is_taken: np.ndarray
) -> list[str]:
    """Return what happened to each changed address. `is_taken`: it was another person's before."""
    moves = set(zip(was.tolist(), now.tolist(), strict=True))
    ways = []
    for at, (old, new) in enumerate(zip(was.tolist(), now.tolist(), strict=True)):
        if blank[at]:
            ways.append("removed")
        elif (new, old) in moves:
            ways.append("exchanged")
        else:
            ways.append("taken" if is_taken[at] else "changed")
    return ways


@dataclass(frozen=True)
class AddressAccounts:
    """Accounts that people get in the next sync by an address that changed.

    new: people with a new, empty account. others: those who find somebody else's, newcomers
    included. none: those without an address now.
    """

    new: int = 0
    others: int = 0
    none: int = 0

    def __add__(self, more: AddressAccounts) -> AddressAccounts:
        return AddressAccounts(
            self.new + more.new, self.others + more.others, self.none + more.none
        )

    def __bool__(self) -> bool:
        return bool(self.new or self.others or self.none)


def count_accounts(between: Changes, name: str) -> AddressAccounts:
    """Count what people of a kind find in an app that finds them by their address."""
    column = explain.MAIL[name]
    ways = Counter(list_changed(between, name, column).ways)
    others = ways["exchanged"] + ways["taken"] + len(list_inherited(between, name, column))
    return AddressAccounts(new=ways["changed"], others=others, none=ways["removed"])


def list_inherited(between: Changes, name: str, column: str) -> np.ndarray:
    """Return the rows of people who are new and have an address of somebody in the last export."""
    kind = between.kind(name)
    if kind is None:
        return np.zeros(0, np.int64)
    joined = explain.list_joined(between, name)
    before, after, _ = _number_addresses(between, kind, column)
    new = frame.encode_lower(kind.new, column)
    is_known = np.isin(after[joined], before) & ~new.blank[joined]
    is_known |= np.isin(joined, list_of_others(between, kind.new, column))
    return np.asarray(joined[is_known])


def list_of_others(between: Changes, people: Table, column: str) -> np.ndarray:
    """Return students whose address an adult had in the last export, or adults with a student's.

    Rows of people who had that address themselves are excluded: teachers on staff share one.
    Cached.
    """
    rows: np.ndarray = between.remember(
        ("addresses of others", people.name, column), lambda: _find_others(between, people, column)
    )
    return rows


def _find_others(between: Changes, people: Table, column: str) -> np.ndarray:
    """Find the people of the new export whose address somebody of another kind had."""
    who, now = frame.group_people(people), frame.encode_lower(people, column)
    others = ("teachers", "staff") if people.name == "students" else ("students",)
    tables = [between.old.tables[name] for name in others if name in between.old.tables]
    is_taken = np.zeros(len(now.values), bool)
    for table in tables:
        before = frame.encode_lower(table, explain.MAIL[table.name]).values
        is_taken |= frame.find_positions(now.values, before) >= 0
    rows = np.flatnonzero(is_taken[now.codes] & ~now.blank & who.first)
    old = between.old.tables.get(people.name)
    if old is None or not len(rows):
        return rows
    was = frame.encode_lower(old, column)
    had = frame.find_positions(now.values, was.values)
    return np.asarray(rows[had[now.codes[rows]] < 0])
