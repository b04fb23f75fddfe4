"""Columns encoded once: distinct trimmed values, row numbers of references, people behind rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from validator import reading
from validator.model import Finding, Places, Table, Tally

BLANK, UNKNOWN, UNREAD = -1, -2, -3
"""Instead of a row number: no reference given; no such row; such a row exists but could not be read whole."""

SCHOOL_SHARE = 0.5
SCHOOL_IDS = 2
"""Ids count as unique only within a school when at least 2 of them repeat over schools, never in one, and at least half
of the rows outside the largest school bear such an id. Our own measure: a stray repeated id stays far below it."""

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Coded:
    """A column as distinct values (Arrow strings) and, per row, the number of its value (int32)."""

    values: pa.Array
    codes: np.ndarray

    @property
    def blank(self) -> np.ndarray:
        """Bool mask of the rows without a value."""
        return np.asarray(reading.blank(self.values)[self.codes], dtype=bool)

    def spread(self, judged: np.ndarray) -> np.ndarray:
        """What was judged per distinct value, given to every row."""
        return np.asarray(judged[self.codes])


@dataclass(frozen=True, eq=False)
class People:
    """Which person each row is about: `number` per row (int32, 0 to count-1), `first`: the person's first row."""

    number: np.ndarray
    count: int
    first: np.ndarray


def remember(table: Table, what: object, make: Callable[[], T]) -> T:
    """The remembered result of `make` for this table."""
    if what not in table.cache:
        table.cache[what] = make()
    return table.cache[what]  # type: ignore[no-any-return]


def arrow(table: Table, column: str) -> pa.ChunkedArray:
    """The column's raw text as Arrow strings or an Arrow dictionary, without a copy."""
    values: Any = table.rows[column].array
    if hasattr(values, "__arrow_array__"):
        held = values.__arrow_array__()
        return held if isinstance(held, pa.ChunkedArray) else pa.chunked_array([held])
    return pa.chunked_array([pa.array(table.rows[column].tolist(), pa.string())])


def raw(table: Table, column: str) -> Coded:
    """The column as distinct values exactly as in the file."""

    def make() -> Coded:
        chunks = arrow(table, column)
        if not len(chunks):
            return Coded(pa.array([], pa.string()), np.zeros(0, np.int32))
        if not pa.types.is_dictionary(chunks.type):
            chunks = chunks.dictionary_encode()
        whole = chunks.unify_dictionaries().combine_chunks()
        whole = whole.chunk(0) if isinstance(whole, pa.ChunkedArray) else whole
        return Coded(whole.dictionary.cast(pa.string()), whole.indices.to_numpy(zero_copy_only=False).astype(np.int32))

    return remember(table, ("raw", column), make)


def coded(table: Table, column: str) -> Coded:
    """The column as distinct values, trimmed of blanks of every kind; an absent column is blank in every row."""
    if column not in table.rows.columns:
        return Coded(pa.array([""], pa.string()), np.zeros(len(table), np.int32))
    return remember(table, ("coded", column), lambda: changed(raw(table, column), reading.trimmed))


def changed(column: Coded, change: Callable[[pa.Array], pa.Array]) -> Coded:
    """The column after its distinct values were changed; values that became equal become one."""
    values = change(column.values)
    if values.equals(column.values):
        return column
    encoded = pc.dictionary_encode(values)
    recode = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int32)
    return Coded(encoded.dictionary, np.asarray(recode[column.codes]))


def folded(table: Table, column: str) -> Coded:
    """The column as distinct values, compared without regard to case, accents, hyphens and apostrophes."""
    return remember(table, ("folded", column), lambda: changed(coded(table, column), reading.folded))


def lowered(table: Table, column: str) -> Coded:
    """The column as distinct values in lower case."""
    return remember(table, ("lowered", column), lambda: changed(coded(table, column), pc.utf8_lower))


def judged(table: Table, column: str, judge: Callable[[pa.Array], np.ndarray]) -> np.ndarray:
    """What `judge` says of each distinct value in lower case, remembered."""
    return remember(table, (judge.__name__, column), lambda: judge(lowered(table, column).values))


def ascii_only(table: Table, column: str) -> bool:
    """Whether no value of the column holds a character beyond ASCII."""
    def make() -> bool:
        return bool(pc.all(pc.string_is_ascii(raw(table, column).values), min_count=0).as_py())

    return remember(table, ("ascii", column), make)


def distinct(keys: np.ndarray) -> np.ndarray:
    """The keys once each, ascending; faster than hashing for whole numbers."""
    ordered = np.sort(keys)
    return ordered[np.append(True, ordered[1:] != ordered[:-1])] if len(ordered) else ordered


def agreeing(keys: np.ndarray, least: int) -> np.ndarray:
    """The keys that occur at least `least` times, once each, ascending."""
    ordered = np.sort(keys)
    edges = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1])) if len(ordered) else ordered
    return ordered[edges][np.diff(np.append(edges, len(ordered))) >= least]


def text(table: Table, column: str, rows: np.ndarray) -> list[str]:
    """The trimmed values of some rows, given by row number."""
    column_coded = coded(table, column)
    return [value or "" for value in column_coded.values.take(pa.array(column_coded.codes[rows])).to_pylist()]


def pairs(left: Coded, right: Coded) -> np.ndarray:
    """One int64 per row that is equal where both columns are."""
    return np.asarray(left.codes.astype(np.int64) * max(len(right.values), 1) + right.codes)


def joined(left: Coded, right: Coded) -> Coded:
    """Both columns as one: rows are equal where both were; blank where the left one is."""
    number, count = numbered(np.where(left.blank, -1, pairs(left, right)))
    blank_first = bool(left.blank.any())
    values = pa.array(["" if blank_first and at == 0 else str(at) for at in range(count)], pa.string())
    return Coded(values, number)


def numbered(keys: np.ndarray) -> tuple[np.ndarray, int]:
    """The keys as numbers 0 to n-1 (int32, in order of value), and n."""
    distinct, number = np.unique(keys, return_inverse=True)
    return number.astype(np.int32), len(distinct)


def firsts(numbers: np.ndarray) -> np.ndarray:
    """Bool mask of the first occurrence of each number."""
    out = np.zeros(len(numbers), bool)
    out[np.unique(numbers, return_index=True)[1]] = True
    return out


def name_of(table: Table) -> Coded | None:
    """First and last name as one folded column, None where the table has no names."""
    if not table.has("First_name") or not table.has("Last_name"):
        return None

    def make() -> Coded:
        first, last = folded(table, "First_name"), folded(table, "Last_name")
        number, count = numbered(pairs(first, last))
        return Coded(pa.array(np.arange(count)).cast(pa.string()), number)

    return remember(table, "name", make)


def within_school(table: Table) -> bool:
    """Whether this table's ids repeat over schools, on different records, but never within a school."""
    if not table.has("School_id") or not table.key or table.key == "School_id" or not len(table):
        return False
    return remember(table, "within_school", lambda: _within_school(table))


def _within_school(table: Table) -> bool:
    key, school = coded(table, table.key), coded(table, "School_id")
    usable = ~key.blank & ~school.blank
    times = np.bincount(key.codes[usable], minlength=len(key.values))
    again = usable & (times[key.codes] > 1)
    if not again.any():
        return False
    name = name_of(table)
    record = (np.arange(len(table)) if name is None else name.codes)[again].astype(np.int64)
    ids, width = key.codes[again].astype(np.int64), int(record.max()) + 1
    at_school = pairs(school, key)[again]
    if len(np.unique(at_school)) != len(np.unique(np.unique(at_school, return_inverse=True)[1] * width + record)):
        return False
    records = np.bincount(np.unique(ids * width + record) // width, minlength=len(key.values))
    if (records > 1).sum() < SCHOOL_IDS:
        return False
    outside = usable & (school.codes != np.bincount(school.codes[usable]).argmax())
    return bool(outside.any() and (records[key.codes[outside]] > 1).mean() >= SCHOOL_SHARE)


def people(table: Table) -> People:
    """Who each row is about: rows with one id and one name are one person, rows without an id one each."""

    def make() -> People:
        key = coded(table, table.key)
        rows = np.arange(len(table), dtype=np.int32)
        usable = ~key.blank
        if np.bincount(key.codes[usable], minlength=1).max(initial=0) < 2:
            return People(rows, len(table), np.ones(len(table), bool))
        who = pairs(key, coded(table, "School_id")) if within_school(table) else key.codes.astype(np.int64)
        name = name_of(table)
        if name is not None:
            who = who * len(name.values) + name.codes
        number, count = numbered(np.where(usable, who, -1 - rows))
        return People(number, count, firsts(number))

    return remember(table, "people", make)


def rows_by_key(table: Table) -> tuple[pa.Array, np.ndarray]:
    """The distinct keys of a table and the first row of each (int32)."""

    def make() -> tuple[pa.Array, np.ndarray]:
        key = coded(table, table.key)
        first = np.full(len(key.values), UNKNOWN, np.int32)
        rows = np.arange(len(table), dtype=np.int32)[::-1]
        first[key.codes[::-1]] = rows
        return key.values, first

    return remember(table, "rows_by_key", make)


def located(table: Table, column: str, other: Table) -> np.ndarray:
    """Row number in `other` of what each row's `column` points at (int32), or BLANK, UNKNOWN, UNREAD.

    A reference that matches nothing as written but one key once leading zeros are left out is located too: see
    `zeros_lost`. Where the ids of `other` are unique only within a school, the row's own school decides.
    """
    return remember(table, ("located", column, other.name), lambda: _located(table, column, other)[0])


def zeros_lost(table: Table, column: str, other: Table) -> np.ndarray:
    """Bool mask of the rows whose reference was located only without regard to leading zeros."""
    located(table, column, other)
    return remember(table, ("zeros", column, other.name), lambda: _located(table, column, other)[1])


def _located(table: Table, column: str, other: Table) -> tuple[np.ndarray, np.ndarray]:
    reference = coded(table, column)
    keys, first = rows_by_key(other)
    found = positions(reference.values, keys)
    without_zeros = _without_zeros(reference.values, found, keys)
    zeros = without_zeros >= 0
    found = np.where(zeros, without_zeros, found)
    row = np.where(found >= 0, first[found], UNKNOWN) if len(first) else np.full(len(found), UNKNOWN)
    row = row.astype(np.int32)
    if len(other.unread):
        seen = pa.array(sorted(unread_cells(other)), pa.string())
        row[(row == UNKNOWN) & (positions(reference.values, seen) >= 0)] = UNREAD
    row[reading.blank(reference.values)] = BLANK
    spread = reference.spread(row)
    if within_school(other) and table.has("School_id"):
        spread = _located_in_school(table, np.asarray(found[reference.codes]), spread, other)
    return spread, reference.spread(zeros) & (spread >= 0)


def sharing_key(table: Table, rows: np.ndarray) -> np.ndarray:
    """Bool mask of the given rows and all others that bear the key of one of them: a reference means them all."""
    named = np.zeros(len(table), bool)
    named[rows] = True
    if within_school(table):
        return named
    key = coded(table, table.key)
    held = np.zeros(len(key.values), bool)
    held[key.codes[named]] = True
    return np.asarray(key.spread(held) & ~key.blank)


def positions(values: pa.Array, among: pa.Array) -> np.ndarray:
    """Position of each value among others (int64), -1 where it is not there."""
    if not len(among):
        return np.full(len(values), -1, np.int64)
    found = pc.index_in(values, value_set=among)
    return np.asarray(pc.fill_null(found, -1).to_numpy(zero_copy_only=False), dtype=np.int64)


def found_among(values: pa.Array, among: pa.Array) -> np.ndarray:
    """Bool mask of the values that occur among others."""
    return positions(values, among) >= 0


def _without_zeros(values: pa.Array, found: np.ndarray, keys: pa.Array) -> np.ndarray:
    """Position of the one key that equals an unmatched number but for leading zeros, else -1."""
    out = np.full(len(values), -1, np.int64)
    numbers = np.flatnonzero((found < 0) & reading.matches(values, "^[0-9]+$"))
    key_numbers = np.flatnonzero(reading.matches(keys, "^[0-9]+$")) if len(numbers) else numbers
    if not len(numbers) or not len(key_numbers):
        return out
    bare_keys = pc.utf8_ltrim(keys.take(pa.array(key_numbers)), characters="0")
    encoded = pc.dictionary_encode(bare_keys)
    codes = encoded.indices.to_numpy(zero_copy_only=False)
    only = np.bincount(codes, minlength=len(encoded.dictionary)) == 1
    where = np.zeros(len(encoded.dictionary), np.int64)
    where[codes] = key_numbers
    at = positions(pc.utf8_ltrim(values.take(pa.array(numbers)), characters="0"), encoded.dictionary)
    out[numbers] = np.where((at >= 0) & only[at], where[at], -1)
    return out


def _located_in_school(table: Table, key_code: np.ndarray, by_id: np.ndarray, other: Table) -> np.ndarray:
    """Row numbers by school and id together; `key_code`: the other table's key code per row, -1 for none."""
    own, theirs = coded(table, "School_id"), coded(other, "School_id")
    school = positions(own.values, theirs.values)[own.codes]
    width = len(rows_by_key(other)[0])
    there = theirs.codes.astype(np.int64) * width + coded(other, other.key).codes
    order = np.argsort(there, kind="stable")
    here = np.where((school >= 0) & (key_code >= 0), school * width + key_code, -1)
    at = np.minimum(np.searchsorted(there[order], here), len(order) - 1)
    hit = (here >= 0) & (there[order][at] == here)
    return np.where(hit, order[at], np.where(by_id >= 0, UNKNOWN, by_id)).astype(np.int32)


def members(sections: Table, enrollments: Table) -> tuple[np.ndarray, np.ndarray]:
    """Section row and student number of every enrollment in a section that exists, once each, by section."""

    def make() -> tuple[np.ndarray, np.ndarray]:
        by_school = within_school(sections)
        keys, width = enrolled(enrollments, by_school)
        keys = keys[np.append(True, keys[1:] != keys[:-1])] if len(keys) else keys
        section = _enrollment_column(enrollments, "Section_id", by_school)
        by_code = np.full(max(len(section.values), 1), UNKNOWN, np.int32)
        by_code[section.codes] = located(enrollments, "Section_id", sections)
        row = by_code[keys // width]
        return row[row >= 0], keys[row >= 0] % width

    return remember(enrollments, "members", make)


def enrolled(enrollments: Table, by_school: bool) -> tuple[np.ndarray, int]:
    """Every enrollment as one number, ascending, and the width: see `enrollment_keys`; equal numbers are repeats."""

    def make() -> tuple[np.ndarray, int]:
        keys, width = enrollment_keys(enrollments, by_school)
        keys = keys[keys >= 0]
        keys.sort()
        return keys, width

    return remember(enrollments, ("enrolled", by_school), make)


def enrollment_keys(enrollments: Table, by_school: bool) -> tuple[np.ndarray, int]:
    """Per row one number, section * width + student, -1 where one is blank; and the width.

    `by_school`: ids are unique only within a school, so that the row's school is part of both.
    """
    section = _enrollment_column(enrollments, "Section_id", by_school)
    student = _enrollment_column(enrollments, "Student_id", by_school)
    width = max(len(student.values), 1)
    keys = section.codes.astype(np.int64) * width + student.codes
    keys[section.blank | student.blank] = -1
    return keys, width


def _enrollment_column(enrollments: Table, column: str, by_school: bool) -> Coded:
    if not by_school:
        return coded(enrollments, column)
    return remember(enrollments, ("with school", column),
                    lambda: joined(coded(enrollments, column), coded(enrollments, "School_id")))


def unread_cells(table: Table) -> set[str]:
    """Every trimmed cell of the rows that could not be read whole."""
    return remember(table, "unread_cells", lambda: _cells(table))


def _cells(table: Table) -> set[str]:
    return {cell.strip(reading.BLANKS) for row in table.unread.cells for cell in row} - {""}


DELETED = ("tobedeleted", "inactive")
"""What the column `status` of a format says of records that are not part of the roster any more."""


def live(table: Table) -> np.ndarray:
    """Bool mask of the rows that are not marked as to be deleted; all of them where nothing is marked so."""

    def make() -> np.ndarray:
        status = lowered(table, "status")
        return status.spread(np.asarray([value not in DELETED for value in status.values.to_pylist()] or [True], bool))

    return remember(table, "live", make).copy()


def named_in_unread(table: Table, column: str, other: Table) -> np.ndarray:
    """Bool mask of the rows whose value occurs in a row of `other` that could not be read whole."""
    if not len(other.unread):
        return np.zeros(len(table), bool)
    values = coded(table, column)
    seen = pa.array(sorted(unread_cells(other)), pa.string())
    return values.spread(positions(values.values, seen) >= 0)


def places(table: Table, rows: np.ndarray, column: str | None = None, **more: Any) -> Places:
    """Places for some rows, given as bool mask or row numbers; `more` is passed to `Places`.

    A value that came from another file is placed there, unless it has no line of its own.
    """
    numbers = (np.flatnonzero(rows) if rows.dtype == bool else rows).astype(np.int32)
    origin = table.origins.get(column or "")
    if origin is not None and (origin.lines[numbers] > 0).all():
        return Places(table.name, origin.file, origin.lines[numbers], column, rows=numbers, **more)
    lines = table.lines[numbers]
    ends = np.asarray([table.ends.get(int(line), line) for line in lines], np.int32) if table.ends else None
    return Places(table.name, table.file, lines, column, ends=ends, rows=numbers, **more)


def by_row(blocks: Sequence[Places], tables: Sequence[Table | None]) -> Finding:
    """A finding of these places in which a row counts once, however many of its values are named."""
    counted = {table.name: np.zeros(len(table), bool) for table in tables if table is not None}
    once = []
    for block in blocks:
        done = counted[block.table]
        once.append(replace(block, counts=~done[block.rows]))
        done[block.rows] = True
    return Finding(once, of=sum(len(done) for done in counted.values()))


def teacher_columns(sections: Table) -> list[str]:
    """The teacher columns of a sections table that the file has, primary first, then by number."""
    found = [(1 if name == "Teacher_id" else int(name.split("_")[1]), name) for name in sections.headers
             if name == "Teacher_id" or (name.startswith("Teacher_") and name.endswith("_id") and name[8:-3].isdigit())]
    return [name for _, name in sorted(found)]


def tally(table: Table, column: str, rows: np.ndarray) -> Tally:
    """How often each value occurs in the given rows, most first."""
    values = coded(table, column)
    times = np.bincount(values.codes[rows], minlength=len(values.values))
    held = sorted(((values.values[int(at)].as_py(), int(times[at])) for at in np.flatnonzero(times)),
                  key=lambda pair: (-pair[1], pair[0]))
    return Tally(table.name, column, held)


def references(table: Table) -> list[tuple[str, str]]:
    """The columns of a table that point at another one, with the table they point at."""
    targets = {"School_id": "schools", "Section_id": "sections", "Student_id": "students"}
    found = [(column, target) for column, target in targets.items() if table.has(column) and column != table.key]
    teachers = teacher_columns(table) if table.name == "sections" else []
    return found + [(column, "teachers") for column in teachers]
