"""Changes of the files that undo a diagnosis, and the same changes of the repaired files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from validator import frame
from validator.frame.arrays import repeat_each
from validator.model import Export, Table, dataclass
from validator.repair.changes import What, encode_texts
from validator.repair.state import State, differ, number_repeats

USERS = "users.csv"
ABOUT_USERS = {"demographics.csv": "", "roles.csv": "userSourcedId"}
"""Files with rows about users -> their column of users' ids, "" for the file's own key."""


@dataclass(frozen=True, eq=False)
class CellStep:
    """Cells of one column: the line and repeat of each row, its old and its new value."""

    column: str
    lines: np.ndarray
    repeats: np.ndarray
    before: Any
    after: Any


class AddedRows(NamedTuple):
    """Lines that have several rows after a change, and how many."""

    lines: np.ndarray
    counts: np.ndarray


@dataclass(frozen=True, eq=False)
class TableStep:
    """The change of one table. dropped: lines without rows now."""

    name: str
    cells: tuple[CellStep, ...] = ()
    dropped: np.ndarray | None = None
    added: AddedRows | None = None


@dataclass(frozen=True, eq=False)
class Steps:
    """The change of an export: in the tables of its files, or in the roster alone."""

    files: Sequence[TableStep]
    roster: Sequence[TableStep] = ()


def list_steps(before: Export, after: Export) -> Steps:
    """Return what a repair changed in the tables of the files, step by step.

    Where only the roster changed, its changes are those of the cells and rows it was read from;
    where that is not known, they are changes of the roster alone.
    """
    names = before.originals.tables if before.originals is not None else before.tables
    steps: list[TableStep] = []
    for name in names:
        table = _find(before, name)
        step = compare_tables(table, _find(after, name))
        if step is not None and table is not None and table.parts:
            steps += _move_step(step, table, names) or ()
        elif step is not None:
            steps.append(step)
    if steps:
        return Steps(steps)
    return _move_steps(before, after)


def _find(export: Export, name: str) -> Table | None:
    """Return the table of a file to repair."""
    table = export.find(name)
    if table is None and export.originals is not None:
        table = export.originals.tables.get(name)
    return table


def compare_tables(before: Table | None, after: Table | None) -> TableStep | None:
    """Return what one step of mend's repairs changed in a table; None for nothing."""
    if before is None or after is None or before.records is after.records:
        return None
    old, new = before.lines, after.lines
    same = len(old) == len(new) and bool(np.array_equal(old, new))
    rows = None if same else np.searchsorted(old, new)
    cells = tuple(_compare_columns(before, after, rows))
    if same:
        return TableStep(before.name, cells) if cells else None
    dropped = old[~np.isin(old, new)]
    several, counts = np.unique(new, return_counts=True)
    repeated = counts > 1
    added = AddedRows(several[repeated], counts[repeated]) if repeated.any() else None
    return TableStep(before.name, cells, dropped if len(dropped) else None, added)


def _compare_columns(before: Table, after: Table, rows: np.ndarray | None) -> list[CellStep]:
    """Return the cells that a repair must change; `rows` are the old rows of those of `after`."""
    steps = []
    repeats: np.ndarray | None = None
    for column in after.records.columns:
        new = frame.get_arrow(after, column)
        if column in before.records.columns:
            old = frame.get_arrow(before, column)
        else:
            old = pa.chunked_array([pa.array([""] * len(before), pa.string())])
        if rows is not None:
            old = old.take(pa.array(rows))
        at = differ(old, new)
        if not len(at):
            continue
        repeats = number_repeats(after.lines) if repeats is None else repeats
        where = pa.array(at)
        steps.append(
            CellStep(
                column,
                after.lines[at],
                repeats[at],
                encode_texts(old.take(where)),
                encode_texts(new.take(where)),
            )
        )
    return steps


def _move_steps(before: Export, after: Export) -> Steps:
    """Return what changed in the roster's tables, as changes of the files' tables if possible."""
    files = before.originals.tables if before.originals is not None else {}
    compared = (
        (table, compare_tables(table, after.tables.get(name)))
        for name, table in before.tables.items()
    )
    changed = [(table, step) for table, step in compared if step is not None]
    moved: list[TableStep] = []
    for table, step in changed:
        own = _move_step(step, table, files)
        if own is None:
            return Steps((), [step for _, step in changed])
        moved += own
    return Steps(moved)


def _move_step(step: TableStep, table: Table, files: Any) -> list[TableStep] | None:
    """Return a change of a roster table as changes of the files that it was read from.

    None where a part of it is no change of cells and rows there.
    """
    if step.added is not None:
        return None
    moved: list[TableStep] = []
    if step.dropped is not None:
        dropped = np.searchsorted(table.lines, step.dropped)
        for trace in frame.trace_cells(replace(table, origins={}), "", dropped):
            own = next((each for each in files.values() if each.file == trace.file), None)
            if own is None:
                return None
            moved.append(TableStep(own.name, dropped=trace.lines))
    for cells in step.cells:
        rows = np.searchsorted(table.lines, cells.lines)
        for source in locate_sources(table, cells.column, rows, files=files):
            if source is None:
                return None
            moved.append(TableStep(source.table, (source.take(cells),)))
    return moved


@dataclass(frozen=True, eq=False)
class Located:
    """Cells of a roster column in the file's table and column that they were read from.

    at: positions among the cells that were asked for. lines: their lines in the file.
    """

    table: str
    column: str
    at: np.ndarray
    lines: np.ndarray

    def take(self, cells: CellStep) -> CellStep:
        """Return those of the repaired cells that are in this file."""
        where = pa.array(self.at)
        repeats = np.zeros(len(self.at), np.int32)
        before, after = cells.before.take(where), cells.after.take(where)
        return CellStep(self.column, self.lines, repeats, before, after)


def locate_sources(
    table: Table, column: str, rows: np.ndarray, *, files: Any
) -> list[Located | None]:
    """Return where cells to repair were read from, None for a file that is not known."""
    return [
        _locate(trace, files) for trace in frame.trace_cells(table, column, rows) if len(trace.at)
    ]


def _locate(trace: frame.Trace, files: Any) -> Located | None:
    """Return the table and column in the files to repair that cells were read from."""
    for source in files.values():
        for name, theirs in source.headers.items():
            if source.file == trace.file and theirs == trace.header:
                return Located(source.name, name, trace.at, trace.lines)
    return None


def apply_step(state: State, kind: str, step: TableStep) -> int:
    """Make the change in the repaired files; return how many cells had changed meanwhile."""
    table = state.tables[step.name]
    if step.dropped is not None:
        rows = np.flatnonzero(np.isin(table.lines, step.dropped))
        _drop_about_users(state, kind, table, rows=rows)
        state.drop_rows(kind, step.name, rows)
    if step.added is not None:
        _add_rows(state, kind, step.name, added=step.added)
    return sum(_apply_cells(state, kind, step.name, cells=cells) for cells in step.cells)


def _drop_about_users(state: State, kind: str, users: Table, *, rows: np.ndarray) -> None:
    """Leave out of a corrected copy the demographics and roles of users who are left out."""
    if users.name != USERS or not len(rows):
        return
    gone = frame.encode_rows(users, users.key, rows).values
    for name, column in ABOUT_USERS.items():
        table = state.tables.get(name)
        if table is not None and table.has(column or table.key):
            ids = frame.encode(table, column or table.key)
            lost = ids.broadcast(frame.is_among(ids.values, gone))
            state.drop_rows(kind, name, np.flatnonzero(lost))


def _add_rows(state: State, kind: str, name: str, *, added: AddedRows) -> None:
    """Repeat rows in the files to repair as often as the step says."""
    table = state.tables[name]
    times = np.ones(len(table), np.intp)
    rows = np.searchsorted(table.lines, added.lines)
    known = rows < len(table)
    rows, counts = rows[known], added.counts[known]
    times[rows] = counts
    lines = repeat_each(table.lines[rows], counts - 1)
    repeats = np.concatenate([np.arange(1, count) for count in counts] or [np.zeros(0)])
    state.record_rows(kind, What.ROW_ADDED, name, lines=lines, repeats=repeats.astype(np.int32))
    state.take_rows(name, repeat_each(np.arange(len(table)), times))


def _apply_cells(state: State, kind: str, name: str, *, cells: CellStep) -> int:
    """Change the cells that still have their old value; return how many have not."""
    table = state.tables[name]
    rows = np.searchsorted(table.lines, cells.lines) + cells.repeats
    known = rows < len(table)
    known[known] = table.lines[rows[known]] == cells.lines[known]
    if cells.column in table.records.columns:
        now = frame.take_values(table, cells.column, rows[known])
    else:
        now = pa.array([""] * int(known.sum()), pa.string())
    before, after = cells.before.filter(pa.array(known)), cells.after.filter(pa.array(known))
    same = np.ones(len(now), bool)
    same[differ(now, before)] = False
    chosen = pa.array(same)
    state.set_cells(kind, name, cells.column, rows=rows[known][same], values=after.filter(chosen))
    return int((~same).sum() + (~known).sum())
