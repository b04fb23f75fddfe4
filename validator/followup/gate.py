"""What makes a run fail: the level that was asked for, less what is allowed by name or was there before."""

from __future__ import annotations

import types
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from validator import files
from validator.model import BadUsage, Gate, Level, Outcome, Report, Status, Verdict
from validator.text import did_you_mean

NEVER = "never"


def gate(
    fail_on: str,
    max_records: Mapping[str, int] = types.MappingProxyType({}),
    before: Mapping[str, Any] | None = None,
) -> Gate:
    """Return the gate of these options.

    `max_records`: records allowed per rule id, which go before what was there in `before`, an
    earlier report as JSON.
    """
    allowed = {}
    for outcome in before["outcomes"] if before else ():
        if outcome["count"]:
            allowed[outcome["rule"]] = outcome["count"]
    least = None if fail_on == NEVER else Level(fail_on)
    return Gate(least, {**allowed, **max_records}, frozenset(max_records))


def parse_allowances(texts: Sequence[str]) -> dict[str, int]:
    """Parse `RULE=N` of --max, one each. Raises BadUsage."""
    allowances = {}
    for text in texts:
        rule, equals, count = (part.strip() for part in text.partition("="))
        number = files.parse_whole_number(count)
        if not equals or number is None:
            raise BadUsage(
                "--max takes the id of a rule and a whole number, "
                "such as --max student-email-missing=5"
            )
        allowances[rule] = number
    return allowances


def check_rules(names: Iterable[str], known: Collection[str]) -> None:
    """Refuse ids of --max that no rule has. Raises BadUsage."""
    for name in names:
        if name not in known:
            raise BadUsage(f"--max: there is no rule '{name}'{did_you_mean(name, known)}")


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
