"""Annotations of a GitHub job: one line per rule that was found; always masked."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from validator import wording
from validator.followup import gate
from validator.model import Level, Outcome, Report, Status
from validator.privacy import small_groups, values

_HIDDEN = re.compile(
    "[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def render(report: Report, folder: str = "") -> str:
    """The workflow commands, a line each, the worst first. `folder`: where the export lies in the repository."""
    held = small_groups.masked(report)
    found = [
        outcome
        for outcome in held.outcomes
        if outcome.status is Status.FOUND and outcome.level is not Level.FACT
    ]
    found.sort(
        key=lambda outcome: (not gate.fails(held.gate, outcome), outcome.level.rank, -outcome.count)
    )
    return "".join(f"{_command(held, outcome, folder)}\n" for outcome in found)


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
    properties = ",".join(f"{name}={_property(value)}" for name, value in told.items())
    what = f"{wording.sentence(outcome)}. {wording.where(outcome)}. Fix: {rule.fix} Who: {wording.OWNERS[rule.owner]}."
    return f"::{kind} {properties}::{_data(what)}"


def _where(report: Report, outcome: Outcome, folder: str) -> dict[str, str]:
    """File and line of the first place, if there is one."""
    for row in values.listing(report, outcome, 1):
        line = {"line": str(row.line)} if row.line else {}
        return {"file": str(PurePosixPath(folder, row.file)), **line} if row.file else {}
    return {}


def _data(text: str) -> str:
    """The text of a command: percent signs and line ends would end or change it."""
    return _HIDDEN.sub(" ", text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
