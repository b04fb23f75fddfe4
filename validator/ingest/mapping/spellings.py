"""The headings that are known for our columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from validator.ingest.mapping.profile import ColumnProfile, normalize_name
from validator.ingest.mapping.suggestion import Sure
from validator.model import File

KNOWN, GENERAL, GUESSED = 1.0, 0.5, 0.4
"""Score of a known heading, of one that several tables have, and of a guess. Our own measure."""


@dataclass(frozen=True)
class Spelling:
    """The column that a heading may name in one table; `general`: several tables have it."""

    column: str
    sure: Sure
    general: bool


Spellings = Mapping[str, Mapping[str, Spelling]]
"""Table -> normalized heading -> spelling."""


def index_headings(aliases: Mapping[str, Any], ours: Sequence[File]) -> Spellings:
    """Return every known heading; our own names and Clever's spellings count as known."""
    tables: dict[str, dict[str, tuple[str, Sure]]] = {}
    times: Counter[str] = Counter()
    for file in ours:
        headings = _list_aliases(aliases["columns"].get(file.table, {}))
        for column in file.columns:
            if column.kind != "secret":
                for heading in (column.name, *column.spellings):
                    headings.setdefault(normalize_name(heading), (column.name, Sure.SURE))
        times.update(list(headings))
        tables[file.table] = headings
    return {
        table: {
            heading: Spelling(column, sure, general=times[heading] > 1)
            for heading, (column, sure) in headings.items()
        }
        for table, headings in tables.items()
    }


def _list_aliases(columns: Mapping[str, Any]) -> dict[str, tuple[str, Sure]]:
    """Return normalized heading -> column and how sure, from the aliases of one table."""
    headings: dict[str, tuple[str, Sure]] = {}
    for column, spellings in columns.items():
        for sure, kind in ((Sure.SURE, "known"), (Sure.GUESS, "guesses")):
            for heading in spellings[kind]:
                headings.setdefault(normalize_name(heading), (column, sure))
    return headings


def weigh(spelling: Spelling) -> float:
    """Return the score of a heading for the table that is suggested for it."""
    if spelling.sure is Sure.GUESS:
        return GUESSED
    return GENERAL if spelling.general else KNOWN


def find_heading(column: ColumnProfile, spellings: Mapping[str, Spelling]) -> str:
    """Return the known heading that an unknown column has, without a prefix such as `[Table]`."""
    bare = column.heading.rpartition("]")[2].rpartition(".")[2]
    for name in (normalize_name(column.heading), normalize_name(bare)):
        if name in spellings:
            return name
    return ""
