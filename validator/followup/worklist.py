"""The rows of the last work-list, matched with what this run finds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from validator.followup.columns import DIAGNOSIS
from validator.followup.records import Records
from validator.followup.statuses import DONE, NO_PROBLEM, STILL_FOUND, TO_DO
from validator.followup.workbook import Key, Row, WorkList, make_key
from validator.model import (
    Cell,
    Diagnosis,
    FollowUp,
    KeptRow,
    Level,
    Outcome,
    Report,
    Status,
    WorklistMark,
)
from validator.privacy import values

MOST_PLACES = 200_000
"""Places of one finding that are compared with the last work-list; others are not checked."""

MOST_LISTED = 5_000
"""Most rows of one rule or diagnosis in a work-list; where there are fewer, every place was
listed."""

NOT_CHECKED = (Status.SKIPPED, Status.NOT_ASKED, Status.BROKEN)

WHOLE = Cell()
"""The cell of a finding whose places are not listed."""

KNOWN_AGAIN, LEAST_KNOWN = 0.1, 10
"""Least share of the listed records that must be there again, or the list is another district's,
and the fewest records of which that is asked."""

Places = Mapping[Key, list[Cell]]


def is_for(worklist: WorkList, report: Report) -> bool:
    """Return whether a work-list is of the same apps and the same district as this run."""
    apps = set(worklist.trace.profiles)
    if apps and apps.isdisjoint(profile.id for profile in report.profiles):
        return False
    here = Records(report, worklist)
    known = [here.has(row) for row in worklist.rows if here.can_tell(row)]
    return len(known) < LEAST_KNOWN or sum(known) >= KNOWN_AGAIN * len(known)


def choose(worklists: Sequence[WorkList], report: Report) -> list[WorkList]:
    """Return the work-lists that are about this run, the one saved last first.

    Those that a later one was made from are left out: it has everything that is in them.
    """
    mine = [each for each in worklists if is_for(each, report)]
    left = [each for each in mine if not any(_has_all_of(it, each) for it in mine)]
    return sorted(left, key=lambda each: -each.saved)


def _has_all_of(worklist: WorkList, other: WorkList) -> bool:
    """Return whether a work-list was made after another one was saved."""
    made = worklist.trace.made
    return worklist is not other and made is not None and made.timestamp() >= other.saved


def follow_up(report: Report, worklists: Sequence[WorkList]) -> FollowUp:
    """Return what became of the rows of the last work-lists in this run.

    Where several have words about one record, the first one decides, and the notes are joined.
    """
    ids = {}
    for outcome in report.outcomes:
        ids.update(dict.fromkeys(outcome.rule.was, outcome.rule.id))
        ids[outcome.rule.id] = outcome.rule.id
    by_rule: dict[str, list[Row]] = defaultdict(list)
    for row in _join_copies(worklists):
        by_rule[ids.get(row.rule, row.rule)].append(row)
    match = _Match(Records(report, *worklists))
    outcomes = {outcome.rule.id: outcome for outcome in report.outcomes}
    for rule, rows in by_rule.items():
        if any(row.key[0] == DIAGNOSIS for row in rows):
            match.add_rule(rule, rows, _find_diagnoses(report, rule, rows), is_complete=True)
            continue
        current = outcomes.get(rule)
        if current is None or current.status in NOT_CHECKED:
            match.wait(rows)
            continue
        is_complete = values.count_listed(current) <= MOST_PLACES
        match.add_rule(rule, rows, find_places(report, current), is_complete=is_complete)
    counted = {rule: len(rows) for rule, rows in by_rule.items()}
    arranged: dict[str, Sequence[str]] = {}
    for worklist in reversed(worklists):
        arranged |= worklist.arranged
    return replace(
        match.follow_up(),
        new=sum(
            _count_new(it, counted.get(it.rule.id, 0), match)
            for it in _list_complete(report.outcomes)
        ),
        waiting=[*match.waiting, *(row for worklist in worklists for row in worklist.loose)],
        arranged=arranged,
        sheets=[sheet for worklist in worklists for sheet in worklist.sheets],
        names=[worklist.name for worklist in worklists],
    )


def _list_complete(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """List the outcomes of which no place was left out of a work-list under a diagnosis."""
    is_crowded = sum(outcome.explained for outcome in outcomes) > MOST_LISTED
    return [outcome for outcome in outcomes if not (is_crowded and outcome.explained)]


def _count_new(outcome: Outcome, rows: int, match: _Match) -> int:
    """Return how many rows of a finding were not in the last work-list, which had `rows`."""
    if not outcome.status.is_open or outcome.level is Level.FACT or rows >= MOST_LISTED:
        return 0
    places = values.count_listed(outcome) or int(outcome.status is Status.FOUND)
    return max(0, places - match.matched.get(outcome.rule.id, 0))


def _join_copies(worklists: Sequence[WorkList]) -> Iterable[Row]:
    """Return each row of the last work-list once, with the notes of all its copies."""
    joined: dict[tuple[str, Key, int], Row] = {}
    for worklist in worklists:
        by_sheet: dict[str, list[Row]] = defaultdict(list)
        for row in worklist.rows:
            by_sheet[row.sheet].append(row)
        for rows in by_sheet.values():
            seen: dict[tuple[str, Key], int] = defaultdict(int)
            for row in sorted(rows, key=lambda row: row.line):
                number = seen[row.rule, row.key]
                seen[row.rule, row.key] += 1
                same = joined.get((row.rule, row.key, number))
                joined[row.rule, row.key, number] = row if same is None else _join(same, row)
    return joined.values()


def _join(first: Row, second: Row) -> Row:
    """Join two copies of one row in the last work-list, with the words of both."""
    status = second.mark.status if first.mark.status == TO_DO else first.mark.status
    notes = dict.fromkeys(note for note in (first.mark.note, second.mark.note) if note)
    more = {**second.mark.more, **first.mark.more}
    return replace(
        first,
        mark=WorklistMark(status, "; ".join(notes), more),
        is_unclear=first.is_unclear or second.is_unclear,
        is_finished=first.is_finished and second.is_finished,
    )


def _find_diagnoses(report: Report, rule: str, rows: Sequence[Row]) -> Places:
    """Return the diagnoses by the keys of the last work-list's rows that are about them."""
    places: dict[Key, list[Cell]] = {}
    for row in rows:
        cells = [find_cell(each) for each in report.diagnoses if each.sure and each.id == rule]
        places[row.key] = [cell for cell in cells if _is_about(row, cell)]
    return places


def _is_about(row: Row, cell: Cell) -> bool:
    """Return whether a row of the last work-list is about a diagnosis's file and column."""
    file = row.keep().cells["File"]
    same_file = not file or file.casefold() == cell.file.casefold()
    return same_file and make_key("", cell.column or "", "")[1] == row.key[1]


def find_cell(diagnosis: Diagnosis) -> Cell:
    """Return the cell of a work-list by which the mark of a diagnosis is found."""
    return Cell(diagnosis.file, 0, diagnosis.column)


def find_places(report: Report, outcome: Outcome) -> Places:
    """Return the cells of a finding that the last work-list may have had, by their records."""
    places: dict[Key, list[Cell]] = defaultdict(list)
    if not outcome.status.is_open or outcome.finding is None:
        return places
    tables = {block.file: block.table for block in outcome.finding.places}
    listed = values.list_places(report, outcome, MOST_PLACES)
    for row in listed:
        record = row.key or row.name or row.value or ""
        cell = Cell(row.file, row.line or 0, row.column)
        places[make_key(tables[row.file], row.column or "", record)].append(cell)
    return places if listed else {make_key("", "", ""): [WHOLE]}


class _Match:
    """Rows of the last work-list, sorted by what became of them."""

    def __init__(self, records: Records) -> None:
        self.records = records
        self.marks: dict[str, dict[Cell, WorklistMark]] = {}
        self.still: dict[str, int] = {}
        self.matched: dict[str, int] = {}
        self.waiting: list[KeptRow] = []
        self.finished: list[KeptRow] = []
        self.done = self.gone = self.accepted = self.unclear = 0

    def follow_up(self) -> FollowUp:
        """Return the rows as a part of the report."""
        return FollowUp(
            marks=self.marks,
            done=self.done,
            gone=self.gone,
            still=self.still,
            accepted=self.accepted,
            not_checked=len(self.waiting),
            unclear=self.unclear,
            waiting=self.waiting,
            finished=self.finished,
        )

    def wait(self, rows: Iterable[Row]) -> None:
        """Add rows that could not be checked; what was done before stays so."""
        for row in rows:
            (self.finished if row.is_finished else self.waiting).append(row.keep())

    def add_rule(
        self, rule: str, rows: Sequence[Row], places: Places, *, is_complete: bool
    ) -> None:
        """Match the last work-list's rows of one rule with what this run finds.

        Rows and places with the same key are paired in their order, rows that were done last.
        `is_complete`: whether all places are listed.
        """
        by_key: dict[Key, list[Row]] = defaultdict(list)
        for row in rows:
            by_key[row.key].append(row)
        for key, same in by_key.items():
            same.sort(key=lambda row: (row.is_finished, row.mark.status == DONE, row.line))
            again = places.get(key, [])
            for row, cell in zip(same, again, strict=False):
                self._add_again(rule, row, cell)
            for row in same[len(again) :]:
                self._add_missing(row, is_complete=is_complete)

    def _add_missing(self, row: Row, *, is_complete: bool) -> None:
        """Carry over a row of the last work-list that is not found again."""
        if row.is_finished:
            self.finished.append(row.keep())
            return
        if not is_complete or not self.records.is_looked_at(row):
            self.wait([row])
            return
        if row.mark.status in (DONE, STILL_FOUND):
            self.done += 1
        else:
            self.gone += 1
        if row.mark != WorklistMark(TO_DO):
            self.finished.append(row.keep())

    def _add_again(self, rule: str, row: Row, cell: Cell) -> None:
        """Carry over a row of the last work-list that this run finds again."""
        mark = row.mark
        self.matched[rule] = self.matched.get(rule, 0) + 1
        self.unclear += row.is_unclear
        if mark.status == DONE:
            self.still[rule] = self.still.get(rule, 0) + 1
            mark = replace(mark, status=STILL_FOUND)
        self.accepted += mark.status == NO_PROBLEM
        if mark != WorklistMark(TO_DO):
            marks = self.marks.setdefault(rule, {})
            marks[cell] = join_marks(marks[cell], mark) if cell in marks else mark


def join_marks(first: WorklistMark, second: WorklistMark) -> WorklistMark:
    """Return two marks of one cell of a work-list as one."""
    status = second.status if first.status == TO_DO else first.status
    notes = "; ".join(dict.fromkeys(note for note in (first.note, second.note) if note))
    return WorklistMark(status, notes, {**second.more, **first.more})
