"""Excerpts of large exports: rows that are enough to explain why records are lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from validator import frame
from validator.frame import values as frame_values
from validator.model import Places, Table, dataclass

LARGE, EVENLY = 20_000, 2_000
"""Students from which only some are judged, and how many of those who are not lost."""


def choose_rows(tables: Mapping[str, Table], lost: Mapping[str, np.ndarray]) -> Chosen | None:
    """Choose rows of large tables that explain losses in a reconciliation; None if small.

    lost: kind -> bool per row. Students that share an id or an address with them stay, and some
    others evenly.
    """
    students = tables.get("students")
    if students is None or len(students) <= LARGE or students.extra_values:
        return None
    mask = lost["students"].copy()
    mask[:: max(len(students) // EVENLY, 1)] = True
    for column in ("Student_id", "Student_email", "Student_number"):
        mask = _add_sharing(students, column, mask)
    chosen = {"students": _keep_rows(students, mask)}
    enrollments, sections = tables.get("enrollments"), tables.get("sections")
    if enrollments is not None and not enrollments.extra_values:
        kept = _mark_referring(enrollments, students, mask)
        if sections is not None and lost["sections"].any():
            kept |= _mark_referring(enrollments, sections, lost["sections"])
        chosen["enrollments"] = _keep_rows(enrollments, kept)
    return Chosen(chosen, mask)


@dataclass(frozen=True, eq=False)
class Chosen:
    """Tables with some of their rows. students: which rows of the students those are."""

    tables: Mapping[str, Table]
    students: np.ndarray

    def place_in_whole(self, places: Sequence[Places]) -> list[Places]:
        """Return a reconciliation's places of students with row numbers of the whole table."""
        rows = np.flatnonzero(self.students)
        return [
            replace(block, rows=rows[block.rows])
            if block.table == "students" and block.rows is not None
            else block
            for block in places
        ]


def _add_sharing(table: Table, column: str, mask: np.ndarray) -> np.ndarray:
    """Add, to the rows a reconciliation must explain, those that share a value with them."""
    if column not in table.records.columns:
        return mask
    wanted = _list_values(table, column, mask)
    return np.asarray(mask | _mark_values(table, column, wanted))


def _mark_referring(table: Table, other: Table, mask: np.ndarray) -> np.ndarray:
    """Return which rows of a reconciled table refer to rows of another one."""
    if other.key not in table.records.columns:
        return np.zeros(len(table), bool)
    return _mark_values(table, other.key, _list_values(other, other.key, mask))


def _list_values(table: Table, column: str, mask: np.ndarray) -> pa.Array:
    """Return the distinct values of lost records in a reconciliation, without blanks."""
    values = frame_values.trim(
        frame.take_values(table, column, np.flatnonzero(mask)).cast("string")
    )
    return values.unique().filter(pa.array(~frame_values.is_blank(values.unique())))


def _mark_values(table: Table, column: str, wanted: pa.Array) -> np.ndarray:
    """Return which rows have a value that lost records of a reconciliation have."""
    cells = frame.get_arrow(table, column)
    if pa.types.is_dictionary(cells.type):
        encoded = frame.encode(table, column)
        return encoded.broadcast(frame.is_among(encoded.values, wanted))
    return np.asarray(pc.is_in(cells, value_set=wanted).to_numpy(), bool)


def _keep_rows(table: Table, mask: np.ndarray) -> Table:
    """Return the table with only the rows that a reconciliation needs."""
    origins = {
        column: replace(origin, lines=origin.lines[mask])
        for column, origin in table.origins.items()
    }
    violations = {column: bad[mask] for column, bad in table.schema_violations.items()}
    records = table.records.take(np.flatnonzero(mask))
    return replace(table, records=records, origins=origins, schema_violations=violations, cache={})
