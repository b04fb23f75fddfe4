"""Folders of repaired copies: written elsewhere first, then moved to their place in one step."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from validator.model import BadUsage

if TYPE_CHECKING:
    from validator.assess import Written  # for types only: `--help` stays fast

MARK = "mended.json"
"""The file by which a folder is recognized as an earlier copy that may be replaced."""


def check(out: Path, inputs: Sequence[Path]) -> None:
    """Refuse a command's --out for a copy where it holds an input or other files.

    Raises BadUsage.
    """
    place = out.resolve()
    for path in inputs:
        source = path.resolve()
        inside = path.is_dir() and place.is_relative_to(source)
        if source.is_relative_to(place) or inside:
            raise BadUsage(
                f"{out} contains files that are read here, or is inside their folder; those are "
                "never changed, so choose another place with --out"
            )
    _check_writable(out)
    if out.is_file():
        raise BadUsage(f"{out} is a file; name a folder with --out")
    if out.is_dir() and any(out.iterdir()) and not is_copy(out):
        raise BadUsage(
            f"{out} has other files in it; name a new or an empty folder, or one that an earlier "
            "`mend` wrote, with --out"
        )


def _check_writable(out: Path) -> None:
    """Refuse a command's --out where no folder can be made. Raises BadUsage."""
    parent = next(folder for folder in out.resolve().parents if folder.exists())
    if not parent.is_dir() or not os.access(parent, os.W_OK):
        raise BadUsage(
            f"the copy cannot be written to {out}: {parent} is not a folder, or cannot be "
            "written to; choose another one with --out"
        )


def read_mark(folder: Path) -> tuple[list[str], str]:
    """Return the files of the copy in the command line's --out, and its format, "" for none.

    Raises BadUsage for a folder that is no copy.
    """
    try:
        document = json.loads((folder / MARK).read_text(encoding="utf-8"))
        names = [_keep_below(str(file["name"])) for file in document["files"]]
        return names, document["to"] or ""
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        raise BadUsage(f"{folder} was not written by `rosterready mend`") from None


def _keep_below(name: str) -> str:
    """Return a copy's file name, with its folder if it has one, that is below --out."""
    path = PurePath(name)
    return "/".join([part for part in path.parts if part not in ("..", path.anchor)][-2:])


def is_copy(folder: Path) -> bool:
    """Return whether a folder of --out holds an earlier copy and nothing else."""
    try:
        written = set(read_mark(folder)[0])
    except BadUsage:
        return False
    known = written | {"mended.csv", "mended.xlsx", "mended.json", "mended.html"}
    inside = [path for path in folder.rglob("*") if not path.is_dir()]
    names = [path.relative_to(folder).as_posix() for path in inside]
    return all(name in known for name in names) and all(path.is_file() for path in inside)


@contextmanager
def stage_folder(out: Path) -> Iterator[Path]:
    """Make a new folder, its owner's only, that becomes the command line's --out at the end.

    It is removed if anything fails. Raises BadUsage where it cannot be made.
    """
    parent = out.resolve().parent
    try:
        parent.mkdir(parents=True, exist_ok=True)
        staged = Path(tempfile.mkdtemp(prefix=f".{out.name}.", suffix=".part", dir=parent))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise BadUsage(
            f"the copy cannot be written to {out}: {reason}; choose another folder with --out"
        ) from None
    try:
        yield staged
        _replace(out, staged)
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def _replace(out: Path, staged: Path) -> None:
    """Replace a command's --out by the folder in which the copy was written."""
    place = out.resolve()
    if not place.exists():
        os.replace(staged, place)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{out.name}.", suffix=".old", dir=place.parent))
    os.replace(place, old / "old")
    try:
        os.replace(staged, place)
    except OSError:
        os.replace(old / "old", place)
        raise
    finally:
        shutil.rmtree(old, ignore_errors=True)


def write_pieces(path: Path, pieces: Iterator[bytes]) -> None:
    """Write a file below the command line's --out that only its owner can read."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        for piece in pieces:
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())


def write_files(folder: Path, written: Written) -> list[tuple[str, int]]:
    """Write the files of a copy below a command's --out; return each with its record count."""
    listed = []
    for file in written.files:
        path = folder / _keep_below(file.name)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        write_pieces(path, iter(file.pieces))
        listed.append((file.name, file.rows))
    return listed
