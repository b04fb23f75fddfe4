"""The files of an export while they are repaired, and what was changed so far."""

from __future__ import annotations

from dataclasses import field, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from validator import frame
from validator.diagnosis import table_edit
from validator.frame.arrays import repeat_each
from validator.model import Export, FileColumn, Table, dataclass
from validator.repair.changes import Changes, Left, What, encode_texts


@dataclass(eq=False)
class State:
    """The tables of an export's files, as far as they are repaired.

    export: the export as it was read. tables: its files' tables by name. changes: all changes so
    far, in order. left: what is left for a person.
    """

    export: Export
    tables: dict[str, Table]
    changes: list[Changes] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    roster_steps: list[Any] = field(default_factory=list)

    def set_cells(
        self, kind: str, name: str, column: str, *, rows: np.ndarray, values: Any
    ) -> None:
        """Change some cells of a table (row numbers and their new values) and record it."""
        if not len(rows):
            return
        table = self.tables[name]
        known = column in table.records.columns
        before: Any = pa.array([""] * len(rows), pa.string())
        if known:
            before = frame.take_values(table, column, rows)
        heading = table.headers.get(column, column)
        self.changes.append(
            Changes(
                kind,
                What.CELL,
                name,
                table.file,
                heading,
                table.lines[rows].astype(np.int32),
                encode_texts(before),
                encode_texts(values),
                repeats=_count_repeats(table, rows),
                headed=table.headed,
            )
        )
        changed = table_edit.set_cells(
            table, column, rows, values=encode_texts(values).cast(pa.string())
        )
        self.tables[name] = changed

    def set_values(
        self, kind: str, name: str, column: str, *, wanted: np.ndarray, values: pa.Array
    ) -> None:
        """Change distinct values of a column: `values` are the new ones where `wanted` is True.

        Both have an entry for each distinct value of `frame.encode_raw`.
        """
        encoded = frame.encode_raw(self.tables[name], column)
        rows = np.flatnonzero(encoded.broadcast(wanted))
        new = pa.DictionaryArray.from_arrays(pa.array(encoded.codes[rows]), values)
        self.set_cells(kind, name, column, rows=rows, values=new)

    def take_rows(self, name: str, rows: np.ndarray) -> None:
        """Keep these rows (row numbers in order, may repeat) of a table that is repaired."""
        table = self.tables[name]
        self.tables[name] = replace(
            table,
            records=table.records.take(rows),
            origins={},
            schema_violations={},
            extra_values={},
            cache={},
        )

    def drop_rows(self, kind: str, name: str, rows: np.ndarray) -> None:
        """Drop rows (row numbers) of a table in a repair, and record it in mend's log."""
        if not len(rows):
            return
        table = self.tables[name]
        keep = np.ones(len(table), bool)
        keep[rows] = False
        self.record_rows(kind, What.ROW_REMOVED, name, lines=table.lines[rows])
        self.take_rows(name, np.flatnonzero(keep))

    def record_rows(
        self,
        kind: str,
        what: What,
        name: str,
        *,
        lines: np.ndarray,
        repeats: np.ndarray | None = None,
    ) -> None:
        """Record rows that are removed or added, without their texts, which the writer adds."""
        blank = encode_texts(pa.array([""] * len(lines), pa.string()))
        table = self.tables[name]
        self.changes.append(
            Changes(
                kind,
                what,
                name,
                table.file,
                "",
                lines.astype(np.int32),
                blank,
                blank,
                repeats=repeats,
                headed=table.headed,
            )
        )

    def leave(self, kind: str, name: str, column: str, *, count: int, reason: str) -> None:
        """Record cells of a table that are left for a person."""
        table = self.tables[name]
        heading = table.headers.get(column, column)
        self.leave_file(kind, table.file, heading, count=count, reason=reason)

    def leave_file(
        self, kind: str, file: str, column: FileColumn, *, count: int, reason: str
    ) -> None:
        """Record what is left for a person in a file."""
        entry = Left(kind, file, column, count, reason)
        if count and entry not in self.left:
            self.left.append(entry)

    def rebuild(self) -> Export:
        """Rebuild the export from its repaired files."""
        originals = self.export.originals
        if originals is None:
            return self.export.with_tables(self.tables)
        return originals.rebuild(self.tables)


def start(export: Export) -> State:
    """Return the state before any repair."""
    originals = export.originals
    tables = originals.tables if originals is not None else export.tables
    return State(export, dict(tables))


def _count_repeats(table: Table, rows: np.ndarray) -> np.ndarray | None:
    """Number the rows of one line in a file to repair, None where lines do not repeat."""
    lines = table.lines
    if not _has_repeats(lines):
        return None
    repeats: np.ndarray = number_repeats(lines)[rows]
    return repeats


def _has_repeats(lines: np.ndarray) -> bool:
    """Return whether several rows of a file to repair are on one line."""
    return len(lines) > 1 and bool((lines[1:] == lines[:-1]).any())


def number_repeats(lines: np.ndarray) -> np.ndarray:
    """Return how many rows of the same line come directly before each row to repair."""
    if not _has_repeats(lines):
        return np.zeros(len(lines), np.int32)
    new = np.append(True, lines[1:] != lines[:-1])
    starts = np.flatnonzero(new)
    counts = np.diff(np.append(starts, len(lines)))
    turn = np.arange(len(lines)) - repeat_each(starts, counts)
    return np.asarray(turn.astype(np.int32))


COMPARED = 1 << 18
"""Rows that are compared at a time, so that few are decoded together."""


def differ(left: Any, right: Any) -> np.ndarray:
    """Return the positions at which two text arrays differ by a repair."""
    if _is_same(left, right):
        return np.zeros(0, np.intp)
    parts = [
        start + _differ(left.slice(start, COMPARED), right.slice(start, COMPARED))
        for start in range(0, len(left), COMPARED)
    ]
    return np.concatenate(parts) if parts else np.zeros(0, np.intp)


def _differ(left: Any, right: Any) -> np.ndarray:
    """Return the positions at which two parts of a column to repair differ."""
    unequal = pc.not_equal(decode_text(left), decode_text(right))
    return np.flatnonzero(unequal.to_numpy(zero_copy_only=False))


def decode_text(values: Any) -> Any:
    """Return text to repair without a dictionary, in the same order."""
    if not pa.types.is_dictionary(values.type):
        return values
    chunks = values.chunks if isinstance(values, pa.ChunkedArray) else [values]
    return pa.chunked_array([chunk.cast(pa.string()) for chunk in chunks], pa.string())


def _is_same(left: Any, right: Any) -> bool:
    """Return whether a repair left a column untouched: both arrays share their memory."""
    return left is right or (
        left.type == right.type and _list_addresses(left) == _list_addresses(right)
    )


def _list_addresses(values: Any) -> list[tuple[int, ...]]:
    """Return the memory addresses of an array, to see whether a repair changed it."""
    chunks = values.chunks if isinstance(values, pa.ChunkedArray) else [values]
    addresses = []
    for chunk in chunks:
        parts = [chunk]
        if pa.types.is_dictionary(chunk.type):  # whose buffers are those of the codes alone
            parts.append(chunk.dictionary)
        addresses += [
            (
                len(part),
                part.offset,
                *(buffer.address if buffer is not None else 0 for buffer in part.buffers()),
            )
            for part in parts
        ]
    return addresses
