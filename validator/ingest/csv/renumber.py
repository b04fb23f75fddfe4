"""The line numbers that people see, where a file was read from something made out of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd

from validator.ingest.csv.read import Contents
from validator.model import Places, Table, Unread

Numbers = Callable[[np.ndarray], np.ndarray]


def renumber(contents: Contents, lines: Numbers) -> Contents:
    """The contents with every line number turned into the one that `lines` gives for it; 0 stays the whole file."""
    defects = {
        rule: [_renumber_places(block, lines) for block in blocks]
        for rule, blocks in contents.defects.items()
    }
    table = contents.table
    return replace(
        contents, table=None if table is None else _renumber_table(table, lines), defects=defects
    )


def _renumber_places(places: Places, lines: Numbers) -> Places:
    ends = None if places.end_lines is None else lines(places.end_lines)
    return replace(
        places,
        lines=np.where(places.lines > 0, lines(places.lines), 0).astype(np.int32),
        end_lines=ends,
    )


def _renumber_table(table: Table, lines: Numbers) -> Table:
    index = pd.Index(lines(table.lines), dtype="int32")
    ends = (
        dict(
            zip(
                *(
                    lines(np.asarray(list(numbers), np.int64)).tolist()
                    for numbers in (table.end_lines, table.end_lines.values())
                ),
                strict=True,
            )
        )
        if table.end_lines
        else {}
    )
    return replace(
        table,
        rows=table.rows.set_axis(index, axis=0),
        header_line=int(lines(np.asarray([table.header_line]))[0]),
        unread=Unread(lines(table.unread.lines).astype(np.int32), table.unread.cells),
        end_lines={begin: end for begin, end in ends.items() if end > begin},
        cache={},
    )
