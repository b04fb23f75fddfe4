"""People of a district office, for destinations where everybody is at a school."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from validator import frame
from validator.frame import Encoded
from validator.frame.arrays import repeat_each
from validator.repair.convert import cells
from validator.repair.convert.places import OWN_PREFIX
from validator.repair.convert.roster import KEYS, Records, Roster

PARENT = f"{OWN_PREFIX}parentSourcedId"
MOST_LEVELS = 10
"""Most levels of organizations, one above the other; more would be a circle."""


def move_to_schools(roster: Roster) -> tuple[Roster, int]:
    """Convert staff of a district to staff of each of its schools; return how many.

    Teachers of a district are put at the school of their first section.
    """
    districts = roster.tables.get("districts")
    schools = roster.tables.get("schools")
    if districts is None or schools is None:
        return roster, 0
    tables = dict(roster.tables)
    moved = 0
    if "staff" in tables:
        tables["staff"], moved = _spread(tables["staff"], districts, schools)
    if "teachers" in tables and "sections" in tables:
        tables["teachers"] = _place(tables["teachers"], districts, tables["sections"])
    return replace(roster, tables=tables), moved


def _spread(staff: Records, districts: Records, schools: Records) -> tuple[Records, int]:
    """Give converted staff of a district a row for each school; return how many were added."""
    own = staff.get("School_id")
    below = list_schools_below(districts, schools)
    rows = [below.get(text, []) for text in own.values.to_pylist()]
    counts = np.asarray([len(each) for each in rows], np.int64)[own.codes]
    if not counts.any():
        return staff, 0
    times = np.maximum(counts, 1)
    at = repeat_each(np.arange(staff.count), times)
    within = np.arange(len(at)) - repeat_each(np.cumsum(times) - times, times)
    row = np.asarray(
        [
            rows[own.codes[person]][turn] if counts[person] else -1
            for person, turn in zip(at.tolist(), within.tolist(), strict=True)
        ],
        np.int64,
    )
    longer = staff.take(at)
    school = cells.look_up(schools.get("School_id"), row)
    spread = cells.merge_equal(cells.choose(row >= 0, school, longer.get("School_id")))
    return longer.with_columns({"School_id": spread}), int((counts > 0).sum())


def list_schools_below(districts: Records, schools: Records) -> Mapping[str, list[int]]:
    """Return the row numbers of each district's schools, for a conversion.

    If no school names its parent, all schools belong to the only district.
    """
    ids = _take_texts(districts.get("School_id"))
    parents = dict(zip(ids, _take_texts(districts.get(PARENT)), strict=True))
    below: dict[str, list[int]] = {id: [] for id in ids}
    named = _take_texts(schools.get(PARENT))
    for row, parent in enumerate(named):
        above = parent
        for _ in range(MOST_LEVELS):
            if above not in below:
                break
            below[above].append(row)
            above = parents[above]
    if not any(named) and len(ids) == 1:
        below[ids[0]] = list(range(schools.count))
    return below


def _take_texts(column: Encoded) -> list[str]:
    """Return the texts of a short column, to convert people of the district."""
    values = column.values.to_pylist()
    return [values[code] for code in column.codes.tolist()]


def _place(teachers: Records, districts: Records, sections: Records) -> Records:
    """Place converted teachers of a district at the school of their first section."""
    own = teachers.get("School_id")
    is_district = own.broadcast(frame.is_among(own.values, districts.get("School_id").values))
    if not is_district.any():
        return teachers
    key = teachers.get(KEYS["teachers"])
    row = np.full(teachers.count, -1, np.int64)
    for name in reversed([name for name in sections.columns if _is_teacher(name)]):
        reference = sections.columns[name]
        position = frame.find_positions(key.values, reference.values)
        first = np.full(len(reference.values) + 1, -1, np.int64)
        first[reference.codes[::-1]] = np.arange(len(reference.codes))[::-1]
        first[-1] = -1
        section = key.broadcast(first[position])
        row = np.where(section >= 0, section, row)
    school = cells.look_up(sections.get("School_id"), np.where(is_district, row, -1))
    placed = cells.choose(~school.blank, school, own)
    return teachers.with_columns({"School_id": cells.merge_equal(placed)})


def _is_teacher(column: str) -> bool:
    """Return whether a column of converted sections names a teacher."""
    return column.startswith("Teacher_") and column.endswith("_id")
