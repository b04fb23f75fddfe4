"""The problems of a report that `mend` would put right, found without mending anything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from validator.diagnosis.scene import Scene
from validator.model import (
    Departure,
    Export,
    File,
    FileColumn,
    Level,
    Outcome,
    Places,
    RepairKind,
    Report,
    Status,
)
from validator.repair import forms
from validator.repair.cells import Facts
from validator.repair.changes import Changes
from validator.repair.descriptions import describe_files, is_raw
from validator.repair.form_rules import GONE
from validator.repair.recorder import ZEROS, list_collisions
from validator.repair.selection import Selection
from validator.repair.state import State, start
from validator.vocabulary.grades import Grades

BY_DEPARTURE = {
    "file-not-utf8": frozenset({Departure.ENCODING_UTF_16, Departure.ENCODING_WINDOWS_1252}),
    "header-missing": frozenset({Departure.LINES_ABOVE_HEADER}),
    "file-missing": frozenset({Departure.FILE_NAME_ALIAS}),
    "row-wrong-length": frozenset({Departure.ROW_EMPTY_CELLS}),
}
"""Rules whose findings of these departures are gone once the files are written again."""


def list_mends(report: Report, kinds: Mapping[str, RepairKind], grades: Grades) -> frozenset[str]:
    """List the diagnoses and rules all of whose records `mend` puts right by default."""
    mends = {each.id for each in report.diagnoses if each.mend or _is_form(each.id, each.sure)}
    if ZEROS in mends and list_collisions(Scene(report.export, {}, report.as_of, grades)):
        mends.discard(ZEROS)
    findings = [outcome for outcome in report.findings() if outcome.level is not Level.FACT]
    by_value = {rule for kind in kinds.values() for rule in kind.rules} - GONE
    by_value -= BY_DEPARTURE.keys()
    mends |= {outcome.rule.id for outcome in findings if _is_written_right(outcome)}
    others = [outcome for outcome in findings if outcome.rule.id in by_value]
    if others:
        mends |= _list_changed(report, others, Selection(kinds), grades=grades)
    return frozenset(mends)


def _is_form(id: str, sure: bool) -> bool:
    """Return whether a diagnosis is repaired by reading the file as it should be read."""
    return sure and id in forms.READ_AS_MEANT


def _is_written_right(outcome: Outcome) -> bool:
    """Return whether `mend` puts a finding right just by writing the files again."""
    rule, blocks = outcome.rule.id, list_places(outcome)
    if rule in GONE:
        return bool(blocks)
    allowed = BY_DEPARTURE.get(rule, frozenset())
    return bool(blocks) and all(block.departure in allowed for block in blocks)


def list_places(outcome: Outcome) -> Sequence[Places]:
    """Return the places of a finding that `mend` might put right."""
    if outcome.status is not Status.FOUND or outcome.finding is None:
        return ()
    return outcome.finding.places


def _list_changed(
    report: Report, outcomes: Sequence[Outcome], selection: Selection, *, grades: Grades
) -> set[str]:
    """Return the rules all of whose cells or rows a repair of form would change."""
    export = report.export
    state = start(export)
    named = {
        (block.file, heading)
        for outcome in outcomes
        for block in list_places(outcome)
        for heading in _list_headings(export, block)
    }
    files = dict(_narrow(describe_files(export), state, named))
    facts = Facts(report.as_of, replace(grades, source=export.format), formed=not is_raw(export))
    by_rule = {outcome.rule.id: outcome for outcome in outcomes}
    forms.repair_garbled(state, by_rule, selection)
    forms.repair_cells(state, files, selection, facts=facts)
    _drop_equal_rows(state, named)
    changed = group_changes(state.changes)
    return {
        outcome.rule.id
        for outcome in outcomes
        if list_places(outcome)
        and all(mark_covered(export, block, changed).all() for block in list_places(outcome))
    }


def _list_headings(export: Export, block: Places) -> list[FileColumn]:
    """Return the heading under which `mend` would change the cells of a finding."""
    if block.column is None:
        return [""]
    table = export.find(block.table)
    if table is None:
        return [block.column]
    origin = table.origins.get(block.column)
    own = table.headers.get(block.column, block.column)
    return [origin.header if origin is not None else own]


def _narrow(
    files: Mapping[str, File], state: State, named: set[tuple[str, FileColumn]]
) -> Iterator[tuple[str, File]]:
    """Narrow files' descriptions to named columns, to try which findings `mend` would repair."""
    for name, file in files.items():
        table = state.tables[name]
        wanted = {c for c, heading in table.headers.items() if (table.file, heading) in named}
        columns = tuple(column for column in file.columns if column.name in wanted)
        if columns:
            yield name, replace(file, columns=columns)


def _drop_equal_rows(state: State, named: set[tuple[str, FileColumn]]) -> None:
    """Try a repair: drop equal rows of files with such findings, if all columns were read."""
    partly = {file.name for file in state.export.files if file.columns_unused}
    for name, table in list(state.tables.items()):
        if (table.file, "") in named and table.file not in partly:
            state.drop_rows("repeated-rows", name, forms.find_equal_rows(table))


Changed = Mapping[tuple[str, FileColumn], np.ndarray]


def group_changes(changes: Sequence[Changes]) -> Changed:
    """Group the changes that repairs by `mend` would make: line numbers by file and heading."""
    lines: dict[tuple[str, FileColumn], list[np.ndarray]] = {}
    for block in changes:
        lines.setdefault((block.file, block.column), []).append(block.lines)
    return {where: np.concatenate(several) for where, several in lines.items()}


def mark_covered(export: Export, block: Places, changed: Changed) -> np.ndarray:
    """Return a bool mask of the cells or rows of a finding that `mend` would change.

    The place of a whole column is at its heading, and covered where any cell of it changes.
    """
    headings = (*_list_headings(export, block), "")
    if block.column is not None and block.rows is None:
        changes_cells = any(heading == headings[0] for _, heading in changed)
        return np.full(len(block), changes_cells)
    lines = [changed.get((block.file, heading), np.zeros(0, np.int32)) for heading in headings]
    return np.isin(block.lines, np.concatenate(lines))
