"""The command line: every command, and the exit code of every end."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from validator import __version__, limits
from validator.cli import (
    catalog,
    changes,
    check,
    columns,
    console,
    demo,
    guard,
    init,
    letter,
    mend,
    page,
    portfolio,
    preview,
    reconcile,
    sample,
    sharing,
    shortage,
)

app = typer.Typer(
    name="rosterready",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Is this roster export ready for the app that it will be shared with? "
    "Nothing leaves this computer.",
)


LIGHT = {"rules", "profiles", "explain", "letter", "schema", "-h", "--help", "--version"}
"""Commands and options that read no export, for which little memory is enough."""


def _show_version(wanted: bool) -> None:
    """Print the version on the console and end the command."""
    if wanted:
        typer.echo(f"rosterready {__version__}")
        raise typer.Exit


@app.callback()
def _rosterready(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_show_version, is_eager=True, help="Show the version and stop."
        ),
    ] = False,
) -> None: ...


app.command(epilog=limits.describe_limits())(check.check)
app.command()(sharing.sharing)
app.command()(changes.changes)
app.command()(preview.preview)
app.command()(guard.guard)
app.command()(reconcile.reconcile)
app.command()(demo.demo)
app.command()(catalog.rules)
app.command()(catalog.profiles)
app.command()(catalog.explain)
app.command()(init.init)
app.command()(columns.columns)
app.command()(letter.letter)
app.command()(mend.mend)
app.command()(page.page)
app.command()(portfolio.portfolio)
app.command()(catalog.schema)
app.command()(sample.sample)


def main() -> None:
    """Run the command line; every end has one of the documented exit codes."""
    console.make_tolerant()
    console.save_memory()
    console.save_time()
    if shortage.is_below_least() and not LIGHT.intersection(sys.argv):
        console.say(f"rosterready: {shortage.SENTENCE}")
        sys.exit(4)
    try:
        app(prog_name="rosterready")
    except KeyboardInterrupt:
        from validator.cli import exit_codes

        console.say("Stopped.")
        sys.exit(exit_codes.INTERRUPTED)
    except Exception as error:  # noqa: BLE001 - the outermost handler
        sys.exit(_end(error))


def _end(error: Exception) -> int:
    """Explain an error in one sentence; return its exit code."""
    try:
        from validator.cli import exit_codes
    except Exception:  # there may be too little memory even for that
        if not shortage.is_shortage(error):
            raise
        console.say(f"rosterready: {shortage.SENTENCE}")
        return 4
    return exit_codes.for_error(error, debug="--debug" in sys.argv)
