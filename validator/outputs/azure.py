"""Annotations of an Azure Pipelines job: one line per finding; always masked."""

from __future__ import annotations

from validator.outputs.annotations import Annotation, list_annotations
from validator.outputs.placement import NOWHERE, Placement
from validator.privacy.masking import MaskedReport
from validator.text import escape_azure, escape_azure_property


def render(report: MaskedReport, placement: Placement = NOWHERE) -> str:
    """Render the report as logging commands of Azure Pipelines, a line each, failing ones first.

    https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands describes them.
    """
    return "".join(f"{_format(each)}\n" for each in list_annotations(report, placement))


def _format(annotation: Annotation) -> str:
    """Render one annotation of an Azure Pipelines job."""
    values = {
        "type": "error" if annotation.fails else "warning",
        "sourcepath": annotation.file,
        "linenumber": str(annotation.line or ""),
        "code": annotation.id,
    }
    properties = "".join(
        f"{name}={escape_azure_property(text)};" for name, text in values.items() if text
    )
    return f"##vso[task.logissue {properties}]{escape_azure(annotation.message)}"
