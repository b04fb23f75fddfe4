"""A Code Quality report for GitLab's merge requests: one entry per place; always masked."""

from __future__ import annotations

import json
from typing import Any

from validator import wording
from validator.followup import gate
from validator.model import Diagnosis, Level, Outcome, Report
from validator.outputs.placement import NOWHERE, Fingerprints, Placement
from validator.privacy.masking import MaskedReport
from validator.privacy.values import list_places
from validator.text import escape_json

SEVERITIES = {
    Level.BLOCKER: "critical",
    Level.WARNING: "major",
    Level.ADVICE: "minor",
    Level.FACT: "info",
}
"""GitLab's words: https://docs.gitlab.com/ci/testing/code_quality/ (info to blocker)."""

Json = dict[str, Any]


def render(report: MaskedReport, rows: int | None = 200, placement: Placement = NOWHERE) -> bytes:
    """Render the report as GitLab's JSON: a list with an entry per place. `rows`: per rule."""
    prints = Fingerprints()
    entries = [
        _describe_diagnosis(report, each, placement=placement, prints=prints)
        for each in report.diagnoses
        if each.sure
    ]
    for outcome in report.findings():
        if outcome.level is not Level.FACT:
            entries += _list_entries(report, outcome, rows, placement=placement, prints=prints)
    return (escape_json(json.dumps(entries, ensure_ascii=False, indent=1)) + "\n").encode()


def _list_entries(
    report: Report,
    outcome: Outcome,
    rows: int | None,
    *,
    placement: Placement,
    prints: Fingerprints,
) -> list[Json]:
    """Return an entry per listed place, or one for the finding where no places are listed."""
    rule = outcome.rule
    allowance = gate.describe_allowance(report, outcome)
    text = f"{wording.describe(outcome)}. Fix: {rule.fix}" + (
        f" ({allowance})" if allowance else ""
    )
    places = [(row.file, row.line, row.column or "") for row in list_places(report, outcome, rows)]
    blocks = outcome.finding.places if outcome.finding else ()
    places = places or [(block.file, 1, "") for block in blocks[:1] if block.file]
    return [
        {
            "description": text,
            "check_name": rule.id,
            "fingerprint": prints.build(rule.id, file, column),
            "severity": SEVERITIES[outcome.level],
            "location": _locate(placement, file, line),
        }
        for file, line, column in places
    ]


def _describe_diagnosis(
    report: Report, diagnosis: Diagnosis, *, placement: Placement, prints: Fingerprints
) -> Json:
    """Return one entry for a diagnosis, whatever it explains."""
    text = diagnosis.text
    summary = gate.add_allowance(report, diagnosis, wording.describe_diagnosis(diagnosis))
    return {
        "description": f"{summary} Fix: {text.fix}",
        "check_name": text.id,
        "fingerprint": prints.build(text.id, diagnosis.file, diagnosis.column or ""),
        "severity": SEVERITIES[diagnosis.level],
        "location": _locate(placement, diagnosis.file, 1),
    }


def _locate(placement: Placement, file: str, line: int | None) -> Json:
    """Return where an entry of GitLab's report is: path and line in the repository."""
    return {
        "path": placement.locate(file),
        "lines": {"begin": placement.get_line(line) or 1},
    }
