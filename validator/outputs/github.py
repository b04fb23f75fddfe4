"""Annotations of a GitHub job: one line per rule that was found; always masked."""

from __future__ import annotations

from pathlib import PurePosixPath

from validator import wording
from validator.followup import gate
from validator.model import Level, Outcome, Report, Status
from validator.privacy.masking import MaskedReport
from validator.privacy.values import listing
from validator.text import escape_github, escape_github_property


def render(report: MaskedReport, folder: str = "") -> str:
    """Return the workflow commands, a line each, the worst first.

    `folder`: where the export is in the repository.
    """
    listed = [
        outcome
        for outcome in report.outcomes
        if outcome.status is Status.FOUND and outcome.level is not Level.FACT
    ]

    def rank(outcome: Outcome) -> tuple[bool, int, int]:
        return not gate.fails(report.gate, outcome), outcome.level.rank, -outcome.count

    return "".join(f"{_command(report, it, folder)}\n" for it in sorted(listed, key=rank))


def _command(report: Report, outcome: Outcome, folder: str) -> str:
    rule = outcome.rule
    values = {"title": f"{rule.id}: {rule.title}", **_where(report, outcome, folder)}
    properties = ",".join(f"{name}={escape_github_property(text)}" for name, text in values.items())
    message = (
        f"{wording.describe(outcome)}. {wording.describe_place(outcome)}. Fix: {rule.fix} "
        f"Who: {wording.OWNERS[rule.owner]}."
    )
    return f"::{_kind(report, outcome)} {properties}::{escape_github(message)}"


def _kind(report: Report, outcome: Outcome) -> str:
    if gate.fails(report.gate, outcome):
        return "error"
    return "notice" if outcome.level is Level.ADVICE else "warning"


def _where(report: Report, outcome: Outcome, folder: str) -> dict[str, str]:
    """Return file and line of the first place, if there is one."""
    for row in listing(report, outcome, 1):
        line = {"line": str(row.line)} if row.line else {}
        return {"file": str(PurePosixPath(folder, row.file)), **line} if row.file else {}
    return {}
