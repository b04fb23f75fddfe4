"""Columns of a conversion: encoded cells, and cells that are composed while they are written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from validator.frame import Encoded
from validator.frame.controls import mark_controls, replace_controls
from validator.frame.values import is_blank
from validator.model import dataclass
from validator.repair import csv_writer

ROWS = 1 << 18
"""Rows that are composed and written at a time."""

SPACED = "Line breaks and control characters in these values were written as spaces."
"""Why a conversion lists a column whose cells `count_controls` counts."""


@dataclass(frozen=True, eq=False)
class Composed:
    """A column whose cells are several texts, one after the other.

    parts: columns of equal length, and texts that are the same in every row.
    """

    parts: Sequence[Encoded | str]


Column: TypeAlias = Encoded | Composed


def repeat_text(text: str, count: int) -> Encoded:
    """Return a converted column with the same text in every row."""
    return Encoded(pa.array([text], pa.string()), np.zeros(count, np.int8))


def encode_few(texts: Sequence[str]) -> Encoded:
    """Return a converted column of a few texts."""
    return Encoded(pa.array(list(texts), pa.string()), np.arange(len(texts), dtype=np.int32))


def select(column: Encoded, rows: np.ndarray) -> Encoded:
    """Return the cells to convert of some rows, given by number or as a bool mask."""
    return Encoded(column.values, column.codes[rows])


def look_up(column: Encoded, at: np.ndarray) -> Encoded:
    """Return per converted row the cell in row `at` of another table, "" where it is negative."""
    codes = np.full(len(at), len(column.values), np.int32)
    known = at >= 0
    codes[known] = column.codes[at[known]]
    return Encoded(pa.concat_arrays([column.values, pa.array([""], pa.string())]), codes)


def append(first: Encoded, second: Encoded) -> Encoded:
    """Return the rows of two converted columns, one after the other."""
    codes = np.concatenate(
        [first.codes.astype(np.int32), second.codes.astype(np.int32) + np.int32(len(first.values))]
    )
    return Encoded(pa.concat_arrays([first.values, second.values]), codes)


def choose(condition: np.ndarray, first: Encoded, second: Encoded) -> Encoded:
    """Return the first converted column where the condition holds, else the second."""
    codes = np.where(condition, first.codes, second.codes.astype(np.int32) + len(first.values))
    values = pa.concat_arrays([first.values, second.values])
    return Encoded(values, codes.astype(np.int32))


def fill(first: Encoded, second: Encoded) -> Encoded:
    """Return the cells of a converted column, those of a second one where it is blank."""
    if not first.blank.any():
        return first
    return choose(~first.blank, first, second)


def convert_values(column: Encoded, convert: Callable[[str], str | None]) -> Encoded:
    """Convert each distinct value of a column for a conversion; None becomes blank."""
    texts = [convert(text) or "" for text in column.values.to_pylist()]
    return merge_equal(Encoded(pa.array(texts, pa.string()), column.codes))


def keep_values(column: Encoded, keep: np.ndarray) -> Encoded:
    """Return a converted column with blanks instead of the values that are not kept."""
    blank = pa.scalar("", pa.string())
    return Encoded(pc.if_else(pa.array(keep), column.values, blank), column.codes)


def count_filled(column: Encoded) -> int:
    """Return the number of converted cells with a value."""
    return int(len(column.codes) - column.blank.sum())


def number_rows(columns: Sequence[Encoded]) -> tuple[np.ndarray, np.ndarray]:
    """Return per row to convert the number of its distinct combination, and first rows.

    Combinations are numbered by their first row, so that the numbers do not depend on sorting.
    """
    columns = [merge_equal(column) for column in columns]
    keys = columns[0].codes.astype(np.int64)
    for column in columns[1:]:
        _, keys = np.unique(keys, return_inverse=True)
        keys = keys.astype(np.int64) * max(len(column.values), 1) + column.codes
    _, first, number = np.unique(keys, return_index=True, return_inverse=True)
    order = np.argsort(first, kind="stable")
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    return rank[number], first[order]


def merge_equal(column: Encoded) -> Encoded:
    """Return a converted column with equal values once among its distinct values."""
    encoded = pc.dictionary_encode(column.values)
    if len(encoded.dictionary) == len(column.values):
        return column
    recode = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int32)
    return Encoded(encoded.dictionary, recode[column.codes])


def mark_different(column: Encoded, other: Encoded) -> np.ndarray:
    """Return the bool mask of rows in which two columns of a conversion differ."""
    both = merge_equal(append(column, other))
    count = len(column.codes)
    return np.asarray(both.codes[:count] != both.codes[count:])


def join_lists(rows: np.ndarray, items: Encoded, count: int) -> Encoded:
    """Return `count` cells; cell i lists the items whose row is i, which ascend, with commas."""
    starts = np.searchsorted(rows, np.arange(count + 1)).astype(np.int32)
    texts = items.values.take(pa.array(items.codes))
    lists = pa.ListArray.from_arrays(pa.array(starts, pa.int32()), texts)
    encoded = pc.binary_join(lists, ",").dictionary_encode()
    codes = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int32)
    return Encoded(encoded.dictionary, codes)


def write_table(columns: Mapping[str, Column], count: int) -> Iterator[bytes]:
    """Yield the text of a converted table with its header."""
    yield csv_writer.write_header(list(columns))
    yield from write_rows(list(columns.values()), count)


def write_rows(columns: Sequence[Column], count: int) -> Iterator[bytes]:
    """Yield the lines of a converted table without its header, some rows at a time."""
    clean = [_clean(column) for column in columns]
    for start in range(0, count, ROWS):
        rows = slice(start, min(start + ROWS, count))
        yield from csv_writer.write_rows([_take(column, rows) for column in clean])


def count_controls(column: Encoded) -> int:
    """Return the number of converted cells with line breaks or control characters."""
    marked = mark_controls(column.values, breaks=True)
    return int(marked[column.codes].sum()) if marked.any() else 0


def _clean(column: Column) -> Column:
    """Clean a column for the files of a conversion: spaces instead of control characters."""
    if isinstance(column, Composed):
        return column
    if not mark_controls(column.values, breaks=True).any():
        return column
    return Encoded(replace_controls(column.values), column.codes)


def _take(column: Column, rows: slice) -> pa.Array:
    """Return some cells as Arrow text, or as a dictionary of text."""
    if isinstance(column, Encoded):
        codes = pa.array(column.codes[rows])
        if len(column.values) > ROWS:  # quoting so large a dictionary for each piece is slow
            return column.values.take(codes)
        return pa.DictionaryArray.from_arrays(codes, column.values)
    texts = [part if isinstance(part, str) else part.take(rows) for part in column.parts]
    return pc.binary_join_element_wise(*texts, "")


def is_filled(column: Encoded) -> bool:
    """Return whether any converted cell has a value."""
    return not bool(is_blank(column.values)[column.codes].all()) if len(column.codes) else False
