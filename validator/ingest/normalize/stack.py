"""Tables of the roster whose rows come from two or more files, one below the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa

from validator import frame
from validator.model import FileColumn, Origin, Part, Table, Unread, build_records

STEP = 1_000_000
"""The step, or a multiple of it, by which the line numbers of the next file are shifted.

Two thousand files fit into 32-bit line numbers.
"""


def stack_tables(tables: Sequence[Table]) -> Table:
    """Stack the rows of several normalized tables as one table, in this order.

    The table has the name of the first file, and lines are numbered on from file to file. A column
    that a table lacks is blank in its rows.
    """
    if len(tables) == 1:
        return tables[0]
    shifts = _number_shifts(tables)
    headers: dict[str, FileColumn] = {}
    for table in tables:
        headers = {**table.headers, **headers}
    columns = {column: _stack_column(tables, column) for column in headers}
    lines = [table.lines + shift for table, shift in zip(tables, shifts, strict=True)]
    return replace(
        tables[0],
        records=build_records(columns, np.concatenate(lines)),
        headers=headers,
        unread=_stack_unread(tables, shifts),
        end_lines={
            line + shift: end + shift
            for table, shift in zip(tables, shifts, strict=True)
            for line, end in table.end_lines.items()
        },
        schema_violations=_stack_violations(tables, headers),
        origins=_stack_origins(tables, headers),
        missing_reason={
            column: why for column, why in tables[0].missing_reason.items() if column not in headers
        },
        known_elsewhere=frozenset().union(*(table.known_elsewhere for table in tables)),
        parts=tuple(
            Part(table.file, shift, _list_other_headings(table, headers))
            for table, shift in zip(tables, shifts, strict=True)
        ),
        cache={},
    )


def _number_shifts(tables: Sequence[Table]) -> list[int]:
    """Return by how much the lines of each stacked table are shifted while normalizing.

    The steps are wide, so that lines after a file's last record are lines of that file too.
    """
    shifts, height = [], 0
    for table in tables:
        shifts.append(height)
        ends = [table.header_line, *table.lines[-1:].tolist(), *table.unread.lines.tolist()]
        last = max([*ends, *table.end_lines.values()])
        height += -(-(last + 1) // STEP) * STEP
    return shifts


def _stack_column(tables: Sequence[Table], column: str) -> Any:
    """Stack one column of several normalized tables, as an Arrow dictionary."""
    chunks: list[Any] = []
    for table in tables:
        if column not in table.records.columns:
            chunks.append(pa.array([""] * len(table), pa.string()))
            continue
        cells: Any = frame.get_arrow(table, column)
        chunks += [piece.cast(pa.string()) for piece in cells.chunks]
    return pa.concat_arrays(chunks).dictionary_encode()


def _stack_violations(tables: Sequence[Table], columns: Iterable[str]) -> dict[str, np.ndarray]:
    """Stack the schema violations of several normalized tables, by column."""
    stacked = {}
    for column in columns:
        if any(column in table.schema_violations for table in tables):
            masks = [
                table.schema_violations.get(column, np.zeros(len(table), bool)) for table in tables
            ]
            stacked[column] = np.concatenate(masks)
    return stacked


def _stack_origins(tables: Sequence[Table], columns: Iterable[str]) -> dict[str, Origin]:
    """Return the origin of each stacked column that normalizing took from another file.

    Rows of a table whose own file that is have their own line there; others have none.
    """
    origins = {}
    for column in columns:
        first = next((table.origins[column] for table in tables if column in table.origins), None)
        if first is None:
            continue
        lines = []
        for table in tables:
            own = table.origins.get(column)
            if own is not None and own.file == first.file:
                lines.append(own.lines)
            elif own is None and table.file == first.file and table.has(column):
                lines.append(table.lines)
            else:
                lines.append(np.zeros(len(table), np.int32))
        origins[column] = replace(first, lines=np.concatenate(lines).astype(np.int32))
    return origins


def _stack_unread(tables: Sequence[Table], shifts: Sequence[int]) -> Unread:
    """Stack the rows of several normalized tables that could not be read whole."""
    lines = [table.unread.lines + shift for table, shift in zip(tables, shifts, strict=True)]
    cells = tuple(row for table in tables for row in table.unread.cells)
    return Unread(np.concatenate(lines).astype(np.int32), cells)


def _list_other_headings(
    table: Table, headers: dict[str, FileColumn]
) -> dict[FileColumn, FileColumn]:
    """Return the headings of stacked normalized tables that one file spells differently."""
    return {
        headers[column]: heading
        for column, heading in table.headers.items()
        if headers[column] != heading and column not in table.origins
    }
