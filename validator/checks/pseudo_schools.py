"""Schools that are none: where an SIS keeps graduates."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from validator import frame
from validator.checks.declaration import check
from validator.frame.values import match_pattern
from validator.model import Finding, Pattern, Table


@check()
def graduates(students: Table, schools: Table, *, ids: list[str], named: Pattern) -> Finding:
    """Find students at a school that only holds graduates, by its id or its name.

    Their records are to be left out. The school is a place too, and is not counted.
    """
    who = frame.group_people(students)
    key = frame.encode(schools, "School_id")
    name = frame.encode_lower(schools, "School_name")
    is_pseudo = key.broadcast(frame.is_among(key.values, pa.array(ids, pa.string())))
    is_pseudo = is_pseudo | name.broadcast(match_pattern(name.values, named))
    at = frame.locate_rows(students, "School_id", schools)
    rows = np.flatnonzero(np.append(is_pseudo, False)[np.maximum(at, -1)])
    used = np.zeros(len(schools), bool)
    used[at[rows]] = True
    school_rows = np.flatnonzero(used)
    blocks = [
        frame.place_rows(students, rows, "School_id", counts=frame.mark_firsts(who.number[rows])),
        frame.place_rows(
            schools, school_rows, "School_id", counts=np.zeros(len(school_rows), bool)
        ),
    ]
    return Finding(blocks, of=who.count, set_aside=True)
