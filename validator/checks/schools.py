"""Schools: records that name another school than the records they belong to."""

from __future__ import annotations

import datetime as dt

import numpy as np

from validator import frame
from validator.checks.declaration import check
from validator.frame.arrays import find_in_blocks, narrow
from validator.model import Finding, Level, Table, dataclass


@check()
def differs(
    rows: Table, records: Table, schools: Table | None, *, column: str, share: float
) -> Finding:
    """Find rows whose school is on none of the rows of the record that `column` refers to.

    Above `share` of the rows it is a warning even where the rule says advice.
    """
    at = frame.locate_rows(rows, column, records)
    own, school = _number_schools(rows, records, schools)
    place = narrow(np.append(school, -1))

    def mark(block: slice) -> np.ndarray:
        theirs, ours = place[np.maximum(at[block], -1)], own[block]
        return np.asarray((theirs >= 0) & (ours >= 0) & (theirs != ours))

    differing = find_in_blocks(len(at), mark)
    homes = _Homes(records, school, _list_more_schools(records, schools))
    differing = differing[homes.mark_elsewhere(at[differing], own[differing])]
    many = share and len(differing) > share * len(rows)
    return frame.report_rows(rows, differing, "School_id", level=Level.WARNING if many else None)


@check(wants=("today",))
def enrollment_differs(
    enrollments: Table,
    students: Table,
    sections: Table,
    schools: Table | None,
    *,
    share: float,
    today: dt.date,
) -> Finding:
    """Find enrollments in a section of a school that is on none of the student's rows.

    With more than `share` of the students it is a warning even where the rule says advice.
    """
    section_school, school = _number_schools(sections, students, schools)
    homes = _Homes(students, school, _list_more_schools(students, schools))
    attendance = frame.list_attendance(students, sections, enrollments, today=today)
    entries = attendance.find_away(school, section_school)
    student = attendance.student[entries]
    asked = section_school[attendance.section[entries]]
    entries = entries[homes.mark_elsewhere(student, asked)]
    rows = attendance.find_rows(entries)
    student = frame.locate_rows(enrollments, "Student_id", students)
    home = _Students(student, section_school, homes)
    rows = rows[~_mark_same_id_at_home(enrollments, sections, rows, home=home)]
    who = frame.group_people(students)
    people = frame.sort_unique(who.number[student[rows]])
    many = len(people) > share * who.count
    return frame.report_rows(enrollments, rows, "Section_id", level=Level.WARNING if many else None)


def _mark_same_id_at_home(
    enrollments: Table, sections: Table, rows: np.ndarray, *, home: _Students
) -> np.ndarray:
    """Bool mask of the enrollments whose section id is also that of a section at the own school.

    The id is ambiguous, which another rule reports; the student is in the right section.
    """
    repeated, _ = frame.find_groups(sections, "Section_id", np.ones(len(sections), bool))
    same = np.zeros(len(rows), bool)
    if not len(repeated) or not len(rows):
        return same
    ids, wanted = frame.encode(sections, "Section_id"), frame.encode(enrollments, "Section_id")
    position = frame.find_positions(wanted.values, ids.values)[wanted.codes[rows]]
    repeated = repeated[np.isin(ids.codes[repeated], position)]
    for at in repeated.tolist():
        fits = (position == ids.codes[at]) & (home.section_school[at] >= 0)
        asked = np.full(int(fits.sum()), home.section_school[at])
        same[fits] |= ~home.homes.mark_elsewhere(home.student[rows[fits]], asked)
    return same


def _number_schools(
    left: Table, right: Table, schools: Table | None
) -> tuple[np.ndarray, np.ndarray]:
    """Number the schools of two tables for the checks of schools, negative for unknown ones."""
    if schools is not None:
        return (
            frame.locate_rows(left, "School_id", schools),
            frame.locate_rows(right, "School_id", schools),
        )
    own, other = frame.encode(left, "School_id"), frame.encode(right, "School_id")
    same = frame.find_positions(other.values, own.values)
    number = np.where(same >= 0, same, len(own.values) + np.arange(len(same)))
    return np.where(own.blank, -1, own.codes), np.where(other.blank, -1, number[other.codes])


@dataclass(frozen=True, eq=False)
class _MoreSchools:
    """Rows of records with more than one school, and the number of each further school."""

    rows: np.ndarray
    school: np.ndarray  # negative where unknown


def _list_more_schools(records: Table, schools: Table | None) -> _MoreSchools | None:
    """The further schools of records, for the checks that schools agree; None for none."""
    more = records.extra_values.get("School_id")
    if more is None or schools is None:
        return None
    return _MoreSchools(more.rows, frame.locate_rows(more.table, "School_id", schools))


@dataclass(frozen=True, eq=False)
class _Homes:
    """The schools of records: by row, and further ones."""

    records: Table
    school: np.ndarray
    more: _MoreSchools | None

    def mark_elsewhere(self, at: np.ndarray, asked: np.ndarray) -> np.ndarray:
        """Bool mask of the records on rows `at` for which no row names the `asked` school."""
        school = self.school
        away = np.asarray((school[at] >= 0) & (school[at] != asked), bool)
        who = frame.group_people(self.records)
        width = int(max(school.max(initial=0), asked.max(initial=0))) + 1
        person = who.number[at[away]].astype(np.int64)
        doubtful = np.zeros(who.count, bool)
        doubtful[person] = True
        rows = np.flatnonzero((school >= 0) & doubtful[who.number])
        homes = who.number[rows].astype(np.int64) * width + school[rows]
        if self.more is not None:
            further = who.number[self.more.rows].astype(np.int64) * width + self.more.school
            homes = np.append(homes, further[self.more.school >= 0])
        away[away] = ~frame.mark_among(person * width + asked[away], np.sort(homes))
        return away


@dataclass(frozen=True, eq=False)
class _Students:
    """The student's row per enrollment, the school of each section, and the students' schools."""

    student: np.ndarray
    section_school: np.ndarray
    homes: _Homes
