"""Sheets of a work-list as texts, and those that people added, with their formats."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from validator.followup import columns

MOST_OWN_CELLS = 200_000
"""Cells on sheets that people added; a workbook with more is kept as it is."""

BLANK_SHEET = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    b"<sheetData/></worksheet>"
)


def read_cell(value: Any) -> str:
    """Return a cell of a work-list as text; a program may have made it a number or a day."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    return "" if value is None else str(value).strip()


def digest_sheet(sheet: Any) -> str:
    """Return the digest of the texts of a work-list's sheet."""
    cells = (read_cell(cell) for row in sheet.iter_rows(values_only=True) for cell in row)
    return columns.digest(cells)


def has_text(sheet: Any, rows: int | None = None) -> bool:
    """Return whether a sheet of the last work-list has text, within its first rows."""
    if rows == 0:
        return False
    cells = (cell for row in sheet.iter_rows(max_row=rows, values_only=True) for cell in row)
    return any(cell is not None for cell in cells)


def load_sheets(path: Path, book: Any, wanted: Sequence[Any]) -> list[Any] | None:
    """Load sheets of the last work-list with their formats, None if they are too large."""
    cells = sum(len(row) for sheet in wanted for row in sheet.iter_rows(values_only=True))
    if cells > MOST_OWN_CELLS:
        return None
    import openpyxl

    titles = [sheet.title for sheet in wanted]
    left_out = {sheet._worksheet_path for sheet in book.worksheets if sheet.title not in titles}
    reduced = io.BytesIO()
    with zipfile.ZipFile(path) as whole, zipfile.ZipFile(reduced, "w") as some:
        for name in whole.namelist():
            some.writestr(name, BLANK_SHEET if name in left_out else whole.read(name))
    loaded = openpyxl.load_workbook(reduced, keep_links=False)
    return [loaded[title] for title in titles]
