"""Repairs of form in all files of an export, each made only where it is proven right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from validator import frame
from validator.model import Column, Export, File, Outcome, Places, Table
from validator.repair.cells import CELL_KINDS, CellKind, Facts, Proposal, propose
from validator.repair.selection import Selection
from validator.repair.state import State, differ
from validator.repair.steps import Located, locate_sources

MOJIBAKE, GARBLED = "decoded-twice", "value-double-encoded"
COLLIDE = "two ids would become equal"
LOSE = "references would no longer match their record"

READ_AS_MEANT = {
    "enclosed-in-marks": "delimiter",
    "quotes-escaped-by-backslash": "quotation-marks",
    "code-page-wrong": "encoding",
}
"""Diagnoses of how a file was read, and the repair of form that writes it as it was read."""


def repair_cells(
    state: State, files: Mapping[str, File], selection: Selection, *, facts: Facts
) -> None:
    """Make the wanted repairs of cells in the tables that `files` describes."""
    for kind in CELL_KINDS.values():
        proposals = list(_list_proposals(state, files, kind, facts=facts))
        if not proposals:
            continue
        if not selection.wants(kind.id):
            _leave_unasked(state, kind, proposals, asked=selection.kinds[kind.id].asked)
            continue
        ids = [each for each in proposals if each[1].kind == "id"]
        if ids:
            _repair_ids(state, kind, ids)
        for name, column, proposal in proposals:
            if column.kind != "id":
                _apply(state, kind, name, column=column, proposal=proposal)


def _list_proposals(
    state: State, files: Mapping[str, File], kind: CellKind, *, facts: Facts
) -> Iterator[tuple[str, Column, Proposal]]:
    """Yield what a kind of repair would change: the table, its column, the new values."""
    for name, file in files.items():
        table = state.tables.get(name)
        if table is None or not len(table):
            continue
        for heading in table.records.columns:
            column = file.column(heading)
            if column is None or column.kind not in kind.kinds:
                continue
            proposal = propose(kind, column, frame.encode_raw(table, heading), facts=facts)
            if proposal is not None:
                yield name, column, proposal


def _leave_unasked(
    state: State,
    kind: CellKind,
    proposals: Sequence[tuple[str, Column, Proposal]],
    *,
    asked: bool,
) -> None:
    """Record what a kind of repair that was not asked for would change."""
    reason = "names are changed only where you ask for it with --only" if asked else ""
    for name, column, proposal in proposals:
        encoded = frame.encode_raw(state.tables[name], column.name)
        count = int(encoded.broadcast(proposal.wanted).sum())
        words = reason or "it was not selected"
        state.leave(kind.id, name, column.name, count=count, reason=words)


def _apply(state: State, kind: CellKind, name: str, *, column: Column, proposal: Proposal) -> None:
    """Change the values of one column, and record those that are left."""
    encoded = frame.encode_raw(state.tables[name], column.name)
    for reason, mask in proposal.left.items():
        count = int(encoded.broadcast(mask).sum())
        state.leave(kind.id, name, column.name, count=count, reason=reason)
    if proposal.wanted.any():
        state.set_values(kind.id, name, column.name, wanted=proposal.wanted, values=proposal.values)


def _repair_ids(
    state: State, kind: CellKind, proposals: Sequence[tuple[str, Column, Proposal]]
) -> None:
    """Change ids in all files together, unless two become equal or a reference loses its record."""
    reason = ""
    for name, column, proposal in proposals:
        if column.name == state.tables[name].key and _is_colliding(state.tables[name], proposal):
            reason = COLLIDE
    tables, changes = dict(state.tables), len(state.changes)
    if not reason:
        lost = _count_unmatched(state.rebuild())
        for name, column, proposal in proposals:
            _apply(state, kind, name, column=column, proposal=proposal)
        if _count_unmatched(state.rebuild()) > lost:
            reason = LOSE
    if not reason:
        return
    state.tables = tables
    del state.changes[changes:]
    for name, column, proposal in proposals:
        encoded = frame.encode_raw(tables[name], column.name)
        count = int(encoded.broadcast(proposal.wanted).sum())
        state.leave(kind.id, name, column.name, count=count, reason=reason)


def _is_colliding(table: Table, proposal: Proposal) -> bool:
    """Return whether a repair would make two different ids equal."""
    encoded = frame.encode_raw(table, table.key)
    trimmed = frame.encode(table, table.key)
    new = pc.if_else(pa.array(proposal.wanted), proposal.values, encoded.values)
    after = pc.count_distinct(new).as_py()
    return bool(after < len(trimmed.values))


def _count_unmatched(export: Export) -> int:
    """Count the references that match no record, to judge a repair of ids by `mend`."""
    count = 0
    for table in export.tables.values():
        for column, target in frame.list_references(table):
            other = export.tables.get(target)
            if other is not None and other is not table:
                count += int((frame.locate_rows(table, column, other) == frame.UNKNOWN).sum())
    return count


def repair_garbled(state: State, outcomes: Mapping[str, Outcome], selection: Selection) -> None:
    """Write the text of values that were converted twice, as the rule about them recovers it."""
    outcome = outcomes.get(GARBLED)
    if outcome is None or outcome.finding is None or not selection.wants(MOJIBAKE):
        return
    for block in outcome.finding.places:
        table = state.export.find(block.table)
        if table is None or block.rows is None or block.column is None or not block.repairs:
            continue
        for source in locate_sources(table, block.column, block.rows, files=state.tables):
            if source is not None:
                _write_recovered(state, table, block, source=source)


def _write_recovered(state: State, table: Table, block: Places, *, source: Located) -> None:
    """Mend garbled values: write the recovered text into the file that they were read from."""
    assert block.rows is not None and block.column is not None
    current = state.tables[source.table]
    rows = np.searchsorted(current.lines, source.lines)
    known = rows < len(current)
    known[known] = current.lines[rows[known]] == source.lines[known]
    before = frame.take_values(table, block.column, block.rows[source.at][known])
    now = frame.take_values(current, source.column, rows[known])
    same = np.ones(len(now), bool)
    same[differ(now, before)] = False
    texts = pa.array(list(block.repairs or ()), pa.string()).take(pa.array(source.at[known]))
    state.set_cells(
        MOJIBAKE,
        source.table,
        source.column,
        rows=rows[known][same],
        values=texts.filter(pa.array(same)),
    )


def find_equal_rows(table: Table) -> np.ndarray:
    """Return the numbers of the rows to remove because they equal an earlier row."""
    if not len(table):
        return np.zeros(0, np.intp)
    if table.key and table.has(table.key):
        return np.flatnonzero(frame.mark_equal_rows(table))
    columns = [frame.encode_raw(table, column) for column in table.records.columns]
    columns.sort(key=lambda column: -len(column.values))
    # Rows that differ in the two columns of most values need not be compared in the others.
    rows = frame.find_repeated_pairs(columns[0].codes, columns[min(1, len(columns) - 1)].codes)
    few = [frame.Encoded(column.values, column.codes[rows]) for column in columns]
    keys = frame.number_keys(frame.combine_columns(few))[0]
    return np.asarray(rows[~frame.mark_firsts(keys)])
