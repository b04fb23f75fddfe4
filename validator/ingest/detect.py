"""Format detection by file names and headings."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

from validator.ingest.source import Source
from validator.model import File, Headings, Version

Named = Sequence[tuple[str, Source]]
"""The files of an export, each with its name in lower case and without its ending."""


def choose_version(versions: Sequence[Version], sources: Named) -> Version:
    """Return the version of a format that fits best, the last one where none fits."""
    headings = collect_headings(sources)
    return max(reversed(versions), key=lambda version: score_format(version, sources, headings))


def collect_headings(sources: Named) -> dict[str, frozenset[str]]:
    """Return the headings of each text file: the cells of its first line, folded."""
    return {name: source.head.headings for name, source in sources if not source.head.binary_kind}


def score_format(version: Version, sources: Named, headings: Headings) -> float:
    """Return how well the files fit a format; 0 for not at all.

    It takes one file with every required column, or half of all required columns. Where no file has
    a header at all, most of the required file names are enough.
    """
    if version.suits is not None and not version.suits(headings):
        return 0.0
    required = sum(file.required for file in version.files)
    shares, without_header = [], 0
    for file in version.files:
        for name, source in sources:
            if name not in (PurePath(file.name).stem.lower(), *file.spellings):
                continue
            share = _measure_share(source, file)
            shares.append(share or 0.0)
            without_header += share is None and file.required
    if 1.0 in shares or 2 * sum(shares) >= required:
        return sum(shares)
    return 0.1 if 2 * without_header > required else 0.0


def _measure_share(source: Source, file: File) -> float | None:
    """Return the share of required columns that the file has; None without a header."""
    header = source.head.find_header(file)
    if header is None:
        return None
    needed = [column.name for column in file.columns if column.required]
    return sum(name in header.columns for name in needed) / len(needed)
