"""Rows read one by one, for lines that are not complete rows."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import field

import numpy as np

from validator import limits
from validator.ingest.csv.lines import Shape
from validator.model import StrayQuote, dataclass
from validator.text import BLANKS

MAX_SPAN = 200
"""Lines that one row may span; a quote that is open longer was never closed."""
MAX_WHOLE = 10_000
"""Rows of a wrong length whose cells are all kept, up to `MOST_CELLS` of each."""
MAX_CELLS = limits.get_limit("row-cells")

ESCAPED = '\\"'

csv.field_size_limit(2**31 - 1)


@dataclass(eq=False)
class Recovered:
    """The result of reading lines that are not complete rows.

    rows: first line, last line and cells of rows that could be read.
    short: line, number of cells and cells of rows of a wrong length; after `MAX_WHOLE` rows, only
        the cells that can be ids.
    unclosed: line and cells of rows that open a quote and never close it.
    blank: lines without values.
    padded: lines of rows whose cells beyond the header are all blank and were removed.
    stray: line -> how a quotation mark inside a value is written, where it is not doubled.
    escaped: line and cells of rows of the right length only if a backslash before a quotation mark
        escapes it.
    """

    rows: list[tuple[int, int, list[str]]] = field(default_factory=list)
    short: list[tuple[int, int, list[str]]] = field(default_factory=list)
    unclosed: list[tuple[int, list[str]]] = field(default_factory=list)
    blank: list[int] = field(default_factory=list)
    padded: list[int] = field(default_factory=list)
    stray: dict[int, StrayQuote] = field(default_factory=dict)
    escaped: list[tuple[int, list[str]]] = field(default_factory=list)


def split_line(line: str, delimiter: str) -> list[str] | None:
    """Return the cells of one line by the rules of CSV; None if its quotes break them."""
    if '"' not in line:
        return line.split(delimiter)
    try:
        return next(csv.reader([line], delimiter=delimiter, strict=True), []) or [""]
    except csv.Error:
        return None


def split_loosely(line: str, delimiter: str) -> list[str]:
    """Return the cells of a line with broken quotes, split at every delimiter and unquoted."""
    return [_unquote(cell) for cell in line.split(delimiter)]


def _unquote(cell: str) -> str:
    """Return a cell of a CSV line without its quotes."""
    is_quoted = len(cell) > 1 and cell[0] == cell[-1] == '"'
    return cell[1:-1].replace('""', '"') if is_quoted else cell


def split_row(line: str, delimiter: str) -> list[str]:
    """Return the cells of one line, by the rules of CSV if its quotes follow them."""
    return split_line(line, delimiter) or split_loosely(line, delimiter)


def recover(numbers: np.ndarray, lines: Sequence[bytes], shape: Shape) -> Recovered:
    """Recover what can be read of a CSV file's irregular lines.

    `numbers` are their physical lines, `lines` their bytes with line ends. A row may span several
    irregular lines if its quote is closed by the rules and it then has the right length.
    """
    recovered = Recovered()
    pattern = compile_line_pattern(shape.delimiter)
    at = 0
    while at < len(lines):
        number, text = int(numbers[at]), decode_line(lines[at])
        row, count = split_line(text, shape.delimiter), 1
        if ESCAPED in text and _add_escaped(recovered, row, shape, number=number, text=text):
            at += 1
            continue
        if row is None and ends_in_quotes([text], shape.delimiter):
            row, count = _read_multiline(lines[at : at + _measure_reach(numbers, at)], shape)
            if row is None:
                cells = [cell.strip('"') for cell in split_loosely(text, shape.delimiter)]
                recovered.unclosed.append((number, cells))
        elif row is None:
            row = split_loosely(text, shape.delimiter)
        if row is not None:
            if count == 1 and len(row) == shape.width and not pattern.fullmatch(text):
                recovered.stray[number] = StrayQuote.BARE
            _add_row(recovered, row, shape, first=number, last=int(numbers[at + count - 1]))
        at += count
    return recovered


def _add_escaped(
    recovered: Recovered, row: list[str] | None, shape: Shape, *, number: int, text: str
) -> bool:
    """Add a line with backslashes before quotation marks; return whether it can be read that way.

    `row`: its cells by the rules of CSV, None if its quotes break them. A row that has the right
    length only by its backslashes cannot be read whole by others.
    """
    reader = csv.reader([text], delimiter=shape.delimiter, escapechar="\\", doublequote=False)
    try:
        cells = next(reader, [])
    except csv.Error:
        return False
    if len(cells) != shape.width:
        return False
    plain = row or split_loosely(text, shape.delimiter)
    recovered.stray[number] = StrayQuote.BACKSLASH
    if len(plain) == shape.width:
        recovered.rows.append((number, number, cells))
    else:
        recovered.escaped.append((number, cells))
    return True


def _add_row(recovered: Recovered, row: list[str], shape: Shape, *, first: int, last: int) -> None:
    """Add a row of a CSV file that was read alone; `first` and `last` are its lines."""
    if len(row) == shape.width:
        recovered.rows.append((first, last, row))
    elif is_blank(row):
        recovered.blank.append(first)
    elif len(row) > shape.width and is_blank(row[shape.width :]):
        recovered.rows.append((first, last, row[: shape.width]))
        recovered.padded.append(first)
    else:
        kept = row
        if len(recovered.short) >= MAX_WHOLE:
            kept = row[: shape.leading + max(len(row) - shape.width, 0)]
        recovered.short.append((first, len(row), kept[:MAX_CELLS]))


def decode_line(line: bytes) -> str:
    """Decode one line of a CSV file, without its line end."""
    return line.decode("utf-8").removesuffix("\n").removesuffix("\r")


def is_blank(row: Sequence[str]) -> bool:
    """Return whether every cell of a CSV row is blank."""
    return not "".join(row).strip(BLANKS)


def ends_in_quotes(lines: Sequence[str], delimiter: str) -> bool:
    """Return whether lines that are not a row by the rules of CSV only lack a closing quote."""
    try:
        next(csv.reader([*lines, '"'], delimiter=delimiter, strict=True), [])
    except csv.Error:
        return False
    return True


def _measure_reach(numbers: np.ndarray, at: int) -> int:
    """Return how many adjacent irregular lines a row may span from a position."""
    stop = at + 1
    while stop < len(numbers) and stop - at < MAX_SPAN and numbers[stop] == numbers[stop - 1] + 1:
        stop += 1
    return stop - at


def _read_multiline(lines: Sequence[bytes], shape: Shape) -> tuple[list[str] | None, int]:
    """Return the row that begins in an open line and its number of lines; None and 1 for no row."""
    reader = csv.reader(
        (line.decode("utf-8") for line in lines), delimiter=shape.delimiter, strict=True
    )
    try:
        row = next(reader)
    except csv.Error:
        return None, 1
    return (row, reader.line_num) if len(row) == shape.width else (None, 1)


def compile_line_pattern(delimiter: str) -> re.Pattern[str]:
    """Return the pattern of lines whose quotes follow the rules of CSV within the line."""
    mark = re.escape(delimiter)
    cell = rf'(?:"(?:[^"]|"")*"|[^"{mark}]*)'
    return re.compile(rf"{cell}(?:{mark}{cell})*", re.S)


def count_cells(lines: Sequence[bytes], delimiter: str) -> np.ndarray:
    """Return the cell count of each line (int32): 0 for an empty line, -1 for broken quotes."""
    pattern = compile_line_pattern(delimiter)
    out = np.zeros(len(lines), np.int32)
    for at, line in enumerate(lines):
        text = decode_line(line)
        row = split_line(text, delimiter) if text else []
        out[at] = -1 if row is None or not pattern.fullmatch(text) else len(row)
    return out
