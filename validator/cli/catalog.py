"""The commands that need no export: `rules`, `profiles`, `explain`, `schema`."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal

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
    """Return the page that the `explain` command prints about a rule or a diagnosis."""
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
    Literal["report", "portfolio", "guard", "mend", "reconcile", "sharing", "pack", "columns"],
    typer.Argument(
        metavar="[report|portfolio|guard|mend|reconcile|sharing|pack|columns]",
        help="Which file: report.json, portfolio.json, guard.json, mended.json, "
        "reconcile.json, or for editors a sharing file, a pack or a column map.",
    ),
]


def schema(of: SchemaOf = "report") -> None:
    """Print the JSON Schema of a file that this program writes or reads."""
    console.show(json.dumps(build_schema(of), indent=2) + "\n")


def build_schema(of: str) -> Mapping[str, Any]:
    """Return the JSON Schema that the `schema` command prints for a file."""
    from validator.ingest import read
    from validator.outputs.guard import document as guard
    from validator.outputs.json import render
    from validator.outputs.mend import document as mend
    from validator.outputs.reconcile import document as reconcile
    from validator.portfolio import schema as portfolio
    from validator.rulebook import editor_schemas

    schemas: Mapping[str, Callable[[], Mapping[str, Any]]] = {
        "report": render.schema,
        "portfolio": portfolio.build_schema,
        "guard": guard.schema,
        "mend": mend.schema,
        "reconcile": reconcile.schema,
        "sharing": lambda: editor_schemas.build_sharing_schema(read.list_fields()),
        "pack": editor_schemas.build_pack_schema,
        "columns": lambda: editor_schemas.build_map_schema(read.list_mapped_fields()),
    }
    return schemas[of]()
