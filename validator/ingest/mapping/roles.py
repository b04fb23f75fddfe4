"""Columns that say who is a student and who is a teacher."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from validator import frame
from validator.ingest.mapping import words
from validator.ingest.mapping.coded_roles import HEADINGS, CodedRole
from validator.ingest.mapping.profile import ColumnProfile, FileProfile
from validator.model import dataclass

STUDENT_WORDS = frozenset("student students learner learners pupil pupils child s stu".split())
TEACHER_WORDS = frozenset(
    "teacher teachers instructor instructors educator educators faculty t "
    "coteacher co-teacher primaryteacher editingteacher noneditingteacher".split()
)
CONTACT_WORDS = frozenset(
    "parent parents guardian guardians parent/guardian parentguardian caregiver family".split()
)
MAX_ROLES = 60
"""Distinct values of a column of roles, titles or positions. Our own measure."""
MIN_SECTIONS, MOST_SHARED, MIN_TIMES = 0.8, 0.05, 3
"""For roles that are numbers: share of the sections that have a teacher, share of teachers that
are students too, and how many students there are for each teacher. Our own measures."""


@dataclass(frozen=True, eq=False)
class Roles:
    """A column of roles, and its values that are the words for students and for teachers."""

    column: ColumnProfile
    students: tuple[str, ...]
    teachers: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class ContactRoles:
    """A column of roles, and its values that are the words for parents and guardians."""

    column: ColumnProfile
    values: tuple[str, ...]


def find_roles(file: FileProfile) -> Roles | None:
    """Return the column of a file that names the most roles, None if none names teachers."""
    best = None
    for column in _list_role_columns(file):
        roles = _read_roles(column)
        if roles.teachers and (best is None or _rank(roles) > _rank(best)):
            best = roles
    return best


def find_coded_roles(file: FileProfile, person: str, section: str) -> Roles | None:
    """Return a column of enrollments whose numbers say who is enrolled and who teaches.

    Nearly every section has both, nobody is both, and there are several students for each teacher.
    None where not exactly one number is that of teachers. person, section: headings of the ids.
    """
    for coded in (each for each in file.coded_roles if each.numbers):
        people = {code: values[person] for code, values in coded.values.items()}
        students = max(people, key=lambda code: len(people[code]))
        teachers = [
            code
            for code in people
            if MIN_TIMES * len(people[code]) <= len(people[students])
            and _teach(coded, code, students, person=person, section=section)
        ]
        if len(teachers) == 1:
            column = next(each for each in file.columns if each.heading == coded.heading)
            return Roles(column, (students,), (teachers[0],))
    return None


def separate_people(
    file: FileProfile, key: str, *, students: pa.Array, teachers: pa.Array
) -> Roles | None:
    """Return a column of an unknown file by whose values known students and teachers differ.

    key: the heading of the ids; students, teachers: the ids of some of them.
    """
    for coded in file.coded_roles:
        of_students = _list_met(coded, key, students)
        of_teachers = _list_met(coded, key, teachers)
        is_blank = "" in (*of_students, *of_teachers)
        if of_students and of_teachers and not is_blank and of_students.isdisjoint(of_teachers):
            column = next(each for each in file.columns if each.heading == coded.heading)
            return Roles(column, tuple(sorted(of_students)), tuple(sorted(of_teachers)))
    return None


def _list_met(coded: CodedRole, key: str, people: pa.Array) -> frozenset[str]:
    """Return the values of a column of roles in whose rows any of these people are."""
    return frozenset(
        code for code, values in coded.values.items() if frame.is_among(people, values[key]).any()
    )


def _teach(coded: CodedRole, code: str, students: str, *, person: str, section: str) -> bool:
    """Return whether the people with a number as role may be those who teach the sections."""
    own, others = coded.values[code], coded.values[students]
    shared = frame.is_among(own[person], others[person]).mean() if len(own[person]) else 1.0
    taught = frame.is_among(others[section], own[section]).mean()
    return bool(shared <= MOST_SHARED and taught >= MIN_SECTIONS)


def find_contact_roles(file: FileProfile) -> ContactRoles | None:
    """Return the column of a file whose roles include parents or guardians, None without one."""
    for column in _list_role_columns(file):
        values = [value.strip() for value in column.values.to_pylist()]
        contacts = tuple(value for value in values if _normalize(value) in CONTACT_WORDS)
        if contacts:
            return ContactRoles(column, contacts)
    return None


def _list_role_columns(file: FileProfile) -> Iterator[ColumnProfile]:
    """Yield the columns of an unknown file whose headings may be over roles."""
    for column in file.columns:
        if not file.headed or not 1 <= len(column) <= MAX_ROLES or column.unique:
            continue
        if any(HEADINGS & set(key) for key in words.read_heading(column.heading)):
            yield column


def _rank(roles: Roles) -> tuple[bool, int]:
    """Return how well columns of roles fit, to suggest one for the column map."""
    return bool(roles.students), -len(roles.column)


def _read_roles(column: ColumnProfile) -> Roles:
    """Read which values of an unknown column mean students, and which teachers."""
    values = [value.strip() for value in column.values.to_pylist()]
    return Roles(
        column,
        tuple(value for value in values if _normalize(value) in STUDENT_WORDS),
        tuple(value for value in values if _is_teacher(value)),
    )


def _is_teacher(value: str) -> bool:
    """Return whether a role is that of a teacher, also in words such as `Lead Teacher`."""
    parts = words.split_words(value)
    if _normalize(value) in TEACHER_WORDS:
        return True
    last = parts[-1] if parts else ""
    return len(parts) <= 3 and last in ("teacher", "teachers", "instructor")


def _normalize(value: str) -> str:
    """Normalize a value of an unknown column to recognize roles."""
    return "".join(value.lower().replace("_", " ").replace("-", " ").split())
