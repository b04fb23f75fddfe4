"""The records of a run that rows of an earlier work-list may be about."""

from __future__ import annotations

from validator.followup.columns import DIAGNOSIS
from validator.followup.workbook import Row, WorkList
from validator.model import Report
from validator.text import remove_invisible_signs

LEFT = 0.9
"""A file with a smaller part of last time's records was cut off."""

FEWEST_LOST = 3
"""If fewer records than this are gone since last time, people left and the file was not cut off."""


class Records:
    """The records of this run: whether one is there, and whether its file was cut off."""

    def __init__(self, report: Report, *worklists: WorkList) -> None:
        self.tables = report.export.tables
        self.files = {file.name.casefold() for file in report.export.files}
        self.before = {
            table: count
            for worklist in reversed(worklists)
            for table, count in worklist.trace.records.items()
        }
        self.now = report.counts
        self.ids: dict[str, frozenset[str]] = {}

    def is_cut(self, table: str) -> bool:
        """Return whether a table has far fewer records than the last work-list knew."""
        before, now = self.before.get(table, 0), self.now.get(table, 0)
        return before - now >= FEWEST_LOST and now < LEFT * before

    def can_tell(self, row: Row) -> bool:
        """Return whether this run shows that the record of a row is there."""
        table = self.tables.get(row.key[0])
        has_id = bool(table is not None and table.key and table.has(table.key))
        return has_id and bool(row.keep().cells["Id"]) and not self.is_cut(row.key[0])

    def has(self, row: Row) -> bool:
        """Return whether the record of a row is in its table."""
        return row.key[2] in self._list_ids(row.key[0])

    def is_looked_at(self, row: Row) -> bool:
        """Return whether this run could have found a row again."""
        name, cells = row.key[0], row.keep().cells
        if name == DIAGNOSIS or (name and name not in self.tables):
            file = cells["File"].casefold()
            return not file or file in self.files
        return not self.is_cut(name) or (bool(cells["Id"]) and self.has(row))

    def _list_ids(self, name: str) -> frozenset[str]:
        """Return the ids in a table of this run, to find those of the last work-list."""
        if name not in self.ids:
            table = self.tables.get(name)
            texts: list[str] = []
            if table is not None and table.key and table.has(table.key):
                texts = table.records.columns[table.key].unique().to_pylist()
            self.ids[name] = frozenset(
                " ".join(remove_invisible_signs(text).split()) for text in texts
            )
        return self.ids[name]
