"""The three lists compared, as a workbook with a sheet for each desk, with values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from validator.compare.reconcile.reasons import Losses
from validator.compare.reconcile.result import Reconciliation
from validator.model import Table
from validator.outputs.reconcile import terminal, words
from validator.outputs.xlsx.package import Body, pack_workbook
from validator.outputs.xlsx.sheets import (
    Grid,
    put,
    put_heading,
    register_style,
    render_rows,
    set_page,
    set_up_list,
)

HEADINGS = (
    "Kind",
    "Id",
    "Name",
    "In SIS",
    "In Clever",
    "In app",
    "Lost between",
    "Why",
    "What differs",
    "Sure",
    "SIS line",
    "Clever line",
    "App line",
    "Second account",
    "What to do",
    "Reason",
)
WIDTHS = (9, 14, 24, 7, 9, 7, 12, 34, 40, 7, 9, 11, 9, 10, 60, 22)
NUMBERS = {10, 11, 12, 13}

MOST_ROWS = 100_000
"""Rows of a sheet; reconcile.json has everybody."""

OVERVIEW = "Start"
NOTE = "Student data: keep inside the district. One sheet for each desk that must act."


def render(result: Reconciliation) -> bytes:
    """Render the compared lists as a workbook: an overview, then a sheet for each desk."""
    book = Workbook()
    first = book.active
    assert first is not None
    first.title = OVERVIEW
    bodies: dict[str, Body] = {}
    for desk, title in words.DESKS.items():
        sheet = book.create_sheet(title)
        set_up_list(sheet, HEADINGS, WIDTHS, freeze="D2")
        rows: list[list[str]] = []
        for kind, losses in result.losses.items():
            own = np.flatnonzero(losses.owner == desk)[: MOST_ROWS - len(rows)]
            rows += _list_rows(result, losses, kind=kind, places=own)
        bodies[title] = Body(_render(sheet, rows))
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(HEADINGS))}{len(rows) + 1}"
    _fill_overview(first, result)
    return pack_workbook(book, bodies, result.generated_at)


def _render(sheet: Any, rows: Sequence[Sequence[str]]) -> str:
    """Render the rows of a sheet in the reconcile workbook as XML."""
    styles = [register_style(sheet)] * len(WIDTHS)
    return render_rows(rows, Grid(WIDTHS, styles, numbers=NUMBERS))


def _list_rows(
    result: Reconciliation, losses: Losses, *, kind: str, places: np.ndarray
) -> list[list[str]]:
    """Render the rows of some losses of one kind in the reconcile workbook."""
    linked = losses.linked
    ids, names = _take_first(losses, ("id",), places), _take_first(losses, _name(kind), places)
    differs = _list_differences(losses, places)
    lines = {name: _list_lines(losses, name, linked.at[name][places]) for name in words.LISTS}
    for name, broken in linked.broken.items():
        pairs = zip(lines[name], broken[places].tolist(), strict=True)
        table = linked.lists[name].table if name in linked.lists else None
        lines[name] = [text or (_format_line(table, line) if line else "") for text, line in pairs]
    second = _list_lines(losses, "app", linked.second[places])
    rows = []
    for number, at in enumerate(places.tolist()):
        reason, gap = str(losses.reason[at]), str(losses.gap[at])
        text = words.describe(result, reason, gap=gap, owner=str(losses.owner[at]))
        there = ["yes" if lines[name][number] else "no" for name in words.LISTS]
        rows.append(
            [
                words.KINDS[kind],
                ids[number],
                names[number],
                *_mark_absent(result, there),
                gap,
                text.title,
                differs[number],
                "yes" if losses.sure[at] else "no",
                *(lines[name][number] for name in words.LISTS),
                second[number],
                text.fix,
                reason,
            ]
        )
    return rows


def _mark_absent(result: Reconciliation, there: Sequence[str]) -> list[str]:
    """Return the cells of the reconcile workbook that say in which lists somebody is."""
    pairs = zip(words.LISTS, there, strict=True)
    return [mark if name in result.lists else "-" for name, mark in pairs]


def _name(kind: str) -> tuple[str, ...]:
    """Return the fields that name a record in the reconcile workbook."""
    return ("course",) if kind == "sections" else ("first", "last")


def _take_first(losses: Losses, fields: Sequence[str], places: np.ndarray) -> list[str]:
    """Return a cell of the reconcile workbook: fields in the first list that has a record."""
    texts = [""] * len(places)
    for name, listing in losses.linked.lists.items():
        records = losses.linked.at[name][places]
        there = np.flatnonzero(records >= 0)
        columns = [listing.take_text(field, records[there]) for field in fields]
        for at, *parts in zip(there.tolist(), *columns, strict=True):
            texts[at] = texts[at] or " ".join(parts).strip()
    return texts


def _list_lines(losses: Losses, name: str, records: np.ndarray) -> list[str]:
    """Return the line of each record in a list, "" where it is not there."""
    listing = losses.linked.lists.get(name)
    if listing is None:
        return [""] * len(records)
    lines = np.append(listing.lines, 0)[records].tolist()
    return [
        _format_line(listing.table, line) if at >= 0 else ""
        for at, line in zip(records.tolist(), lines, strict=True)
    ]


def _format_line(table: Table | None, line: int) -> str:
    """Render a line of a list in the reconcile workbook, with its file where several files are
    the list."""
    if table is None or not table.parts:
        return str(line)
    file, own = table.locate(line)
    return f"{file}, {own}"


def _list_differences(losses: Losses, places: np.ndarray) -> list[str]:
    """Render in the reconcile workbook what differs for each, with the values of both lists."""
    texts: list[list[str]] = [[] for _ in range(len(places))]
    linked = losses.linked
    for each in losses.differences.found:
        own = np.flatnonzero(each.mask[places])
        values = [
            linked.lists[name].take_text(each.field, linked.at[name][places[own]])
            for name in (each.first, each.second)
        ]
        for at, before, after in zip(own.tolist(), *values, strict=True):
            first, second = words.SHORT[each.first], words.SHORT[each.second]
            name = words.FIELDS[each.field]
            texts[at].append(f"{name}: {first} {before or 'blank'}, {second} {after or 'blank'}")
    return ["; ".join(parts) for parts in texts]


def _fill_overview(sheet: Any, result: Reconciliation) -> None:
    """Fill the first sheet: what it is, the counts, and what to send to each desk."""
    sheet.column_dimensions["A"].width = 24
    for letter in "BCDEFG":
        sheet.column_dimensions[letter].width = 12
    equal = result.is_equal
    text = words.describe_equal(result) if equal else words.describe_result(result)
    put(sheet, (1, 1), text, wrap=False, font={"bold": True})
    put(sheet, (2, 1), NOTE, wrap=False)
    heading, *rows = terminal.count_rows(result)
    put_heading(sheet, 4, heading)
    for at, row in enumerate(rows, 5):
        for column, cell in enumerate(row, 1):
            put(sheet, (at, column), _read_number(cell))
    line = 6 + len(rows)
    for title, messages in terminal.list_desks(result):
        put(sheet, (line, 1), f"To send: {title}", wrap=False, font={"bold": True})
        for message in messages:
            line += 1
            put(sheet, (line, 1), message, wrap=False)
        line += 2
    for note in result.notes:
        put(sheet, (line, 1), note, wrap=False)
        line += 1
    set_page(sheet)


def _read_number(cell: str) -> str | int:
    """Return a cell of the reconcile workbook as a number, where it is one."""
    digits = cell.replace(",", "")
    return int(digits) if digits.isdigit() else cell
