"""OneRoster CSV 1.0, 1.1 and 1.2: how it is recognized and becomes the roster's tables."""

from __future__ import annotations

from dataclasses import replace

from validator import frame
from validator.ingest.formats.oneroster import manifest
from validator.ingest.formats.oneroster.acceptance import ACCEPTANCE
from validator.ingest.formats.oneroster.names import (
    COURSE,
    OTHERS,
    PEOPLE_11,
    PEOPLE_12,
    ROLES,
    SCHOOL,
    SECTION,
)
from validator.ingest.normalize import roster
from validator.ingest.normalize.roster import Layout
from validator.model import (
    Departure,
    Export,
    File,
    FileColumn,
    Format,
    Headings,
    Places,
    Table,
    Version,
)
from validator.schemas.oneroster import FILES_11, FILES_12, HEADINGS_10

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
"""Headings of each file that School Data Sync does not have in its files of the same name."""

SESSIONS = "academicSessions.csv"

NEWER = {"enabledUser", "userIds", "agentSourcedIds"}
"""Headings of users.csv that 1.0 does not have; any of them shows a later version."""


def _is_oneroster(headings: Headings) -> bool:
    """Return whether headings are those of OneRoster, to detect the format."""
    return any(marks & headings.get(name, frozenset()) for name, marks in MARKS.items())


def _has_role_file(headings: Headings) -> bool:
    """Whether roles are in roles.csv, as from 1.2 on, and not in users.csv."""
    return "roles" in headings or ("users" in headings and "role" not in headings["users"])


def _build_version(files: tuple[File, ...], title: str, *, role_file: bool) -> Version:
    """Return a OneRoster version, and how its files are detected in an export."""

    def suits(headings: Headings) -> bool:
        return _is_oneroster(headings) and _has_role_file(headings) is role_file

    return Version(ID, title, files, others=OTHERS, suits=suits, acceptance=ACCEPTANCE)


def normalize(export: Export) -> Export:
    """Return the export with the roster's tables next to OneRoster's own."""
    version = _find_version(export)
    defects = {**export.defects, **_find_defects(export, version)}
    if version == "1.0":
        defects["header-spelling"] = _leave_out_first_headings(export)
    export = replace(export, format_version=version, defects=defects)
    if manifest.is_delta(export.file_tables.get("manifest.csv")):
        export = _mark_partial(export)
    return roster.normalize(export, _build_layout(export))


def _build_layout(export: Export) -> Layout:
    """Describe for normalizing which OneRoster columns hold the roster's."""
    role_file = "roles.csv" in export.files_expected
    return Layout(
        ROLES,
        SCHOOL,
        PEOPLE_12 if role_file else PEOPLE_11,
        SECTION,
        COURSE,
        org_list="orgSourcedId" if role_file else "orgSourcedIds",
        terms="termSourcedIds",
        role_file=role_file,
    )


def _find_version(export: Export) -> str:
    """Detect OneRoster 1.0, 1.1 or 1.2 by the manifest, or else by the headings."""
    declared = manifest.find_property(export.file_tables.get("manifest.csv"), manifest.VERSION)
    if declared in ("1.0", "1.1", "1.2"):
        return declared
    if "roles.csv" in export.files_expected:
        return "1.2"
    users = export.file_tables.get("users.csv")
    if "manifest.csv" in export.file_tables or users is None:
        return "1.1"
    return "1.1" if NEWER & set(users.headers.values()) else "1.0"


def _find_defects(export: Export, version: str) -> dict[str, list[Places]]:
    """Return a missing manifest, and headers that are not in the order of the specification."""
    defects = _find_lack_of_sessions(export)
    if "manifest.csv" not in export.file_tables and version != "1.0":
        defects["manifest-missing"] = [Places.whole_file("", "manifest.csv")]
    expected = FILES_12 if "roles.csv" in export.files_expected else FILES_11
    files = {file.table: file for file in expected}
    misplaced = [
        _find_misplaced_column(table, files[name])
        for name, table in export.file_tables.items()
        if name in files
    ]
    return defects | {"header-order": [place for place in misplaced if place is not None]}


def _find_lack_of_sessions(export: Export) -> dict[str, list[Places]]:
    """Find OneRoster's CSV file of terms missing or empty while reading classes that name terms.

    The file is optional for an export whose classes name none.
    """
    classes = export.file_tables.get("classes.csv")
    if classes is None or SESSIONS in export.file_tables:
        return {}
    if frame.encode(classes, "termSourcedIds").blank.all():
        return {}
    empty = export.defects.get("file-empty", ())
    if any(place.table == SESSIONS for place in empty):
        stricter = [replace(it, level=None) if it.table == SESSIONS else it for it in empty]
        return {"file-empty": stricter}
    if any(file.table == SESSIONS for file in export.files):
        return {}
    missing = Places.whole_file(SESSIONS, SESSIONS, notes="classes.csv names its terms")
    return {"file-missing": [*export.defects.get("file-missing", ()), missing]}


def _leave_out_first_headings(export: Export) -> list[Places]:
    """Return the misspelled headings without those that 1.0 spells like this."""
    return [
        place
        for place in export.defects.get("header-spelling", ())
        if HEADINGS_10.get(place.table, {}).get(place.column or "")
        != _find_heading(export.file_tables.get(place.table), place.column or "")
    ]


def _find_heading(table: Table | None, column: str) -> FileColumn | None:
    """Return the heading of a column in a OneRoster file that was read."""
    return table.headers.get(column) if table is not None else None


def _find_misplaced_column(table: Table, file: File) -> Places | None:
    """Find the first column of a OneRoster CSV file that is out of order, None for none."""
    expected = [column.name for column in file.columns]
    order = [expected.index(name) for name in table.headers if name in expected]
    at = next((at for at in range(1, len(order)) if order[at] < order[at - 1]), 0)
    if not at:
        return None
    name, previous = expected[order[at]], expected[order[at - 1]]
    note = f"`{name}` comes after `{previous}`"
    return Places.at_header(table, name, notes=note, departure=Departure.HEADER_ORDER)


def _mark_partial(export: Export) -> Export:
    """Mark a delta export of OneRoster, in which absent records and files are not missing."""
    why = "this is a delta export"
    defects = {name: places for name, places in export.defects.items() if name != "file-missing"}
    absent = {name: f"{why}, and {reason}" for name, reason in export.absent.items()}
    return replace(export, defects=defects, absent=absent, partial=why)


FORMAT = Format(
    ID,
    "OneRoster",
    profile="oneroster",
    versions=(
        _build_version(FILES_12, "OneRoster 1.2", role_file=True),
        _build_version(FILES_11, "OneRoster", role_file=False),
    ),
    normalize=normalize,
    deleted=("tobedeleted", "inactive"),
)
