"""The `letter` command: an e-mail about what to fix."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from validator.cli import console


def letter(
    report: Annotated[
        Path, typer.Argument(metavar="REPORT.json", help="The JSON report of a check.")
    ],
    to: Annotated[
        Literal["district", "schools"],
        typer.Option(
            help="From the success manager to the district, or from the district to its schools."
        ),
    ] = "district",
) -> None:
    """Print the text of an e-mail about what to fix, without personal data."""
    from validator.followup import baseline
    from validator.outputs.letter import text

    console.show(text(baseline.read_report(report), to))
