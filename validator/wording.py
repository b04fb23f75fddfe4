"""The sentences of every report: one place that turns counts, levels and owners into plain words."""

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
    "identity": "Ids and how the files fit together",
}
NO_FIX = "Nothing to fix"
"""How the fix of a rule begins that asks nothing of anybody, or only under some condition."""

PHASES = {
    "start": "the start of the school year",
    "midyear": "the running school year",
    "rollover": "the turn of the school year",
}
PEOPLE = ("students", "teachers", "staff", "users", "contacts")
UNITS = {
    "row": ("row", "rows"),
    "section": ("section", "sections"),
    "school": ("school", "schools"),
    "file": ("file", "files"),
    "column": ("column", "columns"),
}
SINGULAR = {
    "students": "student",
    "teachers": "teacher",
    "staff": "staff member",
    "people": "person",
    "things": "thing",
    "users": "person",
    "contacts": "contact",
    "sections": "section",
    "schools": "school",
    "findings": "finding",
    "checks": "check",
    "licenses": "license",
    "enrollments": "enrollment",
}


def number(count: int) -> str:
    """A whole number with thousands set apart: 14,314."""
    return f"{count:,}"


def day(date: dt.date) -> str:
    """A date as people write it: November 21, 2026."""
    return f"{date:%B} {date.day}, {date.year}"


def counted(count: int, many: str) -> str:
    """A number and its noun: `1 student`, `12 students`."""
    one = SINGULAR.get(many) or next((pair[0] for pair in UNITS.values() if pair[1] == many), many)
    if many == "staff":
        return f"{number(count)} {one if count == 1 else 'staff members'}"
    return f"{number(count)} {one if count == 1 else many}"


def more(count: int, one: str) -> str:
    """How many further ones: `1 more thing`, `12 more things`."""
    return f"{number(count)} more {one if count == 1 else f'{one}s'}"


def joined(parts: Sequence[str], word: str = "and") -> str:
    """A list as in a sentence: `a, b and c`."""
    return (
        parts[0]
        if len(parts) == 1
        else f"{', '.join(parts[:-1])} {word} {parts[-1]}"
        if parts
        else ""
    )


def noun(rule: Rule) -> str:
    """What the rule counts, in the plural: students, teachers, people, rows, sections."""
    if rule.counts == "person":
        named = [table for table in rule.reads if table in PEOPLE]
        return named[0] if named and named[0] in ("students", "teachers", "staff") else "people"
    return UNITS.get(rule.counts, ("", "records"))[1]


def sentence(outcome: Outcome) -> str:
    """What was found, in the rule's own words with its figures, without a full stop: `2 teachers share an address`."""
    rule, finding = outcome.rule, outcome.finding
    if finding is None:
        return rule.title
    figures = {
        "count": outcome.count,
        "of": finding.of,
        "groups": finding.groups or 0,
        **_plain(rule.settings),
        **finding.figures,
    }
    if outcome.found:  # a figure of one profile's settings would not be true of the others
        told = ", ".join(f"{profile}: {number(count)}" for profile, count in outcome.found.items())
        return f"{rule.title}: {_shown(figures['count'])} ({told})"
    text = rule.says_one if figures["count"] == 1 else rule.says_many
    wanted = set(re.findall(r"{(\w+)}", text))
    if not text or not wanted <= figures.keys():
        return f"{rule.title}: {_shown(figures['count'])}"
    told = re.sub(
        r"{(\w+)}", lambda match: _shown(figures[match[1]]), _without_zeros(text, figures)
    ).rstrip(".")
    return told[:1].upper() + told[1:] if text.startswith("{") else told


def _without_zeros(text: str, figures: Mapping[str, int | float | str]) -> str:
    """The text without the parts in square brackets one of whose figures is 0, and without the others' brackets."""
    return re.sub(
        r"\[([^][]*{[^][]*)\]",
        lambda part: (
            "" if any(figures[name] == 0 for name in re.findall(r"{(\w+)}", part[1])) else part[1]
        ),
        text,
    )


def route(report: Report, outcome: Outcome) -> str:
    """Where in the district's student information system it is fixed: `In Skyward: ...`; "" where nobody knows."""
    held = report.routes.by_rule.get(outcome.rule.id) if report.routes else None
    return f"In {report.routes.title}: {held.text}" if report.routes and held else ""


def whom(report: Report, outcome: Outcome) -> str:
    """For which of several apps it matters, and how much; "" where there is one only or all mind alike."""
    if len(report.profiles) < 2 or (
        len(outcome.levels) == len(report.profiles) and len(set(outcome.levels.values())) == 1
    ):
        return ""
    titles = {profile.id: profile.title for profile in report.profiles}
    told = [
        f"{titles.get(name, name)} ({LEVELS[level].lower()})"
        for name, level in outcome.levels.items()
    ]
    return f"For {joined(told)}."


def accepted(outcome: Outcome) -> str:
    """How many more were found and are accepted by the district, and why; "" where none are."""
    if not outcome.waived or outcome.waiver is None or outcome.status is not Status.FOUND:
        return ""
    until = f", until {day(outcome.waiver.until)}" if outcome.waiver.until else ""
    are = "is" if outcome.waived == 1 else "are"
    return f"{number(outcome.waived)} more {are} accepted by the district: {outcome.waiver.reason}{until}."


def share(outcome: Outcome) -> str:
    """How many of how many: `12 of 1,004 students (1.2%)`; "" where that says nothing."""
    finding = outcome.finding
    if (
        finding is None
        or finding.of < 2
        or outcome.count > finding.of
        or outcome.rule.counts in ("file", "column")
    ):
        return ""
    if "count" in finding.figures:  # a small group, whose number is not told
        return ""
    part = percent(outcome.count, finding.of)
    return f"{number(outcome.count)} of {counted(finding.of, noun(outcome.rule))} ({part})"


def percent(part: int, whole: int) -> str:
    """A share that never rounds something to nothing nor nearly all to all: `under 0.1%`, `1.2%`, `over 99.9%`."""
    value = 100 * part / whole if whole else 0.0
    if 0 < value < 0.1 or 99.9 < value < 100:
        return "under 0.1%" if value < 1 else "over 99.9%"
    return f"{value:.0f}%" if value in (0, 100) or 10 <= value <= 90 else f"{value:.1f}%"


def where(outcome: Outcome, most: int = 3) -> str:
    """Where it was found: `students.csv, lines 14, 88, 91 and 9 more`; "" when nothing was found."""
    if outcome.finding is None:
        return ""
    listed = [
        block if outcome.rule.lists else replace(block, listed=False)
        for block in outcome.finding.places
    ]
    return lines_text(listed, most)


def lines_text(places: Sequence[Places], most: int = 3) -> str:
    """Files and their first lines: `students.csv, lines 14, 88, 91 and 9 more; sections.csv, line 3`."""
    files: dict[str, list[Places]] = {}
    for block in places:
        files.setdefault(block.file, []).append(block)
    named = _named(len(files), most)
    texts = [_lines_in_file(file, blocks, most) for file, blocks in list(files.items())[:named]]
    texts += [f"and {more(len(files) - named, 'file')}"] if named < len(files) else []
    return "; ".join(texts)


def line_text(first: int, last: int | None = None) -> str:
    """A record's lines: `14`, or `14-16` when it runs over several."""
    return f"{first}-{last}" if last is not None and last > first else str(first)


def verdict(report: Report) -> str:
    """The answer in one sentence, with its full stop."""
    apps = [
        (profile.title, report.verdicts.get(profile.id, report.verdict))
        for profile in report.profiles
    ]
    return answer(apps or [("the upload", report.verdict)], report.levels())


def answer(apps: Sequence[tuple[str, Verdict]], levels: Mapping[Level, int]) -> str:
    """The answer for these apps, a sentence for each verdict, the worst last; `levels`: how many rules were found at
    each level."""
    groups = {
        verdict: [title for title, its in apps if its is verdict] for verdict in reversed(Verdict)
    }
    warnings = levels[Level.WARNING] if len(groups[Verdict.READY]) == len(apps) else 0
    return " ".join(
        _answer(verdict, joined(titles), levels[Level.BLOCKER], warnings)
        for verdict, titles in groups.items()
        if titles
    )


def _answer(verdict: Verdict, names: str, blockers: int, warnings: int) -> str:
    if verdict is Verdict.NOT_READY:
        return f"Not ready for {names}: {counted(blockers, 'things')} must be fixed first."
    if verdict is Verdict.COULD_NOT_TELL:
        return f"Could not tell whether this export is ready for {names}."
    also = f", with {counted(warnings, 'things')} that should be fixed" if warnings else ""
    return f"Ready for {names}{also}."


def verdict_detail(report: Report) -> str:
    """The sentence after the verdict: whom it holds back, or what could not be looked at."""
    told = [
        f"{sentence(outcome)} ({where(outcome)})"
        for outcome in report.outcomes
        if outcome.status is Status.FOUND
        and outcome.rule.unreadable
        and outcome.level is Level.BLOCKER
    ]
    skipped = sum(outcome.status in (Status.SKIPPED, Status.BROKEN) for outcome in report.outcomes)
    if report.verdict is Verdict.COULD_NOT_TELL:
        cause = f"{joined(told[:2])}. " if told else ""
        partial = report.export.partial
        cause += (
            f"{partial[0].upper()}{partial[1:]}, which need not hold the whole roster. "
            if partial
            else ""
        )
        rules = f"{not_run(skipped)}. " if skipped else ""
        return f"{cause}{rules}What could be checked is below."
    held = [
        f"{number(state.blocked)} of {counted(state.total, kind)}"
        for kind, state in report.readiness.items()
        if kind in ("students", "teachers") and state.blocked
    ]
    if report.verdict is Verdict.NOT_READY:
        return f"As it stands, {joined(held)} would not get a working account." if held else ""
    accounts = sum(
        outcome.status is Status.FOUND
        and outcome.level is Level.WARNING
        and outcome.rule.topic == "accounts"
        for outcome in report.outcomes
    )
    first = (
        f"Nothing must be fixed first, but {counted(accounts, 'things')} about accounts should be fixed before "
        "anybody signs in."
        if accounts
        else "Nothing in these files keeps a student or teacher from signing in."
    )
    facts = report.levels()[Level.ADVICE]
    return (
        f"{first} {more(facts, 'thing')} {'is' if facts == 1 else 'are'} good to know."
        if facts
        else first
    )


def not_run(count: int) -> str:
    """How many checks were not run, without a full stop."""
    return f"{counted(count, 'checks')} {'was' if count == 1 else 'were'} not run"


def stepwise(report: Report) -> list[str]:
    """The kinds of people of whom signing in asks anything."""
    return [kind for kind, state in report.readiness.items() if len(state.steps) > 2]


def _plain(settings: object) -> dict[str, int | float | str]:
    pairs = settings.items() if hasattr(settings, "items") else ()
    return {key: value for key, value in pairs if isinstance(value, int | float | str)}


def _shown(value: int | float | str) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return number(value)
    return re.sub(r"^>(?=\d)", "more than ", re.sub(r"^<(?=\d)", "fewer than ", str(value)))


def _named(count: int, most: int) -> int:
    """How many are named before the rest are counted: never is one only counted, which could be named instead."""
    return count if count <= most + 1 else most


def _lines_in_file(file: str, blocks: Sequence[Places], most: int) -> str:
    import numpy as np  # `explain` starts without it

    listed = [block for block in blocks if block.listed and len(block)]
    seen = np.zeros(
        max((int(block.lines.max()) for block in listed), default=0) + 1, bool
    )  # np.unique takes seconds
    for block in listed:
        seen[block.lines] = True
    seen[0] = False  # the file as a whole
    lines = np.flatnonzero(seen)
    if not len(lines):
        return file
    named, ends = _named(len(lines), most), dict[int, int]()
    for block in blocks:
        if block.end_lines is not None:
            told = np.isin(block.lines, lines[:named])
            ends |= zip(block.lines[told].tolist(), block.end_lines[told].tolist(), strict=True)
    names = [line_text(int(line), ends.get(int(line))) for line in lines[:named]]
    rest = len(lines) - len(names)
    names += [f"{number(rest)} more"] if rest else []
    return (
        f"{file}, {'line' if len(names) == 1 and '-' not in names[0] else 'lines'} {joined(names)}"
    )
