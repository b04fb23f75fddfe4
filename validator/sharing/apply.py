"""Rows that a sharing file shares, by clause, and rows that its target wants."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from validator import frame
from validator.model import GRADE, Clause, Condition, Export, Sharing, Table, Target, dataclass
from validator.vocabulary.grades import Grades


@dataclass(frozen=True, eq=False)
class Shared:
    """The shared rows of an export: per table, a bool mask; `clauses`: the same for each clause."""

    sharing: Sharing
    rows: Mapping[str, np.ndarray]
    clauses: Sequence[Mapping[str, np.ndarray]]


def apply_rules(sharing: Sharing, export: Export, grades: Grades, *, today: dt.date) -> Shared:
    """Return which rows of the export are shared; people are shared on all of their rows.

    Enrollments that have ended before `today` are not shared, and share no student.
    """
    clauses = [_apply_clause(clause, export, grades, today=today) for clause in sharing.rules]
    if sharing.share == "rules":
        rows = {
            name: np.any([clause[name] for clause in clauses], axis=0) for name in export.all_tables
        }
    elif sharing.share == "sections":
        sections = _match_ids(export, "sections", column="Section_id", ids=sharing.ids)
        rows = _add_people(export, sections, today)
    elif sharing.share == "everything":
        rows = _share_everything(export)
    else:
        rows = _share_schools(export, sharing.ids, today)
    if "staff" in rows and sharing.all_staff:
        rows["staff"] = np.ones(len(export.tables["staff"]), bool)
        if sharing.share == "schools":
            rows["staff"] = _match_ids(export, "staff", column="School_id", ids=sharing.ids)
    return Shared(
        sharing,
        _add_schools(export, rows),
        [_add_schools(export, clause) for clause in clauses],
    )


def share_all(export: Export) -> dict[str, np.ndarray]:
    """Return masks that share every row, as without sharing rules."""
    return {name: np.ones(len(table), bool) for name, table in export.tables.items()}


def share_nothing(export: Export) -> dict[str, np.ndarray]:
    """Return masks of sharing rules that share nothing."""
    return {name: np.zeros(len(table), bool) for name, table in export.all_tables.items()}


def _match_ids(export: Export, name: str, *, column: str, ids: Sequence[str]) -> np.ndarray:
    """Mark the rows that a sharing rule shares by id; empty without that table."""
    if name not in export.tables:
        return np.zeros(0, bool)
    values = frame.encode(export.tables[name], column)
    return values.broadcast(frame.is_among(values.values, pa.array(sorted(ids), pa.string())))


def _expand_to_people(table: Table, rows: np.ndarray) -> np.ndarray:
    """Return the bool mask that shares every row of the people in the given rows."""
    people = frame.group_people(table)
    return np.asarray(people.mark(rows)[people.number])


def _add_people(export: Export, wanted: np.ndarray, today: dt.date) -> dict[str, np.ndarray]:
    """Return masks of the sections, their enrollments, their teachers and their students."""
    rows = share_nothing(export)
    sections = export.tables.get("sections")
    if sections is None:
        return rows
    rows["sections"] = wanted
    teachers, students, enrollments = (
        export.tables.get(name) for name in ("teachers", "students", "enrollments")
    )
    if teachers is not None:
        section, teacher = frame.list_teachers(sections, teachers)
        rows["teachers"] = frame.expand_to_key(teachers, teacher[wanted[section]])
    if enrollments is not None:
        at = frame.locate_rows(enrollments, "Section_id", sections)
        is_shared = (at >= 0) & (wanted[np.maximum(at, 0)] if len(wanted) else False)
        rows["enrollments"] = is_shared & frame.mark_open(enrollments, sections, today)
        if students is not None:
            who = frame.locate_rows(enrollments, "Student_id", students)
            rows["students"] = frame.expand_to_key(students, who[(who >= 0) & rows["enrollments"]])
    return rows


def _share_everything(export: Export) -> dict[str, np.ndarray]:
    """Return masks of everything but staff."""
    rows = {name: np.ones(len(table), bool) for name, table in export.all_tables.items()}
    if "staff" in rows:
        rows["staff"] = np.zeros(len(export.tables["staff"]), bool)
    return rows


def _share_schools(export: Export, ids: Sequence[str], today: dt.date) -> dict[str, np.ndarray]:
    """Return masks of everything of these schools but staff."""
    wanted = _match_ids(export, "sections", column="School_id", ids=ids)
    rows = _add_people(export, wanted, today)
    for name in ("students", "teachers"):
        if name in rows:
            listed = _match_ids(export, name, column="School_id", ids=ids)
            rows[name] |= _expand_to_people(export.tables[name], listed)
    return rows


def _add_schools(export: Export, rows: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return the masks of what sharing rules share, with the schools of shared records."""
    schools = export.tables.get("schools")
    if schools is None:
        return dict(rows)
    named = np.zeros(len(schools), bool)
    for name in ("sections", "students", "teachers", "staff"):
        if name in rows and export.tables[name].has("School_id"):
            at = frame.locate_rows(export.tables[name], "School_id", schools)
            named[at[(at >= 0) & rows[name]]] = True
    return {**rows, "schools": named}


def _apply_clause(
    clause: Clause, export: Export, grades: Grades, *, today: dt.date
) -> dict[str, np.ndarray]:
    """Return what one clause shares: sections with their people, or just its people."""
    table = export.tables.get(clause.match)
    if table is None:
        return share_nothing(export)
    wanted = np.ones(len(table), bool)
    for condition in clause.where:
        wanted &= mark_condition(condition, table, grades)
    if clause.match == "sections":
        return _add_people(export, wanted, today)
    return {**share_nothing(export), clause.match: _expand_to_people(table, wanted)}


def mark_condition(condition: Condition, table: Table, grades: Grades) -> np.ndarray:
    """Return the bool mask of the rows for which a sharing rule's condition holds.

    A blank equals no value and contains none.
    """
    column = frame.encode_lower(table, condition.field)
    if condition.operator not in ("is", "is_not"):
        matches = np.zeros(len(column.values), bool)
        for part in condition.values:
            contains = pc.match_substring(column.values, pattern=part.lower())
            matches |= np.asarray(contains.to_numpy(zero_copy_only=False), bool)
    elif condition.field == GRADE:
        matches = mark_grades(column.values.to_pylist(), condition.values, grades)
    else:
        wanted = pc.utf8_lower(pa.array(condition.values, pa.string()))
        matches = frame.is_among(column.values, wanted)
    rows = column.broadcast(matches) & ~column.blank
    return np.asarray(~rows if condition.operator.startswith("is_not") else rows)


def mark_grades(cells: Sequence[str], wanted: Sequence[str], grades: Grades) -> np.ndarray:
    """Return, per cell, whether a sharing rule or target wants one of its grades."""
    several = [grades.parse_several(cell) for cell in cells]
    return np.asarray([not set(wanted).isdisjoint(own) for own in several], bool)


def mark_wanted_sections(
    target: Target, sections: Table, grades: Grades
) -> tuple[np.ndarray, np.ndarray]:
    """Return two bool masks: sections in the sharing target, and those without a subject."""
    fits = np.ones(len(sections), bool)
    if target.grades:
        cells = frame.encode(sections, GRADE)
        fits &= cells.broadcast(mark_grades(cells.values.to_pylist(), target.grades, grades))
    if target.schools:
        schools = frame.encode(sections, "School_id")
        fits &= schools.broadcast(
            frame.is_among(schools.values, pa.array(target.schools, pa.string()))
        )
    if not target.subjects:
        return fits, np.zeros(len(sections), bool)
    subject = frame.encode_lower(sections, "Subject")
    named = subject.broadcast(
        frame.is_among(subject.values, pa.array(target.subjects, pa.string()))
    )
    empty = subject.blank | subject.broadcast(
        np.asarray([text == "other" for text in subject.values.to_pylist()], bool)
    )
    return fits & named, fits & ~named & empty


def mark_wanted_students(target: Target, students: Table, grades: Grades) -> np.ndarray:
    """Return the bool mask of the sharing target's students, on the first row of each."""
    wanted = frame.group_people(students).first.copy()
    if target.grades:
        cells = frame.encode(students, GRADE)
        wanted &= cells.broadcast(mark_grades(cells.values.to_pylist(), target.grades, grades))
    if target.schools:
        schools = frame.encode(students, "School_id")
        wanted &= schools.broadcast(
            frame.is_among(schools.values, pa.array(target.schools, pa.string()))
        )
    return wanted


NOWHERE, NO_SUBJECT, MISSED, ELSEWHERE = range(4)
WHY = (
    "in no section",
    "their section's Subject is empty or 'other'",
    "the rules leave their section out",
    "in no section of the target",
)
"""Why a wanted student is not shared."""


def list_left_out(
    shared: Shared,
    target: Target,
    export: Export,
    *,
    grades: Grades,
    today: dt.date,
) -> tuple[np.ndarray, np.ndarray]:
    """Return the target's students whom the sharing rules leave out, and the reason in WHY.

    Enrollments that have ended before `today` do not count.
    """
    students, sections, enrollments = (
        export.tables.get(name) for name in ("students", "sections", "enrollments")
    )
    if students is None or sections is None or enrollments is None:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    section = frame.locate_rows(enrollments, "Section_id", sections)
    student = frame.locate_rows(enrollments, "Student_id", students)
    known = (section >= 0) & (student >= 0)
    both = np.flatnonzero(known & frame.mark_open(enrollments, sections, today))
    wanted, empty = mark_wanted_sections(target, sections, grades)

    def enrolled(mask: np.ndarray) -> np.ndarray:
        return frame.expand_to_key(students, student[both][mask[section[both]]])

    out = mark_wanted_students(target, students, grades) & ~enrolled(shared.rows["sections"])
    rows = np.flatnonzero(out)
    anywhere = np.ones(len(sections), bool)
    why = np.select(
        [enrolled(wanted)[rows], enrolled(empty)[rows], enrolled(anywhere)[rows]],
        [MISSED, NO_SUBJECT, ELSEWHERE],
        NOWHERE,
    )
    return rows, why


def mark_concerned(shared: Shared, export: Export, grades: Grades) -> dict[str, np.ndarray]:
    """Return the masks of what is shared, with the students whom the target wants."""
    target = shared.sharing.target
    students = export.tables.get("students")
    if target is None or students is None:
        return dict(shared.rows)
    wanted = mark_wanted_students(target, students, grades)
    return {**shared.rows, "students": shared.rows["students"] | wanted}
