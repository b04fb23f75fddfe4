"""The work-list: a workbook for the district's own staff, with a sheet for each owner."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.packaging.custom import StringProperty

from validator import wording
from validator.followup import columns, traces
from validator.followup.columns import FINISHED_SHEET, WAITING_SHEET
from validator.followup.sheets import digest_sheet
from validator.model import FollowUp, KeptRow, Owner, Report
from validator.outputs.xlsx import first_sync
from validator.outputs.xlsx.fixes import add_fixes
from validator.outputs.xlsx.own import add_own_sheets
from validator.outputs.xlsx.package import Body, pack_workbook
from validator.outputs.xlsx.rows import add_work_sheet
from validator.outputs.xlsx.sheets import put, put_heading, set_page
from validator.outputs.xlsx.start import fill_start
from validator.outputs.xlsx.worklist import Line, build_work
from validator.privacy import values

FULL_SHEET = 1_048_575
"""Rows that a sheet holds under its heading; further rows go into the next sheet."""

SCHOOL, SCHOOL_NAME, STEP = 11, 34, 16
"""How wide the columns of the sheets by school are, in characters."""

MOST_WAITING = 50_000
"""Rows without a word that are kept although they could not be checked."""


def render(
    report: Report,
    *,
    rows_per_rule: int = 5_000,
    rows: int = 50_000,
    full_sheet: int = FULL_SHEET,
) -> bytes:
    """Render the work-list as a workbook: names, ids and values, never a password."""
    todo = build_work(report, rows_per_rule, rows)
    book = Workbook()
    sheets = {
        title: part
        for owner, items in todo.rows.items()
        for title, part in _split_sheets(owner, items, full_sheet)
    }
    more = [title for title in sheets if title not in wording.OWNERS.values()]
    fill_start(book.active, report, todo, more=more)
    followup = report.followup or FollowUp()
    sheets |= _list_kept(followup)
    for title in sheets:
        book.create_sheet(title)
    fixes = add_fixes(book, report, todo)
    bodies = {
        title: add_work_sheet(book[title], lines, fixes=fixes, arranged=followup.arranged)
        for title, lines in sheets.items()
    }
    for kind in wording.list_sign_in_kinds(report):
        if report.readiness[kind].by_school:
            title = f"{kind.capitalize()} by school"
            bodies[title] = _add_school_sheet(book, report, kind)
    if report.first_sync:
        bodies[first_sync.TITLE] = first_sync.add_sheet(book, report)
    _add_properties(book, report, followup, written=[*sheets])
    add_own_sheets(book, followup.sheets)
    return pack_workbook(book, bodies, report.generated_at)


def _split_sheets(
    owner: Owner, rows: Sequence[Line], full_sheet: int
) -> Iterator[tuple[str, Sequence[Line]]]:
    """Yield the sheets of one owner by title: `Registrar`, and when that is full, `Registrar 2`."""
    for number, start in enumerate(range(0, len(rows), full_sheet), 1):
        title = wording.OWNERS[owner] + (f" {number}" if number > 1 else "")
        yield title, rows[start : start + full_sheet]


def _list_kept(followup: FollowUp) -> dict[str, Sequence[Line]]:
    """Return the report workbook's sheets of kept rows that are on no other list."""
    waiting = sorted(followup.waiting, key=lambda row: not _has_words(row))
    kept = [row for at, row in enumerate(waiting) if _has_words(row) or at < MOST_WAITING]
    sheets = {WAITING_SHEET: kept, FINISHED_SHEET: followup.finished}
    return {title: [_keep(row) for row in rows] for title, rows in sheets.items() if rows}


def _has_words(row: KeptRow) -> bool:
    """Return whether the report's workbook must show a kept row: somebody typed words into it."""
    return bool(row.mark.note or row.mark.more or not row.cells[columns.RULE])


def _keep(row: KeptRow) -> Line:
    """Render a kept row of the last work-list as a line of the report's workbook."""
    cells = {**row.cells, columns.STATUS: row.mark.status, columns.NOTE: row.mark.note}
    texts = tuple(cells[name] for name in columns.COLUMNS)
    return Line(texts, more=row.mark.more)


def _add_properties(
    book: Workbook, report: Report, followup: FollowUp, *, written: Sequence[str]
) -> None:
    """Add to the workbook what the next run needs: the apps, and what people did not type."""
    has_words = bool(
        followup.marks or followup.sheets or followup.waiting or followup.finished
    ) or any(set(names) - set(columns.COLUMNS) for names in followup.arranged.values())
    properties = traces.describe_origin(report, has_words=has_words)
    for sheet in book.worksheets:
        if sheet.title not in written:
            properties[traces.name_sheet(sheet.title)] = digest_sheet(sheet)
    added: Any = book
    for name, text in properties.items():
        added.custom_doc_props.append(StringProperty(name=name, value=text))


def _add_school_sheet(book: Workbook, report: Report, kind: str) -> Body:
    """Add a sheet of how many are left after each step by school; return its rows."""
    sheet: Any = book.create_sheet(f"{kind.capitalize()} by school")
    steps = [step.capitalize() for step, _ in report.readiness[kind].steps]
    put_heading(sheet, 1, ["School", "Name", *steps], numbers_from=3)
    widths = [SCHOOL, SCHOOL_NAME, *[STEP] * len(steps)]
    for cell, width in zip(sheet[1], widths, strict=True):
        sheet.column_dimensions[cell.column_letter].width = width
    sheet.freeze_panes, sheet.print_title_rows = "C2", "1:1"
    set_page(sheet)
    names = {school.school_id: school.name for school in report.schools}
    left = values.count_steps_by_school(report.readiness[kind])
    for number, (school, counts) in enumerate(left, 2):
        texts: list[str | int] = [school or "", names.get(school or "", ""), *counts]
        for column, value in enumerate(texts, 1):
            put(sheet, (number, column), value)
    sheet.auto_filter.ref = f"A1:{sheet.cell(1, len(widths)).column_letter}{len(left) + 1}"
    return Body()
