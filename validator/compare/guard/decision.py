"""Whether tonight's export may go: every reason that stops it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from validator.compare.explain import MAIL
from validator.compare.guard.differences import Difference
from validator.compare.guard.schools import SchoolNames, judge_schools
from validator.compare.guard.snapshot import Snapshot
from validator.compare.guard.words import describe_share, describe_way
from validator.compare.thresholds import OF_A_TERM, Load, choose_limit
from validator.model import (
    OFF,
    Diagnosis,
    Level,
    Outcome,
    Profile,
    ProfileResult,
    Report,
    Rule,
    Status,
    StopReason,
    Tonight,
    Verdict,
)

UNSETTLED = (Status.SKIPPED, Status.BROKEN)

WAYS = {"added": "new", "removed": "gone", "changed": "changed"}
"""What counts towards a hold -> what happened to the records."""

IDENTITY = {
    "changes.ids_reused": ("reused", tuple(MAIL)),
    "changes.ids_changed": ("new_ids", tuple(MAIL)),
    "changes.section_ids_reused": ("repurposed", ("sections",)),
}
"""Check of changes -> what it counts, in which kinds of records."""

ADDRESSES_REUSED = "changes.addresses_reused"
ADDRESSES_CHANGED = "address_changes.changed"
OF_COLUMN = {address: kind for kind, address in MAIL.items()}


@dataclass(frozen=True, eq=False)
class Comparison:
    """Both nights: their digests, and the differences of each kind of record."""

    old: Snapshot
    now: Snapshot
    differences: Mapping[str, Difference]


def judge_readiness(report: Report) -> list[StopReason]:
    """Return why the export is not ready for each app, or why nobody could tell."""
    reasons: dict[tuple[str, str, int], StopReason] = {}
    for result in report.by_profile.values():
        title = result.profile.title
        for reason in [*_list_blockers(report, result), *_list_doubts(report, result)]:
            same = (reason.code, reason.subject, reason.people)
            if same in reasons:
                title_before = reasons[same].profile
                reasons[same] = replace(reasons[same], profile=f"{title_before}, {title}")
            else:
                reasons[same] = replace(reason, profile=title)
    return [*reasons.values(), *_list_broken(report)]


def _list_blockers(report: Report, result: ProfileResult) -> Iterable[StopReason]:
    """Return what holds people back in one app."""
    if result.verdict is not Verdict.NOT_READY:
        return
    findings = {
        outcome.rule.id: outcome
        for outcome in result.outcomes
        if outcome.status is Status.FOUND and outcome.level is Level.BLOCKER
    }
    for outcome in findings.values():
        if outcome.explained_by not in findings:
            yield _build_blocker(outcome, result)
    for diagnosis in report.diagnoses:
        if diagnosis.sure and diagnosis.level_for(result.profile.id) is Level.BLOCKER:
            yield _build_diagnosed(diagnosis, result)


def _build_blocker(outcome: Outcome, result: ProfileResult) -> StopReason:
    people = _count_held(outcome.rule.id, result)
    records = outcome.count - outcome.explained
    rule = outcome.rule
    return StopReason(
        "not-ready", rule.id, rule.title, people=people, records=records, fix=rule.fix
    )


def _build_diagnosed(diagnosis: Diagnosis, result: ProfileResult) -> StopReason:
    people = max(_count_held(diagnosis.id, result), diagnosis.people)
    text = diagnosis.text
    return StopReason(
        "not-ready",
        text.id,
        text.title.rstrip("."),
        people=people,
        records=diagnosis.records,
        fix=text.fix,
    )


def _count_held(cause: str, result: ProfileResult) -> int:
    """Return how many students and teachers a rule or diagnosis holds back."""
    kinds = ("students", "teachers")
    tables = [result.readiness[kind] for kind in kinds if kind in result.readiness]
    return sum(table.by_rule.get(cause, 0) for table in tables)


def _list_doubts(report: Report, result: ProfileResult) -> Iterable[StopReason]:
    """Return why nobody could tell whether the export is ready for one app."""
    if result.verdict is not Verdict.COULD_NOT_TELL:
        return
    code = "could-not-tell"
    for outcome in result.outcomes:
        if outcome.status is Status.FOUND and outcome.level is Level.BLOCKER:
            rule = outcome.rule
            yield StopReason(code, rule.id, rule.title, records=outcome.count, fix=rule.fix)
    if report.export.partial:
        yield StopReason(code, "partial", "The files may be only a part of the roster")
    unsettled = [
        outcome
        for outcome in result.outcomes
        if outcome.status in UNSETTLED and outcome.level is Level.BLOCKER
    ]
    if unsettled:
        count = len(unsettled)
        are = "1 blocking rule was" if count == 1 else f"{count} blocking rules were"
        yield StopReason(code, "not-checked", f"{are} not checked", records=count)


def _list_broken(report: Report) -> Iterable[StopReason]:
    """Return the rules that failed; nobody knows what they would have found."""
    for outcome in report.outcomes:
        if outcome.status is Status.BROKEN:
            sentence = f"A rule failed, so nobody knows: {outcome.rule.title}"
            fix = "Run rosterready check on this export with --debug and report the fault."
            yield StopReason("rule-broken", outcome.rule.id, sentence, fix=fix)


def judge_floors(now: Snapshot, tonight: Tonight) -> Iterable[StopReason]:
    """Return the kinds of records of which there are too few."""
    for kind, least in tonight.thresholds.floors.items():
        count = len(now.kinds[kind]) if kind in now.kinds else 0
        if count < least:
            yield StopReason(
                "floor",
                kind,
                f"{count:,} {kind} are in the export, and at least {least:,} are expected",
                people=least - count if kind in MAIL else 0,
                records=least - count,
                fix="Export again, and check that the export ran to its end.",
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
        *_judge_identity(between, tonight, profiles, day=day),
        *_judge_holds(between, tonight, profiles, day=day),
        *_judge_district(between, tonight),
        *judge_schools(between.differences, tonight, names),
    ]


def _list_dropped(between: Comparison, tonight: Tonight) -> Iterable[StopReason]:
    """Return the kinds of records that are gone altogether."""
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
    """Return the rules that are blockers in this phase and not waived as a whole."""
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
    """Return the thresholds of Clever and of the apps that the changes would pass."""
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
    """Return the shares of all records of a kind that are over the district's thresholds."""
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
