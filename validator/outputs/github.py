"""Annotations of a GitHub job: one line per rule that was found; always masked."""

from __future__ import annotations

from validator.model import Level
from validator.outputs.annotations import Annotation, list_annotations
from validator.outputs.placement import NOWHERE, Placement
from validator.privacy.masking import MaskedReport
from validator.text import escape_github, escape_github_property


def render(report: MaskedReport, placement: Placement = NOWHERE) -> str:
    """Render the report as workflow commands of GitHub, the worst first."""
    return "".join(f"{_format(each)}\n" for each in list_annotations(report, placement))


def _format(annotation: Annotation) -> str:
    """Render one annotation of a GitHub job."""
    softer = "notice" if annotation.level in (Level.ADVICE, Level.FACT) else "warning"
    kind = "error" if annotation.fails else softer
    values = {
        "title": f"{annotation.id}: {annotation.title}",
        "file": annotation.file,
        "line": str(annotation.line or ""),
    }
    properties = ",".join(
        f"{name}={escape_github_property(text)}" for name, text in values.items() if text
    )
    return f"::{kind} {properties}::{escape_github(annotation.message)}"
