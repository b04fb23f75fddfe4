"""People behind rows, and whether ids are unique in the district or only within a school."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from validator.frame.arrays import count_numbers, mark_firsts, number_keys
from validator.frame.cache import remember
from validator.frame.columns import Encoded, combine_codes, combine_columns, encode, encode_folded
from validator.model import Table, dataclass

SCHOOL_SHARE = 0.25

SCHOOL_IDS = 2
EXCEPTIONS = 0.02
"""Ids count as unique only within a school if at least SCHOOL_IDS of them repeat across schools, at
most EXCEPTIONS of them repeat within a school, and at least SCHOOL_SHARE of the rows outside the
largest school have such an id. Our own measure: a stray repeated id stays far below it."""


@dataclass(frozen=True, eq=False)
class People:
    """Which person each row is about.

    `number`: the person of each row (int32, 0 to count - 1). `first`: bool mask of each person's
    first row.
    """

    number: np.ndarray
    count: int
    first: np.ndarray

    def mark(self, rows: np.ndarray) -> np.ndarray:
        """Mark a frame's people on any of these rows (a bool mask or row numbers): a bool mask."""
        mask = np.zeros(self.count, bool)
        mask[self.number[rows]] = True
        return mask


def encode_names(table: Table) -> Encoded | None:
    """Encode first and last name as one column, compared as in `encode_folded`; None without."""
    if not table.has("First_name") or not table.has("Last_name"):
        return None

    def build() -> Encoded:
        first, last = encode_folded(table, "First_name"), encode_folded(table, "Last_name")
        number, count = number_keys(combine_codes(first, last))
        return Encoded(pa.array(np.arange(count)).cast(pa.string()), number)

    return remember(table, "name", build)


def is_unique_within_school(table: Table) -> bool:
    """Whether the keys of a frame repeat across schools, but hardly ever within one."""
    if not table.has("School_id") or not table.key or table.key == "School_id" or not len(table):
        return False
    return remember(table, "within_school", lambda: _is_within_school(table))


def _is_within_school(table: Table) -> bool:
    """Compare a frame's keys and schools as numbers: whether ids repeat only across schools."""
    key, school = encode(table, table.key), encode(table, "School_id")
    usable = ~key.blank & ~school.blank
    times = count_numbers(key.codes[usable], minlength=len(key.values))
    repeated = usable & (times[key.codes] > 1)
    if not repeated.any():
        return False
    record = _number_records(table)[repeated].astype(np.int64)
    width = int(record.max()) + 1
    school_ids, school_id = np.unique(combine_codes(school, key)[repeated], return_inverse=True)
    doubled = len(np.unique(school_id.astype(np.int64) * width + record)) - len(school_ids)
    if doubled > EXCEPTIONS * len(school_ids):
        return False  # within a school, one id is on two records
    ids = key.codes[repeated].astype(np.int64)
    id_of_record = (np.unique(ids * width + record) // width).astype(np.intp)
    records = count_numbers(id_of_record, minlength=len(key.values))
    if (records > 1).sum() < SCHOOL_IDS:
        return False
    largest = count_numbers(school.codes[usable]).argmax()
    outside = usable & (school.codes != largest)
    return bool(outside.any() and (records[key.codes[outside]] > 1).mean() >= SCHOOL_SHARE)


SECTION_COLUMNS = ("Name", "Course_name", "Period")
"""Columns in which a section that two schools share is the same in both rows."""


def _number_records(table: Table) -> np.ndarray:
    """Number a frame's records by what they hold: two rows with the names of a person are one, and
    so is a section that two schools share, with its teacher. Without such columns each row is one.
    """
    name = encode_names(table)
    if name is not None:
        return name.codes
    columns = [encode(table, column) for column in SECTION_COLUMNS if table.has(column)]
    if all(column.blank.all() for column in columns):
        return np.arange(len(table))
    return number_keys(combine_columns([*columns, _encode_teacher(table)]))[0]


def _encode_teacher(sections: Table) -> Encoded:
    """Encode the teachers of a frame's sections; of rows with one id, one may name the teacher."""
    key, teacher = encode(sections, sections.key), encode(sections, "Teacher_id")
    known = np.zeros(len(key.values), np.int32)
    known[key.codes] = teacher.codes
    known[key.codes[~teacher.blank]] = teacher.codes[~teacher.blank]
    codes = np.where(teacher.blank, known[key.codes], teacher.codes)
    return Encoded(teacher.values, codes)


def group_people(table: Table) -> People:
    """Group a frame's rows by person: rows with the same id and name are one person.

    Each row without an id is a separate person.
    """

    def build() -> People:
        key = encode(table, table.key)
        rows = np.arange(len(table), dtype=np.int32)
        usable = ~key.blank
        if count_numbers(key.codes[usable], minlength=1).max(initial=0) < 2:
            return People(rows, len(table), np.ones(len(table), bool))
        who = key.codes.astype(np.int64)
        if is_unique_within_school(table):
            who = combine_codes(key, encode(table, "School_id"))
        name = encode_names(table)
        if name is not None:
            who = who * len(name.values) + name.codes
        number, count = number_keys(np.where(usable, who, -1 - rows))
        return People(number, count, mark_firsts(number))

    return remember(table, "people", build)


def number_ids(table: Table) -> np.ndarray:
    """Number a frame's people by id: numbers below 2 x the number of rows; people without one
    differ."""
    person = group_people(table).number
    if is_unique_within_school(table):
        return person
    key = encode(table, table.key)
    return np.where(key.blank, len(table) + person, key.codes)
