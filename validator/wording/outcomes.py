"""Sentences about one outcome of a rule."""

from __future__ import annotations

import re
from collections.abc import Mapping

from validator.model import Bound, Diagnosis, Level, Outcome, Readiness, Report, Rule, Status
from validator.wording.labels import LEVELS, PEOPLE, UNITS
from validator.wording.numbers import (
    format_count,
    format_date,
    format_number,
    format_percent,
    join_words,
)


def describe(outcome: Outcome) -> str:
    """Return the shared wording of a finding with figures, no full stop: `2 rows are blank`."""
    rule, finding = outcome.rule, outcome.finding
    if finding is None:
        return rule.title
    figures = {
        "count": outcome.count,
        "of": finding.of,
        "groups": finding.groups or 0,
        **_format_settings(rule.settings),
        **finding.figures,
    }
    total = f"{rule.title}: {_format_figure(figures['count'])}"
    if set(outcome.found.values()) - {outcome.count}:  # the sentence has one profile's figures
        counts = [f"{profile}: {format_number(count)}" for profile, count in outcome.found.items()]
        return f"{total} ({', '.join(counts)})"
    text = rule.says_one if figures["count"] == 1 else rule.says_many
    names = set(re.findall(r"{(\w+)}", text))
    if not text or not names <= figures.keys():
        return total
    text_shown = _drop_zero_parts(text, figures)
    sentence = re.sub(r"{(\w+)}", lambda match: _format_figure(figures[match[1]]), text_shown)
    sentence = sentence.rstrip(".")
    if text.startswith("{"):
        return sentence[:1].upper() + sentence[1:]
    return sentence


def describe_most(outcome: Outcome) -> str:
    """Return the shared wording of a count: `299 of 300 students are in no section`."""
    most, finding = outcome.rule.when_most, outcome.finding
    if most is None or finding is None:
        return describe(outcome)
    if "count" in finding.figures:  # a small group whose exact number is hidden
        return describe(outcome)
    return most.says.format(count=format_number(outcome.count), of=format_number(finding.of))


def describe_route(report: Report, outcome: Outcome) -> str:
    """Return the shared wording of where to fix it: `In Skyward: ...`; "" if unknown."""
    if not report.routes:
        return ""
    route = report.routes.by_rule.get(outcome.rule.id)
    return f"In {report.routes.title}: {route.text}" if route else ""


def describe_mend(report: Report, id: str) -> str:
    """Return the shared wording of whether `mend` can fix a finding; "" if it cannot."""
    return "`rosterready mend` can do it." if id in report.mends else ""


def describe_mends(report: Report) -> str:
    """Return the shared wording of how many problems `mend` can fix; "" for none."""
    problems = [outcome.rule.id for outcome in report.findings() if outcome.level is not Level.FACT]
    problems += [diagnosis.id for diagnosis in report.diagnoses if diagnosis.sure]
    count = sum(problem in report.mends for problem in problems)
    if not count:
        return ""
    whole = format_number(len(problems))
    these = "this problem" if len(problems) == 1 else f"{format_number(count)} of these {whole}"
    return f"mend can fix {these}: rosterready mend EXPORT --out DIR"


def describe_apps(report: Report, outcome: Outcome) -> str:
    """Return the shared wording of which apps a finding matters to; "" if equally to all."""
    same_for_all = (
        len(outcome.levels) == len(report.profiles) and len(set(outcome.levels.values())) == 1
    )
    if len(report.profiles) < 2 or same_for_all:
        return ""
    titles = {profile.id: profile.title for profile in report.profiles}
    apps = [
        f"{titles.get(name, name)} ({LEVELS[level].lower()})"
        for name, level in outcome.levels.items()
    ]
    return f"For {join_words(apps)}."


def describe_people(report: Report, outcome: Outcome) -> str:
    """Return the shared wording of whom a finding holds back; "" where its own count says so."""
    results = list(report.by_profile.values())
    people = [_join_held(result.readiness, outcome.rule.id) for result in results]
    own = format_count(outcome.count, name_unit(outcome.rule))
    if not any(people) or set(people) <= {own, ""}:
        return ""
    if len(set(people)) == 1:
        return f"This holds back {people[0]}."
    titles = [result.profile.title for result in results]
    parts = [f"{many} for {title}" for many, title in zip(people, titles, strict=True) if many]
    return f"This holds back {join_words(parts)}."


def _join_held(readiness: Mapping[str, Readiness], cause: str) -> str:
    """Return the shared wording of how many students and teachers a rule holds back."""
    kinds = [kind for kind in ("students", "teachers") if kind in readiness]
    counts = {kind: readiness[kind].by_rule.get(cause, 0) for kind in kinds}
    return join_words([format_count(count, kind) for kind, count in counts.items() if count])


def describe_diagnosis(diagnosis: Diagnosis) -> str:
    """Return the shared wording of a diagnosis: events and evidence, in sentences."""
    people = diagnosis.people
    parts = [
        f"{diagnosis.text.title.rstrip('.')}.",
        f"This holds back {format_count(people, 'people')}." if people else "",
        f"{diagnosis.evidence.rstrip('.')}." if diagnosis.evidence else "",
    ]
    return " ".join(part for part in parts if part)


def describe_damage(diagnosis: Diagnosis) -> str:
    """Return the wording of a diagnosis's place: `students.csv, column Student_id`."""
    column = name_column(diagnosis.column, headed=diagnosis.headed)
    return ", ".join(part for part in (diagnosis.file, column) if part)


def name_column(column: str | None, *, headed: bool) -> str:
    """Return the shared wording of a column: `column Student_id`, `column 7`; "" for none."""
    if not column:
        return ""
    return f"column {column}" if headed else column


def describe_waived(outcome: Outcome) -> str:
    """Return the shared wording of how many more records the district accepted; "" if none."""
    waiver = outcome.waiver
    if not outcome.waived or outcome.status is not Status.FOUND:
        return ""
    if waiver is None:
        more = format_number(outcome.waived)
        verb = "is" if outcome.waived == 1 else "are"
        return f"{more} more {verb} marked as not a problem in the work-list."
    verb = "is" if outcome.waived == 1 else "are"
    until = f", until {format_date(waiver.until)}" if waiver.until else ""
    number = format_number(outcome.waived)
    return f"{number} more {verb} accepted by the district: {waiver.reason}{until}."


def format_share(outcome: Outcome) -> str:
    """Return the wording of a count and its total: `12 of 1,004 students (1.2%)`, or ""."""
    finding = outcome.finding
    if finding is None or finding.of < 2 or outcome.count > finding.of:
        return ""
    if outcome.rule.counts in ("file", "column"):
        return ""
    if "count" in finding.figures:  # a small group whose exact number is hidden
        return ""
    total = format_count(finding.of, name_unit(outcome.rule))
    percent = format_percent(outcome.count, finding.of)
    return f"{format_number(outcome.count)} of {total} ({percent})"


def name_unit(rule: Rule) -> str:
    """Return the shared wording of the unit a rule counts: students, people, rows, sections."""
    if rule.counts != "person":
        return UNITS.get(rule.counts, "records")
    people = [table for table in rule.reads if table in PEOPLE]
    if people and people[0] in ("students", "teachers", "staff"):
        return people[0]
    return "people"


def _drop_zero_parts(text: str, figures: Mapping[str, int | float | str | Bound]) -> str:
    """Drop parts of a wording in square brackets whose figure is zero, and other brackets."""

    def keep(part: re.Match[str]) -> str:
        names = re.findall(r"{(\w+)}", part[1])
        return "" if any(figures[name] == 0 for name in names) else part[1]

    return re.sub(r"\[([^][]*{[^][]*)\]", keep, text)


def _format_settings(settings: object) -> dict[str, int | float | str]:
    """Return the settings that the shared wording of a sentence can name."""
    pairs = settings.items() if hasattr(settings, "items") else ()
    return {key: value for key, value in pairs if isinstance(value, int | float | str)}


def _format_figure(value: int | float | str | Bound) -> str:
    """Return the wording of a figure: a number, a bound such as `fewer than 10`, or a text."""
    if isinstance(value, Bound):
        limit = format_number(value.limit)
        return f"more than {limit}" if value.is_lower else f"fewer than {limit}"
    if isinstance(value, int) and not isinstance(value, bool):
        return format_number(value)
    return str(value)
