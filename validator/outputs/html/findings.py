"""Findings by topic with their rows, and rules that passed, were not checked or are accepted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from validator import wording
from validator.followup import gate
from validator.model import Level, Outcome, Report, Route, SchoolRow, Status, dataclass
from validator.outputs.html import charts, places, school_filter
from validator.privacy import values

FOLDED = (Status.SKIPPED, Status.BROKEN, Status.NOT_ASKED)
SCHOOLS_NAMED = 3


@dataclass(frozen=True)
class Room:
    """How many places are listed per finding (None: all), and the schools that can be chosen."""

    each: int | None
    schools: Sequence[SchoolRow] = ()


@dataclass(frozen=True)
class Card:
    """One finding as the page shows it."""

    outcome: Outcome
    sentence: str
    share: str
    where: str
    at_schools: str
    levels: Sequence[tuple[str, str]]
    explained: str
    listed: places.Listed
    chart: charts.Chart | None
    paste: str
    schools: str
    accepted: str = ""
    apps: str = ""
    route: Route | None = None

    @property
    def level(self) -> str:
        """The level's own word: blocker, warning, advice, fact."""
        return self.outcome.level.value


def build_view(report: Report, room: Room) -> dict[str, Any]:
    """Return what the HTML page shows of every rule of the run."""
    outcomes = report.findings()
    rows = places.list_places(report, outcomes, room.each)
    schools = school_filter.number_schools(room.schools)
    cards = [
        _build_card(report, outcome, listed=listed, schools=schools)
        for outcome, listed in zip(outcomes, rows, strict=True)
    ]
    by_status = {
        status: [outcome for outcome in report.outcomes if outcome.status is status]
        for status in Status
    }
    return {
        "topics": _group_topics(cards),
        "passed": by_status[Status.PASSED],
        "waived": by_status[Status.WAIVED],
        "unchecked": {status.value: by_status[status] for status in FOLDED},
        "reasons": _group_by_reason(by_status[Status.SKIPPED]),
    }


def name_topic(topic: str) -> str:
    """Return a topic's heading on the HTML page, also for one of a district's own pack."""
    return wording.TOPICS.get(topic) or topic.replace("-", " ").capitalize()


def _group_topics(cards: Sequence[Card]) -> list[tuple[str, list[Card]]]:
    """Return the HTML report's topics with their findings, worst first."""
    topics: dict[str, list[Card]] = {}
    for card in sorted(cards, key=lambda card: (card.outcome.level.rank, -card.outcome.count)):
        topics.setdefault(card.outcome.rule.topic, []).append(card)
    known = [*wording.TOPICS, *topics]
    return sorted(
        topics.items(), key=lambda topic: (topic[1][0].outcome.level.rank, known.index(topic[0]))
    )


def _build_card(
    report: Report, outcome: Outcome, *, listed: places.Listed, schools: Mapping[str, int]
) -> Card:
    """Build the card of a finding in the HTML report."""
    at = values.count_by_school(report, outcome)
    cause = next(
        (other.rule.title for other in report.outcomes if other.rule.id == outcome.explained_by), ""
    )
    return Card(
        outcome,
        gate.add_allowance(report, outcome, wording.describe(outcome)),
        wording.format_share(outcome),
        wording.describe_place(outcome),
        _render_schools(report, outcome, at),
        _render_levels(report, outcome),
        cause,
        listed,
        charts.build_chart(outcome),
        charts.paste(outcome),
        school_filter.join_counts(at, schools),
        wording.describe_waived(outcome),
        school_filter.join_levels(outcome.levels),
        report.routes.by_rule.get(outcome.rule.id) if report.routes else None,
    )


def _render_schools(report: Report, outcome: Outcome, at: Sequence[tuple[str | None, int]]) -> str:
    """Return its schools with their counts: `103 Oak Elementary (3), 101 Elm (1) and 2 more`."""
    schools = values.count_schools(report)
    if outcome.level is Level.FACT or schools < 2 or not at:
        return ""
    is_sum = values.has_summed_schools(report, outcome)
    if is_sum and at == [(None, outcome.count)]:
        return ""
    rest = "other schools" if is_sum else "no known school"
    names = [
        places.name_school(report, school) if school else rest for school, _ in at[:SCHOOLS_NAMED]
    ]
    shown = (
        names
        if len(at) == 1
        else [
            f"{name} ({wording.format_number(count)})"
            for name, (_, count) in zip(names, at, strict=False)
        ]
    )
    more = len(at) - len(shown)
    text = wording.join_words([*shown, wording.format_more(more, "school")] if more else shown)
    return text[0].upper() + text[1:]


def _render_levels(report: Report, outcome: Outcome) -> list[tuple[str, str]]:
    """Render in the HTML report the level of each profile, where they differ."""
    if len(set(outcome.levels.values())) < 2 and len(outcome.levels) == len(report.profiles):
        return []
    titles = {profile.id: profile.title for profile in report.profiles}
    return [
        (titles.get(name, name), wording.LEVELS[level]) for name, level in outcome.levels.items()
    ]


def _group_by_reason(skipped: Sequence[Outcome]) -> list[tuple[str, list[Outcome]]]:
    """List for the HTML report the rules that could not be checked, by reason."""
    reasons: dict[str, list[Outcome]] = {}
    for outcome in skipped:
        reasons.setdefault(outcome.reason or "No reason was given.", []).append(outcome)
    return sorted(reasons.items(), key=lambda pair: -len(pair[1]))
