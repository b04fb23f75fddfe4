"""Schools without students: ordinary ones, and those whose records were left out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from validator import frame
from validator.checks.declaration import WholeRoster, check
from validator.compare.diff import Changes
from validator.model import Finding, Level, Places, Table
from validator.vocabulary.grades import Grades

LEAST_SCHOOLS = 3
"""Schools from which half of them without any record is a sign of a filter."""


@check(wants=("grades", "today"), whole_roster=WholeRoster.ALWAYS)
def without_students(
    schools: Table,
    students: Table,
    teachers: Table | None,
    sections: Table | None,
    enrollments: Table | None,
    staff: Table | None,
    previous: Changes | None,
    *,
    low: str,
    high: str,
    grades: Grades,
    today: dt.date,
) -> Finding:
    """Find schools that no student names: facts, but for schools of grades K-12.

    Advice for those that no teacher and section names either, a warning if that is half of the
    schools. Also a warning where teachers, staff or the last export name the school. Sections with
    students at a school that no student names are ordinary: schools for virtual students and career
    centers have them.
    """
    empty = _list_first_rows(schools) & ~_mark_named(schools, students)
    attended = _mark_attended(schools, sections, enrollments, today=today)
    expected = empty & ~attended & _mark_k12(schools, [low, high], grades)
    bare = expected & ~_mark_named(schools, teachers, sections)
    many = len(schools) >= LEAST_SCHOOLS and 2 * bare.sum() >= len(schools)
    levels = {
        "teachers or staff are there": expected & _mark_named(schools, teachers, staff),
        "the last export has students there": expected & _mark_remembered(schools, previous),
        "half of all schools or more have no students, teachers and sections": bare & many,
    }
    blocks = list(_place_once(schools, levels, Level.WARNING))
    warned = np.any(list(levels.values()), axis=0)
    only_advice = {"no students, teachers or sections are there": bare & ~warned}
    blocks += _place_once(schools, only_advice, Level.ADVICE)
    blocks.append(frame.place_rows(schools, empty & ~warned & ~bare, schools.key))
    return Finding(blocks, of=len(schools))


def _list_first_rows(schools: Table) -> np.ndarray:
    """Mark the first row of each school, for the check of empty schools."""
    _, first = frame.index_by_key(schools)
    firsts = np.zeros(len(schools), bool)
    firsts[first] = True
    return np.asarray(firsts & ~frame.encode(schools, schools.key).blank)


def _mark_named(schools: Table, *others: Table | None) -> np.ndarray:
    """Bool mask of the schools that rows of the other tables name."""
    named = np.zeros(len(schools), bool)
    for other in others:
        if other is None:
            continue
        named |= frame.mark_named_in_unread(schools, schools.key, other)
        if other.has("School_id"):
            at = frame.locate_rows(other, "School_id", schools)
            named[at[at >= 0]] = True
    return named


def _mark_attended(
    schools: Table, sections: Table | None, enrollments: Table | None, *, today: dt.date
) -> np.ndarray:
    """Bool mask of the schools whose sections have students."""
    attended = np.zeros(len(schools), bool)
    if sections is None or enrollments is None:
        return attended
    filled = frame.list_members(sections, enrollments, today).rows
    at = frame.locate_rows(sections, "School_id", schools)[filled]
    attended[at[at >= 0]] = True
    return attended


def _mark_k12(schools: Table, columns: Sequence[str], grades: Grades) -> np.ndarray:
    """Bool mask of the schools all of whose named grades are within K-12, and that name some."""
    named, within = np.zeros(len(schools), bool), np.ones(len(schools), bool)
    for column in columns:
        values = frame.encode(schools, column)
        canonical = grades.to_canonical(values.values.to_pylist())
        is_k12 = np.asarray([grades.is_k12(grade) for grade in canonical], bool)
        named |= ~values.blank
        within &= values.blank | values.broadcast(is_k12)
    return named & within


def _mark_remembered(schools: Table, previous: Changes | None) -> np.ndarray:
    """Mark the schools that students of the last export name, for the check of empty schools."""
    students = previous.old.tables.get("students") if previous is not None else None
    if students is None or not students.has("School_id"):
        return np.zeros(len(schools), bool)
    ids = frame.encode(schools, schools.key)
    return ids.broadcast(frame.is_among(ids.values, frame.encode(students, "School_id").values))


def _place_once(schools: Table, masks: Mapping[str, np.ndarray], level: Level) -> Iterator[Places]:
    """Yield the places of each mask for the check of empty schools, by note; each school is in
    one of them."""
    left = np.ones(len(schools), bool)
    for notes, mask in masks.items():
        if (mask & left).any():
            yield frame.place_rows(schools, mask & left, schools.key, level=level, notes=notes)
        left &= ~mask
