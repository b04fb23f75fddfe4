"""Files without a header line, read below an added one; their columns have positions."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from validator.ingest.csv import sniff
from validator.ingest.csv.sniff import Layout
from validator.ingest.source import Source
from validator.model import Position, Table


def name_columns(layout: Layout) -> tuple[str, ...]:
    """Return the headings of a raw file; without a header, the ones to add: words for positions."""
    return layout.cells if layout.headed else tuple(_number_columns(layout))


def _number_columns(layout: Layout) -> dict[str, Position]:
    """Return the columns of a raw file without a header: the heading to add -> the position."""
    positions = map(Position, range(1, len(layout.cells) + 1))
    return {str(position): position for position in positions}


def add_header(source: Source) -> Source:
    """Add a line of headings above the first line of a raw file without a header.

    Line numbers stay those of the file.
    """
    layout = source.head.layout
    if layout is None:
        return source
    headings = list(_number_columns(layout))

    def lines(numbers: np.ndarray) -> np.ndarray:
        return source.lines(numbers - 1) if source.lines else numbers - 1

    def read_start(count: int) -> bytes:
        return sniff.prepend_header(source.read_start(count), layout, headings)[:count]

    return replace(
        source,
        load=lambda: sniff.prepend_header(source.load(), layout, headings),
        lines=lines,
        read_start=read_start,
    )


def locate_columns(table: Table, layout: Layout) -> Table:
    """Return the table of a raw file below an added header, with positions instead of headings."""
    positions = _number_columns(layout)
    return replace(table, headers={name: positions[name] for name in table.headers})
