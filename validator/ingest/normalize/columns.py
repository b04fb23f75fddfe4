"""Columns that keep the file and line of each cell, and the tables made of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from validator.frame import Encoded, encode, encode_raw, join_values
from validator.frame import values as frame_values
from validator.model import ExtraValues, FileColumn, Origin, Table, Unread, build_records, dataclass

MARK = "-"
"""The character between the parts of an id that is made of several columns."""


@dataclass(frozen=True, eq=False)
class Cells:
    """A future column, with a cell for every row of the base table.

    header: the column in its own file.
    origin: the other file that the values come from, with line 0 for rows without a value.
    violations: bool mask of the rows whose value breaks the format's schema.
    """

    header: FileColumn
    coded: Encoded
    origin: Origin | None = None
    violations: np.ndarray | None = None


Columns = Mapping[str, Cells | None]
"""Our column name -> its cells, None for a column that no file has."""


def take_own(base: Table, column: str) -> Cells | None:
    """Return a column of the base table, exactly as in the file; None if the file lacks it."""
    if not base.has(column):
        return None
    return Cells(
        base.headers[column],
        encode_raw(base, column),
        violations=base.schema_violations.get(column),
    )


def look_up(source: Table, column: str, at: np.ndarray) -> Cells | None:
    """Return per row of a roster column the value in row `at` of another file's table.

    None if that table has no such column.
    """
    if not source.has(column):
        return None
    values = encode_raw(source, column)
    known, row = at >= 0, np.maximum(at, 0)
    codes, lines = np.full(len(at), len(values.values), np.int32), np.zeros(len(at), np.int32)
    violations = np.zeros(len(at), bool)
    if len(source):
        codes[known], lines[known] = values.codes[row[known]], source.lines[row[known]]
        violations[known] = source.schema_violations.get(column, np.zeros(len(source), bool))[
            row[known]
        ]
    coded = Encoded(pa.concat_arrays([values.values, pa.array([""], pa.string())]), codes)
    return Cells(
        source.headers[column],
        coded,
        Origin(source.file, source.headers[column], lines, source.parts),
        violations,
    )


def derive(header: FileColumn, values: pa.Array, codes: np.ndarray) -> Cells:
    """Return a roster column that is computed from the base table's own column `header`."""
    return Cells(header, Encoded(values, np.asarray(codes, np.int32)))


def combine_columns(table: Table, columns: Sequence[str]) -> Encoded:
    """Return the ids that columns of a format's table are together, blank where a part is."""
    return _join_columns(table, columns, _join_ids)


def join_names(table: Table, columns: Sequence[str]) -> Encoded:
    """Return the names that columns of a format's table are together, such as first and last."""
    return _join_columns(table, columns, _join_words)


def _join_ids(left: pa.Array, right: pa.Array) -> pa.Array:
    """Join parts of ids of a format's table; blank where one is."""
    is_blank = frame_values.is_blank(left) | frame_values.is_blank(right)
    return pc.if_else(pa.array(is_blank), "", pc.binary_join_element_wise(left, right, MARK))


def _join_words(left: pa.Array, right: pa.Array) -> pa.Array:
    """Join parts of names of a format's table with a blank."""
    return frame_values.trim(pc.binary_join_element_wise(left, right, " "))


def _join_columns(
    table: Table, columns: Sequence[str], join: Callable[[pa.Array, pa.Array], pa.Array]
) -> Encoded:
    """Join columns of a format's table from left to right."""
    whole = encode(table, columns[0])
    for column in columns[1:]:
        whole = join_values(whole, encode(table, column), join)
    return whole


def fill_blanks(first: Cells | None, second: Cells | None) -> Cells | None:
    """Return the cells of a roster column, from a second source where the first is blank."""
    if first is None or second is None:
        return first or second
    upper, lower = first.coded, second.coded
    blank = frame_values.is_blank(frame_values.trim(upper.values))[upper.codes]
    codes = np.where(blank, lower.codes + len(upper.values), upper.codes).astype(np.int32)
    coded = Encoded(pa.concat_arrays([upper.values, lower.values]), codes)
    count = len(codes)
    origin = second.origin or first.origin
    if origin is not None:
        of_second, of_first = _get_lines(second, origin, count), _get_lines(first, origin, count)
        lines = np.where(blank, of_second, of_first).astype(np.int32)
        origin = replace(origin, lines=lines)
    violations = np.where(blank, _get_violations(second, count), _get_violations(first, count))
    return Cells(first.header, coded, origin, violations)


def _get_lines(cells: Cells, origin: Origin, count: int) -> np.ndarray:
    """Return the lines of cells while normalizing: in the file of `origin`, 0 for other files."""
    own = cells.origin
    if own is None or own.file != origin.file:
        return np.zeros(count, np.int32)
    return own.lines


def _get_violations(cells: Cells, count: int) -> np.ndarray:
    """Return a column's schema violations, while normalizing it; none where no cell was judged."""
    return cells.violations if cells.violations is not None else np.zeros(count, bool)


def name_absent(table: Table, names: Mapping[str, str]) -> dict[str, str]:
    """Return why columns are missing in a normalized table whose own file should provide them.

    `names`: column -> the column of the table, as its format names it.
    """
    return {
        column: f"{table.file} has no {own} column"
        for column, own in names.items()
        if not table.has(own)
    }


def build_table(
    name: str,
    key: str,
    base: Table,
    *,
    rows: np.ndarray,
    columns: Columns,
    unread: Unread | None = None,
    missing_reason: Mapping[str, str] | None = None,
    extra_values: Mapping[str, ExtraValues] | None = None,
) -> Table:
    """Return a roster table of some rows of a format's own table with these columns.

    `rows` are row numbers, which ascend. The lines are those of the base table.
    """
    present = {column: cells for column, cells in columns.items() if cells is not None}
    frame = {column: _build_column(cells.coded, rows) for column, cells in present.items()}
    lines = base.lines[rows]
    kept = set(lines.tolist()) if base.end_lines else set()
    return Table(
        name,
        base.file,
        key,
        build_records(frame, lines),
        headers={column: cells.header for column, cells in present.items()},
        header_line=base.header_line,
        unread=unread or Unread(),
        end_lines={line: end for line, end in base.end_lines.items() if line in kept},
        schema_violations=_select_violations(present, rows),
        origins=_select_origins(present, rows),
        extra_values=extra_values or {},
        missing_reason={
            column: why for column, why in (missing_reason or {}).items() if column not in present
        },
        parts=base.parts,
    )


def _select_violations(columns: Mapping[str, Cells], rows: np.ndarray) -> dict[str, np.ndarray]:
    """Select the schema violations of some rows of a column, while normalizing it."""
    selected = {}
    for name, cells in columns.items():
        if cells.violations is not None and cells.violations[rows].any():
            selected[name] = cells.violations[rows]
    return selected


def _select_origins(columns: Mapping[str, Cells], rows: np.ndarray) -> dict[str, Origin]:
    """Return the origins of some rows, for the columns that come from another file."""
    return {
        name: replace(cells.origin, lines=cells.origin.lines[rows])
        for name, cells in columns.items()
        if cells.origin is not None
    }


def _build_column(coded: Encoded, rows: np.ndarray) -> pa.Array:
    """Build a normalized column of the cells read in some rows: an Arrow dictionary."""
    values, codes = coded.values, coded.codes[rows]
    used = np.zeros(len(values), bool)
    used[codes] = True
    if not used.all():
        values, codes = values.filter(pa.array(used)), (np.cumsum(used, dtype=np.int32) - 1)[codes]
    encoded = values.dictionary_encode()
    if len(encoded.dictionary) < len(values):
        codes = encoded.indices.to_numpy(zero_copy_only=False)[codes]
    return pa.DictionaryArray.from_arrays(pa.array(codes, pa.int32()), encoded.dictionary)
