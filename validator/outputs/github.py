"""Annotations of a GitHub job: one line per rule that was found; always masked."""

from __future__ import annotations

from pathlib import PurePosixPath

from validator import wording
from validator.followup import gate
from validator.model import Level, Outcome, Report, Status
from validator.privacy import values
from validator.privacy.masking import MaskedReport
from validator.text import escape_github, escape_github_property


def render(report: MaskedReport, folder: str = "") -> str:
    """The workflow commands, a line each, the worst first. `folder`: where the export lies in the repository."""
    found = [
        outcome
        for outcome in report.outcomes
        if outcome.status is Status.FOUND and outcome.level is not Level.FACT
    ]
    found.sort(
        key=lambda outcome: (
            not gate.fails(report.gate, outcome),
            outcome.level.rank,
            -outcome.count,
        )
    )
    return "".join(f"{_command(report, outcome, folder)}\n" for outcome in found)


def _command(report: Report, outcome: Outcome, folder: str) -> str:
    kind = (
        "error"
        if gate.fails(report.gate, outcome)
        else "notice"
        if outcome.level is Level.ADVICE
        else "warning"
    )
    rule = outcome.rule
    told = {"title": f"{rule.id}: {rule.title}", **_where(report, outcome, folder)}
    properties = ",".join(f"{name}={escape_github_property(value)}" for name, value in told.items())
    what = f"{wording.describe(outcome)}. {wording.describe_place(outcome)}. Fix: {rule.fix} Who: {wording.OWNERS[rule.owner]}."
    return f"::{kind} {properties}::{escape_github(what)}"


def _where(report: Report, outcome: Outcome, folder: str) -> dict[str, str]:
    """File and line of the first place, if there is one."""
    for row in values.listing(report, outcome, 1):
        line = {"line": str(row.line)} if row.line else {}
        return {"file": str(PurePosixPath(folder, row.file)), **line} if row.file else {}
    return {}
