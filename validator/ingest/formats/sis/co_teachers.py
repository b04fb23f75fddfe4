"""Sections of a raw export that have a row for each of their teachers."""

from __future__ import annotations

import numpy as np

from validator.ingest.formats.sis.selection import find_column, number_rows
from validator.ingest.normalize import columns as normalize_columns
from validator.ingest.normalize.columns import Cells
from validator.ingest.normalize.sections import MAX_TEACHERS
from validator.model import MappedTable, Table

Columns = dict[str, Cells | None]
KEY, TEACHER = "Section_id", "Teacher_id"


def join_co_teachers(
    mapped: MappedTable, base: Table, columns: Columns, *, rows: np.ndarray
) -> tuple[Columns, np.ndarray]:
    """Return the columns and rows of a raw table: each section once, with all of its teachers.

    Only where the rows of each section in the raw file differ in the teacher and in no other
    column that the map names. All other repeated rows stay as they are.
    """
    person = _find_teacher(mapped, base, columns)
    key, teacher = columns.get(KEY), columns.get(TEACHER)
    if not person or key is None or teacher is None:
        return columns, rows
    filled = rows[~key.coded.blank[rows]]
    sections = number_rows(filled, [key.coded])
    count = sections.max(initial=-1) + 1
    if count == len(filled):
        return columns, rows
    others = [cells.coded for name, cells in columns.items() if name != TEACHER and cells]
    same = number_rows(filled, others)
    pairs = number_rows(filled, [key.coded, teacher.coded])
    is_apart = same.max(initial=-1) + 1 == count and pairs.max(initial=-1) + 1 == len(filled)
    seat = _number_within(sections)
    if not is_apart or not 0 < seat.max(initial=0) < MAX_TEACHERS:
        return columns, rows
    firsts = filled[seat == 0]
    first = np.zeros(count, np.intp)
    first[sections[seat == 0]] = firsts
    further: dict[str, Cells | None] = {}
    for number in range(1, int(seat.max()) + 1):
        post = np.full(len(base), -1, np.int64)
        post[first[sections[seat == number]]] = filled[seat == number]
        further[f"Teacher_{number + 1}_id"] = normalize_columns.look_up(base, person, post)
    kept = np.setdiff1d(rows, filled[seat > 0], assume_unique=True)
    return {**columns, **further}, kept


def _find_teacher(mapped: MappedTable, base: Table, columns: Columns) -> str:
    """Return the raw file's column with the teacher of sections, "" unless it is the only one."""
    taken = mapped.columns.get(TEACHER)
    others = [name for name in columns if name.startswith("Teacher_") and name != TEACHER]
    if mapped.table != "sections" or taken is None or taken.files or others:
        return ""
    return find_column(base, taken.headers)


def _number_within(sections: np.ndarray) -> np.ndarray:
    """Return for each row of a raw file which row of its section it is, from 0."""
    order = np.argsort(sections, kind="stable")
    ordered = sections[order]
    begins = np.searchsorted(ordered, ordered)
    seat = np.zeros(len(sections), np.int64)
    seat[order] = np.arange(len(sections)) - begins
    return seat
