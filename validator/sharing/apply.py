"""What a sharing file shares, laid over an export: masks of rows, whole and by clause, and the target beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from validator import frame
from validator.model import GRADE, Clause, Condition, Export, Sharing, Table, Target
from validator.vocabulary.grades import Grades


@dataclass(frozen=True, eq=False)
class Shared:
    """What a sharing file shares of an export: per table a bool mask over its rows, and the same for each clause."""

    sharing: Sharing
    rows: Mapping[str, np.ndarray]
    clauses: Sequence[Mapping[str, np.ndarray]]


def apply(sharing: Sharing, export: Export, grades: Grades) -> Shared:
    """Which rows of the export are shared; people on several rows are shared on all of them."""
    clauses = [_clause(clause, export, grades) for clause in sharing.rules]
    if sharing.share == "rules":
        rows = {
            name: np.any([clause[name] for clause in clauses], axis=0) for name in export.tables
        }
    elif sharing.share == "sections":
        rows = _with_sections(export, _among(export, "sections", "Section_id", sharing.ids))
    else:
        rows = _by_school(export, None if sharing.share == "everything" else sharing.ids)
    if "staff" in rows and sharing.all_staff:
        rows["staff"] = (
            _among(export, "staff", "School_id", sharing.ids)
            if sharing.share == "schools"
            else np.ones(len(export.tables["staff"]), bool)
        )
    return Shared(
        sharing, _with_schools(export, rows), [_with_schools(export, clause) for clause in clauses]
    )


def nobody(export: Export) -> dict[str, np.ndarray]:
    """Masks that share nothing."""
    return {name: np.zeros(len(table), bool) for name, table in export.tables.items()}


def _among(export: Export, name: str, column: str, ids: Sequence[str]) -> np.ndarray:
    """Bool mask of the table's rows whose column holds one of the ids; nothing where there is no such table."""
    if name not in export.tables:
        return np.zeros(0, bool)
    values = frame.encode(export.tables[name], column)
    return values.broadcast(frame.is_among(values.values, pa.array(sorted(ids), pa.string())))


def _everywhere(table: Table, rows: np.ndarray) -> np.ndarray:
    """Bool mask of every row of the people who are on one of the given rows (bool mask)."""
    who = frame.group_people(table)
    held = np.zeros(who.count, bool)
    held[who.number[rows]] = True
    return np.asarray(held[who.number])


def _with_sections(export: Export, wanted: np.ndarray) -> dict[str, np.ndarray]:
    """The sections, their enrollments, and everybody who teaches or learns in them."""
    rows, sections = nobody(export), export.tables.get("sections")
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
        rows["enrollments"] = (at >= 0) & (wanted[np.maximum(at, 0)] if len(wanted) else False)
        if students is not None:
            who = frame.locate_rows(enrollments, "Student_id", students)
            rows["students"] = frame.expand_to_key(students, who[(who >= 0) & rows["enrollments"]])
    return rows


def _by_school(export: Export, ids: Sequence[str] | None) -> dict[str, np.ndarray]:
    """Everything of these schools but staff: sections with their people, and everybody who is on their lists."""
    if ids is None:
        rows = {name: np.ones(len(table), bool) for name, table in export.tables.items()}
        return (
            {**rows, "staff": np.zeros(len(export.tables["staff"]), bool)}
            if "staff" in rows
            else rows
        )
    rows = _with_sections(export, _among(export, "sections", "School_id", ids))
    for name in ("students", "teachers"):
        if name in rows:
            rows[name] |= _everywhere(export.tables[name], _among(export, name, "School_id", ids))
    return rows


def _with_schools(export: Export, rows: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The masks with the schools that any shared record names."""
    schools = export.tables.get("schools")
    if schools is None:
        return dict(rows)
    named = np.zeros(len(schools), bool)
    for name in ("sections", "students", "teachers", "staff"):
        if name in rows and export.tables[name].has("School_id"):
            at = frame.locate_rows(export.tables[name], "School_id", schools)
            named[at[(at >= 0) & rows[name]]] = True
    return {**rows, "schools": named}


def _clause(clause: Clause, export: Export, grades: Grades) -> dict[str, np.ndarray]:
    """What one clause shares: sections with their people; students, teachers or staff by themselves."""
    table = export.tables.get(clause.match)
    if table is None:
        return nobody(export)
    wanted = np.ones(len(table), bool)
    for condition in clause.where:
        wanted &= holds(condition, table, grades)
    if clause.match == "sections":
        return _with_sections(export, wanted)
    return {**nobody(export), clause.match: _everywhere(table, wanted)}


def holds(condition: Condition, table: Table, grades: Grades) -> np.ndarray:
    """Bool mask of the rows for which the condition holds; a blank is never one of the values nor contains one."""
    values = frame.encode_lower(table, condition.field)
    if condition.field == GRADE and condition.operator in ("is", "is_not"):
        found = graded(values.values.to_pylist(), condition.values, grades)
    elif condition.operator in ("is", "is_not"):
        found = frame.is_among(
            values.values, pc.utf8_lower(pa.array(condition.values, pa.string()))
        )
    else:
        found = np.zeros(len(values.values), bool)
        for part in condition.values:
            hit = pc.match_substring(values.values, pattern=part.lower())
            found |= np.asarray(hit.to_numpy(zero_copy_only=False), bool)
    spread = values.broadcast(found) & ~values.blank
    return np.asarray(~spread if condition.operator.startswith("is_not") else spread)


def graded(cells: Sequence[str], wanted: Sequence[str], grades: Grades) -> np.ndarray:
    """Bool per cell: one of its grades is wanted."""
    return np.asarray([not set(wanted).isdisjoint(grades.several(cell)) for cell in cells], bool)


def wanted_sections(
    target: Target, sections: Table, grades: Grades
) -> tuple[np.ndarray, np.ndarray]:
    """Two bool masks over the sections: in the target, and in it but for a subject that says nothing."""
    fits = np.ones(len(sections), bool)
    if target.grades:
        cells = frame.encode(sections, GRADE)
        fits &= cells.broadcast(graded(cells.values.to_pylist(), target.grades, grades))
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


def wanted_students(target: Target, students: Table, grades: Grades) -> np.ndarray:
    """Bool mask of the student rows in the target's grades and schools, on the person's first row."""
    wanted = frame.group_people(students).first.copy()
    if target.grades:
        cells = frame.encode(students, GRADE)
        wanted &= cells.broadcast(graded(cells.values.to_pylist(), target.grades, grades))
    if target.schools:
        schools = frame.encode(students, "School_id")
        wanted &= schools.broadcast(
            frame.is_among(schools.values, pa.array(target.schools, pa.string()))
        )
    return wanted


NOWHERE, NO_SUBJECT, MISSED, ELSEWHERE = range(4)
WHY = (
    "in no section",
    "their section's Subject says nothing",
    "the rules leave their section out",
    "in no section of the target",
)
"""Why a wanted student is not shared."""


def left_out(
    shared: Shared, target: Target, export: Export, grades: Grades
) -> tuple[np.ndarray, np.ndarray]:
    """Rows of the wanted students who are in no shared section, and for each the number of the reason in WHY."""
    students, sections, enrollments = (
        export.tables.get(name) for name in ("students", "sections", "enrollments")
    )
    if students is None or sections is None or enrollments is None:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    at = frame.locate_rows(enrollments, "Section_id", sections)
    who = frame.locate_rows(enrollments, "Student_id", students)
    both = np.flatnonzero((at >= 0) & (who >= 0))
    wanted, empty = wanted_sections(target, sections, grades)

    def holding(mask: np.ndarray) -> np.ndarray:
        return frame.expand_to_key(students, who[both][mask[at[both]]])

    out = wanted_students(target, students, grades) & ~holding(shared.rows["sections"])
    rows = np.flatnonzero(out)
    why = np.select(
        [holding(wanted)[rows], holding(empty)[rows], holding(np.ones(len(sections), bool))[rows]],
        [MISSED, NO_SUBJECT, ELSEWHERE],
        NOWHERE,
    )
    return rows, why


def concerned(shared: Shared, export: Export, grades: Grades) -> dict[str, np.ndarray]:
    """The masks of what is shared, with the students whom the target wants."""
    target, students = shared.sharing.target, export.tables.get("students")
    if target is None or students is None:
        return dict(shared.rows)
    return {
        **shared.rows,
        "students": shared.rows["students"] | wanted_students(target, students, grades),
    }
