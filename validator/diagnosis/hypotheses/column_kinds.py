"""Kinds of columns that may be swapped: addresses, dates, grades, genders and ids."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from validator import frame
from validator.diagnosis.scene import Scene
from validator.frame import values as frame_values
from validator.frame.emails import is_email
from validator.frame.values import NO_DAY
from validator.model import Table

EMAILS = ("Student_email", "Teacher_email", "Staff_email")
DATES = ("DOB", "Term_start", "Term_end", "Begin", "End")
FIRST_AND_LAST = (("Term_start", "Term_end"), ("Begin", "End"))
"""Columns of the first and the last day of something."""

GRADES = ("Grade",)
GENDERS = frozenset(("m", "f", "x", "male", "female", "other", "nonbinary", "non-binary"))

Fits = Callable[[pa.Array], np.ndarray]
"""Returns, per distinct value, whether the column may hold it."""


def find_kind(scene: Scene, table: Table, column: str) -> Fits | None:
    """Return what a column that may be swapped can hold, None where it may hold any text."""
    if column in EMAILS or column.endswith("_email"):
        return is_email
    if column in DATES:
        return lambda values: frame_values.parse_dates(values).days != NO_DAY
    if column in GRADES and table.name == "students":
        return lambda values: _are_grades(scene, values)
    if column == "Gender":
        return lambda values: np.asarray(
            [text.casefold() in GENDERS for text in values.to_pylist()], bool
        )
    references = dict(frame.list_references(table))
    other = scene.table(references.get(column, ""))
    if other is None:
        return None
    keys = frame.index_by_key(other)[0]
    return lambda values: frame.is_among(values, keys)


def find_likeness(scene: Scene, table: Table, column: str) -> Fits | None:
    """Return what looks like a value of a column that may be swapped; None where any text does.

    A wrong address looks like one, too.
    """
    kind = find_kind(scene, table, column)
    return _mark_addresses if kind is is_email else kind


def _mark_addresses(values: pa.Array) -> np.ndarray:
    """Return which values look like addresses, as evidence that two columns were swapped."""
    return np.asarray(pc.match_substring(values, "@").to_numpy(zero_copy_only=False), bool)


def is_same_kind(table: Table, column: str, other: str) -> bool:
    """Return whether what one column holds the other may hold too, as two dates may."""
    if column in DATES and other in DATES:
        return True
    if column.endswith("_email") and other.endswith("_email"):
        return True
    references = dict(frame.list_references(table))
    return column in references and references[column] == references.get(other)


def _are_grades(scene: Scene, values: pa.Array) -> np.ndarray:
    """Return which values are grades, as evidence that two columns were swapped."""
    names = scene.grades.to_canonical(values.to_pylist())
    return np.asarray([name not in ("", "?") for name in names], bool)
