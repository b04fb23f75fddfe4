"""The command line: which command runs, and the exit code of every end."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from validator.cli import console, shortage

if TYPE_CHECKING:
    import typer

LIGHT = {"rules", "profiles", "explain", "letter", "schema", "-h", "--help", "--version"}
"""Commands and options that read no export, for which little memory is enough."""


def __getattr__(name: str) -> typer.Typer:
    """Return the command line with all its commands as `app`, which `main` seldom needs."""
    if name != "app":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from validator.cli.commands import build_app

    globals()["app"] = build_app()
    return globals()["app"]  # type: ignore[no-any-return]


def start() -> None:
    """Run the command line in a process that ends with it."""
    try:
        main()
    except SystemExit as end:
        if isinstance(end.code, int):
            console.leave(end.code)
        raise


def main() -> None:
    """Run the command line; every end has one of the documented exit codes."""
    console.make_tolerant()
    console.save_memory()
    console.save_time()
    if shortage.is_below_least() and not LIGHT.intersection(sys.argv):
        console.say(f"rosterready: {shortage.SENTENCE}")
        sys.exit(4)
    try:
        run(sys.argv[1:])
    except KeyboardInterrupt:
        from validator.cli import exit_codes

        console.say("Stopped.")
        sys.exit(exit_codes.INTERRUPTED)
    except Exception as error:  # noqa: BLE001 - the outermost handler
        sys.exit(_end(error))


def run(words: Sequence[str]) -> None:
    """Run the command that the words of a command line name, and import nothing for others."""
    from validator.cli import reference

    if reference.show(words):
        sys.exit(0)
    from validator.cli.commands import COMMANDS, build_app

    known = [word for word in words[:1] if word in COMMANDS]
    build_app(known or COMMANDS)(list(words), prog_name="rosterready")


def _end(error: Exception) -> int:
    """Explain an error in one sentence; return its exit code."""
    try:
        from validator.cli import exit_codes
    except Exception:  # there may be too little memory even for that
        if not shortage.is_shortage(error):
            raise
        console.say(f"rosterready: {shortage.SENTENCE}")
        return 4
    return exit_codes.explain_error(error, debug="--debug" in sys.argv)
