"""The roster as it was judged, in the shape of Clever's files, ready for any destination."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import field, replace

import numpy as np

from validator import frame
from validator.frame import Encoded
from validator.frame.arrays import count_numbers, repeat_each
from validator.frame.values import NO_DAY
from validator.model import Export, FileColumn, Table, dataclass
from validator.repair.convert import cells, values
from validator.repair.written import LeftOut
from validator.vocabulary.grades import Grades

KEYS = {
    "schools": "School_id",
    "students": "Student_id",
    "teachers": "Teacher_id",
    "staff": "Staff_id",
    "sections": "Section_id",
    "enrollments": "",
}
"""Tables of a roster, and the column that identifies a record."""

CONTACTS = (
    "Contact_relationship",
    "Contact_type",
    "Contact_name",
    "Contact_phone",
    "Contact_phone_type",
    "Contact_email",
    "Contact_sis_id",
    "Contact_pickup_rights",
)
"""Columns of a student's row that are about one of the student's contacts."""


@dataclass(frozen=True)
class Heading:
    """A column of one of the export's files."""

    file: str
    name: FileColumn


@dataclass(frozen=True, eq=False)
class Elsewhere:
    """Further schools of people: record `rows[i]` is also at the school in row i of `schools`."""

    rows: np.ndarray
    schools: Encoded


@dataclass(frozen=True, eq=False)
class Records:
    """Records of one kind: the columns of a Clever file, with a cell for each record.

    file: the export's file that the records come from.
    headings: column -> the file and heading that it was read from.
    person: per record the number of its person; people have several rows for several contacts.
    within_school: whether ids are unique only within a school.
    exclusive_ends: whether the day in End is the first one that no longer counts.
    missing: column -> why the export does not have it.
    """

    name: str
    file: str
    columns: Mapping[str, Encoded]
    count: int
    headings: Mapping[str, Heading] = field(default_factory=dict)
    person: np.ndarray | None = None
    elsewhere: Elsewhere | None = None
    within_school: bool = False
    exclusive_ends: bool = False
    missing: Mapping[str, str] = field(default_factory=dict)

    def get(self, column: str) -> Encoded:
        """Return a column of the records to convert, blank in rows that do not have it."""
        return self.columns.get(column) or cells.repeat_text("", self.count)

    def with_columns(self, columns: Mapping[str, Encoded]) -> Records:
        """Return the records of a conversion with more columns, or other cells in some."""
        return replace(self, columns={**self.columns, **columns})

    def take(self, rows: np.ndarray) -> Records:
        """Take records to convert, by ascending row number; one may be taken several times."""
        elsewhere = self.elsewhere
        if elsewhere is not None:
            elsewhere = _take_elsewhere(elsewhere, rows, self.count)
        return replace(
            self,
            columns={name: cells.select(column, rows) for name, column in self.columns.items()},
            count=len(rows),
            person=None if self.person is None else self.person[rows],
            elsewhere=elsewhere,
        )


def _take_elsewhere(elsewhere: Elsewhere, rows: np.ndarray, count: int) -> Elsewhere:
    """Return the further schools of records to convert, at their first new row."""
    place = np.full(count, -1, np.int64)
    place[rows[::-1]] = np.arange(len(rows))[::-1]
    new = place[elsewhere.rows]
    return Elsewhere(new[new >= 0], cells.select(elsewhere.schools, new >= 0))


@dataclass(frozen=True, eq=False)
class Roster:
    """The records of an export, by table, and what was left out on the way.

    format: the id of the export's format.
    absent: table -> why the export has none.
    partial: why the export may not hold the whole roster, or "".
    """

    tables: Mapping[str, Records]
    left_out: Sequence[LeftOut]
    format: str
    grades: Grades
    today: dt.date
    absent: Mapping[str, str]
    partial: str = ""


@dataclass(frozen=True, eq=False)
class Extras:
    """Columns of a format's own files beyond the tables that are judged.

    columns: table -> column -> a cell for each row of that table.
    headings: table -> column -> where it was read from.
    contacts: the contacts of students, one record each; `owner` is the row of the student.
    assumed: table -> column -> bool mask of the cells that an earlier conversion had to fill.
    others: further records of the format's own files, by the name of the file.
    used: further columns of the export that the roster holds in another form.
    """

    columns: Mapping[str, Mapping[str, Encoded]] = field(default_factory=dict)
    headings: Mapping[str, Mapping[str, Heading]] = field(default_factory=dict)
    contacts: Records | None = None
    owner: np.ndarray | None = None
    assumed: Mapping[str, Mapping[str, np.ndarray]] = field(default_factory=dict)
    others: Mapping[str, Records] = field(default_factory=dict)
    used: frozenset[Heading] = frozenset()
    left_out: Sequence[LeftOut] = ()


@dataclass(frozen=True, eq=False)
class Selection:
    """Which records are wanted.

    shared: table -> bool mask of its rows, None for all. keep_ended: whether the destination has
    a place for the last day of an enrollment, so that ended ones may be written. keep_records:
    whether it has records of courses and terms.
    """

    today: dt.date
    shared: Mapping[str, np.ndarray] | None = None
    keep_ended: bool = False
    keep_records: bool = False


def build_records(table: Table, extras: Extras) -> Records:
    """Return the records of a table to convert, with what the format's files add."""
    columns = {str(name): frame.encode(table, str(name)) for name in table.records.columns}
    headings = {name: find_heading(table, name) for name in columns}
    blank = cells.repeat_text("", len(table))
    for name, mask in extras.assumed.get(table.name, {}).items():
        if name in columns:
            columns[name] = cells.choose(mask, blank, columns[name])
    for name, column in extras.columns.get(table.name, {}).items():
        columns[name] = cells.fill(columns[name], column) if name in columns else column
    headings = {**extras.headings.get(table.name, {}), **headings}
    more = table.extra_values.get("School_id")
    elsewhere = None
    if more is not None:
        schools = frame.encode(more.table, "School_id")
        elsewhere = Elsewhere(more.rows.astype(np.int64), schools)
    return Records(
        table.name,
        table.file,
        columns,
        len(table),
        headings,
        person=frame.group_people(table).number if table.key else None,
        elsewhere=elsewhere,
        within_school=frame.is_unique_within_school(table),
        exclusive_ends=table.exclusive_ends,
        missing=table.missing_reason,
    )


def find_heading(table: Table, column: str) -> Heading:
    """Return the file and heading of a roster column to convert; files of one table together."""
    origin = table.origins.get(column)
    if origin is not None:
        return Heading(origin.file, origin.header)
    return Heading(table.file, table.headers.get(column, column))


LEFT_OUT = "rows-left-out"
"""The defect of rows that a column map leaves out, and of enrollments that go with them."""


@dataclass(frozen=True, eq=False)
class Chosen:
    """The records to convert (bool mask), how many enrollments had ended, how many are hidden.

    hidden: the records that the sharing rules leave out.
    """

    wanted: np.ndarray
    ended: int
    hidden: int


def select_rows(export: Export, name: str, selection: Selection) -> Chosen:
    """Choose which records of a table are converted."""
    table = export.tables[name]
    wanted = np.ones(len(table), bool)
    ended = 0
    sections = export.tables.get("sections")
    if name == "enrollments" and sections is not None:
        wanted = frame.mark_open(table, sections, selection.today)
        if selection.keep_ended:
            last = frame.parse_days(table, "End")
            wanted = wanted | (last != NO_DAY)
        ended = int(len(table) - wanted.sum())
    for block in export.defects.get(LEFT_OUT, ()):
        if block.table == name:
            wanted = wanted & ~np.isin(table.lines, block.lines)
    if selection.shared is None:
        return Chosen(wanted, ended, 0)
    shared = wanted & selection.shared[name]
    return Chosen(shared, ended, int(wanted.sum() - shared.sum()))


def explode(records: Records, contacts: Records, owner: np.ndarray) -> Records:
    """Return the students to convert, with one row for each of their contacts.

    owner: per contact the row of its student, ascending.
    """
    times = np.maximum(count_numbers(owner, minlength=records.count), 1)
    rows = repeat_each(np.arange(records.count), times)
    begins = np.cumsum(times) - times
    place = begins[owner] + np.arange(len(owner)) - np.searchsorted(owner, owner)
    contact = np.full(len(rows), -1, np.int64)
    contact[place] = np.arange(len(owner))
    longer = records.take(rows)
    columns = {name: cells.look_up(column, contact) for name, column in contacts.columns.items()}
    return replace(longer.with_columns(columns), headings={**longer.headings, **contacts.headings})


def list_schools(records: Records) -> Records:
    """Return the records to convert with one row for each school of a person."""
    more = records.elsewhere
    if more is None or not len(more.rows):
        return records
    at = np.concatenate([np.arange(records.count), more.rows])
    order = np.argsort(at, kind="stable")
    schools = cells.select(cells.append(records.get("School_id"), more.schools), order)
    longer = replace(records, elsewhere=None).take(at[order])
    return longer.with_columns({"School_id": schools})


def canonicalize(records: Records, grades: Grades, today: dt.date) -> Records:
    """Convert grades and dates of records to Clever's form, where they can be read."""
    columns = {}
    for name in values.GRADES & set(records.columns):
        columns[name] = values.write_clever_grades(records.columns[name], grades)
    for name in values.DATES & set(records.columns):
        columns[name] = values.write_clever_dates(records.columns[name], name, today)
    return records.with_columns(columns)
