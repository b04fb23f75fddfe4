"""What to fix first: rules in the order of the people they hold back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from validator.model import Level, Outcome, Readiness, RootCause, Status

PEOPLE = ("students", "teachers")


def rank(
    outcomes: Sequence[Outcome],
    root_causes: Sequence[RootCause],
    readiness: Mapping[str, Readiness],
) -> tuple[str, ...]:
    """Return the ids of all rules to fix, first things first; every output uses this order.

    Unreadable files and missing columns come first, because they hide everything else. Then come
    root causes and rules that hold people back, by how many; then other warnings, then advice,
    each by the number of records. Facts and consequences of another finding are left out.
    """
    found = {outcome.rule.id: outcome for outcome in outcomes if outcome.status is Status.FOUND}
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
        for outcome in found.values()
        if outcome.level is not Level.FACT and outcome.explained_by not in found
    ]
    return tuple(outcome.rule.id for outcome in sorted(to_fix, key=order))


def count_people(rule: str, readiness: Mapping[str, Readiness]) -> int:
    """Return how many students and teachers a rule holds back."""
    return sum(readiness[kind].by_rule.get(rule, 0) for kind in PEOPLE if kind in readiness)
