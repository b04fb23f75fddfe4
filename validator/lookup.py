"""What can be looked up without an export: rules, profiles, one rule explained, the form of the JSON report."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from validator import console

Listing = Annotated[Literal["text", "json"], typer.Option("--output", help="For people or for programs.")]


def rules(output: Listing = "text") -> None:
    """List every rule."""
    from validator import rulebook, rulepage

    found = rulebook.rules()
    console.show(rulepage.as_json(found) if output == "json" else rulepage.table(found))


def profiles(output: Listing = "text") -> None:
    """List what an export can be made ready for."""
    from validator import rulebook, rulepage

    found = rulebook.profiles()
    console.show(rulepage.profiles_json(found) if output == "json" else rulepage.profiles_table(found))


def explain(rule: Annotated[str, typer.Argument(
        metavar="RULE", help="The id of a rule, such as student-without-section.")]) -> None:
    """Say what a rule finds, why it matters, how to fix it, who fixes it and where that is written."""
    from validator import bundled, rulebook, rulepage

    found = rulebook.find(rule)
    console.show(rulepage.explained(found, bundled.cases() / f"{found[0].id}.yaml"))


def schema() -> None:
    """Print the JSON Schema of the JSON report."""
    import json

    from validator.outputs import jsonfile

    console.show(json.dumps(jsonfile.schema(), indent=2) + "\n")
