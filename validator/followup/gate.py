"""What makes a run fail: the level that was asked for, less what is allowed by name or was there before."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from validator import files
from validator.model import BadUsage, Gate, Level, Outcome, Report, Status, Verdict
from validator.text import did_you_mean

NEVER = "never"


def gate(
    fail_on: str,
    most: Sequence[str] = (),
    before: Mapping[str, Any] | None = None,
    known: Collection[str] | None = None,
) -> Gate:
    """The gate of these options. `most`: `RULE=N` each; `before`: an earlier report, as JSON; `known`: ids of rules.

    What is allowed by name goes before what was there. Raises BadUsage.
    """
    allowed = {one["rule"]: one["count"] or 0 for one in before["outcomes"]} if before else {}
    allowed = {rule: count for rule, count in allowed.items() if count}
    named = dict(_allowance(text, known) for text in most)
    return Gate(None if fail_on == NEVER else Level(fail_on), allowed | named, frozenset(named))


def _allowance(text: str, known: Collection[str] | None) -> tuple[str, int]:
    rule, equals, count = (part.strip() for part in text.partition("="))
    number = files.whole_number(count)
    if not equals or number is None:
        raise BadUsage(
            "--max takes the id of a rule and a whole number, such as --max student-email-missing=5"
        )
    if known is not None and rule not in known:
        raise BadUsage(f"--max: there is no rule '{rule}'{did_you_mean(rule, known)}")
    return rule, number


def fails(gate: Gate, outcome: Outcome) -> bool:
    """Whether this outcome makes the run fail; what merely keeps others from telling (unreadable files) does not."""
    if (
        gate.least is None
        or outcome.status is not Status.FOUND
        or outcome.level.rank > gate.least.rank
    ):
        return False
    unreadable = outcome.rule.unreadable and outcome.level is Level.BLOCKER
    return not unreadable and outcome.count > gate.allowed.get(outcome.rule.id, 0)


def failing(report: Report) -> list[Outcome]:
    """The outcomes that make the run fail, in the order of the report."""
    return [outcome for outcome in report.outcomes if fails(report.gate, outcome)]


def spared(report: Report) -> str:
    """Why a run passes that would have failed but for what it is allowed; "" where that is not so."""
    strict = Gate(report.gate.least)
    ids = {outcome.rule.id for outcome in report.outcomes if fails(strict, outcome)}
    if not ids or report.errors or failing(report) or report.verdict is Verdict.COULD_NOT_TELL:
        return ""
    reasons = ["nothing new since the baseline"] if ids - report.gate.named else []
    reasons += ["no more than --max allows"] if ids & report.gate.named else []
    text = ", ".join(reasons)
    return f"{text[0].upper()}{text[1:]}: exit code 0."
