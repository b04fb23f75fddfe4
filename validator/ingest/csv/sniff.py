"""The layout of a file that nobody has described: what separates its cells, and which line is its header."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from validator.frame import values
from validator.ingest.csv.decode import BOM, decode

DELIMITERS = (",", "\t", ";", "|")
LINES = 200
"""Lines that are looked at."""
SHARE = 0.6
"""How many of the rows must have one number of cells; our own measure."""

_DATA = re.compile(
    r"[-+]?[0-9][0-9.,]*%?|[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}([ T].*)?|\S+@\S+|true|false"
    r"|[0-9a-f-]{32,36}",
    re.I,
)


@dataclass(frozen=True)
class Layout:
    """What separates cells, the cells of the first whole row, its line, and whether it is a header."""

    delimiter: str
    cells: tuple[str, ...]
    line: int
    headed: bool


def look(data: bytes) -> Layout | None:
    """The layout of a file by its first lines; None where they are no table of at least two columns."""
    text = decode(data).text.decode("utf-8", errors="replace")
    best: tuple[float, int, str, list[tuple[int, list[str]]]] | None = None
    for delimiter in DELIMITERS:
        rows = _rows(text, delimiter)
        widths = Counter(len(row) for _, row in rows)
        width, count = max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
        if (
            width > 1
            and count >= SHARE * len(rows)
            and (best is None or (count / len(rows), width) > best[:2])
        ):
            best = count / len(rows), width, delimiter, rows
    if best is None:
        return None
    _, width, delimiter, rows = best
    whole = [(line, row) for line, row in rows if len(row) == width]
    line, first = next(
        ((line, row) for line, row in whole if 2 * sum(map(bool, row)) >= width), whole[0]
    )
    return Layout(
        delimiter, tuple(first), line, is_header(first, [row for at, row in whole if at > line])
    )


def is_header(first: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Whether a row reads like headings: no numbers, dates, addresses or truth values, no cell found below."""
    if any(_DATA.fullmatch(cell) for cell in first):
        return False
    again = sum(cell in {row[at] for row in below} for at, cell in enumerate(first) if cell)
    filled = [cell for cell in first if cell]
    return bool(filled) and len(set(filled)) == len(filled) and 2 * again < len(filled)


def with_header(data: bytes, layout: Layout, headings: Sequence[str]) -> bytes:
    """The text of a file without header below one line of headings."""
    text = decode(data).text.removeprefix(BOM)
    out = io.StringIO()
    csv.writer(out, delimiter=layout.delimiter, lineterminator="\n").writerow(headings)
    return out.getvalue().encode() + text


def _rows(text: str, delimiter: str) -> list[tuple[int, list[str]]]:
    """The first rows that hold anything, trimmed, each with the line that it begins on."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    found, line = [], 1
    try:
        for row in reader:
            cells = [cell.strip(values.BLANKS) for cell in row]
            if any(cells):
                found.append((line, cells))
            line = reader.line_num + 1
            if line > LINES:
                break
    except csv.Error:
        pass
    return found
