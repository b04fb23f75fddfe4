"""An app's own list of accounts or of use, with any headings, as tables of the roster."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import field, replace

import numpy as np
import pyarrow as pa

from validator import frame, resources
from validator.frame import Encoded
from validator.frame.values import match_pattern
from validator.ingest import read
from validator.ingest.csv import decode, sniff
from validator.ingest.csv.sniff import Layout
from validator.ingest.formats.sis.tables import split_names
from validator.ingest.mapping import app_columns, app_guesses
from validator.ingest.mapping.app_columns import Chosen
from validator.ingest.mapping.app_values import Known
from validator.ingest.mapping.profile import ColumnProfile, profile_file
from validator.ingest.mapping.reading import read_table
from validator.ingest.mapping.roles import STUDENT_WORDS, TEACHER_WORDS
from validator.ingest.source import Source, get_stem
from validator.model import (
    CannotRead,
    ColumnSource,
    Table,
    build_records,
    dataclass,
)
from validator.vocabulary.grades import Grades

KEYS = {"students": "Student_id", "teachers": "Teacher_id", "sections": "Section_id"}

FEW_VALUES = 0.2
"""Share of distinct values below which a column is read as a dictionary."""

SAMPLE_BYTES = 1 << 20
"""Bytes at the start and at the end of a file by which its columns are recognized."""

ONE_EACH = 0.95
"""Students per row from which a list has one row for each student; our own measure."""

TEACHERS = TEACHER_WORDS | {"staff"}
ROLES = frozenset(
    "role roles userrole usertype accounttype accountrole type persontype membertype".split()
)
"""Headings, and the words of the column, that say who is a student and who is a teacher."""


@dataclass(frozen=True, eq=False)
class AppList:
    """The tables in an app's list.

    columns: table -> our column -> the position of the file's column, from 1. mixed: whether
    no column says which rows are students and which are teachers. one_each: whether each student
    has one row, so that a teacher or section named there is one of several. guessed: table -> our
    columns without a heading that says so.
    """

    file: str
    tables: Mapping[str, Table]
    columns: Mapping[str, Mapping[str, int]]
    mixed: bool = False
    one_each: bool = False
    guessed: Mapping[str, frozenset[str]] = field(default_factory=dict)


def read_app_list(source: Source, known: Known, grades: Grades) -> AppList:
    """Read accounts from a CSV file or workbook of unknown layout. `known`: a district's values.

    Raises CannotRead where the file is no table, or has nothing by which accounts can be found.
    """
    layout = source.head.layout
    if layout is None:
        source, layout = _find_column(source)
    profile = profile_file(_cut_sample(source), get_stem(source.name), grades, layout=layout)
    if profile.trouble:
        raise CannotRead(f"{source.name} is not a list of accounts: {profile.trouble}")
    aliases = resources.read_bundled_yaml("columns/aliases.yaml")
    chosen = app_columns.choose(profile.columns, aliases, read.MAPPED, known=known)
    few = {column.heading for column in profile.columns if len(column) < FEW_VALUES * column.filled}
    assert layout is not None
    table = _read_whole(source, layout, few)
    chosen = app_guesses.drop_unlikely(chosen, table)
    roles = _find_roles(profile.columns, table)
    tables, columns = {}, {}
    for name, rows in _split_kinds(chosen, roles, len(table)).items():
        built = _build_table(name, table, chosen[name], rows=rows)
        if built is not None and len(built):
            tables[name] = built
            columns[name] = {taken.column: taken.profile.position for taken in chosen[name]}
    if not tables:
        raise CannotRead(
            f"{source.name} has no column with SIS ids, e-mail addresses or names of the people "
            "in the SIS export; name its columns with --app-columns"
        )
    both = roles is None and {"students", "teachers"} <= tables.keys()
    mixed = both and _shares_columns(columns)
    students = len(tables["students"]) if "students" in tables else 0
    one_each = roles is None and not mixed and students >= ONE_EACH * len(table)
    guessed = {
        name: frozenset(each.column for each in taken if not each.is_named)
        for name, taken in chosen.items()
    }
    return AppList(source.name, tables, columns, mixed, one_each, guessed)


def _find_column(source: Source) -> tuple[Source, Layout | None]:
    """Return a file of one column without the titles above its heading, and its layout."""
    layout = sniff.find_column(source.head.text)
    if layout is None or layout.line == 1:
        return source, layout
    skipped = layout.line - 1
    data = decode.decode(source.load()).text.split(b"\n", skipped)[-1]

    def renumber(lines: np.ndarray) -> np.ndarray:
        own = lines + skipped
        return own if source.lines is None else source.lines(own)

    cut = replace(
        source,
        size=len(data),
        load=lambda: data,
        read_start=lambda most: data[:most],
        lines=renumber,
    )
    return cut, replace(layout, line=1)


def _cut_sample(source: Source) -> Source:
    """Return a large file as its first and its last whole lines."""
    if source.size <= 2 * SAMPLE_BYTES:
        return source
    data = source.load()
    start = data[: data.find(b"\n", SAMPLE_BYTES) + 1]
    end = data[data.find(b"\n", len(data) - SAMPLE_BYTES) + 1 :]
    is_wide = b"\x00" in start  # UTF-16, whose lines cannot be put together like this
    if is_wide or not start or not end:
        return source
    return replace(source, size=len(start) + len(end), load=lambda: start + end)


def _shares_columns(columns: Mapping[str, Mapping[str, int]]) -> bool:
    """Whether mapping a file of unknown layout put students and teachers in the same columns."""
    return bool(set(columns["students"].values()) & set(columns["teachers"].values()))


def _read_whole(source: Source, layout: Layout, few: Collection[str]) -> Table:
    """Return the whole of an app's list as a table. few: its headings of few values."""
    table = read_table(source.load(), layout, source.name, coded=few)
    source.unchanged()
    if table is None:
        raise CannotRead(f"{source.name} has no rows")
    if source.lines is None:
        return table
    return replace(table, records=table.records.renumber(source.lines(table.lines)), cache={})


def _find_roles(columns: Sequence[ColumnProfile], table: Table) -> np.ndarray | None:
    """Return the roles in an app's list of unknown layout: `students`, `teachers` or ""; None
    for none."""
    for column in columns:
        if fold_role(column.heading) not in ROLES:
            continue
        encoded = frame.encode_lower(table, column.heading)
        kinds = [_name_kind(text) for text in encoded.values.to_pylist()]
        if {"students", "teachers"} & set(kinds):
            return encoded.broadcast(np.asarray(kinds, object))
    return None


def fold_role(text: str) -> str:
    """Return a heading or a role in lower case, letters only."""
    return "".join(letter for letter in text.lower() if letter.isalpha())


def _name_kind(text: str) -> str:
    """Return the kind of person that a role names in a file of unknown layout, "" for none."""
    word = fold_role(text)
    if word in STUDENT_WORDS:
        return "students"
    return "teachers" if word in TEACHERS else ""


def _split_kinds(chosen: Chosen, roles: np.ndarray | None, count: int) -> dict[str, np.ndarray]:
    """Return the rows of each kind that the file has."""
    everything = np.arange(count)
    kinds = {name: everything for name in chosen if chosen[name]}
    if roles is None:
        return kinds
    for name in ("students", "teachers"):
        is_own = name in kinds and app_columns.has_own_columns(name, chosen)
        if name in kinds and not is_own:
            kinds[name] = np.flatnonzero(roles == name)
    both = {"students", "teachers"} <= kinds.keys()
    if both and app_columns.has_own_columns("teachers", chosen):
        kinds["students"] = np.flatnonzero(roles != "teachers")
    return kinds


def _build_table(
    name: str, table: Table, columns: Sequence[app_columns.Taken], *, rows: np.ndarray
) -> Table | None:
    """Build a roster table while reading an app's list: the accounts of one kind; None without
    any."""
    cells, headers = {}, {}
    for taken in columns:
        heading = taken.profile.heading
        values = frame.get_arrow(table, heading)
        values = values if len(rows) == len(table) else values.take(pa.array(rows))
        if taken.part:
            source = ColumnSource((heading,), split=taken.split, part=taken.part)
            texts = split_names(pa.array(values.to_pylist(), pa.string()), source)
            values = pa.array(texts, pa.string())
        cells[taken.column], headers[taken.column] = values, table.headers[heading]
    records = build_records(cells, table.lines_of(rows))
    whole = Table(name, table.file, KEYS[name], records, headers)
    kept = np.flatnonzero(_mark_accounts(whole))
    if len(kept) == len(whole):
        return whole
    return replace(whole, records=records.take(kept), cache={})


def _mark_accounts(table: Table) -> np.ndarray:
    """Mark each account's first row while reading a CSV file or workbook of unknown layout."""
    number = np.full(len(table), -1, np.int64)
    taken = np.zeros(len(table), bool)
    base = 0
    for column in _list_identities(table.name):
        if column not in table.records.columns or taken.all():
            continue
        encode = frame.encode_lower if column.endswith("_email") else frame.encode
        encoded = encode(table, column)
        new = ~taken & ~encoded.blank
        if column.endswith("_email"):  # a title or a heading further down is no address
            new &= encoded.broadcast(match_pattern(encoded.values, "@"))
        number[new] = base + encoded.codes[new]
        base += len(encoded.values)
        taken |= new
    repeated = frame.find_repeated(number)
    names = frame.encode_names(table) if len(repeated) else None
    if names is not None:
        first, last = frame.encode(table, "First_name"), frame.encode(table, "Last_name")
        new = ~taken & ~(first.blank & last.blank)
        number[new] = base + _number_people(table, names)[new]
        taken |= new
    mask = np.zeros(len(table), bool)
    there = np.flatnonzero(taken)
    repeated = there[frame.find_repeated(number[there])]
    if names is not None and len(repeated):
        number *= len(names.values)
        number[repeated] += names.codes[repeated]
    mask[there[frame.mark_firsts(number[there])]] = True
    return mask


def _number_people(table: Table, names: Encoded) -> np.ndarray:
    """Number, while reading an app's list, people without an id: by name, and birth date if any.

    Two students of one name are two accounts if their birth dates differ.
    """
    if not table.has("DOB"):
        return names.codes
    number, _ = frame.number_keys(frame.combine_codes(names, frame.encode(table, "DOB")))
    return number


def _list_identities(name: str) -> tuple[str, ...]:
    """Return the columns by which accounts in an app's list are identified while reading it."""
    if name == "students":
        return ("Student_id", "Student_number", "Student_email", "State_id")
    if name == "teachers":
        return ("Teacher_id", "Teacher_number", "Teacher_email")
    return ("Section_id", "Name")
