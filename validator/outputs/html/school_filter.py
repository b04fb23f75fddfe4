"""The filter by school on the HTML page: figures of each school, and counts of each card."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from validator import wording
from validator.model import Level, Readiness, Report, SchoolRow
from validator.outputs.html.funnel import name_step
from validator.privacy import values

SECTIONS = "sections"

Places = Mapping[str, int]
"""School id -> place of the school in the page's list."""


def number_schools(schools: Sequence[SchoolRow]) -> Places:
    """Return the place of each school in the list of the HTML page's filter."""
    return {row.school_id: place for place, row in enumerate(schools)}


def join_counts(at: Sequence[tuple[str | None, int]], schools: Places) -> str:
    """Return the counts of a card by school as the HTML page's filter reads them: `0:3 2:1`."""
    known = [(schools.get(school or ""), count) for school, count in at]
    return " ".join(f"{place}:{count}" for place, count in known if place is not None)


def join_levels(levels: Mapping[str, Level]) -> str:
    """Return the level of a card in each app as the HTML page's tabs read them."""
    return " ".join(f"{name}:{level.value}" for name, level in levels.items())


def list_figures(report: Report, schools: Sequence[SchoolRow]) -> list[dict[str, Any]]:
    """Return how many are ready at each school, in the order of the HTML page's list, per app.

    For each kind its steps, and per school how many are left after each.
    """
    readiness = {"": report.readiness}
    if len(report.by_profile) > 1:
        readiness = {name: result.readiness for name, result in report.by_profile.items()}
    shown = [*wording.list_sign_in_kinds(report), SECTIONS]
    return [
        _describe_app(app, {kind: states[kind] for kind in shown if kind in states}, schools)
        for app, states in readiness.items()
    ]


def _describe_app(
    app: str, kinds: Mapping[str, Readiness], schools: Sequence[SchoolRow]
) -> dict[str, Any]:
    """Return the figures by school of one app, for the HTML page's filter."""
    left: dict[str, dict[str, Sequence[int]]] = {}
    for kind, state in kinds.items():
        for school, counts in values.count_steps_by_school(state):
            left.setdefault(school or "", {})[kind] = counts
    return {
        "id": app,
        "steps": {kind: _list_steps(kind, state) for kind, state in kinds.items()},
        "left": [left.get(school.school_id, {}) for school in schools],
    }


def _list_steps(kind: str, state: Readiness) -> list[str]:
    """Return the lines of a kind's steps on the HTML page: `Students who are in the file`."""
    that = "that" if kind == SECTIONS else "who"
    return [f"{kind.capitalize()} {that} {name_step(step)}" for step, _ in state.steps]
