"""Folders inside an export: what they hold is named and not read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from validator.ingest.source import Source


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
        words = (
            f"this folder holds CSV files too ({', '.join(tables[:2])}{more}); they were not read, "
            "so check them on their own if they are an export"
        )
        aside.append(
            Source(f"{folder}/", 0, None, bytes, lambda count: b"", lambda: None, aside=words)
        )
    return aside
