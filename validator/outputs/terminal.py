"""The summary on the screen: the answer, then what to fix first."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping

from validator import wording
from validator.followup import gate, history
from validator.followup.progress import describe_progress
from validator.model import MIDYEAR, Diagnosis, Level, Outcome, Report, Status, Verdict, dataclass
from validator.outputs.priorities import Problem, list_to_fix, list_to_fix_for
from validator.privacy import values
from validator.text import ASCII, escape_terminal, remove_invisible

MOST = 8
"""Problems listed on the screen; the rest are in the reports."""

MOST_NOTES = 3
"""Column headings or files that are named in one finding."""

NOTED = {"column": "heading", "file": "file"}
"""What rules count whose notes are shown -> its noun."""

SHORT = 5
"""Problems named for each of several apps."""

UNNAMED = "These reports do not name the district. To add its name, use --district NAME."
"""The line under the list of reports on the screen if the district was not named."""

RED, GREEN, YELLOW, BOLD, DIM = "31", "32", "33", "1", "2"
VERDICTS = {
    Verdict.NOT_READY: ("NOT READY", RED),
    Verdict.COULD_NOT_TELL: ("COULD NOT TELL", YELLOW),
    Verdict.READY: ("READY", GREEN),
}
LEVEL_COLORS = {Level.BLOCKER: RED, Level.WARNING: YELLOW, Level.ADVICE: DIM, Level.FACT: DIM}
SIGNS = {Level.BLOCKER: "✗", Level.WARNING: "!", Level.ADVICE: "·", Level.FACT: "·"}


def render(
    report: Report,
    paths: Mapping[str, str],
    *,
    color: bool = False,
    width: int = 80,
    unicode: bool = True,
    contents: Mapping[str, str] | None = None,
) -> str:
    """Render the summary for the terminal; the internal edition names records by their ids.

    `paths`: where each report is, by kind; `contents`: what it holds.
    """
    page = _Page(color, max(40, min(width, 110)), unicode)
    sign, paint = VERDICTS[report.verdict]
    lines = [
        page.paint(sign, BOLD, paint),
        *page.wrap(wording.describe_verdict(report)),
        *page.wrap(wording.explain_verdict(report)),
        *page.wrap(gate.explain_pass(report)),
        *page.wrap(history.describe_changes(report.history, report)),
    ]
    if report.phase != MIDYEAR:
        lines += page.wrap(f"Judged for {wording.PHASES[report.phase]}.")
    first = list_to_fix(report)[:MOST]
    if len(report.by_profile) > 1:
        lines += _render_apps(page, report)
    lines += _render_problems(page, report, first)
    lines += ["", *_render_counts(page, report, len(first)), *_render_unchecked(page, report)]
    lines += _render_followup(page, report)
    lines += [line for error in report.errors for line in page.wrap(error)]
    lines += _render_reports(page, paths, contents or {})
    if "html" in paths and not report.district:
        lines += page.wrap(UNNAMED, "  ")
    mends = wording.describe_mends(report)
    lines += ["", page.safe(mends)] if mends else []
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _render_reports(
    page: _Page, paths: Mapping[str, str], contents: Mapping[str, str]
) -> list[str]:
    """Render the lines of the terminal report about where the reports are."""
    if not paths:
        return []
    lines = ["", page.paint("Reports", BOLD)]
    for kind, path in paths.items():
        lines += [page.safe(f"  {path}"), *page.wrap(contents.get(kind, ""), "    ")]
    return lines


def _render_problems(page: _Page, report: Report, first: list[Problem]) -> list[str]:
    """Render the lines of the terminal report about what to fix first."""
    if not first:
        return []
    is_advice = first[0].level is Level.ADVICE
    lines = ["", page.paint("Good to know" if is_advice else "Fix first", BOLD)]
    for outcome in first:
        if isinstance(outcome, Diagnosis):
            lines += page.diagnosis(outcome, wording.describe_mend(report, outcome.id))
            continue
        lines += page.problem(
            outcome,
            wording.describe_people(report, outcome),
            _say(gate.describe_allowance(report, outcome)),
            _render_notes(report, outcome),
            "" if values.is_masked(report) else _render_ids(report, outcome),
            wording.describe_mend(report, outcome.rule.id),
            wording.describe_route(report, outcome),
            wording.describe_apps(report, outcome),
        )
    return lines


def _render_apps(page: _Page, report: Report) -> list[str]:
    """Return the list of each app in short; the problems are explained below, each once."""
    lines = []
    for result in report.by_profile.values():
        problems = list_to_fix_for(report, result)
        sign, paint = VERDICTS[result.verdict]
        counted = _join_levels(result.levels) or "nothing to fix"
        lines += ["", f"{page.paint(sign, BOLD, paint)} {page.safe(result.profile.title)}"]
        lines += page.wrap(f"{counted}.", "  ")
        for number, problem in enumerate(problems[:SHORT], 1):
            lines += page.wrap(f"{number}. {_name(problem)}", "    ")
        rest = sum(result.levels.values()) - len(problems[:SHORT])
        if rest > 0:
            lines += page.wrap(f"{wording.format_more(rest, 'finding')}.", "    ")
    return lines


def _say(text: str) -> str:
    """Render some words as a sentence on the terminal."""
    return f"{text[0].upper()}{text[1:]}." if text else ""


def _name(problem: Problem) -> str:
    """Return the title and the id of a problem in the terminal report."""
    if isinstance(problem, Diagnosis):
        return f"{problem.text.title.rstrip('.')} ({problem.id})"
    return f"{wording.describe(problem)} ({problem.rule.id})"


def _join_levels(levels: Mapping[Level, int]) -> str:
    """Return how many problems the terminal summary counts at each level: `3 must fix`."""
    return wording.join_words(
        [
            f"{wording.format_number(count)} {wording.LEVELS[level].lower()}"
            for level, count in levels.items()
            if count
        ]
    )


def _render_followup(page: _Page, report: Report) -> list[str]:
    """Render the lines of the terminal report about the last work-list."""
    sentences = describe_progress(report)
    if not sentences:
        return []
    lines = ["", page.paint("Since the last work-list", BOLD)]
    for sentence in sentences:
        lines += page.wrap(sentence, "  ")
    return lines


def _render_notes(report: Report, outcome: Outcome) -> str:
    """Render for the terminal what is noted on the headings or files that a finding is about.

    A heading that may hold somebody's name is `column 7`.
    """
    kind = outcome.rule.counts
    if kind not in NOTED:
        return ""
    rows = values.list_places(report, outcome, MOST_NOTES)
    names = [row.column if kind == "column" else row.file for row in rows]
    named = [
        f"{remove_invisible(name).strip()}: {row.note}"
        for name, row in zip(names, rows, strict=True)
        if name and row.note
    ]
    rest = outcome.count - len(named)
    more = [wording.format_more(rest, NOTED[kind])] if named and rest > 0 else []
    return f"{'; '.join([*named, *more])}." if named else ""


def _render_ids(report: Report, outcome: Outcome) -> str:
    """Render the ids of a finding's first records in the terminal report, for the district only."""
    keys = list(
        dict.fromkeys(row.key for row in values.list_places(report, outcome, MOST) if row.key)
    )
    more = ["..."] if keys and values.count_listed(outcome) > MOST else []
    return f"Ids: {', '.join(keys + more)}." if keys else ""


def _render_counts(page: _Page, report: Report, shown: int) -> list[str]:
    """Return how many problems the terminal report counts; those `shown` and the others add up
    to all."""
    levels = report.levels()
    passed = sum(outcome.status is Status.PASSED for outcome in report.outcomes)
    waived = sum(outcome.status is Status.WAIVED for outcome in report.outcomes)
    rest = sum(levels.values()) - shown
    are = "is" if rest == 1 else "are"
    more = f" {wording.format_more(rest, 'finding')} {are} in the reports." if rest > 0 else ""
    accepted = f" Accepted by the district: {wording.format_number(waived)}." if waived else ""
    counted = _join_levels(levels) or "Nothing to fix"
    if len(report.by_profile) > 1:
        counted = f"{wording.format_count(sum(levels.values()), 'findings')} in all"
    checks = f"{wording.format_number(passed)} checks passed."
    return page.wrap(f"{counted[:1].upper()}{counted[1:]}; {checks}{accepted}{more}")


def _render_unchecked(page: _Page, report: Report) -> list[str]:
    """Return the lines on rules that were not checked, by reason."""
    reasons: dict[str, int] = {}
    for outcome in report.outcomes:
        if outcome.status in (Status.SKIPPED, Status.BROKEN):
            reason = outcome.reason or wording.STATUSES[outcome.status]
            reasons[reason] = reasons.get(reason, 0) + 1
    if not reasons:
        return []
    lines = page.wrap(f"{wording.describe_not_run(sum(reasons.values()))}:")
    for reason, count in sorted(reasons.items(), key=lambda item: -item[1])[:MOST]:
        lines += page.wrap(f"{reason.rstrip('.')} ({wording.format_count(count, 'checks')}).", "  ")
    return lines


@dataclass(frozen=True)
class _Page:
    """How this terminal shows text."""

    color: bool
    width: int
    unicode: bool

    def safe(self, text: str) -> str:
        """Return a text for the terminal report without steering characters."""
        text = escape_terminal(text)
        if self.unicode:
            return text
        return text.translate(ASCII).encode("ascii", "backslashreplace").decode("ascii")

    def paint(self, text: str, *codes: str) -> str:
        """Return the text in color, where the terminal has colors."""
        safe = self.safe(text)
        return f"\x1b[{';'.join(codes)}m{safe}\x1b[0m" if self.color and text else safe

    def wrap(self, text: str, indent: str = "") -> list[str]:
        """Return the text in lines no longer than the terminal is wide."""
        return textwrap.wrap(
            self.safe(text),
            self.width,
            initial_indent=indent,
            subsequent_indent=indent,
            break_long_words=False,
            break_on_hyphens=False,
        )

    def problem(self, outcome: Outcome, explains: str, ids: str, *more: str) -> list[str]:
        """Return a problem: what, where, why, how to fix it, who does, and its rule."""
        rule = outcome.rule
        what, where = f"{wording.describe(outcome)}.", wording.describe_place(outcome)
        parts: Iterable[str] = (
            f"{what} {where}." if where else what,
            ids,
            explains,
            rule.why,
            wording.describe_waived(outcome),
            f"Fix: {rule.fix}" if rule.fix else "",
            *more,
            f"Who: {wording.OWNERS[rule.owner]}.",
        )
        return self._lines(rule.id, outcome.level, what, parts=parts)

    def diagnosis(self, diagnosis: Diagnosis, mend: str) -> list[str]:
        """Render a diagnosis in the terminal report: what happened, where, evidence, fix, owner."""
        text = diagnosis.text
        what = f"{text.title.rstrip('.')}."
        where = f"{wording.describe_damage(diagnosis)}."
        people = diagnosis.people
        holds = f"This holds back {wording.format_count(people, 'people')}." if people else ""
        parts = (
            what,
            holds,
            where,
            f"{diagnosis.evidence.rstrip('.')}.",
            text.why,
            f"Fix: {text.fix}",
            mend,
            f"Who: {wording.OWNERS[text.owner]}.",
        )
        return self._lines(diagnosis.id, diagnosis.level, what, parts=parts)

    def _lines(self, id: str, level: Level, what: str, *, parts: Iterable[str]) -> list[str]:
        """Render one problem as lines of the terminal report."""
        lines = self.wrap(" ".join(part for part in parts if part), "    ")
        lines[0] = lines[0].replace(self.safe(what), self.paint(what, BOLD), 1)
        sign = self.paint(SIGNS[level], LEVEL_COLORS[level])
        lines[0] = f"  {sign} {lines[0][4:]}"
        return [*lines, f"    {self.paint(id, DIM)}"]
