"""Where output goes: folders and files checked before anything is read."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePath
from typing import Any

from validator import files
from validator.cli import console
from validator.model import BadUsage

STDOUT = "-"

CLOUDS = {
    "onedrive": "OneDrive",
    "dropbox": "Dropbox",
    "google drive": "Google Drive",
    "googledrive": "Google Drive",
    "my drive": "Google Drive",
    "icloud drive": "iCloud",
    "iclouddrive": "iCloud",
    "mobile documents": "iCloud",
    "box": "Box",
    "box sync": "Box",
    "cloudstorage": "a cloud service",
}
"""Names of synchronized folders, in lower case, and the service of each."""

SIGNED_WITHIN = 4_096
"""Bytes at the start of a report that say that it is one of ours."""

LEFTOVER = re.compile(
    r"\.(report|junit|portfolio|history)[\w-]*\.(html|xlsx|json|jsonl|xml|sarif|md)\.\w{8}\.part"
)
"""Names of unfinished files, as `write_whole` gives them."""


@contextmanager
def open_folder(
    out: str, kinds: Sequence[str], *, inputs: Sequence[Path] = (), full: bool = False
) -> Iterator[Path | None]:
    """Make and test the folder of --out; None for standard output.

    `inputs`: files and folders that must not be overwritten. `full`: the reports will hold ids and
    values. Removes a new folder that stayed empty. Raises BadUsage.
    """
    if out == STDOUT:
        if len(kinds) != 1:
            raise BadUsage(
                "--out - writes one report: name it with --report, such as --report json --out -"
            )
        yield None
        return
    from validator.outputs.registry import OUTPUTS

    folder = Path(out)
    is_new = not folder.exists()
    _test_writable(folder)
    _refuse_overwriting([folder / OUTPUTS[kind].file for kind in kinds], inputs)
    outputs = [OUTPUTS[kind] for kind in kinds]
    for output in outputs:
        if output.sign is not None:
            refuse_foreign(folder / output.file, output.sign)
    leftovers = _list_leftovers(folder)
    private = [output.file for output in outputs if output.is_internal(full)]
    _warn_of_cloud(folder, private)
    try:
        yield folder
    finally:
        for path in leftovers:  # what was there before and still is, no living run will finish
            path.unlink(missing_ok=True)
        if is_new and not any(folder.iterdir()):
            folder.rmdir()


def check_file(
    path: Path | None, inputs: Sequence[Path], sign: re.Pattern[bytes] | None = None
) -> None:
    """Refuse a file of an option that cannot be written or is an input. Raises BadUsage.

    `sign`: what every earlier result of the command has. Raises BadUsage.
    """
    if path is None:
        return
    if path.is_dir():
        raise BadUsage(f"{path} is a folder; name a file")
    _test_writable(path.parent)
    _refuse_overwriting([path], inputs)
    if sign is not None:
        refuse_foreign(path, sign)


def check_history(path: Path | None, out: str, kinds: Sequence[str]) -> None:
    """Refuse a command line whose --history is where a report goes. Raises BadUsage."""
    if path is None or out == STDOUT:
        return
    from validator.outputs.registry import OUTPUTS

    folder, place = Path(out).resolve(), path.resolve()
    reports = [folder / OUTPUTS[kind].file for kind in kinds]
    if place == folder or place in folder.parents or place in reports:
        raise BadUsage(
            f"--history names {path}, where a report of this run goes; give it another file, "
            "such as history.jsonl"
        )


def check_overview(out: Path, folders: Sequence[Path]) -> None:
    """Refuse a command line whose overview would replace a district or other files.

    Raises BadUsage.
    """
    from validator.portfolio.district import OVERVIEW, SIGN

    place = out.resolve()
    is_own = (place / OVERVIEW).exists()
    refuse_foreign(place / OVERVIEW, SIGN)
    for folder in map(Path.resolve, folders):
        depth = len(place.relative_to(folder).parts) if place.is_relative_to(folder) else None
        is_used = place.is_dir() and any(place.iterdir()) and not is_own
        if depth == 0 or (depth or 0) > 1 or (depth == 1 and is_used):
            raise BadUsage(
                f"{out} is in a folder of districts that is read here, which is never changed; "
                "choose another place with --out"
            )
    for name in ("portfolio.html", "portfolio.xlsx"):
        if not is_own and (place / name).exists():
            raise BadUsage(f"{out / name} was not written by this command and is not replaced")


def write_json(path: Path | None, document: Mapping[str, Any]) -> None:
    """Write a command's result as JSON, where an option names a file. Raises OSError."""
    from validator.outputs.registry import write_whole

    if path is not None:
        write_whole(path, (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode())


def _test_writable(folder: Path) -> None:
    """Make the folder of a command's --out if it is missing; refuse one it cannot write to."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise BadUsage(
            f"the reports cannot be written to {folder}: {_explain_refusal(folder, error)}; "
            "choose another folder with --out"
        ) from None


def _explain_refusal(folder: Path, error: OSError) -> str:
    """Say on the command line why a folder such as --out cannot be written to."""
    if folder.is_symlink() and not folder.exists():
        return "it is a link to a folder that does not exist"
    if folder.is_file():
        return "it is a file"
    return error.strerror or type(error).__name__


def _refuse_overwriting(outputs: Sequence[Path], inputs: Sequence[Path]) -> None:
    """Refuse to overwrite an input or write into an input folder."""
    protected = {path.resolve() for path in inputs}
    for path in outputs:
        folder = path.parent.resolve()
        if folder in protected:
            raise BadUsage(
                f"{path} would be written into a folder that is read here, which is never "
                "changed; choose another place"
            )
        if folder / path.name in protected:
            raise BadUsage(
                f"{path} would overwrite a file that is read here, which is never changed; "
                "choose another place"
            )


def refuse_foreign(path: Path, sign: re.Pattern[bytes]) -> None:
    """Refuse an option's file that exists and is no report of this program. Raises BadUsage.

    `sign`: what the start or the end of every such report has. An empty file is nobody's.
    """
    if not path.exists():
        return
    try:
        content = files.read_ends(path, SIGNED_WITHIN)
    except OSError:
        content = b"?"
    if content and not sign.search(content):
        raise BadUsage(
            f"{path} was not written by this command and is not replaced: move it, or choose "
            "another place"
        )


def _list_leftovers(folder: Path) -> list[Path]:
    """Return the unfinished files that a killed run of the command line left in --out."""
    return [path for path in folder.iterdir() if LEFTOVER.fullmatch(path.name) and path.is_file()]


def find_cloud(folder: PurePath) -> str:
    """Return the cloud service that copies the folder of --out, by its path; "" for none.

    Company folders have longer names: `OneDrive - Maple Hollow`, `GoogleDrive-a@example.org`,
    `Dropbox (School)`.
    """
    names = [re.split(r" ?[-(]", part.lower())[0] for part in folder.parts]
    return next((CLOUDS[name] for name in reversed(names) if name in CLOUDS), "")


def _warn_of_cloud(folder: Path, private: Sequence[str]) -> None:
    """Warn that a cloud service will copy reports with student data. `private`: file names."""
    service = find_cloud(folder.resolve())
    if service and private:
        verb = "holds" if len(private) == 1 else "hold"
        console.say(
            f"rosterready: {service} copies the folder {folder} off this computer, and "
            f"{' and '.join(private)} {verb} student data. Choose another folder with --out "
            "unless your district allows it."
        )
