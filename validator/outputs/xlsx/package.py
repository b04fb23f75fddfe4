"""The workbook as a file: a zip without a clock, with its cells drawn as text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from html import escape
from io import BytesIO
from types import SimpleNamespace
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.cell._writer import etree_write_cell
from openpyxl.compat import safe_string
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.writer.excel import ExcelWriter
from openpyxl.xml.functions import Element, tostring

from validator.model import dataclass

TEXT_IS_MEANT = (
    '<ignoredErrors><ignoredError sqref="A1:XFD1048576" numberStoredAsText="1" '
    'twoDigitTextYear="1"/></ignoredErrors>'
)
"""Keeps Excel from marking every id as a number that should not be text."""

EARLIEST = dt.datetime(1980, 1, 1)
"""The first day that a zip file can have; the day of pinned workbooks."""

PLACE = "<sheetData> </sheetData>"
"""Where the rows of a sheet will be, in what openpyxl writes of it."""


@dataclass(frozen=True)
class Body:
    """The rows of a sheet under its heading, and its links, as XML."""

    rows: str = ""
    links: str = ""


def pack(book: Workbook, bodies: Mapping[str, Body], made: dt.datetime | None) -> bytes:
    """Return the workbook as bytes. `bodies`: by sheet title."""
    book.properties.created = book.properties.modified = (made or EARLIEST).replace(tzinfo=None)
    out = BytesIO()
    _BookWriter(book, _Archive(out, "w", ZIP_DEFLATED), bodies).save()
    return out.getvalue()


class _BookWriter(ExcelWriter):
    """Writes sheets in memory, where openpyxl would write each to a temporary file."""

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
        head, tail = writer.read().decode("utf-8").split(PLACE)
        tail = tail.replace("</worksheet>", f"{TEXT_IS_MEANT}</worksheet>")
        tail = tail.replace("<pageMargins", f"{body.links}<pageMargins", 1)
        rows = f"<sheetData>{''.join(writer.drawn)}{body.rows}</sheetData>"
        self.archive.writestr(ws.path[1:], f"{head}{rows}{tail}")
        self.manifest.append(ws)


class _SheetWriter(WorksheetWriter):
    """Draws the cells of a workbook's sheet as text; openpyxl makes elements, ten times slower."""

    ws: Any

    def write_dimensions(self) -> None:
        """Leave out the size of the sheet: it does not count the rows that are added."""

    def write_rows(self) -> None:
        """Draw the rows; what openpyxl writes of the sheet has a place for them."""
        self.drawn = [self._draw_row(number, cells) for number, cells in self.rows()]
        place = Element("sheetData")
        place.text = " "
        self.xf.send(place)

    def _draw_row(self, number: int, cells: Sequence[Any]) -> str:
        """Draw a row of the workbook with its height and its cells."""
        sizes = dict(self.ws.row_dimensions.get(number, {}))
        size = "".join(f' {name}="{value}"' for name, value in sizes.items())
        filled = [cell for cell in cells if cell.value is not None or cell.has_style]
        return f'<row r="{number}"{size}>{"".join(map(self._draw_cell, filled))}</row>'

    def _draw_cell(self, cell: Any) -> str:
        """Draw a cell of the workbook: a text, a number, or what people added."""
        value, kind = cell.value, cell.data_type
        if kind not in "ns" or not isinstance(value, str | int | float | None):
            elements: list[Any] = []
            etree_write_cell(SimpleNamespace(write=elements.append), self.ws, cell, cell.has_style)
            return "".join(tostring(element).decode("utf-8") for element in elements)
        if cell.hyperlink:
            self.ws._hyperlinks.append(cell.hyperlink)
        style = f' s="{cell.style_id}"' if cell.has_style else ""
        start = f'<c r="{cell.coordinate}"{style} t="{"inlineStr" if kind == "s" else "n"}"'
        if value is None or value == "":
            return f"{start} />"
        if kind == "n":
            return f"{start}><v>{safe_string(value)}</v></c>"
        text = str(value)
        space = ' xml:space="preserve"' if text.strip() not in ("", text) else ""
        return f"{start}><is><t{space}>{escape(text, quote=False)}</t></is></c>"


class _Archive(ZipFile):
    """A zip without a clock."""

    def writestr(self, zinfo_or_arcname: Any, data: Any, *_: Any, **__: Any) -> None:
        """Add a part to the workbook, dated the first day of zip files."""
        entry = ZipInfo(str(zinfo_or_arcname), date_time=(1980, 1, 1, 0, 0, 0))
        entry.compress_type, entry.external_attr = ZIP_DEFLATED, 0o600 << 16
        super().writestr(entry, data)
