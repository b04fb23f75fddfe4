"""The rows of the work-list: one per record and problem, a record's problems together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from validator import wording
from validator.followup.worklist import DIAGNOSIS
from validator.model import Diagnosis, Level, Outcome, Owner, Report, WorklistMark
from validator.outputs.xlsx.lines import (
    UNMARKED,
    Item,
    Marked,
    join_records,
    list_items,
    summarize,
)
from validator.privacy import values


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
    """One row of a work-list. `folded`: whether it is inside a collapsed group."""

    cells: tuple[str, ...]
    folded: bool = False


@dataclass(frozen=True)
class Work:
    """All the work: problems, first things first, and the rows of each owner's sheet."""

    problems: list[Problem] = field(default_factory=list)
    rows: Mapping[Owner, list[Line]] = field(default_factory=dict)


def work(report: Report, rows_per_rule: int, rows: int) -> Work:
    """Return the work in a report, as far as the limits allow; first things first.

    What a diagnosis explains is a group under the diagnosis, on the sheet of its owner.
    """
    listing = _Listing(report, rows_per_rule, rows)
    problems: list[Problem] = []
    items: dict[Owner, list[Item]] = defaultdict(list)
    for outcome in _sort(report, report.findings()):
        listed = listing.take(outcome, "")
        owner = outcome.rule.owner
        problems.append(_describe(outcome, len(listed)))
        cause = listing.titles.get(outcome.explained_by or "", "")
        marks = listing.marks(outcome)
        items[owner] += list_items(report, outcome, listed, cause=cause) or [
            summarize(report, outcome, cause=cause, mark=marks.get(0, UNMARKED))
        ]
    groups: dict[Owner, list[Line]] = defaultdict(list)
    diagnosed = []
    for number, diagnosis in enumerate(_list_sure(report)):
        group = _list_group(report, diagnosis, listing, number=number)
        groups[diagnosis.text.owner] += group
        diagnosed.append(_describe_diagnosis(diagnosis, len(group) - 1))
    lines = {
        owner: [*groups[owner], *map(Line, join_records(items[owner]))]
        for owner in Owner
        if owner in items or owner in groups
    }
    order = {name: place for place, name in enumerate(report.priorities)}
    ordered = sorted([*diagnosed, *problems], key=lambda it: order.get(it.id, len(order)))
    return Work(ordered, lines)


def _list_sure(report: Report) -> list[Diagnosis]:
    return [diagnosis for diagnosis in report.diagnoses if diagnosis.sure]


def _sort(report: Report, outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Return what is to be fixed in the order of the report, consequences of others last."""
    order = {name: place for place, name in enumerate(report.priorities)}
    wanted = [outcome for outcome in outcomes if outcome.level is not Level.FACT]
    return sorted(wanted, key=lambda it: (order.get(it.rule.id, len(order)), it.level.rank))


def _describe(outcome: Outcome, listed: int) -> Problem:
    return Problem(
        id=outcome.rule.id,
        level=outcome.level,
        text=wording.describe(outcome),
        owner=outcome.rule.owner,
        where=wording.describe_place(outcome),
        count=outcome.count,
        of=outcome.finding.of if outcome.finding else None,
        places=values.listed_count(outcome),
        listed=listed,
    )


def _describe_diagnosis(diagnosis: Diagnosis, listed: int) -> Problem:
    return Problem(
        id=diagnosis.id,
        level=diagnosis.level,
        text=wording.describe_diagnosis(diagnosis),
        owner=diagnosis.text.owner,
        where=wording.describe_damage(diagnosis),
        count=diagnosis.records,
        of=None,
        places=listed,
        listed=listed,
    )


class _Listing:
    """The places of findings, taken until the workbook is full."""

    def __init__(self, report: Report, rows_per_rule: int, rows: int) -> None:
        self.report, self.rows_per_rule, self.rows = report, rows_per_rule, rows
        self.titles = {outcome.rule.id: outcome.rule.title for outcome in report.outcomes}
        self.whole = {outcome.rule.id: outcome for outcome in report.outcomes}

    def marks(self, outcome: Outcome) -> Mapping[int, WorklistMark]:
        """Return what somebody marked in the last work-list, by the number of the place."""
        followup = self.report.followup
        return followup.marks.get(outcome.rule.id, {}) if followup else {}

    def take(self, outcome: Outcome, cause: str) -> list[Marked]:
        """Return the first places that this diagnosis explains ("" for none), and those marked."""
        most, marks = min(self.rows_per_rule, self.rows), self.marks(outcome)
        finding = self.whole[outcome.rule.id].finding
        listed = [block for block in finding.places if block.listed] if finding else []
        before = sum(len(block) for block in listed if block.explained_by < cause)
        mine = _keep_explained(self.whole[outcome.rule.id], cause)
        last = max([most, *(number - before + 1 for number in marks)])
        rows = values.listing(self.report, mine, last)
        taken = [
            (row, marks.get(before + number, UNMARKED))
            for number, row in enumerate(rows)
            if number < most or before + number in marks
        ]
        self.rows = max(0, self.rows - len(taken))
        return taken


def _keep_explained(outcome: Outcome, cause: str) -> Outcome:
    """Return the outcome with only the places that this diagnosis explains ("" for none)."""
    if outcome.finding is None:
        return outcome
    places = [block for block in outcome.finding.places if block.explained_by == cause]
    return replace(outcome, finding=replace(outcome.finding, places=places))


def _list_group(
    report: Report, diagnosis: Diagnosis, listing: _Listing, *, number: int
) -> list[Line]:
    """Return a row for a diagnosis, and folded under it one for each record that it explains."""
    text = diagnosis.text
    explained = {rule for rule, _ in diagnosis.explains}
    items = []
    for outcome in report.outcomes:
        if outcome.rule.id in explained and outcome.level is not Level.FACT:
            listed = listing.take(outcome, diagnosis.id)
            items += list_items(report, outcome, listed, cause=text.title.rstrip("."))
    marks = report.followup.marks.get(diagnosis.id, {}) if report.followup else {}
    mark = marks.get(number, UNMARKED)
    first = Line(
        (
            wording.LEVELS[diagnosis.level],
            text.title,
            "",
            "",
            "",
            "",
            diagnosis.column or "",
            "",
            wording.describe_diagnosis(diagnosis),
            text.fix,
            diagnosis.file,
            "",
            mark.status,
            mark.note,
            diagnosis.id,
            DIAGNOSIS,
        )
    )
    return [first, *(Line(cells, folded=True) for cells in join_records(items))]
