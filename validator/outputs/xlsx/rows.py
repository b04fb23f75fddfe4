"""A sheet of work: one row per record and problem, to be filtered, filled in and printed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from openpyxl.formatting.rule import Rule
from openpyxl.styles import Font, PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.worksheet.datavalidation import DataValidation

from validator import wording
from validator.followup import columns
from validator.followup.columns import CHECK, FIX_SHEET, HIDDEN, STATUS
from validator.followup.statuses import DONE, NO_PROBLEM, STATUSES, STILL_FOUND
from validator.model import Level
from validator.outputs.xlsx.layout import WIDTHS, Layout, arrange
from validator.outputs.xlsx.own import Colored, OwnCells
from validator.outputs.xlsx.package import Body
from validator.outputs.xlsx.sheets import (
    COLORS,
    Grid,
    format_cell,
    put_heading,
    register_style,
    render_rows,
    set_page,
)
from validator.outputs.xlsx.worklist import Line

LINK = {"color": "0B57D0", "underline": "single"}

DONE_COLOR, IGNORED_COLOR = "DFF2E1", "EDEDED"

MOST_LINKS = 65_000
"""Links on one sheet; Excel repairs a workbook with more than 65,530 by removing them."""

CHECK_AT = columns.COLUMNS.index(CHECK)

HIGH = ("Note", "Problem", "Name", "Current value", "Column")
"""Columns that decide how high a row is; longer texts are on the sheet that is linked."""


def add_work_sheet(
    sheet: Any,
    lines: Sequence[Line],
    *,
    fixes: Mapping[str, int],
    arranged: Mapping[str, Sequence[str]],
) -> Body:
    """Fill the heading of a sheet of work; return its rows and links."""
    layout = arrange(sheet.title, lines, arranged)
    if any(line.folded for line in lines):
        sheet.sheet_properties.outlinePr.summaryBelow = False
        sheet.sheet_format.outlineLevelRow = 1
    put_heading(sheet, 1, layout.names)
    for cell, width in zip(sheet[1], layout.widths, strict=True):
        sheet.column_dimensions[cell.column_letter].width = width
    last = len(lines) + 1
    _set_view(sheet, layout, last=last)
    _set_choices(sheet, layout, last=last)
    _set_colors(sheet, layout, last=last)
    return Body(_draw_rows(sheet, lines, layout), _draw_links(lines, layout, fixes))


def _set_view(sheet: Any, layout: Layout, *, last: int) -> None:
    """Freeze and filter the heading, hide what only this program reads, and set the printing."""
    for name in HIDDEN:
        sheet.column_dimensions[layout.letter(name)].hidden = True
    end = sheet.cell(1, len(layout.names)).column_letter
    sheet.freeze_panes, sheet.auto_filter.ref = "C2", f"A1:{end}{last}"
    set_page(sheet)
    sheet.print_title_rows = "1:1"
    sheet.print_area = f"A1:{layout.last_printed()}{last}"


def _set_choices(sheet: Any, layout: Layout, *, last: int) -> None:
    """Let Status in the workbook be one of its list only; anything else is for Note."""
    choices = DataValidation(type="list", formula1=f'"{",".join(STATUSES)}"', allow_blank=True)
    choices.showErrorMessage, choices.errorStyle = True, "stop"
    choices.errorTitle = "Choose from the list"
    choices.error = "Status is one word of the list. Write anything else into Note."
    letter = layout.letter(STATUS)
    choices.add(f"{letter}2:{letter}{max(last, 2)}")
    sheet.add_data_validation(choices)


def _set_colors(sheet: Any, layout: Layout, *, last: int) -> None:
    """Color the workbook's rows by Status, and the cells of Level."""
    status, level = layout.letter(STATUS), layout.letter("Level")
    area = f"A2:{layout.last_printed()}{last}"
    looks = {
        DONE: DifferentialStyle(font=Font(color="4A4A4A"), fill=_fill(DONE_COLOR)),
        NO_PROBLEM: DifferentialStyle(
            font=Font(color="6B6B6B", strike=True), fill=_fill(IGNORED_COLOR)
        ),
    }
    for word, style in looks.items():
        _add_rule(sheet, area, f'${status}2="{word}"', style=style)
    again = DifferentialStyle(font=Font(bold=True), fill=_fill(COLORS[Level.BLOCKER]))
    _add_rule(sheet, f"{status}2:{status}{last}", f'${status}2="{STILL_FOUND}"', style=again)
    for each, color in COLORS.items():
        filled = DifferentialStyle(fill=_fill(color))
        formula = f'${level}2="{wording.LEVELS[each]}"'
        _add_rule(sheet, f"{level}2:{level}{last}", formula, style=filled)


def _add_rule(sheet: Any, cells: str, formula: str, *, style: DifferentialStyle) -> None:
    """Add a conditional format to cells of the workbook."""
    sheet.conditional_formatting.add(cells, Rule("expression", formula=[formula], dxf=style))


def _fill(color: str) -> PatternFill:
    """Return the fill of a conditional format in the workbook."""
    return PatternFill("solid", bgColor=color)


def _draw_rows(sheet: Any, lines: Sequence[Line], layout: Layout) -> str:
    """Return the rows of a sheet as XML."""
    plain = register_style(sheet, "")
    linked = register_style(sheet, "", font=LINK)
    number = register_style(sheet, 0, format="0")
    looks = {"Level": linked, "Line": number}
    styles = [looks.get(name, plain) for name in layout.names]
    numbers = frozenset({layout.names.index("Line")})
    own = OwnCells(sheet, styles, numbers)
    grid = Grid(
        layout.widths,
        styles,
        numbers=numbers,
        high=frozenset(layout.names.index(name) for name in HIGH),
        draw=own.render if any(line.more for line in lines) or layout.own else None,
    )
    folded = frozenset(number for number, line in enumerate(lines) if line.folded)
    show = cache(format_cell)  # most texts are in many rows
    return render_rows((_list_cells(line, layout, show) for line in lines), grid, folded=folded)


def _list_cells(line: Line, layout: Layout, show: Callable[[str], str]) -> Sequence[Any]:
    """Return the cells of a row in the order of the workbook's sheet. `show`: as in a cell."""
    cells = [*line.cells]
    cells[CHECK_AT] = columns.digest_row(list(map(show, cells)))
    for name in line.more.keys() & WIDTHS.keys():
        at = columns.COLUMNS.index(name)
        cells[at] = Colored.like(cells[at], line.more[name])
    if tuple(layout.names) == columns.COLUMNS:
        return cells
    return [
        line.more.get(name) if place < 0 else cells[place]
        for name, place in zip(layout.names, layout.order, strict=True)
    ]


def _draw_links(lines: Sequence[Line], layout: Layout, fixes: Mapping[str, int]) -> str:
    """Return a link from each row to how it is fixed, as XML."""
    letter = layout.letter("Level")
    links = [
        f'<hyperlink ref="{letter}{number}" location="\'{FIX_SHEET}\'!A{fixes[line.rule]}"/>'
        for number, line in enumerate(lines[:MOST_LINKS], 2)
        if line.rule in fixes
    ]
    return f"<hyperlinks>{''.join(links)}</hyperlinks>" if links else ""
