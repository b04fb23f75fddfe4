"""Rows read by Arrow, for lines that are complete rows."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.csv

from validator import parallel
from validator.frame.arrays import count_numbers, repeat_each
from validator.ingest.csv import lines
from validator.ingest.csv.columns import combine_columns
from validator.ingest.csv.lines import Shape, Text

BLOCK = 1 << 20
"""Bytes that Arrow reads at a time, which is also its longest line."""
CACHED = 1 << 18
"""Bytes whose quotes are checked at a time, so that they stay in a processor's cache."""
MAX_REFUSED = 10_000
"""Lines of a wrong length that Arrow may report one by one; more are excluded beforehand."""
QUOTE, LINE_END, RETURN = 34, 10, 13

DICTIONARY = pa.dictionary(pa.int32(), pa.string())


class Unreadable(Exception):
    """Arrow cannot read the text: unsound quotes, too many lines of a wrong length, or one too
    long."""


def has_sound_quotes(text: Text, delimiter: str) -> bool:
    """Return whether the quotes of every line follow the rules of CSV within that line."""
    if text.data.find(b'"', text.start, text.end) < 0:
        return True
    return all(
        _quotes_every_cell(block, ord(delimiter)) or _is_sound(block, ord(delimiter))
        for block in text.blocks(CACHED)
    )


def _quotes_every_cell(block: np.ndarray, delimiter: int) -> bool:
    """Return whether all cells of some CSV lines are in quotes and hold none; a quick first test.

    Then the first and the last character are quotes, and all others are the two that close a cell
    and open the next one.
    """
    last = len(block) - 1 - (block[-1] == LINE_END)
    if last < 2 or block[0] != QUOTE or block[last] != QUOTE or _begins_quoted_twice(block):
        return False
    is_quote, is_end = block == QUOTE, block == LINE_END
    is_pair = is_quote[:-2] & is_quote[2:]
    is_border = is_pair & (block[1:-1] == delimiter)
    is_turn = is_pair & is_end[1:-1]
    either = is_border | is_turn
    borders, turns = np.count_nonzero(is_border), np.count_nonzero(is_turn)
    overlaps = either[2:] & either[:-2]
    if either[0] or either[last - 2] or overlaps.any():
        return False
    is_complete = np.count_nonzero(is_quote) == 2 * (borders + turns) + 2
    return bool(is_complete and np.count_nonzero(is_end) == turns + (last < len(block) - 1))


def _is_sound(chunk: np.ndarray, delimiter: int) -> bool:
    """Return whether every quote of a chunk is sound, without a result per quote.

    Each line must have an even number of quotes: odd ones open a cell, even ones close it.
    """
    quotes, width = _find_quotes(chunk)
    if not len(quotes):
        return True
    if len(quotes) % 2:
        return False
    edge = np.zeros(256, bool)
    edge[[delimiter, LINE_END, QUOTE]] = True
    opens = quotes[0::2] if quotes[0] else quotes[2::2]
    if not edge[chunk[opens - 1]].all():
        return False
    edge[RETURN] = True
    closes = quotes[1::2] if quotes[-1] + width < len(chunk) else quotes[1:-1:2]
    after = chunk[closes + width]
    return bool(edge[after].all()) and _ends_between(chunk, quotes, after)


def _ends_between(chunk: np.ndarray, quotes: np.ndarray, after: np.ndarray) -> bool:
    """Return whether an even number of quotes is before each line end of a chunk.

    `after`: the characters behind the closing quotes; where all line ends are among them, they need
    not be searched.
    """
    is_end = chunk == LINE_END
    if np.count_nonzero(is_end) == np.count_nonzero(after == LINE_END):
        return True
    before = np.searchsorted(quotes, np.flatnonzero(is_end))
    return not (before % 2).any()


def _find_quotes(chunk: np.ndarray) -> tuple[np.ndarray, int]:
    """Return where the quotes of some lines are, or where three in a row begin, and 1 or 3.

    Values that are quoted twice have all quotes in threes, which open and close a cell where one
    quote does.
    """
    is_quote = chunk == QUOTE
    if _begins_quoted_twice(chunk):
        triples = np.flatnonzero(is_quote[:-2] & is_quote[1:-1] & is_quote[2:])
        is_apart = bool((np.diff(triples) > 1).all())
        if is_apart and 3 * len(triples) == np.count_nonzero(is_quote):
            return triples, 3
    return np.flatnonzero(is_quote), 1


def _begins_quoted_twice(chunk: np.ndarray) -> bool:
    """Return whether the first cell of some lines begins with a quote that is a part of it."""
    return len(chunk) > 2 and bool((chunk[:3] == QUOTE).all())


def _judge_quotes(
    chunk: np.ndarray, quotes: np.ndarray, *, line: np.ndarray, delimiter: int
) -> np.ndarray:
    """Return per quote whether it is where a quote may be; `line` is the line of each quote.

    Within a line, the 1st, 3rd ... quote must open: at the start of a cell, or directly after a
    quote (a doubled quote). The 2nd, 4th ... must close: at the end of a cell, or directly before a
    quote. The last of an odd number is never sound.
    """
    new = np.append(True, line[1:] != line[:-1])
    starts = np.flatnonzero(new)
    order = np.arange(len(quotes)) - repeat_each(starts, np.diff(np.append(starts, len(quotes))))
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
    """Return the cell count of each line (int32): 0 for an empty line, -1 for broken quotes."""

    def count(chunk: np.ndarray) -> np.ndarray:
        return _count_cells(chunk, ord(delimiter))

    chunks = [chunk for _, _, chunk in text.chunks()]
    parts = parallel.map_each(count, chunks, size=text.end - text.start)
    return np.concatenate(parts) if parts else np.zeros(0, np.int32)


def _count_cells(chunk: np.ndarray, delimiter: int) -> np.ndarray:
    """Count the cells in each line of a CSV file, without reading them."""
    stops = lines.find_line_ends(chunk)
    marks = np.flatnonzero((chunk == delimiter) | (chunk == QUOTE) | (chunk == LINE_END))
    kind = chunk[marks]
    line = np.cumsum(kind == LINE_END, dtype=np.int32) - (kind == LINE_END)
    quoted = kind == QUOTE
    outside = kind == delimiter
    if quoted.any():
        # After an odd number of quotes in its line, a delimiter is text.
        per_line = count_numbers(line[quoted], minlength=len(stops))
        earlier = np.cumsum(per_line) - per_line
        outside &= (np.cumsum(quoted) - earlier[line]) % 2 == 0
    out = (count_numbers(line[outside], minlength=len(stops)) + 1).astype(np.int32)
    if quoted.any():
        lines_of_quotes = line[quoted]
        is_sound = _judge_quotes(chunk, marks[quoted], line=lines_of_quotes, delimiter=delimiter)
        out[lines_of_quotes[~is_sound]] = -1
    begins = np.append(0, stops[:-1] + 1)
    empty = (stops == begins) | ((stops == begins + 1) & (chunk[begins] == RETURN))
    out[empty] = 0
    return out


def read_table(text: Text, shape: Shape, without: np.ndarray | None = None) -> tuple[pa.Table, int]:
    """Read all lines of a CSV file by Arrow: the wanted cells, and how many lines were too long.

    `without`: begin and end (two columns) of lines to exclude, which are all with unsound quotes.
    Raises Unreadable.
    """
    try:
        return _read_chunks(text, shape, without=without, block=BLOCK)
    except pa.ArrowInvalid:
        block = _measure_longest(text) + 2
    if block > BLOCK:
        try:
            return _read_chunks(text, shape, without=without, block=block)
        except (pa.ArrowInvalid, OverflowError):
            pass
    raise Unreadable


def _read_chunks(
    text: Text, shape: Shape, *, without: np.ndarray | None, block: int
) -> tuple[pa.Table, int]:
    """Read a CSV file chunk by chunk, so that Arrow never holds the cells of all of them."""
    refused = 0

    def refuse(_: object) -> str:
        nonlocal refused
        refused += 1
        return "skip" if refused <= MAX_REFUSED else "error"

    def read(chunk: Text) -> pa.Table:
        if without is None and not has_sound_quotes(chunk, shape.delimiter):
            raise Unreadable
        return _parse(_make_source(chunk, without), shape, refuse=refuse, block=block)

    size = text.end - text.start
    table = combine_columns(pa.concat_tables(parallel.map_each(read, text.split(), size=size)))
    return table, refused


def _measure_longest(text: Text) -> int:
    """Return the bytes of the longest line."""
    return max(
        int(np.diff(lines.find_line_ends(chunk), prepend=-1).max()) for _, _, chunk in text.chunks()
    )


def _make_source(text: Text, without: np.ndarray | None) -> object:
    """Return a CSV file's text for Arrow, with the line end before it.

    That empty line is skipped; without it Arrow would remove a byte order mark from the first cell.
    """
    if without is None:
        return pa.BufferReader(pa.py_buffer(text.data)[text.start - 1 : text.end])
    return pa.PythonFile(Pieces(text, without), mode="r")


def _parse(source: object, shape: Shape, *, refuse: object, block: int) -> pa.Table:
    """Read the complete lines of a CSV file by Arrow."""
    types = {str(at): DICTIONARY if coded else pa.string() for at, coded in shape.wanted.items()}
    return combine_columns(
        pyarrow.csv.read_csv(
            source,
            read_options=pyarrow.csv.ReadOptions(
                column_names=[str(at) for at in range(shape.width)],
                skip_rows=1,
                block_size=block,
                use_threads=False,
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
    )


class Pieces(io.RawIOBase):
    """The text without some lines, as a binary file that is never copied as a whole."""

    def __init__(self, text: Text, without: np.ndarray) -> None:
        self.data = memoryview(text.data)
        here = without[(text.start <= without[:, 0]) & (without[:, 0] < text.end)]
        begins = np.append(text.start - 1, here[:, 1])
        stops = np.append(here[:, 0], text.end)
        self.spans = [
            (b, e) for b, e in zip(begins.tolist(), stops.tolist(), strict=True) if e > b
        ][::-1]

    def readable(self) -> bool:
        """Return True: Arrow can read the lines of the CSV file."""
        return True

    def readinto(self, buffer: object) -> int:
        """Read a CSV file's bytes into the buffer; return their number, 0 at the end."""
        out = memoryview(buffer)  # type: ignore[arg-type]
        filled = 0
        while self.spans and filled < len(out):
            begin, end = self.spans.pop()
            count = min(end - begin, len(out) - filled)
            out[filled : filled + count] = self.data[begin : begin + count]
            filled += count
            if begin + count < end:
                self.spans.append((begin + count, end))
        return filled


def build_table(rows: Sequence[Sequence[str]], shape: Shape) -> pa.Table:
    """Build the Arrow table of CSV rows that were read one by one: their wanted cells."""
    columns = {}
    for at, coded in shape.wanted.items():
        column = pa.array([row[at] for row in rows], pa.string())
        columns[str(at)] = column.dictionary_encode() if coded else column
    return pa.table(columns)
