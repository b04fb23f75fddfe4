"""Values of two exports in one form, so that those that mean the same are equal."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from validator import frame
from validator.frame import Encoded
from validator.frame.values import NO_DAY, parse_dates
from validator.model import Table
from validator.vocabulary.grades import Grades

DATES = ("DOB", "Term_start", "Term_end", "Begin", "End")
GRADES = ("Grade", "Low_grade", "High_grade")
MAIL = "_email"
"""The end of the names of columns with e-mail addresses, where the case of letters is ignored."""


def normalize(table: Table, column: str, *, rows: np.ndarray, grades: Grades) -> Encoded:
    """Return values of both exports to compare, equal if they mean the same.

    Days, grades and addresses; any other text as it is.
    """
    values = frame.encode_rows(table, column, rows)
    if column in DATES:
        return frame.map_values(values, _normalize_days)
    if column.endswith(MAIL):
        return frame.map_values(values, pc.utf8_lower)
    if column in GRADES:
        return frame.map_values(values, lambda texts: _normalize_grades(grades, texts))
    return values


def _normalize_days(values: pa.Array) -> pa.Array:
    """Return dates of both compared exports in one form; other texts as they are."""
    texts = values.to_pylist()
    days = parse_dates(values).days.tolist()
    pairs = zip(texts, days, strict=True)
    return pa.array([text if day == NO_DAY else f"day {day}" for text, day in pairs], pa.string())


def _normalize_grades(grades: Grades, values: pa.Array) -> pa.Array:
    """Return compared grades in one form; those not recognized as they are written."""
    texts = values.to_pylist()
    pairs = zip(texts, grades.to_canonical(texts), strict=True)
    return pa.array([text if grade == "?" else grade for text, grade in pairs], pa.string())
