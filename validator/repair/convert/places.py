"""Where a destination keeps the columns of the roster."""

from __future__ import annotations

from validator.model import dataclass

METADATA = "metadata."
"""The prefix of OneRoster's extension columns; Clever's is `ext.`."""

OWN_PREFIX = "own."
"""The prefix of a roster's columns that only their own format has a place for."""


@dataclass(frozen=True)
class Place:
    """Where one column of the roster goes.

    column: the roster's column, under Clever's name.
    heading: the destination's column, "" where it has none.
    file: the destination's file, where it is not the one of the record.
    form: how values are written: text, date, grade, grades, gender, race, flag, userids or list.
    extension: whether the destination takes it as an extension column.
    reason: why it is not written, one public sentence.
    """

    column: str
    heading: str = ""
    file: str = ""
    form: str = "text"
    extension: bool = False
    reason: str = ""
