"""Annotations of a GitHub job: one line per rule that was found; always masked."""

from __future__ import annotations

from collections.abc import Mapping

from validator import wording
from validator.followup import gate
from validator.model import Diagnosis, Level, Outcome, Report
from validator.outputs.placement import NOWHERE, Placement
from validator.privacy.masking import MaskedReport
from validator.privacy.values import listing
from validator.text import escape_github, escape_github_property


def render(report: MaskedReport, placement: Placement = NOWHERE) -> str:
    """Render the report as workflow commands of GitHub, the worst first."""
    listed = [outcome for outcome in report.findings() if outcome.level is not Level.FACT]
    failing = {id(each) for each in gate.list_failing_diagnoses(report)}
    diagnosed = [each for each in report.diagnoses if each.sure]

    def rank(outcome: Outcome) -> tuple[bool, int, int]:
        return not gate.is_failing(report.gate, outcome), outcome.level.rank, -outcome.count

    commands = [
        _diagnosis(report, each, placement, fails=id(each) in failing) for each in diagnosed
    ]
    commands += [_command(report, it, placement) for it in sorted(listed, key=rank)]
    return "".join(f"{command}\n" for command in commands)


def _diagnosis(report: Report, diagnosis: Diagnosis, placement: Placement, *, fails: bool) -> str:
    """Return one annotation for a diagnosis, whatever it explains."""
    text = diagnosis.text
    values = {"title": f"{text.id}: {text.title}"}
    if diagnosis.file:
        values["file"] = placement.locate(diagnosis.file)
    message = (
        f"{wording.describe_diagnosis(diagnosis)} {wording.describe_damage(diagnosis)}. "
        f"Fix: {text.fix} Who: {wording.OWNERS[text.owner]}."
    )
    message = gate.add_allowance(report, diagnosis, message)
    softer = "notice" if diagnosis.level in (Level.ADVICE, Level.FACT) else "warning"
    return _format("error" if fails else softer, values, message)


def _command(report: Report, outcome: Outcome, placement: Placement) -> str:
    rule = outcome.rule
    values = {"title": f"{rule.id}: {rule.title}", **_where(report, outcome, placement)}
    message = (
        f"{wording.describe(outcome)}. {wording.describe_place(outcome)}. Fix: {rule.fix} "
        f"Who: {wording.OWNERS[rule.owner]}."
    )
    message = gate.add_allowance(report, outcome, message)
    return _format(_kind(report, outcome), values, message)


def _format(kind: str, values: Mapping[str, str], message: str) -> str:
    properties = ",".join(f"{name}={escape_github_property(text)}" for name, text in values.items())
    return f"::{kind} {properties}::{escape_github(message)}"


def _kind(report: Report, outcome: Outcome) -> str:
    if gate.is_failing(report.gate, outcome):
        return "error"
    return "notice" if outcome.level is Level.ADVICE else "warning"


def _where(report: Report, outcome: Outcome, placement: Placement) -> dict[str, str]:
    """Return file and line of the first place, if there is one."""
    for row in listing(report, outcome, 1):
        number = placement.get_line(row.line)
        line = {"line": str(number)} if number else {}
        return {"file": placement.locate(row.file), **line} if row.file else {}
    return {}
