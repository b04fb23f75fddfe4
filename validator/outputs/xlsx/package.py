"""The workbook as a file: a zip without a clock, with rows that were drawn as XML."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.writer.excel import ExcelWriter

from validator.model import dataclass

TEXT_IS_MEANT = (
    '<ignoredErrors><ignoredError sqref="A1:XFD1048576" numberStoredAsText="1" '
    'twoDigitTextYear="1"/></ignoredErrors>'
)
"""Keeps Excel from marking every id as a number that should not be text."""

EARLIEST = dt.datetime(1980, 1, 1)
"""The first day that a zip file can have; the day of pinned workbooks."""

EMPTY = "<sheetData />"
"""What openpyxl writes for a sheet without cells."""


@dataclass(frozen=True)
class Body:
    """The rows of a sheet under its heading, and its links, as XML."""

    rows: str = ""
    links: str = ""


def pack_workbook(book: Workbook, bodies: Mapping[str, Body], made: dt.datetime | None) -> bytes:
    """Return the workbook as bytes. `bodies`: by sheet title."""
    book.properties.created = book.properties.modified = (made or EARLIEST).replace(tzinfo=None)
    out = BytesIO()
    _BookWriter(book, _Archive(out, "w", ZIP_DEFLATED), bodies).save()
    return out.getvalue()


class _BookWriter(ExcelWriter):
    """Writes sheets in memory, where openpyxl would write each to a temporary file.

    Adds rows as XML, which openpyxl would write ten times slower.
    """

    def __init__(self, book: Workbook, archive: ZipFile, bodies: Mapping[str, Body]) -> None:
        super().__init__(book, archive)
        self.archive, self.bodies = archive, bodies

    def write_worksheet(self, ws: Any) -> None:
        """Add a sheet with its rows to the workbook, and the charts that people added."""
        ws._drawing = SpreadsheetDrawing()
        ws._drawing.charts = ws._charts
        writer: Any = _SheetWriter(ws, BytesIO())
        writer.write()
        ws._rels = writer._rels
        body = self.bodies.get(ws.title, Body())
        sheet = writer.read().decode("utf-8").replace(EMPTY, "<sheetData></sheetData>")
        head, tail = sheet.split("</sheetData>")
        tail = tail.replace("</worksheet>", f"{TEXT_IS_MEANT}</worksheet>")
        tail = tail.replace("<pageMargins", f"{body.links}<pageMargins", 1)
        self.archive.writestr(ws.path[1:], f"{head}{body.rows}</sheetData>{tail}")
        self.manifest.append(ws)


class _SheetWriter(WorksheetWriter):
    """Writes a workbook's sheet without its size, which does not count the rows that are added."""

    def write_dimensions(self) -> None:
        """Leave out the size of the sheet."""


class _Archive(ZipFile):
    """A zip without a clock."""

    def writestr(self, zinfo_or_arcname: Any, data: Any, *_: Any, **__: Any) -> None:
        """Add a part to the workbook, dated the first day of zip files."""
        entry = ZipInfo(str(zinfo_or_arcname), date_time=(1980, 1, 1, 0, 0, 0))
        entry.compress_type, entry.external_attr = ZIP_DEFLATED, 0o600 << 16
        super().writestr(entry, data)
