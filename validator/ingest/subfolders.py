"""Folders inside an export: one that a format reads, and others that are named and not read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from validator.ingest.source import Source
from validator.model import CannotRead

TABLES = (".csv", ".xlsx", ".xlsm", ".xls", ".ods")
"""Endings of files that hold tables."""
TEXTS = (".txt", ".tsv", ".tab", ".dat")
"""Endings of files that may hold tables, where no file has one of the others."""

READ = "customsections"
"""The folder of Clever's custom sections, next to the files that it belongs to."""


def is_read(folder: str) -> bool:
    """Return whether a subfolder of this name is read as part of the export."""
    return folder.lower() == READ


def _resembles_read(folder: str) -> bool:
    """Whether a folder to be read in an export is probably intended for custom sections."""
    return "".join(filter(str.isalnum, folder.lower())) in (READ, READ[:-1])


def find_roster_folder(name: str, files: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """Return the folder of an archive that has all its tables; the top if there are none.

    files: the folders and the name of each file. Raises CannotRead if they are in several folders.
    """
    listed = [(parts[:-1], parts[-1].lower()) for parts in files]
    folders = {folder for folder, file in listed if file.endswith(TABLES)}
    folders = folders or {folder for folder, file in listed if file.endswith(TEXTS)}
    outer = min(folders, key=len, default=())
    if any(folder[: len(outer)] != outer for folder in folders):
        raise CannotRead(
            f"{name} has CSV files in several folders, none at its top: zip only the one to check."
        )
    return outer


def list_names(folder: Path) -> list[str]:
    """Return the names of files in a subfolder of the export, which are not read."""
    try:
        return [path.name for path in folder.iterdir() if path.is_file()]
    except OSError:
        return []


def set_aside(folders: Mapping[str, Iterable[str]]) -> list[Source]:
    """Return a source for each subfolder with CSV files, which are not read.

    `folders`: the names of the files in each subfolder.
    """
    aside = []
    for folder, names in sorted(folders.items()):
        tables = sorted(name for name in names if name.lower().endswith(".csv"))
        if not tables:
            continue
        more = f" and {len(tables) - 2} more" if len(tables) > 2 else ""
        if _resembles_read(folder):
            words = f"it was not read; if it holds Clever's custom sections, name it {READ}"
            aside.append(_make_aside(folder, words))
            continue
        words = (
            f"this folder has CSV files too ({', '.join(tables[:2])}{more}); they were not read, "
            "so check them on their own if they are an export"
        )
        aside.append(_make_aside(folder, words))
    return aside


def _make_aside(folder: str, words: str) -> Source:
    """Return a folder of the export as one that is not read, with the reason."""
    return Source(f"{folder}/", 0, None, bytes, lambda count: b"", lambda: None, aside=words)
