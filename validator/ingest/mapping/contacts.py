"""Parents and guardians of an unknown export, in a separate file or among all users."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from validator.ingest.mapping import words
from validator.ingest.mapping.meanings import match_columns
from validator.ingest.mapping.profile import ColumnProfile, FileProfile, measure_overlap
from validator.ingest.mapping.roles import find_contact_roles
from validator.ingest.mapping.spellings import Spelling
from validator.ingest.mapping.suggestion import Match, Sure, TableMatch

CONTACT_WORDS = frozenset("parent guardian contact relationship family caregiver".split())
OWN_WORDS = frozenset("relationship parent guardian".split())
"""Words of headings that only a file of parents or guardians has among few others."""
STUDENT_ONLY = frozenset("grade dob birthdate birth gender sex homeroom".split())
"""Words of headings that a file of students has, and none of parents or guardians."""
FEW = 0.5
"""Share of ids that are students', from which a column names the student. Our own measure."""


def is_contacts(file: FileProfile) -> bool:
    """Return whether an unknown file holds parents and guardians, by its name and headings."""
    headings = [word for column in file.columns for word in _read_words(column.heading)]
    if not file.headed or STUDENT_ONLY & set(headings):
        return False
    stems = {word for stem in words.read_file_name(file.stem) for word in stem}
    is_about = bool(OWN_WORDS & set(headings))
    return is_about and ("student" in headings or bool(CONTACT_WORDS & stems))


def _read_words(heading: str) -> set[str]:
    """Return the words of all readings of an unknown heading."""
    return {word for key in words.read_heading(heading) for word in key}


def add_contacts(
    tables: dict[str, TableMatch],
    files: Sequence[FileProfile],
    spellings: Mapping[str, Spelling],
) -> None:
    """Add the suggested table of parents and guardians, each with the student's id."""
    students = tables.get("students")
    key = students.matches.get("Student_id") if students is not None else None
    if students is None or key is None or key.lender is not None:
        return
    _add_from_users(tables, students, key)
    for file in files:
        matches = match_columns(file, spellings) if is_contacts(file) else {}
        child = _find_child(file, matches.get("Student_id"), key.taken, students=students)
        if matches and child is not None:
            why = "its headings, which speak of parents or guardians"
            known = {**_add_name(file, matches), "Student_id": child}
            tables["contacts"] = TableMatch("contacts", file, known, Sure.LIKELY, why)
            return


def _add_name(file: FileProfile, matches: Mapping[str, Match]) -> dict[str, Match]:
    """Return the suggested columns of guardians with a name of two columns, where none is whole."""
    parts = [_find_part(file, part) for part in ("first", "last")]
    first, last = parts
    if "Contact_name" in matches or first is None or last is None:
        return dict(matches)
    heading = f"{first.heading} and {last.heading}"
    whole = replace(first, heading=heading, parts=(first, last), unique=False)
    match = Match("Contact_name", whole, Sure.LIKELY, "first and last name")
    return {**matches, "Contact_name": match}


def _find_part(file: FileProfile, part: str) -> ColumnProfile | None:
    """Return the column of guardians' first or last names, None without exactly one."""
    wanted = {(part,), tuple(sorted((part, "name")))}
    fitting = [
        column
        for column in file.columns
        if len(column)
        and any(
            tuple(word for word in key if word not in CONTACT_WORDS) in wanted
            for key in column.readings
        )
    ]
    return fitting[0] if len(fitting) == 1 else None


def _find_child(
    file: FileProfile, named: Match | None, key: ColumnProfile, *, students: TableMatch
) -> Match | None:
    """Return the column of a file of guardians that names the student."""
    columns = [column for column in file.columns if len(column)]
    best = max(columns, key=lambda column: measure_overlap(column, key), default=None)
    if named is not None and measure_overlap(named.taken, key) >= FEW:
        best = named.taken
    share = measure_overlap(best, key) if best is not None else 0.0
    if best is None or share < FEW:
        return None
    why = f"{int(100 * share)}% of its values are ids of {students.file.name}"
    return Match("Student_id", best, Sure.LIKELY, why, compared=students.file.name)


def _add_from_users(tables: dict[str, TableMatch], students: TableMatch, key: Match) -> None:
    """Add parents and guardians from a file of all users, where a column names their student.

    That column says nothing about the students themselves.
    """
    file = students.file
    roles = find_contact_roles(file)
    if roles is None:
        return
    others = [column for column in file.columns if column is not key.taken]
    child = _find_child(replace(file, columns=tuple(others)), None, key.taken, students=students)
    if child is None:
        return
    own = {
        name: match for name, match in students.matches.items() if match.taken is not child.taken
    }
    tables["students"] = replace(students, matches=own)
    matches = {"Student_id": child, "Contact_sis_id": replace(key, column="Contact_sis_id")}
    why = f"the roles in {roles.column.heading}"
    only = {roles.column.heading: roles.values}
    tables["contacts"] = TableMatch("contacts", file, matches, Sure.LIKELY, why, only=only)
