"""What can be looked up without an export: rules, profiles, one rule explained, the form of the JSON report."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from validator.cli import console

Listing = Annotated[
    Literal["text", "json"], typer.Option("--output", help="For people or for programs.")
]


def rules(output: Listing = "text") -> None:
    """List every rule."""
    from validator.rulebook import load, pages

    found = load.list_rules()
    console.show(
        pages.render_rules_json(found) if output == "json" else pages.render_rules_table(found)
    )


def profiles(output: Listing = "text") -> None:
    """List what an export can be made ready for."""
    from validator.rulebook import load, pages

    found = load.list_profiles()
    console.show(
        pages.render_profiles_json(found)
        if output == "json"
        else pages.render_profiles_table(found)
    )


def explain(
    rule: Annotated[
        str,
        typer.Argument(metavar="RULE", help="The id of a rule, such as student-without-section."),
    ],
) -> None:
    """Say what a rule finds, why it matters, how to fix it, who fixes it and where that is written."""
    from validator import resources
    from validator.rulebook import load, pages

    found = load.find_rule(rule)
    console.show(pages.render_page(found, resources.find_cases() / f"{found[0].id}.yaml"))


def schema() -> None:
    """Print the JSON Schema of the JSON report."""
    import json

    from validator.outputs.json import render

    console.show(json.dumps(render.schema(), indent=2) + "\n")
