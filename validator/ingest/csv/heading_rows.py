"""Headings over two rows: `Student` over `ID` is the heading `Student ID`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

MOST_DATA = 0.8
"""Share of the cells of a column that are data, from which a word at its top is a heading."""
LEAST_COLUMNS = 2
"""Columns of data with a word at the top, from which a row is a second row of headings."""


def join_rows(upper: Sequence[str], lower: Sequence[str]) -> tuple[str, ...]:
    """Return the headings of two rows of a CSV header.

    A blank cell of the upper row continues the one to its left, as in merged cells, unless the
    lower heading is the only one of its name.
    """
    tops = [upper[at].strip() if at < len(upper) else "" for at in range(len(lower))]
    times = Counter(cell.strip().lower() for cell in lower)
    headings, left = [], ""
    for top, cell in zip(tops, lower, strict=True):
        left = top or left
        below = cell.strip()
        is_alone = not top and times[below.lower()] == 1
        above = "" if is_alone or left.lower() in below.lower() else left
        headings.append(" ".join(filter(None, (above, below))) if below else top)
    return tuple(headings)


def is_second_row(
    row: Sequence[str], below: Sequence[Sequence[str]], is_data: Callable[[str], bool]
) -> bool:
    """Return whether a row under the first headings of a CSV file is a second row of headings.

    It has words where the rows below have numbers, dates or addresses.
    """
    worded = 0
    is_word = [not is_data(cell) for cell in row]
    for at in sorted(range(len(row)), key=is_word.__getitem__):  # data settles it
        cell = row[at]
        filled = [cells[at] for cells in below if cells[at]]
        if not filled or not _are_mostly_data(filled, is_data):
            continue
        if not is_word[at]:
            return False
        worded += bool(cell)
    return worded >= LEAST_COLUMNS


def _are_mostly_data(cells: Sequence[str], is_data: Callable[[str], bool]) -> bool:
    """Return whether most cells below a CSV header are data; it stops where too few can be."""
    left = len(cells)
    for cell in cells:
        left -= not is_data(cell)
        if left < MOST_DATA * len(cells):
            return False
    return True
