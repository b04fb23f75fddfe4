"""Our tables, made of the rows and columns of raw files as a column map says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from validator import frame
from validator.frame import values as frame_values
from validator.ingest.csv import header
from validator.ingest.formats.sis.plan import RAW, Plan, heading_of
from validator.ingest.normalize import columns as normalize_columns
from validator.ingest.normalize.columns import Cells
from validator.model import Export, File, MappedTable, Table, ColumnSource

TITLES = r"^(?i)(mr|mrs|ms|mx|miss|dr|prof|sr|fr)\.?\s+"
"""Forms of address that are no part of a name; RE2 syntax."""
NAMES: Mapping[str, tuple[str, str]] = {
    "Last, First": (r"^(?P<last>[^,]*)(?:,(?P<first>.*))?$", TITLES),
    "First Last": (r"^(?:(?P<first>.*)\s)?(?P<last>\S*)$", TITLES),
}


def table(one: MappedTable, base: Table, export: Export, *, plan: Plan, ours: File) -> Table:
    """One of our tables, made of the rows of its file that the map keeps."""
    columns: dict[str, Cells | None] = {}
    lacking = {
        column.name: f"the column map gives no {column.name} for {one.table}"
        for column in ours.columns
    }
    for name, taken in one.columns.items():
        columns[name] = _cells(taken, base, export, plan=plan, headed=one.headed)
        if columns[name] is None:
            lacking[name] = (
                f"there is no {' or '.join(taken.files)} to take it from"
                if taken.files and taken.files not in plan.joined
                else f"no column is called {' or '.join(taken.headers)}"
            )
    kept = np.ones(len(base), bool)
    for heading, values in one.only.items():
        if name := held(base, (heading,), one.headed):
            said = frame.encode_lower(base, name)
            kept &= said.broadcast(frame.is_among(said.values, pa.array(values, pa.string())))
    shared = list(plan.own.values()).count(plan.own[one.table]) > 1
    rows = np.flatnonzero(kept)
    if shared:
        rows = _distinct(
            [cell.coded for cell in columns.values() if cell is not None],
            rows,
            columns.get(ours.key),
        )
    return normalize_columns.build_table(
        one.table, ours.key, base, rows, columns, unread=base.unread, missing_reason=lacking
    )


def _name(base: Table, heading: str) -> str:
    """The name under which a column of this heading stands in the file's own table."""
    folded = header.fold_heading(heading)
    return next((name for name in base.headers if header.fold_heading(name) == folded), heading)


def _distinct(columns: Sequence[frame.Encoded], rows: np.ndarray, key: Cells | None) -> np.ndarray:
    """The first row of each record, where one file gives several tables; rows without a key are no record."""
    if key is not None:
        rows = rows[~_blank(key.coded)[rows]]
    number = np.zeros(len(rows), np.int64)
    for column in columns:
        number = frame.number_keys(number * max(len(column.values), 1) + column.codes[rows])[
            0
        ].astype(np.int64)
    return np.asarray(rows[frame.mark_firsts(number)])


def _blank(coded: frame.Encoded) -> np.ndarray:
    return np.asarray(frame_values.is_blank(frame_values.trim(coded.values))[coded.codes], bool)


def _cells(taken: ColumnSource, base: Table, export: Export, *, plan: Plan, headed: bool) -> Cells | None:
    """The values of one of our columns, None where the files do not have it."""
    found = None
    if taken.files:
        other = export.tables.get(RAW + plan.joined.get(taken.files, ""))
        if other is not None:
            found = _looked_up(taken, base, other, headed=headed)
    else:
        name = held(base, taken.headers, headed)
        found = normalize_columns.take_own(base, name) if name else None
    if found is None:
        return None
    if taken.split:
        found = replace(
            found,
            coded=frame.map_values(found.coded, lambda values: part(values, taken)),
            misfit=None,
        )
    if taken.codes:
        found = replace(
            found, coded=frame.map_values(found.coded, lambda values: _decoded(values, taken.codes))
        )
    return found


def held(base: Table, headers: Sequence[str], headed: bool) -> str:
    """The first of the headings that the file has, as its table calls it; "" for none."""
    names = (_name(base, heading_of(heading, headed)) for heading in headers)
    return next((name for name in names if base.has(name)), "")


def _looked_up(taken: ColumnSource, base: Table, other: Table, *, headed: bool) -> Cells | None:
    """The values in the row of another file that bears the same key; the first of several."""
    key, other_key = held(base, taken.key, headed), held(other, taken.other_key, headed)
    column = held(other, taken.headers, headed)
    if not (key and other_key and column):
        return None
    mine, theirs = frame.encode(base, key), frame.encode(other, other_key)
    first = np.full(len(theirs.values) + 1, -1, np.int64)
    first[theirs.codes[::-1]] = np.arange(len(other))[::-1]
    at = np.where(
        frame_values.is_blank(mine.values), -1, frame.find_positions(mine.values, theirs.values)
    )
    return normalize_columns.look_up(other, column, mine.broadcast(first[at]))


def part(values: pa.Array, taken: ColumnSource) -> pa.Array:
    """The first or last name of each whole name, without forms of address."""
    pattern, titles = NAMES[taken.split]
    bare = pc.replace_substring_regex(frame_values.trim(values), pattern=titles, replacement="")
    found = pc.struct_field(pc.extract_regex(bare, pattern=pattern), taken.part)
    return frame_values.trim(pc.fill_null(found, ""))


def _decoded(values: pa.Array, codes: Mapping[str, str]) -> pa.Array:
    """What each value stands for; a value that is no code stays."""
    trimmed = frame_values.trim(values)
    at = frame.find_positions(
        pc.utf8_lower(trimmed), pa.array([code.lower() for code in codes], pa.string())
    )
    meant = list(codes.values())
    return pa.array(
        [
            meant[code] if code >= 0 else value
            for code, value in zip(at.tolist(), trimmed.to_pylist(), strict=True)
        ],
        pa.string(),
    )
