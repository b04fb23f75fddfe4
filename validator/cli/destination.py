"""Where output goes: folders and files checked before anything is read."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePath
from typing import Any

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


@contextmanager
def open_folder(
    out: str, kinds: Sequence[str], *, inputs: Sequence[Path] = (), full: bool = False
) -> Iterator[Path | None]:
    """Make and test the folder for the reports; None for standard output.

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
    private = [output.file for output in outputs if output.is_internal(full)]
    _warn_of_cloud(folder, private)
    try:
        yield folder
    finally:
        if is_new and not any(folder.iterdir()):
            folder.rmdir()


def check_file(path: Path | None, inputs: Sequence[Path]) -> None:
    """Refuse a file that cannot be written or is one of the inputs. Raises BadUsage."""
    if path is None:
        return
    if path.is_dir():
        raise BadUsage(f"{path} is a folder; name a file")
    _test_writable(path.parent)
    _refuse_overwriting([path], inputs)


def write_json(path: Path | None, document: Mapping[str, Any]) -> None:
    """Write a document as JSON, where a file was named. Raises OSError."""
    from validator.outputs.registry import write_whole

    if path is not None:
        write_whole(path, (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode())


def _test_writable(folder: Path) -> None:
    """Make the folder if it is missing; refuse one that cannot be written to."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise BadUsage(
            f"the reports cannot be written to {folder}: {_reason(folder, error)}; "
            "choose another folder with --out"
        ) from None


def _reason(folder: Path, error: OSError) -> str:
    """Say why a folder cannot be written to."""
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


def find_cloud(folder: PurePath) -> str:
    """Return the service that copies this folder to other computers, by its path; "" for none.

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
