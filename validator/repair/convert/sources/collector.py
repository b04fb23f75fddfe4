"""Columns that a format's own files add to the tables of the roster."""

from __future__ import annotations

from dataclasses import field

from validator.frame import Encoded
from validator.model import dataclass
from validator.repair.convert import cells
from validator.repair.convert.roster import Heading
from validator.repair.written import LeftOut
from validator.schemas import clever

KNOWN = {file.table: {column.name: column.name for column in file.columns} for file in clever.FILES}
"""Table of the roster -> the columns that Clever's file has."""


@dataclass
class Collector:
    """The columns that are added to the roster's tables."""

    columns: dict[str, dict[str, Encoded]] = field(default_factory=dict)
    headings: dict[str, dict[str, Heading]] = field(default_factory=dict)
    used: set[Heading] = field(default_factory=set)
    left_out: list[LeftOut] = field(default_factory=list)

    def add(self, table: str, column: str, added: Encoded, *, heading: Heading) -> None:
        """Add a column to the records to convert, unless it has no value."""
        self.used.add(heading)
        if cells.is_filled(added):
            self.columns.setdefault(table, {})[column] = added
            self.headings.setdefault(table, {})[column] = heading
