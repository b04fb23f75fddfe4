"""The sheet on what the first sync would create in each app."""

from __future__ import annotations

from typing import Any

from openpyxl import Workbook

from validator.model import Report
from validator.outputs import first_sync
from validator.outputs.xlsx.package import Body
from validator.outputs.xlsx.sheets import put, put_heading, set_page

TITLE = "First sync"
SENTENCE, NUMBER = 90, 16
"""How wide the columns are, in characters."""


def add_sheet(book: Workbook, report: Report) -> Body:
    """Add the workbook's sheet on the first sync: sentences, then students by grade."""
    sheet: Any = book.create_sheet(TITLE)
    for letter, width in zip("ABCD", (SENTENCE, NUMBER, NUMBER, NUMBER), strict=True):
        sheet.column_dimensions[letter].width = width
    set_page(sheet)
    row = 1
    for app in report.first_sync:
        put_heading(sheet, row, [f"What the first sync would create in {app.title}"])
        for sentence in first_sync.list_sentences(app):
            row += 1
            put(sheet, (row, 1), sentence)
        headings = [it.capitalize() for it in first_sync.list_headings(app)]
        put_heading(sheet, row + 1, headings, numbers_from=2)
        row += 1
        for cells in first_sync.list_rows(app):
            row += 1
            put(sheet, (row, 1), cells[0])
            for at, cell in enumerate(cells[1:], 2):
                put(sheet, (row, at), int(cell.replace(",", "")))
        put_heading(sheet, row + 1, ["Classes for one teacher", "Teachers"], numbers_from=2)
        row += 1
        for label, teachers in first_sync.list_classes_per_teacher(app):
            row += 1
            put(sheet, (row, 1), label)
            put(sheet, (row, 2), teachers)
        row += 2
    return Body()
