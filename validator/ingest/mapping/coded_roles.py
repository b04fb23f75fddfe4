"""Columns of an unknown file that hold roles, with what is in the rows of each role."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pyarrow as pa

from validator import frame
from validator.frame.values import is_blank, match_pattern
from validator.ingest.mapping import words
from validator.model import Table, dataclass

HEADINGS = frozenset({"role", "type", "profile", "title", "position", "job", "category", "status"})
"""Words of the headings of columns of roles."""
GROUPS = HEADINGS | {"department", "unit", "group"}
"""Those, and words of headings of columns that often distinguish staff from students."""
MOST_CODES = 20
"""Distinct values of a column of roles of which the rows are compared. Our own measure."""


@dataclass(frozen=True, eq=False)
class CodedRole:
    """A column whose values may be roles; `numbers`: whether they are bare numbers.

    values: role -> heading of another column -> the distinct values in the rows of that role.
    """

    heading: str
    numbers: bool
    values: Mapping[str, Mapping[str, pa.Array]]


def list_coded_roles(table: Table, headings: Sequence[str]) -> Iterator[CodedRole]:
    """Yield the columns of an unknown file that may hold a few roles."""
    for heading in headings:
        if not any(GROUPS & set(key) for key in words.read_heading(heading)):
            continue
        codes = frame.encode(table, heading)
        used = np.unique(codes.codes)
        if not 2 <= len(used) <= MOST_CODES:
            continue
        numbers = match_pattern(codes.values, r"^[0-9]{1,3}$")
        yield CodedRole(
            heading,
            bool(numbers[used].all()),
            {
                codes.values[int(code)].as_py(): _list_values(
                    table, np.flatnonzero(codes.codes == code), headings
                )
                for code in used
            },
        )


def _list_values(table: Table, rows: np.ndarray, headings: Sequence[str]) -> dict[str, pa.Array]:
    """Return the distinct filled values of each column in some rows of an unknown file."""
    values = {}
    for heading in headings:
        used = frame.encode(table, heading).take_distinct(rows)
        values[heading] = used.filter(pa.array(~is_blank(used)))
    return values
