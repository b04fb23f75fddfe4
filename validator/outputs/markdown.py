"""Markdown for a CI job's summary or a message; always masked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from validator import wording
from validator.followup import gate
from validator.model import (
    Diagnosis,
    Level,
    Outcome,
    ProfileResult,
    Readiness,
    Report,
    Status,
    Verdict,
)
from validator.outputs.priorities import list_to_fix_for
from validator.privacy.masking import MaskedReport
from validator.text import defuse_commands, escape_markdown

SIGNS = {Verdict.NOT_READY: "❌", Verdict.COULD_NOT_TELL: "❓", Verdict.READY: "✅"}
MOST = 200
"""Rows of a table; a summary has room for a megabyte."""

LONGEST = 600

APP_FIRST = 5
"""Problems named for each of several apps."""


def render(report: MaskedReport) -> bytes:
    """Render the report as UTF-8 Markdown."""
    parts = [
        f"## {SIGNS[report.verdict]} {escape_text(wording.describe_verdict(report))}",
        escape_text(wording.explain_verdict(report)),
        _render_about(report),
        *_render_ready(report),
        _render_diagnoses(report),
        _render_findings(report),
        _render_first(report),
        _render_unchecked(report),
    ]
    text = "\n\n".join(part for part in parts if part) + "\n"
    return defuse_commands(text).encode("utf-8", "replace")


def escape_text(text: str) -> str:
    """Return the text as one line of Markdown that shows it literally, cut where it is long."""
    return escape_markdown(text if len(text) <= LONGEST else f"{text[:LONGEST]}…")


def _render_about(report: Report) -> str:
    """Render in Markdown what was checked, and how much the gate allowed."""
    checked = f"{escape_text(report.district)}, checked" if report.district else "Checked"
    allowed = (
        f" {wording.format_count(len(report.gate.allowed), 'rules')} allowed some."
        if report.gate.allowed
        else ""
    )
    failing = gate.list_failing(report)
    fails = (
        f" Failing: {wording.join_words([f'`{name}`' for name in failing])}.{allowed}"
        if failing
        else ""
    )
    spared = f" {escape_text(gate.explain_pass(report))}".rstrip()
    day, version = wording.format_date(report.as_of), escape_text(report.version)
    return f"{checked} as of {day}, rosterready {version}.{fails}{spared}"


def _render_table(names: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Render a table in Markdown, with its first rows."""
    lines = [f"| {' | '.join(cells)} |" for cells in (names, ["---"] * len(names), *rows[:MOST])]
    if len(rows) > MOST:
        lines.append(f"\n{wording.format_number(len(rows) - MOST)} more are in the other reports.")
    return "\n".join(lines)


def _render_ready(report: Report) -> list[str]:
    """Render in Markdown how many could sign in, per kind and app."""
    if len(report.by_profile) < 2:
        return [_render_readiness(report.readiness)]
    parts = []
    for result in report.by_profile.values():
        table = _render_readiness(result.readiness)
        parts += [f"### {escape_text(result.profile.title)}", table, _list_first(report, result)]
    return parts


def _render_readiness(readiness: Mapping[str, Readiness]) -> str:
    """Return the Markdown table of how many are ready."""
    rows = [
        [
            kind.capitalize(),
            wording.format_number(state.ready),
            wording.format_number(state.blocked),
            wording.format_number(state.unknown),
            wording.format_number(state.total),
        ]
        for kind, state in readiness.items()
        if state.total
    ]
    return _render_table(["", "Ready", "Held back", "Unknown", "In all"], rows) if rows else ""


def _list_first(report: Report, result: ProfileResult) -> str:
    """Return what to fix first for one app, in short."""
    names = []
    for problem in list_to_fix_for(report, result)[:APP_FIRST]:
        if isinstance(problem, Diagnosis):
            names.append(f"{escape_text(problem.text.title.rstrip('.'))} (`{problem.id}`)")
        else:
            names.append(f"{escape_text(wording.describe(problem))} (`{problem.rule.id}`)")
    return "\n".join(f"{number}. {name}" for number, name in enumerate(names, 1))


def _render_diagnoses(report: Report) -> str:
    """Return what happened to the files, the worst first."""
    rows = [
        [
            wording.LEVELS[each.level] if each.sure else "Possible",
            escape_text(gate.add_allowance(report, each, wording.describe_diagnosis(each))),
            escape_text(wording.describe_damage(each)),
            wording.OWNERS[each.text.owner],
            f"`{each.id}`",
        ]
        for each in report.diagnoses
    ]
    return (
        _render_table(["Level", "What happened", "Where", "Who", "Diagnosis"], rows) if rows else ""
    )


def _render_findings(report: Report) -> str:
    """Render in Markdown all findings, the worst first."""
    order = {name: place for place, name in enumerate(report.priorities)}
    findings = sorted(
        report.findings(),
        key=lambda it: (it.level.rank, order.get(it.rule.id, len(order)), -it.count),
    )
    rows = [
        [
            wording.LEVELS[outcome.level],
            escape_text(gate.add_allowance(report, outcome, wording.describe(outcome))),
            escape_text(wording.describe_place(outcome)),
            wording.OWNERS[outcome.rule.owner] if outcome.level is not Level.FACT else "",
            f"`{outcome.rule.id}`",
        ]
        for outcome in findings
    ]
    if rows:
        return _render_table(["Level", "What", "Where", "Who", "Rule"], rows)
    return "" if report.diagnoses else "Nothing was found."


def _render_first(report: Report) -> str:
    """Return why the failing ones matter and how they are fixed, to unfold."""
    parts = [_explain_diagnosis(each) for each in gate.list_failing_diagnoses(report)]
    parts += [_explain_finding(outcome) for outcome in gate.list_failing_outcomes(report)]
    return "\n\n".join(parts[:MOST])


def _explain_diagnosis(diagnosis: Diagnosis) -> str:
    """Render in Markdown the details of a diagnosis."""
    text = diagnosis.text
    return (
        f"<details><summary>{escape_text(text.title)}</summary>\n\n{escape_text(text.why)} "
        f"**Fix:** {escape_text(text.fix)}\n\n</details>"
    )


def _explain_finding(outcome: Outcome) -> str:
    """Render in Markdown the details of a finding."""
    rule = outcome.rule
    source = f" [Source]({rule.source})" if re.fullmatch(r"https://[^\s()<>]+", rule.source) else ""
    title, why = escape_text(wording.describe(outcome)), escape_text(rule.why)
    return (
        f"<details><summary>{title}</summary>\n\n{why} "
        f"**Fix:** {escape_text(rule.fix)}{source}\n\n</details>"
    )


def _render_unchecked(report: Report) -> str:
    """Render in Markdown what could not be checked."""
    left = [
        outcome for outcome in report.outcomes if outcome.status in (Status.SKIPPED, Status.BROKEN)
    ]
    if not left:
        return ""
    rows = [
        [
            escape_text(outcome.rule.title),
            escape_text(outcome.reason or wording.STATUSES[outcome.status]),
        ]
        for outcome in left
    ]
    return f"### {wording.describe_not_run(len(left))}\n\n{_render_table(['What', 'Why'], rows)}"
