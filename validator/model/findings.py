"""Findings: the places where a check found something, and their counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from validator.model.acceptance import Departure
from validator.model.data_classes import dataclass
from validator.model.levels import Level
from validator.model.records import Lines
from validator.model.tables import Part, Table, split_lines

if TYPE_CHECKING:
    import numpy as np  # for types only: `explain` and `rules` start without it

PER_PLACE = ("lines", "end_lines", "groups", "notes", "repairs", "counts", "rows", "keys")


@dataclass(frozen=True, eq=False)
class Places:
    """Many places in one column of one file, as arrays of equal length.

    table: our name of the table; "" for a file that is not a table.
    file, lines: where each place is in the export; `file` may differ from the table's own file.
    column: our name of the column; None for whole rows and whole files.
    end_lines: the last line of each place, where records span several lines.
    groups: a number per place (int32), equal for places that belong together.
    notes: a public text per place, or one text for all; never a value of a record.
    repairs: per place the value that it should have or probably had. Private: only for the
        district's own edition.
    counts: bool per place, whether it adds to the count (default: every place does).
    listed: False for places that are only counted, not listed one by one.
    level: the level of these places, where it differs from the rule's.
    rows: the row number of each place in the table (int32); None for places that are not rows.
    keys: ids of records that are in no table of the report. Private, as `repairs`.
    explained_by: the id of the diagnosis that explains these places, "" for none.
    departure: how these places differ from the format, where that decides their level.
    parts: the files, where several together are the table, and `file` and `lines` are still those
        of the table.
    """

    table: str
    file: str
    lines: Lines
    column: str | None = None
    end_lines: Lines | None = None
    groups: np.ndarray | None = None
    notes: Sequence[str] | str | None = None
    repairs: Sequence[str] | None = None
    counts: np.ndarray | None = None
    listed: bool = True
    level: Level | None = None
    rows: np.ndarray | None = None
    keys: Sequence[str] | None = None
    explained_by: str = ""
    departure: Departure | None = None
    parts: tuple[Part, ...] = ()

    @classmethod
    def at_header(
        cls,
        table: Table,
        column: str | None = None,
        *,
        notes: str | None = None,
        counted: bool = True,
        departure: Departure | None = None,
    ) -> Places:
        """One place at the header line of the table, or of the first of its files.

        counted: whether it adds to the count.
        """
        return cls._single(
            table.name,
            table.parts[0].file if table.parts else table.file,
            table.header_line,
            column=column,
            notes=notes,
            counted=counted,
            departure=departure,
        )

    @classmethod
    def whole_file(
        cls,
        table: str,
        file: str,
        *,
        notes: str | None = None,
        level: Level | None = None,
        departure: Departure | None = None,
    ) -> Places:
        """One place for a file as a whole; `table` and `file` may be "" where there is none."""
        return cls._single(table, file, 0, notes=notes, level=level, departure=departure)

    @classmethod
    def _single(
        cls, table: str, file: str, line: int, *, counted: bool = True, **more: Any
    ) -> Places:
        """Build the places of a finding's only line, in the model of findings."""
        import numpy as np

        counts = None if counted else np.zeros(1, bool)
        return cls(table, file, np.full(1, line, np.int32), counts=counts, **more)

    def __len__(self) -> int:
        return len(self.lines)

    @property
    def count(self) -> int:
        """How many counted records these places represent."""
        return len(self.lines) if self.counts is None else int(self.counts.sum())

    def split(self) -> list[Places]:
        """Return the places of a finding by the file that each is in, in the model of findings."""
        if not self.parts:
            return [self]
        if not len(self):
            return [replace(self, file=self.parts[0].file, parts=())]
        blocks = []
        for part, mask, lines in split_lines(self.parts, self.lines):
            block = replace(self.keep(mask), file=part.file, lines=lines, parts=())
            if block.end_lines is not None:
                block = replace(block, end_lines=block.end_lines - part.shift)
            blocks.append(block)
        return blocks

    def keep(self, mask: np.ndarray) -> Places:
        """The places where `mask` (bool, one entry per place) is True."""

        def select(values: Any) -> Any:
            if values is None or isinstance(values, str):
                return values
            if hasattr(values, "dtype"):
                return values[mask]
            return [value for value, kept in zip(values, mask, strict=True) if kept]

        return replace(self, **{name: select(getattr(self, name)) for name in PER_PLACE})


@dataclass(frozen=True)
class Tally:
    """The values of one column and how often each occurs: `(value, count)`, most frequent first."""

    table: str
    column: str
    values: Sequence[tuple[str, int]]


@dataclass(frozen=True)
class Bound:
    """A hidden number, of which only a limit is shown: fewer than 10, or more than 485."""

    limit: int
    is_lower: bool = False

    def __str__(self) -> str:
        return f"{'>' if self.is_lower else '<'}{self.limit:,}"


@dataclass(frozen=True, eq=False)
class Finding:
    """The result of one check: one statement about many places.

    It holds no words and no rule; the rule's texts are combined with its numbers when it is shown.

    places: where the check found something, in blocks.
    of: the number of records checked, in the unit that the rule `counts`.
    groups: the number of distinct repeated values; None for checks that do not look for repeats.
    figures: whole numbers, hidden numbers and public words that the rule's sentence may contain,
        by name.
    tally: the values found and how often, for rules that list values.
    everybody: tables of which the finding holds back every record.
    unknown: why there is no answer where nothing was found; the rule is then skipped.
    set_aside: the records are to be left out, so a rule that needs this one does not name them,
        whatever the column.
    """

    places: Sequence[Places]
    of: int
    groups: int | None = None
    figures: Mapping[str, int | str | Bound] = field(default_factory=dict)
    tally: Tally | None = None
    everybody: frozenset[str] = frozenset()
    set_aside: bool = False
    unknown: str = ""

    @cached_property
    def count(self) -> int:
        """The number of records found, in the unit that the rule `counts`."""
        return sum(block.count for block in self.places)
