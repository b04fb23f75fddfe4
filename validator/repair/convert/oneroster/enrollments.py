"""Enrollments of a bundle: students and teachers of classes."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from validator.frame import Encoded, is_among, mark_firsts
from validator.frame.arrays import repeat_each
from validator.model import dataclass
from validator.repair.convert import cells
from validator.repair.convert.cells import Column, Composed
from validator.repair.convert.oneroster import ids
from validator.repair.convert.oneroster.columns import place_columns
from validator.repair.convert.oneroster.people import list_teacher_columns
from validator.repair.convert.oneroster.places import list_places
from validator.repair.convert.oneroster.sections import derive_section_ids
from validator.repair.convert.roster import KEYS, Records, Roster
from validator.repair.convert.values import write_days
from validator.repair.written import LeftOut

FILE = "enrollments.csv"
NONE = pa.array([], pa.string())
TWICE = "The section names this teacher twice; OneRoster has one enrollment for both."


@dataclass(frozen=True, eq=False)
class Enrolled:
    """Enrollments of students or of teachers, as columns of enrollments.csv."""

    columns: dict[str, Column]
    count: int
    left_out: tuple[LeftOut, ...] = ()


def build_learning(roster: Roster, version: str, prefix: str) -> Enrolled | None:
    """Convert the enrollments of students; None where the roster has none."""
    records = roster.tables.get("enrollments")
    if records is None or not records.count:
        return None
    placed = place_columns(records, list_places(version)["enrollments"], version, roster=roster)
    columns = dict(placed.get(FILE))
    if "endDate" in columns and not records.exclusive_ends:
        columns["endDate"] = write_days(records.get("End"), "End", roster.today, shift=1)
    section = _refer(records, "Section_id", roster.tables.get("sections"), prefix="")
    user = _refer(records, "Student_id", roster.tables.get("students"), prefix=prefix)
    whole = _compose(section, user, records.get("School_id"), role="student")
    return Enrolled({**whole, **columns}, records.count, tuple(placed.left_out))


def _refer(records: Records, column: str, target: Records | None, *, prefix: str) -> Encoded:
    """Return the sourcedIds that a column refers to; the record's own school decides if it must."""
    references = records.get(column)
    if target is not None and target.within_school:
        return ids.derive_at(references, records.get("School_id"), prefix)
    return ids.derive(references, prefix)


def _compose(section: Encoded, user: Encoded, school: Encoded, *, role: str) -> dict[str, Column]:
    """Write the columns that all enrollments of a converted bundle have."""
    count = len(section.codes)
    return {
        "sourcedId": Composed([section, "/", user, *_number_repeats(section, user)]),
        "classSourcedId": section,
        "schoolSourcedId": ids.derive(school),
        "userSourcedId": user,
        "role": cells.repeat_text(role, count),
    }


def _number_repeats(section: Encoded, user: Encoded) -> list[Encoded]:
    """Return the suffixes that make the ids of repeated enrollments distinct."""
    keys = section.codes.astype(np.int64) * max(len(user.values), 1) + user.codes
    again = np.flatnonzero(~mark_firsts(keys))
    if not len(again):
        return []
    order = again[np.argsort(keys[again], kind="stable")]
    begins = np.flatnonzero(np.append(True, np.diff(keys[order]) != 0))
    times = np.diff(np.append(begins, len(order)))
    turn = np.arange(len(order)) - repeat_each(begins, times) + 2
    number = np.zeros(len(keys), np.int32)
    number[order] = turn - 1
    texts = ["", *(f"/{count}" for count in range(2, int(turn.max()) + 1))]
    return [Encoded(cells.encode_few(texts).values, number)]


def build_teaching(roster: Roster, prefixes: Mapping[str, str]) -> Enrolled | None:
    """Convert the teachers of sections to enrollments; None where none is named."""
    sections = roster.tables.get("sections")
    if sections is None:
        return None
    names = list_teacher_columns(sections.columns)
    rows = [np.flatnonzero(~sections.columns[name].blank) for name in names]
    if not sum(len(part) for part in rows):
        return None
    row = np.concatenate(rows)
    primary = np.concatenate([np.full(len(part), at == 0) for at, part in enumerate(rows)])
    teacher = cells.select(sections.columns[names[0]], rows[0])
    for name, part in zip(names[1:], rows[1:], strict=True):
        teacher = cells.append(teacher, cells.select(sections.columns[name], part))
    teacher = cells.merge_equal(teacher)
    keys = row * np.int64(len(teacher.values)) + teacher.codes
    once = np.flatnonzero(mark_firsts(keys))
    order = once[np.lexsort((once, row[once]))]
    left_out = _list_twice(sections, len(row) - len(order))
    section = cells.select(derive_section_ids(sections)[0], row[order])
    school = cells.select(sections.get("School_id"), row[order])
    teachers = roster.tables.get("teachers")
    if teachers is not None and teachers.within_school:
        user = ids.derive_at(cells.select(teacher, order), school, prefixes["teachers"])
    else:
        user = cells.select(_derive_teachers(teacher, roster, prefixes), order)
    columns = _compose(section, user, school, role="teacher")
    flags = cells.encode_few(["false", "true"])
    columns["primary"] = cells.select(flags, primary[order].astype(np.int8))
    return Enrolled(columns, len(order), left_out)


def _derive_teachers(teacher: Encoded, roster: Roster, prefixes: Mapping[str, str]) -> Encoded:
    """Return the sourcedIds of teachers.

    The id of a student or staff member who is no teacher stays unknown.
    """
    derived = ids.derive(teacher, prefixes["teachers"])
    if prefixes["teachers"]:
        return derived
    teachers, *others = (
        roster.tables[name].get(KEYS[name]).values if name in roster.tables else NONE
        for name in ("teachers", "students", "staff")
    )
    stray = ~is_among(teacher.values, teachers)
    stray &= np.any([is_among(teacher.values, other) for other in others], axis=0)
    if not stray.any():
        return derived
    unknown = ids.derive(teacher, ids.TEACHER)
    return cells.choose(teacher.broadcast(stray), unknown, derived)


def _list_twice(sections: Records, count: int) -> tuple[LeftOut, ...]:
    """List the teachers whom a conversion leaves out because a section names them twice."""
    if not count:
        return ()
    heading = sections.headings.get("Teacher_2_id")
    name = heading.name if heading else "Teacher_2_id"
    return (LeftOut(sections.file, name, count, TWICE),)
