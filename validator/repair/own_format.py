"""An export's files written again in their own format, with the repaired cells and rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from validator import frame
from validator.model import File, Table, dataclass
from validator.repair.changes import Changes, What, encode_texts
from validator.repair.csv_writer import (
    CRLF,
    LF,
    get_bytes,
    join_cells,
    join_rows,
    write_header,
)
from validator.repair.selection import Selection
from validator.repair.sheet import Sheet, count_breaks
from validator.repair.state import number_repeats
from validator.repair.written import WrittenFile

LINE_ENDS = {"lf": LF}


@dataclass(frozen=True, eq=False)
class Page:
    """The content to write of one file.

    headings, columns: one per column, in order. lines: the line in the export's file of each row.
    extras: lines that are written as they are, each with its line in the export's file.
    top: lines above the header.
    """

    name: str
    headings: Sequence[str]
    columns: Sequence[Any]
    lines: np.ndarray
    extras: Sequence[tuple[int, str]]
    top: Sequence[str]
    line_end: str
    spans: bool
    headed: bool = True

    def pieces(self) -> Iterator[bytes]:
        """Yield the bytes of a corrected file."""
        for line in self.top:
            yield (line + self.line_end).encode()
        if self.headed:
            yield write_header(self.headings, self.line_end)
        before = self._count_before()
        texts = pa.array([text for _, text in self.extras], pa.string())
        start = 0
        for lines in join_rows(self.columns):
            stop = start + len(lines)
            last = stop == len(self.lines)
            here = np.flatnonzero((before >= start) & ((before < stop) | last))
            yield self._end(_merge(lines, texts.take(pa.array(here)), before[here] - start))
            start = stop
        if not start and len(texts):
            yield self._end(texts)

    def _end(self, lines: Any) -> bytes:
        """Return lines of a corrected file with their line ends."""
        return get_bytes(pc.binary_join_element_wise(lines, self.line_end, ""))

    def _count_before(self) -> np.ndarray:
        """Return how many rows are written before each extra line."""
        numbers = np.asarray([line for line, _ in self.extras], np.int64)
        before: np.ndarray = np.searchsorted(self.lines, numbers)
        return before

    def number_lines(self) -> np.ndarray:
        """Number the lines on which rows of the corrected file are written."""
        spans = count_breaks(self.columns) if self.spans else np.zeros(len(self.lines), np.int64)
        first = len(self.top) + self.headed + 1
        numbers = first + np.arange(len(self.lines)) + np.cumsum(spans) - spans
        before = np.sort(self._count_before())
        shifted: np.ndarray = numbers + np.searchsorted(
            before, np.arange(len(self.lines)), side="right"
        )
        return shifted


def _merge(lines: Any, extras: Any, before: np.ndarray) -> Any:
    """Return the corrected file's lines with each extra line before the position in `before`."""
    if not len(extras):
        return lines
    keys = np.concatenate([2 * np.arange(len(lines)) + 1, 2 * before])
    order = np.argsort(keys, kind="stable")
    return pa.concat_arrays([lines, extras]).take(pa.array(order))


@dataclass(frozen=True)
class Layout:
    """How a file is written.

    name: of the written file. respelled: column -> its right heading, where it is corrected.
    reorder: whether the columns are written in the order of the format.
    """

    name: str
    respelled: Mapping[str, str]
    reorder: bool = False


def lay_out(
    sheet: Sheet, table: Table | None, file: File, *, selection: Selection, layout: Layout
) -> Page:
    """Return what is written of a file: `table` has its repaired rows, None for no rows."""
    rows = _locate_rows(sheet, table)
    places = range(len(sheet.names))
    headings = [_choose_heading(sheet, at, selection, layout=layout) for at in places]
    columns = [_take_column(sheet, table, at, rows=rows) for at in places]
    known = {own for own in sheet.names if own}
    if table is not None:
        new = [column for column in table.records.columns if column not in known]
        headings += new
        columns += [frame.get_arrow(table, column) for column in new]
    if layout.reorder:
        order = _order_columns(sheet, file, len(headings))
        headings, columns = [headings[at] for at in order], [columns[at] for at in order]
    top = [] if selection.wants("lines-above-header") else [text for _, text in sheet.above]
    return Page(
        layout.name,
        headings,
        columns,
        table.lines if table is not None else np.zeros(0, np.int32),
        _list_extras(sheet, selection),
        top,
        LINE_ENDS.get(sheet.line_ending, CRLF),
        bool(sheet.spans),
        sheet.headed,
    )


def _choose_heading(sheet: Sheet, at: int, selection: Selection, *, layout: Layout) -> str:
    """Return the heading that is written for a column."""
    own = sheet.names[at]
    if own is not None and own in layout.respelled:
        return layout.respelled[own]
    if at in sheet.hidden and selection.wants("header-spelling"):
        return sheet.plain_heading(at)
    return sheet.headings[at]


def _locate_rows(sheet: Sheet, table: Table | None) -> np.ndarray | None:
    """Return the original row of each row in the corrected file; None where all are the same."""
    if table is None or np.array_equal(sheet.lines, table.lines):
        return None
    return np.searchsorted(sheet.lines, table.lines)


def _take_column(sheet: Sheet, table: Table | None, at: int, *, rows: np.ndarray | None) -> Any:
    """Return the cells of a column: repaired ones, or those of the file."""
    own = sheet.names[at]
    if table is None:
        return pa.array([], pa.string())
    if own is not None and own in table.records.columns:
        return frame.get_arrow(table, own)
    cells = sheet.cells[at]
    return cells if rows is None else cells.take(pa.array(rows))


def _order_columns(sheet: Sheet, file: File, count: int) -> list[int]:
    """Return the order of the corrected file's columns: the format's first, others last."""
    order = {column.name: at for at, column in enumerate(file.columns)}
    names = [*sheet.names, *[None] * (count - len(sheet.names))]
    return sorted(range(count), key=lambda at: order.get(names[at] or "", len(order)))


def _list_extras(sheet: Sheet, selection: Selection) -> list[tuple[int, str]]:
    """Return the lines of a corrected file that are no rows: those not read whole are kept."""
    extras = [(line, join_cells(cells)) for line, cells in sheet.short]
    extras += [(line, text.replace(sheet.delimiter, ",")) for line, text in sheet.open_quotes]
    extras += [(line, join_cells(cells)) for line, cells, _ in sheet.escaped]
    if not selection.wants("blank-rows"):
        extras += list(sheet.blank)
    if not selection.wants("repeated-headers"):
        extras += [(line, join_cells(cells)) for line, cells in sheet.repeated]
    if not selection.wants("footers"):
        extras += [(line, join_cells(cells)) for line, cells in sheet.footer]
    return sorted(extras)


def write_page(page: Page, table: str) -> WrittenFile:
    """Return the repaired file to write."""
    return WrittenFile(page.name, page.pieces(), table, len(page.lines))


def place_changes(page: Page, sheet: Sheet, changes: Sequence[Changes]) -> list[Changes]:
    """Return the changes with the lines of the written file, and the texts of rows."""
    numbers = page.number_lines()
    repeats = number_repeats(page.lines) if len(page.lines) else np.zeros(0, np.int32)
    placed = []
    for block in changes:
        at = _find(page.lines, repeats, block)
        known = at < len(page.lines)
        where = np.full(len(block), int(numbers[-1]) + 1 if len(numbers) else 2, np.int64)
        where[known] = numbers[at[known]]
        if page.headed:
            where[block.lines == sheet.header_line] = len(page.top) + 1
        where[(block.lines < sheet.header_line) | (block.lines == 0)] = 0
        moved = replace(block, new_file=page.name, new_lines=where.astype(np.int32))
        if block.what is What.ROW_ADDED:
            moved = replace(moved, after=_join(page.columns, at), headings=page.headings)
        placed.append(moved)
    return placed


def _find(lines: np.ndarray, repeats: np.ndarray, block: Changes) -> np.ndarray:
    """Return the row of the corrected file for each change; the next row for dropped ones."""
    at = np.searchsorted(lines, block.lines)
    return at if block.repeats is None else at + block.repeats


def _join(columns: Sequence[Any], rows: np.ndarray) -> Any:
    """Join the cells of rows into lines of the corrected file."""
    taken = [column.take(pa.array(rows)) for column in columns]
    return encode_texts(pa.concat_arrays(list(join_rows(taken)) or [pa.array([], pa.string())]))


def fill_removed(changes: Sequence[Changes], before: Table, sheet: Sheet) -> list[Changes]:
    """Return the changes with the text of the rows that were removed from a table."""
    columns = [
        frame.get_arrow(before, own) if own is not None else sheet.cells[at]
        for at, own in enumerate(sheet.names)
    ]
    return [
        _fill(block, columns, before, headings=sheet.headings)
        if block.what is What.ROW_REMOVED
        else block
        for block in changes
    ]


def _fill(
    block: Changes, columns: Sequence[Any], before: Table, *, headings: Sequence[str]
) -> Changes:
    """Return changes with the text of the rows that were removed."""
    rows = np.searchsorted(before.lines, block.lines)
    return replace(block, before=_join(columns, rows), headings=tuple(headings))
