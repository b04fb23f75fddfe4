"""Thresholds of the nightly guard, and its decisions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import field, replace

from validator.model.data_classes import dataclass
from validator.model.levels import MIDYEAR

GUARD_WAYS = ("gone", "new", "changed", "moved", "left_school", "new_ids", "new_addresses")
"""What may happen to a record between two nights, as a thresholds file names it."""

GUARD_KINDS = ("schools", "students", "teachers", "sections", "enrollments", "staff")

Shares = Mapping[str, Mapping[str, float]]
"""Kind of record -> what happens -> the largest share to which it may happen, 0 to 1."""


@dataclass(frozen=True)
class Thresholds:
    """Largest shares of records that may change in one night, and least numbers of records.

    district: shares of all records of a kind. each_school: of the records of any one school.
    schools: school id -> its own shares. floors: kind -> the least number of records.
    """

    district: Shares = field(default_factory=dict)
    each_school: Shares = field(default_factory=dict)
    schools: Mapping[str, Shares] = field(default_factory=dict)
    floors: Mapping[str, int] = field(default_factory=dict)

    def overlay(self, other: Thresholds) -> Thresholds:
        """Return these thresholds with each number that the other ones name replaced."""
        names = {**self.schools, **other.schools}
        return Thresholds(
            district=_overlay(self.district, other.district),
            each_school=_overlay(self.each_school, other.each_school),
            schools={
                name: _overlay(self.schools.get(name, {}), other.schools.get(name, {}))
                for name in names
            },
            floors={**self.floors, **other.floors},
        )

    def loosen(self, other: Thresholds) -> Thresholds:
        """Return these thresholds with each number that the other ones name, if it allows more.

        Shares of single schools stay.
        """
        return Thresholds(
            district=_loosen(self.district, other.district),
            each_school=_loosen(self.each_school, other.each_school),
            schools=self.schools,
            floors={
                name: min(least, other.floors.get(name, least))
                for name, least in self.floors.items()
            },
        )


def _overlay(base: Shares, other: Shares) -> Shares:
    """Return thresholds in the model of the guard with some shares replaced by others."""
    return {name: {**base.get(name, {}), **other.get(name, {})} for name in {**base, **other}}


def _loosen(base: Shares, other: Shares) -> Shares:
    """Return thresholds in the model of the guard with the larger share of both."""
    return {
        name: {way: max(share, other.get(name, {}).get(way, share)) for way, share in ways.items()}
        for name, ways in base.items()
    }


@dataclass(frozen=True)
class Period:
    """Days with separate thresholds, such as the first weeks.

    first, last: `YYYY-MM-DD`, or `MM-DD` for every year; both days included. phase: the part of
    the school year, "" where the command line decides. pause: nothing is let through.
    """

    name: str
    first: str
    last: str
    phase: str = ""
    pause: bool = False
    thresholds: Thresholds = Thresholds()

    def covers(self, day: dt.date) -> bool:
        """Whether a day is in the period; a yearly period may run over New Year."""
        if len(self.first) > len("MM-DD"):
            return self.first <= day.isoformat() <= self.last
        text = day.strftime("%m-%d")
        if self.first <= self.last:
            return self.first <= text <= self.last
        return text >= self.first or text <= self.last


@dataclass(frozen=True)
class GuardRules:
    """The thresholds of every night.

    few: number of records that may always change, whatever their share. least: schools with fewer
    records of a kind are judged only as part of the district. phases: phase -> its own thresholds.
    """

    thresholds: Thresholds = Thresholds()
    few: int = 0
    least: int = 0
    phases: Mapping[str, Thresholds] = field(default_factory=dict)
    periods: Sequence[Period] = ()

    def choose(self, day: dt.date, phase: str = MIDYEAR) -> Tonight:
        """Return what holds on a day: the district's numbers, then the phase's, then the period's.

        Of several periods that cover the day, the last in the file decides.
        """
        period = next((each for each in reversed(self.periods) if each.covers(day)), None)
        if period is not None and period.phase:
            phase = period.phase
        chosen = self.thresholds.overlay(self.phases.get(phase, Thresholds()))
        if period is not None:
            chosen = chosen.overlay(period.thresholds)
        return Tonight(chosen, phase=phase, period=period, few=self.few, least=self.least)


@dataclass(frozen=True)
class Tonight:
    """The thresholds of one day."""

    thresholds: Thresholds
    phase: str
    period: Period | None
    few: int
    least: int


@dataclass(frozen=True)
class StopReason:
    """One reason to stop, in public words.

    code: what kind of reason. subject: what it is about (a rule, a threshold), stable from night
    to night. people: students, teachers and staff concerned; records: records of any kind.
    accepted: whether somebody let this reason through before, for at least as many.
    """

    code: str
    subject: str
    sentence: str
    people: int = 0
    records: int = 0
    profile: str = ""
    fix: str = ""
    accepted: bool = False

    @property
    def key(self) -> str:
        """The identity of the reason from night to night."""
        return "|".join((self.code, self.profile, self.subject))

    @property
    def weight(self) -> int:
        """How much the reason covers."""
        return max(self.people, self.records)

    def accept(self, accepted: Mapping[str, int]) -> StopReason:
        """Return the reason, marked if it was accepted for at least as many."""
        return replace(self, accepted=self.weight <= accepted.get(self.key, -1))


@dataclass(frozen=True)
class NightCount:
    """How many records of one kind there are, and how many came, went and changed."""

    kind: str
    before: int | None
    now: int
    gone: int = 0
    new: int = 0
    changed: int = 0
    moved: int = 0
    new_ids: int = 0
    new_addresses: int = 0
    left_school: int = 0
    returned: int = 0


@dataclass(frozen=True)
class PastNight:
    """An earlier night of the history. decision: `go` or `stop`."""

    number: int
    day: str
    decision: str
    by_hand: bool = False


@dataclass(frozen=True)
class Night:
    """The decision of one night, and what it rests on.

    number: nights are numbered one by one, whatever the clock says. compared_with: the number and
    the day of the night whose export was let through last, None on the first night. by_hand:
    whether somebody lets the export through in spite of its reasons. earlier: the last nights
    before this one, the latest last.
    """

    number: int
    day: dt.date
    reasons: Sequence[StopReason]
    counts: Sequence[NightCount] = ()
    compared_with: tuple[int, dt.date] | None = None
    verdicts: Mapping[str, str] = field(default_factory=dict)
    titles: Sequence[str] = ()
    phase: str = MIDYEAR
    period: str = ""
    notices: Sequence[str] = ()
    by_hand: bool = False
    version: str = ""
    moment: dt.datetime | None = None
    released: bool = False
    earlier: Sequence[PastNight] = ()

    @property
    def stopping(self) -> list[StopReason]:
        """The reasons that nobody accepted, most people first."""
        open_reasons = [reason for reason in self.reasons if not reason.accepted]
        return sorted(open_reasons, key=lambda it: (-it.people, -it.records, it.key))

    @property
    def goes(self) -> bool:
        """Whether the export is let through, in the model of the guard's night."""
        return self.by_hand or not self.stopping
