"""Places in documents that list only lines: the file, and the first lines in it."""

from __future__ import annotations

from typing import Any

from validator.model import Places

LISTED = 200
"""Lines that are listed in all files together."""


def list_file_lines(places: Places) -> dict[str, Any]:
    """Render files and lines of places in a JSON report.

    Where several files are one table, `more_files` has those after the first.
    """
    left = LISTED
    listed: list[dict[str, Any]] = []
    for block in places.split():
        listed.append({"file": block.file, "lines": block.lines[:left].tolist()})
        left = max(left - len(block), 0)
    first, *rest = listed
    return {**first, "more_files": rest} if rest else first
