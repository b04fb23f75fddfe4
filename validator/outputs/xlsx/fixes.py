"""The sheet that says how each thing is fixed; every row of work is linked to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from openpyxl import Workbook

from validator import wording
from validator.followup.columns import FIX_SHEET
from validator.model import Report, dataclass
from validator.outputs.xlsx.sheets import COLORS, measure_height, put, put_heading, set_page
from validator.outputs.xlsx.worklist import Work

HEADINGS = ("Level", "Problem", "Why it matters", "How to fix it", "Where", "Who", "Source")
WIDTHS = (11, 34, 46, 52, 40, 20, 30)


@dataclass(frozen=True)
class Fix:
    """How one thing is fixed, as texts of the sheet."""

    level: Any
    texts: tuple[str, ...]


def add_fixes(book: Workbook, report: Report, todo: Work) -> dict[str, int]:
    """Add the sheet, if there is work; return the row of each rule and diagnosis in it."""
    fixes = _list_fixes(report, todo)
    if not fixes:
        return {}
    sheet: Any = book.create_sheet(FIX_SHEET)
    put_heading(sheet, 1, HEADINGS)
    for letter, width in zip("ABCDEFG", WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes, sheet.print_title_rows = "C2", "1:1"
    rows: dict[str, int] = {}
    for name, fix in fixes.items():
        rows[name] = len(rows) + 2
        texts = (wording.LEVELS[fix.level], *fix.texts)
        for column, text in enumerate(texts, 1):
            style = {"fill": COLORS[fix.level]} if column == 1 and fix.level in COLORS else {}
            put(sheet, (rows[name], column), text, **style)
        sheet.row_dimensions[rows[name]].height = measure_height(texts, WIDTHS)
    sheet.auto_filter.ref = f"A1:G{len(rows) + 1}"
    set_page(sheet)
    return rows


def _list_fixes(report: Report, todo: Work) -> Mapping[str, Fix]:
    """Return how each thing with rows is fixed, first things first."""
    whole = (report.followup.before if report.followup else None) or report
    fixes: dict[str, Fix] = {}
    for diagnosis in whole.diagnoses:
        text = diagnosis.text
        fix = f"{text.fix} {wording.describe_mend(report, diagnosis.id)}".rstrip()
        words = (text.title, text.why, fix, "", wording.OWNERS[text.owner], text.source)
        fixes.setdefault(diagnosis.id, Fix(diagnosis.level, words))
    for outcome in whole.outcomes:
        rule = outcome.rule
        route = wording.describe_route(report, outcome)
        fix = f"{rule.fix} {wording.describe_mend(report, rule.id)}".rstrip()
        words = (rule.title, rule.why, fix, route, wording.OWNERS[rule.owner], rule.source)
        fixes.setdefault(rule.id, Fix(outcome.level, words))
    order = {problem.id: place for place, problem in enumerate(todo.problems)}
    used = {line.rule for lines in todo.rows.values() for line in lines}
    listed = sorted(used & fixes.keys(), key=lambda name: (order.get(name, len(order)), name))
    return {name: fixes[name] for name in listed}
