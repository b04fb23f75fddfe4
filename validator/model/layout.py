"""What a format says of its files and columns."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

Headings = Mapping[str, frozenset[str]]
"""Per file (its name without .csv, lower case) its headings: lower case, without blanks, hyphens, underscores, dots."""


@dataclass(frozen=True)
class Column:
    """One column as a format describes it.

    `kind`: text | id | name | email | date | grade | choice | number | secret, and of strict formats extensible (a
    choice that may begin with `ext:`), codes (a list of choices, as spelled), boolean (true, false), day (YYYY-MM-DD),
    stamp (a day and perhaps a time), year. `allowed`: accepted values of a choice, compared case-folded.
    `spellings`: other header spellings that are read as this column.
    `coded`: few distinct values or a reference, so it is kept as an Arrow dictionary.
    """

    name: str
    kind: str = "text"
    required: bool = False
    allowed: tuple[str, ...] = ()
    spellings: tuple[str, ...] = ()
    coded: bool = False
    recommended: bool = False


@dataclass(frozen=True)
class File:
    """One file as a format describes it; `spellings`: other file names (without .csv) that are read as this file."""

    table: str
    name: str
    key: str
    columns: tuple[Column, ...]
    required: bool = True
    spellings: tuple[str, ...] = ()
    extension: str = ""

    def column(self, name: str) -> Column | None:
        """The column of that name, if the format has it."""
        return next((column for column in self.columns if column.name == name), None)


@dataclass(frozen=True)
class Format:
    """A way of exporting rosters: its files, and what is to be said of files that it is known not to read.

    `others`: file name without .csv, lower case -> one public sentence; "" for a file that belongs to the format and
    is of no use here. `unsupported`: tables that it never has. `suits`: whether the headings of an export do not speak
    against this format, where several formats share the names of their files.
    """

    id: str
    title: str
    files: tuple[File, ...]
    others: Mapping[str, str] = field(default_factory=dict)
    unsupported: frozenset[str] = frozenset()
    suits: Callable[[Headings], bool] | None = None

    @property
    def family(self) -> str:
        """What the format is called, whatever its version."""
        return re.sub(r" V?[0-9.]+$", "", self.title)
