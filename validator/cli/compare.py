"""The commands that look ahead: what would be shared, and what the next sync would change."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from validator.cli import console, options


def sharing(
    export: options.Export,
    rules: Annotated[
        Path | None,
        typer.Option("--sharing", metavar="SHARING.yaml", help="Sharing rules to look at."),
    ] = None,
    target: Annotated[
        str,
        typer.Option(
            metavar="WHAT",
            help="What the app is for: suggests the smallest rule, such as "
            "grades=3-8,subject=math (also schools=, licences=).",
        ),
    ] = "",
    profile: Annotated[
        str,
        typer.Option(
            "--profile", "-p", metavar="ID or PACK.yaml", help="Whose idea of electives counts."
        ),
    ] = "",
    columns: options.Columns = None,
    as_json: options.AsJson = None,
) -> None:
    """Show what sharing rules would share, or suggest the smallest rule for a target; without personal data."""
    from validator import assess
    from validator.cli import run
    from validator.outputs import sharing as shown

    run.free(as_json, [*export, *([rules] if rules else [])])
    with console.progress(False) as progress:
        made = assess.preview_sharing(
            export,
            as_of=console.clock().today,
            shared_by=rules,
            target=target,
            profile=profile,
            columns=columns,
            progress=progress,
        )
    run.write_json(as_json, shown.document(made))
    console.show(shown.text(made))


def changes(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="Last time's export.")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="The export to be synced.")],
    profile: Annotated[
        list[str] | None,
        typer.Option(
            "--profile",
            "-p",
            metavar="ID or PACK.yaml",
            help="Whose thresholds count; may be given several times. Default: all that are known.",
        ),
    ] = None,
    phase: Annotated[
        Literal["start", "midyear", "rollover"],
        typer.Option(
            help="The part of the school year; when it turns, sections and enrollments are expected to go."
        ),
    ] = "midyear",
    columns: options.Columns = None,
    as_json: options.AsJson = None,
) -> None:
    """Show what the next sync would create, change and remove, and who would hold it.

    Exit code 1 if somebody would, 3 if nobody would and some records cannot be compared.
    """
    from validator import assess
    from validator.cli import run
    from validator.outputs import changes as shown

    run.free(as_json, [old, new])
    with console.progress(False) as progress:
        made = assess.forecast_changes(
            [old],
            [new],
            as_of=console.clock().today,
            profiles=profile or [],
            phase=phase,
            columns=columns,
            progress=progress,
        )
    run.write_json(as_json, shown.document(made))
    console.show(shown.text(made))
    raise typer.Exit(1 if any(hold.trips for hold in made.holds) else 3 if made.incomparable else 0)
