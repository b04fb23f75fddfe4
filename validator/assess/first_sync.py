"""Forecast the first sync of an export in each app whose pack states what it does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from validator.assess.sharing import find_electives
from validator.model import AppForecast, Export, Outcome, Profile, Status
from validator.sharing.apply import Shared
from validator.sharing.first_sync import FirstSync, share_all
from validator.vocabulary.electives import Electives
from validator.vocabulary.grades import Grades

ELECTIVES = "section-elective"
"""The rule that tells electives."""


def forecast_apps(
    export: Export,
    profiles: Sequence[Profile],
    outcomes: Sequence[Outcome],
    *,
    grades: Grades,
    electives: Electives,
    shared: Shared | None,
    today: dt.date,
) -> list[AppForecast]:
    """Assess what the first sync would create in each app.

    Nothing without lists of students and sections, and where the check of electives failed.
    """
    apps = [profile for profile in profiles if profile.facts]
    if any(it.rule.id == ELECTIVES and it.status is Status.BROKEN for it in outcomes):
        return []
    if not apps or not {"students", "sections"} <= export.tables.keys():
        return []
    rows = shared.rows if shared else share_all(export)
    licenses = shared.sharing.target.licenses if shared and shared.sharing.target else None
    sync = FirstSync(export, rows, grades, today, licenses)
    return [sync.forecast(profile, find_electives(export, profile, electives)) for profile in apps]
