"""Line numbers as people see them, for files that were converted before reading."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from validator.ingest.csv.read import Contents
from validator.model import Places, Table, Unread

Numbers = Callable[[np.ndarray], np.ndarray]


def renumber(contents: Contents, lines: Numbers) -> Contents:
    """Return the contents with line numbers mapped by `lines`; 0 remains the whole file."""
    defects = {
        rule: [_renumber_places(block, lines) for block in blocks]
        for rule, blocks in contents.defects.items()
    }
    table = contents.table
    return replace(
        contents, table=None if table is None else _renumber_table(table, lines), defects=defects
    )


def _renumber_places(places: Places, lines: Numbers) -> Places:
    """Return places of reading with line numbers as people see them."""
    ends = None if places.end_lines is None else lines(places.end_lines)
    return replace(
        places,
        lines=np.where(places.lines > 0, lines(places.lines), 0).astype(np.int32),
        end_lines=ends,
    )


def _renumber_table(table: Table, lines: Numbers) -> Table:
    """Return a table just read with line numbers as people see them."""
    begins = lines(np.asarray(list(table.end_lines), np.int64)).tolist()
    ends = lines(np.asarray(list(table.end_lines.values()), np.int64)).tolist()
    spans = zip(begins, ends, strict=True)
    return replace(
        table,
        records=table.records.renumber(lines(table.lines)),
        header_line=int(lines(np.asarray([table.header_line]))[0]),
        unread=Unread(lines(table.unread.lines).astype(np.int32), table.unread.cells),
        end_lines={begin: end for begin, end in spans if end > begin},
        cache={},
    )
