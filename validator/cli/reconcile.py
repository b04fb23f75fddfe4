"""The `reconcile` command: who is in which of three lists, and where somebody was lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from validator.cli import console, options

if TYPE_CHECKING:
    from validator.assess.reconcile import Reconciliation  # for types only: `--help` stays fast

OUT = "reconcile-report"

SisExport = Annotated[
    list[Path],
    typer.Option(
        "--sis",
        metavar="EXPORT",
        help="The SIS export: a folder, a .zip, a workbook, or CSV files; may be given several "
        "times.",
    ),
]

CleverExport = Annotated[
    list[Path] | None,
    typer.Option(
        "--clever",
        metavar="EXPORT",
        help="Clever's data download, in the layout of Clever's files; may be given several times.",
    ),
]

AppFile = Annotated[
    Path,
    typer.Option(
        "--app",
        metavar="FILE",
        help="The app's own list of accounts, classes or use: CSV or a workbook, with any "
        "headings.",
    ),
]

Columns = Annotated[
    str | None,
    typer.Option(
        "--columns",
        metavar="ID or MAP.yaml",
        help="The column map of a raw SIS export: a file, or powerschool, infinite-campus, "
        "aeries, synergy, skyward, eschoolplus, focus, genesis.",
    ),
]

Sharing = Annotated[
    Path | None,
    typer.Option(
        "--sharing",
        metavar="SHARING.yaml",
        help="The sharing rules of the app: people they leave out are not reported as a mistake.",
    ),
]

ShowValues = Annotated[
    bool,
    typer.Option(
        "--show-values",
        help="Also show ids in the page and the JSON; only for use inside the district.",
    ),
]


def reconcile(
    *,
    sis: SisExport,
    app: AppFile,
    clever: CleverExport = None,
    out: options.Folder = Path(OUT),
    profile: options.Profiles = None,
    format: options.Format = "auto",
    columns: Columns = None,
    app_columns: options.AppColumns = None,
    sharing: Sharing = None,
    as_of: options.AsOf = None,
    phase: options.Phase = "midyear",
    memory_limit: options.MemoryLimit = "",
    show_values: ShowValues = False,
    quiet: options.Quiet = False,
) -> None:
    """Find who was lost between the SIS, Clever and an app, and why.

    Exit code 0: nobody was lost. 1: somebody was.
    """
    from validator.assess import reconcile as library
    from validator.cli import check

    chosen = check.build_options(as_of, memory_limit)
    chosen = replace(chosen, profiles=profile or (), format=format, columns=columns)
    chosen = replace(chosen, phase=phase, sharing=sharing)
    asked = library.ReconcileOptions(
        check=chosen, sis=sis, app=app, clever=clever or (), app_columns=app_columns
    )
    _check_out(out, [*sis, *(clever or ()), app, *([sharing] if sharing else [])])
    with console.show_progress(quiet) as progress:
        result = library.reconcile(asked, progress=progress)
    _deliver(result, out, show_values=show_values, quiet=quiet)
    raise typer.Exit(1 if result.has_lost else 0)


def _check_out(out: Path, inputs: Sequence[Path]) -> None:
    """Refuse a folder that cannot be written, holds inputs or files of others. Raises BadUsage."""
    from validator.cli import destination
    from validator.outputs.reconcile.registry import FILES

    for output in FILES.values():
        destination.check_file(out / output.file, inputs, output.sign)


def _deliver(result: Reconciliation, out: Path, *, show_values: bool, quiet: bool) -> None:
    """Write the page, the workbook and the JSON, and show the summary."""
    from validator.outputs.reconcile import terminal
    from validator.outputs.reconcile.registry import FILES
    from validator.outputs.registry import write_whole

    written = []
    for output in FILES.values():
        path = out / output.file
        write_whole(path, b"".join(output.render(result, show_values)))
        written.append(str(path))
    if not quiet:
        console.show(terminal.render(result, written))
