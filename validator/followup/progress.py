"""The progress since the last work-list, in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from validator import files, wording
from validator.followup.columns import FINISHED_SHEET, WAITING_SHEET
from validator.model import FollowUp, Report

KEYS = {
    "done": "done",
    "gone": "gone",
    "accepted": "not_a_problem",
    "not_checked": "not_looked_at",
    "new": "new",
    "unclear": "unclear",
}
"""Fields of a follow-up, and their names in the JSON report."""

NAMED = 3
"""Problems that are named among those marked done and still found."""


def describe_progress(report: Report) -> list[str]:
    """Follow up the last work-list: rows done, still found and new; empty without one."""
    titles = {outcome.rule.id: outcome.rule.title for outcome in report.outcomes}
    return describe_counts(report.followup, titles)


def read_counts(document: Mapping[str, Any]) -> FollowUp | None:
    """Return the last work-list's follow-up in a JSON report, None where it has none."""
    counts = document.get("worklist")
    if not isinstance(counts, dict) or not isinstance(counts.get("still_found", {}), dict):
        return None
    numbers = {name: counts.get(key, 0) for name, key in KEYS.items()}
    still = counts.get("still_found", {})
    if not all(map(files.is_count, [*numbers.values(), *still.values()])):
        return None
    return FollowUp(**numbers, still=still)


def describe_counts(followup: FollowUp | None, titles: Mapping[str, str]) -> list[str]:
    """Follow up the last work-list: say what became of it, with the rules' titles by id."""
    if followup is None:
        return []
    lines = [
        _count(followup.done, "marked done", "no longer found"),
        _describe_still(followup, titles),
        _count(followup.new, "", "new"),
        _count(followup.gone, "without a mark", "no longer found either"),
        _count(followup.accepted, "marked not a problem", "no longer counted as open"),
        _describe_waiting(followup.not_checked),
        _describe_unclear(followup),
    ]
    if followup.finished:
        lines.append(f"The notes of rows that are no longer found are on {FINISHED_SHEET}.")
    return [line for line in lines if line] or ["All of it is still found, and nothing is new."]


def _describe_still(followup: FollowUp, titles: Mapping[str, str]) -> str:
    """Follow up the last work-list: say which rows marked done are found again, most first."""
    if not followup.still:
        return ""
    ranked = sorted(followup.still.items(), key=lambda item: (-item[1], item[0]))
    named = [f"{titles.get(rule, rule)} ({count})" for rule, count in ranked[:NAMED]]
    rest = sum(count for _, count in ranked[NAMED:])
    named += [f"others ({rest})"] if rest else []
    count = _count(sum(followup.still.values()), "marked done", "still found")
    return f"{count.rstrip('.')}: {'; '.join(named)}."


def _describe_waiting(count: int) -> str:
    """Follow up the last work-list: say how many rows could not be checked, and where they are."""
    rows = wording.format_count(count, "rows")
    return f"{rows} could not be checked this time: see the sheet {WAITING_SHEET}." if count else ""


def _describe_unclear(followup: FollowUp) -> str:
    """Follow up the last work-list: ask about words in Status that could mean anything."""
    if not followup.unclear:
        return ""
    rows = wording.format_count(followup.unclear, "rows")
    verb, them = ("has", "it counts") if followup.unclear == 1 else ("have", "they count")
    return (
        f"{rows} {verb} another word in Status than those of its list: {them} as to do, and the "
        "word is in Note. Is it done, or not a problem?"
    )


def _count(count: int, described: str, state: str) -> str:
    """Follow up the last work-list: say how many rows have a state; "" for none."""
    if not count:
        return ""
    verb = "is" if count == 1 else "are"
    words = [wording.format_count(count, "rows"), described, verb, state]
    return f"{' '.join(word for word in words if word)}."
