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
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import PurePath
from typing import Any
from xml.etree.ElementTree import ParseError

import numpy as np

from validator import limits
from validator.ingest.source import ENDINGS, MARK, Source
from validator.model import CannotRead

OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""What .xls files begin with, and .xlsx files that are protected with a password."""
MOST_SHEETS = limits.most("workbook-sheets")
MOST_ROWS = limits.most("rows")
LARGE = 10 << 20
"""Bytes from which the ratio counts."""
STRETCH = 100
"""Blank rows or columns in one stretch from which they are left out: something stands far from the table; our own."""
DIGITS = 10**15
"""Numbers from here on have lost their last digits in Excel: they are shown as it shows them, 1.23457E+17."""

_SWOLLEN = f"{{}} is refused: a part would unpack to {limits.beyond('archive-ratio')} its size."
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
    kind = (
        "an OpenDocument workbook (.ods)"
        if name.lower().endswith(".ods")
        else "an old Excel workbook (.xls)"
    )
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
        raise CannotRead(
            f"{source.name} is protected with a password, or an old Excel workbook under a new name: "
            "save it as .xlsx without a password."
        )
    _refuse_large(source.name, data)
    book = _book(source.name, data)
    stamp = len(data), hashlib.sha256(data).hexdigest()
    visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    if not visible or len(book.worksheets) > MOST_SHEETS:
        raise CannotRead(
            f"{source.name} has no visible sheet."
            if not visible
            else f"{source.name} is refused: {limits.beyond('workbook-sheets')}."
        )
    names = {
        sheet.title: source.name if len(visible) == 1 else f"{source.name}{MARK}{sheet.title}"
        for sheet in visible
    }
    hidden = [sheet.title for sheet in book.worksheets if sheet not in visible]
    names |= {title: f"{source.name}{MARK}{title}" for title in hidden}
    share = source.size // len(names)
    return [
        _sheet(
            replace(source, name=name, size=share, stamp=stamp),
            None if title in hidden else book[title],
            most=max(LARGE, limits.most("archive-ratio") * len(data)),
        )
        for title, name in names.items()
    ]


def _sheet(source: Source, sheet: Any, *, most: int) -> Source:
    """The sheet as a CSV file of at most so many characters; None for a hidden one, of which nothing is read."""
    text, rows = (b"", None) if sheet is None else _text(source.name, sheet, most=most)

    def lines(numbers: np.ndarray) -> np.ndarray:
        return numbers if rows is None else rows[np.minimum(numbers, len(rows) - 1)]

    words = (
        "a hidden sheet, which is not read: show it in Excel if it belongs to the export"
        if sheet is None
        else ""
    )
    return replace(
        source, load=lambda: text, head=lambda count: text[:count], lines=lines, aside=words
    )


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
        if part.file_size > LARGE and part.file_size > limits.most("archive-ratio") * max(
            part.compress_size, 1
        ):
            raise CannotRead(_SWOLLEN.format(name))


def _book(name: str, data: bytes) -> Any:
    import openpyxl

    with _one_sentence(name):
        return openpyxl.load_workbook(
            io.BytesIO(data), read_only=True, data_only=True, keep_links=False
        )


@contextmanager
def _one_sentence(name: str) -> Iterator[None]:
    """Turns whatever a damaged workbook raises into one sentence without values."""
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


def _text(name: str, sheet: Any, *, most: int) -> tuple[bytes, np.ndarray | None]:
    """The sheet as CSV of at most so many characters; where lines are not its rows, also the row of each line."""
    _refuse_unsaved(name, sheet)
    rows = dict(_rows(name, sheet, most=most))
    taken, columns = _closed_up(rows), _closed_up(set[int]().union(*rows.values()))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for at in taken:
        row = rows.get(at, {})
        writer.writerow([row.get(column, "") for column in columns])
        if out.tell() > most:
            raise CannotRead(_SWOLLEN.format(name))
    breaks = [sum(cell.count("\n") for cell in rows.get(at, {}).values()) for at in taken]
    if not any(breaks) and len(taken) == max(taken, default=0):
        return out.getvalue().encode("utf-8", errors="replace"), None
    of_lines = np.asarray(taken).repeat(np.asarray(breaks, np.int64) + 1)
    numbers = np.concatenate([[0], of_lines, [taken[-1] + 1]]).astype(np.int32)
    return out.getvalue().encode("utf-8", errors="replace"), numbers


def _closed_up(filled: Iterable[int]) -> list[int]:
    """The numbers from 1 to the last filled one, without long stretches of which none is filled."""
    out, last = list[int](), 0
    for number in sorted(filled):
        if number - last <= STRETCH:
            out += range(last + 1, number)
        out.append(number)
        last = number
    return out


def _refuse_unsaved(name: str, sheet: Any) -> None:
    """Raises CannotRead where formulas have no saved results: their cells would look blank."""
    with _one_sentence(name), sheet._get_source() as part:
        rest = b""
        while piece := part.read(1 << 20):
            if _UNSAVED.search(rest + piece):
                raise CannotRead(
                    f"{name} holds formulas without saved results: open it in Excel and save it again."
                )
            rest = piece[-1000:]


def _rows(name: str, sheet: Any, *, most: int) -> Iterator[tuple[int, dict[int, str]]]:
    """The filled rows: the number of each, and its texts by the numbers of their columns."""
    sheet.reset_dimensions()
    show: dict[int, Callable[[Any], str]] = {}
    walked = 0
    with _one_sentence(name):
        for number, cells in enumerate(sheet.rows, 1):
            walked += len(cells)
            if number > MOST_ROWS or walked > most:
                raise CannotRead(
                    f"{name} is refused: it has {limits.beyond('rows')}."
                    if number > MOST_ROWS
                    else _SWOLLEN.format(name)
                )
            row = (
                {
                    at: text
                    for at, cell in enumerate(cells, 1)
                    if cell.value is not None and (text := _shown(cell, show))
                }
                if cells
                else {}
            )
            if row:
                yield number, row


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
        return (
            value.date().isoformat()
            if value.time() == dt.time(0)
            else value.isoformat(" ", "seconds")
        )
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
        return (
            text
            if zeros == len(pattern) or not zeros or value < 0 or len(text) > zeros
            else _set(text, pattern)
        )

    return shown


def _set(digits: str, pattern: str) -> str:
    """The digits in the places of a pattern such as 000-00."""
    left = iter(digits)
    return "".join(next(left) if mark == "0" else mark for mark in pattern)
