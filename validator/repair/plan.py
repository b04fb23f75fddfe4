"""Which repairs an export gets: the diagnoses that were undone, then the form of its files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa

from validator import frame
from validator.diagnosis.scene import Scene
from validator.ingest.csv.whole import read_whole
from validator.ingest.source import Source
from validator.model import Diagnosis, Export, File, FileColumn, Report, Table
from validator.repair import forms, remainder
from validator.repair.cells import Facts
from validator.repair.descriptions import describe_files, is_raw
from validator.repair.recorder import (
    COLLIDES,
    ZEROS,
    Recorder,
    apply_recorded,
    list_collisions,
)
from validator.repair.selection import Selection
from validator.repair.state import State, start
from validator.vocabulary.grades import Grades

ROWS, ENCODING = "repeated-rows", "encoding"
NO_CHARACTERS = (
    "some of its bytes are not characters in any encoding, so this file was copied as it is"
)


def plan_repairs(
    report: Report,
    recorder: Recorder,
    selection: Selection,
    *,
    grades: Grades,
    sources: Mapping[str, Source],
    converted: bool = False,
) -> State:
    """Plan the repairs of a judged export: return repaired tables, and what is left.

    `recorder` watched its diagnosis; `sources` are the files of the export by name. `converted`:
    whether they will be written in another format.
    """
    export = report.export
    state = start(export)
    scene = Scene(export, {}, report.as_of, grades)
    for failing, count in list_collisions(scene):
        column = failing.columns[0] if len(failing.columns) == 1 else ""
        heading = failing.table.headers.get(column, column)
        state.leave_file(ZEROS, failing.table.file, heading, count=count, reason=COLLIDES)
    broken = leave_broken_text(state)
    remainder.leave_broken_rows(state)
    apply_recorded(state, recorder, selection, broken=broken)
    _leave_others(state, report.diagnoses, recorder)
    described = describe_files(export)
    files = {name: file for name, file in described.items() if name not in broken}
    by_rule = {outcome.rule.id: outcome for outcome in report.outcomes}
    forms.repair_garbled(state, by_rule, selection)
    formed = not is_raw(export)
    facts = Facts(report.as_of, grades, formed)
    forms.repair_cells(state, files, selection, facts=facts)
    _drop_equal_rows(state, files, selection, sources=sources)
    remainder.leave_rest(state, by_rule, selection.kinds, formed=formed, converted=converted)
    if converted and not formed:
        remainder.leave_mixed_dates(state)
    return state


def leave_broken_text(state: State) -> frozenset[str]:
    """Return the tables of files with bytes that are not characters; they are not repaired."""
    broken = {file.name for file in state.export.files if file.damaged}
    cut = state.export.defects.get("file-not-utf8", ())
    broken |= {block.file for block in cut if block.departure is None}
    for name in sorted(broken):
        state.leave_file(ENCODING, name, "", count=1, reason=NO_CHARACTERS)
    return frozenset(name for name, table in state.tables.items() if table.file in broken)


def _leave_others(state: State, diagnoses: Sequence[Diagnosis], recorder: Recorder) -> None:
    """Leave the diagnoses that no repair undoes to a person, each with its fix."""
    undone = {entry.id for entry in recorder.recorded}
    for diagnosis in diagnoses:
        if diagnosis.id in forms.READ_AS_MEANT or (diagnosis.sure and diagnosis.id in undone):
            continue
        reason = diagnosis.text.fix if diagnosis.sure else "it is possible, but not certain"
        for (file, heading), count in _count_damaged(state.export, diagnosis).items():
            state.leave_file(diagnosis.id, file, heading, count=max(count, 1), reason=reason)


def _count_damaged(export: Export, diagnosis: Diagnosis) -> Mapping[tuple[str, FileColumn], int]:
    """Count the cells or rows of a diagnosis that no repair undoes, by file and heading."""
    counts: Counter[tuple[str, FileColumn]] = Counter()
    for block in diagnosis.places:
        counts[block.file, _name_heading(export, block.table, block.column)] += len(block)
    if len(counts) > 1:
        return counts
    heading = _name_heading(export, diagnosis.table, diagnosis.column)
    return {(diagnosis.file, heading): diagnosis.records}


def _name_heading(export: Export, name: str, column: str | None) -> FileColumn:
    """Return the header in the file of a column that is left to a person, "" for whole rows."""
    table = export.find(name)
    return table.headers.get(column or "", column or "") if table is not None else column or ""


def _drop_equal_rows(
    state: State, files: Mapping[str, File], selection: Selection, *, sources: Mapping[str, Source]
) -> None:
    """Repair tables as `mend` does: drop rows equal to an earlier one in every column."""
    for name, file in files.items():
        table = state.tables.get(name)
        if table is None:
            continue
        rows = forms.find_equal_rows(table)
        if not len(rows):
            continue
        if not selection.wants(ROWS):
            state.leave(ROWS, name, "", count=len(rows), reason="it was not selected")
            continue
        if _has_unread_columns(state.export, table):
            rows = _compare_whole(table, rows, file, source=sources.get(table.file))
        state.drop_rows(ROWS, name, rows)


def _has_unread_columns(export: Export, table: Table) -> bool:
    """Return whether a file to repair has columns that its table lacks."""
    return any(file.name == table.file and file.columns_unused for file in export.files)


def _compare_whole(
    table: Table, rows: np.ndarray, file: File, *, source: Source | None
) -> np.ndarray:
    """Return rows that a repair may drop: equal to an earlier row in columns not read, too."""
    whole = read_whole(source.load(), file) if source is not None else None
    if whole is None or source is None:
        return np.zeros(0, np.intp)
    see = source.lines or _keep_lines
    lines = see(whole.lines)
    others = [at for at, name in enumerate(whole.head.cells) if whole.head.name_at(at) is None]
    keys = frame.number_keys(
        frame.combine_columns([frame.encode_raw(table, column) for column in table.records.columns])
    )[0]
    together = np.flatnonzero(np.isin(keys, keys[rows]))
    at = np.searchsorted(lines, table.lines[together])
    cells = [whole.column(column).take(pa.array(at)).to_pylist() for column in others]
    seen: set[tuple[object, ...]] = set()
    equal = []
    for row, key, rest in zip(
        together.tolist(), keys[together].tolist(), zip(*cells, strict=True), strict=True
    ):
        if (key, *rest) in seen:
            equal.append(row)
        seen.add((key, *rest))
    return np.asarray(equal, np.intp)


def _keep_lines(lines: np.ndarray) -> np.ndarray:
    """Return the lines of a file as they are, where a repair needs no other numbers."""
    return lines
