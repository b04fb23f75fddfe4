"""Format detection by file names and headings."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from validator.ingest import excel
from validator.ingest.formats import registry
from validator.ingest.source import Source, get_stem
from validator.model import CannotRead, File, Format, Headings, Version

Named = Sequence[tuple[str, Source]]
"""The files of an export, each with its name in lower case and without its ending."""


def detect_version(sources: Sequence[Source]) -> Version:
    """Return the version of a format that fits best. Raises CannotRead if none fits."""
    formats = [format for format in registry.list_formats() if format.versions]
    versions = [version for format in formats for version in format.versions]
    named = _pair_with_stems(sources)
    headings = collect_headings(named, versions)
    scores = [score_format(version, named, headings) for version in versions]
    best = scores.index(max(scores))
    if not scores[best]:
        raise _describe_unknown(sources, formats)
    return versions[best]


def choose_version(versions: Sequence[Version], sources: Sequence[Source]) -> Version:
    """Return the version of a format that fits best, the last one where none fits."""
    named = _pair_with_stems(sources)
    headings = collect_headings(named, versions)
    return max(reversed(versions), key=lambda version: score_format(version, named, headings))


def _pair_with_stems(sources: Sequence[Source]) -> Named:
    """Pair each input file with its name without extension, to detect the format."""
    return [(get_stem(source.name), source) for source in sources if not source.aside]


def _describe_unknown(sources: Sequence[Source], formats: Sequence[Format]) -> CannotRead:
    """Return the refusal of an export that is of no known format."""
    for source in sources:
        if source.name.lower().endswith((".xls", ".ods")):
            return CannotRead(excel.describe_old_workbook(source.name))
    titles = " or ".join(format.title for format in formats)
    return CannotRead(
        f"No {titles} export was recognized here, neither by file names nor by headings. This "
        "looks like another layout: run `rosterready columns EXPORT`, which suggests a column map."
    )


def collect_headings(sources: Named, versions: Sequence[Version]) -> dict[str, frozenset[str]]:
    """Return the headings of each text file: the cells of its first line, folded."""
    files = [file for version in versions for file in _list_files(version)]
    return {
        name: source.head.list_headings(file for file in files if name in _list_names(file))
        for name, source in sources
        if not source.head.binary_kind
    }


def _list_files(version: Version) -> list[File]:
    """Return the files of a version of a format by which it is detected: not those in folders."""
    return [file for file in version.files if "/" not in file.name]


@lru_cache(maxsize=1024)
def _list_names(file: File) -> frozenset[str]:
    """Return the names by which a format's file is detected, without endings."""
    return frozenset((get_stem(file.name), *file.spellings))


def score_format(version: Version, sources: Named, headings: Headings) -> float:
    """Return how well the files fit a format; 0 for not at all.

    It takes one file with every required column, or half of all required columns. Where no file has
    a header at all, most of the required file names are enough. Files in folders do not count.
    """
    if version.suits is not None and not version.suits(headings):
        return 0.0
    required = sum(file.required for file in version.files)
    shares, without_header = [], 0
    for file in _list_files(version):
        for name, source in sources:
            if name not in _list_names(file):
                continue
            share = _measure_share(source, file)
            shares.append(share or 0.0)
            without_header += share is None and file.required
    if 1.0 in shares or 2 * sum(shares) >= required:
        return sum(shares)
    return 0.1 if 2 * without_header > required else 0.0


def _measure_share(source: Source, file: File) -> float | None:
    """Return the share of required columns that the file has, None without a header.

    Where the format requires no column of the file, all its columns count.
    """
    header = source.head.find_header(file)
    if header is None:
        return None
    required = [column.name for column in file.columns if column.required]
    needed = required or [column.name for column in file.columns]
    return sum(name in header.columns for name in needed) / len(needed)
