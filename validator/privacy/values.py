"""Places, values and schools of a report, as far as its edition shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from validator.model import Outcome, Readiness, Report, SchoolRow
from validator.privacy import places, public_values, small_groups
from validator.privacy.masking import MaskedReport
from validator.privacy.places import PlaceRow
from validator.privacy.public_values import Hidden

__all__ = ["Hidden", "PlaceRow"]


def is_masked(report: Report) -> bool:
    """Return whether a report is masked for privacy, so that anybody may see it."""
    return isinstance(report, MaskedReport)


def list_places(report: Report, outcome: Outcome, limit: int | None = None) -> Sequence[PlaceRow]:
    """Return the places that privacy lets this edition show of a finding, at most `limit`.

    They are in the order of files and lines: those that nothing explains, then those that each
    diagnosis explains.
    """
    if isinstance(report, MaskedReport):
        blocks = outcome.finding.places if outcome.finding else ()
        causes = {block.explained_by for block in blocks}
        listed = report.listings.get(outcome.rule.id, ())
        return [row for row in listed if row.explained_by in causes][:limit]
    return places.list_rows(report, outcome, limit, masked=False)


def count_listed(outcome: Outcome) -> int:
    """Count the places of a finding that privacy lets a report list, masked or not."""
    if outcome.finding is None or not outcome.rule.lists:
        return 0
    return sum(len(block) for block in outcome.finding.places if block.listed)


def tally(outcome: Outcome, *, limit: int | None = None) -> list[tuple[str, int]]:
    """Return the values that this edition may show with how often; the rest is summed."""
    counted = outcome.finding.tally if outcome.finding else None
    if counted is None:
        return []
    kind, _ = public_values.find_privacy_class(counted.table, counted.column)
    shown = [] if kind == "secret" else [it for it in counted.values if it[0] is not Hidden.VALUE]
    shown = shown[:limit]
    rest = sum(count for _, count in counted.values) - sum(count for _, count in shown)
    return shown + [(Hidden.VALUE, rest)] * bool(rest)


def count_by_school(report: Report, outcome: Outcome) -> list[tuple[str | None, int]]:
    """Return how many found records each school has that may be named, most first."""
    return rank_schools(report.by_school.get(outcome.rule.id, {}))


def rank_schools(counts: Mapping[str, int]) -> list[tuple[str | None, int]]:
    """Return counts by school that may be named, most first; None for no known school."""
    named = [(school or None, count) for school, count in counts.items()]
    return sorted(named, key=lambda item: (-item[1], item[0] is None, item[0] or ""))


def list_schools(report: Report) -> list[SchoolRow]:
    """Return the figures of schools that masked or open outputs may name, in the report's order."""
    return list(report.schools)


def list_merged_schools(report: Report) -> Sequence[str]:
    """Return the ids of schools whose figures are summed, since they have too few students."""
    return report.merged_schools if isinstance(report, MaskedReport) else ()


def has_summed_schools(report: Report, outcome: Outcome) -> bool:
    """Return whether a finding's records without a named school are those of small schools too."""
    return isinstance(report, MaskedReport) and (
        bool(report.merged_schools) or small_groups.reads_grades(outcome.rule)
    )


def name_schools(report: Report) -> dict[str, str]:
    """Return the names of the schools that may be named, by id."""
    return {row.school_id: row.name for row in report.schools if row.school_id and row.name}


def count_schools(report: Report) -> int:
    """Count the schools in a report, whether or not privacy lets masked outputs name them."""
    return report.school_count if isinstance(report, MaskedReport) else len(report.schools)


def count_steps_by_school(state: Readiness) -> list[tuple[str | None, Sequence[int]]]:
    """Count how many are left after each step, per school that privacy lets a report name.

    Most held back first; None for people without a school that may be named.
    """
    left = [(school or None, counts) for school, counts in state.by_school.items()]
    return sorted(left, key=lambda it: (it[1][-1] - it[1][0], it[0] is None, it[0] or ""))
