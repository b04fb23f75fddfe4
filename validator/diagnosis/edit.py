"""A changed copy of an export: other values in some cells, or without some rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa

from validator import frame
from validator.diagnosis.table_edit import Edit, Renaming, keep_rows
from validator.diagnosis.unrostered import list_unrostered
from validator.model import Export, FileColumn, Originals, Table

Rebuild = Callable[[Export], Export]


def apply_edits(export: Export, edits: Sequence[Edit]) -> Export:
    """Return the export with an inverse's edits of cells, in the roster's tables and the files'
    own."""
    tables = export.all_tables
    for edit in edits:
        tables[edit.table] = edit.apply(tables[edit.table])
    changed = {edit.table for edit in edits}

    def again(rebuilt: Export) -> Export:
        return apply_edits(rebuilt, list(_move_edits(edits, export, rebuilt)))

    return _replace_tables(export, tables, changed, again=again)


def edit_files(export: Export, edits: Sequence[Edit]) -> Export:
    """Return the export with an inverse's edits of cells in its files, and the roster rebuilt.

    What the roster takes from several files then fits together again, such as the teachers of a
    section, and the new values are judged by the format's schema. Where a roster's table has only
    some rows of its file, it is changed itself.
    """
    originals = export.originals
    if originals is None:
        return apply_edits(export, edits)
    if all(edit.table in originals.tables for edit in edits):
        is_whole = all(_has_all_rows(export, originals, edit.table) for edit in edits)
        return (edit_originals if is_whole else apply_edits)(export, edits)
    sources = [_find_sources(export, originals, edit) for edit in edits]
    known = [source for several in sources for source in several]
    if not all(sources):
        return apply_edits(export, edits)
    tables = {edit.table for edit in edits}
    further = list_unrostered(export, originals, known, tables=tables)
    return edit_originals(export, [*known, *further])


def _has_all_rows(export: Export, originals: Originals, name: str) -> bool:
    """Return whether a table that an inverse edits has the rows of its file."""
    table = export.tables.get(name)
    return table is None or np.array_equal(table.lines, originals.tables[name].lines)


def find_source_column(export: Export, name: str, column: str) -> tuple[Table, str]:
    """Return the file's table and column in which a diagnosis undoes damage to a roster column."""
    table = export.all_tables[name]
    originals = export.originals
    nowhere = Edit(name, column, np.zeros(0, np.intp), pa.array([], pa.string()))
    sources = _find_sources(export, originals, nowhere) if originals is not None else []
    if originals is None or not sources:
        return table, column
    return originals.tables[sources[0].table], sources[0].column


def _find_sources(export: Export, originals: Originals, edit: Edit) -> list[Edit]:
    """Return an inverse's edit of the files that the cells were read from, [] if one is unknown."""
    sources = []
    for trace in frame.trace_cells(export.all_tables[edit.table], edit.column, edit.rows):
        source = _find_own_column(originals, trace.file, trace.header)
        if source is None:
            return []
        table, column = source
        values = edit.values.take(pa.array(trace.at))
        own = Edit(table.name, column, edit.rows[trace.at], values)
        sources.append(_edit_lines(own, trace.lines, table))
    return sources


def _find_own_column(
    originals: Originals, file: str, header: FileColumn
) -> tuple[Table, str] | None:
    """Return the table and column of a damaged file that an inverse edits, None for none."""
    for source in originals.tables.values():
        columns = [column for column, theirs in source.headers.items() if theirs == header]
        if source.file == file and columns:
            return source, columns[0]
    return None


def _edit_lines(edit: Edit, lines: np.ndarray, table: Table) -> Edit:
    """Return an inverse's edit for the rows on these lines, without lines that the table lacks."""
    rows = np.searchsorted(table.lines, lines)
    known = np.zeros(len(lines), bool)
    inside = rows < len(table)
    known[inside] = table.lines[rows[inside]] == lines[inside]
    values = edit.values.filter(pa.array(known))
    return replace(edit, rows=rows[known], values=values)


def _move_edits(edits: Sequence[Edit], old: Export, new: Export) -> Iterator[Edit]:
    """Yield the edits of an inverse again, for the same lines of a changed copy of the export."""
    before = old.all_tables
    for edit in edits:
        table = new.find(edit.table)
        if table is not None:
            yield _edit_lines(edit, before[edit.table].lines[edit.rows], table)


def edit_originals(export: Export, edits: Sequence[Edit | Renaming]) -> Export:
    """Return the export with an inverse's edits of the files as read, and rebuilt.

    Changes that were made in the roster alone are made again.
    """
    originals = export.originals
    tables = dict(export.all_tables if originals is None else originals.tables)
    for edit in edits:
        tables[edit.table] = edit.apply(tables[edit.table])
    changed = {edit.table for edit in edits}
    if originals is None:
        return _replace_tables(export, tables, changed)
    return originals.rebuild(_forget(tables, changed))


def drop_file_rows(export: Export, rows: Mapping[str, np.ndarray]) -> Export:
    """Return the export as a diagnosis tries it, without some rows of its files.

    The roster is rebuilt from what is left, with the changes that were made in it alone.
    """
    originals = export.originals
    if originals is None:
        return drop_rows(export, rows)
    kept = {name: keep_rows(originals.tables[name], ~mask) for name, mask in rows.items()}
    return originals.rebuild(_forget({**originals.tables, **kept}, set(rows)))


def drop_rows(export: Export, rows: Mapping[str, np.ndarray]) -> Export:
    """Return the export as a diagnosis tries it, without some rows (bool mask per table name)."""
    tables = export.all_tables
    lines = {name: tables[name].lines[mask] for name, mask in rows.items()}
    for name, mask in rows.items():
        tables[name] = keep_rows(tables[name], ~mask)

    def again(rebuilt: Export) -> Export:
        left = rebuilt.all_tables
        masks = {
            name: np.isin(left[name].lines, gone) for name, gone in lines.items() if name in left
        }
        return drop_rows(rebuilt, masks)

    return _replace_tables(export, tables, set(rows), again=again)


def add_file_rows(
    export: Export, name: str, origin: np.ndarray, *, columns: Mapping[str, pa.Array]
) -> Export:
    """Return the export as a diagnosis tries it, with a file's rows taken from `origin`.

    The roster is rebuilt from them.
    """
    originals = export.originals
    if originals is None or name in export.tables:
        return add_rows(export, name, origin, columns=columns)
    changed = _take_rows(originals.tables[name], origin, columns)
    return originals.rebuild(_forget({**originals.tables, name: changed}, {name}))


def add_rows(
    export: Export, name: str, origin: np.ndarray, *, columns: Mapping[str, pa.Array]
) -> Export:
    """Return the export as a diagnosis tries it, with a table's rows taken from `origin`.

    `columns` replaces whole columns of the new table. Lines repeat with their rows.
    """
    changed = _take_rows(export.all_tables[name], origin, columns)
    return _replace_tables(export, {**export.all_tables, name: changed}, {name})


def _take_rows(table: Table, origin: np.ndarray, columns: Mapping[str, pa.Array]) -> Table:
    """Return a table's rows repeated or dropped as the inverse of a diagnosis asks."""
    records = table.records.take(origin).assign(columns)
    headers = {**table.headers, **{c: c for c in columns if not table.has(c)}}
    return replace(
        table, records=records, headers=headers, origins={}, schema_violations={}, cache={}
    )


def blank_cells(export: Export, cells: Sequence[tuple[str, str, np.ndarray]]) -> Export:
    """Return the export as a diagnosis tries it, with some cells blank."""
    edits = [
        Edit(table, column, rows, pa.array([""] * len(rows), pa.string()))
        for table, column, rows in cells
    ]
    return edit_files(export, edits)


def know_keys(export: Export, name: str, keys: frozenset[str]) -> Export:
    """Return the export as a diagnosis tries it, with these keys known to be elsewhere."""
    table = export.all_tables[name]
    known = replace(table, known_elsewhere=table.known_elsewhere | keys, cache={})

    def again(rebuilt: Export) -> Export:
        return know_keys(rebuilt, name, keys)

    return _replace_tables(export, {**export.all_tables, name: known}, {name}, again=again)


def _replace_tables(
    export: Export,
    tables: Mapping[str, Table],
    changed: set[str],
    *,
    again: Rebuild | None = None,
) -> Export:
    """Return the export with the tables that the inverse of a diagnosis changed.

    `again` makes the same change in a roster that is rebuilt later; without it, none can be.
    """
    originals = export.originals
    if originals is not None:
        originals = replace(originals, rebuild=_chain(originals.rebuild, again)) if again else None
    return replace(export.with_tables(_forget(tables, changed)), originals=originals)


def _chain(rebuild: Callable[[Mapping[str, Table]], Export], again: Rebuild) -> Any:
    """Return the function that rebuilds a roster and changes it again."""
    return lambda tables: again(rebuild(tables))


def _forget(tables: Mapping[str, Table], changed: set[str]) -> dict[str, Table]:
    """Return the tables without cached facts that an inverse in another table may have changed."""
    return {
        name: table if name in changed else frame.forget_references(table)
        for name, table in tables.items()
    }
