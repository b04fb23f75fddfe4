"""From outcomes to a report: verdict, root causes, people, schools."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from validator import frame
from validator.engine import priorities, readiness
from validator.model import (
    MIDYEAR,
    Diagnosis,
    Export,
    Gate,
    Level,
    Outcome,
    PastRun,
    Profile,
    Readiness,
    Report,
    RootCause,
    Routes,
    SchoolRow,
    Status,
    Verdict,
)

UNSETTLED = (Status.SKIPPED, Status.BROKEN)
"""The question that the rule asks has no answer."""

NO_PEOPLE = (0,)
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
    outcomes = _mark_consequences(outcomes)
    verdicts = {
        profile.id: _verdict(export, outcomes, diagnoses=diagnoses, profile=profile.id)
        for profile in profiles
    }
    findings = [outcome for outcome in outcomes if outcome.status is Status.FOUND]
    broken = [outcome for outcome in outcomes if outcome.status is Status.BROKEN]
    by_school = {outcome.rule.id: _count_by_school(export, outcome) for outcome in findings}
    people = readiness.count_all(export, outcomes, concerned or {})
    causes = _root_causes(findings)
    return Report(
        verdict=min(verdicts.values(), key=lambda verdict: verdict.rank),
        verdicts=verdicts,
        profiles=profiles,
        outcomes=outcomes,
        export=export,
        counts=_count_records(export),
        readiness=people,
        root_causes=causes,
        schools=_schools(export, outcomes, by_school=by_school, people=people),
        by_school=by_school,
        errors=[f"{outcome.rule.id}: {outcome.reason}" for outcome in broken],
        priorities=priorities.rank(outcomes, causes, people, diagnoses=diagnoses),
        diagnoses=diagnoses,
        **vars(info),
    )


def _verdict(
    export: Export, outcomes: Sequence[Outcome], *, diagnoses: Sequence[Diagnosis], profile: str
) -> Verdict:
    """Return the verdict for one profile; never READY for files that may be part of a roster."""
    if any(each.sure and each.level_for(profile) is Level.BLOCKER for each in diagnoses):
        return Verdict.NOT_READY
    blockers = [
        (outcome, outcome.statuses.get(profile, outcome.status))
        for outcome in outcomes
        if outcome.levels.get(profile) is Level.BLOCKER
    ]
    findings = [outcome for outcome, status in blockers if status is Status.FOUND]
    if any(not outcome.rule.unreadable for outcome in findings):
        return Verdict.NOT_READY
    unsettled = [
        outcome for outcome, status in blockers if status in UNSETTLED and not outcome.explained_by
    ]
    if findings or unsettled or export.partial:
        return Verdict.COULD_NOT_TELL
    return Verdict.READY


def _count_records(export: Export) -> dict[str, int]:
    """Return records per table, people once each; unreadable rows count as records."""
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


def _count_by_school(export: Export, outcome: Outcome) -> dict[str, int]:
    """Return counted records per school id, as far as the places have a school."""
    counts: Counter[str] = Counter()
    for block in outcome.finding.places if outcome.finding else ():
        table = export.tables.get(block.table)
        if table is None or block.rows is None or not table.has("School_id"):
            continue
        rows = block.rows if block.counts is None else block.rows[block.counts]
        school = frame.encode(table, "School_id")
        times = np.bincount(school.codes[rows], minlength=len(school.values))
        for code in np.flatnonzero(times):
            counts[school.values[int(code)].as_py()] += int(times[code])
    return dict(sorted(counts.items()))


def _schools(
    export: Export,
    outcomes: Sequence[Outcome],
    *,
    by_school: Mapping[str, Mapping[str, int]],
    people: Mapping[str, Readiness],
) -> list[SchoolRow]:
    """Return one row per school of the schools file, most blocked records first."""
    schools = export.tables.get("schools")
    if schools is None or not schools.has("School_id"):
        return []
    students, teachers, sections = (
        people[kind].by_school if kind in people else {} for kind in readiness.KINDS
    )
    levels = {outcome.rule.id: outcome.level for outcome in outcomes}
    totals: dict[Level, Counter[str]] = {level: Counter() for level in Level}
    for rule, counts in by_school.items():
        totals[levels[rule]].update(counts)
    every = np.arange(len(schools))
    ids = frame.take_text(schools, "School_id", every)
    names = frame.take_text(schools, "School_name", every)
    rows = [
        SchoolRow(
            school_id=school,
            name=name,
            students=students.get(school, NO_PEOPLE)[0],
            teachers=teachers.get(school, NO_PEOPLE)[0],
            sections=sections.get(school, NO_PEOPLE)[0],
            blockers=totals[Level.BLOCKER][school],
            warnings=totals[Level.WARNING][school],
            ready=students.get(school, NO_PEOPLE)[-1],
        )
        for school, name in dict(zip(ids, names, strict=True)).items()
        if school
    ]
    return sorted(rows, key=lambda row: (-row.blockers, -row.warnings, row.school_id))


def _mark_consequences(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Set `explained_by` on each finding that follows wholly from another finding."""
    findings = {outcome.rule.id: outcome for outcome in outcomes if outcome.status is Status.FOUND}
    marked = []
    for outcome in outcomes:
        cause = None
        if outcome.status is Status.FOUND:
            cause = next((name for name in findings if _explains(findings[name], outcome)), None)
        marked.append(replace(outcome, explained_by=cause or outcome.explained_by))
    return marked


def _explains(cause: Outcome, outcome: Outcome) -> bool:
    """Whether a finding follows wholly from another: its rule says so, or all its places do."""
    if cause.rule.id in outcome.rule.follows:
        return cause.level.rank <= outcome.level.rank
    if cause is outcome or cause.finding is None or cause.finding.cause is None:
        return False
    cells = cause.finding.cause.cells
    blocks = outcome.finding.places if outcome.finding else ()
    return bool(blocks) and all((block.table, block.column) in cells for block in blocks)


def _root_causes(findings: Sequence[Outcome]) -> list[RootCause]:
    """Return causes that do not follow from another, those that explain most first."""
    causes = []
    for outcome in findings:
        finding = outcome.finding
        if finding is None or finding.cause is None or outcome.explained_by:
            continue
        causes.append(
            RootCause(
                rule=outcome.rule.id,
                title=outcome.rule.title,
                explains=finding.cause.explains,
                owner=outcome.rule.owner,
                table=finding.places[0].table if finding.places else "",
                note=finding.cause.note,
            )
        )
    return sorted(causes, key=lambda cause: (-cause.explains, cause.rule))
