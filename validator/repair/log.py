"""The log of a repair, mended.csv: every cell, row and heading that was changed.

In a file without a header line, `header` is no, and `column` is the number of the column.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from validator.model import FileColumn, Position, RepairKind
from validator.repair.changes import Changes, What, fill
from validator.repair.csv_writer import join_cells, write_header, write_rows

FILE = "mended.csv"
HEADINGS = (
    "file",
    "line",
    "column",
    "header",
    "change",
    "before",
    "after",
    "kind",
    "why it is safe",
    "new file",
    "new line",
)
YES, NO = "yes", "no"

FORMULA = "^['=+\\-@\t\r]"
"""What a spreadsheet would take for a formula; an apostrophe in front keeps it text."""

HIDDEN = {What.CELL: What.HIDDEN_CELL, What.LINE: What.HIDDEN_LINE}
"""Changes of passwords and of lines with passwords, whose values are written nowhere."""

IsSecret = Callable[[str, str], bool]
"""Returns whether the column with this heading, in this table, holds secrets."""


def write_log(
    changes: Sequence[Changes], kinds: Mapping[str, RepairKind], is_secret: IsSecret
) -> Iterator[bytes]:
    """Yield the bytes of mended.csv, in the order in which the changes were made."""
    yield write_header(HEADINGS)
    for block in changes:
        if len(block):
            yield from write_rows(_list_columns(hide_secrets(block, is_secret), kinds))


def hide_secrets(block: Changes, is_secret: IsSecret) -> Changes:
    """Return the changes in mend's log of repairs without the values of secrets."""
    secret = [at for at, name in enumerate(block.headings) if is_secret(block.table, name)]
    is_row = block.what in (What.ROW_REMOVED, What.ROW_ADDED)
    if is_row and secret:
        before, after = _blank_cells(block.before, secret), _blank_cells(block.after, secret)
        return replace(block, before=before, after=after)
    if secret or (block.what is What.CELL and is_secret(block.table, str(block.column))):
        nothing = fill("", len(block))
        return replace(block, what=HIDDEN[block.what], before=nothing, after=nothing)
    return block


def _blank_cells(texts: Any, positions: Sequence[int]) -> Any:
    """Blank the secret cells of rows that mend's log quotes."""
    rows = [next(csv.reader([text]), []) for text in texts.dictionary.to_pylist()]
    blanked = [["" if at in positions else cell for at, cell in enumerate(cells)] for cells in rows]
    values = pa.array([join_cells(cells) if cells else "" for cells in blanked], pa.string())
    return pa.DictionaryArray.from_arrays(texts.indices, values)


def _list_columns(block: Changes, kinds: Mapping[str, RepairKind]) -> list[Any]:
    """Return the columns of mend's log for one block of changes."""
    count = len(block)
    new_lines = block.new_lines if block.new_lines is not None else np.zeros(count, np.int32)
    return [
        _repeat(block.file, count),
        _number(block.lines),
        _repeat(_write_column(block.column), count),
        fill(YES if block.headed else NO, count),
        fill(block.what.value, count),
        protect(block.before),
        protect(block.after),
        fill(block.kind, count),
        fill(kinds[block.kind].proof, count),
        _repeat(block.new_file, count),
        _number(new_lines),
    ]


def _write_column(column: FileColumn) -> str:
    """Return a column as mend's log has it and `read_column` reads it: a heading, or a number."""
    return str(column.number) if isinstance(column, Position) else column


def read_column(text: str, *, headed: bool) -> FileColumn:
    """Return the column that mend's log names. Raises ValueError if a number is none."""
    return text if headed or not text else Position(int(text))


def _repeat(text: str, count: int) -> Any:
    """Repeat a text on each line of mend's log."""
    return protect(fill(text, count))


def _number(values: np.ndarray) -> Any:
    """Return numbers as text for mend's log."""
    return pa.array(values.astype(np.int64)).cast(pa.string())


def protect(values: Any) -> Any:
    """Return texts of mend's log with an apostrophe in front of what looks like a formula."""
    texts = values.dictionary.cast(pa.string())
    risky = pc.match_substring_regex(texts, pattern=FORMULA)
    marked = pc.binary_join_element_wise("'", texts, "")
    return pa.DictionaryArray.from_arrays(values.indices, pc.if_else(risky, marked, texts))


def unprotect(values: Any) -> Any:
    """Return texts of a repair's log as they were before `protect`."""
    return pc.replace_substring_regex(values, pattern=r"^'(['=+\-@\t\r])", replacement=r"\1")
