"""The files of a raw export that a column map names, by name or pattern."""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Sequence
from pathlib import PurePath

from validator.model import ColumnSource, MappedTable, Teaching

TEXTS = (".txt", ".text", ".tsv", ".tab")
"""Endings of text files that tables are kept in."""

Names = tuple[str, ...]


def find_files(
    given: MappedTable | ColumnSource | Teaching,
    names: Sequence[str],
    stem: Callable[[str], str],
) -> Names:
    """Return the raw files that a column map means: all that match, or those of the first match."""
    if not given.every:
        return tuple(match_names(given.files, names, stem))
    named = {name for each in given.files for name in match_names([each], names, stem)}
    return tuple(name for name in names if name in named)


def match_names(
    patterns: Sequence[str], names: Sequence[str], stem: Callable[[str], str]
) -> list[str]:
    """Return the names that match the first pattern that any name matches, in any letter case."""
    for pattern in patterns:
        lower = pattern.lower()
        same = [name for name in names if name.lower() == lower]
        bare = strip_ending(PurePath(lower).stem if lower.endswith(".csv") else lower)
        matches = same or [
            name for name in names if fnmatch.fnmatchcase(strip_ending(stem(name)), bare)
        ]
        if matches:
            return matches
    return []


def strip_ending(name: str) -> str:
    """Return a raw file's name in lower case without an ending of text files other than .csv."""
    return next((name.removesuffix(ending) for ending in TEXTS if name.endswith(ending)), name)


def explain_no_match(patterns: Sequence[str], candidates: Sequence[str]) -> str:
    """Explain why no file of a raw export, or more than one, fits the column map."""
    wanted = " or ".join(patterns)
    if candidates:
        return (
            f"{len(candidates)} files fit {wanted}; the column map must name one, or all of them "
            "with 'files' if they are one table"
        )
    return f"no file fits {wanted}"


def name_files(names: Sequence[str]) -> str:
    """Return one name for several raw files that are one table."""
    if len(names) < 3:
        return " and ".join(names)
    return f"{names[0]} and {len(names) - 1} more files"
