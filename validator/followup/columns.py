"""The sheets and columns of a work-list, and the digest by which a changed row is recognized."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence

FIRST_SHEET = "Start here"
WAITING_SHEET = "Not looked at"
FINISHED_SHEET = "No longer found"
FIX_SHEET = "How to fix"

STATUS, NOTE, RULE, CHECK = "Status", "Note", "Rule", "Check"
SAME_RECORD = "Same record"

COLUMNS = (
    STATUS,
    NOTE,
    "Level",
    "Problem",
    "School",
    "Id",
    "Name",
    "Column",
    "Current value",
    "File",
    "Line",
    "How to fix it",
    "Details",
    SAME_RECORD,
    RULE,
    "Table",
    CHECK,
)
"""The headings of every work-list, in order."""

HIDDEN = ("Table", CHECK)
"""Columns that only this program reads, when it reads the list back."""

TYPED = (STATUS, NOTE)
"""Columns that people fill in."""

DIAGNOSIS = "diagnosis"
"""In the column Table: the row is a diagnosis, with the rows that it explains below it."""

_CHECKED = [place for place, name in enumerate(COLUMNS) if name not in (*TYPED, CHECK, SAME_RECORD)]


def digest_row(texts: Sequence[str]) -> str:
    """Return the digest of the texts of a work-list row, in the order of COLUMNS."""
    return digest([texts[place] for place in _CHECKED])


def digest(texts: Iterable[str]) -> str:
    """Return a digest of work-list texts that spreadsheet programs leave alone."""
    plain = " ".join(" ".join(texts).split())
    return f"{zlib.crc32(plain.encode('utf-8', 'surrogatepass')):08x}"
