"""Codes for gender, race and programs that a column does not take, listed once each."""

from __future__ import annotations

import numpy as np

from validator import frame
from validator.checks.declaration import check
from validator.frame import values as frame_values
from validator.frame.arrays import sort_unique
from validator.model import Finding, Table

FEW = 10
"""People with a code from which it is listed; below, it could tell who they are."""
CODE = r"^[A-Za-z]{1,3}$|^[0-9]{1,4}$"
"""What is shown as a code; anything longer may be a name or an address in the wrong column; RE2."""


@check()
def unrecognized(people: Table, *, columns: list[str]) -> Finding:
    """Find people with a value that breaks the description of a column, each person once.

    The figure lists the codes that at least ten people have, each with their number.
    """
    who = frame.group_people(people)
    blocks, listed = [], list[str]()
    for column in columns:
        unknown = people.schema_violations.get(column, np.zeros(len(people), bool))
        blocks.append(frame.place_rows(people, unknown, column))
        codes = _list_codes(frame.encode(people, column), np.flatnonzero(unknown), who.number)
        listed += [f"{code} in {people.headers.get(column, column)}" for code in codes]
    figures = {"listed": f": {', '.join(listed)}" if listed else ""}
    return Finding(frame.count_once(blocks, who.number), of=who.count, figures=figures)


def _list_codes(values: frame.Encoded, rows: np.ndarray, person: np.ndarray) -> list[str]:
    """Return the unknown codes that enough people have to be listed, with their number."""
    codes = values.codes[rows]
    if not len(codes):
        return []
    is_code = frame_values.match_pattern(values.values, CODE)
    listed = []
    for code in sort_unique(codes[is_code[codes]]).tolist():
        count = len(sort_unique(person[rows[codes == code]]))
        if count >= FEW:
            listed.append(f"{values.values[code].as_py()} ({count:,})")
    return listed
