"""The order of things to fix: by the people they hold back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from validator.model import Diagnosis, Level, Outcome, Readiness, RootCause, Status

PEOPLE = ("students", "teachers")

FIRST = "identity-numbers-sent"
"""The diagnosis that is fixed before everything else: such numbers must not reach an app."""


def rank(
    outcomes: Sequence[Outcome],
    root_causes: Sequence[RootCause],
    readiness: Mapping[str, Readiness],
    *,
    diagnoses: Sequence[Diagnosis] = (),
) -> tuple[str, ...]:
    """Return the ids of all diagnoses and rules to fix, first things first.

    Unreadable files and missing columns come first, because they hide everything else. Then come
    root causes and rules that hold people back, by how many; then other warnings, then advice,
    each by the number of records. Facts and consequences of another finding are left out. A
    diagnosis is ordered as a rule that holds back the people of the findings it explains; identity
    numbers that must not be sent come before everything else. Every output uses this order.
    """
    findings = {outcome.rule.id: outcome for outcome in outcomes if outcome.status is Status.FOUND}
    explains = {cause.rule: cause.explains for cause in root_causes}

    def order(outcome: Outcome) -> tuple[bool, int, int, int, str]:
        rule = outcome.rule
        is_blocker = outcome.level is Level.BLOCKER
        hides_others = is_blocker and rule.unreadable
        held_back = max(count_people(rule.id, readiness), explains.get(rule.id, 0))
        group = Level.BLOCKER if held_back else outcome.level
        weight = held_back or outcome.count
        return not hides_others, group.rank, -weight, -outcome.count, rule.id

    to_fix = [
        outcome
        for outcome in findings.values()
        if outcome.level is not Level.FACT and outcome.explained_by not in findings
    ]
    ordered = [(order(outcome), outcome.rule.id) for outcome in to_fix]
    ordered += [(_order_diagnosis(each), each.id) for each in diagnoses if each.sure]
    return tuple(dict.fromkeys(id for _, id in sorted(ordered)))


def _order_diagnosis(diagnosis: Diagnosis) -> tuple[bool, int, int, int, str]:
    """Return the sort key of a diagnosis among the rules."""
    first = diagnosis.id == FIRST
    level = Level.BLOCKER if diagnosis.people else diagnosis.level
    weight = diagnosis.people or diagnosis.records
    rank = -1 if first else level.rank
    return not first, rank, -weight, -diagnosis.records, diagnosis.id


def count_people(rule: str, readiness: Mapping[str, Readiness]) -> int:
    """Return how many students and teachers a rule holds back."""
    return sum(readiness[kind].by_rule.get(rule, 0) for kind in PEOPLE if kind in readiness)
