"""Values of public columns that anybody may see: known words, schools, well-filled courses."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from validator import frame, resources
from validator.frame import values as frame_values
from validator.frame.emails import get_domains
from validator.model import Report, Table
from validator.text import BLANKS

FEWEST_FILES, FEWEST_ROWS = 2, 2
"""A school id is public once the schools file and another file name it, or so many others on so
many rows each: one file alone may have its columns swapped, and a person's id is on one row where
it is the key."""

FEWEST_STUDENTS = 3
"""A course title is public once so many students are enrolled in it; others may name a child."""

DOMAIN_SHARE, FEWEST_ADDRESSES = 0.2, 3
"""With no domains configured, those of a fifth of the students or teachers (and of at least 3)
are the district's."""

YEARS_AROUND = 3
"""A term date is this close to the day of the check; a birth date in its column is not."""

EXTENSIONS = ("ext.", "metadata.")
"""Prefixes of the columns that a district may add to its format."""

_titles: WeakKeyDictionary[Report, frozenset[str]] = WeakKeyDictionary()
_schools: WeakKeyDictionary[Report, frozenset[str]] = WeakKeyDictionary()
_domains: WeakKeyDictionary[Report, frozenset[str]] = WeakKeyDictionary()


@cache
def privacy_table() -> Mapping[str, Any]:
    """Return the classes, shapes and words of rules/privacy.yaml."""
    table: Mapping[str, Any] = resources.read_bundled_yaml("privacy.yaml")
    return table


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(privacy_table()["words"][name].split())


def shown(report: Report, shape: str, values: Iterable[str]) -> frozenset[str]:
    """Return the values that anybody may see: those of the shape of their column."""
    distinct = {value for value in values if value}
    if shape == "school":
        return frozenset(value for value in distinct if value.strip(BLANKS) in schools(report))
    if shape == "district-domain":
        return frozenset(value for value in distinct if value.casefold() in domains(report))
    if shape == "term-date":
        return frozenset(value for value in distinct if _near(value, report.as_of.year))
    if shape == "course-number":
        return _no_id(
            report, {value for value in distinct if re.fullmatch(r"[A-Za-z0-9./ -]{1,12}", value)}
        )
    worded = frozenset(
        value for value in distinct if _worded(value, privacy_table()["shapes"][shape])
    )
    if shape == "course-title":
        return frozenset(value for value in worded if value.strip(BLANKS) in titles(report))
    return worded


def schools(report: Report) -> frozenset[str]:
    """Return the school ids that at least two files name as a school."""
    if report not in _schools:
        tables = {
            name: table for name, table in report.export.tables.items() if table.has("School_id")
        }
        listed = _named_schools(tables.pop("schools"), 1) if "schools" in tables else set()
        often = Counter(
            name for table in tables.values() for name in _named_schools(table, FEWEST_ROWS)
        )
        several = {name for table in tables.values() for name in _named_schools(table, 1) & listed}
        several |= {name for name, files in often.items() if files >= FEWEST_FILES}
        _schools[report] = frozenset(
            name for name in several if re.fullmatch(r"[^\s@]{1,64}", name)
        )
    return _schools[report]


def _named_schools(table: Table, rows: int) -> set[str]:
    """Return the school ids that a file has on at least so many rows."""
    ids = frame.encode(table, "School_id")
    enough = np.bincount(ids.codes, minlength=len(ids.values)) >= rows
    return set(ids.values.filter(pa.array(enough, pa.bool_())).to_pylist()) - {""}


def domains(report: Report) -> frozenset[str]:
    """Return the district's own e-mail domains, in lower case: configured, else common ones."""
    if report not in _domains:
        given = {
            domain.casefold() for profile in report.profiles for domain in profile.district_domains
        }
        _domains[report] = frozenset(given or _common_domains(report.export.tables))
    return _domains[report]


def _common_domains(tables: Mapping[str, Table]) -> set[str]:
    common: set[Any] = set()
    for table, column in (("students", "Student_email"), ("teachers", "Teacher_email")):
        if table in tables and tables[table].has(column):
            domain = frame.map_values(frame.encode(tables[table], column), get_domains)
            counts = np.bincount(domain.codes, minlength=len(domain.values))
            enough = counts >= max(
                FEWEST_ADDRESSES, DOMAIN_SHARE * counts[~frame_values.is_blank(domain.values)].sum()
            )
            common.update(domain.values.filter(pa.array(enough)).to_pylist())
    return common - {""}


def _worded(value: str, shape: Mapping[str, Any]) -> bool:
    """Return whether each word of the value is known, a short number or a few letters."""
    if len(value) > 4 * int(shape["length"]):  # cheap, before each letter is examined
        return False
    text = "".join(
        c for c in unicodedata.normalize("NFKD", value) if not unicodedata.combining(c)
    ).casefold()
    if len(text) > int(shape["length"]) or not re.fullmatch(r"[a-z0-9 &/().,:;+'\u2019#-]+", text):
        return False
    if re.search(r"\d\s*[/.-]\s*\d+\s*[/.-]\s*\d", text):
        return False
    parts = re.findall(r"[a-z]+|[0-9]+", re.sub(r"['\u2019]", "", text))
    known = frozenset().union(*(_words(name) for name in shape.get("words", shape.get("some", ()))))
    if "some" in shape and not any(part in known for part in parts):
        return False
    return bool(parts) and all(
        len(part) <= int(shape["digits"])
        if part.isdigit()
        else part in known or len(part) <= int(shape["letters"])
        for part in parts
    )


def _near(value: str, year: int) -> bool:
    date = re.fullmatch(r"(\d{4})-\d{1,2}-\d{1,2}|\d{1,2}/\d{1,2}/(\d{4})", value.strip(BLANKS))
    return date is not None and abs(int(date[1] or date[2]) - year) <= YEARS_AROUND


def _no_id(report: Report, values: set[str]) -> frozenset[str]:
    """Return the values that are not an id, number or user name of a person."""
    left = {value for value in values if any(letter.isdigit() for letter in value)}
    for table in report.export.all_tables.values():
        for column in table.rows.columns:
            if left and privacy_class(table.name, str(column))[0] == "identifier":
                wanted = pa.array(sorted(left), pa.string())
                ids = frame.encode(table, str(column)).values
                left -= set(wanted.filter(pc.is_in(wanted, value_set=ids)).to_pylist())
    return frozenset(left)


def titles(report: Report) -> frozenset[str]:
    """Return the course titles in which at least FEWEST_STUDENTS students are enrolled."""
    if report not in _titles:
        sections, enrollments = (
            report.export.tables.get("sections"),
            report.export.tables.get("enrollments"),
        )
        _titles[report] = frozenset()
        if sections is not None and enrollments is not None and len(sections):
            _titles[report] = _well_enrolled(sections, enrollments)
    return _titles[report]


def _well_enrolled(sections: Table, enrollments: Table) -> frozenset[str]:
    course, student = (
        frame.encode(sections, "Course_name"),
        frame.encode(enrollments, "Student_id").codes,
    )
    section = frame.locate_rows(enrollments, "Section_id", sections)
    left = np.flatnonzero(section >= 0)
    title, student = course.codes[section[left]], student[left]
    for _ in range(FEWEST_STUDENTS - 1):  # drop one student of each title, without sorting
        dropped = np.zeros(len(course.values), student.dtype)
        dropped[title] = student
        others = student != dropped[title]
        title, student = title[others], student[others]
    enough = np.bincount(title, minlength=len(course.values)) > 0
    return frozenset(value or "" for value in course.values.filter(pa.array(enough)).to_pylist())


@cache
def privacy_class(table: str, column: str) -> tuple[str, str]:
    """Return the privacy class of a column and, for a public one, its shape ("" otherwise).

    Unknown columns are direct.
    """
    default = ("secret" if _looks_secret(column) else "direct"), ""
    if column.startswith(EXTENSIONS):
        return default
    classes, name = _classes(), _fold(column)
    return classes.get(f"{_fold(table)}.{name}") or classes.get(name) or default


@cache
def _classes() -> dict[str, tuple[str, str]]:
    table = privacy_table()
    classes = {
        _fold(name): (kind, "")
        for kind in ("secret", "direct", "sensitive", "identifier")
        for name in table[kind]
    }
    public = {_fold(name): ("public", shape) for name, shape in table["public"].items()}
    return classes | public


def _looks_secret(column: str) -> bool:
    words = re.sub(r"[^a-z0-9]+", "_", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", column).lower())
    return bool(frame_values.match_pattern(pa.array([words]), privacy_table()["secret_pattern"])[0])


def known(table: str, column: str) -> bool:
    """Return whether the column is one of a format, so that its header may be shown."""
    return _fold(column) in _classes() or f"{_fold(table)}.{_fold(column)}" in _classes()


def _fold(name: str) -> str:
    return re.sub(r"[ _-]", "", name).lower()
