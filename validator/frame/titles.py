"""Titles of sections, and the column in which each of them is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from validator.frame.columns import count_values, encode
from validator.frame.places import place_rows
from validator.model import Level, Places, Table, Tally

SHOWN = ("Course_name", "Name")
"""The columns of a title: the first one with a value."""


def find_column(sections: Table) -> str:
    """Return the first title column that a frame's table of sections has."""
    return next((column for column in SHOWN if sections.has(column)), SHOWN[-1])


def split_rows(
    sections: Table, rows: np.ndarray, shown: Sequence[str] = SHOWN
) -> Iterator[tuple[str, np.ndarray]]:
    """Yield each of a frame's encoded title columns, and a bool mask of `rows` titled there.

    Rows without any title are at the first column of `shown` that the table has.
    """
    present = [column for column in shown if sections.has(column)] or list(shown[-1:])
    filled = {column: ~encode(sections, column).blank[rows] for column in present}
    left = np.ones(len(rows), bool)
    untitled = ~np.any(list(filled.values()), axis=0)
    for column in present:
        here = left & (filled[column] | untitled)
        if here.any():
            yield column, here
        left &= ~here


def place(
    sections: Table,
    rows: np.ndarray,
    *,
    notes: Sequence[str] | None = None,
    level: Level | None = None,
) -> list[Places]:
    """Build places from a frame's row numbers of sections, each at its title's column."""
    blocks = []
    for column, here in split_rows(sections, rows):
        own = None if notes is None else [notes[at] for at in np.flatnonzero(here).tolist()]
        blocks.append(place_rows(sections, rows[here], column, notes=own, level=level))
    return blocks


def count(sections: Table, rows: np.ndarray) -> Tally:
    """Count a frame's encoded course titles in `rows` (row numbers), most frequent first."""
    counts: Counter[str] = Counter()
    for column, here in split_rows(sections, rows):
        tally = count_values(sections, column, rows[here])
        counts.update(dict(tally.values))
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return Tally(sections.name, find_column(sections), ordered)
