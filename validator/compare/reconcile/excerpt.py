"""The rows of large exports that tell why records are lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from validator import frame
from validator.frame import values as frame_values
from validator.model import Places, Table

LARGE, EVENLY = 20_000, 2_000
"""Students from which on only some are judged, and how many of those who are not lost."""


def choose_rows(tables: Mapping[str, Table], lost: Mapping[str, np.ndarray]) -> Chosen | None:
    """Return large tables with the rows that tell why records are lost; None for small ones.

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
        kept = _refers(enrollments, "Student_id", students, mask)
        if sections is not None:
            kept |= _refers(enrollments, "Section_id", sections, lost["sections"])
        chosen["enrollments"] = _keep_rows(enrollments, kept)
    return Chosen(chosen, mask)


@dataclass(frozen=True, eq=False)
class Chosen:
    """Tables with some of their rows. students: which rows of the students those are."""

    tables: Mapping[str, Table]
    students: np.ndarray

    def place_in_whole(self, places: Sequence[Places]) -> list[Places]:
        """Return places of students with the numbers of their rows in the whole table."""
        rows = np.flatnonzero(self.students)
        return [
            replace(block, rows=rows[block.rows])
            if block.table == "students" and block.rows is not None
            else block
            for block in places
        ]


def _add_sharing(table: Table, column: str, mask: np.ndarray) -> np.ndarray:
    """Return the mask with the rows that have a value in common with those in it."""
    if column not in table.rows.columns:
        return mask
    cells = frame.get_arrow(table, column)
    wanted = cells.filter(pa.array(mask)).unique().cast(pa.string())
    wanted = wanted.filter(pa.array(~frame_values.is_blank(wanted)))
    if pa.types.is_dictionary(cells.type):
        cells = cells.cast(pa.string())
    shared = pc.is_in(cells, value_set=wanted).to_numpy(zero_copy_only=False)
    return np.asarray(mask | shared)


def _refers(table: Table, column: str, other: Table, mask: np.ndarray) -> np.ndarray:
    """Return the rows that refer to some rows of another table."""
    at = frame.locate_rows(table, column, other)
    return np.asarray((at >= 0) & mask[np.maximum(at, 0)])


def _keep_rows(table: Table, mask: np.ndarray) -> Table:
    """Return the table with only the rows of a mask."""
    origins = {
        column: replace(origin, lines=origin.lines[mask])
        for column, origin in table.origins.items()
    }
    violations = {column: bad[mask] for column, bad in table.schema_violations.items()}
    return replace(
        table, rows=table.rows[mask], origins=origins, schema_violations=violations, cache={}
    )
