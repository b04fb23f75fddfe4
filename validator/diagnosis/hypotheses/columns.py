"""Two columns of a file that changed places, by what each of them must hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

import numpy as np
import pyarrow as pa

from validator import frame
from validator.diagnosis.edit import edit_originals, find_source_column
from validator.diagnosis.hypotheses.birth_dates import mark_filled
from validator.diagnosis.hypotheses.column_kinds import Fits, find_kind
from validator.diagnosis.hypotheses.mixed_names import suspect_names_mixed
from validator.diagnosis.hypotheses.names import suspect_swapped as suspect_names_swapped
from validator.diagnosis.hypotheses.names import swap
from validator.diagnosis.hypotheses.swapped_rows import suspect_rows_swapped
from validator.diagnosis.hypothesis import Suspicion
from validator.diagnosis.scene import Scene
from validator.diagnosis.table_edit import Edit, take_cells
from validator.frame import values as frame_values
from validator.frame.values import NO_DAY
from validator.model import Export, Level, Status, Table

LEAST = 8
SHARE = 0.9
FITS = 0.95
HALF, SURELY, MANY = 0.5, 0.99, 2_000

TABLES = ("students", "teachers", "staff", "sections", "enrollments")


def suspect_swapped(scene: Scene) -> Iterable[Suspicion]:
    """Suspect two columns of one file that changed places.

    Nearly all of at least 8 values of a column fail, the other column's values are what it must
    hold, and its own values are what the other one must hold.
    """
    yield from suspect_names_swapped(scene)
    yield from suspect_names_mixed(scene)
    for (name, column), mask in _mark_failing(scene).items():
        table = scene.export.all_tables[name]
        if mask.sum() >= SHARE * mark_filled(table, column).sum():
            yield from _suspect(scene, table, column)
        else:
            yield from suspect_rows_swapped(scene, table, column, failing=mask)
    sections = scene.table("sections")
    if sections is not None:
        yield from _suspect_ends(sections)


def _mark_failing(scene: Scene) -> dict[tuple[str, str], np.ndarray]:
    """Return, per table and column, which values fail, as evidence for a hypothesis.

    Only columns with at least LEAST of them.
    """
    masks: dict[tuple[str, str], np.ndarray] = {}
    for outcome in scene.outcomes.values():
        if outcome.status is not Status.FOUND or outcome.finding is None:
            continue
        if outcome.level is Level.FACT or outcome.rule.id.endswith("-missing"):
            continue
        for block in outcome.finding.places:
            table = scene.table(block.table)
            if block.column is None or block.rows is None or table is None:
                continue
            if table.name in TABLES and len(block) >= LEAST:
                key = (table.name, block.column)
                masks.setdefault(key, np.zeros(len(table), bool))[block.rows] = True
    return {where: mask for where, mask in masks.items() if mask.sum() >= LEAST}


def _suspect(scene: Scene, table: Table, column: str) -> Iterator[Suspicion]:
    """Yield the suspicion that one column and another one changed places."""
    fits = find_kind(scene, table, column)
    if fits is None or _share(table, column, fits) > 1 - SHARE:
        return
    for other in table.headers:
        if other == column or other not in table.records.columns:
            continue
        if _share(table, other, fits) < FITS:
            continue
        other_fits = find_kind(scene, table, other)
        if other_fits is not None and _share(table, column, other_fits) < FITS:
            continue
        rows = mark_filled(table, column) | mark_filled(table, other)
        count = int(rows.sum())
        name = table.name
        headings = (table.headers.get(column, column), table.headers[other])
        yield Suspicion(
            "columns-swapped",
            [frame.place_rows(table, rows, each) for each in (column, other)],
            f"{count:,} rows of {table.file} hold in {headings[0]} what belongs in {headings[1]}, "
            f"and the other way around",
            symptoms=frozenset({(name, column), (name, other)}),
            repaired=count,
            failing=count,
            inverse=partial(swap, name=name, left=column, right=other),
        )
        return
    yield from _suspect_unused(scene, table, column, fits=fits)


def _suspect_unused(scene: Scene, table: Table, column: str, *, fits: Fits) -> Iterator[Suspicion]:
    """Yield the suspicion that a column and one that the roster does not use changed places."""
    source, own = find_source_column(scene.export, table.name, column)
    if source is table or scene.export.originals is None:
        return
    rows = np.flatnonzero(np.isin(source.lines, table.lines))
    if len(rows) != len(table):
        return
    for other, heading in source.headers.items():
        if heading in table.headers.values() or _share(source, other, fits, rows=rows) < FITS:
            continue
        both = (mark_filled(source, own) | mark_filled(source, other))[rows]
        yield Suspicion(
            "columns-swapped",
            [frame.place_rows(table, mark_filled(table, column), column)],
            f"{int(both.sum()):,} rows of {table.file} hold in {source.headers[own]} what belongs "
            f"in {heading}, and the other way around",
            symptoms=frozenset({(table.name, column)}),
            repaired=int(both.sum()),
            failing=int(both.sum()),
            inverse=partial(_swap_unused, name=source.name, columns=(own, other), rows=rows),
        )
        return


def _swap_unused(
    export: Export, *, name: str, columns: tuple[str, str], rows: np.ndarray
) -> Export:
    """Undo a swap: return the export with two columns of a file exchanged in some rows."""
    originals = export.originals
    if originals is None:
        return export
    source = originals.tables[name]
    edits = [
        Edit(name, left, rows, take_cells(source, right, rows))
        for left, right in (columns, columns[::-1])
    ]
    return edit_originals(export, edits)


def _share(table: Table, column: str, fits: Fits, *, rows: np.ndarray | None = None) -> float:
    """Return the share of values that fit another column, as evidence that columns were swapped."""
    encoded = frame.encode(table, column)
    if rows is not None:
        encoded = frame.Encoded(encoded.values, encoded.codes[rows])
    if len(encoded.values) > MANY:  # far from any threshold in a sample, far from it in all
        sample = frame.sample_positions(len(encoded.values), MANY)
        share = float(fits(encoded.values.take(pa.array(sample))).mean())
        if share < HALF or share > SURELY:
            return share
    filled = encoded.broadcast(~frame_values.is_blank(encoded.values))
    if filled.sum() < LEAST:
        return 0.0
    return float(encoded.broadcast(fits(encoded.values))[filled].mean())


def _suspect_ends(sections: Table) -> Iterator[Suspicion]:
    """Yield the suspicion that the first and the last day of the terms changed places."""
    if not sections.has("Term_start") or not sections.has("Term_end"):
        return
    start, end = (frame.parse_days(sections, name) for name in ("Term_start", "Term_end"))
    both = (start != NO_DAY) & (end != NO_DAY)
    reversed_rows = both & (end < start)
    count = int(reversed_rows.sum())
    if count < LEAST or count < SHARE * int(both.sum()):
        return
    yield Suspicion(
        "columns-swapped",
        [frame.place_rows(sections, reversed_rows, name) for name in ("Term_start", "Term_end")],
        f"{count:,} of {int(both.sum()):,} terms in {sections.file} end before they begin",
        symptoms=frozenset({("sections", "Term_start"), ("sections", "Term_end")}),
        repaired=count,
        failing=count,
        inverse=partial(swap, name="sections", left="Term_start", right="Term_end"),
    )
