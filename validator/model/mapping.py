"""Column maps: which file and column of a raw SIS export hold which of our tables and columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from validator.model.data_classes import dataclass
from validator.model.file_columns import FileColumn


@dataclass(frozen=True)
class ColumnSource:
    """Where the values of one of our columns come from.

    headers: columns to try, in this order.
    split, part: how a full name is divided, and which part to use.
    codes: value in the file -> value that it means.
    files: another file that holds the column. Its rows are matched by `key`, a column of the
        table's own file, and `other_key`, a column of the other file.
    every: as in `MappedTable`.
    """

    headers: tuple[FileColumn, ...]
    split: str = ""
    part: str = ""
    codes: Mapping[str, str] = field(default_factory=dict, hash=False)
    files: tuple[str, ...] = ()
    key: tuple[FileColumn, ...] = ()
    other_key: tuple[FileColumn, ...] = ()
    every: bool = False


@dataclass(frozen=True)
class Teaching:
    """The file that says who teaches each section, a row for each section and teacher.

    files: file names or patterns. section, person: its columns of the two ids.
    only: column -> values in lower case of the rows of teachers; without it, the rows of people
        who are teachers and no students.
    every: as in `MappedTable`.
    """

    files: tuple[str, ...]
    section: tuple[FileColumn, ...]
    person: tuple[FileColumn, ...]
    only: Mapping[FileColumn, tuple[str, ...]] = field(default_factory=dict, hash=False)
    every: bool = False


@dataclass(frozen=True)
class MappedTable:
    """Where the records of one of our tables come from.

    files: file names or patterns to try, in this order.
    skip: how many rows above the header to skip.
    headed: False for files without a header, whose columns are all positions.
    heading_rows: 2 for headings over two rows.
    only: column -> values in lower case; rows with none of them are left out.
    teaching: where sections have their teachers in another file.
    named_by: the table that names the records to keep, and no others: "sections" for teachers.
    without_teachers: whether rows of teachers are left out; of enrollments, those of people who are
        teachers and no students.
    every: whether all files that match are one table, and not the first match alone.
    """

    table: str
    files: tuple[str, ...]
    columns: Mapping[str, ColumnSource]
    skip: int = 0
    headed: bool = True
    only: Mapping[FileColumn, tuple[str, ...]] = field(default_factory=dict)
    teaching: Teaching | None = None
    named_by: str = ""
    without_teachers: bool = False
    every: bool = False
    heading_rows: int = 1


@dataclass(frozen=True)
class ColumnMap:
    """A whole column map; messages refer to it as `name`.

    combined: heading, as the tables have it -> the headings of the columns that it is made of.
    names: those of them that are names, joined with a blank.
    """

    name: str
    title: str
    tables: tuple[MappedTable, ...]
    combined: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    names: frozenset[str] = frozenset()
