"""Ids as an inverse writes them: other values in the columns that hold them, in every file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import pyarrow as pa

from validator import frame
from validator.diagnosis.edit import edit_files
from validator.diagnosis.table_edit import Edit
from validator.model import Export, Table


def replace_values(
    export: Export, *, name: str, columns: Iterable[str], old: pa.Array, new: pa.Array
) -> Export:
    """Return the export as a diagnosis tries it, with failing values (Arrow strings) of columns
    replaced."""
    return edit_files(export, list(_list_edits(export.all_tables[name], columns, old=old, new=new)))


PEOPLE = ("students", "teachers", "staff")

OF_PEOPLE = {
    "roles.csv": ("userSourcedId",),
    "demographics.csv": ("sourcedId", "userSourcedId"),
}
"""Files with more facts about people, by id; where they have a damaged key, they are damaged,
too."""


def replace_keys(export: Export, *, name: str, old: pa.Array, new: pa.Array) -> Export:
    """Return the export with the keys that failing references mean replaced."""
    table = export.all_tables[name]
    edits = list(_list_edits(table, (table.key,), old=old, new=new))
    files = OF_PEOPLE if name in PEOPLE else {}
    for file, columns in files.items():
        more = export.file_tables.get(file)
        if more is not None:
            known = [column for column in columns if more.has(column)]
            edits += _list_edits(more, known, old=old, new=new)
    return edit_files(export, edits)


def _list_edits(
    table: Table, columns: Iterable[str], *, old: pa.Array, new: pa.Array
) -> Iterator[Edit]:
    """Yield the edits of an inverse that replace ids in some columns."""
    for column in columns:
        encoded = frame.encode(table, column)
        position = frame.find_positions(encoded.values, old)[encoded.codes]
        rows = np.flatnonzero(position >= 0)
        if len(rows):
            meant = pa.array(position[rows].astype(np.int32))
            yield Edit(table.name, column, rows, pa.DictionaryArray.from_arrays(meant, new))
