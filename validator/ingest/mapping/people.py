"""Students and teachers in one file or column, distinguished by roles or by what refers to them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa

from validator import frame
from validator.ingest.mapping import links, referenced, references
from validator.ingest.mapping.profile import ColumnProfile, FileProfile, measure_overlap
from validator.ingest.mapping.roles import Roles, find_coded_roles, find_roles, separate_people
from validator.ingest.mapping.suggestion import Match, Sure, TableMatch, TeachingMatch

FEW, MOST = 0.5, 0.8
"""Shares of ids from which one column refers to another, and surely does. Our own measures."""
MIN_VALUES = 2
"""Distinct ids below which the agreement of two columns means nothing. Our own measure."""

Columns = Callable[[FileProfile, str], dict[str, Match]]
"""The columns that a file has for a table."""


def resolve(
    tables: Mapping[str, TableMatch], files: Sequence[FileProfile], match_columns: Columns
) -> dict[str, TableMatch]:
    """Return the suggested tables with enrollments and teachers that only values show."""
    out = dict(tables)
    _find_enrollments(out, files)
    links.find_links(out, files, match_columns)
    links.add_teacher(out, files, match_columns)
    out = references.reconcile(out)
    _take_teachers_of_staff(out, match_columns)
    referenced.find_people(out, files, match_columns)
    _separate_enrollments(out, match_columns)
    _find_teaching(out, files, match_columns)
    return out


def _find_enrollments(tables: dict[str, TableMatch], files: Sequence[FileProfile]) -> None:
    """Add the file that names a student and a section on each row, by their ids."""
    students, sections = tables.get("students"), tables.get("sections")
    if "enrollments" in tables or students is None or sections is None:
        return
    used = {table.file.name for table in tables.values()}
    wanted = {"Student_id": students, "Section_id": sections}
    matching = []
    for file in files:
        matches = {} if file.name in used else _match_references(file, wanted)
        if len(matches) == len(wanted):
            matching.append(TableMatch("enrollments", file, matches, Sure.LIKELY, "the ids in it"))
    if matching:
        others = tuple(match.file.name for match in matching[1:])
        tables["enrollments"] = replace(matching[0], others=others)


def _find_teaching(
    tables: dict[str, TableMatch], files: Sequence[FileProfile], match_columns: Columns
) -> None:
    """Add the file that names a teacher and a section on each row, where sections name none.

    The teachers may be among the staff.
    """
    sections, staff = tables.get("sections"), tables.get("staff")
    if sections is None or sections.teaching or "Teacher_id" in sections.matches:
        return
    teachers = tables.get("teachers")
    if teachers is None and staff is not None:
        why = "another file names the sections that they teach"
        matches = match_columns(staff.file, "teachers")
        teachers = TableMatch(
            "teachers", staff.file, matches, Sure.LIKELY, why, named_by="sections"
        )
    if teachers is None or "Teacher_id" not in teachers.matches:
        return
    used = {table.file.name for table in tables.values()}
    wanted = {"Teacher_id": teachers, "Section_id": sections}
    for file in files:
        links = {} if file.name in used else _match_references(file, wanted)
        if len(links) == len(wanted):
            person, section = links["Teacher_id"].taken, links["Section_id"].taken
            teaching = TeachingMatch(file, section, person, {})
            tables["sections"] = replace(sections, teaching=teaching)
            tables["teachers"] = teachers
            return


def _match_references(file: FileProfile, wanted: Mapping[str, TableMatch]) -> dict[str, Match]:
    """Return the columns of a file that refer to the ids of tables."""
    matches: dict[str, Match] = {}
    for name, table in wanted.items():
        key = table.matches.get(name)
        if key is None or key.lender is not None:
            continue
        columns = file.composites if key.taken.parts else file.columns
        free = [column for column in columns if len(column) >= MIN_VALUES]
        taken = {match.taken.position for match in matches.values()}
        best = max(
            (column for column in free if column.position not in taken),
            key=lambda column: measure_overlap(column, key.taken),
            default=None,
        )
        share = measure_overlap(best, key.taken) if best is not None else 0.0
        if best is not None and share >= FEW:
            why = f"{int(100 * share)}% of its values are ids of {table.file.name}"
            matches[name] = Match(name, best, Sure.LIKELY, why, compared=table.file.name)
    return matches


def _take_teachers_of_staff(tables: dict[str, TableMatch], match_columns: Columns) -> None:
    """Add the teachers that sections or enrollments name in a file of staff."""
    staff = tables.get("staff")
    if staff is None or "teachers" in tables:
        return
    matches = match_columns(staff.file, "teachers")
    key = matches.get("Teacher_id")
    if key is None:
        return
    referring = _find_referring(tables, key.taken)
    if not referring:
        return
    roles = find_roles(staff.file)
    only = {roles.column.heading: roles.teachers} if roles else {}
    why = f"{referring} refers to its ids"
    tables["teachers"] = TableMatch("teachers", staff.file, matches, Sure.LIKELY, why, only=only)


def _find_referring(tables: Mapping[str, TableMatch], key: ColumnProfile) -> str:
    """Find, while mapping unknown files to tables, the one with teachers' ids; "" for none."""
    sections, enrollments = tables.get("sections"), tables.get("enrollments")
    if sections is not None and "Teacher_id" in sections.matches:
        column = sections.matches["Teacher_id"].taken
        if measure_overlap(column, key) >= FEW:
            return sections.file.name
    if enrollments is not None and "Student_id" in enrollments.matches:
        column = enrollments.matches["Student_id"].taken
        if _count_shared(column, key) >= MIN_VALUES:
            return enrollments.file.name
    return ""


def _count_shared(column: ColumnProfile, key: ColumnProfile) -> int:
    """Count the values that a column of unknown layout shares with one of ids, for a suggestion."""
    return int(np.sum(frame.is_among(column.values, key.values)))


def _separate_enrollments(tables: dict[str, TableMatch], match_columns: Columns) -> None:
    """Separate students and teachers in one column of enrollments, by role or by id.

    By id only where sections name no teachers themselves: otherwise teachers do not belong there.
    """
    enrollments, sections = tables.get("enrollments"), tables.get("sections")
    if enrollments is None or sections is None:
        return
    roles = _read_roles(enrollments)
    if roles is not None:
        _take_teachers_by_role(tables, sections, match_columns)
        _separate_by_their_roles(tables, enrollments, roles)
    names_teachers = "Teacher_id" in sections.matches
    if (names_teachers and roles is None) or not _has_teachers_among(tables, enrollments):
        return
    kept = {roles.column.heading: roles.students} if roles is not None else {}
    person = _describe_person(tables, enrollments.matches["Student_id"])
    matches = {**enrollments.matches, "Student_id": person}
    tables["enrollments"] = replace(
        enrollments, matches=matches, only=kept, without_teachers=roles is None
    )
    section = enrollments.matches.get("Section_id")
    if section is not None and not names_teachers:
        teaching = {roles.column.heading: roles.teachers} if roles is not None else {}
        tables["sections"] = replace(
            sections,
            teaching=TeachingMatch(enrollments.file, section.taken, person.taken, teaching),
        )


def _read_roles(enrollments: TableMatch) -> Roles | None:
    """Return the roles in a file of enrollments, in words or as numbers; None without students."""
    roles = find_roles(enrollments.file)
    if roles is not None and roles.students:
        return roles
    headings = [
        match.taken.heading
        for name in ("Student_id", "Section_id")
        if (match := enrollments.matches.get(name)) and not match.taken.parts
    ]
    return find_coded_roles(enrollments.file, *headings) if len(headings) == 2 else None


def _take_teachers_by_role(
    tables: dict[str, TableMatch], sections: TableMatch, match_columns: Columns
) -> None:
    """Add the teachers out of the file of students, where only roles in enrollments name them."""
    students = tables.get("students")
    key = students.matches.get("Student_id") if students is not None else None
    if students is None or key is None or students.only or "teachers" in tables:
        return
    if "Teacher_id" in sections.matches:
        return
    matches = {
        name: match
        for name, match in match_columns(students.file, "teachers").items()
        if name not in ("Teacher_id", "Teacher_number")
    }
    known = {"Teacher_id": replace(key, column="Teacher_id"), **matches}
    why = "the roles in enrollments"
    tables["teachers"] = TableMatch(
        "teachers", students.file, known, Sure.LIKELY, why, named_by="sections"
    )
    sure = Sure.LIKELY if students.sure is Sure.SURE else students.sure
    tables["students"] = replace(students, without_teachers=True, sure=sure)


def _separate_by_their_roles(
    tables: dict[str, TableMatch], enrollments: TableMatch, roles: Roles
) -> None:
    """Separate the people of one file by a column there that agrees with roles in enrollments.

    Teachers without sections are recognized too.
    """
    people = [tables.get(name) for name in ("students", "teachers")]
    students, teachers = people
    person = enrollments.matches.get("Student_id")
    if students is None or teachers is None or person is None:
        return
    if students.file is not teachers.file or students.only or teachers.only:
        return
    values = next(
        (each for each in enrollments.file.coded_roles if each.heading == roles.column.heading),
        None,
    )
    key = students.matches["Student_id"].taken
    if values is None or key is not teachers.matches["Teacher_id"].taken or key.parts:
        return
    known = [
        pa.concat_arrays([values.values[role][person.taken.heading] for role in named])
        for named in (roles.students, roles.teachers)
    ]
    own = separate_people(students.file, key.heading, students=known[0], teachers=known[1])
    if own is None:
        return
    heading = own.column.heading
    why = f"{students.why}, and {heading}, which agrees with the roles in enrollments"
    tables["students"] = replace(
        students, only={heading: own.students}, without_teachers=False, why=why
    )
    tables["teachers"] = replace(teachers, only={heading: own.teachers}, named_by="", why=why)


def _has_teachers_among(tables: Mapping[str, TableMatch], enrollments: TableMatch) -> bool:
    """Return whether enrollments of unknown layout also name teachers in the students' column."""
    person = enrollments.matches.get("Student_id")
    keys = _find_keys(tables)
    if person is None or len(keys) < 2 or "Section_id" not in enrollments.matches:
        return False
    if tables["students"].file is tables["teachers"].file:
        return True
    is_student, is_teacher = (frame.is_among(person.taken.values, key.values) for key in keys)
    return bool((is_teacher & ~is_student).any())


def _find_keys(tables: Mapping[str, TableMatch]) -> list[ColumnProfile]:
    """Find the columns of the ids of students and teachers among suggested tables."""
    pairs = (("students", "Student_id"), ("teachers", "Teacher_id"))
    matches = [tables[name].matches.get(key) for name, key in pairs if name in tables]
    return [match.taken for match in matches if match is not None]


def _describe_person(tables: Mapping[str, TableMatch], person: Match) -> Match:
    """Return the column of enrollments that names students and teachers, with how sure it is."""
    values = person.taken.values
    is_known = [frame.is_among(values, key.values) for key in _find_keys(tables)]
    sure = Sure.LIKELY if float(np.mean(np.logical_or(*is_known))) >= MOST else Sure.GUESS
    other = tables["teachers"].file
    if other is tables["students"].file:
        return replace(person, sure=sure)
    why = f"{person.why}; its other values are ids of {other.name}"
    return replace(person, why=why, sure=sure)
