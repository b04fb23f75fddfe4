"""Microsoft School Data Sync V1, V2 and V2.1: told from OneRoster, read, and made into the tables that rules read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from validator import frame
from validator.frame import values
from validator.ingest.formats.sds.files import FILES_1, FILES_1_UK, FILES_2, FILES_21, british
from validator.ingest.normalize import columns as normalize_columns
from validator.ingest.normalize import roster as normalize_roster
from validator.ingest.normalize.columns import Cells
from validator.ingest.normalize.sections import teacher_columns
from validator.model import Export, Format, Headings, Places, Table

ID = "sds"
ONEROSTER = {
    "users": {"status", "datelastmodified", "enableduser", "userids", "identifier"},
    "enrollments": {"sourcedid", "schoolsourcedid", "status"},
    "classes": {"schoolsourcedid", "classtype", "status"},
    "orgs": {"identifier", "status"},
    "roles": {"sourcedid", "roletype"},
}
"""Headings that OneRoster has in files of the same names, and School Data Sync has not."""


def _suits_2(headings: Headings, roles: bool) -> bool:
    foreign = any(marks & headings.get(name, frozenset()) for name, marks in ONEROSTER.items())
    own_roles = "roles" in headings or ("users" in headings and "role" not in headings["users"])
    return not foreign and "manifest" not in headings and own_roles is roles


def _suits_1(headings: Headings, own: frozenset[str]) -> bool:
    """Whether a file of V1 has one of its telling headings: other exports call their files School and Student, too."""
    return any(own & headings.get(file.table.lower(), frozenset()) for file in FILES_1)


AMERICAN = frozenset({"sisid"})
BRITISH = frozenset({"dfenumber", "schooldfenumber", "sectionid"})

FORMATS = (
    Format(
        ID,
        "School Data Sync V1",
        FILES_1,
        unsupported=frozenset({"staff"}),
        suits=lambda headings: _suits_1(headings, AMERICAN),
    ),
    Format(
        ID,
        "School Data Sync V1",
        FILES_1_UK,
        unsupported=frozenset({"staff"}),
        suits=lambda headings: _suits_1(headings, BRITISH),
    ),
    Format(ID, "School Data Sync V2", FILES_2, suits=lambda headings: _suits_2(headings, False)),
    Format(
        ID,
        "School Data Sync V2.1",
        FILES_21,
        others={"userflags": "", "relationships": ""},
        suits=lambda headings: _suits_2(headings, True),
    ),
)

MADE_FROM = {
    "schools": "School",
    "students": "Student",
    "teachers": "Teacher",
    "sections": "Section",
    "enrollments": "StudentEnrollment",
}
KEYS = {
    "schools": "School_id",
    "students": "Student_id",
    "teachers": "Teacher_id",
    "sections": "Section_id",
    "enrollments": "",
    "teaching": "",
}
_ACCOUNT = {
    "First_name": "First Name",
    "Last_name": "Last Name",
    "Middle_name": "Middle Name",
    "Username": "Username",
    "Password": "Password",
}
COLUMNS = {
    "schools": {
        "School_id": "SIS ID",
        "School_name": "Name",
        "School_number": "School Number",
        "Low_grade": "Grade Low",
        "High_grade": "Grade High",
        "Principal": "Principal Name",
    },
    "students": {
        "School_id": "School SIS ID",
        "Student_id": "SIS ID",
        "Student_number": "Student Number",
        **_ACCOUNT,
        "Grade": "Grade",
        "DOB": "Birthdate",
        "Student_email": "Secondary Email",
        "Graduation_year": "Graduation Year",
    },
    "teachers": {
        "School_id": "School SIS ID",
        "Teacher_id": "SIS ID",
        "Teacher_number": "Teacher Number",
        **_ACCOUNT,
        "Title": "Title",
        "Teacher_email": "Secondary Email",
    },
    "sections": {
        "School_id": "School SIS ID",
        "Section_id": "SIS ID",
        "Name": "Section Name",
        "Section_number": "Section Number",
        "Course_name": "Course Name",
        "Course_number": "Course Number",
        "Subject": "Course Subject",
        "Period": "Periods",
        "Term_name": "Term Name",
        "Term_start": "Term StartDate",
        "Term_end": "Term EndDate",
    },
    "enrollments": {"Section_id": "Section SIS ID", "Student_id": "SIS ID"},
    "teaching": {"Section_id": "Section SIS ID", "Teacher_id": "SIS ID"},
}
"""Of each table, our column name and what V1 calls it in the United States."""

ROLES = {"student": "students", "teacher": "teachers"} | dict.fromkeys(
    (
        "staff",
        "faculty",
        "professor",
        "lecturer",
        "adjunct",
        "instructor",
        "aide",
        "paraprofessional",
        "administrator",
        "principal",
        "chancellor",
        "counselor",
        "proctor",
        "specialist",
        "coach",
        "nurse",
        "other",
        "districtadministrator",
        "siteadministrator",
        "systemadministrator",
        "officeadministrator",
        "itadministrator",
    ),
    "staff",
)
"""Role in lower case -> table. Only `teacher` teaches: whoever else leads a class is staff, as Microsoft tells them
apart. Parents, guardians, relatives and contacts are no people of the roster."""

_PERSON = {
    "First_name": "givenName",
    "Last_name": "familyName",
    "Username": "username",
    "Password": "password",
}
LAYOUT = normalize_roster.Layout(
    ROLES,
    {"School_id": "sourcedId", "School_name": "name"},
    {
        "students": {**_PERSON, "Student_email": "email", "Grade": "grade"},
        "teachers": {**_PERSON, "Teacher_email": "email"},
        "staff": {**_PERSON, "Staff_email": "email"},
    },
    {"Section_id": "sourcedId", "School_id": "orgSourcedId", "Name": "title"},
    {"Course_name": "title", "Course_number": "code", "Subject": "subject", "Grade": "grade"},
    org_list="orgSourcedIds",
    terms="sessionSourcedIds",
    enrollment={"Section_id": "classSourcedId", "Student_id": "userSourcedId"},
)

EMAILS = {"students": "Student_email", "teachers": "Teacher_email", "staff": "Staff_email"}
ADDRESSES = 0.9
"""Usernames are taken for addresses where at least this share of them is one; our own measure."""


def derived(export: Export) -> Export:
    """The export with schools, students, teachers, sections and enrollments beside Microsoft's own tables."""
    if "School" in export.files_expected:
        told = replace(_first(export), format_version="1")
    elif "roles" in export.files_expected:
        newer = replace(LAYOUT, org_list="orgSourcedId", role_file=True, role_grade="grade")
        told = replace(normalize_roster.derived(export, newer), format_version="2.1")
    else:
        told = replace(normalize_roster.derived(export, LAYOUT), format_version="2")
    return _with_addresses(told)


def _first(export: Export) -> Export:
    """V1, whose files are nearly the tables already."""
    made: dict[str, Table] = {}
    for name, source in {**MADE_FROM, "teaching": "TeacherRoster"}.items():
        table = export.tables.get(source)
        if table is not None:
            columns = {
                ours: normalize_columns.own(table, _called(table, theirs))
                for ours, theirs in COLUMNS[name].items()
            }
            lacking = {}
            if name == "sections":
                columns |= _teachers(export, table)
                lacking["Teacher_id"] = export.absent.get("TeacherRoster", "")
            made[name] = normalize_columns.table(
                name,
                KEYS[name],
                table,
                np.arange(len(table)),
                columns,
                unread=table.unread,
                missing_reason=lacking,
            )
    return normalize_roster.told(export, made, MADE_FROM)


def _called(table: Table, column: str) -> str:
    """What the table calls a column: its American or its British heading."""
    return column if table.has(column) else british(column, table.name)


def _teachers(export: Export, sections: Table) -> Mapping[str, Cells | None]:
    links = export.tables.get("TeacherRoster")
    if links is None:
        return {}
    section, person = _called(links, "Section SIS ID"), _called(links, "SIS ID")
    return teacher_columns(sections, links, np.arange(len(links)), section=section, person=person)


def _with_addresses(export: Export) -> Export:
    """The export with usernames for addresses where a file has no address and its usernames are addresses."""
    tables, places = dict(export.tables), []
    for name, email in EMAILS.items():
        table = tables.get(name)
        if table is not None and len(table) and _signs_in_by_address(table, email):
            tables[name] = _by_username(table, email)
            places.append(
                Places(name, table.file, np.asarray([table.header_line], np.int32), "Username")
            )
    return replace(export, tables=tables, defects={**export.defects, "email-from-username": places})


def _signs_in_by_address(table: Table, email: str) -> bool:
    names = frame.encode(table, "Username")
    filled = ~names.blank
    if not frame.encode(table, email).blank.all() or not filled.any():
        return False
    return bool(names.broadcast(values.is_email(names.values))[filled].mean() >= ADDRESSES)


def _by_username(table: Table, email: str) -> Table:
    """The table whose addresses are its usernames."""
    names = frame.encode(table, "Username")
    invalid = names.broadcast(values.is_bad_email(names.values))
    rows = table.rows.assign(**{email: table.rows["Username"]})
    return replace(
        table,
        rows=rows,
        headers={**table.headers, email: table.headers["Username"]},
        schema_violations={
            **table.schema_violations,
            **({email: invalid} if invalid.any() else {}),
        },
        cache={},
    )
