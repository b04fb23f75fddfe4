"""The students, teachers or sections of one list, each once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from validator import frame
from validator.frame import Encoded
from validator.frame import values as frame_values
from validator.frame.values import NO_DAY, fold, parse_dates
from validator.model import Places, Table, dataclass
from validator.vocabulary.grades import UNKNOWN, Grades

KINDS = ("students", "teachers", "sections")

COLUMNS: Mapping[str, Mapping[str, str]] = {
    "students": {
        "id": "Student_id",
        "number": "Student_number",
        "state": "State_id",
        "email": "Student_email",
        "first": "First_name",
        "last": "Last_name",
        "birth": "DOB",
        "grade": "Grade",
        "school": "School_id",
    },
    "teachers": {
        "id": "Teacher_id",
        "number": "Teacher_number",
        "state": "State_teacher_id",
        "email": "Teacher_email",
        "first": "First_name",
        "last": "Last_name",
        "school": "School_id",
    },
    "staff": {
        "id": "Staff_id",
        "email": "Staff_email",
        "first": "First_name",
        "last": "Last_name",
    },
    "sections": {
        "id": "Section_id",
        "name": "Name",
        "course": "Course_name",
        "period": "Period",
        "term": "Term_name",
        "teacher": "Teacher_id",
        "grade": "Grade",
        "school": "School_id",
    },
}
"""Kind -> what a column holds -> the column of our tables."""

FEW = 1_000
"""The first values of a column; where all of them are blank, the column is treated as blank."""

FOLDED = frozenset({"first", "last", "name", "course", "period"})

WITHOUT_ZEROS = {"short-id": "id", "short-number": "number"}
"""What is compared without leading zeros, which spreadsheets remove -> the field."""

ZEROS, INITIALS = r"^0+([0-9])", r"(\w{2,}.*?)( \w\.?)+$"
"""Leading zeros of a number, and initials after a first name."""


@dataclass(frozen=True, eq=False)
class Listing:
    """The records of one kind in one list, each once.

    `rows`: the first row of each record in the table (int64), ascending. `name`: `sis`, `clever`
    or `app`.
    """

    name: str
    kind: str
    table: Table
    rows: np.ndarray
    grades: Grades

    def __len__(self) -> int:
        return len(self.rows)

    def has(self, field: str) -> bool:
        """Whether the reconciled list has the column of a field; `whole`: of a whole name."""
        if field == "whole":
            return self.has("first") and self.has("last")
        column = COLUMNS[self.kind].get(WITHOUT_ZEROS.get(field, field), "")
        return bool(column) and column in self.table.records.columns

    @property
    def lines(self) -> np.ndarray:
        """The line of each record in the reconciled list's file."""
        return np.asarray(self.table.lines[self.rows])

    def encode(self, field: str, records: np.ndarray) -> Encoded:
        """Return a field of some records, in the form in which values are compared."""
        if not self.has(field):
            return Encoded(pa.array([""], pa.string()), np.zeros(len(records), np.int32))
        if field == "whole":
            return self._encode_names(records)
        column = COLUMNS[self.kind][WITHOUT_ZEROS.get(field, field)]
        values = self._encode_rows(column, self.rows[records])
        if field in WITHOUT_ZEROS:
            return frame.map_values(values, _remove_zeros)
        if field == "email":
            return frame.map_values(values, pc.utf8_lower)
        if field == "first":
            return frame.map_values(values, _fold_first)
        if field in FOLDED:
            return frame.map_values(values, fold)
        if field == "birth":
            return frame.map_values(values, _write_days)
        if field == "grade":
            return frame.map_values(values, self._write_grades)
        return values

    def _encode_names(self, records: np.ndarray) -> Encoded:
        """Return the whole names of some records in a reconciled list, however they are divided."""
        first, last = self.encode("first", records), self.encode("last", records)
        return frame.map_values(frame.join_values(first, last, _join_words), frame_values.trim)

    def _encode_rows(self, column: str, rows: np.ndarray) -> Encoded:
        """Return the values of some rows in a reconciled list, from the whole column."""
        if 2 * len(rows) <= len(self.table):
            return frame.encode_rows(self.table, column, rows)
        whole = frame.encode(self.table, column)
        return Encoded(whole.values, whole.codes[rows])

    def take_cells(self, field: str, records: np.ndarray) -> pa.Array:
        """Return a field of some records in a reconciled list, exactly as it is in the file."""
        return frame.take_values(self.table, COLUMNS[self.kind][field], self.rows[records])

    def take_text(self, field: str, records: np.ndarray) -> list[str]:
        """Return a field of some records as it is in the file, without the blanks around it."""
        if not self.has(field):
            return [""] * len(records)
        return frame.take_text(self.table, COLUMNS[self.kind][field], self.rows[records])

    def _write_grades(self, values: pa.Array) -> pa.Array:
        """Write grades of a reconciled list in one form, to compare them."""
        texts = values.to_pylist()
        pairs = zip(texts, self.grades.to_canonical(texts), strict=True)
        return pa.array([text if grade == UNKNOWN else grade for text, grade in pairs], pa.string())


def _join_words(left: pa.Array, right: pa.Array) -> pa.Array:
    """Join the parts of names in a reconciled list with a blank."""
    return pc.binary_join_element_wise(left, right, " ")


def _remove_zeros(values: pa.Array) -> pa.Array:
    """Write ids of a reconciled list without leading zeros."""
    return pc.replace_substring_regex(values, ZEROS, r"\1")


def _fold_first(values: pa.Array) -> pa.Array:
    """Write first names of a reconciled list as they are compared, without initials after them."""
    return pc.replace_substring_regex(fold(values), INITIALS, r"\1")


def _write_days(values: pa.Array) -> pa.Array:
    """Write dates of a reconciled list as day numbers, to compare them; "" for what is no date."""
    days = parse_dates(values).days
    texts = pa.array(days).cast(pa.string())
    return pc.if_else(pa.array(days == NO_DAY), "", texts)


def build_listing(name: str, table: Table, grades: Grades) -> Listing:
    """Build a list to reconcile from a table: each record once, without deleted ones."""
    first = frame.group_people(table).first if table.key else np.ones(len(table), bool)
    rows = np.flatnonzero(first & frame.mark_live(table))
    return Listing(name, table.name, table, rows, grades)


def mark_records(places: Sequence[Places], listing: Listing) -> np.ndarray:
    """Return the bool mask of a reconciled list's records that places name."""
    table = listing.table
    blocks = [block for block in places if block.table == listing.kind]
    if not blocks or not len(table):
        return np.zeros(len(listing), bool)
    number = frame.group_people(table).number if table.key else np.arange(len(table))
    named = np.zeros(int(number.max()) + 1, bool)
    for block in blocks:
        named[number[_find_rows(table, block)]] = True
    return np.asarray(named[number[listing.rows]])


def _find_rows(table: Table, block: Places) -> np.ndarray:
    """Return the row numbers that places have in a reconciled list's table."""
    if block.rows is not None:
        return block.rows
    order = np.argsort(table.lines, kind="stable")
    at = np.searchsorted(table.lines[order], block.lines)
    rows = order[np.minimum(at, len(order) - 1)]
    return np.asarray(rows[table.lines[rows] == block.lines])


def collect_values(tables: Sequence[Table]) -> dict[str, dict[str, list[pa.Array]]]:
    """Collect the values of compared lists, by which a reconciliation knows an app's columns.

    tables: the surest first; a column is taken from the first table that has any values in it.
    """
    known: dict[str, dict[str, list[pa.Array]]] = {}
    for table in tables:
        for column in COLUMNS[table.name].values():
            if column not in table.records.columns or column == "School_id":
                continue
            fields = known.setdefault(table.name, {})
            values = frame.get_values(table, column)
            if column not in fields and not frame_values.is_blank(values.slice(0, FEW)).all():
                fields[column] = [values]
    return known
