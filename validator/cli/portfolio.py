"""The `portfolio` command: an overview of many districts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from validator.cli import computer, console, options

MOST_FAILURES = 20
"""Districts that could not be assessed and are named on the screen."""

Folders = Annotated[
    list[Path],
    typer.Argument(
        metavar="DIR", help="Folders; every subfolder and every .zip in them is a district."
    ),
]

Profiles = Annotated[
    list[str] | None,
    typer.Option(
        "--profile",
        "-p",
        metavar="ID or PACK.yaml",
        help="What the exports must be ready for; may be given several times. "
        "Default: each export's own format.",
    ),
]

Jobs = Annotated[
    int,
    typer.Option(
        metavar="N",
        min=0,
        help="Districts assessed at the same time; 0: as many as this computer has cores.",
    ),
]

Cluster = Annotated[
    str,
    typer.Option(
        metavar="ADDRESS",
        help="Let a Dask cluster do the work, such as tcp://10.0.0.5:8786. This is the only way "
        "in which rosterready connects to anything, and it connects only to this address. Its "
        "workers must see the folders under the same paths.",
    ),
]

Out = Annotated[
    Path,
    typer.Option(
        "--out",
        "-o",
        metavar="DIR",
        help="Where the overview goes, and the finished districts, which the next run skips.",
    ),
]

LimitSeconds = Annotated[
    float,
    typer.Option(
        "--limit-seconds",
        metavar="N",
        min=1,
        help="A district that takes longer is stopped, and the next one is started.",
    ),
]

MemoryLimit = Annotated[
    str,
    typer.Option(
        "--memory-limit",
        metavar="SIZE",
        help="Do not start a district that needs more, such as 4G. "
        "Default: what is free, divided by --jobs.",
    ),
]


def portfolio(
    folders: Folders,
    *,
    profile: Profiles = None,
    format: options.Format = "auto",
    columns: options.Columns = None,
    as_of: options.AsOf = None,
    phase: options.Phase = "midyear",
    jobs: Jobs = 0,
    cluster: Cluster = "",
    out: Out = Path("readiness-portfolio"),
    limit_seconds: LimitSeconds = 1800,
    memory_limit: MemoryLimit = "",
    fail_on: options.FailOn = "blocker",
    quiet: options.Quiet = False,
    debug: options.Debug = False,
) -> None:
    """Assess many districts, each in its own process, and write an overview of counts."""
    from validator.cli import destination
    from validator.portfolio import district, portfolio

    today = console.read_clock(as_of).today.isoformat()
    jobs = jobs or computer.count_cores()
    conditions = district.read_conditions(
        profile or [], today, format=format, phase=phase, columns=columns
    )
    memory = computer.read_memory_limit(memory_limit, 1 if cluster else jobs)
    run_options = portfolio.RunOptions(jobs, cluster, limit_seconds, memory)
    if cluster:
        console.say(f"Connecting to the Dask cluster at {cluster}, and to nothing else.")
    destination.check_overview(out, folders)
    with destination.open_folder(str(out), []) as folder, console.show_progress(quiet) as progress:
        overview = portfolio.assess(
            folders, folder or out, conditions, options=run_options, progress=progress
        )
    if not quiet:
        console.say(_summarize(overview, out))
    raise typer.Exit(portfolio.exit_code(overview, fail_on))


def _summarize(overview: dict[str, Any], out: Path) -> str:
    """Return the few lines that the `portfolio` command prints on the console."""
    counts = overview["verdicts"]
    failures = [
        f"  {row['district']}: {row['reason']}"
        for row in overview["districts"]
        if row["status"] == "failed"
    ]
    lines = [
        f"{len(overview['districts']):,} districts: {counts['ready']:,} ready, "
        f"{counts['not-ready']:,} not ready, {counts['could-not-tell']:,} could not be determined.",
        *failures[:MOST_FAILURES],
        f"The overview is {out / 'portfolio.html'}, with .xlsx and .json next to it.",
    ]
    return "\n".join(lines)
