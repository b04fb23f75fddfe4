"""The report and its parts: readiness, schools, gate, history, follow-up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence, Set
from dataclasses import field, replace
from typing import Any, NamedTuple

from validator.model.data_classes import dataclass
from validator.model.diagnoses import Diagnosis
from validator.model.exports import Export
from validator.model.first_sync import AppForecast
from validator.model.levels import MIDYEAR, Level, Status, Verdict
from validator.model.rules import Outcome, Profile, Routes


@dataclass(frozen=True)
class Readiness:
    """How many people or sections of one kind are ready.

    total: all of them. ready: not held back by any blocker. blocked: held back. unknown: in rows
    that could not be read whole, or not held back where nobody could tell.
    set_aside: blocked only because they are no people (a placeholder for a vacancy).
    by_rule: blocker or diagnosis -> how many it holds back.
    steps: `(requirement, how many are left after it)`, from all in the file down to the ready ones.
    by_school: school id ("" where none is given) -> how many are left after each step.
    """

    total: int
    ready: int
    blocked: int
    unknown: int = 0
    by_rule: Mapping[str, int] = field(default_factory=dict)
    steps: Sequence[tuple[str, int]] = ()
    by_school: Mapping[str, Sequence[int]] = field(default_factory=dict)
    set_aside: int = 0


@dataclass(frozen=True)
class SchoolRow:
    """One line of the per-school table; "" is the school of rows without a known one.

    ready: students who are ready. blockers: students and teachers who are held back there.
    warnings: other students and teachers whom a warning names, each once.
    """

    school_id: str
    name: str
    students: int
    teachers: int
    sections: int
    blockers: int
    warnings: int
    ready: int


@dataclass(frozen=True)
class Gate:
    """The condition for a failed run: findings at or above a level, beyond the number allowed.

    least: the lowest level that fails; None if nothing does.
    allowed: rule -> how many records it may find.
    named: rules whose allowance was given by name; the others come from an earlier report.
    has_baseline: whether an earlier report was given.
    """

    least: Level | None = Level.BLOCKER
    allowed: Mapping[str, int] = field(default_factory=dict)
    named: Set[str] = frozenset()
    has_baseline: bool = False


@dataclass(frozen=True)
class WorklistMark:
    """The entries of people in one row of the last work-list. Private to the district.

    more: heading of a column that people added, or of a cell that they colored -> the cell, as
        the workbook library has it.
    """

    status: str
    note: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class KeptRow:
    """A row of the last work-list that is not on a list of this run: its texts and its mark."""

    cells: Mapping[str, str]
    mark: WorklistMark


class Cell(NamedTuple):
    """The cell of a place, by the column's own heading; `Cell()` for a finding as a whole."""

    file: str = ""
    line: int = 0
    column: str | None = ""


@dataclass(frozen=True)
class FollowUp:
    """The rows of the last work-list, compared with this run.

    marks: rule -> cell -> the mark to carry over.
    done: rows marked as done and no longer found.
    gone: rows without a mark and no longer found.
    still: rule -> rows marked as done and found again.
    accepted: rows marked as no problem and found again.
    not_checked: rows that could not be checked this time.
    new: rows that were not in it.
    unclear: rows with a status that could mean anything.
    waiting: rows that could not be checked. finished: rows with words that are no longer found.
    arranged: title of a sheet -> its headings, in the order that people gave them.
    sheets: sheets that people added, as the workbook library has them.
    names: files whose rows these are.
    before: the report with what was marked as no problem, None where nothing was.
    """

    marks: Mapping[str, Mapping[Cell, WorklistMark]] = field(default_factory=dict)
    done: int = 0
    gone: int = 0
    still: Mapping[str, int] = field(default_factory=dict)
    accepted: int = 0
    not_checked: int = 0
    new: int = 0
    unclear: int = 0
    waiting: Sequence[KeptRow] = ()
    finished: Sequence[KeptRow] = ()
    arranged: Mapping[str, Sequence[str]] = field(default_factory=dict)
    sheets: Sequence[Any] = ()
    names: Sequence[str] = ()
    before: Report | None = None

    def strip_words(self) -> FollowUp:
        """Return the counts in the model of a report without anything that a person typed."""
        return replace(
            self, marks={}, waiting=(), finished=(), arranged={}, sheets=(), names=(), before=None
        )


@dataclass(frozen=True)
class PastRun:
    """An earlier run from the history.

    counts: table -> records. ready: kind -> how many were ready. findings: rule -> records found.
    """

    as_of: str
    profiles: tuple[str, ...]
    verdict: str
    counts: Mapping[str, int]
    ready: Mapping[str, int]
    findings: Mapping[str, int]


@dataclass(frozen=True, eq=False)
class ProfileResult:
    """The result of the run for one profile: its own verdict, numbers and list.

    outcomes: one per rule of the profile, in its words. levels: problems found, by level.
    readiness, priorities: as in the report.
    """

    profile: Profile
    verdict: Verdict
    outcomes: Sequence[Outcome]
    levels: Mapping[Level, int]
    readiness: Mapping[str, Readiness]
    priorities: Sequence[str] = ()

    def findings(self) -> list[Outcome]:
        """List what was found, each with only the places that no diagnosis explains."""
        return list_findings(self.outcomes)


@dataclass(frozen=True, eq=False)
class Report:
    """The complete result of a run, and all that an output may read.

    verdict: the worst of `verdicts`, which has one per profile.
    outcomes: exactly one per rule in the run.
    counts: table -> records.
    readiness: students, teachers and sections -> how many are ready, for the profile with the
        worst verdict; of equals, for the one that holds back most.
    by_profile: profile -> its own verdict, numbers and list.
    by_school: rule -> school id -> records found there.
    generated_at: None if the report must be reproducible.
    errors: public sentences about what went wrong in the run itself.
    """

    verdict: Verdict
    verdicts: Mapping[str, Verdict]
    profiles: Sequence[Profile]
    outcomes: Sequence[Outcome]
    export: Export
    as_of: dt.date
    version: str
    counts: Mapping[str, int]
    readiness: Mapping[str, Readiness]
    schools: Sequence[SchoolRow]
    by_school: Mapping[str, Mapping[str, int]]
    generated_at: dt.datetime | None = None
    district: str | None = None
    errors: Sequence[str] = ()
    history: Sequence[PastRun] = ()
    gate: Gate = Gate()
    followup: FollowUp | None = None
    phase: str = MIDYEAR
    diagnoses: Sequence[Diagnosis] = ()
    routes: Routes | None = None
    priorities: Sequence[str] = ()
    """Ids of the diagnoses and rules to fix, first things first."""
    by_profile: Mapping[str, ProfileResult] = field(default_factory=dict)
    mends: Set[str] = frozenset()
    """Ids of the diagnoses and rules all of whose records `mend` can put right."""
    first_sync: Sequence[AppForecast] = ()
    """What the first sync would create, for each app whose pack states what it does."""

    def levels(self) -> dict[Level, int]:
        """How many rules and sure diagnoses found something (not waived), by level; no facts."""
        levels = [diagnosis.level for diagnosis in self.diagnoses if diagnosis.sure]
        return count_levels(self.outcomes, levels)

    def findings(self) -> list[Outcome]:
        """List what was found, each with only the places that no diagnosis explains."""
        return list_findings(self.outcomes)


def list_findings(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """List the findings in the model of a report: not waived, without explained places."""
    return [outcome.drop_explained() for outcome in outcomes if outcome.status is Status.FOUND]


def count_levels(outcomes: Sequence[Outcome], diagnosed: Sequence[Level]) -> dict[Level, int]:
    """Count findings and diagnoses in the model of a report by level; no facts."""
    levels = [outcome.level for outcome in outcomes if outcome.status is Status.FOUND]
    levels += diagnosed
    return {level: levels.count(level) for level in Level if level is not Level.FACT}
