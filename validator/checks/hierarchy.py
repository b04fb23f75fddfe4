"""Records above records: organizations and terms that are their own ancestors."""

from __future__ import annotations

import numpy as np

from validator import frame
from validator.checks.declaration import check
from validator.model import Finding, Table


@check()
def circular(*tables: Table | None, column: str) -> Finding:
    """Find records that are, over one or more parents, their own parent; counts circles."""
    blocks, of = [], 0
    for table in tables:
        if table is None:
            continue
        of += len(table)
        circle = frame.number_circles(table, column)
        rows = np.flatnonzero(circle >= 0)
        if len(rows):
            numbers = circle[rows]
            blocks.append(
                frame.place_rows(
                    table, rows, column, groups=numbers, counts=frame.mark_firsts(numbers)
                )
            )
    return Finding(blocks, of=max(of, 1), groups=0)
