"""Records above records: organizations and terms that are their own ancestors."""

from __future__ import annotations

import numpy as np

from validator import frame
from validator.checks.declaration import check
from validator.model import Finding, Table


@check()
def circular(*tables: Table | None, column: str) -> Finding:
    """Records that are, over one or more parents, their own parent; counts circles."""
    blocks, of = [], 0
    for table in tables:
        if table is None:
            continue
        of += len(table)
        circle = number_circles(table, column)
        rows = np.flatnonzero(circle >= 0)
        if len(rows):
            numbers = circle[rows]
            blocks.append(
                frame.place_rows(
                    table, rows, column, groups=numbers, counts=frame.mark_firsts(numbers)
                )
            )
    return Finding(blocks, of=max(of, 1), groups=0)


def number_circles(table: Table, column: str) -> np.ndarray:
    """Per row the number of the circle of parents that it is part of (int32), -1 for none.

    A record whose own id is its parent is a circle.
    """

    def build() -> np.ndarray:
        parent = frame.locate_rows(table, column, table)
        parent = np.where(frame.mark_live(table), parent, frame.BLANK)
        circle = np.full(len(table), -1, np.int32)
        if not (parent >= 0).any():
            return circle
        number = 0
        seen = np.zeros(len(table), bool)
        for start in np.flatnonzero(parent >= 0).tolist():
            path = []
            at = start
            while at >= 0 and not seen[at]:
                seen[at] = True
                path.append(at)
                at = int(parent[at])
            if at >= 0 and at in path:
                circle[path[path.index(at) :]] = number
                number += 1
        return circle

    return frame.remember(table, ("circles", column), build)
