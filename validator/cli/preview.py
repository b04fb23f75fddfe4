"""The `preview` command: what the first sync would create in each app."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from validator.cli import console, options

Profiles = Annotated[
    list[str] | None,
    typer.Option(
        "--profile",
        "-p",
        metavar="ID or PACK.yaml",
        help="The app; may be given several times. Default: all apps whose packs say what they "
        "create.",
    ),
]

Accounts = Annotated[
    Path | None,
    typer.Option(
        "--app-accounts",
        metavar="FILE",
        help="The app's own list of accounts, a CSV file or a workbook with e-mail addresses or "
        "SIS ids under any headings. Shows who is found, who would get a second account, and "
        "which accounts are orphaned.",
    ),
]

Licenses = Annotated[
    int | None,
    typer.Option("--licenses", metavar="N", min=0, help="How many licenses there are."),
]


def preview(
    export: options.Export,
    *,
    profile: Profiles = None,
    app_accounts: Accounts = None,
    app_columns: options.AppColumns = None,
    licenses: Licenses = None,
    format: options.Format = "auto",
    columns: options.Columns = None,
    sharing: options.Sharing = None,
    as_of: options.AsOf = None,
    phase: options.Phase = "midyear",
    as_json: options.AsJson = None,
) -> None:
    """Show the accounts, e-mails and classes that the first sync would create in each app."""
    from validator.assess import preview as library
    from validator.cli import check, destination
    from validator.outputs import preview as output

    inputs = [*export, *(path for path in (app_accounts, sharing) if path)]
    destination.check_file(as_json, inputs, output.SIGN)
    chosen = check.build_options(as_of)
    chosen = replace(chosen, profiles=profile or (), format=format, columns=columns)
    chosen = replace(chosen, sharing=sharing, phase=phase)
    with console.show_progress(False) as progress:
        made = library.preview_first_sync(
            export,
            chosen,
            accounts=app_accounts,
            app_columns=app_columns,
            licenses=licenses,
            progress=progress,
        )
    day = chosen.as_of.isoformat()
    destination.write_json(as_json, output.build_document(made.apps, made.accounts, day))
    console.show(output.render_text(made.apps, made.accounts))
