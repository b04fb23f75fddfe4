"""The first screen: the answer, what to fix first, who can sign in, and what was read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from validator import wording
from validator.followup import history
from validator.followup.progress import describe_progress
from validator.model import (
    Diagnosis,
    Level,
    Outcome,
    Readiness,
    Report,
    SchoolRow,
    Status,
    Verdict,
    dataclass,
)
from validator.outputs import first_sync
from validator.outputs.html import funnel, places
from validator.outputs.html.diagnosed import list_diagnosed
from validator.outputs.html.school_filter import number_schools
from validator.outputs.html.special import MANY_CHANGES
from validator.outputs.priorities import Problem, list_to_fix, list_to_fix_for

FIRST = 5
FILES = 60
UNUSED = 8
SHORT = 180

ByKind = Mapping[str, Readiness]

VERDICTS = {
    Verdict.NOT_READY: "Not ready",
    Verdict.COULD_NOT_TELL: "Could not tell",
    Verdict.READY: "Ready",
}


@dataclass(frozen=True)
class Step:
    """One line of "Fix these first"."""

    rule: str
    title: str
    affected: str
    consequence: str
    owner: str
    level: str
    evidence: str = ""


@dataclass(frozen=True)
class AppView:
    """The part of the first screen on one app; `title` is "" where there is only one.

    state: its verdict.
    """

    id: str
    title: str
    answer: str
    state: str
    levels: Mapping[str, int]
    steps: Sequence[Step]
    bars: Sequence[funnel.Bar]
    synced: Sequence[funnel.Synced]


def build_view(report: Report, schools: Sequence[SchoolRow]) -> dict[str, Any]:
    """Return what the HTML page shows apart from the findings. `schools`: those to choose from."""
    files = report.export.files
    return {
        "answer": wording.describe_verdict(report),
        "answer_more": wording.explain_verdict(report),
        "verdict": report.verdict.value,
        "verdicts": [
            (
                profile.title,
                VERDICTS[report.verdicts[profile.id]],
                report.verdicts[profile.id].value,
            )
            for profile in report.profiles
            if profile.id in report.verdicts
        ],
        "apps": _list_apps(report),
        "levels": {level.value: count for level, count in report.levels().items()},
        "diagnoses": list_diagnosed(report, number_schools(schools)),
        "shared": funnel.has_sharing(report),
        "holds": _describe_holds(report),
        "files": [(file, _render_unused(file.columns_unused)) for file in files[:FILES]],
        "files_rest": max(0, len(files) - FILES),
        "packs": _list_packs(report),
        "checklist": _list_hand_checks(report),
        "first_sync": _list_first_sync(report),
        "newest": _render_dates(report),
        "percent": wording.format_percent,
        "progress": describe_progress(report),
        "since": history.describe_changes(report.history, report),
        "trend": funnel.draw_trend(report),
    }


def _list_first_sync(report: Report) -> list[tuple[Any, ...]]:
    """Render in the HTML report what the first sync would create in each app."""
    return [
        (
            app,
            first_sync.list_sentences(app),
            first_sync.list_headings(app),
            first_sync.list_rows(app),
            first_sync.describe_classes_per_teacher(app),
        )
        for app in report.first_sync
    ]


def _list_apps(report: Report) -> list[AppView]:
    """Return what the first screen says of each app; nothing is summed over apps."""
    if len(report.by_profile) < 2:
        steps = _list_steps(list_to_fix(report), report.readiness)
        app = wording.App("", report.verdict, report.levels())
        return [_view_app(report, app, "", steps=steps, readiness=report.readiness)]
    return [
        _view_app(
            report,
            wording.App(result.profile.title, result.verdict, result.levels),
            result.profile.id,
            steps=_list_steps(list_to_fix_for(report, result), result.readiness),
            readiness=result.readiness,
        )
        for result in report.by_profile.values()
    ]


def _view_app(
    report: Report, app: wording.App, name: str, *, steps: Sequence[Step], readiness: ByKind
) -> AppView:
    """Build the HTML report's answer for one app."""
    people = wording.describe_held(readiness) if app.verdict is Verdict.NOT_READY else ""
    answer = f"{wording.describe_verdicts([app])} " if app.title else ""
    return AppView(
        name,
        app.title,
        f"{answer}{people} would get no working account." if people else answer,
        app.verdict.value,
        {level.value: count for level, count in app.levels.items()},
        steps,
        funnel.draw_bars(report, readiness),
        funnel.list_synced(report, readiness),
    )


def _list_steps(problems: Sequence[Problem], readiness: ByKind) -> list[Step]:
    """List what the HTML report says to fix first: diagnoses, causes, blockers, else warnings."""
    to_fix = [problem for problem in problems if problem.level is not Level.ADVICE]
    urgent = [it for it in to_fix if it.level is Level.BLOCKER or isinstance(it, Diagnosis)]
    return [_build_first_step(problem, readiness) for problem in (urgent or to_fix)[:FIRST]]


def _build_first_step(problem: Problem, readiness: ByKind) -> Step:
    """Build the first of the HTML report's steps to fix."""
    if isinstance(problem, Diagnosis):
        return _build_diagnosis(problem)
    return _build_step(problem, readiness)


def _build_diagnosis(diagnosis: Diagnosis) -> Step:
    """Build a diagnosis as one of the HTML report's steps to fix."""
    text, people = diagnosis.text, diagnosis.people
    holds = f"Holds back {wording.format_count(people, 'people')}" if people else ""
    return Step(
        f"diagnosis-{diagnosis.id}",
        text.title,
        holds or wording.describe_damage(diagnosis),
        _cut_first_sentence(text.why),
        wording.OWNERS[text.owner],
        diagnosis.level.value,
        diagnosis.evidence,
    )


def _build_step(outcome: Outcome, readiness: ByKind) -> Step:
    """Build an entry of the HTML report's list of what to fix first."""
    blocked = _list_blocked(readiness, outcome.rule.id)
    same = any(state.by_rule.get(outcome.rule.id) == outcome.count for state in readiness.values())
    affected = (
        wording.format_share(outcome)
        if same or not blocked
        else f"Holds back {wording.join_words(blocked)}"
    )
    affected = affected or wording.describe_place(outcome)
    return Step(
        outcome.rule.id,
        wording.describe(outcome),
        affected,
        _shorten_consequence(outcome),
        wording.OWNERS[outcome.rule.owner],
        outcome.level.value,
    )


def _list_blocked(readiness: ByKind, rule: str) -> list[str]:
    """Render for the HTML report whom a rule holds back: `6 students`, `1 teacher`."""
    return [
        wording.format_count(state.by_rule[rule], kind)
        for kind, state in readiness.items()
        if kind in ("students", "teachers") and state.by_rule.get(rule)
    ]


def _shorten_consequence(outcome: Outcome) -> str:
    """Return why it matters: all of it if it is short, else its first sentence."""
    return _cut_first_sentence(outcome.rule.why)


def _cut_first_sentence(why: str) -> str:
    """Shorten a reason to its first sentence for the HTML report."""
    text = " ".join(why.split())
    return text if len(text) <= SHORT else text.split(". ")[0].rstrip(".") + "."


def _describe_holds(report: Report) -> tuple[bool, list[tuple[str, str]]]:
    """Return for the HTML report whether holds were checked, and which ones a sync would meet."""
    asked = [
        outcome
        for outcome in report.outcomes
        if outcome.rule.check == MANY_CHANGES
        and outcome.status in (Status.FOUND, Status.WAIVED, Status.PASSED)
    ]
    return bool(asked), [
        (outcome.rule.id, wording.describe(outcome))
        for outcome in asked
        if outcome.status is Status.FOUND
    ]


def _list_packs(report: Report) -> list[tuple[str, str]]:
    """List the packs of all profiles for the HTML report, each once, in order."""
    return list(
        dict.fromkeys(
            (name, version) for profile in report.profiles for name, version in profile.packs
        )
    )


def _list_hand_checks(report: Report) -> list[Any]:
    """List what the HTML report asks to check by hand."""
    return list(dict.fromkeys(item for profile in report.profiles for item in profile.checklist))


def _render_unused(columns: Sequence[str]) -> str:
    """Return the columns that nothing reads in a few words, for the HTML report."""
    if len(columns) > 1 and len(set(columns)) == 1:
        return f"{wording.format_count(len(columns), 'columns')} that the format does not have"
    rest = len(columns) - UNUSED
    named = ", ".join(places.shorten_text(column) for column in columns[:UNUSED])
    return named + (f" and {wording.format_number(rest)} more" if rest > 0 else "")


def _render_dates(report: Report) -> str:
    """Render for the HTML report when the files were written: one day, or first and last."""
    days = sorted({file.modified.date() for file in report.export.files if file.modified})
    return (
        " to ".join(wording.format_date(date) for date in dict.fromkeys((days[0], days[-1])))
        if days
        else ""
    )
