"""What several commands take alike, each option told once."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, Literal

import typer

Export = Annotated[
    list[Path], typer.Argument(metavar="EXPORT", help="A folder, a .zip, a workbook, or CSV files.")
]

Columns = Annotated[
    str | None,
    typer.Option(
        "--columns",
        metavar="ID or MAP.yaml",
        help="The column map of a raw export: a file, or powerschool, "
        "infinite-campus, aeries, synergy, skyward, eschoolplus, focus, genesis.",
    ),
]


def _day(text: str | dt.datetime) -> dt.datetime:
    """The day that was written. Raises a complaint that shows how it is meant."""
    try:
        return text if isinstance(text, dt.datetime) else dt.datetime.strptime(text, "%Y-%m-%d")
    except ValueError:
        raise typer.BadParameter("write the day as year-month-day, such as 2026-11-16") from None


AsOf = Annotated[
    dt.datetime | None,
    typer.Option(
        "--as-of",
        metavar="YYYY-MM-DD",
        parser=_day,
        help="Judge terms and ages on this day. Default: today.",
    ),
]

Phase = Annotated[
    Literal["start", "midyear", "rollover"],
    typer.Option(
        "--phase",
        help="The part of the school year: before it begins, while it runs, or when it turns and enrollments "
        "may be empty and terms over.",
    ),
]

FailOn = Annotated[
    Literal["blocker", "warning", "advice", "never"],
    typer.Option("--fail-on", help="The least level that gives exit code 1."),
]

AsJson = Annotated[
    Path | None, typer.Option("--out", "-o", metavar="FILE", help="Write it as JSON too.")
]

Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No summary, no progress.")]

Debug = Annotated[bool, typer.Option("--debug", help="If something breaks, where in the program.")]
