"""Who could sign in, and how many are left after each thing that signing in requires."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from validator import frame
from validator.model import Export, Level, Outcome, Readiness, Rule, Status, Step, Table

KINDS = ("students", "teachers", "sections")

HOLDING = (Status.FOUND, Status.EXPLAINED)
"""The status of rules that hold back the people whom they name."""

ANSWERED = (Status.PASSED, Status.WAIVED, *HOLDING)

ENROLLED = (Step.SECTION, Step.SHARED_SECTION)
"""What every student needs to be ready, whatever the level of the rule."""


@dataclass(frozen=True, eq=False)
class Obstacles:
    """Who is held back by what.

    `by_rule`: per kind and rule, bool mask of the people or sections that it holds back.
    `concerned`: per kind, bool mask of those who are shared or should be. `asked`: per kind, the
    rules of each step that could have held somebody back.
    """

    export: Export
    by_rule: Mapping[str, Mapping[str, np.ndarray]]
    concerned: Mapping[str, np.ndarray]
    asked: Mapping[str, Mapping[Step, Sequence[str]]]


def count_all(
    export: Export, outcomes: Sequence[Outcome], rows: Mapping[str, np.ndarray]
) -> dict[str, Readiness]:
    """Return the readiness of each kind of record that the export has.

    `rows`: per table, bool mask of the rows that are shared or should be; default all rows.
    """
    obstacles = find_obstacles(export, outcomes, rows)
    return {kind: count(obstacles, kind) for kind in KINDS if kind in export.tables}


def find_obstacles(
    export: Export, outcomes: Sequence[Outcome], rows: Mapping[str, np.ndarray]
) -> Obstacles:
    """Return who is held back by what; `rows` as in `count_all`."""
    by_rule: dict[str, Mapping[str, np.ndarray]] = {kind: {} for kind in KINDS}
    concerned = {}
    for kind in KINDS:
        table = export.tables.get(kind)
        if table is None:
            continue
        concerned[kind] = _mark_concerned(table, rows.get(kind))
        by_rule[kind] = _mark_by_rule(table, outcomes, kind=kind, concerned=concerned[kind])
    return Obstacles(export, by_rule, concerned, _list_asked(outcomes))


def _list_asked(outcomes: Sequence[Outcome]) -> dict[str, dict[Step, list[str]]]:
    """Return, per kind and step, the rules that could have held somebody back."""
    asked: dict[str, dict[Step, list[str]]] = {kind: {} for kind in KINDS}
    for outcome in outcomes:
        rule = outcome.rule
        decides = _decides(rule, rule.level) or _decides(rule, outcome.level)
        if rule.step is None or outcome.status not in ANSWERED or not decides:
            continue
        everybody = outcome.finding.everybody if outcome.finding else ()
        for kind in everybody or (next(name for name in rule.reads if name in KINDS),):
            asked[kind].setdefault(rule.step, []).append(rule.id)
    return asked


def _decides(rule: Rule, level: Level) -> bool:
    """Whether a rule of this level holds back the people whom it names."""
    return level is Level.BLOCKER or (rule.step in ENROLLED and level is not Level.FACT)


def _mark_concerned(table: Table, rows: np.ndarray | None) -> np.ndarray:
    """Return the bool mask of the people in these rows (bool mask; None for all)."""
    people = frame.group_people(table)
    if rows is None:
        return np.ones(people.count, bool)
    concerned = np.zeros(people.count, bool)
    concerned[people.number[rows]] = True
    return concerned


def _mark_by_rule(
    table: Table, outcomes: Sequence[Outcome], *, kind: str, concerned: np.ndarray
) -> dict[str, np.ndarray]:
    """Return, per rule that holds somebody back, the bool mask of whom."""
    people = frame.group_people(table)
    by_rule = {}
    for outcome in outcomes:
        is_holding = outcome.status in HOLDING and _decides(outcome.rule, outcome.level)
        if outcome.finding is None or not is_holding:
            continue
        named = np.full(people.count, kind in outcome.finding.everybody)
        for block in outcome.finding.places:
            is_softer = block.level not in (None, Level.BLOCKER)
            if block.table == kind and block.rows is not None and not is_softer:
                named[people.number[block.rows]] = True
        named &= concerned
        if named.any():
            by_rule[outcome.rule.id] = named
    return by_rule


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
    table = obstacles.export.tables[kind]
    people = frame.group_people(table)
    blocked = _mark_any(obstacles.by_rule[kind], people.count)
    teachers = obstacles.export.tables.get("teachers")
    if kind == "sections" and teachers is not None and obstacles.by_rule["teachers"]:
        staff = frame.group_people(teachers)
        is_blocked = _mark_any(obstacles.by_rule["teachers"], staff.count)[staff.number]
        section, teacher = frame.list_teachers(table, teachers)
        blocked[people.number[section[is_blocked[teacher]]]] = True
    return np.asarray(blocked & obstacles.concerned[kind])


def count(obstacles: Obstacles, kind: str) -> Readiness:
    """Count who is ready, blocked and unknown, by rule and step by step."""
    tables = obstacles.export.tables
    concerned = obstacles.concerned[kind]
    blocked = mark_blocked(obstacles, kind)
    unreadable = len(tables[kind].unread)
    ready = np.asarray(concerned & ~blocked)
    unknown = unreadable
    if kind == "students" and not {"enrollments", "sections"} <= tables.keys():
        unknown += int(concerned.sum()) - int(blocked.sum())
        ready = np.zeros_like(ready)
    steps = [*_steps(obstacles, kind), (Step.READY, ready)]
    left = [(step, int(mask.sum())) for step, mask in steps]
    left[0] = (Step.IN_FILE, left[0][1] + unreadable)
    by_rule = obstacles.by_rule[kind]
    return Readiness(
        total=int(concerned.sum()) + unreadable,
        ready=left[-1][1],
        blocked=int(blocked.sum()),
        unknown=unknown,
        by_rule={rule: int(by_rule[rule].sum()) for rule in sorted(by_rule)},
        steps=left,
        by_school=_count_by_school(tables[kind], [mask for _, mask in steps]),
    )


def _steps(obstacles: Obstacles, kind: str) -> Iterator[tuple[Step, np.ndarray]]:
    """Yield each step that the profiles require, and the bool mask of who is left after it."""
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
        for rule in asked.get(step, ()):
            left = left & ~obstacles.by_rule[kind].get(rule, np.zeros_like(left))
        if step in asked:
            yield step, left


def _count_by_school(table: Table, masks: Sequence[np.ndarray]) -> dict[str, tuple[int, ...]]:
    """Return, per school id, how many people of each mask its rows have.

    People count at the school of their first row; "" is the school of rows without one.
    """
    if not table.has("School_id"):
        return {}
    people = frame.group_people(table)
    school = frame.encode(table, "School_id")
    codes = school.codes[people.first]
    numbers = people.number[people.first]
    counts = [np.bincount(codes[mask[numbers]], minlength=len(school.values)) for mask in masks]
    left = np.stack(counts, axis=1)
    ids = school.values.to_pylist()
    return {ids[int(code)]: tuple(left[code].tolist()) for code in np.flatnonzero(left[:, 0])}
