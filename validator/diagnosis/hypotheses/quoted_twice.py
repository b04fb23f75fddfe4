"""Values that were enclosed in quotation marks once more."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from itertools import compress

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from validator import frame
from validator.diagnosis.cells import (
    Damage,
    count_cells,
    list_files,
    list_originals,
    list_signs,
)
from validator.diagnosis.hypothesis import Inverse, Suspicion
from validator.diagnosis.scene import Scene
from validator.diagnosis.suspicions import suspect_change
from validator.frame import values as frame_values
from validator.frame.text_bytes import has_byte
from validator.model import Export, Originals, Table

QUOTE = '"'

LEAST_CELLS = 8
"""Cells of a file in quotation marks from which it was quoted twice; our own measure."""

SPELLING = "header-spelling"
"""The rule that finds quotation marks in column names."""

LEAST_COLUMNS = 2
"""Columns of a file that are enclosed as a whole; one may hold nicknames in quotes."""


def suspect_quoted_twice(scene: Scene) -> Iterable[Suspicion]:
    """Suspect that every value of a file has one more pair of quotation marks.

    In two columns or more, every filled cell begins and ends with a quotation mark, eight cells or
    more in all. A column of nicknames may be quoted on purpose; two columns of ids, dates, names or
    addresses are not.
    """
    damages: list[Damage] = []
    proven = False
    for table in list_originals(scene.export):
        rows = np.arange(len(table), dtype=np.int32)
        columns = (_unquote(table, column, rows) for column in table.records.columns)
        whole = [damage for damage in columns if damage is not None]
        enough = len(whole) >= LEAST_COLUMNS and count_cells(whole) >= LEAST_CELLS
        proven |= enough
        if enough or (len(whole) >= LEAST_COLUMNS and len(whole) == _count_filled(table)):
            damages += whole
    if not proven:
        return
    cells = count_cells(damages)
    suspicion = suspect_change(
        scene,
        "quoted-twice",
        damages,
        evidence=(
            f"all {cells:,} filled cells of {len(damages):,} columns of {list_files(damages)} "
            "begin and end with a quotation mark"
        ),
    )
    assert suspicion.inverse is not None
    yield replace(suspicion, inverse=partial(_unquote_headings, suspicion.inverse))


def _unquote_headings(inverse: Inverse, export: Export) -> Export:
    """Return the export after the inverse, with no quotation marks in its column names."""
    quoted = set()
    if export.originals is not None:
        tables = export.originals.tables
        quoted = {
            (table.file, column)
            for table in tables.values()
            for column in _list_quoted_headings(table)
        }
        plain = {name: _unquote_header(table) for name, table in tables.items()}
        export = replace(export, originals=Originals(plain, export.originals.rebuild))
    undone = inverse(export)
    spelled = undone.defects.get(SPELLING, ())
    kept = [block for block in spelled if (block.file, block.column) not in quoted]
    return replace(undone, defects={**undone.defects, SPELLING: kept})


def _list_quoted_headings(table: Table) -> Iterable[str]:
    """List the columns with a heading in quotes, a sign of the hypothesis of double quoting."""
    headings = [str(header) for header in table.headers.values()]
    quoted = _find_quoted(pa.array(headings, pa.string()))
    return compress(table.headers, quoted.to_pylist())


def _unquote_header(table: Table) -> Table:
    """Undo the damage of extra quotes in a table's headings."""
    headers = {
        column: header.strip('"') if isinstance(header, str) else header
        for column, header in table.headers.items()
    }
    return replace(table, headers=headers, cache=table.cache)


def _unquote(table: Table, column: str, everywhere: np.ndarray) -> Damage | None:
    """Return the cells of a column whose filled cells are all in quotation marks, else None.

    `everywhere`: all row numbers.
    """
    if QUOTE not in list_signs(table, column):
        return None
    values = frame.get_values(table, column)
    if not _may_be_quoted(values):
        return None
    quoted = _find_quoted(values)
    others = values.filter(pc.invert(quoted)) if not pc.all(quoted).as_py() else values[:0]
    if len(others) == len(values) or not frame_values.is_blank(frame_values.trim(others)).all():
        return None
    bare = pc.binary_slice(values.view(pa.binary()), 1, -1).view(pa.string())
    is_distinct = not has_byte(bare, '"')
    if not is_distinct:
        bare = pc.replace_substring(bare, '""', '"')
    is_encoded = frame.is_encoded(table, column)
    codes = frame.encode_raw(table, column).codes if is_encoded else everywhere
    rows = everywhere
    if len(others):
        bare = pc.if_else(quoted, bare, values)
        is_distinct &= not frame.is_among(others, bare.filter(quoted)).any()
        rows = np.flatnonzero(np.asarray(quoted)[codes])
        codes = codes[rows]
    return Damage(
        *(table, column, rows, codes, values, bare), is_whole=True, is_distinct=is_distinct
    )


def _may_be_quoted(values: pa.Array) -> bool:
    """Return whether the first values may be of a column that was quoted twice; a quick test."""
    first = (frame_values.trim_cell(cell.as_py()) for cell in values.slice(0, LEAST_CELLS))
    return all(not cell or cell.startswith('"') for cell in first)


def _find_quoted(values: pa.Array) -> pa.Array:
    """Return which values are in quotes, as a sign of the hypothesis of double quoting."""
    is_open, is_closed = pc.starts_with(values, '"'), pc.ends_with(values, '"')
    is_long = pc.greater(pc.binary_length(values), 1)
    return pc.and_(pc.and_(is_open, is_closed), is_long)


def _count_filled(table: Table) -> int:
    """Count the columns with a value, as evidence that a file was quoted twice."""
    return sum(not frame.encode(table, column).blank.all() for column in table.records.columns)
