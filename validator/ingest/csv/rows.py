"""The rows of a file: the fast way where lines are whole rows, the exact way where they are not, spliced in order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from validator.frame import values as frame_values
from validator.ingest.csv import exact, fast, footer, header, lines
from validator.ingest.csv.exact import Recovered
from validator.ingest.csv.header import Header
from validator.ingest.csv.lines import Shape, Text

FEW = 1000
"""Up to so many rows are cut out or put in slice by slice; beyond, one pass over the table is cheaper."""
MAX_FOOTER = 5
"""Lines at the end that may be a footer."""


@dataclass(frozen=True, eq=False)
class Rows:
    """What a file holds below its header: the wanted cells, the physical line of each row, and what was left out.

    `table`: columns named by position. `lines`: None where row k is line first + k. `trailing`: how many rows end with
    one delimiter too many, where that is this file's habit.
    """

    text: Text
    table: pa.Table
    lines: np.ndarray | None
    recovered: Recovered = field(default_factory=Recovered)
    trailing: int = 0
    repeated: tuple[int, ...] = ()
    footer: tuple[int, ...] = ()

    def numbers(self, positions: np.ndarray) -> np.ndarray:
        """The physical lines of some rows, given by position."""
        return np.asarray(
            positions + self.text.first if self.lines is None else self.lines[positions]
        )

    def positions(self, numbers: Sequence[int]) -> np.ndarray:
        """The positions of the rows that begin on some lines; lines without a row are left out."""
        if self.lines is None:
            return np.asarray([n - self.text.first for n in numbers], np.int64)
        return (
            np.flatnonzero(np.isin(self.lines, numbers)) if len(numbers) else np.zeros(0, np.int64)
        )


def read_rows(text: Text, shape: Shape, *, exact_only: bool = False) -> Rows:
    """The rows below the header, each with its line; the same whichever way they are read."""
    if not text.count:
        return Rows(text, fast.build_table([], shape), None)
    if exact_only:
        pieces = lines.cut_lines(text, _number_lines(text))
        counts = exact.count_cells(pieces, shape.delimiter)
        return _read_trailing(text, shape, counts, exact_only=True) or _read_exact(
            text, shape, counts
        )
    table, refused = None, 0
    if fast.has_sound_quotes(text, shape.delimiter):
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
    return np.arange(text.first, text.first + text.count)


def _read_trailing(
    text: Text, shape: Shape, counts: np.ndarray, *, exact_only: bool
) -> Rows | None:
    """The rows of a file most of whose lines end with one delimiter too many; None for any other file."""
    longer = text.first + np.flatnonzero(counts == shape.width + 1)
    filled = int((counts != 0).sum())
    if 2 * len(longer) <= filled:
        return None
    data = np.frombuffer(text.data, np.uint8)
    last = lines.find_spans(text, longer)[:, 1] - 1
    last -= data[last] == fast.LINE_END
    last -= data[last] == fast.RETURN
    last = last[data[last] == ord(shape.delimiter)]
    if 2 * len(last) <= filled:
        return None
    shorter = lines.index_lines(np.delete(data, last).tobytes(), text.start, text.first)
    return replace(read_rows(shorter, shape, exact_only=exact_only), trailing=len(last))


def _read_exact(text: Text, shape: Shape, counts: np.ndarray) -> Rows:
    """The rows read one by one."""
    good = counts == shape.width
    found = [
        exact.split_line(exact.decode_line(line), shape.delimiter) or []
        for line in lines.cut_lines(text, _number_lines(text)[good])
    ]
    return _splice(text, shape, fast.build_table(found, shape), good=good)


def _splice(text: Text, shape: Shape, table: pa.Table, *, good: np.ndarray) -> Rows:
    """The rows of the good lines with those recovered from the others in their places."""
    bad = text.first + np.flatnonzero(~good)
    recovered = exact.recover(bad, lines.cut_lines(text, bad), shape)
    numbers = (text.first + np.flatnonzero(good)).astype(np.int32)
    if not recovered.rows:
        return Rows(text, table, numbers, recovered)
    more = fast.build_table([row for _, _, row in recovered.rows], shape)
    places = np.asarray([line for line, _, _ in recovered.rows], np.int32)
    at = np.searchsorted(numbers, places)
    if len(np.unique(at)) > FEW:
        joined = pa.concat_tables([table, more]).unify_dictionaries()
        order = np.argsort(np.append(numbers, places), kind="stable")
        table = joined.take(pa.array(order))
    else:
        parts, done = [], 0
        for position in np.unique(at).tolist():
            low, high = np.searchsorted(at, [position, position + 1]).tolist()
            parts += [table.slice(done, position - done), more.slice(low, high - low)]
            done = position
        table = pa.concat_tables([*parts, table.slice(done)])
    return Rows(text, table, np.insert(numbers, at, places), recovered)


def remove_non_records(rows: Rows, shape: Shape, head: Header) -> Rows:
    """The rows without those that are no records: blank ones, the header again, a footer."""
    ending = _find_footer(rows, shape)
    blank, repeated = _find_blank(rows, shape), _find_repeated(rows, shape, head)
    drop = np.unique(np.concatenate([blank, repeated, rows.positions(ending)])).astype(np.int64)
    if not len(drop) and not ending:
        return rows
    found, gone = rows.recovered, set(rows.numbers(drop).tolist())
    kept = replace(
        found,
        rows=[row for row in found.rows if row[0] not in gone],
        short=[row for row in found.short if row[0] not in ending],
        unclosed=[row for row in found.unclosed if row[0] not in ending],
        blank=sorted({*found.blank, *rows.numbers(blank).tolist()}),
    )
    numbers = np.delete(rows.numbers(np.arange(rows.table.num_rows)), drop).astype(np.int32)
    return replace(
        rows,
        table=_drop_rows(rows.table, drop),
        lines=numbers,
        recovered=kept,
        repeated=tuple(rows.numbers(repeated).tolist()),
        footer=ending,
    )


def _drop_rows(table: pa.Table, drop: np.ndarray) -> pa.Table:
    """The table without some rows, given by ascending position."""
    if len(drop) > FEW:
        keep = np.ones(table.num_rows, bool)
        keep[drop] = False
        return table.filter(pa.array(keep))
    edges = [-1, *drop.tolist(), table.num_rows]
    return pa.concat_tables([table.slice(a + 1, b - a - 1) for a, b in pairwise(edges)])


def read_whole_rows(rows: Rows, delimiter: str, numbers: Sequence[int]) -> list[list[str]]:
    """All cells of the rows that begin on some lines, ascending."""
    recovered = {line: row for line, _, row in rows.recovered.rows}
    pieces = [
        exact.decode_line(line)
        for line in lines.cut_lines(rows.text, np.asarray(numbers, np.int64))
    ]
    return [
        recovered.get(number)
        or exact.split_line(text, delimiter)
        or exact.split_loosely(text, delimiter)
        for number, text in zip(numbers, pieces, strict=True)
    ]


def _find_blank(rows: Rows, shape: Shape) -> np.ndarray:
    """Positions of the rows of which no cell holds anything."""
    columns = sorted(rows.table.columns, key=lambda values: not pa.types.is_dictionary(values.type))
    found = np.flatnonzero(_judge_column(columns[0], _is_blank))
    for column in columns[1:]:
        if len(found):
            found = found[_judge_column(column.take(pa.array(found)), _is_blank)]
    if len(shape.wanted) == shape.width or not len(found):
        return found
    cells = read_whole_rows(rows, shape.delimiter, rows.numbers(found).tolist())
    return np.asarray(found[np.asarray([exact.is_blank(row) for row in cells], bool)])


def _find_repeated(rows: Rows, shape: Shape, head: Header) -> np.ndarray:
    """Positions of the rows that are the header again."""
    if not rows.table.num_rows:
        return np.zeros(0, np.int64)
    at = next((at for at, coded in shape.wanted.items() if coded), next(iter(shape.wanted)))
    heading = header.normalize_cell(head.cells[at])

    def same(values: pa.Array) -> np.ndarray:
        alike = pc.equal(pc.utf8_lower(frame_values.trim(values)), heading)
        return np.asarray(alike.to_numpy(zero_copy_only=False), bool)

    found = np.flatnonzero(_judge_column(rows.table.column(str(at)), same))
    cells = read_whole_rows(rows, shape.delimiter, rows.numbers(found).tolist())
    return np.asarray(
        found[np.asarray([header.is_repeated_header(row, head) for row in cells], bool)]
    )


def _is_blank(values: pa.Array) -> np.ndarray:
    return frame_values.is_blank(frame_values.trim(values))


def _judge_column(column: pa.ChunkedArray, judge: Callable[[pa.Array], np.ndarray]) -> np.ndarray:
    """Per row, what `judge` says of its value; a coded column is judged by its distinct values."""
    out = [np.zeros(0, bool)]
    for chunk in column.chunks:
        coded = pa.types.is_dictionary(chunk.type)
        judged = judge(chunk.dictionary if coded else chunk)
        if coded:
            spread = judged.any()
            judged = judged[chunk.indices.to_numpy()] if spread else np.zeros(len(chunk), bool)
        out.append(judged)
    return np.concatenate(out)


def _find_footer(rows: Rows, shape: Shape) -> tuple[int, ...]:
    """The lines at the end that are totals or a note of the report's run."""
    text = rows.text
    found: list[int] = []
    inside = {line for begin, end, _ in rows.recovered.rows for line in range(begin + 1, end + 1)}
    last = range(max(text.first, text.first + text.count - 4 * MAX_FOOTER), text.first + text.count)
    for number, line in reversed(
        list(zip(last, lines.cut_lines(text, np.asarray(last)), strict=True))
    ):
        content = exact.decode_line(line)
        row = exact.split_line(content, shape.delimiter) or exact.split_loosely(
            content, shape.delimiter
        )
        filled: Sequence[str] = [
            cell.strip(frame_values.BLANKS) for cell in row if cell.strip(frame_values.BLANKS)
        ]
        if not filled:
            continue
        full = len(row) == shape.width and len(filled) == shape.width
        if full or number in inside or len(found) == MAX_FOOTER or not footer.is_footer(row):
            break
        found.append(number)
    return tuple(sorted(found))
