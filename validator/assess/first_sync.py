"""Forecast the first sync of an export in each app whose pack states what it does."""

from __future__ import annotations

import datetime as dt

from validator.assess.sharing import find_electives
from validator.engine.dropped import mark_taken
from validator.model import AppForecast, Report, Status
from validator.sharing.apply import Shared, share_all
from validator.sharing.first_sync import FirstSync
from validator.vocabulary.electives import Electives
from validator.vocabulary.grades import Grades

ELECTIVES = "section-elective"
"""The rule that tells electives."""


def forecast_apps(
    report: Report,
    *,
    grades: Grades,
    electives: Electives,
    shared: Shared | None,
    today: dt.date,
) -> list[AppForecast]:
    """Assess what the first sync would create in each app, of the records that are taken.

    Nothing without lists of students and sections, and where the check of electives failed.
    """
    export = report.export
    apps = [result for result in report.by_profile.values() if result.profile.facts]
    if any(it.rule.id == ELECTIVES and it.status is Status.BROKEN for it in report.outcomes):
        return []
    if not apps or not {"students", "sections"} <= export.tables.keys():
        return []
    rows = shared.rows if shared else share_all(export)
    licenses = shared.sharing.target.licenses if shared and shared.sharing.target else None
    sync = FirstSync(export, rows, grades, today, licenses)
    syncs: dict[object, FirstSync] = {}  # apps that take the same rows share what is computed
    forecasts = []
    for app in apps:
        taken = mark_taken(export, app.outcomes)
        key = tuple((name, mask.tobytes()) for name, mask in sorted(taken.items()))
        if key not in syncs:
            syncs[key] = sync.leave_out(taken)
        likely = find_electives(export, app.profile, electives)
        forecasts.append(syncs[key].forecast(app.profile, likely))
    return forecasts
