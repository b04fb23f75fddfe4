"""The command line: options in, files and an exit code out. Nothing heavy is imported before it is needed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from validator import __version__, limits
from validator.cli import catalog, compare, console, options, portfolio

if TYPE_CHECKING:
    from collections.abc import Sequence

    from validator.model import Report

app = typer.Typer(
    name="rosterready",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Is this roster export ready for the app it is about to be shared with? Nothing leaves this computer.",
)

OUT = Path("readiness-report")
DISTRICT_PACK = Path("district.yaml")

Folder = Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="Where the reports go.")]


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"rosterready {__version__}")
        raise typer.Exit


@app.callback()
def _rosterready(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_version, is_eager=True, help="Show the version and stop."
        ),
    ] = False,
) -> None: ...


@app.command(epilog=limits.told())
def check(
    export: options.Export,
    profile: Annotated[
        list[str] | None,
        typer.Option(
            "--profile",
            "-p",
            metavar="ID or PACK.yaml",
            help="What it must be ready for; may be given several times. "
            "Default: the export's own format.",
        ),
    ] = None,
    format: Annotated[
        Literal["auto", "clever", "oneroster", "sds", "sis"],
        typer.Option(
            help="What kind of export it is; sis is any other layout, read by a column map."
        ),
    ] = "auto",
    columns: options.Columns = None,
    as_of: options.AsOf = None,
    out: Annotated[
        str,
        typer.Option(
            "--out",
            "-o",
            metavar="DIR",
            help="Where the reports go; - writes the one report asked for to standard output.",
        ),
    ] = OUT.name,
    report: Annotated[
        str,
        typer.Option(
            metavar="KINDS",
            help="Which reports, with commas between: html, xlsx, json, junit, sarif, markdown.",
        ),
    ] = "html,xlsx,json",
    rows: Annotated[
        str,
        typer.Option(
            metavar="N or all",
            help="Rows listed per finding in HTML and JSON; counts are always whole.",
        ),
    ] = "200",
    fail_on: options.FailOn = "blocker",
    most: Annotated[
        list[str] | None,
        typer.Option(
            "--max",
            metavar="RULE=N",
            help="So many records found by this rule do not give exit code 1; may be given "
            "several times.",
        ),
    ] = None,
    baseline: Annotated[
        Path | None,
        typer.Option(
            metavar="LAST.json",
            help="An earlier report: only what a rule finds beyond it gives exit code 1.",
        ),
    ] = None,
    worklist: Annotated[
        Path | None,
        typer.Option(
            metavar="LAST.xlsx",
            help="The last work-list: its statuses and notes are carried over to the new one.",
        ),
    ] = None,
    show_values: Annotated[
        bool,
        typer.Option(
            "--show-values",
            help="Put ids and values of records into HTML, JSON and "
            "terminal too; only for the district's own eyes.",
        ),
    ] = False,
    district: Annotated[
        str | None, typer.Option(metavar="NAME", help="The district's name, shown in the reports.")
    ] = None,
    phase: options.Phase = "midyear",
    sis: Annotated[
        str,
        typer.Option(
            "--sis",
            metavar="ID",
            help="Say where in this student information system each "
            "finding is fixed: powerschool, infinite-campus, skyward, aeries, synergy, "
            "other.",
        ),
    ] = "",
    previous: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="EXPORT",
            help="Last time's export: what changed since, and what would be put on hold.",
        ),
    ] = None,
    sharing: Annotated[
        Path | None,
        typer.Option(metavar="SHARING.yaml", help="Sharing rules: judge what would be shared."),
    ] = None,
    history: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Add this run's counts to FILE, and tell what is new and fixed since the last.",
        ),
    ] = None,
    memory_limit: Annotated[
        str,
        typer.Option(
            "--memory-limit",
            metavar="SIZE",
            help="Do not begin if more memory is needed, such as 4G. Default: what is free.",
        ),
    ] = "",
    quiet: options.Quiet = False,
    debug: options.Debug = False,
) -> None:
    """Check an export and write the reports."""
    from validator.cli import run

    kinds = run.kinds(report)
    listed = run.rows(rows)
    moment = console.clock(as_of)
    most_memory = console.memory_limit(memory_limit)
    passes = run.passing(fail_on, most or [], baseline, profile or [])
    last = run.last_worklist(worklist)
    inputs = [*export, *(previous or [])]
    run.free(history, inputs)
    runs = run.runs(history)
    with run.place(out, kinds, inputs=inputs, full=show_values) as folder:
        result = _assess(
            export,
            profile or [],
            format=format,
            columns=columns,
            district=district,
            as_of=moment.today,
            generated_at=moment.now,
            quiet=quiet,
            phase=phase,
            sis=sis,
            previous=previous or [],
            shared_by=sharing,
            most_memory=most_memory,
        )
        result = run.compared(result, passes, last)
        result = run.remembered(result, runs)
        code = run.deliver(
            result,
            folder,
            kinds,
            rows=listed,
            full=show_values,
            quiet=quiet,
            annotate=console.repository_folder(export[0]),
        )
    if history is not None:
        run.record(history, result)
    if debug:
        console.say("\n".join(outcome.trace for outcome in result.outcomes if outcome.trace))
    raise typer.Exit(code)


app.command()(compare.sharing)
app.command()(compare.changes)


@app.command()
def demo(out: Folder = OUT) -> None:
    """Assess a made-up district that has something of everything, and write its reports."""
    from validator import resources
    from validator.cli import run
    from validator.sample import make
    from validator.sample.names import DISTRICT

    kinds = run.kinds("html,xlsx,json")
    with run.place(str(out), kinds) as folder:
        result = _assess(
            [resources.samples() / "broken"],
            ["khan-academy"],
            format="auto",
            as_of=make.AS_OF,
            district=f"{DISTRICT} (made up)",
            generated_at=console.clock().now,
            quiet=False,
        )
        result = run.compared(result, run.passing("never", [], None, []), None)
        code = run.deliver(result, folder, kinds, rows=200, full=False, quiet=False)
    raise typer.Exit(code)


app.command()(catalog.rules)
app.command()(catalog.profiles)
app.command()(catalog.explain)


@app.command()
def init(
    export: options.Export,
    profile: Annotated[
        str,
        typer.Option(
            "--profile",
            "-p",
            metavar="ID",
            help="The profile that the pack builds on. Default: the export's own format.",
        ),
    ] = "",
    columns: options.Columns = None,
    out: Annotated[
        Path,
        typer.Option(
            "--out", "-o", metavar="FILE", help="Where the pack goes; it must not be there yet."
        ),
    ] = DISTRICT_PACK,
) -> None:
    """Write a commented pack of the district's own, out of what the export shows."""
    from validator.rulebook import starter

    starter.free(out)
    result = _assess(
        export,
        [profile] if profile else [],
        as_of=console.clock().today,
        columns=columns,
        quiet=False,
    )
    starter.write(out, starter.text(result))
    console.say(
        f"{out} is written. Read it, change it, then: rosterready check EXPORT --profile {out}"
    )


@app.command()
def columns(
    export: options.Export,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            metavar="MAP.yaml",
            help="Also write the suggestion there, to be read, changed and used.",
        ),
    ] = None,
) -> None:
    """Suggest a column map for an export of unknown layout; nothing is applied."""
    from validator.ingest.mapping import suggest
    from validator.rulebook import load, starter

    if out is not None:
        starter.free(out)
    found = suggest.suggest(export, load.vocabulary()[0])
    console.show(suggest.printed(found))
    if out is not None:
        starter.write(out, suggest.written(found, export[0].name))
        console.say(
            f"{out} is written. Read it, change it, then: rosterready check EXPORT --columns {out}"
        )


@app.command()
def letter(
    report: Annotated[
        Path, typer.Argument(metavar="REPORT.json", help="The JSON report of a check.")
    ],
    to: Annotated[
        Literal["district", "schools"],
        typer.Option(
            help="From the success manager to the district, or from the district to its schools."
        ),
    ] = "district",
) -> None:
    """Print the text of an e-mail about what to fix, without personal data."""
    from validator.followup import baseline as followup_baseline
    from validator.outputs.letter import text

    console.show(text(followup_baseline.report(report), to))


app.command()(portfolio.portfolio)
app.command()(catalog.schema)


@app.command()
def sample(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="An empty or new folder.")],
    students: Annotated[int, typer.Option(metavar="N", help="How many students.")] = 500,
    seed: Annotated[
        int, typer.Option(metavar="N", help="The same seed gives the same district.")
    ] = 7,
    faults: Annotated[
        str, typer.Option(metavar="IDS", help="all, none, or ids of rules with commas between.")
    ] = "all",
) -> None:
    """Write a made-up district with planted faults, and the answer key."""
    from validator.sample import make as districts
    from validator.sample.names import DISTRICT

    districts.write(
        folder, students, seed, [word.strip() for word in faults.split(",") if word.strip()]
    )
    console.say(f"{DISTRICT} and its answer key are in {folder}. Every person in it is made up.")


def _assess(paths: Sequence[Path], profiles: Sequence[str], *, quiet: bool, **about: Any) -> Report:
    from validator.assess import assess

    with console.progress(quiet) as progress:
        return assess(paths, profiles=profiles, progress=progress, **about)


def main() -> None:
    """Runs the command line; every end is one of the exit codes of the documentation."""
    console.tolerant()
    try:
        app(prog_name="rosterready")
    except KeyboardInterrupt:
        console.say("Stopped.")
        sys.exit(130)
    except Exception as error:  # noqa: BLE001 - the outermost handler
        from validator.cli.run import failed

        sys.exit(failed(error, debug="--debug" in sys.argv))
