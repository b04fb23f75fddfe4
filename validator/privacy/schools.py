"""Schools in masked editions: which have a public id, and which are too small for figures."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Set

import numpy as np
import pyarrow as pa

from validator import frame
from validator.frame.arrays import count_numbers, count_pairs
from validator.model import Report, Table
from validator.privacy.once import keep_once
from validator.text import BLANKS

FEWEST_STUDENTS = 10
"""A school of fewer students has neither a name nor figures in masked editions: a count at such a
school points to a child. It is the smallest cell of most states' reports (New York's Education Law
2-d and FERPA's guidance on small cells ask for no less)."""

FEWEST_FILES, FEWEST_ROWS = 2, 2
"""Fewest files and rows that make a school id public: the schools file and another file name it, or
this many others on this many rows each. One file alone may have its columns swapped, and a
person's id is on one row where it is the key."""

LISTED_SHARE = 0.5
"""A school that only the students' file names has a public id if it is not small, its id is formed
like those of the schools file, and this share of the rows is at listed schools: then the column
is the schools' own."""


@keep_once
def list_public(report: Report) -> frozenset[str]:
    """Return the school ids that may be shown: files agree that they are schools."""
    rows = {
        name: _count_rows(table)
        for name, table in report.export.tables.items()
        if table.has("School_id")
    }
    listed = rows.pop("schools", {}).keys() - {""}
    several = {name for counts in rows.values() for name in counts.keys() & listed}
    often = Counter(
        name for counts in rows.values() for name, count in counts.items() if count >= FEWEST_ROWS
    )
    several |= {name for name, files in often.items() if files >= FEWEST_FILES}
    several |= _list_unlisted(rows.get("students", {}), listed)
    return frozenset(name for name in several if re.fullmatch(r"[^\s@]{1,64}", name))


@keep_once
def list_with_figures(report: Report) -> frozenset[str]:
    """Return the public schools whose figures are shown; those of all others are summed.

    Where only one school is too small, the next larger one joins it: else the sum is its figure.
    """
    public, counts = list_public(report), count_students(report)
    small = {school for school in public if 0 < counts.get(school, 0) < FEWEST_STUDENTS}
    rest = sorted(public - small, key=lambda school: (counts.get(school, 0), school))
    larger = [school for school in rest if counts.get(school, 0)]
    joined = set(larger[:1]) if len(small) == 1 else set()
    return public - small - joined


def list_merged(report: Report) -> list[str]:
    """Return the ids of the public schools whose figures are summed with those of others."""
    return sorted(list_public(report) - list_with_figures(report))


def is_large(report: Report, name: str) -> bool:
    """Return whether every school of this name has enough students for its name to be shown."""
    table = report.export.tables.get("schools")
    if table is None or "students" not in report.export.tables:
        return True
    if not table.has("School_name") or not table.has("School_id"):
        return True
    ids, names = _list_texts(table, "School_id"), _list_texts(table, "School_name")
    counts = count_students(report)
    return all(
        counts.get(school, 0) >= FEWEST_STUDENTS
        for school, other in zip(ids, names, strict=True)
        if other == name.strip(BLANKS)
    )


@keep_once
def count_students(report: Report) -> Mapping[str, int]:
    """Count each school's students once, to hide figures of small schools."""
    students = report.export.tables.get("students")
    if students is None or not students.has("School_id"):
        return {}
    if not students.has("Student_id"):
        return _count_rows(students)
    person = frame.encode(students, "Student_id")
    if len(person.values) == len(students):
        return _count_rows(students)
    school = frame.encode(students, "School_id")
    _, codes, _ = count_pairs(person.codes, school.codes)
    return _count_codes(school.values, codes)


def _list_texts(table: Table, column: str) -> list[str]:
    """Return the texts of a column, to judge whether a school's id may be shown."""
    coded = frame.encode(table, column)
    texts = coded.values.to_pylist()
    return [texts[code] for code in coded.codes.tolist()]


def _count_rows(table: Table) -> Mapping[str, int]:
    """Count the rows of each school id in a file, to judge which ids privacy takes for public."""

    def count() -> Mapping[str, int]:
        ids = frame.encode(table, "School_id")
        return _count_codes(ids.values, ids.codes)

    return frame.remember(table, "rows by school", count)


def _count_codes(schools: pa.Array, codes: np.ndarray) -> Mapping[str, int]:
    """Count how often each school is named, of those that are named, for privacy."""
    counts = count_numbers(codes, minlength=len(schools)).tolist()
    return {
        school: count for school, count in zip(schools.to_pylist(), counts, strict=True) if count
    }


def _list_unlisted(counts: Mapping[str, int], listed: Set[str]) -> set[str]:
    """Return the ids that only students name, of the form of the listed ones: schools' own too.

    `counts`: rows of students by school.
    """
    if sum(counts.get(name, 0) for name in listed) < LISTED_SHARE * sum(counts.values()):
        return set()
    forms = {_normalize_school(name) for name in listed}
    return {
        name
        for name, count in counts.items()
        if name and count >= FEWEST_STUDENTS and _normalize_school(name) in forms
    }


def _normalize_school(school: str) -> str:
    """Return a school's id with its letters and digits made equal, to compare public forms."""
    return re.sub(r"[^\W\d_]", "a", re.sub(r"\d", "0", school))
