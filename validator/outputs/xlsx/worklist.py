"""The rows of the work-list: one per record and problem, a record's problems together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from typing import Any

from validator import wording
from validator.followup import gate
from validator.followup.columns import COLUMNS, DIAGNOSIS, RULE
from validator.followup.statuses import NO_PROBLEM
from validator.followup.worklist import MOST_PLACES, WHOLE, find_cell
from validator.model import (
    Cell,
    Diagnosis,
    FollowUp,
    Level,
    Outcome,
    Owner,
    Report,
    WorklistMark,
    dataclass,
)
from validator.outputs.xlsx.lines import (
    UNMARKED,
    Item,
    Marked,
    join_records,
    list_items,
    sort_cells,
    summarize,
)
from validator.privacy import values

RULE_AT, LEVEL_AT = COLUMNS.index(RULE), COLUMNS.index("Level")

RANKS = {word: level.rank for level, word in wording.LEVELS.items()}
"""How serious each word of the column Level is; the most serious is 0."""


@dataclass(frozen=True)
class Problem:
    """One finding or diagnosis as work.

    `count`, `of`: records found, and of how many (None where unknown). `places`: how many there
    are to list; `listed`: how many of them are rows of a work-list.
    """

    id: str
    level: Level
    text: str
    owner: Owner
    where: str
    count: int
    of: int | None
    places: int
    listed: int


@dataclass(frozen=True)
class Line:
    """One row of a work-list. `folded`: whether it is inside a collapsed group.

    more: heading of a column that people added -> its cell.
    """

    cells: tuple[str, ...]
    folded: bool = False
    more: Mapping[str, Any] = field(default_factory=dict)

    @property
    def rule(self) -> str:
        """Return the rule or diagnosis shown on a line of the report's workbook."""
        return self.cells[RULE_AT]


@dataclass(frozen=True)
class Work:
    """All the work: problems, first things first, and the rows of each owner's sheet."""

    problems: list[Problem] = field(default_factory=list)
    rows: Mapping[Owner, list[Line]] = field(default_factory=dict)


def build_work(report: Report, rows_per_rule: int, rows: int) -> Work:
    """Return the rows of the workbook's work-list, as far as the limits allow; first things first.

    What a diagnosis explains is a group under the diagnosis, on the sheet of its owner, with as
    many rows as a rule may have: nobody works through them. What was marked as no problem is a
    row, but no problem.
    """
    whole = report.followup.before if report.followup else None
    listing = _Listing(whole or report, report.followup, rows_per_rule=rows_per_rule, rows=rows)
    is_open = {outcome.rule.id: outcome for outcome in report.findings()}
    problems: list[Problem] = []
    items: dict[Owner, list[Item]] = defaultdict(list)
    for outcome in _sort(report, listing.report.findings()):
        listed = listing.take(outcome, "", rows_per_rule)
        if outcome.rule.id in is_open:
            still = is_open[outcome.rule.id]
            problems.append(_describe(report, still, _count_open(listed)))
        cause = listing.titles.get(outcome.explained_by or "", "")
        mark = listing.marks(outcome).get(WHOLE, UNMARKED)
        items[outcome.rule.owner] += list_items(listing.report, outcome, listed, cause=cause) or [
            summarize(listing.report, outcome, cause=cause, mark=mark)
        ]
    groups: dict[Owner, list[list[Line]]] = defaultdict(list)
    for diagnosis in _list_sure(listing.report):
        group, left_out = _list_group(diagnosis, listing)
        groups[diagnosis.text.owner].append(group)
        if any(find_cell(each) == find_cell(diagnosis) for each in _list_sure(report)):
            folded = len(group) - 1
            problems.append(
                _describe_diagnosis(report, diagnosis, listed=folded, left_out=left_out)
            )
    lines = {
        owner: _add_groups(list(map(_write_line, join_records(items[owner]))), groups[owner])
        for owner in Owner
        if owner in items or owner in groups
    }
    order = {name: place for place, name in enumerate(report.priorities)}
    return Work(sorted(problems, key=lambda it: order.get(it.id, len(order))), lines)


def describe_left_out(rows: int) -> str:
    """Render how many rows the workbook leaves out, and where they are."""
    are = "row is" if rows == 1 else "rows are"
    return (
        f"{wording.format_number(rows)} more {are} left out of this workbook; to get all of "
        "them, run rosterready check EXPORT --report json --rows all."
    )


def _add_groups(lines: list[Line], groups: Sequence[list[Line]]) -> list[Line]:
    """Return an owner's rows in the workbook with each group after all that is more serious."""
    for group in reversed(groups):
        rank = RANKS[group[0].cells[LEVEL_AT]]
        above = (at for at, line in enumerate(lines) if RANKS[line.cells[LEVEL_AT]] < rank)
        place = max(above, default=-1) + 1
        while place < len(lines) and lines[place].folded:  # behind the whole of another group
            place += 1
        lines[place:place] = group
    return lines


def _write_line(item: Item, *, folded: bool = False) -> Line:
    """Return a row of the work-list as a line of the workbook."""
    return Line(item.cells, folded, item.mark.more)


def _count_open(listed: Sequence[Marked]) -> int:
    """Return how many rows the workbook's work-list shows that are not marked as no problem."""
    return sum(mark.status != NO_PROBLEM for _, mark in listed)


def _list_sure(report: Report) -> list[Diagnosis]:
    """List the diagnoses that the workbook shows as rows."""
    return [diagnosis for diagnosis in report.diagnoses if diagnosis.sure]


def _sort(report: Report, outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Sort the rows of the workbook's work-list as the report does, consequences of others last."""
    order = {name: place for place, name in enumerate(report.priorities)}
    wanted = [outcome for outcome in outcomes if outcome.level is not Level.FACT]
    return sorted(wanted, key=lambda it: (order.get(it.rule.id, len(order)), it.level.rank))


def _describe(report: Report, outcome: Outcome, listed: int) -> Problem:
    """Describe a finding as one problem of the workbook."""
    return Problem(
        id=outcome.rule.id,
        level=outcome.level,
        text=gate.add_allowance(report, outcome, wording.describe(outcome)),
        owner=outcome.rule.owner,
        where=wording.describe_place(outcome),
        count=outcome.count,
        of=outcome.finding.of if outcome.finding else None,
        places=values.count_listed(outcome),
        listed=listed,
    )


def _describe_diagnosis(
    report: Report, diagnosis: Diagnosis, *, listed: int, left_out: int
) -> Problem:
    """Describe a diagnosis as one problem of the workbook."""
    return Problem(
        id=diagnosis.id,
        level=diagnosis.level,
        text=gate.add_allowance(report, diagnosis, wording.describe_diagnosis(diagnosis)),
        owner=diagnosis.text.owner,
        where=wording.describe_damage(diagnosis),
        count=diagnosis.records,
        of=None,
        places=listed + max(0, left_out),
        listed=listed,
    )


class _Listing:
    """The places of findings, taken until the workbook is full."""

    def __init__(
        self, report: Report, followup: FollowUp | None, *, rows_per_rule: int, rows: int
    ) -> None:
        self.report, self.rows_per_rule, self.rows = report, rows_per_rule, rows
        self.followup = followup
        self.titles = {outcome.rule.id: outcome.rule.title for outcome in report.outcomes}
        self.whole = {outcome.rule.id: outcome for outcome in report.outcomes}

    def marks(self, outcome: Outcome) -> Mapping[Cell, WorklistMark]:
        """Return the marks, by cell, that the XLSX report takes over from the last workbook."""
        return self.followup.marks.get(outcome.rule.id, {}) if self.followup else {}

    def take(self, outcome: Outcome, cause: str, most: int) -> list[Marked]:
        """Return the places in the workbook for this diagnosis ("" for none), and marked ones.

        Places without a mark: at most `most`, and no more than the workbook has room for.
        """
        most, marks = min(most, self.rows), self.marks(outcome)
        mine = _keep_explained(self.whole[outcome.rule.id], cause)
        rows = values.list_places(self.report, mine, MOST_PLACES if marks else most)
        marked = [(row, marks.get(Cell(row.file, row.line or 0, row.column))) for row in rows]
        taken = [
            (row, mark or UNMARKED)
            for number, (row, mark) in enumerate(marked)
            if number < most or mark is not None
        ]
        self.rows = max(0, self.rows - len(taken))
        return taken


def _keep_explained(outcome: Outcome, cause: str) -> Outcome:
    """Return the outcome for the workbook with this diagnosis's places ("" for none)."""
    if outcome.finding is None:
        return outcome
    places = [block for block in outcome.finding.places if block.explained_by == cause]
    return replace(outcome, finding=replace(outcome.finding, places=places))


def _list_explained(report: Report, diagnosis: Diagnosis) -> list[Outcome]:
    """List the findings whose records the workbook folds under a diagnosis."""
    rules = {rule for rule, _ in diagnosis.explains}
    return [
        outcome
        for outcome in report.outcomes
        if outcome.rule.id in rules and outcome.level is not Level.FACT
    ]


def _count_explained(report: Report, diagnosis: Diagnosis) -> int:
    """Count the places of a diagnosis that the workbook would list if it had room for all."""
    return sum(
        values.count_listed(_keep_explained(outcome, diagnosis.id))
        for outcome in _list_explained(report, diagnosis)
    )


def _list_group(diagnosis: Diagnosis, listing: _Listing) -> tuple[list[Line], int]:
    """Return a row for a diagnosis, with a row folded under it for each record it explains.

    Also return how many of those records the workbook has no room for.
    """
    text, report = diagnosis.text, listing.report
    items, left_out = [], _count_explained(report, diagnosis)
    room = listing.rows_per_rule
    for outcome in _list_explained(report, diagnosis):
        listed = listing.take(outcome, diagnosis.id, room)
        room = max(0, room - len(listed))
        items += list_items(report, outcome, listed, cause=text.title.rstrip("."))
        left_out -= len(listed)
    details = wording.describe_diagnosis(diagnosis)
    if left_out > 0:
        details += f" {describe_left_out(left_out)}"
    marks = listing.followup.marks.get(diagnosis.id, {}) if listing.followup else {}
    mark = marks.get(find_cell(diagnosis), UNMARKED)
    cells = {
        "Level": wording.LEVELS[diagnosis.level],
        "Problem": text.title,
        "Column": diagnosis.column or "",
        "Details": details,
        "How to fix it": f"{text.fix} {wording.describe_mend(report, diagnosis.id)}".rstrip(),
        "File": diagnosis.file,
        "Status": mark.status,
        "Note": mark.note,
        "Rule": diagnosis.id,
        "Table": DIAGNOSIS,
    }
    first = Line(sort_cells(cells), more=mark.more)
    return [first, *(_write_line(item, folded=True) for item in join_records(items))], left_out
