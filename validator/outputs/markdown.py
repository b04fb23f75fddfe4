"""Markdown for a CI job's summary or a message; always masked."""

from __future__ import annotations

import re
from collections.abc import Sequence

from validator import wording
from validator.followup import gate
from validator.model import Level, Outcome, Report, Status, Verdict
from validator.privacy.masking import MaskedReport
from validator.text import escape_markdown

SIGNS = {Verdict.NOT_READY: "❌", Verdict.COULD_NOT_TELL: "❓", Verdict.READY: "✅"}
MOST = 200
"""Rows of a table; a summary has room for a megabyte."""

LONGEST = 600


def render(report: MaskedReport) -> bytes:
    """Return the report as UTF-8 Markdown."""
    parts = [
        f"## {SIGNS[report.verdict]} {safe(wording.describe_verdict(report))}",
        safe(wording.explain_verdict(report)),
        _about(report),
        _ready(report),
        _found(report),
        _first(report),
        _unchecked(report),
    ]
    return ("\n\n".join(part for part in parts if part) + "\n").encode("utf-8", "replace")


def safe(text: str) -> str:
    """Return the text as one line of Markdown that shows it literally, cut where it is long."""
    return escape_markdown(text if len(text) <= LONGEST else f"{text[:LONGEST]}…")


def _about(report: Report) -> str:
    checked = f"{safe(report.district)}, checked" if report.district else "Checked"
    allowed = (
        f" {wording.format_count(len(report.gate.allowed), 'rules')} allowed some."
        if report.gate.allowed
        else ""
    )
    failing = gate.failing(report)
    fails = (
        f" Failing: {wording.join_words([f'`{outcome.rule.id}`' for outcome in failing])}.{allowed}"
        if failing
        else ""
    )
    spared = f" {safe(gate.spared(report))}".rstrip()
    day, version = wording.format_date(report.as_of), safe(report.version)
    return f"{checked} as of {day}, rosterready {version}.{fails}{spared}"


def _table(names: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(cells)} |" for cells in (names, ["---"] * len(names), *rows[:MOST])]
    if len(rows) > MOST:
        lines.append(f"\n{wording.format_number(len(rows) - MOST)} more are in the other reports.")
    return "\n".join(lines)


def _ready(report: Report) -> str:
    """Return how many could sign in, per kind."""
    rows = [
        [
            kind.capitalize(),
            wording.format_number(state.ready),
            wording.format_number(state.blocked),
            wording.format_number(state.unknown),
            wording.format_number(state.total),
        ]
        for kind, state in report.readiness.items()
        if state.total
    ]
    return _table(["", "Ready", "Held back", "Unknown", "In all"], rows) if rows else ""


def _found(report: Report) -> str:
    """Return all findings, the worst first."""
    findings = [outcome for outcome in report.outcomes if outcome.status is Status.FOUND]
    findings.sort(key=lambda outcome: (outcome.level.rank, -outcome.count))
    rows = [
        [
            wording.LEVELS[outcome.level],
            safe(wording.describe(outcome)),
            safe(wording.describe_place(outcome)),
            wording.OWNERS[outcome.rule.owner] if outcome.level is not Level.FACT else "",
            f"`{outcome.rule.id}`",
        ]
        for outcome in findings
    ]
    return _table(["Level", "What", "Where", "Who", "Rule"], rows) if rows else "Nothing was found."


def _first(report: Report) -> str:
    """Return why the failing ones matter and how they are fixed, to unfold."""
    return "\n\n".join(_why(outcome) for outcome in gate.failing(report)[:MOST])


def _why(outcome: Outcome) -> str:
    rule = outcome.rule
    source = f" [Source]({rule.source})" if re.fullmatch(r"https://[^\s()<>]+", rule.source) else ""
    return (
        f"<details><summary>{safe(wording.describe(outcome))}</summary>\n\n{safe(rule.why)} "
        f"**Fix:** {safe(rule.fix)}{source}\n\n</details>"
    )


def _unchecked(report: Report) -> str:
    left = [
        outcome for outcome in report.outcomes if outcome.status in (Status.SKIPPED, Status.BROKEN)
    ]
    if not left:
        return ""
    rows = [
        [safe(outcome.rule.title), safe(outcome.reason or wording.STATUSES[outcome.status])]
        for outcome in left
    ]
    return f"### {wording.describe_not_run(len(left))}\n\n{_table(['What', 'Why'], rows)}"
