"""Cells enclosed in another mark than double quotes, such as `|4101|`, and lines quoted whole."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from itertools import islice

from validator.model import dataclass

MARKS = "|'`^~\u00fe"
"""Marks that databases enclose cells in; the thorn is that of document archives."""

DELIMITERS = ",\t;|"
MAX_LINES = 200
"""Lines at the start of a file from which the mark is recognized."""
MIN_CELLS = 8
"""Enclosed cells that prove a mark where some filled cells are not enclosed; our own measure."""
MIN_ALL = 4
"""Enclosed cells that prove a mark where all filled cells are, header included."""
MIN_SHARE = 0.9
"""Share of the ends of filled cells that must be the mark; some cells hold a delimiter."""

_DELIMITER = re.compile(f"[{DELIMITERS}]".encode())
_QUOTED_LINE = re.compile(rb'^"((?:[^"\n]|"")*)"(?=\r?$)', re.M)
"""A line that is one value in double quotes."""


@dataclass(frozen=True)
class Mark:
    """A mark that encloses cells, and the delimiter between them."""

    character: str
    delimiter: str


def find_mark(text: bytes) -> Mark | None:
    """Return the mark that encloses the cells of decoded text, None for double quotes or none.

    Nearly all filled cells of the first lines begin and end with the mark. No name, id or date
    begins and ends with one of these marks, so a few such cells are never a coincidence.
    """
    first = text[:4].decode("utf-8", errors="ignore").lstrip("\ufeff")[:1]
    second = text.find(b"\n") + 1
    second_line = text[second : second + 4].decode("utf-8", errors="ignore")[:1]
    candidates = {character for character in (first, second_line) if character}
    for character in sorted(candidates & set(MARKS)):
        for delimiter in DELIMITERS:
            if delimiter != character and _is_enclosing(text, Mark(character, delimiter)):
                return Mark(character, delimiter)
    return None


def _is_enclosing(text: bytes, mark: Mark) -> bool:
    """Return whether nearly all cells of a CSV file's first lines are enclosed in the mark."""
    ends = marked = several = 0
    for line in _iterate_first_lines(text):
        cells = line.decode("utf-8", errors="replace").split(mark.delimiter)
        several += len(cells) > 1
        for cell in cells:
            ends += 2 * bool(cell)
            marked += cell.startswith(mark.character)
            marked += len(cell) > 1 and cell.endswith(mark.character)
    least = 2 * MIN_ALL if marked == ends else 2 * MIN_CELLS
    return several > 1 and marked >= least and marked >= MIN_SHARE * ends


def _iterate_first_lines(text: bytes) -> Iterator[bytes]:
    """Yield the first lines of a CSV file without their ends, and without a copy of the rest."""
    return (line.rstrip(b"\r\n") for line in islice(io.BytesIO(text), MAX_LINES))


def use_quotes(text: bytes, mark: Mark) -> bytes:
    """Read cells in other marks: return a CSV file's text with double quotes around them."""
    character, delimiter = (re.escape(part.encode()) for part in (mark.character, mark.delimiter))
    text = text.replace(b'"', b'""')
    opened = re.sub(rb"(^|" + delimiter + rb")" + character, rb'\1"', text, flags=re.M)
    closed = re.sub(character + rb"(?=" + delimiter + rb"|\r?$)", b'"', opened, flags=re.M)
    doubled = 2 * mark.character.encode()
    return closed.replace(doubled, mark.character.encode())


def has_quoted_lines(text: bytes) -> bool:
    """Return whether each row of a CSV file is one value in double quotes: `"4101,Ann,Madeup"`.

    A spreadsheet writes this where it opened the file with all cells of a row in one column. It
    is no list of names such as `"Madeup, Ann"`, where a space follows the comma.
    """
    quoted = []
    for row in _iterate_first_lines(text):
        if not _DELIMITER.search(row):
            continue
        value = _unquote(row)
        if not value:
            return False
        quoted.append(value)
    if len(quoted) < 2:
        return False
    return any(_has_same_cells(quoted, delimiter) for delimiter in DELIMITERS)


def _unquote(row: bytes) -> str:
    """Return a CSV row that is one value in double quotes as that value, "" for another row."""
    match = _QUOTED_LINE.fullmatch(row)
    return match[1].replace(b'""', b'"').decode(errors="replace") if match else ""


def _has_same_cells(rows: list[str], delimiter: str) -> bool:
    """Return whether nearly all CSV rows have as many cells as the first, and more than one."""
    counts = [len(cells) for cells in _split(rows, delimiter)]
    spaced = sum(f"{delimiter} " in row for row in rows)
    same = sum(count == counts[0] for count in counts)
    return counts[0] > 1 and same >= MIN_SHARE * len(rows) and 2 * spaced < len(rows)


def _split(rows: list[str], delimiter: str) -> Iterator[list[str]]:
    """Yield the cells of CSV rows, each on one line."""
    for row in rows:
        yield next(csv.reader([row], delimiter=delimiter), [])


def unquote_lines(text: bytes) -> bytes:
    """Return a CSV file's text without the double quotes around whole lines."""
    return _QUOTED_LINE.sub(lambda line: line[1].replace(b'""', b'"'), text)
