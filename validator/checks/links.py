"""References between files: references without a record, and records without a reference."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np

from validator import frame
from validator.checks.declaration import WholeRoster, check
from validator.frame.arrays import mark_numbers
from validator.model import Finding, Level, Table


@check(whole_roster=WholeRoster.ALWAYS)
def unmatched(other: Table, *tables: Table | None, columns: list[str]) -> Finding:
    """Find rows that refer to a record which `other` does not have.

    A place per cell, a count per row.

    A column may hold a *: `Teacher_*_id` means every such column of the file.
    """
    blocks = []
    present = _name_tables(tables)
    for table in present.values():
        for column in _list_columns(table, columns):
            lost = frame.locate_rows(table, column, other) == frame.UNKNOWN
            if lost.any():
                blocks.append(frame.place_rows(table, lost, column))
    return frame.count_rows_once(blocks, tables)


def _list_columns(table: Table, columns: list[str]) -> list[str]:
    """The given columns that the file has, with every teacher column for one with a *."""
    present = [column for column in columns if "*" not in column and table.has(column)]
    if any("*" in column for column in columns):
        teachers = frame.list_teacher_columns(table)
        present += [column for column in teachers if column not in present]
    return present


def _name_tables(tables: Sequence[Table | None]) -> dict[str, Table]:
    """The tables that the check of links got, by name."""
    return {table.name: table for table in tables if table is not None}


@check(wants=("today",), whole_roster=WholeRoster.ALWAYS)
def unenrolled(students: Table, enrollments: Table, sections: Table, *, today: dt.date) -> Finding:
    """Find students without an enrollment that counts today in a section that exists.

    Counts people.
    """
    enrolled = frame.mark_enrolled(students, enrollments, sections, today=today)
    return _report_people_without(students, enrolled, "Student_id")


@check(whole_roster=WholeRoster.ALWAYS)
def unassigned(teachers: Table, sections: Table) -> Finding:
    """Find teachers in no teacher column of any section; counts people."""
    _, rows = frame.list_teachers(sections, teachers)
    assigned = frame.expand_to_key(teachers, rows)
    assigned |= frame.mark_named_in_unread(teachers, "Teacher_id", sections)
    return _report_people_without(teachers, assigned, "Teacher_id")


def _report_people_without(people: Table, mask: np.ndarray, column: str) -> Finding:
    """The first row of each person with an id who has no row in `mask`."""
    who = frame.group_people(people)
    has = who.mark(mask | frame.encode(people, column).blank)
    return Finding([frame.place_rows(people, who.first & ~has[who.number], column)], of=who.count)


@check(wants=("today",), whole_roster=WholeRoster.ALWAYS)
def unused(table: Table, *others: Table | None, column: str, today: dt.date) -> Finding:
    """Find rows of the first table to which no row of the others refers in `column`.

    Enrollments that have ended before today do not count. A section that everybody has left is
    advice: students change sections, and the schedule keeps the old one.
    """
    named = frame.encode(table, table.key).blank.copy()
    left = np.zeros(len(table), bool)
    for other in others:
        if other is not None and other.has(column):
            at = frame.locate_rows(other, column, table)
            is_open = None
            if (other.name, table.name) == ("enrollments", "sections"):
                left |= mark_numbers(at, len(table))
                is_open = frame.mark_open(other, table, today)
            named |= mark_numbers(at, len(table), is_open)
            named |= frame.mark_named_in_unread(table, table.key, other)
    _, first = frame.index_by_key(table)
    firsts = np.zeros(len(table), bool)
    firsts[first] = True
    unnamed = firsts & ~named
    emptied = frame.place_rows(
        table, unnamed & left, table.key, notes="everybody in it has left", level=Level.ADVICE
    )
    never = frame.place_rows(table, unnamed & ~left, table.key)
    return Finding([block for block in (never, emptied) if len(block)], of=len(table))
