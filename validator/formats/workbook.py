"""Excel workbooks (.xlsx): every sheet as a CSV file of the texts that a person sees in its cells."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import PurePath
from typing import Any
from xml.etree.ElementTree import ParseError

import numpy as np

from validator import limits
from validator.model import CannotRead
from validator.source import ENDINGS, MARK, Source

OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""What .xls files begin with, and .xlsx files that are protected with a password."""
MOST_SHEETS = limits.most("workbook-sheets")
MOST_ROWS, MOST_COLUMNS = 1 << 20, 1 << 14
"""As many as a sheet of Excel itself has."""
LARGE = 10 << 20
"""Bytes from which the ratio counts."""
DIGITS = 10**15
"""Numbers from here on have lost their last digits in Excel: they are shown as it shows them, 1.23457E+17."""

_ZEROS = re.compile(r"0[0 -]*")
_UNSAVED = re.compile(rb"(?:</f>|<f[^>]*/>)\s*(?:<v\s*/>|<v></v>)?\s*</c>")
_BREAK = re.compile(r"\r\n|\r|\n")


def opened(sources: Sequence[Source]) -> list[Source]:
    """The sources with every workbook replaced by its sheets.

    Raises CannotRead in one sentence where the only source cannot be read; one of several is set aside with the reason.
    """
    out: list[Source] = []
    for source in sources:
        ending = PurePath(source.name).suffix.lower()
        if source.name.lower().endswith((".xls", ".ods")) and len(sources) == 1:
            raise CannotRead(old(source.name))
        if ending in ENDINGS or (ending not in (".csv", ".txt") and is_workbook(source)):
            try:
                out += _sheets(source)
            except CannotRead as error:
                if len(sources) == 1:
                    raise
                why = str(error).removeprefix(source.name).lstrip(": ").rstrip(".")
                out.append(replace(source, aside=f"it was not read: {why}"))
        else:
            out.append(source)
    return out


def old(name: str) -> str:
    """What to say of a workbook that is not of the present kind."""
    kind = "an OpenDocument workbook (.ods)" if name.lower().endswith(".ods") else "an old Excel workbook (.xls)"
    return f"{name} is {kind}, which is not read: open it and save it as .xlsx, or each sheet as CSV (UTF-8)."


def is_workbook(source: Source) -> bool:
    """Whether a file that is called otherwise is a workbook."""
    if not source.head(4).startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(source.load())) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False


def _sheets(source: Source) -> list[Source]:
    """One source per sheet; a workbook of one sheet keeps its own name."""
    data = source.load()
    if data.startswith(OLD):
        raise CannotRead(f"{source.name} is protected with a password, or an old Excel workbook under a new name: "
                         "save it as .xlsx without a password.")
    _refuse_large(source.name, data)
    book = _book(source.name, data)
    stamp = len(data), hashlib.sha256(data).hexdigest()
    visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    if not visible or len(book.worksheets) > MOST_SHEETS:
        raise CannotRead(f"{source.name} has no visible sheet." if not visible else
                         f"{source.name} is refused: {limits.beyond('workbook-sheets')}.")
    names = {sheet.title: source.name if len(visible) == 1 else f"{source.name}{MARK}{sheet.title}"
             for sheet in visible}
    hidden = [sheet.title for sheet in book.worksheets if sheet not in visible]
    names |= {title: f"{source.name}{MARK}{title}" for title in hidden}
    share = source.size // len(names)
    return [_sheet(replace(source, name=name, size=share, stamp=stamp), book[title], hidden=title in hidden)
            for title, name in names.items()]


def _sheet(source: Source, sheet: Any, *, hidden: bool) -> Source:
    """The sheet as a CSV file; nothing of a hidden one is read."""
    text, rows = (b"", None) if hidden else _text(source.name, sheet)

    def lines(numbers: np.ndarray) -> np.ndarray:
        return numbers if rows is None else rows[np.minimum(numbers, len(rows) - 1)]

    words = "a hidden sheet, which is not read: show it in Excel if it belongs to the export" if hidden else ""
    return replace(source, load=lambda: text, head=lambda count: text[:count], lines=lines, aside=words)


def _refuse_large(name: str, data: bytes) -> None:
    """Raises CannotRead for a workbook that unpacks to more than any roster needs, before anything is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise CannotRead(f"{name} is damaged, or no Excel workbook.") from None
    if sum(part.file_size for part in parts) > limits.most("workbook-unpacked"):
        raise CannotRead(f"{name} is refused: {limits.beyond('workbook-unpacked')} once unpacked.")
    for part in parts:
        if part.file_size > LARGE and part.file_size > limits.most("archive-ratio") * max(part.compress_size, 1):
            raise CannotRead(f"{name} is refused: a part would unpack to {limits.beyond('archive-ratio')} its size.")


def _book(name: str, data: bytes) -> Any:
    import openpyxl

    with _one_sentence(name):
        return openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)


@contextmanager
def _one_sentence(name: str) -> Iterator[None]:
    """Turns whatever a damaged workbook raises into one sentence without values."""
    from defusedxml.common import DefusedXmlException

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except (KeyError, ValueError, IndexError, TypeError, AttributeError, OSError, EOFError, ParseError, zlib.error,
            zipfile.BadZipFile, DefusedXmlException, NotImplementedError, OverflowError):
        raise CannotRead(f"{name} is damaged, or no Excel workbook.") from None


def _text(name: str, sheet: Any) -> tuple[bytes, np.ndarray | None]:
    """The sheet as CSV with row k on line k; where cells hold line breaks, also the row of each line."""
    _refuse_unsaved(name, sheet)
    rows = list(_rows(name, sheet))
    while rows and not rows[-1]:
        rows.pop()
    width = max(map(len, rows), default=0)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for row in rows:
        writer.writerow([*row, *[""] * (width - len(row))])
    breaks = [sum(cell.count("\n") for cell in row) for row in rows]
    taken = np.arange(1, len(rows) + 1).repeat(np.asarray(breaks, np.int64) + 1)
    numbers = np.concatenate([[0], taken, [len(rows) + 1]]).astype(np.int32) if any(breaks) else None
    return out.getvalue().encode("utf-8", errors="replace"), numbers


def _refuse_unsaved(name: str, sheet: Any) -> None:
    """Raises CannotRead where formulas have no saved results: their cells would look blank."""
    with _one_sentence(name), sheet._get_source() as part:
        rest = b""
        while piece := part.read(1 << 20):
            if _UNSAVED.search(rest + piece):
                raise CannotRead(f"{name} holds formulas without saved results: open it in Excel and save it again.")
            rest = piece[-1000:]


def _rows(name: str, sheet: Any) -> Iterator[list[str]]:
    """The texts of each row, up to its last filled cell."""
    sheet.reset_dimensions()
    show: dict[int, Callable[[Any], str]] = {}
    with _one_sentence(name):
        for number, cells in enumerate(sheet.rows, 1):
            if number > MOST_ROWS or len(cells) > MOST_COLUMNS:
                raise CannotRead(f"{name} is refused: more rows or columns than a sheet can have.")
            row = ["" if cell.value is None else _shown(cell, show) for cell in cells]
            while row and not row[-1]:
                row.pop()
            yield row


def _shown(cell: Any, show: dict[int, Callable[[Any], str]]) -> str:
    """What a person sees in a filled cell; `show` remembers what each number format does."""
    value = cell.value
    if isinstance(value, str):
        return _BREAK.sub("\n", value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        style = cell._style_id
        if style not in show:
            show[style] = number(cell.number_format)
        return show[style](value)
    return moment(value)


def moment(value: Any) -> str:
    """A date as YYYY-MM-DD, with the time of day if there is one; a time of day or a span as it is."""
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time(0) else value.isoformat(" ", "seconds")
    return value.isoformat() if isinstance(value, dt.date | dt.time) else str(value)


def number(number_format: str | None) -> Callable[[Any], str]:
    """How a number format shows numbers: with the leading zeros it asks for, whole numbers without a decimal point."""
    pattern = (number_format or "").split(";")[0].replace("\\", "").replace('"', "")
    zeros = pattern.count("0") if _ZEROS.fullmatch(pattern) else 0

    def shown(value: float) -> str:
        if abs(value) >= DIGITS:
            return f"{value:.5E}"
        if value != int(value):
            return repr(value)
        text = f"{int(value):0{zeros + (value < 0)}d}"
        return text if zeros == len(pattern) or not zeros or value < 0 or len(text) > zeros else _set(text, pattern)

    return shown


def _set(digits: str, pattern: str) -> str:
    """The digits in the places of a pattern such as 000-00."""
    left = iter(digits)
    return "".join(next(left) if mark == "0" else mark for mark in pattern)
