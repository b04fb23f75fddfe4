"""Several raw files of one layout, read as one table with a column map."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace
from typing import Any

import numpy as np
import pyarrow as pa

from validator import frame
from validator.ingest.csv.spelling import fold_heading
from validator.ingest.formats.sis.combined import add_combined
from validator.ingest.formats.sis.file_names import name_files
from validator.ingest.formats.sis.plan import RAW, Plan
from validator.model import (
    Export,
    FileColumn,
    Part,
    Places,
    Table,
    Unread,
    build_records,
    dataclass,
)

Names = tuple[str, ...]


@dataclass(eq=False)
class RawFiles:
    """The tables of a raw export's files, and those of several files together.

    blanked: the columns so far whose words for no value were read as blank.
    extended: the tables of single files, with the columns that the map combines.
    """

    export: Export
    plan: Plan
    joined: dict[Names, Table | None] = field(default_factory=dict)
    blanked: list[Places] = field(default_factory=list)
    extended: dict[str, Table] = field(default_factory=dict)

    def find(self, names: Sequence[str]) -> Table | None:
        """Return the table of these raw files, None where none of them can be used."""
        key = tuple(names)
        if key not in self.joined:
            parts = [table for _, table in self.list_tables(key)]
            self.joined[key] = self._join(key, parts) if len(key) > 1 and parts else None
            if len(key) == 1 and parts:
                self.joined[key] = parts[0]
        return self.joined[key]

    def is_read_whole(self, table: Table) -> bool:
        """Return whether all columns of a raw table's files are read, so that equal rows repeat.

        Other rows of one section and teacher may differ in a term, which is not read.
        """
        names = {table.file, *(part.file for part in table.parts)}
        return not any(file.columns_unused for file in self.export.files if file.name in names)

    def list_tables(self, names: Sequence[str]) -> list[tuple[str, Table]]:
        """Return the raw files that can be used, each with its own table."""
        return [(name, self._take(name)) for name in names if RAW + name in self.export.file_tables]

    def _take(self, name: str) -> Table:
        """Return the table of one raw file, with the columns that the map combines."""
        if name not in self.extended:
            table = self.export.file_tables[RAW + name]
            self.extended[name] = add_combined(table, self.plan.map)
        return self.extended[name]

    def _join(self, names: Names, tables: Sequence[Table]) -> Table:
        """Join raw files of one layout into one table, as the column map says."""
        heights = self.plan.heights
        shifts = np.cumsum([0, *(heights[RAW + name] + 1 for name in names)]).tolist()
        shift = dict(zip(names, shifts, strict=False))
        return join_tables(
            tables,
            name_files(names),
            shifts=[shift[table.file] for table in tables],
            same=self._list_same(),
        )

    def _list_same(self) -> list[tuple[str, ...]]:
        """Return the headings that a column map reads as the same column."""
        return [
            tuple(map(str, taken.headers))
            for mapped in self.plan.map.tables
            for taken in mapped.columns.values()
            if len(taken.headers) > 1
        ]


def join_tables(
    tables: Sequence[Table],
    file: str,
    *,
    shifts: Sequence[int],
    same: Sequence[tuple[str, ...]] = (),
) -> Table:
    """Return the rows of several raw files as one table, called `file`.

    Lines are numbered on by the `shifts`. `same`: headings that mean the same column.
    """
    names = [_match_headings(table, tables, same) for table in tables]
    headers: dict[str, FileColumn] = {}
    for table, own in zip(tables, names, strict=True):
        for column, heading in table.headers.items():
            headers.setdefault(own[column], heading)
    columns = {
        column: _join_column(column, tables, names) for column in headers if column in headers
    }
    index = np.concatenate(
        [table.lines + shift for table, shift in zip(tables, shifts, strict=True)]
    )
    first = tables[0]
    return replace(
        first,
        file=file,
        records=build_records(columns, index),
        headers=headers,
        unread=_join_unread(tables, shifts),
        end_lines=dict(_shift_ends(tables, shifts)),
        schema_violations={},
        parts=tuple(
            Part(table.file, shift, _list_other_headings(table, own, headers))
            for table, shift, own in zip(tables, shifts, names, strict=True)
        ),
        cache={},
    )


def _match_headings(
    table: Table, tables: Sequence[Table], same: Sequence[tuple[str, ...]]
) -> dict[str, str]:
    """Return the column of the joined raw files that each column of one file is."""
    known: dict[str, str] = {}
    for other in tables:
        for column in other.headers:
            known.setdefault(fold_heading(column), column)
    groups = [[fold_heading(heading) for heading in group] for group in same]
    own: dict[str, str] = {}
    for column in table.headers:
        folded = fold_heading(column)
        meant = next(
            (
                heading
                for group in groups
                if folded in group
                for heading in known
                if heading in group
            ),
            folded,
        )
        own[column] = known[meant] if known[meant] not in own.values() else known[folded]
    return own


def _join_column(column: str, tables: Sequence[Table], names: Sequence[Mapping[str, str]]) -> Any:
    """Return the cells of one column of all raw files, blank where a file does not have it."""
    chunks: list[Any] = []
    for table, own in zip(tables, names, strict=True):
        theirs = next((name for name, meant in own.items() if meant == column), None)
        if theirs is None:
            chunks.append(pa.array([""] * len(table), pa.string()))
            continue
        cells: Any = frame.get_arrow(table, theirs)
        pieces = cells.chunks if isinstance(cells, pa.ChunkedArray) else [cells]
        chunks += [piece.cast(pa.string()) for piece in pieces]
    return pa.concat_arrays(chunks).dictionary_encode()


def _list_other_headings(
    table: Table, own: Mapping[str, str], headers: Mapping[str, FileColumn]
) -> dict[FileColumn, FileColumn]:
    """Return the headings of the joined table that one file spells otherwise."""
    return {
        headers[meant]: table.headers[column]
        for column, meant in own.items()
        if headers[meant] != table.headers[column]
    }


def _join_unread(tables: Sequence[Table], shifts: Sequence[int]) -> Unread:
    """Join the rows that could not be read whole of several raw files read by a column map."""
    lines = [table.unread.lines + shift for table, shift in zip(tables, shifts, strict=True)]
    cells = tuple(row for table in tables for row in table.unread.cells)
    return Unread(np.concatenate(lines).astype(np.int32), cells)


def _shift_ends(tables: Sequence[Table], shifts: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield the last lines of rows in several raw files, shifted as their tables are joined."""
    for table, shift in zip(tables, shifts, strict=True):
        for line, end in table.end_lines.items():
            yield line + shift, end + shift
