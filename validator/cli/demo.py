"""The `demo` command: a bundled sample district, judged."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import typer

from validator.cli import check, options


def demo(out: options.Folder = Path(check.OUT)) -> None:
    """Assess a made-up district that has every kind of problem, and write its reports."""
    from validator import resources
    from validator.cli import delivery, exit_codes
    from validator.sample import writer
    from validator.sample.names import DISTRICT

    chosen = replace(
        check.build_options(),
        as_of=writer.AS_OF,
        profiles=["khan-academy"],
        district=f"{DISTRICT} (made up)",
        fail_on="never",
    )
    plan = delivery.plan(str(out), check.KINDS)
    report = check.run(
        [resources.find_samples() / "broken"],
        chosen,
        plan,
        introduction=f"{DISTRICT} is a made-up district: nobody in it is real.",
    )
    raise typer.Exit(exit_codes.choose_for_report(report))
