"""The work-list: a workbook for the district's own staff, with a sheet for each owner."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from typing import Any

from openpyxl import Workbook
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Font, PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.worksheet.datavalidation import DataValidation

from validator import wording
from validator.followup.worklist import DONE, NO_PROBLEM, STATUSES, STILL_FOUND
from validator.model import Level, Owner, Report
from validator.outputs.xlsx.lines import COLUMNS
from validator.outputs.xlsx.sheets import (
    COLORS,
    packed,
    put,
    put_heading,
    rows_xml,
    set_page,
    style_number,
)
from validator.outputs.xlsx.start import fill_start
from validator.outputs.xlsx.worklist import Line, work
from validator.privacy import values

WIDTHS = {
    "Level": 13,
    "Problem": 38,
    "School": 11,
    "Id": 17,
    "Name": 22,
    "Same record": 13,
    "Column": 17,
    "Current value": 34,
    "Details": 34,
    "How to fix it": 50,
    "File": 15,
    "Line": 8,
    "Status": 14,
    "Note": 22,
    "Rule": 26,
    "Table": 12,
}
"""How wide each column of a work-list is, in characters."""

FULL_SHEET = 1_048_575
"""Rows that a sheet holds under its heading; further rows go into the next sheet."""

SCHOOL_NAME, STEP = 34, 16

Row = Sequence[str]


def render(
    report: Report,
    *,
    rows_per_rule: int = 5_000,
    rows: int = 50_000,
    full_sheet: int = FULL_SHEET,
) -> bytes:
    """Return the workbook as bytes: names, ids and values, never a password."""
    todo = work(report, rows_per_rule, rows)
    book = Workbook()
    sheets = {
        title: part
        for owner, items in todo.rows.items()
        for title, part in _parts(owner, items, full_sheet)
    }
    fill_start(
        book.active,
        report,
        todo,
        more=[title for title in sheets if title not in wording.OWNERS.values()],
    )
    filled = {title: _owner_sheet(book, title, part) for title, part in sheets.items()}
    filled |= {
        f"{kind.capitalize()} by school": _school_sheet(book, report, kind)
        for kind in wording.list_sign_in_kinds(report)
        if report.readiness[kind].by_school
    }
    return packed(book, filled, report.generated_at)


def _parts(
    owner: Owner, rows: Sequence[Line], full_sheet: int
) -> Iterator[tuple[str, Sequence[Line]]]:
    """Yield the sheets of one owner by title: `Registrar`, and when that is full, `Registrar 2`."""
    for number, start in enumerate(range(0, len(rows), full_sheet), 1):
        title = wording.OWNERS[owner] + (f" {number}" if number > 1 else "")
        yield title, rows[start : start + full_sheet]


def _owner_sheet(book: Workbook, title: str, rows: Sequence[Line]) -> str:
    """Add an empty work-list and return its rows as XML."""
    sheet: Any = book.create_sheet(title)
    if any(line.folded for line in rows):
        sheet.sheet_properties.outlinePr.summaryBelow = False
        sheet.sheet_format.outlineLevelRow = 1
    put_heading(sheet, 1, COLUMNS)
    for cell in sheet[1]:
        sheet.column_dimensions[cell.column_letter].width = WIDTHS[COLUMNS[cell.column - 1]]
    _set_rules(sheet, last=len(rows) + 1)
    folded = frozenset(number for number, line in enumerate(rows) if line.folded)
    cells = [line.cells for line in rows]
    return _rows(sheet, cells, [WIDTHS[name] for name in COLUMNS], folded=folded)


def _set_rules(sheet: Any, *, last: int) -> None:
    """Add the filter, the choices of Status, and the looks of rows by Status and Level."""
    letter = {name: sheet.cell(1, at).column_letter for at, name in enumerate(COLUMNS, 1)}
    end = letter[COLUMNS[-1]]
    sheet.column_dimensions[end].hidden = True  # only for reading the list back
    sheet.freeze_panes, sheet.auto_filter.ref = "C2", f"A1:{end}{last}"
    statuses = f"{letter['Status']}2:{letter['Status']}{last}"
    choices = DataValidation(type="list", formula1=f'"{",".join(STATUSES)}"', allow_blank=True)
    choices.add(statuses)
    sheet.add_data_validation(choices)
    status = f"${letter['Status']}2"
    done = f'OR({status}="{DONE}",{status}="{NO_PROBLEM}")'
    struck = DifferentialStyle(font=Font(color="6B6B6B", strike=True))
    _add_rule(sheet, f"A2:{end}{last}", done, style=struck)
    again = DifferentialStyle(font=Font(bold=True), fill=_fill(COLORS[Level.BLOCKER]))
    _add_rule(sheet, statuses, f'{status}="{STILL_FOUND}"', style=again)
    for level, color in COLORS.items():
        filled = DifferentialStyle(fill=_fill(color))
        _add_rule(sheet, f"A2:A{last}", f'$A2="{wording.LEVELS[level]}"', style=filled)


def _add_rule(sheet: Any, cells: str, formula: str, *, style: DifferentialStyle) -> None:
    sheet.conditional_formatting.add(cells, Rule("expression", formula=[formula], dxf=style))


def _fill(color: str) -> PatternFill:
    return PatternFill("solid", bgColor=color)


def _school_sheet(book: Workbook, report: Report, kind: str) -> str:
    """Add a sheet of how many are left after each step by school; return its rows as XML."""
    sheet: Any = book.create_sheet(f"{kind.capitalize()} by school")
    columns = ["School", "Name", *(step.capitalize() for step, _ in report.readiness[kind].steps)]
    put_heading(sheet, 1, columns)
    widths = [WIDTHS["School"], SCHOOL_NAME, *[STEP] * (len(columns) - 2)]
    for cell, width in zip(sheet[1], widths, strict=True):
        sheet.column_dimensions[cell.column_letter].width = width
    sheet.freeze_panes = "C2"
    names = {school.school_id: school.name for school in report.schools}
    return _rows(
        sheet,
        [
            (school or "", names.get(school or "", ""), *map(wording.format_number, left))
            for school, left in values.steps_by_school(report.readiness[kind])
        ],
        widths,
    )


def _rows(
    sheet: Any, rows: Iterable[Row], widths: Sequence[int], *, folded: Set[int] = frozenset()
) -> str:
    """Return the rows under the heading of a sheet as XML; prepare the sheet for printing.

    `folded`: numbers of the rows, from 0, that are inside a collapsed group.
    """
    set_page(sheet)
    sheet.print_title_rows = "1:1"
    pattern = put(sheet, (2, 1), "")
    style = style_number(pattern)
    del sheet._cells[2, 1]
    return rows_xml(rows, widths, style, folded=folded)
