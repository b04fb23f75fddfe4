"""A suggestion: the file of each table, and the file's column for each column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum

from validator.ingest.mapping.profile import ColumnProfile, FileProfile
from validator.model import File, dataclass


class Sure(StrEnum):
    """How sure a suggestion is, surest first."""

    SURE = "sure"
    LIKELY = "likely"
    GUESS = "guess"


@dataclass(frozen=True, eq=False)
class Match:
    """One of our columns and the file's column for it (`taken`).

    why: the evidence, in public words. compared: the file in which it says how many of the values
    are, "" for none.
    split, part: how a whole name is split, and which part is used.
    decode: the list of codes by which values are read, "" for none.
    lender: the other file that has the column; its `lender_key` equals `key` of the table's file.
    """

    column: str
    taken: ColumnProfile
    sure: Sure
    why: str
    split: str = ""
    part: str = ""
    decode: str = ""
    lender: FileProfile | None = None
    key: ColumnProfile | None = None
    lender_key: ColumnProfile | None = None
    compared: str = ""


@dataclass(frozen=True, eq=False)
class TeachingMatch:
    """The file with a row for each section and teacher; see `Teaching`."""

    file: FileProfile
    section: ColumnProfile
    person: ColumnProfile
    only: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, eq=False)
class TableMatch:
    """One of our tables and the file for it.

    others: further files that could be this table. equals: those of them for which as much speaks
        as for `file`, each with the reasons; none of them is then taken.
    status: the headings that seem to state which rows are active.
    only: heading -> the words for the people of this table; other rows are left out.
    teaching: the other file that names the teachers of sections.
    named_by: the table whose references choose the rows: "sections" for teachers, "" for all rows.
    without_teachers: whether rows of people who are teachers and no students are left out.
    doubts: headings with several readings, none of which is used, each with our columns.
    """

    table: str
    file: FileProfile
    matches: Mapping[str, Match]
    sure: Sure
    why: str
    others: tuple[str, ...] = ()
    equals: Mapping[str, str] = field(default_factory=dict)
    status: tuple[str, ...] = ()
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    teaching: TeachingMatch | None = None
    named_by: str = ""
    without_teachers: bool = False
    doubts: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def has_people(self) -> bool:
        """Whether a suggested table has people or sections; schools alone are no roster."""
        return self.table != "schools"


@dataclass(frozen=True, eq=False)
class Suggestion:
    """The suggested tables, the files, the hidden ones with the reason, and our tables."""

    tables: tuple[TableMatch, ...]
    files: tuple[FileProfile, ...]
    hidden: tuple[tuple[str, str], ...] = ()
    ours: tuple[File, ...] = field(default=())

    def missing(self, table: TableMatch) -> list[str]:
        """Return the columns that rules need and that no file has."""
        file = next(file for file in self.ours if file.table == table.table)
        return [
            column.name
            for column in file.columns
            if (column.required or column.recommended)
            and column.name not in table.matches
            and not (column.name == "Teacher_id" and table.teaching is not None)
        ]
