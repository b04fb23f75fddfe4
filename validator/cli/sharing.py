"""The `sharing` command: what sharing rules would share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from validator.cli import console, options

Rules = Annotated[
    Path | None,
    typer.Option("--sharing", metavar="SHARING.yaml", help="The sharing rules to preview."),
]

Target = Annotated[
    str,
    typer.Option(
        metavar="WHAT",
        help="What the app is for: suggests the smallest rule, such as "
        "grades=3-8,subject=math (also schools=, licenses=).",
    ),
]

Profile = Annotated[
    str,
    typer.Option(
        "--profile",
        "-p",
        metavar="ID or PACK.yaml",
        help="The profile that decides which sections are electives.",
    ),
]


def sharing(
    export: options.Export,
    *,
    rules: Rules = None,
    target: Target = "",
    profile: Profile = "",
    columns: options.Columns = None,
    as_json: options.AsJson = None,
) -> None:
    """Preview sharing rules, or suggest the smallest rule for a target; without personal data."""
    from validator import assess
    from validator.cli import destination
    from validator.outputs import sharing as output

    destination.check_file(as_json, [*export, *([rules] if rules else [])], output.SIGN)
    with console.progress(False) as progress:
        preview = assess.preview_sharing(
            export,
            as_of=console.clock().today,
            sharing=rules,
            target=target,
            profile=profile,
            columns=columns,
            progress=progress,
        )
    destination.write_json(as_json, output.document(preview))
    console.show(output.text(preview))
