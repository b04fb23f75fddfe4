"""OneRoster's users whose sourcedId is on several rows."""

from __future__ import annotations

from validator import frame
from validator.checks.declaration import check
from validator.model import Finding, Level, Table


@check()
def repeated(users: Table, *, names: list[str]) -> Finding:
    """Find users on rows of different roles with one sourcedId, each id once.

    Different people are what the rule says; one person on a row per role is a warning. Rows of one
    role, and rows that are equal, have separate rules.
    """
    rows, group = frame.find_groups(users, "sourcedId", ~frame.mark_equal_rows(users))
    rows_live = frame.mark_live(users)[rows]
    rows, group = rows[rows_live], group[rows_live]
    if len(rows) and users.has("role"):
        mixed = frame.mark_mixed(group, frame.encode_lower(users, "role").codes[rows])
        rows, group = rows[mixed], group[mixed]
    if not len(rows):
        return Finding([], of=len(users), groups=0)
    name = frame.combine_columns([frame.encode_folded(users, column) for column in names])
    strangers = frame.mark_mixed(group, frame.number_keys(name[rows])[0])
    blocks = [
        frame.place_rows(
            users,
            rows[kept],
            "sourcedId",
            groups=group[kept],
            counts=frame.mark_firsts(group[kept]),
            notes=notes,
            level=level,
        )
        for kept, notes, level in (
            (strangers, "different people", None),
            (~strangers, "one person on several rows", Level.WARNING),
        )
    ]
    return Finding([block for block in blocks if len(block)], of=len(users), groups=0)
