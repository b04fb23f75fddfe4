"""References between tables: keys, and the rows that references point at."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from validator.frame.arrays import mark_numbers, sort_positions
from validator.frame.cache import remember
from validator.frame.columns import encode
from validator.frame.lookup import find_positions
from validator.frame.people import is_unique_within_school
from validator.frame.values import is_blank, trim_cell
from validator.model import Table

BLANK, UNKNOWN, UNREAD = -1, -2, -3
"""In place of a row number: no reference; no such row; a row that could not be read whole."""

LONG, MANY_EACH = 1 << 20, 1 << 10
"""Rows of a long table, and references to each record, from which they are located each time: that
takes little time, and their row numbers much memory."""


def index_by_key(table: Table) -> tuple[pa.Array, np.ndarray]:
    """Index a frame by key: the distinct keys and the first row of each (int32)."""

    def build() -> tuple[pa.Array, np.ndarray]:
        key = encode(table, table.key)
        first = np.full(len(key.values), UNKNOWN, np.int32)
        # NumPy keeps the last of repeated assignments, so rows are assigned in reverse order.
        rows = np.arange(len(table), dtype=np.int32)[::-1]
        first[key.codes[::-1]] = rows
        return key.values, first

    return remember(table, "rows_by_key", build)


def locate_rows(table: Table, column: str, other: Table) -> np.ndarray:
    """Row number in `other` that each row's `column` refers to (int32), or BLANK, UNKNOWN, UNREAD.

    Ids are compared exactly, as the destinations do. Where the ids of `other` are unique only
    within a school, the school of the referring row decides.
    """
    if len(table) > LONG and len(encode(table, column).values) < len(table) // MANY_EACH:
        return _locate(table, column, other)
    return remember(
        table,
        ("located", column, other.name),
        lambda: _locate(table, column, other),
    )


def _locate(table: Table, column: str, other: Table) -> np.ndarray:
    """Locate in another frame the row that each encoded key of a column refers to, or below 0."""
    reference = encode(table, column)
    keys, first = index_by_key(other)
    position = find_positions(reference.values, keys)
    row = np.full(len(position), UNKNOWN, np.int32)
    if len(first):
        row = np.where(position >= 0, first[position], UNKNOWN).astype(np.int32)
    if len(other.unread) or other.known_elsewhere:
        known = sorted(collect_unread_cells(other) | other.known_elsewhere)
        in_known = find_positions(reference.values, pa.array(known, pa.string())) >= 0
        row[(row == UNKNOWN) & in_known] = UNREAD
    row[is_blank(reference.values)] = BLANK
    rows = reference.broadcast(row)
    if is_unique_within_school(other) and table.has("School_id"):
        rows = _locate_in_school(table, np.asarray(position[reference.codes]), rows, other=other)
    return rows


def match_users(table: Table, other: Table) -> np.ndarray:
    """Code that each person's key has in `other`'s key column (int32), -1 where it has none there.

    A user with two roles is a person of two tables that come from one file of users, under one id.
    Where the tables have separate files or id columns, people with equal ids may differ: all -1.
    """
    is_one_file = table.name != other.name and table.file == other.file
    if not is_one_file or table.headers.get(table.key) != other.headers.get(other.key):
        return np.full(len(table), -1, np.int32)
    key = encode(table, table.key)
    position = find_positions(key.values, encode(other, other.key).values).astype(np.int32)
    position[is_blank(key.values)] = -1
    return key.broadcast(position)


def expand_to_key(table: Table, rows: np.ndarray) -> np.ndarray:
    """Bool mask of the given rows and of all rows with the same key; a reference means them all."""
    wanted = rows.copy() if rows.dtype == bool else mark_numbers(rows, len(table))
    if is_unique_within_school(table):
        return wanted
    key = encode(table, table.key)
    wanted_keys = np.zeros(len(key.values), bool)
    wanted_keys[key.codes[wanted]] = True
    return np.asarray(key.broadcast(wanted_keys) & ~key.blank)


def _locate_in_school(
    table: Table, key_code: np.ndarray, by_id: np.ndarray, *, other: Table
) -> np.ndarray:
    """Row numbers by school and id together; `key_code`: per row the key's code or -1."""
    own, theirs = encode(table, "School_id"), encode(other, "School_id")
    school = find_positions(own.values, theirs.values)[own.codes].astype(np.int64)
    width = len(index_by_key(other)[0])
    other_keys = theirs.codes.astype(np.int64) * width + encode(other, other.key).codes
    order = sort_positions(other_keys)
    wanted = np.where((school >= 0) & (key_code >= 0), school * width + key_code, -1)
    at = np.minimum(np.searchsorted(other_keys[order], wanted), len(order) - 1)
    hit = (wanted >= 0) & (other_keys[order][at] == wanted)
    otherwise = np.where(by_id >= 0, UNKNOWN, by_id)
    return np.where(hit, order[at], otherwise).astype(np.int32)


def collect_unread_cells(table: Table) -> set[str]:
    """Collect the trimmed cells of a frame's unread rows, to look up keys it does not know."""

    def collect() -> set[str]:
        cells = {trim_cell(cell) for row in table.unread.cells for cell in row}
        return cells - {""}

    return remember(table, "unread_cells", collect)


def mark_named_in_unread(table: Table, column: str, other: Table) -> np.ndarray:
    """Bool mask over an encoded column: the keys that occur in a row of `other` not read whole."""
    if not len(other.unread):
        return np.zeros(len(table), bool)
    values = encode(table, column)
    cells = pa.array(sorted(collect_unread_cells(other)), pa.string())
    return values.broadcast(find_positions(values.values, cells) >= 0)


def list_teacher_columns(sections: Table) -> list[str]:
    """List the columns of teachers' keys in a sections table: the primary one first."""
    numbered = [
        (int(name[8:-3]), name)
        for name in sections.headers
        if name.startswith("Teacher_") and name.endswith("_id") and name[8:-3].isdigit()
    ]
    primary = ["Teacher_id"] if "Teacher_id" in sections.headers else []
    return primary + [name for _, name in sorted(numbered)]


def list_references(table: Table) -> list[tuple[str, str]]:
    """List the references of a table in the frame, by key: `(column, other table)`."""
    targets = {"School_id": "schools", "Section_id": "sections", "Student_id": "students"}
    references = [
        (column, target)
        for column, target in targets.items()
        if table.has(column) and column != table.key
    ]
    teachers = list_teacher_columns(table) if table.name == "sections" else []
    return references + [(column, "teachers") for column in teachers]
