"""Values of public columns that anybody may see: known words, schools, well-filled courses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from validator import frame
from validator.frame import values as frame_values
from validator.frame.arrays import count_numbers, find_in_blocks
from validator.frame.emails import get_domains
from validator.model import Report, Table
from validator.privacy import schools
from validator.privacy.once import keep_once
from validator.privacy.shapes import (
    FEWEST_SHARING,
    is_phrase,
    is_worded,
    list_pack_classes,
    load_privacy_table,
    needs_sharing,
)
from validator.text import BLANKS

FIRST = 1 << 16
"""Enrollments that are looked through first: most values of sections have enough students there."""


class Hidden(StrEnum):
    """The text of masked editions for hidden values; compared by identity: data may equal it."""

    VALUE = "another value"


DOMAIN_SHARE, FEWEST_ADDRESSES = 0.2, 3
"""With no domains configured, those of a fifth of the students or teachers (and of at least 3)
are the district's."""

YEARS_AROUND = 3
"""A term date is this close to the day of the check; a birth date in its column is not."""

EXTENSIONS = ("ext.", "metadata.")
"""Prefixes of the columns that a district may add to its format."""


def select_shown(report: Report, shape: str, values: Iterable[str]) -> frozenset[str]:
    """Return the values that anybody may see: those of the shape of their column."""
    distinct = {value for value in values if value}
    if shape == "school":
        public = schools.list_public(report)
        return frozenset(value for value in distinct if value.strip(BLANKS) in public)
    if shape == "district-domain":
        return frozenset(value for value in distinct if value.casefold() in list_domains(report))
    if shape == "term-date":
        return frozenset(value for value in distinct if _is_near(value, report.as_of.year))
    if shape == "course-number":
        return _drop_ids(report, _select_shared(report, shape, filter(_is_number, distinct)))
    if shape == "school-name":
        worded = [value for value in distinct if is_worded(value, shape)]
        return frozenset(value for value in worded if schools.is_large(report, value))
    if shape == "course-title":
        fitting = [it for it in distinct if is_phrase(it, shape) or is_worded(it, shape)]
        return _select_shared(report, shape, fitting)
    phrases = frozenset(value for value in distinct if is_phrase(value, shape))
    worded = [value for value in distinct - phrases if shape != "grade" and is_worded(value, shape)]
    return phrases | (
        _select_shared(report, shape, worded) if needs_sharing(shape) else frozenset(worded)
    )


@keep_once
def list_domains(report: Report) -> frozenset[str]:
    """Return the e-mail domains that may be shown: the district's own, else common ones."""
    given = {
        domain.casefold() for profile in report.profiles for domain in profile.district_domains
    }
    return frozenset(given or _find_common_domains(report.export.tables))


def _find_common_domains(tables: Mapping[str, Table]) -> set[str]:
    """Return the domains that enough people have for masked outputs to show them."""
    common: set[Any] = set()
    for table, column in (("students", "Student_email"), ("teachers", "Teacher_email")):
        if table in tables and tables[table].has(column):
            domain = frame.map_values(frame.encode(tables[table], column), get_domains)
            counts = count_numbers(domain.codes, minlength=len(domain.values))
            enough = counts >= max(
                FEWEST_ADDRESSES, DOMAIN_SHARE * counts[~frame_values.is_blank(domain.values)].sum()
            )
            common.update(domain.values.filter(pa.array(enough)).to_pylist())
    return common - {""}


def _is_number(value: str) -> bool:
    """Return whether a value looks like a course number, and so may be public."""
    return bool(
        re.fullmatch(r"(?=.*\d)[A-Za-z0-9./ -]{1,12}", value)
        and not re.search(r"\d\s*[/.-]\s*\d+\s*[/.-]\s*\d", value)
    )


def _is_near(value: str, year: int) -> bool:
    """Return whether a value is a date near a year, and so may be shown as public."""
    date = re.fullmatch(r"(\d{4})-\d{1,2}-\d{1,2}|\d{1,2}/\d{1,2}/(\d{4})", value.strip(BLANKS))
    return date is not None and abs(int(date[1] or date[2]) - year) <= YEARS_AROUND


def _drop_ids(report: Report, values: Iterable[str]) -> frozenset[str]:
    """Return the values that may be shown: no id, number or user name of a person."""
    left = {value for value in values if any(letter.isdigit() for letter in value)}
    for table in report.export.all_tables.values():
        for column in table.records.columns:
            if left and find_privacy_class(table.name, str(column))[0] == "identifier":
                wanted = pa.array(sorted(left), pa.string())
                ids = frame.encode(table, str(column)).values
                left -= set(wanted.filter(pc.is_in(wanted, value_set=ids)).to_pylist())
    return frozenset(left)


@keep_once
def _keep_shared(report: Report) -> dict[str, frozenset[str]]:
    """Return the shared values of a report that are known, by shape of the columns."""
    return {}


def _list_shape(report: Report, shape: str) -> frozenset[str]:
    """Return the values that FEWEST_SHARING people share in the columns of this shape."""
    known = _keep_shared(report)
    if shape not in known:
        columns = load_privacy_table()["shapes"][shape]["shared"]
        known[shape] = frozenset().union(
            *(
                _list_shared(report, table, column)
                for table, names in columns.items()
                for column in names
            )
        )
    return known[shape]


def _select_shared(report: Report, shape: str, values: Iterable[str]) -> frozenset[str]:
    """Return those of the values that FEWEST_SHARING people share in columns of this shape."""
    shared = _list_shape(report, shape)
    return frozenset(value for value in values if value.strip(BLANKS) in shared)


def list_titles(report: Report) -> frozenset[str]:
    """Return the course titles that may be shown: at least FEWEST_SHARING are enrolled."""
    return _list_shape(report, "course-title")


def _list_shared(report: Report, name: str, column: str) -> frozenset[str]:
    """Return the values that enough people share; for sections, enough of their students."""
    table = report.export.tables.get(name)
    if table is None or not len(table) or not table.has(column):
        return frozenset()
    if name == "sections":
        enrollments = report.export.tables.get("enrollments")
        return (
            frozenset() if enrollments is None else _find_well_enrolled(table, column, enrollments)
        )
    coded = frame.encode(table, column)
    enough = count_numbers(coded.codes, minlength=len(coded.values)) >= FEWEST_SHARING
    return frozenset(value or "" for value in coded.values.filter(pa.array(enough)).to_pylist())


def _find_well_enrolled(sections: Table, column: str, enrollments: Table) -> frozenset[str]:
    """Return the values of sections in which at least FEWEST_SHARING students are enrolled."""
    course = frame.encode(sections, column)
    student = frame.encode(enrollments, "Student_id").codes
    section = frame.locate_rows(enrollments, "Section_id", sections)
    first = np.flatnonzero(section[:FIRST] >= 0)
    enough = _mark_shared(course, section[first], student[first])
    if len(section) > FIRST:
        lacks = np.append(~enough[course.codes], [False] * 3)  # the last three: no such section
        left = find_in_blocks(len(section), lambda block: lacks[section[block]])
        enough |= _mark_shared(course, section[left], student[left])
    return frozenset(value or "" for value in course.values.filter(pa.array(enough)).to_pylist())


def _mark_shared(course: frame.Encoded, section: np.ndarray, student: np.ndarray) -> np.ndarray:
    """Mark the values of sections that at least FEWEST_SHARING of these students have."""
    title = course.codes[section]
    for _ in range(FEWEST_SHARING - 1):  # drop one student of each title, without sorting
        dropped = np.zeros(len(course.values), student.dtype)
        dropped[title] = student
        others = student != dropped[title]
        title, student = title[others], student[others]
    return np.asarray(count_numbers(title, minlength=len(course.values)) > 0)


@cache
def find_privacy_class(table: str, column: str) -> tuple[str, str]:
    """Return the privacy class of a column and, for a public one, its shape ("" otherwise).

    Unknown columns are direct.
    """
    default = ("secret" if _looks_secret(column) else "direct"), ""
    if column.startswith(EXTENSIONS):
        return default
    classes, name = _load_classes(), _fold(column)
    return classes.get(f"{_fold(table)}.{name}") or classes.get(name) or default


def is_secret(table: str, column: str) -> bool:
    """Return whether a column holds secrets, which are written nowhere."""
    return find_privacy_class(table, column)[0] == "secret"


@cache
def _load_classes() -> dict[str, tuple[str, str]]:
    """Return the privacy of each column: public, sensitive, secret, or an identifier."""
    classes: dict[str, tuple[str, str]] = {}
    for table in (load_privacy_table(), *list_pack_classes()):
        for kind in ("secret", "direct", "sensitive", "identifier"):
            classes |= {_fold(name): (kind, "") for name in table.get(kind, ())}
        shapes = table.get("public", {})
        classes |= {_fold(name): ("public", shape) for name, shape in shapes.items()}
    return classes


def _looks_secret(column: str) -> bool:
    """Return whether a column's name looks secret, so that no value may be shown."""
    words = re.sub(r"[^a-z0-9]+", "_", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", column).lower())
    return bool(
        frame_values.match_pattern(pa.array([words]), load_privacy_table()["secret_pattern"])[0]
    )


@cache
def is_known(table: str, column: str) -> bool:
    """Return whether the column is one of a format, so that its header may be shown."""
    return _fold(column) in _load_classes() or f"{_fold(table)}.{_fold(column)}" in _load_classes()


def _fold(name: str) -> str:
    """Fold a column's name, to look up whether privacy lets its values be shown."""
    return re.sub(r"[ _-]", "", name).lower()
