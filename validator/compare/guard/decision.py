"""Whether tonight's export may go: every reason that stops it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from validator.compare.explain import MAIL
from validator.compare.guard.differences import Difference
from validator.compare.guard.reasons import join_profiles
from validator.compare.guard.schools import SchoolNames, judge_schools
from validator.compare.guard.snapshot import Snapshot
from validator.compare.guard.words import count_records, describe_share, describe_way
from validator.compare.thresholds import OF_A_TERM, Load, choose_limit
from validator.model import (
    OFF,
    Level,
    Profile,
    Rule,
    StopReason,
    Tonight,
    dataclass,
)

WAYS = {"added": "new", "removed": "gone", "changed": "changed"}
"""What counts towards a hold -> what happened to the records."""

IDENTITY = {
    "changes.ids_reused": ("reused", tuple(MAIL)),
    "changes.ids_changed": ("new_ids", tuple(MAIL)),
    "changes.section_ids_reused": ("repurposed", ("sections",)),
}
"""Check of changes -> what it counts, in which kinds of records."""

ADDRESSES_REUSED = "address_changes.reused"
ADDRESSES_CHANGED = "address_changes.changed"
OF_COLUMN = {address: kind for kind, address in MAIL.items()}


@dataclass(frozen=True, eq=False)
class Comparison:
    """Both nights: their digests, and the differences of each kind of record."""

    old: Snapshot
    now: Snapshot
    differences: Mapping[str, Difference]


def judge_floors(now: Snapshot, tonight: Tonight) -> Iterable[StopReason]:
    """Return the kinds of records of which there are too few."""
    for kind, least in tonight.thresholds.floors.items():
        count = len(now.kinds[kind]) if kind in now.kinds else 0
        if count < least:
            yield StopReason(
                "floor",
                kind,
                f"The export has {count_records(count, kind)}, fewer than the {least:,} expected",
                people=least - count if kind in MAIL else 0,
                records=least - count,
                fix="Export again, and check that the export ran to the end.",
            )


def judge_changes(
    between: Comparison,
    tonight: Tonight,
    *,
    profiles: Sequence[Profile],
    names: SchoolNames,
    day: dt.date,
) -> list[StopReason]:
    """Return which changes since the last export let through are too large or unsafe."""
    return [
        *_list_dropped(between, tonight),
        *join_profiles(_judge_identity(between, tonight, profiles, day=day)),
        *join_profiles(_judge_holds(between, tonight, profiles, day=day)),
        *_judge_district(between, tonight),
        *judge_schools(between.differences, tonight, names),
    ]


def _list_dropped(between: Comparison, tonight: Tonight) -> Iterable[StopReason]:
    """Return the kinds of records that are gone completely."""
    for kind, old in between.old.kinds.items():
        now = between.now.kinds.get(kind)
        is_expected = tonight.phase == "rollover" and kind in OF_A_TERM
        if len(old) and not (now is not None and len(now)) and not is_expected:
            yield StopReason(
                "file-dropped",
                kind,
                f"All {len(old):,} {kind} of the last export are gone",
                people=len(old) if kind in MAIL else 0,
                records=len(old),
                fix="Put the file back in the export, or export again.",
            )


def _list_rules(
    profiles: Sequence[Profile], phase: str, day: dt.date
) -> Iterable[tuple[Profile, Rule]]:
    """List the rules by which the guard's comparison can stop an export: unwaived blockers."""
    for profile in profiles:
        waived = {
            waiver.rule
            for waiver in profile.waivers
            if not waiver.keys and (waiver.until is None or waiver.until >= day)
        }
        for rule in profile.rules.values():
            level = rule.phases.get(phase, rule.level)
            if level != OFF and Level(level) is Level.BLOCKER and rule.id not in waived:
                yield profile, rule


def _judge_identity(
    between: Comparison, tonight: Tonight, profiles: Sequence[Profile], *, day: dt.date
) -> Iterable[StopReason]:
    """Return the people who would get somebody else's account, by the rules of each app."""
    for profile, rule in _list_rules(profiles, tonight.phase, day):
        way, kinds = IDENTITY.get(rule.check, ("", ()))
        if rule.check in (ADDRESSES_REUSED, ADDRESSES_CHANGED):
            way = "freed" if rule.check == ADDRESSES_REUSED else "new_addresses"
            kinds = (OF_COLUMN[rule.settings["column"]],)
        touched = [between.differences[kind] for kind in kinds if kind in between.differences]
        count = sum(len(getattr(difference, way)) for difference in touched)
        if count:
            are_people = any(difference.name in MAIL for difference in touched)
            yield StopReason(
                "identity",
                rule.id,
                rule.title,
                people=count if are_people else 0,
                records=count,
                profile=profile.title,
                fix=rule.fix,
            )


def _judge_holds(
    between: Comparison, tonight: Tonight, profiles: Sequence[Profile], *, day: dt.date
) -> Iterable[StopReason]:
    """Return the guard's reasons to stop: thresholds of Clever and apps that changes would pass."""
    for profile, rule in _list_rules(profiles, tonight.phase, day):
        if rule.check != "changes.many":
            continue
        later = rule.settings.get("when_year_turns", 0)
        limit = choose_limit(rule.settings["share"], later, tonight.phase)
        for load in measure_loads(between, rule.settings["ways"]):
            is_expected = tonight.phase == "rollover" and load.name in OF_A_TERM
            if load.share > limit and not is_expected:
                ways = [WAYS[way] for way in rule.settings["ways"]]
                words = describe_way(ways, load.name, load.touched)
                holder = rule.settings["held_by"]
                yield StopReason(
                    "hold",
                    f"{rule.id}.{load.name}",
                    f"{words} ({describe_share(load, limit)}): {holder} would hold the sync",
                    people=load.touched if load.name in MAIL else 0,
                    records=load.touched,
                    profile=profile.title,
                    fix=rule.fix,
                )


def measure_loads(between: Comparison, ways: Sequence[str]) -> list[Load]:
    """Count the touched records of each kind that the last export let through had.

    `ways`: which records count, of `added`, `removed` and `changed`.
    """
    loads = []
    for kind, old in between.old.kinds.items():
        difference = between.differences.get(kind)
        if difference is None:
            touched = len(old) if "removed" in ways else 0
        else:
            touched = sum(len(getattr(difference, WAYS[way])) for way in ways)
        loads.append(Load(kind, touched, len(old)))
    return [load for load in loads if load.of]


def _judge_district(between: Comparison, tonight: Tonight) -> Iterable[StopReason]:
    """Return the guard's reasons to stop: shares over the district's thresholds."""
    for kind, shares in tonight.thresholds.district.items():
        difference = between.differences.get(kind)
        if difference is None or not len(difference.old):
            continue
        for way, limit in shares.items():
            load = Load(kind, len(getattr(difference, way)), len(difference.old))
            few = 0 if kind == "schools" else tonight.few
            if load.touched > few and load.share > limit:
                words = describe_way([way], kind, load.touched)
                yield StopReason(
                    "threshold",
                    f"district.{kind}.{way}",
                    f"{words} ({describe_share(load, limit)})",
                    people=load.touched if kind in MAIL else 0,
                    records=load.touched,
                    fix="Check that this change is intended, and let the export through, or "
                    "export again.",
                )
