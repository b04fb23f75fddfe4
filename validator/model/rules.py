"""Rules and profiles as packs define them, and the outcome of a rule in a run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, replace
from functools import cached_property
from typing import Any, NewType

from validator.model.data_classes import dataclass
from validator.model.findings import Finding
from validator.model.levels import Consequence, Level, Owner, Status, Step

Pattern = NewType("Pattern", str)
"""An RE2 pattern in a rule's settings; invalid patterns are refused when the pack is loaded."""


LEAST_OF_MOST = 20
"""Records below which no share is evidence that something is wrong with the whole."""


@dataclass(frozen=True)
class WhenMost:
    """The share of records from which a rule is a blocker in every profile.

    says: the sentence on the whole, with {count} and {of}. reason: why no district is like that.
    spread: the shares in the rosters that were measured, "" where none was.
    """

    share: float
    says: str
    reason: str
    spread: str = ""

    def applies_to(self, count: int, of: int) -> bool:
        """Whether the rule finds too large a share of the records for the data to be right."""
        return of >= LEAST_OF_MOST and count >= self.share * of


@dataclass(frozen=True)
class Rule:
    """One rule of a pack: a check, its settings, its level, and the words for its findings.

    check: the check's name, such as `links.unmatched`.
    reads: table -> columns that the export must have for the rule to run.
    optional: tables that the check uses if the export has them.
    settings: arguments of the check.
    says_one, says_many: the sentence for one record and for several.
    counts: the unit of the counts, such as students.
    pack: the pack that defines the rule. where: file and line of the definition.
    needs: rules whose records are left out of this rule's finding.
    follows: rules of which this rule's finding is always a consequence.
    was: former ids.
    step: what signing in requires of people, that those in the finding do not have.
    unreadable: True if a finding means that a file or column could not be read.
    everybody_when_absent: whether a missing column affects every record.
    lists: False if the records are counted but not listed one by one.
    fix_needed: False if nobody has to do anything, or only under some condition.
    only_shared: whether only records that the sharing rules share are checked.
    phases: phase of the school year -> level in that phase, or `off`.
    consequence: what happens if nothing is fixed; it decides the level.
    when_all: a different `fix` and `owner` for when every record is affected, which is then a
        setting or a missing column, not a mistake in single records.
    when_most: the share of records from which the rule is a blocker, whatever its level.
    tells_attribute: whether the finding tells what children are (age, program, language) instead
        of what is wrong with data; masked editions hide such counts where they are small.
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
    follows: tuple[str, ...] = ()
    was: tuple[str, ...] = ()
    unreadable: bool = False
    everybody_when_absent: bool = False
    lists: bool = True
    fix_needed: bool = True
    only_shared: bool = False
    phases: Mapping[str, str] = field(default_factory=dict)
    when_all: Mapping[str, str] = field(default_factory=dict)
    step: Step | None = None
    where: str = ""
    consequence: Consequence = Consequence.NONE
    when_most: WhenMost | None = None
    tells_attribute: bool = False

    @cached_property
    def question(self) -> str:
        """The question to the rule's check, whatever the level, the words and the export."""
        asked = (self.id, self.check, self.reads, sorted(self.optional), self.settings)
        return repr(asked)

    def adapt_to_most(self) -> Rule:
        """The rule as a blocker, with the reason why so large a share cannot be right."""
        if self.when_most is None:
            return self
        consequence = self.consequence if self.consequence.stops else Consequence.DROPPED
        why = f"{self.when_most.reason} {self.why}"
        return replace(self, level=Level.BLOCKER, consequence=consequence, why=why)

    def adapt_to_all(self) -> Rule:
        """The rule with the fix and the owner that apply when every record is affected."""
        fix = self.when_all.get("fix", self.fix)
        owner = Owner(self.when_all.get("owner", self.owner))
        return replace(self, fix=fix, owner=owner)


@dataclass(frozen=True)
class Route:
    """Where in a student information system a finding is fixed, and the source of that."""

    text: str
    source: str


@dataclass(frozen=True)
class Routes:
    """The fix routes of one student information system, by rule; only documented ones."""

    id: str
    title: str
    by_rule: Mapping[str, Route]
    notes: Sequence[Route] = ()


@dataclass(frozen=True)
class Waiver:
    """A finding that the district accepts, with a reason and an end date.

    keys: ids of the records that are accepted; empty for the whole rule.
    """

    rule: str
    reason: str
    until: dt.date | None = None
    keys: tuple[str, ...] = ()
    by: str = ""


@dataclass(frozen=True)
class ChecklistItem:
    """Something to do that no file can show."""

    text: str
    source: str


@dataclass(frozen=True)
class AppFact:
    """One fact about what an app does with a roster, as its pack states it.

    id: which fact, such as `teacher-mail`. value: its number or word, "" for none. says: the
    sentence for people, with {count} and other figures. source: where it is written.
    """

    id: str
    value: str
    says: str
    source: str


def finds_by_address(facts: Mapping[str, AppFact], kind: str) -> bool:
    """Return whether an app, by its facts in the model of a pack, finds people by their address.

    kind: students, or any other for teachers.
    """
    fact = facts.get("students-found-by" if kind == "students" else "teachers-found-by")
    return fact is not None and fact.value == "email"


@dataclass(frozen=True)
class Profile:
    """The requirements of a destination, usually an app: the rules of a pack and all it includes.

    packs: `(id, version)` of every pack, in the order in which they were merged.
    district_domains: the e-mail domains of the district.
    accept_sections, reject_sections: course titles that the district never or always counts as
        electives.
    facts: what the app does with a roster, by the id of the fact.
    """

    id: str
    title: str
    rules: Mapping[str, Rule]
    packs: Sequence[tuple[str, str]]
    checklist: Sequence[ChecklistItem] = ()
    waivers: Sequence[Waiver] = ()
    district_domains: Sequence[str] = ()
    accept_sections: Sequence[str] = ()
    reject_sections: Sequence[str] = ()
    facts: Mapping[str, AppFact] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Outcome:
    """The outcome of one rule: exactly one per rule in the run.

    level: the worst level over all profiles. levels: profile -> its own level.
    reason: why the rule was skipped or not asked.
    waiver, waived: the waiver that applies, and how many records it covers.
    explained_by: the rule of which the finding is a consequence.
    explained: records that sure diagnoses explain; they stay among the places.
    of_most: whether too large a share of the records is found for the data to be right.
    own: profile -> its own outcome, while several profiles are judged; a report has them in
        `by_profile`.
    trace: where a broken check stopped, for developers; never a value of a record.

    If profiles have different settings for the rule, the finding holds what any of them finds.
    `levels` then has only the profiles that find something, `found` holds how many records each
    profile finds, and `statuses` the status for each.
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
    explained: int = 0
    own: Mapping[str, Outcome] = field(default_factory=dict)
    of_most: bool = False

    @property
    def count(self) -> int:
        """The number of records found; 0 without a finding."""
        return self.finding.count if self.finding else 0

    def drop_explained(self) -> Outcome:
        """Return the outcome with only the places that no diagnosis explains."""
        if self.finding is None or not self.explained:
            return self
        places = [block for block in self.finding.places if not block.explained_by]
        return replace(self, finding=replace(self.finding, places=places), explained=0)


Check = Callable[..., Finding]
