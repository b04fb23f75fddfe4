"""The columns of a sheet of work: their order, widths and letters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from openpyxl.utils import get_column_letter

from validator.followup.columns import COLUMNS, NOTE
from validator.outputs.xlsx.worklist import Line

WIDTHS = {
    "Status": 13,
    "Note": 22,
    "Level": 10,
    "Problem": 30,
    "School": 9,
    "Id": 13,
    "Name": 18,
    "Column": 13,
    "Current value": 20,
    "File": 13,
    "Line": 7,
    "How to fix it": 60,
    "Details": 40,
    "Same record": 12,
    "Rule": 26,
    "Table": 12,
    "Check": 10,
}
"""How wide each column is, in characters: up to Line, all are in sight on a small screen."""

OWN_WIDTH = 18
"""Of a column that people added."""


class Layout:
    """The headings of one sheet in order: ours, and those that people added."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = names
        self.own = [name for name in names if name not in WIDTHS]
        self.widths = [WIDTHS.get(name, OWN_WIDTH) for name in names]
        self.order = [COLUMNS.index(name) if name in WIDTHS else -1 for name in names]
        """For each column its place among ours, -1 for one that people added."""

    def letter(self, name: str) -> str:
        """Return the letter of a column in the workbook."""
        return get_column_letter(self.names.index(name) + 1)

    def last_printed(self) -> str:
        """Return the letter of the last column that is printed."""
        places = [self.names.index(name) for name in (*self.own, "Line")]
        return get_column_letter(max(places) + 1)


def arrange(title: str, lines: Sequence[Line], arranged: Mapping[str, Sequence[str]]) -> Layout:
    """Return the columns of the workbook's work-list as people arranged them, else in our order."""
    before = list(arranged.get(title, ()))
    used = dict.fromkeys(name for line in lines for name in line.more)
    own = dict.fromkeys(name for name in (*before, *used) if name not in WIDTHS)
    if WIDTHS.keys() <= set(before):
        return Layout([*before, *(name for name in own if name not in before)])
    after = COLUMNS.index(NOTE) + 1
    return Layout([*COLUMNS[:after], *own, *COLUMNS[after:]])
