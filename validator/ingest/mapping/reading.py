"""The reading of files of unknown layout, as tables under their own headings."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from validator.ingest.csv import sniff
from validator.ingest.csv.read import read_csv
from validator.ingest.csv.sniff import Layout
from validator.ingest.csv.spelling import fold_heading
from validator.ingest.formats.sis.headless import locate_columns, name_columns
from validator.model import Column, File, Table


def read_table(
    data: bytes, layout: Layout, name: str, *, coded: Collection[str] | None = None
) -> Table | None:
    """Read a file of unknown layout, called `name`, as a table; None where it has no rows.

    Each heading is the column of the first cell that has it; without a header, the columns have
    words for positions. `coded`: those that are read as dictionaries, None for all.
    """
    cells = name_columns(layout)
    if not layout.headed:
        data = sniff.prepend_header(data, layout, cells)
    names = [cells[position - 1] for position in list_positions(cells).values()]
    columns = tuple(Column(each, coded=coded is None or each in coded) for each in names)
    rows = layout.heading_rows
    file = File("unknown", name, "", columns, required=False, heading_rows=rows)
    table = read_csv(data, file, name).table
    if table is None or layout.headed:
        return table
    records = table.records.renumber(table.lines - 1)
    return replace(locate_columns(table, layout), records=records, cache={})


def list_positions(cells: Sequence[str]) -> dict[str, int]:
    """Return heading of an undescribed file -> the number of the first column that has it."""
    positions: dict[str, int] = {}
    for position, cell in enumerate(cells, 1):
        positions.setdefault(fold_heading(cell), position)
    positions.pop("", None)
    return positions
