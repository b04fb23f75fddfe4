"""The overview as a workbook: districts, their days, causes, rules, and rules by district."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from validator import wording
from validator.model import Level, Owner, Status, Verdict
from validator.outputs.html.overview import VERDICTS
from validator.outputs.xlsx.package import pack_workbook
from validator.outputs.xlsx.sheets import format_cell, set_page

FIGURES = (
    "People held back",
    "Share held back",
    "Fix first",
    "Who fixes it",
    "Since last time",
    "Day",
    "Must fix",
    "Should fix",
    "Good to know",
    "Students",
    "Students ready",
    "Teachers",
    "Teachers ready",
    "Sections",
    "Why there is no answer",
)
TRENDS = ("District", "Day", "Verdict", "People held back", "People")
RULES = (
    "Level",
    "Problem",
    "Districts",
    "Records",
    "Districts where it was not run",
    "Who",
    "Rule",
)
CAUSES = (
    "District",
    "Level",
    "Problem",
    "File",
    "Column",
    "Evidence",
    "Records",
    "People",
    "Who",
    "Certain",
    "Cause",
)
FOUND = ("District", "Level", "Problem", "Records", "Who", "Rule")
WIDTHS = {
    "District": 34,
    "Problem": 56,
    "Evidence": 60,
    "Cause": 32,
    "Verdict": 16,
    "Fix first": 56,
    "Since last time": 40,
    "Rule": 32,
    "Who": 20,
    "Why there is no answer": 60,
}

HAPPENED = {
    "solved": "problems solved",
    "appeared": "new problems",
    "more": "larger problems",
    "fewer": "smaller problems",
}
"""Changes of a district's problems since the last run."""

Cells = Sequence[str | int | float | None]


def render(summed: Mapping[str, Any]) -> bytes:
    """Render the workbook about all districts of the portfolio, without records of people."""
    book: Any = Workbook()
    book.remove(book.active)
    rows = summed["districts"]
    findings = [
        _render_finding(row, rule)
        for row in rows
        for rule in row["rules"]
        if rule["status"] == Status.FOUND
    ]
    apps = list_apps(rows)
    names = ("District", *(app["title"] for app in apps), *FIGURES)
    _add_sheet(book, "Districts", names, rows=[_render_district(row, apps) for row in rows])
    points = [_render_day(row, point) for row in rows for point in row["trend"]]
    _add_sheet(book, "Trends", TRENDS, rows=points)
    causes = [_render_diagnosis(row, each) for row in rows for each in row["diagnoses"]]
    _add_sheet(book, "Causes", CAUSES, rows=causes)
    _add_sheet(book, "Rules", RULES, rows=[_render_rule(rule) for rule in summed["by_rule"]])
    _add_sheet(book, "Found", FOUND, rows=findings)
    return pack_workbook(book, {}, None)


def _render_rule(rule: Mapping[str, Any]) -> Cells:
    """Return the cells of one rule over all districts, for the portfolio's workbook."""
    return (
        wording.LEVELS[Level(rule["level"])],
        rule["title"],
        rule["districts"],
        rule["records"],
        rule["not_asked"],
        wording.OWNERS[Owner(rule["owner"])],
        rule["rule"],
    )


def _render_diagnosis(row: Mapping[str, Any], cause: Mapping[str, Any]) -> Cells:
    """Return the cells of one diagnosis in one district, for the portfolio's workbook."""
    return (
        row["district"],
        wording.LEVELS[Level(cause["level"])],
        cause["title"],
        cause["file"],
        cause["column"],
        cause["evidence"],
        cause["records"],
        cause["people"],
        wording.OWNERS[Owner(cause["owner"])],
        "yes" if cause["sure"] else "possible",
        cause["id"],
    )


def _render_finding(row: Mapping[str, Any], rule: Mapping[str, Any]) -> Cells:
    """Return the cells of one rule in one district, for the portfolio's workbook."""
    return (
        row["district"],
        wording.LEVELS[Level(rule["level"])],
        rule["title"],
        rule["count"],
        wording.OWNERS[Owner(rule["owner"])],
        rule["rule"],
    )


def list_apps(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the apps that any district was judged for, each once."""
    apps = {app["id"]: app for row in rows for app in row["apps"]}
    return list(apps.values())


def get_verdict(row: Mapping[str, Any], app: str) -> str:
    """Return a district's verdict for one app; without an answer, its own."""
    verdicts = {it["id"]: str(it["verdict"]) for it in row["apps"]}
    return verdicts.get(app, str(row["verdict"]))


def _render_district(row: Mapping[str, Any], apps: Sequence[Mapping[str, Any]]) -> Cells:
    """Return the cells of one district for the portfolio's workbook."""
    students, teachers, sections = (
        row["readiness"].get(kind, {}) for kind in ("students", "teachers", "sections")
    )
    held_back, first = row["held"] or {}, row["first"] or {}
    share = held_back["people"] / held_back["of"] if held_back.get("of") else None
    return (
        row["district"],
        *(VERDICTS[Verdict(get_verdict(row, app["id"]))] for app in apps),
        held_back.get("people"),
        share,
        first.get("says"),
        wording.OWNERS[Owner(first["owner"])] if first else None,
        describe_change(row["change"], row["verdict"]),
        row["as_of"],
        *(row["levels"].get(level) for level in ("blocker", "warning", "advice")),
        students.get("total"),
        students.get("ready"),
        teachers.get("total"),
        teachers.get("ready"),
        sections.get("total"),
        row["reason"],
    )


def _render_day(row: Mapping[str, Any], point: Mapping[str, Any]) -> Cells:
    """Return one day of a district."""
    verdict = VERDICTS[Verdict(point["verdict"])]
    return row["district"], point["as_of"], verdict, point["people"], point["of"]


def describe_change(change: Mapping[str, Any] | None, verdict: str) -> str:
    """Return what changed in a district since the last run for the portfolio's workbook."""
    if not change:
        return ""
    before = VERDICTS[Verdict(change["verdict_before"])].lower()
    parts = [] if change["verdict_before"] == verdict else [f"was {before}"]
    parts += [
        wording.format_count(len(change[name]), problems)
        for name, problems in HAPPENED.items()
        if change[name]
    ]
    return ", ".join(parts)


def _add_sheet(book: Any, title: str, names: Sequence[str], *, rows: Sequence[Cells]) -> None:
    """Add a sheet to the portfolio's workbook, with a heading row and a filter; no formulas."""
    sheet = book.create_sheet(title)
    for at, name in enumerate(names, 1):
        sheet.column_dimensions[get_column_letter(at)].width = WIDTHS.get(name, 12)
    sheet.append(list(names))
    for line, row in enumerate(rows, 2):
        sheet.append([format_cell(cell) if isinstance(cell, str) else cell for cell in row])
        for at in range(1, len(row) + 1):
            cell = sheet.cell(line, at)
            if isinstance(cell.value, float):
                cell.number_format = "0.0%"
            if isinstance(cell.value, str):
                cell.data_type, cell.quotePrefix = "s", cell.value[:1] in "=+-@"
    set_page(sheet, warning="")
    sheet.print_title_rows = "1:1"
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(names))}{len(rows) + 1}"
