"""Figures of each school: its people, and those who are held back or named by a warning."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from validator import frame
from validator.frame.arrays import count_numbers
from validator.model import (
    Export,
    Level,
    Places,
    ProfileResult,
    SchoolRow,
    Status,
    Table,
)

NOBODY = (0,)
PEOPLE = ("students", "teachers")


def count_places(export: Export, places: Sequence[Places]) -> dict[str, int]:
    """Count the places of a rule or a diagnosis per school id, where they are in rows that name
    one."""
    counts: Counter[str] = Counter()
    for block in places:
        table = export.find(block.table)
        is_open = not block.explained_by
        if table is None or block.rows is None or not table.has("School_id") or not is_open:
            continue
        rows = block.rows if block.counts is None else block.rows[block.counts]
        school = frame.encode(table, "School_id")
        times = count_numbers(school.codes[rows], minlength=len(school.values))
        for code in np.flatnonzero(times):
            counts[school.values[int(code)].as_py()] += int(times[code])
    return dict(sorted(counts.items()))


def list_rows(export: Export, result: ProfileResult) -> list[SchoolRow]:
    """Compute the engine's readiness numbers per school, most people held back first.

    People and sections of other schools, or of none, are on a row for the school "". With it,
    every column adds up to what the readiness says.
    """
    schools = export.tables.get("schools")
    if schools is None or not schools.has("School_id"):
        return []
    every = np.arange(len(schools))
    ids = frame.take_text(schools, "School_id", every)
    names = dict(zip(ids, frame.take_text(schools, "School_name", every), strict=True))
    names.pop("", None)
    people = result.readiness
    left = {kind: _fold_unknown(people[kind].by_school, names) for kind in people}
    warned = _count_warned(export, result, names)
    rows = [
        _build_row(school, name, left, warned=warned[school])
        for school, name in {**names, "": ""}.items()
    ]
    used = [row for row in rows if row.school_id or row.students or row.teachers or row.sections]
    return sorted(used, key=lambda row: (-row.blockers, -row.warnings, row.school_id))


def _build_row(
    school: str, name: str, left: Mapping[str, Mapping[str, Sequence[int]]], *, warned: int
) -> SchoolRow:
    """Build the readiness of one school; `left`: per kind and school, how many after each step."""
    steps = {kind: by_school.get(school, NOBODY) for kind, by_school in left.items()}
    totals = {kind: counts[0] for kind, counts in steps.items()}
    ready = {kind: counts[-1] for kind, counts in steps.items()}
    blocked = sum(totals[kind] - ready[kind] for kind in PEOPLE if kind in totals)
    return SchoolRow(
        school_id=school,
        name=name,
        students=totals.get("students", 0),
        teachers=totals.get("teachers", 0),
        sections=totals.get("sections", 0),
        blockers=blocked,
        warnings=warned,
        ready=ready.get("students", 0),
    )


def _fold_unknown(
    by_school: Mapping[str, Sequence[int]], known: Mapping[str, str]
) -> dict[str, Sequence[int]]:
    """Sum the readiness of unknown schools under ""."""
    folded: dict[str, Sequence[int]] = {}
    for school, counts in by_school.items():
        name = school if school in known else ""
        before = folded.get(name, [0] * len(counts))
        folded[name] = [sum(pair) for pair in zip(before, counts, strict=True)]
    return folded


def _count_warned(export: Export, result: ProfileResult, known: Mapping[str, str]) -> Counter[str]:
    """Return per school the people whom some warning names, each once."""
    warned: Counter[str] = Counter()
    for kind in PEOPLE:
        table = export.tables.get(kind)
        if table is None or not table.has("School_id"):
            continue
        people = frame.group_people(table)
        named = _mark_warned(table, result)[people.number[people.first]]
        school = frame.encode(table, "School_id")
        times = count_numbers(school.codes[people.first][named], minlength=len(school.values))
        for code in np.flatnonzero(times):
            name = school.values[int(code)].as_py()
            warned[name if name in known else ""] += int(times[code])
    return warned


def _mark_warned(table: Table, result: ProfileResult) -> np.ndarray:
    """Return the bool mask of the people of a table whom some warning names."""
    people = frame.group_people(table)
    named = np.zeros(people.count, bool)
    for outcome in result.outcomes:
        if outcome.status is not Status.FOUND or outcome.finding is None:
            continue
        for block in outcome.finding.places:
            level = block.level or outcome.level
            if block.table == table.name and block.rows is not None and level is Level.WARNING:
                named |= people.mark(block.rows)
    return named
