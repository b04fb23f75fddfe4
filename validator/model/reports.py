"""The report and what belongs to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field

from validator.model.levels import MIDYEAR, Level, Owner, Status, Verdict
from validator.model.rules import Outcome, Profile, Routes
from validator.model.tables import Export


@dataclass(frozen=True)
class RootCause:
    """A damaged or missing thing that explains records found elsewhere."""

    rule: str
    title: str
    explains: int
    owner: Owner
    table: str = ""
    note: str = ""


@dataclass(frozen=True)
class Readiness:
    """Of `total` people or sections, how many no blocker names; `by_rule`: how many each blocker holds back.

    `steps`: how many are left after each thing that signing in asks for, from all in the file down to the ready ones.
    `by_school`: per school id ("" where none is given), how many of those that could be read are left after each step.
    """

    total: int
    ready: int
    blocked: int
    unknown: int = 0
    by_rule: Mapping[str, int] = field(default_factory=dict)
    steps: Sequence[tuple[str, int]] = ()
    by_school: Mapping[str, Sequence[int]] = field(default_factory=dict)


@dataclass(frozen=True)
class SchoolRow:
    """One school's figures for the per-school table; `findings` = blocker and warning records found there."""

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
    """What makes a run fail: a finding at or above `least` (None: nothing does) on more records than its rule is
    `allowed`; `named`: rules that were allowed some by name, the others by an earlier report."""

    least: Level | None = Level.BLOCKER
    allowed: Mapping[str, int] = field(default_factory=dict)
    named: Set[str] = frozenset()


@dataclass(frozen=True)
class Mark:
    """What somebody had set in the last work-list: its status and note; the district's own, never for others."""

    status: str
    note: str = ""


@dataclass(frozen=True)
class FollowUp:
    """What became of the last work-list, in rows.

    `marks`: per rule and number of the place in its full listing, what to carry over. `done`: marked done and no longer
    found; `gone`: no longer found without a mark; `still`: per rule, marked done and found again; `accepted`: said to
    be no problem and found again; `unlooked`: could not be looked at this time.
    """

    marks: Mapping[str, Mapping[int, Mark]] = field(default_factory=dict)
    done: int = 0
    gone: int = 0
    still: Mapping[str, int] = field(default_factory=dict)
    accepted: int = 0
    unlooked: int = 0


@dataclass(frozen=True)
class Past:
    """An earlier run as the history keeps it: counts of records, of ready people, and of what each rule found."""

    as_of: str
    profiles: tuple[str, ...]
    verdict: str
    counts: Mapping[str, int]
    ready: Mapping[str, int]
    findings: Mapping[str, int]


@dataclass(frozen=True, eq=False)
class Report:
    """All that an output may look at."""

    verdict: Verdict
    verdicts: Mapping[str, Verdict]
    profiles: Sequence[Profile]
    outcomes: Sequence[Outcome]
    export: Export
    as_of: dt.date
    version: str
    counts: Mapping[str, int]
    readiness: Mapping[str, Readiness]
    root_causes: Sequence[RootCause]
    schools: Sequence[SchoolRow]
    by_school: Mapping[str, Mapping[str, int]]
    generated_at: dt.datetime | None = None
    district: str | None = None
    errors: Sequence[str] = ()
    history: Sequence[Past] = ()
    gate: Gate = Gate()
    followup: FollowUp | None = None
    phase: str = MIDYEAR
    routes: Routes | None = None
    priorities: Sequence[str] = ()
    """Ids of the rules to fix, first things first."""

    def levels(self) -> dict[Level, int]:
        """How many rules were found (and not waived) at each level that counts."""
        found = [o.level for o in self.outcomes if o.status is Status.FOUND]
        return {level: found.count(level) for level in Level if level is not Level.FACT}
