"""Sheets of text and numbers; the same bytes for the same rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from functools import cache
from html import escape
from math import ceil
from typing import Any
from weakref import WeakKeyDictionary

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter

from validator.model import Level, dataclass
from validator.text import MOST_DIGITS, show_invisible

LONGEST = 32_767
"""UTF-16 units that a cell may hold."""

LINE, MOST_LINES, LETTERS = 15.0, 12, 1.08
"""Points of a line of text, the most lines that a row shows, and letters per unit of width."""

BREAK, PARTS = re.compile(r"[ \n-]"), re.compile(r"[^ \n-]*[ \n-]|[^ \n-]+")
"""Where a line of a cell may end, and the parts of a text up to there."""

FONT, DARK = "Calibri", "1F3A4D"

COLORS = {Level.BLOCKER: "F8D7D3", Level.WARNING: "FCE8C3", Level.ADVICE: "DDEBF7"}
"""Fill of the cells that show a level."""

_STYLES: WeakKeyDictionary[Workbook, dict[Any, StyleArray]] = WeakKeyDictionary()
"""The styles of each workbook's cells by the options of `put`: openpyxl compares them slowly."""


def format_cell(value: str) -> str:
    """Return the text as a cell of the workbook can hold it: visible, and cut where it is long."""
    if len(value) < LONGEST and value.isascii() and value.isprintable():
        return value
    text = show_invisible(value)
    if len(text) * 2 <= LONGEST or len(text.encode("utf-16-le")) <= 2 * LONGEST:
        return text
    mark = f" [cut here: {len(value):,} characters]"
    most = 2 * (LONGEST - len(mark))
    return text.encode("utf-16-le")[:most].decode("utf-16-le", "ignore") + mark


def put(sheet: Any, at: tuple[int, int], value: str | float, **style: Any) -> Any:
    """Fill the cell of the workbook at row and column with text or a number, and return it."""
    cell = sheet.cell(row=at[0], column=at[1])
    is_text = isinstance(value, str)
    cell.value = format_cell(value) if isinstance(value, str) else value
    if is_text:
        cell.data_type = "s"  # never a formula, an error or a number
    known = _STYLES.setdefault(sheet.parent, {})
    kind = (is_text, repr(style))
    if kind not in known:
        _set_style(cell, is_text=is_text, style=style)
        known[kind] = cell._style
    cell._style = known[kind]
    return cell


def _set_style(cell: Any, *, is_text: bool, style: Mapping[str, Any]) -> None:
    """Set the style of a cell of the workbook from the options of `put` alone."""
    cell._style = None  # the style of an earlier value is that of other cells too
    if is_text:
        cell.number_format, cell.quotePrefix = "@", True
    else:
        cell.number_format = style.get("format", "#,##0")
    wrap = style.get("wrap", True)
    cell.alignment = Alignment(wrap_text=wrap, vertical="top", horizontal=style.get("side"))
    if wrap:
        cell.border = Border(bottom=Side("thin", color="D9D9D9"))
    if "font" in style:
        cell.font = Font(**{"name": FONT, "size": 11, **style["font"]})
    if "fill" in style:
        cell.fill = PatternFill("solid", start_color=style["fill"])


def put_heading(
    sheet: Any, row: int, names: Sequence[str], *, numbers_from: int | None = None
) -> None:
    """Fill a row of the workbook with column names, white on dark.

    `numbers_from`: the first column of numbers, from 1, whose names are over the numbers.
    """
    font = {"bold": True, "color": "FFFFFF"}
    for column, name in enumerate(names, 1):
        side = {"side": "right"} if numbers_from and column >= numbers_from else {}
        put(sheet, (row, column), name, font=font, fill=DARK, **side)


def set_page(sheet: Any, warning: str = "Student data: keep inside the district. ") -> None:
    """Set how the sheet is printed: landscape, as wide as the page, with a warning below."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.center.text = f"{warning}&A, page &P of &N"


def set_up_list(sheet: Any, headings: Sequence[str], widths: Sequence[int], *, freeze: str) -> None:
    """Write the headings of a sheet with a list, its widths, and how it is printed.

    `freeze`: the first cell that moves when the sheet is scrolled.
    """
    put_heading(sheet, 1, headings)
    for column, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = freeze
    set_page(sheet)


def register_style(sheet: Any, value: str | int = "", **style: Any) -> int:
    """Return the number of the style of such a cell in the workbook, without leaving the cell."""
    cell = put(sheet, (2, 1), value, **style)
    number = find_style(cell)
    del sheet._cells[2, 1]
    return number


def _count_lines(text: str, room: int) -> int:
    """Count the lines of a text in a cell of the workbook that is `room` letters wide.

    A line ends after a space or a hyphen; what is longer than a line is broken anywhere.
    """
    if not BREAK.search(text):
        return ceil(len(text) / room)
    lines, used = 1, 0
    for part in PARTS.findall(text[: room * MOST_LINES]):
        if used and used + len(part.rstrip()) > room:
            lines, used = lines + 1, 0
        used += len(part)
        if used > room and part.rstrip():
            lines, used = lines + (used - 1) // room, (used - 1) % room + 1
        if part.endswith("\n"):
            lines, used = lines + 1, 0
    return lines


def measure_height(
    texts: Iterable[str],
    widths: Iterable[int],
    count: Callable[[str, int], int] = _count_lines,
) -> float:
    """Return the height of a row of the workbook, in points, for its wrapped texts.

    `count`: counts the lines of a text, where many rows have the same ones.
    """
    pairs = zip(texts, widths, strict=False)
    lines = [
        count(text, int(width * LETTERS))
        for text, width in pairs
        if len(text) > width or "\n" in text
    ]
    return LINE * min(max(lines, default=1), MOST_LINES)


@dataclass(frozen=True, eq=False)
class Grid:
    """How the rows of a sheet look.

    widths, styles: of each column. numbers: columns that hold numbers. high: columns that decide
    how high a row is, None for all. draw: renders a cell of people's, by row and column.
    """

    widths: Sequence[int]
    styles: Sequence[int]
    numbers: Set[int] = frozenset()
    high: Set[int] | None = None
    draw: Callable[[Any, int, int], str] | None = None


def render_rows(
    rows: Iterable[Sequence[Any]], grid: Grid, *, folded: Set[int] = frozenset()
) -> str:
    """Return rows of the workbook as a sheet has them under its heading.

    `folded`: numbers of the rows, from 0, that are inside a collapsed group.
    """
    starts = [
        f'<c s="{style}" r="{get_column_letter(number)}'
        for number, style in enumerate(grid.styles, 1)
    ]
    ended, count = cache(end_text), cache(_count_lines)  # most texts are in many rows
    ends = [end_number if at in grid.numbers else ended for at in range(len(starts))]
    high = range(len(starts)) if grid.high is None else sorted(grid.high)
    widths = [grid.widths[at] for at in high]
    parts = []
    for number, row in enumerate(rows, 2):
        if grid.draw is None:
            pairs = zip(starts, ends, row, strict=True)
            cells = "".join([f"{start}{number}{end(value)}" for start, end, value in pairs])
        else:
            cells = "".join(
                f"{starts[at]}{number}{ends[at](value)}"
                if type(value) is str
                else grid.draw(value, number, at + 1)
                for at, value in enumerate(row)
                if value is not None
            )
        tall = measure_height([row[at] for at in high if isinstance(row[at], str)], widths, count)
        size = f'ht="{tall}" customHeight="1"'
        group = _outline(number - 2, folded)
        parts.append(f'<row r="{number}" {size}{group}>{cells}</row>')
    return "".join(parts)


def _outline(number: int, folded: Set[int]) -> str:
    """Return the attributes of a workbook's row in a collapsed group, or above one."""
    if number in folded:
        return ' outlineLevel="1" hidden="1"'
    return ' collapsed="1"' if number + 1 in folded else ""


def end_text(value: str) -> str:
    """Render the end of a cell in the XML of the report's workbook."""
    text = format_cell(value)
    if not text:
        return '"/>'
    space = ' xml:space="preserve"' if text != text.strip() else ""
    return f'" t="inlineStr"><is><t{space}>{escape(text, quote=False)}</t></is></c>'


def end_number(value: str) -> str:
    """Return the end of a workbook's cell with a number; anything else is text."""
    is_number = value.isascii() and value.isdigit() and len(value) <= MOST_DIGITS
    return f'"><v>{value}</v></c>' if is_number else end_text(value)


def find_style(cell: Any) -> int:
    """Return the number by which the rows of a workbook's sheet name the style of this cell."""
    style: StyleArray = cell._style
    return int(cell.parent.parent._cell_styles.add(style))
