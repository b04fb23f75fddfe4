"""Rows whose values are one column too far to the right."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from validator import frame
from validator.diagnosis.edit import Edit, edit_originals
from validator.diagnosis.hypotheses.birth_dates import CLOCK
from validator.diagnosis.hypothesis import Suspicion
from validator.diagnosis.scene import Scene
from validator.frame import values as frame_values
from validator.frame.emails import is_email
from validator.frame.values import NO_DAY
from validator.model import Export, Level, Table

MOST_ROWS = 5_000
"""Rows that are read one by one; a file with more of them has another damage."""

LEAST_REPAIRED = 2
"""Values of a row that fail before and fit after it is moved back."""

TABLES = ("students", "teachers", "staff", "sections", "users.csv", "classes.csv")

Fits = Callable[[str], bool]

GENDER = re.compile(r"(m|f|x|u|o|male|female|other|unknown|non-?binary)", re.IGNORECASE)
ID = re.compile(r"[^\s,@]+")
DATE_COLUMNS = re.compile(r"DOB|birthDate|Term_start|Term_end|.*_date|date.*|.*Date")
EMAIL_COLUMNS = re.compile(r".*email", re.IGNORECASE)
ID_COLUMNS = re.compile(r".*_id|.*_number|.*sourcedId|identifier|enabledUser|role", re.IGNORECASE)
GRADE_COLUMNS = re.compile(r"Grade|grades")


@dataclass(frozen=True, eq=False)
class Layout:
    """The columns of a file in its order, and what each may hold (None for any text)."""

    table: Table
    columns: Sequence[str]
    fits: Sequence[Fits | None]


def suspect_moved(scene: Scene) -> Iterable[Suspicion]:
    """Suspect rows that a comma without quotation marks moved by one column.

    A row of the right length is moved back: the two cells around the comma are joined and the last
    cell is blank again. Two signs in each row: at least two values failed before, and afterwards
    every value fits its column.
    """
    tables = scene.export.originals.tables if scene.export.originals else scene.export.all_tables
    lines = _list_failing_lines(scene)
    for name in TABLES:
        table = tables.get(name)
        if table is None or table.file not in lines:
            continue
        rows = np.flatnonzero(np.isin(table.lines, lines[table.file]))
        if not len(rows) or len(rows) > MOST_ROWS or len(rows) > 0.5 * len(table) + 10:
            continue
        suspicion = _suspect(_read_layout(scene, table), rows)
        if suspicion is not None:
            yield suspicion


def _list_failing_lines(scene: Scene) -> dict[str, np.ndarray]:
    """Return, per file, the lines of which at least two columns are found by some rule."""
    columns: dict[str, dict[str, list[np.ndarray]]] = {}
    for outcome in scene.outcomes.values():
        if outcome.level is Level.FACT:
            continue
        for block in scene.places(outcome.rule.id):
            if block.column is not None and block.rows is not None:
                columns.setdefault(block.file, {}).setdefault(block.column, []).append(block.lines)
    failing = {}
    for file, by_column in columns.items():
        if len(by_column) < LEAST_REPAIRED:
            continue
        last = max(int(lines.max(initial=0)) for blocks in by_column.values() for lines in blocks)
        times = np.zeros(last + 1, np.int16)
        for blocks in by_column.values():
            named = np.zeros(last + 1, bool)
            for lines in blocks:
                named[lines] = True
            times += named
        lines = np.flatnonzero(times >= LEAST_REPAIRED)
        if len(lines):
            failing[file] = lines
    return failing


def _read_layout(scene: Scene, table: Table) -> Layout:
    columns = list(table.rows.columns)
    return Layout(table, columns, [_find_kind(scene, column) for column in columns])


def _find_kind(scene: Scene, column: str) -> Fits | None:
    """Return what a column may hold, None where it may hold any text."""
    if EMAIL_COLUMNS.fullmatch(column):
        return lambda text: bool(is_email(pa.array([text], pa.string()))[0])
    if DATE_COLUMNS.fullmatch(column):
        return _is_date
    if GRADE_COLUMNS.fullmatch(column):
        return lambda text: "?" not in scene.grades.parse_several(text)
    if column in ("Gender", "sex"):
        return lambda text: GENDER.fullmatch(text) is not None
    if ID_COLUMNS.fullmatch(column):
        return lambda text: ID.fullmatch(text) is not None
    return None


def _is_date(text: str) -> bool:
    values = pa.array([CLOCK.sub("", text)], pa.string())
    return bool(frame_values.parse_dates(values).days[0] != NO_DAY)


def _suspect(layout: Layout, rows: np.ndarray) -> Suspicion | None:
    table = layout.table
    cells = [frame.take_values(table, column, rows).to_pylist() for column in layout.columns]
    moved: dict[int, list[str]] = {}
    for at, row in enumerate(rows.tolist()):
        back = move_back(layout, [column[at] or "" for column in cells])
        if back is not None:
            moved[row] = back
    if not moved:
        return None
    chosen = np.asarray(sorted(moved), np.intp)
    edits = [
        Edit(table.name, column, chosen, pa.array([moved[row][at] for row in chosen.tolist()]))
        for at, column in enumerate(layout.columns)
    ]
    count = len(chosen)
    rows_are = "1 row is" if count == 1 else f"{count:,} rows are"
    return Suspicion(
        "row-moved-by-a-comma",
        [frame.place_rows(table, chosen)],
        f"{rows_are} one column off in {table.file}; joined at the comma, every value fits its "
        f"column",
        symptoms=frozenset((table.name, column) for column in layout.columns),
        repaired=count,
        failing=count,
        inverse=lambda export: _undo(export, edits),
        proven=True,
    )


def _undo(export: Export, edits: Sequence[Edit]) -> Export:
    return edit_originals(export, edits)


def move_back(layout: Layout, cells: list[str]) -> list[str] | None:
    """Return the cells of a row moved back by one column, None where that does not make it well.

    The comma is where the next cell begins with a blank, or in the first column in which it fits.
    """
    wrong = count_wrong(layout, cells)
    if wrong < LEAST_REPAIRED:
        return None
    earliest: list[str] | None = None
    for at in range(len(cells) - 1):
        if layout.fits[at] is not None or not cells[at].strip() or not cells[at + 1].strip():
            continue
        joined = cells[at] + "," + cells[at + 1]
        back = [*cells[:at], joined, *cells[at + 2 :], ""]
        if count_wrong(layout, back):
            continue
        if cells[at + 1].startswith(" "):
            return back
        earliest = earliest or back
    return earliest


def count_wrong(layout: Layout, cells: list[str]) -> int:
    """Return how many filled cells do not fit their columns."""
    return sum(
        bool(cell.strip()) and fits is not None and not fits(cell.strip())
        for cell, fits in zip(cells, layout.fits, strict=True)
    )
