"""Records that are their own ancestors."""

from __future__ import annotations

import numpy as np

from validator.frame.cache import remember
from validator.frame.columns import mark_live
from validator.frame.keys import BLANK, locate_rows
from validator.model import Table


def number_circles(table: Table, column: str) -> np.ndarray:
    """Number circles of parents in an encoded column: per row its circle (int32), -1 for none.

    `column` refers to the record's parent. A record that is its own parent is a circle.
    """

    def build() -> np.ndarray:
        parent = np.where(mark_live(table), locate_rows(table, column, table), BLANK)
        circle = np.full(len(table), -1, np.int32)
        seen = np.zeros(len(table), bool)
        number = 0
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

    return remember(table, ("circles", column), build)
