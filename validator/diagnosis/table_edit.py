"""A table as a diagnosis tries it: other values in some cells, or only some of its rows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa

from validator import frame
from validator.frame.arrays import count_numbers
from validator.model import Table, dataclass


@dataclass(frozen=True, eq=False)
class Edit:
    """New values (Arrow text, one per row) for damaged cells: some rows of one column."""

    table: str
    column: str
    rows: np.ndarray
    values: pa.Array

    def apply(self, table: Table) -> Table:
        """Return the damaged table with these cells changed."""
        return set_cells(table, self.column, self.rows, values=self.values)


@dataclass(frozen=True, eq=False)
class Renaming:
    """New values (Arrow text) in place of those of a damaged column, in the order of `get_values`.

    is_distinct: whether they still differ where those did.
    """

    table: str
    column: str
    values: pa.Array
    is_distinct: bool

    def apply(self, table: Table) -> Table:
        """Return the damaged table with the new values; no row is encoded again."""
        kept = frame.keep_cache(table, {self.column})
        cells = self.values
        if frame.is_encoded(table, self.column):
            encoded = kept["raw", self.column] = self._rename(frame.encode_raw(table, self.column))
            is_coded = pa.types.is_dictionary(frame.get_arrow(table, self.column).type)
            cells = encoded.values
            if is_coded or len(cells) != len(table):
                cells = pa.DictionaryArray.from_arrays(encoded.codes, cells)
        violations = {
            name: mask for name, mask in table.schema_violations.items() if name != self.column
        }
        records = table.records.assign({self.column: cells})
        return replace(table, records=records, schema_violations=violations, cache=kept)

    def _rename(self, before: frame.Encoded) -> frame.Encoded:
        """Return an encoded column with the inverse's values."""
        if self.is_distinct:
            return frame.Encoded(self.values, before.codes)
        return frame.map_values(before, lambda _: self.values)


def set_cells(table: Table, column: str, rows: np.ndarray, *, values: pa.Array) -> Table:
    """Return the table as a diagnosis tries it, with new values in some rows of a column."""
    records = table.records.assign({column: _replace_cells(table, column, rows, values=values)})
    headers = table.headers if table.has(column) else {**table.headers, column: column}
    violations = {
        name: _clear_rows(mask, rows) if name == column else mask
        for name, mask in table.schema_violations.items()
    }
    kept = frame.keep_cache(table, {column})
    return replace(
        table, records=records, headers=headers, schema_violations=violations, cache=kept
    )


def _replace_cells(table: Table, column: str, rows: np.ndarray, *, values: pa.Array) -> pa.Array:
    """Return a column with the new values of an inverse; a dictionary stays one."""
    is_known = column in table.records.columns
    is_coded = is_known and pa.types.is_dictionary(frame.get_arrow(table, column).type)
    if len(rows) == len(table) and np.array_equal(rows, np.arange(len(table))):
        return _encode(values) if is_coded else values.cast(pa.string())
    if not is_known:
        whole: Any = pa.array([""] * len(table), pa.string())
    elif is_coded:
        return _replace_codes(frame.encode_raw(table, column), rows, values=values)
    else:
        whole = frame.get_arrow(table, column).combine_chunks()
    if isinstance(whole, pa.ChunkedArray):
        whole = whole.chunk(0)
    joined = pa.concat_arrays([whole, values.cast(pa.string())])
    pick = np.arange(len(table))
    pick[rows] = len(table) + np.arange(len(rows))
    return joined.take(pa.array(pick))


def _encode(values: pa.Array) -> pa.Array:
    """Return an inverse's new values of a whole column as a dictionary of what it holds."""
    new = values if pa.types.is_dictionary(values.type) else values.dictionary_encode()
    distinct = new.dictionary.cast(pa.string()).dictionary_encode()
    code = distinct.indices.to_numpy(zero_copy_only=False)
    codes = code[new.indices.to_numpy(zero_copy_only=False)]
    return _drop_unused(codes, distinct.dictionary)


def _replace_codes(before: frame.Encoded, rows: np.ndarray, *, values: pa.Array) -> pa.Array:
    """Return an encoded column with an inverse's new values, as a dictionary of what it holds."""
    new = values if pa.types.is_dictionary(values.type) else values.dictionary_encode()
    joined = pa.concat_arrays([before.values, new.dictionary.cast(pa.string())]).dictionary_encode()
    code = joined.indices.to_numpy(zero_copy_only=False)
    codes = code[before.codes]
    codes[rows] = code[len(before.values) + new.indices.to_numpy(zero_copy_only=False)]
    return _drop_unused(codes, joined.dictionary)


def _drop_unused(codes: np.ndarray, dictionary: pa.Array) -> pa.Array:
    """Return an encoded column without the values that an inverse replaced everywhere."""
    used = count_numbers(codes, minlength=len(dictionary)) > 0
    number = (np.cumsum(used) - 1).astype(np.int32)
    return pa.DictionaryArray.from_arrays(pa.array(number[codes]), dictionary.filter(used))


def take_cells(table: Table, column: str, rows: np.ndarray) -> pa.Array:
    """Return the cells of some rows, trimmed, as the values of an inverse."""
    return frame.encode(table, column).take(rows)


def keep_rows(table: Table, mask: np.ndarray) -> Table:
    """Return the table as a diagnosis tries it, with only the rows where the mask is True."""
    origins = {
        column: replace(origin, lines=origin.lines[mask])
        for column, origin in table.origins.items()
    }
    violations = {column: bad[mask] for column, bad in table.schema_violations.items()}
    return replace(
        table,
        records=table.records.take(np.flatnonzero(mask)),
        origins=origins,
        schema_violations=violations,
        extra_values={},
        cache={},
    )


def _clear_rows(mask: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Return a mask without the rows whose cells the inverse of a diagnosis changes."""
    out = mask.copy()
    out[rows] = False
    return out
