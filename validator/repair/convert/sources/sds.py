"""Columns of School Data Sync's files beyond the roster: addresses, state ids, demographics."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from validator import frame
from validator.frame import Encoded
from validator.model import Export, Table
from validator.repair.convert import cells, values
from validator.repair.convert.roster import Extras, Heading
from validator.repair.convert.sources.collector import Collector
from validator.repair.convert.sources.districts import list_written_as_schools
from validator.schemas.sds import translate_heading

FIRST = {
    "schools": (
        "School.csv",
        {
            "State_id": "State ID",
            "Nces_id": "School NCES_ID",
            "Principal_email": "Principal Secondary Email",
            "School_address": "Address",
            "School_city": "City",
            "School_state": "State",
            "School_zip": "Zip",
            "School_phone": "Phone",
        },
    ),
    "students": (
        "Student.csv",
        {
            "State_id": "State ID",
            "Gender": "Gender",
            "Ell_status": "ELL Status",
            "Race": "FederalRace",
            "Student_street": "Residence Address",
            "Student_city": "Residence City",
            "Student_state": "Residence State",
            "Student_zip": "Residence Zip",
        },
    ),
    "teachers": ("Teacher.csv", {"State_teacher_id": "State ID"}),
    "sections": ("Section.csv", {"Course_description": "Course Description"}),
}
"""Table -> the file of V1 and its headings, by Clever's column. Source:
https://learn.microsoft.com/schooldatasync/csv-files-for-school-data-sync."""

STRUCTURE = {
    "TeacherRoster.csv": "SIS ID,Section SIS ID",
    "StudentEnrollment.csv": "SIS ID,Section SIS ID",
    "users.csv": "sourcedId,orgSourcedIds,role",
    "roles.csv": "userSourcedId,orgSourcedId,role,isPrimary",
    "orgs.csv": "sourcedId,type",
    "classes.csv": "sourcedId,sessionSourcedIds,courseSourcedId",
    "courses.csv": "sourcedId",
    "academicSessions.csv": "sourcedId",
    "enrollments.csv": "classSourcedId,userSourcedId,role",
    "demographics.csv": "userSourcedId",
}
"""Columns that are expressed by the shape of another format."""


def enrich(export: Export, own: Mapping[str, Table]) -> Extras:
    """Return what School Data Sync files to convert hold beyond the roster's tables."""
    collector = Collector()
    for file, names in STRUCTURE.items():
        for name in names.split(","):
            heading = _find(own.get(file), name)
            if heading:
                collector.used.add(heading)
    for name, (file, columns) in FIRST.items():
        if name in export.tables and file in own:
            _add_first(collector, name, own[file], columns=columns)
    _add_sex(collector, export, own.get("demographics.csv"))
    collector.left_out += list_written_as_schools(export, own)
    return Extras(
        collector.columns,
        collector.headings,
        used=frozenset(collector.used),
        left_out=collector.left_out,
    )


def _find(table: Table | None, name: str) -> Heading | None:
    """Return the American or British heading of a column to convert, None where there is none."""
    if table is None:
        return None
    for column in (name, translate_heading(name, table.name)):
        if table.has(column):
            return Heading(table.file, table.headers[column])
    return None


def _add_first(collector: Collector, name: str, own: Table, *, columns: Mapping[str, str]) -> None:
    """Add to the records to convert the columns that only School Data Sync's files have."""
    for column, theirs in columns.items():
        heading = _find(own, theirs)
        if heading is None:
            continue
        spelled = theirs if own.has(theirs) else translate_heading(theirs, own.name)
        added = frame.encode(own, spelled)
        if column == "Gender":
            genders = values.map_words(added, values.GENDERS)
            added = cells.fill(genders, added)
        collector.add(name, column, added, heading=heading)


def _add_sex(collector: Collector, export: Export, table: Table | None) -> None:
    """Convert School Data Sync 2.1 demographics to another format: the gender of students."""
    students = export.tables.get("students")
    if students is None or table is None or not table.has("sex"):
        return
    added = values.map_words(
        cells.look_up(frame.encode(table, "sex"), _locate(students, table)), values.GENDERS
    )
    heading = Heading(table.file, table.headers["sex"])
    collector.add("students", "Gender", added, heading=heading)


def _locate(students: Table, demographics: Table) -> np.ndarray:
    """Return the row in demographics of each student to convert, negative for none."""
    keys, first = frame.index_by_key(demographics)
    ids: Encoded = frame.encode(students, "Student_id")
    position = frame.find_positions(ids.values, keys)
    if not len(first):
        return np.full(len(students), -1)
    return ids.broadcast(np.where(position >= 0, first[np.maximum(position, 0)], -1))
