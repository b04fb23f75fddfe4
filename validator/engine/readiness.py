"""Who could sign in, and how many are left after each thing that signing in requires."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence

import numpy as np

from validator import frame
from validator.engine.obstacles import KINDS, SET_ASIDE, Obstacles, find_obstacles
from validator.frame.arrays import count_numbers
from validator.model import (
    Diagnosis,
    Export,
    Outcome,
    Readiness,
    Step,
    Table,
)


def count_all(
    export: Export,
    outcomes: Sequence[Outcome],
    rows: Mapping[str, np.ndarray],
    *,
    today: dt.date,
    diagnoses: Sequence[Diagnosis] = (),
    unknown: Collection[str] = (),
) -> dict[str, Readiness]:
    """Count the readiness of each kind of record in the export.

    `outcomes` and the levels of `diagnoses` are those of one profile. `rows`: per table, bool mask
    of the rows that are shared or should be; default all rows. `today`: the day on which
    enrollments count. Of the kinds in `unknown`, whoever is not held back is unknown, not ready.
    """
    obstacles = find_obstacles(export, outcomes, rows, today=today, diagnoses=diagnoses)
    return {
        kind: count(obstacles, kind, is_known=kind not in unknown)
        for kind in KINDS
        if kind in export.tables
    }


def _mark_any(masks: Mapping[str, np.ndarray], count: int) -> np.ndarray:
    """Return the bool mask of everybody whom some rule names."""
    union = np.zeros(count, bool)
    for mask in masks.values():
        union |= mask
    return union


def mark_blocked(obstacles: Obstacles, kind: str) -> np.ndarray:
    """Return the bool mask of the people or sections that are not ready.

    A section is not ready if one of its teachers is not.
    """
    people = frame.group_people(obstacles.export.tables[kind])
    blocked = _mark_any(obstacles.by_rule[kind], people.count)
    if kind == "sections":
        blocked |= _mark_teachers_blocked(obstacles)
    return np.asarray(blocked & obstacles.concerned[kind])


def _mark_teachers_blocked(obstacles: Obstacles) -> np.ndarray:
    """Return the bool mask of the sections one of whose teachers is not ready."""
    sections = obstacles.export.tables["sections"]
    people = frame.group_people(sections)
    teachers = obstacles.export.tables.get("teachers")
    if teachers is None or not obstacles.by_rule["teachers"]:
        return np.zeros(people.count, bool)
    staff = frame.group_people(teachers)
    is_blocked = _mark_any(obstacles.by_rule["teachers"], staff.count)[staff.number]
    section, teacher = frame.list_teachers(sections, teachers)
    return people.mark(section[is_blocked[teacher]])


def count(obstacles: Obstacles, kind: str, *, is_known: bool = True) -> Readiness:
    """Count who is ready, blocked and unknown, by cause and step by step."""
    tables = obstacles.export.tables
    concerned = obstacles.concerned[kind]
    blocked = mark_blocked(obstacles, kind)
    unread = len(tables[kind].unread)
    ready = np.asarray(concerned & ~blocked)
    if kind == "students" and not {"enrollments", "sections"} <= tables.keys():
        is_known = False
    unknown = unread
    if not is_known:
        unknown += int(ready.sum())
        ready = np.zeros_like(ready)
    steps = [*_yield_steps(obstacles, kind), (Step.READY, ready)]
    left = [(step, int(mask.sum())) for step, mask in steps]
    left[0] = (Step.IN_FILE, left[0][1] + unread)
    by_cause = obstacles.by_cause[kind]
    by_school = _count_by_school(tables[kind], [mask for _, mask in steps])
    if unread and by_school:
        before = by_school.get("", (0,) * len(steps))
        by_school[""] = (before[0] + unread, *before[1:])
    return Readiness(
        total=int(concerned.sum()) + unread,
        ready=left[-1][1],
        blocked=int(blocked.sum()),
        set_aside=int((blocked & ~_mark_others(obstacles, kind)).sum()),
        unknown=unknown,
        by_rule={cause: int(by_cause[cause].sum()) for cause in sorted(by_cause)},
        steps=left,
        by_school=by_school,
    )


def _mark_others(obstacles: Obstacles, kind: str) -> np.ndarray:
    """Return the bool mask of people held back for a reason other than not being real people."""
    aside = obstacles.asked[kind].get(SET_ASIDE, ())
    masks = {rule: it for rule, it in obstacles.by_rule[kind].items() if rule not in aside}
    others = _mark_any(masks, len(obstacles.concerned[kind]))
    if kind == "sections":
        others |= _mark_teachers_blocked(obstacles)
    return others


def _yield_steps(obstacles: Obstacles, kind: str) -> Iterator[tuple[Step, np.ndarray]]:
    """Yield each step that the profile requires, and the bool mask of who is left after it."""
    concerned = obstacles.concerned[kind]
    everybody = np.ones_like(concerned)
    yield Step.IN_FILE, everybody
    if len(obstacles.export.tables[kind].unread):
        yield Step.READABLE, everybody
    if not concerned.all():
        yield Step.SHARED, concerned
    asked = dict(obstacles.asked[kind])
    if Step.SHARED_SECTION in asked:
        # Nobody without a section is in a shared one: one step for both.
        asked[Step.SHARED_SECTION] = [*asked.pop(Step.SECTION, ()), *asked[Step.SHARED_SECTION]]
    left = concerned
    for step in Step:
        before = left
        for rule in asked.get(step, ()):
            left = left & ~obstacles.by_rule[kind].get(rule, np.zeros_like(left))
        is_optional = step in (Step.TAKEN, SET_ASIDE)
        if step in asked and not (is_optional and np.array_equal(before, left)):
            yield step, left
    if kind == "sections":
        with_teachers = left & ~_mark_teachers_blocked(obstacles)
        if (left & ~with_teachers).any():
            yield Step.TAUGHT, with_teachers


def _count_by_school(table: Table, masks: Sequence[np.ndarray]) -> dict[str, tuple[int, ...]]:
    """Count the readiness of people per school id, for each mask.

    People count at the school of their first row; "" is the school of rows without one.
    """
    if not table.has("School_id"):
        return {}
    people = frame.group_people(table)
    school = frame.encode(table, "School_id")
    codes = school.codes[people.first]
    numbers = people.number[people.first]
    counts = [count_numbers(codes[mask[numbers]], minlength=len(school.values)) for mask in masks]
    left = np.stack(counts, axis=1)
    ids = school.values.to_pylist()
    return {ids[int(code)]: tuple(left[code].tolist()) for code in np.flatnonzero(left[:, 0])}
