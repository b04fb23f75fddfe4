"""Two columns that changed places in some rows of a file, as where two systems fill it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import permutations

import numpy as np
import pyarrow as pa

from validator import frame
from validator.diagnosis.hypotheses.birth_dates import mark_filled
from validator.diagnosis.hypotheses.column_kinds import (
    FIRST_AND_LAST,
    Fits,
    find_kind,
    find_likeness,
    is_same_kind,
)
from validator.diagnosis.hypotheses.names import swap
from validator.diagnosis.hypothesis import Suspicion
from validator.diagnosis.scene import Scene
from validator.frame.values import NO_DAY
from validator.model import Table

LEAST = 8
SHARE = 0.9
"""Rows that must be swapped, and the share of the failing ones: the rest are ordinary faults."""

APART = 0.05
"""Share of the other rows that may have such a value in the other column, of no kind itself."""


def suspect_rows_swapped(
    scene: Scene, table: Table, column: str, *, failing: np.ndarray
) -> Iterator[Suspicion]:
    """Yield the suspicion that a column and another one changed places in the failing rows.

    In nearly all of at least 8 failing rows, the other column holds what belongs in this one, and
    this one what belongs in the other. Where the other one may hold any text, no further row of it
    holds such a value. Two values of two kinds are not in each other's place by chance. Next to
    them, a row of which one value is in the other's place, and the other is blank or wrong anywhere
    (an address without an end), is swapped as well.
    """
    fits = find_kind(scene, table, column)
    filled = failing & mark_filled(table, column)
    if fits is None or filled.sum() < LEAST:
        return
    for other in table.headers:
        if other == column or other not in table.records.columns:
            continue
        rows = _find_swapped(scene, table, (column, other), failing=filled, fits=fits)
        if len(rows) < LEAST:
            continue
        rows = np.union1d(rows, _find_half_swapped(scene, table, columns=(column, other)))
        if filled[rows].sum() >= SHARE * filled.sum():
            yield _suspect(table, column, other, rows=rows)
            return


def _find_swapped(
    scene: Scene, table: Table, columns: tuple[str, str], *, failing: np.ndarray, fits: Fits
) -> np.ndarray:
    """Return the failing rows whose values of two columns belong in each other's column."""
    column, other = columns
    rows = np.flatnonzero(failing)
    rows = np.asarray(rows[_mark_fitting(table, other, rows, fits=fits)])
    if len(rows) < LEAST:
        return rows
    if is_same_kind(table, column, other):
        return _list_backward(table, columns, rows)
    other_fits = find_kind(scene, table, other)
    if other_fits is not None:
        return np.asarray(rows[_mark_fitting(table, column, rows, fits=other_fits)])
    rest = np.flatnonzero(~failing & mark_filled(table, other))
    misplaced = _mark_fitting(table, other, rest, fits=fits).sum()
    return rows if misplaced <= APART * len(rows) else rows[:0]


def _find_half_swapped(scene: Scene, table: Table, *, columns: tuple[str, str]) -> np.ndarray:
    """Return the rows with one value in the other's place, next to rows that are surely swapped.

    The value in its place is blank, or fits neither column.
    """
    if is_same_kind(table, *columns):
        return np.zeros(0, np.intp)
    fits = [find_likeness(scene, table, each) for each in columns]
    every = np.arange(len(table))
    swapped = np.zeros(len(table), bool)
    for (own, wanted), (there, unwanted) in permutations(zip(columns, fits, strict=True)):
        if wanted is None:
            continue
        is_there = _mark_fitting(table, there, every, fits=wanted)
        if unwanted is not None:
            is_there &= ~_mark_fitting(table, there, every, fits=unwanted)
        swapped |= is_there & ~_mark_fitting(table, own, every, fits=wanted)
    return np.flatnonzero(swapped)


def _list_backward(table: Table, columns: tuple[str, str], rows: np.ndarray) -> np.ndarray:
    """Return the rows whose first and last day are in each other's column, as if swapped.

    Each of two other columns of one kind may hold what is in the other one: no evidence.
    """
    pair = next((pair for pair in FIRST_AND_LAST if set(pair) == set(columns)), None)
    if pair is None:
        return rows[:0]
    first, last = (frame.parse_days(table, column)[rows] for column in pair)
    return np.asarray(rows[(first != NO_DAY) & (last != NO_DAY) & (first > last)])


def _mark_fitting(table: Table, column: str, rows: np.ndarray, *, fits: Fits) -> np.ndarray:
    """Return a bool mask of the rows whose value another column may hold, if it was swapped."""
    encoded = frame.encode_rows(table, column, rows)
    used, codes = np.unique(encoded.codes, return_inverse=True)
    return np.asarray(fits(encoded.values.take(pa.array(used)))[codes], bool)


def _suspect(table: Table, column: str, other: str, *, rows: np.ndarray) -> Suspicion:
    """Return the suspicion that two columns changed places in these rows."""
    headings = table.headers.get(column, column), table.headers[other]
    return Suspicion(
        "columns-swapped",
        [frame.place_rows(table, rows, each) for each in (column, other)],
        f"{len(rows):,} of {len(table):,} rows of {table.file} hold in {headings[0]} what belongs "
        f"in {headings[1]}, and the other way around",
        symptoms=frozenset({(table.name, column), (table.name, other)}),
        repaired=len(rows),
        failing=len(rows),
        inverse=partial(swap, name=table.name, left=column, right=other, rows=rows),
    )
