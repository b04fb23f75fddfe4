"""Files without a header, read as if they had one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from validator.ingest.csv import sniff
from validator.ingest.formats.sis.plan import heading_of
from validator.ingest.source import Source

HEAD = 1 << 16
"""Bytes by which the number of columns is told."""


def headed(source: Source) -> Source:
    """The file with a line of headings above it, `column 1` and so on, that counts as no line."""
    found = sniff.look(source.head(HEAD))
    if found is None:
        return source
    headings = [heading_of(str(number), False) for number in range(1, len(found.cells) + 1)]

    def lines(numbers: np.ndarray) -> np.ndarray:
        return source.lines(numbers - 1) if source.lines else numbers - 1

    return replace(
        source,
        load=lambda: sniff.with_header(source.load(), found, headings),
        lines=lines,
        head=lambda count: sniff.with_header(source.head(count), found, headings)[:count],
    )
