"""Headings of a CSV header that name no column: which are public, which column each may mean."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from validator.ingest.csv.header import Header
from validator.ingest.csv.spelling import MAX_HEADING, clean_heading, fold_heading
from validator.model import Column
from validator.text import BLANKS
from validator.vocabulary import headings

MIN_SIMILARITY = 0.75
"""Similarity from which a heading is suggested for a missing column; our own measure."""


def list_public(header: Header) -> frozenset[int]:
    """List a CSV header's unknown headings, by position, that anybody may see.

    At least half of the line's other headings are known, nothing is above them, and all words of
    the heading are heading words.
    """
    others = sum(bool(cell.strip(BLANKS)) for cell in header.cells) - 1
    known = header.width - len(header.unknown)
    if header.line > 1 or 2 * known < others:
        return frozenset()
    shown = {at: clean_heading(header.cells[at]) for at in header.unknown}
    return frozenset(at for at, heading in shown.items() if headings.is_public(heading))


def find_nearest(header: Header, position: int, columns: Sequence[Column]) -> str:
    """Return the absent column most similar to an unknown heading, "" if none is similar."""
    heading = fold_heading(header.cells[position])
    if len(heading) > MAX_HEADING:
        return ""
    names = {
        fold_heading(name): column.name
        for column in columns
        if column.name not in header.columns
        for name in (column.name, *column.spellings)
    }
    near = difflib.get_close_matches(heading, list(names), 1, MIN_SIMILARITY) if heading else []
    return names[near[0]] if near else ""


def find_similar(header: Header, column: Column) -> int | None:
    """Return the position of the unknown heading most similar to a missing column, if any is."""
    names = [fold_heading(name) for name in (column.name, *column.spellings)]

    def measure(position: int) -> float:
        heading = fold_heading(header.cells[position])
        return max(difflib.SequenceMatcher(None, heading, name).ratio() for name in names)

    filled = [at for at in header.unknown if header.cells[at].strip(BLANKS)]
    best = max(filled, key=measure, default=None)
    return best if best is not None and measure(best) >= MIN_SIMILARITY else None
