"""Columns of a table to be, each cell with the file and line that it comes from, and the table made of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from validator.frame import Encoded, encode_raw
from validator.frame import values as frame_values
from validator.model import ExtraValues, Origin, Table, Unread


@dataclass(frozen=True, eq=False)
class Cells:
    """One column to be, with a cell for every row of the base table. `header`: what its own file calls it.

    `origin`: the other file that the values come from, line 0 where a row has none. `misfit`: bool per row, which
    values break the format's own description.
    """

    header: str
    coded: Encoded
    origin: Origin | None = None
    misfit: np.ndarray | None = None


Columns = Mapping[str, Cells | None]
"""Our column name -> its cells, None for a column that the files do not have."""


def take_own(base: Table, column: str) -> Cells | None:
    """A column of the base table itself, exactly as in the file; None where the file does not have it."""
    if not base.has(column):
        return None
    return Cells(
        base.headers[column], encode_raw(base, column), misfit=base.schema_violations.get(column)
    )


def look_up(source: Table, column: str, at: np.ndarray) -> Cells | None:
    """A column of another table: of each row the value in row `at` of the source, "" where that is negative."""
    if not source.has(column):
        return None
    values = encode_raw(source, column)
    known, row = at >= 0, np.maximum(at, 0)
    codes, lines = np.full(len(at), len(values.values), np.int32), np.zeros(len(at), np.int32)
    misfit = np.zeros(len(at), bool)
    if len(source):
        codes[known], lines[known] = values.codes[row[known]], source.lines[row[known]]
        misfit[known] = source.schema_violations.get(column, np.zeros(len(source), bool))[
            row[known]
        ]
    coded = Encoded(pa.concat_arrays([values.values, pa.array([""], pa.string())]), codes)
    return Cells(
        source.headers[column], coded, Origin(source.file, source.headers[column], lines), misfit
    )


def derive(header: str, values: pa.Array, codes: np.ndarray) -> Cells:
    """A column that was worked out from the base table's own column `header`."""
    return Cells(header, Encoded(values, np.asarray(codes, np.int32)))


def fill_blanks(first: Cells | None, second: Cells | None) -> Cells | None:
    """The cells of the first column, and where they are blank those of the second."""
    if first is None or second is None:
        return first or second
    blank = frame_values.is_blank(frame_values.trim(first.coded.values))[first.coded.codes]
    codes = np.where(blank, second.coded.codes + len(first.coded.values), first.coded.codes).astype(
        np.int32
    )
    coded = Encoded(pa.concat_arrays([first.coded.values, second.coded.values]), codes)
    origin = second.origin or first.origin
    if origin is not None:
        lines = np.where(blank, *(_get_lines(one, origin, len(codes)) for one in (second, first)))
        origin = Origin(origin.file, origin.header, lines.astype(np.int32))
    misfit = np.where(blank, *(_get_violations(one, len(codes)) for one in (second, first)))
    return Cells(first.header, coded, origin, misfit)


def _get_lines(cells: Cells, origin: Origin, count: int) -> np.ndarray:
    """The lines of the cells in the file of `origin`, 0 for those that stand elsewhere."""
    own = cells.origin
    return own.lines if own is not None and own.file == origin.file else np.zeros(count, np.int32)


def _get_violations(cells: Cells, count: int) -> np.ndarray:
    return cells.misfit if cells.misfit is not None else np.zeros(count, bool)


def build_table(
    name: str,
    key: str,
    base: Table,
    rows: np.ndarray,
    columns: Columns,
    *,
    unread: Unread | None = None,
    missing_reason: Mapping[str, str] | None = None,
    extra_values: Mapping[str, ExtraValues] | None = None,
) -> Table:
    """The table of some rows of the base table (row numbers, ascending) with these columns; lines are the base's."""
    there = {column: cells for column, cells in columns.items() if cells is not None}
    frame: dict[str, Any] = {column: _build_column(cells.coded, rows) for column, cells in there.items()}
    lines = base.lines[rows]
    kept = set(lines.tolist()) if base.end_lines else set()
    return Table(
        name,
        base.file,
        key,
        pd.DataFrame(frame, index=pd.Index(lines, dtype="int32"), copy=False),
        headers={column: cells.header for column, cells in there.items()},
        header_line=base.header_line,
        unread=unread or Unread(),
        end_lines={line: end for line, end in base.end_lines.items() if line in kept},
        schema_violations={
            column: cells.misfit[rows]
            for column, cells in there.items()
            if cells.misfit is not None and cells.misfit[rows].any()
        },
        origins={
            column: Origin(cells.origin.file, cells.origin.header, cells.origin.lines[rows])
            for column, cells in there.items()
            if cells.origin is not None
        },
        extra_values=extra_values or {},
        missing_reason={
            column: why for column, why in (missing_reason or {}).items() if column not in there
        },
    )


def _build_column(coded: Encoded, rows: np.ndarray) -> Any:
    """The cells of some rows as pandas holds them: a dictionary of the values that occur, each once."""
    codes = coded.codes[rows]
    used = np.zeros(len(coded.values), bool)
    used[codes] = True
    place = np.cumsum(used) - 1
    encoded = coded.values.filter(pa.array(used)).dictionary_encode()
    short = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int32)
    whole = pa.DictionaryArray.from_arrays(
        pa.array(short[place[codes]], pa.int32()), encoded.dictionary
    )
    return pd.arrays.ArrowExtensionArray(pa.chunked_array([whole]))
