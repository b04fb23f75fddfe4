"""The `columns` command: a suggested column map."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from validator.cli import console, options


def columns(
    export: options.Export,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            metavar="MAP.yaml",
            help="Also write the suggestion to this file, to review, edit and use.",
        ),
    ] = None,
) -> None:
    """Suggest a column map for an export of unknown layout; nothing is applied."""
    from validator.ingest.mapping import suggest
    from validator.rulebook import load, starter

    if out is not None:
        starter.check_free(out)
    grades, _ = load.load_vocabulary()
    suggestion = suggest.suggest(export, grades)
    console.show(suggest.format_text(suggestion))
    if out is not None:
        starter.write_pack(out, suggest.format_map(suggestion, export[0].name))
        console.say(
            f"{out} is written. Read it, change it, then: rosterready check EXPORT --columns {out}"
        )
