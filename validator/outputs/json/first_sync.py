"""The forecast of a first sync as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from validator.model import AppForecast, Bound, ClassFigures, GradeRow


def build_document(apps: Sequence[AppForecast]) -> list[dict[str, Any]]:
    """Render the forecasts as data for JSON; hidden numbers are null with an upper bound."""
    return [_describe(app) for app in apps]


def _describe(app: AppForecast) -> dict[str, Any]:
    """Render an app's forecast in the JSON of the first-sync report."""
    return {
        "profile": app.profile,
        "title": app.title,
        "teachers": app.teachers,
        "welcome_emails": app.mails,
        "teachers_only_electives": app.only_electives,
        "teachers_without_email": app.without_address,
        "students": app.students,
        "left_out": {kind: app.left_out.get(kind, 0) for kind in ("students", "teachers")},
        "students_without_section": app.without_section,
        "students_without_email": app.students_without_address,
        "age_limit": app.age,
        "under_age": _number(app.under) if app.age is not None else None,
        "birth_date_unknown": app.unknown if app.age is not None else None,
        "grades_other": _number(app.other_grades) if "grade-other" in app.facts else None,
        "grades": [_describe_row(row, app) for row in app.grades],
        "administrators": app.administrators if "admin-dashboard" in app.facts else None,
        "classes": _describe_figures(app.classes),
        "licenses": app.licenses,
        "licenses_left": app.licenses_left,
        "sources": list(dict.fromkeys(fact.source for fact in app.facts.values())),
    }


def _describe_row(row: GradeRow, app: AppForecast) -> dict[str, Any]:
    """Render a grade in the JSON of the first-sync report."""
    return {
        "grade": row.grade or None,
        "students": _number(row.students),
        "under_age": _number(row.under) if app.age is not None else None,
        "birth_date_unknown": row.unknown if app.age is not None else None,
        "shown_as_other": row.other,
    }


def _describe_figures(classes: ClassFigures) -> dict[str, Any]:
    """Render the figures of classes in the JSON of the first-sync report."""
    return {
        "sections": classes.sections,
        "over": classes.over,
        "not_begun": classes.later,
        "without_students": classes.empty,
        "same_students": classes.same_students,
        "same_students_groups": classes.groups,
        "co_taught": classes.co_taught,
        "co_teachers": classes.co_teachers,
        "co_teachers_only": classes.never_primary,
        "per_teacher": [
            {"classes": number, "teachers": teachers}
            for number, teachers in classes.per_teacher.items()
        ],
    }


def _number(number: int | Bound) -> int | None:
    """Return a number for the first-sync report's JSON, None for one that is hidden."""
    return number if isinstance(number, int) else None
