"""The page of the documentation that says where each destination keeps each column."""

from __future__ import annotations

import re
from collections.abc import Sequence

from validator.ingest.formats.sds.names import COLUMNS
from validator.model import dataclass
from validator.repair.convert.oneroster.places import LINKS, OWN, USERS
from validator.repair.convert.places import METADATA, Place
from validator.repair.convert.registry import Destination, find_destination
from validator.repair.convert.roster import CONTACTS
from validator.repair.convert.sources.sds import FIRST

MADE = (
    "<!-- Written by `python -m tests.support.convert_page` from validator/repair/convert/; "
    "edit those instead. -->"
)

INTRODUCTION = """`rosterready mend EXPORT --out DIR --to DESTINATION` writes an export's roster as
the files of another format. It reads what `check` reads, and writes the roster as `check`
judged it: the same people, sections and enrollments, and the enrollments that count on the day of
the run. Whatever the destination has no place for is listed with the number of values, so nothing
is lost silently."""

RULES = """## For every destination

- **Who is written.** Everybody, including people with faults: a missing grade, an unknown school or
  an unreadable birth date is for a person to correct. Left out, and listed, are records marked as
  deleted, rows that could not be read whole, and enrollments that ended before the day of the run
  (OneRoster keeps those that have their last day). With `--sharing FILE`, what the rule does not
  share.
- **Ids** of students, teachers, staff, sections and schools are those of the export.
- **Values.** Line breaks in values become spaces. Grades and dates are written in the
  destination's form. A date whose order of day and month is not certain stays as it is in Clever's
  files.
- **Schools of records.** An enrollment without a school gets that of its section. If the export
  has a single school, it is everybody's school.
- **A file that lacks a required column is not written.** The page names the file and the column,
  for instance because a column map does not name it. A file without records is not written
  either.
- **An export of changes only** (a OneRoster delta) is written with a warning: the destination takes
  every upload as the whole roster.

## Clever

Sources: <https://schools.clever.com/files/clever-sftp.pdf>, <https://dev.clever.com/v2.0/docs>.

- Contacts are rows of students.csv: a row for each of up to five contacts.
- A section has its primary teacher in Teacher_id and up to nine others in Teacher_2_id to
  Teacher_10_id.
- A teacher or student of several schools has one row, with the main school; the others follow from
  the sections. Staff have a row for each school. Staff of a district have a row for each of its
  schools, and teachers of a district are at the school of their first section.
- A class of several grades has a range (6-8), and one of several terms the first and last day.
- Common names of a subject (Mathematics, ELA) become Clever's name; others stay as they are.
- `metadata.` columns of OneRoster become `ext.` columns."""

ONEROSTER = """## OneRoster 1.1 and 1.2

Sources: <https://www.imsglobal.org/oneroster-v11-final-csv-tables> (1.1) and
<https://www.imsglobal.org/spec/oneroster/v1p2/bind/csv/> (1.2).

- All files are complete (bulk): `status` and `dateLastModified` are blank. The manifest names every
  file as bulk or absent, and `source.systemName` is `rosterready`.
- **sourcedIds** are the ids of the export. An id with characters other than letters, digits and
  `. - _ / @` is spelled with its bytes (`s 1` becomes `enc_s_201`). If an id of a teacher is also
  the id of a student, all teachers' ids begin with `teacher-`; staff with `staff-`. The id of a
  second record with the same id begins with `again-2/`. Ids that are unique only within a school
  are `at-SCHOOL/ID`. Courses, terms and contacts have no id in other formats: theirs are derived
  from their values, so they stay the same from night to night. Converting such a bundle restores
  the ids.
- A person is one user with all schools, the main one first. A person who is both teacher and staff
  is two users. In 1.1, staff are `administrator` or `aide`; in 1.2 their role follows from their
  title. Staff without an administrator's title are `aide`, which has the fewest rights.
- Contacts are users with the role parent, guardian or relative, whom the student's
  `agentSourcedIds` name.
- Each school has the courses that its sections name. A term without days has those of its school
  year (July 1 to June 30). A username that is missing is the e-mail address, or the sourcedId where
  several people share the address. Whatever had to be filled in like this is named in
  `metadata.assumed` of the record, and is blank again on the way back.
- `subjectCodes` are the subject areas of SCED (<https://nces.ed.gov/forum/sced.asp>); OneRoster
  wants as many codes as subjects.
- The last day of an enrollment is the first one that no longer counts.
- `ext.` columns become `metadata.` columns. So do values that OneRoster refuses, such as a birth
  date that is not a date: its own column is then blank.
- From a OneRoster bundle to another, users, classes, courses, terms and orgs keep their ids.

The bundles of made-up districts pass a strict reader that shares no code with this program,
`tests/support/bundles.py`. Its rules are those of the package `@longsightgroup/oneroster`, which
could not be installed from npm (it is not published there), and of Moodle's importer. Every record
of seven 1.1 bundles (two made-up districts and five public rosters) was also read, once, by the
models of the PyPI package `strongmind-oneroster-client` 2.0.5, which are generated from the OpenAPI
definition of OneRoster 1.1: none was refused."""


TEACHERS = "enrollments.csv with the role teacher; the first one is primary"
METADATA_OF_USER = "users.csv, metadata of the contact"
CONTACT = {
    "Contact_name": "users.csv `givenName` and `familyName` of the contact",
    "Contact_phone": "users.csv `phone` of the contact",
    "Contact_email": "users.csv `email` of the contact",
}


@dataclass(frozen=True)
class Row:
    """A column of the roster, and where it goes or why it does not."""

    column: str
    place: str
    written: bool = True


def render() -> str:
    """Render docs/convert.md: where a conversion puts each column."""
    parts = ["# Convert: a roster in another format", MADE, INTRODUCTION, RULES]
    parts += [_render_sources(), ONEROSTER, _render_tables(find_destination("oneroster-1.2"))]
    return "\n\n".join(parts) + "\n"


def _render_sources() -> str:
    """Render a table per file of Clever: where a conversion takes each column from."""
    oneroster = find_destination("oneroster-1.2")
    tables = []
    for name, places in find_destination("clever").places.items():
        rows = _list_rows(name, oneroster.places[name])
        there = {row.column: row.place for row in rows if row.written}
        first = COLUMNS.get(name, {}) | (FIRST[name][1] if name in FIRST else {})
        lines = []
        for place in places:
            source = there.get(place.column, "")
            if re.fullmatch(r"Teacher_\d+_id", place.column) and not place.reason:
                source = TEACHERS
            heading = first.get(place.column, "")
            own = _quote(heading) if heading else ""
            note = f"not written. {place.reason}" if place.reason else ""
            lines.append(f"| {_quote(place.column)} | {source} | {own} | {note} |")
        head = (
            f"### Clever: {name}\n\n"
            "| column | from OneRoster | from School Data Sync V1 | |\n|---|---|---|---|"
        )
        tables.append("\n".join([head, *lines]))
    return "\n\n".join(tables)


def _render_tables(destination: Destination) -> str:
    """Render a table per kind of record: where a conversion writes each column."""
    tables = []
    for name, places in destination.places.items():
        rows = _list_rows(name, places)
        lines = [f"| {_quote(row.column)} | {row.place} |" for row in rows]
        head = f"### {destination.title}: {name}\n\n| column | where it goes |\n|---|---|"
        tables.append("\n".join([head, *lines]))
    return "\n\n".join(tables)


def _list_rows(name: str, places: Sequence[Place]) -> list[Row]:
    """List each column of a table, and where a conversion to OneRoster writes it."""
    rows = []
    for column, heading in LINKS[name].items():
        where = f"{OWN[name]} {_quote(heading)}"
        if heading == "orgSourcedIds":
            where = f"{USERS} {_quote('primaryOrgSourcedId')}, roles.csv; 1.1: {_quote(heading)}"
        rows.append(Row(column, where))
    rows += [Row(place.column, _describe(name, place), not place.reason) for place in places]
    if name == "sections":
        rows += [Row(column, TEACHERS) for column in ("Teacher_id", "Teacher_2_id, ...")]
    if name == "students":
        rows += [Row(column, CONTACT.get(column, METADATA_OF_USER)) for column in CONTACTS]
    return rows


def _describe(name: str, place: Place) -> str:
    """Describe where a conversion writes a column, or why it does not."""
    if place.reason:
        return f"not written. {place.reason}"
    file = place.file or OWN[name]
    if place.extension:
        return f"{file} {_quote(METADATA + place.column)}"
    if place.form == "race":
        return f"{file}: a flag for each race"
    suffix = f" (1.1: {_quote(METADATA + place.column)})" if "Preferred" in place.column else ""
    return f"{file} {_quote(place.heading)}{suffix}"


def _quote(text: str) -> str:
    """Quote a column's name for the documentation of conversions."""
    return f"`{text}`"
