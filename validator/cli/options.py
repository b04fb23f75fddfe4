"""Arguments and options of the commands."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from validator.ingest.formats import registry
from validator.outputs.registry import list_reports

if TYPE_CHECKING:
    FormatName = str
else:
    FormatName = Literal[("auto", *registry.IDS)]


def parse_day(text: str | dt.datetime) -> dt.datetime:
    """Parse a day of the command line. Raises BadParameter with the expected format."""
    if isinstance(text, dt.datetime):
        return text
    try:
        return dt.datetime.strptime(text, "%Y-%m-%d")
    except ValueError:
        raise typer.BadParameter("write the day as year-month-day, such as 2026-11-16") from None


# ------------------------------------------------------------------ several commands

Export = Annotated[
    list[Path],
    typer.Argument(metavar="EXPORT", help="A folder, a .zip, a workbook, or CSV files."),
]

Profiles = Annotated[
    list[str] | None,
    typer.Option(
        "--profile",
        "-p",
        metavar="ID or PACK.yaml",
        help="What the export must be ready for; may be given several times. "
        "Default: the export's own format.",
    ),
]

AppColumns = Annotated[
    str | None,
    typer.Option(
        "--app-columns",
        metavar="MAP.yaml",
        help="The column map of the app's list, where its columns are not recognized.",
    ),
]

Columns = Annotated[
    str | None,
    typer.Option(
        "--columns",
        metavar="ID or MAP.yaml",
        help="The column map of a raw export: a file, or powerschool, infinite-campus, aeries, "
        "synergy, skyward, eschoolplus, focus, genesis.",
    ),
]

AsOf = Annotated[
    dt.datetime | None,
    typer.Option(
        "--as-of",
        metavar="YYYY-MM-DD",
        parser=parse_day,
        help="Judge terms and ages on this day. Default: today.",
    ),
]

PhaseName = Literal["start", "midyear", "rollover"]

Phase = Annotated[
    PhaseName,
    typer.Option(
        "--phase",
        help="The part of the school year: before it begins, while it runs, or when it turns "
        "over, with enrollments that may be empty and terms that may be over.",
    ),
]

FailOn = Annotated[
    Literal["blocker", "warning", "advice", "never"],
    typer.Option("--fail-on", help="The lowest level that gives exit code 1."),
]

AsJson = Annotated[
    Path | None,
    typer.Option("--out", "-o", metavar="FILE", help="Also write the result to FILE, as JSON."),
]

Folder = Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="Where the reports go.")]

Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Show no summary and no progress.")]

Debug = Annotated[bool, typer.Option("--debug", help="If the program fails, show where.")]

# ------------------------------------------------------------------ check

Format = Annotated[
    FormatName,
    typer.Option(
        "--format",
        help="The format of the export; sis is any other layout, read by a column map.",
    ),
]

ReportFolder = Annotated[
    str,
    typer.Option(
        "--out",
        "-o",
        metavar="DIR",
        help="Where the reports go; - writes a single report to standard output.",
    ),
]

Kinds = Annotated[
    str,
    typer.Option(
        "--report",
        metavar="KINDS",
        help=f"Which reports, separated by commas: {', '.join(list_reports())}.",
    ),
]

Rows = Annotated[
    str,
    typer.Option(
        "--rows",
        metavar="N or all",
        help="Rows listed per finding in HTML and JSON; counts are always complete.",
    ),
]

MaxRecords = Annotated[
    list[str] | None,
    typer.Option(
        "--max",
        metavar="RULE=N",
        help="Allow up to N records found by this rule without exit code 1; may be given several "
        "times.",
    ),
]

Baseline = Annotated[
    Path | None,
    typer.Option(
        "--baseline",
        metavar="LAST.json",
        help="An earlier report: exit code 1 only if a rule finds more records than it did then.",
    ),
]

Worklist = Annotated[
    Path | None,
    typer.Option(
        "--worklist",
        metavar="LAST.xlsx",
        help="The work-list whose statuses and notes are carried over. Default: that of the last "
        "run in the output folder.",
    ),
]

ShowValues = Annotated[
    bool,
    typer.Option(
        "--show-values",
        help="Also show ids and values of records in the HTML, the JSON and the terminal; only "
        "for use inside the district.",
    ),
]

District = Annotated[
    str | None,
    typer.Option("--district", metavar="NAME", help="The district's name, shown in the reports."),
]

Sis = Annotated[
    str,
    typer.Option(
        "--sis",
        metavar="ID",
        help="Say where each finding is fixed in this student information system: powerschool, "
        "infinite-campus, skyward, aeries, synergy, other.",
    ),
]

Previous = Annotated[
    list[Path] | None,
    typer.Option(
        "--previous",
        metavar="EXPORT",
        help="Last time's export: show what changed since, and what would be put on hold.",
    ),
]

Sharing = Annotated[
    Path | None,
    typer.Option(
        "--sharing", metavar="SHARING.yaml", help="Sharing rules: judge what would be shared."
    ),
]

History = Annotated[
    Path | None,
    typer.Option(
        "--history",
        metavar="FILE",
        help="Add this run's counts to FILE, and say what is new and what is fixed since the "
        "last run.",
    ),
]

SourceRoot = Annotated[
    Path | None,
    typer.Option(
        "--source-root",
        metavar="DIR",
        help="Write the paths in SARIF, GitLab's report and annotations relative to DIR "
        "(default: the root of the repository).",
    ),
]

MemoryLimit = Annotated[
    str,
    typer.Option(
        "--memory-limit",
        metavar="SIZE",
        help="Do not start if more memory is needed, such as 4G. Default: what is free.",
    ),
]
