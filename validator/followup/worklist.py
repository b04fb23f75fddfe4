"""The last work-list, read again: statuses and notes that people entered, and their rows now."""

from __future__ import annotations

import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from validator import files, limits
from validator.model import BadUsage, FollowUp, Outcome, Report, Status, WorklistMark
from validator.privacy import values
from validator.text import drop_invisible

TO_DO, DONE, NO_PROBLEM, STILL_FOUND = "to do", "done", "not a problem", "still found"
STATUSES = (TO_DO, DONE, NO_PROBLEM, STILL_FOUND)
"""The statuses of a row; the last is set by us, when a row that was done is found again."""

READ = ("Rule", "Table", "File", "Line", "Column", "Id", "Name", "Current value", "Status", "Note")
"""The headings that are read back; only Rule and Status are required."""

DIAGNOSIS = "diagnosis"
"""In the column Table: the row is a diagnosis, with the rows that it explains below it."""

FIRST_SHEET = "Start here"

LARGEST = limits.get_limit("workbook-bytes")
LARGEST_UNPACKED = limits.get_limit("workbook-unpacked")
MOST_ROWS = limits.get_limit("workbook-rows")

MOST_PLACES = 200_000
"""Places of one finding that are compared with the last work-list; others are not checked."""

HEADING_WITHIN = 20
"""The heading is one of the first rows, even if somebody put a title above it."""

NOT_CHECKED = (Status.SKIPPED, Status.NOT_ASKED, Status.BROKEN)

OLE_SIGNATURE = b"\xd0\xcf\x11\xe0"
"""The first bytes of .xls files and of workbooks with a password."""

Key = tuple[str, str, str]
"""Table, column and record, without letter case and punctuation."""


@dataclass(frozen=True)
class Row:
    """One row of the last work-list: its rule, what identifies it, its first line and its mark."""

    rule: str
    key: Key
    line: int
    mark: WorklistMark


@dataclass(frozen=True)
class Heading:
    """The row number of a sheet's heading (from 1), and the place of each heading that is read."""

    row: int
    places: Mapping[str, int]


def read_rows(path: Path) -> list[Row]:
    """Read the rows of a work-list that an earlier run wrote.

    Raises BadUsage, with a sentence that quotes nothing from the file.
    """
    _check_size(path)
    import openpyxl

    try:
        # Our own handle: openpyxl leaves its handle open when the workbook is damaged.
        with path.open("rb") as file:
            book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
            headings = {sheet.title: _find_heading(sheet) for sheet in book.worksheets}
            rows = [
                row
                for sheet in book.worksheets
                if (heading := headings[sheet.title]) is not None
                for row in _read_rows(sheet, heading)
            ]
            is_ours = any(headings.values()) or FIRST_SHEET in book.sheetnames
    except BadUsage:
        raise
    except Exception:  # noqa: BLE001 - anything may be wrong in a file that people edit
        raise BadUsage(
            f"{path.name} cannot be read as a workbook: save it again as .xlsx, or give another"
        ) from None
    if not is_ours:
        raise BadUsage(
            f"{path.name} is not a work-list of rosterready: "
            "no sheet has the headings Rule and Status"
        )
    return rows


def _check_size(path: Path) -> None:
    """Refuse what is too large or no plain workbook, before it is opened. Raises BadUsage."""
    try:
        size = path.stat().st_size
        with files.open_regular(path) as file:
            start = file.read(8)
        if start.startswith(OLE_SIGNATURE):
            raise BadUsage(
                f"{path.name} is protected by a password or in the old .xls format: "
                "save it as plain .xlsx"
            )
        with zipfile.ZipFile(path) as book:
            unpacked = sum(entry.file_size for entry in book.infolist())
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise BadUsage(f"{path.name} cannot be read ({reason})") from None
    except (zipfile.BadZipFile, ValueError, RuntimeError):
        raise BadUsage(
            f"{path.name} is not an .xlsx workbook; give the report.xlsx of an earlier check"
        ) from None
    if size > LARGEST or unpacked > LARGEST_UNPACKED:
        raise BadUsage(
            f"{path.name} is larger than any work-list (limits: workbook-bytes, workbook-unpacked)"
        )


def _find_heading(sheet: Any) -> Heading | None:
    """Find the heading of a sheet; None for a sheet without one."""
    if not hasattr(sheet, "iter_rows"):
        return None
    for number, cells in enumerate(sheet.iter_rows(max_row=HEADING_WITHIN, values_only=True), 1):
        places: dict[str, int] = {}
        for place, cell in enumerate(cells):
            places.setdefault(_cell_text(cell).casefold(), place)
        if "rule" in places and "status" in places:
            known = [name for name in READ if name.casefold() in places]
            return Heading(number, {name: places[name.casefold()] for name in known})
    return None


def _read_rows(sheet: Any, heading: Heading) -> Iterator[Row]:
    """Yield the rows below the heading. Raises BadUsage for too many."""
    below = sheet.iter_rows(min_row=heading.row + 1, values_only=True)
    for number, cells in enumerate(below):
        if number > MOST_ROWS:
            raise BadUsage(
                f"the sheet of a work-list has {limits.describe_excess('workbook-rows')}"
            )
        texts = {
            name: _cell_text(cells[place]) if place < len(cells) else ""
            for name, place in heading.places.items()
        }
        if texts.get("Rule"):
            yield _parse_row(texts)


def _parse_row(texts: Mapping[str, str]) -> Row:
    """Return the row with these texts, by heading."""
    file = PurePosixPath(texts.get("File", "").replace("\\", "/"))
    table = texts.get("Table", file.stem)
    record = texts.get("Id") or texts.get("Name") or texts.get("Current value", "")
    line = re.match(r"\d{1,9}", texts.get("Line", ""))
    status = texts["Status"].casefold()
    if status not in STATUSES:
        status = texts["Status"] or TO_DO
    return Row(
        rule=texts["Rule"],
        key=_key(table, texts.get("Column", ""), record),
        line=int(line[0]) if line else 0,
        mark=WorklistMark(status, texts.get("Note", "")),
    )


def _cell_text(value: Any) -> str:
    """Return a cell as text; a spreadsheet program may have turned it into a number."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value).strip()


def _key(table: str, column: str, record: str) -> Key:
    """Return what identifies a record, without characters that a workbook shows differently."""
    visible = drop_invisible(record)
    return (
        table.casefold(),
        re.sub(r"[\W_]+", "", column.casefold()),
        re.sub(r"\s+", " ", visible).strip(),
    )


def follow_up(report: Report, last: Sequence[Row]) -> FollowUp:
    """Return what became of the rows of the last work-list in this run."""
    ids = {}
    for outcome in report.outcomes:
        ids.update(dict.fromkeys(outcome.rule.was, outcome.rule.id))
        ids[outcome.rule.id] = outcome.rule.id
    by_rule = {outcome.rule.id: outcome for outcome in report.outcomes}
    rows_by_rule: dict[str, list[Row]] = defaultdict(list)
    for row in last:
        rows_by_rule[ids.get(row.rule, row.rule)].append(row)
    diagnosed = _number_diagnoses(report)
    counts = _Counts()
    for rule, rows in rows_by_rule.items():
        if any(row.key[0] == DIAGNOSIS for row in rows):
            numbers = diagnosed.get(rule, [])
            places = {_key(DIAGNOSIS, row.key[1], row.key[2]): numbers for row in rows}
            counts.add_rule(rule, rows, places, is_complete=True)
            continue
        current = by_rule.get(rule)
        if current is None or current.status in NOT_CHECKED:
            counts.not_checked += len(rows)
            continue
        is_complete = values.listed_count(current) <= MOST_PLACES
        counts.add_rule(rule, rows, _find_places(report, current), is_complete=is_complete)
    return counts.follow_up()


def _number_diagnoses(report: Report) -> dict[str, list[int]]:
    """Return the numbers of the sure diagnoses of each kind, in the order of the report."""
    numbers: dict[str, list[int]] = defaultdict(list)
    for number, diagnosis in enumerate(each for each in report.diagnoses if each.sure):
        numbers[diagnosis.id].append(number)
    return numbers


def _find_places(report: Report, outcome: Outcome) -> dict[Key, list[int]]:
    """Return what is found this time: the numbers of the places in their listing, by key."""
    places: dict[Key, list[int]] = defaultdict(list)
    if outcome.status not in (Status.FOUND, Status.EXPLAINED) or outcome.finding is None:
        return places
    tables = {block.file: block.table for block in outcome.finding.places}
    listed = values.listing(report, outcome, MOST_PLACES)
    for number, row in enumerate(listed):
        record = row.key or row.name or row.value or ""
        places[_key(tables[row.file], row.column or "", record)].append(number)
    return places if listed else {_key("", "", ""): [0]}


class _Counts:
    """Rows of the last work-list, counted by what became of them."""

    def __init__(self) -> None:
        self.marks: dict[str, dict[int, WorklistMark]] = {}
        self.still: dict[str, int] = {}
        self.done = self.gone = self.accepted = self.not_checked = 0

    def follow_up(self) -> FollowUp:
        """Return the counts as a part of the report."""
        return FollowUp(**vars(self))

    def add_rule(
        self, rule: str, rows: Sequence[Row], places: Mapping[Key, list[int]], *, is_complete: bool
    ) -> None:
        """Add the rows of one rule.

        Rows and places with the same key are paired in their order, rows that were done last.
        `is_complete`: whether all places are listed.
        """
        by_key: dict[Key, list[Row]] = defaultdict(list)
        for row in rows:
            by_key[row.key].append(row)
        for key, same in by_key.items():
            same.sort(key=lambda row: (row.mark.status == DONE, row.line))
            again = places.get(key, [])
            for row, place in zip(same, again, strict=False):
                self._add_again(rule, row.mark, place)
            for row in same[len(again) :]:
                self._add_missing(row, is_complete=is_complete)

    def _add_missing(self, row: Row, *, is_complete: bool) -> None:
        """Add one row that is not found again."""
        if not is_complete:
            self.not_checked += 1
        elif row.mark.status == DONE:
            self.done += 1
        else:
            self.gone += 1

    def _add_again(self, rule: str, mark: WorklistMark, place: int) -> None:
        """Add one row that is found again."""
        if mark.status == DONE:
            self.still[rule] = self.still.get(rule, 0) + 1
            mark = WorklistMark(STILL_FOUND, mark.note)
        self.accepted += mark.status == NO_PROBLEM
        if mark != WorklistMark(TO_DO):
            self.marks.setdefault(rule, {})[place] = mark
