"""Diagnoses in the HTML page: the damage to the files, in words and in figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from validator import wording
from validator.model import Diagnosis, Report, dataclass
from validator.outputs.html import places, school_filter
from validator.privacy import values

VALUES = 5
"""Public values that are named for one diagnosis."""


@dataclass(frozen=True)
class Diagnosed:
    """One diagnosis. `explains`: title and id of each rule, and how many of its records.

    named: the public values that it is about, such as the id of a school. schools: the place of
    each school in the page's list and its count, "" where it is about no rows. apps: its levels.
    """

    diagnosis: Diagnosis
    anchor: str
    where: str
    explains: Sequence[tuple[str, str, int]]
    named: str = ""
    schools: str = ""
    apps: str = ""


def list_diagnosed(report: Report, schools: Mapping[str, int]) -> list[Diagnosed]:
    """Return every diagnosis as the HTML page shows it; the first of a kind can be linked to.

    `schools`: the place of each in the list of those that can be chosen on the page.
    """
    titles = {outcome.rule.id: outcome.rule.title for outcome in report.outcomes}
    seen: set[str] = set()
    shown = []
    for diagnosis in report.diagnoses:
        anchor = "" if diagnosis.id in seen else f"diagnosis-{diagnosis.id}"
        seen.add(diagnosis.id)
        explains = [(titles.get(rule, rule), rule, count) for rule, count in diagnosis.explains]
        where, named = wording.describe_damage(diagnosis), _name_values(report, diagnosis)
        at = school_filter.join_counts(values.rank_schools(diagnosis.by_school), schools)
        apps = school_filter.join_levels(diagnosis.levels)
        shown.append(Diagnosed(diagnosis, anchor, where, explains, named, at, apps))
    return shown


def _name_values(report: Report, diagnosis: Diagnosis) -> str:
    """Render for the HTML report the first public values a diagnosis explains; "" for none."""
    explained = {rule for rule, _ in diagnosis.explains}
    named = {
        row.value: row.column or ""
        for outcome in report.outcomes
        if outcome.rule.id in explained
        for row in values.list_places(report, outcome)
        if row.explained_by == diagnosis.id and row.value
    }
    if not named or not values.is_masked(report):
        return ""
    texts = [
        f"{column} {places.shorten_text(value)}" for value, column in [*named.items()][:VALUES]
    ]
    rest = len(named) - len(texts)
    return wording.join_words(texts + ([wording.format_more(rest, "value")] if rest else []))
