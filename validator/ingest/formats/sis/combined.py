"""Ids of a raw file that several of its columns are together: a course and a section number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pyarrow as pa

from validator.ingest.csv.spelling import fold_heading
from validator.ingest.normalize.columns import combine_columns
from validator.model import Table, build_records


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
