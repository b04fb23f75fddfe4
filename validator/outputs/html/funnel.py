"""How many are ready, step by step, and what would sync, compared with the last run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from validator.followup import history
from validator.model import Readiness, Report, Status, Step, dataclass
from validator.outputs.html.special import CO_TAUGHT

TREND = 30
"""Runs that the small line shows."""

RULES = 6
"""Rules named next to a bar."""

THINNEST = 1.5
"""Percent; a loss is never drawn thinner, so that it can be seen."""

PHRASES = {Step.IN_FILE: "are in the file", Step.READY: "are ready"}
"""Words of a step in a sentence, where they differ from its name."""

ByKind = Mapping[str, Readiness]


@dataclass(frozen=True)
class Fall:
    """One step of the waterfall: how many are left, how many were lost, and both in percent."""

    step: str
    left: int
    lost: int
    left_part: float
    lost_part: float


@dataclass(frozen=True)
class Bar:
    """How many of one kind are ready, step by step, and the rules that hold others back."""

    kind: str
    state: Readiness
    falls: Sequence[Fall]
    held_by: Sequence[tuple[str, str, int]]


@dataclass(frozen=True)
class Synced:
    """One kind of record as the next sync would see it.

    `before`: in the last run, None where unknown. `state`: None where it was not judged. `part`:
    whether it is a part of the kind above.
    """

    kind: str
    count: int
    before: int | None = None
    state: Readiness | None = None
    part: bool = False


def draw_bars(report: Report, readiness: ByKind) -> list[Bar]:
    """Return the bars of students and teachers on the HTML page for one app."""
    return [
        _draw_bar(report, kind, state)
        for kind, state in readiness.items()
        if state.total and kind in ("students", "teachers")
    ]


def _draw_bar(report: Report, kind: str, state: Readiness) -> Bar:
    """Draw the bar of one kind of people in the HTML report."""
    titles = {outcome.rule.id: outcome.rule.title for outcome in report.outcomes}
    titles |= {it.id: it.text.title for it in report.diagnoses}
    diagnosed = {it.id for it in report.diagnoses}
    held_by = [(rule, count) for rule, count in state.by_rule.items() if count]
    held_by.sort(key=lambda it: (-it[1], it[0]))
    steps = state.steps or ((Step.IN_FILE, state.total), (Step.READY, state.ready))
    is_known = state.total > state.unknown
    return Bar(
        kind,
        state,
        _draw_falls(steps, max(state.total, steps[0][1])) if is_known else (),
        [
            (f"diagnosis-{rule}" if rule in diagnosed else rule, titles.get(rule, rule), count)
            for rule, count in held_by[:RULES]
        ],
    )


def _draw_falls(steps: Sequence[tuple[str, int]], total: int) -> list[Fall]:
    """Draw the steps at which people are lost in the HTML report."""
    falls, before = [], total
    for step, left in steps:
        lost = before - left
        lost_part = max(THINNEST, round(100 * lost / total, 1)) if lost else 0.0
        left_part = min(round(100 * left / total, 1), 100 - lost_part)
        falls.append(Fall(name_step(step), left, lost, left_part, lost_part))
        before = left
    return falls


def name_step(step: str) -> str:
    """Return a step to signing in as the HTML report says it of people: `are in the file`."""
    return next((phrase for known, phrase in PHRASES.items() if known == step), step)


def list_synced(report: Report, readiness: ByKind) -> list[Synced]:
    """Return what the HTML page says the files bring, kind by kind, and what the last run had."""
    past = history.find_last(report.history, report)
    co_taught = _count_co_taught(report)
    is_whole = not has_sharing(report)
    rows = []
    for kind, count in report.counts.items():
        state = readiness.get(kind)
        counted_once = state.total if state and is_whole else count
        if counted_once:
            before = past.counts.get(kind) if past else None
            rows.append(Synced(kind, counted_once, before, state))
        if kind == "sections" and co_taught:
            rows.append(Synced("co-taught", co_taught, part=True))
    return rows


def _count_co_taught(report: Report) -> int:
    """Return how many sections are co-taught, for the HTML report's list of what would sync."""
    for outcome in report.outcomes:
        if outcome.rule.check == CO_TAUGHT and outcome.status is Status.FOUND:
            return outcome.count
    return 0


def has_sharing(report: Report) -> bool:
    """Return whether the HTML page says that only a part of the people is shared."""
    steps = [step for state in report.readiness.values() for step, _ in state.steps]
    return Step.SHARED in steps


def draw_trend(report: Report) -> str:
    """Draw in the HTML report the line of how many findings each run had; "" for few runs."""
    counts = [len(past.findings) for past in report.history][-TREND:]
    counts.append(len(history.build_entry(report).findings))
    if len(counts) < 3:
        return ""
    across, down = 116 / (len(counts) - 1), 20 / max(*counts, 1)
    points = [(2 + across * at, 22 - down * count) for at, count in enumerate(counts)]
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
