"""Column values of a made-up district: ids, grades, names and other texts as arrow arrays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from validator.sample import names

COURSES, SECTIONS, CLASS = 8, 11, 24
"""Courses of a grade, sections of each course, and students of a section.

SECTIONS is a prime above COURSES, so that no two sections share many students.
"""

ROOM, GRADES = SECTIONS * CLASS, 6
"""Students of a grade in a school, and grades of a school."""

Columns = dict[str, Any]


def format_numbers(numbers: np.ndarray) -> pa.Array:
    """Numbers as text."""
    return pa.array(numbers).cast(pa.string())


def pick(words: Sequence[str], codes: np.ndarray) -> pa.Array:
    """The word of each code."""
    return pa.array(list(words)).take(pa.array(codes))


def join(*parts: Any) -> pa.Array:
    """The parts joined, row by row."""
    return pc.binary_join_element_wise(*parts, "")


def put(column: pa.Array, rows: np.ndarray, values: pa.Array | str) -> pa.Array:
    """The column with other values in these rows (ascending)."""
    mask = np.zeros(len(column), bool)
    mask[rows] = True
    new = values if isinstance(values, pa.Array) else pa.scalar(values)
    return pc.replace_with_mask(column, pa.array(mask), new)


def format_school_ids(numbers: np.ndarray) -> pa.Array:
    """The ids of schools, by number."""
    return format_numbers(10_001 + numbers)


def number_grades(group: np.ndarray) -> np.ndarray:
    """The grade of each group: schools have Kindergarten to 5 or 7 to 12 by turns."""
    return group % GRADES + 7 * (group // GRADES % 2)


def name_grades(group: np.ndarray) -> pa.Array:
    """The name of the grade of each group."""
    return pick(["Kindergarten", *map(str, range(1, 13))], number_grades(group))


def invent_people(count: int, domain: str) -> tuple[pa.Array, pa.Array, pa.Array, np.ndarray]:
    """First names, last names, e-mail addresses, and a number that differs between namesakes.

    Some names have an accent or an apostrophe, which their addresses lack.
    """
    plain = [name for name in names.FIRST if name.isascii() and name.isalpha()]
    first = [name for name in plain if not _shares_start(name)]
    last = [name for name in names.LAST if name.isascii() and name.isalpha()]
    number = np.arange(count)
    pair = number % (len(first) * len(last))
    given, family = pick(first, pair % len(first)), pick(last, pair // len(first))
    lower = [pc.utf8_lower(part) for part in (given, family)]
    email = join(lower[0], ".", lower[1], format_numbers(number), f"@{domain}")
    born = number // (len(first) * len(last)) * 7 + pair
    accented = given
    for plain_letter, letter in ("a\u00e1", "e\u00e9", "o\u00f3"):
        accented = pc.replace_substring(accented, pattern=plain_letter, replacement=letter)
    given = pc.if_else(pa.array(number % ACCENTED == 0), accented, given)
    split = join(pc.utf8_slice_codeunits(family, 0, 1), "'", pc.utf8_slice_codeunits(family, 1))
    return given, pc.if_else(pa.array(number % SPLIT == 0), split, family), email, born


ACCENTED, SPLIT = 31, 97
"""One person in 31 has an accent in the first name, one in 97 an apostrophe in the last name."""


def _shares_start(name: str) -> bool:
    """Whether the name begins another, or another begins it, so that they may look the same."""
    others = [other for other in names.FIRST if other != name]
    return any(name.startswith(other) or other.startswith(name) for other in others)


def format_teacher_ids(numbers: np.ndarray) -> pa.Array:
    """The ids of teachers, by number."""
    return join("T", format_numbers(1_000_001 + numbers))


def format_section_ids(numbers: np.ndarray) -> pa.Array:
    """The ids of sections, by number."""
    return format_numbers(50_000_001 + numbers)
