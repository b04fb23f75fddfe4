"""The fast way: lines that are whole rows by themselves, counted with numpy and read by Arrow."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.csv

from validator import parallel
from validator.ingest.csv import lines
from validator.ingest.csv.lines import Shape, Text

BLOCK = 1 << 23
"""Bytes that Arrow reads in one go; also the longest line it takes without being asked twice."""
MAX_REFUSED = 10_000
"""Lines of another length that Arrow may name one by one; beyond, they are counted first and left out."""
QUOTE, LINE_END, RETURN = 34, 10, 13

DICTIONARY = pa.dictionary(pa.int32(), pa.string())


class Unreadable(Exception):
    """Arrow gave up: more lines of another length than it may name one by one, or a line beyond its measure."""


def has_sound_quotes(text: Text, delimiter: str) -> bool:
    """Whether the quotes of every line keep the rules of CSV within that line."""
    return all(
        parallel.map_each(
            lambda piece: _is_sound(piece[-1], ord(delimiter)), text.chunks(), size=len(text.data)
        )
    )


def _is_sound(chunk: np.ndarray, delimiter: int) -> bool:
    """The same as `_kept` for every quote in one go: where each line has an even number, odd ones open, even close."""
    quotes = np.flatnonzero(chunk == QUOTE)
    if not len(quotes):
        return True
    earlier = np.searchsorted(quotes, np.append(np.flatnonzero(chunk == LINE_END), len(chunk)))
    if (earlier % 2).any():
        return False
    edge = np.zeros(256, bool)
    edge[[delimiter, LINE_END, QUOTE]] = True
    opens = quotes[0::2] if quotes[0] else quotes[2::2]
    if not edge[chunk[opens - 1]].all():
        return False
    edge[RETURN] = True
    closes = quotes[1::2] if quotes[-1] + 1 < len(chunk) else quotes[1:-1:2]
    return bool(edge[chunk[closes + 1]].all())


def _judge_quotes(chunk: np.ndarray, quotes: np.ndarray, how: tuple[np.ndarray, int]) -> np.ndarray:
    """Per quote, whether it opens or closes a cell where one may; the last of an odd number never does.

    `how`: the line of each quote, and the delimiter.

    Within a line, the 1st, 3rd ... quote opens (at the start of a cell, or right after the one that seemed to close:
    a doubled quote), the 2nd, 4th ... closes (at the end of a cell, or right before the next).
    """
    line, delimiter = how
    new = np.append(True, line[1:] != line[:-1])
    starts = np.flatnonzero(new)
    order = np.arange(len(quotes)) - np.repeat(starts, np.diff(np.append(starts, len(quotes))))
    before = np.where(quotes > 0, chunk[quotes - 1], LINE_END)
    after = np.where(
        quotes + 1 < len(chunk), chunk[np.minimum(quotes + 1, len(chunk) - 1)], LINE_END
    )
    at_start = (before == delimiter) | (before == LINE_END) | (before == QUOTE)
    at_end = (after == delimiter) | (after == LINE_END) | (after == QUOTE) | (after == RETURN)
    opens = order % 2 == 0
    last = np.append(new[1:], True)
    return np.asarray(np.where(opens, at_start & ~last, at_end), bool)


def count_cells(text: Text, delimiter: str) -> np.ndarray:
    """How many cells each line has (int32): 0 for an empty line, -1 where quotes break the rules."""
    parts = [_count_cells(chunk, ord(delimiter)) for _, _, chunk in text.chunks()]
    return np.concatenate(parts) if parts else np.zeros(0, np.int32)


def _count_cells(chunk: np.ndarray, delimiter: int) -> np.ndarray:
    stops = lines.find_line_ends(chunk)
    marks = np.flatnonzero((chunk == delimiter) | (chunk == QUOTE) | (chunk == LINE_END))
    kind = chunk[marks]
    line = np.cumsum(kind == LINE_END, dtype=np.int32) - (kind == LINE_END)
    quoted = kind == QUOTE
    outside = kind == delimiter
    if quoted.any():
        # After an odd number of quotes in its line, a delimiter is text.
        per_line = np.bincount(line[quoted], minlength=len(stops))
        earlier = np.cumsum(per_line) - per_line
        outside &= (np.cumsum(quoted) - earlier[line]) % 2 == 0
    out = (np.bincount(line[outside], minlength=len(stops)) + 1).astype(np.int32)
    if quoted.any():
        out[line[quoted][~_judge_quotes(chunk, marks[quoted], (line[quoted], delimiter))]] = -1
    begins = np.append(0, stops[:-1] + 1)
    empty = (stops == begins) | ((stops == begins + 1) & (chunk[begins] == RETURN))
    out[empty] = 0
    return out


def read_table(text: Text, shape: Shape, without: np.ndarray | None = None) -> tuple[pa.Table, int]:
    """The wanted cells of all lines, and how many lines Arrow left out because of their length.

    `without`: begin and end (two columns) of the lines that are not to be read. Raises Unreadable where Arrow gives up.
    """
    refused = 0

    def refuse(_: object) -> str:
        nonlocal refused
        refused += 1
        return "skip" if refused <= MAX_REFUSED else "error"

    try:
        return _parse(_make_source(text, without), shape, (refuse, BLOCK)), refused
    except pa.ArrowInvalid as error:
        longer = "straddling" in str(error)
    if longer:
        refused = 0
        block = (
            max(
                int(np.diff(lines.find_line_ends(chunk), prepend=-1).max())
                for _, _, chunk in text.chunks()
            )
            + 2
        )
        try:
            return _parse(_make_source(text, without), shape, (refuse, max(block, BLOCK))), refused
        except (pa.ArrowInvalid, OverflowError):
            pass
    raise Unreadable


def _make_source(text: Text, without: np.ndarray | None) -> object:
    """What Arrow reads: the text, led by the line end before it.

    That empty line is skipped; without it Arrow would take a byte order mark off the first cell.
    """
    if without is None:
        return pa.BufferReader(pa.py_buffer(text.data).slice(text.start - 1))
    return pa.PythonFile(Pieces(text, without), mode="r")


def _parse(source: object, shape: Shape, how: tuple[object, int]) -> pa.Table:
    refuse, block = how
    types = {str(at): DICTIONARY if coded else pa.string() for at, coded in shape.wanted.items()}
    return pyarrow.csv.read_csv(
        source,
        read_options=pyarrow.csv.ReadOptions(
            column_names=[str(at) for at in range(shape.width)], skip_rows=1, block_size=block
        ),
        parse_options=pyarrow.csv.ParseOptions(
            delimiter=shape.delimiter,
            newlines_in_values=False,
            ignore_empty_lines=False,
            invalid_row_handler=refuse,
        ),
        convert_options=pyarrow.csv.ConvertOptions(
            check_utf8=False,
            null_values=[],
            strings_can_be_null=False,
            quoted_strings_can_be_null=False,
            column_types=types,
            include_columns=list(types),
        ),
    )


class Pieces(io.RawIOBase):
    """The text without some lines, as a file: the bytes are handed on piece by piece, never copied as a whole."""

    def __init__(self, text: Text, without: np.ndarray) -> None:
        self.data = memoryview(text.data)
        begins = np.append(text.start - 1, without[:, 1])
        stops = np.append(without[:, 0], len(text.data))
        self.spans = [
            (b, e) for b, e in zip(begins.tolist(), stops.tolist(), strict=True) if e > b
        ][::-1]

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: object) -> int:
        """How many bytes were put into the buffer; it is filled as long as there are any."""
        out = memoryview(buffer)  # type: ignore[arg-type]
        filled = 0
        while self.spans and filled < len(out):
            begin, end = self.spans.pop()
            taken = min(end - begin, len(out) - filled)
            out[filled : filled + taken] = self.data[begin : begin + taken]
            filled += taken
            if begin + taken < end:
                self.spans.append((begin + taken, end))
        return filled


def build_table(rows: Sequence[Sequence[str]], shape: Shape) -> pa.Table:
    """The wanted cells of rows that were read one by one."""
    columns = {}
    for at, coded in shape.wanted.items():
        column = pa.array([row[at] for row in rows], pa.string())
        columns[str(at)] = column.dictionary_encode() if coded else column
    return pa.table(columns)
