"""References between files: references without a record, and records without a reference."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from validator import frame
from validator.checks.declaration import WholeRoster, check
from validator.model import Cause, Finding, Places, Table


@check(whole_roster=WholeRoster.ALWAYS)
def unmatched(other: Table, *tables: Table | None, columns: list[str], cause_from: int) -> Finding:
    """Rows that refer to a record which `other` does not have; a place per cell, a count per row.

    A column may hold a *: `Teacher_*_id` means every such column of the file. A missing record is a
    root cause when at least `cause_from` rows refer to it.
    """
    blocks = []
    present = _by_name(tables)
    for table in present.values():
        for column in _list_columns(table, columns):
            lost = frame.locate_rows(table, column, other) == frame.UNKNOWN
            if lost.any():
                blocks.append(frame.place_rows(table, lost, column))
    finding = frame.count_rows_once(blocks, tables)
    cause = _find_missing_records(blocks, present, cause_from)
    return Finding(finding.places, of=finding.of, cause=cause)


def _find_missing_records(
    blocks: list[Places], tables: Mapping[str, Table], least: int
) -> Cause | None:
    """The missing records to which at least `least` rows refer, with the rows per file."""
    times: Counter[str] = Counter()
    by_table: dict[str, Counter[str]] = {}
    for block in blocks:
        assert block.column is not None
        assert block.rows is not None
        tally = frame.count_values(tables[block.table], block.column, block.rows)
        counts = dict(tally.values)
        times.update(counts)
        by_table.setdefault(block.table, Counter()).update(counts)
    missing = {value for value, count in times.items() if count >= least}
    if not missing:
        return None
    rows = {name: sum(counts[value] for value in missing) for name, counts in by_table.items()}
    parts = [
        f"{_count(count, 'row')} of {tables[name].file}" for name, count in rows.items() if count
    ]
    note = f"{_count(len(missing), 'missing record')}: {', '.join(parts)}"
    return Cause(sum(rows.values()), note)


def _count(number: int, noun: str) -> str:
    """The number and the noun, in the plural where it is more than one."""
    return f"{number:,} {noun}{'s' if number > 1 else ''}"


def _list_columns(table: Table, columns: list[str]) -> list[str]:
    """The given columns that the file has, with every teacher column for one with a *."""
    present = [column for column in columns if "*" not in column and table.has(column)]
    if any("*" in column for column in columns):
        teachers = frame.list_teacher_columns(table)
        present += [column for column in teachers if column not in present]
    return present


@check(whole_roster=WholeRoster.ALWAYS)
def zeros_lost(*tables: Table | None, cause_from: int) -> Finding:
    """Rows with a reference that matches only without leading zeros; a row counts once.

    A root cause of at least `cause_from` such rows.
    """
    present = _by_name(tables)
    blocks = []
    for table in present.values():
        for column, target in frame.list_references(table):
            if target not in present or present[target] is table:
                continue
            lost = frame.mark_lost_zeros(table, column, present[target])
            if lost.any():
                notes = f"matches {present[target].file} once leading zeros are put back"
                blocks.append(frame.place_rows(table, lost, column, notes=notes))
    finding = frame.count_rows_once(blocks, tables)
    cause = Cause(finding.count) if finding.count >= cause_from else None
    return Finding(finding.places, of=finding.of, cause=cause)


def _by_name(tables: Sequence[Table | None]) -> dict[str, Table]:
    """The tables that are there, by name."""
    return {table.name: table for table in tables if table is not None}


@check(whole_roster=WholeRoster.ALWAYS)
def trimmed(*tables: Table | None, share: float, least: int) -> Finding:
    """Columns with more than `share` of the references, and at least `least`, unmatched."""
    present = _by_name(tables)
    blocks, of, explained = [], 0, 0
    for table in present.values():
        for column, target in frame.list_references(table):
            co_teacher = column.startswith("Teacher_") and column != "Teacher_id"
            if target not in present or not len(present[target]) or co_teacher:
                continue
            of += 1
            at = frame.locate_rows(table, column, present[target])
            given, lost = int((at != frame.BLANK).sum()), int((at == frame.UNKNOWN).sum())
            if lost >= least and lost > share * given:
                notes = f"{lost:,} of {given:,} are not in {present[target].file}"
                blocks.append(Places.at_header(table, column, notes=notes))
                explained += lost
    cells = frozenset((block.table, block.column or "") for block in blocks)
    cause = Cause(explained, cells=cells) if blocks else None
    return Finding(blocks, of=max(of, len(blocks)), cause=cause)


@check(wants=("today",), whole_roster=WholeRoster.ALWAYS)
def unenrolled(
    students: Table, enrollments: Table, sections: Table, *, today: dt.date
) -> Finding:
    """Students without an enrollment that counts today in a section that exists; counts people."""
    enrolled = frame.mark_enrolled(students, enrollments, sections, today=today)
    return _report_people_without(students, enrolled, "Student_id")


@check(whole_roster=WholeRoster.ALWAYS)
def unassigned(teachers: Table, sections: Table) -> Finding:
    """Teachers in no teacher column of any section; counts people."""
    _, rows = frame.list_teachers(sections, teachers)
    assigned = frame.expand_to_key(teachers, rows)
    assigned |= frame.mark_named_in_unread(teachers, "Teacher_id", sections)
    return _report_people_without(teachers, assigned, "Teacher_id")


def _report_people_without(people: Table, mask: np.ndarray, column: str) -> Finding:
    """The first row of each person with an id who has no row in `mask`."""
    who = frame.group_people(people)
    has = np.zeros(who.count, bool)
    has[who.number[mask | frame.encode(people, column).blank]] = True
    return Finding([frame.place_rows(people, who.first & ~has[who.number], column)], of=who.count)


@check(wants=("today",), whole_roster=WholeRoster.ALWAYS)
def unused(table: Table, *others: Table | None, column: str, today: dt.date) -> Finding:
    """Rows of the first table to which no row of the others refers in `column`.

    Enrollments that have ended before today do not count.
    """
    named = frame.encode(table, table.key).blank.copy()
    for other in others:
        if other is not None and other.has(column):
            at = frame.locate_rows(other, column, table)
            if (other.name, table.name) == ("enrollments", "sections"):
                at = at[frame.mark_open(other, table, today)]
            named[at[at >= 0]] = True
            named |= frame.mark_named_in_unread(table, table.key, other)
    _, first = frame.index_by_key(table)
    firsts = np.zeros(len(table), bool)
    firsts[first] = True
    return frame.report_rows(table, firsts & ~named, table.key)
