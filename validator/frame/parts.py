"""Tables of several files: the file and the physical line of each of their places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from validator.model import Export, FileColumn, Part, Places, Table, dataclass, split_lines


@dataclass(frozen=True, eq=False)
class Trace:
    """Cells of one column that were read from one file.

    at: positions among the cells that were asked for. lines: their lines in the file.
    """

    file: str
    header: FileColumn
    at: np.ndarray
    lines: np.ndarray


Parts = Mapping[str, tuple[Part, ...]]
"""The name of a table's files together -> each of them."""


def list_parts(export: Export) -> dict[str, tuple[Part, ...]]:
    """Return the files of each frame's table, or joined column, that was read from several."""
    parts = {}
    for table in export.all_tables.values():
        if table.parts:
            parts[table.file] = table.parts
        for origin in table.origins.values():
            if origin.parts:
                parts[origin.file] = origin.parts
    return parts


def split_places(blocks: Sequence[Places], parts: Parts) -> list[Places]:
    """Split places of a frame's table by the file and the line that each is in."""
    if not parts:
        return list(blocks)
    known = (replace(block, parts=parts.get(block.file, block.parts)) for block in blocks)
    return [piece for block in known for piece in block.split()]


def number_lines(table: Table, block: Places) -> np.ndarray:
    """Return the lines of places as those of a frame's whole table, of one or several files."""
    shift = next((part.shift for part in table.parts if part.file == block.file), 0)
    return np.asarray(block.lines + shift, np.int32)


def trace_cells(table: Table, column: str, rows: np.ndarray) -> list[Trace]:
    """Trace a frame's encoded cells to the files, headings and lines that they were read from.

    Without rows, the first file alone.
    """
    origin = table.origins.get(column)
    source = table if origin is None else origin
    header = table.headers.get(column, "") if origin is None else origin.header
    lines, every = source.lines[rows], np.arange(len(rows))
    if not source.parts:
        return [Trace(source.file, header, every, lines)]
    traces = [
        Trace(part.file, part.headings.get(header, header), every[mask], own)
        for part, mask, own in split_lines(source.parts, lines)
    ]
    first = source.parts[0]
    return traces or [Trace(first.file, first.headings.get(header, header), every, lines)]


def list_headings(table: Table, column: str) -> list[tuple[str, FileColumn]]:
    """Return the files that a frame's column was read from, each with the heading there."""
    origin = table.origins.get(column)
    source = table if origin is None else origin
    header = table.headers.get(column, column) if origin is None else origin.header
    parts = [(part.file, part.headings.get(header, header)) for part in source.parts]
    return parts or [(source.file, header)]
