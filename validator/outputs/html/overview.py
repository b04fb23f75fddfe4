"""The first screen: the answer, what to fix first, who can sign in, and what was read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from validator import wording
from validator.followup import history
from validator.model import Level, Outcome, Readiness, Report, RootCause, Status, Verdict
from validator.outputs.html import places
from validator.outputs.priorities import list_to_fix

FIRST = 5
FILES = 60
UNUSED = 8
TREND = 30
"""Runs that the small line shows."""
SHORT = 180
CO_TAUGHT, MANY_CHANGES = "teachers.several", "changes.many"
"""Checks whose findings the first screen tells about."""

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
    linked: bool
    cause: str = ""


@dataclass(frozen=True)
class Fall:
    """One step of the waterfall: how many are left, how many were lost at it, and both in percent for the drawing."""

    step: str
    left: int
    lost: int
    left_part: float
    lost_part: float


@dataclass(frozen=True)
class Bar:
    """How many of one kind are ready, held back or unknown, step by step, and by what they are held back."""

    kind: str
    state: Readiness
    falls: Sequence[Fall]
    held_by: Sequence[tuple[str, str, int]]


@dataclass(frozen=True)
class Synced:
    """One kind of record as the next sync would find it; None: not judged, or not known. `part`: of the kind before."""

    kind: str
    count: int
    before: int | None = None
    state: Readiness | None = None
    part: bool = False


def view(report: Report) -> dict[str, Any]:
    """What the template needs for everything but the findings themselves."""
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
        "steps": first(report),
        "levels": {level.value: count for level, count in report.levels().items()},
        "bars": [
            _bar(report, kind, state)
            for kind, state in report.readiness.items()
            if state.total and kind in ("students", "teachers")
        ],
        "synced": _synced(report),
        "shared": _shared(report),
        "holds": _holds(report),
        "files": [(file, _unused(file.columns_unused)) for file in files[:FILES]],
        "files_rest": max(0, len(files) - FILES),
        "packs": _packs(report),
        "checklist": _checklist(report),
        "newest": _dates(report),
        "percent": wording.format_percent,
        "since": history.sentence(report.history, report),
        "trend": _trend(report),
    }


def first(report: Report) -> list[Step]:
    """Return what to do first: root causes and blockers; without any, warnings."""
    causes = {cause.rule: cause for cause in report.root_causes}
    to_fix = [outcome for outcome in list_to_fix(report) if outcome.level is not Level.ADVICE]
    urgent = [
        outcome for outcome in to_fix if outcome.level is Level.BLOCKER or outcome.rule.id in causes
    ]
    return [
        _cause(report, causes[outcome.rule.id], outcome)
        if outcome.rule.id in causes
        else _step(report, outcome)
        for outcome in (urgent or to_fix)[:FIRST]
    ]


def _cause(report: Report, cause: RootCause, outcome: Outcome) -> Step:
    held = _held(report, cause.rule)
    affected = f"Holds back {wording.join_words(held)}" if held else ""
    note = f" ({cause.note})" if cause.note else ""
    return Step(
        cause.rule,
        cause.title,
        affected,
        _consequence(outcome),
        wording.OWNERS[cause.owner],
        outcome.level.value,
        True,
        f"{wording.format_count(cause.explains, 'records')} go back to this{note}.",
    )


def _step(report: Report, outcome: Outcome) -> Step:
    held = _held(report, outcome.rule.id, ("students", "teachers"))
    same = any(
        state.by_rule.get(outcome.rule.id) == outcome.count for state in report.readiness.values()
    )
    affected = (
        wording.format_share(outcome)
        if same or not held
        else f"Holds back {wording.join_words(held)}"
    )
    affected = affected or wording.describe_place(outcome)
    return Step(
        outcome.rule.id,
        wording.describe(outcome),
        affected,
        _consequence(outcome),
        wording.OWNERS[outcome.rule.owner],
        outcome.level.value,
        True,
    )


def _held(
    report: Report, rule: str, kinds: Sequence[str] = ("students", "teachers", "sections")
) -> list[str]:
    """Whom a rule holds back: `6 students`, `1 teacher`."""
    return [
        wording.format_count(state.by_rule[rule], kind)
        for kind, state in report.readiness.items()
        if kind in kinds and state.by_rule.get(rule)
    ]


def _consequence(outcome: Outcome) -> str:
    """Why it matters: all of it if it is short, else its first sentence."""
    text = " ".join(outcome.rule.why.split())
    return text if len(text) <= SHORT else text.split(". ")[0].rstrip(".") + "."


def _bar(report: Report, kind: str, state: Readiness) -> Bar:
    titles = {outcome.rule.id: outcome.rule.title for outcome in report.outcomes}
    held = sorted(
        ((rule, count) for rule, count in state.by_rule.items() if count),
        key=lambda by: (-by[1], by[0]),
    )
    known = state.total - state.unknown
    steps = state.steps or (("in the file", state.total), ("ready", state.ready))
    return Bar(
        kind,
        state,
        _falls(steps, max(state.total, steps[0][1])) if known else (),
        [(rule, titles.get(rule, rule), count) for rule, count in held[:6]],
    )


def _falls(steps: Sequence[tuple[str, int]], total: int) -> list[Fall]:
    falls, before = [], total
    for step, left in steps:
        lost = before - left
        part = max(1.5, round(100 * lost / total, 1)) if lost else 0.0  # never too thin to be seen
        falls.append(
            Fall(
                {"in the file": "are in the file", "ready": "are ready"}.get(step, step),
                left,
                lost,
                min(round(100 * left / total, 1), 100 - part),
                part,
            )
        )
        before = left
    return falls


def _synced(report: Report) -> list[Synced]:
    """What the files bring, kind by kind, beside the last run for the same apps."""
    past = history.last(report.history, report)
    co_taught = next(
        (
            outcome.count
            for outcome in report.outcomes
            if outcome.rule.check == CO_TAUGHT and outcome.status is Status.FOUND
        ),
        0,
    )
    rows = []
    for kind, count in report.counts.items():
        state = report.readiness.get(kind)
        once = (
            state.total if state and not _shared(report) else count
        )  # what stands on several rows counts once
        if once:
            rows.append(Synced(kind, once, past.counts.get(kind) if past else None, state))
        if kind == "sections" and co_taught:
            rows.append(Synced("co-taught", co_taught, part=True))
    return rows


def _shared(report: Report) -> bool:
    """Whether only a part of the people is, or should be, shared."""
    return any(
        step.startswith("are shared")
        for state in report.readiness.values()
        for step, _ in state.steps
    )


def _holds(report: Report) -> tuple[bool, list[tuple[str, str]]]:
    """Whether thresholds that hold a sync were looked at, and the rules that say one would be passed."""
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


def _trend(report: Report) -> str:
    """The points of a small line: how many findings the runs so far had, the newest at the right; "" for one run."""
    counts = [len(past.findings) for past in report.history][-TREND:] + [
        len(history.entry(report).findings)
    ]
    if len(counts) < 3:
        return ""
    across, down = 116 / (len(counts) - 1), 20 / max(*counts, 1)
    return " ".join(
        f"{2 + across * at:.1f},{22 - down * count:.1f}" for at, count in enumerate(counts)
    )


def _packs(report: Report) -> list[tuple[str, str]]:
    """Packs of all profiles, each once, in order."""
    return list(
        dict.fromkeys(
            (name, version) for profile in report.profiles for name, version in profile.packs
        )
    )


def _checklist(report: Report) -> list[Any]:
    return list(dict.fromkeys(item for profile in report.profiles for item in profile.checklist))


def _unused(columns: Sequence[str]) -> str:
    """Columns that nothing reads, in a few words."""
    if len(columns) > 1 and len(set(columns)) == 1:
        return f"{wording.format_count(len(columns), 'columns')} that the format does not have"
    rest = len(columns) - UNUSED
    named = ", ".join(places.short(column) for column in columns[:UNUSED])
    return named + (f" and {wording.format_number(rest)} more" if rest > 0 else "")


def _dates(report: Report) -> str:
    """When the files were written: one day, or the first and last."""
    days = sorted({file.modified.date() for file in report.export.files if file.modified})
    return (
        " to ".join(wording.format_date(date) for date in dict.fromkeys((days[0], days[-1])))
        if days
        else ""
    )
