"""The answer on one district of many: verdicts, people held back, what to fix first, rules."""

from __future__ import annotations

from validator import wording
from validator.model import Diagnosis, Level, Outcome, ProfileResult, Readiness, Status, Verdict
from validator.outputs.priorities import list_to_fix
from validator.portfolio.district import ASSESSED, Job, Row, build_row
from validator.privacy.masking import MaskedReport
from validator.privacy.small_groups import has_hidden_count

PEOPLE = ("students", "teachers")

_LISTED = (Status.FOUND, Status.BROKEN, Status.SKIPPED)


def summarize(job: Job, report: MaskedReport) -> Row:
    """Return the row of one of many districts."""
    apps = [_summarize_app(result) for result in report.by_profile.values()]
    known = [app["held"] for app in apps if app["held"]]
    return {
        **build_row(job, ASSESSED, report.verdict),
        "format": report.export.format,
        "profiles": {profile: verdict.value for profile, verdict in report.verdicts.items()},
        "apps": apps,
        "held": max(known, key=lambda it: int(it["people"]), default=None),
        "first": _find_first_fix(report),
        "levels": {level.value: count for level, count in report.levels().items()},
        "counts": dict(report.counts),
        "readiness": {
            kind: _summarize_readiness(state) for kind, state in report.readiness.items()
        },
        "diagnoses": [_summarize_diagnosis(it) for it in report.diagnoses],
        "rules": _summarize_rules(report),
        "errors": list(report.errors),
    }


def _summarize_readiness(state: Readiness) -> Row:
    """Return the readiness of one kind of people in a district of the portfolio."""
    return {name: getattr(state, name) for name in ("total", "ready", "blocked", "unknown")}


def _summarize_rules(report: MaskedReport) -> list[Row]:
    """Return the rules found, skipped or broken in one district of the portfolio."""
    return [
        {
            "rule": outcome.rule.id,
            "title": outcome.rule.title,
            "status": outcome.status.value,
            "level": outcome.level.value,
            "owner": outcome.rule.owner.value,
            "unreadable": outcome.rule.unreadable,
            "count": None
            if outcome.finding is None or has_hidden_count(outcome.finding)
            else outcome.count,
            "reason": outcome.reason,
        }
        for outcome in map(Outcome.drop_explained, report.outcomes)
        if outcome.status in _LISTED and outcome.level is not Level.FACT
    ]


def _summarize_app(result: ProfileResult) -> Row:
    """Return an app's verdict in one district of the portfolio, and the people held back."""
    return {
        "id": result.profile.id,
        "title": result.profile.title,
        "verdict": result.verdict.value,
        "held": _count_held_back(result),
    }


def _count_held_back(result: ProfileResult) -> Row | None:
    """Return how many people one district of the portfolio holds back; None if not known.

    `everybody`: whether no student, or no teacher, is ready.
    """
    people = [result.readiness[kind] for kind in PEOPLE if kind in result.readiness]
    total = sum(state.total for state in people)
    if result.verdict is Verdict.COULD_NOT_TELL or not total:
        return None
    return {
        "people": total - sum(state.ready for state in people),
        "of": total,
        "everybody": any(state.total and not state.ready for state in people),
    }


def _find_first_fix(report: MaskedReport) -> Row | None:
    """Return what a district must fix first, and who fixes it; None for nothing."""
    for problem in list_to_fix(report):
        if isinstance(problem, Diagnosis):
            name, owner, says = problem.id, problem.text.owner, wording.describe_diagnosis(problem)
        else:
            name, owner, says = problem.rule.id, problem.rule.owner, wording.describe(problem)
        return {
            "id": name,
            "says": says.rstrip("."),
            "level": problem.level.value,
            "owner": owner.value,
        }
    return None


def _summarize_diagnosis(diagnosis: Diagnosis) -> Row:
    """Return a diagnosis of one district as the portfolio's overview shows it."""
    return {
        "id": diagnosis.id,
        "title": diagnosis.text.title,
        "level": diagnosis.level.value,
        "owner": diagnosis.text.owner.value,
        "file": diagnosis.file,
        "column": diagnosis.column,
        "records": diagnosis.records,
        "people": diagnosis.people,
        "evidence": diagnosis.evidence,
        "sure": diagnosis.sure,
    }
