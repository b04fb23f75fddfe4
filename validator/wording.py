"""Plain-English sentences and labels used by every report."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from validator.model import Level, Outcome, Owner, Places, Report, Rule, Status, Verdict

LEVELS = {
    Level.BLOCKER: "Must fix",
    Level.WARNING: "Should fix",
    Level.ADVICE: "Good to know",
    Level.FACT: "For your information",
}
OWNERS = {
    Owner.REGISTRAR: "Registrar",
    Owner.HR: "HR",
    Owner.SCHEDULER: "Scheduler",
    Owner.SIS_ADMINISTRATOR: "SIS administrator",
    Owner.CLEVER_ADMINISTRATOR: "Clever administrator",
}
STATUSES = {
    Status.PASSED: "checked and fine",
    Status.FOUND: "found",
    Status.EXPLAINED: "explained by another finding",
    Status.WAIVED: "accepted by the district",
    Status.SKIPPED: "could not be checked",
    Status.NOT_ASKED: "does not apply here",
    Status.BROKEN: "broke while running",
}
TOPICS = {
    "accounts": "Accounts and e-mail",
    "classes": "Classes",
    "grades-and-ages": "Grades and ages",
    "staff": "Teachers and staff",
    "sharing": "What is shared",
    "files": "Files",
    "identity": "Ids and links between files",
}
NO_FIX = "Nothing to fix"
"""First words of a rule's fix if nobody needs to do anything, or only under some condition."""

PHASES = {
    "start": "the start of the school year",
    "midyear": "the middle of the school year",
    "rollover": "the rollover to a new school year",
}
PEOPLE = ("students", "teachers", "staff", "users", "contacts")
"""Tables with one record per person."""

UNITS = {
    "row": "rows",
    "section": "sections",
    "school": "schools",
    "file": "files",
    "column": "columns",
}
"""Plural nouns for what a rule counts, other than people."""

SINGULAR = {
    "students": "student",
    "teachers": "teacher",
    "staff": "staff member",
    "people": "person",
    "users": "person",
    "contacts": "contact",
    "things": "thing",
    "findings": "finding",
    "checks": "check",
    "licenses": "license",
    "enrollments": "enrollment",
    **{plural: singular for singular, plural in UNITS.items()},
}


def format_number(count: int) -> str:
    """Return a whole number with thousands separators: `14,314`."""
    return f"{count:,}"


def format_date(date: dt.date) -> str:
    """Return a date written out: `November 21, 2026`."""
    return f"{date:%B} {date.day}, {date.year}"


def format_count(count: int, plural: str) -> str:
    """Return a number and its noun: `1 student`, `12 students`."""
    if count == 1:
        return f"1 {SINGULAR.get(plural, plural)}"
    noun = "staff members" if plural == "staff" else plural
    return f"{format_number(count)} {noun}"


def format_more(count: int, singular: str) -> str:
    """Return a number of additional things: `1 more thing`, `12 more things`."""
    noun = singular if count == 1 else f"{singular}s"
    return f"{format_number(count)} more {noun}"


def join_words(words: Sequence[str], conjunction: str = "and") -> str:
    """Return a list as it is written in a sentence: `a, b and c`."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {conjunction} {words[-1]}"


def format_share(outcome: Outcome) -> str:
    """Return a count and its total: `12 of 1,004 students (1.2%)`; "" without a useful total."""
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


def format_percent(part: int, whole: int) -> str:
    """Return a percentage, never rounded to none or all: `under 0.1%`, `1.2%`, `over 99.9%`."""
    value = 100 * part / whole if whole else 0.0
    if 0 < value < 0.1:
        return "under 0.1%"
    if 99.9 < value < 100:
        return "over 99.9%"
    if value in (0, 100) or 10 <= value <= 90:
        return f"{value:.0f}%"
    return f"{value:.1f}%"


def name_unit(rule: Rule) -> str:
    """Return the plural noun for what the rule counts: students, people, rows, sections."""
    if rule.counts != "person":
        return UNITS.get(rule.counts, "records")
    people = [table for table in rule.reads if table in PEOPLE]
    if people and people[0] in ("students", "teachers", "staff"):
        return people[0]
    return "people"


def describe(outcome: Outcome) -> str:
    """Return the rule's sentence with its figures, without a full stop: `2 rows are blank`."""
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
    if outcome.found:  # figures in the sentence belong to one profile's settings
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


def describe_route(report: Report, outcome: Outcome) -> str:
    """Return where to fix it in the district's SIS: `In Skyward: ...`; "" if unknown."""
    if not report.routes:
        return ""
    route = report.routes.by_rule.get(outcome.rule.id)
    return f"In {report.routes.title}: {route.text}" if route else ""


def describe_apps(report: Report, outcome: Outcome) -> str:
    """Return which apps the finding matters to, and how much; "" if it matters equally to all."""
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


def describe_waived(outcome: Outcome) -> str:
    """Return how many more records the district has accepted, and why; "" if none."""
    waiver = outcome.waiver
    if not outcome.waived or waiver is None or outcome.status is not Status.FOUND:
        return ""
    verb = "is" if outcome.waived == 1 else "are"
    until = f", until {format_date(waiver.until)}" if waiver.until else ""
    number = format_number(outcome.waived)
    return f"{number} more {verb} accepted by the district: {waiver.reason}{until}."


def describe_place(outcome: Outcome, most: int = 3) -> str:
    """Return the files and first lines of a finding; "" if nothing was found."""
    if outcome.finding is None:
        return ""
    places = outcome.finding.places
    if not outcome.rule.lists:
        places = [replace(block, listed=False) for block in places]
    return describe_lines(places, most)


def describe_lines(places: Sequence[Places], most: int = 3) -> str:
    """Return files and their first lines: `a.csv, lines 14, 88, 91 and 9 more; b.csv, line 3`."""
    files: dict[str, list[Places]] = {}
    for block in places:
        files.setdefault(block.file, []).append(block)
    named = _count_named(len(files), most)
    texts = [_lines_in_file(file, blocks, most) for file, blocks in list(files.items())[:named]]
    if named < len(files):
        texts.append(f"and {format_more(len(files) - named, 'file')}")
    return "; ".join(texts)


def format_line(first: int, last: int | None = None) -> str:
    """Return a record's line number, or its range if it spans several lines: `14`, `14-16`."""
    return f"{first}-{last}" if last is not None and last > first else str(first)


def describe_verdict(report: Report) -> str:
    """Return the verdict as one sentence."""
    apps = [
        (profile.title, report.verdicts.get(profile.id, report.verdict))
        for profile in report.profiles
    ]
    return describe_verdicts(apps or [("the upload", report.verdict)], report.levels())


def describe_verdicts(apps: Sequence[tuple[str, Verdict]], levels: Mapping[Level, int]) -> str:
    """Return one sentence per verdict, the worst last.

    `apps`: titles and verdicts. `levels`: the number of rules found at each level.
    """
    sentences = []
    for verdict in reversed(Verdict):
        titles = [title for title, app_verdict in apps if app_verdict is verdict]
        if not titles:
            continue
        names = join_words(titles)
        if verdict is Verdict.NOT_READY:
            things = format_count(levels[Level.BLOCKER], "things")
            sentences.append(f"Not ready for {names}: {things} must be fixed first.")
        elif verdict is Verdict.COULD_NOT_TELL:
            sentences.append(f"Could not tell whether this export is ready for {names}.")
        else:
            warnings = levels[Level.WARNING] if len(titles) == len(apps) else 0
            things = format_count(warnings, "things")
            also = f", with {things} that should be fixed" if warnings else ""
            sentences.append(f"Ready for {names}{also}.")
    return " ".join(sentences)


def explain_verdict(report: Report) -> str:
    """Return the sentences after the verdict: who is held back, or what could not be checked."""
    if report.verdict is Verdict.COULD_NOT_TELL:
        return _explain_doubt(report)
    if report.verdict is Verdict.NOT_READY:
        blocked = [
            f"{format_number(state.blocked)} of {format_count(state.total, kind)}"
            for kind, state in report.readiness.items()
            if kind in ("students", "teachers") and state.blocked
        ]
        if not blocked:
            return ""
        return f"Right now, {join_words(blocked)} would not get a working account."
    accounts = sum(
        outcome.status is Status.FOUND
        and outcome.level is Level.WARNING
        and outcome.rule.topic == "accounts"
        for outcome in report.outcomes
    )
    text = "Nothing in these files keeps a student or teacher from signing in."
    if accounts:
        things = format_count(accounts, "things")
        text = (
            f"Nothing must be fixed first, but {things} about accounts should be fixed before "
            "anybody signs in."
        )
    advice = report.levels()[Level.ADVICE]
    if advice:
        text += f" {format_more(advice, 'thing')} {'is' if advice == 1 else 'are'} good to know."
    return text


def _explain_doubt(report: Report) -> str:
    """Return which files could not be read and how many checks were not run."""
    unreadable = [
        f"{describe(outcome)} ({describe_place(outcome)})"
        for outcome in report.outcomes
        if outcome.status is Status.FOUND
        and outcome.rule.unreadable
        and outcome.level is Level.BLOCKER
    ]
    skipped = sum(outcome.status in (Status.SKIPPED, Status.BROKEN) for outcome in report.outcomes)
    partial = report.export.partial
    sentences = []
    if unreadable:
        sentences.append(f"{join_words(unreadable[:2])}.")
    if partial:
        first, rest = partial[0].upper(), partial[1:]
        sentences.append(f"{first}{rest}, which may not include the whole roster.")
    if skipped:
        sentences.append(f"{describe_not_run(skipped)}.")
    return " ".join([*sentences, "What could be checked is below."])


def describe_not_run(count: int) -> str:
    """Return how many checks were not run, without a full stop."""
    return f"{format_count(count, 'checks')} {'was' if count == 1 else 'were'} not run"


def list_sign_in_kinds(report: Report) -> list[str]:
    """Return the kinds of people who have requirements for signing in."""
    return [kind for kind, state in report.readiness.items() if len(state.steps) > 2]


def _drop_zero_parts(text: str, figures: Mapping[str, int | float | str]) -> str:
    """Remove each part in square brackets with a zero figure, and the other brackets."""

    def keep(part: re.Match[str]) -> str:
        names = re.findall(r"{(\w+)}", part[1])
        return "" if any(figures[name] == 0 for name in names) else part[1]

    return re.sub(r"\[([^][]*{[^][]*)\]", keep, text)


def _format_settings(settings: object) -> dict[str, int | float | str]:
    """Return the settings that can appear in a sentence."""
    pairs = settings.items() if hasattr(settings, "items") else ()
    return {key: value for key, value in pairs if isinstance(value, int | float | str)}


def _format_figure(value: int | float | str) -> str:
    """Return a figure as text; a leading `<` or `>` before a number is written out."""
    if isinstance(value, int) and not isinstance(value, bool):
        return format_number(value)
    return re.sub(r"^>(?=\d)", "more than ", re.sub(r"^<(?=\d)", "fewer than ", str(value)))


def _count_named(count: int, most: int) -> int:
    """Return how many items to name; "and 1 more" is never used, since naming it is as short."""
    return count if count <= most + 1 else most


def _lines_in_file(file: str, blocks: Sequence[Places], most: int) -> str:
    """Return a file name with the first lines of its places."""
    import numpy as np  # imported here because `explain` starts without it

    listed = [block for block in blocks if block.listed and len(block)]
    last = max((int(block.lines.max()) for block in listed), default=0)
    seen = np.zeros(last + 1, bool)  # np.unique takes seconds
    for block in listed:
        seen[block.lines] = True
    seen[0] = False  # line 0 is the file as a whole
    lines = np.flatnonzero(seen)
    if not len(lines):
        return file
    named = _count_named(len(lines), most)
    ends: dict[int, int] = {}
    for block in blocks:
        if block.end_lines is not None:
            shown = np.isin(block.lines, lines[:named])
            ends |= zip(block.lines[shown].tolist(), block.end_lines[shown].tolist(), strict=True)
    names = [format_line(int(line), ends.get(int(line))) for line in lines[:named]]
    rest = len(lines) - len(names)
    if rest:
        names.append(f"{format_number(rest)} more")
    label = "line" if len(names) == 1 and "-" not in names[0] else "lines"
    return f"{file}, {label} {join_words(names)}"
