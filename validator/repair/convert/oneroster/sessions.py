"""Academic sessions of a bundle, derived from the terms of sections."""

from __future__ import annotations

import datetime as dt

import numpy as np

from validator.frame import Encoded
from validator.frame.terms import find_last_year
from validator.model import dataclass
from validator.repair.convert import cells
from validator.repair.convert.oneroster import ids
from validator.repair.convert.oneroster.columns import Columns

YEAR_BEGINS = 7
"""Month in which a school year begins, where a term has no days or no year."""


@dataclass(frozen=True, eq=False)
class Derived:
    """Records that were derived from columns of some sections.

    rows: the sections. number: per such section its record. assumed: what the section left out,
    as words, None where it said all.
    """

    columns: Columns
    count: int
    rows: np.ndarray
    number: np.ndarray
    assumed: Encoded | None

    def refer(self, reference: Encoded) -> Encoded:
        """Return the reference of every section: that of its derived record, or the kept one."""
        at = np.full(len(reference.codes), -1, np.int64)
        at[self.rows] = self.number
        own = cells.look_up(self.columns["sourcedId"], at)
        return cells.merge_equal(cells.choose(at >= 0, own, reference))

    def spread(self, count: int) -> Encoded | None:
        """Spread the words assumed while converting to OneRoster over every section."""
        if self.assumed is None:
            return None
        at = np.full(count, -1, np.int64)
        at[self.rows] = np.arange(len(self.rows))
        return cells.look_up(self.assumed, at)


def build_sessions(columns: Columns, today: dt.date, *, rows: np.ndarray, count: int) -> Derived:
    """Convert the terms of some sections to sessions, each once.

    Terms without days get those of the school year in their name, or of the one of this run.
    """
    blank = cells.repeat_text("", count)
    key = [
        cells.select(columns.get(name, blank), rows) for name in ("title", "startDate", "endDate")
    ]
    number, first = cells.number_rows(key)
    texts = [column.take(first).to_pylist() for column in key]
    sessions = [complete_session(*row, today=today) for row in zip(*texts, strict=True)]
    session = {
        "sourcedId": cells.encode_few(
            [f"term-{ids.digest(*row)}" for row in zip(*texts, strict=True)]
        ),
        "title": cells.encode_few([each.title for each in sessions]),
        "type": cells.encode_few([each.type for each in sessions]),
        "startDate": cells.encode_few([each.start for each in sessions]),
        "endDate": cells.encode_few([each.end for each in sessions]),
        "schoolYear": cells.encode_few([each.year for each in sessions]),
    }
    words = [each.assumed for each in sessions]
    assumed = cells.select(cells.encode_few(words), number) if any(words) else None
    return Derived(session, len(first), rows, number, assumed)


@dataclass(frozen=True)
class Session:
    """One academic session; `assumed` names what the term left out."""

    title: str
    type: str
    start: str
    end: str
    year: str
    assumed: str


def complete_session(title: str, start: str, end: str, *, today: dt.date) -> Session:
    """Convert a term to a session with days and a title, and its school year."""
    stated = dt.date.fromisoformat(end or start) if end or start else None
    last = find_last_year(title) if stated is None else None
    year = last or _find_school_year(stated or today)
    assumed = [
        word for word, text in (("term", title), ("startDate", start), ("endDate", end)) if not text
    ]
    known = bool(start or end or title)
    return Session(
        title=title or f"School year {year - 1}-{year}",
        type="term" if known else "schoolYear",
        start=start or f"{year - 1}-{YEAR_BEGINS:02}-01",
        end=end or f"{year}-{YEAR_BEGINS - 1:02}-30",
        year=str(year),
        assumed=" ".join(assumed),
    )


def _find_school_year(day: dt.date) -> int:
    """Return the calendar year in which the school year of a converted session ends."""
    return day.year + 1 if day.month >= YEAR_BEGINS else day.year
