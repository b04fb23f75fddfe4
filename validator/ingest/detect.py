"""Which version of which format an export is, by the names of its files and by their headings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePath

from validator.ingest.csv import decode, header
from validator.ingest.source import Source
from validator.model import Format, Headings

HEAD = 1 << 16
"""Bytes of a file that detection looks at."""

Named = Sequence[tuple[str, Source]]
"""The files of an export, each with its name without ending, lower case."""


def version(versions: Sequence[Format], sources: Named) -> Format:
    """The version of a format that fits best, the last one where none does."""
    found = headings(sources)
    return max(reversed(versions), key=lambda version: score(version, sources, found))


def headings(sources: Named) -> dict[str, frozenset[str]]:
    """The headings of each file: the cells of its first line, folded."""
    found = {}
    for name, source in sources:
        data = source.head(HEAD)
        if not decode.not_text(data):
            line = decode.decode(data).text.partition(b"\n")[0].decode("utf-8", errors="replace")
            found[name] = frozenset(
                header.folded(cell.strip().strip('"')) for cell in re.split(r"[,;\t|]", line)
            )
    return found


def score(chosen: Format, sources: Named, headings: Headings) -> float:
    """How well the sources fit a format, 0 for not at all: one file that has all it needs, or half of all columns.

    Where no file shows a header that could speak against it, most of the file names are enough.
    """
    if chosen.suits is not None and not chosen.suits(headings):
        return 0.0
    required = [file for file in chosen.files if file.required]
    shares, headless = [], 0
    for file in chosen.files:
        for name, source in sources:
            if name in (PurePath(file.name).stem.lower(), *file.spellings):
                data = source.head(HEAD)
                head = (
                    None if decode.not_text(data) else header.find(decode.decode(data).text, file)
                )
                needed = [column.name for column in file.columns if column.required]
                shares.append(
                    sum(column in head.columns for column in needed) / len(needed) if head else 0.0
                )
                headless += head is None and file.required
    if 1.0 in shares or 2 * sum(shares) >= len(required):
        return sum(shares)
    return 0.1 if 2 * headless > len(required) else 0.0
