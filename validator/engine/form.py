"""The form of the files: what the destination does with it, and whom that holds back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from validator.model import (
    Answer,
    Consequence,
    Departure,
    Export,
    FileColumn,
    Finding,
    Level,
    Outcome,
    Places,
    Response,
    Rule,
    Step,
    dataclass,
)

RECORDS = ("students", "teachers", "sections")

LOST_WITH: Mapping[str, Sequence[str]] = {
    "schools": RECORDS,
    "students": ("students",),
    "teachers": ("teachers",),
    "sections": ("sections", "students"),
    "enrollments": ("students",),
}
"""Table -> the records that cannot be used if the destination takes no row of the table."""

LOST_WITH_FILE: Mapping[str, Sequence[str]] = {
    "roles.csv": ("students", "teachers"),
    "TeacherRoster.csv": ("sections",),
}
"""The same for files that the tables of the roster take columns from."""

RENAMED_COLUMNS = frozenset(
    {
        Departure.HEADER_LETTER_CASE,
        Departure.HEADER_SEPARATORS,
        Departure.HEADER_PUNCTUATION,
        Departure.HEADER_FORMER_NAME,
        Departure.HEADER_OTHER_WORDS,
    }
)
RENAMED_FILES = frozenset({Departure.FILE_NAME_ALIAS, Departure.FILE_NAME_CASE})
"""Departures that are mended by another name of a column or a file."""
MOST_NAMED = 6
"""Columns that a fix names one by one."""

Cell = tuple[str, str]
"""A file and one of its columns, or a table and one of its columns."""

Steps = Mapping[Cell, Step]
"""The columns by which an app finds people, each with the step that needs it."""


@dataclass(frozen=True, eq=False)
class Judged:
    """A finding with levels by what the destination does, and the first step that it stops."""

    finding: Finding
    step: Step | None = None


class FormJudge:
    """Judges the form of an export's files; caches its answers."""

    def __init__(self, export: Export) -> None:
        self.export = export
        self.judged: dict[tuple[int, Level, frozenset[Cell]], tuple[Finding, Judged]] = {}

    def judge(self, outcome: Outcome, rule: Rule, steps: Steps) -> Judged | None:
        """Return what is found about the form of the files, with its levels; None if nothing is.

        `rule` is the rule as one profile has it; `steps` are the needs of that profile's app.
        """
        finding = outcome.finding
        if finding is None or not self.export.acceptance.judges_form:
            return None
        if not any(place.departure for place in finding.places):
            return None
        key = id(finding), rule.level, frozenset(steps)
        if key not in self.judged:
            # Keep the finding alive, so that its id() is not reused.
            self.judged[key] = finding, _judge(self.export, finding, rule, steps=steps)
        return self.judged[key][1]


def list_steps(rules: Iterable[Rule]) -> Steps:
    """Return the columns without which the engine's blocker rules find everybody, with readiness
    steps."""
    return {
        (table, column): rule.step or Step.ACCEPTED
        for rule in rules
        if rule.everybody_when_absent and rule.level is Level.BLOCKER
        for table, columns in rule.reads.items()
        for column in columns
    }


def _judge(export: Export, finding: Finding, rule: Rule, *, steps: Steps) -> Judged:
    """Return the engine's finding about the form of files, with each place's level and who is
    held back."""
    needed = _locate_needed(export, steps)
    places = []
    everybody: set[str] = set()
    stopped: set[Step] = set()
    for place in finding.places:
        departure = place.departure
        if departure is None:
            places.append(place)
            continue
        response = export.acceptance.answers[departure].response
        needs = needed.get((place.file, place.column or ""), ())
        level = export.acceptance.level(departure, place.level or rule.level)
        if response is Response.DROPS and not _is_required(export, place):
            is_former = departure is Departure.HEADER_FORMER_NAME
            softest = Level.ADVICE if is_former else Level.WARNING
            is_strict = rule.level is Level.BLOCKER  # the app's own rule
            level = Level.BLOCKER if needs or is_strict else softest
            everybody.update(table for table, _ in needs)
            stopped.update(steps[need] for need in needs)
        elif level is Level.BLOCKER:
            everybody.update(_list_lost(export, place, response))
            stopped.add(Step.ACCEPTED)
        places.append(replace(place, level=level))
    judged = replace(finding, places=places, everybody=frozenset(everybody))
    return Judged(judged, min(stopped, key=list(Step).index, default=None))


def _is_required(export: Export, place: Places) -> bool:
    """Whether a file without a column counts against readiness: all its records are dropped."""
    table = export.find(place.table)
    if table is not None and not len(table) and not len(table.unread):
        return False
    return place.column in export.columns_required.get(place.table, ())


def _list_lost(export: Export, place: Places, response: Response) -> Iterable[str]:
    """Return the kinds of records that lose their readiness by one departure of form."""
    if response is Response.REFUSES and place.departure is not Departure.LINE_BREAK_IN_VALUE:
        return RECORDS
    tables = [name for name in LOST_WITH if name in export.tables]
    return {
        lost
        for name in tables
        if export.tables[name].file == place.file
        for lost in LOST_WITH[name]
    } | set(LOST_WITH_FILE.get(place.table, ()))


def _locate_needed(export: Export, steps: Steps) -> dict[Cell, list[Cell]]:
    """Return, by file and column, the columns that readiness by form depends on."""
    located: dict[Cell, list[Cell]] = {}
    for table, column in steps:
        source = export.find(table)
        if source is None or not source.has(column):
            continue
        origin = source.origins.get(column)
        file = origin.file if origin else source.file
        heading = origin.header if origin else source.headers[column]
        for name in _list_columns(export, file, heading):
            located.setdefault((file, name), []).append((table, column))
    return located


def _list_columns(export: Export, file: str, heading: FileColumn) -> list[str]:
    """Return the columns of a rule that a heading is read as, to judge readiness by form."""
    tables = export.all_tables
    return [
        column
        for name in export.columns_required
        if name in tables and tables[name].file == file
        for column, header in tables[name].headers.items()
        if header == heading
    ]


def reword(export: Export, outcome: Outcome, step: Step | None) -> Outcome:
    """Reword a rule's outcome to what the destination does with the worst departure."""
    finding = outcome.finding
    if finding is None:
        return outcome
    counted = [place for place in finding.places if place.count]
    worst = [place for place in counted if (place.level or outcome.level) is outcome.level]
    departures = [place.departure for place in worst if place.departure is not None]
    if not departures or len(departures) < len(worst):
        return outcome
    departure = min(departures, key=list(Departure).index)
    answer = export.acceptance.answers[departure]
    stops = outcome.level is Level.BLOCKER
    if stops and step is None:
        return outcome  # an app is stricter than the destination; its words say why
    why = export.acceptance.describe(departure)
    consequence = Consequence.of_level(outcome.level)
    if stops and answer.response is Response.REFUSES:
        consequence = Consequence.REFUSED
    elif stops:
        why = f"{why} {_describe_loss(export, outcome, worst)}"
        consequence = Consequence.DROPPED if step is Step.ACCEPTED else Consequence.NO_SIGN_IN
    rule = replace(
        outcome.rule,
        why=why,
        fix=_describe_fix(answer, worst),
        source=answer.source,
        consequence=consequence,
        step=step if stops else outcome.rule.step,
        unreadable=outcome.rule.unreadable and not stops,
    )
    return replace(outcome, rule=rule)


def _describe_fix(answer: Answer, places: Sequence[Places]) -> str:
    """Return the fix that the engine puts into the outcome of a rule about form, with columns."""
    fix = answer.fix.removesuffix(".")
    if answer.response is Response.TAKES:
        return answer.fix
    if all(place.departure in RENAMED_COLUMNS for place in places):
        columns = sorted({f"{place.column} in {place.file}" for place in places})
        more = len(columns) - MOST_NAMED
        rest = f" and {more} more" if more > 0 else ""
        return f"{fix}: {', '.join(columns[:MOST_NAMED])}{rest}."
    if all(place.departure in RENAMED_FILES for place in places):
        return f"{fix}: {'; '.join(str(place.notes) for place in places)}."
    return answer.fix


def _describe_loss(export: Export, outcome: Outcome, places: Sequence[Places]) -> str:
    """Return what follows for readiness from columns that count as absent."""
    sentences = []
    required = [place for place in places if _is_required(export, place)]
    if required:
        files = _join(place.file for place in required)
        columns = _join(place.column or "" for place in required)
        sentences.append(f"Without {columns}, every record of {files} is refused.")
    others = [place for place in places if not _is_required(export, place)]
    if others:
        everybody = outcome.finding.everybody if outcome.finding else ()
        people = _join(name for name in RECORDS[:2] if name in everybody)
        columns = _join(place.column or "" for place in others)
        sentences.append(f"The app needs {columns}, so no {people} could sign in.")
    return " ".join(sentences)


def _join(names: Iterable[str]) -> str:
    """Join distinct names in words while the engine builds the outcome of a rule about form."""
    distinct = list(dict.fromkeys(names))
    *others, last = distinct
    return f"{', '.join(others)} and {last}" if others else last
