"""Outcomes made into a report: verdict, root causes, people, schools."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from validator import frame
from validator.engine import priorities, readiness
from validator.model import (
    Export,
    Level,
    Outcome,
    Places,
    Profile,
    Readiness,
    Report,
    RootCause,
    SchoolRow,
    Status,
    Verdict,
)

UNSETTLED = (Status.SKIPPED, Status.BROKEN)
NOBODY = (0,)


def build_report(
    export: Export,
    outcomes: Sequence[Outcome],
    profiles: Sequence[Profile],
    *,
    as_of: dt.date,
    version: str,
    district: str | None = None,
    generated_at: dt.datetime | None = None,
    concerned: Mapping[str, np.ndarray] | None = None,
) -> Report:
    """The report on these outcomes. `concerned`: bool masks of the rows that are, or should be, shared; default all."""
    outcomes = _folded(outcomes)
    verdicts = {
        profile.id: _of_a_part(_verdict(outcomes, profile.id), export) for profile in profiles
    }
    by_school = {
        outcome.rule.id: _by_school(export, outcome)
        for outcome in outcomes
        if outcome.status is Status.FOUND
    }
    held = readiness.held(export, outcomes, concerned or {})
    people = {name: readiness.of(held, name) for name in readiness.KINDS if name in export.tables}
    causes = _root_causes(outcomes)
    return Report(
        verdict=min(verdicts.values(), key=lambda verdict: verdict.rank),
        verdicts=verdicts,
        profiles=profiles,
        outcomes=outcomes,
        export=export,
        as_of=as_of,
        version=version,
        counts=_counts(export),
        readiness=people,
        root_causes=causes,
        schools=_schools(export, outcomes, by_school, people),
        by_school=by_school,
        generated_at=generated_at,
        district=district,
        errors=[
            f"{outcome.rule.id}: {outcome.reason}"
            for outcome in outcomes
            if outcome.status is Status.BROKEN
        ],
        priorities=priorities.rank(outcomes, causes, people),
    )


def _verdict(outcomes: Sequence[Outcome], profile: str) -> Verdict:
    """Not ready for any readable blocker, could not tell for an unreadable one or an open question, else ready."""
    blockers = [
        (outcome, outcome.statuses.get(profile, outcome.status))
        for outcome in outcomes
        if outcome.levels.get(profile) is Level.BLOCKER
    ]
    found = [outcome for outcome, status in blockers if status is Status.FOUND]
    if any(not outcome.rule.unreadable for outcome in found):
        return Verdict.NOT_READY
    if found or any(
        status in UNSETTLED and not outcome.explained_by for outcome, status in blockers
    ):
        return Verdict.COULD_NOT_TELL
    return Verdict.READY


def _of_a_part(verdict: Verdict, export: Export) -> Verdict:
    """The verdict, which is never READY on files that need not hold the whole roster."""
    return Verdict.COULD_NOT_TELL if export.partial and verdict is Verdict.READY else verdict


def _counts(export: Export) -> dict[str, int]:
    """Records per table, rows that could not be read whole included; people once each."""
    counts = {}
    for name in ("schools", "students", "teachers", "sections", "enrollments", "staff"):
        table = export.tables.get(name)
        if table is None:
            counts[name] = 0
        elif name in ("students", "teachers", "staff") and table.has(table.key):
            counts[name] = frame.group_people(table).count + len(table.unread)
        else:
            counts[name] = len(table) + len(table.unread)
    return counts


def _rows(block: Places) -> np.ndarray:
    """Row numbers of the places; none for places that are no rows of a table."""
    return block.rows if block.rows is not None else np.zeros(0, np.int32)


def _by_school(export: Export, outcome: Outcome) -> dict[str, int]:
    """Counted records per school id, as far as the places have a school."""
    counts: Counter[str] = Counter()
    for block in outcome.finding.places if outcome.finding else ():
        table = export.tables.get(block.table)
        if table is None or not table.has("School_id"):
            continue
        counted = block if block.counts is None else block.keep(block.counts)
        school = frame.encode(table, "School_id")
        times = np.bincount(school.codes[_rows(counted)], minlength=len(school.values))
        for at in np.flatnonzero(times):
            counts[school.values[int(at)].as_py()] += int(times[at])
    return dict(sorted(counts.items()))


def _schools(
    export: Export,
    outcomes: Sequence[Outcome],
    by_school: Mapping[str, Mapping[str, int]],
    people: Mapping[str, Readiness],
) -> list[SchoolRow]:
    """One row per school of the schools file, most blocked records first."""
    schools = export.tables.get("schools")
    if schools is None or not schools.has("School_id"):
        return []
    students, teachers, sections = (
        people[name].by_school if name in people else {} for name in readiness.KINDS
    )
    level = {outcome.rule.id: outcome.level for outcome in outcomes}
    totals: dict[Level, Counter[str]] = {one: Counter() for one in Level}
    for rule, counts in by_school.items():
        totals[level[rule]].update(counts)
    ids = frame.take_text(schools, "School_id", np.arange(len(schools)))
    names = frame.take_text(schools, "School_name", np.arange(len(schools)))
    rows = [
        SchoolRow(
            one,
            name,
            students.get(one, NOBODY)[0],
            teachers.get(one, NOBODY)[0],
            sections.get(one, NOBODY)[0],
            totals[Level.BLOCKER][one],
            totals[Level.WARNING][one],
            students.get(one, NOBODY)[-1],
        )
        for one, name in dict(zip(ids, names, strict=True)).items()
        if one
    ]
    return sorted(rows, key=lambda row: (-row.blockers, -row.warnings, row.school_id))


def _folded(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """The outcomes, those that are wholly a consequence of another finding marked with that rule."""
    found = {outcome.rule.id: outcome for outcome in outcomes if outcome.status is Status.FOUND}
    causes = {
        name: next((rule for rule, cause in found.items() if _explains(cause, outcome)), None)
        for name, outcome in found.items()
    }
    return [
        replace(outcome, explained_by=causes.get(outcome.rule.id) or outcome.explained_by)
        for outcome in outcomes
    ]


def _explains(cause: Outcome, outcome: Outcome) -> bool:
    """Whether a finding is wholly a consequence of another: by its nature and no worse, or all its places are."""
    if cause.rule.id in outcome.rule.follows:
        return cause.level.rank <= outcome.level.rank
    cells = cause.finding.cause.cells if cause.finding and cause.finding.cause else ()
    blocks = outcome.finding.places if outcome.finding else ()
    return (
        cause is not outcome
        and bool(blocks)
        and all((block.table, block.column) in cells for block in blocks)
    )


def _root_causes(outcomes: Sequence[Outcome]) -> list[RootCause]:
    """What explains most elsewhere, most first; consequences of another cause are not causes."""
    causes = []
    for outcome in outcomes:
        cause = (
            outcome.finding.cause if outcome.finding and outcome.status is Status.FOUND else None
        )
        if cause is not None and not outcome.explained_by:
            table = (
                outcome.finding.places[0].table
                if outcome.finding and outcome.finding.places
                else ""
            )
            causes.append(
                RootCause(
                    outcome.rule.id,
                    outcome.rule.title,
                    cause.explains,
                    outcome.rule.owner,
                    table,
                    cause.note,
                )
            )
    return sorted(causes, key=lambda cause: (-cause.explains, cause.rule))
