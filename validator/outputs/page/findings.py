"""What was found, topic by topic, with the rows that show it, and what was passed, not checked or accepted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from validator import privacy, words
from validator.model import Outcome, Report, Route, SchoolRow, Status

TALLIED = 40
LONGEST = 160
COLUMNS = (("file", "File"), ("lines", "Line"), ("column", "Column"), ("school_id", "School"), ("key", "Id"),
           ("name", "Name"), ("value", "Value"), ("repair", "Should be"), ("group", "Belongs together"),
           ("note", "Note"))
FOLDED = (Status.SKIPPED, Status.BROKEN, Status.NOT_ASKED)


@dataclass(frozen=True)
class Room:
    """How many places fit, per finding and in all (None: no limit), and the schools that can be chosen."""

    each: int | None
    in_all: int | None
    schools: Sequence[SchoolRow] = ()


@dataclass(frozen=True)
class Listed:
    """The rows of one finding: headers of the columns that say something, cells, and how many places are not listed."""

    headers: Sequence[tuple[str, str]]
    cells: Sequence[Sequence[str]]
    rest: int
    file: str


@dataclass(frozen=True)
class Card:
    """One finding as the page shows it."""

    outcome: Outcome
    sentence: str
    share: str
    where: str
    levels: Sequence[tuple[str, str]]
    explained: str
    listed: Listed
    tally: Sequence[tuple[str, int, int]]
    tally_rest: int
    schools: str
    accepted: str = ""
    route: Route | None = None

    @property
    def level(self) -> str:
        """The level's own word: blocker, warning, advice, fact."""
        return self.outcome.level.value


def view(report: Report, full: bool, room: Room) -> dict[str, Any]:
    """What the template needs to tell about every rule of the run."""
    found = [outcome for outcome in report.outcomes if outcome.status is Status.FOUND]
    limits = _limits([_listable(outcome) for outcome in found], room)
    schools = {row.school_id: place for place, row in enumerate(room.schools)}
    cards = [_card(report, outcome, limit, schools, full) for outcome, limit in zip(found, limits, strict=True)]
    by_status = {status: [outcome for outcome in report.outcomes if outcome.status is status] for status in Status}
    return {"topics": _topics(cards), "passed": by_status[Status.PASSED], "waived": by_status[Status.WAIVED],
            "unchecked": {status.value: by_status[status] for status in FOLDED},
            "reasons": _reasons(by_status[Status.SKIPPED])}


def topic_words(topic: str) -> str:
    """A topic's heading, also for one that only a district's own pack has."""
    return words.TOPICS.get(topic) or topic.replace("-", " ").capitalize()


def _topics(cards: Sequence[Card]) -> list[tuple[str, list[Card]]]:
    """Findings under their topics, worst first; topics by their worst level, then in the order of `words.TOPICS`."""
    topics: dict[str, list[Card]] = {}
    for card in sorted(cards, key=lambda card: (card.outcome.level.rank, -card.outcome.count)):
        topics.setdefault(card.outcome.rule.topic, []).append(card)
    known = [*words.TOPICS, *topics]
    return sorted(topics.items(), key=lambda topic: (topic[1][0].outcome.level.rank, known.index(topic[0])))


def _card(report: Report, outcome: Outcome, limit: int | None, schools: dict[str, int], full: bool) -> Card:
    tally = privacy.tally(report, outcome, full)
    most = max((count for _, count in tally[:TALLIED]), default=1) or 1
    at = privacy.by_school(report, outcome, full)
    cause = next((cause.title for cause in report.root_causes if cause.rule == outcome.explained_by), "")
    return Card(outcome, words.sentence(outcome), words.share(outcome), words.where(outcome), _levels(report, outcome),
                cause, _listed(report, outcome, limit, full),
                [(_short(value), count, round(100 * count / most)) for value, count in tally[:TALLIED]],
                max(0, len(tally) - TALLIED), " ".join(f"{schools[school]}:{count}" for school, count in at
                                                       if school in schools),
                words.accepted(outcome), report.routes.by_rule.get(outcome.rule.id) if report.routes else None)


def _levels(report: Report, outcome: Outcome) -> list[tuple[str, str]]:
    """Each profile's own level, where several profiles do not agree or not all of them mind."""
    if len(set(outcome.levels.values())) < 2 and len(outcome.levels) == len(report.profiles):
        return []
    titles = {profile.id: profile.title for profile in report.profiles}
    return [(titles.get(name, name), words.LEVELS[level]) for name, level in outcome.levels.items()]


def _listable(outcome: Outcome) -> int:
    if outcome.finding is None or not outcome.rule.lists:
        return 0
    return privacy.listed_count(outcome)


def _limits(sizes: Sequence[int], room: Room) -> list[int | None]:
    """How many places each finding may list: the same number for all, as high as the room in all allows."""
    if room.each is None or room.in_all is None:
        return [room.each] * len(sizes)
    low, high = 0, max(0, room.each)
    while low < high:
        middle = (low + high + 1) // 2
        if sum(min(size, middle) for size in sizes) <= room.in_all:
            low = middle
        else:
            high = middle - 1
    return [low] * len(sizes)


def _listed(report: Report, outcome: Outcome, limit: int | None, full: bool) -> Listed:
    """The places that are shown, as cells; columns without any text are left out, one file stands in the caption."""
    if not _listable(outcome) or limit == 0:
        return Listed((), (), _listable(outcome), "")
    rows = privacy.listing(report, outcome, limit, full)
    sets = {group: f"set {number}" for number, group in enumerate(dict.fromkeys(row.group for row in rows), start=1)}
    cells = [[_cell(row, name, sets) for name, _ in COLUMNS] for row in rows]
    files = {line[0] for line in cells}
    wanted = [place for place, (name, _) in enumerate(COLUMNS)
              if any(line[place] for line in cells) and not (name == "file" and len(files) == 1)]
    if [COLUMNS[place][0] for place in wanted] in (["lines"], ["file", "lines"]) and not any(row.line for row in rows):
        return Listed((), (), 0, "")  # whole files, which the finding has already named
    return Listed([COLUMNS[place] for place in wanted], [[line[place] for place in wanted] for line in cells],
                  max(0, _listable(outcome) - len(rows)), files.pop() if len(files) == 1 else "")


def _cell(row: privacy.PlaceRow, name: str, sets: Mapping[int | None, str]) -> str:
    if name == "lines":
        return words.line_text(row.line, row.end_line) if row.line else "whole file"
    if name == "group":
        return sets[row.group] if row.group is not None else ""
    value = getattr(row, name)
    return "" if value is None else _short(value)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _reasons(skipped: Sequence[Outcome]) -> list[tuple[str, list[Outcome]]]:
    """Rules that could not be judged, under the reason they share; most first."""
    reasons: dict[str, list[Outcome]] = {}
    for outcome in skipped:
        reasons.setdefault(outcome.reason or "No reason was given.", []).append(outcome)
    return sorted(reasons.items(), key=lambda pair: -len(pair[1]))


