"""Ids and names of a raw file that several of its columns are together."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa

from validator.ingest.csv.spelling import fold_heading
from validator.ingest.normalize.columns import combine_columns, join_names
from validator.model import ColumnMap, Table, build_records


def add_combined(table: Table, column_map: ColumnMap) -> Table:
    """Return a raw table with the columns that a column map combines, under their titles."""
    names = {fold_heading(name): name for name in reversed(list(table.headers))}
    columns = {}
    for title, parts in column_map.combined.items():
        own = [names.get(fold_heading(part), "") for part in parts]
        if all(own) and not table.has(title):
            combine = join_names if title in column_map.names else combine_columns
            whole = combine(table, own)
            columns[title] = pa.DictionaryArray.from_arrays(pa.array(whole.codes), whole.values)
    if not columns:
        return table
    return replace(
        table,
        records=build_records({**table.records.columns, **columns}, table.lines),
        headers={**table.headers, **{title: title for title in columns}},
        cache={},
    )
