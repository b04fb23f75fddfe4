"""The result of mending an export, in numbers and public words, with its log."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import field

from validator.model import FileColumn, Level, Position, RepairKind, Report, Verdict, dataclass
from validator.repair.changes import Changes, Left
from validator.repair.written import LeftOut

PEOPLE = ("students", "teachers")


@dataclass(frozen=True)
class Judgment:
    """A report in numbers: the verdict, the problems by level, and who is held back."""

    verdict: Verdict
    levels: Mapping[Level, int]
    counts: Mapping[str, int]
    held_back: Mapping[str, int]
    profiles: Sequence[str] = ()

    @classmethod
    def of(cls, report: Report) -> Judgment:
        """Return the judgment of a report, to compare a corrected copy with the files before."""
        return cls(
            report.verdict,
            report.levels(),
            dict(report.counts),
            {name: report.readiness[name].blocked for name in PEOPLE if name in report.readiness},
            [profile.title for profile in report.profiles],
        )


@dataclass(frozen=True)
class Tally:
    """How many changes of one kind a column of a file has.

    `column` is our name for it, None for whole rows and files and where it may not be shown.
    """

    kind: str
    file: str
    table: str
    column: str | None
    count: int


@dataclass(frozen=True, eq=False)
class Mended:
    """A corrected copy of an export.

    before, after: the judgments on the export and on the copy; `after` is None in a dry run.
    profiles: the titles of what it was judged for. changes: the log, for the district's own eyes.
    left: what is left for a person. left_out: what is not in the copy. files: name and records of
    each file that was written. to: the format of a conversion, "" for the export's own.
    """

    before: Judgment
    after: Judgment | None
    profiles: Sequence[str]
    kinds: Mapping[str, RepairKind]
    tallies: Sequence[Tally]
    changes: Sequence[Changes]
    left: Sequence[Left]
    left_out: Sequence[LeftOut]
    files: Sequence[tuple[str, int]]
    as_of: dt.date
    version: str
    format: str
    to: str = ""
    generated_at: dt.datetime | None = None
    columns: Mapping[tuple[str, FileColumn], str] = field(default_factory=dict)

    def show_column(self, file: str, column: FileColumn) -> str | None:
        """Return our name of a column, or its number, for the summary of a corrected copy.

        None if it is unknown, and may not be shown.
        """
        if isinstance(column, Position):
            return str(column)
        known = self.columns.get((file, column))
        if known is not None:
            return known
        return column if any(name == column for name in self.columns.values()) else None

    @property
    def count(self) -> int:
        """Count the changes that `mend` made, for its summary."""
        return sum(tally.count for tally in self.tallies)


def tally_changes(
    changes: Sequence[Changes], columns: Mapping[tuple[str, FileColumn], str]
) -> list[Tally]:
    """Return the number of repairs by kind, file and column, in the order of the log.

    `columns`: file and heading -> our name of the column, for the columns that may be named.
    """
    counted: dict[tuple[str, str, str, str | None], int] = {}
    for block in changes:
        column = columns.get((block.file, block.column)) if block.column else None
        key = (block.kind, block.file, block.table, column)
        counted[key] = counted.get(key, 0) + len(block)
    return [Tally(*key, count) for key, count in counted.items()]
