"""Damaged rows of a file that are in no table of the roster, such as a user who is listed twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa

from validator import frame
from validator.diagnosis.table_edit import Edit
from validator.model import Export, Originals, Table


def list_unrostered(
    export: Export, originals: Originals, edits: Sequence[Edit], *, tables: Iterable[str]
) -> Iterator[Edit]:
    """Yield the edits of damaged rows that the roster does not have.

    They hold a value that the edits of the same column change, and always in the same way.
    `tables`: the roster's tables that the edits are about.
    """
    known = [table for name, table in export.tables.items() if not _is_repeated(name, tables)]
    for name, column in dict.fromkeys((edit.table, edit.column) for edit in edits):
        own = [edit for edit in edits if (edit.table, edit.column) == (name, column)]
        source = originals.tables[name]
        left = ~np.isin(source.lines, _list_lines(known, source.file))
        for edit in own:
            left[edit.rows] = False
        rows = np.flatnonzero(left)
        if not len(rows):
            continue
        texts = frame.take_text(source, column, rows)
        new = _map_values(export, originals, own, wanted=set(texts))
        kept = [at for at, text in enumerate(texts) if len(new.get(text, ())) == 1]
        if kept:
            values = [next(iter(new[texts[at]])) for at in kept]
            yield replace(own[0], rows=rows[kept], values=pa.array(values, pa.string()))


def _map_values(
    export: Export, originals: Originals, edits: Sequence[Edit], *, wanted: set[str]
) -> dict[str, set[str]]:
    """Return, per damaged value that is wanted, the values that the edits write for it."""
    new: dict[str, set[str]] = {}
    for edit in edits:
        before = frame.take_text(originals.tables[edit.table], edit.column, edit.rows)
        for at in (at for at, text in enumerate(before) if text in wanted):
            new.setdefault(before[at], set()).add(edit.values[at].as_py())
    return new


def _is_repeated(name: str, tables: Iterable[str]) -> bool:
    """Return whether damaged tables have the rows of this one, but each teacher once."""
    return name == "teaching" and "sections" in tables


def _list_lines(tables: Iterable[Table], file: str) -> np.ndarray:
    """Return the lines of a damaged file that these tables of the roster were built from."""
    lines = []
    for table in tables:
        origins = [origin.lines for origin in table.origins.values() if origin.file == file]
        lines += [table.lines, *origins] if table.file == file else origins
    return np.concatenate(lines) if lines else np.zeros(0, np.int32)
