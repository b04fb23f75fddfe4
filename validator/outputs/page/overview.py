"""The first screen: the answer, what to fix first, who can sign in, and what was read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from validator import history, privacy, words
from validator.model import Level, Outcome, Readiness, Report, RootCause, Status, Verdict

FIRST = 5
FILES = 60
UNUSED = 12
TREND = 30
"""Runs that the small line shows."""
SHORT = 180
VERDICTS = {Verdict.NOT_READY: "Not ready", Verdict.COULD_NOT_TELL: "Could not tell", Verdict.READY: "Ready"}


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


@dataclass(frozen=True)
class Bar:
    """How many of one kind are ready, held back or unknown, with their shares in percent for the drawing."""

    kind: str
    state: Readiness
    ready: float
    blocked: float
    unknown: float
    held_by: Sequence[tuple[str, str, int, float]]


def view(report: Report, full: bool) -> dict[str, Any]:
    """What the template needs for everything but the findings themselves."""
    files = report.export.files
    return {
        "answer": words.verdict(report), "answer_more": words.verdict_detail(report), "verdict": report.verdict.value,
        "verdicts": [(profile.title, VERDICTS[report.verdicts[profile.id]], report.verdicts[profile.id].value)
                     for profile in report.profiles if profile.id in report.verdicts],
        "steps": first(report), "levels": {level.value: count for level, count in report.levels().items()},
        "bars": [_bar(report, kind, state) for kind, state in report.readiness.items() if state.total],
        "files": [(file, _unused(privacy.unused(report, file, full))) for file in files[:FILES]],
        "files_rest": max(0, len(files) - FILES),
        "packs": _packs(report), "checklist": _checklist(report), "newest": _dates(report),
        "percent": words.percent, "since": history.sentence(report.history, report), "trend": _trend(report),
    }


def first(report: Report) -> list[Step]:
    """What to do first: root causes, then blockers by the people they hold back; without any, the largest warnings."""
    found = {outcome.rule.id: outcome for outcome in report.outcomes if outcome.status is Status.FOUND}
    causes = [_cause(cause, found.get(cause.rule)) for cause in report.root_causes[:FIRST]]
    named = {cause.rule for cause in report.root_causes}
    rest = [outcome for outcome in found.values() if outcome.rule.id not in named and outcome.explained_by not in named]
    worst = Level.BLOCKER if causes or any(o.level is Level.BLOCKER for o in rest) else Level.WARNING
    ordered = sorted((outcome for outcome in rest if outcome.level is worst),
                     key=lambda outcome: (not outcome.rule.unreadable, -_people(report, outcome)))
    return (causes + [_step(report, outcome) for outcome in ordered])[:FIRST]


def _cause(cause: RootCause, outcome: Outcome | None) -> Step:
    affected = f"Explains {words.counted(cause.explains, 'other records')}{f' ({cause.note})' if cause.note else ''}"
    return Step(cause.rule, cause.title, affected, _consequence(outcome), words.OWNERS[cause.owner],
                (outcome.level if outcome else Level.BLOCKER).value, outcome is not None)


def _step(report: Report, outcome: Outcome) -> Step:
    held = [words.counted(state.by_rule[outcome.rule.id], kind) for kind, state in report.readiness.items()
            if kind in ("students", "teachers") and state.by_rule.get(outcome.rule.id)]
    same = any(state.by_rule.get(outcome.rule.id) == outcome.count for state in report.readiness.values())
    affected = words.share(outcome) if same or not held else f"Holds back {words.joined(held)}"
    affected = affected or words.where(outcome)
    return Step(outcome.rule.id, words.sentence(outcome), affected, _consequence(outcome),
                words.OWNERS[outcome.rule.owner], outcome.level.value, True)


def _people(report: Report, outcome: Outcome) -> int:
    held = sum(state.by_rule.get(outcome.rule.id, 0) for kind, state in report.readiness.items() if kind != "sections")
    return held or outcome.count


def _consequence(outcome: Outcome | None) -> str:
    """Why it matters: all of it if it is short, else its first sentence."""
    text = " ".join(outcome.rule.why.split()) if outcome else ""
    return text if len(text) <= SHORT else text.split(". ")[0].rstrip(".") + "."


def _bar(report: Report, kind: str, state: Readiness) -> Bar:
    sentences = {outcome.rule.id: outcome.rule.title for outcome in report.outcomes}
    held = sorted(((rule, count) for rule, count in state.by_rule.items() if count), key=lambda by: (-by[1], by[0]))

    def part(count: int) -> float:
        """A share to draw: whole, but never too thin to be seen."""
        return max(0.6, round(100 * count / state.total, 1)) if count else 0.0

    blocked, unknown = part(state.blocked), part(state.unknown)
    return Bar(kind, state, round(max(0.0, 100 - blocked - unknown), 1), blocked, unknown,
               [(rule, sentences.get(rule, rule), count, part(count)) for rule, count in held[:6]])


def _trend(report: Report) -> str:
    """The points of a small line: how many findings the runs so far had, the newest at the right; "" for one run."""
    counts = [len(past.findings) for past in report.history][-TREND:] + [len(history.entry(report).findings)]
    if len(counts) < 3:
        return ""
    across, down = 116 / (len(counts) - 1), 20 / max(*counts, 1)
    return " ".join(f"{2 + across * at:.1f},{22 - down * count:.1f}" for at, count in enumerate(counts))


def _packs(report: Report) -> list[tuple[str, str]]:
    """Packs of all profiles, each once, in order."""
    return list(dict.fromkeys((name, version) for profile in report.profiles for name, version in profile.packs))


def _checklist(report: Report) -> list[Any]:
    return list(dict.fromkeys(item for profile in report.profiles for item in profile.checklist))


def _unused(columns: Sequence[str]) -> str:
    """Columns that nothing reads, in a few words."""
    if len(columns) > 1 and len(set(columns)) == 1:
        return f"{words.counted(len(columns), 'columns')} that the format does not have"
    rest = len(columns) - UNUSED
    return ", ".join(columns[:UNUSED]) + (f" and {words.number(rest)} more" if rest > 0 else "")


def _dates(report: Report) -> str:
    """When the files were written: one day, or the first and last."""
    days = sorted({file.modified.date() for file in report.export.files if file.modified})
    return " to ".join(words.day(date) for date in dict.fromkeys((days[0], days[-1]))) if days else ""

