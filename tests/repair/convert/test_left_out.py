"""Nothing is lost in silence: every column of every format is written or listed as left out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pytest

from tests.support.conversions import Files, convert_files
from tests.support.other_formats import as_csv
from validator.model import Column, File
from validator.schemas import clever, oneroster, sds

pytestmark = pytest.mark.slow

Place = tuple[str, str]
"""A file and its column."""

VALUES = {
    "date": ("2015-03-04", "2015-03-05"),
    "day": ("2026-08-17", "2026-08-18"),
    "stamp": ("2026-08-17", "2026-08-18"),
    "grade": ("6", "7"),
    "codes": ("06", "07"),
    "number": ("2031", "2032"),
    "year": ("2027", "2028"),
    "boolean": ("true", "false"),
    "email": ("ann@made.example", "bo@made.example"),
}
"""Kind of a column -> two values that differ."""

SPECIAL = {
    "status": ("", "tobedeleted"),
    "userIds": ("{stateId:7}", "{local:8}"),
    "role": ("student", "student"),
    "Status": ("Active", "Inactive"),
    "type": ("school", "district"),
    "isPrimary": ("true", "false"),
    "Hispanic_Latino": ("Y", "N"),
    "Race": ("W", "B"),
    "Gender": ("F", "M"),
    "sex": ("female", "male"),
    "classType": ("scheduled", "homeroom"),
    "roleType": ("primary", "secondary"),
}

LINKS = {
    "School_id": "school", "Student_id": "student", "Teacher_id": "teacher", "Staff_id": "staff",
    "Section_id": "section", "School SIS ID": "school", "Section SIS ID": "section",
    "orgSourcedIds": "school", "orgSourcedId": "school", "schoolSourcedId": "school",
    "primaryOrgSourcedId": "school", "classSourcedId": "section", "userSourcedId": "student",
    "courseSourcedId": "course", "termSourcedIds": "term", "sessionSourcedIds": "term",
    "parentSourcedId": "", "agentSourcedIds": "", "userProfileSourcedId": "",
    "schoolYearSourcedId": "", "sessionSourcedId": "term", "Principal SIS ID": "boss",
}  # fmt: skip
"""References -> the id of the only record that they name."""

KEYS = {
    "orgs.csv": "school", "users.csv": "student", "classes.csv": "section", "courses.csv": "course",
    "academicSessions.csv": "term", "demographics.csv": "student", "roles.csv": "r",
    "enrollments.csv": "e", "School.csv": "school", "Student.csv": "student",
    "Teacher.csv": "teacher", "Section.csv": "section", "StudentEnrollment.csv": "student",
    "TeacherRoster.csv": "teacher", "userProfiles.csv": "p",
}  # fmt: skip
"""File -> the id of its only record."""


@dataclass(frozen=True)
class Layout:
    """A format's files with one record each, and the columns that cannot be left as one likes."""

    files: tuple[File, ...]
    without: frozenset[str] = frozenset()


FORMATS = {
    "clever": Layout(clever.FILES),
    "oneroster 1.1": Layout(oneroster.FILES_11, frozenset({"manifest.csv"})),
    "oneroster 1.2": Layout(oneroster.FILES_12, frozenset({"manifest.csv"})),
    "sds 1": Layout(sds.FILES_1),
    "sds 2": Layout(sds.FILES_2),
    "sds 2.1": Layout(sds.FILES_21),
}


MARK = re.compile(r"\.(\d{3})\.")
"""The number of a district inside its ids, texts and addresses."""

DERIVED = re.compile(r"-[0-9a-f]{24}\b")
"""The end of an id that a conversion makes of other values."""


def choose(file: File, column: Column, other: bool, number: int = 0) -> str:
    """Return a value of a column that its format takes, or another one."""
    mark = f".{number:03}."
    if column.name in ("sourcedId", "SIS ID") and file.name in KEYS:
        return KEYS[file.name] + mark + ("-2" if other else "")
    if file.name == "demographics.csv" and column.name == "userSourcedId":
        return f"student{mark}"
    if column.name in LINKS:
        link = LINKS[column.name]
        return (f"{link}{mark}" if link else "") + ("x" if other else "")
    if file.name == "academicSessions.csv" and column.name == "type":
        return "semester" if other else "term"
    if column.name in SPECIAL:
        return SPECIAL[column.name][other]
    if column.kind in VALUES:
        return VALUES[column.kind][other].replace("@", f"{mark}@")
    if column.kind == "choice" and column.allowed:
        return column.allowed[2 if other else 0]
    text = f"{column.name} {file.table}{mark}".replace(",", "") + ("2" if other else "1")
    return text.replace(" ", "_") if column.name.endswith("_id") else text


def build(files: Sequence[File], changes: Sequence[Place | None] = (None,)) -> Files:
    """Return districts of one record in every file: one for each change, a column or none.

    In the changed column its district has the other value.
    """
    written = {}
    for file in files:
        rows = [
            [choose(file, each, (file.name, each.name) == change, number) for each in file.columns]
            for number, change in enumerate(changes)
        ]
        written[file.name] = as_csv([each.name for each in file.columns], rows).encode()
    return written


def list_columns() -> Iterator[tuple[str, str, str]]:
    for format, layout in FORMATS.items():
        for file in layout.files:
            if file.name not in layout.without:
                for column in file.columns:
                    yield format, file.name, column.name


def find_silent(format: str, destination: str) -> list[Place]:
    """Return the columns that can change without anything that is written or listed."""
    layout = FORMATS[format]
    files = [file for file in layout.files if file.name not in layout.without]
    plain = convert_files(build(files), destination)
    columns = [(name, column) for of, name, column in list_columns() if of == format]
    listed = plain.left_out()
    rest = [each for each in columns if each not in listed and not choose_same(files, *each)]
    written = find_written(files, rest, destination)
    silent = []
    for place in (each for each in rest if each not in written):
        changed = convert_files(build(files, [place]), destination)
        same = changed.files == plain.files
        if same and changed.written.left_out == plain.written.left_out:
            silent.append(place)
    return silent


def find_written(files: Sequence[File], places: Sequence[Place], destination: str) -> set[Place]:
    """Return the columns whose change is written in the rows of their own district.

    All districts are converted at once. The first and the last are unchanged, so what differs
    between districts is due to their changes.
    """
    changes = [None, *places, None]
    converted = convert_files(build(files, changes), destination)
    rows: dict[int, list[str]] = {number: [] for number in range(len(changes))}
    for name in converted.files:
        for row in converted.rows(name):
            text = f"{name}: {row}"
            numbers = set(MARK.findall(text))
            if len(numbers) == 1:
                rows[int(*numbers)].append(DERIVED.sub("", MARK.sub(".", text)))
    first, *changed, last = (sorted(rows[number]) for number in range(len(changes)))
    assert first and first == last
    return {place for place, texts in zip(places, changed, strict=True) if texts != first}


def choose_same(files: Sequence[File], name: str, column: str) -> bool:
    """Return whether a column has only one value here."""
    file = next(file for file in files if file.name == name)
    described = next(each for each in file.columns if each.name == column)
    return choose(file, described, False) == choose(file, described, True)


ORDER = {
    ("enrollments.csv", "primary"),
    ("roles.csv", "roleType"),
    ("roles.csv", "isPrimary"),
}
"""Columns that put teachers and schools in order, of which there is one each here."""


ROUTES = (
    ("clever", "oneroster-1.2"),
    ("oneroster 1.1", "oneroster-1.2"),
    ("oneroster 1.2", "clever"),
    ("sds 1", "clever"),
    ("sds 2", "clever"),
    ("sds 2.1", "oneroster-1.1"),
)


@pytest.mark.parametrize(("format", "destination"), ROUTES)
def test_every_column_is_written_or_listed(format: str, destination: str) -> None:
    assert set(find_silent(format, destination)) <= ORDER
