"""Forecast the next sync: what happens to records, and which holds that would trip."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field

from validator.compare import explain, thresholds
from validator.compare.diff import Changes, Kind
from validator.compare.guard.memory import Seen
from validator.compare.movements import Movement, list_movements
from validator.compare.thresholds import OF_A_TERM, Load
from validator.compare.value_changes import (
    Accounts,
    ValueChange,
    count_accounts,
    list_value_changes,
)
from validator.model import Profile, Report, Rule, dataclass
from validator.privacy import public_values

CHECK = "changes.many"
"""The check whose rules are thresholds."""

MOST_SCHOOLS, SCHOOL_SHARE, SCHOOL_LEAST = 8, 0.10, 5
"""Schools are listed if they lose over a tenth of their students, and at least 5; our own
measure."""


@dataclass(frozen=True)
class Hold:
    """A threshold for one kind of record. `held_by`: who holds the sync; `ways`: what counts."""

    held_by: str
    ways: tuple[str, ...]
    limit: float
    load: Load
    rule: Rule
    expected: bool = False

    @property
    def trips(self) -> bool:
        """Return whether enough records changed since the last export for a hold."""
        return self.load.share > self.limit

    @property
    def left(self) -> int:
        """Count how many more records may change before a hold; negative if too many did."""
        return int(self.limit * self.load.of + 1e-9) - self.load.touched

    @property
    def confidence(self) -> str:
        """Return how certain it is that these changes hold the next sync: `stated`, `indirect`,
        `settable`."""
        return str(self.rule.settings["confidence"])


@dataclass(frozen=True, eq=False)
class Forecast:
    """The effects of the next sync.

    `kinds`: name, before, after, added, removed, changed. `dropped`: tables that are gone.
    `schools`: id ("" if it may not be shown), students before, students gone. `cut_short`: per
    kind, records missing at a file's end. `report`: on the new export, without outcomes.
    `incomparable`: kinds that cannot be compared, and why.
    """

    kinds: Sequence[tuple[str, int, int, int, int, int]]
    movements: Sequence[Movement]
    holds: Sequence[Hold]
    dropped: Sequence[str]
    schools: Sequence[tuple[str, int, int]]
    cut_short: Mapping[str, int]
    report: Report
    phase: str = ""
    incomparable: Mapping[str, str] = field(default_factory=dict)
    values: Sequence[ValueChange] = ()
    accounts: Accounts = field(default_factory=Accounts)


def forecast(
    between: Changes,
    profiles: Sequence[Profile],
    about: Report,
    *,
    phase: str = "",
    seen: Seen | None = None,
) -> Forecast:
    """Forecast the next sync from what changed between two exports; `about`: a report on the
    new.

    `seen`: who was in the exports of earlier nights.
    """
    after = between.new.all_tables
    kinds = between.kinds()
    cut_short = {kind.name: explain.count_cut_off(kind) for kind in kinds}
    return Forecast(
        kinds=[_count_kind(kind) for kind in kinds],
        movements=[movement for movement in list_movements(between, seen) if movement.count],
        holds=list_holds(between, profiles, phase),
        dropped=[
            name
            for name, table in between.old.all_tables.items()
            if len(table) and not (name in after and len(after[name]))
        ],
        schools=_list_schools(between, about),
        cut_short={name: count for name, count in cut_short.items() if count},
        report=about,
        phase=phase,
        incomparable=between.incomparable(),
        values=list_value_changes(between),
        accounts=count_accounts(between, profiles),
    )


def _count_kind(kind: Kind) -> tuple[str, int, int, int, int, int]:
    """Compare the records of a kind: name, before, after, added, removed, changed."""
    changed = int(kind.changed.sum())
    return kind.name, kind.before, kind.after, len(kind.added), len(kind.removed), changed


def _list_schools(between: Changes, about: Report) -> list[tuple[str, int, int]]:
    """List the schools that lose most students since the last export; "" for a private id."""
    students = between.kind("students")
    losses = explain.count_lost_by_school(students) if students else []
    large = [
        (school, had, gone)
        for school, had, gone in losses
        if gone >= SCHOOL_LEAST and gone > SCHOOL_SHARE * had
    ][:MOST_SCHOOLS]
    public = public_values.select_shown(about, "school", [school for school, _, _ in large])
    return [(school if school in public else "", had, gone) for school, had, gone in large]


def list_holds(between: Changes, profiles: Sequence[Profile], phase: str) -> list[Hold]:
    """Return each threshold of the profiles for each kind of record, nearest first."""
    holds: dict[tuple[str, float, tuple[str, ...], str], Hold] = {}
    rules = [rule for profile in profiles for rule in profile.rules.values()]
    for rule in rules:
        if rule.check != CHECK:
            continue
        ways, held_by = tuple(rule.settings["ways"]), rule.settings["held_by"]
        later = rule.settings.get("when_year_turns", 0)
        limit = thresholds.choose_limit(rule.settings["share"], later, phase)
        for load in thresholds.measure_loads(between, ways):
            is_expected = phase == "rollover" and load.name in OF_A_TERM
            hold = Hold(held_by, ways, limit, load, rule, is_expected)
            holds.setdefault((held_by, limit, ways, load.name), hold)
    return sorted(holds.values(), key=lambda hold: (not hold.trips, -hold.load.share / hold.limit))
