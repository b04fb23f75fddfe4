"""E-mail addresses that differ from the previous export."""

from __future__ import annotations

import numpy as np

from validator import frame
from validator.checks.declaration import check
from validator.compare import addresses, explain
from validator.compare.diff import Changes
from validator.model import Finding, Table

NOTES = {
    "changed": "had another address before",
    "exchanged": "exchanged addresses with another person",
    "taken": "has an address that was somebody else's before",
    "removed": "had an address before and has none now",
}
"""What happened to a person's address, in public words."""


@check()
def changed(between: Changes, people: Table, *, column: str) -> Finding:
    """Find people with another address than in the previous export, or with none any more.

    The notes say who exchanged addresses, and who got one that another person had; repair: the
    old address. A first address is no change.
    """
    who, kind = frame.group_people(people), between.kind(people.name)
    if kind is None or not kind.old.has(column):
        return Finding([], of=who.count)
    moves = addresses.list_changed(between, people.name, column)
    order = np.argsort(moves.rows, kind="stable")
    places = frame.place_rows(
        people,
        moves.rows[order],
        column,
        notes=[NOTES[moves.ways[at]] for at in order.tolist()],
        repairs=frame.take_text(kind.old, column, moves.old_rows[order]),
    )
    return Finding([places], of=who.count)


@check()
def reused(between: Changes, people: Table, *, column: str) -> Finding:
    """Find people whose address was that of a person with another id in the previous export.

    Also students with the address of an adult, and adults with that of a student. One person with
    a new id has a separate rule.
    """
    who, kind = frame.group_people(people), between.kind(people.name)
    if kind is None or not kind.old.has(column):
        return Finding([], of=who.count)
    before, now = frame.encode_lower(kind.old, column), frame.encode_lower(people, column)
    holder = np.full(len(before.values) + 1, -1, np.int64)
    holder[before.codes[::-1]] = np.arange(len(kind.old))[::-1]
    position = frame.find_positions(now.values, before.values)
    old_row = holder[position][now.codes]
    old_row[now.blank] = -1
    rows = np.flatnonzero((old_row >= 0) & who.first)
    ids, old_ids = frame.encode(people, people.key), frame.encode(kind.old, kind.old.key)
    old_code = frame.find_positions(ids.values, old_ids.values)
    rows = rows[old_code[ids.codes[rows]] != old_ids.codes[old_row[rows]]]
    same_old, same_new = explain.match_people(between, people.name)
    pairs = set(zip(same_new.tolist(), same_old.tolist(), strict=True))
    is_other = [
        pair not in pairs for pair in zip(rows.tolist(), old_row[rows].tolist(), strict=True)
    ]
    rows = np.union1d(
        rows[np.asarray(is_other, bool)], addresses.list_of_others(between, people, column)
    )
    return frame.report_people(people, rows, column, notes="was somebody else's address before")
