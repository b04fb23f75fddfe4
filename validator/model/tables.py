"""What was read: tables, the files they came from, the export as a whole."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from validator.model.findings import Lines, Places

if TYPE_CHECKING:
    import numpy as np  # read for types only: `explain` and `rules` start without them
    import pandas as pd


def _no_lines() -> Lines:
    import numpy as np

    return np.zeros(0, np.int32)


@dataclass(frozen=True, eq=False)
class Unread:
    """Rows that exist but could not be read whole: their lines and the cells that could be made out."""

    lines: Lines = field(default_factory=_no_lines)
    cells: tuple[tuple[str, ...], ...] = ()

    def __len__(self) -> int:
        return len(self.lines)


@dataclass(frozen=True, eq=False)
class Origin:
    """Where a column's values stand when not in the table's own file: `lines`, int32 per row, 0 where there is none."""

    file: str
    header: str
    lines: Lines


@dataclass(frozen=True, eq=False)
class ExtraValues:
    """More values than a column's cells can hold: of row `rows[i]` (int32) the value in row i of `table`."""

    rows: np.ndarray
    table: Table


@dataclass(frozen=True, eq=False)
class Table:
    """One kind of record. The index of `rows` is the physical line in the file; blank is "", never NaN.

    `rows` has our column names; its columns are Arrow text (`ArrowDtype(pa.string())`) or Arrow dictionaries of text.
    `headers` maps our column name to the file's own header. `key` is the column that identifies a record.
    `extensions` are columns of the format's extension mechanism (`ext.*`), under their own names, kept in `rows`.
    `schema_violations` holds, per column, the rows (bool mask) whose value breaks the format's own description.
    `end_lines` gives the last physical line of records that span several (line -> last line).
    `origins` tells, per column, from which other file its values came (a birth date from demographics.csv).
    `extra_values` holds, per column, values beyond the one in the cell (the other schools of a person).
    `missing_reason` says, per column that another file should have given, why it is not there.
    `known_elsewhere` holds ids that others may name and that are no record here (a district among schools).
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
    """One file of the export as it came; `table` is "" where the format does not know the file."""

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


@dataclass(frozen=True, eq=False)
class Export:
    """All that was read. `absent` says, per table that should be there and is not usable, why.

    `unsupported`: tables that this format never has. `defects`: what reading itself found, by rule id.
    `required`: the tables that the format demands. `files_expected`: table -> the exact file name the format wants.
    `partial`: why these files need not hold the whole roster ("this is a delta export"), "" where they should.
    `header_only`: tables whose file has a header and no row.
    """

    format: str
    format_version: str | None
    tables: Mapping[str, Table]
    files: Sequence[SourceFile]
    defects: Mapping[str, Sequence[Places]]
    absent: Mapping[str, str]
    unsupported: frozenset[str] = frozenset()
    required: frozenset[str] = frozenset()
    files_expected: Mapping[str, str] = field(default_factory=dict)
    name: str = ""
    header_only: frozenset[str] = frozenset()
    partial: str = ""
