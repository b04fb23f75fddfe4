"""References between files: what points at nothing, and what nothing points at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import numpy as np

from validator import frame
from validator.frame.values import NO_DAY
from validator.model import Cause, Finding, Level, Places, Table


def unknown(other: Table, *tables: Table | None, columns: list[str], cause_from: int) -> Finding:
    """Rows with a reference to a record that `other` does not have; one place per cell, one count per row.

    A column may hold a *: `Teacher_*_id` stands for every such column of the file. A missing record is a root cause
    when at least `cause_from` rows point at it.
    """
    blocks, of = [], 0
    for table in tables:
        if table is None:
            continue
        of += len(table)
        counted = np.zeros(len(table), bool)
        for column in _columns(table, columns):
            lost = frame.locate_rows(table, column, other) == frame.UNKNOWN
            if lost.any():
                blocks.append(frame.place_rows(table, lost, column, counts=~counted[lost]))
                counted |= lost
    present = {table.name: table for table in tables if table is not None}
    return Finding(blocks, of=of, cause=_missing(blocks, present, cause_from))


def _missing(blocks: list[Places], tables: Mapping[str, Table], least: int) -> Cause | None:
    """The missing records that at least so many rows point at, and how many rows of which file those are."""
    times: Counter[str] = Counter()
    rows: dict[str, Counter[str]] = {}
    for block in blocks:
        assert block.column is not None and block.rows is not None
        values = frame.encode(tables[block.table], block.column)
        found = np.bincount(values.codes[block.rows], minlength=len(values.values))
        here = {values.values[int(at)].as_py(): int(found[at]) for at in np.flatnonzero(found)}
        times.update(here)
        rows.setdefault(block.table, Counter()).update(here)
    many = {value for value, count in times.items() if count >= least}
    if not many:
        return None
    told = [(name, sum(counts[value] for value in many)) for name, counts in rows.items()]
    note = f"{len(many):,} missing record{'s' if len(many) > 1 else ''}: " + ", ".join(
        f"{count:,} row{'s' if count > 1 else ''} of {tables[name].file}"
        for name, count in told
        if count
    )
    return Cause(sum(count for _, count in told), note)


def _columns(table: Table, columns: list[str]) -> list[str]:
    """The columns of the list that the file has, with * filled in."""
    found = [column for column in columns if "*" not in column and table.has(column)]
    if any("*" in column for column in columns):
        found += [column for column in frame.list_teacher_columns(table) if column not in found]
    return found


def zeros_lost(
    schools: Table | None,
    teachers: Table | None,
    sections: Table | None,
    students: Table | None,
    enrollments: Table | None,
    staff: Table | None,
    *,
    cause_from: int,
) -> Finding:
    """Rows with a reference that matches only without regard to leading zeros; a row counts once. At least `cause_from`
    of them have one root cause."""
    tables = {
        table.name: table
        for table in (schools, teachers, sections, students, enrollments, staff)
        if table is not None
    }
    blocks = []
    for table in tables.values():
        counted = np.zeros(len(table), bool)
        for column, target in frame.list_references(table):
            if target in tables and tables[target] is not table:
                lost = frame.mark_lost_zeros(table, column, tables[target])
                if lost.any():
                    blocks.append(
                        frame.place_rows(
                            table,
                            lost,
                            column,
                            counts=~counted[lost],
                            notes=f"matches {tables[target].file} once leading zeros are put back",
                        )
                    )
                    counted |= lost
    explained = sum(block.count for block in blocks)
    return Finding(
        blocks,
        of=sum(len(table) for table in tables.values()),
        cause=Cause(explained) if explained >= cause_from else None,
    )


def trimmed(
    schools: Table | None,
    teachers: Table | None,
    sections: Table | None,
    students: Table | None,
    enrollments: Table | None,
    staff: Table | None,
    *,
    share: float,
    least: int,
) -> Finding:
    """Pairs of files of which over `share` of the references miss and at least `least` do; one place per column."""
    tables = {
        table.name: table
        for table in (schools, teachers, sections, students, enrollments, staff)
        if table is not None
    }
    blocks, of, explained = [], 0, 0
    for table in tables.values():
        for column, target in frame.list_references(table):
            co_teacher = column.startswith("Teacher_") and column != "Teacher_id"
            if target not in tables or not len(tables[target]) or co_teacher:
                continue
            of += 1
            at = frame.locate_rows(table, column, tables[target])
            given, lost = int((at != frame.BLANK).sum()), int((at == frame.UNKNOWN).sum())
            if lost >= least and lost > share * given:
                line = np.asarray([table.header_line], np.int32)
                blocks.append(
                    Places(
                        table.name,
                        table.file,
                        line,
                        column,
                        notes=f"{lost:,} of {given:,} are not in {tables[target].file}",
                    )
                )
                explained += lost
    cells = frozenset((block.table, block.column or "") for block in blocks)
    return Finding(
        blocks, of=max(of, len(blocks)), cause=Cause(explained, cells=cells) if blocks else None
    )


def unenrolled(students: Table, enrollments: Table, sections: Table) -> Finding:
    """Students without an enrollment in a section that exists; counts people."""
    who = frame.group_people(students)
    at = frame.locate_rows(enrollments, "Student_id", students)
    there = frame.locate_rows(enrollments, "Section_id", sections)
    held = at[(at >= 0) & ((there >= 0) | (there == frame.UNREAD))]
    enrolled = frame.mark_named_in_unread(
        students, "Student_id", enrollments
    ) | frame.expand_to_key(students, held)
    has = np.zeros(who.count, bool)
    has[who.number[enrolled]] = True
    has[who.number[frame.encode(students, "Student_id").blank]] = True
    return Finding(
        [frame.place_rows(students, who.first & ~has[who.number], "Student_id")], of=who.count
    )


def unassigned(teachers: Table, sections: Table) -> Finding:
    """Teachers in no teacher column of any section; counts people."""
    who = frame.group_people(teachers)
    has = np.zeros(who.count, bool)
    for column in frame.list_teacher_columns(sections):
        at = frame.locate_rows(sections, column, teachers)
        has[who.number[frame.expand_to_key(teachers, at[at >= 0])]] = True
    has[who.number[frame.mark_named_in_unread(teachers, "Teacher_id", sections)]] = True
    has[who.number[frame.encode(teachers, "Teacher_id").blank]] = True
    return Finding(
        [frame.place_rows(teachers, who.first & ~has[who.number], "Teacher_id")], of=who.count
    )


def unused(table: Table, *others: Table | None, column: str) -> Finding:
    """Rows of the first table that no row of the others names in `column`."""
    named = frame.encode(table, table.key).blank.copy()
    for other in others:
        if other is not None and other.has(column):
            at = frame.locate_rows(other, column, table)
            named[at[at >= 0]] = True
            named |= frame.mark_named_in_unread(table, table.key, other)
    _, first = frame.index_by_key(table)
    mine = np.zeros(len(table), bool)
    mine[first] = True
    return Finding([frame.place_rows(table, mine & ~named, table.key)], of=len(table))


def enrolled_twice(enrollments: Table, sections: Table | None, students: Table | None) -> Finding:
    """Enrollment rows after the first with the same student and section; with dates, only those that overlap."""
    by_school = any(
        table is not None and frame.is_unique_within_school(table) for table in (sections, students)
    )
    ordered = frame.mark_enrolled(enrollments, by_school)[0]
    twice = frame.sort_unique(ordered[1:][ordered[1:] == ordered[:-1]])
    keys = frame.build_enrollment_keys(enrollments, by_school)[0] if len(twice) else ordered[:0]
    rows = np.flatnonzero(frame.mask_among(keys, twice))
    group = np.searchsorted(twice, keys[rows]).astype(np.int32)
    later = ~frame.mark_firsts(group)
    if enrollments.has("Begin") or enrollments.has("End"):
        later = _overlapping(enrollments, rows, group)
    return Finding(
        [frame.place_rows(enrollments, rows[later], None, groups=group[later])],
        of=len(enrollments),
        groups=0,
    )


def _overlapping(enrollments: Table, rows: np.ndarray, group: np.ndarray) -> np.ndarray:
    """Bool mask of the rows that begin before an earlier one of their group has ended; a blank day is no limit."""
    first, last = (
        frame.parse_days(enrollments, column)[rows].astype(np.int64) for column in ("Begin", "End")
    )
    last = np.where(last == NO_DAY, np.iinfo(np.int32).max, last)
    order = np.lexsort((np.arange(len(rows)), first, group))
    of_group = group[order].astype(np.int64) << 33  # wider than any two days: groups never meet
    latest = np.maximum.accumulate(of_group + last[order] - NO_DAY)
    out = np.zeros(len(rows), bool)
    out[order[1:]] = of_group[1:] + first[order[1:]] - NO_DAY <= latest[:-1]
    return out


def school_differs(
    rows: Table, records: Table, schools: Table | None, *, column: str, share: float
) -> Finding:
    """Rows whose own school is on none of the rows of the record that `column` names.

    Above `share` of the rows it is a warning even where the rule says advice.
    """
    at = frame.locate_rows(rows, column, records)
    own, theirs = _schools(rows, records, schools)
    both = np.flatnonzero((at >= 0) & (own >= 0))
    differs = both[_elsewhere(records, theirs, at[both], own[both], _further(records, schools))]
    level = Level.WARNING if share and len(differs) > share * max(len(rows), 1) else None
    return Finding([frame.place_rows(rows, differs, "School_id", level=level)], of=len(rows))


def other_school(
    enrollments: Table, students: Table, sections: Table, schools: Table | None, *, share: float
) -> Finding:
    """Enrollments of a student in a section of a school that is on none of the student's rows.

    With more than `share` of the students it is a warning even where the rule says advice.
    """
    at = frame.locate_rows(enrollments, "Student_id", students)
    there = frame.locate_rows(enrollments, "Section_id", sections)
    theirs, own = _schools(sections, students, schools)
    both = np.flatnonzero((at >= 0) & (there >= 0))
    both = both[theirs[there[both]] >= 0]
    rows = both[
        _elsewhere(students, own, at[both], theirs[there[both]], _further(students, schools))
    ]
    who = frame.group_people(students)
    level = (
        Level.WARNING
        if len(frame.sort_unique(who.number[at[rows]])) > share * max(who.count, 1)
        else None
    )
    return Finding(
        [frame.place_rows(enrollments, rows, "Section_id", level=level)], of=len(enrollments)
    )


def _schools(left: Table, right: Table, schools: Table | None) -> tuple[np.ndarray, np.ndarray]:
    """The school of each row of two tables as a number, negative where none is named, or one that nobody knows."""
    if schools is not None:
        return frame.locate_rows(left, "School_id", schools), frame.locate_rows(
            right, "School_id", schools
        )
    mine, others = frame.encode(left, "School_id"), frame.encode(right, "School_id")
    same = frame.find_positions(others.values, mine.values)
    number = np.where(same >= 0, same, len(mine.values) + np.arange(len(same)))
    return np.where(mine.blank, -1, mine.codes), np.where(others.blank, -1, number[others.codes])


def _further(records: Table, schools: Table | None) -> tuple[np.ndarray, np.ndarray] | None:
    """Rows of records that are at more schools than one, and the number of each further school, negative for none."""
    more = records.extra_values.get("School_id")
    return (
        None
        if more is None or schools is None
        else (more.rows, frame.locate_rows(more.table, "School_id", schools))
    )


def _elsewhere(
    records: Table,
    school: np.ndarray,
    at: np.ndarray,
    asked: np.ndarray,
    further: tuple[np.ndarray, np.ndarray] | None,
) -> np.ndarray:
    """Whether the record on each row `at` is, by all its rows and further schools, at another school than `asked`."""
    away = np.asarray((school[at] >= 0) & (school[at] != asked), bool)
    who, width = (
        frame.group_people(records),
        int(max(school.max(initial=0), asked.max(initial=0))) + 1,
    )
    person = who.number[at[away]].astype(np.int64)
    doubted = np.zeros(who.count, bool)
    doubted[person] = True
    rows = np.flatnonzero((school >= 0) & doubted[who.number])
    homes = who.number[rows].astype(np.int64) * width + school[rows]
    if further is not None:
        more, their = further
        homes = np.append(homes, (who.number[more].astype(np.int64) * width + their)[their >= 0])
    away[away] = ~frame.mask_among(person * width + asked[away], np.sort(homes))
    return away
