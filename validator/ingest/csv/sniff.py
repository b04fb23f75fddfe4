"""The layout of an undescribed file: its delimiter and its header line."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence

from validator.ingest.csv import decode
from validator.ingest.csv.heading_rows import is_second_row, join_rows
from validator.model import dataclass
from validator.text import BLANKS

DELIMITERS = (",", "\t", ";", "|")
MAX_LINES = 200
"""Lines that the layout is detected from."""
MOST_TITLES = 20
"""Rows among which the headings below titles are looked for."""
MIN_SHARE = 0.6
"""Share of the rows that must have the same number of cells; our own measure."""

_DATA = re.compile(
    r"[-+]?[0-9][0-9.,]*%?|[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}([ T].*)?|\S+@\S+|true|false"
    r"|[0-9a-f-]{32,36}",
    re.I,
)

NumberedRow = tuple[int, list[str]]
"""The line that a row begins on, and its cells."""


@dataclass(frozen=True)
class Layout:
    """The delimiter, the first whole row with its line, and whether that row is a header.

    heading_rows: 2 where the headings are over two rows, of which `line` is the second.
    """

    delimiter: str
    cells: tuple[str, ...]
    line: int
    headed: bool
    heading_rows: int = 1


def find_layout(text: bytes) -> Layout | None:
    """Return the layout of decoded text; None if its first lines are no table of two columns."""
    decoded = text.decode("utf-8", errors="replace")
    best: tuple[float, int] = (0.0, 0)
    chosen, rows = "", list[NumberedRow]()
    for delimiter in filter(decoded.__contains__, DELIMITERS):
        split = _read_rows(decoded, delimiter)
        widths = Counter(len(row) for _, row in split)
        width, count = max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
        if width < 2 or count < MIN_SHARE * len(split):
            continue
        if (count / len(split), width) > best:
            best, chosen, rows = (count / len(split), width), delimiter, split
    return _build_layout(chosen, best[1], rows) if chosen else None


def find_column(text: bytes) -> Layout | None:
    """Return the layout of decoded text with one value in a line; None for anything else.

    Below titles, the heading is the last line before those that are all data.
    """
    rows = _read_rows(text.decode("utf-8", errors="replace"), DELIMITERS[0])
    if not rows or any(len(row) != 1 for _, row in rows):
        return None
    titles = [at for at, (_, row) in enumerate(rows) if not _is_data(row[0])]
    heading = len(titles) - 1 if titles == list(range(len(titles))) else 0
    at = heading if 0 < heading < min(MOST_TITLES, len(rows) - 1) else 0
    (line, first), below = rows[at], [row for _, row in rows[at + 1 :]]
    return Layout(DELIMITERS[0], tuple(first), line, bool(below) and is_header(first, below))


def _build_layout(delimiter: str, width: int, rows: Sequence[NumberedRow]) -> Layout:
    """Return the layout of a file to read most of whose rows have `width` cells."""
    complete = [(line, row) for line, row in rows if len(row) == width]
    half_filled = ((line, row) for line, row in complete if 2 * sum(map(bool, row)) >= width)
    line, first = next(half_filled, complete[0])
    if width == 2 and "" in first:
        line, first = _find_pair(complete) or (line, first)
    below = [row for number, row in complete if number > line]
    second = _find_second_row(rows, line, first, below=below)
    if second is not None:
        return Layout(delimiter, *second, True, heading_rows=2)
    return Layout(delimiter, tuple(first), line, is_header(first, below))


def _find_pair(complete: Sequence[NumberedRow]) -> NumberedRow | None:
    """Return the headings of an undescribed file of two columns below titles; None for none.

    A title has a cell of two, as the half of a heading line may.
    """
    for at, (line, row) in enumerate(complete[:MOST_TITLES]):
        below = [cells for _, cells in complete[at + 1 :]]
        if all(row) and below and is_header(row, below):
            return line, row
    return None


def _find_second_row(
    rows: Sequence[NumberedRow], line: int, first: Sequence[str], *, below: Sequence[list[str]]
) -> tuple[tuple[str, ...], int] | None:
    """Return the headings over two rows of an undescribed file and their last line; None for one.

    The second row is below the first whole one, or the first whole one has headings that repeat
    and another row directly above it.
    """
    if any(map(_is_data, first)):
        return None
    upper = next((row for number, row in rows if number == line - 1), None)
    repeats = len({cell.lower() for cell in first}) < len(first)
    if upper is not None and repeats and sum(map(bool, upper)) > 1:
        joined = join_rows(upper, first)
        return (joined, line) if is_header(joined, below) else None
    lower = next((row for number, row in rows if number == line + 1), None)
    if lower is None or len(lower) != len(first) or not is_second_row(lower, below[1:], _is_data):
        return None
    joined = join_rows(first, lower)
    return (joined, line + 1) if is_header(joined, below[1:]) else None


def _is_data(cell: str) -> bool:
    """Return whether a cell of an undescribed file is a number, a date, an address or a flag."""
    return bool(_DATA.fullmatch(cell))


def is_header(first: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Return whether a CSV file's row reads like headings: no data, and few cells that occur
    below."""
    if any(_DATA.fullmatch(cell) for cell in first):
        return False
    columns = zip(*below, strict=True)
    pairs = zip(first, columns, strict=False)
    repeated = sum(bool(cell) and cell in column for cell, column in pairs)
    filled = [cell for cell in first if cell]
    return bool(filled) and len(set(filled)) == len(filled) and 2 * repeated < len(filled)


def prepend_header(data: bytes, layout: Layout, headings: Sequence[str]) -> bytes:
    """Return the decoded text of a file without a header, below one line of headings."""
    text = decode.decode(data).text.removeprefix(decode.BOM)
    line = io.StringIO()
    csv.writer(line, delimiter=layout.delimiter, lineterminator="\n").writerow(headings)
    return line.getvalue().encode() + text


def _read_rows(text: str, delimiter: str) -> list[NumberedRow]:
    """Return the first rows that are not blank, their cells trimmed."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows, line = list[NumberedRow](), 1
    try:
        for row in reader:
            cells = [cell.strip(BLANKS) for cell in row]
            if any(cells):
                rows.append((line, cells))
            line = reader.line_num + 1
            if line > MAX_LINES:
                break
    except csv.Error:
        pass
    return rows
