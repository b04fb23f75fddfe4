"""The order of what to fix first, for every output."""

from __future__ import annotations

from validator.model import Level, Outcome, Report


def list_to_fix(report: Report) -> list[Outcome]:
    """Return the outcomes to fix, first things first; advice only where there is nothing else."""
    outcomes = {outcome.rule.id: outcome for outcome in report.outcomes}
    ordered = [outcomes[rule] for rule in report.priorities]
    causes = {cause.rule for cause in report.root_causes}
    serious = [
        outcome
        for outcome in ordered
        if outcome.level is not Level.ADVICE or outcome.rule.id in causes
    ]
    return serious or ordered
