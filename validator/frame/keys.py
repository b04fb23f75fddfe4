"""What points at which row of another table."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from validator.frame.columns import encode, find_positions, remember
from validator.frame.people import is_unique_within_school
from validator.frame.values import BLANKS, is_blank
from validator.model import Table

BLANK, UNKNOWN, UNREAD = -1, -2, -3
"""Instead of a row number: no reference given; no such row; such a row exists but could not be read whole."""
MARK = r"^'(.+)$|^([0-9]+)\.0$"
"""What a spreadsheet, or a program that takes ids for numbers, adds to an id: '1001, 1001.0; RE2."""


def index_by_key(table: Table) -> tuple[pa.Array, np.ndarray]:
    """The distinct keys of a table and the first row of each (int32)."""

    def make() -> tuple[pa.Array, np.ndarray]:
        key = encode(table, table.key)
        first = np.full(len(key.values), UNKNOWN, np.int32)
        rows = np.arange(len(table), dtype=np.int32)[::-1]
        first[key.codes[::-1]] = rows
        return key.values, first

    return remember(table, "rows_by_key", make)


def locate_rows(table: Table, column: str, other: Table) -> np.ndarray:
    """Row number in `other` of what each row's `column` points at (int32), or BLANK, UNKNOWN, UNREAD.

    A reference that matches nothing as written but one key once leading zeros, or what a spreadsheet adds, are left out
    is located too: see `zeros_lost` and `marked`. Where the ids of `other` are unique only within a school, the row's
    own school decides.
    """
    return _pointed(table, column, other)[0]


def mark_lost_zeros(table: Table, column: str, other: Table) -> np.ndarray:
    """Bool mask of the rows whose reference was located only without regard to leading zeros."""
    return _pointed(table, column, other)[1]


def mark_marked(table: Table, column: str, other: Table) -> np.ndarray:
    """Bool mask of the rows whose reference was located only after MARK was taken off it or off the key."""
    return _pointed(table, column, other)[2]


def _pointed(table: Table, column: str, other: Table) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return remember(table, ("located", column, other.name), lambda: _located(table, column, other))


def _located(table: Table, column: str, other: Table) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    reference = encode(table, column)
    keys, first = index_by_key(other)
    found = find_positions(reference.values, keys)
    meant, bears_mark = _meant(reference.values, found, keys)
    found = np.where(meant >= 0, meant, found)
    row = (
        np.where(found >= 0, first[found], UNKNOWN) if len(first) else np.full(len(found), UNKNOWN)
    )
    row = row.astype(np.int32)
    if len(other.unread) or other.known_elsewhere:
        seen = pa.array(sorted(collect_unread_cells(other) | other.known_elsewhere), pa.string())
        row[(row == UNKNOWN) & (find_positions(reference.values, seen) >= 0)] = UNREAD
    row[is_blank(reference.values)] = BLANK
    spread = reference.broadcast(row)
    if is_unique_within_school(other) and table.has("School_id"):
        spread = _located_in_school(table, np.asarray(found[reference.codes]), spread, other)
    there = spread >= 0
    return (
        spread,
        reference.broadcast((meant >= 0) & ~bears_mark) & there,
        reference.broadcast(bears_mark) & there,
    )


def expand_to_key(table: Table, rows: np.ndarray) -> np.ndarray:
    """Bool mask of the given rows and all others that bear the key of one of them: a reference means them all."""
    named = np.zeros(len(table), bool)
    named[rows] = True
    if is_unique_within_school(table):
        return named
    key = encode(table, table.key)
    held = np.zeros(len(key.values), bool)
    held[key.codes[named]] = True
    return np.asarray(key.broadcast(held) & ~key.blank)


def _meant(values: pa.Array, found: np.ndarray, keys: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """Position of the one key that equals an unmatched number but for leading zeros, or an unmatched id but for MARK,
    else -1; and whether either bears one."""
    out, bears = np.full(len(values), -1, np.int64), np.zeros(len(values), bool)
    lost = np.flatnonzero(found < 0)
    lost = lost[~is_blank(values.take(pa.array(lost)))]
    if not len(lost) or not len(keys):
        return out, bears
    given = values.take(pa.array(lost))
    plain, plain_keys = _unmarked(given), _unmarked(keys)
    bare = _without_zeros(plain).dictionary_encode()
    meant = find_positions(_without_zeros(plain_keys), bare.dictionary)
    meant[is_blank(keys)] = -1
    alike = np.flatnonzero(meant >= 0)
    where = np.full(len(bare.dictionary), -1, np.int64)
    where[meant[alike]] = alike
    where[np.bincount(meant[alike], minlength=len(where)) > 1] = -1
    out[lost] = where[bare.indices.to_numpy(zero_copy_only=False)]
    hit = np.flatnonzero(out[lost] >= 0)
    there = pa.array(out[lost[hit]])
    bears[lost[hit]] = _differ(given, plain)[hit] | _differ(
        keys.take(there), plain_keys.take(there)
    )
    return out, bears


def _unmarked(values: pa.Array) -> pa.Array:
    """The values without what a spreadsheet adds to an id; nearly always they are what they were."""
    suspect = pc.or_(pc.starts_with(values, pattern="'"), pc.ends_with(values, pattern=".0"))
    if not pc.any(suspect, min_count=0).as_py():
        return values
    return pc.replace_substring_regex(values, pattern=MARK, replacement=r"\1\2")


def _without_zeros(values: pa.Array) -> pa.Array:
    """The values, numbers without their leading zeros."""
    return pc.if_else(pc.ascii_is_decimal(values), pc.ascii_ltrim(values, characters="0"), values)


def _differ(values: pa.Array, others: pa.Array) -> np.ndarray:
    return np.asarray(pc.not_equal(values, others).to_numpy(zero_copy_only=False), bool)


def _located_in_school(
    table: Table, key_code: np.ndarray, by_id: np.ndarray, other: Table
) -> np.ndarray:
    """Row numbers by school and id together; `key_code`: the other table's key code per row, -1 for none."""
    own, theirs = encode(table, "School_id"), encode(other, "School_id")
    school = find_positions(own.values, theirs.values)[own.codes]
    width = len(index_by_key(other)[0])
    there = theirs.codes.astype(np.int64) * width + encode(other, other.key).codes
    order = np.argsort(there, kind="stable")
    here = np.where((school >= 0) & (key_code >= 0), school * width + key_code, -1)
    at = np.minimum(np.searchsorted(there[order], here), len(order) - 1)
    hit = (here >= 0) & (there[order][at] == here)
    return np.where(hit, order[at], np.where(by_id >= 0, UNKNOWN, by_id)).astype(np.int32)


def collect_unread_cells(table: Table) -> set[str]:
    """Every trimmed cell of the rows that could not be read whole."""
    return remember(table, "unread_cells", lambda: _cells(table))


def _cells(table: Table) -> set[str]:
    return {cell.strip(BLANKS) for row in table.unread.cells for cell in row} - {""}


def mark_named_in_unread(table: Table, column: str, other: Table) -> np.ndarray:
    """Bool mask of the rows whose value occurs in a row of `other` that could not be read whole."""
    if not len(other.unread):
        return np.zeros(len(table), bool)
    values = encode(table, column)
    seen = pa.array(sorted(collect_unread_cells(other)), pa.string())
    return values.broadcast(find_positions(values.values, seen) >= 0)


def list_teacher_columns(sections: Table) -> list[str]:
    """The teacher columns of a sections table that the file has, primary first, then by number."""
    found = [
        (1 if name == "Teacher_id" else int(name.split("_")[1]), name)
        for name in sections.headers
        if name == "Teacher_id"
        or (name.startswith("Teacher_") and name.endswith("_id") and name[8:-3].isdigit())
    ]
    return [name for _, name in sorted(found)]


def list_references(table: Table) -> list[tuple[str, str]]:
    """The columns of a table that point at another one, with the table they point at."""
    targets = {"School_id": "schools", "Section_id": "sections", "Student_id": "students"}
    found = [
        (column, target)
        for column, target in targets.items()
        if table.has(column) and column != table.key
    ]
    teachers = list_teacher_columns(table) if table.name == "sections" else []
    return found + [(column, "teachers") for column in teachers]
