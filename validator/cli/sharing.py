"""The `sharing` command: what sharing rules would share."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from validator.cli import console, options
from validator.model import BadUsage, Sharing

Rules = Annotated[
    Path | None,
    typer.Option("--sharing", metavar="SHARING.yaml", help="The sharing rules to preview."),
]

Target = Annotated[
    str,
    typer.Option(
        metavar="WHAT",
        help="What the app is for: suggests the smallest rule, such as "
        "grades=3-8,subject=math (also schools=, licenses=).",
    ),
]

Profile = Annotated[
    str,
    typer.Option(
        "--profile",
        "-p",
        metavar="ID or PACK.yaml",
        help="The profile that decides which sections are electives.",
    ),
]


Out = Annotated[
    Path | None,
    typer.Option(
        "--out",
        "-o",
        metavar="FILE",
        help="Also write the result to FILE, as JSON; with --target, a FILE that ends in .yaml is "
        "the suggested rule, for --sharing.",
    ),
]

COMMENT = "The smallest rule for this target, suggested by rosterready sharing."
RULE_SIGN = re.compile(b"suggested by rosterready sharing")


def sharing(
    export: options.Export,
    *,
    rules: Rules = None,
    target: Target = "",
    profile: Profile = "",
    columns: options.Columns = None,
    out: Out = None,
) -> None:
    """Preview sharing rules, or suggest the smallest rule for a target; without personal data."""
    from validator import assess
    from validator.cli import destination
    from validator.outputs import sharing as output

    as_rule = out is not None and out.suffix.lower() in (".yaml", ".yml")
    sign = RULE_SIGN if as_rule else output.SIGN
    destination.check_file(out, [*export, *([rules] if rules else [])], sign)
    if as_rule and not target:
        raise BadUsage("--out names a sharing file; say with --target what the rule is for")
    with console.show_progress(False) as progress:
        preview = assess.preview_sharing(
            export,
            as_of=console.read_clock().today,
            sharing=rules,
            target=target,
            profile=profile,
            columns=columns,
            progress=progress,
        )
    if as_rule:
        suggested = preview.suggested
        rule = replace(suggested.rule, target=suggested.target) if suggested is not None else None
        _write_rule(out, rule)
    else:
        destination.write_json(out, output.build_document(preview))
    console.show(output.render_text(preview))


def _write_rule(path: Path | None, rule: Sharing | None) -> None:
    """Write the rule that the `sharing` command suggests, as a file that only its owner reads.

    Raises BadUsage where nothing was suggested, OSError.
    """
    from validator.outputs.registry import write_whole
    from validator.rulebook.sharing_files import render_sharing

    if path is None or rule is None:
        raise BadUsage("there is no rule to write: no section of the export is in the target")
    write_whole(path, render_sharing(rule, comment=COMMENT).encode())
