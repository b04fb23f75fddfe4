"""Clever's files, written from a roster.

Headers, names and order are those of `validator.schemas.clever`. Source:
https://schools.clever.com/files/clever-sftp.pdf.
"""

from __future__ import annotations

import numpy as np

from validator.frame import Encoded
from validator.frame.arrays import repeat_each
from validator.model import File
from validator.repair.convert import cells
from validator.repair.convert.district_people import move_to_schools
from validator.repair.convert.places import OWN_PREFIX, Place
from validator.repair.convert.registry import Destination
from validator.repair.convert.roster import Heading, Records, Roster
from validator.repair.written import NOT_WRITTEN, LeftOut, NotWritten, Written, WrittenFile
from validator.schemas.clever import FILES
from validator.schemas.clever_values import SUBJECTS

TEACHERS = 10
"""Teacher columns that Clever takes: one primary teacher and nine others. Source:
https://dev.clever.com/v2.0/docs."""
MOST_CONTACTS = 5
"""Contacts of a student that Clever takes. Source: https://github.com/dmcgeary76/event-api-sim."""

TOO_MANY_TEACHERS = "Clever accepts ten teachers per section."
TOO_MANY_CONTACTS = "Clever accepts five contacts per student."
NO_SCHOOL = "Clever has records only for schools, and these organizations are not schools."
MOVED = "These staff members work for the district; they are written once for each of its schools."
NO_PLACE = "Clever has no column for this."
ONE_SCHOOL = (
    "Clever lists one school for a person; other schools follow from the person's sections."
)
PARTIAL = (
    "The export holds changes only. Clever takes every upload as the whole roster, so uploading "
    "these files would remove everybody who is not in them."
)

SUBJECT_NAMES = {name.lower(): name for name in SUBJECTS} | {
    **dict.fromkeys(("mathematics", "maths"), "Math"),
    **dict.fromkeys(
        ("english language arts", "english", "ela", "language arts"), "English/language arts"
    ),
    **dict.fromkeys(("sciences",), "Science"),
    **dict.fromkeys(("social science", "social sciences", "history"), "Social studies"),
    **dict.fromkeys(
        ("world languages", "world language", "foreign language", "foreign languages"), "Language"
    ),
    **dict.fromkeys(("homeroom", "advisory"), "Homeroom/advisory"),
    **dict.fromkeys(("physical education", "pe", "health"), "PE and health"),
    **dict.fromkeys(("art", "arts", "music", "visual arts"), "Arts and music"),
}
"""Subject in lower case, as other formats write it -> Clever's name of the same area. Our reading;
other words stay as they are."""

EXPRESSED = (f"{OWN_PREFIX}courseSourcedId", f"{OWN_PREFIX}termSourcedIds")
"""References to records whose columns the section has instead."""

EXTRA_TEACHERS = tuple(f"Teacher_{number}_id" for number in range(TEACHERS + 1, 21))

NOWHERE = {
    "enrollments": (
        Place("Begin", reason="Clever has no dates of enrollments; those in force are written."),
        Place("End", reason="Clever has no dates of enrollments; those in force are written."),
        Place(
            "Exit_code", reason="Clever has no exit codes; people who have left are not written."
        ),
        Place("Grade", reason="Clever has the grade on the student and the section."),
    ),
    "sections": tuple(Place(name, reason=TOO_MANY_TEACHERS) for name in EXTRA_TEACHERS),
}
"""Table -> columns of a roster for which Clever has no place."""


def list_places() -> dict[str, tuple[Place, ...]]:
    """Return, by table, where a conversion to Clever puts each column of the roster."""
    places = {}
    for file in FILES:
        nowhere = NOWHERE.get(file.table, ())
        without = {place.column for place in nowhere}
        kept = [Place(c.name, c.name, file.name) for c in file.columns if c.name not in without]
        places[file.table] = (*kept, *nowhere)
    return places


def write(roster: Roster) -> Written:
    """Convert a roster to Clever's files."""
    files: list[WrittenFile] = []
    roster, moved = move_to_schools(roster)
    left_out = [*roster.left_out, *_list_districts(roster)]
    not_written: list[NotWritten] = []
    for file in FILES:
        records = roster.tables.get(file.table)
        reason = explain_missing(file, records, roster)
        if reason is not None:
            if file.required or (records is not None and records.count):
                not_written.append(reason)
            continue
        assert records is not None
        if roster.format != "clever":
            records, dropped = _limit_contacts(records)
            left_out += dropped
            if "Subject" in records.columns:
                subjects = name_subjects(records.columns["Subject"])
                records = records.with_columns({"Subject": subjects})
        columns = _choose_columns(file, records)
        left_out += _list_left_out(file, records)
        left_out += _list_controls(records, columns)
        pieces = cells.write_table(columns, records.count)
        files.append(WrittenFile(file.name, pieces, file.table, records.count))
    notes = [LeftOut("manifest.csv", "", 0, PARTIAL)] if roster.partial else []
    if moved:
        notes.append(LeftOut("staff.csv", "", moved, MOVED))
    return Written(tuple(files), tuple(left_out), tuple(not_written), tuple(notes))


def _list_districts(roster: Roster) -> list[LeftOut]:
    """Return the organizations above schools, which Clever has no records for."""
    districts = roster.tables.get("districts")
    if districts is None:
        return []
    return [LeftOut(districts.file, "", districts.count, NO_SCHOOL)]


def explain_missing(file: File, records: Records | None, roster: Roster) -> NotWritten | None:
    """Return why a conversion cannot write a file, None if it can."""
    if records is None:
        why = roster.absent.get(file.table) or f"the export has no {file.table}"
        return NotWritten(file.name, f"{NOT_WRITTEN}{why}.")
    required = [column.name for column in file.columns if column.required]
    lacking = tuple(name for name in required if name not in records.columns)
    if lacking:
        reasons = {records.missing.get(name) or f"the export has no {name}" for name in lacking}
        why = "; ".join(sorted(reasons))
        return NotWritten(file.name, f"{NOT_WRITTEN}{why}.", lacking)
    if not records.count:
        return NotWritten(file.name, "It would have a header and no rows, so it is not written.")
    return None


def _limit_contacts(records: Records) -> tuple[Records, list[LeftOut]]:
    """Convert students with at most as many rows as Clever takes contacts."""
    person = records.person
    if records.name != "students" or person is None or "Contact_name" not in records.columns:
        return records, []
    order = np.argsort(person, kind="stable")
    begins = np.flatnonzero(np.append(True, np.diff(person[order]) != 0))
    times = np.diff(np.append(begins, len(order)))
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order)) - repeat_each(begins, times)
    kept = place < MOST_CONTACTS
    if kept.all():
        return records, []
    heading = records.headings.get("Contact_name", Heading(records.file, "Contact_name"))
    entry = LeftOut(heading.file, heading.name, int((~kept).sum()), TOO_MANY_CONTACTS)
    return records.take(np.flatnonzero(kept)), [entry]


def name_subjects(column: Encoded) -> Encoded:
    """Convert subjects to Clever's names, where they are common names of the same area."""

    def convert(text: str) -> str:
        return SUBJECT_NAMES.get(" ".join(text.lower().split()), text)

    return cells.convert_values(column, convert)


def _choose_columns(file: File, records: Records) -> dict[str, Encoded]:
    """Return the columns of a file in Clever's order, extension columns last."""
    own = [column.name for column in file.columns if column.name not in EXTRA_TEACHERS]
    names = [name for name in own if name in records.columns]
    names += [name for name in records.columns if name.lower().startswith(file.extension)]
    return {name: records.columns[name] for name in names}


def _list_left_out(file: File, records: Records) -> list[LeftOut]:
    """Return the columns of the records that Clever has no place for."""
    reasons = {place.column: place.reason for place in NOWHERE.get(file.table, ())}
    kept = _choose_columns(file, records)
    left_out = []
    for name, column in records.columns.items():
        filled = 0 if name in (*kept, *EXPRESSED) else cells.count_filled(column)
        if filled:
            heading = records.headings.get(name, Heading(records.file, name))
            reason = reasons.get(name, NO_PLACE)
            left_out.append(LeftOut(heading.file, heading.name, filled, reason))
    more = records.elsewhere
    if more is not None and len(more.rows):
        heading = records.headings.get("School_id", Heading(records.file, "School_id"))
        left_out.append(LeftOut(heading.file, heading.name, len(more.rows), ONE_SCHOOL))
    return left_out


def _list_controls(records: Records, columns: dict[str, Encoded]) -> list[LeftOut]:
    """Return the converted columns in whose values control characters became spaces."""
    changed = []
    for name, column in columns.items():
        count = cells.count_controls(column)
        if count:
            heading = records.headings.get(name, Heading(records.file, name))
            changed.append(LeftOut(heading.file, heading.name, count, cells.SPACED))
    return changed


DESTINATION = Destination("clever", "Clever", list_places(), write)
