"""The log of a repair as a workbook, one sheet for each kind; for the district's own eyes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook

from validator.outputs.xlsx.package import Body, pack_workbook
from validator.outputs.xlsx.sheets import Grid, put, register_style, render_rows, set_up_list
from validator.privacy.public_values import is_secret
from validator.repair.changes import Changes
from validator.repair.log import hide_secrets
from validator.repair.summary import Mended

HEADINGS = ("File", "Line", "Column", "Change", "Before", "After", "New file", "New line")
WIDTHS = (18, 8, 20, 12, 36, 36, 18, 9)
MOST_ROWS, MOST_IN_ALL = 5_000, 50_000
"""Rows of one kind, and of all kinds; mended.csv has every change."""

LONGEST_TITLE = 31
"""Characters that the title of a sheet may have."""

NOTE = "Student data: keep inside the district. mended.csv lists every change; this workbook lists "
OVERVIEW = "Kinds"
FIRST = ("Kind", "What it changes", "Why it is safe", "Changes", "Listed")


def render(mended: Mended) -> bytes:
    """Render the result of mending as a workbook: an overview, then a sheet for each kind."""
    book = Workbook()
    first = book.active
    assert first is not None
    first.title = OVERVIEW
    bodies: dict[str, Body] = {}
    left = MOST_IN_ALL
    listed: dict[str, int] = {}
    for kind, blocks in _group(mended.changes).items():
        rows = _list_rows(blocks, min(MOST_ROWS, left))
        left -= len(rows)
        listed[kind] = len(rows)
        sheet = book.create_sheet(kind[:LONGEST_TITLE])
        set_up_list(sheet, HEADINGS, WIDTHS, freeze="A2")
        bodies[sheet.title] = Body(_render(sheet, rows))
    _fill_overview(first, mended, listed)
    return pack_workbook(book, bodies, mended.generated_at)


def _group(changes: Sequence[Changes]) -> dict[str, list[Changes]]:
    """Group changes by kind for the sheets of mend's workbook."""
    kinds: dict[str, list[Changes]] = {}
    for block in changes:
        kinds.setdefault(block.kind, []).append(block)
    return kinds


def _render(sheet: Any, rows: Sequence[Sequence[str]]) -> str:
    """Render the rows of a sheet in mend's workbook as XML."""
    styles = [register_style(sheet)] * len(WIDTHS)
    grid = Grid(WIDTHS, styles, numbers={1, 7})
    return render_rows(rows, grid)


def _list_rows(blocks: Sequence[Changes], most: int) -> list[list[str]]:
    """Return the first changes of one kind as rows of text."""
    rows: list[list[str]] = []
    for block in blocks:
        count = min(len(block), most - len(rows))
        if count <= 0:
            break
        shown = hide_secrets(block, is_secret)
        before = shown.before.slice(0, count).to_pylist()
        after = shown.after.slice(0, count).to_pylist()
        new = block.new_lines
        for at in range(count):
            rows.append(
                [
                    block.file,
                    str(block.lines[at]),
                    str(block.column),
                    shown.what.value,
                    before[at],
                    after[at],
                    block.new_file,
                    "" if new is None else str(new[at]),
                ]
            )
    return rows


def _fill_overview(sheet: Any, mended: Mended, listed: dict[str, int]) -> None:
    """Fill the first sheet: what it is, and the kinds with their proof and their numbers."""
    set_up_list(sheet, FIRST, (28, 60, 60, 12, 12), freeze="A2")
    counts: dict[str, int] = {}
    for tally in mended.tallies:
        counts[tally.kind] = counts.get(tally.kind, 0) + tally.count
    row = 2
    for kind, count in counts.items():
        words = mended.kinds[kind]
        put(sheet, (row, 1), words.id)
        put(sheet, (row, 2), f"{words.title}. {words.what}")
        put(sheet, (row, 3), words.proof)
        put(sheet, (row, 4), count)
        put(sheet, (row, 5), listed.get(kind, 0))
        row += 1
    most = f"up to {MOST_ROWS:,} changes of a kind and {MOST_IN_ALL:,} in all."
    put(sheet, (row + 1, 1), NOTE + most, wrap=False)
