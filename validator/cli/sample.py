"""The `sample` command: a made-up district with planted faults."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from validator.cli import console


def sample(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="An empty or new folder.")],
    *,
    students: Annotated[int, typer.Option(metavar="N", help="How many students.")] = 500,
    seed: Annotated[
        int, typer.Option(metavar="N", help="The same seed gives the same district.")
    ] = 7,
    faults: Annotated[
        str,
        typer.Option(metavar="IDS", help="all, none, or ids of rules separated by commas."),
    ] = "all",
) -> None:
    """Write a made-up district with planted faults, and the answer key."""
    from validator.sample import writer
    from validator.sample.names import DISTRICT

    words = [word.strip() for word in faults.split(",")]
    writer.write_sample(folder, students, seed, faults=[word for word in words if word])
    console.say(f"{DISTRICT} and its answer key are in {folder}. Every person in it is made up.")
