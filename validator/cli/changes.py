"""The `changes` command: what the next sync would do."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from validator.cli import console, options

Old = Annotated[Path, typer.Argument(metavar="OLD", help="Last time's export.")]
New = Annotated[Path, typer.Argument(metavar="NEW", help="The export to be synced.")]

Profiles = Annotated[
    list[str] | None,
    typer.Option(
        "--profile",
        "-p",
        metavar="ID or PACK.yaml",
        help="The profile whose thresholds count; may be given several times. "
        "Default: all known profiles.",
    ),
]

Phase = Annotated[
    options.PhaseName,
    typer.Option(
        help="The part of the school year; at rollover, sections and enrollments are expected to "
        "go."
    ),
]

State = Annotated[
    Path | None,
    typer.Option(
        "--state",
        metavar="DIR",
        help="The guard's state folder: people who had left and are back count as returning.",
    ),
]


def changes(
    old: Old,
    new: New,
    *,
    profile: Profiles = None,
    phase: Phase = "midyear",
    columns: options.Columns = None,
    state: State = None,
    as_json: options.AsJson = None,
) -> None:
    """Show what the next sync would create, change and remove, and who would put it on hold.

    Exit code 1 if it would be held; 3 if it would not, but some records cannot be compared.
    """
    from validator import assess
    from validator.cli import destination
    from validator.outputs import changes as output

    destination.check_file(as_json, [old, new], output.SIGN)
    with console.show_progress(False) as progress:
        forecast = assess.forecast_changes(
            [old],
            [new],
            as_of=console.read_clock().today,
            profiles=profile or (),
            phase=phase,
            columns=columns,
            state=state,
            progress=progress,
        )
    destination.write_json(as_json, output.build_document(forecast))
    console.show(output.render_text(forecast))
    if any(hold.trips for hold in forecast.holds):
        raise typer.Exit(1)
    raise typer.Exit(3 if forecast.incomparable else 0)
