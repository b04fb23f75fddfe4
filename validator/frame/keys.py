"""References between tables: keys, and the rows that references point at."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from validator.frame.columns import encode, find_positions, remember
from validator.frame.people import is_unique_within_school
from validator.frame.values import BLANKS, is_blank
from validator.model import Table

BLANK, UNKNOWN, UNREAD = -1, -2, -3
"""In place of a row number: no reference; no such row; a row that could not be read whole."""
SPREADSHEET_MARK = r"^'(.+)$|^([0-9]+)\.0$"
"""What spreadsheets, and programs that treat ids as numbers, add to an id: '1001, 1001.0; RE2."""


@dataclass(frozen=True, eq=False)
class _References:
    """Per row of a table: the row it points at, and whether it took a repair to locate that row."""

    rows: np.ndarray
    without_zeros: np.ndarray
    without_mark: np.ndarray


@dataclass(frozen=True, eq=False)
class _Repaired:
    """Per reference value: position of the only key that it matches after repair, else -1.

    `marked` is True where the value or the key had a SPREADSHEET_MARK.
    """

    position: np.ndarray
    marked: np.ndarray


def index_by_key(table: Table) -> tuple[pa.Array, np.ndarray]:
    """The distinct keys of a table and the first row of each (int32)."""

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

    A reference that matches no key as written is also located where it matches exactly one key
    without leading zeros or without a SPREADSHEET_MARK; see `mark_lost_zeros` and
    `mark_spreadsheet_ids`. Where the ids of `other` are unique only within a school, the school of
    the referring row decides.
    """
    return _resolve(table, column, other).rows


def mark_lost_zeros(table: Table, column: str, other: Table) -> np.ndarray:
    """Bool mask of the rows whose reference matches a key only without leading zeros."""
    return _resolve(table, column, other).without_zeros


def mark_spreadsheet_ids(table: Table, column: str, other: Table) -> np.ndarray:
    """Bool mask of the rows whose reference matches a key only without a SPREADSHEET_MARK."""
    return _resolve(table, column, other).without_mark


def _resolve(table: Table, column: str, other: Table) -> _References:
    return remember(
        table,
        ("located", column, other.name),
        lambda: _resolve_references(table, column, other),
    )


def _resolve_references(table: Table, column: str, other: Table) -> _References:
    reference = encode(table, column)
    keys, first = index_by_key(other)
    exact = find_positions(reference.values, keys)
    repaired = _match_repaired(reference.values, exact, keys)
    is_repaired = repaired.position >= 0
    position = np.where(is_repaired, repaired.position, exact)
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
    located = rows >= 0
    return _References(
        rows,
        reference.broadcast(is_repaired & ~repaired.marked) & located,
        reference.broadcast(repaired.marked) & located,
    )


def expand_to_key(table: Table, rows: np.ndarray) -> np.ndarray:
    """Bool mask of the given rows and of all rows with the same key; a reference means them all."""
    wanted = np.zeros(len(table), bool)
    wanted[rows] = True
    if is_unique_within_school(table):
        return wanted
    key = encode(table, table.key)
    wanted_keys = np.zeros(len(key.values), bool)
    wanted_keys[key.codes[wanted]] = True
    return np.asarray(key.broadcast(wanted_keys) & ~key.blank)


def _match_repaired(values: pa.Array, exact: np.ndarray, keys: pa.Array) -> _Repaired:
    """Match the values without an exact match (`exact` is -1) to keys, ignoring zeros and marks."""
    position = np.full(len(values), -1, np.intp)
    marked = np.zeros(len(values), bool)
    unmatched = np.flatnonzero(exact < 0)
    unmatched = unmatched[~is_blank(values.take(pa.array(unmatched)))]
    if not len(unmatched) or not len(keys):
        return _Repaired(position, marked)
    written = values.take(pa.array(unmatched))
    plain, plain_keys = _strip_marks(written), _strip_marks(keys)
    bare = _strip_zeros(plain).dictionary_encode()
    bare_of_key = find_positions(_strip_zeros(plain_keys), bare.dictionary)
    bare_of_key[is_blank(keys)] = -1
    matching = np.flatnonzero(bare_of_key >= 0)
    key_of_bare = np.full(len(bare.dictionary), -1, np.intp)
    key_of_bare[bare_of_key[matching]] = matching
    keys_per_bare = np.bincount(bare_of_key[matching], minlength=len(key_of_bare))
    key_of_bare[keys_per_bare > 1] = -1
    position[unmatched] = key_of_bare[bare.indices.to_numpy(zero_copy_only=False)]
    hit = np.flatnonzero(position[unmatched] >= 0)
    matched_keys = pa.array(position[unmatched[hit]])
    value_marked = _differ(written, plain)[hit]
    key_marked = _differ(keys.take(matched_keys), plain_keys.take(matched_keys))
    marked[unmatched[hit]] = value_marked | key_marked
    return _Repaired(position, marked)


def _strip_marks(values: pa.Array) -> pa.Array:
    """The values without a SPREADSHEET_MARK; the same array in the usual case that none has one."""
    suspect = pc.or_(pc.starts_with(values, pattern="'"), pc.ends_with(values, pattern=".0"))
    if not pc.any(suspect, min_count=0).as_py():
        return values
    return pc.replace_substring_regex(values, pattern=SPREADSHEET_MARK, replacement=r"\1\2")


def _strip_zeros(values: pa.Array) -> pa.Array:
    """The values; those that are all digits without their leading zeros."""
    return pc.if_else(pc.ascii_is_decimal(values), pc.ascii_ltrim(values, characters="0"), values)


def _differ(values: pa.Array, others: pa.Array) -> np.ndarray:
    return np.asarray(pc.not_equal(values, others).to_numpy(zero_copy_only=False), bool)


def _locate_in_school(
    table: Table, key_code: np.ndarray, by_id: np.ndarray, *, other: Table
) -> np.ndarray:
    """Row numbers by school and id together; `key_code`: per row the key's code or -1."""
    own, theirs = encode(table, "School_id"), encode(other, "School_id")
    school = find_positions(own.values, theirs.values)[own.codes].astype(np.int64)
    width = len(index_by_key(other)[0])
    other_keys = theirs.codes.astype(np.int64) * width + encode(other, other.key).codes
    order = np.argsort(other_keys, kind="stable")
    wanted = np.where((school >= 0) & (key_code >= 0), school * width + key_code, -1)
    at = np.minimum(np.searchsorted(other_keys[order], wanted), len(order) - 1)
    hit = (wanted >= 0) & (other_keys[order][at] == wanted)
    otherwise = np.where(by_id >= 0, UNKNOWN, by_id)
    return np.where(hit, order[at], otherwise).astype(np.int32)


def collect_unread_cells(table: Table) -> set[str]:
    """Every trimmed cell of the rows that could not be read whole."""

    def collect() -> set[str]:
        cells = {cell.strip(BLANKS) for row in table.unread.cells for cell in row}
        return cells - {""}

    return remember(table, "unread_cells", collect)


def mark_named_in_unread(table: Table, column: str, other: Table) -> np.ndarray:
    """Bool mask of the rows whose value occurs in a row of `other` that could not be read whole."""
    if not len(other.unread):
        return np.zeros(len(table), bool)
    values = encode(table, column)
    cells = pa.array(sorted(collect_unread_cells(other)), pa.string())
    return values.broadcast(find_positions(values.values, cells) >= 0)


def list_teacher_columns(sections: Table) -> list[str]:
    """The teacher columns that a sections table has: the primary one first, then by number."""
    numbered = [
        (int(name[8:-3]), name)
        for name in sections.headers
        if name.startswith("Teacher_") and name.endswith("_id") and name[8:-3].isdigit()
    ]
    primary = ["Teacher_id"] if "Teacher_id" in sections.headers else []
    return primary + [name for _, name in sorted(numbered)]


def list_references(table: Table) -> list[tuple[str, str]]:
    """The columns of a table that refer to another table: `(column, other table)`."""
    targets = {"School_id": "schools", "Section_id": "sections", "Student_id": "students"}
    references = [
        (column, target)
        for column, target in targets.items()
        if table.has(column) and column != table.key
    ]
    teachers = list_teacher_columns(table) if table.name == "sections" else []
    return references + [(column, "teachers") for column in teachers]
