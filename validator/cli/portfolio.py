"""The portfolio command: options in, an overview of many districts and an exit code out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from validator.cli import console, options


def portfolio(
    folders: Annotated[
        list[Path],
        typer.Argument(
            metavar="DIR...", help="Folders; every sub-folder and every .zip in them is a district."
        ),
    ],
    profile: Annotated[
        list[str] | None,
        typer.Option(
            "--profile",
            "-p",
            metavar="ID or PACK.yaml",
            help="What they must be ready for; may be given several times. "
            "Default: each export's own format.",
        ),
    ] = None,
    format: Annotated[
        str, typer.Option(metavar="ID", help="What kind of exports they are.")
    ] = "auto",
    columns: options.Columns = None,
    as_of: options.AsOf = None,
    phase: options.Phase = "midyear",
    jobs: Annotated[
        int,
        typer.Option(
            metavar="N",
            min=0,
            help="Districts assessed side by side; 0: as many as this computer has cores.",
        ),
    ] = 0,
    cluster: Annotated[
        str,
        typer.Option(
            metavar="ADDRESS",
            help="Let a Dask cluster do the work, such as tcp://10.0.0.5:8786: the one way in which "
            "rosterready connects to anything, and it connects to this address only. Its workers must see the folders "
            "under the same paths.",
        ),
    ] = "",
    out: Annotated[
        Path,
        typer.Option(
            "--out",
            "-o",
            metavar="DIR",
            help="Where the overview goes, and what is "
            "finished: the next run does not do it again.",
        ),
    ] = Path("readiness-portfolio"),
    limit_seconds: Annotated[
        float,
        typer.Option(
            "--limit-seconds",
            metavar="N",
            min=1,
            help="A district that takes longer is stopped, and the next one begun.",
        ),
    ] = 1800,
    memory_limit: Annotated[
        str,
        typer.Option(
            "--memory-limit",
            metavar="SIZE",
            help="Do not begin with a district that needs more, such as 4G. Default: "
            "what is free, divided by --jobs.",
        ),
    ] = "",
    fail_on: options.FailOn = "blocker",
    quiet: options.Quiet = False,
    debug: options.Debug = False,
) -> None:
    """Assess many districts, each in a process of its own, and write one overview without personal data."""
    from validator.cli import run
    from validator.portfolio import district, portfolio

    moment = console.clock(as_of)
    jobs = jobs or console.cores()
    terms = district.terms(
        profile or [], moment.today.isoformat(), format=format, phase=phase, columns=columns
    )
    ways = portfolio.Ways(
        jobs, cluster, limit_seconds, console.memory_limit(memory_limit, 1 if cluster else jobs)
    )
    if cluster:
        console.say(f"Connecting to the Dask cluster at {cluster}, and to nothing else.")
    with run.place(str(out), []) as folder, console.progress(quiet) as progress:
        summed = portfolio.assess(folders, folder or out, terms, ways=ways, progress=progress)
    if not quiet:
        console.say(_told(summed, out))
    raise typer.Exit(portfolio.exit_code(summed, fail_on))


def _told(summed: dict[str, Any], out: Path) -> str:
    """The overview in a few lines."""
    counts = summed["verdicts"]
    lines = [
        f"{len(summed['districts']):,} districts: {counts['ready']:,} ready, {counts['not-ready']:,} not ready, "
        f"{counts['could-not-tell']:,} could not be told."
    ]
    lines += [
        f"  {row['district']}: {row['reason']}"
        for row in summed["districts"]
        if row["status"] == "failed"
    ][:20]
    return "\n".join(
        [*lines, f"The overview is {out / 'portfolio.html'}, with .xlsx and .json beside it."]
    )
