"""A changed copy of an export: other values in some cells, or without some rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from validator import frame
from validator.model import Export, Originals, Table

PER_COLUMN = ("arrow", "raw", "coded", "folded", "lowered", "ascii")
"""Cached facts that depend on one column alone: they stay true where it does not change."""

Rebuild = Callable[[Export], Export]


@dataclass(frozen=True, eq=False)
class Edit:
    """New values (Arrow strings, one per row) for some rows of one column."""

    table: str
    column: str
    rows: np.ndarray
    values: pa.Array


def apply_edits(export: Export, edits: Sequence[Edit]) -> Export:
    """Return the export, undamaged in these cells of the roster's tables and of the file's own."""
    tables = export.all_tables
    for edit in edits:
        tables[edit.table] = set_cells(
            tables[edit.table], edit.column, edit.rows, values=edit.values
        )
    changed = {edit.table for edit in edits}

    def again(rebuilt: Export) -> Export:
        return apply_edits(rebuilt, list(_move_edits(edits, export, rebuilt)))

    return _with_tables(export, tables, changed, again=again)


def edit_files(export: Export, edits: Sequence[Edit]) -> Export:
    """Return the export, undamaged in these cells of the files, with the roster rebuilt.

    What the roster takes from several files then fits together again, such as the teachers of a
    section. Where the roster's tables are the files' own, they are changed themselves.
    """
    originals = export.originals
    if originals is None:
        return apply_edits(export, edits)
    own = [edit.table in originals.tables for edit in edits]
    if all(own):
        of_roster = all(edit.table in export.tables for edit in edits)
        return (apply_edits if of_roster else edit_originals)(export, edits)
    sources = [_find_source(export, originals, edit) for edit in edits]
    known = [edit for edit in sources if edit is not None]
    return edit_originals(export, known) if len(known) == len(edits) else apply_edits(export, edits)


def find_source_column(export: Export, name: str, column: str) -> tuple[Table, str]:
    """Return the file's table and column in which a diagnosis undoes damage to a roster column."""
    table = export.all_tables[name]
    originals = export.originals
    nowhere = Edit(name, column, np.zeros(0, np.intp), pa.array([], pa.string()))
    source = _find_source(export, originals, nowhere) if originals is not None else None
    if originals is None or source is None:
        return table, column
    return originals.tables[source.table], source.column


def _find_source(export: Export, originals: Originals, edit: Edit) -> Edit | None:
    """Return the same edit of the table that the cells were read from, None if it is not known."""
    table = export.all_tables[edit.table]
    origin = table.origins.get(edit.column)
    file = origin.file if origin else table.file
    header = origin.header if origin else table.headers.get(edit.column)
    lines = (origin.lines if origin else table.lines)[edit.rows]
    for name, source in originals.tables.items():
        columns = [column for column, theirs in source.headers.items() if theirs == header]
        if source.file == file and columns:
            return _at_lines(Edit(name, columns[0], edit.rows, edit.values), lines, source)
    return None


def _at_lines(edit: Edit, lines: np.ndarray, table: Table) -> Edit:
    """Return the edit for the rows of the table on these lines, without lines that it lacks."""
    rows = np.searchsorted(table.lines, lines)
    known = np.zeros(len(lines), bool)
    inside = rows < len(table)
    known[inside] = table.lines[rows[inside]] == lines[inside]
    values = edit.values.filter(pa.array(known))
    return replace(edit, rows=rows[known], values=values)


def _move_edits(edits: Sequence[Edit], old: Export, new: Export) -> Iterator[Edit]:
    """Yield the edits of the old export for the rows on the same lines of the new one."""
    before = old.all_tables
    for edit in edits:
        table = new.find(edit.table)
        if table is not None:
            yield _at_lines(edit, before[edit.table].lines[edit.rows], table)


def edit_originals(export: Export, edits: Sequence[Edit]) -> Export:
    """Return the export, undamaged in these cells of the files as read, and rebuilt.

    Changes that were made in the roster alone are made again.
    """
    originals = export.originals
    if originals is None:
        return apply_edits(export, edits)
    tables = dict(originals.tables)
    for edit in edits:
        table = tables[edit.table]
        tables[edit.table] = set_cells(table, edit.column, edit.rows, values=edit.values)
    changed = {edit.table for edit in edits}
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

    return _with_tables(export, tables, set(rows), again=again)


def add_file_rows(
    export: Export, name: str, origin: np.ndarray, *, columns: Mapping[str, pa.Array]
) -> Export:
    """Return the export with the rows of a file's own table taken from `origin`, as `add_rows`.

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
    return _with_tables(export, {**export.all_tables, name: changed}, {name})


def _take_rows(table: Table, origin: np.ndarray, columns: Mapping[str, pa.Array]) -> Table:
    rows = table.rows.iloc[origin]
    for column, values in columns.items():
        rows = rows.assign(**{column: pd.arrays.ArrowExtensionArray(pa.chunked_array([values]))})
    headers = {**table.headers, **{c: c for c in columns if not table.has(c)}}
    return replace(table, rows=rows, headers=headers, origins={}, schema_violations={}, cache={})


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

    return _with_tables(export, {**export.all_tables, name: known}, {name}, again=again)


def set_cells(table: Table, column: str, rows: np.ndarray, *, values: pa.Array) -> Table:
    """Return the table as a diagnosis tries it, with new values in some rows of a column."""
    whole: Any = (
        frame.get_arrow(table, column).combine_chunks()
        if column in table.rows.columns
        else pa.array([""] * len(table), pa.string())
    )
    if isinstance(whole, pa.ChunkedArray):
        whole = whole.chunk(0)
    if pa.types.is_dictionary(whole.type):
        whole = whole.cast(pa.string())
    joined = pa.concat_arrays([whole.cast(pa.string()), values.cast(pa.string())])
    pick = np.arange(len(table))
    pick[rows] = len(table) + np.arange(len(rows))
    cells = pa.chunked_array([joined.take(pa.array(pick))])
    frame_rows = table.rows.assign(**{column: pd.arrays.ArrowExtensionArray(cells)})
    headers = table.headers if table.has(column) else {**table.headers, column: column}
    violations = {
        name: _cleared(mask, rows) if name == column else mask
        for name, mask in table.schema_violations.items()
    }
    kept = _kept_cache(table, {column})
    return replace(
        table, rows=frame_rows, headers=headers, schema_violations=violations, cache=kept
    )


def keep_rows(table: Table, mask: np.ndarray) -> Table:
    """Return the table as a diagnosis tries it, with only the rows where the mask is True."""
    origins = {
        column: replace(origin, lines=origin.lines[mask])
        for column, origin in table.origins.items()
    }
    violations = {column: bad[mask] for column, bad in table.schema_violations.items()}
    return replace(
        table,
        rows=table.rows[mask],
        origins=origins,
        schema_violations=violations,
        extra_values={},
        cache={},
    )


def _cleared(mask: np.ndarray, rows: np.ndarray) -> np.ndarray:
    out = mask.copy()
    out[rows] = False
    return out


def _with_tables(
    export: Export,
    tables: Mapping[str, Table],
    changed: set[str],
    *,
    again: Rebuild | None = None,
) -> Export:
    """Return the export with these tables; what was known across tables is forgotten.

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
    """Return the tables without what was known of those that did not change across tables."""
    return {
        name: table if name in changed else replace(table, cache=_kept_cache(table, set()))
        for name, table in tables.items()
    }


def _kept_cache(table: Table, changed: set[str]) -> dict[Any, Any]:
    """Return the cached facts that still hold after some columns changed."""
    return {
        what: value
        for what, value in table.cache.items()
        if isinstance(what, tuple) and what[0] in PER_COLUMN and what[1] not in changed
    }
