"""The last work-list read back: what was marked done or no problem, what notes say, and what became of it."""

from __future__ import annotations

import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from validator import files, limits, wording
from validator.model import BadUsage, FollowUp, Mark, Outcome, Report, Status
from validator.privacy import values

TO_DO, DONE, NO_PROBLEM, STILL_FOUND = "to do", "done", "not a problem", "still found"
STATUSES = (TO_DO, DONE, NO_PROBLEM, STILL_FOUND)
"""What a row of a work-list can be marked as; the last is set by us, on what was marked done and is found again."""

READ = ("Rule", "Table", "File", "Line", "Column", "Id", "Name", "Current value", "Status", "Note")
"""The headings that are read back; only Rule and Status must be there."""

FIRST_SHEET = "Start here"

LARGEST, LARGEST_UNPACKED, MOST_ROWS = map(
    limits.most, ("workbook-bytes", "workbook-unpacked", "workbook-rows")
)
"""Beyond, it is no work-list of ours."""

MOST_PLACES = 200_000
"""Places of one finding that are compared with the last work-list; marks on others count as not looked at."""

HEADING_WITHIN = 20
"""The heading stands in one of the first rows, even where somebody put a title above it."""

INVISIBLE = re.compile(
    "[\x00-\x1f\x7f-\xa0\u00ad\u061c\u115f\u1160\u180e\u2000-\u200b\u200e\u200f\u2028-\u202f"
    "\u205f-\u206f\u3000\u3164\ufeff\ufff9-\ufffc\ufffe\uffff\ud800-\udfff]"
)
"""What nobody sees in a cell, or a cell cannot hold."""

Key = tuple[str, str, str]


@dataclass(frozen=True)
class Row:
    """One row of the last work-list: its rule, what identifies it, its first line and its mark."""

    rule: str
    key: Key
    line: int
    mark: Mark


def read(path: Path) -> list[Row]:
    """The rows of a work-list that an earlier run wrote. Raises BadUsage with a sentence that holds nothing of it."""
    _small_enough(path)
    import openpyxl

    try:
        with path.open(
            "rb"
        ) as file:  # our own handle: openpyxl leaves its open when the workbook is damaged
            book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
            sheets = [list(_sheet(sheet)) for sheet in book.worksheets if _heading(sheet)]
            ours = bool(sheets) or FIRST_SHEET in book.sheetnames
    except BadUsage:
        raise
    except Exception:  # noqa: BLE001 - whatever is wrong in a file that somebody changed
        raise BadUsage(
            f"{path.name} cannot be read as a workbook: save it again as .xlsx, or give another"
        ) from None
    if not ours:
        raise BadUsage(
            f"{path.name} is no work-list of rosterready: no sheet has the headings Rule and Status"
        )
    return [row for sheet in sheets for row in sheet]


def _small_enough(path: Path) -> None:
    try:
        size = path.stat().st_size
        with files.opened(path) as file:
            start = file.read(8)
        if start.startswith(b"\xd0\xcf\x11\xe0"):
            raise BadUsage(
                f"{path.name} is protected by a password or in the old .xls form: save it as plain .xlsx"
            )
        with zipfile.ZipFile(path) as book:
            unpacked = sum(entry.file_size for entry in book.infolist())
    except OSError as error:
        raise BadUsage(
            f"{path.name} cannot be read ({error.strerror or type(error).__name__})"
        ) from None
    except (zipfile.BadZipFile, ValueError, RuntimeError):
        raise BadUsage(
            f"{path.name} is no .xlsx workbook; give the report.xlsx of an earlier check"
        ) from None
    if size > LARGEST or unpacked > LARGEST_UNPACKED:
        raise BadUsage(
            f"{path.name} is larger than any work-list (limits: workbook-bytes, workbook-unpacked)"
        )


def _heading(sheet: Any) -> tuple[int, dict[str, int]] | None:
    """The row of the heading, and where each heading that is read stands in it."""
    if not hasattr(sheet, "iter_rows"):
        return None
    for number, cells in enumerate(sheet.iter_rows(max_row=HEADING_WITHIN, values_only=True), 1):
        at = {_text(cell).casefold(): place for place, cell in reversed(list(enumerate(cells)))}
        if "rule" in at and "status" in at:
            return number, {name: at[name.casefold()] for name in READ if name.casefold() in at}
    return None


def _sheet(sheet: Any) -> Iterator[Row]:
    found = _heading(sheet)
    assert found is not None
    start, at = found
    for number, cells in enumerate(sheet.iter_rows(min_row=start + 1, values_only=True)):
        if number > MOST_ROWS:
            raise BadUsage(f"the sheet of a work-list has {limits.beyond('workbook-rows')}")
        told = {
            name: _text(cells[place]) if place < len(cells) else "" for name, place in at.items()
        }
        if told.get("Rule"):
            yield _row(told)


def _row(told: Mapping[str, str]) -> Row:
    table = told.get("Table", PurePosixPath(told.get("File", "").replace("\\", "/")).stem)
    record = told.get("Id") or told.get("Name") or told.get("Current value", "")
    line = re.match(r"\d{1,9}", told.get("Line", ""))
    status = next(
        (one for one in STATUSES if one == told["Status"].casefold()), told["Status"] or TO_DO
    )
    return Row(
        told["Rule"],
        _key(table, told.get("Column", ""), record),
        int(line[0]) if line else 0,
        Mark(status, told.get("Note", "")),
    )


def _text(value: Any) -> str:
    """A cell as text; a spreadsheet program may have made a number of it."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value).strip()


def _key(table: str, column: str, record: str) -> Key:
    """The record without what is hidden in it, which a workbook shows by other signs."""
    seen = re.sub(r"[\u2400-\u241f]|\[U\+[0-9A-F]{4}\]", "", INVISIBLE.sub("", record))
    return (
        table.casefold(),
        re.sub(r"[\W_]+", "", column.casefold()),
        re.sub(r"\s+", " ", seen).strip(),
    )


def follow(report: Report, last: Sequence[Row]) -> FollowUp:
    """What became of the rows of the last work-list in this run."""
    ids = {
        old: outcome.rule.id
        for outcome in report.outcomes
        for old in (*outcome.rule.was, outcome.rule.id)
    }
    outcomes = {outcome.rule.id: outcome for outcome in report.outcomes}
    rows: dict[str, list[Row]] = defaultdict(list)
    for row in last:
        rows[ids.get(row.rule, row.rule)].append(row)
    held = _Counts()
    for rule, of_rule in rows.items():
        outcome = outcomes.get(rule)
        if outcome is None or outcome.status in (Status.SKIPPED, Status.NOT_ASKED, Status.BROKEN):
            held.unlooked += len(of_rule)
        else:
            held.rule(
                rule, of_rule, _found(report, outcome), values.listed_count(outcome) > MOST_PLACES
            )
    return FollowUp(held.marks, held.done, held.gone, held.still, held.accepted, held.unlooked)


def _found(report: Report, outcome: Outcome) -> dict[Key, list[int]]:
    """What is found this time, by what identifies it: the numbers of the places in their listing."""
    found: dict[Key, list[int]] = defaultdict(list)
    if outcome.status is not Status.FOUND or outcome.finding is None:
        return found
    tables = {block.file: block.table for block in outcome.finding.places}
    listed = values.listing(report, outcome, MOST_PLACES, full=True)
    for number, row in enumerate(listed):
        found[
            _key(tables[row.file], row.column or "", row.key or row.name or row.value or "")
        ].append(number)
    return found if listed else {_key("", "", ""): [0]}


def sentences(report: Report) -> list[str]:
    """What became of the last work-list, a sentence each; nothing where there was none."""
    held = report.followup
    if held is None:
        return []
    lines = (
        [f"{_rows(held.done)} marked done {_are(held.done)} no longer found."] if held.done else []
    )
    titles = {outcome.rule.id: outcome.rule.title for outcome in report.outcomes}
    for rule, count in sorted(held.still.items(), key=lambda item: (-item[1], item[0])):
        lines.append(
            f"{_rows(count)} marked done {_are(count)} still found: {titles.get(rule, rule)}."
        )
    if held.gone:
        lines.append(f"{_rows(held.gone)} that nobody had marked {_are(held.gone)} gone too.")
    if held.accepted:
        lines.append(
            f"{_rows(held.accepted)} marked not a problem {_are(held.accepted)} kept as marked."
        )
    if held.unlooked:
        lines.append(
            f"{_rows(held.unlooked)} could not be looked at this time and {_are(held.unlooked)} not carried "
            "over: keep the last workbook."
        )
    return lines or ["Nothing in it had been marked, and all of it is still found."]


def _rows(count: int) -> str:
    return wording.counted(count, "rows")


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


class _Counts:
    """What is being counted over the rules."""

    def __init__(self) -> None:
        self.marks: dict[str, dict[int, Mark]] = {}
        self.still: dict[str, int] = {}
        self.done = self.gone = self.accepted = self.unlooked = 0

    def rule(
        self, rule: str, rows: Sequence[Row], found: Mapping[Key, list[int]], some_left_out: bool
    ) -> None:
        """Adds one rule: rows and places of one key are paired in their order, what was marked done last."""
        by_key: dict[Key, list[Row]] = defaultdict(list)
        for row in rows:
            by_key[row.key].append(row)
        for key, of_key in by_key.items():
            places = found.get(key, [])
            of_key.sort(key=lambda row: (row.mark.status == DONE, row.line))
            for row, place in zip(of_key, places, strict=False):
                self.again(rule, row.mark, place)
            for row in of_key[len(places) :]:
                if some_left_out:
                    self.unlooked += 1
                elif row.mark.status == DONE:
                    self.done += 1
                else:
                    self.gone += 1

    def again(self, rule: str, mark: Mark, place: int) -> None:
        """Adds one row that is found again."""
        if mark.status == DONE:
            self.still[rule] = self.still.get(rule, 0) + 1
            mark = Mark(STILL_FOUND, mark.note)
        self.accepted += mark.status == NO_PROBLEM
        if mark != Mark(TO_DO):
            self.marks.setdefault(rule, {})[place] = mark
