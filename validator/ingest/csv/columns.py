"""The columns of a CSV file, each of one piece."""

from __future__ import annotations

import pyarrow as pa

from validator import parallel
from validator.frame.arrow import combine_pieces


def combine_columns(table: pa.Table) -> pa.Table:
    """Combine the pieces in which the columns of a CSV file were read.

    Those of each column are freed before the next ones are combined, if nothing else refers to the
    table.
    """
    names, size = table.column_names, table.nbytes
    columns = dict(enumerate(table.columns))
    del table

    def combine(at: int) -> pa.ChunkedArray:
        return combine_pieces(columns.pop(at))

    return pa.table(parallel.map_each(combine, range(len(names)), size=size), names=names)
