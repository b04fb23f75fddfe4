"""Small groups of people, whose numbers masked editions hide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from validator.model import Bound, Diagnosis, Finding, Outcome, Report, Rule, Tally
from validator.privacy import public_values

FEWEST = 10
"""The number of a group of fewer people is hidden; the smallest cell of most states' reports."""

FEW = Bound(FEWEST)

Number = int | Bound

PARTS = ("under", "over")
"""Figures that add up to a whole: whoever knows all but one knows the last."""

WITHIN = {"turning": "under"}
"""Figure -> the figure of which it is a part."""


def hide(report: Report) -> Report:
    """Return the report without small groups of children, and without what gives them away."""
    outcomes = [_hide(outcome) for outcome in report.outcomes]
    rules = {outcome.rule.id: outcome.rule for outcome in outcomes}
    by_school = {
        name: _merge_small(counts) if reads_grades(rules.get(name)) else counts
        for name, counts in report.by_school.items()
        if name not in rules or not rules[name].tells_attribute
    }
    by_profile = {
        name: replace(result, outcomes=[_hide(outcome) for outcome in result.outcomes])
        for name, result in report.by_profile.items()
    }
    return replace(report, outcomes=outcomes, by_school=by_school, by_profile=by_profile)


def list_hidden_schools(report: Report, outcome: Outcome) -> frozenset[str]:
    """Return the schools that a finding may not name, since that would count few children."""
    counts = report.by_school.get(outcome.rule.id, {})
    if outcome.rule.tells_attribute:
        return frozenset(counts)
    if not reads_grades(outcome.rule):
        return frozenset()
    return frozenset(school for school, count in counts.items() if count < FEWEST)


def reads_grades(rule: Rule | None) -> bool:
    """Return whether a finding of the rule tells the grade of a child."""
    columns = rule.reads.get("students", ()) if rule is not None else ()
    return any(public_values.find_privacy_class("students", it)[1] == "grade" for it in columns)


def hide_schools(diagnosis: Diagnosis) -> Mapping[str, int]:
    """Return the places of a diagnosis by school, without small numbers of children's grades."""
    shapes = {
        public_values.find_privacy_class(block.table, block.column or "")[1]
        for block in diagnosis.places
        if block.table == "students"
    }
    counts = diagnosis.by_school
    return _merge_small(counts) if "grade" in shapes else counts


def _merge_small(counts: Mapping[str, int]) -> Mapping[str, int]:
    """Return counts by school with the small ones summed under no school."""
    shown = {school: count for school, count in counts.items() if count >= FEWEST and school}
    rest = sum(counts.values()) - sum(shown.values())
    return {**shown, **({"": rest} if rest else {})}


def is_few(count: int, of: int) -> bool:
    """Return whether a number of children, or of the others, is too small to be shown."""
    return 0 < count < FEWEST or 0 < of - count < FEWEST


def hide_numbers(parts: Mapping[str, int]) -> dict[str, Number]:
    """Return the parts of a whole with small groups hidden for privacy.

    Fewer than 10 for small ones, more than 485 for the one that would give them away. Where there
    are only small ones, an empty one is hidden too: the whole is then the other one.
    """
    small = [name for name, count in parts.items() if 0 < count < FEWEST]
    if not small:
        return dict(parts)
    rest = max(
        (name for name in parts if name not in small and parts[name]),
        key=lambda name: parts[name],
        default="",
    )
    if not rest:
        return dict.fromkeys(parts, FEW)
    hidden = parts[rest] + sum(parts[name] for name in small)
    shown: dict[str, Number] = {**parts, **dict.fromkeys(small, FEW)}
    shown[rest] = Bound(max(hidden - FEWEST * len(small), 0), is_lower=True)
    return shown


def _hide(outcome: Outcome) -> Outcome:
    """Return the outcome of a rule that tells an attribute without small counts, and its notes."""
    finding = outcome.finding
    if finding is None or has_hidden_count(finding) or not outcome.rule.tells_attribute:
        return outcome
    finding = replace(finding, places=[replace(block, notes=None) for block in finding.places])
    if outcome.rule.counts != "person":
        return replace(outcome, finding=finding)
    figures = _list_figures(finding)
    if figures != finding.figures:
        finding = replace(finding, figures=figures)
        outcome = replace(outcome, found={}, waived=0)
    return replace(outcome, finding=replace(finding, tally=_merge_tally(finding.tally)))


def _merge_tally(tally: Tally | None) -> Tally | None:
    """Return the tally with its small counts summed as another value: two, and not few in all."""
    if tally is None or not any(count < FEWEST for _, count in tally.values):
        return tally
    rising = sorted(tally.values, key=lambda pair: pair[1])
    shown = list(tally.values)
    rest = 0
    while rising and (len(tally.values) - len(rising) < 2 or min(rest, rising[0][1]) < FEWEST):
        shown.remove(rising[0])
        rest += rising.pop(0)[1]
    others = [(public_values.Hidden.VALUE, rest)] if rest >= FEWEST else []
    return replace(tally, values=[*shown, *others])


def has_hidden_count(finding: Finding | None) -> bool:
    """Return whether the count of a finding is hidden; its words then have it as a figure."""
    return finding is not None and "count" in finding.figures


def get_bound(finding: Finding | None) -> int | None:
    """Return the number that a hidden count is below, None where it is not hidden as small."""
    count = finding.figures.get("count") if finding is not None else None
    return count.limit if isinstance(count, Bound) and not count.is_lower else None


def _list_figures(finding: Finding) -> dict[str, int | str | Bound]:
    """Return the figures, with `count` among them where the count is hidden."""
    counts = {name: value for name, value in finding.figures.items() if isinstance(value, int)}
    parts = {name: counts[name] for name in PARTS if name in counts} or {
        "count": finding.count,
        "others": finding.of - finding.count,
    }
    shown = hide_numbers(parts)
    for name, whole in WITHIN.items():
        if name in counts and whole in counts:
            shown[name] = _hide_within(counts[name], counts[whole], shown[whole])
    if 0 < counts.get("other", 0) < FEWEST:
        shown["other"] = FEW
    counted = next((name for name in parts if parts[name] == finding.count), "")
    shown["count"] = shown.get(counted, FEW)
    return {
        **finding.figures,
        **{name: number for name, number in shown.items() if isinstance(number, Bound)},
    }


def write_hidden(figures: Mapping[str, int | str | Bound]) -> dict[str, int | str]:
    """Write figures, where privacy hides small groups, as text: `<10`, `>485`."""
    return {
        name: str(figure) if isinstance(figure, Bound) else figure
        for name, figure in figures.items()
    }


def _hide_within(part: int, whole: int, whole_shown: Number) -> Number:
    """Return a part of a part, hidden where it is small or would give the whole away."""
    if part and not isinstance(whole_shown, int):
        return FEW if part < FEWEST else whole_shown
    return hide_numbers({"part": part, "rest": whole - part})["part"]
