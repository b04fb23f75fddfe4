"""Tables and source files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import numpy as np  # read for types only: `explain` and `rules` start without them
    import pandas as pd

Lines: TypeAlias = "np.ndarray"  # int32, physical line numbers; 0 is the file as a whole


def _no_lines() -> Lines:
    import numpy as np

    return np.zeros(0, np.int32)


@dataclass(frozen=True, eq=False)
class Unread:
    """Rows that could not be read whole: their lines, and the cells that could be recovered."""

    lines: Lines = field(default_factory=_no_lines)
    cells: tuple[tuple[str, ...], ...] = ()

    def __len__(self) -> int:
        return len(self.lines)


@dataclass(frozen=True, eq=False)
class Origin:
    """Where a column's values were read from, if not from the table's own file.

    header: the heading in that file.
    lines: physical line per row (int32), 0 for rows without a value there.
    """

    file: str
    header: str
    lines: Lines


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

    rows: the records under our own column names, as Arrow text (`ArrowDtype(pa.string())`) or Arrow
        dictionaries of text. The index is the physical line in the file. Blank is "", never NaN.
    key: the column that identifies a record.
    headers: our column name -> the file's own heading, for the columns that the file has.
    header_line: physical line of the headings.
    unread: rows of the file that could not be read whole and are not in `rows`.
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
    cache: results of `frame.remember`.
    """

    name: str
    file: str
    key: str
    rows: pd.DataFrame
    headers: Mapping[str, str]
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
    cache: dict[Any, Any] = field(default_factory=dict, repr=False)

    @property
    def lines(self) -> Lines:
        """Physical line of each row, int32."""
        if "lines" not in self.cache:
            self.cache["lines"] = self.rows.index.to_numpy("int32")
        return self.cache["lines"]  # type: ignore[no-any-return]

    def lines_of(self, rows: np.ndarray) -> Lines:
        """Physical line of some rows, given by row number, int32."""
        return self.rows.index[rows].to_numpy("int32")

    def __len__(self) -> int:
        return len(self.rows)

    def has(self, column: str) -> bool:
        """Whether the file has this column."""
        return column in self.headers


@dataclass(frozen=True)
class SourceFile:
    """One file of the export as it came; `table` is "" where the format does not know the file.

    `columns_unused`: headers of columns that are not read, at `unused_positions` (from 1);
    `unused_public`: which of them consist of heading words only and may be shown to anybody.
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
