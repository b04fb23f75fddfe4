"""The gate of a run: findings that make it fail, except allowed and earlier ones."""

from __future__ import annotations

import types
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from validator.model import BadUsage, Diagnosis, Gate, Level, Outcome, Report, Status, Verdict
from validator.text import did_you_mean, parse_whole_number

NEVER = "never"


def build_gate(
    fail_on: str,
    max_records: Mapping[str, int] = types.MappingProxyType({}),
    before: Mapping[str, Any] | None = None,
) -> Gate:
    """Return the gate of a run: the findings that make it fail, but for allowed ones.

    `max_records`: records allowed per rule id, which override those of `before`, an earlier report
    as JSON.
    """
    allowed = {}
    if before:
        for outcome in before["outcomes"]:
            allowed[outcome["rule"]] = (outcome["count"] or 0) - outcome.get("explained", 0)
        for diagnosis in before.get("diagnoses", ()):
            allowed[diagnosis["id"]] = diagnosis["records"]
    allowed = {name: count for name, count in allowed.items() if count > 0}
    least = None if fail_on == NEVER else Level(fail_on)
    return Gate(
        least, {**allowed, **max_records}, frozenset(max_records), has_baseline=before is not None
    )


def parse_allowances(texts: Sequence[str]) -> dict[str, int]:
    """Parse what the gate allows, `RULE=N` of --max, one each. Raises BadUsage."""
    allowances = {}
    for text in texts:
        rule, equals, count = (part.strip() for part in text.partition("="))
        number = parse_whole_number(count)
        if not equals or number is None:
            raise BadUsage(
                "--max takes the id of a rule and a whole number, "
                "such as --max student-email-missing=5"
            )
        allowances[rule] = number
    return allowances


def check_rules(names: Iterable[str], known: Collection[str]) -> None:
    """Refuse, for the gate of a run, allowances for ids that no rule has. Raises BadUsage."""
    for name in names:
        if name not in known:
            raise BadUsage(f"--max: there is no rule '{name}'{did_you_mean(name, known)}")


def is_failing(gate: Gate, outcome: Outcome) -> bool:
    """Whether this outcome fails the gate; unreadable files do not."""
    if gate.least is None or outcome.status is not Status.FOUND:
        return False
    is_unreadable = outcome.rule.unreadable and outcome.level is Level.BLOCKER
    if is_unreadable or outcome.level.rank > gate.least.rank:
        return False
    return outcome.count - outcome.explained > gate.allowed.get(outcome.rule.id, 0)


def describe_allowance(report: Report, problem: Outcome | Diagnosis) -> str:
    """Say what the follow-up gate (--baseline, --max) allows of a finding; "" for nothing."""
    gate = report.gate
    if isinstance(problem, Outcome) and problem.status is not Status.FOUND:
        return ""
    if isinstance(problem, Outcome):
        name, count = problem.rule.id, problem.count - problem.explained
    else:
        name, count = problem.id, problem.records
    if name not in gate.allowed:
        return "new since the baseline" if gate.has_baseline else ""
    allowed = gate.allowed[name]
    source = "--max allows" if name in gate.named else "the baseline has"
    if count <= allowed:
        return f"no more than {source} ({allowed:,})"
    return f"{count - allowed:,} more than {source} ({allowed:,})"


def add_allowance(report: Report, problem: Outcome | Diagnosis, text: str) -> str:
    """Add to a sentence how many records the follow-up gate allows (--baseline, --max)."""
    allowance = describe_allowance(report, problem)
    return f"{text} ({allowance})" if allowance else text


def list_failing_diagnoses(report: Report) -> list[Diagnosis]:
    """List the sure diagnoses that fail the gate, in the order of the report."""
    gate = report.gate
    if gate.least is None:
        return []
    return [
        each
        for each in report.diagnoses
        if each.sure
        and each.level.rank <= gate.least.rank
        and each.records > gate.allowed.get(each.id, 0)
    ]


def list_failing_outcomes(report: Report) -> list[Outcome]:
    """List the outcomes that fail the gate, in the order of the report.

    Each has only the places that no diagnosis explains.
    """
    return [outcome for outcome in report.findings() if is_failing(report.gate, outcome)]


def list_failing(report: Report) -> list[str]:
    """Return the ids of the diagnoses and rules that fail the gate."""
    diagnosed = [diagnosis.id for diagnosis in list_failing_diagnoses(report)]
    return [
        *dict.fromkeys(diagnosed),
        *(outcome.rule.id for outcome in list_failing_outcomes(report)),
    ]


def explain_pass(report: Report) -> str:
    """Say why a run passes the gate only because of allowances; "" if it passes without."""
    strict = Gate(report.gate.least)
    allowed = {outcome.rule.id for outcome in report.outcomes if is_failing(strict, outcome)}
    allowed |= {each.id for each in list_failing_diagnoses(replace(report, gate=strict))}
    is_open = (
        report.errors
        or list_failing_outcomes(report)
        or list_failing_diagnoses(report)
        or report.verdict is Verdict.COULD_NOT_TELL
    )
    if not allowed or is_open:
        return ""
    reasons = []
    if allowed - report.gate.named:
        reasons.append("nothing new since the baseline")
    if allowed & report.gate.named:
        reasons.append("no more than --max allows")
    text = ", ".join(reasons)
    return f"{text[0].upper()}{text[1:]}: exit code 0."
