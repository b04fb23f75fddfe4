"""Tables and source files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from typing import TYPE_CHECKING, Any

from validator.model.data_classes import dataclass
from validator.model.file_columns import FileColumn
from validator.model.records import Lines, Records

if TYPE_CHECKING:
    import numpy as np  # read for types only: `explain` and `rules` start without them
    import pandas as pd


def _make_no_lines() -> Lines:
    """Return no lines: the default in the model of a table."""
    import numpy as np

    return np.zeros(0, np.int32)


@dataclass(frozen=True, eq=False)
class Unread:
    """Rows that could not be read whole: their lines, and the cells that could be recovered."""

    lines: Lines = field(default_factory=_make_no_lines)
    cells: tuple[tuple[str, ...], ...] = ()

    def __len__(self) -> int:
        return len(self.lines)


@dataclass(frozen=True)
class Part:
    """One of several files of one layout that were read as one table.

    shift: how many lines the files before it have; its line 7 is line `shift + 7` of the table.
    headings: headers of the table that this file spells otherwise.
    """

    file: str
    shift: int
    headings: Mapping[FileColumn, FileColumn] = field(default_factory=dict, hash=False)


def split_lines(parts: Sequence[Part], lines: Lines) -> Iterator[tuple[Part, np.ndarray, Lines]]:
    """Yield each `Part` of a model `Table` with a bool mask of the lines in it, and these lines."""
    import numpy as np

    shifts = np.asarray([part.shift for part in parts], np.int64)
    number = np.maximum(np.searchsorted(shifts, lines, side="left") - 1, 0)
    for at, part in enumerate(parts):
        mask = number == at
        if mask.any():
            yield part, mask, np.maximum(lines[mask] - part.shift, 0).astype(np.int32)


@dataclass(frozen=True, eq=False)
class Origin:
    """Where a column's values were read from, if not from the table's own file.

    header: the column in that file.
    lines: physical line per row (int32), 0 for rows without a value there.
    parts: the files, where it was read from several.
    """

    file: str
    header: FileColumn
    lines: Lines
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, eq=False)
class ExtraValues:
    """Further values of a column that holds one value per cell: the other schools of a person.

    Row `rows[i]` of the column's table (int32) also has the value in row i of `table`.
    """

    rows: np.ndarray
    table: Table


@dataclass(frozen=True, eq=False)
class Table:
    """One kind of record: students, teachers, sections, enrollments and so on.

    records: the records under our own column names, in Arrow.
    key: the column that identifies a record.
    headers: our column name -> the file's own heading, or the column's position in a file without
        a header line; for the columns that the file has.
    header_line: physical line of the headings, the second where they are over two rows; 0 where
        there are none.
    heading_rows: 2 where each heading is over two rows.
    unread: rows of the file that could not be read whole and are not in `records`.
    end_lines: line -> last line, for records that span several lines.
    schema_violations: column -> bool mask of the rows whose value breaks the format's schema.
    origins: column -> the other file that its values came from (birth dates in demographics.csv).
    extra_values: column -> values beyond the one in the cell (the other schools of a person).
    missing_reason: column -> why the other file that should hold it did not provide it.
    known_elsewhere: ids that others may refer to but that are not records here (a district among
        the schools).
    exclusive_ends: whether the day in the column End is the first one that no longer counts, as in
        OneRoster; elsewhere it is the last one that does.
    deleted_words: values of a column `status`, in lower case, that mark a record as removed.
    parts: the files, where several of one layout are the table; `file` is then a name for all of
        them, and lines are numbered on from file to file.
    combined: column -> the headings of the columns of the file that it is made of.
    cache: results of `frame.remember`.
    """

    name: str
    file: str
    key: str
    records: Records
    headers: Mapping[str, FileColumn]
    header_line: int = 1
    unread: Unread = field(default_factory=Unread)
    end_lines: Mapping[int, int] = field(default_factory=dict)
    schema_violations: Mapping[str, np.ndarray] = field(default_factory=dict)
    origins: Mapping[str, Origin] = field(default_factory=dict)
    extra_values: Mapping[str, ExtraValues] = field(default_factory=dict)
    missing_reason: Mapping[str, str] = field(default_factory=dict)
    known_elsewhere: frozenset[str] = frozenset()
    exclusive_ends: bool = False
    deleted_words: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    heading_rows: int = 1
    combined: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    cache: dict[Any, Any] = field(default_factory=dict, repr=False)

    @property
    def rows(self) -> pd.DataFrame:
        """The records as a pandas DataFrame of Arrow text; its index is the line in the file."""
        if "rows" not in self.cache:
            self.cache["rows"] = self.records.to_pandas()
        return self.cache["rows"]  # type: ignore[no-any-return]

    @property
    def lines(self) -> Lines:
        """Physical line of each row, int32."""
        if "lines" not in self.cache:
            self.cache["lines"] = self.records.number_lines()
        return self.cache["lines"]  # type: ignore[no-any-return]

    def locate(self, line: int) -> tuple[str, int]:
        """Return the file that a line is in, in the model of a table, and its line there."""
        for part in reversed(self.parts):
            if line > part.shift:
                return part.file, line - part.shift
        return (self.parts[0].file if self.parts else self.file), line

    def lines_of(self, rows: np.ndarray) -> Lines:
        """Return the physical lines of some rows in the model of a table, by row number, int32."""
        return self.records.lines_of(rows)

    def __len__(self) -> int:
        return len(self.records)

    @property
    def headed(self) -> bool:
        """Whether the file has a header line."""
        return self.header_line > 0

    def has(self, column: str) -> bool:
        """Whether the file has this column."""
        return column in self.headers


_DELIMITERS = {"\t": "tab", ";": "semicolon", "|": "pipe", ",": "comma"}


def name_delimiter(character: str) -> str:
    """Return what sentences call the character between the cells of a file."""
    return _DELIMITERS.get(character, "another character")


@dataclass(frozen=True)
class SourceFile:
    """One file of the export as it came; `table` is "" where the format does not know the file.

    `columns_unused`: headers of columns that are not read, at `unused_positions` (from 1);
    `unused_public`: which of them consist of heading words only and may be shown to anybody.
    `encoding`: in words. `code_page`: of lines that are not UTF-8, by its name for people.
    `damaged`: whether some bytes are characters in no encoding. `mark`: the character that encloses
    cells instead of double quotes.
    """

    name: str
    table: str
    rows: int
    bytes: int
    sha256: str
    encoding: str = ""
    delimiter: str = ""
    line_ending: str = ""
    columns_unused: Sequence[str] = ()
    modified: dt.datetime | None = None
    unused_positions: Sequence[int] = ()
    unused_public: Sequence[bool] = ()
    code_page: str = ""
    damaged: bool = False
    mark: str = ""
