"""The records of a table: columns of Arrow text, and the physical line of each row."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from validator.model.data_classes import dataclass

if TYPE_CHECKING:
    import numpy as np  # read for types only: `explain` and `rules` start without them
    import pandas as pd
    import pyarrow as pa

Lines: TypeAlias = "np.ndarray"  # int32, physical line numbers; 0 is the file as a whole


@dataclass(frozen=True, eq=False)
class Records:
    """The records of a table by column, and the physical line of each row in the file.

    columns: column -> chunked Arrow text, or an Arrow dictionary of text. Blank is "", never null.
    lines: int32, or a range where the lines follow one another.
    """

    columns: Mapping[str, pa.ChunkedArray]
    lines: range | Lines

    def __len__(self) -> int:
        return len(self.lines)

    def number_lines(self) -> Lines:
        """Return the line of every row in the model of a table, int32."""
        import numpy as np

        if isinstance(self.lines, range):
            return np.arange(self.lines.start, self.lines.stop, dtype=np.int32)
        return np.asarray(self.lines, np.int32)

    def lines_of(self, rows: np.ndarray) -> Lines:
        """Return the lines of some rows in the model of a table, by row number, int32."""
        import numpy as np

        if isinstance(self.lines, range):
            return np.asarray(self.lines.start + np.asarray(rows), np.int32)
        return np.asarray(self.lines[rows], np.int32)

    def take(self, rows: np.ndarray) -> Records:
        """Return some rows in the model of a table, by row number; they may repeat."""
        import pyarrow as pa

        at = pa.array(rows)
        taken = {name: column.take(at) for name, column in self.columns.items()}
        return Records(taken, self.lines_of(rows))

    def renumber(self, lines: np.ndarray) -> Records:
        """Return the same rows in the model of a table on other lines."""
        import numpy as np

        return Records(self.columns, np.asarray(lines, np.int32))

    def assign(self, columns: Mapping[str, pa.Array | pa.ChunkedArray]) -> Records:
        """Return the records in the model of a table with other or further columns."""
        return Records({**self.columns, **chunk_columns(columns)}, self.lines)

    def drop(self, columns: Collection[str]) -> Records:
        """Return the records in the model of a table without some columns."""
        kept = {name: column for name, column in self.columns.items() if name not in columns}
        return Records(kept, self.lines)

    def to_pandas(self) -> pd.DataFrame:
        """Return the table's rows as a pandas DataFrame, not copied; its index is the line."""
        import pandas as pd

        columns: dict[str, Any] = {
            name: pd.arrays.ArrowExtensionArray(column) for name, column in self.columns.items()
        }
        index: Any = pd.RangeIndex(self.lines) if isinstance(self.lines, range) else None
        if index is None:
            index = pd.Index(self.lines, dtype="int32")
        return pd.DataFrame(columns, index=index, copy=False)


def build_records(
    columns: Mapping[str, pa.Array | pa.ChunkedArray], lines: range | np.ndarray
) -> Records:
    """Build the records in the model of a table from columns and the line of each row."""
    import numpy as np

    numbered = lines if isinstance(lines, range) else np.asarray(lines, np.int32)
    return Records(chunk_columns(columns), numbered)


def chunk_columns(
    columns: Mapping[str, pa.Array | pa.ChunkedArray],
) -> dict[str, pa.ChunkedArray]:
    """Return the columns in the model of a table as chunked Arrow arrays."""
    import pyarrow as pa

    return {
        name: column if isinstance(column, pa.ChunkedArray) else pa.chunked_array([column])
        for name, column in columns.items()
    }
