"""Columns at the end of a CSV file that have neither a heading nor a value."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa

from validator.frame import values as frame_values
from validator.ingest.csv import exact, header, rows
from validator.ingest.csv.header import Header
from validator.ingest.csv.lines import Shape
from validator.ingest.csv.rows import Rows


def list_unnamed_end(head: Header) -> range:
    """Return the positions of the blank headings at the end of a CSV header."""
    return range(header.drop_empty_end(head).width, head.width)


def drop_empty_columns(head: Header, records: Rows, shape: Shape) -> tuple[Header, Rows]:
    """Return header and rows of a CSV file without the empty columns at its end.

    The rows are counted as rows with empty cells beyond the header. The cells below all blank
    headings at the end must be among those that were read. Rows too short for the whole header
    are rows if they have a cell for every column that is left.
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
    records = replace(records, table=table, trailing=records.trailing or table.num_rows)
    wanted = {at: coded for at, coded in shape.wanted.items() if at < keep}
    return narrow, _accept_short_rows(records, replace(shape, width=keep, wanted=wanted), narrow)


def _accept_short_rows(records: Rows, shape: Shape, head: Header) -> Rows:
    """Return the rows of a CSV file with the short ones that have a cell for every column."""
    recovered = records.recovered
    short, added, padded = [], [], list(recovered.padded)
    for line, count, cells in recovered.short:
        is_whole = len(cells) == count >= shape.width and exact.is_blank(cells[shape.width :])
        if not is_whole:
            short.append((line, count, cells))
            continue
        added.append((line, line, cells[: shape.width]))
        if count > shape.width:
            padded.append(line)
    if not added:
        return records
    kept = replace(
        recovered, rows=sorted([*recovered.rows, *added]), short=short, padded=sorted(padded)
    )
    joined = rows.insert_rows(replace(records, recovered=kept), added, shape)
    return rows.remove_non_records(joined, shape, head)


def _is_empty(column: pa.ChunkedArray) -> bool:
    """Return whether no cell of a CSV column has a value."""
    for chunk in column.chunks:
        values = chunk.dictionary if pa.types.is_dictionary(chunk.type) else chunk
        if not frame_values.is_blank(frame_values.trim(values)).all():
            return False
    return True
