"""The first sheet: answer, how to use it, work by owner, and what could not be checked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from openpyxl.worksheet.hyperlink import Hyperlink

from validator import wording
from validator.followup.columns import FIRST_SHEET
from validator.followup.progress import describe_progress
from validator.model import Level, Owner, Readiness, Report, Status
from validator.outputs.xlsx.sheets import COLORS, measure_height, put, put_heading, set_page
from validator.outputs.xlsx.worklist import Problem, Work, describe_left_out

LINK = {"color": "0B57D0", "underline": "single"}

START_WIDTHS = (18, 54, 20, 26, 44, 10, 10, 9)

SHARE_AT = 8
"""The column of shares, from 1."""

HOW_TO_USE = (
    "Each of the next sheets is the work of one person or office. A row is one record and one "
    "thing to fix in it; its level is a link to how it is fixed.",
    "Fix it in the student information system, not in this workbook and not in the exported files; "
    "then export again.",
    "Set Status to done or not a problem as you go, and write anything else into Note. Columns and "
    "sheets of your own may be added.",
    "Save and close this workbook, and check the new export into the same folder: what was set and "
    "noted is carried over.",
)

DEADLINES = {
    Level.BLOCKER: "before the files are sent",
    Level.WARNING: "before people sign in",
    Level.ADVICE: "when there is time",
}
"""By when something of a level is fixed."""


def fill_start(sheet: Any, report: Report, todo: Work, *, more: Sequence[str]) -> None:
    """Fill the first sheet: answer, warning, what by whom by when, and rules not checked."""
    sheet.title, sheet.sheet_view.showGridLines = FIRST_SHEET, False
    for letter, width in zip("ABCDEFGH", START_WIDTHS, strict=True):
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
    row = len(top) + 2
    if report.followup:
        row = _add_lines(sheet, row, "Since the last work-list", lines=describe_progress(report))
    row = _add_problems(sheet, row, todo.problems)
    row = _add_owners(sheet, row, todo)
    if more:
        note = f"A sheet was full: the rest is in {wording.join_words(more)}."
        put(sheet, (row - 1, 1), note, wrap=False, font={"bold": True})
        row += 1
    row = _add_lines(sheet, row, "How to use this workbook", lines=HOW_TO_USE)
    if wording.list_sign_in_kinds(report):
        row = _add_lines(
            sheet,
            row,
            "Who can sign in, step by step",
            lines=_list_steps(report),
        )
    _add_unchecked(sheet, row, report)
    set_page(sheet)


def _add_lines(sheet: Any, row: int, heading: str, *, lines: Sequence[str]) -> int:
    """Add a heading and lines to the workbook's first sheet."""
    put(sheet, (row, 1), heading, wrap=False, font={"bold": True, "size": 12})
    for number, line in enumerate(lines, 1):
        put(sheet, (row + number, 1), f"{number}. {line}", wrap=False)
    return row + len(lines) + 2


def _list_steps(report: Report) -> list[str]:
    """Return the steps of each kind of people, and of each app, for the workbook's first sheet."""
    kinds = wording.list_sign_in_kinds(report)
    if len(report.by_profile) < 2:
        return [_render_steps(kind, report.readiness[kind]) for kind in kinds]
    return [
        f"{result.profile.title}: {_render_steps(kind, result.readiness[kind])}"
        for result in report.by_profile.values()
        for kind in kinds
    ]


def _render_steps(kind: str, state: Readiness) -> str:
    """Render how many are left after each step, for the workbook's first sheet."""
    steps = [f"{wording.format_number(left)} {step}" for step, left in state.steps]
    return f"{kind.capitalize()}: {', '.join(steps)}"


def _add_owners(sheet: Any, row: int, todo: Work) -> int:
    """Add how many problems and rows each owner has, with links; return the next row."""
    if not todo.rows:
        return row
    levels = [level for level in Level if level is not Level.FACT]
    names = [wording.LEVELS[level] for level in levels]
    headings = ("Who", "Sheet of work", *names, "Problems", "Rows")
    put_heading(sheet, row, headings, numbers_from=3)
    for owner, items in todo.rows.items():
        row += 1
        mine = [problem for problem in todo.problems if problem.owner is owner]
        put(sheet, (row, 1), wording.OWNERS[owner])
        _link(put(sheet, (row, 2), f"Open the sheet {wording.OWNERS[owner]}", font=LINK), owner)
        counts = [sum(problem.level is level for problem in mine) for level in levels]
        for column, count in enumerate((*counts, len(mine), len(items)), 3):
            put(sheet, (row, column), count)
    return row + 2


def _add_problems(sheet: Any, row: int, problems: Sequence[Problem]) -> int:
    """Add what is to be done, by whom and by when, first things first; return the next row."""
    if not problems:
        put(sheet, (row, 1), "Nothing to fix.", wrap=False, font={"bold": True, "size": 12})
        return row + 2
    headings = ("Level", "What", "Who", "By when", "Where", "Found", "Of", "Share")
    put_heading(sheet, row, headings, numbers_from=6)
    for problem in problems:
        row += 1
        _add_problem(sheet, row, problem)
    left_out = sum(max(0, problem.places - problem.listed) for problem in problems)
    if left_out:
        row += 1
        put(sheet, (row, 2), describe_left_out(left_out), wrap=False)
    return row + 2


def _add_problem(sheet: Any, row: int, problem: Problem) -> None:
    """Add one thing to do."""
    where = problem.where
    if problem.listed < problem.places:
        listed, places = map(wording.format_number, (problem.listed, problem.places))
        where += f" ({listed} of {places} rows are listed)"
    share = round(problem.count / problem.of, 4) if problem.of else ""
    cells: tuple[str | float, ...] = (
        wording.LEVELS[problem.level],
        problem.text,
        wording.OWNERS[problem.owner],
        DEADLINES.get(problem.level, ""),
        where,
        problem.count,
        "" if problem.of is None else problem.of,
        share,
    )
    for column, value in enumerate(cells, 1):
        style: dict[str, Any] = {"fill": COLORS[problem.level]} if column == 1 else {}
        if column == SHARE_AT:
            style["format"] = "0.0%"
        put(sheet, (row, column), value, **style)
    owner = problem.owner
    _link(put(sheet, (row, 3), wording.OWNERS[owner], font=LINK), owner)
    texts = [value if isinstance(value, str) else "" for value in cells]
    sheet.row_dimensions[row].height = measure_height(texts, START_WIDTHS)


def _add_unchecked(sheet: Any, row: int, report: Report) -> None:
    """Add what could not be checked, and why."""
    left = [
        outcome for outcome in report.outcomes if outcome.status in (Status.SKIPPED, Status.BROKEN)
    ]
    if not left:
        return
    put_heading(sheet, row, ("Not checked", "What", "", "", "Why"))
    for number, outcome in enumerate(left, row + 1):
        cells = (
            wording.STATUSES[outcome.status],
            outcome.rule.title,
            "",
            "",
            outcome.reason or "",
        )
        for column, text in enumerate(cells, 1):
            put(sheet, (number, column), text)
        sheet.row_dimensions[number].height = measure_height(cells, START_WIDTHS)


def _link(cell: Any, owner: Owner) -> None:
    """Link a cell of the workbook's first sheet to the sheet of an owner."""
    cell.hyperlink = Hyperlink(
        ref=cell.coordinate, location=f"'{wording.OWNERS[owner]}'!A1", display=wording.OWNERS[owner]
    )
