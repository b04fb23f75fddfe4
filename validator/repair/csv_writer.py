"""CSV text from Arrow columns: UTF-8, commas, and quotation marks only where CSV needs them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

Column: TypeAlias = Any
"""An Arrow array or chunked array; pyarrow has no types."""

CRLF, LF = "\r\n", "\n"
ROWS = 1 << 16
"""Rows written at a time."""

NEEDS_QUOTES = '[",\r\n]'
_MARKS = (b'"', b",", b"\r", b"\n")


def write_header(headings: Sequence[str], line_end: str = CRLF) -> bytes:
    """Return the header line of a repaired file."""
    cells = [quote(pa.array([heading], pa.string()))[0].as_py() for heading in headings]
    return (",".join(cells) + line_end).encode()


def write_rows(columns: Sequence[Column], line_end: str = CRLF) -> Iterator[bytes]:
    """Yield the lines of a corrected file's rows, some ten thousand rows at a time."""
    for lines in join_rows(columns):
        yield get_bytes(pc.binary_join_element_wise(lines, line_end, ""))


def join_rows(columns: Sequence[Column]) -> Iterator[pa.Array]:
    """Yield the lines of the rows to write without line ends, as large arrays."""
    count = len(columns[0]) if columns else 0
    coded = [_quote_dictionary(column) for column in columns]
    for start in range(0, count, ROWS):
        cells = [_take_cells(column, start) for column in coded]
        if len(cells) == 1:  # a lone blank cell would be an empty line
            cells = [pc.if_else(pc.equal(cells[0], ""), '""', cells[0])]
        yield pc.binary_join_element_wise(*cells, ",")


def join_cells(cells: Sequence[str]) -> str:
    """Return one row of a file to write as a line without its end."""
    lines = next(join_rows([pa.array([cell], pa.string()) for cell in cells]))
    text: str = lines[0].as_py()
    return text


def quote(values: pa.Array) -> pa.Array:
    """Quote values for a mended CSV file, only where CSV needs it."""
    text = get_bytes(values)
    if not any(mark in text for mark in _MARKS):
        return values
    needed = pc.match_substring_regex(values, pattern=NEEDS_QUOTES)
    doubled = pc.replace_substring(values, pattern='"', replacement='""')
    return pc.if_else(needed, pc.binary_join_element_wise('"', doubled, '"', ""), values)


def get_bytes(values: pa.Array) -> bytes:
    """Return the text of all values to write into a corrected file, one after the other."""
    if not len(values):
        return b""
    _, offsets, data = values.buffers()
    if data is None:
        return b""
    width = 8 if pa.types.is_large_string(values.type) else 4
    edges = memoryview(offsets).cast("q" if width == 8 else "i")
    begin, end = edges[values.offset], edges[values.offset + len(values)]
    text: bytes = data.slice(begin, end - begin).to_pybytes()
    return text


def _quote_dictionary(column: Column) -> Column:
    """Return a dictionary column with its distinct values quoted; other columns as they are."""
    if not pa.types.is_dictionary(column.type):
        return column
    if isinstance(column, pa.ChunkedArray):
        chunks = [_quote_dictionary(chunk) for chunk in column.chunks]
        return pa.chunked_array(chunks, column.type)
    quoted = quote(column.dictionary.cast(pa.string()))
    return pa.DictionaryArray.from_arrays(column.indices, quoted)


def _take_cells(column: Column, start: int) -> pa.Array:
    """Return the cells of a corrected file's rows from `start` on, quoted where needed."""
    part = column.slice(start, ROWS)
    coded = pa.types.is_dictionary(part.type)
    if isinstance(part, pa.ChunkedArray):
        chunks = [chunk.cast(pa.string()) if coded else chunk for chunk in part.chunks]
        whole = pa.chunked_array(chunks, pa.string()).combine_chunks()
        part = whole if isinstance(whole, pa.Array) else whole.chunk(0)
    cells = part.cast(pa.string())
    return cells if coded else quote(cells)
