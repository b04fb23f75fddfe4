"""People whose e-mail address changed: to a new one, to another person's, or to none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from validator import frame
from validator.compare import diff, explain
from validator.compare.diff import Changes
from validator.model import Table


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
    """Return the people whose address differs between two exports, or is gone."""
    kind = between.kind(name)
    if kind is None:
        return ChangedAddresses(np.zeros(0, np.int64), np.zeros(0, np.int64), ())
    places = np.flatnonzero(kind.any_of((column,)) & ~explain.mark_reused(between, name))
    old, new = frame.encode_lower(kind.old, column), frame.encode_lower(kind.new, column)
    before, after, _ = diff.number_values(old, new)
    was, now = before[kind.was], after[kind.now]
    had = ~old.blank[kind.was]
    places = places[had[places] & (was[places] != now[places])]
    return ChangedAddresses(
        kind.now[places],
        kind.was[places],
        _name_ways(was[places], now[places], blank=new.blank[kind.now[places]], others=before),
    )


def _name_ways(
    was: np.ndarray, now: np.ndarray, *, blank: np.ndarray, others: np.ndarray
) -> list[str]:
    """Return what happened to each changed address. `others`: all addresses before."""
    is_taken = np.isin(now, others) & ~blank
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


def list_of_others(between: Changes, people: Table, column: str) -> np.ndarray:
    """Return students whose address an adult had in the last export, or adults with a student's.

    Rows of people who had that address themselves are excluded: teachers on staff share one.
    """
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
