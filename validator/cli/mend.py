"""The `mend` command: a corrected copy of an export, and the log of every change."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from validator.cli import console, options

if TYPE_CHECKING:
    from validator.assess import Mended, Options, Repairs

Export = Annotated[
    list[Path] | None,
    typer.Argument(metavar="EXPORT", help="A folder, a .zip, a workbook, or CSV files."),
]

Out = Annotated[
    Path | None,
    typer.Option(
        "--out", "-o", metavar="DIR", help="A new folder for the corrected copy and its log."
    ),
]

To = Annotated[
    Literal["", "clever", "oneroster-1.1", "oneroster-1.2"],
    typer.Option(
        "--to",
        metavar="FORMAT",
        help="Write the copy in this format: clever, oneroster-1.1 or oneroster-1.2. "
        "Default: the export's own.",
    ),
]

Only = Annotated[
    list[str] | None,
    typer.Option(
        "--only",
        metavar="KINDS",
        help="Make only these kinds of repairs, separated by commas; some kinds are made only "
        "if they are named here.",
    ),
]

Skip = Annotated[
    list[str] | None,
    typer.Option("--skip", metavar="KINDS", help="Do not make these kinds of repairs."),
]

DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Only show what would be changed; write nothing.")
]

Undo = Annotated[
    Path | None,
    typer.Option(
        "--undo",
        metavar="DIR",
        help="Write the files of this corrected copy with their original values.",
    ),
]

Sharing = Annotated[
    Path | None,
    typer.Option(
        "--sharing",
        metavar="SHARING.yaml",
        help="Sharing rules: judge and write only what would be shared.",
    ),
]


def mend(
    export: Export = None,
    *,
    out: Out = None,
    to: To = "",
    only: Only = None,
    skip: Skip = None,
    dry_run: DryRun = False,
    undo: Undo = None,
    profile: options.Profiles = None,
    format: options.Format = "auto",
    columns: options.Columns = None,
    sharing: Sharing = None,
    as_of: options.AsOf = None,
    memory_limit: options.MemoryLimit = "",
    quiet: options.Quiet = False,
    debug: options.Debug = False,
) -> None:
    """Write a corrected copy of an export, with only safe repairs, each of them logged."""
    from validator.assess import Repairs
    from validator.cli.check import build_options
    from validator.model import BadUsage

    if undo is not None:
        if export:
            raise BadUsage("--undo takes the folder of a corrected copy and no EXPORT")
        _undo(undo, out)
        return
    if not export:
        raise BadUsage("name the EXPORT to mend, or a corrected copy with --undo DIR")
    wanted = Repairs(only=only or (), skip=skip or (), to=to)
    wanted.select()
    if out is None and not dry_run:
        raise BadUsage("name a new folder for the corrected copy with --out DIR")
    chosen = build_options(as_of, memory_limit)
    chosen = dataclasses.replace(
        chosen, profiles=profile or (), format=format, columns=columns, sharing=sharing
    )
    mended = _run(export, chosen, wanted, out=None if dry_run else out, quiet=quiet)
    raise typer.Exit(_exit_code(mended))


def _run(
    paths: list[Path], chosen: Options, wanted: Repairs, *, out: Path | None, quiet: bool
) -> Mended:
    """Mend an export and say what was done; without `out`, what would be done."""
    from validator import assess
    from validator.cli import copies
    from validator.outputs.mend import terminal

    if out is not None:
        copies.check(out, [*paths, *([chosen.sharing] if chosen.sharing else [])])
    with console.show_progress(quiet) as progress:
        mending = assess.plan_mending(paths, chosen, wanted, progress=progress)
        if out is None:
            mended = assess.summarize(mending, chosen, after=None)
        else:
            assess.check_written(mending)
            with copies.stage_folder(out) as staged:
                mending.files.extend(copies.write_files(staged, mending.written))
                mended = assess.judge_mended(staged, mending, chosen, progress=progress)
                _write_log(staged, mended)
    if not quiet:
        console.say(terminal.render(mended, str(out) if out is not None else ""), painted=True)
    return mended


def _write_log(folder: Path, mended: Mended) -> None:
    """Write the log of the `mend` command below --out."""
    from validator.cli import copies
    from validator.outputs.mend.registry import OUTPUTS

    for output in OUTPUTS.values():
        if output.file:
            copies.write_pieces(folder / output.file, output.render(mended))


def _exit_code(mended: Mended) -> int:
    """Return the exit code of the `mend` command: of the copy, or of the export in a dry run."""
    from validator.cli import exit_codes
    from validator.model import Level, Verdict

    judged = mended.after or mended.before
    if judged.verdict is Verdict.NOT_READY or judged.levels.get(Level.BLOCKER):
        return exit_codes.FAILED
    could_not_tell = judged.verdict is Verdict.COULD_NOT_TELL
    return exit_codes.COULD_NOT_TELL if could_not_tell else exit_codes.OK


def _undo(folder: Path, out: Path | None) -> None:
    """Run the `mend` command with --undo: write a corrected copy's files as they were."""
    from validator import assess
    from validator.cli import copies
    from validator.model import BadUsage

    names, to = copies.read_mark(folder)
    if to:
        raise BadUsage(assess.CONVERTED)
    place = out if out is not None else folder.with_name(f"{folder.resolve().name}-undone")
    copies.check(place, [folder])
    written = assess.undo_mending(folder, names)
    with copies.stage_folder(place) as staged:
        copies.write_files(staged, written)
    console.say(f"The original values are in {place}.")
    for left in written.left_out:
        console.say(f"{left.file}, {left.column}: {left.count}: {left.reason}.")
