"""The cells of a work-list's rows: one row per record and problem."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from validator import wording
from validator.followup.columns import COLUMNS, SAME_RECORD
from validator.followup.statuses import TO_DO
from validator.model import Level, Outcome, Report, WorklistMark, dataclass
from validator.privacy import values

BEFORE_SAME = COLUMNS.index(SAME_RECORD)

PARTNERS = 3
"""Most lines of related records that are listed; the rest are counted."""


UNMARKED = WorklistMark(TO_DO)

Marked = tuple[values.PlaceRow, WorklistMark]


@dataclass(frozen=True)
class Item:
    """One row: its record (file, line), the rank of its level, its cells, and its mark."""

    record: tuple[int, int]
    rank: int
    cells: tuple[str, ...]
    mark: WorklistMark = UNMARKED


def list_items(report: Report, outcome: Outcome, listed: list[Marked], *, cause: str) -> list[Item]:
    """Write a row of the XLSX report's sheet for each place of a finding that is listed."""
    files = {file.name: rank for rank, file in enumerate(report.export.files)}
    partners = _describe_partners([row for row, _ in listed])
    tables = (
        {block.file: block.table for block in outcome.finding.places} if outcome.finding else {}
    )
    fix = _fix(report, outcome, cause)
    items = []
    for number, (row, mark) in enumerate(listed):
        level = row.level or outcome.rule.level
        if level is Level.FACT:
            continue
        record = files.get(row.file, len(files)), row.line or 0
        parts = (_describe_lines(row), row.note, partners.get(number))
        details = "; ".join(part for part in parts if part)
        cells = {
            "Level": wording.LEVELS[level],
            "Problem": outcome.rule.title,
            "Details": details,
            "How to fix it": f"It should be: {row.repair}" if row.repair else fix,
            "Status": mark.status,
            "Note": mark.note,
            "Rule": outcome.rule.id,
            "Table": tables.get(row.file, ""),
            **_describe_place(row),
        }
        items.append(Item(record, level.rank, sort_cells(cells), mark))
    return items


def _describe_place(row: values.PlaceRow) -> dict[str, str]:
    """Return the cells that say where the place is and what is there."""
    return {
        "School": row.school_id or "",
        "Id": row.key or "",
        "Name": row.name or "",
        "Column": row.column or "",
        "Current value": row.value or "",
        "File": row.file,
        "Line": str(row.line) if row.line else "",
    }


def _describe_lines(row: values.PlaceRow) -> str:
    """Return the lines of a record that has several, "" for one line."""
    if not row.line or not row.end_line or row.end_line == row.line:
        return ""
    return f"lines {wording.format_line(row.line, row.end_line)}"


def sort_cells(cells: Mapping[str, str]) -> tuple[str, ...]:
    """Put the cells of a row of the Excel report in the order of its headings; "" for absent."""
    return tuple([cells.get(name, "") for name in COLUMNS])


def summarize(report: Report, outcome: Outcome, cause: str, *, mark: WorklistMark) -> Item:
    """Return a row of the workbook's work-list for a finding whose places are not listed."""
    places = outcome.finding.places if outcome.finding else ()
    files = ", ".join(sorted({block.file for block in places if block.file}))
    cells = {
        "Level": wording.LEVELS[outcome.level],
        "Problem": outcome.rule.title,
        "Details": wording.describe(outcome),
        "How to fix it": _fix(report, outcome, cause),
        "File": files,
        "Status": mark.status,
        "Note": mark.note,
        "Rule": outcome.rule.id,
    }
    return Item((-1, 0), outcome.level.rank, sort_cells(cells), mark)


def _fix(report: Report, outcome: Outcome, cause: str) -> str:
    """Return the cause to fix first, the fix, and where in the student information system."""
    first = f"First fix: {cause}." if cause else ""
    mend = wording.describe_mend(report, outcome.rule.id)
    parts = (first, outcome.rule.fix, mend, wording.describe_route(report, outcome))
    return " ".join(part for part in parts if part)


def _describe_partners(listed: list[values.PlaceRow]) -> dict[int, str]:
    """Say, in a group of the workbook's rows, where the others are: `see also students.csv line
    14`."""
    groups: dict[int, list[int]] = defaultdict(list)
    for number, row in enumerate(listed):
        if row.group is not None and row.line:
            groups[row.group].append(number)
    return {
        number: _refer_to_others(
            listed[number],
            [listed[other] for other in members[: PARTNERS + 1] if other != number],
            len(members) - 1,
        )
        for members in groups.values()
        if len(members) > 1
        for number in members
    }


def _refer_to_others(row: values.PlaceRow, others: Sequence[values.PlaceRow], count: int) -> str:
    """Return the cell of the workbook that names the other rows of a group."""
    lines = [
        f"line {wording.format_line(other.line or 0, other.end_line)}"
        if other.file == row.file
        else f"{other.file} line {wording.format_line(other.line or 0, other.end_line)}"
        for other in others[:PARTNERS]
    ]
    rest = count - len(lines)
    return "see also " + wording.join_words(
        lines + ([f"{wording.format_number(rest)} more"] if rest else [])
    )


def join_records(items: list[Item]) -> list[Item]:
    """Return the numbered rows of the workbook's work-list, the worst problem first."""
    worst: dict[tuple[int, int], int] = {}
    for item in items:
        worst[item.record] = min(item.rank, worst.get(item.record, item.rank))
    items.sort(key=lambda item: (worst[item.record], item.record, item.rank))
    rows = []
    for record, group in groupby(items, key=lambda item: item.record):
        same = list(group)
        alone = len(same) == 1 or not record[1]  # line 0 is a file as a whole
        for number, item in enumerate(same, 1):
            text = "" if alone else f"{number} of {len(same)}"
            cells = (*item.cells[:BEFORE_SAME], text, *item.cells[BEFORE_SAME + 1 :])
            rows.append(replace(item, cells=cells) if text else item)
    return rows
