"""Columns at the end of a CSV file that have neither a heading nor a value."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa

from validator.frame import values as frame_values
from validator.ingest.csv import header
from validator.ingest.csv.header import Header
from validator.ingest.csv.rows import Rows


def list_unnamed_end(head: Header) -> range:
    """Return the positions of the blank headings at the end of a CSV header."""
    return range(header.drop_empty_end(head).width, head.width)


def drop_empty_columns(head: Header, records: Rows) -> tuple[Header, Rows]:
    """Return header and rows of a CSV file without the empty columns at its end.

    The rows are counted as rows with empty cells beyond the header. The cells below all blank
    headings at the end must be among those that were read.
    """
    keep = head.width
    for at in reversed(list_unnamed_end(head)):
        if not _is_empty(records.table.column(str(at))):
            break
        keep = at
    if keep == head.width:
        return head, records
    dropped = [str(at) for at in range(keep, head.width)]
    table = records.table.drop_columns(dropped)
    narrow = header.drop_empty_end(head, least=keep)
    return narrow, replace(records, table=table, trailing=records.trailing or table.num_rows)


def _is_empty(column: pa.ChunkedArray) -> bool:
    """Return whether no cell of a CSV column has a value."""
    for chunk in column.chunks:
        values = chunk.dictionary if pa.types.is_dictionary(chunk.type) else chunk
        if not frame_values.is_blank(frame_values.trim(values)).all():
            return False
    return True
