"""Fillers that exports write where there is no id."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import partial

import numpy as np
import pyarrow.compute as pc

from validator import frame
from validator.diagnosis.edit import blank_cells, drop_file_rows
from validator.diagnosis.hypothesis import Inverse, Suspicion
from validator.diagnosis.references import LEAST_VALUES, Failing, list_failing, locate_cells
from validator.diagnosis.scene import Scene
from validator.model import Export

FILLERS = re.compile(r"0+|-+1?|9{4,}|n/?a|none|null|\\n|#n/a|tba|tbd", re.IGNORECASE)
"""What exports write where there is no id."""

SHAPE = f"^({FILLERS.pattern})$"

LINKS = (("enrollments", "students"), ("teaching", "teachers"))
"""Tables whose rows mean nothing without the person."""


def suspect_fillers(scene: Scene) -> Iterable[Suspicion]:
    """Suspect one filler, such as 0, where there is no reference.

    A section without a second teacher, or a row of enrollments that an export writes for a section
    without students. All references that match nothing are that one filler, or nearly all of them
    where others are single errors.
    """
    for failing in list_failing(scene):
        of_teachers = failing.other.name == "teachers"
        if not of_teachers and (failing.table.name, failing.other.name) not in LINKS:
            continue
        if not pc.any(pc.match_substring_regex(failing.distinct, SHAPE, ignore_case=True)).as_py():
            continue
        fillers = [value for value in failing.values if FILLERS.fullmatch(value)]
        if len(fillers) != 1:
            continue
        hit = np.asarray([value == fillers[0] for value in failing.values], bool)
        count = failing.count_cells(hit)
        if count < LEAST_VALUES:
            continue
        yield Suspicion(
            "zero-for-none",
            locate_cells(failing, hit),
            f"{count:,} cells of {_name_files(failing)} hold one and the same filler, which is no "
            f"id of {failing.other.file}",
            symptoms=frozenset((failing.table.name, column) for column in failing.columns),
            repaired=count,
            failing=failing.count,
            inverse=_undo(failing, hit),
        )


def _name_files(failing: Failing) -> str:
    """Return the name of the file in which a hypothesis suspects filler ids."""
    origin = failing.table.origins.get(failing.columns[0])
    return origin.file if origin else failing.table.file


def _undo(failing: Failing, hit: np.ndarray) -> Inverse:
    """Return the change that leaves out the cells, or the rows that mean nothing without them."""
    table = failing.table
    cells = [
        (column, rows[hit[codes]])
        for column, rows, codes in zip(failing.columns, failing.rows, failing.codes, strict=True)
    ]
    lines = _list_lines(failing, cells)
    if not lines:
        return partial(blank_cells, cells=[(table.name, column, rows) for column, rows in cells])

    def undo(export: Export) -> Export:
        originals = export.originals
        files = originals.tables if originals is not None else export.tables
        gone = {
            name: np.isin(source.lines, lines[source.file])
            for name, source in files.items()
            if source.file in lines
        }
        return drop_file_rows(export, gone)

    return undo


def _list_lines(failing: Failing, cells: list[tuple[str, np.ndarray]]) -> dict[str, np.ndarray]:
    """Return the lines of links with a filler id, by file, that a suspicion of fillers explains."""
    table = failing.table
    lines: dict[str, list[np.ndarray]] = {}
    for column, rows in cells:
        origin = table.origins.get(column)
        is_other = origin is not None and origin.file != table.file
        if is_other or (table.name, failing.other.name) in LINKS:
            for trace in frame.trace_cells(table, column, rows):
                lines.setdefault(trace.file, []).append(trace.lines)
    return {file: np.concatenate(several) for file, several in lines.items()}
