"""Formats: the files and columns that an export may have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from typing import TYPE_CHECKING

from validator.model.acceptance import TAKES_ALL, Acceptance
from validator.model.data_classes import dataclass

if TYPE_CHECKING:
    from validator.model.exports import Export

Headings = Mapping[str, frozenset[str]]
"""File name (lower case, without .csv) -> its normalized headings: lower case, without blanks,
hyphens, underscores and dots."""

FIRST_YEAR, LAST_YEAR = 1900, 2100
"""Years of dates in an export; 0012 and 2112 are typing errors."""


@dataclass(frozen=True)
class Column:
    """One column as a format describes it.

    kind: text, id, name, email, date, grade, choice, number or secret. Strict formats also have
        extensible (a choice that may begin with `ext:`), codes (a list of choices), boolean (true,
        false), day (YYYY-MM-DD), stamp (a day, with or without a time),
        moment (the same more loosely, or `<delete>`) and year.
    allowed: the accepted values of a choice, compared case-folded.
    spellings: other headings that are read as this column.
    coded: True for columns with few distinct values and for references; they are kept as Arrow
        dictionaries.
    former: headings of earlier versions of the format.
    mandatory: True for columns that the specification requires and that are read without.
    """

    name: str
    kind: str = "text"
    required: bool = False
    allowed: tuple[str, ...] = ()
    spellings: tuple[str, ...] = ()
    coded: bool = False
    recommended: bool = False
    mandatory: bool = False
    former: tuple[str, ...] = ()

    def __hash__(self) -> int:
        """A hash by which most columns differ, since columns are keys of many caches."""
        return hash((self.name, self.kind))


@dataclass(frozen=True)
class File:
    """One file as a format describes it.

    table: our name of the table that the file holds.
    key: the column that identifies a record.
    spellings: other file names (without .csv) that are read as this file.
    extension: the prefix of extension columns, "" if the format has none.
    corrects_headings: whether a heading with a typing error is read as the column it misspells.
    heading_rows: 2 where each heading is over two rows, such as `Student` over `ID`.
    """

    table: str
    name: str
    key: str
    columns: tuple[Column, ...]
    required: bool = True
    spellings: tuple[str, ...] = ()
    extension: str = ""
    corrects_headings: bool = True
    heading_rows: int = 1

    def __hash__(self) -> int:
        """A hash by which most files differ; all their columns would take much longer."""
        return hash((self.table, self.name, len(self.columns)))

    @property
    def columns_required(self) -> frozenset[str]:
        """The columns without which the destination takes no record of the file."""
        return frozenset(
            column.name for column in self.columns if column.required or column.mandatory
        )

    def column(self, name: str) -> Column | None:
        """The column with this name in the model of a format's file, or None."""
        return next((column for column in self.columns if column.name == name), None)


@dataclass(frozen=True)
class Version:
    """One version of a format: the files and columns that an export in it has.

    format: the id of the format.
    others: further files of the format, which are not read: file name without .csv in lower
        case -> one public sentence, "" where nothing needs to be said.
    unsupported: tables that this version never has.
    suits: whether the headings of an export are compatible with this version; for versions that
        share their file names with other formats.
    acceptance: what the destination does with each departure from this description.
    """

    format: str
    title: str
    files: tuple[File, ...]
    others: Mapping[str, str] = field(default_factory=dict)
    unsupported: frozenset[str] = frozenset()
    suits: Callable[[Headings], bool] | None = None
    acceptance: Acceptance = TAKES_ALL


@dataclass(frozen=True)
class Format:
    """A way to export rosters: its versions, and how they become the roster's tables.

    profile: the id of the pack that an export is judged by where none is named.
    versions: the newest first; none where a column map describes the files.
    normalize: returns an export with the roster's tables added; None where more than the export
        is needed.
    is_roster: whether the files already are the roster's tables, to which `normalize` may add.
    deleted: the words of a column `status`, in lower case, that mark a record as removed.
    """

    id: str
    title: str
    profile: str
    versions: tuple[Version, ...] = ()
    normalize: Callable[[Export], Export] | None = None
    deleted: tuple[str, ...] = ()
    is_roster: bool = False
