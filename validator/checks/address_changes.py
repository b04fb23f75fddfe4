"""E-mail addresses that differ from the previous export."""

from __future__ import annotations

import numpy as np

from validator import frame
from validator.checks.declaration import check
from validator.compare import addresses
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
