"""The rows of a file: complete lines are read by Arrow, others one by one, in file order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import field, replace
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from validator.frame import values as frame_values
from validator.frame.arrays import repeat_each
from validator.ingest.csv import exact, fast, footer, header, lines
from validator.ingest.csv.exact import Recovered
from validator.ingest.csv.header import Header
from validator.ingest.csv.lines import Shape, Text
from validator.model import dataclass
from validator.text import BLANKS

FEW = 1000
"""Up to this many rows are removed or inserted slice by slice; for more, one pass is cheaper."""
MOST_TRAILING = 100
"""Empty cells beyond the header that are removed from all lines at once."""
MAX_FOOTER = 5
"""Lines at the end that may be a footer."""


@dataclass(frozen=True, eq=False)
class Rows:
    """The rows below the header, and the lines that were left out.

    table: the wanted cells, in columns named by position.
    lines: the physical line of each row; None where row k is line first + k.
    trailing: the number of rows with extra delimiters at their end, if most rows have them.
    """

    text: Text
    table: pa.Table
    lines: np.ndarray | None
    recovered: Recovered = field(default_factory=Recovered)
    trailing: int = 0
    repeated: tuple[int, ...] = ()
    footer: tuple[int, ...] = ()

    def numbers(self, positions: np.ndarray) -> np.ndarray:
        """Return the physical lines of some rows, given by position."""
        return np.asarray(
            positions + self.text.first if self.lines is None else self.lines[positions]
        )

    def positions(self, numbers: Sequence[int]) -> np.ndarray:
        """Return the positions of the CSV rows that begin on some lines of the file being read."""
        if self.lines is None:
            return np.asarray([number - self.text.first for number in numbers], np.int64)
        if not len(numbers):
            return np.zeros(0, np.int64)
        return np.flatnonzero(np.isin(self.lines, numbers))


def read_rows(text: Text, shape: Shape, *, exact_only: bool = False) -> Rows:
    """Read the rows below a CSV file's header; the result does not depend on `exact_only`."""
    if not text.count:
        return Rows(text, fast.build_table([], shape), None)
    if exact_only:
        pieces = lines.cut_lines(text, _number_lines(text))
        counts = exact.count_cells(pieces, shape.delimiter)
        return _read_trailing(text, shape, counts, exact_only=True) or _read_exact(
            text, shape, counts
        )
    table, refused = None, 0
    try:
        table, refused = fast.read_table(text, shape)
    except fast.Unreadable:
        table = None
    if table is not None and not refused and table.num_rows == text.count:
        return Rows(text, table, None)
    counts = fast.count_cells(text, shape.delimiter)
    habitual = _read_trailing(text, shape, counts, exact_only=False)
    if habitual is not None:
        return habitual
    good = (counts == shape.width) | (counts == 0)
    if table is None or table.num_rows != good.sum():
        good = counts == shape.width
        bad = text.first + np.flatnonzero(~good)
        try:
            table, refused = fast.read_table(text, shape, lines.find_spans(text, bad))
        except fast.Unreadable:
            refused = 1
        if refused or table is None or table.num_rows != good.sum():
            return _read_exact(text, shape, counts)
    return _splice(text, shape, table, good=good)


def _number_lines(text: Text) -> np.ndarray:
    """Number the physical lines of a CSV file's text."""
    return np.arange(text.first, text.first + text.count)


def _read_trailing(
    text: Text, shape: Shape, counts: np.ndarray, *, exact_only: bool
) -> Rows | None:
    """Return the rows of a file if most of its lines end with extra empty cells, else None."""
    longer = np.flatnonzero(counts > shape.width)
    filled = int((counts != 0).sum())
    if 2 * len(longer) <= filled:
        return None
    extra = np.minimum(counts[longer] - shape.width, MOST_TRAILING + 1)
    data = np.frombuffer(text.data, np.uint8)
    last = lines.find_spans(text, text.first + longer)[:, 1] - 1
    last -= data[last] == fast.LINE_END
    last -= data[last] == fast.RETURN
    is_empty = extra <= MOST_TRAILING
    for step in range(int(extra[is_empty].max(initial=0))):
        is_empty &= (step >= extra) | (data[np.maximum(last - step, 0)] == ord(shape.delimiter))
    last, extra = last[is_empty], extra[is_empty]
    if 2 * len(last) <= filled:
        return None
    ends = repeat_each(last, extra)
    steps = np.arange(len(ends)) - repeat_each(np.cumsum(extra) - extra, extra)
    shorter = np.delete(data, ends - steps).tobytes()
    rest = lines.index_lines(shorter, text.start, text.first)
    return replace(read_rows(rest, shape, exact_only=exact_only), trailing=len(last))


def _read_exact(text: Text, shape: Shape, counts: np.ndarray) -> Rows:
    """Return the rows, read one by one."""
    good = counts == shape.width
    cells = [
        exact.split_line(exact.decode_line(line), shape.delimiter) or []
        for line in lines.cut_lines(text, _number_lines(text)[good])
    ]
    return _splice(text, shape, fast.build_table(cells, shape), good=good)


def _splice(text: Text, shape: Shape, table: pa.Table, *, good: np.ndarray) -> Rows:
    """Join a CSV file's rows: the good lines, and rows recovered from the others."""
    bad = text.first + np.flatnonzero(~good)
    recovered = exact.recover(bad, lines.cut_lines(text, bad), shape)
    numbers = (text.first + np.flatnonzero(good)).astype(np.int32)
    return insert_rows(Rows(text, table, numbers, recovered), recovered.rows, shape)


def insert_rows(rows: Rows, added: Sequence[tuple[int, int, list[str]]], shape: Shape) -> Rows:
    """Insert rows that were read one by one among a CSV file's other rows, in file order.

    `added`: the first line, last line and cells of each.
    """
    if not added:
        return rows
    numbers = rows.numbers(np.arange(rows.table.num_rows)).astype(np.int32)
    inserted = fast.build_table([row for _, _, row in added], shape)
    new_numbers = np.asarray([line for line, _, _ in added], np.int32)
    at = np.searchsorted(numbers, new_numbers)
    if len(np.unique(at)) > FEW:
        joined = pa.concat_tables([rows.table, inserted]).unify_dictionaries()
        order = np.argsort(np.append(numbers, new_numbers), kind="stable")
        table = joined.take(pa.array(order))
    else:
        table = _insert_slices(rows.table, inserted, at)
    return replace(rows, table=table, lines=np.insert(numbers, at, new_numbers))


def _insert_slices(table: pa.Table, inserted: pa.Table, at: np.ndarray) -> pa.Table:
    """Insert rows read one by one among those that Arrow read; positions `at` ascend."""
    parts, done = [], 0
    for position in np.unique(at).tolist():
        low, high = np.searchsorted(at, [position, position + 1]).tolist()
        parts += [table.slice(done, position - done), inserted.slice(low, high - low)]
        done = position
    return pa.concat_tables([*parts, table.slice(done)])


def remove_non_records(rows: Rows, shape: Shape, head: Header) -> Rows:
    """Return the rows without blank rows, repeated headers and the footer."""
    ending = _find_footer(rows, shape)
    blank, repeated = _find_blank(rows, shape), _find_repeated(rows, shape, head)
    drop = np.unique(np.concatenate([blank, repeated, rows.positions(ending)])).astype(np.int64)
    if not len(drop) and not ending:
        return rows
    recovered, dropped = rows.recovered, set(rows.numbers(drop).tolist())
    kept = replace(
        recovered,
        rows=[row for row in recovered.rows if row[0] not in dropped],
        short=[row for row in recovered.short if row[0] not in ending],
        unclosed=[row for row in recovered.unclosed if row[0] not in ending],
        escaped=[row for row in recovered.escaped if row[0] not in ending],
        stray={line: how for line, how in recovered.stray.items() if line not in dropped},
        padded=[line for line in recovered.padded if line not in dropped],
        blank=sorted({*recovered.blank, *rows.numbers(blank).tolist()}),
    )
    numbers = np.delete(rows.numbers(np.arange(rows.table.num_rows)), drop).astype(np.int32)
    return replace(
        rows,
        table=_drop_rows(rows.table, drop),
        lines=numbers,
        recovered=kept,
        repeated=(*rows.repeated, *rows.numbers(repeated).tolist()),
        footer=ending,
    )


def _drop_rows(table: pa.Table, drop: np.ndarray) -> pa.Table:
    """Drop rows of a CSV file's table, given by ascending position."""
    if len(drop) > FEW:
        keep = np.ones(table.num_rows, bool)
        keep[drop] = False
        return table.filter(pa.array(keep))
    edges = [-1, *drop.tolist(), table.num_rows]
    return pa.concat_tables([table.slice(a + 1, b - a - 1) for a, b in pairwise(edges)])


def read_whole_rows(rows: Rows, delimiter: str, numbers: Sequence[int]) -> list[list[str]]:
    """Return all cells of the rows that begin on some lines, which ascend."""
    recovered = {line: row for line, _, row in rows.recovered.rows}
    pieces = [
        exact.decode_line(line)
        for line in lines.cut_lines(rows.text, np.asarray(numbers, np.int64))
    ]
    return [
        recovered.get(number) or exact.split_row(text, delimiter)
        for number, text in zip(numbers, pieces, strict=True)
    ]


def _find_blank(rows: Rows, shape: Shape) -> np.ndarray:
    """Return the positions of the rows without any value."""
    columns = sorted(rows.table.columns, key=lambda values: not pa.types.is_dictionary(values.type))
    blank = np.flatnonzero(_judge_column(columns[0], _is_blank))
    for column in columns[1:]:
        if len(blank):
            blank = blank[_judge_column(column.take(pa.array(blank)), _is_blank)]
    if len(shape.wanted) == shape.width or not len(blank):
        return blank
    cells = read_whole_rows(rows, shape.delimiter, rows.numbers(blank).tolist())
    is_blank = np.asarray([exact.is_blank(row) for row in cells], bool)
    return np.asarray(blank[is_blank])


def _find_repeated(rows: Rows, shape: Shape, head: Header) -> np.ndarray:
    """Return the positions of the rows that repeat the header."""
    if not rows.table.num_rows:
        return np.zeros(0, np.int64)
    at = next((at for at, coded in shape.wanted.items() if coded), next(iter(shape.wanted)))
    heading = header.normalize_cell(head.cells[at])

    def is_heading(values: pa.Array) -> np.ndarray:
        equal = pc.equal(pc.utf8_lower(frame_values.trim(values)), heading)
        return np.asarray(equal.to_numpy(zero_copy_only=False), bool)

    candidates = np.flatnonzero(_judge_column(rows.table.column(str(at)), is_heading))
    cells = read_whole_rows(rows, shape.delimiter, rows.numbers(candidates).tolist())
    is_header = np.asarray([header.is_repeated_header(row, head) for row in cells], bool)
    return np.asarray(candidates[is_header])


def _is_blank(values: pa.Array) -> np.ndarray:
    """Return which cells read from a CSV file are blank."""
    return frame_values.is_blank(frame_values.trim(values))


def _judge_column(column: pa.ChunkedArray, judge: Callable[[pa.Array], np.ndarray]) -> np.ndarray:
    """Judge the cells of a CSV column per row; a coded column by its distinct values."""
    masks = [np.zeros(0, bool)]
    for chunk in column.chunks:
        if not pa.types.is_dictionary(chunk.type):
            masks.append(judge(chunk))
            continue
        judged = judge(chunk.dictionary)
        if judged.any():
            masks.append(judged[chunk.indices.to_numpy()])
        else:
            masks.append(np.zeros(len(chunk), bool))
    return np.concatenate(masks)


def _find_footer(rows: Rows, shape: Shape) -> tuple[int, ...]:
    """Return the lines at the end that are totals or a note about the run."""
    text = rows.text
    continued: set[int] = set()
    for begin, end, _ in rows.recovered.rows:
        continued.update(range(begin + 1, end + 1))
    stop = text.first + text.count
    last = range(max(text.first, stop - 4 * MAX_FOOTER), stop)
    numbered = list(zip(last, lines.cut_lines(text, np.asarray(last)), strict=True))
    numbers: list[int] = []
    for number, line in reversed(numbered):
        row = exact.split_row(exact.decode_line(line), shape.delimiter)
        filled = sum(bool(cell.strip(BLANKS)) for cell in row)
        if not filled:
            continue
        is_complete = filled == len(row) == shape.width and not footer.is_total(row)
        if is_complete or number in continued or len(numbers) == MAX_FOOTER:
            break
        if not footer.is_footer(row):
            break
        numbers.append(number)
    return tuple(sorted(numbers))
