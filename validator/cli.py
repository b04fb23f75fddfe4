"""The command line: options in, files and an exit code out. Nothing heavy is imported before it is needed."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from validator import __version__, console

if TYPE_CHECKING:
    from collections.abc import Sequence

    from validator.model import Report

app = typer.Typer(
    name="rosterready", no_args_is_help=True, add_completion=False, rich_markup_mode=None,
    pretty_exceptions_enable=False, context_settings={"help_option_names": ["-h", "--help"]},
    help="Is this roster export ready for the app it is about to be shared with? Nothing leaves this computer.")

OUT = Path("readiness-report")
DISTRICT_PACK = Path("district.yaml")

Folder = Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="Where the reports go.")]
Listing = Annotated[Literal["text", "json"], typer.Option("--output", help="For people or for programs.")]


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"rosterready {__version__}")
        raise typer.Exit


@app.callback()
def _rosterready(version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True,
                                                       help="Show the version and stop.")] = False) -> None: ...


@app.command()
def check(
    export: Annotated[list[Path], typer.Argument(metavar="EXPORT", help="A folder, a .zip, or CSV files.")],
    profile: Annotated[list[str] | None, typer.Option(
        "--profile", "-p", metavar="ID or PACK.yaml", help="What it must be ready for; may be given several times. "
        "Default: the export's own format.")] = None,
    format: Annotated[Literal["auto", "clever"], typer.Option(help="What kind of export it is.")] = "auto",
    as_of: Annotated[dt.datetime | None, typer.Option(
        metavar="YYYY-MM-DD", formats=["%Y-%m-%d"], help="Judge terms and ages on this day. Default: today.")] = None,
    out: Annotated[str, typer.Option("--out", "-o", metavar="DIR", help="Where the reports go; - writes the one "
                                     "report asked for to standard output.")] = OUT.name,
    report: Annotated[str, typer.Option(metavar="KINDS", help="Which reports, with commas between: html, xlsx, json."
                                        )] = "html,xlsx,json",
    rows: Annotated[str, typer.Option(metavar="N or all", help="Rows listed per finding in HTML and JSON; counts are "
                                      "always whole.")] = "200",
    fail_on: Annotated[Literal["blocker", "warning", "advice", "never"], typer.Option(
        help="The least level that gives exit code 1.")] = "blocker",
    show_values: Annotated[bool, typer.Option("--show-values", help="Put ids and values of records into HTML, JSON and "
                                              "terminal too; only for the district's own eyes.")] = False,
    district: Annotated[str | None, typer.Option(metavar="NAME", help="The district's name, shown in the reports."
                                                 )] = None,
    phase: Annotated[Literal["start", "midyear", "rollover"], typer.Option(
        help="The part of the school year: before it begins, while it runs, or when it turns and enrollments may be "
        "empty and terms over.")] = "midyear",
    sis: Annotated[str, typer.Option("--sis", metavar="ID", help="Say where in this student information system each "
                                     "finding is fixed: powerschool, infinite-campus, skyward, aeries, synergy or other."
                                     )] = "",
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No summary, no progress.")] = False,
    debug: Annotated[bool, typer.Option("--debug", help="If something breaks, where in the program.")] = False,
) -> None:
    """Check an export and write the reports."""
    from validator import delivery

    kinds = delivery.kinds(report)
    listed = delivery.rows(rows)
    moment = console.clock()
    with delivery.place(out, kinds) as folder:
        result = _assess(export, profile or [], format=format, as_of=as_of.date() if as_of else moment.today,
                         district=district, generated_at=moment.now, quiet=quiet, phase=phase, sis=sis)
        code = delivery.deliver(result, folder, kinds, rows=listed, full=show_values, quiet=quiet, fail_on=fail_on)
    if debug:
        console.say("\n".join(outcome.trace for outcome in result.outcomes if outcome.trace))
    raise typer.Exit(code)


@app.command()
def demo(out: Folder = OUT) -> None:
    """Assess a made-up district that has something of everything, and write its reports."""
    from validator import bundled, delivery, sample
    from validator.sample.names import DISTRICT

    kinds = delivery.kinds("html,xlsx,json")
    with delivery.place(str(out), kinds) as folder:
        result = _assess([bundled.samples() / "broken"], ["khan-academy"], format="auto", as_of=sample.AS_OF,
                         district=f"{DISTRICT} (made up)", generated_at=console.clock().now, quiet=False)
        code = delivery.deliver(result, folder, kinds, rows=200, full=False, quiet=False, fail_on="never")
    raise typer.Exit(code)


@app.command()
def rules(output: Listing = "text") -> None:
    """List every rule."""
    from validator import rulebook, rulepage

    found = rulebook.rules()
    console.show(rulepage.as_json(found) if output == "json" else rulepage.table(found))


@app.command()
def profiles(output: Listing = "text") -> None:
    """List what an export can be made ready for."""
    from validator import rulebook, rulepage

    found = rulebook.profiles()
    console.show(rulepage.profiles_json(found) if output == "json" else rulepage.profiles_table(found))


@app.command()
def explain(rule: Annotated[str, typer.Argument(
        metavar="RULE", help="The id of a rule, such as student-without-section.")]) -> None:
    """Say what a rule finds, why it matters, how to fix it, who fixes it and where that is written."""
    from validator import bundled, rulebook, rulepage

    found = rulebook.find(rule)
    console.show(rulepage.explained(found, bundled.cases() / f"{found[0].id}.yaml"))


@app.command()
def init(
    export: Annotated[list[Path], typer.Argument(metavar="EXPORT", help="A folder, a .zip, or CSV files.")],
    profile: Annotated[str, typer.Option("--profile", "-p", metavar="ID", help="The profile that the pack builds on. "
                                         "Default: the export's own format.")] = "",
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="Where the pack goes; it must not be there "
                                      "yet.")] = DISTRICT_PACK,
) -> None:
    """Write a commented pack of the district's own, out of what the export shows."""
    from validator import districtpack

    districtpack.free(out)
    result = _assess(export, [profile] if profile else [], as_of=console.clock().today, quiet=False)
    districtpack.write(out, districtpack.text(result))
    console.say(f"{out} is written. Read it, change it, then: rosterready check EXPORT --profile {out}")


@app.command()
def schema() -> None:
    """Print the JSON Schema of the JSON report."""
    import json

    from validator.outputs import jsonfile

    console.show(json.dumps(jsonfile.schema(), indent=2) + "\n")


@app.command()
def sample(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="An empty or new folder.")],
    students: Annotated[int, typer.Option(metavar="N", help="How many students.")] = 500,
    seed: Annotated[int, typer.Option(metavar="N", help="The same seed gives the same district.")] = 7,
    faults: Annotated[str, typer.Option(metavar="IDS", help="all, none, or ids of rules with commas between.")] = "all",
) -> None:
    """Write a made-up district with planted faults, and the answer key."""
    from validator import sample as districts
    from validator.sample.names import DISTRICT

    districts.write(folder, students, seed, [word.strip() for word in faults.split(",") if word.strip()])
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
        from validator.delivery import failed

        sys.exit(failed(error, debug="--debug" in sys.argv))
