"""The `guard` command: whether tonight's export may go."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from validator.cli import console, options

if TYPE_CHECKING:
    from validator.assess.guard import Acceptance, GuardOptions
    from validator.model import Night

NOTE, PAGE, DOCUMENT = "guard.txt", "guard.html", "guard.json"

State = Annotated[
    Path,
    typer.Option(
        "--state",
        metavar="DIR",
        help="Where the guard keeps keyed digests of the last export let through, and its "
        "history; readable only by its owner.",
    ),
]

Release = Annotated[
    Path | None,
    typer.Option(
        "--release",
        metavar="DIR",
        help="Keep the files of the last export let through in this folder, for the upload.",
    ),
]

Out = Annotated[
    Path | None,
    typer.Option(
        "--out", "-o", metavar="DIR", help="Write the note and guard.json into this folder."
    ),
]

ThresholdsFile = Annotated[
    Path | None,
    typer.Option(
        "--thresholds",
        metavar="FILE.yaml",
        help="The district's own thresholds, floors and calendar.",
    ),
]

Accept = Annotated[
    str,
    typer.Option(
        "--accept",
        metavar="NAME: REASON",
        help="Let this export through even though something stops it: who decided, and why.",
    ),
]

Reason = Annotated[
    str,
    typer.Option("--reason", metavar="TEXT", help="The reason for --accept, if not given there."),
]


def guard(
    export: options.Export,
    *,
    state: State,
    release: Release = None,
    out: Out = None,
    profile: options.Profiles = None,
    thresholds: ThresholdsFile = None,
    accept: Accept = "",
    reason: Reason = "",
    format: options.Format = "auto",
    columns: options.Columns = None,
    sharing: options.Sharing = None,
    as_of: options.AsOf = None,
    phase: options.Phase = "midyear",
    memory_limit: options.MemoryLimit = "",
    quiet: options.Quiet = False,
) -> None:
    """Decide every night whether the export may be uploaded: exit code 0 to go, 1 to stop.

    Compares the export with the last one let through, and leaves a note without personal data.
    """
    from validator.assess import guard as library
    from validator.cli import check, exit_codes

    chosen = check.build_options(as_of, memory_limit)
    chosen = replace(chosen, profiles=profile or (), format=format, columns=columns)
    chosen = replace(chosen, phase=phase, sharing=sharing)
    settings = library.GuardOptions(
        check=chosen,
        state=state,
        release=release,
        thresholds=thresholds,
        accept=_parse_acceptance(accept, reason),
    )
    _check_out(out, export, settings)
    with console.show_progress(quiet) as progress:
        night = library.watch(export, settings, progress=progress)
    _deliver(night, out, quiet=quiet)
    raise typer.Exit(exit_codes.choose_for_night(night))


def _parse_acceptance(name: str, reason: str) -> Acceptance | None:
    """Read the guard command's options for who accepts the export and why. Raises BadUsage."""
    from validator.assess.guard import Acceptance
    from validator.model import BadUsage

    if not name.strip() and not reason.strip():
        return None
    if not reason.strip():
        name, _, reason = name.partition(":")
    if not name.strip() or not reason.strip():
        raise BadUsage(
            "letting a stopped export through needs a name and a reason: "
            '--accept "P. Ramos: transfer week, counts checked"'
        )
    return Acceptance(name.strip(), reason.strip())


def _check_out(out: Path | None, export: list[Path], settings: GuardOptions) -> None:
    """Refuse a folder for the note that cannot be written, or that holds inputs or other files."""
    from validator.cli import destination
    from validator.outputs.guard import document, page, text

    if out is None:
        return
    protected = [*export, settings.state]
    protected += [settings.release] if settings.release is not None else []
    signs = {NOTE: text.SIGN, PAGE: page.SIGN, DOCUMENT: document.SIGN}
    for name, sign in signs.items():
        destination.check_file(out / name, protected, sign)


def _deliver(night: Night, out: Path | None, *, quiet: bool) -> None:
    """Show the note, and write it and guard.json where a folder was named.

    The note is shown first: what it says is done, also where its files cannot be written.
    """
    from validator.cli import destination
    from validator.outputs.guard import document, page, text
    from validator.outputs.registry import write_whole

    note = text.render(night)
    if not quiet:
        console.show(note)
    if out is not None:
        write_whole(out / NOTE, note.encode())
        write_whole(out / PAGE, page.render(night))
        destination.write_json(out / DOCUMENT, document.build_document(night))
