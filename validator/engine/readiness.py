"""Who could sign in: whom the blockers hold back, and how many are left after each thing that signing in asks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from validator import frame
from validator.model import Export, Level, Outcome, Readiness, Status, Table

KINDS = ("students", "teachers", "sections")
IN_THE_FILE = "in the file"

STEPS = {
    "students": (
        (
            "have one e-mail address that can be used",
            ("student-email-missing", "student-email-invalid", "student-email-several"),
        ),
        ("have one that is theirs alone", ("student-email-repeated", "student-email-also-adult")),
        ("have a birth date", ("student-dob-missing", "student-dob-invalid")),
        ("are in a section", ("student-without-section", "student-not-shared")),
    ),
    "teachers": (
        (
            "have one e-mail address that can be used",
            ("teacher-email-missing", "teacher-email-invalid", "teacher-email-several"),
        ),
        ("have one that is theirs alone", ("teacher-email-repeated",)),
        ("teach a section", ("teacher-without-section",)),
    ),
}
"""What signing in asks for, one thing after the other, and the rules that hold somebody back there."""


@dataclass(frozen=True, eq=False)
class Held:
    """Per kind and per rule that decides: bool mask of the people or sections that it names. `concerned`: per kind, who
    is meant at all (shared, or wanted and not shared). `asked`: the rules that could have held somebody back."""

    export: Export
    by_rule: Mapping[str, Mapping[str, np.ndarray]]
    concerned: Mapping[str, np.ndarray]
    asked: frozenset[str]


def held(export: Export, outcomes: Sequence[Outcome], rows: Mapping[str, np.ndarray]) -> Held:
    """Who is held back by what; `rows`: per table a bool mask of the rows that are meant, all where there is none."""
    concerned = {}
    for name in KINDS:
        if name in export.tables:
            who = frame.group_people(export.tables[name])
            concerned[name] = np.ones(who.count, bool)
            if name in rows:
                concerned[name][:] = False
                concerned[name][who.number[rows[name]]] = True
    by_rule = {
        name: _by_rule(export, outcomes, name, concerned[name]) if name in concerned else {}
        for name in KINDS
    }
    return Held(
        export,
        by_rule,
        concerned,
        frozenset(outcome.rule.id for outcome in outcomes if _asked(outcome)),
    )


def _by_rule(
    export: Export, outcomes: Sequence[Outcome], name: str, concerned: np.ndarray
) -> dict[str, np.ndarray]:
    """Per rule that is a blocker or keeps students out of every section: bool mask of those it names."""
    who, found = frame.group_people(export.tables[name]), {}
    for outcome in outcomes:
        unenrolled = outcome.rule.check == "links.unenrolled" and outcome.level is not Level.FACT
        decides = outcome.level is Level.BLOCKER or unenrolled
        if outcome.status is not Status.FOUND or not decides or outcome.finding is None:
            continue
        named = np.zeros(who.count, bool)
        for block in outcome.finding.places:
            if (
                block.table == name
                and (block.level or Level.BLOCKER) is Level.BLOCKER
                and block.rows is not None
            ):
                named[who.number[block.rows]] = True
        if (named & concerned).any():
            found[outcome.rule.id] = named & concerned
    return found


def _asked(outcome: Outcome) -> bool:
    """Whether the rule was asked and holds back whom it names."""
    return outcome.status in (Status.PASSED, Status.FOUND, Status.WAIVED) and (
        outcome.rule.level is Level.BLOCKER or outcome.rule.check == "links.unenrolled"
    )


def _any(named: Mapping[str, np.ndarray], count: int) -> np.ndarray:
    """Bool mask of everybody whom some rule names."""
    out = np.zeros(count, bool)
    for mask in named.values():
        out |= mask
    return out


def blocked(state: Held, name: str) -> np.ndarray:
    """Bool mask of the people or sections that are not ready; a section is not when one of its teachers is not."""
    table = state.export.tables[name]
    who = frame.group_people(table)
    out = _any(state.by_rule[name], who.count)
    teachers = state.export.tables.get("teachers")
    if name == "sections" and teachers is not None and state.by_rule["teachers"]:
        faulty = _any(state.by_rule["teachers"], frame.group_people(teachers).count)[
            frame.group_people(teachers).number
        ]
        for column in frame.list_teacher_columns(table):
            at = frame.locate_rows(table, column, teachers)
            rows = np.flatnonzero(at >= 0)
            out[who.number[rows[faulty[at[rows]]]]] = True
    return np.asarray(out & state.concerned[name])


def ready(state: Held, name: str) -> np.ndarray:
    """Bool mask of the people or sections that are meant and that nothing holds back."""
    return np.asarray(state.concerned[name] & ~blocked(state, name))


def count_all(
    export: Export, outcomes: Sequence[Outcome], rows: Mapping[str, np.ndarray]
) -> dict[str, Readiness]:
    """Return the readiness of each kind of record that the export has."""
    state = held(export, outcomes, rows)
    return {name: of(state, name) for name in KINDS if name in export.tables}


def of(state: Held, name: str) -> Readiness:
    """How many of one kind are ready, blocked and unknown, what holds them back, and step by step who is left."""
    tables = state.export.tables
    meant, stopped, unread = (
        int(state.concerned[name].sum()),
        int(blocked(state, name).sum()),
        len(tables[name].unread),
    )
    passed, unknown = ready(state, name), unread
    if name == "students" and not {"enrollments", "sections"} <= tables.keys():
        unknown, passed = meant - stopped + unread, np.zeros_like(passed)
    by_rule = {rule: int(mask.sum()) for rule, mask in sorted(state.by_rule[name].items())}
    steps = [*_steps(state, name), ("ready", passed)]
    left = [
        (words, int(mask.sum()) + (unread if words == IN_THE_FILE else 0)) for words, mask in steps
    ]
    return Readiness(
        meant + unread,
        left[-1][1],
        stopped,
        unknown,
        by_rule,
        left,
        _by_school(tables[name], [mask for _, mask in steps]),
    )


def _steps(state: Held, name: str) -> Iterator[tuple[str, np.ndarray]]:
    """Who is left (bool mask) after each thing that signing in asks for, as far as the profiles ask for it."""
    concerned = state.concerned[name]
    yield IN_THE_FILE, np.ones_like(concerned)
    if len(state.export.tables[name].unread):
        yield "could be read", np.ones_like(concerned)
    if not concerned.all():
        yield "are shared or should be", concerned
    out = ~concerned
    for words, rules in STEPS.get(name, ()):
        out = out | _any(
            {rule: state.by_rule[name][rule] for rule in rules if rule in state.by_rule[name]},
            len(out),
        )
        if not state.asked.isdisjoint(rules):
            shared = "student-not-shared" in state.asked.intersection(rules)
            yield "are in a shared section" if shared else words, ~out


def _by_school(table: Table, masks: Sequence[np.ndarray]) -> dict[str, tuple[int, ...]]:
    """Per school id how many people of each mask it has, each where their first row says; "" where it says nothing."""
    if not table.has("School_id"):
        return {}
    who, school = frame.group_people(table), frame.encode(table, "School_id")
    at = school.codes[who.first]
    place = who.number[who.first]
    left = np.stack(
        [np.bincount(at[mask[place]], minlength=len(school.values)) for mask in masks], axis=1
    )
    ids = school.values.to_pylist()
    return {ids[int(number)]: tuple(left[number].tolist()) for number in np.flatnonzero(left[:, 0])}
