"""Schoology's imports: how they are recognized and become the roster's tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pyarrow as pa

from validator import frame
from validator.frame.arrays import mark_numbers
from validator.ingest.formats.schoology.acceptance import ACCEPTANCE
from validator.ingest.normalize import columns as normalize_columns
from validator.ingest.normalize.columns import Cells, Columns
from validator.ingest.normalize.enrollments import build_enrollments
from validator.ingest.normalize.people import KINDS, split_unread
from validator.ingest.normalize.roster import add_tables
from validator.ingest.normalize.sections import attach_teachers
from validator.model import Export, Format, Headings, Table, Version
from validator.schemas.schoology import FILES

ID = "schoology"
STUDENTS, TEACHERS, STAFF = range(3)
NONE, UNSURE = -1, -2
"""Instead of a position in KINDS: parents and advisors, and users about whom nothing is known."""
ROLES = {
    "student": STUDENTS,
    "learner": STUDENTS,
    "pupil": STUDENTS,
    "teacher": TEACHERS,
    "instructor": TEACHERS,
    "faculty": TEACHERS,
    "admin": STAFF,
    "staff": STAFF,
    "principal": STAFF,
    "counselor": STAFF,
    "parent": NONE,
    "guardian": NONE,
    "advisor": NONE,
}
"""Word in a role, in lower case -> its kind. Roles are the school's own."""
ADMINS = ("admin", "administrator", "teacher", "1")
MEMBERS = ("member", "student", "2")
"""Enrollment types in lower case; the numbers are those of Schoology's own example."""
UNSURE_DEFECT = "schoology-user-kind-unknown"

MADE_FROM = {
    "students": "users.csv",
    "teachers": "users.csv",
    "staff": "users.csv",
    "sections": "courses.csv",
    "enrollments": "enrollments.csv",
}
"""Table of the roster -> the file without which it cannot be built."""
KEYS = {"students": "Student_id", "teachers": "Teacher_id", "staff": "Staff_id"}
EMAILS = {"students": "Student_email", "teachers": "Teacher_email", "staff": "Staff_email"}
OF_USERS = {
    "First_name": "First Name",
    "Last_name": "Last Name",
    "Username": "Username",
    "School_id": "School",
}
OF_KIND = {
    "students": {"Gender": "Gender", "Graduation_year": "Grad Year"},
    "teachers": {"Title": "Position/Job Title"},
    "staff": {"Title": "Position/Job Title"},
}
OF_COURSES = {
    "School_id": "School",
    "Name": "Section Name",
    "Course_name": "Course Name",
    "Course_number": "Course Code",
    "Section_number": "Section Code",
    "Term_name": "Grading Period",
}
ABSENT = {
    "students": {
        "Grade": "Schoology's files have no grades for students",
        "DOB": "Schoology's files have no birth dates",
    },
    "sections": {
        "Grade": "Schoology's files have no grades for sections",
        "Subject": "Schoology's files have no subjects",
        "Period": "Schoology's files have no periods",
        "Term_start": "Schoology's files have no days of grading periods",
        "Term_end": "Schoology's files have no days of grading periods",
    },
    "enrollments": {"School_id": "Schoology's enrollments do not name a school"},
}
"""Table -> column -> why no file can have it."""


def is_schoology(headings: Headings) -> bool:
    """Return whether any file has the headings that only Schoology's imports have together."""
    ids = ({"useruniqueid"}, {"uniqueid"}, {"schooluid"})
    return any(
        any(own >= id | {"coursecode"} or own >= id | {"firstname", "lastname"} for id in ids)
        for own in headings.values()
    )


def normalize(export: Export) -> Export:
    """Return the export with the roster's tables next to those of Schoology's files."""
    own = export.file_tables
    users, courses, links = (own.get(f"{name}.csv") for name in ("users", "courses", "enrollments"))
    made: dict[str, Table] = {}
    kinds = classify_users(users, links)
    with_period = all(
        table is not None and table.has("Grading Period") for table in (courses, links)
    )
    if users is not None:
        made |= _build_people(users, kinds)
    if links is not None:
        made |= _build_enrollments(links, mark_teaching(users, links, kinds), with_period)
    if courses is not None:
        made["sections"] = _build_sections(courses, with_period)
        if "teaching" in made:
            every = np.arange(len(made["teaching"]))
            made["sections"] = attach_teachers(made["sections"], made["teaching"], every)
    rows = np.flatnonzero(kinds == UNSURE)
    defects = dict(export.defects)
    if users is not None and len(rows):
        defects[UNSURE_DEFECT] = [frame.place_rows(users, rows, "User Unique ID")]
    return add_tables(replace(export, defects=defects), made, MADE_FROM)


def classify_users(users: Table | None, links: Table | None) -> np.ndarray:
    """Return the kind of each Schoology user: position in KINDS, NONE or UNSURE.

    The role decides, and where it is no known word, whether the user is the admin of a course.
    """
    if users is None:
        return np.zeros(0, np.int8)
    roles = frame.encode_lower(users, "Role")
    kinds = roles.broadcast(
        np.asarray([_read_role(role) for role in roles.values.to_pylist()], np.int8)
    ).astype(np.int8)
    if links is None:
        return kinds
    at = frame.locate_rows(links, "User Unique ID", users)
    is_admin, is_member = _mark_types(links)
    for kind, mask in ((STUDENTS, is_member), (TEACHERS, is_admin)):
        kinds[(kinds == UNSURE) & mark_numbers(at, len(users), mask)] = kind
    return kinds


def _read_role(role: str) -> int:
    """Return the kind of person that a Schoology role means, UNSURE for a word not known."""
    return next((kind for word, kind in ROLES.items() if word in role), UNSURE)


def _mark_types(links: Table) -> tuple[np.ndarray, np.ndarray]:
    """Return the bool masks of Schoology enrollments as the admin and as a member of a course."""
    types = frame.encode_lower(links, "Enrollment Type")
    masks = [
        types.broadcast(frame.is_among(types.values, pa.array(words, pa.string())))
        for words in (ADMINS, MEMBERS)
    ]
    return masks[0], masks[1]


def mark_teaching(users: Table | None, links: Table, kinds: np.ndarray) -> np.ndarray:
    """Return the bool mask of the Schoology enrollments of teachers, by type or by user."""
    is_admin, is_member = _mark_types(links)
    if users is None:
        return is_admin
    at = frame.locate_rows(links, "User Unique ID", users)
    teaches = np.append(kinds, STUDENTS)[np.maximum(at, -1)] == TEACHERS
    return np.asarray(is_admin | (~is_member & teaches), bool)


def _build_people(users: Table, kinds: np.ndarray) -> dict[str, Table]:
    """Normalize Schoology users to students, teachers and staff."""
    unread = split_unread(users, None, {})
    made = {}
    for number, name in enumerate(KINDS):
        names = {**OF_USERS, **OF_KIND[name], KEYS[name]: "User Unique ID", EMAILS[name]: "E-mail"}
        made[name] = normalize_columns.build_table(
            name,
            KEYS[name],
            users,
            rows=np.flatnonzero(kinds == number),
            columns=_take(users, names),
            unread=unread.get(name),
            missing_reason={
                **normalize_columns.name_absent(users, names),
                **ABSENT.get(name, {}),
            },
        )
    return made


def _take(table: Table, names: Mapping[str, str]) -> Columns:
    """Take columns of a Schoology file under the roster's names."""
    return {ours: normalize_columns.take_own(table, theirs) for ours, theirs in names.items()}


def _take_section(table: Table, *, with_period: bool) -> Cells | None:
    """Return the ids of sections in a Schoology file.

    The section's own code in the school, or the codes of course and section, and the grading
    period where both files have it: the codes may be used again in the next one.
    """
    own = normalize_columns.take_own(table, "Section School Code")
    if not table.has("Section Code") or not table.has("Course Code"):
        return own
    parts = ["Course Code", "Section Code"]
    if with_period:
        parts.append("Grading Period")
    ids = normalize_columns.combine_columns(table, parts)
    return normalize_columns.fill_blanks(own, Cells(table.headers["Section Code"], ids))


def _list_parts(table: Table) -> tuple[str, ...]:
    """List the headings of a Schoology file of which the id of a section is made."""
    names = ("Course Code", "Section Code", "Grading Period")
    return tuple(str(table.headers[name]) for name in names if table.has(name))


def _build_sections(courses: Table, with_period: bool) -> Table:
    """Normalize the sections in Schoology's file of courses."""
    columns = {"Section_id": _take_section(courses, with_period=with_period)}
    built = normalize_columns.build_table(
        "sections",
        "Section_id",
        courses,
        rows=np.arange(len(courses)),
        columns={**columns, **_take(courses, OF_COURSES)},
        unread=courses.unread,
        missing_reason={
            **normalize_columns.name_absent(courses, OF_COURSES),
            **ABSENT["sections"],
        },
    )
    return replace(built, combined={"Section_id": _list_parts(courses)})


def _build_enrollments(links: Table, teaching: np.ndarray, with_period: bool) -> dict[str, Table]:
    """Normalize Schoology enrollments: those of members, and those of admins as `teaching`."""
    columns = {
        "Section_id": _take_section(links, with_period=with_period),
        "Student_id": normalize_columns.take_own(links, "User Unique ID"),
    }
    made = build_enrollments(
        links,
        columns,
        learning=~teaching,
        teaching=teaching,
        missing_reason=ABSENT["enrollments"],
    )
    parts = {"Section_id": _list_parts(links)}
    return {name: replace(table, combined=parts) for name, table in made.items()}


VERSION = Version(
    ID,
    "Schoology",
    FILES,
    unsupported=frozenset({"schools"}),
    suits=is_schoology,
    acceptance=ACCEPTANCE,
)
FORMAT = Format(ID, "Schoology", profile=ID, versions=(VERSION,), normalize=normalize)
