"""The overview as a workbook: a sheet of districts, a sheet of rules, a sheet of what was found where."""

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
FOUND = ("District", "Level", "Problem", "Records", "Who", "Rule")
WIDTHS = {
    "District": 34,
    "Problem": 56,
    "Verdict": 16,
    "Changed": 40,
    "Rule": 32,
    "Who": 20,
    "Why there is no answer": 60,
}

Cells = Sequence[str | int | None]


def render(summed: Mapping[str, Any]) -> bytes:
    """The workbook's bytes; they hold no record of a person."""
    book: Any = Workbook()
    book.remove(book.active)
    rows = summed["districts"]
    _sheet(book, "Districts", DISTRICTS, [_district(row) for row in rows])
    _sheet(
        book,
        "Rules",
        RULES,
        [
            (
                wording.LEVELS[Level(one["level"])],
                one["title"],
                one["districts"],
                one["records"],
                one["not_asked"],
                wording.OWNERS[Owner(one["owner"])],
                one["rule"],
            )
            for one in summed["by_rule"]
        ],
    )
    _sheet(
        book,
        "Found",
        FOUND,
        [
            (
                row["district"],
                wording.LEVELS[Level(rule["level"])],
                rule["title"],
                rule["count"],
                wording.OWNERS[Owner(rule["owner"])],
                rule["rule"],
            )
            for row in rows
            for rule in row["rules"]
            if rule["status"] == Status.FOUND
        ],
    )
    return packed(book, {}, None)


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
    """What changed since the last run, in a few words; "" where nothing did."""
    if not change:
        return ""
    parts = [f"was {VERDICTS[Verdict(change['verdict_before'])].lower()}"]
    parts += [
        f"{len(change[name])} {told}"
        for name, told in (
            ("solved", "solved"),
            ("appeared", "new"),
            ("more", "grown"),
            ("fewer", "shrunk"),
        )
        if change[name]
    ]
    return ", ".join(parts)


def _sheet(book: Any, title: str, names: Sequence[str], rows: Sequence[Cells]) -> None:
    """A sheet with a heading row that stays and can be filtered; texts are texts, whatever they begin with."""
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
