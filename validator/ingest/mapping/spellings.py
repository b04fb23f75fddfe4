"""What a heading may stand for in each table, by the bundled names and by Clever's own spellings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from validator.ingest.mapping.profile import ColumnProfile, normalize_name
from validator.ingest.mapping.suggestion import Sure
from validator.model import File

KNOWN, GENERAL, GUESSED = 1.0, 0.5, 0.4
"""What a heading counts: a known one, one that several tables have, a guessed one. Our own measure."""


@dataclass(frozen=True)
class Spelling:
    """What a heading may stand for in one table."""

    column: str
    sure: Sure
    general: bool


Spellings = Mapping[str, Mapping[str, Spelling]]
"""Per table, by plain heading."""


def index_headings(aliases: Mapping[str, Any], ours: Sequence[File]) -> Spellings:
    """Every heading that is known for a column of a table; our own names and Clever's spellings count as known."""
    out: dict[str, dict[str, Spelling]] = {}
    times: dict[str, int] = {}
    for file in ours:
        told = aliases["columns"].get(file.table, {})
        held: dict[str, tuple[str, Sure]] = {}
        for column, spelled in told.items():
            for sure, kind in ((Sure.SURE, "known"), (Sure.GUESS, "guesses")):
                for heading in spelled[kind]:
                    held.setdefault(normalize_name(heading), (column, sure))
        for described in file.columns:
            if described.kind != "secret":
                for heading in (described.name, *described.spellings):
                    held.setdefault(normalize_name(heading), (described.name, Sure.SURE))
        for heading in held:
            times[heading] = times.get(heading, 0) + 1
        out[file.table] = {heading: Spelling(*meant, False) for heading, meant in held.items()}
    return {
        table: {
            heading: Spelling(one.column, one.sure, times[heading] > 1)
            for heading, one in held.items()
        }
        for table, held in out.items()
    }


def weigh(spelling: Spelling) -> float:
    """What a heading counts for its table."""
    return GUESSED if spelling.sure is Sure.GUESS else GENERAL if spelling.general else KNOWN


def find_heading(column: ColumnProfile, spellings: Mapping[str, Spelling]) -> str:
    """The plain heading of a column as the aliases have it: whole, or without what stands before it; "" for none."""
    heading = column.heading
    bare = heading.rpartition("]")[2].rpartition(".")[2]
    return next(
        (name for name in (normalize_name(heading), normalize_name(bare)) if name in spellings), ""
    )
