"""A suggestion: tables, the column taken for each of their columns, how sure that is, and what it was read from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from validator.ingest.mapping.profile import ColumnProfile, FileProfile
from validator.model import File


class Sure(StrEnum):
    """How sure a suggestion is, surest first."""

    SURE = "sure"
    LIKELY = "likely"
    GUESS = "guess"


@dataclass(frozen=True, eq=False)
class Match:
    """One of our columns and the column taken for it. `why`: what it was read from, in public words.

    `split`, `part`: how a whole name is divided. `lender`: the other file that holds it, whose column `lender_key`
    says the same as `key` of the table's own file.
    """

    column: str
    taken: ColumnProfile
    sure: Sure
    why: str
    split: str = ""
    part: str = ""
    lender: FileProfile | None = None
    key: ColumnProfile | None = None
    lender_key: ColumnProfile | None = None


@dataclass(frozen=True, eq=False)
class TableMatch:
    """One of our tables and the file taken for it; `others`: files that could be meant as well; `status`: the headings
    that seem to say which rows are active."""

    table: str
    file: FileProfile
    matches: Mapping[str, Match]
    sure: Sure
    why: str
    others: tuple[str, ...] = ()
    status: tuple[str, ...] = ()

    @property
    def has_people(self) -> bool:
        """Whether the table is one without which there is no roster: people, classes or who is in them."""
        return self.table != "schools"


@dataclass(frozen=True, eq=False)
class Suggestion:
    """All of it: our tables, the files that were looked at, those set aside with the reason, and our own columns."""

    tables: tuple[TableMatch, ...]
    files: tuple[FileProfile, ...]
    hidden: tuple[tuple[str, str], ...] = ()
    ours: tuple[File, ...] = field(default=())

    def missing(self, told: TableMatch) -> list[str]:
        """The columns that rules ask for and no column was found for."""
        file = next(file for file in self.ours if file.table == told.table)
        return [
            column.name
            for column in file.columns
            if (column.required or column.recommended) and column.name not in told.matches
        ]
