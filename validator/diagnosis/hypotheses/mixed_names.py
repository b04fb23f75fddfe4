"""First and last names that changed places in some rows, by addresses and the other rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

import numpy as np

from validator import frame
from validator.diagnosis.hypotheses.birth_dates import mark_filled
from validator.diagnosis.hypotheses.names import (
    EMAILS,
    FIRST,
    LAST,
    REVERSED,
    TABLES,
    list_contrasts,
    list_schemes,
    swap,
)
from validator.diagnosis.hypothesis import Suspicion
from validator.diagnosis.scene import Scene
from validator.model import Table

LEAST = 8
SHARE = 0.05
"""Rows whose names are swapped, and their share of a file: fewer are typing errors."""

READ = 0.75
"""Share of the addresses that must read in one of the two ways."""

CLEARLY = 1 / 3
"""Share of the addresses below which the rarer way is the wrong one, if no other file says so."""

SAMPLE = 300
CROSSED = 3


def suspect_names_mixed(scene: Scene) -> Iterable[Suspicion]:
    """Suspect that first and last names changed places in some rows.

    Two signs: the addresses of at least 8 rows, and of a twentieth of the file, read the other way
    around than those of the other rows, and their first names are last names there. Two schools
    with two schemes of addresses show the first sign only.
    """
    tables = [table for name in TABLES if (table := scene.table(name)) is not None and len(table)]
    tables = [table for table in tables if table.has(FIRST) and table.has(LAST)]
    for table in tables:
        for column in (EMAILS[table.name], "Username"):
            suspicions = list(_suspect(table, column, tables))
            yield from suspicions
            if suspicions:
                break


def _suspect(table: Table, column: str, tables: list[Table]) -> Iterator[Suspicion]:
    """Yield the suspicion that some names of a table are swapped, by a column of addresses."""
    if not table.has(column):
        return
    filled = mark_filled(table, column) & mark_filled(table, FIRST) & mark_filled(table, LAST)
    rows = np.flatnonzero(filled)
    sample = rows[frame.sample_positions(len(rows), SAMPLE)]
    if len(rows) < 2 * LEAST or not any(_read(table, column, sample)):
        return
    for back, forth in _read(table, column, rows):
        damaged, others = _choose(table, tables, back=back, forth=forth)
        if len(damaged) < max(LEAST, SHARE * len(rows)):
            continue
        if _are_crossed(table, damaged, others):
            unclear = len(rows) - len(back) - len(forth)
            yield _describe(table, damaged, len(rows), unclear=unclear)
            return


def _read(table: Table, column: str, rows: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield, per pair of schemes that addresses follow, the rows that read back and forth.

    Both ways have some rows, and nearly all addresses read in one of them.
    """
    schemes = np.asarray(list_schemes(table, column, rows), object)
    for reversed_scheme, scheme in REVERSED.items():
        back, forth = rows[schemes == reversed_scheme], rows[schemes == scheme]
        fewer = min(len(back), len(forth))
        if fewer >= 2 and len(back) + len(forth) >= READ * len(rows):
            yield back, forth


def _choose(
    table: Table, tables: list[Table], *, back: np.ndarray, forth: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows whose names are swapped, and the others; no swapped ones if unclear.

    The addresses of the other files show which way is the right one, or nearly all of this one.
    """
    contrasts = {each.name in REVERSED for each in list_contrasts(table, tables)}
    if len(contrasts) == 1:
        return (forth, back) if contrasts.pop() else (back, forth)
    fewer, more = sorted((back, forth), key=len)
    is_clear = len(fewer) <= CLEARLY * (len(fewer) + len(more))
    return (fewer, more) if is_clear else (fewer[:0], more)


def _are_crossed(table: Table, damaged: np.ndarray, others: np.ndarray) -> bool:
    """Return whether the names of swapped rows are in the other column of the other rows."""
    first, last = (set(frame.take_text(table, column, damaged)) for column in (FIRST, LAST))
    other_first, other_last = (set(frame.take_text(table, name, others)) for name in (FIRST, LAST))
    crossed = len((first - last) & (other_last - other_first))
    crossed += len((last - first) & (other_first - other_last))
    straight = len((first - last) & (other_first - other_last))
    straight += len((last - first) & (other_last - other_first))
    return crossed >= CROSSED and crossed > 2 * straight


def _describe(table: Table, rows: np.ndarray, of: int, *, unclear: int) -> Suspicion:
    """Return the suspicion that first and last names are swapped in these rows.

    `unclear`: rows whose addresses show neither way.
    """
    rows = np.sort(rows)
    return Suspicion(
        "columns-swapped",
        [frame.place_rows(table, rows, column) for column in (FIRST, LAST)],
        f"in {len(rows):,} of {of:,} rows of {table.file}, the addresses have the two names the "
        "other way around than the columns; other rows have these names in the other column",
        symptoms=frozenset({(table.name, FIRST), (table.name, LAST)}),
        repaired=len(rows),
        failing=len(rows) + unclear,
        inverse=partial(swap, name=table.name, left=FIRST, right=LAST, rows=rows),
        distributed=True,
    )
