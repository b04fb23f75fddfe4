"""The exact way: rows read one by one, where a line is no whole row by itself."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from validator import limits
from validator.frame import values
from validator.ingest.csv.lines import Shape

MAX_SPAN = 200
"""Lines over which one row may run; a quote open longer was never closed."""
MAX_WHOLE = 10_000
"""Rows of a wrong length whose cells are all kept, up to `MOST_CELLS` of each."""
MAX_CELLS = limits.get_limit("row-cells")

csv.field_size_limit(2**31 - 1)


@dataclass(eq=False)
class Recovered:
    """What became of lines that are no whole row by themselves.

    `rows`: line, last line and cells of rows that could be made out. `short`: line, number of cells and cells of rows
    of a wrong length; after the first so many, only the cells that hold ids. `unclosed`: line and cells of rows that
    open a quote and never close it. `blank`: lines that hold nothing.
    """

    rows: list[tuple[int, int, list[str]]] = field(default_factory=list)
    short: list[tuple[int, int, list[str]]] = field(default_factory=list)
    unclosed: list[tuple[int, list[str]]] = field(default_factory=list)
    blank: list[int] = field(default_factory=list)


def split_line(line: str, delimiter: str) -> list[str] | None:
    """The cells of one line by the rules of CSV; None if its quotes break them."""
    if '"' not in line:
        return line.split(delimiter)
    try:
        return next(csv.reader([line], delimiter=delimiter, strict=True), []) or [""]
    except csv.Error:
        return None


def split_loosely(line: str, delimiter: str) -> list[str]:
    """The cells of a line whose quotes are broken: cut at every delimiter, whole pairs of quotes taken off."""
    return [
        cell[1:-1].replace('""', '"') if len(cell) > 1 and cell[0] == cell[-1] == '"' else cell
        for cell in line.split(delimiter)
    ]


def recover(numbers: np.ndarray, lines: Sequence[bytes], shape: Shape) -> Recovered:
    """What can be made of irregular lines; `numbers` are their physical lines, `lines` their bytes with line ends.

    A row may run on over following irregular lines if its quote closes by the rules and it then has the right length.
    """
    out = Recovered()
    at = 0
    while at < len(lines):
        number, text = int(numbers[at]), decode_line(lines[at])
        row, taken = split_line(text, shape.delimiter), 1
        if row is None and _is_open(text, shape.delimiter):
            row, taken = _read_multiline(lines[at : at + _measure_reach(numbers, at)], shape)
            if row is None:
                out.unclosed.append(
                    (number, [cell.strip('"') for cell in split_loosely(text, shape.delimiter)])
                )
        elif row is None:
            row = split_loosely(text, shape.delimiter)
        if row is not None and len(row) == shape.width:
            out.rows.append((number, int(numbers[at + taken - 1]), row))
        elif row is not None and is_blank(row):
            out.blank.append(number)
        elif row is not None:
            kept = (
                row
                if len(out.short) < MAX_WHOLE
                else row[: shape.leading + max(len(row) - shape.width, 0)]
            )
            out.short.append((number, len(row), kept[:MAX_CELLS]))
        at += taken
    return out


def decode_line(line: bytes) -> str:
    """A line's text without its line end."""
    return line.decode("utf-8").removesuffix("\n").removesuffix("\r")


def is_blank(row: Sequence[str]) -> bool:
    """Whether no cell holds anything."""
    return not "".join(row).strip(values.BLANKS)


def _is_open(text: str, delimiter: str) -> bool:
    """Whether the line ends inside a quoted cell and breaks no other rule."""
    try:
        next(csv.reader([text], delimiter=delimiter, strict=True), [])
    except csv.Error as error:
        return "unexpected end of data" in str(error)
    return False


def _measure_reach(numbers: np.ndarray, at: int) -> int:
    """Over how many lines, all irregular and one after the other, a row may run from a position."""
    stop = at + 1
    while stop < len(numbers) and stop - at < MAX_SPAN and numbers[stop] == numbers[stop - 1] + 1:
        stop += 1
    return stop - at


def _read_multiline(lines: Sequence[bytes], shape: Shape) -> tuple[list[str] | None, int]:
    """The row that begins in an open line and how many lines it takes; None and 1 if it never closes."""
    reader = csv.reader(
        (line.decode("utf-8") for line in lines), delimiter=shape.delimiter, strict=True
    )
    try:
        row = next(reader)
    except csv.Error:
        return None, 1
    return (row, reader.line_num) if len(row) == shape.width else (None, 1)


def compile_line_pattern(delimiter: str) -> re.Pattern[str]:
    """What a line matches whose quotes keep all rules of CSV by themselves."""
    mark = re.escape(delimiter)
    cell = rf'(?:"(?:[^"]|"")*"|[^"{mark}]*)'
    return re.compile(rf"{cell}(?:{mark}{cell})*", re.S)


def count_cells(lines: Sequence[bytes], delimiter: str) -> np.ndarray:
    """How many cells each line has (int32): 0 for an empty line, -1 where quotes break the rules."""
    pattern = compile_line_pattern(delimiter)
    out = np.zeros(len(lines), np.int32)
    for at, line in enumerate(lines):
        text = decode_line(line)
        row = split_line(text, delimiter) if text else []
        out[at] = -1 if row is None or not pattern.fullmatch(text) else len(row)
    return out
