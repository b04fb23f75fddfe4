"""Small groups of people, whose numbers masked editions hide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from validator.model import Finding, Outcome, Report
from validator.privacy import public_values

FEWEST = 10
"""The number of a group of fewer people is hidden; the smallest cell of most states' reports."""

PARTS = ("under", "over")
"""Figures that add up to a whole: whoever knows all but one knows the last."""

WITHIN = {"turning": "under"}
"""Figure -> the figure of which it is a part."""


def hide(report: Report) -> Report:
    """Return the report without small groups of a breakdown, and without what gives them away."""
    outcomes = [_hide(outcome) for outcome in report.outcomes]
    breakdowns = {outcome.rule.id for outcome in outcomes if is_breakdown(outcome)}
    by_school = {
        rule: counts for rule, counts in report.by_school.items() if rule not in breakdowns
    }
    by_profile = {
        name: replace(result, outcomes=[_hide(outcome) for outcome in result.outcomes])
        for name, result in report.by_profile.items()
    }
    return replace(report, outcomes=outcomes, by_school=by_school, by_profile=by_profile)


def is_breakdown(outcome: Outcome) -> bool:
    """Return whether a rule counts people by age, gender, race or the like and lists no record."""
    return not outcome.rule.lists and any(
        public_values.privacy_class(table, column)[0] == "sensitive"
        for table, columns in outcome.rule.reads.items()
        for column in columns
    )


def numbers(parts: Mapping[str, int]) -> dict[str, int | str]:
    """Return the parts of a whole as anybody may see them.

    `<10` for small ones, `>485` for the one that would give them away.
    """
    small = [name for name, count in parts.items() if 0 < count < FEWEST]
    if not small:
        return dict(parts)
    rest = max(
        (name for name in parts if name not in small and parts[name]),
        key=lambda name: parts[name],
        default="",
    )
    hidden = parts.get(rest, 0) + sum(parts[name] for name in small)
    shown: dict[str, int | str] = {**parts, **dict.fromkeys(small, f"<{FEWEST}")}
    if rest:
        shown[rest] = f">{max(hidden - FEWEST * len(small), 0):,}"
    return shown


def _hide(outcome: Outcome) -> Outcome:
    finding = outcome.finding
    if finding is None or hides_count(finding) or not is_breakdown(outcome):
        return outcome
    figures = _figures(finding)
    if figures == finding.figures:
        return outcome
    return replace(outcome, finding=replace(finding, figures=figures), found={}, waived=0)


def hides_count(finding: Finding | None) -> bool:
    """Return whether the count of a finding is hidden; its words then have it as a figure."""
    return finding is not None and "count" in finding.figures


def _figures(finding: Finding) -> dict[str, int | str]:
    """Return the figures, with `count` among them where the count is hidden."""
    counts = {name: value for name, value in finding.figures.items() if isinstance(value, int)}
    parts = {name: counts[name] for name in PARTS if name in counts} or {
        "count": finding.count,
        "others": finding.of - finding.count,
    }
    shown = numbers(parts)
    for name, whole in WITHIN.items():
        if name in counts and whole in counts:
            shown[name] = _within(counts[name], counts[whole], shown[whole])
    counted = next((name for name in parts if parts[name] == finding.count), "")
    shown["count"] = shown.get(counted, f"<{FEWEST}")
    return {
        **finding.figures,
        **{name: text for name, text in shown.items() if isinstance(text, str)},
    }


def _within(part: int, whole: int, whole_shown: int | str) -> int | str:
    """Return a part of a part, hidden where it is small or would give the whole away."""
    if part and not isinstance(whole_shown, int):
        return f"<{FEWEST}" if part < FEWEST else whole_shown
    return numbers({"part": part, "rest": whole - part})["part"]
