"""Places of findings, built from row numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from validator.frame.arrays import count_numbers, mark_firsts, number_keys
from validator.frame.columns import encode, take_text
from validator.frame.people import group_people
from validator.model import Finding, Level, Places, Table


def place_rows(table: Table, rows: np.ndarray, column: str | None = None, **more: Any) -> Places:
    """Build places from a frame's row numbers (or a bool mask); `more` is passed on to `Places`.

    Values of a column that was read from another file are placed in that file, if each of them has
    a line there.
    """
    numbers = (np.flatnonzero(rows) if rows.dtype == bool else rows).astype(np.int32)
    origin = table.origins.get(column or "")
    if origin is not None and (origin.lines[numbers] > 0).all():
        return Places(
            table.name,
            origin.file,
            origin.lines[numbers],
            column,
            rows=numbers,
            parts=origin.parts,
            **more,
        )
    lines = table.lines_of(numbers)
    ends = None
    if table.end_lines:
        ends = np.asarray([table.end_lines.get(int(line), line) for line in lines], np.int32)
    return Places(
        table.name,
        table.file,
        lines,
        column,
        end_lines=ends,
        rows=numbers,
        parts=table.parts,
        **more,
    )


def place_previous(table: Table, rows: np.ndarray, **more: Any) -> Places:
    """Build places from row numbers in a frame of the previous export, with the records' ids."""
    mark = " (previous)"
    return Places(
        "",
        f"{table.file}{mark}",
        table.lines[rows],
        keys=take_text(table, table.key, rows),
        parts=tuple(replace(part, file=f"{part.file}{mark}") for part in table.parts),
        **more,
    )


def place_blanks(
    table: Table, rows: np.ndarray, column: str, *, words: str = "", level: Level | None = None
) -> list[Places]:
    """Build places, from a frame's row numbers, at blank cells of a column.

    A row for which the other file that holds the column has no line is placed at its own id, unless
    the table's own file has the column too; `words` name the value in its note.
    """
    numbers = np.flatnonzero(rows) if rows.dtype == bool else rows
    origin = table.origins.get(column)
    if origin is None:
        return [place_rows(table, numbers, column, level=level)]
    there = origin.lines[numbers] > 0
    if (~encode(table, column).blank & (origin.lines == 0)).any():
        halves = (numbers[there], numbers[~there])
        return [place_rows(table, half, column, level=level) for half in halves if len(half)]
    notes = f"{origin.file} has no {words or origin.header} for it"
    blocks = [
        place_rows(table, numbers[there], column, level=level),
        place_rows(table, numbers[~there], table.key, level=level, notes=notes),
    ]
    return [block for block in blocks if len(block)]


def count_once(blocks: Sequence[Places], numbers: np.ndarray | None = None) -> list[Places]:
    """Mark a frame's places so that a row number counts once, in the first block that lists it.

    `numbers`: the person of each row of the table, to count people instead of rows.
    """
    counted: dict[str, np.ndarray] = {}
    marked = []
    for block in blocks:
        assert block.rows is not None
        if not len(block):
            marked.append(block)
            continue
        keys = block.rows if numbers is None else numbers[block.rows]
        done = _grow(counted.get(block.table), int(keys.max()) + 1)
        counts = ~done[keys]
        if numbers is not None:
            counts &= mark_firsts(keys)
        marked.append(replace(block, counts=counts))
        done[keys] = True
        counted[block.table] = done
    return marked


def count_files_once(blocks: Sequence[Places]) -> list[Places]:
    """Mark a frame's places so that each file counts once: several tables may be of one file."""
    seen: set[str] = set()
    marked = []
    for block in blocks:
        counts = np.ones(len(block), bool) if block.counts is None else block.counts.copy()
        again = np.flatnonzero(counts)[0 if block.file in seen else 1 :]
        if block.file and block.count:
            seen.add(block.file)
        if not block.file or not len(again):
            marked.append(block)
            continue
        counts[again] = False
        marked.append(replace(block, counts=counts))
    return marked


def _grow(mask: np.ndarray | None, size: int) -> np.ndarray:
    """Grow a bool mask of a frame's rows or people to at least `size` entries."""
    if mask is None:
        return np.zeros(size, bool)
    return np.append(mask, np.zeros(max(size - len(mask), 0), bool))


def count_rows_once(blocks: Sequence[Places], tables: Sequence[Table | None]) -> Finding:
    """Build a finding from a frame's blocks of row numbers; a row in several counts once.

    It is among the rows of the tables with such rows, or of all tables where there are none.
    """
    named = {block.table for block in blocks if block.count}
    rows = {table.name: len(table) for table in tables if table is not None}
    of = sum(count for name, count in rows.items() if not named or name in named)
    return Finding(count_once(blocks), of=of)


def report_rows(table: Table, rows: np.ndarray, column: str | None = None, **more: Any) -> Finding:
    """Build a finding from a frame's row numbers (or a bool mask); `more` goes to `Places`."""
    numbers = np.flatnonzero(rows) if rows.dtype == bool else rows
    places = [place_rows(table, numbers, column, **more)] if len(numbers) else []
    return Finding(places, of=len(table))


def report_people(table: Table, rows: np.ndarray, column: str, **more: Any) -> Finding:
    """Build a finding from a frame's row numbers, each encoded person counted once."""
    people = group_people(table)
    numbers = np.flatnonzero(rows) if rows.dtype == bool else rows
    if not len(numbers):
        return Finding([], of=people.count)
    counts = mark_firsts(people.number[numbers])
    return Finding([place_rows(table, numbers, column, counts=counts, **more)], of=people.count)


def report_groups(table: Table, column: str, rows: np.ndarray, *, keys: np.ndarray) -> Finding:
    """Build a finding from a frame's row numbers whose numeric key repeats, grouped by key.

    `keys`: one number per row of the table.
    """
    group, count = number_keys(keys[rows])
    repeated = count_numbers(group, minlength=count)[group] > 1
    if not repeated.any():
        return Finding([], of=len(table), groups=0)
    places = place_rows(table, rows[repeated], column, groups=group[repeated])
    return Finding([places], of=len(table), groups=0)
