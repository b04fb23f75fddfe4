"""Who has to fix what: one row per record and problem, the worst first, a record's problems together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from validator import privacy, words
from validator.model import Level, Outcome, Owner, Report, Status

COLUMNS = ("Level", "Problem", "School", "Id", "Name", "Column", "Current value", "What it should be", "File", "Line",
           "Status", "Note", "Rule")
"""The headings of every work-list, in order."""

PARTNERS = 3
"""So many lines of the records that belong together with one are named; the rest are counted."""

TO_DO = "to do"


@dataclass(frozen=True)
class Problem:
    """One finding as work: how many places it has, and how many of them are rows of a work-list."""

    outcome: Outcome
    places: int
    listed: int


@dataclass(frozen=True)
class Work:
    """All the work: problems the worst first, and the rows of each owner's sheet."""

    problems: list[Problem] = field(default_factory=list)
    rows: Mapping[Owner, list[tuple[str, ...]]] = field(default_factory=dict)


@dataclass(frozen=True)
class _Item:
    record: tuple[int, int]
    rank: int
    cells: tuple[str, ...]


def work(report: Report, rows_per_rule: int, rows: int) -> Work:
    """The work in a report, as far as the limits allow; what is found worst is listed first."""
    found = [outcome for outcome in report.outcomes
             if outcome.status is Status.FOUND and outcome.level is not Level.FACT]
    found.sort(key=lambda outcome: (outcome.level.rank, outcome.explained_by is not None))
    titles = {outcome.rule.id: outcome.rule.title for outcome in report.outcomes}
    problems: list[Problem] = []
    items: dict[Owner, list[_Item]] = defaultdict(list)
    for outcome in found:
        listed = privacy.listing(report, outcome, min(rows_per_rule, rows), full=True)
        rows -= len(listed)
        problems.append(Problem(outcome, privacy.listed_count(outcome), len(listed)))
        cause = titles.get(outcome.explained_by or "", "")
        items[outcome.rule.owner] += _items(report, outcome, listed, cause) or [_summary(outcome, cause)]
    return Work(problems, {owner: _together(items[owner]) for owner in Owner if owner in items})


def _items(report: Report, outcome: Outcome, listed: list[privacy.PlaceRow], cause: str) -> list[_Item]:
    files = {file.name: rank for rank, file in enumerate(report.export.files)}
    partners = _partners(listed)
    items = []
    for number, row in enumerate(listed):
        level = row.level or outcome.rule.level
        if level is Level.FACT:
            continue
        record = files.get(row.file, len(files)), row.line or 0
        told = [outcome.rule.title, row.note, partners.get(number)]
        cells = _cells(outcome, row, ": ".join(part for part in told if part), cause)
        items.append(_Item(record, level.rank, (words.LEVELS[level], *cells)))
    return items


def _cells(outcome: Outcome, row: privacy.PlaceRow, problem: str, cause: str) -> tuple[str, ...]:
    wanted = row.repair or _fix(outcome, cause)
    return (problem, row.school_id or "", row.key or "", row.name or "", row.column or "",
            row.value or "", wanted, row.file, words.line_text(row.line, row.end_line) if row.line else "", TO_DO, "",
            outcome.rule.id)


def _summary(outcome: Outcome, cause: str) -> _Item:
    """One row for a finding whose places are not listed one by one."""
    places = outcome.finding.places if outcome.finding else ()
    files = ", ".join(sorted({block.file for block in places if block.file}))
    return _Item((-1, 0), outcome.level.rank, (
        words.LEVELS[outcome.level], words.sentence(outcome), "", "", "", "", "", _fix(outcome, cause), files, "",
        TO_DO, "", outcome.rule.id))


def _fix(outcome: Outcome, cause: str) -> str:
    return f"First fix: {cause}. {outcome.rule.fix}" if cause else outcome.rule.fix


def _partners(listed: list[privacy.PlaceRow]) -> dict[int, str]:
    """Per row that belongs together with others, where they are: `see also students.csv line 14`."""
    groups: dict[int, list[int]] = defaultdict(list)
    for number, row in enumerate(listed):
        if row.group is not None and row.line:
            groups[row.group].append(number)
    return {number: _see_also(listed[number], [listed[other] for other in members[:PARTNERS + 1] if other != number],
                              len(members) - 1)
            for members in groups.values() if len(members) > 1 for number in members}


def _see_also(row: privacy.PlaceRow, others: Sequence[privacy.PlaceRow], count: int) -> str:
    told = [f"line {words.line_text(other.line or 0, other.end_line)}" if other.file == row.file
            else f"{other.file} line {words.line_text(other.line or 0, other.end_line)}" for other in others[:PARTNERS]]
    rest = count - len(told)
    return "see also " + words.joined(told + ([f"{words.number(rest)} more"] if rest else []))


def _together(items: list[_Item]) -> list[tuple[str, ...]]:
    """The rows, records with the worst problem first, all problems of a record side by side."""
    worst: dict[tuple[int, int], int] = {}
    for item in items:
        worst[item.record] = min(item.rank, worst.get(item.record, item.rank))
    items.sort(key=lambda item: (worst[item.record], item.record, item.rank))
    return [item.cells for item in items]
