"""Every command of the command line, and the help of them all."""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup

from validator import __version__, limits

COMMANDS = {
    "check": "check",
    "sharing": "sharing",
    "changes": "changes",
    "preview": "preview",
    "guard": "guard",
    "reconcile": "reconcile",
    "demo": "demo",
    "rules": "catalog",
    "profiles": "catalog",
    "explain": "catalog",
    "init": "init",
    "columns": "columns",
    "letter": "letter",
    "mend": "mend",
    "page": "page",
    "portfolio": "portfolio",
    "schema": "catalog",
    "sample": "sample",
}
"""Command -> the module that holds the function of this name, in the order of the help."""


LIBRARY_WORDS = {
    r"Value error, ": "",
    r"'', ": "",
    r"Input should be a valid integer.*": "not a whole number",
    r"Input should be less than or equal to": "at most",
    r"Input should be greater than or equal to": "at least",
}
"""What the parser's libraries say of a value that an option does not take -> our words."""


class Commands(TyperGroup):
    """The commands of the command line, which refuse a value in our own words."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that the command line names."""
        try:
            return super().invoke(ctx)
        except typer.BadParameter as error:
            for theirs, ours in LIBRARY_WORDS.items():
                error.message = re.sub(theirs, ours, error.message)
            raise


class Argument(TyperArgument):
    """An argument whose help shows neither a Python type nor braces."""

    def display_type_rich(self, ctx: Any) -> None:
        """Return no type to show."""

    def get_usage_pieces(self, ctx: Any) -> list[str]:
        """Return the argument as the first line of the help shows it."""
        name = self.display_name_raw + ("" if self.nargs == 1 else "...")
        return [name if self.required else f"[{name}]"]


class Command(TyperCommand):
    """A command whose arguments are of our own class."""

    def __init__(self, *args: Any, **more: Any) -> None:
        """Create the command from what Typer read of its function."""
        super().__init__(*args, **more)
        for param in self.params:
            if isinstance(param, TyperArgument):
                param.__class__ = Argument


def build_app(names: Iterable[str] = COMMANDS) -> typer.Typer:
    """Return the command line with some of its commands; only their modules are imported."""
    app = typer.Typer(
        name="rosterready",
        cls=Commands,
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
        help="Is this roster export ready for the app that it will be shared with? "
        "Nothing leaves this computer.",
    )
    app.callback()(_start_program)
    for name in names:
        module: Any = import_module(f"validator.cli.{COMMANDS[name]}")
        epilog = limits.describe_limits() if name == "check" else None
        app.command(cls=Command, epilog=epilog)(getattr(module, name))
    return app


def _show_version(wanted: bool) -> None:
    """Print the version on the console and end the command."""
    if wanted:
        typer.echo(f"rosterready {__version__}")
        raise typer.Exit


def _start_program(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_show_version, is_eager=True, help="Show the version and stop."
        ),
    ] = False,
) -> None: ...
