"""Notes on the compared lists: facts that a reader must know, in public sentences."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from validator.compare.reconcile.differences import Differences
from validator.compare.reconcile.lists import COLUMNS

NAMES = {"sis": "the SIS export", "clever": "Clever's list", "app": "the app's list"}
FIELDS = {
    "id": "SIS ids",
    "email": "e-mail addresses",
    "first": "first names",
    "last": "last names",
    "birth": "birth dates",
    "grade": "grades",
    "school": "school ids",
    "course": "course names",
    "period": "periods",
    "teacher": "teachers",
}


def list_left_out(
    compared: Mapping[str, Differences], guessed: Mapping[str, Collection[str]]
) -> list[str]:
    """List the columns that a reconciliation left out, as two lists write them differently.

    guessed: kind -> columns that the app's list only seemed to have.
    """
    return [
        f"The {FIELDS[field]} of {kind} were not compared between {NAMES[first]} and "
        f"{NAMES[second]}: most of them differ, so the lists write them in different ways."
        for kind, each in compared.items()
        for first, second, field in each.left_out
        if second != "app" or COLUMNS[kind][field] not in guessed.get(kind, ())
    ]


def describe_strangers(kind: str, count: int, *, is_compared: bool) -> str:
    """Describe, for a reconciliation, an app's list of people who mostly are not in the SIS."""
    start = f"Fewer than half of the {count:,} {kind} in the app's list are in the SIS export"
    if is_compared or kind == "students":
        return (
            f"{start}. Check that it is this district's list, and that its columns were read right."
        )
    return f"{start}, so its {kind} were not compared."


def describe_one_row(kind: str) -> str:
    """Describe, for a reconciliation, an app's list with one of several teachers of a student."""
    return (
        f"The app's list has one row for each student, and names only one of the student's {kind} "
        f"there, so its {kind} were not compared."
    )
