"""Excel workbooks (.xlsx): every sheet as a CSV file of the texts that its cells show."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import PurePath
from typing import Any
from xml.etree.ElementTree import ParseError

import numpy as np

from validator import limits
from validator.frame.arrays import repeat_each
from validator.ingest.excel_values import format_cell
from validator.ingest.source import SHEET_MARK, WORKBOOK_ENDINGS, Source
from validator.model import CannotRead

OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""The first bytes of .xls files, and of .xlsx files that are protected with a password."""
MAX_SHEETS = limits.get_limit("workbook-sheets")
MAX_ROWS = limits.get_limit("rows")
LARGE = 10 << 20
"""Size in bytes from which a part's compression ratio is limited."""
STRETCH = 100
"""Longer runs of blank rows or columns, as before a stray cell, are left out; our own measure."""

_SWOLLEN = (
    f"{{}} is refused: a part would unpack to {limits.describe_excess('archive-ratio')} its size."
)
_UNSAVED = re.compile(rb"(?:</f>|<f[^>]*/>)\s*(?:<v\s*/>|<v></v>)?\s*</c>")


def expand_workbooks(sources: Sequence[Source]) -> list[Source]:
    """Return the sources with every workbook replaced by its sheets.

    An unreadable workbook is set aside with the reason; if it is the only source, CannotRead is
    raised.
    """
    expanded: list[Source] = []
    for source in sources:
        if source.name.lower().endswith((".xls", ".ods")) and len(sources) == 1:
            raise CannotRead(describe_old_workbook(source.name))
        if not is_workbook(source):
            expanded.append(source)
            continue
        try:
            expanded += _list_sheets(source)
        except CannotRead as error:
            if len(sources) == 1:
                raise
            why = str(error).removeprefix(source.name).lstrip(": ").rstrip(".")
            expanded.append(replace(source, aside=f"it was not read: {why}"))
    return expanded


def describe_old_workbook(name: str) -> str:
    """Return the refusal of a workbook that is not an .xlsx file."""
    kind = "an old Excel workbook (.xls)"
    if name.lower().endswith(".ods"):
        kind = "an OpenDocument workbook (.ods)"
    return (
        f"{name} is {kind}, which is not read: open it and save it as .xlsx, or each sheet as "
        "CSV (UTF-8)."
    )


def is_workbook(source: Source) -> bool:
    """Return whether a file is a workbook, by its ending or by its contents."""
    ending = PurePath(source.name).suffix.lower()
    if ending in WORKBOOK_ENDINGS:
        return True
    if ending in (".csv", ".txt") or not source.head.data.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(source.load())) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False


def _list_sheets(source: Source) -> list[Source]:
    """Return one source per sheet; the only visible sheet has the name of its workbook."""
    data = source.load()
    if data.startswith(OLD):
        raise CannotRead(
            f"{source.name} is protected with a password, or an old Excel workbook under a new "
            "name: save it as .xlsx without a password."
        )
    _refuse_large(source.name, data)
    book = _open_workbook(source.name, data)
    visible = [sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible"]
    if not visible:
        raise CannotRead(f"{source.name} has no visible sheet.")
    if len(book.worksheets) > MAX_SHEETS:
        raise CannotRead(f"{source.name} is refused: {limits.describe_excess('workbook-sheets')}.")
    names = {title: f"{source.name}{SHEET_MARK}{title}" for title in visible}
    if len(visible) == 1:
        names = {visible[0]: source.name}
    hidden = [sheet.title for sheet in book.worksheets if sheet.title not in visible]
    names |= {title: f"{source.name}{SHEET_MARK}{title}" for title in hidden}
    stamp = len(data), hashlib.sha256(data).hexdigest()
    share = source.size // len(names)
    most = max(LARGE, limits.get_limit("archive-ratio") * len(data))
    sheets = []
    for title, name in names.items():
        sheet = replace(source, name=name, size=share, stamp=stamp)
        if title in hidden:
            sheets.append(_set_aside(sheet))
        else:
            sheets.append(_fill_sheet(sheet, book[title], most=most))
    return sheets


def _set_aside(source: Source) -> Source:
    """Return a hidden sheet, of which nothing is read."""
    words = "a hidden sheet, which is not read: show it in Excel if it belongs to the export"
    return replace(
        source,
        load=lambda: b"",
        read_start=lambda count: b"",
        lines=lambda numbers: numbers,
        aside=words,
    )


def _fill_sheet(source: Source, sheet: Any, *, most: int) -> Source:
    """Return an Excel sheet that is read as a CSV file of at most `most` characters."""
    text, rows = _write_csv(source.name, sheet, most=most)

    def number_rows(numbers: np.ndarray) -> np.ndarray:
        return numbers if rows is None else rows[np.minimum(numbers, len(rows) - 1)]

    return replace(
        source, load=lambda: text, read_start=lambda count: text[:count], lines=number_rows
    )


def _refuse_large(name: str, data: bytes) -> None:
    """Raise CannotRead for a workbook that would unpack to too much, before it is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise CannotRead(f"{name} is damaged, or no Excel workbook.") from None
    if sum(part.file_size for part in parts) > limits.get_limit("workbook-unpacked"):
        excess = limits.describe_excess("workbook-unpacked")
        raise CannotRead(f"{name} is refused: {excess} once unpacked.")
    ratio = limits.get_limit("archive-ratio")
    for part in parts:
        if part.file_size > max(LARGE, ratio * max(part.compress_size, 1)):
            raise CannotRead(_SWOLLEN.format(name))


def _open_workbook(name: str, data: bytes) -> Any:
    """Open an Excel workbook to read its sheets. Raises CannotRead."""
    import openpyxl

    with _refuse_damage(name):
        return openpyxl.load_workbook(
            io.BytesIO(data), read_only=True, data_only=True, keep_links=False
        )


@contextmanager
def _refuse_damage(name: str) -> Iterator[None]:
    """Turn whatever a damaged workbook raises into one CannotRead without values."""
    from defusedxml.common import DefusedXmlException

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except (
        KeyError,
        ValueError,
        IndexError,
        TypeError,
        AttributeError,
        OSError,
        EOFError,
        ParseError,
        zlib.error,
        zipfile.BadZipFile,
        DefusedXmlException,
        NotImplementedError,
        OverflowError,
    ):
        raise CannotRead(f"{name} is damaged, or no Excel workbook.") from None


def _write_csv(name: str, sheet: Any, *, most: int) -> tuple[bytes, np.ndarray | None]:
    """Return the sheet as CSV, and the row of each line where lines and rows differ.

    Raises CannotRead beyond `most` characters.
    """
    _refuse_unsaved(name, sheet)
    cells = dict(_iterate_rows(name, sheet, most=most))
    rows = _close_gaps(cells)
    columns = _close_gaps(set[int]().union(*cells.values()))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    breaks = []
    for number in rows:
        row = cells.get(number, {})
        writer.writerow([row.get(column, "") for column in columns])
        breaks.append(sum(cell.count("\n") for cell in row.values()))
        if out.tell() > most:
            raise CannotRead(_SWOLLEN.format(name))
    text = out.getvalue().encode("utf-8", errors="replace")
    if not any(breaks) and len(rows) == max(rows, default=0):
        return text, None
    rows_of_lines = repeat_each(np.asarray(rows), np.asarray(breaks, np.int64) + 1)
    return text, np.concatenate([[0], rows_of_lines, [rows[-1] + 1]]).astype(np.int32)


def _close_gaps(filled: Iterable[int]) -> list[int]:
    """Return a workbook's row numbers up to the last filled one, without long blank runs."""
    numbers, last = list[int](), 0
    for number in sorted(filled):
        if number - last <= STRETCH:
            numbers += range(last + 1, number)
        numbers.append(number)
        last = number
    return numbers


def _refuse_unsaved(name: str, sheet: Any) -> None:
    """Raise CannotRead for formulas without saved results, whose cells would look blank."""
    with _refuse_damage(name), sheet._get_source() as part:
        rest = b""
        while piece := part.read(1 << 20):
            if _UNSAVED.search(rest + piece):
                raise CannotRead(
                    f"{name} holds formulas without saved results: open it in Excel and save it "
                    "again."
                )
            rest = piece[-1000:]


def _iterate_rows(name: str, sheet: Any, *, most: int) -> Iterator[tuple[int, dict[int, str]]]:
    """Read an Excel workbook's sheet: yield each filled row's number, and texts by column."""
    sheet.reset_dimensions()
    formatters: dict[int, Callable[[Any], str]] = {}
    count = 0
    with _refuse_damage(name):
        for number, cells in enumerate(sheet.rows, 1):
            count += len(cells)
            if number > MAX_ROWS:
                raise CannotRead(f"{name} is refused: it has {limits.describe_excess('rows')}.")
            if count > most:
                raise CannotRead(_SWOLLEN.format(name))
            row = {}
            for column, cell in enumerate(cells, 1):
                text = "" if cell.value is None else format_cell(cell, formatters)
                if text:
                    row[column] = text
            if row:
                yield number, row
