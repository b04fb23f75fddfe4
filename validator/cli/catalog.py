"""The commands that need no export: `rules`, `profiles`, `explain`, `schema`."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal

import typer

from validator.cli import console, reference

Listing = Annotated[
    Literal["text", "json"], typer.Option("--output", help="For people or for programs.")
]


def rules(output: Listing = "text") -> None:
    """List every rule and every diagnosis."""
    console.show(reference.list_rules(as_json=output == "json"))


def profiles(output: Listing = "text") -> None:
    """List what an export can be checked for."""
    console.show(reference.list_profiles(as_json=output == "json"))


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
    console.show(reference.explain(rule))


SchemaOf = Annotated[
    Literal["report", "portfolio", "guard", "mend", "reconcile", "sharing", "pack", "columns"],
    typer.Argument(
        metavar="FILE",
        help="report, portfolio, guard, mend or reconcile: the JSON that these write; sharing, "
        "pack or columns: a sharing file, a pack or a column map, for editors.",
    ),
]


def schema(of: SchemaOf = "report") -> None:
    """Print the JSON Schema of a file that this program writes or reads."""
    console.show(json.dumps(build_schema(of), indent=2) + "\n")


def build_schema(of: str) -> Mapping[str, Any]:
    """Return the JSON Schema that the command line's `schema` prints for a file."""
    from validator.ingest import read
    from validator.outputs.guard import document as guard
    from validator.outputs.json import render
    from validator.outputs.mend import document as mend
    from validator.outputs.reconcile import document as reconcile
    from validator.portfolio import schema as portfolio
    from validator.rulebook import editor_schemas

    schemas: Mapping[str, Callable[[], Mapping[str, Any]]] = {
        "report": render.build_schema,
        "portfolio": portfolio.build_schema,
        "guard": guard.build_schema,
        "mend": mend.build_schema,
        "reconcile": reconcile.build_schema,
        "sharing": lambda: editor_schemas.build_sharing_schema(read.list_fields()),
        "pack": editor_schemas.build_pack_schema,
        "columns": lambda: editor_schemas.build_map_schema(read.list_mapped_fields()),
    }
    return schemas[of]()
