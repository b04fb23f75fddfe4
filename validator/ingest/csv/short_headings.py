"""Short headings with a typing error, recognized by the dates below them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from validator.ingest.csv import exact
from validator.ingest.csv.header import Header
from validator.ingest.csv.spelling import SHORTEST_MISSPELLED, fold_heading
from validator.model import Departure, File
from validator.text import BLANKS

MOST_LINES = 50
"""Lines below a header in which values are read."""

_DATE = re.compile(r"(\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}|\d{8})([ T].*)?")


def correct_short_headings(head: Header, data: bytes, file: File) -> Header:
    """Return the header with date columns found under a misspelled short heading, as DOB is as DBO.

    A short word with a typing error proves little by its letters, so that the only heading that
    fits counts if all values below it are dates.
    """
    absent = [
        column.name
        for column in file.columns
        if column.kind == "date"
        and column.name not in head.columns
        and len(fold_heading(column.name)) < SHORTEST_MISSPELLED
    ]
    if not absent or not head.unknown or not file.corrects_headings:
        return head
    for name in absent:
        fits = [at for at in head.unknown if _is_near(head.cells[at], name)]
        if len(fits) == 1 and _holds_dates(head, data, fits[0]):
            head = _use(head, name, fits[0])
    return head


def _is_near(heading: str, name: str) -> bool:
    """Return whether a CSV heading is a name with two letters exchanged, one added, or 0 for O."""
    text, name = fold_heading(heading), fold_heading(name)
    exchanged = {
        name[:at] + name[at + 1] + name[at] + name[at + 2 :] for at in range(len(name) - 1)
    }
    shorter = {text[:at] + text[at + 1 :] for at in range(len(text))}
    return text != name and (text in exchanged or name in shorter or text.replace("0", "o") == name)


def _holds_dates(head: Header, data: bytes, position: int) -> bool:
    """Return whether the first rows of a CSV file have only dates at a position."""
    cells = [row[position].strip(BLANKS) for row in _read_first(head, data) if len(row) > position]
    filled = [cell for cell in cells if cell]
    return bool(filled) and all(_DATE.fullmatch(cell) for cell in filled)


def _read_first(head: Header, data: bytes) -> list[Sequence[str]]:
    """Read the cells of the first lines below a CSV header."""
    rows: list[Sequence[str]] = []
    begin = head.offset
    while begin < len(data) and len(rows) < MOST_LINES:
        end = data.find(b"\n", begin) + 1 or len(data)
        rows.append(exact.split_row(exact.decode_line(data[begin:end]), head.delimiter))
        begin = end
    return rows


def _use(head: Header, name: str, position: int) -> Header:
    """Return the CSV header with a column read from one more of its cells."""
    return replace(
        head,
        columns={**head.columns, name: position},
        spelled={**head.spelled, name: Departure.HEADER_OTHER_WORDS},
        unknown=tuple(at for at in head.unknown if at != position),
    )
