"""OneRoster CSV 1.0, 1.1 and 1.2: told from other formats, read, and made into the tables that every rule reads."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from validator.ingest.formats.oneroster import manifest
from validator.ingest.formats.oneroster.files import (
    FILES_11,
    FILES_12,
    OTHERS,
    PEOPLE_11,
    PEOPLE_12,
    ROLES,
)
from validator.ingest.normalize import roster
from validator.ingest.normalize.roster import Layout
from validator.model import Export, File, Format, Headings, Places, Table

ID = "oneroster"

MARKS = {
    "users": {
        "status",
        "datelastmodified",
        "enableduser",
        "userids",
        "identifier",
        "agentsourcedids",
        "agents",
    },
    "classes": {"classtype", "schoolsourcedid", "termsourcedids", "termsourcedid"},
    "enrollments": {"sourcedid", "schoolsourcedid", "primary"},
    "orgs": {"status", "datelastmodified", "identifier"},
    "academicsessions": {"parentsourcedid", "status", "datelastmodified"},
    "courses": {"coursecode", "status", "datelastmodified"},
    "demographics": {"sourcedid", "status", "datelastmodified"},
    "roles": {"roletype", "sourcedid"},
    "userprofiles": {"profiletype"},
    "manifest": {"propertyname"},
}
"""Headings that tell a OneRoster file from one of Microsoft's, which shares names of files and headings."""

NEWER = {"enabledUser", "userIds", "agentSourcedIds"}
"""Headings of users.csv that 1.0 does not have."""


def _suits(headings: Headings) -> bool:
    return any(marks & headings.get(name, frozenset()) for name, marks in MARKS.items())


def _has_roles(headings: Headings) -> bool:
    """Whether users keep their roles in a file of its own, as from 1.2 on."""
    return "roles" in headings or ("users" in headings and "role" not in headings["users"])


def _format(files: tuple[File, ...], title: str, roles: bool) -> Format:
    return Format(
        ID,
        title,
        files,
        others=OTHERS,
        suits=lambda headings: _suits(headings) and _has_roles(headings) is roles,
    )


FORMATS = (_format(FILES_12, "OneRoster 1.2", True), _format(FILES_11, "OneRoster", False))

SCHOOL = {"School_id": "sourcedId", "School_name": "name", "School_number": "identifier"}
SECTION = {
    "Section_id": "sourcedId",
    "School_id": "schoolSourcedId",
    "Name": "title",
    "Section_number": "classCode",
    "Grade": "grades",
    "Period": "periods",
    "Subject": "subjects",
}
COURSE = {"Course_name": "title", "Course_number": "courseCode", "Subject": "subjects"}


def _layout(export: Export) -> Layout:
    newer = "roles" in export.files_expected
    return Layout(
        ROLES,
        SCHOOL,
        PEOPLE_12 if newer else PEOPLE_11,
        SECTION,
        COURSE,
        org_list="orgSourcedId" if newer else "orgSourcedIds",
        terms="termSourcedIds",
        role_file=newer,
    )


def derived(export: Export) -> Export:
    """The export with schools, students, teachers, staff, sections and enrollments beside OneRoster's own tables."""
    version = _version(export)
    told = replace(
        export, format_version=version, defects={**export.defects, **_defects(export, version)}
    )
    if manifest.is_delta(export.tables.get("manifest")):
        told = _partial(told)
    return roster.derived(told, _layout(told))


def _version(export: Export) -> str:
    """1.0, 1.1 or 1.2: what the manifest says, where it says one of them, else what the headings show."""
    said = manifest.value(export.tables.get("manifest"), manifest.VERSION)
    if said in ("1.0", "1.1", "1.2"):
        return said
    if "roles" in export.files_expected:
        return "1.2"
    users = export.tables.get("users")
    older = (
        "manifest" not in export.tables
        and users is not None
        and not NEWER & set(users.headers.values())
    )
    return "1.0" if older else "1.1"


def _defects(export: Export, version: str) -> dict[str, list[Places]]:
    """A missing manifest, and headers that are not in the order of the specification."""
    found: dict[str, list[Places]] = {}
    if "manifest" not in export.tables and version != "1.0":
        found["manifest-missing"] = [Places("", "manifest.csv", np.zeros(1, np.int32))]
    files = {
        file.table: file for file in (FILES_12 if "roles" in export.files_expected else FILES_11)
    }
    turned = [_turned(table, files[name]) for name, table in export.tables.items() if name in files]
    return found | {"header-order": [place for place in turned if place is not None]}


def _turned(table: Table, file: File) -> Places | None:
    """The header line, where the columns do not come in the order of the specification."""
    wanted = [column.name for column in file.columns]
    order = [wanted.index(name) for name in table.headers if name in wanted]
    at = next((at for at in range(1, len(order)) if order[at] < order[at - 1]), 0)
    if not at:
        return None
    name = wanted[order[at]]
    return Places(
        table.name,
        table.file,
        np.asarray([table.header_line], np.int32),
        name,
        notes=f"`{name}` comes after `{wanted[order[at - 1]]}`",
    )


def _partial(export: Export) -> Export:
    """The export as one that need not hold everything: what is not there is not missing."""
    why = "this is a delta export"
    defects = {name: places for name, places in export.defects.items() if name != "file-missing"}
    absent = {name: f"{why}, and {reason}" for name, reason in export.absent.items()}
    return replace(export, defects=defects, absent=absent, partial=why)
