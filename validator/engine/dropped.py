"""Who is held back from readiness because their sections or their schools are dropped."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import numpy as np

from validator import frame
from validator.model import Consequence, Export, Level, Outcome, Places, Status, Step, Table

DROPPING = (Consequence.DROPPED, Consequence.REFUSED)
"""Consequences of a rule whose rows the destination does not take."""


RECORDS = frozenset({"students", "teachers", "sections", "staff"})
"""Tables whose records get an account, or a class."""


def mark_stranded(
    export: Export, outcomes: Sequence[Outcome], today: dt.date
) -> Mapping[str, np.ndarray]:
    """Return, per rule or diagnosis that drops sections, the mask of people who lose all of theirs.

    `outcomes` are those of one profile. Nobody if it does not ask that students are in a section.
    """
    tables = [export.tables.get(name) for name in ("students", "enrollments", "sections")]
    students, enrollments, sections = tables
    if students is None or enrollments is None or sections is None or export.partial:
        return {}
    if not any(_is_about_sections(outcome) for outcome in outcomes):
        return {}
    dropped = _list_dropped(outcomes, sections, frozenset(export.tables))
    if not dropped:
        return {}
    gone = np.logical_or.reduce(list(dropped.values()))

    def mark(rows: np.ndarray) -> np.ndarray:
        return frame.mark_enrolled_in(students, enrollments, sections, rows=rows, today=today)

    lost = mark(gone) & ~mark(~gone)
    people = frame.group_people(students)
    return {cause: people.mark(lost & mark(rows)) for cause, rows in dropped.items()}


def mark_at_schools(
    export: Export, outcomes: Sequence[Outcome], table: Table
) -> Mapping[str, np.ndarray]:
    """Return, per rule that drops schools, the mask of a table's people who are at no other.

    The people of sections are the sections themselves. `outcomes` are those of one profile.
    """
    schools = export.tables.get("schools")
    if schools is None or not table.has("School_id"):
        return {}
    dropped = _list_dropped(outcomes, schools, frozenset(export.tables))
    if not dropped:
        return {}
    at = frame.locate_rows(table, "School_id", schools)
    people = frame.group_people(table)

    def mark(rows: np.ndarray) -> np.ndarray:
        return people.mark((at >= 0) & rows[np.maximum(at, 0)])

    elsewhere = people.mark(at < 0) | mark(~np.logical_or.reduce(list(dropped.values())))
    return {cause: mark(rows) & ~elsewhere for cause, rows in dropped.items()}


def mark_taken(export: Export, outcomes: Sequence[Outcome]) -> dict[str, np.ndarray]:
    """Return, per table of which rows are dropped, the mask of the records that are left.

    `outcomes` are those of one profile. A person with several rows is left with any of them.
    """
    taken = {}
    roster = frozenset(export.tables)
    for name in RECORDS & roster:
        table = export.tables[name]
        causes = list(_list_dropped(outcomes, table, roster).values())
        at_schools = list(mark_at_schools(export, outcomes, table).values())
        if not causes and not at_schools:
            continue
        people = frame.group_people(table)
        rows = np.logical_or.reduce([np.zeros(len(table), bool), *causes])
        left = people.mark(~rows) & ~np.logical_or.reduce(
            [np.zeros(people.count, bool), *at_schools]
        )
        taken[name] = left[people.number]
    return taken


def _is_about_sections(outcome: Outcome) -> bool:
    """Return whether a rule whose outcome this is asks that every student is in a section."""
    rule = outcome.rule
    return rule.step is Step.SECTION and rule.level is Level.BLOCKER and is_answered(outcome)


def is_answered(outcome: Outcome) -> bool:
    """Return whether the engine ran a rule that could find what holds somebody back from
    readiness."""
    return outcome.status in (Status.PASSED, Status.WAIVED) or outcome.status.is_open


def _list_dropped(
    outcomes: Sequence[Outcome], table: Table, roster: frozenset[str]
) -> dict[str, np.ndarray]:
    """Return, per rule or diagnosis, the mask of rows that lose readiness: sections or schools.

    A teacher who is unknown or one too many is dropped without the section. Of records that share
    an id, one is left.
    """
    dropped: dict[str, np.ndarray] = {}
    for outcome in outcomes:
        finding, rule = outcome.finding, outcome.rule
        if finding is None or not outcome.status.is_open or finding.groups is not None:
            continue
        if rule.consequence not in DROPPING or rule.step is not None:
            continue
        for block in finding.places:
            if (block.column or "").startswith("Teacher"):
                continue
            rows = mark_rows(table, block, roster)
            level = block.level or outcome.level
            if level is Level.BLOCKER and rows.any():
                cause = block.explained_by or rule.id
                dropped[cause] = dropped.get(cause, np.zeros(len(table), bool)) | rows
    return dropped


def mark_rows(table: Table, block: Places, roster: frozenset[str]) -> np.ndarray:
    """Return the bool mask of a table's rows whose readiness a block of places is about.

    Places in a file that is no table of the roster are about all tables that are read from it:
    OneRoster's users are our students and teachers. `roster`: the names of the roster's tables.
    """
    mask = np.zeros(len(table), bool)
    if block.rows is None:
        return mask
    if block.table == table.name:
        mask[block.rows] = True
    elif block.file == table.file and block.table not in roster:
        mask = np.isin(table.lines, block.lines)
    return mask
