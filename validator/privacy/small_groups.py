"""Figures that break people down by what is sensitive: in masked editions no small group can be told from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from validator.model import Finding, Outcome, Report
from validator.privacy import public_values

FEWEST = 10
"""A group of fewer people is never told by its number; our own measure, the smallest cell of most states' reports."""

PARTS = ("under", "over")
"""Figures that together are all of whom it is known: whoever knows all but one knows that one."""

WITHIN = {"turning": "under"}
"""Figures of a part of a part."""


def hide(report: Report) -> Report:
    """Return the report without small groups of a breakdown, and without what gives them away."""
    outcomes = [_hide(outcome) for outcome in report.outcomes]
    breakdowns = {outcome.rule.id for outcome in outcomes if is_breakdown(outcome)}
    by_school = {
        rule: counts for rule, counts in report.by_school.items() if rule not in breakdowns
    }
    return replace(report, outcomes=outcomes, by_school=by_school)


def is_breakdown(outcome: Outcome) -> bool:
    """Whether a rule does not list records but tells how many people are of which age, gender, race or the like."""
    return not outcome.rule.lists and any(
        public_values.privacy_class(table, column)[0] == "sensitive"
        for table, columns in outcome.rule.reads.items()
        for column in columns
    )


def numbers(parts: Mapping[str, int]) -> dict[str, int | str]:
    """The parts of a whole as others may see them: `<10` for small ones, `>485` for the one they would follow from."""
    small = [name for name, count in parts.items() if 0 < count < FEWEST]
    if not small:
        return dict(parts)
    rest = max(
        (name for name in parts if name not in small and parts[name]),
        key=lambda name: parts[name],
        default="",
    )
    hidden = parts.get(rest, 0) + sum(parts[name] for name in small)
    told: dict[str, int | str] = {**parts, **dict.fromkeys(small, f"<{FEWEST}")}
    if rest:
        told[rest] = f">{max(hidden - FEWEST * len(small), 0):,}"
    return told


def _hide(outcome: Outcome) -> Outcome:
    finding = outcome.finding
    if finding is None or "count" in finding.figures or not is_breakdown(outcome):
        return outcome
    figures = _figures(finding)
    return (
        outcome
        if figures == finding.figures
        else replace(outcome, finding=replace(finding, figures=figures), found={}, waived=0)
    )


def _figures(finding: Finding) -> dict[str, int | str]:
    """The figures, with `count` among them where the count is one that is not told."""
    held = {name: value for name, value in finding.figures.items() if isinstance(value, int)}
    parts = {name: held[name] for name in PARTS if name in held} or {
        "count": finding.count,
        "others": finding.of - finding.count,
    }
    told = numbers(parts)
    for name, whole in WITHIN.items():
        if name in held and whole in held:
            told[name] = _within(held[name], held[whole], told[whole])
    counted = next((name for name in parts if parts[name] == finding.count), "")
    told["count"] = told.get(counted, f"<{FEWEST}")
    return {
        **finding.figures,
        **{name: text for name, text in told.items() if isinstance(text, str)},
    }


def _within(part: int, whole: int, whole_told: int | str) -> int | str:
    """A part of a part: a small one is not told, nor one that would tell the whole."""
    if part and not isinstance(whole_told, int):
        return f"<{FEWEST}" if part < FEWEST else whole_told
    return numbers({"part": part, "rest": whole - part})["part"]
