"""The overview as a workbook: sheets of districts, of rules, and of rules by district."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from validator import wording
from validator.model import Level, Owner, Status, Verdict
from validator.outputs.html.overview import VERDICTS
from validator.outputs.xlsx.sheets import cell_text, packed

DISTRICTS = (
    "District",
    "Verdict",
    "Must fix",
    "Should fix",
    "Good to know",
    "Students",
    "Students ready",
    "Students held back",
    "Teachers",
    "Teachers ready",
    "Sections",
    "Changed",
    "Why there is no answer",
)
RULES = (
    "Level",
    "Problem",
    "Districts",
    "Records",
    "Districts where it could not be asked",
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
    "Changed": 40,
    "Rule": 32,
    "Who": 20,
    "Why there is no answer": 60,
}

Cells = Sequence[str | int | None]


def render(summed: Mapping[str, Any]) -> bytes:
    """Return the workbook about many districts as bytes; it has no record of a person."""
    book: Any = Workbook()
    book.remove(book.active)
    rows = summed["districts"]
    findings = [
        _finding(row, rule)
        for row in rows
        for rule in row["rules"]
        if rule["status"] == Status.FOUND
    ]
    _sheet(book, "Districts", DISTRICTS, rows=[_district(row) for row in rows])
    causes = [_cause(row, each) for row in rows for each in row["diagnoses"]]
    _sheet(book, "Causes", CAUSES, rows=causes)
    _sheet(book, "Rules", RULES, rows=[_rule(rule) for rule in summed["by_rule"]])
    _sheet(book, "Found", FOUND, rows=findings)
    return packed(book, {}, None)


def _rule(rule: Mapping[str, Any]) -> Cells:
    return (
        wording.LEVELS[Level(rule["level"])],
        rule["title"],
        rule["districts"],
        rule["records"],
        rule["not_asked"],
        wording.OWNERS[Owner(rule["owner"])],
        rule["rule"],
    )


def _cause(row: Mapping[str, Any], cause: Mapping[str, Any]) -> Cells:
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


def _finding(row: Mapping[str, Any], rule: Mapping[str, Any]) -> Cells:
    return (
        row["district"],
        wording.LEVELS[Level(rule["level"])],
        rule["title"],
        rule["count"],
        wording.OWNERS[Owner(rule["owner"])],
        rule["rule"],
    )


def _district(row: Mapping[str, Any]) -> Cells:
    students, teachers, sections = (
        row["readiness"].get(kind, {}) for kind in ("students", "teachers", "sections")
    )
    return (
        row["district"],
        VERDICTS[Verdict(row["verdict"])],
        *(row["levels"].get(level) for level in ("blocker", "warning", "advice")),
        students.get("total"),
        students.get("ready"),
        students.get("blocked"),
        teachers.get("total"),
        teachers.get("ready"),
        sections.get("total"),
        changed(row["change"]),
        row["reason"],
    )


def changed(change: Mapping[str, Any] | None) -> str:
    """Return what changed in a district since the last run, in a few words; "" for nothing."""
    if not change:
        return ""
    parts = [f"was {VERDICTS[Verdict(change['verdict_before'])].lower()}"]
    parts += [
        f"{len(change[name])} {word}"
        for name, word in (
            ("solved", "solved"),
            ("appeared", "new"),
            ("more", "grown"),
            ("fewer", "shrunk"),
        )
        if change[name]
    ]
    return ", ".join(parts)


def _sheet(book: Any, title: str, names: Sequence[str], *, rows: Sequence[Cells]) -> None:
    """Add a sheet with a fixed heading row and a filter; text is never a formula."""
    sheet = book.create_sheet(title)
    for at, name in enumerate(names, 1):
        sheet.column_dimensions[get_column_letter(at)].width = WIDTHS.get(name, 12)
    sheet.append(list(names))
    for row in rows:
        sheet.append([cell_text(cell) if isinstance(cell, str) else cell for cell in row])
        for cell in sheet[sheet.max_row]:
            if isinstance(cell.value, str):
                cell.data_type, cell.quotePrefix = "s", cell.value[:1] in "=+-@"
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(names))}{len(rows) + 1}"
