"""Encoded columns: distinct values, and per row the position of its value."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from validator.frame import values as frame_values
from validator.frame.arrays import count_numbers, index_keys, look_up, mark_numbers, number_keys
from validator.frame.arrow import combine_pieces
from validator.frame.cache import remember
from validator.frame.lookup import are_surely_distinct
from validator.model import Table, Tally, dataclass

MOST_CHANGED = 8
"""The quick test of changed values is used if at most one value in this many has changed."""

LARGEST_KEY = 2**62
"""Keys of several columns stay below this."""


@dataclass(frozen=True, eq=False)
class Encoded:
    """A column as its distinct `values` (Arrow strings) and, per row, a position in them (int32).

    Codes stay int32, half of `numpy.intp` on 64-bit platforms: columns have millions of rows.
    """

    values: pa.Array
    codes: np.ndarray

    @cached_property
    def blank(self) -> np.ndarray:
        """Bool mask of the rows without a value, read-only."""
        is_blank = frame_values.is_blank(self.values)
        if not is_blank.any():
            return np.broadcast_to(np.False_, len(self.codes))  # takes no memory
        mask = self.broadcast(is_blank)
        mask.flags.writeable = False
        return mask

    def broadcast(self, per_value: np.ndarray) -> np.ndarray:
        """Per row, the entry of `per_value` (one entry per distinct value) for its value."""
        if per_value.dtype == bool and not per_value.any():
            return np.zeros(len(self.codes), bool)
        return look_up(per_value, self.codes)

    def take(self, rows: np.ndarray | slice) -> pa.Array:
        """The values of some rows of the column, by row number or bool mask, as Arrow text."""
        return self.values.take(pa.array(self.codes[rows]))

    def take_distinct(self, rows: np.ndarray | slice = slice(None)) -> pa.Array:
        """The distinct values in some rows of the column, in the order of `values`."""
        used = mark_numbers(self.codes[rows], len(self.values))
        return self.values.filter(pa.array(used))


def get_arrow(table: Table, column: str) -> pa.ChunkedArray:
    """Return a column of the frame as in the file, in Arrow: strings or a dictionary, not
    copied."""
    return table.records.columns[column]


def encode_raw(table: Table, column: str) -> Encoded:
    """The column as distinct values exactly as in the file."""

    def build() -> Encoded:
        array = _combine(get_arrow(table, column))
        if are_surely_distinct(array):
            return Encoded(array, np.arange(len(array), dtype=np.int32))
        encoded = array if pa.types.is_dictionary(array.type) else array.dictionary_encode()
        # Where no value repeats, the dictionary equals the column: keep it once, not twice.
        all_distinct = array is not encoded and len(encoded.dictionary) == len(array)
        values = array if all_distinct else encoded.dictionary.cast(pa.string())
        codes = encoded.indices.to_numpy(zero_copy_only=False)
        return Encoded(values, codes.astype(np.int32, copy=False))

    return remember(table, ("raw", column), build)


def _combine(column: pa.ChunkedArray) -> pa.Array:
    """Combine a frame's column into one chunk; the chunks of a dictionary column get one
    dictionary."""
    column = combine_pieces(column)
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def get_values(table: Table, column: str) -> pa.Array:
    """Every value of the column at least once, exactly as in the file.

    Cheaper than `encode_raw` for a question that is asked once.
    """
    if is_encoded(table, column):
        return encode_raw(table, column).values
    return _combine(get_arrow(table, column))


def is_encoded(table: Table, column: str) -> bool:
    """Whether a column was encoded already, by the reader or since then."""
    is_coded = pa.types.is_dictionary(get_arrow(table, column).type)
    return is_coded or ("raw", column) in table.cache


def encode_rows(table: Table, column: str, rows: np.ndarray) -> Encoded:
    """The trimmed values of the given row numbers, without encoding the whole column."""
    if column not in table.records.columns or pa.types.is_dictionary(get_arrow(table, column).type):
        whole = encode(table, column)
        return Encoded(whole.values, whole.codes[rows])
    encoded = _get_trim(column)(take_values(table, column, rows)).dictionary_encode()
    return Encoded(encoded.dictionary, encoded.indices.to_numpy(zero_copy_only=False))


def take_values(table: Table, column: str, rows: np.ndarray) -> pa.Array:
    """The values of the given row numbers, exactly as in the file."""
    return _combine(get_arrow(table, column).take(pa.array(rows)))


def encode(table: Table, column: str) -> Encoded:
    """The column as distinct trimmed values; a missing column is blank in every row."""
    if column not in table.records.columns:
        return Encoded(pa.array([""], pa.string()), np.zeros(len(table), np.int32))
    return remember(
        table, ("coded", column), lambda: map_values(encode_raw(table, column), _get_trim(column))
    )


def _get_trim(column: str) -> Callable[[pa.Array], pa.Array]:
    """Return how cells of a column are trimmed before they are encoded."""
    return frame_values.trim_ids if column.endswith("_id") else frame_values.trim


def map_values(column: Encoded, convert: Callable[[pa.Array], pa.Array]) -> Encoded:
    """The column with `convert` applied to its distinct values; equal results are merged."""
    values = convert(column.values)
    if values is column.values or values.equals(column.values):
        return column
    if _are_still_distinct(column.values, values):
        return Encoded(values, column.codes)
    encoded = pc.dictionary_encode(values)
    recode = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int32)
    return Encoded(encoded.dictionary, column.broadcast(recode))


def _are_still_distinct(before: pa.Array, after: pa.Array) -> bool:
    """Whether encoded distinct values are still distinct where only few changed; a quick test."""
    is_changed = pc.not_equal(before, after)
    if pc.sum(is_changed).as_py() * MOST_CHANGED > len(before):
        return False
    changed = after.filter(is_changed)
    in_changed = pc.sum(pc.is_in(after, value_set=changed)).as_py()
    return bool(in_changed == len(changed) == pc.count_distinct(changed).as_py())


def encode_folded(table: Table, column: str) -> Encoded:
    """The column as distinct values without case, accents and punctuation; see `values.fold`."""
    return remember(
        table, ("folded", column), lambda: map_values(encode(table, column), frame_values.fold)
    )


def encode_lower(table: Table, column: str) -> Encoded:
    """The column as distinct values in lower case."""
    return remember(
        table, ("lowered", column), lambda: map_values(encode(table, column), frame_values.lower)
    )


def judge_values(table: Table, column: str, judge: Callable[[pa.Array], np.ndarray]) -> np.ndarray:
    """The result of `judge` for the distinct values of `encode_lower`, cached."""
    return remember(
        table, (judge.__name__, column), lambda: judge(encode_lower(table, column).values)
    )


def parse_dates(
    table: Table, column: str, *, century_before: int = frame_values.CENTURY_BEFORE
) -> frame_values.Dates:
    """The distinct values of `encode`, parsed as dates, cached; for each century only where it
    matters."""

    def parse(century: int) -> frame_values.Dates:
        values = encode(table, column).values
        return remember(
            table,
            ("dates", column, century),
            lambda: frame_values.parse_dates(values, century_before=century),
        )

    usual = parse(frame_values.CENTURY_BEFORE)
    return parse(century_before) if usual.short_years else usual


def parse_days(
    table: Table, column: str, *, century_before: int = frame_values.CENTURY_BEFORE
) -> np.ndarray:
    """Parse an encoded column's days since 1970-01-01 per row (int32), `values.NO_DAY` for no
    date."""
    return encode(table, column).broadcast(
        parse_dates(table, column, century_before=century_before).days
    )


def is_ascii(table: Table, column: str) -> bool:
    """Whether every value of the column is ASCII."""
    return remember(
        table, ("ascii", column), lambda: frame_values.is_ascii(get_values(table, column))
    )


def take_text(table: Table, column: str, rows: np.ndarray) -> list[str]:
    """The trimmed values of the given row numbers."""
    return [value or "" for value in encode(table, column).take(rows).to_pylist()]


def combine_codes(left: Encoded, right: Encoded) -> np.ndarray:
    """Per row one int64; rows have equal numbers where both columns are equal."""
    return np.asarray(left.codes.astype(np.int64) * max(len(right.values), 1) + right.codes)


def combine_columns(columns: Sequence[Encoded]) -> np.ndarray:
    """Per row one int64; rows have equal numbers where all columns are equal."""
    keys = columns[0].codes.astype(np.int64)
    count = max(len(columns[0].values), 1)
    for column in columns[1:]:
        width = max(len(column.values), 1)
        if count * width > LARGEST_KEY:
            numbers, count = number_keys(keys)
            keys = numbers.astype(np.int64)
        keys = keys * np.int64(width) + column.codes
        count *= width
    return keys


def join_columns(left: Encoded, right: Encoded) -> Encoded:
    """Join two encoded columns: rows are equal where both are; blank where the left one is."""
    number, count = number_keys(np.where(left.blank, -1, combine_codes(left, right)))
    names = [str(at) for at in range(count)]
    if left.blank.any():
        names[0] = ""
    return Encoded(pa.array(names, pa.string()), number)


def join_values(
    left: Encoded, right: Encoded, join: Callable[[pa.Array, pa.Array], pa.Array]
) -> Encoded:
    """Join two encoded columns as text with `join`, which gets each distinct pair once."""
    pairs, number = index_keys(combine_codes(left, right))
    first, second = np.divmod(pairs, max(len(right.values), 1))
    joined = join(left.values.take(pa.array(first)), right.values.take(pa.array(second)))
    return Encoded(joined, number)


def count_values(table: Table, column: str, rows: np.ndarray) -> Tally:
    """How often each value occurs in the given rows, most frequent first."""
    values = encode(table, column)
    times = count_numbers(values.codes[rows], minlength=len(values.values))
    counts = [(values.values[int(at)].as_py(), int(times[at])) for at in np.flatnonzero(times)]
    counts.sort(key=lambda pair: (-pair[1], pair[0]))
    return Tally(table.name, column, counts)


def mark_live(table: Table) -> np.ndarray:
    """Bool mask over a frame's rows: those that the encoded status does not mark as deleted."""
    words = table.deleted_words
    return remember(table, "live", lambda: ~match_words(table, "status", words)).copy()


def match_words(table: Table, column: str, words: Iterable[str]) -> np.ndarray:
    """Bool mask over an encoded column: the rows whose value is one of the words."""
    encoded = encode_lower(table, column)
    wanted = {word.lower() for word in words}
    matches = [value in wanted for value in encoded.values.to_pylist()]
    return encoded.broadcast(np.asarray(matches or [False], bool))
