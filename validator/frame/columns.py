"""Columns encoded once: distinct trimmed values, and per row the number of its value."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from validator.frame import values as frame_values
from validator.frame.arrays import number_keys
from validator.frame.arrow import combine_pieces
from validator.model import Table, Tally

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Encoded:
    """A column as distinct values (Arrow strings) and, per row, the number of its value (int32)."""

    values: pa.Array
    codes: np.ndarray

    @cached_property
    def blank(self) -> np.ndarray:
        """Bool mask of the rows without a value; not to be written to."""
        out = np.asarray(frame_values.is_blank(self.values)[self.codes], dtype=bool)
        out.flags.writeable = False
        return out

    def broadcast(self, judged: np.ndarray) -> np.ndarray:
        """What was judged per distinct value, given to every row."""
        return np.asarray(judged[self.codes])


def remember(table: Table, what: object, make: Callable[[], T]) -> T:
    """The remembered result of `make` for this table; of several threads that ask, one makes it and the others wait."""
    if what not in table.cache:
        with table.cache.setdefault((threading.RLock, what), threading.RLock()):
            if what not in table.cache:
                table.cache[what] = make()
    return table.cache[what]  # type: ignore[no-any-return]


def get_array(table: Table, column: str) -> pa.ChunkedArray:
    """The column's raw text as Arrow strings or an Arrow dictionary, without a copy."""

    def make() -> pa.ChunkedArray:
        values: Any = table.rows[column].array
        if hasattr(values, "__arrow_array__"):
            held = values.__arrow_array__()
            return held if isinstance(held, pa.ChunkedArray) else pa.chunked_array([held])
        return pa.chunked_array([pa.array(table.rows[column].tolist(), pa.string())])

    return remember(table, ("arrow", column), make)


def encode_raw(table: Table, column: str) -> Encoded:
    """The column as distinct values exactly as in the file."""

    def make() -> Encoded:
        held = _whole(get_array(table, column))
        encoded = held if pa.types.is_dictionary(held.type) else held.dictionary_encode()
        # Where no value repeats, the dictionary is the column: kept once, not twice.
        unlike = held is not encoded and len(encoded.dictionary) == len(held)
        values = held if unlike else encoded.dictionary.cast(pa.string())
        return Encoded(
            values, encoded.indices.to_numpy(zero_copy_only=False).astype(np.int32, copy=False)
        )

    return remember(table, ("raw", column), make)


def _whole(column: pa.ChunkedArray) -> pa.Array:
    """The column in one piece; pieces of a coded column get one dictionary."""
    column = combine_pieces(column)
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def get_values(table: Table, column: str) -> pa.Array:
    """Every value of the column at least once, exactly as in the file; cheaper than `raw` for what is asked once."""
    if ("raw", column) in table.cache or pa.types.is_dictionary(get_array(table, column).type):
        return encode_raw(table, column).values
    return _whole(get_array(table, column))


def encode_rows(table: Table, column: str, rows: np.ndarray) -> Encoded:
    """The trimmed values of some rows, given by row number; the whole column is not encoded for it."""
    if column not in table.rows.columns or pa.types.is_dictionary(get_array(table, column).type):
        whole = encode(table, column)
        return Encoded(whole.values, whole.codes[rows])
    encoded = frame_values.trim(take_values(table, column, rows)).dictionary_encode()
    return Encoded(encoded.dictionary, encoded.indices.to_numpy(zero_copy_only=False))


def take_values(table: Table, column: str, rows: np.ndarray) -> pa.Array:
    """The values of some rows as they stand in the file."""
    return _whole(get_array(table, column).take(pa.array(rows)))


def encode(table: Table, column: str) -> Encoded:
    """The column as distinct values, trimmed of blanks of every kind; an absent column is blank in every row."""
    if column not in table.rows.columns:
        return Encoded(pa.array([""], pa.string()), np.zeros(len(table), np.int32))
    return remember(
        table, ("coded", column), lambda: map_values(encode_raw(table, column), frame_values.trim)
    )


def map_values(column: Encoded, change: Callable[[pa.Array], pa.Array]) -> Encoded:
    """The column after its distinct values were changed; values that became equal become one."""
    values = change(column.values)
    if values.equals(column.values):
        return column
    encoded = pc.dictionary_encode(values)
    recode = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int32)
    return Encoded(encoded.dictionary, np.asarray(recode[column.codes]))


def encode_folded(table: Table, column: str) -> Encoded:
    """The column as distinct values, compared without regard to case, accents, hyphens and apostrophes."""
    return remember(
        table, ("folded", column), lambda: map_values(encode(table, column), frame_values.fold)
    )


def encode_lower(table: Table, column: str) -> Encoded:
    """The column as distinct values in lower case."""
    return remember(
        table, ("lowered", column), lambda: map_values(encode(table, column), pc.utf8_lower)
    )


def judge_values(table: Table, column: str, judge: Callable[[pa.Array], np.ndarray]) -> np.ndarray:
    """What `judge` says of each distinct value in lower case, remembered."""
    return remember(
        table, (judge.__name__, column), lambda: judge(encode_lower(table, column).values)
    )


def parse_dates(
    table: Table, column: str, *, century_before: int = frame_values.CENTURY_BEFORE
) -> frame_values.Dates:
    """The distinct values of `coded` read as dates, remembered."""
    return remember(
        table,
        ("dates", column, century_before),
        lambda: frame_values.parse_dates(
            encode(table, column).values, century_before=century_before
        ),
    )


def parse_days(
    table: Table, column: str, *, century_before: int = frame_values.CENTURY_BEFORE
) -> np.ndarray:
    """Per row the days since 1970-01-01 (int32), reading.NO_DAY where the cell is no date."""
    return encode(table, column).broadcast(
        parse_dates(table, column, century_before=century_before).days
    )


def is_ascii(table: Table, column: str) -> bool:
    """Whether no value of the column holds a character beyond ASCII."""
    return remember(
        table, ("ascii", column), lambda: frame_values.is_ascii(get_values(table, column))
    )


def take_text(table: Table, column: str, rows: np.ndarray) -> list[str]:
    """The trimmed values of some rows, given by row number."""
    column_coded = encode(table, column)
    return [
        value or ""
        for value in column_coded.values.take(pa.array(column_coded.codes[rows])).to_pylist()
    ]


def combine_codes(left: Encoded, right: Encoded) -> np.ndarray:
    """One int64 per row that is equal where both columns are."""
    return np.asarray(left.codes.astype(np.int64) * max(len(right.values), 1) + right.codes)


def join_columns(left: Encoded, right: Encoded) -> Encoded:
    """Both columns as one: rows are equal where both were; blank where the left one is."""
    number, count = number_keys(np.where(left.blank, -1, combine_codes(left, right)))
    blank_first = bool(left.blank.any())
    values = pa.array(
        ["" if blank_first and at == 0 else str(at) for at in range(count)], pa.string()
    )
    return Encoded(values, number)


def count_values(table: Table, column: str, rows: np.ndarray) -> Tally:
    """How often each value occurs in the given rows, most first."""
    values = encode(table, column)
    times = np.bincount(values.codes[rows], minlength=len(values.values))
    held = sorted(
        ((values.values[int(at)].as_py(), int(times[at])) for at in np.flatnonzero(times)),
        key=lambda pair: (-pair[1], pair[0]),
    )
    return Tally(table.name, column, held)


def find_positions(values: pa.Array, among: pa.Array) -> np.ndarray:
    """Position of each value among others (int64), -1 where it is not there."""
    if not len(among):
        return np.full(len(values), -1, np.int64)
    found = pc.index_in(values, value_set=among)
    return np.asarray(pc.fill_null(found, -1).to_numpy(zero_copy_only=False), dtype=np.int64)


def is_among(values: pa.Array, among: pa.Array) -> np.ndarray:
    """Bool mask of the values that occur among others."""
    return find_positions(values, among) >= 0


DELETED = ("tobedeleted", "inactive")
"""What the column `status` of a format says of records that are not part of the roster any more."""


def select_live(table: Table) -> np.ndarray:
    """Bool mask of the rows that are not marked as to be deleted; all of them where nothing is marked so."""
    return remember(table, "live", lambda: ~match_words(table, "status", DELETED)).copy()


def match_words(table: Table, column: str, words: Iterable[str]) -> np.ndarray:
    """Bool mask of the rows with one of these words, without regard to case."""
    values, wanted = encode_lower(table, column), {word.lower() for word in words}
    return values.broadcast(
        np.asarray([value in wanted for value in values.values.to_pylist()] or [False], bool)
    )
