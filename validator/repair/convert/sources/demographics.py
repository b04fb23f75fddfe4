"""Demographics of OneRoster: gender, race, ethnicity, and what only another bundle has."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pyarrow as pa

from validator import frame
from validator.frame import Encoded
from validator.model import Export, Table
from validator.repair.convert import cells, values
from validator.repair.convert.places import METADATA, OWN_PREFIX
from validator.repair.convert.roster import Heading
from validator.repair.convert.sources.collector import KNOWN, Collector
from validator.repair.written import LeftOut

OWN_DEMOGRAPHICS = (
    "countryOfBirthCode",
    "stateOfBirthAbbreviation",
    "cityOfBirth",
    "publicSchoolResidenceStatus",
)
"""Columns that only OneRoster has; they pass from one bundle to another under OWN_PREFIX."""


def add_demographics(collector: Collector, export: Export, own: Mapping[str, Table]) -> None:
    """Add gender, race and ethnicity of students to the records to convert."""
    students, table = export.tables.get("students"), own.get("demographics.csv")
    users = own.get("users.csv")
    if students is None or table is None or users is None:
        return
    keys, first = frame.index_by_key(table)
    ids = frame.encode(students, "Student_id")
    position = frame.find_positions(ids.values, keys)
    row = np.where(position >= 0, first[np.maximum(position, 0)], -1) if len(first) else position
    at = ids.broadcast(row)
    at = np.where(np.append(frame.mark_live(table), False)[at], at, -1)

    def take(column: str) -> Encoded:
        return cells.look_up(frame.encode(table, column), at)

    def find(column: str) -> Heading:
        return Heading(table.file, table.headers.get(column, column))

    genders = values.map_words(take("sex"), values.GENDERS)
    _add_read(collector, "Gender", take("sex"), read=genders, heading=find("sex"))
    ethnicity = take("hispanicOrLatinoEthnicity")
    flags = values.write_yes_no(values.write_boolean(ethnicity))
    heading = find("hispanicOrLatinoEthnicity")
    _add_read(collector, "Hispanic_Latino", ethnicity, read=flags, heading=heading)
    races = [values.write_boolean(take(flag)) for flag in values.RACES.values()]
    for flag in values.RACES.values():
        collector.used.add(find(flag))
    collector.add("students", "Race", _name_races(races), heading=find("white"))
    _add_several_races(collector, races, find)
    for column in OWN_DEMOGRAPHICS:
        if table.has(column):
            collector.add("students", OWN_PREFIX + column, take(column), heading=find(column))
    for column in table.headers:
        bare = column[len(METADATA) :]
        if column.startswith(METADATA) and bare in KNOWN["students"]:
            before = collector.columns.get("students", {}).get(bare)
            raw = take(column)
            added = raw if before is None else cells.fill(before, raw)
            collector.add("students", bare, added, heading=find(column))


def _add_several_races(
    collector: Collector, races: Sequence[Encoded], find: Callable[[str], Heading]
) -> None:
    """Add the flags of students of several races, which Clever's one letter does not name."""
    several = np.sum([_is_true(column) for column in races], axis=0) > 1
    if not several.any():
        return
    for flag, column in zip(values.RACES.values(), races, strict=True):
        blank = cells.repeat_text("", len(several))
        added = cells.merge_equal(cells.choose(several, column, blank))
        collector.add("students", OWN_PREFIX + flag, added, heading=find(flag))


def _is_true(column: Encoded) -> np.ndarray:
    """Return the bool mask of rows with a true flag, to convert demographics."""
    texts = column.values.to_pylist()
    return column.broadcast(np.asarray([text == "true" for text in texts], bool))


def _add_read(
    collector: Collector, column: str, raw: Encoded, *, read: Encoded, heading: Heading
) -> None:
    """Add a column of demographics, and list the values that could not be read."""
    collector.add("students", column, read, heading=heading)
    lost = int(values.mark_unfit(raw, read).sum())
    if lost:
        reason = f"These values have no counterpart among those of {column}."
        collector.left_out.append(LeftOut(heading.file, heading.name, lost, reason))


def _name_races(flags: list[Encoded]) -> Encoded:
    """Return Clever's letter for the race of each row; several races are `M`."""
    masks = [_is_true(column) for column in flags]
    letters = list(values.RACES)
    count = np.sum(masks, axis=0)
    number = np.select(masks, list(range(1, len(letters) + 1)), 0)
    number = np.where(count > 1, letters.index("M") + 1, number)
    return Encoded(pa.array(["", *letters], pa.string()), number.astype(np.int32))
