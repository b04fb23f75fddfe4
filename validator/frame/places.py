"""Places of a finding, from row numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from validator.model import Finding, Places, Table


def place_rows(table: Table, rows: np.ndarray, column: str | None = None, **more: Any) -> Places:
    """Places for some rows, given as bool mask or row numbers; `more` is passed to `Places`.

    A value that came from another file is placed there, unless it has no line of its own.
    """
    numbers = (np.flatnonzero(rows) if rows.dtype == bool else rows).astype(np.int32)
    origin = table.origins.get(column or "")
    if origin is not None and (origin.lines[numbers] > 0).all():
        return Places(table.name, origin.file, origin.lines[numbers], column, rows=numbers, **more)
    lines = table.lines_of(numbers)
    ends = (
        np.asarray([table.end_lines.get(int(line), line) for line in lines], np.int32)
        if table.end_lines
        else None
    )
    return Places(table.name, table.file, lines, column, end_lines=ends, rows=numbers, **more)


def count_rows_once(blocks: Sequence[Places], tables: Sequence[Table | None]) -> Finding:
    """A finding of these places in which a row counts once, however many of its values are named."""
    counted = {table.name: np.zeros(len(table), bool) for table in tables if table is not None}
    once = []
    for block in blocks:
        done = counted[block.table]
        once.append(replace(block, counts=~done[block.rows]))
        done[block.rows] = True
    return Finding(once, of=sum(len(done) for done in counted.values()))
