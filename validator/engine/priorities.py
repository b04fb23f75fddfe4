"""The order of things to fix: by the people they hold back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from validator.model import Diagnosis, Level, Outcome, Readiness, Status

PEOPLE = ("students", "teachers")

ByKind = Mapping[str, Readiness]

Key = tuple[int, bool, int, int, int, str]


def rank(
    outcomes: Sequence[Outcome],
    readiness: Sequence[ByKind],
    *,
    diagnoses: Sequence[Diagnosis] = (),
) -> tuple[str, ...]:
    """Order the priorities: ids of all diagnoses and rules to fix, first things first.

    `readiness` has the figures of each profile. Identity numbers that must not be sent come before
    everything else; then unreadable files and missing columns, because they hide the rest; then
    what is found in too many records for the data to be right. Then come diagnoses and rules that
    hold people back, by how many; then other warnings, then advice, each by the number of records.
    Facts and consequences of another finding are left out. Every output uses this order.
    """
    findings = {outcome.rule.id: outcome for outcome in outcomes if outcome.status is Status.FOUND}
    ordered = [
        _order_outcome(outcome, readiness)
        for outcome in findings.values()
        if outcome.level is not Level.FACT and outcome.explained_by not in findings
    ]
    ordered += [_order_diagnosis(each, readiness) for each in diagnoses if each.sure]
    return tuple(dict.fromkeys(key[-1] for key in sorted(ordered)))


def _order_outcome(outcome: Outcome, readiness: Sequence[ByKind]) -> Key:
    """Return the sort key of a rule among the priorities."""
    rule = outcome.rule
    hides_others = outcome.level is Level.BLOCKER and rule.unreadable
    people = count_people(rule.id, readiness)
    records = outcome.count - outcome.explained
    rank = Level.BLOCKER.rank if people else outcome.level.rank
    if outcome.of_most:
        rank = -1
    return 1, not hides_others, rank, -people, -records, rule.id


def _order_diagnosis(diagnosis: Diagnosis, readiness: Sequence[ByKind]) -> Key:
    """Return the sort key of a diagnosis among the priorities."""
    people = count_people(diagnosis.id, readiness)
    rank = Level.BLOCKER.rank if people else diagnosis.level.rank
    is_later = int(not diagnosis.text.first)
    return is_later, True, rank, -people, -diagnosis.records, diagnosis.id


def count_people(cause: str, readiness: Sequence[ByKind]) -> int:
    """Count the people whom a rule or diagnosis holds back in the worst app, for its priority."""
    return max(
        (
            sum(by_kind[kind].by_rule.get(cause, 0) for kind in PEOPLE if kind in by_kind)
            for by_kind in readiness
        ),
        default=0,
    )
