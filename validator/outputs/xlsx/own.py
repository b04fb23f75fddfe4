"""Cells and sheets that people added to the last work-list, in the new one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence, Set
from copy import copy
from html import escape
from typing import Any

from openpyxl import Workbook
from openpyxl.formula.translate import Translator
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel

from validator.outputs.xlsx.sheets import end_number, end_text, find_style, format_cell

STYLES = ("font", "fill", "border", "alignment", "number_format", "protection")

LONGEST_TITLE = 31
"""Characters that the title of a sheet may have."""


class Colored(str):
    """The text of a cell of ours that somebody colored in the last work-list."""

    cell: Any

    @classmethod
    def like(cls, text: str, cell: Any) -> Colored:
        """Return a text of the workbook with the color of a cell in the last one."""
        made = cls(text)
        made.cell = cell
        return made


class OwnCells:
    """Writes cells that people added, with their values, formulas and formats, or colored.

    `ours`: the number of the style of each column of the sheet. `numbers`: columns of numbers.
    """

    def __init__(self, sheet: Any, ours: Sequence[int], numbers: Set[int]) -> None:
        self.sheet, self.ours, self.numbers = sheet, ours, numbers
        self.styles: dict[tuple[int, int, int], int] = {}

    def render(self, cell: Any, row: int, column: int) -> str:
        """Return a cell as XML at another place."""
        place = f"{get_column_letter(column)}{row}"
        if isinstance(cell, Colored):
            style = self._color(cell.cell, self.ours[column - 1])
            end = end_number(cell) if column - 1 in self.numbers else end_text(cell)
            return f'<c s="{style}" r="{place}{end}'
        start = f'<c r="{place}" s="{self._style(cell)}"'
        value = cell.value
        if isinstance(value, bool):
            return f'{start} t="b"><v>{int(value)}</v></c>'
        if isinstance(value, int | float):
            return f"{start}><v>{value!r}</v></c>"
        if isinstance(value, dt.datetime | dt.date | dt.time | dt.timedelta):
            day: float = to_excel(value)  # type: ignore[no-untyped-call]
            return f"{start}><v>{day!r}</v></c>"
        if cell.data_type == "f" and isinstance(value, str):
            moved = Translator(value, origin=cell.coordinate).translate_formula(place)
            return f"{start}><f>{escape(moved[1:], quote=False)}</f></c>"
        text = escape(format_cell(str(value)), quote=False)
        return f'{start} t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'

    def _color(self, cell: Any, style: int) -> int:
        """Return the number of one of our styles with the color of a cell in the last workbook."""
        key = id(cell.parent.parent), getattr(cell, "_style_id", 0), style
        if key not in self.styles:
            model = self.sheet.cell(1_048_576, 1)
            model._style = copy(self.sheet.parent._cell_styles[style])
            model.fill = copy(cell.fill)
            self.styles[key] = find_style(model)
            del self.sheet._cells[1_048_576, 1]
        return self.styles[key]

    def _style(self, cell: Any) -> int:
        """Return the number of a cell's style in the new workbook."""
        key = id(cell.parent.parent), getattr(cell, "_style_id", 0), -1
        if key not in self.styles:
            model = self.sheet.cell(1_048_576, 1)
            _copy_style(cell, model)
            self.styles[key] = find_style(model)
            del self.sheet._cells[1_048_576, 1]
        return self.styles[key]


def _copy_style(cell: Any, other: Any) -> None:
    """Copy the style of a cell to one in the new workbook."""
    for name in STYLES:
        value = getattr(cell, name, None)
        if value is not None:
            setattr(other, name, copy(value))


def add_own_sheets(book: Workbook, sheets: Sequence[Any]) -> None:
    """Add to the workbook the sheets that people added to the last one, with their formats."""
    for sheet in sheets:
        title = sheet.title
        if title in book.sheetnames:
            title = f"{title[: LONGEST_TITLE - 8]} (yours)"
        _copy_sheet(sheet, book.create_sheet(title))


def _copy_sheet(sheet: Any, other: Any) -> None:
    """Copy a sheet that people added to the new workbook."""
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value is None and not cell.has_style:
                continue
            copied = other.cell(cell.row, cell.column, cell.value)
            if cell.has_style:
                _copy_style(cell, copied)
    for letter, column in sheet.column_dimensions.items():
        other.column_dimensions[letter].width = column.width
        other.column_dimensions[letter].hidden = column.hidden
    for number, row in sheet.row_dimensions.items():
        other.row_dimensions[number].height = row.height
    for merged in sheet.merged_cells.ranges:
        other.merge_cells(merged.coord)
    for each in sheet.data_validations.dataValidation:
        other.add_data_validation(copy(each))
    for ranges in sheet.conditional_formatting:
        for rule in ranges.rules:
            other.conditional_formatting.add(str(ranges.sqref), copy(rule))
    if other.title == sheet.title:  # the formulas of a chart name its sheet
        for chart in sheet._charts:
            other.add_chart(chart)
    other.freeze_panes = sheet.freeze_panes
    other.auto_filter.ref = sheet.auto_filter.ref
    other.sheet_state = sheet.sheet_state
