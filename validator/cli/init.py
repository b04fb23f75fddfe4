"""The `init` command: a starter pack for a district."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from validator.cli import check, console, options

DISTRICT_PACK = Path("district.yaml")


def init(
    export: options.Export,
    *,
    profile: Annotated[
        str,
        typer.Option(
            "--profile",
            "-p",
            metavar="ID",
            help="The profile that the pack extends. Default: the export's own format.",
        ),
    ] = "",
    columns: options.Columns = None,
    out: Annotated[
        Path,
        typer.Option("--out", "-o", metavar="FILE", help="Where the pack goes; a new file."),
    ] = DISTRICT_PACK,
) -> None:
    """Write a commented pack for the district, based on what the export shows."""
    from validator.rulebook import starter

    starter.check_free(out)
    profiles = [profile] if profile else []
    chosen = replace(check.build_options(), profiles=profiles, columns=columns)
    report = check.assess(export, chosen, quiet=False)
    starter.write_pack(out, starter.render_pack(report))
    console.say(
        f"{out} is written. Read it, change it, then: rosterready check EXPORT --profile {out}"
    )
