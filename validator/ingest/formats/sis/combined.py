"""Ids of a raw file that several of its columns are together: a course and a section number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from validator import frame
from validator.frame import values as frame_values
from validator.ingest.csv.spelling import fold_heading
from validator.model import Table, build_records

MARK = "-"
"""Character between the parts of a combined id."""


def combine_columns(table: Table, columns: Sequence[str]) -> frame.Encoded:
    """Return the ids that columns of a raw table are together, blank where a part is blank."""
    whole = frame.encode(table, columns[0])
    for column in columns[1:]:
        part = frame.encode(table, column)
        keys = whole.codes.astype(np.int64) * max(len(part.values), 1) + part.codes
        codes, count = frame.number_keys(keys)
        pairs = np.zeros(count, np.int64)
        pairs[codes] = keys
        first, second = np.divmod(pairs, max(len(part.values), 1))
        left = whole.values.take(pa.array(first))
        right = part.values.take(pa.array(second))
        text = pc.binary_join_element_wise(left, right, MARK)
        is_blank = frame_values.is_blank(left) | frame_values.is_blank(right)
        whole = frame.Encoded(pc.if_else(pa.array(is_blank), "", text), codes)
    return whole


def add_combined(table: Table, combined: Mapping[str, Sequence[str]]) -> Table:
    """Return a raw table with the columns that a column map combines, under their titles."""
    names = {fold_heading(name): name for name in reversed(list(table.headers))}
    columns = {}
    for title, parts in combined.items():
        own = [names.get(fold_heading(part), "") for part in parts]
        if all(own) and not table.has(title):
            ids = combine_columns(table, own)
            columns[title] = pa.DictionaryArray.from_arrays(pa.array(ids.codes), ids.values)
    if not columns:
        return table
    return replace(
        table,
        records=build_records({**table.records.columns, **columns}, table.lines),
        headers={**table.headers, **{title: title for title in columns}},
        cache={},
    )
