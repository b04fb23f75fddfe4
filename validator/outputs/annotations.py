"""Annotations of a CI job's files: one per diagnosis and finding, whatever the CI system."""

from __future__ import annotations

from validator import wording
from validator.followup import gate
from validator.model import Diagnosis, Level, Outcome, Report, dataclass
from validator.outputs.placement import Placement
from validator.privacy.values import list_places


@dataclass(frozen=True)
class Annotation:
    """One annotation. `file`, `line`: its first place in the repository, "" and None for none."""

    id: str
    title: str
    message: str
    level: Level
    fails: bool
    file: str = ""
    line: int | None = None


def list_annotations(report: Report, placement: Placement) -> list[Annotation]:
    """List the annotations of a report: diagnoses, then findings, those that fail first."""
    failing = {id(each) for each in gate.list_failing_diagnoses(report)}
    annotations = [
        _annotate_diagnosis(report, each, placement, fails=id(each) in failing)
        for each in report.diagnoses
        if each.sure
    ]
    listed = [outcome for outcome in report.findings() if outcome.level is not Level.FACT]
    listed.sort(key=lambda it: (not gate.is_failing(report.gate, it), it.level.rank, -it.count))
    return annotations + [_annotate_outcome(report, outcome, placement) for outcome in listed]


def _annotate_diagnosis(
    report: Report, diagnosis: Diagnosis, placement: Placement, *, fails: bool
) -> Annotation:
    """Return the annotation of a diagnosis, whatever it explains."""
    text = diagnosis.text
    message = (
        f"{wording.describe_diagnosis(diagnosis)} {wording.describe_damage(diagnosis)}. "
        f"Fix: {text.fix} Who: {wording.OWNERS[text.owner]}."
    )
    return Annotation(
        text.id,
        text.title,
        gate.add_allowance(report, diagnosis, message),
        diagnosis.level,
        fails,
        placement.locate(diagnosis.file) if diagnosis.file else "",
    )


def _annotate_outcome(report: Report, outcome: Outcome, placement: Placement) -> Annotation:
    """Return the annotation of a finding for a CI job, at its first place."""
    rule = outcome.rule
    message = (
        f"{wording.describe(outcome)}. {wording.describe_place(outcome)}. Fix: {rule.fix} "
        f"Who: {wording.OWNERS[rule.owner]}."
    )
    first = next(iter(list_places(report, outcome, 1)), None)
    has_file = first is not None and bool(first.file)
    return Annotation(
        rule.id,
        rule.title,
        gate.add_allowance(report, outcome, message),
        outcome.level,
        gate.is_failing(report.gate, outcome),
        placement.locate(first.file) if first is not None and has_file else "",
        placement.get_line(first.line) if first is not None and has_file else None,
    )
