"""Who is held back by what: the people and sections that rules and diagnoses name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import numpy as np

from validator import frame
from validator.engine import dropped
from validator.model import (
    Diagnosis,
    Export,
    Level,
    Outcome,
    Places,
    Rule,
    Step,
    Table,
    dataclass,
)

KINDS = ("students", "teachers", "sections")

SET_ASIDE = Step.REAL
"""The step of records that are no people: they are never ready, whatever the level of the rule."""

STRANDED = "in dropped sections only"
"""In place of a rule: students left in no section, as all sections that they are in are dropped."""

Masks = Mapping[str, Mapping[str, np.ndarray]]
"""Per kind and id of a rule or diagnosis, bool mask of the people or sections it names."""


@dataclass(frozen=True, eq=False)
class Obstacles:
    """Who is held back by what, for one profile.

    `by_rule`: whom each rule holds back, and under `STRANDED` whom dropped sections leave in none.
    `by_cause`: the same, with what a diagnosis explains under the diagnosis. `concerned`: per kind,
    bool mask of those who are shared or should be. `asked`: per kind, the rules of each step that
    could have held somebody back.
    """

    export: Export
    by_rule: Masks
    by_cause: Masks
    concerned: Mapping[str, np.ndarray]
    asked: Mapping[str, Mapping[Step, Sequence[str]]]


def find_obstacles(
    export: Export,
    outcomes: Sequence[Outcome],
    rows: Mapping[str, np.ndarray],
    *,
    today: dt.date,
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
        marks = _Marks(table, concerned[kind], frozenset(export.tables))
        for outcome in outcomes:
            marks.add_outcome(outcome)
        for diagnosis in diagnoses:
            marks.add_diagnosis(diagnosis)
        marks.add_at_schools(dropped.mark_at_schools(export, outcomes, table))
        if kind == "students":
            marks.add_stranded(dropped.mark_stranded(export, outcomes, today))
        by_rule[kind], by_cause[kind] = marks.by_rule, marks.by_cause
    asked = _list_asked(outcomes, diagnoses)
    if STRANDED in by_rule["students"]:
        asked["students"].setdefault(Step.SECTION, []).append(STRANDED)
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
        is_asked = is_decisive(rule, rule.level) or is_decisive(rule, outcome.level)
        if not dropped.is_answered(outcome) or not is_asked:
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
    """Mark the people whose readiness is judged: those in these rows; None for all."""
    people = frame.group_people(table)
    if rows is None:
        return np.ones(people.count, bool)
    return people.mark(rows)


def is_decisive(rule: Rule, level: Level) -> bool:
    """Return whether a rule of this level holds back the people whom it names."""
    return level is Level.BLOCKER or (rule.step is SET_ASIDE and level is not Level.FACT)


class _Marks:
    """The people of one table who are held back, collected rule by rule.

    roster: the names of the roster's tables; several may be read from one file.
    """

    def __init__(self, table: Table, concerned: np.ndarray, roster: frozenset[str]) -> None:
        self.table, self.concerned, self.roster = table, concerned, roster
        self.people = frame.group_people(table)
        self.by_rule: dict[str, np.ndarray] = {}
        self.by_cause: dict[str, np.ndarray] = {}

    def add_outcome(self, outcome: Outcome) -> None:
        """Add whom a rule holds back."""
        finding, rule = outcome.finding, outcome.rule
        if finding is None or not outcome.status.is_open or not is_decisive(rule, outcome.level):
            return
        if self.table.name in finding.everybody:
            causes = {block.explained_by for block in finding.places}
            cause = causes.pop() if len(causes) == 1 else ""
            self._add(rule.id, cause or rule.id, np.ones(self.people.count, bool))
        for block in finding.places:
            if is_decisive(rule, block.level or outcome.level):
                self._add(rule.id, block.explained_by or rule.id, self._mark(block))

    def add_diagnosis(self, diagnosis: Diagnosis) -> None:
        """Add whom a diagnosis holds back at its own step."""
        if not diagnosis.sure or diagnosis.level is not Level.BLOCKER or not diagnosis.text.step:
            return
        for block in diagnosis.places:
            self._add(diagnosis.id, diagnosis.id, self._mark(block))

    def add_stranded(self, by_cause: Mapping[str, np.ndarray]) -> None:
        """Hold back from readiness whom each cause leaves without a section."""
        for cause, mask in by_cause.items():
            self._add(STRANDED, cause, mask)

    def add_at_schools(self, by_rule: Mapping[str, np.ndarray]) -> None:
        """Hold back from readiness whom each rule drops together with their school."""
        for rule, mask in by_rule.items():
            self._add(rule, rule, mask)

    def _mark(self, block: Places) -> np.ndarray:
        """Mark the people of a block of places, whom a rule holds back from readiness."""
        return self.people.mark(dropped.mark_rows(self.table, block, self.roster))

    def _add(self, rule: str, cause: str, mask: np.ndarray) -> None:
        """Add the people whom a rule or diagnosis holds back from readiness."""
        mask = mask & self.concerned
        if not mask.any():
            return
        for masks, name in ((self.by_rule, rule), (self.by_cause, cause)):
            masks[name] = masks[name] | mask if name in masks else mask
