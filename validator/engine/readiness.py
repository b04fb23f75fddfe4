"""Who could sign in, and how many are left after each thing that signing in requires."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from validator import frame
from validator.model import (
    Diagnosis,
    Export,
    Level,
    Outcome,
    Places,
    Readiness,
    Rule,
    Status,
    Step,
    Table,
)

KINDS = ("students", "teachers", "sections")

HOLDING = (Status.FOUND, Status.EXPLAINED)
"""The status of rules that hold back the people whom they name."""

ANSWERED = (Status.PASSED, Status.WAIVED, *HOLDING)

SET_ASIDE = Step.REAL
"""The step of records that are no people: they are never ready, whatever the level of the rule."""

Masks = Mapping[str, Mapping[str, np.ndarray]]
"""Per kind and id of a rule or diagnosis, bool mask of the people or sections it names."""


@dataclass(frozen=True, eq=False)
class Obstacles:
    """Who is held back by what, for one profile.

    `by_rule`: whom each rule holds back. `by_cause`: the same, with what a diagnosis explains under
    the diagnosis. `concerned`: per kind, bool mask of those who are shared or should be. `asked`:
    per kind, the rules of each step that could have held somebody back.
    """

    export: Export
    by_rule: Masks
    by_cause: Masks
    concerned: Mapping[str, np.ndarray]
    asked: Mapping[str, Mapping[Step, Sequence[str]]]


def count_all(
    export: Export,
    outcomes: Sequence[Outcome],
    rows: Mapping[str, np.ndarray],
    *,
    diagnoses: Sequence[Diagnosis] = (),
    is_known: bool = True,
) -> dict[str, Readiness]:
    """Return the readiness of each kind of record that the export has.

    `outcomes` and the levels of `diagnoses` are those of one profile. `rows`: per table, bool mask
    of the rows that are shared or should be; default all rows. `is_known` is False where the
    verdict is that nobody could tell: whoever is not held back is then unknown, not ready.
    """
    obstacles = find_obstacles(export, outcomes, rows, diagnoses=diagnoses)
    return {
        kind: count(obstacles, kind, is_known=is_known) for kind in KINDS if kind in export.tables
    }


def find_obstacles(
    export: Export,
    outcomes: Sequence[Outcome],
    rows: Mapping[str, np.ndarray],
    *,
    diagnoses: Sequence[Diagnosis] = (),
) -> Obstacles:
    """Return who is held back by what; arguments as in `count_all`."""
    by_rule: dict[str, Mapping[str, np.ndarray]] = {kind: {} for kind in KINDS}
    by_cause: dict[str, Mapping[str, np.ndarray]] = {kind: {} for kind in KINDS}
    concerned = {}
    for kind in KINDS:
        table = export.tables.get(kind)
        if table is None:
            continue
        concerned[kind] = _mark_concerned(table, rows.get(kind))
        marks = _Marks(table, concerned[kind])
        for outcome in outcomes:
            marks.add_outcome(outcome)
        for diagnosis in diagnoses:
            marks.add_diagnosis(diagnosis)
        by_rule[kind], by_cause[kind] = marks.by_rule, marks.by_cause
    asked = _list_asked(outcomes, diagnoses)
    for kind, masks in by_rule.items():
        named = {rule for rules in asked[kind].values() for rule in rules}
        asked[kind].setdefault(Step.TAKEN, []).extend(rule for rule in masks if rule not in named)
    return Obstacles(export, by_rule, by_cause, concerned, asked)


def _list_asked(
    outcomes: Sequence[Outcome], diagnoses: Sequence[Diagnosis]
) -> dict[str, dict[Step, list[str]]]:
    """Return, per kind and step, the rules and diagnoses that could have held somebody back."""
    asked: dict[str, dict[Step, list[str]]] = {kind: {} for kind in KINDS}
    for outcome in outcomes:
        rule = outcome.rule
        is_asked = decides(rule, rule.level) or decides(rule, outcome.level)
        if outcome.status not in ANSWERED or not is_asked:
            continue
        everybody = outcome.finding.everybody if outcome.finding else ()
        read = [name for name in rule.reads if name in KINDS]
        for kind in everybody or (read[:1] if rule.step else KINDS):
            asked[kind].setdefault(rule.step or Step.TAKEN, []).append(rule.id)
    for diagnosis in diagnoses:
        step = diagnosis.text.step
        tables = {block.table for block in diagnosis.places if step}
        for kind in tables & asked.keys():
            asked[kind].setdefault(step or Step.TAKEN, []).append(diagnosis.id)
    return asked


def _mark_concerned(table: Table, rows: np.ndarray | None) -> np.ndarray:
    """Return the bool mask of the people in these rows (bool mask; None for all)."""
    people = frame.group_people(table)
    if rows is None:
        return np.ones(people.count, bool)
    concerned = np.zeros(people.count, bool)
    concerned[people.number[rows]] = True
    return concerned


def decides(rule: Rule, level: Level) -> bool:
    """Return whether a rule of this level holds back the people whom it names."""
    return level is Level.BLOCKER or (rule.step is SET_ASIDE and level is not Level.FACT)


class _Marks:
    """The people of one table who are held back, collected rule by rule."""

    def __init__(self, table: Table, concerned: np.ndarray) -> None:
        self.table, self.concerned = table, concerned
        self.people = frame.group_people(table)
        self.by_rule: dict[str, np.ndarray] = {}
        self.by_cause: dict[str, np.ndarray] = {}

    def add_outcome(self, outcome: Outcome) -> None:
        """Add whom a rule holds back."""
        finding, rule = outcome.finding, outcome.rule
        if finding is None or outcome.status not in HOLDING or not decides(rule, outcome.level):
            return
        if self.table.name in finding.everybody:
            causes = {block.explained_by for block in finding.places}
            cause = causes.pop() if len(causes) == 1 else ""
            self._add(rule.id, cause or rule.id, np.ones(self.people.count, bool))
        for block in finding.places:
            if decides(rule, block.level or outcome.level):
                self._add(rule.id, block.explained_by or rule.id, self._mark(block))

    def add_diagnosis(self, diagnosis: Diagnosis) -> None:
        """Add whom a diagnosis holds back at a step of its own."""
        if not diagnosis.sure or diagnosis.level is not Level.BLOCKER or not diagnosis.text.step:
            return
        for block in diagnosis.places:
            self._add(diagnosis.id, diagnosis.id, self._mark(block))

    def _mark(self, block: Places) -> np.ndarray:
        """Return the bool mask of the people of a block."""
        mask = np.zeros(self.people.count, bool)
        if block.rows is None:
            return mask
        if block.table == self.table.name:
            mask[self.people.number[block.rows]] = True
        elif block.file == self.table.file:  # OneRoster's users are our students and teachers
            mask[self.people.number[np.isin(self.table.lines, block.lines)]] = True
        return mask

    def _add(self, rule: str, cause: str, mask: np.ndarray) -> None:
        mask = mask & self.concerned
        if not mask.any():
            return
        for masks, name in ((self.by_rule, rule), (self.by_cause, cause)):
            masks[name] = masks[name] | mask if name in masks else mask


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
    marked = np.zeros(people.count, bool)
    teachers = obstacles.export.tables.get("teachers")
    if teachers is None or not obstacles.by_rule["teachers"]:
        return marked
    staff = frame.group_people(teachers)
    is_blocked = _mark_any(obstacles.by_rule["teachers"], staff.count)[staff.number]
    section, teacher = frame.list_teachers(sections, teachers)
    marked[people.number[section[is_blocked[teacher]]]] = True
    return marked


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
    steps = [*_steps(obstacles, kind), (Step.READY, ready)]
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
        set_aside=int((blocked & ~_mark_held(obstacles, kind)).sum()),
        unknown=unknown,
        by_rule={cause: int(by_cause[cause].sum()) for cause in sorted(by_cause)},
        steps=left,
        by_school=by_school,
    )


def _mark_held(obstacles: Obstacles, kind: str) -> np.ndarray:
    """Return the bool mask of those whom something holds back but that they are no people."""
    aside = obstacles.asked[kind].get(SET_ASIDE, ())
    masks = {rule: it for rule, it in obstacles.by_rule[kind].items() if rule not in aside}
    held = _mark_any(masks, len(obstacles.concerned[kind]))
    return held | _mark_teachers_blocked(obstacles) if kind == "sections" else held


def _steps(obstacles: Obstacles, kind: str) -> Iterator[tuple[Step, np.ndarray]]:
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
