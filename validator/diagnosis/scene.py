"""The facts that a hypothesis may use: the export, its outcomes, the day and the vocabulary."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import field
from typing import Any, TypeVar

import numpy as np

from validator import frame
from validator.model import Export, Outcome, Places, Status, Table, dataclass
from validator.vocabulary.grades import Grades

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Scene:
    """An export and the outcome of each rule on it, by rule id.

    previous: last time's export, None where none was given.
    """

    export: Export
    outcomes: Mapping[str, Outcome]
    today: dt.date
    grades: Grades
    previous: Export | None = None
    cache: dict[str, Any] = field(default_factory=dict, repr=False)

    def remember(self, name: str, compute: Callable[[], T]) -> T:
        """Return the result of `compute`, shared by all hypotheses about an export."""
        if name not in self.cache:
            self.cache[name] = compute()
        value: T = self.cache[name]
        return value

    def table(self, name: str) -> Table | None:
        """Return the table of that name for a hypothesis, None where there is none."""
        return self.export.find(name)

    def places(self, *rules: str) -> Iterator[Places]:
        """Yield the places that these rules found, block by block."""
        for rule in rules:
            outcome = self.outcomes.get(rule)
            if outcome is not None and outcome.status is Status.FOUND and outcome.finding:
                yield from outcome.finding.places

    def count(self, *rules: str) -> int:
        """Count the records that rules found, as evidence for a hypothesis."""
        return sum(block.count for block in self.places(*rules))

    def mark(self, table: Table, column: str | None, *rules: str) -> np.ndarray:
        """Return a bool mask of the rows that these rules found, in that column if given."""
        out = np.zeros(len(table), bool)
        for block in self.places(*rules):
            here = block.table == table.name and column in (None, block.column)
            if here and block.rows is not None:
                out[block.rows] = True
        return out


FILE_REFERENCES = (
    ("classes.csv", "courseSourcedId", "courses.csv"),
    ("classes.csv", "termSourcedIds", "academicSessions.csv"),
    ("classes.csv", "sessionSourcedIds", "academicSessions.csv"),
    ("courses.csv", "schoolYearSourcedId", "academicSessions.csv"),
    ("demographics.csv", "sourcedId", "users.csv"),
    ("demographics.csv", "userSourcedId", "users.csv"),
    ("roles.csv", "userSourcedId", "users.csv"),
    ("roles.csv", "sessionSourcedId", "academicSessions.csv"),
)
"""Table, column and the table it refers to, of files that the roster does not keep as they are."""

LISTS = ("termSourcedIds", "sessionSourcedIds")
"""Columns of which a cell may hold several ids."""


def list_references(export: Export) -> Iterator[tuple[Table, str, Table]]:
    """Yield the references that a diagnosis tries: the table, its column, the other table."""
    for table in export.tables.values():
        for column, target in frame.list_references(table):
            other = export.tables.get(target)
            if other is not None and other is not table and len(table) and len(other):
                yield table, column, other
    for name, column, target in FILE_REFERENCES:
        own, other = (export.file_tables.get(each) for each in (name, target))
        if own is not None and other is not None and len(own) and len(other) and own.has(column):
            yield own, column, other
