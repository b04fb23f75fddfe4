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
    """List every rule and every diagnosis."""
    from validator.rulebook import diagnosis_pages, load, pages

    diagnosed = diagnosis_pages.list_all()
    if output == "json":
        more = [diagnosis_pages.to_json(text) for text in diagnosed]
        console.show(pages.render_rules_json(load.list_rules(), more))
        return
    table = pages.render_rules_table(load.list_rules())
    console.show(table + diagnosis_pages.render_table(diagnosed))


def profiles(output: Listing = "text") -> None:
    """List what an export can be checked for."""
    from validator.rulebook import load, pages

    render = pages.render_profiles_json if output == "json" else pages.render_profiles_table
    console.show(render(load.list_profiles()))


def explain(
    rule: Annotated[
        str,
        typer.Argument(
            metavar="RULE",
            help="The id of a rule, diagnosis or kind of repair, such as student-without-section.",
        ),
    ],
) -> None:
    """Explain a rule, diagnosis or repair: what it means, why it matters, who fixes it and how."""
    from validator.rulebook import diagnosis_pages, repair_pages

    diagnosed, kind = diagnosis_pages.find(rule), repair_pages.find(rule)
    if diagnosed is not None:
        console.show(diagnosis_pages.render_page(diagnosed))
    else:
        console.show(repair_pages.render_page(kind) if kind else _explain_rule(rule))


def _explain_rule(name: str) -> str:
    """Return the page about a rule, or about a diagnosis that had this id once."""
    from validator import resources
    from validator.model import BadUsage
    from validator.rulebook import diagnosis_pages, load, pages

    try:
        versions = load.find_rule(name)
    except BadUsage:
        diagnosed = diagnosis_pages.find_similar(name)
        if diagnosed is None:
            raise
        return diagnosis_pages.render_page(diagnosed)
    case = resources.find_cases() / f"{versions.rule.id}.yaml"
    return pages.render_page(versions, case)


SchemaOf = Annotated[
    Literal["report", "guard", "mend"],
    typer.Argument(
        metavar="[report|guard|mend]", help="Which JSON: report.json, guard.json or mended.json."
    ),
]


def schema(of: SchemaOf = "report") -> None:
    """Print the JSON Schema of the JSON report, of guard.json or of mended.json."""
    from validator.outputs.guard import document as guard
    from validator.outputs.json import render
    from validator.outputs.mend import document as mend

    schemas = {"report": render.schema, "guard": guard.schema, "mend": mend.schema}
    console.show(json.dumps(schemas[of](), indent=2) + "\n")
