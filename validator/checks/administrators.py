"""Administrators among the staff: without them nobody sees an app's dashboards."""

from __future__ import annotations

import re

import numpy as np

from validator import frame
from validator.checks.declaration import WholeRoster, check
from validator.model import Finding, Places, Table
from validator.vocabulary.grades import Grades


def _are_titled(staff: Table, share: float) -> bool:
    """Whether at least `share` of the staff have a title, so that titles say who is who."""
    return len(staff) > 0 and float((~frame.encode(staff, "Title").blank).mean()) >= share


@check(whole_roster=WholeRoster.ALWAYS)
def missing(staff: Table, *, words: list[str], columns: list[str], share: float) -> Finding:
    """Report one place when no title, role or department of the staff has a word of administration.

    A word matches the beginning of a word of the cell, in any letter case. Only where at least
    `share` of the titles are filled.
    """
    if not _are_titled(staff, share):
        return Finding([], of=1)
    pattern = re.compile(rf"\b({'|'.join(re.escape(word) for word in words)})", re.IGNORECASE)
    for column in columns:
        values = frame.encode(staff, column).values.to_pylist()
        if any(pattern.search(value) for value in values):
            return Finding([], of=1)
    return Finding([Places.whole_file(staff.name, staff.file)], of=1)


@check(wants=("grades",), whole_roster=WholeRoster.ALWAYS)
def school_without(
    schools: Table, staff: Table, students: Table, *, share: float, grades: Grades
) -> Finding:
    """Find schools with students at which no staff member is.

    A principal who is staff at another school counts for the school that names the principal.
    Schools without a grade of K-12 are left out. Only where at least `share` of the titles are
    filled, and some staff member is at a school with students: else all are at the district.
    """
    if not _are_titled(staff, share):
        return Finding([], of=len(schools))
    has_staff = np.zeros(len(schools), bool)
    at = frame.locate_rows(staff, "School_id", schools)
    has_staff[at[at >= 0]] = True
    more = staff.extra_values.get("School_id")
    if more is not None:
        at = frame.locate_rows(more.table, "School_id", schools)
        has_staff[at[at >= 0]] = True
    at = frame.locate_rows(students, "School_id", schools)
    has_students = np.zeros(len(schools), bool)
    has_students[at[at >= 0]] = True
    if not (has_students & has_staff).any():
        return Finding([], of=len(schools))
    has_staff |= _mark_principal_among(schools, staff)
    lacking = has_students & ~has_staff & _mark_k12(schools, grades)
    return frame.report_rows(schools, lacking, "School_id")


def _mark_k12(schools: Table, grades: Grades) -> np.ndarray:
    """Bool mask of the schools whose lowest or highest grade is in K-12, or is not known."""
    mask = np.zeros(len(schools), bool)
    for column in ("Low_grade", "High_grade"):
        values = frame.encode(schools, column)
        names = grades.to_canonical(values.values.to_pylist())
        fits = [name in ("", "?") or grades.is_k12(name) for name in names]
        mask |= values.broadcast(np.asarray([*fits, True], bool))
    return mask


@check(whole_roster=WholeRoster.ALWAYS)
def principal_missing(schools: Table, staff: Table, *, share: float) -> Finding:
    """Find schools whose principal, by address or name, is not among the staff.

    Only where at least `share` of the titles are filled.
    """
    if not _are_titled(staff, share):
        return Finding([], of=len(schools))
    named = ~frame.encode(schools, "Principal").blank
    named |= ~frame.encode(schools, "Principal_email").blank
    missing_rows = np.flatnonzero(named & ~_mark_principal_among(schools, staff))
    column = "Principal" if schools.has("Principal") else "Principal_email"
    return frame.report_rows(schools, missing_rows, column)


def _mark_principal_among(schools: Table, staff: Table) -> np.ndarray:
    """Bool mask of the schools whose principal is staff: by address, or by name in any order."""
    emails = frame.encode_lower(schools, "Principal_email")
    known = frame.is_among(emails.values, frame.encode_lower(staff, "Staff_email").values)
    found_by_email = emails.broadcast(known) & ~emails.blank
    names = frame.encode_folded(schools, "Principal")
    everybody = slice(None)
    first = frame.encode_folded(staff, "First_name").take(everybody).to_pylist()
    last = frame.encode_folded(staff, "Last_name").take(everybody).to_pylist()
    people = {_sort_words(f"{a} {b}") for a, b in zip(first, last, strict=True)}
    lasts = {_sort_words(text) for text in last}
    same = [
        bool(words := _sort_words(text)) and (words in people or _is_titled(words, people, lasts))
        for text in names.values.to_pylist()
    ]
    return np.asarray(found_by_email | names.broadcast(np.asarray(same, bool)), bool)


TITLES = frozenset({"mr", "mrs", "ms", "mx", "miss", "dr", "principal", "sr", "fr", "prof", "jr"})


def _sort_words(text: str) -> tuple[str, ...]:
    """Sort the words of a name, without titles and initials, for the check of administrators."""
    words = re.sub(r"[^\w\s]", " ", text.replace("'", "")).split()
    return tuple(sorted(word for word in words if word not in TITLES and len(word) > 1))


def _is_titled(
    words: tuple[str, ...], people: set[tuple[str, ...]], lasts: set[tuple[str, ...]]
) -> bool:
    """Whether the check of administrators sees a last name (Dr. Hollis), or a middle name more."""
    if words in lasts:
        return True
    return any(len(name) > 1 and set(name) < set(words) for name in people)
