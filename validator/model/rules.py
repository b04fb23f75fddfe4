"""Rules as packs describe them, and what became of each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NewType

from validator.model.findings import Finding
from validator.model.levels import Level, Owner, Status

Pattern = NewType("Pattern", str)
"""A regular expression of RE2 in a rule's settings; a bad one is refused when the pack is loaded."""


@dataclass(frozen=True)
class Rule:
    """A rule as its pack tells it; `reads` maps tables to columns that must be there, `optional` names tables.

    `phases`: for a part of the school year, the level that the rule has then, or `off`. `follows`: rules of which a
    finding of this one is a consequence by its nature. `when_all`: another `fix` and `owner` where every record is
    concerned, which no single record explains.
    """

    id: str
    title: str
    level: Level
    check: str
    reads: Mapping[str, tuple[str, ...]]
    optional: frozenset[str]
    settings: Mapping[str, Any]
    says_one: str
    says_many: str
    why: str
    fix: str
    owner: Owner
    source: str
    counts: str
    topic: str
    pack: str
    needs: tuple[str, ...] = ()
    explained_by: tuple[str, ...] = ()
    follows: tuple[str, ...] = ()
    was: tuple[str, ...] = ()
    unreadable: bool = False
    everybody_when_absent: bool = False
    lists: bool = True
    only_shared: bool = False
    phases: Mapping[str, str] = field(default_factory=dict)
    when_all: Mapping[str, str] = field(default_factory=dict)
    where: str = ""

    def of_all(self) -> Rule:
        """The rule as it is told where every record is concerned."""
        told = self.when_all
        return replace(
            self, fix=told.get("fix", self.fix), owner=Owner(told.get("owner", self.owner))
        )


@dataclass(frozen=True)
class Route:
    """Where in one student information system a finding is fixed, and where that is written."""

    text: str
    source: str


@dataclass(frozen=True)
class Routes:
    """The fix routes of one student information system, by rule; a rule without evidence has none."""

    id: str
    title: str
    by_rule: Mapping[str, Route]
    notes: Sequence[Route] = ()


@dataclass(frozen=True)
class Waiver:
    """A finding that the district has accepted, until a day, with a reason; `keys` empty means the whole rule."""

    rule: str
    reason: str
    until: dt.date | None = None
    keys: tuple[str, ...] = ()
    by: str = ""


@dataclass(frozen=True)
class ChecklistItem:
    """Something that no file can show and somebody must do."""

    text: str
    source: str


@dataclass(frozen=True)
class Profile:
    """What the export must be ready for: the resolved rules of a pack and all it includes, in order."""

    id: str
    title: str
    rules: Mapping[str, Rule]
    packs: Sequence[tuple[str, str]]
    checklist: Sequence[ChecklistItem] = ()
    waivers: Sequence[Waiver] = ()
    district_domains: Sequence[str] = ()
    accept_sections: Sequence[str] = ()
    reject_sections: Sequence[str] = ()


@dataclass(frozen=True, eq=False)
class Outcome:
    """What became of one rule: exactly one per rule in the run. `levels` gives each profile's own level.

    Where profiles have different settings of the rule, the finding holds what any of them finds; `levels` then names
    only those that it breaks, `found` how many records each of them finds, and `statuses` what became of it for each.
    `waived`: counted records that the waiver covers. `explained_by`: the rule whose root cause explains all or part of
    this finding. `trace`: where a broken check stopped, for developers; it never holds a value of a record.
    """

    rule: Rule
    status: Status
    level: Level
    finding: Finding | None = None
    reason: str | None = None
    levels: Mapping[str, Level] = field(default_factory=dict)
    waiver: Waiver | None = None
    explained_by: str | None = None
    trace: str = ""
    waived: int = 0
    found: Mapping[str, int] = field(default_factory=dict)
    statuses: Mapping[str, Status] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """Counted records; 0 when nothing was found."""
        return self.finding.count if self.finding else 0


Check = Callable[..., Finding]
