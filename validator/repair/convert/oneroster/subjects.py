"""Codes of the subjects of courses and classes."""

from __future__ import annotations

import numpy as np

from validator.frame import Encoded
from validator.repair.convert import cells

SUBJECT_CODES = {
    "english/language arts": "01",
    "math": "02",
    "science": "03",
    "social studies": "04",
    "arts and music": "05",
    "pe and health": "08",
    "technology and engineering": "21",
    "language": "24",
}
"""Clever's subject in lower case -> the subject area of SCED, https://nces.ed.gov/forum/sced.asp."""
NO_CODE = "ext:none"
"""In place of a code for other subjects: OneRoster wants as many codes as subjects."""


def choose_codes(own: Encoded | None, subjects: Encoded) -> Encoded:
    """Return the codes of another bundle where there are as many as subjects, else derived ones."""
    derived = cells.convert_values(subjects, find_codes)
    if own is None:
        return derived
    counts = [
        column.broadcast(np.asarray([len(text.split(",")) for text in column.values.to_pylist()]))
        for column in (own, derived)
    ]
    fits = ~own.blank & ~derived.blank & (counts[0] == counts[1])
    return cells.choose(fits, own, derived)


def find_codes(subjects: str) -> str:
    """Return a code for each subject of a list to convert."""
    items = [item for item in subjects.split(",") if item]
    return ",".join(SUBJECT_CODES.get(item.strip().lower(), NO_CODE) for item in items)
