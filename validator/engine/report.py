"""From outcomes to a report: for each profile its verdict, numbers and list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from functools import partial

import numpy as np

from validator import frame
from validator.engine import applicability, obstacles, priorities, readiness, schools
from validator.model import (
    MIDYEAR,
    Diagnosis,
    Export,
    Gate,
    Level,
    Outcome,
    PastRun,
    Profile,
    ProfileResult,
    Readiness,
    Report,
    Routes,
    Status,
    Verdict,
    count_levels,
    dataclass,
)

UNSETTLED = (Status.SKIPPED, Status.BROKEN)
"""The question that the rule asks has no answer."""

KINDS = ("students", "teachers")
TABLES = ("schools", "students", "teachers", "sections", "enrollments", "staff")


@dataclass(frozen=True, kw_only=True)
class RunInfo:
    """Facts about a run, as the report states them."""

    as_of: dt.date
    version: str
    district: str | None = None
    generated_at: dt.datetime | None = None
    phase: str = MIDYEAR
    routes: Routes | None = None
    gate: Gate = field(default_factory=Gate)
    history: Sequence[PastRun] = ()


def build_report(
    export: Export,
    outcomes: Sequence[Outcome],
    profiles: Sequence[Profile],
    *,
    info: RunInfo,
    concerned: Mapping[str, np.ndarray] | None = None,
    diagnoses: Sequence[Diagnosis] = (),
) -> Report:
    """Return the report on these outcomes.

    `concerned`: per table, bool mask of the rows that are shared or should be; default all rows.
    `diagnoses`: what happened to the files; the outcomes have what they explain marked.
    """
    judge = partial(_judge_profile, export, outcomes, diagnoses, today=info.as_of)
    by_profile = {it.id: judge(profile=it, shared=concerned or {}) for it in profiles}
    marked = _mark_consequences(outcomes)
    outcomes = [replace(outcome, own={}) if outcome.own else outcome for outcome in marked]
    strictest = min(by_profile.values(), key=_rank_result)
    people = [result.readiness for result in by_profile.values()]
    diagnoses = [_count_people(export, each, people) for each in diagnoses]
    return Report(
        verdict=strictest.verdict,
        verdicts={profile: result.verdict for profile, result in by_profile.items()},
        profiles=profiles,
        outcomes=outcomes,
        export=export,
        counts=_count_records(export),
        readiness=strictest.readiness,
        by_profile=by_profile,
        schools=schools.list_rows(export, strictest),
        by_school=_count_by_school(export, outcomes),
        errors=_list_errors(outcomes),
        priorities=priorities.rank(outcomes, people, diagnoses=diagnoses),
        diagnoses=diagnoses,
        **vars(info),
    )


def _count_by_school(export: Export, outcomes: Sequence[Outcome]) -> dict[str, dict[str, int]]:
    """Count the records of each rule that found something, per school, for the report."""
    return {
        it.rule.id: schools.count_places(export, it.finding.places)
        for it in outcomes
        if it.status is Status.FOUND and it.finding is not None
    }


def _list_errors(outcomes: Sequence[Outcome]) -> list[str]:
    """List the rules that the engine could not run because their check failed, with reasons."""
    broken = [outcome for outcome in outcomes if outcome.status is Status.BROKEN]
    return [f"{outcome.rule.id}: {outcome.reason}" for outcome in broken]


def _judge_profile(
    export: Export,
    outcomes: Sequence[Outcome],
    diagnoses: Sequence[Diagnosis],
    *,
    profile: Profile,
    shared: Mapping[str, np.ndarray],
    today: dt.date,
) -> ProfileResult:
    """Return the verdict, the numbers and the list of one profile, from its own outcomes."""
    own = [outcome.own.get(profile.id, outcome) for outcome in outcomes if _has(outcome, profile)]
    mine = _mark_consequences(own)
    causes = [replace(each, level=each.level_for(profile.id)) for each in diagnoses]
    verdict = _decide_verdict(export, mine, causes)
    is_unknown = verdict is Verdict.COULD_NOT_TELL or export.partial or _is_missing_files(mine)
    unknown = obstacles.KINDS if is_unknown else _list_unknown(export, mine)
    people = readiness.count_all(
        export, mine, shared, today=today, diagnoses=causes, unknown=unknown
    )
    return ProfileResult(
        profile=profile,
        verdict=verdict,
        outcomes=mine,
        levels=count_levels(mine, [each.level for each in causes if each.sure]),
        readiness=people,
        priorities=priorities.rank(mine, [people], diagnoses=causes),
    )


def _count_people(
    export: Export, diagnosis: Diagnosis, readiness: Sequence[Mapping[str, Readiness]]
) -> Diagnosis:
    """Return the diagnosis with the people whom it holds back, as the first screen counts them,
    and with its places by school."""
    by_school = schools.count_places(export, diagnosis.places)
    people = priorities.count_people(diagnosis.id, readiness)
    if not people or diagnosis.level is not Level.BLOCKER:
        people = diagnosis.people
    return replace(diagnosis, people=people, by_school=by_school)


def _has(outcome: Outcome, profile: Profile) -> bool:
    """Whether a rule's outcome is one of a profile's, when its readiness is judged."""
    return profile.id in (outcome.own or outcome.levels)


def _rank_result(result: ProfileResult) -> tuple[int, int]:
    """Return the sort key of profiles: the worst verdict, then the most people held back."""
    people = sum(result.readiness[kind].blocked for kind in KINDS if kind in result.readiness)
    return result.verdict.rank, -people


def _decide_verdict(
    export: Export, outcomes: Sequence[Outcome], diagnoses: Sequence[Diagnosis]
) -> Verdict:
    """Judge one profile from the outcomes of its rules; never READY for part of a roster."""
    if any(each.sure and each.level is Level.BLOCKER for each in diagnoses):
        return Verdict.NOT_READY
    findings = [
        outcome
        for outcome in outcomes
        if outcome.level is Level.BLOCKER and outcome.status is Status.FOUND
    ]
    if any(not outcome.rule.unreadable for outcome in findings):
        return Verdict.NOT_READY
    if findings or _list_unsettled(export, outcomes) or export.partial:
        return Verdict.COULD_NOT_TELL
    return Verdict.READY


def _is_missing_files(outcomes: Sequence[Outcome]) -> bool:
    """Return whether the engine can call nobody ready, since something required could not be
    read."""
    return any(
        outcome.rule.unreadable
        and outcome.level is Level.BLOCKER
        and outcome.status is Status.FOUND
        for outcome in outcomes
    )


def _list_unsettled(export: Export, outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Return the blocker rules that were not run because something required is missing."""
    return [
        outcome
        for outcome in outcomes
        if outcome.level is Level.BLOCKER
        and outcome.status in UNSETTLED
        and not applicability.lacks_only_optional(outcome.rule, export)
    ]


def _list_unknown(export: Export, outcomes: Sequence[Outcome]) -> set[str]:
    """Return the kinds of records of which nobody can be called ready: a step was not checked."""
    unsettled = _list_unsettled(export, outcomes)
    return {
        kind
        for outcome in unsettled
        if outcome.rule.step
        for kind in [name for name in outcome.rule.reads if name in obstacles.KINDS][:1]
    }


def _count_records(export: Export) -> dict[str, int]:
    """Count for readiness the records per table, people once each, unreadable rows too."""
    counts = {}
    for name in TABLES:
        table = export.tables.get(name)
        if table is None:
            counts[name] = 0
            continue
        are_people = name in ("students", "teachers", "staff") and table.has(table.key)
        whole = frame.group_people(table).count if are_people else len(table)
        counts[name] = whole + len(table.unread)
    return counts


def _mark_consequences(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Set `explained_by` on each finding that follows wholly from another finding."""
    findings = {outcome.rule.id: outcome for outcome in outcomes if outcome.status is Status.FOUND}
    marked = []
    for outcome in outcomes:
        cause = None
        if outcome.status is Status.FOUND:
            cause = next(
                (name for name in findings if _is_explained(findings[name], outcome)), None
            )
        is_marked = outcome.explained_by == cause
        marked.append(outcome if is_marked else replace(outcome, explained_by=cause))
    return marked


def _is_explained(cause: Outcome, outcome: Outcome) -> bool:
    """Whether a rule's finding follows wholly from another's, which is at least as bad."""
    return cause.rule.id in outcome.rule.follows and cause.level.rank <= outcome.level.rank
