"""Which values of public columns anybody may see: known words, known schools, course titles of at least 3 students."""

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
from validator.model import Report, Table

FEWEST_FILES, FEWEST_ROWS = 2, 2
"""A school id is public once the schools file and another one name it, or so many others on so many rows each: one
file alone may have its columns swapped, and an id that is no school's stands on one row where it is the key."""

FEWEST_STUDENTS = 3
"""A course title is public once so many different students are enrolled in it; one of fewer may name a child."""

DOMAIN_SHARE, FEWEST_ADDRESSES = 0.2, 3
"""With no domains configured, those of a fifth of the students or teachers (and of at least 3) are the district's."""

YEARS_AROUND = 3
"""A term date lies this close to the day of the check; a birth date in its column does not."""

EXTENSIONS = ("ext.", "metadata.")
"""How the columns begin that a district may add to its format."""

_titles: WeakKeyDictionary[Report, frozenset[str]] = WeakKeyDictionary()
_schools: WeakKeyDictionary[Report, frozenset[str]] = WeakKeyDictionary()
_domains: WeakKeyDictionary[Report, frozenset[str]] = WeakKeyDictionary()


@cache
def privacy_table() -> Mapping[str, Any]:
    """The table of privacy classes, shapes and words, as rules/privacy.yaml has it."""
    held: Mapping[str, Any] = resources.read_yaml("privacy.yaml")
    return held


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(privacy_table()["words"][name].split())


def shown(report: Report, shape: str, values: Iterable[str]) -> frozenset[str]:
    """Those of the values that anybody may see, being of the shape that their column should have."""
    distinct = {value for value in values if value}
    if shape == "school":
        return frozenset(
            value for value in distinct if value.strip(frame_values.BLANKS) in schools(report)
        )
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
        return frozenset(
            value for value in worded if value.strip(frame_values.BLANKS) in titles(report)
        )
    return worded


def schools(report: Report) -> frozenset[str]:
    """The school ids that at least two files name as a school."""
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
    """What a file names as a school on at least so many rows."""
    ids = frame.encode(table, "School_id")
    enough = np.bincount(ids.codes, minlength=len(ids.values)) >= rows
    return set(ids.values.filter(pa.array(enough, pa.bool_())).to_pylist()) - {""}


def domains(report: Report) -> frozenset[str]:
    """The district's own e-mail domains, in lower case: the configured ones, else the common ones."""
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
            found = frame.map_values(frame.encode(tables[table], column), frame_values.get_domains)
            counts = np.bincount(found.codes, minlength=len(found.values))
            enough = counts >= max(
                FEWEST_ADDRESSES, DOMAIN_SHARE * counts[~frame_values.is_blank(found.values)].sum()
            )
            common.update(found.values.filter(pa.array(enough)).to_pylist())
    return common - {""}


def _worded(value: str, shape: Mapping[str, Any]) -> bool:
    """Whether each word of the value is known, a short number or a few letters."""
    if len(value) > 4 * int(shape["length"]):  # before looking at each of its letters
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
    found = re.fullmatch(
        r"(\d{4})-\d{1,2}-\d{1,2}|\d{1,2}/\d{1,2}/(\d{4})", value.strip(frame_values.BLANKS)
    )
    return found is not None and abs(int(found[1] or found[2]) - year) <= YEARS_AROUND


def _no_id(report: Report, values: set[str]) -> frozenset[str]:
    """The values that are nobody's id, number or user name."""
    left = {value for value in values if any(letter.isdigit() for letter in value)}
    for table in report.export.tables.values():
        for column in table.rows.columns:
            if left and privacy_class(table.name, str(column))[0] == "identifier":
                wanted = pa.array(sorted(left), pa.string())
                held = frame.encode(table, str(column)).values
                left -= set(wanted.filter(pc.is_in(wanted, value_set=held)).to_pylist())
    return frozenset(left)


def titles(report: Report) -> frozenset[str]:
    """The course titles in which at least FEWEST_STUDENTS different students are enrolled."""
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
    for _ in range(
        FEWEST_STUDENTS - 1
    ):  # without sorting: one student of each title is put aside, and once more
        one = np.zeros(len(course.values), student.dtype)
        one[title] = student
        others = student != one[title]
        title, student = title[others], student[others]
    enough = np.bincount(title, minlength=len(course.values)) > 0
    return frozenset(value or "" for value in course.values.filter(pa.array(enough)).to_pylist())


@cache
def privacy_class(table: str, column: str) -> tuple[str, str]:
    """The privacy class of a column, and for a public one its shape ("" otherwise); unknown columns are direct."""
    named, own = _folded(column), f"{_folded(table)}.{_folded(column)}"
    if column.startswith(EXTENSIONS):
        return ("secret" if _looks_secret(column) else "direct"), ""
    classes = _classes()
    return (
        classes.get(own)
        or classes.get(named)
        or (("secret", "") if _looks_secret(column) else ("direct", ""))
    )


@cache
def _classes() -> dict[str, tuple[str, str]]:
    held = privacy_table()
    out = {
        _folded(name): (kind, "")
        for kind in ("secret", "direct", "sensitive", "identifier")
        for name in held[kind]
    }
    return out | {_folded(name): ("public", shape) for name, shape in held["public"].items()}


def _looks_secret(column: str) -> bool:
    words = re.sub(r"[^a-z0-9]+", "_", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", column).lower())
    return bool(frame_values.match_pattern(pa.array([words]), privacy_table()["secret_pattern"])[0])


def known(table: str, column: str) -> bool:
    """Whether the column is one of a format, so that its header may be shown."""
    return _folded(column) in _classes() or f"{_folded(table)}.{_folded(column)}" in _classes()


def _folded(name: str) -> str:
    return re.sub(r"[ _-]", "", name).lower()
