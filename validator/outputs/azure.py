"""Annotations of an Azure Pipelines job: one line per finding; always masked."""

from __future__ import annotations

from collections.abc import Mapping

from validator import wording
from validator.followup import gate
from validator.model import Diagnosis, Level, Outcome, Report
from validator.outputs.placement import NOWHERE, Placement
from validator.privacy.masking import MaskedReport
from validator.privacy.values import listing
from validator.text import escape_azure, escape_azure_property


def render(report: MaskedReport, placement: Placement = NOWHERE) -> str:
    """Render the report as logging commands of Azure Pipelines, a line each, failing ones first.

    https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands describes them.
    """
    failing = {id(each) for each in gate.list_failing_diagnoses(report)}
    commands = [
        _describe_diagnosis(report, each, placement, fails=id(each) in failing)
        for each in report.diagnoses
        if each.sure
    ]
    listed = [outcome for outcome in report.findings() if outcome.level is not Level.FACT]
    listed.sort(key=lambda it: (not gate.is_failing(report.gate, it), it.level.rank, -it.count))
    commands += [_describe_outcome(report, outcome, placement) for outcome in listed]
    return "".join(f"{command}\n" for command in commands)


def _describe_diagnosis(
    report: Report, diagnosis: Diagnosis, placement: Placement, *, fails: bool
) -> str:
    """Return one command for a diagnosis, whatever it explains."""
    text = diagnosis.text
    where = {"sourcepath": placement.locate(diagnosis.file)} if diagnosis.file else {}
    message = (
        f"{wording.describe_diagnosis(diagnosis)} {wording.describe_damage(diagnosis)}. "
        f"Fix: {text.fix} Who: {wording.OWNERS[text.owner]}."
    )
    message = gate.add_allowance(report, diagnosis, message)
    return _format(fails, {**where, "code": text.id}, message)


def _describe_outcome(report: Report, outcome: Outcome, placement: Placement) -> str:
    rule = outcome.rule
    where: dict[str, str] = {}
    for row in listing(report, outcome, 1):
        line = placement.get_line(row.line)
        where = {"sourcepath": placement.locate(row.file)} if row.file else {}
        where |= {"linenumber": str(line)} if row.file and line else {}
    message = (
        f"{wording.describe(outcome)}. {wording.describe_place(outcome)}. Fix: {rule.fix} "
        f"Who: {wording.OWNERS[rule.owner]}."
    )
    message = gate.add_allowance(report, outcome, message)
    fails = gate.is_failing(report.gate, outcome)
    return _format(fails, {**where, "code": rule.id}, message)


def _format(fails: bool, values: Mapping[str, str], message: str) -> str:
    kind = {"type": "error" if fails else "warning"}
    properties = "".join(
        f"{name}={escape_azure_property(text)};" for name, text in {**kind, **values}.items()
    )
    return f"##vso[task.logissue {properties}]{escape_azure(message)}"
