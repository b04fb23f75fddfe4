"""Microsoft School Data Sync V1, V2 and V2.1: how it is recognized and becomes roster tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePath

import numpy as np

from validator import frame
from validator.frame.emails import is_bad_email, is_email
from validator.ingest.formats.sds.acceptance import (
    ACCEPTANCE_1,
    ACCEPTANCE_2,
    ACCEPTANCE_21,
)
from validator.ingest.formats.sds.names import COLUMNS, KEYS, PERSON, ROLES, SOURCES
from validator.ingest.normalize import columns as normalize_columns
from validator.ingest.normalize import roster as normalize_roster
from validator.ingest.normalize.columns import Cells
from validator.ingest.normalize.sections import build_teacher_columns
from validator.model import Export, Format, Headings, Places, Table, Version
from validator.schemas.sds import (
    FILES_1,
    FILES_1_UK,
    FILES_2,
    FILES_21,
    translate_heading,
)

ID = "sds"
ONEROSTER = {
    "users": {"status", "datelastmodified", "enableduser", "userids", "identifier"},
    "enrollments": {"sourcedid", "schoolsourcedid", "status"},
    "classes": {"schoolsourcedid", "classtype", "status"},
    "orgs": {"identifier", "status"},
    "roles": {"sourcedid", "roletype"},
}
"""Headings that only OneRoster has in its files of the same name."""

AMERICAN = frozenset({"sisid"})
BRITISH = frozenset({"dfenumber", "schooldfenumber", "sectionid"})
"""Headings that show a file of V1; other exports also have a School.csv or a Student.csv."""


def _suits_1(headings: Headings, marks: frozenset[str]) -> bool:
    """Return whether headings suit School Data Sync V1, to detect the format."""
    return any(
        marks & headings.get(PurePath(file.name).stem.lower(), frozenset()) for file in FILES_1
    )


def _suits_2(headings: Headings, *, role_file: bool) -> bool:
    """Return whether headings suit School Data Sync V2, to detect the format."""
    if "manifest" in headings:
        return False
    if any(marks & headings.get(name, frozenset()) for name, marks in ONEROSTER.items()):
        return False
    roles_apart = "users" in headings and "role" not in headings["users"]
    return ("roles" in headings or roles_apart) is role_file


VERSIONS = (
    Version(
        ID,
        "School Data Sync V1",
        FILES_1,
        unsupported=frozenset({"staff"}),
        suits=lambda headings: _suits_1(headings, AMERICAN),
        acceptance=ACCEPTANCE_1,
    ),
    Version(
        ID,
        "School Data Sync V1",
        FILES_1_UK,
        unsupported=frozenset({"staff"}),
        suits=lambda headings: _suits_1(headings, BRITISH),
        acceptance=ACCEPTANCE_1,
    ),
    Version(
        ID,
        "School Data Sync V2",
        FILES_2,
        suits=lambda headings: _suits_2(headings, role_file=False),
        acceptance=ACCEPTANCE_2,
    ),
    Version(
        ID,
        "School Data Sync V2.1",
        FILES_21,
        others={"userflags": "", "relationships": ""},
        suits=lambda headings: _suits_2(headings, role_file=True),
        acceptance=ACCEPTANCE_21,
    ),
)

LAYOUT = normalize_roster.Layout(
    ROLES,
    {"School_id": "sourcedId", "School_name": "name"},
    {
        "students": {**PERSON, "Student_email": "email", "Grade": "grade"},
        "teachers": {**PERSON, "Teacher_email": "email"},
        "staff": {**PERSON, "Staff_email": "email"},
    },
    {"Section_id": "sourcedId", "School_id": "orgSourcedId", "Name": "title"},
    {"Course_name": "title", "Course_number": "code", "Subject": "subject", "Grade": "grade"},
    org_list="orgSourcedIds",
    terms="sessionSourcedIds",
    enrollment={"Section_id": "classSourcedId", "Student_id": "userSourcedId"},
)

EMAILS = {"students": "Student_email", "teachers": "Teacher_email", "staff": "Staff_email"}
ADDRESSES = 0.9
"""Usernames are used as addresses if at least this share of them are addresses; our estimate."""


def normalize(export: Export) -> Export:
    """Return the export with the roster's tables next to Microsoft's own."""
    if "School.csv" in export.files_expected:
        made = replace(_normalize_first(export), format_version="1")
    elif "roles.csv" in export.files_expected:
        layout = replace(LAYOUT, org_list="orgSourcedId", role_file=True, role_grade="grade")
        made = replace(normalize_roster.normalize(export, layout), format_version="2.1")
    else:
        made = replace(normalize_roster.normalize(export, LAYOUT), format_version="2")
    return _use_usernames(made)


def _normalize_first(export: Export) -> Export:
    """Return an export of V1, whose files are almost the roster's tables, with these tables."""
    made: dict[str, Table] = {}
    for name, source in {**SOURCES, "teaching": "TeacherRoster.csv"}.items():
        table = export.file_tables.get(source)
        if table is not None:
            made[name] = _build_table(name, table, export)
    return normalize_roster.add_tables(export, made, SOURCES)


def _build_table(name: str, source: Table, export: Export) -> Table:
    """Normalize a School Data Sync V1 file to a table of the roster."""
    headings = {ours: _find_heading(source, theirs) for ours, theirs in COLUMNS[name].items()}
    columns = {
        ours: normalize_columns.take_own(source, heading) for ours, heading in headings.items()
    }
    missing_reason = normalize_columns.name_absent(source, headings)
    if name == "sections":
        columns |= _build_teachers(export, source)
        missing_reason["Teacher_id"] = export.absent.get("TeacherRoster.csv", "")
    return normalize_columns.build_table(
        name,
        KEYS[name],
        source,
        rows=np.arange(len(source)),
        columns=columns,
        unread=source.unread,
        missing_reason=missing_reason,
    )


def _find_heading(table: Table, column: str) -> str:
    """Return the American or British heading of a School Data Sync column that was read."""
    return column if table.has(column) else translate_heading(column, table.name)


def _build_teachers(export: Export, sections: Table) -> Mapping[str, Cells | None]:
    """Normalize TeacherRoster.csv of School Data Sync V1 to teachers of sections."""
    links = export.file_tables.get("TeacherRoster.csv")
    if links is None:
        return {}
    section, person = _find_heading(links, "Section SIS ID"), _find_heading(links, "SIS ID")
    return build_teacher_columns(
        sections, links, np.arange(len(links)), section=section, person=person
    )


def _use_usernames(export: Export) -> Export:
    """Return the export with usernames as addresses in tables that have no other addresses."""
    tables, places = dict(export.tables), []
    for name, email in EMAILS.items():
        table = tables.get(name)
        if table is not None and len(table) and _has_address_usernames(table, email):
            tables[name] = _copy_usernames(table, email)
            places.append(Places.at_header(table, "Username"))
    return replace(export, tables=tables, defects={**export.defects, "email-from-username": places})


def _has_address_usernames(table: Table, email: str) -> bool:
    """Return whether School Data Sync's usernames are addresses, to normalize them as such."""
    names = frame.encode(table, "Username")
    filled = ~names.blank
    if not frame.encode(table, email).blank.all() or not filled.any():
        return False
    return bool(names.broadcast(is_email(names.values))[filled].mean() >= ADDRESSES)


def _copy_usernames(table: Table, email: str) -> Table:
    """Return the table with its usernames as addresses."""
    names = frame.encode(table, "Username")
    invalid = names.broadcast(is_bad_email(names.values))
    records = table.records.assign({email: frame.get_arrow(table, "Username")})
    return replace(
        table,
        records=records,
        headers={**table.headers, email: table.headers["Username"]},
        schema_violations={
            **table.schema_violations,
            **({email: invalid} if invalid.any() else {}),
        },
        cache={},
    )


FORMAT = Format(ID, "School Data Sync", profile="sds", versions=VERSIONS, normalize=normalize)
