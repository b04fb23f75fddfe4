"""The rows of the last work-list that are done, still found, or gone, in sentences."""

from __future__ import annotations

from validator import wording
from validator.model import Report


def describe_progress(report: Report) -> list[str]:
    """Say what became of the last work-list, in sentences; empty if there was none."""
    followup = report.followup
    if followup is None:
        return []
    lines = []
    if followup.done:
        lines.append(f"{_rows_are(followup.done, 'marked done')} no longer found.")
    titles = {outcome.rule.id: outcome.rule.title for outcome in report.outcomes}
    for rule, count in sorted(followup.still.items(), key=lambda item: (-item[1], item[0])):
        title = titles.get(rule, rule)
        lines.append(f"{_rows_are(count, 'marked done')} still found: {title}.")
    if followup.gone:
        lines.append(f"{_rows_are(followup.gone, 'without a mark')} no longer found either.")
    if followup.accepted:
        lines.append(f"{_rows_are(followup.accepted, 'marked not a problem')} kept as marked.")
    if followup.not_checked:
        lines.append(
            f"{_rows_are(followup.not_checked, 'not checked this time')} not carried over: "
            "keep the last workbook."
        )
    return lines or ["Nothing in it was marked, and all of it is still found."]


def _rows_are(count: int, described: str) -> str:
    verb = "is" if count == 1 else "are"
    return f"{wording.format_count(count, 'rows')} {described} {verb}"
