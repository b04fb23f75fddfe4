"""Reasons to stop in tonight's export itself: it is not ready, or not known to be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from validator.compare.guard.reasons import join_profiles
from validator.model import (
    Diagnosis,
    Level,
    Outcome,
    ProfileResult,
    Report,
    Status,
    StopReason,
    Verdict,
)

UNSETTLED = (Status.SKIPPED, Status.BROKEN)


def judge_readiness(report: Report) -> list[StopReason]:
    """Return the guard's reasons to stop where the export is not ready, or not known to be."""
    reasons: list[StopReason] = []
    for result in report.by_profile.values():
        own = [*_list_blockers(report, result), *_list_doubts(report, result)]
        reasons += [replace(reason, profile=result.profile.title) for reason in _merge(own)]
    return [*join_profiles(reasons), *_list_broken(report)]


def _merge(reasons: Sequence[StopReason]) -> list[StopReason]:
    """Return one reason for each subject, since the same damage can be in several files."""
    merged: dict[str, StopReason] = {}
    for reason in reasons:
        first = merged.setdefault(reason.key, reason)
        if first is not reason:
            people, records = max(first.people, reason.people), first.records + reason.records
            merged[reason.key] = replace(first, people=people, records=records)
    return list(merged.values())


def _list_blockers(report: Report, result: ProfileResult) -> Iterable[StopReason]:
    """Yield the guard's reasons to stop for what holds people back in one app."""
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
    """Build the guard's reason to stop from the finding of a blocker rule."""
    people = _count_held(outcome.rule.id, result)
    records = outcome.count - outcome.explained
    rule = outcome.rule
    return StopReason(
        "not-ready", rule.id, rule.title, people=people, records=records, fix=rule.fix
    )


def _build_diagnosed(diagnosis: Diagnosis, result: ProfileResult) -> StopReason:
    """Build the guard's reason to stop from a diagnosis."""
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
    """Count the students and teachers whom one reason of the guard's holds back in an app."""
    kinds = ("students", "teachers")
    tables = [result.readiness[kind] for kind in kinds if kind in result.readiness]
    return sum(table.by_rule.get(cause, 0) for table in tables)


def _list_doubts(report: Report, result: ProfileResult) -> Iterable[StopReason]:
    """Yield the guard's reasons to stop where tonight's export is not known to be ready."""
    if result.verdict is not Verdict.COULD_NOT_TELL:
        return
    code = "could-not-tell"
    for outcome in result.outcomes:
        if outcome.status is Status.FOUND and outcome.level is Level.BLOCKER:
            rule = outcome.rule
            yield StopReason(code, rule.id, rule.title, records=outcome.count, fix=rule.fix)
    if report.export.partial:
        yield StopReason(code, "partial", "The files may be only part of the roster")
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
    """Yield the guard's reasons to stop for rules that failed in tonight's check."""
    for outcome in report.outcomes:
        if outcome.status is Status.BROKEN:
            sentence = f"A rule failed, so this is not known: {outcome.rule.title}"
            fix = "Run rosterready check on this export with --debug and report the fault."
            yield StopReason("rule-broken", outcome.rule.id, sentence, fix=fix)
