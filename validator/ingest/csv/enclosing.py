"""Cells that are enclosed in another mark than double quotes, such as `|4101|`."""

from __future__ import annotations

import re
from dataclasses import dataclass

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


@dataclass(frozen=True)
class Mark:
    """A mark that encloses cells, and the delimiter between them."""

    character: str
    delimiter: str


def find_mark(text: bytes) -> Mark | None:
    """Return the mark that encloses the cells of decoded text, None for double quotes or none.

    Nearly all filled cells of the first lines begin and end with the mark. No name, id or date
    begins and ends with one of these marks, so that a few such cells are never chance.
    """
    first = text[:4].decode("utf-8", errors="ignore").lstrip("\ufeff")[:1]
    second = text.find(b"\n") + 1
    second_line = text[second : second + 4].decode("utf-8", errors="ignore")[:1]
    candidates = {character for character in (first, second_line) if character}
    for character in sorted(candidates & set(MARKS)):
        for delimiter in DELIMITERS:
            if delimiter != character and _encloses(text, Mark(character, delimiter)):
                return Mark(character, delimiter)
    return None


def _encloses(text: bytes, mark: Mark) -> bool:
    """Return whether nearly all cells of a CSV file's first lines are enclosed in the mark."""
    ends = marked = several = 0
    for line in text.split(b"\n", MAX_LINES)[:MAX_LINES]:
        cells = line.decode("utf-8", errors="replace").rstrip("\r").split(mark.delimiter)
        several += len(cells) > 1
        for cell in cells:
            ends += 2 * bool(cell)
            marked += cell.startswith(mark.character)
            marked += len(cell) > 1 and cell.endswith(mark.character)
    least = 2 * MIN_ALL if marked == ends else 2 * MIN_CELLS
    return several > 1 and marked >= least and marked >= MIN_SHARE * ends


def use_quotes(text: bytes, mark: Mark) -> bytes:
    """Read cells in other marks: return a CSV file's text with double quotes around them."""
    character, delimiter = (re.escape(part.encode()) for part in (mark.character, mark.delimiter))
    text = text.replace(b'"', b'""')
    opened = re.sub(rb"(^|" + delimiter + rb")" + character, rb'\1"', text, flags=re.M)
    closed = re.sub(character + rb"(?=" + delimiter + rb"|\r?$)", b'"', opened, flags=re.M)
    doubled = 2 * mark.character.encode()
    return closed.replace(doubled, mark.character.encode())
