"""The rows of a written file as text, each with its line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from validator.ingest.csv import exact, header, lines, rows
from validator.ingest.csv.lines import Shape
from validator.model import FileColumn, Position, dataclass


@dataclass(frozen=True, eq=False)
class TextRows:
    """The headings and columns of a file, the line of each row, and lines that are no rows."""

    headings: Sequence[FileColumn]
    columns: Sequence[Any]
    lines: np.ndarray
    others: Sequence[tuple[int, str]]
    headed: bool = True


def read_text_rows(data: bytes, *, headed: bool = True) -> TextRows:
    """Read the rows of a mended or converted file: UTF-8, commas, one header line.

    Without a header line, the columns have positions instead of headings.
    """
    first = next((each for each in header.iterate_candidates(data) if each.delimiter == ","), None)
    if first is None:
        return TextRows((), (), np.zeros(0, np.int64), ())
    if headed:
        text = lines.index_lines(data, first.offset, first.end + 1)
        headings: Sequence[FileColumn] = first.cells
    else:  # the rows begin after a line end, as below a header
        text = lines.index_lines(b"\n" + data, 1, 1)
        headings = [Position(number) for number in range(1, first.width + 1)]
    shape = Shape(",", first.width, dict.fromkeys(range(first.width), False), first.width)
    read = rows.read_rows(text, shape)
    columns = [read.table.column(str(at)).combine_chunks() for at in range(first.width)]
    recovered = read.recovered
    other = [line for line, _, _ in recovered.short]
    other += [line for line, _ in [*recovered.unclosed, *recovered.escaped]]
    other = sorted([*other, *recovered.blank])
    texts = [exact.decode_line(piece) for piece in lines.cut_lines(text, np.asarray(other))]
    numbers = read.numbers(np.arange(read.table.num_rows)).astype(np.int64)
    plain = [column if hasattr(column, "buffers") else column.chunk(0) for column in columns]
    return TextRows(headings, plain, numbers, list(zip(other, texts, strict=True)), headed=headed)
