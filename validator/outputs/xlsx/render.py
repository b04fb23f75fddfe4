"""The work-list: a workbook for the district's own staff, with a sheet for each owner."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from typing import Any

from openpyxl import Workbook
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Font, PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.hyperlink import Hyperlink

from validator import wording
from validator.followup import worklist
from validator.followup.worklist import DONE, FIRST_SHEET, NO_PROBLEM, STATUSES, STILL_FOUND
from validator.model import Level, Owner, Readiness, Report, Status
from validator.outputs.xlsx.lines import COLUMNS
from validator.outputs.xlsx.sheets import height, packed, put, rows_xml, style_number
from validator.outputs.xlsx.worklist import Line, Problem, Work, work
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

COLORS = {Level.BLOCKER: "F8D7D3", Level.WARNING: "FCE8C3", Level.ADVICE: "DDEBF7"}
DARK, LINK = "1F3A4D", {"color": "0B57D0", "underline": "single"}
START_WIDTHS = (21, 62, 11, 14, 15, 21, 60)
SCHOOL_NAME, STEP = 34, 16

Row = Sequence[str]

HOW_TO_USE = (
    "Each of the next sheets is the work of one person or office. A row is one record and one "
    "thing "
    "to fix in it.",
    "Fix it in the student information system, not in this workbook and not in the exported files; "
    "then export again.",
    "Lines are those of the files as they were exported. Filter by School or Problem in the "
    "heading "
    "row.",
    "Set Status to done or not a problem as you go. Then check the new export with --worklist and "
    "this file: what was set and noted is carried over.",
)


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
    _start(
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


def _start(sheet: Any, report: Report, todo: Work, *, more: Sequence[str]) -> None:
    """Fill the first sheet: answer, warning, how to use it, work by owner, rules not checked."""
    sheet.title, sheet.sheet_view.showGridLines = FIRST_SHEET, False
    for letter, width in zip("ABCDEFG", START_WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    district = report.district or report.export.name
    whose = f"{district}, " if district else ""
    about = f"{whose}checked as of {wording.format_date(report.as_of)}, for "
    about += f"{wording.PHASES[report.phase]}, rosterready {report.version}"
    top: list[tuple[str, dict[str, Any]]] = [
        (wording.describe_verdict(report), {"size": 15, "bold": True}),
        (wording.explain_verdict(report), {}),
        (about, {}),
        (
            "This file holds student data: keep it inside the district.",
            {"bold": True, "color": "9C1C12"},
        ),
    ]
    for number, (text, font) in enumerate(top, 1):
        put(sheet, (number, 1), text, wrap=False, font=font)
    sheet.row_dimensions[1].height = 24
    row = _lines(sheet, len(top) + 2, "How to use it", lines=HOW_TO_USE)
    if report.followup:
        row = _lines(sheet, row, "Since the last work-list", lines=worklist.sentences(report))
    row = _owners(sheet, row, todo)
    if more:
        note = f"A sheet was full: the rest is in {wording.join_words(more)}."
        put(sheet, (row - 1, 1), note, wrap=False, font={"bold": True})
        row += 1
    row = _problems(sheet, row, todo.problems)
    if wording.list_sign_in_kinds(report):
        row = _lines(
            sheet,
            row,
            "Who can sign in, step by step",
            lines=_list_steps(report),
        )
    _unchecked(sheet, row, report)
    _page(sheet, landscape=True)


def _lines(sheet: Any, row: int, heading: str, *, lines: Sequence[str]) -> int:
    put(sheet, (row, 1), heading, wrap=False, font={"bold": True, "size": 12})
    for number, line in enumerate(lines, 1):
        put(sheet, (row + number, 1), f"{number}. {line}", wrap=False)
    return row + len(lines) + 2


def _list_steps(report: Report) -> list[str]:
    """Return the steps of each kind of people, and of each app where there are several."""
    kinds = wording.list_sign_in_kinds(report)
    if len(report.by_profile) < 2:
        return [_steps(kind, report.readiness[kind]) for kind in kinds]
    return [
        f"{result.profile.title}: {_steps(kind, result.readiness[kind])}"
        for result in report.by_profile.values()
        for kind in kinds
    ]


def _steps(kind: str, state: Readiness) -> str:
    steps = [f"{wording.format_number(left)} {step}" for step, left in state.steps]
    return f"{kind.capitalize()}: {', '.join(steps)}"


def _heading(sheet: Any, row: int, names: Sequence[str]) -> None:
    for column, name in enumerate(names, 1):
        put(sheet, (row, column), name, font={"bold": True, "color": "FFFFFF"}, fill=DARK)


def _owners(sheet: Any, row: int, todo: Work) -> int:
    """Add how many problems and rows each owner has, with links; return the next row."""
    if not todo.rows:
        put(sheet, (row, 1), "Nothing to fix.", wrap=False, font={"bold": True, "size": 12})
        return row + 2
    levels = [level for level in Level if level is not Level.FACT]
    _heading(sheet, row, ("Who", "Problems", *(wording.LEVELS[level] for level in levels), "Rows"))
    for owner, items in todo.rows.items():
        row += 1
        mine = [problem for problem in todo.problems if problem.owner is owner]
        _link(put(sheet, (row, 1), wording.OWNERS[owner], font=LINK), owner)
        counts = [sum(problem.level is level for problem in mine) for level in levels]
        for column, count in enumerate((len(mine), *counts, len(items)), 2):
            put(sheet, (row, column), wording.format_number(count))
    return row + 2


def _problems(sheet: Any, row: int, problems: Sequence[Problem]) -> int:
    """Add every problem, first things first, with its count; return the next row."""
    if not problems:
        return row
    _heading(sheet, row, ("Level", "Problem", "Found", "Of", "Rows here", "Who", "Where"))
    for problem in problems:
        row += 1
        listed = wording.format_number(problem.listed)
        if problem.listed < problem.places:
            listed += f" of {wording.format_number(problem.places)}"
        cells = (
            wording.LEVELS[problem.level],
            problem.text,
            wording.format_number(problem.count),
            "" if problem.of is None else wording.format_number(problem.of),
            listed,
            wording.OWNERS[problem.owner],
            problem.where,
        )
        for column, text in enumerate(cells, 1):
            put(
                sheet,
                (row, column),
                text,
                **({"fill": COLORS[problem.level]} if column == 1 else {}),
            )
        owner = problem.owner
        _link(put(sheet, (row, 6), wording.OWNERS[owner], font=LINK), owner)
        sheet.row_dimensions[row].height = height(cells, START_WIDTHS)
    if any(problem.listed < problem.places for problem in problems):
        row += 1
        put(
            sheet,
            (row, 2),
            "Where fewer rows are here than were found, the next check lists the rest.",
            wrap=False,
        )
    return row + 2


def _unchecked(sheet: Any, row: int, report: Report) -> None:
    """Add what could not be checked, and why."""
    left = [
        outcome for outcome in report.outcomes if outcome.status in (Status.SKIPPED, Status.BROKEN)
    ]
    if not left:
        return
    _heading(sheet, row, ("Not checked", "What", "", "", "", "", "Why"))
    for number, outcome in enumerate(left, row + 1):
        cells = (
            wording.STATUSES[outcome.status],
            outcome.rule.title,
            "",
            "",
            "",
            "",
            outcome.reason or "",
        )
        for column, text in enumerate(cells, 1):
            put(sheet, (number, column), text)
        sheet.row_dimensions[number].height = height(cells, START_WIDTHS)


def _link(cell: Any, owner: Owner) -> None:
    cell.hyperlink = Hyperlink(
        ref=cell.coordinate, location=f"'{wording.OWNERS[owner]}'!A1", display=wording.OWNERS[owner]
    )


def _owner_sheet(book: Workbook, title: str, rows: Sequence[Line]) -> str:
    """Add an empty work-list and return its rows as XML."""
    sheet: Any = book.create_sheet(title)
    if any(line.folded for line in rows):
        sheet.sheet_properties.outlinePr.summaryBelow = False
        sheet.sheet_format.outlineLevelRow = 1
    _heading(sheet, 1, COLUMNS)
    for cell in sheet[1]:
        sheet.column_dimensions[cell.column_letter].width = WIDTHS[COLUMNS[cell.column - 1]]
    last, letter = (
        len(rows) + 1,
        {name: sheet.cell(1, at).column_letter for at, name in enumerate(COLUMNS, 1)},
    )
    end = letter[COLUMNS[-1]]
    sheet.column_dimensions[end].hidden = True  # only for reading the list back
    sheet.freeze_panes, sheet.auto_filter.ref = "C2", f"A1:{end}{last}"
    status = DataValidation(type="list", formula1=f'"{",".join(STATUSES)}"', allow_blank=True)
    status.add(f"{letter['Status']}2:{letter['Status']}{last}")
    sheet.add_data_validation(status)
    status_cell = f"${letter['Status']}2"
    done = f'OR({status_cell}="{DONE}",{status_cell}="{NO_PROBLEM}")'
    struck = DifferentialStyle(font=Font(color="6B6B6B", strike=True))
    sheet.conditional_formatting.add(
        f"A2:{end}{last}", Rule("expression", formula=[done], dxf=struck)
    )
    again = DifferentialStyle(
        font=Font(bold=True), fill=PatternFill("solid", bgColor=COLORS[Level.BLOCKER])
    )
    sheet.conditional_formatting.add(
        f"{letter['Status']}2:{letter['Status']}{last}",
        Rule("expression", formula=[f'{status_cell}="{STILL_FOUND}"'], dxf=again),
    )
    for level, color in COLORS.items():
        filled = DifferentialStyle(fill=PatternFill("solid", bgColor=color))
        sheet.conditional_formatting.add(
            f"A2:A{last}",
            Rule("expression", formula=[f'$A2="{wording.LEVELS[level]}"'], dxf=filled),
        )
    folded = frozenset(number for number, line in enumerate(rows) if line.folded)
    cells = [line.cells for line in rows]
    return _rows(sheet, cells, [WIDTHS[name] for name in COLUMNS], folded=folded)


def _school_sheet(book: Workbook, report: Report, kind: str) -> str:
    """Add a sheet of how many are left after each step by school; return its rows as XML."""
    sheet: Any = book.create_sheet(f"{kind.capitalize()} by school")
    columns = ["School", "Name", *(step.capitalize() for step, _ in report.readiness[kind].steps)]
    _heading(sheet, 1, columns)
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
    _page(sheet, landscape=True)
    sheet.print_title_rows = "1:1"
    pattern = put(sheet, (2, 1), "")
    style = style_number(pattern)
    del sheet._cells[2, 1]
    return rows_xml(rows, widths, style, folded=folded)


def _page(sheet: Any, landscape: bool) -> None:
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.center.text = "Student data: keep inside the district. &A, page &P of &N"
