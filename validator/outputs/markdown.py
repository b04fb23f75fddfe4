"""Markdown for a CI job's summary or a message: the answer, what was found, what was not checked; always masked."""

from __future__ import annotations

import re
from collections.abc import Sequence

from validator import wording
from validator.followup import gate
from validator.model import Level, Outcome, Report, Status, Verdict
from validator.privacy import small_groups

SIGNS = {Verdict.NOT_READY: "❌", Verdict.COULD_NOT_TELL: "❓", Verdict.READY: "✅"}
MOST = 200
"""Rows of a table; a summary has room for a megabyte."""

LONGEST = 600

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+!|~$&@])")
_HIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]+")


def render(report: Report) -> bytes:
    """The report as UTF-8 Markdown."""
    held = small_groups.masked(report)
    parts = [
        f"## {SIGNS[held.verdict]} {safe(wording.verdict(held))}",
        safe(wording.verdict_detail(held)),
        _about(held),
        _ready(held),
        _found(held),
        _first(held),
        _unchecked(held),
    ]
    return ("\n\n".join(part for part in parts if part) + "\n").encode("utf-8", "replace")


def safe(text: str) -> str:
    """The text as Markdown that shows it as it is, on one line, whatever it holds."""
    plain = _HIDDEN.sub(" ", text)
    plain = plain if len(plain) <= LONGEST else plain[:LONGEST] + "…"
    return _SPECIAL.sub(
        lambda found: {"<": "&lt;", ">": "&gt;", "&": "&amp;", "@": "&#64;", "|": "&#124;"}.get(
            found[1], "\\" + found[1]
        ),
        plain,
    )


def _about(report: Report) -> str:
    checked = f"{safe(report.district)}, checked" if report.district else "Checked"
    allowed = (
        f" {wording.counted(len(report.gate.allowed), 'rules')} allowed some."
        if report.gate.allowed
        else ""
    )
    failing = gate.failing(report)
    fails = (
        f" Failing: {wording.joined([f'`{outcome.rule.id}`' for outcome in failing])}.{allowed}"
        if failing
        else ""
    )
    spared = f" {safe(gate.spared(report))}".rstrip()
    return f"{checked} as of {wording.day(report.as_of)}, rosterready {safe(report.version)}.{fails}{spared}"


def _table(names: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(cells)} |" for cells in (names, ["---"] * len(names), *rows[:MOST])]
    if len(rows) > MOST:
        lines.append(f"\n{wording.number(len(rows) - MOST)} more are in the other reports.")
    return "\n".join(lines)


def _ready(report: Report) -> str:
    """Who could sign in, per kind."""
    rows = [
        [
            kind.capitalize(),
            wording.number(state.ready),
            wording.number(state.blocked),
            wording.number(state.unknown),
            wording.number(state.total),
        ]
        for kind, state in report.readiness.items()
        if state.total
    ]
    return _table(["", "Ready", "Held back", "Unknown", "In all"], rows) if rows else ""


def _found(report: Report) -> str:
    """All that was found, the worst first."""
    found = [outcome for outcome in report.outcomes if outcome.status is Status.FOUND]
    found.sort(key=lambda outcome: (outcome.level.rank, -outcome.count))
    rows = [
        [
            wording.LEVELS[outcome.level],
            safe(wording.sentence(outcome)),
            safe(wording.where(outcome)),
            wording.OWNERS[outcome.rule.owner] if outcome.level is not Level.FACT else "",
            f"`{outcome.rule.id}`",
        ]
        for outcome in found
    ]
    return _table(["Level", "What", "Where", "Who", "Rule"], rows) if rows else "Nothing was found."


def _first(report: Report) -> str:
    """Why the failing ones matter and how they are fixed, to unfold."""
    return "\n\n".join(_why(outcome) for outcome in gate.failing(report)[:MOST])


def _why(outcome: Outcome) -> str:
    rule = outcome.rule
    source = f" [Source]({rule.source})" if re.fullmatch(r"https://[^\s()<>]+", rule.source) else ""
    return (
        f"<details><summary>{safe(wording.sentence(outcome))}</summary>\n\n{safe(rule.why)} "
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
    return f"### {wording.not_run(len(left))}\n\n{_table(['What', 'Why'], rows)}"
