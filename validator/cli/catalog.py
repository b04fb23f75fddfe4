"""The commands that need no export: `rules`, `profiles`, `explain`, `schema`."""

from __future__ import annotations

import json
from typing import Annotated, Literal

import typer

from validator.cli import console

Listing = Annotated[
    Literal["text", "json"], typer.Option("--output", help="For people or for programs.")
]


def rules(output: Listing = "text") -> None:
    """List every rule."""
    from validator.rulebook import load, pages

    render = pages.render_rules_json if output == "json" else pages.render_rules_table
    console.show(render(load.list_rules()))


def profiles(output: Listing = "text") -> None:
    """List what an export can be checked for."""
    from validator.rulebook import load, pages

    render = pages.render_profiles_json if output == "json" else pages.render_profiles_table
    console.show(render(load.list_profiles()))


def explain(
    rule: Annotated[
        str,
        typer.Argument(metavar="RULE", help="The id of a rule, such as student-without-section."),
    ],
) -> None:
    """Explain a rule: what it finds, why it matters, how to fix it, who fixes it, its source."""
    from validator import resources
    from validator.rulebook import load, pages

    versions = load.find_rule(rule)
    case = resources.find_cases() / f"{versions.rule.id}.yaml"
    console.show(pages.render_page(versions, case))


def schema() -> None:
    """Print the JSON Schema of the JSON report."""
    from validator.outputs.json import render

    console.show(json.dumps(render.schema(), indent=2) + "\n")
